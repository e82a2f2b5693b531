"""From stored ballots to what a policy's way of counting believes of each question."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

import numpy as np

from stumper.committee import label_models
from stumper.committee.label_models import NONE, Opinion, Votes
from stumper.types import LETTERS, Ballot, Ruling, Written

Counting = Literal["votes", "weighted", "one-coin", "glad", "dependent"]
MODELS: Mapping[str, Callable[[Votes, tuple[str, ...]], Opinion]] = {
    "weighted": label_models.weighted,
    "one-coin": lambda votes, _: label_models.one_coin(votes),
    "glad": lambda votes, _: label_models.glad(votes),
    "dependent": label_models.dependent,
}


class Panel(NamedTuple):
    """The ballots as a table."""

    items: tuple[str, ...]
    voters: tuple[str, ...]
    votes: Votes


def panel(written: Mapping[str, Written], rulings: Mapping[str, Ruling], ballots: Mapping[str, Ballot]) -> Panel:
    """The table of all questions that were voted on; the truth is known where the oracle proved the key.

    On its own question a voter's vote is the key it wrote, which it stood for before anybody asked.
    """
    items = tuple(dict.fromkeys(key.rsplit("#", 1)[0] for key in ballots))
    row = {item: i for i, item in enumerate(items)}
    voters = tuple(sorted({ballot.voter for ballot in ballots.values()}))
    column = {voter: i for i, voter in enumerate(voters)}
    keys = [_index(written[item].question.key) for item in items]
    choice = np.full((len(items), len(voters)), NONE)
    for key, ballot in ballots.items():
        i = row[key.rsplit("#", 1)[0]]
        choice[i, column[ballot.voter]] = keys[i] if ballot.own else _or_none(ballot.choice)
    truth = [k if rulings[item].ruling == "proven" else NONE for item, k in zip(items, keys, strict=True)]
    choices = [len(written[item].question.choices) for item in items]
    return Panel(items, voters, Votes(choice, np.array(choices, dtype=int), np.array(truth, dtype=int)))


def opinion(counting: Counting, panel: Panel, families: Mapping[str, str]) -> Opinion | None:
    """What a way of counting makes of the votes; None where votes are only counted. Families: by voter."""
    if counting == "votes" or not panel.items:
        return None
    return MODELS[counting](panel.votes, tuple(families.get(voter) or voter for voter in panel.voters))


def independence(
    families: Mapping[str, str],
    written: Mapping[str, Written],
    rulings: Mapping[str, Ruling],
    ballots: Mapping[str, Ballot],
) -> str:
    """How many independent teachers the voters are worth, in one sentence."""
    table = panel(written, rulings, ballots)
    found = opinion("dependent", table, families)
    if found is None:
        return "nobody voted"
    known = int((table.votes.truth != NONE).sum())
    return (
        f"{len(table.voters)} voters count as {found.effective:.1f} independent ones (by the correlation of their "
        f"errors on {known} proven questions, and what is assumed where they are few)"
    )


def beliefs(panel: Panel, found: Opinion | None) -> Callable[[str], tuple[float, ...]]:
    """Of a question: the probability that each of its choices is right; empty where nobody voted or heads count."""
    row = {item: i for i, item in enumerate(panel.items)} if found is not None else {}

    def believed(item: str) -> tuple[float, ...]:
        if found is None or (i := row.get(item)) is None:
            return ()
        return tuple(found.posterior[i, : panel.votes.choices[i]].tolist())

    return believed


def _index(key: str | None) -> int:
    return NONE if key is None else LETTERS.index(key)


def _or_none(choice: int | None) -> int:
    return NONE if choice is None else choice
