"""Reads seatings in English by a grammar over a lexicon. What the grammar does not cover is not understood."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, Literal, NamedTuple, cast

from lark.exceptions import VisitError
from pydantic import ValidationError

from stumper.puzzles import Unread
from stumper.puzzles._grammar import parses
from stumper.puzzles._meta import read_meta
from stumper.puzzles._seating_forms import NUMBERS, ORDINALS
from stumper.puzzles._seating_grammar import CONTRACTIONS, DIRECTIONS, GRAMMAR, LEXICON
from stumper.puzzles._seating_language import (
    MOST_PEOPLE,
    AllOf,
    AnyClue,
    AnyOf,
    AnyQuery,
    AtAnEnd,
    Attribute,
    Choice,
    End,
    ExactlyOne,
    Faces,
    FacesAlike,
    Facing,
    HowManyFace,
    If,
    Is,
    OtherEnd,
    Place,
    Seating,
    Shape,
    Side,
    WhatHas,
    Which,
    WhichPair,
    WhichWay,
    WhoSits,
    check_in,
    names_in,
    put,
    relations,
    terms_of,
)
from stumper.puzzles._seating_meaning import ELSEWHERE, Meaning, Told, opened, ordered
from stumper.puzzles._seating_plain import folded, group_of, named, plain
from stumper.puzzles._seating_scene import openings
from stumper.puzzles._seating_values import APART, Values, declared, named_by, what_is_asked

MOST_CHARACTERS = 4000
"""Of a stem; longer text is not read at all."""
MOST_WORDS = 80
"""Of a sentence."""

MOST_PASTS = 3
"""Of a sentence: verbs of which one cannot see whether they speak of one or of several."""

NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ɏ'-]{0,23}")
WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*|\S")
SENTENCE_END = re.compile(r"(?<=[.?!;])\s+")
DASHES = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{EN DASH}": "-", "\N{EM DASH}": "-"})


def read(stem: str, choices: Sequence[str]) -> Seating:
    """Formalise a question's text. Raises Unread with the first sentence that is not covered; never guesses.

    Whoever is only counted has a seat too, and no name: in a circle of eight of whom five are named there are three
    more. Letters that are not written stand for nobody.
    """
    if len(stem) > MOST_CHARACTERS:
        raise Unread(stem[:80], f"longer than {MOST_CHARACTERS} characters")
    if len(choices) > MOST_PEOPLE:
        raise Unread(choices[0][:80], f"more than {MOST_PEOPLE} choices")
    sentences = _sentences(stem)
    group = group_of([words for _, words in sentences])
    sentences = [_Sentence(text, folded(words, group)) for text, words in sentences]
    lists, sentences = _listed_values(sentences)
    values = frozenset(value for one in lists for value in one.values)
    names = {name: None for name in _names(sentences) if name not in values}
    whole_texts = [text for text, _ in sentences]
    sentences = [*map(_Sentence, whole_texts, named([words for _, words in sentences], names))]
    told: list[tuple[list[Told], str]] = []
    for sentence in sentences:
        wanted = what_is_asked(" ".join(sentence.words), lists)
        if wanted is not None:
            told.append(([Told((), (), WhatHas(who=wanted[0], attribute=wanted[1]))], sentence.text))
            continue
        parsed = _parsed(sentence, names | dict.fromkeys(values), _numbered(told))
        # Ana and Bo sit side by side: all there are, or two of the people who were listed before?
        listed = any(fact.about == "people" for before, _ in told for fact in before[0].facts)
        meant = [one for one in parsed if listed != any(fact.about == "people" for fact in one.facts)] or parsed
        if any(other.facts != meant[0].facts for other in meant):
            raise Unread(sentence.text[:200], "can be read in two ways")
        told.append((meant, sentence.text))
    scene = _scene(told, names, sentences, lists)
    clues: list[AnyClue] = []
    said: list[str] = []
    query: AnyQuery | None = None
    about: tuple[str, ...] = ()
    for parsed, text in told:
        if query is not None:
            raise Unread(text[:200], "stands behind the question")
        found, query = _resolved(parsed, scene, clues, text)
        about = parsed[0].about
        found += _of_the_rest(parsed[0], scene, text)
        clues += found
        said += [text] * len(found)
    last = sentences[-1].text[:200]
    if query is None:
        raise Unread(last, "no question")
    if isinstance(query, Which) and not choices:
        raise Unread(last, "asks for one of its choices and has none")
    claims = tuple(_choice(choice, query, scene, clues, group, _numbered(told), about) for choice in choices)
    try:
        whole = scene.model_dump() | {"clues": tuple(clues), "query": query, "choices": claims, "said": tuple(said)}
        return Seating.model_validate(whole)
    except ValidationError as error:
        raise Unread(last, _why(error)) from error


def _listed_values(sentences: Sequence["_Sentence"]) -> tuple[list[Values], list["_Sentence"]]:
    """What sentences list that people are or have, and the others, in which a value is a name."""
    parts = [(text, part) for text, words in sentences for part in APART.split(" ".join(words))]
    lists = [found for _, part in parts if (found := declared(part)) is not None]
    rest = [(text, part) for text, part in parts if declared(part) is None]
    for one in lists:
        rest = [(text, named_by(part, one)) for text, part in rest]
    return lists, [_Sentence(text, tuple(part.split())) for text, part in rest]


class _Sentence(NamedTuple):
    text: str
    words: tuple[str, ...]
    """Words and marks, without the mark at the end."""


def _sentences(text: str) -> list[_Sentence]:
    whole = unicodedata.normalize("NFC", text).translate(DASHES).strip()
    sentences = [_Sentence(part, tuple(_words(plain(part)))) for part in SENTENCE_END.split(whole) if part]
    if not sentences:
        raise Unread(text[:80], "empty")
    return sentences


def _words(sentence: str) -> Iterator[str]:
    found = WORD.findall(sentence.rstrip(".?!; "))
    if len(found) > MOST_WORDS:
        raise Unread(sentence[:80], f"longer than {MOST_WORDS} words")
    for word in found:
        if word.casefold() in CONTRACTIONS:
            yield from CONTRACTIONS[word.casefold()]
        elif word.endswith("n't"):
            yield from (word[:-3], "not")
        elif word.endswith("'s"):
            yield from (word[:-2], "'s")
        else:
            yield word


def _names(sentences: Sequence[_Sentence]) -> dict[str, None]:
    """Whoever is named, in the order of the text.

    A capital makes a name, except of a word that the lexicon knows where a sentence begins or by itself has a capital;
    in a list of names any word with a capital is one: Will, May and Rose.
    """
    names: dict[str, None] = {}
    for _, words in sentences:
        for i, word in enumerate(words):
            known = word.casefold() in LEXICON and (len(word) > 1 or (word == "A" and _article(words, i)))
            if NAME.fullmatch(word) and not _is_value(words, i) and (not known or (i > 0 and _listed(words, i))):
                names[word] = None
    return names


def _is_value(words: Sequence[str], i: int) -> bool:
    """Whether the word says what somebody likes or wears: likes Green, likes the colour green."""
    verb = next((j for j in (i - 1, i - 2, i - 3) if j >= 0 and LEXICON.get(words[j].casefold()) == "LIKES"), None)
    if verb is None or words[i].casefold() in LEXICON:
        return False
    between = [word.casefold() for word in words[verb + 1 : i]]
    return between == [] or (between[0] == "the" and all(word not in LEXICON for word in between[1:]) and i > verb + 2)


def _article(words: Sequence[str], i: int) -> bool:
    """Whether "A" is not a person: A person sits next to B."""
    return LEXICON.get("".join(words[i + 1 : i + 2]).casefold()) in ("PERSON", "NEIGHBOUR", "PLACE", "SHAPE")


def _listed(words: Sequence[str], i: int) -> bool:
    """Whether the word stands in a list of words with capitals."""
    before = words[i - 1] in (",", "and") and NAME.fullmatch(words[i - 2]) if i > 1 else None
    after = words[i + 1] in (",", "and") and NAME.fullmatch(words[i + 2]) if i + 2 < len(words) else None
    return bool(before or after)


def _numbered(told: Sequence[tuple[Sequence[Told], str]]) -> End | None:
    """The end from which the seats were said to be numbered."""
    return next((fact.what for parsed, _ in told for fact in parsed[0].facts if fact.about == "numbered"), None)


def _parsed(sentence: _Sentence, names: dict[str, None], numbered: End | None = None) -> list[Told]:
    """What the sentence says under each of its parses. Raises Unread."""
    words = sentence.words
    kinds = [_kind(words, i, names) for i in range(len(words))]
    past = [i for i, kind in enumerate(kinds) if kind == "SAT"]
    if len(past) > MOST_PASTS:
        raise Unread(sentence.text[:200], "more verbs than are read in one sentence")
    found: list[Told] = []
    # English does not say of "sat" whether one did or several.
    for number in product(("SITS", "SIT"), repeat=len(past)):
        for i, kind in zip(past, number, strict=True):
            kinds[i] = kind
        found += _readings(sentence, kinds, numbered)
    if not found:
        unknown = next((word for kind, word in zip(kinds, words, strict=True) if kind in ("WORD", "ODD")), None)
        why = "not understood" if unknown is None else f"not understood, and the word {unknown[:30]!r} is not known"
        raise Unread(sentence.text[:200], why)
    return list(dict.fromkeys(found))


def _readings(sentence: _Sentence, kinds: Sequence[str], numbered: End | None) -> list[Told]:
    """By the kinds of its words: a sentence that opens the scene, one that claims or asks, or the one and the other."""
    words = sentence.words
    about = _about_places(" ".join(words), kinds)
    if about:
        return [Told((), (), Which(truth=about[0] != "cannot", can=about[0] == "can"), about[1:])]
    found = _said(sentence, kinds, 0, numbered)
    begun = list(openings(kinds, words))
    try:
        listed = {fact.about for opening in begun[:1] for fact in opening.facts} & {"order", "ordered"}
        if listed and "not necessarily" in sentence.text.casefold():
            raise ValueError("lists people in an order that may not be theirs")
        if begun and begun[0].end == len(words) and begun[0].sits:
            return [opened(begun[0].facts), *found]
        for opening in begun if not found else ():
            own = next((fact.what for fact in opening.facts if fact.about == "numbered"), numbered)
            if opening.pausing and opening.facts and (rest := _said(sentence, kinds, opening.end, own)):
                told = opened(opening.facts)
                return [one._replace(facts=(*told.facts, *one.facts), clues=(*told.clues, *one.clues)) for one in rest]
    except ValueError as error:
        raise Unread(sentence.text[:200], _why(error)) from error
    return found


ORDER = re.compile(
    r"(?:in )?(?:which|what)\b(?:(?! (?:next|second|third|fourth|fifth|last|sits?)\b).)*\b"
    r"(?:lists?|order|sequence|arrangement|gives|shows)\b(?:(?! (?:next|second|third|fourth|fifth|last)\b).)*"
    r"\b(?:from (?:the )?(left|right) to (?:the )?(?:right|left)|in (clockwise|anti-?clockwise) order)",
    re.IGNORECASE,
)
_FROM = r"(?: ,)? (?:with (?:respect|reference) to|in relation to|relative to|(?:as )?seen from) (\S+)"
PLACE_OF = (
    re.compile(rf"what is (?:the )?(?:position|place|seat) of (\S+){_FROM}", re.IGNORECASE),
    re.compile(
        r"(?:where|how) (?:does|is) (\S+)(?: , the \w+ \w+ ,)? (?:sit|stand|sitting|seated|standing|placed)"
        rf"(?:{_FROM})?",
        re.IGNORECASE,
    ),
    re.compile(r"where is (\S+)", re.IGNORECASE),
)


def _about_places(text: str, kinds: Sequence[str]) -> tuple[str, ...]:
    """Of a question whose choices are orders of people or places: whether they can be, and what they are about."""
    if (found := ORDER.fullmatch(text)) and "NAME" not in kinds:
        possible = re.search(r"\b(?:could|can|possible|may|acceptable|impossible|unacceptable)\b", text)
        denied = re.search(r"\b(?:not|impossible|unacceptable)\b", text)
        if re.search(r"\b(?:except|never|false|wrong|incorrect|neither|no|nobody|none|if|but)\b", text):
            return ()
        if denied and (not possible or "may not" in text):
            return ()
        return (
            "cannot" if denied else "can" if possible else "must",
            "order",
            (found[1] or found[2]).casefold().replace("-", ""),
        )
    for pattern in PLACE_OF:
        found = pattern.fullmatch(text)
        people = [name for name in found.groups() if name is not None] if found else []
        if people and kinds.count("NAME") == len(people):
            return ("must", "place", *people)
    return ()


def _said(sentence: _Sentence, kinds: Sequence[str], start: int, numbered: End | None) -> list[Told]:
    # A word is its position, so that sentences of one form are parsed once whatever they are about.
    form = tuple((kind, str(i)) for i, kind in enumerate(kinds[start:]))
    if any(kind in ("WORD", "ODD") for kind, _ in form):
        return []
    try:
        return [Meaning(sentence.words[start:], numbered).transform(tree) for tree in parses(GRAMMAR, form)]
    except VisitError as error:
        if isinstance(error.orig_exc, ValueError):
            raise Unread(sentence.text[:200], _why(error.orig_exc)) from error
        raise


def _kind(words: Sequence[str], i: int, names: dict[str, None]) -> str:
    """Of a word; "WORD" for one that the lexicon does not know."""
    word, small = words[i], words[i].casefold()
    if _is_value(words, i):
        return "VALUE"
    if word in names and not (word == "A" and _article(words, i)):
        return "NAME"
    if small == "right" and i + 1 < len(words) and words[i + 1].casefold() in ("next", "between", "beside", "opposite"):
        return "LY"
    return LEXICON.get(small, "WORD")


def _why(error: ValueError) -> str:
    return error.errors()[0]["msg"].removeprefix("Value error, ") if isinstance(error, ValidationError) else str(error)


def _resolved(
    parsed: Sequence[Told], scene: Seating, before: Sequence[AnyClue], text: str
) -> tuple[list[AnyClue], AnyQuery | None]:
    """The clues and the question of a sentence: the same under all its parses, and of this scene."""
    meanings: list[tuple[list[AnyClue], AnyQuery | None]] = []
    try:
        for told in parsed:
            clues: list[AnyClue] = []
            for clue in told.clues:
                clues.append(_at_the_other_end(clue, [*before, *clues]))
                check_in(clues[-1], scene)
                if any(isinstance(r, Is) and {r.who, r.of} <= {*scene.people} for r in relations(clues[-1])):
                    raise ValueError("says of two people that they are one")
            query = told.query
            if isinstance(query, WhoSits | WhichPair):
                query = query.model_copy(update={"where": _at_the_other_end(query.where, [*before, *clues])})
            if query is not None:
                scene.model_validate(scene.model_dump() | {"query": query})
            meanings.append((clues, query))
    except ValueError as error:
        raise Unread(text[:200], _why(error)) from error
    if any(other != meanings[0] for other in meanings):
        raise Unread(text[:200], "can be read in two ways")
    return meanings[0]


def _at_the_other_end(clue: AnyClue, before: Sequence[AnyClue]) -> AnyClue:
    """With the one person who was said to have an end, where the clue speaks of the other end."""
    if ELSEWHERE not in names_in(clue):
        return clue
    ends = dict.fromkeys(
        said.who
        for said in before
        if isinstance(said, AtAnEnd | OtherEnd) or (isinstance(said, Place) and said.place == 1)
    )
    if len(ends) != 1:
        raise ValueError("speaks of the other end, and one end was not said to be one person's")
    return put(clue, {ELSEWHERE: next(iter(ends))})


def _scene(
    told: Sequence[tuple[Sequence[Told], str]],
    names: dict[str, None],
    sentences: Sequence[_Sentence],
    lists: Sequence[Values],
) -> Seating:
    """Who sits how, from all sentences together. Raises Unread where they do not say it, or twice and differently."""
    opening = sentences[0].text[:200]
    facts: dict[str, Any] = {}
    for parsed, text in told:
        for fact in parsed[0].facts:
            if facts.setdefault(fact.about, fact.what) != fact.what:
                raise Unread(text[:200], f"differs from what was said before ({fact.about})")
    rows = [facts[row] for row in ("row 1", "row 2") if row in facts]
    listed = facts.get("people", tuple(name for row in rows for name in row) if len(rows) == 2 else None)
    people: tuple[str, ...] = listed if listed is not None else tuple(names)
    # Who looks at the stage may look north or south: that matters where the text speaks of west and east.
    said_all = [relation for parsed, _ in told for clue in parsed[0].clues for relation in relations(clue)]
    facts["compass"] = any(getattr(r, "end", getattr(r, "side", None)) in ("west", "east") for r in said_all)
    shape: Shape | None = facts.get("shape", "circle" if "table" in facts else None)
    seats: int | None = facts.get("seats")
    size: int | None = facts.get("size", len(people) if listed is not None else seats)
    if shape == "rows":
        seats = 2 * facts["per_row"] if "per_row" in facts else seats
        size = size if size is not None else seats
    if shape is None or size is None:
        raise Unread(opening, "does not say how many people sit there" if shape else "does not say how they sit")
    if listed is not None and len(people) != size:
        raise Unread(opening, f"lists {len(people)} people, not {size}")
    if len(people) > size:
        raise Unread(opening, f"{size} people, of whom {len(people)} are named")
    strangers = [name for name in names if name not in people]
    if strangers:
        raise Unread(opening, f"{strangers[0]} has no seat")
    if facts.get("neighbours", 2) != 2 or ("neighbours" in facts and shape == "row"):
        raise Unread(opening, "says of neighbours what cannot be")
    said = [relation for parsed, _ in told for clue in parsed[0].clues for relation in relations(clue)]
    single = any(isinstance(relation, Faces | FacesAlike | HowManyFace) for relation in said)
    if facts.get("alike") and facts.get("facing", "mixed" if single else None) == "mixed":
        raise Unread(opening, "counts people on one side of somebody, and they look both ways")
    facing, first = _facing(facts, shape, opening)
    try:
        return Seating(
            shape=shape,
            facing="mixed" if single and facing is None and shape != "rows" else facing,
            first_faces=first,
            seats=seats if seats != size else None,
            people=people,
            others=size - len(people),
            attributes=(*_attributes(sentences), *(Attribute(name=one.name, values=one.values) for one in lists)),
            clues=(),
            query=Which(),
        )
    except ValidationError as error:
        raise Unread(opening, _why(error)) from error


def _facing(facts: dict[str, Any], shape: Shape, opening: str) -> tuple[Facing | None, Literal["south", "north"]]:
    """How all look, and the first of two rows."""
    facing = facts.get("facing")
    if shape != "rows":
        if "row 1" in facts or "row 2" in facts or "row 1 faces" in facts:
            raise Unread(opening, "speaks of several rows, and there are not two")
        if facing == "ahead" and facts.get("compass"):
            return None, "south"
        # In a row that looks at the stage left and right are what they are in one that looks north.
        ways = {"ahead": "north" if shape == "row" else None, "mutual": "centre" if shape == "circle" else None}
        if facing in ways and ways[facing] is None:
            raise Unread(opening, "does not say which way each of them looks")
        return cast("Facing | None", ways.get(str(facing), facing)), "south"
    ways_of_rows = (facts.get("row 1 faces"), facts.get("row 2 faces"))
    known = [way for way in ways_of_rows if way is not None]
    if (
        facing not in (None, "mutual")
        or any(way not in ("north", "south") for way in known)
        or len(set(known)) < len(known)
    ):
        raise Unread(opening, "two rows that do not look at each other")
    if facing is None and len(known) < 2:
        raise Unread(opening, "does not say that the rows look at each other")
    north_first = ways_of_rows[0] == "north" or ways_of_rows[1] == "south"
    return None, "north" if north_first else "south"


def _attributes(sentences: Sequence[_Sentence]) -> tuple[Attribute, ...]:
    """What people differ in: whatever they like, wear or drink."""
    values: dict[str, dict[str, None]] = {}
    for _, words in sentences:
        for i, word in enumerate(words):
            if _is_value(words, i):
                verb = next(w for w in reversed(words[:i]) if LEXICON.get(w.casefold()) == "LIKES").casefold()
                values.setdefault(verb if verb.endswith("s") else f"{verb}s", {})[word] = None
    return tuple(Attribute(name=verb, values=tuple(found)) for verb, found in values.items())


def _of_the_rest(told: Told, scene: Seating, text: str) -> list[AnyClue]:
    """How those look of whom a sentence says that they are the others."""
    rest = next((fact.what for fact in told.facts if fact.about == "rest"), None)
    if rest is None:
        return []
    number, direction = rest
    looking = {clue.who for clue in told.clues if isinstance(clue, Faces)}
    others = [name for name in scene.people if name not in looking]
    if not looking or scene.others or len(looking) < len(told.clues) or number not in (None, len(others)):
        raise Unread(text[:200], "does not say who the others are")
    return [Faces(who=name, direction=direction) for name in others]


def _placed(
    text: str,
    about: tuple[str, ...],
    scene: Seating,
    clues: Sequence[AnyClue],
    group: str | None,
    numbered: End | None,
) -> Choice:
    """A choice that is a place: where somebody sits, as seen from nobody or from somebody else."""
    who, *seen_from = about
    place = text[:1].lower() + text[1:].rstrip(". ")
    if seen_from:
        (of,) = seen_from
        place = re.sub(r"\b(?:her|his|their)\b", f"{of}'s", place)
        says = [f"{who} is {place}"] if of in place else [f"{who} is {place} of {of}", f"{who} is {place} {of}"]
    else:
        says = [f"{who} is {place}"]
    if scene.shape in ("circle", "table"):
        # Where there is no end the person to somebody's left is the next one.
        says = [re.sub(r"\b(to|on) the (left|right) of\b", r"\1 the immediate \2 of", say) for say in says]
    found: list[AnyClue] = []
    for say in says:
        try:
            (sentence,) = (_Sentence(part, folded(words, group)) for part, words in _sentences(say))
            meant, asked = _resolved(_parsed(sentence, dict.fromkeys(terms_of(scene)), numbered), scene, clues, text)
        except Unread:
            continue
        found += meant if asked is None else []
    if len(found) != 1:
        raise Unread(text[:200], "is no place, or not one alone")
    return found[0]


def _choice(
    text: str,
    query: AnyQuery,
    scene: Seating,
    clues: Sequence[AnyClue],
    group: str | None,
    numbered: End | None,
    about: tuple[str, ...],
) -> Choice:
    if len(text) > MOST_CHARACTERS:
        raise Unread(text[:80], f"longer than {MOST_CHARACTERS} characters")
    if (meta := read_meta(text)) is not None:
        return meta
    sentence, *more = (_Sentence(part, folded(words, group)) for part, words in _sentences(text))
    if more:
        raise Unread(text[:200], "a choice that claims not one thing")
    words = [word for word in sentence.words if word != ","]
    small = [word.casefold() for word in words]
    terms = terms_of(scene)
    if len(small) > 1 and small[0] == "the" and isinstance(query, WhoSits | WhatHas):
        words, small = words[1:], small[1:]
    match query:
        case WhoSits() | WhatHas():
            if len(words) == 1 and words[0] in terms:
                return words[0]
            raise Unread(text[:200], "nobody of that name has a seat")
        case WhichPair():
            if len(words) == 3 and small[1] in ("and", "-") and {words[0], words[2]} <= {*terms}:
                return (words[0], words[2])
            if len(words) == 2 and {*words} <= {*terms}:
                return (words[0], words[1])
            raise Unread(text[:200], "no two people")
        case WhichWay():
            if len(small) == 1 and small[0] in DIRECTIONS:
                return DIRECTIONS[small[0]]
            if small[-1:] == ["centre"] or small[-1:] == ["center"]:
                away = {("towards", "the"): "centre", ("the",): "centre", ("away", "from", "the"): "outwards"}
                if tuple(small[:-1]) in away:
                    return away[tuple(small[:-1])]
            raise Unread(text[:200], "no direction")
        case Which() if about[:1] == ("order",):
            people = [word for word in words if word not in ("and", "-", "<", ">")]
            if set(people) != {*scene.people} or len(people) != len(scene.people) or len(people) > 8:
                raise Unread(text[:200], "does not name everybody once")
            return AllOf(clues=tuple(ordered(people, cast("Side", about[1]))))
        case Which() if about:
            return _placed(text, about[1:], scene, clues, group, numbered)
        case Which():
            found, asked = _resolved(_parsed(sentence, dict.fromkeys(terms_of(scene)), numbered), scene, clues, text)
            if asked is not None or not found:
                raise Unread(text[:200], "a choice that claims not one thing")
            if len(found) == 1:
                return found[0]
            if any(isinstance(part, AllOf | AnyOf | ExactlyOne | If) for part in found):
                raise Unread(text[:200], "a choice that claims several things at once")
            return AllOf(clues=tuple(found))
        case _:
            small = small[1:] if small[:1] == ["the"] else small
            if small and small[1:] in ([], ["people"], ["person"], ["seat"], ["place"], ["chair"], ["position"]):
                if small[0] in NUMBERS:
                    return NUMBERS.index(small[0])
                if re.fullmatch("[0-9]{1,2}", small[0]):
                    return int(small[0])
                if small[0] in ORDINALS:
                    return ORDINALS.index(small[0])
                if re.fullmatch("[0-9]{1,2}(?:st|nd|rd|th)", small[0]):
                    return int(small[0][:-2])
            raise Unread(text[:200], "no number")
