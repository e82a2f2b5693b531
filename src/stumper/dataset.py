"""Reviewed questions become training data: no twins, balanced keys, honest splits, both roles, a card."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Literal

from pydantic import Field, model_validator
from rapidfuzz import fuzz, process

from stumper import benchmarks, prompts, puzzles
from stumper.oracle.identity import identity, proven_problem, renamed
from stumper.types import (
    LETTERS,
    Example,
    Failure,
    Outcome,
    Question,
    Review,
    Ruling,
    Value,
    Verdict,
    Written,
    seed_for,
    shuffled,
)

SELECT_VERSION = 4
ROWS_VERSION = 1

SPLITS: tuple[Literal["train", "validation", "test"], ...] = ("train", "validation", "test")


class Settings(Value):
    validation: float = Field(0.05, ge=0, lt=1)
    test: float = Field(0.2, ge=0, lt=1)
    near: float = Field(95, ge=50, le=100)
    """Similarity of renamed stems (rapidfuzz ratio, 0 to 100) from which two unproven questions are one."""
    writing: int = Field(200, ge=0)
    """Training rows for the role that writes; the answering role has one row a question."""
    answer: Literal["letter", "stated", "reasoned"] = "stated"
    """What an answering row holds before the letter: nothing, the right choice in words, the author's reasoning."""

    @model_validator(mode="after")
    def _something_is_left_to_train_on(self) -> "Settings":
        if self.validation + self.test >= 1:
            raise ValueError("validation + test must leave a share for training")
        return self


class SelectRecipe(Settings):
    seed: int


class Kept(Value):
    """A question of the data set."""

    author: str
    split: Literal["train", "validation", "test"]
    question: Question
    proven: bool


def accepted(
    written: Mapping[str, Written],
    rulings: Mapping[str, Ruling],
    verdicts: Mapping[str, Verdict],
    reviews: Mapping[str, Review],
    rechecks: Mapping[str, Verdict],
    certified: Set[str] | None = None,
) -> dict[str, Written]:
    """The questions that the committee accepted or a person kept; an edited one unless its new proof refutes it.

    Where there was an audit, what it certified stands in for what votes alone accepted.
    """
    found = {}
    for item, verdict in verdicts.items():
        review = reviews.get(item)
        by_votes = verdict.decision == "accept"
        if certified is not None and rulings[item].ruling != "proven":
            by_votes = item in certified and not (review and review.decision in ("edit", "discard"))
        if by_votes or (review and review.decision == "keep"):
            found[item] = written[item]
        elif review and review.question and item in rechecks and rechecks[item].decision != "reject":
            found[item] = written[item].model_copy(update={"question": review.question})
    return found


def select(
    recipe: SelectRecipe,
    candidates: Mapping[str, Written],
    rulings: Mapping[str, Ruling],
    known: Mapping[str, benchmarks.Known] | None = None,
) -> dict[str, Kept | Failure]:
    """Each candidate as kept in its split, or why it was dropped (benchmark, duplicate, near_duplicate).

    `known`: questions of benchmarks, of which none is kept.

    A proven question is its formal problem, however it is told. Questions of one problem, or of one stem, names
    disregarded, share a split.
    """
    outcome: dict[str, Kept | Failure] = {}
    first: dict[str, str] = {}
    loose: dict[str, dict[str, str]] = {}
    stems = {item: renamed(candidate.question.stem) for item, candidate in candidates.items()}
    problems = {
        item: problem
        for item, candidate in candidates.items()
        if (problem := proven_problem(candidate.question, rulings.get(item))) is not None
    }
    together = _together(stems, problems)
    shelf = benchmarks.Shelf(known or {})
    for item, candidate in candidates.items():
        question, stem = candidate.question, stems[item]
        names = identity(question, problems.get(item))
        same = next((first[name] for name in names if name in first), None)
        proven = item in rulings and rulings[item].ruling == "proven"
        near = loose.setdefault(question.topic, {})
        twin = None if proven else process.extractOne(stem, near, scorer=fuzz.ratio, score_cutoff=recipe.near)
        taken = shelf.holds(question.stem, benchmarks.form(question, rulings.get(item))) if known else None
        if taken:
            how = "the same puzzle as" if taken.same else f"has {taken.share:.0%} of the n-grams of"
            outcome[item] = Failure(type="benchmark", message=f"{how} {taken.item}")
        elif same:
            outcome[item] = Failure(type="duplicate", message=f"the same question as {same}")
        elif twin:
            outcome[item] = Failure(type="near_duplicate", message=f"{twin[1]:.0f} % the text of {twin[2]}")
        else:
            first.update(dict.fromkeys(names, item))
            if not proven:
                near[item] = stem
            outcome[item] = Kept(
                author=candidate.author, split=split_of(recipe, together[item]), question=question, proven=proven
            )
    return _balanced(recipe, outcome)


def _together(stems: Mapping[str, str], problems: Mapping[str, puzzles.Problem]) -> dict[str, str]:
    """Item -> what all questions share that must not stand on both sides: the least of their stems."""
    asked = {item: puzzles.canonical_form(problem, choices=False) for item, problem in problems.items()}
    least: dict[str, str] = dict(stems)
    changed = True
    while changed:
        best: dict[str, str] = {}
        for item, stem in stems.items():
            for key in (stem, asked.get(item, stem)):
                best[key] = min(best.get(key, least[item]), least[item])
        now = {item: min(best[stem], best[asked.get(item, stem)]) for item, stem in stems.items()}
        least, changed = now, now != least
    return least


def split_of(recipe: SelectRecipe, shared: str) -> Literal["train", "validation", "test"]:
    """The split of what questions share: by its hash, so that twins never stand on both sides."""
    place = seed_for(recipe.seed, "split", shared) / 2**63
    if place < recipe.test:
        return "test"
    return "validation" if place < recipe.test + recipe.validation else "train"


def _balanced(recipe: SelectRecipe, outcome: dict[str, Kept | Failure]) -> dict[str, Kept | Failure]:
    """Move keys of questions without formal clues to the letters that are rare so far in their split and topic."""
    counts: Counter[tuple[str, str, str]] = Counter()
    balanced: dict[str, Kept | Failure] = {}
    for item, entry in outcome.items():
        kept = entry
        if isinstance(kept, Kept) and kept.question.key is not None:
            split, topic = kept.split, kept.question.topic
            if kept.question.clues is None and not _names_letters(kept.question):
                letters = LETTERS[: len(kept.question.choices)]
                rare = min(letters, key=lambda letter: (counts[split, topic, letter], letter))
                seed = seed_for(recipe.seed, "balance", item)
                kept = kept.model_copy(update={"question": with_key_at(kept.question, rare, seed)})
            counts[split, topic, str(kept.question.key)] += 1
        balanced[item] = kept
    return balanced


def _names_letters(question: Question) -> bool:
    text = " ".join((question.reasoning, *question.choices))
    return bool(re.search(r"\b[A-I]\)|\b(option|choice|answer is) [A-I]\b|\b[A-I] and [A-I]\b", text))


def with_key_at(question: Question, letter: str, seed: int) -> Question:
    """The same question with its choices reshuffled so that the right one has the given letter."""
    right = question.choices[LETTERS.index(question.key or "A")]
    others = [c for i, c in enumerate(question.choices) if i != LETTERS.index(question.key or "A")]
    others = [others[i] for i in shuffled(len(others), seed)]
    place = LETTERS.index(letter)
    choices = (*others[:place], right, *others[place:])
    return Question.model_validate(question.model_dump() | {"choices": choices, "key": letter})


def as_outcomes(owed: Mapping[str, Value | Failure]) -> Iterator[Outcome[Value]]:
    """Yield what is computed already, for stages that only compute."""
    for key, value in owed.items():
        yield key, value, {}


class RowsRecipe(Value):
    seed: int
    writing: int
    answer: Literal["letter", "stated", "reasoned"]


def rows(recipe: RowsRecipe, kept: Mapping[str, Kept]) -> dict[str, Example]:
    """Training and validation rows of both roles. Test questions become none."""
    examples: dict[str, Example] = {}
    for item, entry in kept.items():
        if entry.split != "test":
            examples[f"{item}<A>"] = _answering(item, entry, recipe.answer)
    for split, share in (("train", 1.0), ("validation", 0.1)):
        items = sorted(
            (item for item, entry in kept.items() if entry.split == split),
            key=lambda item: seed_for(recipe.seed, "writing", item),
        )
        for item in sorted(items[: round(recipe.writing * share)]):
            examples[f"{item}<Q>"] = _writing(item, kept[item])
    return examples


def _answering(item: str, entry: Kept, form: Literal["letter", "stated", "reasoned"]) -> Example:
    question = entry.question
    if question.key is None:
        raise ValueError(f"{item} is kept without a key")
    before = {"letter": "", "stated": question.choices[LETTERS.index(question.key)], "reasoned": question.reasoning}
    return Example(
        role="<A>",
        split=entry.split,
        topic=question.topic,
        level=question.level,
        messages=prompts.render_answer_request(question),
        completion=prompts.write_answer(question.key, before[form]),
        item=item,
    )


def _writing(item: str, entry: Kept) -> Example:
    title = puzzles.family(entry.question.topic).TITLE
    return Example(
        role="<Q>",
        split=entry.split,
        topic=entry.question.topic,
        level=entry.question.level,
        messages=prompts.render_question_request(title, entry.question.level or 1),
        completion=prompts.write_question(entry.question, title),
        item=item,
    )


STEPS = ("asked", "well-formed", "proven", "agreed", "reviewed", "kept")


def funnel(
    asked: Mapping[str, str],
    written: Mapping[str, Written],
    rulings: Mapping[str, Ruling],
    verdicts: Mapping[str, Verdict],
    reviews: Mapping[str, Review],
    kept: Mapping[str, Kept],
) -> dict[tuple[str, str], dict[str, int]]:
    """How many questions of each (author, topic) came through each of STEPS. `asked`: item -> topic.

    proven: by the oracle; agreed: not proven, but accepted by the policy; reviewed: kept or edited by a person.
    """
    table: dict[tuple[str, str], dict[str, int]] = {}
    for item, topic in asked.items():
        row = table.setdefault((item.split("/", 1)[0], topic), dict.fromkeys(STEPS, 0))
        row["asked"] += 1
        row["well-formed"] += item in written
        proven = item in rulings and rulings[item].ruling == "proven"
        row["proven"] += proven
        row["agreed"] += not proven and item in verdicts and verdicts[item].decision == "accept"
        row["reviewed"] += item in reviews and reviews[item].decision in ("keep", "edit")
        row["kept"] += item in kept
    return table


def card(
    name: str,
    table: Mapping[tuple[str, str], Mapping[str, int]],
    examples: Sequence[Example],
    licences: Sequence[str],
    audited: str = "",
    sound: Sequence[str] = (),
) -> str:
    """The data card (Markdown with the hub's header): where each question comes from and what it went through."""
    shares = Counter((e.split, e.role) for e in examples)
    lines = [
        "---",
        "language: en",
        "task_categories: [question-answering, text-generation]",
        f"pretty_name: {json.dumps(name)}",
        "---",
        f"# {name}",
        "",
        "Multiple-choice logic questions for a model that writes (`<Q>`) and answers (`<A>`), made with stumper.",
        "",
        "| author | topic | " + " | ".join(STEPS) + " |",
        "|---|---|" + "---:|" * len(STEPS),
        *(
            f"| {author} | {topic} | " + " | ".join(str(row[step]) for step in STEPS) + " |"
            for (author, topic), row in table.items()
        ),
        "",
        "*proven*: the oracle found exactly one choice that holds in all models of the text, and it is the key. "
        "*agreed*: not proven, but accepted by the committee's policy. *kept*: after duplicates were dropped.",
        "",
        "| split | role | rows |",
        "|---|---|---:|",
        *(f"| {split} | `{role}` | {n} |" for (split, role), n in sorted(shares.items())),
        "",
        "Held-out questions (`questions-test.jsonl`) share no stem with training, names disregarded, and no proven one "
        "shares its clues and its query, however they are told.",
        "",
        *(["Sound beyond their keys?", "", *(f"- {sentence}" for sentence in sound), ""] if sound else []),
        "Written with:",
        "",
        *(f"- {licence}" for licence in licences),
        "",
        f"Keys that the oracle could not prove: {audited}."
        if audited
        else "Not measured: the error rate of keys that the oracle could not prove.",
        "",
    ]
    return "\n".join(lines)
