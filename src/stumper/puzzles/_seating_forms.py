"""The English of seating problems: the forms in which clues and questions are said.

A form is a text with slots. `{who}`, `{of}`, `{other}`: names. `{side}`, `{end}`: left or right. `{steps}`: two,
`{steps:th}`: second, `{people:people}`: one person, two people, `{people:sit}`: sits, sit. A place is said by a phrase
("next to {of}"), and a phrase is put into a frame ("{who} sits ..."); what cannot be said so is a sentence of its own.
The grammar that reads them is `_seating_grammar`.
"""

from stumper.puzzles._seating_language import (
    Adjacent,
    AnyPlain,
    AtAnEnd,
    Beside,
    Between,
    Facing,
    Gap,
    Opposite,
    Place,
    Shape,
    Somewhere,
)


def _split(words: str) -> tuple[str, ...]:
    return tuple(words.split())


PHRASES: dict[str, tuple[str, ...]] = {
    "beside one": (
        "immediately to the {side} of {of}",
        "directly to the {side} of {of}",
        "just to the {side} of {of}",
        "to the immediate {side} of {of}",
        "on the immediate {side} of {of}",
        "one seat to the {side} of {of}",
        "one place to the {side} of {of}",
        "immediately {side} of {of}",
        "directly {side} of {of}",
    ),
    "beside": (
        "{steps:th} to the {side} of {of}",
        "in the {steps:th} seat to the {side} of {of}",
        "in the {steps:th} place to the {side} of {of}",
        "{steps} seats to the {side} of {of}",
        "{steps} places to the {side} of {of}",
        "{steps} chairs to the {side} of {of}",
        "exactly {steps} seats to the {side} of {of}",
        "exactly {steps} places to the {side} of {of}",
    ),
    "somewhere": (
        "to the {side} of {of}",
        "somewhere to the {side} of {of}",
        "somewhere {side} of {of}",
        "further to the {side} than {of}",
        "further {side} than {of}",
    ),
    "adjacent": (
        "next to {of}",
        "beside {of}",
        "right next to {of}",
        "directly beside {of}",
        "immediately next to {of}",
        "in a seat next to {of}",
    ),
    "opposite": (
        "opposite {of}",
        "directly opposite {of}",
        "exactly opposite {of}",
        "across from {of}",
        "directly across from {of}",
        "in the seat opposite {of}",
    ),
    "at an end": (
        "at an end",
        "at one end",
        "at one end of the row",
        "at an end of the row",
        "at one of the ends",
        "at one of the two ends",
        "in an end seat",
        "in one of the end seats",
    ),
    "end": (
        "at the {end} end",
        "at the {end} end of the row",
        "at the far {end}",
        "at the extreme {end}",
        "at the extreme {end} end",
        "in the {end}most seat",
        "on the far {end}",
        "first from the {end}",
    ),
    "place": (
        "{place:th} from the {end}",
        "{place:th} from the {end} end",
        "in the {place:th} seat from the {end}",
        "in the {place:th} place from the {end}",
        "in the {place:th} seat from the {end} end",
        "in seat number {place} from the {end}",
        "{place:th} counting from the {end}",
    ),
    "between": (
        "directly between {of} and {other}",
        "immediately between {of} and {other}",
        "right between {of} and {other}",
        "in the seat between {of} and {other}",
        "just between {of} and {other}",
    ),
    "loosely between": ("between {of} and {other}", "in between {of} and {other}"),
}
DEFINITE = frozenset({"beside one", "beside", "opposite", "end", "place", "between"})
"""Kinds of which at most one person can be meant: only of these may one say "the person ..." or ask "who ...?"."""

SAYS = (
    "{who} sits ...",
    "{who} is ...",
    "{who} is seated ...",
    "{who} is sitting ...",
    "{who} is placed ...",
    "{who} can be found ...",
    "... sits {who}",
    "... is {who}",
    "it is {who} who sits ...",
)
SAYS_DEFINITE = (
    "the person ... is {who}",
    "the person found ... is {who}",
    "the person who sits ... is {who}",
    "the person sitting ... is {who}",
)
DENIES = (
    "{who} does not sit ...",
    "{who} is not ...",
    "{who} is not seated ...",
    "{who} is not sitting ...",
    "{who} is not placed ...",
    "{who} doesn't sit ...",
    "{who} isn't ...",
    "{who} isn't seated ...",
    "it is not {who} who sits ...",
    "it is not true that {who} sits ...",
)
ASKS = (
    "who sits ...",
    "who is ...",
    "who is seated ...",
    "who is sitting ...",
    "who is the person ...",
    "which person sits ...",
    "which person is ...",
    "which of them sits ...",
    "name the person who sits ...",
    "who can be found ...",
)

SENTENCES: dict[str, tuple[str, ...]] = {
    "adjacent": (
        "{who} and {of} sit next to each other",
        "{who} and {of} are next to each other",
        "{who} and {of} are seated next to each other",
        "{who} and {of} sit side by side",
        "{who} and {of} are neighbours",
        "{who} and {of} have adjacent seats",
        "{who} is a neighbour of {of}",
        "{who} has {of} as a neighbour",
    ),
    "not adjacent": (
        "{who} and {of} do not sit next to each other",
        "{who} and {of} are not next to each other",
        "{who} and {of} are not seated next to each other",
        "{who} and {of} do not sit side by side",
        "{who} and {of} are not neighbours",
        "{who} and {of} do not have adjacent seats",
        "{who} is not a neighbour of {of}",
    ),
    "gap": (
        "exactly {people:people} {people:sit} between {who} and {of}",
        "exactly {people:people} {people:are} seated between {who} and {of}",
        "exactly {people:people} {people:are} between {who} and {of}",
        "exactly {people:seats} {people:lie} between {who} and {of}",
        "exactly {people:people} {people:separate} {who} from {of}",
        "there {people:are} exactly {people:people} between {who} and {of}",
        "there {people:are} exactly {people:seats} between {who} and {of}",
        "{who} and {of} have exactly {people:people} between them",
        "{who} and {of} are separated by exactly {people:people}",
        "{who} is separated from {of} by exactly {people:people}",
        "between {who} and {of} {people:sit} exactly {people:people}",
        "between {who} and {of} there {people:are} exactly {people:people}",
        "the number of people between {who} and {of} is {people}",
        "only {people:people} {people:sit} between {who} and {of}",
    ),
    "opposite": (
        "{who} and {of} sit opposite each other",
        "{who} and {of} are opposite each other",
        "{who} and {of} are seated opposite each other",
        "{who} and {of} sit directly opposite each other",
    ),
    "not opposite": (
        "{who} and {of} do not sit opposite each other",
        "{who} and {of} are not opposite each other",
        "{who} and {of} are not seated opposite each other",
    ),
    "between": (
        "{of} and {other} sit on either side of {who}",
        "{who} has {of} and {other} as neighbours",
        "the neighbours of {who} are {of} and {other}",
        "the two neighbours of {who} are {of} and {other}",
    ),
    "faces centre": ("{who} faces the centre", "{who} is facing the centre", "{who} sits facing the centre"),
    "faces outwards": ("{who} faces outwards", "{who} is facing outwards", "{who} sits facing outwards"),
    "faces alike": (
        "{who} and {of} face the same direction",
        "{who} and {of} face the same way",
        "{who} faces the same way as {of}",
        "{who} and {of} are facing the same direction",
    ),
    "not faces alike": ("{who} and {of} face opposite directions", "{who} and {of} are facing opposite directions"),
    "how many": (
        "how many people sit between {who} and {of}",
        "how many people are there between {who} and {of}",
        "how many people are seated between {who} and {of}",
        "how many people are sitting between {who} and {of}",
        "how many people are between {who} and {of}",
        "how many of them sit between {who} and {of}",
        "how many sit between {who} and {of}",
        "how many people have a seat between {who} and {of}",
        "how many people separate {who} from {of}",
        "how many seats lie between {who} and {of}",
        "what is the number of people between {who} and {of}",
        "by how many people are {who} and {of} separated",
    ),
    "which true": (
        "which of the following must be true",
        "which of these must be true",
        "which statement must be true",
        "which of these statements must be true",
        "which of the following statements must be true",
        "which one of these must be true",
        "which one of the following must be true",
        "which statement follows",
        "which of these statements follows",
        "which of the following follows",
        "which statement is certainly true",
        "which of these is certainly true",
    ),
    "which false": (
        "which of the following must be false",
        "which of these must be false",
        "which statement must be false",
        "which of these statements must be false",
        "which of the following statements must be false",
        "which one of these must be false",
        "which one of the following must be false",
        "which statement cannot be true",
        "which of these statements cannot be true",
        "which of the following cannot be true",
        "which statement is certainly false",
        "which of these is certainly false",
    ),
}

OPENINGS = (
    "{count} {group}, {names}, sit {setting}",
    "{count} {group}, {names}, are seated {setting}",
    "{count} {group}, {names}, are sitting {setting}",
    "{count} {group} - {names} - sit {setting}",
    "{count} {group} - {names} - are seated {setting}",
    "{count} {group} ({names}) sit {setting}",
    "{count} {group} called {names} sit {setting}",
    "{count} {group} sit {setting}: {names}",
    "{count} {group} are seated {setting}: {names}",
    "the {group} {names} sit {setting}",
    "{names} sit {setting}",
    "{names} are seated {setting}",
    "{names} are sitting {setting}",
    "{setting} sit {count} {group}: {names}",
)
GROUPS = (
    "friends",
    "people",
    "colleagues",
    "students",
    "guests",
    "players",
    "cousins",
    "singers",
    "teachers",
    "children",
    "artists",
    "doctors",
    "clerks",
    "actors",
)
SETTINGS: dict[tuple[Shape, Facing], tuple[str, ...]] = {
    ("circle", "mixed"): (
        "in a circle, each facing either the centre or outwards",
        "in a ring, each facing either inwards or outwards",
        "around a round table, each facing the centre or outwards",
        "at a round table, each facing either the centre or outwards",
        "in a circle, each facing either the centre or away from the centre",
    ),
    ("row", "north"): (
        "in a row facing north",
        "in one row facing north",
        "in a straight row facing north",
        "in a line facing north",
        "on a bench facing north",
        "side by side, facing north",
        "in a row, all facing north",
    ),
    ("row", "south"): (
        "in a row facing south",
        "in one row facing south",
        "in a straight row facing south",
        "in a line facing south",
        "on a bench facing south",
        "side by side, facing south",
        "in a row, all facing south",
    ),
    ("circle", "centre"): (
        "in a circle facing the centre",
        "around a round table facing the centre",
        "around a circular table facing the centre",
        "around a table, facing its centre",
        "at a round table facing the centre",
        "in a circle, all facing the centre",
        "in a ring facing the centre",
        "in a circle facing inwards",
    ),
    ("circle", "outwards"): (
        "in a circle facing outwards",
        "in a ring facing outwards",
        "in a circle, all facing outwards",
        "around a round table facing outwards",
        "around a fountain, facing outwards",
        "in a circle facing away from the centre",
        "in a circle with their backs to the centre",
    ),
}

NUMBERS = _split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
ORDINALS = _split(
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
SINGULAR = {"people": "person", "seats": "seat", "are": "is"}

NAMES = _split(
    "Ada Amir Ana Anna Arun Asha Ben Bea Bo Carl Cleo Cy Dan Dara Dev Dina Eli Elsa Emma Eva Ezra Femi Finn Fay Gus "
    "Gita Hal Hana Hugo Ida Ines Ivan Iris Jack Jan Jay Jill Joy Juno Kai Kate Ken Kim Kofi Lars Lea Leo Lily Liv "
    "Lola Luca Luis Mary Mei Mia Mina Moe Nadia Ned Nia Nina Noah Nora Ola Omar Otto Owen Pam Paul Pia Quin Raj Ravi "
    "Rita Ron Rosa Ruby Sam Sara Sean Sita Sofia Sue Tara Tess Tim Tom Tova Uma Ursa Vera Vik Wanda Wes Xena Yara "
    "Yuri Yusuf Zane Zara Zoe"
)

CLASSES: dict[str, tuple[type[AnyPlain], dict[str, int]]] = {
    "beside one": (Beside, {"steps": 1}),
    "beside": (Beside, {}),
    "somewhere": (Somewhere, {}),
    "adjacent": (Adjacent, {}),
    "gap": (Gap, {}),
    "opposite": (Opposite, {}),
    "at an end": (AtAnEnd, {}),
    "end": (Place, {"place": 1}),
    "place": (Place, {}),
    "between": (Between, {"immediately": True}),
    "loosely between": (Between, {"immediately": False}),
}
