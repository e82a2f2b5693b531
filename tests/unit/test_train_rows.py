"""Rows, weights, schedule and collation of training, and the preflight over them; a character is a token here."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stumper import prompts
from stumper.engines._gguf import Header
from stumper.errors import BadInput, StumperError
from stumper.train import TrainConfig, preflight
from stumper.train.rows import IGNORED, LENGTHS, Row, collate, encode, passes, schedule, weigh
from stumper.types import Example, Message, Question

END = 3


class Characters:
    """A voice whose tokens are characters, and "\\x03" ends a turn."""

    turn_end = END
    stops = (END,)
    header = Header(
        architecture="characters",
        template="{{ messages }}",
        bos="",
        eos="\x03",
        adds_bos=False,
        control=("\x03",),
        context_length=None,
    )

    def prompt(self, messages, opening=""):
        return "".join(f"[{m.role}]{m.content}" for m in messages) + "[assistant]" + opening

    def ids(self, text):
        return [ord(c) for c in text]

    def spelled(self, ids):
        return "".join(map(chr, ids))

    def spans(self, text):
        return [(i, i + 1) for i in range(len(text))]


QUESTION = Question(
    topic="kin", stem="Who?", choices=("aunt", "son", "niece", "uncle"), key="B", reasoning="so", level=1
)


def example(role="<A>", split="train", item="q1", completion=None, question=QUESTION):
    answer = role == "<A>"
    return Example(
        role=role,
        split=split,
        topic="kin",
        level=1,
        messages=prompts.render_answer_request(question) if answer else prompts.render_question_request("Kin", 1),
        completion=completion
        or (prompts.write_answer("B", "son") if answer else prompts.write_question(question, "Kin")),
        item=item,
    )


EXAMPLES = [example(), example("<Q>", item="q2"), example(split="validation", item="q3")]


def inspected(examples=EXAMPLES, voice=None, width=576, vocabulary=2**20, **settings):
    voice = voice or Characters()
    rows = [encode(e, voice) for e in examples]
    config = TrainConfig(**settings)
    weights = weigh(rows, config.answer_weight, config.letter_weight)
    checks = preflight.inspect(examples, rows, weights, voice, config, width, vocabulary)
    return {check.name: check for check in checks}


def test_a_row_is_the_prompt_then_the_completion_then_the_turns_end():
    row = encode(EXAMPLES[0], Characters())
    assert "".join(map(chr, row.prompt)).endswith("[assistant]")
    assert "".join(map(chr, row.completion)) == '{"reasoning": "son", "answer": "B"}\x03'
    assert chr(row.completion[row.letter]) == "B"


def test_the_answering_role_has_its_part_of_the_loss_however_many_labels_the_other_has():
    rows = [encode(e, Characters()) for e in EXAMPLES[:2]] + [encode(EXAMPLES[1], Characters())] * 5
    weights = weigh(rows, 2.0)
    mass = Counter()
    for row in rows:
        mass[row.role] += sum(weights.of(row))
    assert mass["<A>"] == pytest.approx(2 * mass["<Q>"])
    assert sum(mass.values()) == pytest.approx(sum(len(row.completion) for row in rows))
    assert {role: weights.share(role) for role in weights.shares} == pytest.approx({"<A>": 2 / 3, "<Q>": 1 / 3})


def test_with_one_role_every_label_weighs_one():
    row = encode(EXAMPLES[0], Characters())
    assert weigh([row], 2.0).of(row) == [1.0] * len(row.completion)


def test_a_label_is_of_the_kind_that_it_is_for():
    row = encode(EXAMPLES[0], Characters())
    told = "".join(kind[0] for kind in row.kinds)
    #               {"reasoning": "son", "answer": "B"}.
    assert told == "fffffffffffffffwwwfffffffffffffflffe"
    question = encode(EXAMPLES[1], Characters())
    words = {chr(t) for t, kind in zip(question.completion, question.kinds, strict=True) if kind == "letter"}
    assert words == {"B"}


@given(st.floats(0.1, 50))
def test_a_weight_of_the_letter_moves_the_loss_within_the_answers_alone(weight):
    rows = [encode(e, Characters()) for e in EXAMPLES[:2]]
    even, weighed = weigh(rows, 2.0), weigh(rows, 2.0, weight)
    assert weighed.share("<A>") == pytest.approx(even.share("<A>"))
    assert weighed.shares["<Q>"] == pytest.approx(even.shares["<Q>"])
    assert weighed.label["<A>"]["letter"] == pytest.approx(weight * weighed.label["<A>"]["words"])
    assert sum(w for row in rows for w in weighed.of(row)) == pytest.approx(sum(len(r.completion) for r in rows))


def made(lengths, role="<A>"):
    return [Row(f"{role}{i}", role, (1,) * (n - 1), (END,), 0, True, ("end",)) for i, n in enumerate(lengths)]


@given(
    answers=st.lists(st.integers(1, 200), min_size=1, max_size=60),
    written=st.lists(st.integers(1, 200), max_size=30),
    epochs=st.integers(1, 3),
    batch=st.integers(1, 9),
    seed=st.integers(0, 5),
)
def test_every_row_is_drawn_once_an_epoch_in_full_batches_with_the_roles_spread_evenly(
    answers, written, epochs, batch, seed
):
    rows = made(answers) + made(written, "<Q>")
    batches = schedule(rows, epochs, batch, seed)
    assert Counter(i for b in batches for i in b) == dict.fromkeys(range(len(rows)), epochs)
    assert len(batches) == epochs * -(-len(rows) // batch)
    assert max(map(len, batches)) <= batch
    rare = min(("<A>", "<Q>"), key=lambda role: sum(row.role == role for row in rows))
    counts = [sum(rows[i].role == rare for i in b) for b in batches]
    assert max(counts) - min(counts) <= 1
    assert batches == schedule(rows, epochs, batch, seed)


def test_rows_of_one_batch_are_of_similar_length():
    rows = made([10, 500] * 32)
    batches = schedule(rows, 1, 8, 0)
    assert all(len({len(rows[i]) for i in batch}) == 1 for batch in batches)
    assert [len(rows[b[0]]) for b in batches] not in ([10] * 4 + [500] * 4, [500] * 4 + [10] * 4)


@given(lengths=st.lists(st.integers(1, 300), min_size=1, max_size=40))
def test_passes_hold_each_row_of_the_batch_once_and_pad_none_to_anothers_length(lengths):
    rows = made(lengths)
    cut = passes(rows, 256)
    assert Counter(row.item for part in cut for row in part) == Counter(row.item for row in rows)
    for part in cut:
        width = len(collate(part, lambda row: [1.0], 0).input_ids[0])
        assert max(map(len, part)) <= width < min(map(len, part)) + LENGTHS
        assert len(part) == 1 or len(part) * width <= 256


def test_padding_that_is_also_the_end_leaves_the_end_its_label():
    long = Row("long", "<A>", (1,) * 40, (7, END), 0, True, ("frame", "end"))
    batch = collate(
        [Row("short", "<A>", (1, 1), (7, END), 0, True, ("frame", "end")), long], lambda _: [0.5, 2.0], pad=END
    )
    assert {len(column) for name in batch for column in name} == {2 * LENGTHS}
    assert batch.labels[0][:5] == [IGNORED, IGNORED, 7, END, IGNORED]
    assert batch.weights[0][:5] == [0.0, 0.0, 0.5, 2.0, 0.0]
    assert batch.attention_mask[0][:5] == [1, 1, 1, 1, 0]


def test_sound_rows_pass_every_check():
    assert [c.name for c in inspected().values() if not c.passed] == []
    preflight.demand(list(inspected().values()))


class Joining(Characters):
    """Joins the last character of the prompt with the first of the reply."""

    def ids(self, text):
        return super().ids(text.replace("]{", "\x80"))


class Blank(Characters):
    def prompt(self, messages, opening=""):
        return super().prompt(messages) + " " + opening


class Endless(Characters):
    stops = (99,)


class Merging(Characters):
    """A letter and the quote after it are one token."""

    def ids(self, text):
        return super().ids(text.replace('B"', "\x81"))


class Tagless(Characters):
    def prompt(self, messages, opening=""):
        return super().prompt([Message(role=m.role, content=m.content.strip("<QA>")) for m in messages], opening)


@pytest.mark.parametrize(
    ("voice", "check"),
    [
        (Joining(), "prompts as in generation"),
        (Blank(), "prompts as in generation"),
        (Endless(), "ends are learned"),
        (Merging(), "letters as in scoring"),
        (Tagless(), "roles are told apart"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_would_fail_in_silence_is_named(voice, check):
    checks = inspected(voice=voice)
    assert not checks[check].passed
    with pytest.raises(StumperError, match=check):
        preflight.demand(list(checks.values()))


def test_a_row_that_is_too_long_is_named_with_the_mend():
    check = inspected(max_length=100)["no row is cut"]
    assert not check.passed
    assert "q2 (" in check.detail
    assert "train.max_length" in check.detail


def test_rows_of_both_splits_are_needed():
    assert "validation" in inspected(EXAMPLES[:2])["rows"].detail


def test_the_shares_of_roles_and_kinds_are_told():
    detail = inspected()["shares of the loss"].detail
    assert "<A> 2 rows, 67% of the loss (end 1.9%, frame 57.4%, letter 1.9%, words 5.6%)" in detail
    assert "<Q> 1 rows, 33% of the loss" in detail


class Foreign(Characters):
    """Its template marks turns as another tokenizer does: here each mark is many tokens."""

    def prompt(self, messages, opening=""):
        return "<|user|>" + super().prompt(messages, opening)


class Altering(Characters):
    def spelled(self, ids):
        return super().spelled(ids).replace(". ", ".")


@pytest.mark.parametrize(
    ("found", "check"),
    [
        ({"voice": Foreign()}, "control tokens"),
        ({"voice": Altering(), "examples": [example(item="q", question=QUESTION.model_copy(update={"stem": "A. B?"}))]},
         "tokens spell the text"),
        ({"vocabulary": 100}, "vocabulary"),
        ({"examples": [EXAMPLES[0], EXAMPLES[2]]}, "both roles"),
        ({"rank": 128, "alpha": 256, "rank_stabilised": True, "learning_rate": 2e-4}, "size of a step"),
        ({"learning_rate": 0.1}, "size of a step"),
    ],
    ids=["foreign template", "altering tokenizer", "vocabulary", "one role", "scaling 22.6", "rate 100 times"],
)  # fmt: skip
def test_a_mistake_of_base_data_or_recipe_is_named_before_training(found, check):
    checks = inspected(**found)
    assert not checks[check].passed
    with pytest.raises(StumperError, match=check):
        preflight.demand(list(checks.values()))


def test_a_check_that_is_waived_says_so_and_lets_training_begin():
    checks = preflight.waive(list(inspected(learning_rate=0.1).values()), ["size of a step", "rows"])
    assert [(c.name, c.passed) for c in checks if c.waived] == [("size of a step", False)]
    preflight.demand(checks)


def test_recipes_that_learn_are_within_the_budget_and_wide_models_have_a_smaller_one():
    assert inspected(learning_rate=4e-3)["size of a step"].passed
    assert inspected(learning_rate=2e-4, width=5120)["size of a step"].passed
    assert not inspected(learning_rate=4e-3, width=5120)["size of a step"].passed


def test_a_broken_row_is_named():
    with pytest.raises(BadInput, match="row q7 <A> holds no"):
        encode(example(item="q7", completion="B"), Characters())


def test_an_empty_split_and_no_rows_at_all_are_named():
    assert "train" in inspected([EXAMPLES[2]])["rows"].detail
    assert not inspected([])["rows"].passed
