"""A person decides what the committee could not: keep, edit or discard."""

from collections.abc import Iterator, Mapping
from typing import Literal

from stumper.types import Outcome, Review, Value, Verdict, Written

VERSION = 1


class Settings(Value):
    unattended: Literal["wait", "accept-none"] = "wait"
    """With nobody there: wait for `stumper review`, or leave out what needs a person (and count it)."""


class Item(Value):
    """One entry of the queue: the question and why it needs a person."""

    written: Written
    reason: str


def tasks(_: Settings, written: Mapping[str, Written], verdicts: Mapping[str, Verdict]) -> dict[str, Item]:
    """The queue, in the order of writing."""
    return {
        key: Item(written=written[key], reason=verdict.reason)
        for key, verdict in verdicts.items()
        if verdict.decision == "review"
    }


def leave_out(_: Settings, owed: Mapping[str, Item]) -> Iterator[Outcome[Review]]:
    """What an unattended run does with its queue."""
    for key in owed:
        yield key, Review(decision="left", reviewer="", reason="nobody was there to review it"), {}
