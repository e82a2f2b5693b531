"""Replays certificates: the independent half of the proof.

Nothing here reads a text into clues, enumerates models or rules as `prove` does. The stated problem is validated, each
stated reading is solved anew by clingo on the family's answer-set program, and the ruling is worked out from those
statuses by rules written down a second time. Words (`why`) and models are illustrations; of the models only their
number is checked, and that two of them differ.
"""

from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from stumper import puzzles
from stumper.errors import BadInput
from stumper.oracle.certificate import VERSION, Certificate, Reading
from stumper.oracle.clash import clauses, only
from stumper.oracle.conventions import profiles, readings
from stumper.oracle.engines import statuses
from stumper.oracle.text import fingerprint
from stumper.puzzles import Family, Problem, Status, TooLarge, Unread
from stumper.types import LETTERS, JsonObject, Letter, Question, Ruling, RulingName, canonical


class Fault(Exception):
    """What a certificate says and does not hold, in one sentence."""


def check(record: JsonObject, question: Question | None = None) -> str | None:
    """What is wrong with a ruling and its certificate, in one sentence; None where they stand.

    `record`: a ruling as `stumper prove --out` writes it. With `question`, that it is about this text and key, and
    that the text still reads to the problem that was ruled on.
    """
    try:
        ruling = Ruling.model_validate({name: each for name, each in record.items() if name != "id"})
        if ruling.ruling == "unformalised":
            _need(ruling.certificate is None and ruling.true_key is None, "it is unformalised and claims a proof")
            return None
        _need(ruling.certificate is not None, f"it is {ruling.ruling} without a certificate")
        _replay(ruling, Certificate.model_validate(ruling.certificate), question)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return f"not valid at {'.'.join(map(str, first['loc'])) or 'its root'}: {first['msg']}"[:300]
    except (Fault, BadInput, TooLarge) as error:
        return str(error)[:300]
    return None


def _need(holds: bool, otherwise: str) -> None:
    if not holds:
        raise Fault(otherwise)


def _replay(ruling: Ruling, stated: Certificate, question: Question | None) -> None:
    _need(stated.version == VERSION, f"its version is {stated.version}, and only {VERSION} is replayed here")
    _need(stated.profile in profiles(), f"there are no conventions {stated.profile[:40]!r}")
    family = puzzles.family(stated.family)
    problem = family.load(stated.problem)
    _need(problem.model_dump(mode="json") == stated.problem, "its problem is not stated in full")
    said = len(stated.sentences)
    _need(said in (0, len(clauses(problem))), f"{said} sentences stand for {len(clauses(problem))} clues")
    labels = _labels(family, problem, stated)
    expected = list(readings(stated.family, family, problem, stated.profile))
    _need(
        [chosen for chosen, _ in expected] == [reading.conventions for reading in stated.readings],
        f"its readings are not those that the text and {stated.profile} leave open",
    )
    found = []
    for (_, under), reading in zip(expected, stated.readings, strict=True):
        again = family.recheck(under, statuses)
        _compare(labels, reading, again)
        found.append(_ruled(under, again, stated))
        _need(found[-1][0] == reading.ruling, f"{_where(reading)} it is {found[-1][0]}, stated is {reading.ruling}")
        _check_models(reading, again)
        if again is None:
            _check_clash(family, under, reading)
    name, right = _combined(found)
    _need(name == ruling.ruling, f"its readings make it {name}, stated is {ruling.ruling}")
    key = labels[right[0]] if name in ("proven", "wrong_key") and not stated.open and right else None
    _need(key == ruling.true_key, f"the right key is {key}, stated is {ruling.true_key}")
    if question is not None:
        _check_question(family, problem, stated, question)


def _labels(family: Family, problem: Problem, stated: Certificate) -> Sequence[str]:
    """How the certificate calls the choices, in the order of the problem's."""
    offered = getattr(problem, "choices", ())
    if not stated.open:
        return LETTERS[: len(offered)]
    unasked = problem.model_copy(update={"choices": ()})
    candidates: Mapping[str, object] = family.candidates(unasked) if hasattr(family, "candidates") else {}
    _need(tuple(candidates.values()) == tuple(offered), "it weighs other answers than there can be")
    return tuple(candidates)


def _where(reading: Reading) -> str:
    read = ", ".join(f"{point}: {way}" for point, way in reading.conventions.items())
    return f"read with {read}" if read else "by its statuses"


def _compare(labels: Sequence[str], reading: Reading, again: Sequence[Status] | None) -> None:
    """That clingo finds what is stated."""
    if again is None:
        _need(reading.models == 0, f"{_where(reading)} nothing fits, stated are {reading.models} models")
    else:
        _need(reading.models > 0, f"{_where(reading)} something fits, stated is no model")
    found = dict(zip(labels, again or ("cannot",) * len(labels), strict=True))
    _need(found.keys() == reading.choices.keys(), f"it states {len(reading.choices)} choices of {len(labels)}")
    for label, status in found.items():
        stated = reading.choices[label]
        _need(status == stated, f"{_where(reading)} {label[:40]} is {status!r}, stated is {stated!r}")


def _ruled(problem: Problem, again: Sequence[Status] | None, stated: Certificate) -> tuple[RulingName, tuple[int, ...]]:
    """The ruling under one reading, and which choices are right."""
    if again is None:
        return "contradictory", ()
    right = tuple(i for i, status in enumerate(again) if status in problem.right)
    if len(right) != 1:
        return "ambiguous", right
    if stated.open:
        rivals = "could" in again and problem.right == ("must",) and problem.exclusive
        return ("ambiguous" if rivals else "proven"), right
    agrees = stated.key is None or stated.key == LETTERS[right[0]]
    return ("proven" if agrees else "wrong_key"), right


def _combined(found: Sequence[tuple[RulingName, tuple[int, ...]]]) -> tuple[RulingName, tuple[int, ...]]:
    """The ruling over all readings; one under which nothing fits counts only where no other is left."""
    meant = [each for each in found if each[0] != "contradictory"] or [*found][:1]
    names = {name for name, _ in meant}
    answers = {right for name, right in meant if name in ("proven", "wrong_key")}
    if len(names) > 1 or len(answers) > 1:
        return "convention_dependent", ()
    return meant[0]


def _check_models(reading: Reading, again: Sequence[Status] | None) -> None:
    shown = reading.witnesses
    _need(again is None or len(shown) > 0, "no model is shown")
    _need(again is None or "could" not in again or len(shown) == 2, "one model is shown where choices differ in two")
    _need(len({canonical(each) for each in shown}) == len(shown), "the two models that are shown do not differ")


def _check_clash(family: Family, problem: Problem, reading: Reading) -> None:
    given = range(len(clauses(problem)))
    clash, repair = reading.clash, reading.repair
    _need({*clash, *repair} <= {*given}, "its clash names a clue that is not there")
    _need(len(repair) <= 2 and not (repair and not clash), "its repair mends no clash")

    def fits(kept: Sequence[int]) -> bool:
        return not kept or family.recheck(only(problem, kept), statuses) is not None

    _need(not clash or not fits(clash), "the clues of its clash can be true together")
    for i in clash:
        _need(fits([j for j in clash if j != i]), f"its clash does not need clue {i + 1}")
    _need(not repair or fits([i for i in given if i not in repair]), "its repair mends nothing")
    for i in repair if len(repair) == 2 else ():
        _need(not fits([j for j in given if j != i]), f"to drop clue {i + 1} alone mends as much as its repair")


def _check_question(family: Family, problem: Problem, stated: Certificate, question: Question) -> None:
    key: Letter | None = question.key
    _need(fingerprint(question) == stated.text, "it is about another text")
    _need(key == stated.key, f"it rules on the key {stated.key}, the question's is {key}")
    _need(not stated.read_by, f"its text was read by {', '.join(stated.read_by)[:100]}, which no replay repeats")
    try:
        again = family.read(question.stem, question.choices)
    except Unread as unread:
        raise Fault(f"its text is no longer read: {unread.why}: {unread.sentence[:120]!r}") from unread
    if stated.open:
        problem = problem.model_copy(update={"choices": ()})
    _need(again.model_dump() == problem.model_dump(), "its text reads to another problem")
    _need(stated.open == (not question.choices), "it takes an open question for one with choices, or the reverse")
    _need(again.said == stated.sentences, "its clues were read from other sentences")
