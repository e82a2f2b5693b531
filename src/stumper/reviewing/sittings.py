"""The two kinds of sitting behind the page: reviewing a queue, and answering an audit."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from stumper.committee import certify
from stumper.committee.audit import Audit
from stumper.errors import BadInput
from stumper.reviewing.cards import Card, Dossier, Known, card, dossier, known
from stumper.reviewing.decisions import Decisions
from stumper.types import LETTERS, Review


class Shown(NamedTuple):
    """What a reviewer sees now; without a card nothing is left for them."""

    card: Card | None
    known: Known | None
    said: str
    """The reviewer's own answer, once it is given."""
    done: int
    of: int
    can_undo: bool


class Reviewing:
    """Blind answer first, then keep, edit or discard."""

    kind: Literal["review", "audit"] = "review"

    def __init__(self, decisions: Decisions, records: Mapping[str, Mapping[str, Any]]) -> None:
        self.decisions = decisions
        self._records = records

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
        return Shown(card(item, found), known(found), said, *progress, can_undo)

    def dossier(self, item: str) -> Dossier:
        """Raises BadInput for what is not in the queue."""
        if item not in self.decisions.queue:
            raise BadInput(f"{item[:80]!r} is not in this queue")
        return dossier(item, self._records)

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
        found = None if item is None else card(item, dossier(item, self._records))
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
