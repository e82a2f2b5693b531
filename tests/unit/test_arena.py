"""A match is a record first and a score after: the record holds no clock, the score holds no opinion."""

import json
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from players import FIXED, Player, prove

from stumper import arena, prompts
from stumper.agents import QuestionSettings
from stumper.errors import BadInput, StumperError
from stumper.types import Answer, Asked, Ball, Failure, Question, Ruling, ScoringRule, TokenCounts

FAITHFUL = arena.load_rules("sf-2025")
SIDES = ("red", "blue")


def entries(red, blue, rules=FIXED):
    return {"red": arena.entry("red", red, rules), "blue": arena.entry("blue", blue, rules)}


def match(red, blue, n=4, rules=FIXED, seed=7):
    owed = arena.deliveries(rules, n, seed, SIDES)
    return arena.keep(rules, SIDES, arena.play(rules, owed, entries(red, blue, rules), prove))


def test_a_match_is_two_innings_in_which_the_sides_swap():
    owed = list(arena.deliveries(FIXED, 6, 1, SIDES).values())
    assert [(d.innings, d.asker, d.answerer) for d in owed] == [(1, "red", "blue")] * 6 + [(2, "blue", "red")] * 6
    assert len({d.seed for d in owed}) == 12
    assert [d.topic for d in owed[:6]] == [d.topic for d in owed[6:]]
    assert {d.topic for d in owed} == {"seating", "blood_relations"}


def test_topics_rotate_from_a_seeded_start_and_can_be_kept_to_families():
    starts = {arena.deliveries(FIXED, 2, seed, SIDES)["1/0000"].topic for seed in range(20)}
    assert starts == {"seating", "blood_relations"}
    assert {d.topic for d in arena.deliveries(FIXED, 6, 1, SIDES, ["seating"]).values()} == {"seating"}
    with pytest.raises(BadInput, match="chess"):
        arena.deliveries(FIXED, 6, 1, SIDES, ["chess"])
    with pytest.raises(BadInput, match="another name"):
        arena.deliveries(FIXED, 6, 1, ("red", "red"))


def test_scores_are_shares_of_right_and_wrong_and_totals_add_up_to_200():
    summary = arena.score(match(Player("right"), Player("x")))
    first, second = summary.innings
    assert (first.asker, first.answerer, first.wrong.successes, first.wrong.n) == ("red", "blue", 4, 4)
    assert (second.asker, second.right.successes) == ("blue", 4)
    assert (summary.totals["red"].points, summary.totals["blue"].points) == (200, 0)
    assert (summary.winner, summary.decided_by) == ("red", "score")
    assert first.stumps.successes == 4
    assert second.stumps.successes == 0


def test_equal_scores_are_a_tie():
    summary = arena.score(match(Player("right"), Player("right")))
    assert (summary.winner, summary.decided_by) == (None, "tie")
    assert summary.totals["red"].points == summary.totals["blue"].points == 100
    assert summary.totals["red"].low < 100 < summary.totals["red"].high
    assert summary.even_margin == 1


def test_a_question_with_a_wrong_key_is_dropped_and_stumps_nobody():
    summary = arena.score(match(Player("right", key="A"), Player("right")))
    first, second = summary.innings
    assert first.rulings == {"wrong_key": 4}
    assert (first.right.n, first.wrong.n, first.stumps.n) == (0, 0, 0)
    assert second.right.n == 4
    # Blue was asked nothing that counts, and failed at nothing.
    assert summary.totals["blue"].points == 100
    assert sum(total.points for total in summary.totals.values()) == 200


def test_only_proven_questions_stump():
    def doubtful(question):
        return Ruling(ruling="unformalised", why="cannot be read")

    owed = arena.deliveries(FIXED, 4, 1, SIDES)
    played = arena.keep(FIXED, SIDES, arena.play(FIXED, owed, entries(Player(), Player("x")), doubtful))
    first = arena.score(played).innings[0]
    assert (first.wrong.successes, first.stumps.successes, first.stumps.n) == (4, 0, 0)


def test_a_side_that_writes_no_questions_is_disqualified():
    summary = arena.score(match(Player("right", text="prose"), Player("x")))
    assert summary.innings[0].disqualified
    assert (summary.winner, summary.decided_by) == ("blue", "disqualification")
    assert summary.innings[0].well_formed.n == 4


def test_two_disqualified_sides_have_no_winner():
    summary = arena.score(match(Player(text="prose"), Player(text="prose")))
    assert (summary.winner, summary.decided_by) == (None, "disqualification")


def test_the_record_holds_no_clock_and_repeats():
    played = [match(Player("right"), Player("x", delay=delay)) for delay in (0.0, 0.03)]
    assert played[0].balls == played[1].balls
    assert played[0].seconds != played[1].seconds
    assert played[0].seconds.keys() == {f"{i}/{n:04d}" for i in (1, 2) for n in range(4)}


def test_a_match_survives_its_file_and_scores_the_same():
    played = match(Player("right"), Player("x"))
    read = arena.Match.model_validate_json(played.model_dump_json())
    assert read == played
    assert arena.score(read) == arena.score(played)


def test_the_answerer_sees_the_question_and_nothing_of_its_author():
    spy = Player()
    match(Player(), spy)
    asked = [request for request in spy.seen if request.continuations]
    assert len(asked) == 4
    for request in asked:
        assert "SECRET" not in request.model_dump_json()
        assert not {"key", "clues", "answer"} & set(request.about)


def test_an_outage_is_no_ball():
    owed = arena.deliveries(FIXED, 2, 1, SIDES)
    outcomes = list(arena.play(FIXED, owed, entries(Player(outage=True), Player()), prove))
    assert [isinstance(record, Failure) and record.outage for _, record, _ in outcomes] == [True, True, False, False]
    with pytest.raises(StumperError, match=r"1/0000.*connection refused"):
        arena.keep(FIXED, SIDES, outcomes)


def test_partial_batches_are_played_twice_in_faithful_mode():
    assert len(match(Player(), Player(), n=3, rules=FAITHFUL).balls) == 2 * 6
    assert len(match(Player(), Player(), n=3, rules=FIXED).balls) == 2 * 3


def test_questions_carry_the_title_of_the_edition_and_are_asked_for_by_the_trained_one():
    rules = arena.load_rules("aaipl-2026", traps="fixed")
    player = Player()
    owed = arena.deliveries(rules, 4, 1, SIDES, ["blood_relations"])
    played = arena.keep(rules, SIDES, arena.play(rules, owed, entries(player, Player(), rules), prove))
    assert {ball.question["topic"] for ball in played.balls} == {"Family Tree Logic"}
    assert "Blood Relations and Family Tree" in player.seen[0].messages[-1].content


def ball(number=0, innings=1, question=..., reply=..., ruling="proven", tokens=20):
    record = {"topic": "T", "question": "?", "choices": ["A) x", "B) y", "C) z", "D) w"], "answer": "B"}
    return Ball(
        innings=innings,
        number=number,
        asker=SIDES[innings - 1],
        answerer=SIDES[2 - innings],
        topic="seating",
        level=3,
        asked=Asked(question=None, attempts=1),
        question=record if question is ... else question,
        question_tokens=TokenCounts(core=tokens, optional=0),
        ruling=Ruling(ruling=ruling, why=""),
        answer=Answer(choice=0, order=(0, 1, 2, 3), rule=ScoringRule()),
        reply={"answer": "A"} if reply is ... else reply,
        reply_tokens=TokenCounts(core=1, optional=0),
    )


def seconds(**by_number):
    return {f"1/{int(n[1:]):04d}": arena.Seconds(question=q, answer=a) for n, (q, a) in by_number.items()}


def test_a_late_question_is_out_and_a_late_answer_is_wrong():
    balls = [ball(0), ball(1, reply={"answer": "B"}), ball(2, reply={"answer": "B"})]
    late_question, late_answer, fine = arena.judge(FIXED, balls, seconds(b0=(10.1, 1), b1=(1, 6.1), b2=(10, 6)))
    assert (late_question.late_question, late_question.counted, late_question.stump) == (True, False, False)
    assert (late_answer.late_answer, late_answer.counted, late_answer.correct, late_answer.stump) == (
        True,
        True,
        False,
        True,
    )
    assert (fine.counted, fine.correct, fine.stump) == (True, True, False)


def test_faithful_timing_lets_a_slow_answer_hide_in_its_batch():
    balls = [ball(n, reply={"answer": "B"}) for n in range(5)]
    times = seconds(b0=(1, 20), b1=(1, 1), b2=(1, 1), b3=(1, 1), b4=(1, 1))
    assert [j.correct for j in arena.judge(FAITHFUL, balls, times)] == [True] * 5
    assert [j.correct for j in arena.judge(FIXED, balls, times)] == [False, True, True, True, True]


def test_a_replay_under_other_rules_applies_their_filter_limits_and_scorer():
    played = [ball(0, reply={"answer": "b"}), ball(1, tokens=145), ball(2, question=None, reply=None)]
    small_letter, long, missing = arena.judge(FAITHFUL, played, {})
    assert small_letter.counted
    assert not small_letter.correct
    assert long.problems == ("question, choices and answer take 130 tokens, 129 are allowed",)
    assert missing.problems == ("no question was written",)
    assert arena.judge(FIXED, played, {})[0].correct
    roomy = FIXED.model_copy(update={"question": FIXED.question.model_copy(update={"tokens_below": 200})})
    assert arena.judge(roomy, played, {})[1].counted


@given(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2]),
            st.sampled_from("ABb?"),
            st.sampled_from(["proven", "wrong_key", "ambiguous", "unformalised"]),
            st.booleans(),
        ),
        max_size=24,
    )
)
@settings(max_examples=80, deadline=None)
def test_whatever_happened_the_totals_add_up_to_200_and_stumps_are_wrong_proven_answers(happened):
    balls = [
        ball(n, innings, question=... if written else None, reply={"answer": said} if written else None, ruling=ruling)
        for n, (innings, said, ruling, written) in enumerate(happened)
    ]
    for rules in (FAITHFUL, FIXED):
        judged = arena.judge(rules, balls, {})
        assert len(judged) == len(balls)
        for j in judged:
            assert j.counted or not (j.correct or j.stump)
            assert not (j.correct and j.stump)
            assert not j.stump or j.ball.ruling.ruling == "proven"
        summary = arena.summarise(rules, SIDES, judged)
        assert sum(total.points for total in summary.totals.values()) == pytest.approx(200)
        for total in summary.totals.values():
            assert -1e-9 <= total.low <= total.points + 1e-9
            assert total.points - 1e-9 <= total.high <= 200 + 1e-9
        for innings in summary.innings:
            assert innings.right.successes + innings.wrong.successes == innings.right.n


def test_the_summary_says_how_often_identical_sides_show_a_winner():
    balls = [ball(n, i, reply={"answer": "B" if n < 17 else "A"}) for i in (1, 2) for n in range(20)]
    summary = arena.summarise(FIXED, SIDES, arena.judge(FIXED, balls, {}))
    assert summary.even_winner == pytest.approx(0.82, abs=0.01)
    assert "20 and 20 questions" in summary.says
    assert f"{summary.even_winner:.0%}" in summary.says


# Files


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_asking_writes_all_questions_and_the_filtered_ones(tmp_path):
    entry = arena.entry("red", Player(), FIXED)
    told = []
    handed = arena.ask_to_file(
        entry, FIXED, 4, seed=1, out=tmp_path / "outputs" / "questions.json", watch=lambda *x: told.append(x)
    )
    questions = read(tmp_path / "outputs" / "questions.json")
    assert len(questions) == 4
    assert all(arena.check_question(q, FIXED, entry.count_tokens) == [] for q in questions)
    assert (handed.due, handed.written, handed.passed, handed.late) == (4, 4, 4, 0)
    assert told[-1] == (4, 4)
    assert {q["topic"] for q in questions} == {t.title for t in FIXED.topics}


@pytest.mark.parametrize("n", [1, 7])
def test_a_file_holds_the_questions_asked_for_whatever_the_edition_does_to_batches(tmp_path, n):
    arena.ask_to_file(arena.entry("red", Player(), FAITHFUL), FAITHFUL, n, seed=1, out=tmp_path / "q.json")
    assert len(read(tmp_path / "q.json")) == n


@pytest.mark.parametrize(("rules", "holds_keys"), [(FAITHFUL, True), (FIXED, False)])
def test_the_file_for_the_other_side_holds_keys_in_faithful_mode_alone(tmp_path, rules, holds_keys):
    arena.ask_to_file(arena.entry("red", Player(), rules), rules, 5, seed=1, out=tmp_path / "questions.json")
    filtered = read(tmp_path / "filtered_questions.json")
    assert len(filtered) == 5
    assert all(("answer" in q) == holds_keys for q in filtered)


def test_questions_past_the_limit_are_asked_again_and_then_missing(tmp_path):
    long = Question(topic="t", stem="word " * 90, choices=("x y z", "right", "y", "z"), key="B")

    class Wordy(Player):
        def count_tokens(self, text):
            return 2 * len(text.split())

    player = Wordy(text=prompts.write_question(long, "T"))
    entry = arena.entry("red", player, FIXED, asking=QuestionSettings(attempts=3))
    handed = arena.ask_to_file(entry, FIXED, 2, seed=1, out=tmp_path / "q.json")
    assert (handed.due, handed.written, handed.passed) == (2, 0, 0)
    assert len(player.seen) == 6
    assert read(tmp_path / "filtered_q.json") == []


def test_answers_stand_in_the_order_of_the_questions_whatever_those_are(tmp_path):
    good = {"topic": "T", "question": "Riddle?", "choices": ["A) x", "B) right", "C) y", "D) z"], "answer": "C"}
    hostile = [
        None,
        3,
        [],
        {},
        {"question": 1, "choices": []},
        {"question": "?", "choices": ["A) x"]},
        {"question": "?", "choices": [None, {}, "x"]},
        {"question": "?", "choices": ["x"] * 12},
        {"question": "\ud800", "choices": ["x", "y"], "answer": {"a": []}},
    ]
    records = [good, *hostile, good]
    handed = arena.answer_file(arena.entry("red", Player(), FIXED), FIXED, records, tmp_path / "answers.json")
    answers = read(tmp_path / "answers.json")
    assert len(answers) == len(records)
    assert (answers[0], answers[-1]) == ({"answer": "B"}, {"answer": "B"})
    assert all(arena.check_answer(a, FIXED, len) == [] for a in answers)
    assert handed.guessed >= len(hostile) - 1
    assert read(tmp_path / "filtered_answers.json") == answers


def test_choices_handed_in_shuffled_are_answered_by_their_own_letters(tmp_path):
    record = {"question": "Riddle?", "choices": ["D) x", "C) y", "B) z", "A) right"], "answer": "A"}
    arena.answer_file(arena.entry("red", Player(), FIXED), FIXED, [record], tmp_path / "answers.json")
    assert read(tmp_path / "answers.json") == [{"answer": "A"}]


def test_an_unreadable_key_does_not_keep_a_question_from_being_answered(tmp_path):
    record = {"question": "Riddle?", "choices": ["A) x", "B) right"], "answer": "A) 572 or Z", "explanation": 3}
    handed = arena.answer_file(arena.entry("red", Player(), FIXED), FIXED, [record], tmp_path / "answers.json")
    assert read(tmp_path / "answers.json") == [{"answer": "B"}]
    assert handed.guessed == 0


def test_entries_play_within_the_limits_of_their_edition():
    rules = arena.load_rules("aaipl-2026")
    entry = arena.entry("red", Player(), rules, asking=QuestionSettings(level=5, deadline=99))
    assert (entry.asker.settings.deadline, entry.answerer.settings.deadline) == (13, 9)
    assert entry.asker.settings.level == 5
    assert entry.asker.settings.sampling.max_tokens <= rules.question.max_new_tokens


def test_a_side_whose_engine_hangs_loses_its_balls_in_time():
    release = threading.Event()

    class Hanging(Player):
        def choose(self, requests):
            if requests[0].about["question"] != "Ready?":
                release.wait(20)
            yield from super().choose(requests)

    short = FIXED.model_copy(
        update={
            "question": FIXED.question.model_copy(update={"seconds": 0.3}),
            "answer": FIXED.answer.model_copy(update={"seconds": 0.3}),
        }
    )
    try:
        start = time.monotonic()
        summary = arena.score(match(Player(), Hanging(), n=2, rules=short))
        assert time.monotonic() - start < 2.5
    finally:
        release.set()
    assert summary.innings[0].late_answers == 0
    assert summary.innings[0].right.n == 2
