"""What English leaves open, as data: the points of each family and how a profile settles them."""

from collections.abc import Iterator
from functools import cache
from itertools import product

from pydantic import Field, TypeAdapter, ValidationError

from stumper import discover
from stumper.errors import BadInput
from stumper.files import read_yaml
from stumper.puzzles import Family, Problem, TooLarge
from stumper.types import Value

STRICT = "strict"
"""The profile that settles nothing but what a point's page names it for."""

MOST_READINGS = 64


class Point(Value):
    """One page of `conventions/FAMILY.yaml`."""

    asks: str = Field(min_length=1)
    readings: dict[str, str] = Field(min_length=2)
    """Its readings, each with a sentence that says what it means; the weakest first."""
    settled: dict[str, str]
    """Profile -> the reading it takes. Under a profile that is not named here all readings are run."""


@cache
def points(family: str) -> dict[str, Point]:
    """The open points of a family, by name. Raises BadInput with the file's mistake."""
    path = discover.shipped("conventions") / f"{family}.yaml"
    if not path.exists():
        return {}
    tree, lines = read_yaml(path)
    try:
        found = TypeAdapter(dict[str, Point]).validate_python(tree)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadInput(f"{path}, line {lines.get(first['loc'][:2], 1)}: {where}: {first['msg']}") from error
    for name, point in found.items():
        if not set(point.settled.values()) <= point.readings.keys():
            raise BadInput(f"{path}: {name} is settled by what is none of its readings: {', '.join(point.readings)}")
    return found


def profiles() -> tuple[str, ...]:
    """All profiles that a convention names, `strict` first. Raises BadInput with a file's mistake."""
    files = sorted(path.stem for path in discover.shipped("conventions").glob("*.yaml"))
    named = {profile for family in files for point in points(family).values() for profile in point.settled} - {STRICT}
    return (STRICT, *sorted(named))


def readings(name: str, family: Family, problem: Problem, profile: str) -> Iterator[tuple[dict[str, str], Problem]]:
    """The problem under every reading that its text and the profile leave open, each with {point: reading}.

    Raises TooLarge for more than `MOST_READINGS`.
    """
    known = points(name)
    open_points = getattr(family, "open_points", None)
    left = known if open_points is None else {point: known[point] for point in open_points(problem)}
    ways = [[p.settled[profile]] if profile in p.settled else list(p.readings) for p in left.values()]
    for n, way in enumerate(product(*ways)):
        if n == MOST_READINGS:
            raise TooLarge(f"more than {MOST_READINGS} readings")
        chosen = dict(zip(left, way, strict=True))
        yield chosen, problem.under(chosen)
