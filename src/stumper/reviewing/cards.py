"""What the page shows of one question: the text alone until the reviewer has answered, all that is known afterwards."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from stumper import oracle, puzzles
from stumper.oracle.clash import clauses
from stumper.oracle.ruling import told
from stumper.puzzles import Problem
from stumper.report.pictures import Picture, picture
from stumper.types import LETTERS, Ballot, Question, Ruling, Verdict, Written

MOST_STEM = 4000
MOST_CHOICE = 400
"""Characters that are shown; teachers' text has any size."""
MOST_READING = 240


class Choice(NamedTuple):
    letter: str
    text: str
    key: str
    """On the keyboard, besides the letter."""


class Sentence(NamedTuple):
    """A sentence of the text and what the oracle understood by it."""

    text: str
    meanings: tuple[str, ...]
    clashes: bool


class Known(NamedTuple):
    """What is hidden until the reviewer has answered."""

    key: str
    author: str
    ruling: str
    why: str
    sentences: tuple[Sentence, ...]
    witnesses: tuple[str, ...]
    votes: tuple[str, ...]
    picture: Picture | None


class Card(NamedTuple):
    item: str
    topic: str
    stem: str
    cut: int
    """Characters of the stem that are not shown."""
    choices: tuple[Choice, ...]
    unread: str
    """The oracle's own words on a text that it does not read: they tell nothing of the key."""


class Dossier(NamedTuple):
    """The records of a run that are about one question."""

    written: Written
    ruling: Ruling | None
    verdict: Verdict | None
    ballots: tuple[Ballot, ...]


def dossier(item: str, records: Mapping[str, Mapping[str, Any]]) -> Dossier:
    """`records`: of the stages generate, prove, verdict and vote."""
    ballots = (b for key, b in records["vote"].items() if key.rsplit("#", 1)[0] == item)
    return Dossier(records["generate"][item], records["prove"].get(item), records["verdict"].get(item), tuple(ballots))


def card(item: str, found: Dossier) -> Card:
    """What may be seen before the reviewer has answered: neither key nor votes, nor what follows from them."""
    question, ruling = found.written.question, found.ruling
    topic = puzzles.family(question.topic).TITLE if question.topic in puzzles.families() else question.topic
    return Card(
        item=item,
        topic=topic[:MOST_CHOICE],
        stem=question.stem[:MOST_STEM],
        cut=max(0, len(question.stem) - MOST_STEM),
        choices=tuple(
            Choice(letter, _cut(text, MOST_CHOICE), str(number))
            for number, (letter, text) in enumerate(zip(LETTERS, question.choices, strict=False), start=1)
        ),
        unread=ruling.why if ruling and ruling.ruling == "unformalised" else "",
    )


def known(found: Dossier) -> Known:
    """All that the run knows about the question."""
    question, ruling = found.written.question, found.ruling
    certificate = (ruling.certificate if ruling else None) or {}
    reading = (certificate.get("readings") or [{}])[0]
    return Known(
        key=question.key or "none",
        author=found.written.author,
        ruling=ruling.ruling.replace("_", " ") if ruling else "not ruled on",
        why=_cut("; ".join(filter(None, (ruling.why if ruling else "", _reason(found.verdict)))), MOST_STEM),
        sentences=_sentences(certificate, reading.get("clash", ())),
        witnesses=tuple(_cut(told(model), MOST_STEM) for model in reading.get("witnesses", ())),
        votes=tuple(_vote(ballot, question) for ballot in found.ballots if ballot.asked),
        picture=picture(question),
    )


def proof(question: Question) -> str:
    """What the oracle says of an edited question, in one line."""
    ruling = oracle.prove(question)
    return f"{ruling.ruling.replace('_', ' ')}: {_cut(ruling.why, MOST_STEM)}"


def _reason(verdict: Verdict | None) -> str:
    return verdict.reason if verdict else ""


def _sentences(certificate: Mapping[str, Any], clash: Any) -> tuple[Sentence, ...]:
    """Each sentence once, in order, with the meanings of all clues that were read from it."""
    if not certificate:
        return ()
    problem: Problem = puzzles.family(certificate["family"]).load(certificate["problem"])
    found: dict[str, list[str]] = {}
    clashing = set()
    for place, (text, clue) in enumerate(zip(certificate["sentences"], clauses(problem), strict=False)):
        meaning = clue.model_dump(mode="json") if hasattr(clue, "model_dump") else clue
        found.setdefault(text, []).append(_cut(told(meaning), MOST_READING))
        if place in clash:
            clashing.add(text)
    return tuple(Sentence(_cut(text, MOST_STEM), tuple(meanings), text in clashing) for text, meanings in found.items())


def _vote(ballot: Ballot, question: Question) -> str:
    own = " (wrote it; not counted)" if ballot.own else ""
    if ballot.choice is not None and ballot.choice < len(question.choices):
        said = f"{LETTERS[ballot.choice]}) {_cut(question.choices[ballot.choice], MOST_CHOICE)}"
    else:
        said = f"objects: {ballot.objection}" if ballot.objection else "no vote"
    return f"{ballot.voter}: {said}{own}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
