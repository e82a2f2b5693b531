"""What a whole text says in its own words, put into those of the grammar: its one verb, its one group, its nouns."""

import re
from collections.abc import Sequence
from typing import NamedTuple, cast

from stumper.puzzles import Unread
from stumper.puzzles._grammar import NUMBERS, ORDINALS
from stumper.puzzles._meta import read_meta
from stumper.puzzles._order_language import SCALE_OF, SCALES, End
from stumper.puzzles._order_words import AHEAD, AMOUNTS, COMPARATIVES, LEXICON

_NUMBER = rf"(?:{'|'.join(NUMBERS[1:])}|\d+)"
_PLACE = (
    r"(?:not )?(?:(?:immediately|directly|right|just|somewhere|before|after|ahead|behind|between|earlier|later)\b"
    rf"|(?:exactly )?{_NUMBER} places?\b"
    rf"|(?:in )?(?:the )?(?:{'|'.join(ORDINALS)}|last|\d+(?:st|nd|rd|th))(?![- ][a-z]+est\b)\b)"
)
_SUBJECT = rf"(?:[A-ZÀ-ÖØ-Þ][\w'-]*|[Ww]ho|[Ww](?:hich|hat) \w+|[Tt]he (?!{_NUMBER}\b)\w+)"
VERB = re.compile(
    rf"\b(?P<who>{_SUBJECT}) (?:(?:is|are|was|were|will be) (?P<done>[a-z]+)|(?P<does>[a-z]+)) (?={_PLACE})"
)
AMOUNT = re.compile(
    rf"\b(?P<who>{_SUBJECT}|but|and) (?P<does>[a-z]+) "
    r"(?:(?P<more>more|less|fewer)(?: (?P<of>[a-z]+))? than"
    r"|the (?P<nth>[a-z]+ )?(?P<most>most|least|fewest|highest|lowest)(?: (?P<what>[a-z]+))?(?=[.,?;]| and\b))"
)
FASTER = r"\b(?:was|were|ran|finished)(?: the \w+)? (faster|quicker|slower) than\b"
SCORED = frozenset(("scored", "scores"))
FINISHING = frozenset(
    "finished finishes finish came come comes ranked placed arrived ended rode ran crossed leaves leave won "
    "beat".split()
)
GROUP = re.compile(
    r",? in (?:(?:the|this|that|their) (?P<noun>\w+)|line)(?=[,.;?]|$| and\b| but\b| while\b)", re.IGNORECASE
)
GROUPS = frozenset("race queue line row contest competition ranking list group tournament exam test".split())
LEADING = re.compile(
    r"^(?:(?:in|at|during|on) (?:an?|this|one) (?:[a-z-]+ ){0,2}?[a-z-]+"
    rf"(?: (?:with|of|between|among) {_NUMBER} [a-z]+)?|(?:among|of|out of) (?:the )?{_NUMBER} [a-z]+),"
    r" (?=(?-i:[A-Z])|the )",
    re.IGNORECASE,
)
"""`In a race with five runners, ` before the first clue."""
EITHER = re.compile(
    rf"^(?:who|which(?: one| \w+)?) (?P<be>is|was) (?P<more>{'|'.join(COMPARATIVES)})[,:]?"
    r" (?P<one>(?:the )?[\w' -]+?) or (?P<other>(?:the )?[\w' -]+)\?$",
    re.IGNORECASE,
)


class Wording(NamedTuple):
    sentences: list[str]
    choices: list[str]


def worded(sentences: Sequence[str], choices: Sequence[str]) -> Wording:
    """The text in the grammar's words, sentence by sentence. Raises Unread where it speaks of two groups."""
    told = _owned(_grouped(list(sentences)))
    told, offered = _lettered(*_untitled(told, list(choices)))
    told = _raced(told)
    both = _amounted([*told, *offered])
    told, offered = both[: len(told)], both[len(told) :]
    verb = _one_verb([*told, *offered])
    if verb:
        told, offered = [_finished(s, verb) for s in told], [_finished(s, verb) for s in offered]
    return _either(Wording(told, offered))


SORTED = "arranged|ranked|ordered|listed"
MEASURES = {"age": ("age", "ages"), "price": ("price", "cost"), "score": ("scores?", "marks"), "height": ("height",)}


def middled(told: Sequence[str], n: int) -> list[str]:
    """With the place in the middle counted from an end of what the text compares by."""
    words = {word for s in told for word in re.findall(r"\w+", s.casefold())}
    scales = {SCALE_OF[cast("End", COMPARATIVES[word])] for word in words if word in COMPARATIVES}
    if n % 2 == 0 or len(scales) != 1 or words & {"left", "right", *AHEAD}:
        return list(told)
    scale = scales.pop()
    measure = rf"(?:{'|'.join(MEASURES.get(scale, (scale,)))})"
    when = rf"(?: (?:when|if) (?:they|all of them|the \w+) (?:are|were) (?:{SORTED})(?: in order)?"
    by = rf"{when} (?:by|of|according to) (?:their )?{measure})?"
    place = f"the {ORDINALS[n // 2]} {SCALES[scale][1]}"
    return [re.sub(rf"\bin the (?:exact |very )?middle{by}(?=[.?;,]|$)", place, s, flags=re.IGNORECASE) for s in told]


def _grouped(told: list[str]) -> list[str]:
    """Without the one group or event that all of them are in."""
    opening = set(re.findall(r"[a-z]{4,}", told[0].casefold())) - set(LEXICON)
    found = {(match["noun"] or "line").casefold() for s in told for match in GROUP.finditer(s)}
    found &= opening | GROUPS
    if len(found) > 1:
        raise Unread(told[0][:200], f"speaks of {' and '.join(sorted(found))}")
    won = rf"\b(won|wins|win) (?:the|this|that) (?:{'|'.join(sorted(opening | GROUPS))})(?=[,.;?]|$| and\b| but\b)"
    told = [re.sub(won, r"\1", s) for s in told]
    return [GROUP.sub(lambda m: "" if (m["noun"] or "line").casefold() in found else m[0], s) for s in told]


def _owned(told: list[str]) -> list[str]:
    """`Ana` for `Ana's score`, where it is the scores of all of them that are told of."""
    text = " ".join(told)
    nouns = set(re.findall(r"\b[A-ZÀ-ÖØ-Þ]\w+'s ([a-z]+) (?:is|was)\b", text))
    owners = set(re.findall(r"\b([A-ZÀ-ÖØ-Þ]\w+)'s\b", text))
    if len(nouns) != 1 or re.search(rf"\b(?:{'|'.join(owners)})\b(?!'s)", text):
        return told
    (noun,) = nouns
    told = [re.sub(rf"\b([A-ZÀ-ÖØ-Þ]\w+)'s(?: {noun})?\b", r"\1", s) for s in told]
    return [re.sub(rf"\bwhose {noun}\b", "who", s, flags=re.IGNORECASE) for s in told]


def _untitled(told: list[str], offered: list[str]) -> tuple[list[str], list[str]]:
    """`Hill` for `Mr Hill`, where nobody else is called so."""
    title = r"\b(Mr|Mrs|Ms|Dr|Prof) (?=[A-Z])"
    found = {pair for s in (*told, *offered) for pair in re.findall(title + r"(\w+)", s)}
    if len({name for _, name in found}) < len(found):
        return told, offered
    return [re.sub(title, "", s) for s in told], [re.sub(title, "", s) for s in offered]


def _raced(told: list[str]) -> list[str]:
    """`Finished ahead of` for `was faster than`, where it is told of a race."""
    text = " ".join(told).casefold()
    if not (set(re.findall(r"\w+", text)) & {"race", "sprint", "marathon", "finished"} and re.search(FASTER, text)):
        return told
    if re.search(r"\b(?:ahead|behind|before|after|beat|outran|start\w*)\b", text):
        return told
    towards = {"faster": "ahead of", "quicker": "ahead of", "slower": "behind"}
    ends = {"fastest": "first", "quickest": "first", "slowest": "last"}
    told = [re.sub(FASTER, lambda m: f"finished {towards[m[1]]}", s) for s in told]
    return [re.sub(r"\bwas the (fastest|quickest|slowest)\b", lambda m: f"finished {ends[m[1]]}", s) for s in told]


def _lettered(told: list[str], offered: list[str]) -> tuple[list[str], list[str]]:
    """`A` for `train A`, where each letter has the same noun."""
    found = [pair for s in (*told, *offered) for pair in re.findall(r"\b([A-Za-z][a-z]{2,}) ([A-Z])\b(?!')", s)]
    pairs = {(noun.casefold(), letter) for noun, letter in found}
    nouns = {noun for noun, _ in pairs} - set(LEXICON)
    if len(nouns) != 1 or len({letter for noun, letter in pairs if noun in nouns}) < 2:
        return told, offered
    pattern = rf"\b(?:the )?{nouns.pop()} (?=[A-Z]\b)"
    told, offered = ([re.sub(pattern, "", s, flags=re.IGNORECASE) for s in part] for part in (told, offered))
    return told, offered


def _skeleton(verb: str) -> str:
    """A verb without its endings and vowels: those of "sings" and "sang", "speaks" and "spoke" are alike."""
    bare = re.sub(r"(?:ing|ed|es|s)$", "", verb)
    return bare[0] + re.sub(r"([a-z])\1", r"\1", re.sub(r"[aeiou]", "", bare[1:]))


def _one_verb(told: Sequence[str]) -> str:
    """The skeleton of the one verb that tells the order; "" where there is none, or where finishing is spoken of."""
    found = {
        verb for s in told for match in VERB.finditer(s) if (verb := match["done"] or match["does"]) not in LEXICON
    }
    skeletons = {_skeleton(verb) for verb in found}
    words = {word for s in told for word in re.findall(r"[a-z]+", s.casefold())}
    return skeletons.pop() if len(skeletons) == 1 and not (words | found) & FINISHING else ""


def _finished(sentence: str, skeleton: str) -> str:
    def put(match: re.Match[str]) -> str:
        verb = match["done"] or match["does"]
        return f"{match['who']} finished " if verb not in LEXICON and _skeleton(verb) == skeleton else match[0]

    def asked(match: re.Match[str]) -> str:
        return match[0].replace(match["verb"], "finish") if _skeleton(match["verb"]) == skeleton else match[0]

    def ended(match: re.Match[str]) -> str:
        return "finish" if _skeleton(match["verb"]) == skeleton else match[0]

    def denied(match: re.Match[str]) -> str:
        return "finished not " if _skeleton(match["verb"]) == skeleton else match[0]

    sentence = VERB.sub(put, sentence)
    sentence = re.sub(rf"\b(?:does|did|do) not (?P<verb>[a-z]+) (?={_PLACE})", denied, sentence)
    sentence = re.sub(r"\b(?:did|does) [\w' -]+? (?P<verb>[a-z]+)(?: in)?\?", asked, sentence)
    return re.sub(r"(?<=\bto )(?:be )?(?P<verb>[a-z]+)(?=[,.?;])", ended, sentence)


def _amounted(told: list[str]) -> list[str]:
    """With "scored more than" for the one verb and the one noun that amounts are told by."""
    found = [match for s in told for match in AMOUNT.finditer(s) if match["does"] not in set(LEXICON) - SCORED]
    nouns = {noun for match in found if (noun := match["of"] or match["what"])}
    words = {word for s in told for word in re.findall(r"[a-z]+", s.casefold())}
    if len({_skeleton(match["does"]) for match in found}) != 1 or len(nouns) > 1 or words & (set(AMOUNTS) - SCORED):
        return told
    known = {match["does"] for match in found}

    def put(match: re.Match[str]) -> str:
        if match["does"] not in known:
            return match[0]
        if match["more"]:
            return f"{match['who']} scored {match['more'].replace('fewer', 'less')} than"
        end = {"most": "highest", "highest": "highest"}.get(match["most"], "lowest")
        return f"{match['who']} was the {match['nth'] or ''}{end}"

    return [re.sub(r"\b(but|and) fewer than\b", r"\1 less than", AMOUNT.sub(put, s)) for s in told]


def _either(text: Wording) -> Wording:
    """Which of two comes first, as which of two statements is true."""
    match = EITHER.match(text.sentences[-1])
    if match is None:
        return text
    both = {who.casefold().removeprefix("the "): who for who in (match["one"], match["other"])}
    said: list[str] = []
    for choice in text.choices:
        who = choice.casefold().rstrip(".").removeprefix("the ")
        other = next((name for key, name in both.items() if key != who), "")
        if who in both:
            said.append(f"{both[who]} {match['be']} {match['more']} than {other}")
        elif read_meta(choice):
            said.append(choice)
        else:
            return text
    return Wording([*text.sentences[:-1], "Which of the following is true?"], said)
