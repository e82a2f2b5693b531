"""From the parse of a sentence to what it claims, asks, and tells of the scene."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from lark import Token, Transformer, v_args

from stumper.puzzles._seating_grammar import DIRECTIONS, VENUES
from stumper.puzzles._seating_language import (
    BLANK,
    OTHER_BLANK,
    SOMEONE,
    Adjacent,
    AnyClue,
    AnyOf,
    AnyPlain,
    AnyQuery,
    AnyRelation,
    AsMany,
    AtAnEnd,
    Beside,
    Between,
    Direction,
    End,
    ExactlyOne,
    Faces,
    FacesAlike,
    Gap,
    How,
    HowMany,
    HowManyBeyond,
    HowManyFace,
    If,
    InRow,
    InTheMiddle,
    Is,
    Not,
    Opposite,
    OtherEnd,
    Place,
    Side,
    Someone,
    Somewhere,
    SomewhereBetween,
    Together,
    Which,
    WhichPair,
    WhichPlace,
    WhichWay,
    WhoSits,
    put,
)
from stumper.puzzles._seating_scene import Fact, number, ordinal

ELSEWHERE = "the other end"
"""Stands for whoever was said to have the one end, where somebody has the other."""


class Told(NamedTuple):
    """What one sentence says, under one parse."""

    facts: tuple[Fact, ...]
    clues: tuple[AnyClue, ...]
    query: AnyQuery | None
    about: tuple[str, ...] = ()
    """What the choices of "which" are about, where they are no sentences: people in an order ("order", "left"), or
    where somebody sits ("place", who, as seen from whom)."""


class Described(NamedTuple):
    """Somebody who is not named: the one opposite Ana."""

    that: tuple[AnyRelation, ...]
    """Each of "*"."""


Entity = str | Described


def _about(say: Callable[..., AnyRelation], *entities: Entity) -> AnyPlain:
    """A relation between people of whom at most one is described."""
    described = [entity for entity in entities if isinstance(entity, Described)]
    if not described:
        return say(*entities)
    if len(described) > 1:
        raise ValueError("speaks of two people whom it describes")
    relation = say(*(SOMEONE if isinstance(entity, Described) else entity for entity in entities))
    return Someone(that=(*described[0].that, relation))


def _exist(*entities: Entity) -> list[AnyClue]:
    return [Someone(that=entity.that) for entity in entities if isinstance(entity, Described)]


class Phrase(NamedTuple):
    """A place, said with the people it is measured from: next to both Bo and Cy."""

    say: Callable[..., AnyRelation]
    """(who, *one of `of`) -> the relation."""
    of: tuple[tuple[Entity, ...], ...] = ((),)
    join: Literal["and", "or", "xor"] = "and"

    def __call__(self, who: Sequence[Entity]) -> list[AnyClue]:
        said: list[AnyClue] = []
        each = [
            self.say("?", *("?" if isinstance(o, Described) else o for o in of))
            for of in self.of
            if self.join == "and" and len(self.of) > 1
        ]
        if any(isinstance(part, Beside | Opposite) or len(who) > 1 for part in each if not isinstance(part, Somewhere)):
            raise ValueError("names several people, and does not say who belongs to whom")
        for name in who:
            parts = [_about(self.say, name, *of) for of in self.of]
            match self.join:
                case "and":
                    said += parts
                case "or":
                    said.append(AnyOf(clues=tuple(parts)))
                case "xor":
                    said.append(ExactlyOne(clues=tuple(parts)))
        return said

    def denied(self, who: Sequence[Entity]) -> list[AnyClue]:
        if self.join == "xor" or (self.join == "and" and len(self.of) > 1):
            raise ValueError("denies two things at once, or each of them")
        clues: list[AnyClue] = [Not(clue=_about(self.say, name, *of)) for name in who for of in self.of]
        return [*_exist(*who, *(entity for of in self.of for entity in of)), *clues]

    def asked(self, *blanks: str) -> AnyPlain:
        if len(self.of) == 2 and self.join == "and":
            parts = [self.say(*blanks, *of) for of in self.of if isinstance(of[0], str)]
            if len(parts) == 2 and all(isinstance(part, Adjacent) for part in parts):
                return Between(who=blanks[0], of=self.of[0][0], other=self.of[1][0])
        if len(self.of) > 1:
            raise ValueError("asks of two places at once")
        return _about(self.say, *blanks, *self.of[0])


class Mutual(NamedTuple):
    """How people sit to each other."""

    say: Callable[[str, str], AnyRelation]
    block: bool = False
    """Whether it may be said of more than two: they sit together."""
    deniable: bool = True
    """Of those who do not sit at the ends one may still have an end, or neither."""

    def __call__(self, who: Sequence[Entity]) -> list[AnyClue]:
        return [self._said(who)]

    def denied(self, who: Sequence[Entity]) -> list[AnyClue]:
        if len(who) != 2 or not self.deniable:
            raise ValueError("denies it of each two, or of all together")
        return [*_exist(*who), Not(clue=self._said(who))]

    def asked(self) -> AnyPlain:
        return self.say(BLANK, OTHER_BLANK)

    def _said(self, who: Sequence[Entity]) -> AnyPlain:
        if len(who) == 2:
            return _about(self.say, *who)
        names = [entity for entity in who if isinstance(entity, str)]
        if not self.block or len(names) < len(who):
            raise ValueError("each other, of more than two people")
        return Together(people=tuple(names))


Part = Callable[[Sequence[Entity]], list[AnyClue]]


class Objects(NamedTuple):
    entities: tuple[Entity, ...]
    join: Literal["and", "or", "xor"] = "and"


@v_args(inline=True)
class Meaning(Transformer[Token, Any]):
    """Of a tree over tokens whose value is the position of the word. Raises ValueError for what it cannot mean."""

    def __init__(self, words: Sequence[str], numbered: End | None = None) -> None:
        """`numbered`: the end from which the seats were said to be numbered."""
        super().__init__()
        self._words = words
        self._numbered = numbered
        self._facts: list[Fact] = []
        self._asides: list[AnyClue] = []

    def start(self, *parts: Any) -> Told:
        clues = [clue for part in parts if isinstance(part, tuple) for clue in part]
        asks = [part for part in parts if isinstance(part, AnyQuery)]
        return Told(tuple(self._facts), (*clues, *self._asides), asks[0] if asks else None)

    # Words.

    def NAME(self, token: Token) -> str:  # noqa: N802
        return self._words[int(token)]

    VALUE = NAME

    def _word(self, token: Token) -> str:
        return self._words[int(token)].casefold()

    SIDE = DIRECTION = VENUE = SHAPE = _word

    def NUMBER(self, token: Token) -> int:  # noqa: N802
        return number(self._word(token))

    def ORDINAL(self, token: Token) -> int:  # noqa: N802
        return ordinal(self._word(token))

    def COMPASS(self, token: Token) -> str:  # noqa: N802
        return self._word(token)[:4]

    def MOST(self, token: Token) -> str:  # noqa: N802
        return self._word(token).removesuffix("most")

    def CLOCKWISE(self, token: Token) -> Side:  # noqa: N802
        return "clockwise" if self._word(token) == "clockwise" else "anticlockwise"

    def number(self, number: int) -> int:
        return number

    def just_one(self) -> int:
        return 1

    def just_two(self) -> int:
        return 2

    # People.

    def names(self, *names: str) -> tuple[str, ...]:
        return names

    many = names

    def one(self, entity: Entity, aside: Part | None = None) -> tuple[Entity, ...]:
        return (self.object(entity, aside),)

    def object(self, entity: Entity, aside: Part | None = None) -> Entity:
        if aside is not None:
            self._asides += aside((entity,))
        return entity

    def described(self, phrase: Phrase) -> Described:
        claims = phrase((SOMEONE,))
        if not all(isinstance(claim, AnyRelation) for claim in claims):
            raise ValueError("describes somebody by somebody who is described")
        if any(isinstance(claim, Somewhere) for claim in claims):
            raise ValueError("speaks of one person on a side where there may be several")
        return Described(tuple(claims))  # type: ignore[arg-type]

    def valued(self, value: str) -> str:
        return value

    def aside(self, *parts: Part) -> Part:
        return self.affirmed(*parts)

    which = aside

    def objects(self, entity: Entity) -> Objects:
        return Objects((entity,))

    def all_of(self, *entities: Entity) -> Objects:
        return Objects(entities)

    def any_of(self, *entities: Entity) -> Objects:
        return Objects(entities, "or")

    def one_of(self, *entities: Entity) -> Objects:
        return Objects(entities, "xor")

    # Directions.

    def centre(self, *_: str) -> Direction:
        return "centre"

    def outwards(self) -> Direction:
        return "outwards"

    def named(self, word: str) -> Direction:
        return DIRECTIONS[word]

    # Clauses.

    def clauses(self, *clauses: list[AnyClue]) -> tuple[AnyClue, ...]:
        return tuple(clue for clause in clauses for clue in clause)

    def condition(self, clues: tuple[AnyClue, ...]) -> tuple[AnyClue, ...]:
        return clues

    def claimed(self, who: tuple[Entity, ...], *parts: Part) -> list[AnyClue]:
        return [clue for part in parts for clue in part(who)]

    def either_claimed(self, one: str, other: str, part: Part) -> list[AnyClue]:
        found = [part((name,)) for name in (one, other)]
        if any(len(clues) != 1 for clues in found):
            raise ValueError("leaves open what of several things")
        return [AnyOf(clues=tuple(clues[0] for clues in found))]

    def one_claimed(self, one: str, other: str, part: Part) -> list[AnyClue]:
        (either,) = self.either_claimed(one, other, part)
        assert isinstance(either, AnyOf)
        return [ExactlyOne(clues=either.clues)]

    def gapped(self, who: str, phrase: Phrase) -> list[AnyClue]:
        """... and Bo third from the left."""
        return phrase((who,))

    def last_person(self, *found: str | int) -> list[AnyClue]:
        """The fifth person is Eve: there are five, and one is called so."""
        self._facts += [Fact("size", count) for count in found if isinstance(count, int)]
        return []

    def last_on_circle(self, _: str, count: int) -> list[AnyClue]:
        """In a row it might be said of a place."""
        self._facts.append(Fact("shape", "circle"))
        return self.last_person(count)

    def at_least_side(self, people: int, side: End, of: str) -> list[AnyClue]:
        self._facts.append(Fact("alike", True))
        return [Not(clue=Place(who=of, place=i, end=side)) for i in range(1, people + 1)]

    def at_most_side(self, people: int, side: End, of: str) -> list[AnyClue]:
        self._facts.append(Fact("alike", True))
        places = [Place(who=of, place=i, end=side) for i in range(1, people + 2)]
        return [AnyOf(clues=tuple(places))] if people else [*places]

    def rest_face(self, *found: Any) -> list[AnyClue]:
        """The other four look out: whoever they are, of whom this sentence does not say it."""
        numbers = [each for each in found if isinstance(each, int)]
        self._facts.append(Fact("rest", (numbers[0] if numbers else None, found[-1])))
        return []

    def neither_claimed(self, one: str, other: str, phrase: Phrase) -> list[AnyClue]:
        return phrase.denied((one, other))

    def found(self, who: str, phrase: Phrase) -> list[AnyClue]:
        return phrase((who,))

    def not_found(self, who: str, phrase: Phrase) -> list[AnyClue]:
        return phrase.denied((who,))

    def untrue(self, who: str, phrase: Phrase) -> tuple[AnyClue, ...]:
        return tuple(self.not_found(who, phrase))

    def flanked(self, who: str, of: str, other: str) -> list[AnyClue]:
        return [Between(who=who, of=of, other=other)]

    def only_between(self, who: str, of: str, other: str) -> list[AnyClue]:
        return self.flanked(who, of, other)

    def conditional(self, condition: list[AnyClue], then: list[AnyClue]) -> tuple[AnyClue, ...]:
        if len(condition) != 1 or len(then) != 1:
            raise ValueError("makes several things depend on several")
        return (If(condition=condition[0], then=then[0]),)

    def inverted(self, phrase: Phrase, who: str) -> list[AnyClue]:
        return phrase((who,))

    def the_one(self, phrase: Phrase, who: str) -> list[AnyClue]:
        self.described(phrase)
        return phrase((who,))

    def kin(self, *_: Any) -> Part:
        """Who is whose sister says nothing of seats."""
        return lambda _: []

    leftover = kin

    def affirmed(self, *parts: Part) -> Part:
        if len(parts) == 1:
            return parts[0]
        return lambda who: [clue for part in parts for clue in part(who)]

    preds = affirmed

    def denied(self, part: Any) -> Part:
        if not isinstance(part, Phrase | Mutual):
            raise ValueError("who knows how far the denial reaches")  # noqa: TRY004  it is what the text means
        return part.denied

    negated = denied

    def neither(self, one: Phrase, other: Phrase) -> Part:
        return lambda who: [*one.denied(who), *other.denied(who)]

    # Places.

    def near(self, of: Objects) -> Phrase:
        return _from(of, lambda who, name: Adjacent(who=who, of=name))

    def own_side(self, of: str, side: End) -> Phrase:
        return self.some_side(side, Objects((of,)))

    def own_next_side(self, of: str, side: Side) -> Phrase:
        return self.steps_side(1, side, Objects((of,)))

    def own_steps_side(self, steps: int, of: str, side: Side) -> Phrase:
        return self.steps_side(steps, side, Objects((of,)))

    def next_side(self, side: Side, of: Objects) -> Phrase:
        return self.steps_side(1, side, of)

    def steps_side(self, steps: int, side: Side, of: Objects) -> Phrase:
        return _from(of, lambda who, name: Beside(who=who, side=side, steps=steps, of=name))

    def some_side(self, side: End, of: Objects) -> Phrase:
        return _from(of, lambda who, name: Somewhere(who=who, side=side, of=name))

    def opposite(self, of: Objects) -> Phrase:
        return _from(of, lambda who, name: Opposite(who=who, of=name))

    def away(self, places: int, of: Objects) -> Phrase:
        return _from(of, lambda who, name: Gap(who=who, of=name, people=places - 1))

    def separated(self, of: Entity, people: int) -> Phrase:
        return _from(Objects((of,)), lambda who, name: Gap(who=who, of=name, people=people))

    def between(self, of: Entity, other: Entity) -> Phrase:
        return Phrase(lambda who, of, other: Between(who=who, of=of, other=other), ((of, other),))

    def loosely_between(self, of: Entity, other: Entity) -> Phrase:
        return Phrase(lambda who, of, other: Between(who=who, of=of, other=other, immediately=False), ((of, other),))

    def anywhere_between(self, of: Entity, other: Entity) -> Phrase:
        return Phrase(lambda who, of, other: SomewhereBetween(who=who, of=of, other=other), ((of, other),))

    def at_an_end(self, *_: str) -> Phrase:
        return Phrase(lambda who: AtAnEnd(who=who))

    def other_end(self, *of: Entity) -> Phrase:
        named = tuple(entity for entity in of if entity not in VENUES) or (ELSEWHERE,)
        return _from(Objects(named), lambda who, name: OtherEnd(who=who, of=name))

    def place_from(self, place: int, end: End) -> Phrase:
        return Phrase(lambda who: Place(who=who, place=place, end=end))

    place_number = place_from

    def side_end(self, end: End, *_: str) -> Phrase:
        return self.place_from(1, end)

    def middle(self, *_: str) -> Phrase:
        return Phrase(lambda who: InTheMiddle(who=who))

    def faces(self, direction: Direction) -> Phrase:
        return Phrase(lambda who: Faces(who=who, direction=direction))

    def faces_as(self, of: Entity) -> Phrase:
        return _from(Objects((of,)), lambda who, name: FacesAlike(who=who, of=name))

    def faces_person(self, of: Entity) -> Phrase:
        return self.opposite(Objects((of,)))

    def faces_unlike(self, of: Entity) -> Part:
        return self.faces_as(of).denied

    def near_neither(self, *of: Entity) -> Part:
        return self.near(Objects(of, "or")).denied

    def has_next_side(self, neighbour: str, of: str, side: Side) -> Part:
        return self._has(of, Beside(who=neighbour, side=side, of=of))

    def has_side(self, neighbour: str, of: str, side: End) -> Part:
        return self._has(of, Somewhere(who=neighbour, side=side, of=of))

    def _has(self, of: str, clue: AnyRelation) -> Part:
        def part(who: Sequence[Entity]) -> list[AnyClue]:
            if tuple(who) != (of,):
                raise ValueError("speaks of somebody else's side")
            return [clue]

        return part

    def numbered_place(self, place: int) -> Phrase:
        if self._numbered is None:
            raise ValueError("does not say from which end the seats are counted")
        return self.place_from(place, self._numbered)

    def compass_end(self, compass: End, *_: str) -> Phrase:
        return self.place_from(1, compass)

    def compass_next(self, compass: End, of: Objects) -> Phrase:
        return self.steps_side(1, compass, of)

    def compass_some(self, compass: End, of: Objects) -> Phrase:
        return self.some_side(compass, of)

    def has_value(self, value: str) -> Phrase:
        return Phrase(lambda who: Is(who=who, of=value))

    def is_named(self, name: str) -> Part:
        """Ana is the doctor; or, as `inverted`, the one opposite Ana is Bo."""

        def part(who: Sequence[Entity]) -> list[AnyClue]:
            (entity,) = who
            if isinstance(entity, Described):
                return [put(relation, {SOMEONE: name}) for relation in entity.that]
            return [Is(who=entity, of=name)]

        return part

    def is_not_named(self, name: str) -> Part:
        return self.has_value(name).denied

    def faced(self, of: str, who: str) -> list[AnyClue]:
        return [Opposite(who=who, of=of)]

    def end_beyond(self, _: str, side: End) -> Phrase:
        """The end that is to Ana's right: the row's right end where all look one way."""
        self._facts.append(Fact("alike", True))
        return Phrase(lambda who: Place(who=who, place=1, end=side))

    def has_neighbour(self, name: str) -> Phrase:
        return self.near(Objects((name,)))

    has_neighbours = between

    def neighbours(self) -> Mutual:
        return Mutual(lambda who, of: Adjacent(who=who, of=of))

    def together(self) -> Mutual:
        return Mutual(lambda who, of: Adjacent(who=who, of=of), block=True)

    def not_neighbours(self) -> Part:
        return self.neighbours().denied

    def opposed(self) -> Mutual:
        return Mutual(lambda who, of: Opposite(who=who, of=of))

    def alike(self) -> Mutual:
        return Mutual(lambda who, of: FacesAlike(who=who, of=of))

    def unlike(self) -> Part:
        return self.alike().denied

    def both_ends(self, *_: str) -> Mutual:
        return Mutual(lambda who, of: OtherEnd(who=who, of=of), deniable=False)

    def apart_from(self, places: int) -> Mutual:
        return self.separated_by(places - 1)

    def separated_by(self, people: int) -> Mutual:
        return Mutual(lambda who, of: Gap(who=who, of=of, people=people))

    def around(self, name: str) -> Mutual:
        return Mutual(lambda of, other: Between(who=name, of=of, other=other))

    # Numbers of people.

    def count(self, number: int) -> int:
        return number

    def nobody(self) -> int:
        return 0

    def apart(self, people: int, who: Entity, of: Entity) -> list[AnyClue]:
        return [_about(lambda who, of: Gap(who=who, of=of, people=people), who, of)]

    def apart_after(self, who: str, of: str, people: int) -> list[AnyClue]:
        return self.apart(people, who, of)

    def counted_side(self, people: int, side: End, of: str) -> list[AnyClue]:
        # Somebody's left is the row's left only where all look one way.
        self._facts.append(Fact("alike", True))
        return [Place(who=of, place=people + 1, end=side)]

    def as_many(self, who: str, of: str, other: str, fourth: str) -> list[AnyClue]:
        return [AsMany(who=who, of=of, other=other, fourth=fourth)]

    def split(self, *found: Any) -> list[AnyClue]:
        """So many look one way and the others (or so many more) the other way."""
        directions = [each for each in found if isinstance(each, str)]
        numbers = [each for each in found if isinstance(each, int)]
        if len(set(directions)) != 2:
            raise ValueError("tells of two groups that look the same way")
        return [clue for n, way in zip(numbers, directions, strict=False) for clue in self.so_many_face(n, way)]  # type: ignore[arg-type]

    def so_many_face(self, number: int, direction: Direction) -> list[AnyClue]:
        return [HowManyFace(people=number, direction=direction)]

    # Questions.

    def query(self, asks: AnyQuery) -> AnyQuery:
        return asks

    def _asked(self, asked: Phrase | Mutual, how: How) -> AnyQuery:
        if isinstance(asked, Mutual):
            return WhichPair(where=asked.asked(), how=how)
        return WhoSits(where=asked.asked(BLANK), how=how)

    def who_is(self, asked: Phrase | Mutual) -> AnyQuery:
        return self._asked(asked, "does")

    def who_can(self, asked: Phrase | Mutual) -> AnyQuery:
        return self._asked(asked, "can")

    def who_cannot(self, asked: Phrase | Mutual) -> AnyQuery:
        return self._asked(asked, "cannot")

    def how_many(self, who: str, of: str) -> AnyQuery:
        return HowMany(who=who, of=of)

    def how_many_from(self, one: str, other: str, side: Side, start: str) -> AnyQuery:
        if start not in (one, other):
            raise ValueError("counts from somebody else")
        return HowMany(who=start, of=other if start == one else one, side=side)

    def which_place(self, *found: str) -> AnyQuery:
        end, who = found if found[0] in ("left", "right") else reversed(found)
        return WhichPlace(who=who, end=end)

    def which_way(self, who: str) -> AnyQuery:
        return WhichWay(who=who)

    def who_faces(self, direction: Direction) -> AnyQuery:
        return self._asked(self.faces(direction), "does")

    def who_faces_not(self, direction: Direction) -> AnyQuery:
        others: dict[Direction, Direction] = {"north": "south", "south": "north", "centre": "outwards"}
        return self.who_faces(others.get(direction, "centre"))

    def who_is_named(self, name: str) -> AnyQuery:
        return self._asked(self.has_value(name), "does")

    def who_faces_person(self, of: str) -> AnyQuery:
        return self._asked(self.faces_person(of), "does")

    def how_many_side(self, side: End, of: str) -> AnyQuery:
        return HowManyBeyond(who=of, side=side)

    def who_around(self, name: str) -> AnyQuery:
        return self._asked(self.around(name), "does")

    def truth(self) -> AnyQuery:
        return Which(truth=True)

    def untruth(self) -> AnyQuery:
        return Which(truth=False)

    def can_be(self) -> AnyQuery:
        return Which(truth=True, can=True)

    def can_be_untrue(self) -> AnyQuery:
        return Which(truth=False, can=True)


def _from(of: Objects, say: Callable[[str, str], AnyRelation]) -> Phrase:
    return Phrase(say, tuple((entity,) for entity in of.entities), of.join)


def opened(facts: Sequence[Fact]) -> Told:
    """What an opening says. Raises ValueError for what it cannot mean."""
    rows = [fact.what for fact in facts if fact.about == "row"]
    if rows:
        return _rows_opened(facts, rows)
    found: dict[str, Any] = {}
    for fact in facts:
        if found.setdefault(fact.about, fact.what) != fact.what:
            raise ValueError(f"tells two things of the scene ({fact.about})")
    order, people = found.pop("order", None), found.get("people", ())
    if found.pop("ordered", False) and order is None:
        raise ValueError("does not say from where the order counts")
    clues: list[AnyClue] = []
    if order is not None:
        if not people:
            raise ValueError("does not say who sits in that order")
        clues += ordered(people, order)
    return Told(tuple(Fact(about, what) for about, what in found.items()), tuple(clues), None)  # type: ignore[arg-type]


def ordered(people: Sequence[str], order: Side) -> list[AnyClue]:
    """Who sits where, of people in an order: from the left (or right) of a row, or clockwise."""
    if order in ("left", "right"):
        return [Place(who=name, place=i, end=order) for i, name in enumerate(people, 1)]
    return [Beside(who=other, side=order, of=name) for name, other in pairwise(people)]


def _rows_opened(facts: Sequence[Fact], rows: Sequence[int]) -> Told:
    """Of each row: who sits in it, and which way they look."""
    starts = {"row"} if facts[0].about == "row" or len(rows) == 1 else {facts[0].about}
    told: list[Fact] = [fact for fact in facts if fact.about in ("shape", "per_row", "size")]
    clues: list[AnyClue] = []
    parts: list[list[Fact]] = []
    for fact in facts:
        if not parts or (len(rows) > 1 and fact.about in starts):
            parts.append([])
        parts[-1].append(fact)
    for part in parts:
        about = {fact.about: fact.what for fact in part}
        row = about.get("row")
        if row is None or len(about) < len(part):
            raise ValueError("does not say who sits in which row")
        if "facing" in about:
            told.append(Fact("row 1 faces" if row == 1 else "row 2 faces", about["facing"]))
        if "people" in about:
            told.append(Fact("row 1" if row == 1 else "row 2", about["people"]))
            clues += [InRow(who=name, row="first" if row == 1 else "second") for name in about["people"]]
    return Told(tuple(told), tuple(clues), None)
