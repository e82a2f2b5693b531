"""The two kinds of sitting behind the page: reviewing a queue, and answering an audit."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

from stumper.committee import certify
from stumper.committee.audit import Audit
from stumper.errors import BadInput
from stumper.pipeline import STAGE
from stumper.reviewing.cards import Card, Dossier, card, dossiers, why
from stumper.reviewing.decisions import FILE, Decisions
from stumper.reviewing.exchange import Row
from stumper.run import Run
from stumper.store import Artefact, cut_torn_line
from stumper.types import LETTERS, Question, Review


def about(run: Run) -> dict[str, Mapping[str, Any]]:
    """The records that a question's card is made of."""
    return {stage: run.records(stage) for stage in ("generate", "prove", "verdict", "vote")}


def questions_of(run: Run) -> dict[str, Question]:
    """The queue with its questions, decided or not."""
    return {item: task.written.question for item, task in run.tasks(STAGE["review"]).items()}


@contextmanager
def deciding(run: Run, artefact: Artefact[Review], wanted: int) -> Iterator[Decisions]:
    """The decisions on a run's queue, while nobody else writes them. Raises StumperError where somebody does."""

    def keep(item: str, review: Review | None) -> None:
        if review is None:
            artefact.forget(item)
        else:
            artefact.append(item, review, {"at": round(time.time(), 3)})

    with artefact:
        artefact.unseal()
        artefact.open()  # once more: what another process wrote before the lock was ours
        cut_torn_line(artefact.folder / FILE)
        yield Decisions(tuple(questions_of(run)), artefact.done(), artefact.folder / FILE, keep, wanted)


def reviewed(run: Run, artefact: Artefact[Review], wanted: int) -> Iterator[Row]:
    """Each question of the queue with each decision that stands on it, or with none. Nothing is written."""
    questions = questions_of(run)
    decisions = Decisions(tuple(questions), artefact.done(), artefact.folder / FILE, lambda *_: None, wanted)
    for item, question in questions.items():
        for review in decisions.reviews(item).values() or (None,):
            yield Row(item, question, review)


class Shown(NamedTuple):
    """What a reviewer sees now; without a card nothing is left for them."""

    card: Card | None
    behind: Dossier | None
    """What `known` is made of, once the reviewer has answered."""
    said: str
    """The reviewer's own answer, once it is given."""
    done: int
    of: int
    can_undo: bool


class Place(NamedTuple):
    """A question's place in the queue, as one reviewer may know it."""

    item: str
    state: str
    why: str


class Reviewing:
    """Blind answer first, then keep, edit or discard."""

    kind: Literal["review", "audit"] = "review"

    def __init__(self, decisions: Decisions, records: Mapping[str, Mapping[str, Any]]) -> None:
        self.decisions = decisions
        self._dossiers = dossiers(decisions.queue, records)

    def shown(self, reviewer: str) -> Shown:
        item = self.decisions.next(reviewer)
        progress = (self.decisions.decided, len(self.decisions.queue))
        can_undo = bool(self.decisions.by_reviewer().get(reviewer))
        if item is None:
            return Shown(None, None, "", *progress, can_undo)
        found = self.dossier(item)
        if not self.decisions.answered(item, reviewer):
            return Shown(card(item, found), None, "", *progress, can_undo)
        choice = self.decisions.answer_of(item, reviewer)
        said = "none is right, or several are" if choice is None else LETTERS[choice]
        return Shown(card(item, found), found, said, *progress, can_undo)

    def places(self, reviewer: str, first: int, most: int) -> list[Place]:
        """A part of the queue, in order; of a question that the reviewer has not answered, no more than of its card."""
        found = []
        for item in self.decisions.queue[first : first + most]:
            mine = self.decisions.reviews(item).get(reviewer)
            answered = self.decisions.answered(item, reviewer)
            state = f"you: {mine.decision}" if mine else "decided" if self.decisions.closed(item) else "waits"
            state += ", you answered" if answered and not mine else ""
            found.append(Place(item, state, why(self._dossiers[item], answered)))
        return found

    def dossier(self, item: str) -> Dossier:
        """Raises BadInput for what is not in the queue."""
        if item not in self._dossiers:
            raise BadInput(f"{item[:80]!r} is not in this queue")
        return self._dossiers[item]

    def answer(self, item: str, reviewer: str, choice: int | None) -> None:
        self._check(item, choice)
        self.decisions.answer(item, reviewer, choice)

    def decide(self, item: str, review: Review) -> None:
        self.decisions.decide(item, review)

    def _check(self, item: str, choice: int | None) -> None:
        most = len(self.dossier(item).written.question.choices)
        if choice is not None and not 0 <= choice < most:
            raise BadInput(f"{item} has {most} choices")


class Auditing:
    """Blind answers alone, in the order that the audit fixed; each is final, since the next question rests on it."""

    kind: Literal["review", "audit"] = "audit"

    def __init__(self, begun: Audit, records: Mapping[str, Mapping[str, Any]], folder: Any, budget: int) -> None:
        self._begun = begun
        self._records = records
        self._folder = folder
        self._budget = budget
        self._count = len(certify.resume(begun, records["generate"], folder))

    def shown(self, reviewer: str) -> Shown:  # noqa: ARG002  (all reviewers answer one sequence)
        item = self._begun.next
        found = None if item is None else card(item, dossiers((item,), {**self._records, "vote": {}})[item])
        return Shown(found, None, str(self._begun.certificate()), self._count, self._budget, False)

    def answer(self, item: str, reviewer: str, choice: int | None) -> None:
        """Raises BadInput where somebody else was faster."""
        if item != self._begun.next:
            raise BadInput("somebody else has answered this question; here is the next one")
        most = len(self._records["generate"][item].question.choices)
        if choice is not None and not 0 <= choice < most:
            raise BadInput(f"{item} has {most} choices")
        answer = certify.Answer(item=item, choice=choice, reviewer=reviewer)
        certify.keep(self._folder, answer)
        self._begun.tell(certify.is_right(answer, self._records["generate"]))
        self._count += 1


Sitting = Reviewing | Auditing
