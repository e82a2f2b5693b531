"""Other ways to say a thing, put into words that the grammar of seats knows.

A rule replaces a phrase by one of the same meaning wherever it stands. What a rule drops says nothing of seats.
"""

import re
from collections.abc import Callable, Collection, Sequence
from itertools import takewhile

from stumper.puzzles._seating_grammar import LEXICON

SEAT = r"(?:ends?|seats?|places?|positions?|spots?|chairs?|middle|cent(?:re|er)|left|right)"
_TAKES = r"(?:an?|the|one|either|both|seat|chair|position|place)\b(?! remaining)(?=[^,.;:]*?\b" + SEAT + r"\b)"
_NEIGHBOUR = r"(?:neighbou?r)"

EXCEPT = {
    ("could", "true"): "cannot be true",
    ("could", "false"): "must be true",
    ("must", "true"): "can be false",
    ("must", "false"): "can be true",
    ("cannot", "true"): "can be true",
    ("cannot", "false"): "can be false",
}
"""What is true of the one choice of which something is not true."""
EXCEPT |= {(may, truth): EXCEPT["could", truth] for may in ("can", "may") for truth in ("true", "false")}
EXCEPT |= {("couldnot", truth): EXCEPT["cannot", truth] for truth in ("true", "false")}

_SAID: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    # Two rows.
    (
        r"\b(?:at|around|on) an? (?:long |narrow |rectangular )+table,? (?:with )?(\w+)(?: people| persons| of them)? "
        r"(?:sitting |seated )?(?:on|at|along) (?:each of (?:its|the) two (?:long(?:er)? )?sides|each (?:long(?:er)? )?side|either side)\b",
        r"in two rows of \1",
    ),
    (
        r"\b(?:and |with )?(?:each|everyone|all of them)(?: of them| person)? (?:faces|facing|sits opposite) "
        r"the (?:one|person) (?:sitting |seated )?(?:directly )?(?:across|opposite)(?: from (?:him|her|them))?",
        "facing each other",
    ),
    # Nothing.
    (r"^(?:and|but|while|whereas|so|now|also|similarly|finally|lastly),? ", ""),
    (
        r"\(?\b(?:but |though )?not necessarily (?:seated |sitting )?in (?:the same|that|this|the given|any particular) order\b\)?",
        "",
    ),
    # Seen from above left and right would be other people's than the sitters'.
    (
        r"^(?=.*clockwise|(?!.*\b(?:left|right)\b))(.*?),? ?\(?\b(?:when |as )?(?:seen|viewed|looked at) from above\b\)?,?",
        r"\1",
    ),
    (
        r"\b(?:in such a way that|such that|so that) there (?:is|are) (?:an )?equal distances? between (?:any two )?(?:the )?adjacent \w+",
        "",
    ),
    (
        r"\b(?:at|with|having) (?:an )?(?:equal|the same) distances?(?: (?:from|between) (?:each other|one another|them|(?:the |any two )?(?:adjacent |neighbou?ring )?(?:\w+s|people)))?(?! (?:to|from|of)\b)",
        "",
    ),
    (
        r"\b(?:evenly|equally|uniformly|regularly)[ -](?:spaced|distributed|spread|placed|apart)(?: (?:out|from each other))?\b",
        "",
    ),
    (r"\bequidistant(?:ly)?(?: (?:from|to) (?:each other|one another))?\b", ""),
    (r",? ?\b(?:and|with) no (?:seat|chair|place)s? (?:is |being |left )?(?:empty|vacant|free|unoccupied)\b", ""),
    (r"\bqueue-like\b", ""),
    (r",? and they (?=sit\b|are\b|must\b|face\b)", " and "),
    (
        r"\bbetween (\w+) and (\w+),? but not (?:immediately |directly )?(?:next|adjacent) to either(?: of them| one)?",
        r"between \1 and \2, but not next to \1 or \2",
    ),
    (r"\bthe end (?:that is |which is )?((?:to|on) \w+'s (?:left|right))\b", r"the end \1"),
    (r"\b(?:a total of|altogether|exact|quite|please)\s", ""),
    (r"\b(?:in total|in all)\b", ""),
    (r",? namely\b", ","),
    # Words.
    (r"\bmight(?! not\b)", "may"),
    (r"\bnobody\b", "no one"),
    (r"\bwhoever\b", "the person who"),
    (r"\bto whom\b|\bwhom\b", "who"),
    (r"\b(?:were|was) (?:asked|told|made) to (?:be )?(?:seated|sit|stand)\b", "are seated"),
    (r"\b(?:has|have) been (?=seated|placed|positioned)", "are "),
    (r"\b(was|were)\b", lambda m: "is" if m[1].casefold() == "was" else "are"),
    (r"\bended up\b|\bhappens to be\b", "sat"),
    (r"\ball sides?\b", "sides"),
    (r"\bround (?=(?:an?|the)\b)", "around "),
    (r"\bfrom (left|right)\b(?! to)", r"from the \1"),
    (r"\bto (left|right)(?= of\b)", r"to the \1"),
    (r"\b(left|right)-hand\b", r"\1"),
    (r"\b(left|right)hand\b", r"\1"),
    (r"\blooking\b(?: at| into| out at)?|\bgazing(?: at)?\b|\bturned (?:to|towards)\b", "facing"),
    (r"\blooks\b(?: at)?|\bgazes\b(?: at)?", "faces"),
    (r"\blook\b(?: at)?|\bgaze\b(?: at)?", "face"),
    (r"\bthe (?:inside|interior)\b", "the centre"),
    (r"\bwhose (?:members|people|occupants) (?:are facing|all face|face)\b", "who face"),
    (
        r"\b(?:so|such|in such a way|and|where|in which),?(?: that)? (?:each|every|a) (?:person|member|individual|one|\w+)(?: (?:seated|sitting))?(?: (?:in|of|from) (?:one|a|each|either|the first) (?:row|line))?,? (?:faces|is facing|sits opposite) (?:exactly )?(?:another|one|a|the)?[^,.;]*? (?:in|of|from) (?:the )?(?:other|opposite|second)(?: row| line)?",
        "facing each other",
    ),
    (
        r"\b(?:so|such) that the (?:two )?rows face each other\b|\bthat face each other\b|\bwhich face each other\b",
        "facing each other",
    ),
    (r"\b(?:his|her|their|its) (?:own )?row\b", "the row"),
    # Taking a seat.
    (r"\bhas an? (?:seat|chair|place) (?=(?:some\w+ |right |directly |just )?(?:between|next|beside|to the))", "sits "),
    (r"\bhave an? (?:seat|chair|place) (?=(?:some\w+ |right |directly |just )?(?:between|next|beside|to the))", "sit "),
    (rf"\b(?:occupies|takes|holds|has|gets|chooses|fills|claims) (?={_TAKES})", "sits at "),
    (rf"\b(?:occupied|took|chose|got|held|had|filled|claimed|was given|is given) (?={_TAKES})", "sat at "),
    (rf"\b(?:occupy|take|hold|have|get|choose|fill) (?={_TAKES})", "sit at "),
    (r"\bis assigned (?:to )?", "sits at "),
    # Beside, between.
    (
        rf"\bis (?:the|an?) (immediate|direct|next|closest)? ?(left|right) {_NEIGHBOUR} of",
        r"is immediately to the \2 of",
    ),
    (rf"\bis (?:the|an?) (?:left|right) {_NEIGHBOUR} of", "is"),
    (rf"'s (?:immediate |direct )?(left|right) {_NEIGHBOUR}\b", r"'s immediate \1"),
    (
        r"\b(?:is |are )?(?:seated |sitting )?(?:directly |immediately )?(?:flanked|sandwiched) (?:by|between)\b",
        "is directly between",
    ),
    (r"\bnext to (both )?neither\b", "next to neither"),
    (rf"\b(?:a |the )?direct {_NEIGHBOUR}", "an immediate neighbour"),
    (r"\badjoining\b|\badjacently to\b", "adjacent to"),
    (r"\b(two|three|four|five|six|\d) to (?:the )?(left|right) of\b", r"\1 places to the \2 of"),
    (
        r"\b(the )?next (?:person|one|seat)? ?(clockwise|anti-?clockwise|counter-?clockwise) (?:from|of|to)\b",
        r"the first place \2 from",
    ),
    (r"\bimmediately (clockwise|anti-?clockwise|counter-?clockwise) (?:from|of|to)\b", r"the first place \1 from"),
    (r"\b(?:in|towards) (?:the|a) (clockwise|anti-?clockwise|counter-?clockwise) direction\b", r"\1"),
    (r"\b(?:one|a) (?:place|seat) away from\b", "next to"),
    (r"\bin the (?:very )?(middle|cent(?:re|er))\b", r"in the \1"),
    (r"\bat the (?:very )?(middle|cent(?:re|er))\b", r"in the \1"),
    (r"\b(?:the )?(?:two )?(extreme|outer|outermost) (?:seats|places|chairs|positions)\b", "the two ends"),
    (r"\b(?:an|the) (?:outer|outermost|extreme) (?:seat|place|chair|position)\b", "an end"),
    (r"\b(?:the )?(left|right)-?most (?:end|side|corner)\b", r"the \1 end"),
    (r"\bthe (far|extreme|very) (left|right)(?: end| side| seat| chair)?\b", r"the \2 end"),
    (r"\bon the (left|right) end\b", r"at the \1 end"),
    (
        r"\b(?:the )?last (?:seat |place |chair |position )?from the (left|right)\b",
        lambda m: f"the {'right' if m[1] == 'left' else 'left'} end",
    ),
    (r"\bfirst and last\b", "two end"),
    (
        r"\b(\w+) has (exactly |only )?(\w+ (?:people|persons|person)) to (?:his|her|their) (left|right)\b",
        r"\2\3 sit to the \4 of \1",
    ),
    (r"\bthe (?:same )?direction opposite to (\w+)'s\b", r"the opposite direction to \1"),
    (r"\bthe opposite direction (?:to|from|of|as)\b|\bopposite (?:to )?the direction of\b", "the opposite way to"),
    (r"\b(\w+) (faces|sits|stands) ([^,.;]+?),? and so (?:do|does) (\w+)(?=\.?$)", r"\1 \2 \3 and \4 \2 \3"),
    (r"\bthe last remaining (?=seat|place|chair|position|spot)", "the remaining "),
    (
        r"^the ((?:left|right|west|east|western|eastern)(?:most)? (?:end|seat|place|chair|position|spot)) is (not )?"
        r"(?:occupied|taken|held|filled) by (\w+)(?=\.?$)",
        lambda m: f"{m[3]} is {m[2] or ''}at the {m[1]}",
    ),
    (
        r"^the two ends are (?:occupied|taken|held|filled) by (\w+ and \w+)(?=\.?$)",
        r"\1 sit at the two ends",
    ),
    # Questions.
    (
        r"^(?:each|all|any|every one)(?: one)? of (?:the following|these)(?: statements)? "
        r"(can ?not|could not|could|can|may|must) be (true|false),? except(?: for)?(?: which one| one)?[:.?]?$",
        lambda m: f"which of the following {EXCEPT[m[1].casefold().replace(' ', ''), m[2].casefold()]}",
    ),
    (
        r"\b(?:need not be|is not necessarily|does not (?:have|need) to be) true(?=\??$)",
        "can be false",
    ),
    (r"\bwho (?:amongst?|out of|of) (?:the following|these|them)(?: people| persons)?\b", "who"),
    (
        r"\bwhich one (?:amongst?|out of|of) (?:the following|these|them)(?: people| persons)?\b(?= (?:sits|is|sat|stands|cannot|can)\b)",
        "who",
    ),
    (r"\bwhich of (?:the following|these) (?:people|persons|individuals|friends)\b", "who"),
    (r"\bby who is (.*) (?:occupied|taken)\b", r"who is at \1"),
    (r"\bwhat could\b", "which could"),
    (r"\bcounting clockwise from (\w+), (how many .* between \w+ and \w+)", r"\2, counting clockwise from \1"),
    (r"\bcould (?=not\b)", "can "),
)
SAID = tuple((re.compile(pattern, re.IGNORECASE), new) for pattern, new in _SAID)


EACH_HIS = re.compile(
    r"(?P<who>[A-Z]\w*(?:, [A-Z]\w*)*,? and [A-Z]\w*) (?P<verb>sit|stand|are|face)(?P<way>(?: seated| sitting| standing)?) "
    r"(?P<where>(?!not\b|never\b)[^.;]*?),? respectively(?P<mark>[.;]?)"
)
ONE_OF_THEM = {"sit": "sits", "stand": "stands", "are": "is", "face": "faces"}


def each_his(sentence: str) -> str:
    """Ana and Bo sit next to Cy and Di respectively: each in the place that is named as the same one in its list."""
    if (found := EACH_HIS.fullmatch(sentence)) is None:
        return sentence
    who, where = (re.split(r",? and |, ", found[part]) for part in ("who", "where"))
    if len(who) != len(where):
        return sentence
    if where[-1].endswith("ends"):
        where = [f"{place.removesuffix(' ends')} end" for place in where]
    first = where[0].split()
    # "At the left end and the right end": what stands before the first place stands before each.
    places = [" ".join((*first[: len(first) - len(place.split())], place)) for place in where]
    verb = ONE_OF_THEM[found["verb"]] + found["way"]
    return " and ".join(f"{name} {verb} {place}" for name, place in zip(who, places, strict=True)) + found["mark"]


def plain(sentence: str) -> str:
    """A sentence in the grammar's words."""
    for pattern, new in SAID:
        sentence = pattern.sub(new, sentence)
    sentence = each_his(sentence)
    return re.sub(r"\s+", " ", sentence).strip()


def singular(noun: str) -> str:
    match noun:
        case "people":
            return "person"
        case "children":
            return "child"
        case "men" | "women":
            return noun[:-2] + "an"
        case "guardsmen" | "policemen" | "businessmen" | "businesswomen" | "clergymen" | "firemen" | "craftsmen":
            return noun[:-2] + "an"
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun.removesuffix("s")


COUNTED = ("PERSON", "PLAIN", "NEIGHBOUR", "KIN", "SEX")
"""The kinds of words for people, and of what may stand before them (three conference speakers)."""


def group_of(sentences: Sequence[Sequence[str]]) -> str | None:
    """The noun of whoever is counted first: five delegates, six committee members, five members of a jury."""
    for words in sentences[:2]:
        for i, word in enumerate(words):
            if LEXICON.get(word.casefold()) in ("NUMBER", "TWO"):
                run = list(
                    takewhile(lambda w: w.islower() and LEXICON.get(w, "PERSON") in COUNTED, words[i + 1 : i + 5])
                )
                plural = [noun for noun in run if noun.endswith("s") or noun in ("people", "men", "women", "children")]
                if plural:
                    return plural[-1]
            following = words[i + 1 : i + 3]
            if (
                word.casefold() == "the"
                and len(following) == 2
                and (following[0].endswith("s") or following[0] in ("children", "men", "women"))
                and following[1][0].isupper()
            ):
                return following[0] if LEXICON.get(following[0], "PERSON") in COUNTED else None
    return None


def folded(words: Sequence[str], group: str | None) -> tuple[str, ...]:
    """With "people" in the place of those who are counted, and nothing of what else they are called."""
    if group is None or LEXICON.get(group) == "PERSON":
        return tuple(words)
    one = singular(group)
    found: list[str] = []
    for i, word in enumerate(words):
        counted = bool(found) and LEXICON.get(found[-1].casefold()) in ("NUMBER", "TWO")
        counted = counted or (
            bool(found) and found[-1].casefold() == "the" and "".join(words[i + 1 : i + 2])[:1].isupper()
        )
        # Neighbours are neighbours, and cousins cousins, but where they are counted.
        if word.casefold() not in (group, one) or (LEXICON.get(group) in ("NEIGHBOUR", "KIN") and not counted):
            found.append(word)
            continue
        # "Six committee members": what stands between the number and the noun.
        last = next(
            (i for i in range(len(found) - 1, -1, -1) if LEXICON.get(found[i].casefold(), "PLAIN") != "PLAIN"), -1
        )
        if 0 <= last < len(found) - 1 and all(w.islower() for w in found[last + 1 :]):
            del found[last + 1 :]
        found.append("people" if word.casefold() == group else "person")
    return tuple(found)


SUBJECTS = {"he", "she"}
OBJECTS = {"her", "his", "him"}


def named(sentences: Sequence[Sequence[str]], names: Collection[str]) -> list[tuple[str, ...]]:
    """With a name in the place of each pronoun that can mean one person alone.

    Nobody sits beside himself: "Bo sits to her left" speaks of the one other person of this sentence, or of the last.
    """
    before: list[str] = []
    found: list[tuple[str, ...]] = []
    for words in sentences:
        here: list[str] = []
        meant: str | None = None
        new: list[str] = []
        for i, word in enumerate(words):
            small = word.casefold()
            if word in names:
                here = [name for name in here if name != word] + [word]
            elif small in SUBJECTS | OBJECTS:
                possible = here if small in SUBJECTS else here[:-1]
                if not possible:
                    possible = [name for name in before if small in SUBJECTS or name not in here]
                if meant is None and len(possible) == 1:
                    meant = possible[0]
                if meant is not None:
                    owns = small == "his" or (
                        small == "her" and i + 1 < len(words) and LEXICON.get(words[i + 1]) in OWNED
                    )
                    new += [meant, "'s"] if owns else [meant]
                    continue
            new.append(word)
        # Who was meant by a pronoun is spoken of.
        before = here + ([meant] if meant is not None and meant not in here else [])
        found.append(tuple(new))
    return found


OWNED = ("SIDE", "IMMEDIATE", "NEIGHBOUR")
