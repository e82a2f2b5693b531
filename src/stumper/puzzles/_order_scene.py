"""What is ordered: the openings that list the things, and the sentences that only tell what there is."""

import re
from collections.abc import Callable, Sequence
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
    total: int | None = None
    """How many there are where not all are named."""

    @property
    def n(self) -> int:
        """How many there are, named or not."""
        return self.total or len(self.things)


OPENING = (
    re.compile(r"^(?P<before>[^:(]*)[:(](?P<list>[^:()]*)\)?(?P<after>[^:()]*)\.$"),
    re.compile(
        r"^(?P<before>(?:\w+ ){1,8}?\w+),? ?(?:[,\N{EN DASH}\N{EM DASH}-] (?:on |namely |called |named )?|(?<=s) )"
        r"(?P<list>(?:[^\W\d_][\w' ]*?, )*[^\W\d_][\w' ]*?,? and (?:an? |the )?[\w']+)"
        r"(?P<after>(?:,| [\N{EN DASH}\N{EM DASH}-])?(?: [^,:]*)?)\.$"
    ),
    re.compile(
        r"^(?P<list>(?:[^\W\d_][\w']*, )*[^\W\d_][\w']*,? and [\w']+)"
        r"(?P<before> (?:are|were|ran|finished|completed|solved|took) [^,:]*)"
        r"(?P<after>)\.$"
    ),
)
"""`there are five birds: a quail, an owl ...`, `Five friends, Ana, Bo ... and Di, ran a race`, and
`Ana, Bo ... and Di are friends`, which is the only one that may give no number."""


AT_TIMES = r" at (?:a )?different times?(?=[.,])"


def opened(sentence: str) -> Scene:
    """A place or an event, a number, a noun and a list of that many things. Raises Unread."""
    told = re.sub(rf"(?<=\w) each ((?:finished|completed|solved|ran)\b[^,.;:]*?){AT_TIMES}", r" \1", sentence)
    told = DISTINCT.sub("", told)
    words = [word.casefold() for word in WORD.findall(told)]
    if set(words) & {*TELLING, *COMPARATIVES, *SUPERLATIVES, *AHEAD}:
        raise Unread(sentence[:200], "the opening says more than what there is")
    found = next((match for opening in OPENING if (match := opening.fullmatch(told))), None)
    if found is None:
        raise Unread(sentence[:200])
    before = WORD.findall(found["before"].casefold())
    around = [*before, *WORD.findall(found["after"].casefold())]
    listed = [ARTICLE.sub("", item.strip()) for item in re.split(r",\s*(?:and\s+)?|\s+and\s+", found["list"].strip())]
    numbers = [i for i, word in enumerate(before) if word in NUMBERS or word.isdecimal()]
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
    if says_more(f"{found['before']} {found['after']}"):
        raise Unread(sentence[:200], "the opening says more than what there is")
    noun = before[numbers[0] + 1] if numbers else around[-1]
    names = tuple(tuple(item.casefold().replace("-", " ").split()) for item in listed)
    return Scene(tuple(listed), names, frozenset({noun, noun.removesuffix("s"), noun.removesuffix("es")}))


def is_letter(item: str) -> bool:
    """A name of one capital letter: "A" is no article where it is one of the things."""
    return len(item) == 1 and item.isupper()


OPENERS = frozenset(
    "in on at if of the a an all no each every which who what arrange exactly between there it he she they their this "
    "these some only neither both either everyone nobody two three four five six seven eight nine ten how where when "
    "while but and so then suppose consider after before rank order list put as for from during one someone "
    "somebody anyone anybody none most several many few another others half today yesterday tomorrow here now still "
    "yet finally next last first such whoever nothing something "
    "everything by with without among since because although "
    "though unless until about once whenever our your my its his her us we you let".split()
)
COUNTED = re.compile(
    rf"\b({'|'.join(NUMBERS[2:])}|\d+) (?:\w+ )?"
    r"((?!places\b|is\b|was\b|has\b|does\b|as\b|less\b)\w+s|people|children|men|women)\b",
    re.IGNORECASE,
)
SPEAKING = frozenset(
    "statement statements claim claims clue clues fact facts remark remarks sentence sentences hint hints "
    "following true untrue false wrong lie lies lied liar nothing nobody believe believes said says told thinks heard "
    "circle round".split()
)
"""Words about what is said, which may be that it is not so; and of circles, which have no ends."""
PART = frozenset("girl boy man woman lady gentleman male female girls boys men women males females".split())
TOLD_NUMBER = re.compile(
    rf"^(?:[^,.;?!]*, )?(?:there (?:are|were) |the |these |a group of )?(?P<n>{'|'.join(NUMBERS[2:])}|\d+)"
    r" (?!places?\b|more\b|of\b)[\w'-]+s?\b(?! ?(?:is|are|was|were|finished|came|lies?|stands?)? ?"
    r"(?:ahead|behind|before|after|between|above|below|to the|\w+er than|more|less))"
    rf"|^(?:in|at|during|among|on|of) (?:[a-z-]+ ){{0,4}}?(?P<k>{'|'.join(NUMBERS[2:])}|\d+) [a-z]+, "
    rf"|\b(?:race|queue|line|row|group|field|team|contest) of (?P<m>{'|'.join(NUMBERS[2:])}|\d+)\b",
    re.IGNORECASE,
)
"""How many there are: only at the beginning of the text, or of what they form."""
ASKED = re.compile(r"\bwhich (?!of\b|one\b)(\w+) (?:is|was|costs|weighs|finished|came)\b", re.IGNORECASE)
COMPARED = re.compile(
    r"(?:^|[,;.?] |\b(?:and|but|while|whereas) )(?:(?:the|an?) )?([^\W\d_]+)"
    r" (?:is|are|was|were|costs?|weighs?|finished|came|placed|ranked|ran)\b"
    r"|\bthan (?:(?:the|an?) )?([^\W\d_]+)"
    r"|\b(?:ahead of|behind|before|after|above|below) (?:the|an?) ([^\W\d_]+)(?=[.,;?]| and\b| but\b)",
    re.IGNORECASE,
)
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
    one = {"people": "person", "children": "child"}.get(noun) or re.sub(r"(?<=x|s)es$|(?<=sh|ch)es$|s$", "", noun)
    told = {_number(match["n"] or match["m"] or match["k"]) for match in TOLD_NUMBER.finditer(text)}
    if len(told) > 1:
        raise unread
    number = told.pop() if told else None
    whole = " ".join((text, *choices))
    known = {*LEXICON, *SUPERLATIVES, *COMPARATIVES, *ORDINALS, *NUMBERS}
    asked = ASKED.search(text)
    kind = one or (asked[1].casefold() if asked else "")
    typed = re.findall(rf"\bthe ([^\W\d_]+) {kind}\b", whole, re.IGNORECASE) if kind else []
    typed += [word for choice in choices for word in re.findall(rf"^([^\W\d_]+) {kind}$", choice)] if kind else []
    typed = [word for word in typed if word.casefold() not in known | PLACES | TELLING | OPENERS]
    things = [f"{word} {kind}" for word in dict.fromkeys(typed)] or _capitals(text, whole, known)
    bare = [ARTICLE.sub("", choice.rstrip(". ")) for choice in choices]
    if len(things) < 2 and number is None:
        things = _compared(text, bare, known)
    if len(things) < 2:
        things = [word for word in bare if re.fullmatch(r"[^\W\d_]+", word) and word.casefold() in text.casefold()]
    if number is not None and len(things) < number:
        things += (
            [w for w in bare if re.fullmatch(r"[A-ZÀ-ÖØ-Þ][^\W\d_]*", w) and w not in things and things[0][0].isupper()]
            if things
            else []
        )
        compared = _compared(text, bare, known)
        if len(things) < number == len(compared):
            things = list(compared)
    if not 2 <= len(things) <= MOST_THINGS or (number is not None and number < len(things)):
        raise unread
    names = tuple(tuple(thing.casefold().replace("-", " ").split()) for thing in things)
    total = number if number != len(things) else None
    return Scene(tuple(things), names, frozenset({noun, one} - {""}), total)


def _compared(text: str, choices: Sequence[str], known: set[str]) -> list[str]:
    """The words without capitals that stand where things do, and those of the choices."""
    words = [word.casefold() for match in COMPARED.finditer(text) for word in match.groups() if word]
    words += [word.casefold() for word in choices if re.fullmatch(r"[^\W\d_]+", word)]
    return [word for word in dict.fromkeys(words) if word not in known | OPENERS | PLACES | TELLING]


def _number(word: str) -> int:
    return NUMBERS.index(word.casefold()) if word.casefold() in NUMBERS else int(word[:3])


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
            r"(?: (?:[a-z]+|and [A-Z]\w*)\b|, [A-Z])",
            text[match.end() :],
        )
        if not begins or acts or len(re.findall(rf"\b{re.escape(word)}\b", whole)) > 1:
            found[word] = None
    return list(found)


def without_all(sentence: str, scene: Scene) -> str:
    """A sentence without `Of Ana, Bo and Cy, ` at its beginning, where these are all the things."""
    whole = re.match(r"(?:Of|Among|Between) (?P<all>[^.;:]+? and (?:the )?[\w']+), (?=[A-Z]|the )", sentence)
    if whole is None or len(mentioned_in(whole["all"], scene)) != len(scene.things):
        return sentence
    return sentence[whole.end() :]


def mentioned_in(sentence: str, scene: Scene) -> list[str]:
    """The things that a sentence names, in its order."""
    at = {thing: re.search(rf"\b{re.escape(thing)}\b", sentence, re.IGNORECASE) for thing in scene.things}
    return sorted((thing for thing, match in at.items() if match), key=lambda thing: at[thing].start())  # type: ignore[union-attr]


def is_scene(sentence: str, scene: Scene, opens: bool) -> bool:
    """Whether a sentence only tells what there is, by its form: it names all the things in one list, or none.

    `opens`: no clue stands before it. Behind a clue, words that are not known may take it back.
    """
    if sentence.endswith("?"):
        return False
    try:
        plain = " ".join(
            plainer(re.sub(r"\b(?:his|her|their|hers|theirs)\b", "the", sentence), scene.things, (), scene.n)
        )
    except Unread:
        return False
    plain = re.sub(r" after (?:an?|the) (?:interview|test|exam(?:ination)?|quiz|audition)$", "", plain)
    plain = re.sub(r",? from left to right(?=$|,)", "", OWN.sub("", plain))
    plain = RANKED.sub("", re.sub(r"\b(take|took|taking) part\b", r"\1", DISTINCT.sub("", plain)))
    if not WORD.findall(plain):
        return True
    name = "|".join(sorted((re.escape(thing) for thing in scene.things), key=len, reverse=True))
    item = rf"(?:(?:the|an?) )?(?:{name})"
    plain = re.sub(rf"\b{item}(?:(?:, |,? and ){item})+\b", _all_of(scene), plain, flags=re.IGNORECASE)
    found = SCENES.fullmatch(plain) if opens else None
    if found is None or re.search(rf"\b(?:{name})\b", plain, re.IGNORECASE):
        return False
    numbers = [_number(word) for word in WORD.findall(plain) if word.casefold() in NUMBERS or word.isdecimal()]
    return all(number == scene.n for number in numbers) and not says_more(plain)


def _all_of(scene: Scene) -> Callable[[re.Match[str]], str]:
    """Puts ALL for a list of all the things; another list stays."""

    def put(match: re.Match[str]) -> str:
        return "ALL" if scene.total is None and len(mentioned_in(match[0], scene)) == len(scene.things) else match[0]

    return put


def says_more(text: str) -> bool:
    """Whether words of a scene may say something of the order, or of others who are there, or that it is not so."""
    words = {word.casefold() for word in WORD.findall(text)}
    return bool(
        words & MORE_THAN_A_SCENE or any(word.endswith("ly") and word not in ("only", "family") for word in words)
    )


MORE_THAN_A_SCENE = frozenset(
    {
        *TELLING,
        *COMPARATIVES,
        *SUPERLATIVES,
        *AHEAD,
        *ORDINALS,
        *GRADED,
        *PLACES,
        *SPEAKING,
        *("last", "left", "right", "opposite", "backwards", "upside", "perhaps", "maybe", "part", "but"),
        *("and", "with", "plus", "join", "joined", "joins", "also", "too", "more", "another", "who", "whom", "which"),
        *("that", "have", "has", "had", "may", "might", "could", "would", "should", "rather", "instead"),
        *("dreamt", "dream", "dreamed", "imagined", "imagine", "planned", "plan", "wanted", "want", "hope", "hoped"),
    }
)
OWN = re.compile(
    r"^each of (?:the )?(?=\w)"
    r"|(?: each)? (?:have|has|had|own|owns|read|collected|scored|got|earns?) (?:an? )?different "
    r"(?:numbers? of |amounts? of )?\w+$",
    re.IGNORECASE,
)
"""That no two have the same, whatever it is."""
RANKED = re.compile(
    r"(?<=\w) (?:are|were) (?:ranked|ordered|sorted|arranged|compared)"
    r" (?:by|according to)(?: the)? \w+(?: from (?:the|an?) \w+)?$",
    re.I,
)
_PREPOSITION = r"(?:in|at|on|during|for|to|of|from|by|through|along|across|inside|outside|around|near)"
_DETERMINER = r"(?:an?|the|this|that|one|its)"
_NUMERAL = rf"(?:{'|'.join(NUMBERS[2:])}|\d+)"
_PHRASE = rf"{_PREPOSITION} (?:{_DETERMINER} )?[\w'-]+(?: [\w'-]+){{0,2}}?"
_MANY = rf"(?:the |these |a group of |all )?{_NUMERAL} [\w'-]+(?: [\w'-]+)?"
_WHO = rf"(?:ALL|{_MANY}(?:(?:,| \(|:| called| named) ?ALL\)?,?)?|a group of [\w'-]+|they|the [\w'-]+s)"
_DOES = (
    r"(?:(?:are|were|will|all|have just|each|took|take) )?[\w'-]+"
    rf"(?: part| off)?(?: (?:{_DETERMINER} [\w'-]+(?: [\w'-]+){{0,2}}?|[\w'-]+))?"
)
SCENES = re.compile(
    rf"(?:{_PHRASE},? )?{_WHO}(?: {_DOES})?(?: {_PHRASE}){{0,3}}"
    rf"|(?:{_PHRASE},? )?there (?:are|were) {_WHO}(?: {_DOES})?(?: {_PHRASE}){{0,3}}"
    rf"|{_PHRASE},? (?:are|were|live|lived|stand|stood|wait|waited|lie|lay|work) {_WHO}(?: {_PHRASE}){{0,3}}"
    rf"|(?:an?|the|this) [\w-]+(?: [\w-]+)? (?:[a-z]+s|sold|held) {_MANY}(?: {_PHRASE}){{0,3}}"
    rf"|(?:an?|the|this) (?:[\w-]+ ){{1,2}}(?:is|was) (?:held|run|organi[sz]ed)(?: {_PHRASE}){{0,3}}",
    re.IGNORECASE,
)
"""Who is there, or does something; what they do may be said by any words, in their places."""
