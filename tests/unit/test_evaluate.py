"""Marking is honest: same order for all, no key in sight, outages owed, guesses never right."""

import time

import pytest

from stumper import evaluate, prompts
from stumper.errors import BadInput
from stumper.evaluate import Recipe
from stumper.types import LETTERS, Answer, Calibration, Failure, Question, Reply, ScoringRule


def questions(n, topics=("kin", "seats")):
    return {
        f"q{i}": Question(
            topic=topics[i % len(topics)],
            stem=f"Riddle {i}?",
            choices=tuple(f"{i}{c}" for c in "wxyz"),
            key=LETTERS[i * 7 % 4],
            reasoning="SECRET",
            level=1 + i % 3,
            clues={"SECRET": i},
        )
        for i in range(n)
    }


class Knows:
    """Answers the given items right and the others wrong; keeps what it was asked."""

    def __init__(self, items, right):
        self.items = {q.stem: q for q in items.values()}
        self.right = {items[name].stem for name in right}
        self.seen = []

    def choose(self, requests):
        for i, request in enumerate(requests):
            if request.about["question"] not in self.items:
                yield i, Reply(scores=(0.0, 0.0))
                continue
            self.seen.append(request)
            stem, shown = request.about["question"], request.about["choices"]
            question = self.items[stem]
            key = question.choices[LETTERS.index(question.key)]
            yield i, Reply(scores=tuple(-1.0 if (text == key) == (stem in self.right) else -3.0 for text in shown))


class Broken:
    def __init__(self, **reply):
        self.reply = Reply(**{"finish": "failed", "error": "gone", **reply})

    def choose(self, requests):
        for i, _ in enumerate(requests):
            yield i, self.reply


def run(entries, items, calibrations=None, **settings):
    recipe = Recipe(seed=5, entries=tuple(entries), **settings)
    owed = evaluate.tasks(recipe, items)
    return list(evaluate.answer(recipe, owed, items, calibrations or {}, entries))


def test_every_entry_answers_every_question_once_and_the_seconds_stay_out_of_the_record():
    items = questions(12)
    outcomes = run({"base": Knows(items, []), "tuned": Knows(items, items)}, items)
    assert sorted(key for key, _, _ in outcomes) == sorted(f"{q}#{e}" for q in items for e in ("base", "tuned"))
    for _, record, ledger in outcomes:
        assert ledger["seconds"] >= 0
        assert "seconds" not in record.model_dump_json()
        assert record.correct == (record.entry == "tuned")


def test_entries_see_a_question_in_the_same_order_and_questions_differ_in_theirs():
    items = questions(30)
    base, tuned = Knows(items, []), Knows(items, [])
    run({"base": base, "tuned": tuned}, items)
    assert [r.messages for r in base.seen] == [r.messages for r in tuned.seen]
    sittings = evaluate.tasks(Recipe(seed=5, entries=("base",)), items)
    assert len({s.order for s in sittings.values()}) > 5
    assert sittings == evaluate.tasks(Recipe(seed=5, entries=("base",)), items)


def test_the_answerer_is_never_shown_key_reasoning_or_clues():
    items = questions(12)
    spy = Knows(items, items)
    run({"spy": spy}, items)
    assert len(spy.seen) == 12
    for request in spy.seen:
        assert "SECRET" not in request.model_dump_json()
        assert set(request.about) == {"role", "topic", "question", "choices"}
    # The key must not travel by position either: the same request whatever the key says.
    other = Knows(items, items)
    rekeyed = {name: q.model_copy(update={"key": "A"}) for name, q in items.items()}
    run({"spy": other}, rekeyed)
    assert [r.messages for r in other.seen] == [r.messages for r in spy.seen]
    assert [r.about for r in other.seen] == [r.about for r in spy.seen]


def test_loading_a_model_counts_against_no_question():
    class Sleeper(Knows):
        loaded = False

        def choose(self, requests):
            if not self.loaded:
                time.sleep(0.9)
                self.loaded = True
            yield from super().choose(requests)

    items = questions(2)
    outcomes = run({"tuned": Sleeper(items, items)}, items, deadline=0.8)
    assert all(record.correct and ledger["seconds"] < 0.8 for _, record, ledger in outcomes)


def test_an_outage_is_owed_again_and_never_marked():
    [(_, record, _)] = run({"down": Broken(outage=True)}, questions(1))
    assert isinstance(record, Failure)
    assert record.outage


def test_a_guess_is_neither_valid_nor_correct_even_when_it_hits():
    records = [record for _, record, _ in run({"mute": Broken()}, questions(40))]
    assert any(LETTERS[r.answer.choice] == r.key for r in records)
    assert not any(r.valid or r.correct for r in records)


def test_the_calibrated_rule_decides():
    items = questions(3)
    rule = ScoringRule(by="text_mean")
    engine = Knows(items, items)
    outcomes = run({"tuned": engine}, items, {"tuned": Calibration(scores=(), rule=rule, first=rule)})
    assert all(r.answer.rule == rule for _, r, _ in outcomes)
    assert all(
        set(r.continuations) <= {prompts.stated(c) for q in items.values() for c in q.choices} for r in engine.seen
    )


def test_questions_without_a_key_stop_the_evaluation_before_it_starts():
    with pytest.raises(BadInput, match="q0"):
        evaluate.tasks(Recipe(seed=0, entries=("a",)), {"q0": Question(topic="t", stem="?", choices=("x", "y"))})


def test_scorecard_adds_up_by_topic_and_level():
    items = questions(12)
    right = ["q0", "q1", "q2", "q4"]
    outcomes = run({"tuned": Knows(items, right)}, items)
    card = evaluate.scorecard([r for _, r, _ in outcomes], [0.1] * 11 + [7.0], limit=6.0)
    assert (card.accuracy.successes, card.accuracy.n) == (4, 12)
    assert card.accuracy.low < 4 / 12 < card.accuracy.high
    assert card.chance == pytest.approx(0.25)
    assert {t: (s.successes, s.n) for t, s in card.by_topic.items()} == {"kin": (3, 6), "seats": (1, 6)}
    assert {t: (s.successes, s.n) for t, s in card.by_level.items()} == {"1": (1, 4), "2": (2, 4), "3": (1, 4)}
    assert card.valid.successes == 12
    assert (card.times.max, card.times.over) == (7.0, 1)


def test_scorecard_shows_a_position_bias():
    class AlwaysFirst:
        def choose(self, requests):
            for i, request in enumerate(requests):
                yield i, Reply(scores=tuple(-float(p) for p in range(len(request.continuations))))

    card = evaluate.scorecard([r for _, r, _ in run({"lazy": AlwaysFirst()}, questions(40))])
    assert card.letters == {"A": 40}
    assert set(card.key_letters) == set("ABCD")
    assert sum(card.key_letters.values()) == 40
    assert card.times is None


def test_scorecards_of_two_entries_or_none_are_refused():
    items = questions(2)
    both = [r for _, r, _ in run({"a": Knows(items, []), "b": Knows(items, [])}, items)]
    for wrong in (both, []):
        with pytest.raises(ValueError, match="one entry"):
            evaluate.scorecard(wrong)


def test_comparison_counts_discordant_pairs_on_shared_questions():
    items = questions(20)
    outcomes = run({"a": Knows(items, [f"q{i}" for i in range(10)]), "b": Knows(items, ["q9", "q10"])}, items)
    by_entry = {e: [r for _, r, _ in outcomes if r.entry == e] for e in "ab"}
    comparison = evaluate.compare(by_entry["a"], by_entry["b"])
    assert (comparison.n, comparison.both, comparison.only_a, comparison.only_b) == (20, 1, 9, 1)
    assert comparison.difference == pytest.approx(0.4)
    assert comparison.p_exact == pytest.approx(2 * 11 / 1024)
    assert evaluate.compare(by_entry["a"][:5], by_entry["b"]).n == 5
    with pytest.raises(ValueError, match="in common"):
        evaluate.compare(by_entry["a"][:5], by_entry["b"][5:])


def test_marking_follows_the_choice_not_the_letter_shown():
    question = Question(topic="t", stem="?", choices=("w", "x", "y", "z"), key="C")
    answer = Answer(choice=2, order=(2, 0, 1, 3), rule=ScoringRule())
    assert evaluate.mark("e", "q", question, answer).correct
