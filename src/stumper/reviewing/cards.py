"""What the page shows of one question: the text alone until the reviewer has answered, all that is known afterwards."""

from collections.abc import Mapping, Sequence
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
MOST_WAYS = 12


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


class Way(NamedTuple):
    """One way to settle what the text leaves open."""

    read: str
    ruling: str
    right: str
    """The letters of the choices that are not ruled out under it, with how far they hold."""


class Known(NamedTuple):
    """What is hidden until the reviewer has answered."""

    key: str
    author: str
    ruling: str
    why: str
    asked: str
    """Why somebody is asked, with what the voters said."""
    sentences: tuple[Sentence, ...]
    ways: tuple[Way, ...]
    """Empty where the text leaves nothing open."""
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
    why: str
    """Why somebody is asked, in words that tell nothing of the key."""


class Dossier(NamedTuple):
    """The records of a run that are about one question."""

    written: Written
    ruling: Ruling | None
    verdict: Verdict | None
    ballots: tuple[Ballot, ...]


def dossiers(items: Sequence[str], records: Mapping[str, Mapping[str, Any]]) -> dict[str, Dossier]:
    """`records`: of the stages generate, prove, verdict and vote."""
    ballots: dict[str, list[Ballot]] = {item: [] for item in items}
    for key, ballot in records["vote"].items():
        if (item := key.rsplit("#", 1)[0]) in ballots:
            ballots[item].append(ballot)
    return {
        item: Dossier(
            records["generate"][item], records["prove"].get(item), records["verdict"].get(item), tuple(ballots[item])
        )
        for item in items
    }


def card(item: str, found: Dossier) -> Card:
    """What may be seen before the reviewer has answered: neither key nor votes, nor what follows from them."""
    question = found.written.question
    topic = puzzles.family(question.topic).TITLE if question.topic in puzzles.families() else question.topic
    return Card(
        item=item,
        topic=_cut(topic, MOST_CHOICE),
        stem=question.stem[:MOST_STEM],
        cut=max(0, len(question.stem) - MOST_STEM),
        choices=tuple(
            Choice(letter, _cut(text, MOST_CHOICE), str(number))
            for number, (letter, text) in enumerate(zip(LETTERS, question.choices, strict=False), start=1)
        ),
        why=why(found),
    )


def why(found: Dossier, seen: bool = False) -> str:
    """Why the question needs a person; `seen`: they have answered, and may know what the voters said."""
    if seen and found.verdict:
        return _cut(found.verdict.reason, MOST_STEM)
    ruling = found.ruling
    if ruling and ruling.ruling == "unformalised":
        return f"the oracle cannot read it ({_cut(ruling.why, MOST_CHOICE)})"
    if ruling and ruling.ruling == "convention_dependent":
        return "its text can be read in more than one way"
    return "the committee could not decide"


def known(found: Dossier) -> Known:
    """All that the run knows about the question."""
    question, ruling = found.written.question, found.ruling
    certificate = (ruling.certificate if ruling else None) or {}
    reading = (certificate.get("readings") or [{}])[0]
    return Known(
        key=question.key or "none",
        author=found.written.author,
        ruling=ruling.ruling.replace("_", " ") if ruling else "not ruled on",
        why=_cut(ruling.why if ruling else "", MOST_STEM),
        asked=why(found, seen=True),
        sentences=_sentences(certificate, reading.get("clash", ())),
        ways=_ways(certificate),
        witnesses=tuple(_cut(told(model), MOST_STEM) for model in reading.get("witnesses", ())),
        votes=tuple(_vote(ballot, question) for ballot in found.ballots if ballot.asked),
        picture=picture(question),
    )


def proof(question: Question) -> str:
    """What the oracle says of an edited question, in one line."""
    ruling = oracle.prove(question)
    return f"{ruling.ruling.replace('_', ' ')}: {_cut(ruling.why, MOST_STEM)}"


def _ways(certificate: Mapping[str, Any]) -> tuple[Way, ...]:
    readings = certificate.get("readings", ())
    return tuple(
        Way(
            ", ".join(f"{point}: {way}" for point, way in reading["conventions"].items()).replace("_", " "),
            reading["ruling"].replace("_", " "),
            ", ".join(f"{_cut(name, 40)} {held}" for name, held in reading["choices"].items() if held != "cannot"),
        )
        for reading in (readings[:MOST_WAYS] if len(readings) > 1 else ())
    )


def _formula(clue: Any) -> str:
    """A clue in one line, its kind before the rest: "beside: who Moe; side left; steps 2; of Ana"."""
    meaning = clue.model_dump(mode="json") if hasattr(clue, "model_dump") else clue
    if isinstance(meaning, Mapping) and isinstance(meaning.get("kind"), str):
        rest = told({name: value for name, value in meaning.items() if name != "kind"})
        return _cut(f"{meaning['kind'].replace('_', ' ')}: {rest}", MOST_READING)
    return _cut(told(meaning), MOST_READING)


def _sentences(certificate: Mapping[str, Any], clash: Any) -> tuple[Sentence, ...]:
    """Each sentence once, in order, with the meanings of all clues that were read from it."""
    if not certificate:
        return ()
    problem: Problem = puzzles.family(certificate["family"]).load(certificate["problem"])
    found: dict[str, list[str]] = {}
    clashing = set()
    for place, (text, clue) in enumerate(zip(certificate["sentences"], clauses(problem), strict=False)):
        found.setdefault(text, []).append(_formula(clue))
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
