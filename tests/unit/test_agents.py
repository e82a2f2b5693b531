"""The agents' promises: always a valid answer, never late, never a word of the key."""

import json
import random
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stumper import agents, forms, prompts
from stumper.agents import AnswerAgent, AnswerSettings, QuestionAgent, QuestionSettings
from stumper.types import LETTERS, Question, Reply, ScoringRule

QUESTION = Question(
    topic="blood_relations",
    stem="Ann is the mother of Bob. Bob is the father of Cid. How is Ann related to Cid?",
    choices=("aunt", "grandmother", "mother", "sister-in-law"),
    key="B",
    reasoning="SECRET mother of the father",
    level=2,
    clues={"SECRET": 1},
)
SLACK = 0.3
"""Seconds by which a machine full of other work may wake us late: the agents keep back 5 % of limits of seconds."""

REASONED = ScoringRule(by="letter", reasoned=True)


class Fake:
    """An engine made of two functions from a request to a reply; keeps what it was asked."""

    def __init__(self, score=None, write=None):
        self.score = score or (
            lambda request: Reply(scores=tuple(-float(i) for i in range(len(request.continuations))))
        )
        self.write = write or (lambda request: Reply(text=forms.fill(request.form, lambda text, slot: "because")))
        self.seen = []

    def choose(self, requests):
        for i, request in enumerate(requests):
            self.seen.append(request)
            yield i, self.score(request)

    def generate(self, requests):
        for i, request in enumerate(requests):
            self.seen.append(request)
            yield i, self.write(request)

    def count_tokens(self, text):
        return len(text.split())

    def close(self):
        pass


def by_text(*likely):
    """Scores that favour choices as named, wherever they are shown."""

    def score(request):
        return Reply(scores=tuple(0.0 if text in likely else -9.0 for text in request.about["choices"]))

    return score


def test_the_choice_is_counted_in_the_questions_own_order():
    agent = AnswerAgent(Fake(by_text("grandmother")))
    for order in [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)]:
        answer = agent.answer(QUESTION, order).answer
        assert answer.choice == 1
        assert answer.order == order
        assert answer.scores == (-9.0, 0.0, -9.0, -9.0)
        assert not answer.fallback


def test_letters_are_scored_where_training_puts_them():
    engine = Fake()
    AnswerAgent(engine).answer(QUESTION)
    (request,) = engine.seen
    assert request.continuations == tuple("ABCD")
    assert request.opening + "B" + '"}' == prompts.write_answer("B")


def test_letters_after_reasoning_are_scored_where_training_puts_them():
    engine = Fake()
    AnswerAgent(engine, AnswerSettings(rule=REASONED)).answer(QUESTION)
    assert engine.seen[-1].opening + "B" + '"}' == prompts.write_answer("B", "because")


def test_the_text_rules_take_the_mean_per_character_or_the_sum():
    likelihood = {"aunt": -4.4, "grandmother": -6.6, "mother": -7.2, "sister-in-law": -26.0}

    def score(request):
        return Reply(scores=tuple(next(v for k, v in likelihood.items() if k in c) for c in request.continuations))

    def answer(by):
        return AnswerAgent(Fake(score), AnswerSettings(rule=ScoringRule(by=by))).answer(QUESTION, (3, 1, 0, 2)).answer

    assert answer("text_mean").choice == 1
    assert answer("text_mean").scores == pytest.approx((-1.1, -0.6, -1.2, -2.0))
    assert answer("text_sum").choice == 0
    assert answer("text_sum").scores == (-4.4, -6.6, -7.2, -26.0)


def test_the_cloze_rule_shows_no_choices_but_scores_each():
    engine = Fake()
    AnswerAgent(engine, AnswerSettings(rule=ScoringRule(by="cloze"))).answer(QUESTION, (3, 1, 0, 2))
    (request,) = engine.seen
    assert request.continuations == (" sister-in-law", " grandmother", " aunt", " mother")
    assert not any(choice in m.content for m in request.messages for choice in ("aunt", "sister-in-law"))


def test_no_request_holds_key_reasoning_clues_or_level():
    engine = Fake()
    for rule in agents.RULES:
        agent = AnswerAgent(engine, AnswerSettings(rule=rule))
        agent.answer(QUESTION)
        list(agent.answer_many([QUESTION]))
    assert len(engine.seen) > 8
    for request in engine.seen:
        assert "SECRET" not in request.model_dump_json()
        assert not {"key", "level", "clues", "reasoning"} & set(request.about)


def test_the_key_changes_nothing_that_the_model_is_asked():
    one, other = Fake(), Fake()
    AnswerAgent(one).answer(QUESTION)
    AnswerAgent(other).answer(QUESTION.model_copy(update={"key": "D", "reasoning": "", "clues": None}))
    assert [r.model_copy(update={"deadline": None}) for r in one.seen] == [
        r.model_copy(update={"deadline": None}) for r in other.seen
    ]


BROKEN = {
    "failed": lambda request: Reply(finish="failed", error="no memory"),
    "nan": lambda request: Reply(scores=(float("nan"), 0.0, 0.0, 0.0)),
    "infinite": lambda request: Reply(scores=(float("-inf"), 0.0, 0.0, 0.0)),
    "short": lambda request: Reply(scores=(0.0,)),
    "silent": lambda request: Reply(),
    "raises": lambda request: 1 / 0,
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_engine_leaves_a_valid_guess_that_says_so(broken):
    answer = AnswerAgent(Fake(BROKEN[broken])).answer(QUESTION).answer
    assert answer.fallback
    assert answer.error
    assert 0 <= answer.choice < 4
    assert answer.scores == ()
    assert answer == AnswerAgent(Fake(BROKEN[broken])).answer(QUESTION).answer


def test_guesses_are_spread_over_the_choices():
    agent = AnswerAgent(Fake(BROKEN["failed"]))
    stems = [QUESTION.model_copy(update={"stem": f"{QUESTION.stem} ({i})"}) for i in range(80)]
    guesses = [agent.answer(q).answer.choice for q in stems]
    assert set(guesses) == {0, 1, 2, 3}
    assert max(map(guesses.count, range(4))) < 40


def hang(release):
    def wait(request):
        release.wait(20)
        return Reply(finish="failed", error="late")

    return wait


@pytest.fixture
def release():
    """Lets go of every engine that hangs, so that no thread outlives its test."""
    event = threading.Event()
    yield event
    event.set()


def test_an_engine_that_hangs_is_left_behind_at_the_deadline(release):
    agent = AnswerAgent(Fake(hang(release)), AnswerSettings(deadline=0.4))
    start = time.monotonic()
    answers = [agent.answer(QUESTION) for _ in range(3)]
    assert time.monotonic() - start < 3 * (0.4 + SLACK)
    assert all(a.answer.fallback and "did not return" in a.answer.error for a in answers)
    assert all(a.seconds <= 0.4 + SLACK for a in answers)


def test_an_engine_left_behind_serves_again_once_it_returns(release):
    engine = Fake(hang(release))
    agent = AnswerAgent(engine, AnswerSettings(deadline=0.2))
    assert agent.answer(QUESTION).answer.fallback
    engine.score = by_text("mother")
    release.set()
    agent = AnswerAgent(agent._patient, AnswerSettings(deadline=5))
    assert agent.answer(QUESTION).answer.choice == 2
    assert len(engine.seen) == 2


def test_reasoning_that_hangs_leaves_the_first_answer(release):
    engine = Fake(by_text("mother"), hang(release))
    answered = AnswerAgent(engine, AnswerSettings(rule=REASONED, deadline=0.4)).answer(QUESTION)
    assert answered.seconds <= 0.4 + SLACK
    assert answered.answer.choice == 2
    assert not answered.answer.fallback
    assert answered.answer.reasoning == ""


def test_reasoning_is_not_begun_without_time_to_score_again():
    def slow(request):
        time.sleep(0.25)
        return by_text("mother")(request)

    engine = Fake(slow)
    AnswerAgent(engine, AnswerSettings(rule=REASONED, deadline=0.5)).answer(QUESTION)
    assert len(engine.seen) == 1


def test_reasoning_decides_when_there_is_time():
    def score(request):
        return by_text("grandmother" if "because" in request.opening else "aunt")(request)

    answer = AnswerAgent(Fake(score), AnswerSettings(rule=REASONED)).answer(QUESTION).answer
    assert (answer.choice, answer.reasoning, answer.rule) == (1, "because", REASONED)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"reasoning": 3}', '{"reasoning": ""}', "prose", "[" * 9000])
def test_reasoning_that_is_none_leaves_the_first_answer(text):
    engine = Fake(by_text("aunt"), lambda request: Reply(text=text))
    answer = AnswerAgent(engine, AnswerSettings(rule=REASONED)).answer(QUESTION).answer
    assert (answer.choice, answer.reasoning, answer.rule.reasoned) == (0, "", False)
    [(_, (batched, _))] = AnswerAgent(engine, AnswerSettings(rule=REASONED)).answer_many([QUESTION])
    assert batched == answer


def test_batches_answer_every_question_once_in_any_order_of_replies():
    class Shuffling(Fake):
        def choose(self, requests):
            yield from random.Random(1).sample(list(super().choose(requests)), len(requests))

    questions = [
        QUESTION.model_copy(update={"stem": f"{i}?", "choices": tuple(f"{(i + c) % 4} is it" for c in range(4))})
        for i in range(150)
    ]
    answers = dict(AnswerAgent(Shuffling(by_text("0 is it"))).answer_many(questions))
    assert [answers[i].answer.choice for i in range(150)] == [-i % 4 for i in range(150)]


@given(st.lists(st.floats(-50, 0), min_size=2, max_size=9), st.integers(0, 2**32))
@settings(max_examples=60, deadline=None)
def test_one_by_one_and_in_batches_are_the_same_answers(scores, seed):
    order = agents.shuffled(len(scores), seed)
    question = Question(topic="t", stem="?", choices=tuple(f"choice {i}" for i in range(len(scores))))
    for rule in agents.RULES:
        agent = AnswerAgent(Fake(lambda request: Reply(scores=scores)), AnswerSettings(rule=rule))
        [(_, (batched, _))] = agent.answer_many([question], [order])
        assert batched == agent.answer(question, order).answer


def test_open_questions_and_partial_orders_are_refused():
    agent = AnswerAgent(Fake())
    with pytest.raises(ValueError, match="at least 2"):
        agent.answer(QUESTION.model_copy(update={"choices": ()}))
    with pytest.raises(ValueError, match="each once"):
        agent.answer(QUESTION, (0, 1, 2, 2))


def keyed(n):
    return [
        Question(topic="t", stem=f"{i}?", choices=tuple(f"{i}-{c}" for c in "wxyz"), key=LETTERS[i % 4])
        for i in range(n)
    ]


def model_that_knows(questions, *, by, reasoned=False):
    """Right under one rule, and under the others always for the first choice shown."""
    keys = {q.stem: q.choices[LETTERS.index(q.key)] for q in questions}

    def score(request):
        able = kind(request) == by.split("_")[0] and ("because" in request.opening) == reasoned
        right, shown = keys[request.about["question"]], request.about["choices"]
        return Reply(scores=tuple((text == right) * 5.0 - 9 if able else -9.0 - i for i, text in enumerate(shown)))

    return score


def kind(request):
    if request.continuations[0] == "A":
        return "letter"
    return "cloze" if request.opening == agents.CLOZE_OPENING else "text"


@pytest.mark.parametrize("rule", [rule for rule in agents.RULES if rule.by != "text_sum"])
def test_calibration_finds_the_rule_a_model_knows(rule):
    questions = keyed(40)
    engine = Fake(model_that_knows(questions, by=rule.by, reasoned=rule.reasoned))
    calibration = agents.calibrate(engine, questions)
    assert calibration.rule == rule
    assert not calibration.first.reasoned
    by_rule = {s.rule: s.correct for s in calibration.scores}
    assert by_rule[rule].successes == 40
    others = [
        share
        for other, share in by_rule.items()
        if (other.by.split("_")[0], other.reasoned) != (rule.by.split("_")[0], rule.reasoned)
    ]
    assert len(others) >= 3
    assert all(share.successes < 24 and share.n == 40 for share in others)


def test_calibration_ties_go_to_the_simpler_rule():
    assert agents.calibrate(Fake(BROKEN["failed"]), keyed(8)).rule == ScoringRule(by="letter")
    right = Fake(lambda request: Reply(scores=(0.0,) * len(request.continuations)))
    assert agents.calibrate(right, keyed(8), rules=agents.RULES[1:]).rule == ScoringRule(by="text_mean")


def test_calibration_needs_keys_and_a_rule_that_always_answers():
    with pytest.raises(ValueError, match="keys"):
        agents.calibrate(Fake(), [QUESTION.model_copy(update={"key": None})])
    with pytest.raises(ValueError, match="without reasoning"):
        agents.calibrate(Fake(), [QUESTION], rules=[REASONED])


WRITTEN = prompts.write_question(QUESTION, "Blood relations")


def writing(*texts):
    """An engine that writes these texts in turn, then the last one for ever."""
    left = list(texts)
    return Fake(write=lambda request: Reply(text=left.pop(0) if len(left) > 1 else left[0]))


def test_a_filled_form_is_a_question_at_the_first_attempt():
    asked = QuestionAgent(writing(WRITTEN)).ask("blood_relations", "Blood relations", seed=1).asked
    assert asked.attempts == 1
    assert asked.question.stem == QUESTION.stem
    assert asked.question.key == "B"
    assert asked.question.topic == "blood_relations"


MALFORMED = {
    "same choices": WRITTEN.replace("A) aunt", "A) mother"),
    "empty choice": WRITTEN.replace("A) aunt", "A) "),
    "empty choices": json.dumps({"question": "?", "choices": ["A)", "B)", "C)", "D)"], "answer": "A"}),
    "no key": WRITTEN.replace('"answer": "B"', '"answer": ""'),
    "prose": "Here is a question",
}


@pytest.mark.parametrize("malformed", MALFORMED)
def test_a_malformed_question_is_asked_again_with_another_seed(malformed):
    engine = writing(MALFORMED[malformed], WRITTEN)
    asked = QuestionAgent(engine).ask("blood_relations", "Blood relations", seed=1).asked
    assert asked.question.stem == QUESTION.stem
    assert (asked.attempts, len(asked.problems)) == (2, 1)
    assert engine.seen[0].seed != engine.seen[1].seed


def test_a_question_is_never_invented():
    agent = QuestionAgent(writing("prose"), QuestionSettings(attempts=3))
    asked = agent.ask("blood_relations", "Blood relations", seed=1).asked
    assert asked.question is None
    assert (asked.attempts, len(asked.problems)) == (3, 3)


def test_what_the_format_filter_refuses_is_asked_again():
    longer = WRITTEN.replace("How is", "Tell me: how is")
    agent = QuestionAgent(writing(longer, WRITTEN))
    asked = agent.ask("t", "T", seed=1, check=lambda q: ["too long"] if "Tell me" in q.stem else []).asked
    assert asked.question.stem == QUESTION.stem
    assert asked.problems == ("too long",)


UNREAD = WRITTEN.replace("Ann is the mother of Bob", "Ann used to babysit Bob")
MISKEYED = WRITTEN.replace('"answer": "B"', '"answer": "A"')


def ask_with_proof(*texts, attempts=3):
    agent = QuestionAgent(writing(*texts), QuestionSettings(proves=True, attempts=attempts))
    return agent.ask("blood_relations", "Blood relations", seed=1).asked


def test_with_proof_a_question_that_is_not_proven_is_asked_again():
    asked = ask_with_proof(UNREAD, WRITTEN)
    assert asked.question.stem == QUESTION.stem
    assert asked.attempts == 2
    assert asked.problems[0].startswith("unformalised")


def test_with_proof_a_wrong_key_is_mended_and_its_explanation_dropped():
    asked = ask_with_proof(MISKEYED)
    assert (asked.question.key, asked.question.reasoning, asked.attempts) == ("B", "", 1)


def test_with_proof_the_best_of_what_was_written_is_handed_in():
    both_hold = WRITTEN.replace("A) aunt", "A) grandparent")
    assert ask_with_proof(both_hold, UNREAD, "prose").question.stem.startswith("Ann used to babysit")
    assert ask_with_proof("prose").question is None


def test_without_proof_a_wrong_key_stays_the_models_own():
    assert QuestionAgent(writing(MISKEYED)).ask("blood_relations", "T", seed=1).asked.question.key == "A"


@pytest.mark.parametrize(("explanation", "taken"), [("Ann is the mo", True), ("", False)])
def test_a_cut_question_counts_only_when_the_explanation_was_cut(explanation, taken):
    text = prompts.write_question(QUESTION.model_copy(update={"reasoning": explanation}), "T")
    engine = Fake(write=lambda request: Reply(text=text, finish="deadline"))
    asked = QuestionAgent(engine, QuestionSettings(attempts=1)).ask("t", "T", seed=1).asked
    assert (asked.question is not None) == taken
    assert asked.finish == "deadline"


def test_a_question_engine_that_hangs_is_left_behind_at_the_deadline(release):
    agent = QuestionAgent(Fake(write=hang(release)), QuestionSettings(deadline=0.3))
    asked, seconds = agent.ask("t", "T", seed=1)
    assert asked.question is None
    assert seconds <= 0.3 + SLACK
    assert "did not return" in asked.problems[0]


def test_attempts_stop_when_the_time_is_up():
    def slow(request):
        time.sleep(0.12)
        return Reply(text="prose")

    asked, seconds = QuestionAgent(Fake(write=slow), QuestionSettings(deadline=0.4, attempts=50)).ask("t", "T", seed=1)
    assert seconds <= 0.4 + SLACK
    assert asked.attempts <= 4
