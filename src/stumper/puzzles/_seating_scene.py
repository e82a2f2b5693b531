"""Who sits where and looks which way: openings, read piece by piece, in whatever order the pieces come.

An opening is a heap of pieces: a number of people, their names, a verb of sitting, a place, what they look at, and
things that say nothing (for dinner, in the library). A piece is a pattern over the kinds of its words. Words that no
lexicon knows may stand only where they cannot change the meaning: for what people look at, and for why they are there.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from stumper.puzzles._seating_forms import NUMBERS, ORDINALS
from stumper.puzzles._seating_grammar import DIRECTIONS, POLYGONS, SHAPES, VENUES


class Fact(NamedTuple):
    """Something told of the scene."""

    about: Literal[
        "people",
        "size",
        "seats",
        "shape",
        "table",
        "facing",
        "neighbours",
        "row",
        "per_row",
        "numbered",
        "order",
        "ordered",
        "alike",
        "rest",
        "row 1",
        "row 2",
        "row 1 faces",
        "row 2 faces",
    ]
    what: Any = None


class Opening(NamedTuple):
    """The beginning of a sentence that tells of the scene, as far as some piece of it."""

    facts: tuple[Fact, ...]
    end: int
    """The position of the first word behind it."""
    sits: bool
    """Whether it has a verb, and so may stand alone."""
    pausing: bool
    """Whether it ends with a mark or a conjunction, and so something else may follow."""


Span = Sequence[tuple[str, str]]
"""(kind, small word) of each word of a piece."""

NUM = "(?:NUMBER |ONE |TWO )"
WHOLE = (
    "(?:EVERYONE |EACH OF THEM |EACH PERSON |EACH |THEY ALL |THEY |ALL OF THEM |ALL OF THE PERSON |ALL OF WHOM "
    "|ALL THE PERSON |ALL PERSON |ALL |BOTH |WHO ALL |WHO |PERSON )?"
)
OF_IT = "(?:OF (?:THE |A )(?:SHAPE |PLAIN |SEATING |WORD )*(?:VENUE |ARRANGEMENT )+)?"
INWARDS = f"(?:THE |THEIR |A )(?:CENTRE |MIDDLE ){OF_IT}"
THING = "(?:THE |A |THEIR )?(?:WORD |PLAIN )+(?:OF (?:THE |A )(?:WORD |PLAIN )+)?"
SIGHT = (
    f"(?:AWAY FROM (?:{INWARDS}|THE VENUE )|(?:TOWARDS )?(?:{INWARDS}|THE VENUE |(?:THE )?DIRECTION |EACH OTHER "
    f"|ONE ANOTHER |(?:IN )?THE SAME WAY |{THING}))"
)
PIECES: dict[str, str] = {
    "mark": "(?:COMMA |COLON |DASH |LPAR |RPAR )",
    "row_of": "(?:IN |OF )(?:VENUE |ROWS )(?:NUMBER |ONE |TWO )|(?:IN )(?:THE |ONE )?(?:ORDINAL |OTHER )(?:VENUE |ROWS )?",
    "rows": (
        f"(?:IN |ALONG )TWO (?:WORD |SHAPE |PLAIN )*ROWS (?:(?:OF |WITH |HAVING ){NUM}(?:PERSON |PLACE )?(?:IN )?(?:EACH )?(?:VENUE )?)?"
    ),
    "facing": f"(?:AND |WITH |WHILE )?{WHOLE}(?:ARE |IS )?(?:SEATED )?(?:FACING |FACES |FACE )(?:EITHER )?{SIGHT}(?:OR {SIGHT})?",
    "backs": "(?:AND |ALL )*WITH THEIR BACK (?:TO |TOWARDS )THE (?:CENTRE |MIDDLE |VENUE )",
    "mixed": (
        f"SOME (?:PERSON |OF THEM )?(?:ARE )?(?:FACING |FACE ){SIGHT}(?:COMMA )?(?:AND |WHILE )(?:SOME |THE OTHERS |OTHERS )"
        f"(?:PERSON )?(?:ARE )?(?:FACING |FACE )?{SIGHT}"
    ),
    "order": "IN (?:EXACTLY )?(?:THAT |THIS |THE SAME |THE GIVEN |THE FOLLOWING |THE |CLOCKWISE )?SEQUENCE ",
    "along": "(?:GOING |COUNTING )?FROM (?:THE )?SIDE (?:END )?TO (?:THE )?SIDE (?:END )?",
    "round": "(?:GOING |COUNTING )?(?:IN )?(?:A )?CLOCKWISE (?:AROUND THE (?:VENUE |SHAPE )+)?",
    "counted": f"{NUM}TO {NUM}(?:COMMA )?FROM (?:THE )?SIDE TO (?:THE )?SIDE ",
    "numbered": f"(?:WORD_NUMBERED )(?:FROM )?(?:{NUM}TO {NUM})?(?:IN SEQUENCE )?FROM (?:THE )?SIDE (?:END )?(?:TO (?:THE )?SIDE )?",
    "side": f"ONE (?:PERSON )?(?:ON |AT |ALONG )EACH (?:OF (?:ITS |THEIR |THE )(?:{NUM})?)?FLANK (?:OF (?:THE |A )(?:POLYGON )?VENUE )?",
    "flank": "FLANK BY FLANK ",
    "around": "AROUND (?:A |THE )(?:WORD |PLAIN )+",
    "polygon": "(?:AT |AROUND )(?:A |THE |ONE )(?:SHAPE )*POLYGON VENUE ",
    "trivial": f"(?:WHERE )?EACH PERSON (?:HAS )(?:EXACTLY )?{NUM}NEIGHBOUR ",
    "place": (
        "(?:IN |ON |OF |ALONG |AT |AROUND )(?:A |THE |ONE |THEIR )?(?:SHAPE |PLAIN |SEATING |WORD |BACK )*(?:VENUE |SEATING |ARRANGEMENT )+"
        f"(?:OF {NUM}(?:ADJACENT )?(?:WORD )*(?:PLACE |PERSON )?|(?:OF |ON )(?:A |THE )(?:WORD |PLAIN )+(?!VENUE |WORD |PLAIN )|(?:WITH |HAVING ){NUM}(?:WORD )*PLACE )?"
    ),
    "chairs": f"(?:IN |ON |OF |AT |THERE ARE )?(?:THE )?{NUM}(?:ADJACENT |WORD |WORD_NUMBERED )*PLACE ",
    "group": f"(?:A WORD )?(?:OF )?(?:THE |THESE |EXACTLY )?{NUM}PERSON (?:OF (?:A |THE )?(?:WORD |PLAIN )+)?",
    "the": "(?:THE |THESE )PERSON ",
    "called": "CALLED |(?:AND )?ARE CALLED |(?:THE |THEIR )WORD_NAMES ARE |THEY ARE (?=NAME )",
    "names": (
        "(?:(?:PERSON )?NAME COMMA )*(?:PERSON )?NAME (?:COMMA )?AND (?:PERSON )?NAME |(?:PERSON )?NAME (?:COMMA (?:PERSON )?NAME )+"
    ),
    "verb": "(?:THERE )?(?:ARE |IS )?(?:ALL |TO BE )?SEATED |(?:MUST |ALL )?(?:SIT |SITS )|THERE ARE |(?:TO )?(?:BE )?SEATED |ARE ",
    "every": "(?:THEY ALL |THEY |ALL OF THEM |ALL |EVERYONE )(?=SIT |SITS |ARE |IS |SEATED )",
    "purpose": "(?:IN |ON |AT |FOR |DURING |BEFORE |NEAR |TO )(?:BE )?(?:A |THE |THEIR )?(?:WORD |PLAIN )+(?:OF (?:A |THE )?(?:WORD |PLAIN )+)?",
    "bare": "WITHOUT (?:A |THE |ITS )?(?:BACK |WORD )+",
    "doing": "(?:ARE )?WORD (?=IN |ON |AT |AROUND |ALONG |FLANK )",
    "and": "(?:AND |WHERE |WHO )(?!NAME )",
}
_COMPILED = {name: re.compile(pattern) for name, pattern in PIECES.items()}


def openings(kinds: Sequence[str], words: Sequence[str]) -> Iterator[Opening]:
    """From the longest to the shortest: those that cover the beginning of a sentence."""
    text = "".join(f"{kind} " for kind in kinds)
    starts = [0]
    for kind in kinds:
        starts.append(starts[-1] + len(kind) + 1)
    index = {start: i for i, start in enumerate(starts)}
    facts: list[Fact] = []
    found: list[Opening] = []
    place, sits, done = 0, False, False
    while place < len(text):
        for name, pattern in _COMPILED.items():
            match = pattern.match(text, place)
            if match and match.end() > place and match.end() in index and not (name == "doing" and sits):
                span = [(kinds[i], words[i].casefold()) for i in range(index[place], index[match.end()])]
                told = _told(name, span, words[index[place] : index[match.end()]])
                if told is not None:
                    break
        else:
            break
        facts += told
        done = done or name == "doing"
        sits = sits or name in ("verb", "facing", "mixed", "trivial", "row_of", "called")
        place = match.end()
        seated = sits or (done and any(fact.about in ("shape", "table", "seats") for fact in facts))
        found.append(Opening(tuple(facts), index[place], seated, name in ("mark", "and")))
    yield from reversed(found)


def _told(name: str, span: Span, words: Sequence[str]) -> list[Fact] | None:
    """What a piece tells; None where it is no such piece after all."""
    kinds = [kind for kind, _ in span]
    numbers = [number(word) for kind, word in span if kind in ("NUMBER", "ONE", "TWO")]
    sides = [word for kind, word in span if kind == "SIDE"]
    match name:
        case "names":
            return [Fact("people", tuple(w for kind, w in zip(kinds, words, strict=True) if kind == "NAME"))]
        case "group":
            return [Fact("size", numbers[0])]
        case "chairs":
            return [Fact("seats", numbers[0])]
        case "flank":
            return [Fact("shape", "row")]
        case "around":
            return [Fact("shape", "circle")]
        case "rows":
            return [Fact("shape", "rows"), *(Fact("per_row", n) for n in numbers[1:])]
        case "row_of":
            return _row_of(span)
        case "polygon":
            sides_of = next(POLYGONS[word] for kind, word in span if kind == "POLYGON")
            return [Fact("shape", "circle"), Fact("size", sides_of)]
        case "facing":
            return [Fact("facing", _sight(span))]
        case "mixed":
            return [Fact("facing", "mixed")]
        case "backs":
            return [Fact("facing", "outwards")]
        case "trivial":
            return [Fact("neighbours", numbers[0])]
        case "numbered" | "counted":
            return [Fact("numbered", sides[0])]
        case "along":
            return [Fact("order", sides[0])] if sides[0] != sides[1] else None
        case "order" | "round":
            turn = next(
                ("anti" * (word != "clockwise") + "clockwise" for kind, word in span if kind == "CLOCKWISE"), None
            )
            return [Fact("ordered", True)] * (name == "order") + ([Fact("order", turn)] if turn else [])
        case "place":
            return _place(span, numbers)
    return []


def _place(span: Span, numbers: Sequence[int]) -> list[Fact] | None:
    kinds = [kind for kind, _ in span]
    shapes = {shape for kind, word in span if kind in ("SHAPE", "VENUE") if (shape := (SHAPES | VENUES)[word])}
    venue = max(i for i, kind in enumerate(kinds) if kind in ("VENUE", "SEATING", "ARRANGEMENT"))
    strange = "WORD" in kinds[:venue]
    if (strange and not shapes) or ("AROUND" in kinds and "row" in shapes):
        return None
    facts = [Fact("shape", shape) for shape in sorted(shapes)] or [Fact("table")] * ("table" in dict(span).values())
    if "table" in [word for _, word in span]:
        facts = [Fact("shape", shape) for shape in sorted(shapes)] or [Fact("table")]
        if "AROUND" in kinds and not shapes:
            facts.append(Fact("shape", "circle"))
    about: Callable[[int], Fact] = lambda n: Fact("seats" if "PLACE" in kinds else "size", n)  # noqa: E731
    return [*facts, *(about(n) for n in numbers if "OF" in kinds or "PLACE" in kinds)]


def _row_of(span: Span) -> list[Fact] | None:
    last = next(((kind, word) for kind, word in reversed(span) if kind in ("NUMBER", "ONE", "TWO", "ORDINAL", "OTHER")))
    if last[0] == "OTHER":
        return [Fact("row", 2)] if span[-1][0] in ("VENUE", "ROWS") else None
    count = ordinal(last[1]) if last[0] == "ORDINAL" else number(last[1])
    return [Fact("row", count)] if count in (1, 2) else None


def _sight(span: Span) -> str:
    """What is looked at: a direction, "ahead" for a thing in front of all, "mutual" for one another."""
    start = next(i for i, (kind, _) in enumerate(span) if kind in ("FACING", "FACE", "FACES"))
    kinds = [kind for kind, _ in span[start + 1 :]]
    if "OR" in kinds:
        return "mixed"
    if kinds == ["WORD"] and span[-1][1] in ("us", "me", "you"):
        return "south"
    named = next((word for kind, word in span[start + 1 :] if kind == "DIRECTION"), None)
    if named is not None:
        return DIRECTIONS[named]
    if "AWAY" in kinds:
        return "outwards"
    if "EACH" in kinds or "ANOTHER" in kinds:
        return "mutual"
    if "CENTRE" in kinds or "MIDDLE" in kinds or "VENUE" in kinds:
        return "centre"
    return "ahead"


def number(word: str) -> int:
    return NUMBERS.index(word) if word in NUMBERS else int(word)


def ordinal(word: str) -> int:
    return ORDINALS.index(word) if word in ORDINALS else int(word[:-2])
