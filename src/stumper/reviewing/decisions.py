"""What several reviewers decided on one queue: each act is kept at once, and none is ever overwritten."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Literal

from pydantic import ValidationError

from stumper.errors import BadInput
from stumper.stats import Agreement, agreement
from stumper.store import append_line, whole_lines
from stumper.types import Review, Value

FILE = "decisions.jsonl"
"""In the artefact's folder: one line an act, as reviewers make them."""

PAUSE = 600.0
"""Seconds between two decisions beyond which the reviewer did something else."""

LEASE = 600.0
"""Seconds for which a question that was shown to one reviewer is shown to no other."""


class Entry(Value):
    """One act of a reviewer."""

    item: str
    reviewer: str
    act: Literal["answer", "decide", "undo"]
    choice: int | None = None
    """Of an answer: counted from 0; None where the reviewer found that no choice, or more than one, is right."""
    review: Review | None = None
    """Of a decision."""
    at: float = 0.0
    """Seconds since 1970."""


class Decisions:
    """The queue under way. A question is decided by `wanted` reviewers, and by more where these do not agree.

    `queue`: the items in order; `settled`: what stands in the artefact; `keep` stores what is to stand there now,
    None where nothing is: the run then waits for the item again. Who acts holds the artefact's lock, and has cut what
    a kill left of the last line.
    """

    def __init__(
        self,
        queue: tuple[str, ...],
        settled: Mapping[str, Review],
        path: Path,
        keep: Callable[[str, Review | None], None],
        wanted: int = 1,
    ) -> None:
        self.queue = queue
        self.wanted = wanted
        self._settled = {item: r for item, r in settled.items() if r.decision != "left"}
        self._path = path
        self._keep = keep
        self._answers: dict[tuple[str, str], int | None] = {}
        self._reviews: dict[str, dict[str, Review]] = {item: {} for item in queue}
        self._acts: dict[str, list[str]] = {}
        self._acted: set[str] = set()
        """Decided here at some time; what was decided elsewhere stays as it is."""
        self._last: dict[str, float] = {}
        self._paces: dict[str, list[float]] = {}
        self._leases: dict[str, dict[str, float]] = {}
        self._skipped: dict[str, list[str]] = {}
        for number, line in enumerate(whole_lines(path), start=1):
            self._take(_entry(line, path, number))
        for item in queue:
            self._store(item)

    def next(self, reviewer: str) -> str | None:
        """The question to show to a reviewer now, skipped ones last; None when nothing is left for them."""
        skipped = self._skipped.get(reviewer, [])
        order = [*(item for item in self.queue if item not in skipped), *skipped]
        found = next((item for item in order if self._is_open(item, reviewer)), None)
        if found is not None:
            self._leases.setdefault(found, {})[reviewer] = time.monotonic()
        return found

    def _is_open(self, item: str, reviewer: str) -> bool:
        reviews = self._reviews[item]
        if reviewer in reviews or (item in self._settled and not reviews) or self.outcome(item) is not None:
            return False
        now = time.monotonic()
        others = {who for who, since in self._leases.get(item, {}).items() if now - since < LEASE}
        others -= {reviewer, *reviews}
        # Where reviewers disagree, one more at a time is asked.
        return len(others) < max(self.wanted - len(reviews), 1)

    def answered(self, item: str, reviewer: str) -> bool:
        """Whether the reviewer has given an answer of their own, so that key and votes may be seen."""
        return (item, reviewer) in self._answers

    def answer_of(self, item: str, reviewer: str) -> int | None:
        return self._answers[item, reviewer]

    def answer(self, item: str, reviewer: str, choice: int | None) -> None:
        """Keep a blind answer. The first one counts: who has seen the key is not blind any more."""
        if item in self._reviews and not self.answered(item, reviewer):
            self._append(Entry(item=item, reviewer=reviewer, act="answer", choice=choice))

    def decide(self, item: str, review: Review) -> None:
        """Keep a decision. Raises BadInput for a question that is not in the queue or was not answered first."""
        if item not in self._reviews or not self.answered(item, review.reviewer):
            raise BadInput(f"{item} is not to be decided before {review.reviewer} has answered it")
        self._append(Entry(item=item, reviewer=review.reviewer, act="decide", review=review))
        self._store(item)

    def take(self, item: str, review: Review) -> None:
        """Keep a decision that was made elsewhere, in a terminal or another tool, where nobody answered blind."""
        if self._reviews[item].get(review.reviewer) != review:
            self._append(Entry(item=item, reviewer=review.reviewer, act="decide", review=review))
            self._store(item)

    def skip(self, item: str, reviewer: str) -> None:
        """Show it to this reviewer after all others, and meanwhile to anybody."""
        skipped = self._skipped.setdefault(reviewer, [])
        if item in skipped:
            skipped.remove(item)
        skipped.append(item)
        self._leases.get(item, {}).pop(reviewer, None)

    def undo(self, reviewer: str) -> str | None:
        """Take back the reviewer's last decision that stands; its item, or None."""
        acts = self._acts.get(reviewer, [])
        if not acts:
            return None
        item = acts[-1]
        self._append(Entry(item=item, reviewer=reviewer, act="undo"))
        self._store(item)
        self._leases.setdefault(item, {})[reviewer] = time.monotonic()
        return item

    def outcome(self, item: str) -> Review | None:
        """What the reviewers settled on: the decision of most of them, once `wanted` have decided; None before."""
        reviews = list(self._reviews[item].values())
        if len(reviews) < self.wanted:
            return None
        counts = Counter(review.decision for review in reviews).most_common(2)
        if len(counts) > 1 and counts[0][1] == counts[1][1]:
            return None
        return next(review for review in reversed(reviews) if review.decision == counts[0][0])

    def reviews(self, item: str) -> Mapping[str, Review]:
        """The decisions that stand on an item, by reviewer, the oldest first."""
        settled = self._settled.get(item)
        return dict(self._reviews[item]) or ({settled.reviewer: settled} if settled else {})

    @property
    def decided(self) -> int:
        """Questions of the queue that need nobody any more."""
        return sum(self.closed(item) for item in self.queue)

    def closed(self, item: str) -> bool:
        """Whether the question needs nobody any more."""
        return self.outcome(item) is not None or (item in self._settled and not self._reviews[item])

    def by_reviewer(self) -> dict[str, int]:
        """Decisions that stand, by reviewer."""
        return dict(Counter(who for reviews in self._reviews.values() for who in reviews))

    def pace(self, reviewer: str) -> float | None:
        """The median seconds from one decision of the reviewer to the next; None before the second."""
        paces = self._paces.get(reviewer)
        return median(paces) if paces else None

    def agreements(self) -> dict[str, Agreement]:
        """How far reviewers agree in their blind answers and in their decisions, where two saw the same question."""
        answers: dict[str, dict[str, str]] = {}
        for (item, who), choice in self._answers.items():
            answers.setdefault(item, {})[who] = str(choice)
        decisions = {item: {w: r.decision for w, r in found.items()} for item, found in self._reviews.items()}
        found = {"answers": agreement(answers.values()), "decisions": agreement(decisions.values())}
        return {name: each for name, each in found.items() if each is not None}

    def _append(self, entry: Entry) -> None:
        entry = entry.model_copy(update={"at": round(time.time(), 3)})
        append_line(self._path, entry.model_dump(mode="json"))
        self._take(entry)

    def _take(self, entry: Entry) -> None:
        if entry.item not in self._reviews:  # of a queue that has changed since
            return
        reviews, acts = self._reviews[entry.item], self._acts.setdefault(entry.reviewer, [])
        if entry.act == "answer":
            self._answers.setdefault((entry.item, entry.reviewer), entry.choice)
            return
        self._acted.add(entry.item)
        reviews.pop(entry.reviewer, None)
        if entry.item in acts:
            acts.remove(entry.item)
        if entry.act == "decide" and entry.review is not None:
            reviews[entry.reviewer] = entry.review
            acts.append(entry.item)
            pace = entry.at - self._last.get(entry.reviewer, 0.0)
            self._last[entry.reviewer] = entry.at
            if 0 < pace < PAUSE:
                self._paces.setdefault(entry.reviewer, []).append(pace)

    def _store(self, item: str) -> None:
        """Bring the artefact to what stands now; a kill between the two files is mended at the next start."""
        now, before = self.outcome(item), self._settled.get(item)
        if now is not None and now != before:
            self._keep(item, now)
            self._settled[item] = now
        elif now is None and before is not None and item in self._acted:
            self._keep(item, None)
            del self._settled[item]


def _entry(line: bytes, path: Path, number: int) -> Entry:
    try:
        return Entry.model_validate_json(line)
    except ValidationError as error:
        raise BadInput(f"{path}, line {number}: no act of a reviewer; delete that line") from error
