"""Reads what sentences state of kinds of things, by a grammar over kinds of words.

A term is what people call a thing or say of it: "a lawyer", "horned animals", "is on the committee", "has fur",
"did not pass the exam". Its words are kept as they stand, but for articles, tense and number, and are not looked into.
So terms that share a word, or look akin, cannot be told apart safely, and a text with both is refused.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple, cast

from lark import Token, Transformer, v_args

from stumper.puzzles import Unread
from stumper.puzzles._grammar import Words, meaning
from stumper.puzzles._syllogism_language import Quantifier

MOST_WORDS = 40
"""Of a sentence."""

GRAMMAR = """
start: stated
     | "SOME" noun "CANBE" "A"? noun                -> can_some
     | "ALL" noun "CANBE" "A"? noun                 -> can_all
     | "SOME" noun _being noun _possibility         -> can_some
     | "ALL" noun _being noun _possibility          -> can_all
     | "SOME" noun "BE" "A"? noun _possibility      -> can_some
     | "ALL" noun "BE" "A"? noun _possibility       -> can_all
     | "IT" "BE" "POSSIBLE" "THAT" stated           -> possibly
     | "THERE" "BE" "A" "POSSIBILITY" "THAT" stated -> possibly
stated: "ALL" np pred                               -> all
     | ("NO" | "NONE") np pred                      -> no
     | "SOME" np pred                               -> some
     | "SOME" np npred                              -> some_not
     | "NOT" "ALL" np pred                          -> some_not
     | "ALL" np npred                               -> all_not
     | "ONLY" np pred                               -> only
     | "ONLY" ("FEW" | "SOME") np pred              -> only_few
     | "FEW" np pred                                -> few
     | "ANYBODY" who pred                           -> all
     | "ANYBODY" who npred                          -> all_not
     | "NOT" "ANYBODY" who pred                     -> some_not
     | "NOBODY" who pred                            -> no
     | "SOMEBODY" who pred                          -> some
     | "SOMEBODY" who npred                         -> some_not
     | "WHOEVER" pred "COMMA"? pred                 -> all
     | "WHOEVER" pred "COMMA"? npred                -> no
     | "THERE" "BE" "NO" np _that pred              -> no
     | "THERE" "BE" "NO" np _that npred             -> all
     | "THERE" "BE" ("A" | "SOME") np _that pred    -> some
     | "THERE" "BE" ("A" | "SOME") np _that npred   -> some_not
     | "IF" ("SOMEBODY" | "ANYBODY") pred _then pred         -> all
     | "IF" ("SOMEBODY" | "ANYBODY") pred _then npred        -> no
     | "IF" one _then pred                          -> all
     | "IF" one _then npred                         -> no
     | "IF" negated _then npred                     -> only
     | ("ALL" | "THOSE") _that pred "COMMA"? pred   -> all
     | ("NO" | "NONE") _that pred pred              -> no
     | "SOME" _that pred pred                       -> some
     | "SOME" _that pred npred                      -> some_not
     | name pred                                    -> all
     | name npred                                   -> no
_being: "BEING" "A"?
_possibility: "BE" ("A" "POSSIBILITY" | "POSSIBLE")
_that: "THAT" | "WHO"
_then: "COMMA"? "THEN"? "IT"
who: _that pred | WITH tail | PREP tail | verbal
negated: "A" noun npred                             -> such
one: "A" noun pred                                  -> such
np: "THE"? phrase | noun _that pred -> such | noun WITH tail -> such_with | noun VERB PREP tail -> such_done
phrase: noun | noun PREP tail                       -> at
?pred: "BE" ("A" | "THE")? phrase
     | "BE" PREP tail                               -> is_at
     | verbal
verbal: VERB tail?                                  -> does
     | VERB PREP tail                               -> does_at
     | HAVE owned                                   -> has
     | HAVE VERB tail?                              -> perfect
     | "CAN" verb                                   -> can
?npred: "BE" "NOT" ("A" | "THE")? phrase
     | "BE" "NOT" PREP tail                         -> is_at
     | "DO" "NOT" verb                              -> do
     | "DID" "NOT" verb                             -> did
     | HAVE "NOT" VERB tail?                        -> perfect
     | HAVE "NO" owned                              -> has
     | "CAN" "NOT" verb                             -> can
verb: (WORD | VERB | HAVE) tail?
noun: VERB? WORD+ | VERB
tail: ("A" | "THE")* (WORD | VERB | NAME) (WORD | VERB | NAME | PREP | "A" | "THE")*
owned: ("A" | "THE")* (WORD | NAME) (WORD | VERB | NAME | PREP | "A" | "THE")*
name: NAME+
%declare WORD VERB NAME PREP HAVE WITH
"""
LEXICON = {
    word: kind
    for kind, words in {
        "ALL": "all every each any",
        "NO": "no",
        "NONE": "none",
        "SOME": "some",
        "FEW": "few",
        "ONLY": "only",
        "BE": "is are be was were am",
        "NOT": "not",
        "A": "a an",
        "THE": "the",
        "CAN": "can",
        "BEING": "being",
        "POSSIBLE": "possible",
        "POSSIBILITY": "possibility",
        "IT": "it they he she",
        "THERE": "there",
        "THAT": "that",
        "WHO": "who which",
        "IF": "if",
        "THEN": "then",
        "DO": "do does",
        "DID": "did",
        "HAVE": "have has had",
        "ANYBODY": "everybody everyone everything anybody anyone anything",
        "SOMEBODY": "somebody someone something",
        "NOBODY": "nobody nothing",
        "WHOEVER": "whoever whatever",
        "WITH": "with",
        "PREP": "of in on at by to from for near under above inside outside within behind beside against into about",
        "THOSE": "those",
        "COMMA": ",",
    }.items()
    for word in words.split()
}
PHRASES: Mapping[tuple[str, ...], tuple[tuple[str, str], ...]] = {
    ("at", "least", "one"): (("SOME", "some"),),
    ("at", "least", "some"): (("SOME", "some"),),
    ("a", "few"): (("SOME", "some"),),
    ("only", "a", "few"): (("ONLY", "only"), ("FEW", "few")),
    ("only", "some"): (("ONLY", "only"), ("SOME", "some")),
    ("none", "but"): (("ONLY", "only"),),
    ("nobody", "but"): (("ONLY", "only"),),
    ("no", "one", "but"): (("ONLY", "only"),),
    ("no", "one"): (("NOBODY", "nobody"),),
    ("not", "a", "single"): (("NO", "no"),),
    ("not", "one"): (("NO", "no"),),
    ("not", "any"): (("NO", "no"),),
    # Nobody, or not just anybody: it stands in no rule.
    **{("not", f"any{who}"): (("NOT", "not"),) for who in ("body", "one", "thing")},
    **{(modal, "be"): (("CANBE", "can be"),) for modal in ("can", "may", "might", "could")},
}
REFUSED = frozenset(
    "and or nor but most many several least almost never always also exactly more less than both either neither except "
    "unless other others exists exist cannot nearly should will would must may might could i one two three same "
    "usually sometimes these their its them without as not else every_other different similar alone "
    "half often rarely seldom mostly generally probably possibly likely hardly scarcely barely nearly ever second "
    "third partly supposed alleged former supposedly allegedly formerly merely virtually practically roughly".split()
)
"""Words that a term cannot be: they say something that the grammar does not read."""
REGULAR = (
    "like love hate enjoy need want own drink smoke bark bite chase follow help admire trust visit attend "
    "pass fail enter join play dance cook paint travel walk work live move move_to use receive obtain earn "
    "study learn play belong contain produce require possess speak float sink_to laugh smile cry carry "
    "watch believe remember respect fear vote travel dislike avoid prefer use collect sign finish complete support "
    "treat attract open close borrow reach shine fade bloom hunt climb purr dream fail exercise recycle sweat argue"
).split()
PAST = dict(
    pair.split(":")
    for pair in (
        "win:won take:took go:went eat:ate see:saw write:wrote read:read get:got make:made buy:bought swim:swam "
        "run:ran come:came give:gave know:knew speak:spoke break:broke lose:lost pay:paid sell:sold "
        "tell:told leave:left find:found think:thought hold:held "
        "fly:flew sing:sang drink:drank drive:drove wear:wore teach:taught "
        "have:had wake:woke sleep:slept keep:kept bring:brought catch:caught grow:grew ride:rode "
        "build:built lay:laid lie:lay sink:sank"
    ).split()
)
"""Irregular verb -> its past."""
PARTICIPLES = dict(
    pair.split(":")
    for pair in (
        "taken:took gone:went eaten:ate seen:saw written:wrote gotten:got swum:swam run:ran come:came given:gave "
        "known:knew spoken:spoke broken:broke flown:flew sung:sang drunk:drank driven:drove worn:wore grown:grew "
        "ridden:rode"
    ).split()
)
BASE = {past: base for base, past in PAST.items()} | {"has": "have", "goes": "go", "does": "do"}
GENERIC = frozenset(
    "thing things object objects item items person people one ones individual individuals being beings animal animals "
    "creature creatures human humans".split()
)
"""What anything of the kind at hand may be called: "calm animals" are what is calm, where animals are no term."""
SAYS_LITTLE = frozenset("have can of in on at by to from for near with into about inside outside within".split())
IRREGULAR = {
    plural: one
    for line in (
        "men:man women:woman people:person children:child mice:mouse geese:goose wolves:wolf knives:knife",
        "leaves:leaf shelves:shelf thieves:thief lives:life wives:wife loaves:loaf halves:half calves:calf",
        "elves:elf scarves:scarf feet:foot teeth:tooth oxen:ox lice:louse dice:die buses:bus gases:gas",
        "lenses:lens potatoes:potato tomatoes:tomato heroes:hero echoes:echo cacti:cactus fungi:fungus",
        "alumni:alumnus nuclei:nucleus criteria:criterion phenomena:phenomenon bacteria:bacterium",
        "analyses:analysis crises:crisis viruses:virus foxes:fox boxes:box movies:movie cookies:cookie",
        "ties:tie pies:pie zombies:zombie axes:axe aches:ache headaches:headache mangoes:mango",
    )
    for plural, one in (pair.split(":") for pair in line.split())
}
"""Plural -> singular, where the endings would mislead."""

WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*|\d+|\S")
NEGATED = re.compile(r"(?i)\b(is|are|was|were|do|does|did|has|have|had|ca)n't\b")
LINK = re.compile(
    r"(?i)(?:^|(?<=;\s))(?:however|moreover|furthermore|also|in addition|besides|finally|yet|but|and),?\s+"
)
"""A word that ties a statement to the one before, and says nothing."""
JOINTS = frozenset({"and", "but", "while", "whereas", ";", ","})
BEGINS = frozenset(
    {"ALL", "NO", "NONE", "SOME", "FEW", "ONLY", "ANYBODY", "NOBODY", "SOMEBODY", "WHOEVER", "NOT", "IF"}
)


def singular(word: str) -> str:
    """A regular English noun in the singular; both "cat" and "cats" give "cat"."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    for ending, other in (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x")):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word.removesuffix(ending) + other
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2 else word


def plurals(word: str) -> set[str]:
    """What English may make of a singular noun."""
    found = {word + "s", word + "es"} | {plural for plural, one in IRREGULAR.items() if one == word}
    for ending, other in (
        ("y", "ies"),
        ("f", "ves"),
        ("fe", "ves"),
        ("man", "men"),
        ("us", "i"),
        ("um", "a"),
        ("is", "es"),
    ):
        if word.endswith(ending):
            found.add(word.removesuffix(ending) + other)
    return found


def _base(verb: str) -> str:
    """Of a verb in the present: "flies" and "fly" give "fly"."""
    return BASE.get(verb, singular(verb)) if verb in ("has", "goes", "does") else singular(verb)


def _past(verb: str) -> str:
    """Of a verb in its base form."""
    if verb in PAST:
        return PAST[verb]
    if verb.endswith("e"):
        return verb + "d"
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ied"
    return verb + verb[-1] + "ed" if re.fullmatch(r"[^aeiou]*[aeiou][bdglmnprt]", verb) else verb + "ed"


class Term(NamedTuple):
    """A term as the text has it."""

    noun: tuple[str, ...] = ()
    """Its last word is in the singular or plural."""
    tail: tuple[str, ...] = ()
    """What is said behind the noun, or a verb with what belongs to it."""
    name: bool = False
    such: str = ""
    """Of "animals that have fur": the noun, and the rest is the term."""

    @property
    def text(self) -> str:
        return " ".join((*self.noun, *self.tail))


class Raw(NamedTuple):
    """A statement whose terms stand as in the text."""

    quantifier: Quantifier
    subject: Term
    predicate: Term
    possible: bool = False


@v_args(inline=True)
class _Meaning(Transformer[Token, Any]):
    def tail(self, *words: Token) -> tuple[str, ...]:
        return tuple(map(str, words))

    owned = tail

    def noun(self, *words: Token) -> Term:
        return Term(noun=tuple(map(str, words)))

    def phrase(self, noun: Term) -> Term:
        return noun

    np = phrase
    verbal = phrase

    def who(self, *parts: Any) -> Term:
        if len(parts) == 1:
            return cast("Term", parts[0])
        word, tail = parts
        return Term(tail=("have" if word.type == "WITH" else str(word), *tail))

    def at(self, noun: Term, word: Token, tail: tuple[str, ...]) -> Term:
        return noun._replace(tail=(str(word), *tail))

    def is_at(self, word: Token, tail: tuple[str, ...]) -> Term:
        return Term(tail=(str(word), *tail))

    def such(self, noun: Term, pred: Term) -> Term:
        return pred._replace(such=noun.text)

    def such_with(self, noun: Term, _: Token, tail: tuple[str, ...]) -> Term:
        return Term(tail=("have", *tail), such=noun.text)

    def such_done(self, noun: Term, verb: Token, word: Token, tail: tuple[str, ...]) -> Term:
        return Term(tail=(str(verb), str(word), *tail), such=noun.text)

    def does(self, verb: Token, tail: tuple[str, ...] = ()) -> Term:
        said = str(verb)
        return Term(tail=(said if said.endswith("ed") or said in PAST.values() else _base(said), *tail))

    def does_at(self, verb: Token, word: Token, tail: tuple[str, ...]) -> Term:
        return self.does(verb, (str(word), *tail))

    def has(self, verb: Token, tail: tuple[str, ...]) -> Term:
        return Term(tail=("had" if verb == "had" else "have", *tail))

    def perfect(self, _: Token, verb: Token, tail: tuple[str, ...] = ()) -> Term:
        return Term(tail=(PARTICIPLES.get(str(verb), str(verb)), *tail))

    def verb(self, word: Token, tail: tuple[str, ...] = ()) -> tuple[str, ...]:
        return (str(word), *tail)

    def can(self, said: tuple[str, ...]) -> Term:
        return Term(tail=("can", *said))

    def do(self, said: tuple[str, ...]) -> Term:
        return Term(tail=said)

    def did(self, said: tuple[str, ...]) -> Term:
        return Term(tail=(_past(said[0]), *said[1:]))

    def name(self, *words: Token) -> Term:
        return Term(noun=tuple(map(str, words)), name=True)

    def start(self, raw: Raw) -> Raw:
        return raw

    def only(self, subject: Term, predicate: Term) -> Raw:
        return Raw("all", predicate, subject)

    def can_some(self, subject: Term, predicate: Term) -> Raw:
        return Raw("some", subject, predicate, possible=True)

    def can_all(self, subject: Term, predicate: Term) -> Raw:
        return Raw("all", subject, predicate, possible=True)

    def possibly(self, raw: Raw) -> Raw:
        return raw._replace(possible=True)

    def __default__(self, data: str, children: list[Any], _: object) -> Raw:
        """The other rules are named as the quantifiers are."""
        return Raw(cast("Quantifier", str(data)), *children)


def statements(sentence: str) -> tuple[Raw, ...]:
    """What a sentence states, clause by clause. Raises Unread."""
    plain = LINK.sub("", sentence.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    said = NEGATED.sub(r"\1 not", plain).replace("ca not", "can not")
    words = WORD.findall(re.sub(r"(?i)\bcannot\b", "can not", said).strip().strip('".?!;, '))
    if len(words) > MOST_WORDS:
        raise Unread(sentence[:80], f"longer than {MOST_WORDS} words")
    if [word.casefold() for word in words[:3]] == ["all", "and", "only"]:
        return (*statements(f"All {' '.join(words[3:])}"), *statements(f"Only {' '.join(words[3:])}"))
    return tuple(
        cast("Raw", meaning(GRAMMAR, tuple(_tokens(clause, sentence)), _Meaning(), sentence)) for clause in _cut(words)
    )


def _cut(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """The clauses of a sentence: a joint is one where a new subject follows it."""
    start = 0
    for i in range(1, len(words)):
        if words[i - 1] in JOINTS and words[i] not in JOINTS and _begins(words[i:]):
            end = i
            while end > start and words[end - 1] in JOINTS:
                end -= 1
            if words[start].casefold() != "if" or "," in words[start:end]:
                yield words[start:end]
                start = i
    yield words[start:]


def _begins(words: Sequence[str]) -> bool:
    first = words[0].casefold()
    return LEXICON.get(first) in BEGINS or tuple(w.casefold() for w in words[:2]) in (("a", "few"), ("at", "least"))


def _tokens(words: Sequence[str], sentence: str) -> Words:
    said = [word.casefold() for word in words]
    named = _is_named(words)
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(said):
        phrase = next((p for p in sorted(PHRASES, key=len, reverse=True) if tuple(said[at : at + len(p)]) == p), None)
        if phrase is not None:
            found += PHRASES[phrase]
            at += len(phrase)
        else:
            word = said[at]
            if word not in LEXICON and (word in REFUSED or not word[0].isalpha()):
                raise Unread(sentence[:200], f"{word[:30]!r} is not known here")
            kind = "NAME" if at < named else LEXICON.get(word) or ("VERB" if _is_verb(word) else "WORD")
            found.append((kind, word))
            at += 1
        if found[-1][0] in ("ALL", "NONE", "SOME", "FEW"):
            at += said[at : at + 1] == ["of"]
            at += said[at : at + 1] == ["the"]
    return tuple(found)


def _is_named(words: Sequence[str]) -> int:
    """How many words a name has that begins the clause; 0 without one. Nothing else with a capital is a name."""
    n = 0
    while n < len(words) and words[n][:1].isupper() and words[n].casefold() not in LEXICON and len(words[n]) > 1:
        n += 1
    then = words[n].casefold() if n < len(words) else ""
    singular_ = then in ("is", "was", "has", "had", "can", "does", "did") or then.endswith("ed")
    return n if singular_ or (_is_verb(then) and then.endswith("s")) else 0


def _is_verb(word: str) -> bool:
    if word.endswith("ed") and len(word) > 4:
        return True
    return word in PARTICIPLES or word in BASE or singular(word) in PAST or singular(word) in REGULAR


def named(found: Iterable[Term]) -> dict[Term, str]:
    """The term, in the singular, of each way in which terms are written. Raises Unread for terms that are no two."""
    written = list(dict.fromkeys(found))

    def one(term: Term) -> str:
        *before, last = term.noun
        alike = [t.noun[-1] for t in written if t.noun and t.tail == term.tail and [*t.noun[:-1]] == before]
        return min((s for s in alike if last in plurals(s)), key=len, default=singular(last))

    def told(term: Term) -> str:
        return " ".join((*term.noun[:-1], one(term), *term.tail)) if term.noun and not term.name else term.text

    whole = {told(term) for term in written}
    _of_one_kind(written)

    def meant(term: Term) -> str:
        if term.such and not (term.such in GENERIC and singular(term.such) not in whole):
            raise Unread(term.text, f"speaks of {term.such} alone")
        *before, last = term.noun or ("",)
        kind_of_thing = last in GENERIC and before and not term.tail and not term.name
        if kind_of_thing and (last not in ("animal", "animals", "creature", "creatures") or " ".join(before) in whole):
            if singular(last) in whole:
                raise Unread(term.text, f"may be a part of {last!r}")
            return " ".join(before)
        return told(term)

    terms = {term: meant(term) for term in written}
    names = {terms[term] for term in written if term.name}
    kinds = {terms[term] for term in written if not term.name}
    if names & kinds:
        raise Unread(min(names & kinds), "is a name and a kind of things")
    for a, b in combinations(sorted(names | kinds, key=len), 2):
        _apart(a, b)
    for verb in {t.tail[0] for t in written if t.tail and not t.noun} - SAYS_LITTLE:
        stem = BASE.get(verb, re.sub(r"i?ed$", "", verb))
        for other in {w for text in terms.values() for w in text.split()} - {verb}:
            if len(stem) > 2 and other.startswith(stem[:4]):
                raise Unread(other, f"may be the same as {verb!r}")
    return terms


def _of_one_kind(written: Iterable[Term]) -> None:
    """Raises Unread where "calm people" and "calm things" would both be what is calm."""
    for words in combinations({(*term.noun[:-1], term.noun[-1]) for term in written if len(term.noun) > 1}, 2):
        (*one, a), (*other, b) = words
        if one == other and {a, b} <= GENERIC and singular(a) != singular(b):
            raise Unread(" ".join((*one, a)), f"are not {b!r}")
    such = {singular(term.such) for term in written if term.such in GENERIC}
    if len(such) > 1:
        raise Unread(min(such), f"are not {max(such)!r}")


def _apart(a: str, b: str) -> None:
    """Raises Unread for two terms of which one may say something of the other; b is the longer one."""
    if set(a.split()) & set(b.split()) - SAYS_LITTLE:
        raise Unread(b, f"may be a part of {a!r}")
    word = re.escape(a)
    if re.fullmatch(rf"(?:non|not|un|in|im|ir|il|dis)[- ]?{word}|\w+-{word}|{word}-\w+", b):
        raise Unread(b, f"may be the opposite of {a!r}")
    short = max(4, len(a) - 1)
    if b in plurals(a) or (a[:short] == b[:short] and len(b) - len(a) <= 2):
        raise Unread(b, f"may be the same as {a!r}")
