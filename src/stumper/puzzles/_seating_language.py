"""The typed language of seating problems: scenes, clues, queries and choices as named relations, and nothing else.

What they mean is said here in words, and in full by `stumper.puzzles.seating`; the two engines each make it precise
anew. A *term* is a name, or a value that one person has ("doctor", "tea"): either may stand wherever somebody does.
Blanks stand for whoever is asked for ("?", in a pair the other one is "??") or described ("*").
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import Field, StringConstraints, model_validator

from stumper import puzzles
from stumper.puzzles import Problem, Status
from stumper.puzzles._meta import NONE, UNDETERMINED, Meta
from stumper.types import Value

MOST_PEOPLE = 20
"""And the most seats."""


class Conventions(puzzles.Conventions):
    """Open points; see conventions/seating.yaml."""

    between: Literal["anywhere", "immediately"] = "anywhere"
    to_the_side: Literal["anywhere", "immediately"] = "anywhere"
    arc: Literal["either", "shorter"] = "either"
    ends: Literal["own", "viewer"] = "own"
    unstated_facing: Literal["centre", "outwards"] = "centre"


WEAK = Conventions()
Shape = Literal["row", "circle", "rows", "table"]
"""`rows`: two rows of equal length, seat facing seat. `table`: a rectangular table with seats on all four sides."""
Direction = Literal["north", "south", "centre", "outwards"]
Facing = Literal["north", "south", "centre", "outwards", "mixed", "corners_inwards", "corners_outwards"]
"""How all look; `mixed`: each by himself, as clues about it say or as they leave open. At a table with corners:
those at the corners towards the centre and the others outwards, or the other way about."""
End = Literal["left", "right", "west", "east"]
"""West and east are where they are, whichever way people look."""
Side = Literal["left", "right", "west", "east", "clockwise", "anticlockwise"]
"""Left and right are those of the person from whom one counts; the hands of a clock are seen from above."""
Row = Literal["first", "second"]

PERSON = r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ɏ'-]{0,23}"
VALUE = r"[A-Za-zÀ-ÖØ-öø-ɏ0-9][A-Za-z0-9À-ÖØ-öø-ɏ' -]{0,31}"
Name = Annotated[str, StringConstraints(pattern=f"^{PERSON}$")]
Term = Annotated[str, StringConstraints(pattern=f"^{VALUE}$")]
Count = Annotated[int, Field(ge=1, le=MOST_PEOPLE)]
Number = Annotated[int, Field(ge=0, le=MOST_PEOPLE)]

BLANK: Literal["?"] = "?"
"""The person asked for, in a query."""
OTHER_BLANK: Literal["??"] = "??"
"""The second of a pair asked for."""
SOMEONE: Literal["*"] = "*"
"""The person (or the empty seat) that a description is about."""
BLANKS = frozenset({BLANK, OTHER_BLANK, SOMEONE})

Who = Annotated[str, StringConstraints(pattern=rf"^(?:\?\??|\*|{VALUE})$")]


class Beside(Value):
    """`who` sits `steps` seats to that side of `of`; one step is the next seat, in the same row."""

    kind: Literal["beside"] = "beside"
    who: Who
    side: Side
    steps: Count = 1
    of: Who


class Somewhere(Value):
    """`who` sits anywhere to the left or right of `of`, as `of` looks, or to the west or east; in the same row.

    Rows only.
    """

    kind: Literal["somewhere"] = "somewhere"
    who: Who
    side: End
    of: Who


class Adjacent(Value):
    """No seat lies between `who` and `of`, in a row or round the table."""

    kind: Literal["adjacent"] = "adjacent"
    who: Who
    of: Who


class Gap(Value):
    """Exactly `people` sit between `who` and `of`, in the same row; seats that stay empty do not count.

    On a circle conventions differ: one way round or the other (`either`), or the way with fewer seats (`shorter`).
    """

    kind: Literal["gap"] = "gap"
    who: Who
    of: Who
    people: Number


class Opposite(Value):
    """On a circle: as many seats lie between `who` and `of` one way round as the other; never so when odd.

    In two rows: in the same place of the other row, counted from the west. At a table: straight across, or at the
    corner across the table's middle.
    """

    kind: Literal["opposite"] = "opposite"
    who: Who
    of: Who


class AtAnEnd(Value):
    """`who` has the first or the last seat of a row."""

    kind: Literal["at_an_end"] = "at_an_end"
    who: Who


class OtherEnd(Value):
    """`who` has one end of a row, and `of` the other end of the same row."""

    kind: Literal["other_end"] = "other_end"
    who: Who
    of: Who


class Place(Value):
    """`who` has the `place`-th seat counted from the named end of his row; 1 is the end itself.

    Where all in the row look the same way the end is named by themselves, or, by another convention, by somebody who
    looks at the page with north at its top, as it always is where facing is mixed.
    """

    kind: Literal["place"] = "place"
    who: Who
    place: Count
    end: End


class InTheMiddle(Value):
    """`who` has the middle seat of a row, or of a side of the table; there is none where the number is even."""

    kind: Literal["in_the_middle"] = "in_the_middle"
    who: Who


class AtACorner(Value):
    """`who` sits at a corner of a table that has seats there."""

    kind: Literal["at_a_corner"] = "at_a_corner"
    who: Who


class InRow(Value):
    """`who` sits in that one of two rows."""

    kind: Literal["in_row"] = "in_row"
    who: Who
    row: Row


class SameRow(Value):
    """`who` and `of` sit in the same one of two rows, or on the same side of the table (corners are on none)."""

    kind: Literal["same_row"] = "same_row"
    who: Who
    of: Who


class Between(Value):
    """The neighbours of `who` are `of` and `other`. In a row, where `immediately` is not said, conventions differ."""

    kind: Literal["between"] = "between"
    who: Who
    of: Who
    other: Who
    immediately: bool = True


class SomewhereBetween(Value):
    """`who` sits anywhere between `of` and `other`, all in one row. Rows only."""

    kind: Literal["somewhere_between"] = "somewhere_between"
    who: Who
    of: Who
    other: Who


class AsMany(Value):
    """As many people sit between `who` and `of` as between `other` and `fourth`; on a circle, the shorter ways."""

    kind: Literal["as_many"] = "as_many"
    who: Who
    of: Who
    other: Who
    fourth: Who


class Together(Value):
    """These sit on seats next to one another, with nobody and no empty seat among them, in whatever order."""

    kind: Literal["together"] = "together"
    people: Annotated[tuple[Who, ...], Field(min_length=2, max_length=8)]


class Is(Value):
    """Two terms are one person: Ana is the doctor; the doctor drinks tea."""

    kind: Literal["is"] = "is"
    who: Who
    of: Who


class Faces(Value):
    """`who` looks that way."""

    kind: Literal["faces"] = "faces"
    who: Who
    direction: Direction


class FacesAlike(Value):
    """`who` and `of` look the same way: both north or both south, both to the centre or both outwards."""

    kind: Literal["faces_alike"] = "faces_alike"
    who: Who
    of: Who


class HowManyFace(Value):
    """So many people look that way: exactly, at least or at most."""

    kind: Literal["how_many_face"] = "how_many_face"
    direction: Direction
    people: Number
    how: Literal["exactly", "at_least", "at_most"] = "exactly"


AnyRelation = (
    Beside
    | Somewhere
    | Adjacent
    | Gap
    | Opposite
    | AtAnEnd
    | OtherEnd
    | Place
    | InTheMiddle
    | AtACorner
    | InRow
    | SameRow
    | Between
    | SomewhereBetween
    | AsMany
    | Together
    | Is
    | Faces
    | FacesAlike
    | HowManyFace
)
Relation = Annotated[AnyRelation, Field(discriminator="kind")]


class Someone(Value):
    """All of this is true of one and the same person, who is "*" in it: the one opposite Ana sits left of Bo."""

    kind: Literal["someone"] = "someone"
    that: Annotated[tuple[Relation, ...], Field(min_length=1, max_length=4)]


class EmptySeat(Value):
    """All of this is true of one and the same empty seat, which is "*" in it."""

    kind: Literal["empty_seat"] = "empty_seat"
    that: Annotated[tuple[Relation, ...], Field(min_length=1, max_length=4)]


AnyPlain = AnyRelation | Someone | EmptySeat
Plain = Annotated[AnyPlain, Field(discriminator="kind")]


class Not(Value):
    kind: Literal["not"] = "not"
    clue: Plain


AnyBasic = AnyPlain | Not
Basic = Annotated[AnyBasic, Field(discriminator="kind")]
Several = Annotated[tuple[Basic, ...], Field(min_length=2, max_length=8)]


class AllOf(Value):
    """Each of these is true."""

    kind: Literal["all_of"] = "all_of"
    clues: Several


class AnyOf(Value):
    """At least one of these is true."""

    kind: Literal["any_of"] = "any_of"
    clues: Several


class ExactlyOne(Value):
    """One of these is true, and no other."""

    kind: Literal["exactly_one"] = "exactly_one"
    clues: Several


class If(Value):
    """`then` is true wherever `condition` is; where it is not, nothing is said. The converse is another clue."""

    kind: Literal["if"] = "if"
    condition: Basic
    then: Basic


AnyClue = AnyBasic | AllOf | AnyOf | ExactlyOne | If
Clue = Annotated[AnyClue, Field(discriminator="kind")]

How = Literal["does", "can", "cannot"]
"""Of a right choice: true in all models, in some model, in none."""


class WhoSits(Value):
    """Who is it of whom `where` is true? "?" stands for him; a choice is a name or a value."""

    kind: Literal["who"] = "who"
    where: Plain
    how: How = "does"
    among: Term | None = None
    """The attribute of whose values one is asked for ("which colour sits ..."); None: people."""


class WhichPair(Value):
    """Of which two is `where` true? They are "?" and "??"; a choice is a pair of terms."""

    kind: Literal["which_pair"] = "which_pair"
    where: Annotated[AnyPlain | AllOf, Field(discriminator="kind")]
    how: How = "does"


class HowMany(Value):
    """How many people sit between the two? A choice is a number.

    `side`: counted from `who` towards that side of his, until `of`; None: as in `Gap`.
    """

    kind: Literal["how_many"] = "how_many"
    who: Term
    of: Term
    side: Side | None = None


class HowManyBeyond(Value):
    """How many people sit in the row on that side of `who`, as he looks? A choice is a number. Full rows only."""

    kind: Literal["how_many_beyond"] = "how_many_beyond"
    who: Term
    side: End


class WhichPlace(Value):
    """Which seat from the named end of the row has `who`? A choice is a number; 1 is the end itself."""

    kind: Literal["which_place"] = "which_place"
    who: Term
    end: End


class WhatHas(Value):
    """Which value of the attribute has `who`? A choice is one of the values."""

    kind: Literal["what"] = "what"
    who: Term
    attribute: Term


class WhichWay(Value):
    """Which way does `who` look? A choice is a direction."""

    kind: Literal["which_way"] = "which_way"
    who: Term


class HowManyLook(Value):
    """How many people look that way? A choice is a number."""

    kind: Literal["how_many_look"] = "how_many_look"
    direction: Direction


class Which(Value):
    """Which statement must be true (`truth`) or must be false? With `can`: which one can be true, can be false?

    "All must be true except" asks which one can be false; "all can be true except", which one must be. A choice is
    a clue.
    """

    kind: Literal["which"] = "which"
    truth: bool = True
    can: bool = False


AnyQuery = WhoSits | WhichPair | HowMany | HowManyBeyond | WhichPlace | WhatHas | WhichWay | HowManyLook | Which
Query = Annotated[AnyQuery, Field(discriminator="kind")]
Pair = tuple[Term, Term]
Choice = Meta | Term | Annotated[int, Field(ge=-1, le=999)] | Pair | Clue


class Attribute(Value):
    """Something that people differ in. Nobody has two values of it, and each value is one person's."""

    name: Term
    values: Annotated[tuple[Term, ...], Field(min_length=1, max_length=MOST_PEOPLE)]
    """As many as there are people: everybody has one. Fewer: the others have none that is named."""


class Seating(Problem):
    """Some people on equally spaced seats, one on each."""

    shape: Shape
    facing: Facing | None = None
    """None: not stated; all look the same way, and in two rows each row looks at the other. In two rows `centre` says
    that too, and `outwards` that they sit back to back."""
    first_faces: Literal["south", "north"] = "south"
    """Which way the first of two rows looks."""
    sides: Annotated[tuple[int, ...], Field(max_length=4)] = ()
    """Of a table: how many sit on each side, clockwise, without the corners; opposite sides are equal."""
    corners: bool = False
    """Of a table: one sits at each corner too."""
    seats: Count | None = None
    """None: as many as people. More: the others stay empty."""
    conventions: Conventions = Conventions()
    people: Annotated[tuple[Name, ...], Field(max_length=MOST_PEOPLE)]
    others: Number = 0
    """People whom nobody names."""
    attributes: Annotated[tuple[Attribute, ...], Field(max_length=4)] = ()
    clues: Annotated[tuple[Clue, ...], Field(max_length=64)]
    query: Query
    choices: Annotated[tuple[Choice, ...], Field(max_length=400)] = ()

    @property
    def everybody(self) -> int:
        """How many people there are."""
        return len(self.people) + self.others

    @property
    def size(self) -> int:
        """How many seats there are."""
        return self.seats if self.seats is not None else self.everybody

    @property
    def right(self) -> tuple[Status, ...]:
        match self.query:
            case Which(can=True):
                return ("must", "could")
            case WhoSits(how=how) | WhichPair(how=how):
                ways: dict[How, tuple[Status, ...]] = {"can": ("must", "could"), "cannot": ("cannot",)}
                return ways.get(how, ("must",))
        return ("must",)

    @model_validator(mode="after")
    def _is_well_formed(self) -> "Seating":
        _check_scene(self)
        for clue in self.clues:
            check_in(clue, self)
        _check_query(self)
        for choice in self.choices:
            _check_choice(self, choice)
        return self


P = TypeVar("P", bound=Value)
C = TypeVar("C", bound=AnyClue)


def _check_scene(problem: Seating) -> None:
    shape, facing = problem.shape, problem.facing
    if not 2 <= problem.everybody <= MOST_PEOPLE:
        raise ValueError(f"{problem.everybody} people")
    values = [value for attribute in problem.attributes for value in attribute.values]
    if len({name.casefold() for name in problem.people}) < len(problem.people):
        raise ValueError("two people have the same name")
    if len({term.casefold() for term in (*problem.people, *values)}) < len(problem.people) + len(values):
        raise ValueError("a name or a value stands for two things")
    if len({attribute.name for attribute in problem.attributes}) < len(problem.attributes):
        raise ValueError("two attributes have the same name")
    if any(len(attribute.values) > problem.everybody for attribute in problem.attributes):
        raise ValueError("an attribute has more values than there are people")
    if problem.size < problem.everybody:
        raise ValueError(f"{problem.everybody} people on {problem.size} seats")
    if shape == "rows" and problem.size % 2:
        raise ValueError("two facing rows have equally many seats")
    if (shape == "table") != bool(problem.sides) or (problem.corners and shape != "table"):
        raise ValueError("a table, and nothing else, has sides and corners")
    if shape == "table":
        if len(problem.sides) != 4 or problem.sides[:2] != problem.sides[2:] or min(problem.sides) < 1:
            raise ValueError("a table has seats on all four sides, and equally many on opposite ones")
        if sum(problem.sides) + 4 * problem.corners != problem.size:
            raise ValueError("the seats at the table's sides are not as many as there are seats")
    if facing in ("corners_inwards", "corners_outwards") and not problem.corners:
        raise ValueError("there are no corners to look from")
    looks = {"row": ("north", "south", "mixed"), "rows": ("centre", "outwards")}
    ring = ("centre", "outwards", "mixed", "corners_inwards", "corners_outwards")
    if facing is not None and facing not in looks.get(shape, ring):
        raise ValueError(f"a {shape} cannot face {facing}")


def _check_query(problem: Seating) -> None:
    terms = terms_of(problem)
    match problem.query:
        case WhoSits(where=where, among=among):
            check_in(where, problem, (BLANK,))
            if among is not None and among not in {attribute.name for attribute in problem.attributes}:
                raise ValueError(f"nothing is said to differ in {among}")
        case WhichPair(where=where):
            check_in(where, problem, (BLANK, OTHER_BLANK))
        case HowMany(who=who, of=of, side=side):
            claim = Gap(who=who, of=of, people=0) if side is None else Beside(who=of, of=who, side=side)
            check_in(claim, problem)
        case WhichPlace(who=who, end=end) | HowManyBeyond(who=who, side=end):
            check_in(Place(who=who, place=1, end=end), problem)
            if isinstance(problem.query, HowManyBeyond) and (
                problem.size > problem.everybody or (problem.facing == "mixed" and end in ("left", "right"))
            ):
                raise ValueError("people on one side of somebody are counted in full rows that look one way")
        case WhatHas(who=who, attribute=attribute):
            if attribute not in {a.name for a in problem.attributes}:
                raise ValueError(f"nothing is said to differ in {attribute}")
            if who not in terms:
                raise ValueError(f"{who} has no seat")
        case WhichWay(who=who):
            check_in(Faces(who=who, direction=directions(problem.shape)[0]), problem)
        case HowManyLook(direction=direction):
            check_in(HowManyFace(direction=direction, people=0), problem)


def _check_choice(problem: Seating, choice: Choice) -> None:
    if choice in (UNDETERMINED, NONE):
        return
    query = problem.query
    terms: Sequence[str] = terms_of(problem)
    match query:
        case WhatHas(attribute=attribute):
            terms = next(a.values for a in problem.attributes if a.name == attribute)
            fits = isinstance(choice, str)
        case WhichWay():
            terms = directions(problem.shape)
            fits = isinstance(choice, str)
        case WhoSits():
            fits = isinstance(choice, str)
        case WhichPair():
            fits = isinstance(choice, tuple)
        case Which():
            fits = isinstance(choice, Value)
        case _:
            fits = isinstance(choice, int)
    if not fits:
        raise ValueError(f"{choice!r} is no answer to the query")
    if isinstance(choice, Value):
        check_in(choice, problem)
    for term in choice if isinstance(choice, tuple) else (choice,):
        if isinstance(term, str) and term not in terms:
            raise ValueError(f"{term} has no seat")
    if isinstance(choice, tuple) and choice[0] == choice[1]:
        raise ValueError("a pair of one")


def terms_of(problem: Seating) -> tuple[str, ...]:
    """All names, then all values."""
    return (*problem.people, *(value for attribute in problem.attributes for value in attribute.values))


def directions(shape: Shape) -> tuple[Direction, Direction]:
    """The two ways to look."""
    return ("north", "south") if shape in ("row", "rows") else ("centre", "outwards")


def check_in(clue: AnyClue, problem: Seating, blanks: Sequence[str] = ()) -> None:
    """Raises ValueError for a clue that says nothing of this scene; `blanks` are to stand in it."""
    check(clue, problem.shape, terms_of(problem), blanks)
    for relation in relations(clue):
        if isinstance(relation, AtACorner) and not problem.corners:
            raise ValueError("there are no seats at corners")
        length = problem.size // 2 if problem.shape == "rows" else problem.size
        if isinstance(relation, InTheMiddle) and problem.shape != "table" and length % 2 == 0:
            raise ValueError("an even number of seats has no middle")
        sided = isinstance(relation, Somewhere) or (isinstance(relation, Beside) and relation.side in ("left", "right"))
        if problem.facing == "mixed" and sided and SOMEONE in names_in(relation)[1:]:
            alone = [plain for plain in plains(clue) if isinstance(plain, EmptySeat) and relation in plain.that]
            if alone:
                raise ValueError("an empty seat has no left and no right")
        faced = problem.facing == "mixed" or problem.shape != "row"
        if isinstance(relation, Faces | FacesAlike | HowManyFace) and problem.facing is None and not faced:
            raise ValueError("nothing is said of how people look")
    if any(isinstance(plain, EmptySeat) for plain in plains(clue)) and problem.size == problem.everybody:
        raise ValueError("no seat stays empty")


ROWS_ALONE = (Somewhere, AtAnEnd, OtherEnd, Place, SomewhereBetween)


def check(clue: AnyClue, shape: Shape, people: Sequence[str], blank: Sequence[str] | bool = ()) -> None:
    """Raises ValueError for a clue that says nothing of these terms on this shape; the blanks are to stand in it."""
    wanted = ((BLANK,) if blank else ()) if isinstance(blank, bool) else tuple(blank)
    names = names_in(clue)
    found = BLANKS.intersection(names) - {SOMEONE}
    if found != set(wanted):
        raise ValueError("a blank stands in the query, and nowhere else")
    strangers = set(names) - set(people) - BLANKS
    if strangers:
        raise ValueError(f"{min(strangers)} has no seat")
    for plain in plains(clue):
        described = isinstance(plain, Someone | EmptySeat)
        for relation in relations(plain):
            _check_relation(relation, shape)
            if described != (SOMEONE in names_in(relation)):
                raise ValueError("a description is about somebody, and nothing else is")
            if isinstance(plain, EmptySeat) and isinstance(relation, Is | Faces | FacesAlike):
                raise ValueError("an empty seat is nobody")  # noqa: TRY004  pydantic reports ValueError


def _check_relation(relation: AnyRelation, shape: Shape) -> None:
    names = names_in(relation)
    if isinstance(relation, AsMany):
        if relation.who == relation.of or relation.other == relation.fourth:
            raise ValueError("a person is set against the same person")
        if {relation.who, relation.of} == {relation.other, relation.fourth}:
            raise ValueError("two people are set against the same two")
    elif len(set(names)) < len(names):
        raise ValueError("a person is set against the same person")
    ring = shape in ("circle", "table")
    if ring and isinstance(relation, Somewhere):
        raise ValueError("left and right without a count say nothing on a circle")
    if ring and isinstance(relation, ROWS_ALONE):
        raise ValueError("a circle has no ends")
    if shape == "circle" and isinstance(relation, InTheMiddle):
        raise ValueError("a circle has no middle seat")
    if shape == "row" and isinstance(relation, Opposite):
        raise ValueError("nobody sits opposite in a row")
    if shape != "rows" and isinstance(relation, InRow):
        raise ValueError("there are no two rows")
    if shape not in ("rows", "table") and isinstance(relation, SameRow):
        raise ValueError("there is one row, or none")
    if ring and isinstance(relation, Beside) and relation.side in ("west", "east"):
        raise ValueError("west and east say nothing on a circle")
    if isinstance(relation, Beside) and relation.side in ("clockwise", "anticlockwise") and not ring:
        raise ValueError("nothing goes round in a row")
    if isinstance(relation, Faces | HowManyFace) and relation.direction not in directions(shape):
        raise ValueError(f"nobody in a {shape} faces {relation.direction}")


def plains(clue: AnyClue) -> Iterator[AnyPlain]:
    """The plain statements of which a clue consists."""
    match clue:
        case Not(clue=plain):
            yield plain
        case AllOf(clues=parts) | AnyOf(clues=parts) | ExactlyOne(clues=parts):
            for part in parts:
                yield from plains(part)
        case If(condition=condition, then=then):
            yield from plains(condition)
            yield from plains(then)
        case _:
            yield clue


def relations(clue: AnyClue) -> Iterator[AnyRelation]:
    """The relations of which a clue consists, those of descriptions too."""
    for plain in plains(clue):
        if isinstance(plain, Someone | EmptySeat):
            yield from plain.that
        else:
            yield plain


SLOTS = ("who", "of", "other", "fourth")


def names_in(clue: AnyClue) -> tuple[str, ...]:
    """The terms and blanks in a clue, in order, each as often as it is said; in a plain one `who` comes first."""
    if type(clue) in _SLOTS:
        return tuple([getattr(clue, slot) for slot in _SLOTS[type(clue)]])
    names: list[str] = []
    for relation in relations(clue):
        names += relation.people if isinstance(relation, Together) else names_in(relation)
    return tuple(names)


_SLOTS = {
    kind: tuple(slot for slot in SLOTS if slot in kind.model_fields)
    for kind in get_args(AnyRelation)
    if kind is not Together
}


def put(clue: P, by: dict[str, str]) -> P:
    """The clue with terms in the place of blanks."""

    def swap(content: Any) -> Any:
        if isinstance(content, Value):
            return put(content, by)
        if isinstance(content, tuple):
            return tuple(swap(part) for part in content)
        return content

    update: dict[str, Any] = {}
    for field, content in clue:
        if field in SLOTS or field == "people":
            old = content
            new = tuple(by.get(n, n) for n in old) if isinstance(old, tuple) else by.get(old, old)
            update[field] = new
        elif isinstance(content, Value | tuple):
            update[field] = swap(content)
    return clue.model_copy(update=update)


def proposition(query: AnyQuery, choice: Choice, conventions: Conventions = WEAK) -> AnyClue | None:
    """What a choice claims; None where it cannot be true: somebody beside himself, fewer than no people.

    A choice of "which must be false" claims the opposite (`denies`).
    """
    match query:
        case WhoSits(where=where):
            assert isinstance(choice, str)
            if isinstance(where, Somewhere) and where.who == BLANK and conventions.to_the_side == "immediately":
                where = Beside(who=BLANK, side=where.side, of=where.of)
            return _sensible(put(where, {BLANK: choice}))
        case WhichPair(where=where):
            assert isinstance(choice, tuple)
            return _sensible(put(where, {BLANK: choice[0], OTHER_BLANK: choice[1]}))
        case HowMany(who=who, of=of, side=side):
            assert isinstance(choice, int)
            if not 0 <= choice < MOST_PEOPLE:
                return None
            if side is None:
                return Gap(who=who, of=of, people=choice)
            return Beside(who=of, side=side, steps=choice + 1, of=who)
        case HowManyBeyond(who=who, side=side):
            assert isinstance(choice, int)
            return Place(who=who, place=choice + 1, end=side) if 0 <= choice < MOST_PEOPLE else None
        case WhichPlace(who=who, end=end):
            assert isinstance(choice, int)
            return Place(who=who, place=choice, end=end) if 1 <= choice <= MOST_PEOPLE else None
        case WhatHas(who=who):
            assert isinstance(choice, str)
            return _sensible(Is(who=who, of=choice))
        case WhichWay(who=who):
            return Faces(who=who, direction=choice)
        case HowManyLook(direction=direction):
            assert isinstance(choice, int)
            return HowManyFace(direction=direction, people=choice) if 0 <= choice <= MOST_PEOPLE else None
        case Which():
            assert isinstance(choice, Value)
            return choice


def _sensible(clue: C) -> C | None:
    """None in the place of a claim that sets somebody against himself."""
    for relation in relations(clue):
        names = names_in(relation)
        if len(set(names)) < len(names) and not isinstance(relation, AsMany):
            return None
    return clue


def denies(query: AnyQuery) -> bool:
    """Whether the choices are asked to be false."""
    return isinstance(query, Which) and not query.truth


def candidates(problem: Seating) -> dict[str, Choice]:
    """What may answer an open query, by how it is said; "which of these" has no answer without choices."""
    found: Sequence[Choice] = ()
    match problem.query:
        case WhoSits(where=where, among=among):
            barred = names_in(where)
            asked = next((a.values for a in problem.attributes if a.name == among), problem.people)
            found = [term for term in asked if term not in barred]
        case WhichPair(where=where):
            left = [name for name in problem.people if name not in names_in(where)]
            found = [(a, b) for i, a in enumerate(left) for b in left[i + 1 :]]
        case HowMany():
            found = range(problem.everybody - 1)
        case HowManyBeyond():
            found = range(problem.size // (2 if problem.shape == "rows" else 1))
        case WhichPlace():
            found = range(1, problem.size // (2 if problem.shape == "rows" else 1) + 1)
        case WhatHas(attribute=attribute):
            found = next(a.values for a in problem.attributes if a.name == attribute)
        case WhichWay():
            found = directions(problem.shape)
        case HowManyLook():
            found = range(problem.everybody + 1)
    return {" and ".join(choice) if isinstance(choice, tuple) else str(choice): choice for choice in found}


def open_points(problem: Seating) -> list[str]:
    """The conventions that the text leaves open and on which what it says may depend."""
    query = problem.query
    asked = [query.where] if isinstance(query, WhoSits | WhichPair) else []
    said = [*problem.clues, *asked, *(c for c in problem.choices if isinstance(c, Value))]
    found = [relation for clue in said for relation in relations(clue)]
    sided = any(isinstance(r, Somewhere | Beside) and r.side in ("left", "right") for r in found)
    if isinstance(query, HowMany | HowManyBeyond) and query.side in ("left", "right"):
        sided = True
    compass = any(isinstance(r, Somewhere | Beside) and r.side in ("west", "east") for r in found)
    compass = compass or any(isinstance(r, Place) and r.end in ("west", "east") for r in found)
    round_ = any(isinstance(r, Beside) and r.side in ("clockwise", "anticlockwise") for r in found)
    if isinstance(query, HowMany) and query.side in ("clockwise", "anticlockwise"):
        round_ = True
    looked = any(isinstance(r, Faces | HowManyFace) for r in found) or isinstance(query, WhichWay | HowManyLook)
    ring = problem.shape in ("circle", "table")
    points: list[str] = []
    if not ring and any(isinstance(r, Between) and not r.immediately for r in found):
        points.append("between")
    if isinstance(query, WhoSits) and isinstance(query.where, Somewhere) and query.where.who == BLANK:
        points.append("to_the_side")
    far = any(isinstance(r, Gap) and 2 * r.people > problem.everybody - 2 for r in found)
    if ring and (far or (isinstance(query, HowMany) and query.side is None)):
        points.append("arc")
    ended = any(isinstance(r, Place) and r.end in ("left", "right") for r in found)
    ended = ended or isinstance(query, WhichPlace | HowManyBeyond)
    south = problem.shape == "row" and problem.facing in ("south", None)
    if ended and ((south and (compass or (sided and problem.facing == "south"))) or problem.shape == "rows"):
        points.append("ends")
    if ring and problem.facing is None and ((sided and round_) or looked):
        points.append("unstated_facing")
    if problem.shape == "row" and problem.facing is None and compass and (sided or ended):
        points.append("unstated_facing")
    return points
