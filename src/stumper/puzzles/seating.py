"""Seating arrangements: people in a row or on a circle.

Conventions, the same for the setter, the reader and the solver:

- There are as many seats as people, equally spaced, one person on each, and all face the same way.
- Left and right are the sitters' own. In a row that faces north they are also the left and right of somebody who
  looks at the people's backs from the south: the left end is the west end. In a row that faces south the left end is
  the east end, and stays the left end: an end is named by the people in the row.
- On a circle arrangements that a rotation turns into each other are one arrangement; a reflection makes another one.
  Seen from above, a person at the bottom of a circle who faces the centre looks up the page and has the left hand
  towards the left of the page, which is the way the hands of a clock go on from there: left is clockwise, right
  is anticlockwise. For people who face outwards it is the other way round.
- "Second to the left of Bo" is the second seat as one goes from Bo to Bo's left; "immediately left" is the first.
  Nobody is counted past himself: in a group of n there is no n-th to the left.
- In a row "to the left of Bo", with no count, is anywhere to the left. On a circle it says nothing and is not read.
- A number of people between two others is meant exactly; on a circle one of the two ways round is enough.
- "Immediately between Ana and Bo" means with Ana as one neighbour and Bo as the other.
- Two things are read differently by different people and are open points (conventions/seating.yaml): whether in a
  row "between Ana and Bo" is anywhere between them or immediately (on a circle it is immediate), and whether "Who sits
  to the left of Bo?" is anybody further left or the next person. The setter says neither.
- Opposite: as many people on one side as on the other, so on a circle of an odd number nobody sits opposite anybody.
- An end, the "second from the left" and the number of people between two belong to rows; opposite belongs to circles.
- Whoever sits there and is named by no clue still has a seat. A choice is right when it holds in every arrangement
  that fits the clues, whether or not there is only one.
- Where the facing is not stated the answer does not depend on it, since all face the same way.
"""

from stumper.puzzles._seating_asp import recheck
from stumper.puzzles._seating_draw import draw
from stumper.puzzles._seating_language import Seating, candidates, open_points
from stumper.puzzles._seating_make import make
from stumper.puzzles._seating_read import read
from stumper.puzzles._seating_solve import solve
from stumper.types import JsonObject

__all__ = ["TITLE", "candidates", "draw", "load", "make", "open_points", "read", "recheck", "solve"]

TITLE = "Seating Arrangements (Linear, Circular)"


def load(clues: JsonObject) -> Seating:
    """Validate a problem stated as JSON. Raises pydantic.ValidationError."""
    return Seating.model_validate(clues)
