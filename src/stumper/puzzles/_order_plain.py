"""Other ways to say what the grammar of orders reads: each rule puts some English into plainer English.

The rules change no meaning that they could lose: where a word is passed over it says nothing of the order, and a pronoun
is replaced where one thing alone can be meant.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import cast

from stumper.puzzles import Unread
from stumper.puzzles._grammar import NUMBERS, ORDINALS
from stumper.puzzles._kin_names import sex_by_name
from stumper.puzzles._order_language import MOST_THINGS, SCALE_OF, SCALES, End
from stumper.puzzles._order_words import AHEAD, COMPARATIVES

ADJECTIVES = {
    "tall": ("taller", "shorter", "tallest"),
    "short": ("shorter", "taller", "shortest"),
    "old": ("older", "younger", "oldest"),
    "young": ("younger", "older", "youngest"),
    "heavy": ("heavier", "lighter", "heaviest"),
    "light": ("lighter", "heavier", "lightest"),
    "fast": ("faster", "slower", "fastest"),
    "slow": ("slower", "faster", "slowest"),
    "cheap": ("cheaper", "dearer", "cheapest"),
    "dear": ("dearer", "cheaper", "dearest"),
    "expensive": ("dearer", "cheaper", "dearest"),
    "high": ("higher", "lower", "highest"),
    "low": ("lower", "higher", "lowest"),
    "big": ("bigger", "smaller", "biggest"),
    "large": ("larger", "smaller", "largest"),
    "small": ("smaller", "larger", "smallest"),
}
BEYOND_ALL = {better: best for better, _, best in ADJECTIVES.values()}
_THEM = rf"(?:them|these|those|the (?:{'|'.join(NUMBERS[2:11])}|\w+)|all(?: of them)?)"
_NUMBER = rf"(?:{'|'.join(NUMBERS[2:11])}|\d+)"
_MEASURE = r"(?:age|height|weight|price|cost|speed|size|score|time|rank|place|position)s?"
_ORDINAL = rf"(?:{'|'.join(ORDINALS)}|last|\d+(?:st|nd|rd|th))"
_ELSE = r"(?:every(?:body|one)(?: else)?|all (?:the )?others|all the rest|any(?:body|one) else|the others|all of the others)"
_GROUP = r"(?: (?:in|of|on|among) (?:the|this) \w+)?"

SORTED = (
    rf"^(?:if|when) (?:they|{_THEM}|(?:the |all )?\w+) (?:are|were|is) (?:arranged|ranked|lined up|ordered|sorted|listed)"
    r"(?: in order)?,? from (?:the )?(\w+est) to (?:the )?(\w+est)"
)
_STANDS = r"(?:is|was|comes|stands|would be|will be|would come|will come)"

RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), new)
    for pattern, new in (
        # No two share a place: that goes without saying here.
        (
            rf",? (?:and |with )?no two (?:\w+ )?(?:of {_THEM} )?(?:\w+ )?(?:share|shared|have|had) (?:a|the same|any) {_MEASURE}",
            "",
        ),
        (
            rf"^no two (?:of {_THEM}|\w+) (?:cost|weigh|weighed|scored|are|were|have|had|finished|tied)(?: the same(?: {_MEASURE})?)?$",
            "",
        ),
        (
            rf"(?:^|,? )(?:and )?all (?:{_NUMBER} |of their |their )?{_MEASURE} (?:differ|are different|were different)",
            "",
        ),
        (
            r",? (?:and )?(?:without (?:any )?ties|there (?:are|were) no ties|in which nobody tied|nobody tied|with no ties)",
            "",
        ),
        (
            rf",? (?:all|each|every one)? ?(?:of|at|with|have|has) (?:{_NUMBER} )?(?:a |all )?different {_MEASURE}(?=,|$| and)",
            "",
        ),
        (r" of all$", ""),
        (rf"\bdiffer(?:s|ed)? in {_MEASURE}", ""),
        (rf"\b(?:have|has|had|at|of|with) (?:{_NUMBER} |all |a )?different {_MEASURE}", ""),
        (r",? one (?:after another|by one)", ""),
        (rf"^of (?:the )?{_NUMBER} \w+, (?=\w)", ""),
        (r"\bneither finished first nor (?:came|finished) (\w+)", r"finished neither first nor \1"),
        (rf"\bhow many (?:of the )?(?:other {_NUMBER}|others|other people) (?=are|is|were)", "how many people "),
        # Superlatives and first and last places.
        (rf"\b(\w+er) than {_ELSE}{_GROUP}", "!\\1"),
        (rf"\b(?:beat|defeated|outran) {_ELSE}{_GROUP}", "finished first"),
        (r"\b(?:won|wins)(?: (?:the|this|that) (?:race|contest|event|competition))?\b(?! by)", "finished first"),
        (r"\bdid not (?:win|finish first)\b", "finished not first"),
        (r"\b(?:did not (?:come|finish)) (\w+)", r"finished not \1"),
        (r"\b(?:got|get|has|had) the (?:top|best|highest) score", "was the highest"),
        (r"\b(?:got|get|has|had) the (second|third)[- ]best score", r"was the \1 highest"),
        (r"\bdid not was\b", "was not"),
        (
            r"\b(?:arrived|crossed the (?:finish(?:ing)? )?line|reached the finish|leaves|leave|departs|depart|ended(?: up)?|placed|rode in|ran in)\b",
            "finished",
        ),
        (r"\b(?:is|was) at the (?:very )?(?:front|head)(?: of the (?:queue|line|row))?", "finished first"),
        (r"\b(?:is|was) at the (?:very )?(?:back|end)(?: of the (?:queue|line|row))?", "finished last"),
        (r"\bhanded (?:his|hers|her|theirs|its) in\b", "finished"),
        (
            r"\b(?:is|was|were) (?:on|at the) (?:very )?top(?: of (?:the|this) \w+)?(?=$|,| and\b| but\b)",
            "finished first",
        ),
        (r"\b(?:is|was|were) at the (?:very )?bottom(?: of (?:the|this) \w+)?(?=$|,| and\b| but\b)", "finished last"),
        (rf"\b(?:is|was) the ({_ORDINAL}) (?:one |person |\w+ )?to (?:finish|arrive)\b", r"finished \1"),
        (r"\bcame in (?=last|\w+ place)", "came "),
        (r"\bplaced (higher|lower) than\b", r"finished \1 than"),
        (r"\b(end|left|right) of (?:the|this) (?:row|line|queue|shelf|bench)\b", r"\1"),
        (r"\bsomewhere (?=ahead|behind|before|after|above|below)", ""),
        (r"\b(?:order of finish(?:ing)?|finishing order)\b(?: of the \w+)?", "order from first to last"),
        (r"^(?:in terms of|with respect to|with regard to|as regards) (?:their )?\w+, ", ""),
        (r"\b(?:scored|weighs|costs|weighed|ranks|lies) (?:somewhere )?between\b", "is somewhere between"),
        (
            r"\b(is|was|are|were) not at (?:either|any) (?:of the )?ends?\b",
            r"\1 not at the left end and not at the right end",
        ),
        (rf"\b({_ORDINAL}) (?:in|from) the (?:front|start|beginning)\b", r"\1"),
        (rf"\b({_ORDINAL}) from the (?:back|rear)\b", r"\1 to last"),
        (r"^where (?=did\b)", "In which place "),
        (r"\b(?:was|were|is|are) ranked (?=\w)", "ranked "),
        (r"\branked (?:the )?lowest\b", "ranked last"),
        (r"\branked (?:the )?highest\b", "ranked first"),
        (
            r"\b(?:got|gets|obtained|secured|scored|received) (?:the )?(more|less|fewer|higher|lower) (?:marks|points) than\b",
            r"scored \1 than",
        ),
        (
            r"\b(?:got|gets|obtained|secured|scored|received) the (highest|lowest)(?: (?:marks|score|points))?",
            r"was the \1",
        ),
        # Comparisons.
        (r"\b(is|was|are|were) not (?:as|so) (\w+) as\b", "?\\1 \\2"),
        (r"\b(?:was|were|is) outscored by(?: both)?\b", "scored less than"),
        (r"\boutscored(?: both)?\b", "scored more than"),
        (r"\b(?:is|was|were|are) beaten by\b", "finished behind"),
        (r"\b(?:beat|outran)\b", "finished ahead of"),
        (
            r"\b(?:right|directly|just|straight) (?=after|before|behind|ahead|above|below|left of|right of)",
            "immediately ",
        ),
        (r"\bimmediately (left|right) of\b", r"immediately to the \1 of"),
        (r"\bthan both\b", "than"),
        (r"\b(?:in the|at the) (?:exact |very )?(?:middle|centre|center)(?: of \w+ \w+)?", "in the middle"),
        (r"\b(?:most|more|less|least) (?:dear|pricey)\b", "more expensive"),
        (r"^between (.+?) and (\S+(?: \w+)?) there (is|are|was|were) ([^,]+)", r"there \3 \4 between \1 and \2"),
        # Questions.
        (rf"{SORTED}, (who|which \w+) {_STANDS} first\b", r"\3 is the \1"),
        (rf"{SORTED}, (who|which \w+) {_STANDS} last\b", r"\3 is the \2"),
        (rf"{SORTED}, (who|which \w+) {_STANDS} (?:the )?({_ORDINAL})\b", r"\3 is the \4 \1"),
        (
            rf"^(?:arrange|order|rank|list|put|sort) (?:{_THEM}|the \w+ \w+|them|these \w+)(?: in order)?,? from",
            "Which is the order from",
        ),
        (rf" (?:of|among|out of) (?:the )?(?:{_NUMBER}|them|all)(?= (?:is|was|are|were|came|finished)|$)", ""),
        (
            r"^which (?:one )?of (?:these|those)(?: statements)?(?= (?:is|must|can|could|cannot|may|are))",
            "Which of the following",
        ),
        (r"^(?:and )?who (?=is|was|came|finished|got|arrived)", "Which "),
        (
            r"^(?:and )?(which|what) (?!is\b|was\b|are\b|were\b|of\b|place|position|came|finished|must|can|could|cannot|order|statement|weighs|costs|scored)(\w+) (?=is|was|came|finished|costs|weighs|are)",
            r"\1 ",
        ),
        (r"\b(?:certainly |definitely |necessarily )?(?:has|have) to be\b", "must be"),
    )
)
SUBJECT = re.compile(
    r"(?P<before>^|, |\b(?:and|but|while|although|though|whereas) )(?P<pronoun>he|she|it|they)\b", re.IGNORECASE
)
SEXES = {"he": "male", "she": "female"}
HOW_MANY = re.compile(
    rf"(?:\b(?:of|among|out of)|^(?:arrange|order|rank|list|put|sort)) the (?P<other>other )?(?P<n>{_NUMBER})\b|^of (?P<first>{_NUMBER})\b",
    re.IGNORECASE,
)
"""Where the text says how many there are."""
GROUP = re.compile(
    r",? in (?:an?|the|this|that|their) (?:race|queue|line|row|contest|competition|ranking|list)(?: of (?P<n>\w+))?"
    r"(?=[,.;]|$| and\b| but\b| while\b)",
    re.IGNORECASE,
)
"""Where all of them are, which goes without saying."""
TOLD_OF = re.compile(r",? (?:which|who) (?=(?:is|was|came|in turn|\w+ed|\w+s)\b)(?:in turn )?")
IN_ORDER = re.compile(
    r"^(?P<names>.+?) (?:are|sit|stand|were|sat|stood)(?: \w+){0,3}? in (?:that|this) order,? from (?P<end>left|right) to (?:left|right)$",
    re.IGNORECASE,
)
RESPECTIVELY = re.compile(
    rf"^(?P<names>.+?) (?P<verb>finished|came|was|were|are) (?P<places>(?:{_ORDINAL}(?:, | and |, and )?)+),? respectively$"
)


def plainer(sentence: str, names: Sequence[str], before: Sequence[str], n: int) -> list[str]:
    """The sentence as one or more plainer ones, without their marks. Raises Unread for a pronoun of several meanings.

    `names`: the things as the text has them; `before`: those that the sentence before names; `n`: how many there are.
    """
    said = sentence.strip().rstrip(".?! ")
    for counted in HOW_MANY.finditer(said):
        word = (counted["n"] or counted["first"]).casefold()
        number = NUMBERS.index(word) if word in NUMBERS else int(word[:3])
        if number + bool(counted["other"]) != n:
            raise Unread(sentence[:200], f"there are {n} things, not so many")
    for group in GROUP.finditer(said):
        if group["n"] and group["n"].casefold() not in (str(n), NUMBERS[n] if n < len(NUMBERS) else ""):
            raise Unread(sentence[:200], f"there are {n} things, not so many")
    if n > MOST_THINGS:
        raise Unread(sentence[:200], f"more than {MOST_THINGS} things")
    said = re.sub(rf"\ball {NUMBERS[n - 1]}(?= *$|,)", "everybody else", said)
    said = _ruled(GROUP.sub("", _ruled(WITH_BETWEEN.sub(_apart, said))))
    if n % 2:
        said = said.replace("in the middle", f"{ORDINALS[n // 2]} from the left")
    name = "|".join(sorted((re.escape(n) for n in names), key=len, reverse=True))
    if (found := RESPECTIVELY.match(said)) is not None:
        one, other = (re.split(r", and |, | and ", found[part]) for part in ("names", "places"))
        if len(one) != len(other):
            raise Unread(sentence[:200], "not as many places as things")
        return [f"{who} {found['verb']} {place}" for who, place in zip(one, other, strict=True)]
    said = _outnumbered(_meant(_paired(said, name, before), name, before), name)
    if re.search(r"\b(?:him|her|his|their|them|former|latter)\b", said):
        raise Unread(sentence[:200], "speaks of somebody without a name")
    rest = re.fullmatch(
        r"the (?:others|other \w+|rest|remaining \w+) (?:are|is|were|was)(?: on| called)? (.+)", said, re.I
    )
    if rest and not re.sub(rf"\b(?:{name}|and|the|an?)\b|[ ,]", "", rest[1], flags=re.IGNORECASE):
        return []
    while (pronoun := SUBJECT.search(said)) is not None:
        if (subject := _contrasted(said, pronoun, name)) is not None:
            said = f"{said[: pronoun.start()]}{pronoun['before']}{subject}{said[pronoun.end() :]}"
            continue
        named = re.findall(rf"\b(?:{name})\b", said[: pronoun.start()], re.IGNORECASE) or list(before)
        sexes = {who: sex_by_name(who) for who in named}
        sex = SEXES.get(pronoun["pronoun"].casefold())
        meant = [who for who, other in sexes.items() if sex is None or other in (None, sex)]
        if len(meant) != 1:
            raise Unread(sentence[:200], "speaks of somebody without a name, who may be several")
        who = f"the {meant[0]}" if meant[0].islower() else meant[0]
        said = f"{said[: pronoun.start()]}{pronoun['before']}{who}{said[pronoun.end() :]}"
    if re.match(r"(?:who|which)\b", said, re.IGNORECASE):
        thing = rf"(?:the )?(?:{name})"
        said = re.sub(rf",? {thing}(?:, {thing})* or {thing}$", "", said, flags=re.IGNORECASE)
    if (row := IN_ORDER.match(said)) is not None:
        listed = re.findall(rf"\b(?:{name})\b", row["names"], re.IGNORECASE)
        if len(listed) == n and not re.sub(rf"\b(?:{name}|and|the)\b|[ ,]", "", row["names"], flags=re.IGNORECASE):
            end = row["end"].casefold()
            return [f"{one} is to the {end} of {other}" for one, other in pairwise(listed)]
    parts = [said]
    while (cut := re.search(rf"\b((?:the )?(?:{name})){TOLD_OF.pattern}", parts[-1], re.IGNORECASE)) is not None:
        told, after = parts[-1][: cut.end(1)], parts[-1][cut.end() :]
        parts[-1:] = [told, f"{cut[1]} {after}"]
    return [part for part in parts if part]


WITH_BETWEEN = re.compile(
    rf"\b(?P<where>ahead of|behind|before|after|above|below|to the (?:left|right) of) (?P<of>(?:the )?[\w-]+),? with"
    rf" (?:exactly |only |just )?(?P<n>one|{_NUMBER}) (?:other )?(?:\w+ )?between them$",
    re.IGNORECASE,
)


def _apart(match: re.Match[str]) -> str:
    """`Exactly two places ahead of Ana` for `ahead of Ana with one person between them`."""
    n = NUMBERS.index(match["n"].casefold()) if match["n"].casefold() in NUMBERS else int(match["n"][:3])
    if n + 1 >= len(NUMBERS):
        return match[0]
    return f"exactly {NUMBERS[n + 1]} places {match['where']} {match['of']}"


def _paired(said: str, name: str, before: Sequence[str]) -> str:
    """With both things for "the two", "as did" and "the latter", where one pair alone is named."""
    if (which := re.search(r"\bthe (former|latter)\b", said)) is not None:
        two = list(dict.fromkeys(re.findall(rf"\b(?:{name})\b", said[: which.start()], re.IGNORECASE))) or list(before)
        if len(two) == 2:
            said = f"{said[: which.start()]}{two[which[1] == 'latter']}{said[which.end() :]}"
    both = BOTH.search(said)
    if both and len(before) == 2 and not set(before) & set(re.findall(rf"\b(?:{name})\b", said[: both.start()])):
        said = f"{said[: both.start()]}{both['word'] or 'between'} {' and '.join(before)}{said[both.end() :]}"
    again = re.match(
        rf"(?P<who>(?:the )?(?:{name})) (?P<what>(?:(?!, ).)+),? (?:as|and so) (?:did|does|do|is|was|has) (?P<other>(?:the )?(?:{name}))\b",
        said,
        re.IGNORECASE,
    )
    if again is not None and not re.search(r"\b(?:not|neither|nobody|no)\b", again["what"]):
        said = f"{again['who']} {again['what']}, {again['other']} {again['what']}{said[again.end() :]}"
    return said


OBJECT = re.compile(
    r"\b(?P<word>than|of|behind|before|after|above|below) (?P<pronoun>him|her|it)\b(?=$|[,.;?]| (?:and|but|while)\b)"
)
BOTH = re.compile(
    r"\b(?P<word>between|than|behind|ahead of|before|after) (?:the|these|those) two\b(?! \w)|\bbetween them\b",
    re.IGNORECASE,
)
_WHERE = r"in front of|ahead of|before|behind|after|above|below"
HAS = (
    r"(?:has|had) (?P<n>(?:exactly |only |at least |at most )?\w+)"
    rf"(?: (?P<noun>(?!(?:{_WHERE}|in|ahead|to)\b)(?:other )?\w+))? (?:standing |sitting |waiting )?"
    rf"(?:(?P<where>{_WHERE})|to (?:his|her|its|the) (?P<side>left|right)(?: of)?)"
    r"(?: (?:him|her|it|them))?(?:self)?(?=$|,| and | but )"
)


def _meant(said: str, name: str, before: Sequence[str]) -> str:
    """With names for pronouns behind a comparison, where one thing alone can be meant."""

    def counted(match: re.Match[str]) -> str:
        n = re.sub(r"^(?:no|nobody|none|nothing)$", "nobody", match["n"].casefold())
        counted_of = (match["noun"] or "people").removeprefix("other ")
        noun = "" if n == "nobody" or counted_of in ("others", "other") else f" {counted_of}"
        where = (match["where"] or f"to the {match['side']} of").replace("in front of", "ahead of")
        verb = "are" if match["side"] else "finished"
        return f"{n}{noun} {verb} {where} {match['who']}"

    said = re.sub(rf"\b(?P<who>(?:the )?(?:{name})) {HAS}", counted, said, flags=re.IGNORECASE)
    while (found := OBJECT.search(said)) is not None:
        named = re.findall(rf"\b(?:{name})\b", said[: found.start()], re.IGNORECASE)
        others = [who for who in dict.fromkeys(named[:-1] or list(before)) if who != (named or [""])[-1]]
        sex = {"him": "male", "her": "female"}.get(found["pronoun"])
        meant = [who for who in others if sex is None or sex_by_name(who) in (None, sex)]
        if len(meant) != 1 or not named:
            return said
        said = f"{said[: found.start()]}{found['word']} {meant[0]}{said[found.end() :]}"
    return said


TURNED = {"ahead of": "behind", "behind": "ahead of", "before": "after", "after": "before"}
TURNED |= {"above": "below", "below": "above"}
ENDS = dict(SCALES.values()) | {high: low for low, high in SCALES.values()}


def _outnumbered(said: str, name: str) -> str:
    """`Exactly two are shorter than Ana` for `Ana is taller than only two of them`."""
    pattern = (
        rf"(?P<who>(?:the )?(?:{name})) (?P<be>is|was|finished) (?P<how>\w+ than|{'|'.join(TURNED)})"
        rf" (?P<n>(?:only |exactly |just |at least |at most )?(?:{_NUMBER}|one))"
        r"(?: (?:of (?:them|the others|these)|others?|other \w+|people|persons?))?"
    )
    found = re.fullmatch(pattern, said, re.IGNORECASE)
    if found is None:
        return said
    how = found["how"].casefold()
    if how in TURNED:
        turned = f"finished {TURNED[how]}"
    else:
        end = ENDS.get(cast("End", COMPARATIVES.get(how.removesuffix(" than"))))
        word = next((word for word, towards in COMPARATIVES.items() if towards == end), None)
        if word is None:
            return said
        turned = f"are {word} than"
    return f"{found['n'].replace('just', 'exactly')} people {turned} {found['who']}"


def _contrasted(said: str, pronoun: re.Match[str], name: str) -> str | None:
    """The subject of the clause before, where "but" sets a comparison of it against one the other way.

    "Ana is shorter than Bo, but she is taller than Cy" contrasts what is said of Ana; said of Bo, whom the first clause
    has made taller, nothing would be contrasted.
    """
    first = said[: pronoun.start()]
    clause = re.fullmatch(rf"((?:the )?(?:{name})) [^,;]*,? ?", first, re.IGNORECASE)
    if clause is None or not re.search(r"\b(?:but|although|though|yet) $", pronoun["before"], re.IGNORECASE):
        return None
    sexes = {sex_by_name(clause[1]), SEXES.get(pronoun["pronoun"].casefold())} - {None}
    one, other = _direction(first), _direction(said[pronoun.end() :])
    opposite = one is not None and other is not None and one != other and SCALE_OF[one] == SCALE_OF[other]
    return clause[1] if opposite and len(sexes) < 2 else None


def _direction(clause: str) -> End | None:
    """The end that the one comparison in a clause points to."""
    words = re.findall(r"\w+", clause.casefold())
    ends = [COMPARATIVES.get(word) or AHEAD.get(word) for word in words if word in COMPARATIVES or word in AHEAD]
    if len(ends) != 1 or {"not", "nor", "neither", "more", "less"} & set(words):
        return None
    return cast("End", ends[0])


def _ruled(said: str) -> str:
    for pattern, new in RULES * 2:
        said = pattern.sub(_put(new), said)
    return re.sub(r"\s+", " ", said).strip(" ,")


def _put(new: str) -> str | Callable[[re.Match[str]], str]:
    if new == "!\\1":
        return lambda m: f"the {BEYOND_ALL[m[1].casefold()]}" if m[1].casefold() in BEYOND_ALL else m[0]
    if new == "?\\1 \\2":
        return lambda m: f"{m[1]} {ADJECTIVES[m[2].casefold()][1]} than" if m[2].casefold() in ADJECTIVES else m[0]
    return new
