"""What is ordered: the openings that list the things, and the sentences that only tell what there is."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from stumper.puzzles import Unread
from stumper.puzzles._grammar import NUMBERS, ORDINALS
from stumper.puzzles._order_language import MOST_THINGS
from stumper.puzzles._order_plain import plainer
from stumper.puzzles._order_words import (
    AHEAD,
    ARTICLE,
    COMPARATIVES,
    DISTINCT,
    GRADED,
    LEXICON,
    SUPERLATIVES,
    TELLING,
    WORD,
)


class Scene(NamedTuple):
    """The opening: what is ordered, and what it is called."""

    things: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    """Of each thing, its words in small letters."""
    nouns: frozenset[str]


OPENING = (
    re.compile(r"^(?P<before>[^:(]*)[:(](?P<list>[^:()]*)\)?(?P<after>[^:()]*)\.$"),
    re.compile(
        r"^(?P<before>(?:\w+ ){1,8}?\w+),? ?(?:[,\N{EN DASH}\N{EM DASH}-] |(?<=s) )"
        r"(?P<list>(?:[^\W\d_][\w' ]*?, )*[^\W\d_][\w' ]*?,? and (?:an? |the )?[\w']+)"
        r"(?P<after>(?:,| [\N{EN DASH}\N{EM DASH}-])?(?: [^,:]*)?)\.$"
    ),
    re.compile(
        r"^(?P<list>(?:[^\W\d_][\w']*, )*[^\W\d_][\w']*,? and [\w']+)(?P<before> (?:are|were|ran|finished|took) [^,:]*)"
        r"(?P<after>)\.$"
    ),
)
"""`there are five birds: a quail, an owl ...`, `Five friends, Ana, Bo ... and Di, ran a race`, and
`Ana, Bo ... and Di are friends`, which is the only one that may give no number."""


def opened(sentence: str) -> Scene:
    """A place or an event, a number, a noun and a list of that many things. Raises Unread."""
    told = DISTINCT.sub("", sentence)
    words = [word.casefold() for word in WORD.findall(told)]
    if set(words) & {*TELLING, *COMPARATIVES, *SUPERLATIVES, *AHEAD}:
        raise Unread(sentence[:200], "the opening says more than what there is")
    found = next((match for opening in OPENING if (match := opening.fullmatch(told))), None)
    if found is None:
        raise Unread(sentence[:200])
    before = WORD.findall(found["before"].casefold())
    around = [*before, *WORD.findall(found["after"].casefold())]
    listed = [ARTICLE.sub("", item.strip()) for item in re.split(r",\s*(?:and\s+)?|\s+and\s+", found["list"].strip())]
    numbers = [i for i, word in enumerate(before) if word in NUMBERS or word.isdigit()]
    listed_first = found.start("list") == 0
    if len(numbers) != 1 - listed_first and (len(numbers) != 1 or numbers[0] + 1 >= len(before)):
        raise Unread(sentence[:200], "no number of things")
    number = before[numbers[0]] if numbers else str(len(listed))
    if (NUMBERS.index(number) if number in NUMBERS else int(number[:3])) != len(listed):
        raise Unread(sentence[:200], f"lists {len(listed)} things, not {number}")
    if not 2 <= len(listed) <= MOST_THINGS or len({item.casefold() for item in listed}) < len(listed):
        raise Unread(sentence[:200], f"2 to {MOST_THINGS} different things are read")
    if any(set(item.casefold().split()) & set(LEXICON) for item in listed if not is_letter(item)):
        raise Unread(sentence[:200], "a thing's name has another meaning too")
    written = WORD.findall(found["before"] + found["after"])
    if any(item in written if is_letter(item) else item.casefold() in around for item in listed):
        raise Unread(sentence[:200], "says more of a thing than that it is there")
    noun = before[numbers[0] + 1] if numbers else around[-1]
    names = tuple(tuple(item.casefold().replace("-", " ").split()) for item in listed)
    return Scene(tuple(listed), names, frozenset({noun, noun.removesuffix("s"), noun.removesuffix("es")}))


def is_letter(item: str) -> bool:
    """A name of one capital letter: "A" is no article where it is one of the things."""
    return len(item) == 1 and item.isupper()


OPENERS = frozenset(
    "in on at if of the a an all no each every which who what arrange exactly between there it he she they their this "
    "these some only neither both either everyone nobody two three four five six seven eight nine ten how where when "
    "while but and so then suppose consider after before rank order list put as for from during one".split()
)
COUNTED = re.compile(
    rf"\b({'|'.join(NUMBERS[2:])}|\d+) (?:\w+ )?"
    r"((?!is\b|was\b|has\b|does\b|as\b|less\b)\w+s|people|children|men|women)\b",
    re.IGNORECASE,
)
SPEAKING = frozenset(
    "statement statements claim claims clue clues fact facts remark remarks sentence sentences hint hints "
    "following true untrue false wrong lie lies lied liar nothing nobody believe believes said says told thinks heard "
    "circle round".split()
)
"""Words about what is said, which may be that it is not so; and of circles, which have no ends."""
PART = frozenset("girl boy man woman lady gentleman male female girls boys men women males females".split())
MOVES = (
    re.compile(r"\b(?:leaves?|departs?|departed)\b", re.I),
    re.compile(r"\b(?:arrive[sd]?|finish(?:ed|es)?)\b", re.I),
)
PLACES = frozenset(
    "beat beats won wins outscored defeated front back top bottom ahead behind remaining listed sorted arranged ranked "
    "ordered alphabetically succession turn turns twins them".split()
)


def named(text: str, choices: Sequence[str], unread: Unread) -> Scene:
    """The things of a text that does not list them: whoever is named, or what the choices name. Raises Unread."""
    counted = COUNTED.search(text)
    noun = counted[2].casefold() if counted else ""
    one = {"people": "person", "children": "child"}.get(noun, noun.removesuffix("s"))
    whole = " ".join((text, *choices))
    known = {*LEXICON, *SUPERLATIVES, *COMPARATIVES, *ORDINALS, *NUMBERS}
    typed = re.findall(rf"\bthe ([^\W\d_]+) {one}\b", whole, re.IGNORECASE) if one else []
    typed = [word for word in typed if word.casefold() not in known]
    things = [f"{word} {one}" for word in dict.fromkeys(typed)] or _capitals(text, whole, known)
    if len(things) < 2:
        bare = [ARTICLE.sub("", choice.rstrip(". ")) for choice in choices]
        things = [word for word in bare if re.fullmatch(r"[^\W\d_]+", word) and word.casefold() in text.casefold()]
    number = None
    if counted:
        word = counted[1].casefold()
        number = NUMBERS.index(word) if word in NUMBERS else int(word[:3])
    if not 2 <= len(things) <= MOST_THINGS or (number is not None and number != len(things)):
        raise unread
    names = tuple(tuple(thing.casefold().replace("-", " ").split()) for thing in things)
    return Scene(tuple(things), names, frozenset({noun, one} - {""}))


def _capitals(text: str, whole: str, known: set[str]) -> list[str]:
    found: dict[str, None] = {}
    for match in re.finditer(r"[A-ZÀ-ÖØ-Þ][^\W\d_]*(?:-[^\W\d_]+)*", text):
        word = match[0]
        begins = match.start() == 0 or text[: match.start()].rstrip()[-1:] in ".?!:"
        if word.casefold() in known | OPENERS and not is_letter(word):
            continue
        if is_letter(word) and (word == "I" or (begins and word == "A")):
            continue
        acts = re.match(
            r"(?: (?:is|are|was|were|came|finished|has|did|costs?|weighs|beat|scored|and [A-Z])\b|, [A-Z])",
            text[match.end() :],
        )
        if not begins or acts or len(re.findall(rf"\b{re.escape(word)}\b", whole)) > 1:
            found[word] = None
    return list(found)


def mentioned_in(sentence: str, scene: Scene) -> list[str]:
    """The things that a sentence names, in its order."""
    at = {thing: re.search(rf"\b{re.escape(thing)}\b", sentence, re.IGNORECASE) for thing in scene.things}
    return sorted((thing for thing, match in at.items() if match), key=lambda thing: at[thing].start())  # type: ignore[union-attr]


def is_scene(sentence: str, scene: Scene, opens: bool) -> bool:
    """Whether a sentence only tells what there is: it names all the things or none, and no place or comparison.

    `opens`: no clue stands before it. Behind a clue, words that are not known may take it back.
    """
    if sentence.endswith("?") or len(mentioned_in(sentence, scene)) not in (0, len(scene.things)):
        return False
    try:
        plain = " ".join(plainer(re.sub(r"\b(?:his|her|their|hers|theirs)\b", "", sentence), scene.things, ()))
    except Unread:
        return False
    if not opens and WORD.findall(DISTINCT.sub("", plain)):
        return False
    words = {word.casefold() for word in WORD.findall(DISTINCT.sub("", plain))}
    telling = {
        *TELLING,
        *COMPARATIVES,
        *SUPERLATIVES,
        *AHEAD,
        *ORDINALS,
        *GRADED,
        *PLACES,
        "last",
        "left",
        "right",
        *SPEAKING,
    }
    return not words & telling and not re.match(r"(?:which|arrange|order|rank|list|put)\b", plain, re.IGNORECASE)
