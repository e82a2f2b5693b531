"""Reads family puzzles back: a sentence is understood when exactly one reading by the table of forms covers it all."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, product

from pydantic import ValidationError

from stumper.puzzles import TooLarge, Unread
from stumper.puzzles._kin_english import (
    CHOICE_FORMS,
    KIN_FORMS,
    RELATED_FORMS,
    SEVERAL_FORMS,
    SEX_FORMS,
    TERM_FORMS,
    WHO_FORMS,
)
from stumper.puzzles._kin_language import MEANINGS, Clue, Is, Kin, KinProblem, Related, Who

MAX_TEXT = 6_000
MAX_SENTENCE_WORDS = 150
MAX_CLAUSE_WORDS = 24
MAX_NAME_WORDS = 3
MAX_NAMES = 60

Words = tuple[str, ...]
Found = dict[str, str]
Part = Clue | Related | Who
Parts = tuple[Part, ...]

_WORD = re.compile(r"\{[sot]\}|'s?(?!\w)|[^\W_]+(?:[-'](?!s(?!\w))[^\W_]+)*|[^\w\s]|_")
_SENTENCE = re.compile(r"[^.;:?!\n]+[.;:?!]?")
_JOINTS = ((",", "and"), (",", "while"), (",", "but"), (",",), ("and",), ("while",), ("but",))
_OPENINGS = frozenset({"if", "then", "so", "now", "suppose", "given", "that"})
"""Say nothing, in the sentence of the question: "If ..., then how is ...?" """

_NO_NAMES = MEANINGS.keys() | set(
    str.split(
        """
        an the this that these those one two three four five six all both each every none no not only he she they it
        we you me him her them us his its their our your my mine who whom whose which what how in on of to at by from
        with for as if then so when while where why and or but because since given is are was were be has have had do
        does did there here among between mr mrs ms miss sir lady lord king queen prince princess granny grandma
        grandpa mum mom dad mummy daddy step half great man woman boy girl male female person people someone somebody
        nobody everyone family member members
        """
    )
)
"""Words that are no name even where a capital stands: titles would drop what they say about the sex."""


def read(stem: str, choices: Sequence[str]) -> KinProblem:
    """Formalise a question; see `Family.read`. Raises Unread, TooLarge when the text is out of all proportion."""
    if len(stem) + sum(map(len, choices)) > MAX_TEXT:
        raise TooLarge(f"a text of more than {MAX_TEXT} characters")
    clues: list[Clue] = []
    query: Related | Who | None = None
    for sentence in _sentences(stem):
        if query is not None:
            raise Unread(sentence, "nothing may follow the question, but there is")
        for part in _read_sentence(sentence):
            if query is not None:
                raise Unread(sentence, "two questions in one")
            if isinstance(part, Related | Who):
                query = part
            else:
                clues.append(part)
    if query is None:
        raise Unread(stem.strip()[-200:], "no question found in")
    try:
        problem = KinProblem(
            clues=tuple(clues), query=query, choices=tuple(_read_choice(choice, query) for choice in choices)
        )
    except ValidationError as error:
        raise Unread(stem.strip()[:200], error.errors()[0]["msg"]) from error
    _check_names(problem.people())
    return problem


def _sentences(text: str) -> Iterator[str]:
    text = unicodedata.normalize("NFC", text).replace("\u2019", "'")
    for match in _SENTENCE.finditer(text):
        sentence = match.group().strip()
        if sentence.strip(".;:?! "):
            yield sentence


def _words(text: str) -> Words:
    words = ["'s" if word == "'" else word for word in _WORD.findall(text)]
    joined: list[str] = []
    for word in words:
        joined.append(word)
        if [w.lower() for w in joined[-2:]] == ["in", "law"] and len(joined) > 2:
            joined[-3:] = [f"{joined[-3]}-in-law"]
    return tuple(joined)


def _read_sentence(sentence: str) -> Parts:
    quoted = sentence[:200]
    asked = sentence.endswith("?")
    words = _words(sentence.rstrip(".;:?! "))
    if len(words) > MAX_SENTENCE_WORDS:
        raise Unread(quoted, "too long a sentence")
    while asked and words and words[0].lower() in _OPENINGS:
        words = words[1:]
    readings = _readings(words, asked)
    if len(readings) != 1:
        raise Unread(quoted, "more than one reading of" if readings else "not understood")
    return readings[0]


def _readings(words: Words, asked: bool) -> list[Parts]:
    """Up to two ways to cut the words into clauses that a form reads; a question has to end what is `asked`."""

    @cache
    def rest(start: int) -> tuple[Parts, ...]:
        found: dict[Parts, None] = {}
        for end in range(start + 1, min(len(words), start + MAX_CLAUSE_WORDS) + 1):
            after = [end + n for n in _joints(words, end)] if end < len(words) else [end]
            clauses = _clause(words[start:end], asked and end == len(words)) if after else []
            for clause, begin in product(clauses, after):
                tails = rest(begin) if begin < len(words) else ((),) if end == len(words) else ()
                found.update(dict.fromkeys((clause, *tail) for tail in tails))
        return tuple(found)[:2]

    return list(rest(0))


def _joints(words: Words, at: int) -> list[int]:
    """The lengths of what may join two clauses here."""
    return [len(joint) for joint in _JOINTS if tuple(w.lower() for w in words[at : at + len(joint)]) == joint]


def _clause(words: Words, asked: bool) -> list[Part]:
    """All that the forms make of one clause."""
    found: dict[Part, None] = {}
    if asked:
        for form in _RELATED:
            for slots in _match(form, words):
                found[Related(subject=slots["{s}"], object=slots["{o}"])] = None
        for form in _WHO:
            for slots in _match(form, words):
                found[Who(term=slots["{t}"], object=slots["{o}"])] = None
        return list(found)
    for form, term in _KIN:
        for slots in _match(form, words):
            found[Kin(subject=slots["{s}"], term=term or slots["{t}"], object=slots["{o}"])] = None
    for form, sex in _SEX:
        for slots in _match(form, words):
            found[Is(person=slots["{s}"], sex=sex)] = None
    return list(found)


def _match(form: Words, words: Words) -> Iterator[Found]:
    """Every way to fill the slots of the form so that it becomes the words."""
    if not form or not words:
        if not form and not words:
            yield {}
        return
    head = form[0]
    if head in ("{s}", "{o}"):
        for n in range(1, min(MAX_NAME_WORDS, len(words)) + 1):
            name = _name(words[:n])
            if name is None:
                return
            for slots in _match(form[1:], words[n:]):
                if slots.setdefault(head, name) == name:
                    yield slots
    elif head == "{t}":
        term = words[0].lower()
        if term in MEANINGS:
            for slots in _match(form[1:], words[1:]):
                yield {**slots, "{t}": term}
    elif head == words[0].lower():
        yield from _match(form[1:], words[1:])


def _name(words: Words) -> str | None:
    """Capitalised words that make one name; a lone capital such as the A of "A is B's son" may be one."""
    for word in words:
        if not word[0].isupper() or word.lower() in _NO_NAMES:
            return None
        if len(words) > 1 and len(word) == 1:
            return None
        if not all(c in "-'0123456789" or unicodedata.name(c, "").startswith("LATIN") for c in word):
            return None
    return " ".join(words)


def _forms(texts: Sequence[str]) -> tuple[Words, ...]:
    """Forms as words; the article goes before the term, as either of its two."""
    spelled = [t.replace("{a}", f"{an} {{t}}") for t in texts for an in (("a", "an") if "{a}" in t else ("",))]
    return tuple(_words(text) for text in spelled)


_KIN = (
    *((form, None) for form in _forms(KIN_FORMS + SEVERAL_FORMS)),
    *((form, term) for term, texts in TERM_FORMS.items() for form in _forms(texts)),
)
_SEX = tuple((form, sex) for sex, texts in SEX_FORMS.items() for form in _forms(texts))
_RELATED = _forms(RELATED_FORMS)
_WHO = _forms(WHO_FORMS)
_CHOICE = _forms(CHOICE_FORMS)


def _read_choice(choice: str, query: Related | Who) -> str:
    """The term or the name that a choice is. Raises Unread, also for a choice about other people than the question."""
    words = _words(unicodedata.normalize("NFC", choice).replace("\u2019", "'").rstrip(". "))
    if isinstance(query, Who):
        name = _name(words) if 0 < len(words) <= MAX_NAME_WORDS else None
        found = {name} if name else set()
    else:
        asked = {"{s}": query.subject, "{o}": query.object}
        found = {
            slots["{t}"]
            for form in _CHOICE
            for slots in (_match(form, words) if len(words) <= MAX_CLAUSE_WORDS else ())
            if all(slots.get(slot, name) == name for slot, name in asked.items())
        }
    if len(found) != 1:
        raise Unread(choice[:200], "not understood as a choice")
    return found.pop()


def _check_names(names: Sequence[str]) -> None:
    """Raises Unread where two names may be meant for one person, or for too many people."""
    if len(names) > MAX_NAMES:
        raise TooLarge(f"more than {MAX_NAMES} people")
    plain = {name: set(unicodedata.normalize("NFKD", name).encode("ascii", "ignore").lower().split()) for name in names}
    for one, other in combinations(names, 2):
        if plain[one] & plain[other]:
            raise Unread(f"{one}, {other}", "perhaps one person under two names")
