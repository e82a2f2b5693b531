"""Pure functions from balls, seconds and rules to verdicts and the score, with what the score can tell."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from stumper import stats
from stumper.arena.match import Match, Seconds, key
from stumper.arena.rules import Rules, answer_problems, charged, is_correct, question_problems
from stumper.types import Ball, Innings, Judged, MatchSummary, Share, Total


def judge(rules: Rules, balls: Iterable[Ball], seconds: Mapping[str, Seconds]) -> list[Judged]:
    """Apply an edition's filter, limits and scorer to balls; in the order of innings and number.

    A question that comes late is out, an answer that comes late is wrong (the editions only say that limits hold).
    A ball without seconds was in time. The filter counts the tokens that were counted when the ball was played.
    """
    ordered = sorted(balls, key=lambda ball: (ball.innings, ball.number))
    judged = []
    for innings in (1, 2):
        mine = [ball for ball in ordered if ball.innings == innings]
        times = [seconds.get(key(b.innings, b.number), Seconds(question=0.0)) for b in mine]
        answered = [i for i, ball in enumerate(mine) if ball.reply is not None]
        ask_time = charged([t.question for t in times], rules)
        answer_time = dict(zip(answered, charged([times[i].answer for i in answered], rules), strict=True))
        judged += [
            _judge(rules, ball, ask_time[i] > rules.question.seconds, answer_time.get(i, 0.0) > rules.answer.seconds)
            for i, ball in enumerate(mine)
        ]
    return judged


def _judge(rules: Rules, ball: Ball, late_question: bool, late_answer: bool) -> Judged:
    problems = (
        ["no question was written"]
        if ball.question is None
        else question_problems(ball.question, rules, ball.question_tokens)
    )
    dropped = ball.ruling is not None and ball.ruling.ruling in rules.dropped_rulings
    counted = not (problems or late_question or dropped or ball.reply is None)
    correct = (
        counted
        and not late_answer
        and not answer_problems(ball.reply, rules, ball.reply_tokens)
        and is_correct(ball.question or {}, ball.reply or {}, rules)
    )
    return Judged(
        ball=ball,
        problems=tuple(problems),
        late_question=late_question,
        late_answer=late_answer,
        counted=counted,
        correct=correct,
        stump=counted and not correct and ball.ruling is not None and ball.ruling.ruling == "proven",
    )


def summarise(rules: Rules, sides: tuple[str, str], judged: Sequence[Judged]) -> MatchSummary:
    """The score by the edition's rules, the proven stumps beside it, and what a match of this length can tell.

    A-score = 100 * right / N, Q-score = 100 * wrong / N, N = the counted questions; a side's total is its Q-score of
    one innings plus its A-score of the other. An asker of whom no question counts has a Q-score of 0 and leaves 100 to
    the answerer, so that the totals always add up to 200.
    """
    first, second = _innings(rules, sides, judged, 1), _innings(rules, sides, judged, 2)
    a, b = sides
    points = {
        a: _points(first.wrong, 0) + _points(second.right, 1),
        b: _points(second.wrong, 0) + _points(first.right, 1),
    }
    shares = {a: (first.wrong, second.right), b: (second.wrong, first.right)}
    totals = {}
    for side in sides:
        low, high = stats.sum_interval(*shares[side])
        totals[side] = Total(points=float(100 * points[side]), low=100 * low, high=100 * high)
    winner, decided_by = _decide(first, second, points)
    n, m = first.right.n, second.right.n
    right, other = first.right.successes, second.right.successes
    # Half a success and half a failure are added: at 20 of 20 and 20 of 20 the sides need not be perfect.
    strength = (right + other + 0.5) / (n + m + 1)
    even_winner = 1 - stats.duel(strength, strength, n, m).draw
    even_margin = stats.chance_of_margin(strength, right, n, other, m)
    margin = float(abs(points[a] - points[b]) * 100)
    return MatchSummary(
        edition=rules.edition,
        innings=(first, second),
        totals=totals,
        winner=winner,
        decided_by=decided_by,
        even_winner=even_winner,
        even_margin=even_margin,
        says=f"With {n} and {m} questions that count, two identical sides would show a winner in {even_winner:.0%} of "
        f"matches, and a margin of {margin:.0f} points or more in {even_margin:.0%}.",
    )


def _innings(rules: Rules, sides: tuple[str, str], judged: Sequence[Judged], number: int) -> Innings:
    mine = [j for j in judged if j.ball.innings == number]
    counted = [j for j in mine if j.counted]
    formed = [j for j in mine if not j.problems]
    right = sum(j.correct for j in counted)
    well_formed = stats.share(len(formed), len(mine))
    proven = [j for j in counted if j.ball.ruling is not None and j.ball.ruling.ruling == "proven"]
    return Innings(
        asker=sides[number - 1],
        answerer=sides[2 - number],
        well_formed=well_formed,
        disqualified=well_formed.successes < rules.disqualified_below * well_formed.n,
        late_questions=sum(j.late_question for j in formed),
        late_answers=sum(j.late_answer for j in counted),
        rulings=dict(sorted(Counter(j.ball.ruling.ruling for j in formed if j.ball.ruling is not None).items())),
        right=stats.share(right, len(counted)),
        wrong=stats.share(len(counted) - right, len(counted)),
        stumps=stats.share(sum(j.stump for j in proven), len(proven)),
    )


def _points(share: Share, without: int) -> Fraction:
    """A share as an exact number: equal scores must be equal."""
    return Fraction(share.successes, share.n) if share.n else Fraction(without)


def _decide(
    first: Innings, second: Innings, points: Mapping[str, Fraction]
) -> tuple[str | None, Literal["score", "disqualification", "tie"]]:
    out = [innings.asker for innings in (first, second) if innings.disqualified]
    if len(out) == 1:
        return (second.asker if out == [first.asker] else first.asker), "disqualification"
    a, b = first.asker, second.asker
    if out or points[a] == points[b]:
        return None, "disqualification" if out else "tie"
    return (a if points[a] > points[b] else b), "score"


def score(match: Match, rules: Rules | None = None) -> MatchSummary:
    """The score of a match under the rules it was played by, or those of another edition."""
    rules = rules or match.rules
    return summarise(rules, match.sides, judge(rules, match.balls, match.seconds))
