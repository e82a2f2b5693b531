"""The words of orders: what each may be in a sentence."""

import re
from collections.abc import Iterable, Mapping

from stumper.puzzles._grammar import NUMBERS, ORDINALS
from stumper.puzzles._order_language import MOST_THINGS

COMPARATIVES = {
    "newer": "newest",
    "younger": "newest",
    "older": "oldest",
    "cheaper": "cheapest",
    "costlier": "dearest",
    "dearer": "dearest",
    "pricier": "dearest",
    "shorter": "shortest",
    "taller": "tallest",
    "longer": "tallest",
    "lighter": "lightest",
    "heavier": "heaviest",
    "slower": "slowest",
    "faster": "fastest",
    "quicker": "fastest",
    "smaller": "smallest",
    "larger": "largest",
    "bigger": "largest",
    "lower": "lowest",
    "higher": "highest",
    "earlier": "earliest",
    "later": "latest",
    "weaker": "weakest",
    "stronger": "strongest",
    "poorer": "poorest",
    "richer": "richest",
    "wealthier": "richest",
    "colder": "coldest",
    "cooler": "coldest",
    "hotter": "hottest",
    "warmer": "hottest",
    "shallower": "shallowest",
    "deeper": "deepest",
    "narrower": "narrowest",
    "wider": "widest",
    "broader": "widest",
    "thinner": "thinnest",
    "thicker": "thickest",
    "quieter": "quietest",
    "louder": "loudest",
    "easier": "easiest",
    "harder": "hardest",
    "nearer": "nearest",
    "closer": "nearest",
    "farther": "farthest",
    "further": "farthest",
    "darker": "darkest",
    "dimmer": "darkest",
    "brighter": "brightest",
}
SUPERLATIVES = {
    "newest": "newest",
    "youngest": "newest",
    "oldest": "oldest",
    "eldest": "oldest",
    "cheapest": "cheapest",
    "costliest": "dearest",
    "dearest": "dearest",
    "priciest": "dearest",
    "shortest": "shortest",
    "tallest": "tallest",
    "longest": "tallest",
    "lightest": "lightest",
    "heaviest": "heaviest",
    "slowest": "slowest",
    "fastest": "fastest",
    "quickest": "fastest",
    "smallest": "smallest",
    "largest": "largest",
    "biggest": "largest",
    "lowest": "lowest",
    "highest": "highest",
    "earliest": "earliest",
    "latest": "latest",
    "weakest": "weakest",
    "strongest": "strongest",
    "poorest": "poorest",
    "richest": "richest",
    "wealthiest": "richest",
    "coldest": "coldest",
    "coolest": "coldest",
    "hottest": "hottest",
    "warmest": "hottest",
    "shallowest": "shallowest",
    "deepest": "deepest",
    "narrowest": "narrowest",
    "widest": "widest",
    "broadest": "widest",
    "thinnest": "thinnest",
    "thickest": "thickest",
    "quietest": "quietest",
    "loudest": "loudest",
    "easiest": "easiest",
    "hardest": "hardest",
    "nearest": "nearest",
    "closest": "nearest",
    "farthest": "farthest",
    "furthest": "farthest",
    "darkest": "darkest",
    "dimmest": "darkest",
    "brightest": "brightest",
    "leftmost": "left",
    "rightmost": "right",
}
GRADED = {"expensive": ("dearest", "cheapest"), "costly": ("dearest", "cheapest")}
"""Words that are compared with more and less: the end that "most" names, and the one that "least" does."""
AHEAD = {"above": "first", "ahead": "first", "before": "first", "below": "last", "behind": "last", "after": "last"}
SIDES = ("left", "right")
AMOUNTS = {"weighs": "weight", "weigh": "weight", "weighed": "weight", "costs": "price", "cost": "price"}
AMOUNTS |= {"scored": "score", "scores": "score"}
"""Verbs with more and less, and the scale of what they tell."""
DIGIT_ORDINALS = ("1st", "2nd", "3rd", *(f"{n}th" for n in range(4, MOST_THINGS + 1)))

_WORDS: Mapping[str, Iterable[str]] = {
    "MORE": COMPARATIVES,
    "MOST": SUPERLATIVES,
    "GRADED": GRADED,
    "AHEAD": AHEAD,
    "SIDE": SIDES,
    "ORDINAL": (*ORDINALS, *DIGIT_ORDINALS),
    "NUMBER": NUMBERS,
    "DEGREE": ("more", "less"),
    "EXTREME": ("most", "least"),
    "LAST": ("last",),
    "BE": ("be", "is", "are", "was", "were", "sits", "sit", "stands", "stand", "lies", "lie"),
    "CAME": ("finished", "came", "ranked", "placed", "finish", "come", "rank", "finishes", "comes", "ranks"),
    "AMOUNTS": AMOUNTS,
    "SURE": ("must", "could", "can", "may", "might", "cannot"),
    "POSSIBLE": ("possible",),
    "NOBODY": ("nobody", "no", "none"),
    "POSS": ("'s",),
    "PLACE": ("place", "places", "position", "positions", "spot", "spots", "seat", "seats"),
    "IMMEDIATELY": ("immediately", "directly", "just"),
    "SURELY": ("certainly", "definitely", "necessarily"),
    "TRUTH": ("true", "correct", "false"),
    "WHICH": ("which", "who", "what"),
    "NOUN": (
        *("thing", "things", "item", "items", "object", "objects", "statement", "statements", "people", "person"),
        *("runner", "runners", "racer", "racers", "contestant", "contestants", "competitor", "competitors"),
        *("participant", "participants", "candidate", "candidates", "friend", "friends", "student", "students"),
        *("player", "players"),
    ),
    **{
        word.upper(): (word,)
        for word in (
            *("the", "of", "to", "from", "in", "at", "on", "than", "and", "but", "while", "whereas", "not", "both"),
            *("neither", "nor", "there", "exactly", "between", "somewhere", "next", "end", "far", "following"),
            *("all", "only", "a", "how", "many", "did", "order"),
        )
    },
    "COMMA": (",",),
}
LEXICON = {word: kind for kind, words in _WORDS.items() for word in words}


WORD = re.compile(r"'s\b|[^\W_]+(?:'(?!s\b)[^\W_]+)?|\S")
SENTENCE_END = re.compile(r"(?<=[.?!;])\s+")
ARTICLE = re.compile(r"^(?:an?|the)\s+(?=\S)")
MEASURE = r"(?:age|height|weight|price|cost|speed|size|score|time|rank|place|position)s?"
DISTINCT = re.compile(
    rf"(?:,? ?(?:and )?(?:each|all|every one)(?: of (?:them|which|whom|these|the \w+))?"
    rf"(?: (?:is|are|was|were|has|had|have))?"
    rf"(?: of| with| having| at| in)? (?:an? )?different {MEASURE}"
    rf"|,? ?(?:and )?no two(?: of (?:them|which|whom|the \w+))?(?: \w+)?"
    rf" (?:are|were|is|was|have|had|has|finished|came)"
    rf"(?: of| in| at| with)? (?:the )?same {MEASURE}"
    rf"|,? ?(?:and )?(?:there (?:are|were) |with )no ties)",
    re.IGNORECASE,
)
"""What goes without saying here: no two things share a place."""
TELLING = frozenset(
    {
        *("order", "alphabetical", "reverse", "tie", "ties", "tied", "same", "equal", "equally", "random", "twice"),
        *("except", "unless", "if", "or", "no", "not", "never", "each", "every", "half", "double", "respectively"),
        *("among", "including", "include", "included", "such", "others", "other", "next", "between"),
        *("some", "any", "than", "sit", "sits", "sat", "sitting", "seated", "facing", "faces", "face", "faced"),
    }
)
"""Words of an opening that may say something about the order, or whose left is meant: with them it is no mere scene."""
