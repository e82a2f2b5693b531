"""A person decides what the committee could not: keep, edit or discard."""

from collections.abc import Iterator, Mapping

from stumper.errors import StumperError
from stumper.types import Outcome, Review, Value, Verdict, Written

VERSION = 1


class Item(Value):
    """One entry of the queue: the question and why it needs a person."""

    written: Written
    reason: str


def tasks(_: Value, written: Mapping[str, Written], verdicts: Mapping[str, Verdict]) -> dict[str, Item]:
    """The queue, in the order of writing."""
    return {
        key: Item(written=written[key], reason=verdict.reason)
        for key, verdict in verdicts.items()
        if verdict.decision == "review"
    }


def settle(owed: Mapping[str, Item], accept_none: bool) -> Iterator[Outcome[Review]]:
    """What a run does with its queue by itself. Raises StumperError when it is to wait for a person."""
    if owed and not accept_none:
        raise StumperError(
            f"{len(owed)} questions wait for a person: decide them with `stumper review RUN`, or leave them all out "
            "with `--accept-none`; then run the same command again"
        )
    for key in owed:
        yield key, Review(decision="left", reviewer="", reason="nobody was there to review it"), {}
