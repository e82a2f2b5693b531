"""Reads orders in English by a grammar over a lexicon. What the grammar does not cover is not understood."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, cast

from pydantic import ValidationError

from stumper.puzzles import Unread
from stumper.puzzles._grammar import NUMBERS, ORDINALS, meaning
from stumper.puzzles._meta import read_meta
from stumper.puzzles._order_frame import unframed
from stumper.puzzles._order_grammar import GRAMMAR, Meaning
from stumper.puzzles._order_language import (
    MOST_THINGS,
    SCALE_OF,
    AnyClue,
    AnyQuery,
    HowMany,
    Not,
    Number,
    Order,
    WhereIs,
    Which,
    WhichOrder,
    WhoIs,
)
from stumper.puzzles._order_plain import SORTED, plainer
from stumper.puzzles._order_rank import ranks
from stumper.puzzles._order_scene import (
    MOVES,
    PART,
    Scene,
    is_letter,
    is_scene,
    mentioned_in,
    named,
    opened,
    without_all,
)
from stumper.puzzles._order_setting import settle
from stumper.puzzles._order_wording import LEADING, middled, worded
from stumper.puzzles._order_words import DIGIT_ORDINALS, DISTINCT, LEXICON, SENTENCE_END, WORD
from stumper.types import Value

MOST_CHARACTERS = 4000
"""Of a stem; longer text is not read at all."""
MOST_WORDS = 60
"""Of a sentence."""


def read(stem: str, choices: Sequence[str]) -> Order:
    """Formalise a question's text. Raises Unread with the first sentence that is not covered; never guesses."""
    if len(stem) > MOST_CHARACTERS:
        raise Unread(stem[:80], f"longer than {MOST_CHARACTERS} characters")
    if len(choices) > MOST_THINGS:
        raise Unread(choices[0][:80], f"more than {MOST_THINGS} choices")
    text = unframed(_plain(stem))
    offered = [_plain(choice) for choice in choices]
    setting = settle(text)
    if setting is not None:
        offered = [setting.choice(choice) for choice in offered]
    elif (ranked := ranks(text, offered)) is not None:
        return ranked
    if setting is None and all(move.search(text) for move in MOVES):
        raise Unread(text[:200], "orders by leaving and by arriving may differ")
    sentences = [s for s in SENTENCE_END.split(text) if s] or [""]
    told, offered = worded([setting.plain(s) if setting else s for s in sentences], offered)
    try:
        scene = opened(told[0])
        sentences, told = sentences[1:], told[1:]
    except Unread as unread:
        scene = named(" ".join(told), offered, unread)
        told[0] = without_all(LEADING.sub("", told[0]), scene)
    told = middled(told, scene.n)
    if setting is not None and (scene.n != len(setting.labels) or scene.total is not None):
        raise Unread(text[:200], f"{scene.n} things, and {len(setting.labels)} places")
    clues: list[AnyClue] = []
    said: list[str] = []
    query: AnyQuery | None = None
    mentioned: list[str] = []
    for before, sentence, original in zip(["", *told], told, sentences, strict=False):
        if query is not None:
            raise Unread(original[:200], "stands behind the question")
        if DISTINCT.fullmatch(sentence.rstrip(". ")) or is_scene(sentence, scene, opens=not clues):
            mentioned = mentioned_in(sentence, scene)
            continue
        for found in _meanings(_filled(sentence, before), scene, mentioned):
            if isinstance(found, list):
                clues += found
                said += [original] * len(found)
            elif isinstance(found, tuple) or query is not None:
                raise Unread(original[:200])
            else:
                query = found
        mentioned = mentioned_in(sentence, scene)
    if query is None:
        raise Unread((sentences or [text])[-1][:200], "no question")
    if isinstance(query, Which | WhichOrder) and not choices:
        raise Unread(sentences[-1][:200], "asks for one of its choices and has none")
    answers = tuple(read_meta(choice) or _choice(choice, query, scene) for choice in offered)
    claims = [answer for answer in answers if isinstance(answer, Value)]
    try:
        return Order(
            scale=_scale([*clues, *claims], query, sentences[-1]),
            things=scene.things,
            total=scene.total,
            clues=tuple(clues),
            query=query,
            choices=answers,
            said=tuple(said),
        )
    except ValidationError as error:
        raise Unread(sentences[-1][:200], error.errors()[0]["msg"]) from error


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFC", text).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    text = re.sub(r"\b(is|was|are|were|does|did|do|has|had)n't\b", r"\1 not", text)
    text = re.sub(r"\b([Ww]ho)'s (?=the\b)", r"\1 is ", text)
    text = re.sub(r"\b(Mr|Mrs|Ms|Dr|Prof)\. (?=[A-Z])", r"\1 ", text)
    return re.sub(r"(?<=\w) ?\N{EM DASH} ?(?=\w)", " \N{EN DASH} ", text).strip()


def _filled(sentence: str, before: str) -> str:
    """ "Petar is", behind "Nkem is not the tallest"."""
    short = re.fullmatch(r"([\w' -]+) (is|was|does|did)[.;]?", sentence)
    denied = re.search(r"\b(?:is|was|does|did) not ([^,;.]+)[;.]?$", before)
    return f"{short[1]} {short[2]} {denied[1]}." if short and denied else sentence


def _meanings(sentence: str, scene: Scene, before: Sequence[str]) -> list[list[AnyClue] | tuple[str, ...] | AnyQuery]:
    """What a sentence says: as it stands, or else put into plainer ones. Raises Unread."""
    if any(" " in thing for thing in scene.things):
        kind = scene.things[0].split(" ")[-1]
        sentence = re.sub(r"\b(the \w+) one\b", rf"\1 {kind}", sentence, flags=re.IGNORECASE)
    try:
        return [_meaning(sentence, scene)]
    except Unread as unread:
        asked = re.match(
            r"(?:which|what|how many(?: of the)? other) (\w+) (?:is|was|are|were|came|finished|costs|weighs)\b",
            sentence,
            re.I,
        )
        noun = asked[1].casefold() if asked else ""
        # "Which girl" asks for one of the girls alone, unless all are called so.
        if noun and noun not in LEXICON and noun not in scene.nouns and (scene.nouns or noun in PART):
            raise
        whether = re.fullmatch(r"if (.+), ((?:who|which|what|where|how)\b.+\?)", sentence, re.IGNORECASE)
        if re.match(SORTED, sentence, re.IGNORECASE):
            whether = None
        parts = [whether[1], whether[2]] if whether else [sentence]
        plain = [one for part in parts for one in plainer(part, scene.things, before, scene.n)]
        if plain == [sentence.rstrip(".?! ")]:
            raise
        try:
            return [_meaning(one, scene) for one in plain]
        except Unread as other:
            raise Unread(sentence[:200], other.why) from unread


def _meaning(sentence: str, scene: Scene) -> list[AnyClue] | tuple[str, ...] | AnyQuery:
    tokens = _tokens(sentence, scene)
    # Numbered as they occur, so that sentences of one form are parsed once whatever they are about.
    named = list(dict.fromkeys(word for kind, word in tokens if kind == "THING"))
    form = tuple((kind, str(named.index(word)) if kind == "THING" else word) for kind, word in tokens)
    transformer = Meaning([scene.things[int(word)] for word in named], scene.n)
    return cast("list[AnyClue] | tuple[str, ...] | AnyQuery", meaning(GRAMMAR, form, transformer, sentence))


def _tokens(sentence: str, scene: Scene) -> list[tuple[str, str]]:
    """(kind, word) of each word; a thing's name is one token, with its article, and its word is the thing's number."""
    words = WORD.findall(re.sub(r"\bcan(?:'t| not)\b", "cannot", sentence.rstrip(".?!; ").replace("-", " ")))
    if len(words) > MOST_WORDS:
        raise Unread(sentence[:80], f"longer than {MOST_WORDS} words")
    plain = [word.casefold() for word in words]

    def called(at: int) -> int | None:
        """The thing with the longest name that stands here."""
        found = [
            i
            for i, name in enumerate(scene.names)
            if plain[at : at + len(name)] == list(name) and (not is_letter(scene.things[i]) or words[at].isupper())
        ]
        return max(found, key=lambda i: len(scene.names[i]), default=None)

    tokens: list[tuple[str, str]] = []
    at = 0
    while at < len(plain):
        start = at
        thing = called(at)
        if thing is None and plain[at] in ("the", "a", "an"):
            start = at + 1
            thing = called(start)
        if thing is not None:
            tokens.append(("THING", str(thing)))
            at = start + len(scene.names[thing])
            # "The tea jar" is the tea, where all of them are jars.
            at += " " not in scene.things[thing] and at < len(plain) and plain[at] in scene.nouns
            continue
        word = plain[at]
        kind = "NOUN" if word in scene.nouns else "NUMBER" if word in DIGITS else LEXICON.get(word)
        if kind is None:
            raise Unread(sentence[:200], f"the word {word[:30]!r} is not known here")
        tokens.append((kind, word))
        at += 1
    return tokens


DIGITS = frozenset(map(str, range(MOST_THINGS + 1)))


def _choice(choice: str, query: AnyQuery, scene: Scene) -> str | int | tuple[str, ...] | AnyClue:
    """What a choice says as an answer. Raises Unread."""
    if isinstance(query, WhoIs) and (whole := _whole(choice, scene)):
        return whole
    tokens = [] if isinstance(query, Which) else _tokens(choice, scene)
    match query:
        case WhoIs():
            if [kind for kind, _ in tokens] in (["THING"], ["THE", "THING"]):
                return scene.things[int(tokens[0][1])]
        case WhereIs():
            kinds = [kind for kind, _ in tokens if kind not in ("THE", "PLACE", "IN")]
            words = [word for kind, word in tokens if kind in ("ORDINAL", "NUMBER", "LAST")]
            if kinds == ["ORDINAL"]:
                return (ORDINALS if words[0] in ORDINALS else DIGIT_ORDINALS).index(words[0]) + 1
            if kinds == ["LAST"] and query.end == "first":
                return scene.n
            if kinds == ["NUMBER"] and words[0].isdecimal():
                return int(words[0])
        case HowMany():
            words = [word for kind, word in tokens if kind == "NUMBER"]
            if [kind for kind, _ in tokens if kind != "NOUN"] == ["NUMBER"]:
                return NUMBERS.index(words[0]) if words[0] in NUMBERS else int(words[0])
            if [kind for kind, _ in tokens if kind != "NOUN"] == ["NOBODY"]:
                return 0
        case WhichOrder():
            found = _meaning(choice, scene)
            if isinstance(found, tuple) and sorted(found) == sorted(scene.things):
                return found
        case Which():
            claims = [clue for each in _meanings(choice, scene, ()) if isinstance(each, list) for clue in each]
            if len(claims) == 1:
                return claims[0]
            raise Unread(choice[:200], "a choice that claims not one thing")
    raise Unread(choice[:200], "a choice that is no answer")


def _whole(choice: str, scene: Scene) -> str | None:
    """The red box, where "red" is offered and all of them are boxes."""
    kinds = {thing.rsplit(" ", 1)[-1] for thing in scene.things if " " in thing}
    if len(kinds) != 1:
        return None
    named = re.sub(r"^the ", "", choice.strip(" .").casefold()) + f" {kinds.pop()}"
    return next((thing for thing in scene.things if thing.casefold() == named), None)


def _scale(said: Sequence[AnyClue], query: AnyQuery, sentence: str) -> Any:
    """What the things are ordered by: the one scale to which all ends belong that are named."""
    plain: list[Any] = [clue.clue if isinstance(clue, Not) else clue for clue in said]
    if isinstance(query, WhoIs | HowMany):
        plain.append(query.where)
    if isinstance(query, WhereIs | WhichOrder):
        plain.append(query)
    plain = [clue.where if isinstance(clue, Number) else clue for clue in plain]
    ends = [end for clue in plain if (end := getattr(clue, "towards", None) or getattr(clue, "end", None))]
    scales = {SCALE_OF[end] for end in ends}
    if len(scales) != 1:
        raise Unread(sentence[:200], f"ordered by {' and '.join(sorted(scales)) or 'nothing that is named'}")
    return scales.pop()
