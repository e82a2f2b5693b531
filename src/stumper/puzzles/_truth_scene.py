"""What stands around the talk of truth-tellers and liars: who is there, of which kinds they are, who says what.

Such sentences are said in endless ways ("on an island every inhabitant of which is either a knight, who ..."), but all
that they can say is which kinds there are, how each talks, and who is there. So their words may stand in any order, as
long as no kind is said to talk in another way than it does, all or none of the people are named, and no word limits it.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from stumper.puzzles import Unread
from stumper.puzzles._grammar import NUMBERS
from stumper.puzzles._truth_language import MOST_PEOPLE, Role

ROLES: dict[str, Role] = {
    "knight": "truth-teller",
    "knave": "liar",
    "truth-teller": "truth-teller",
    "liar": "liar",
    "spy": "spy",
    "normal": "spy",
    "alternator": "alternator",
}
PLURALS = {f"{word}s": role for word, role in ROLES.items()} | {"spies": "spy"}
ALL_ROLES = ROLES | PLURALS

NAME = r"[A-ZÀ-ÖØ-Þ][^\W\d_]*"
VERB = (
    r"(?:says|said|claims|claimed|states|stated|replies|replied|declares|declared|tells you|told you|announces"
    r"|announced|asserts|asserted|remarks|remarked|adds|added|insists|insisted|maintains|answers|answered)"
)
LISTED = re.compile(rf"\b({NAME}(?:, {NAME})*),? and ({NAME})\b")
PLACED = re.compile(
    r"\b(?:[Oo]n|[Ii]n|from|called|named|(?:[Ii]sland|land|town|village|[Ii]nhabitants?|[Cc]itizens?|[Pp]eople) of) "
    rf"({NAME}(?: {NAME})?)"
)
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*|\S")

WAYS: dict[Role, str] = {
    "truth-teller": (
        r"(?:always |only )*(?:tells?|speaks?|says?|telling|speaking) (?:only |nothing but )?the truth"
        r"|(?:is |are )?always (?:truthful|honest|telling the truth|right)|never (?:lies?|lying)|cannot lie"
        r"|(?:always |only )*(?:makes?|say) (?:only )?true (?:statements|things)"
    ),
    "liar": (
        r"(?:always |only )*(?:lies?|lying)|(?:is |are )?always (?:dishonest|untruthful)"
        r"|never (?:tells?|speaks?|telling) the truth|never says? anything true|cannot tell the truth"
        r"|(?:always |only )*(?:makes?|tells?|say) (?:only )?(?:false (?:statements|things|ones)|lies)"
    ),
    "spy": (
        r"(?:may|can|might) (?:do either|say anything|(?:either )?(?:lie or tell the truth|tell the truth or lie))"
        r"|sometimes (?:does|do) one and sometimes the other"
        r"|sometimes (?:lies?|tells? the truth) and sometimes (?:tells? the truth|lies?)"
    ),
    "alternator": (
        r"alternates? between (?:telling the truth and lying|truth and lies|true and false statements|lying and telling"
        r" the truth)"
    ),
}
WAY = {role: re.compile(rf"\b(?:{pattern})\b") for role, pattern in WAYS.items()}
LIMITS = frozenset(
    "not no except unless if most some several least many sometimes usually often but same different when while until "
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays "
    "sundays yesterday today tomorrow day days statement statements claim claims true false say says said asked "
    "never always only exactly just at more fewer less than alternately turns what who which how both they them he she "
    "order respectively turn majority minority half pair couple number few lot share shares "
    "together alike neither nor none nobody others "
    "morning afternoon evening night nights noon midnight dark rain winter summer spring autumn year years "
    "month months week weeks hour hours time times weekend weekends holiday holidays beginning end past future january "
    "february march april june july august september october november december".split()
)
"""Words that such a sentence cannot have beside what is known of it."""
SLOTS = frozenset("a an the these those this that of on in from my our your".split()) | set(NUMBERS)
"""Behind these words stands what somebody or something is called."""
PASSED = frozenset(
    "each every all are is be was were and or either a an the these those this that of on in from to among there here "
    "where whom you meet live lives living come comes dwell dwells inhabited populated by whose people person persons "
    "inhabitant inhabitants everybody everyone anybody anyone islander islanders certain strange remote small far away "
    "one other two kind kinds type types belongs belong made up i while but whereas has have visit visiting "
    "called named known as also suppose imagine consider contains sort sorts us we questioned "
    "strangers villagers suspects friends natives residents citizens".split()
)
"""Words that may stand anywhere in such a sentence."""
UNCALLED = frozenset(
    "i a an the on in of each every all both one two three four five six seven eight you there they we among at if "
    "either neither exactly only just what who which how it he she that this these those some someone nobody everybody "
    "everyone here people inhabitants nothing suppose consider imagine today yesterday".split()
)


class Scene(NamedTuple):
    """What a sentence of the scene tells."""

    people: tuple[str, ...]
    roles: tuple[Role, ...]
    once_each: bool = False
    """One of them has each of these roles."""


def people_in(text: str) -> tuple[str, ...]:
    """Whoever is named, in the order of the text. Raises Unread."""
    places = {word for found in PLACED.finditer(text) for word in found[1].split()}
    listed = {name for found in LISTED.finditer(text) for name in (*found[1].split(", "), found[2])} - {"I"}
    named: dict[str, None] = {}
    for found in re.finditer(rf"{NAME}", text):
        word = found[0]
        small = word.casefold()
        plain = small in ALL_ROLES or small.split("-")[0] in ("truth", "truthteller")
        alone = len(word) == 1 and word not in listed
        if plain or alone or (small in UNCALLED and len(word) > 1) or (word in places and word not in listed):
            continue
        begins = found.start() == 0 or re.search(r"[.?!:']\s*$", text[: found.start()]) is not None
        after = text[found.end() : found.end() + 24]
        if begins and word not in listed and not _acts(after) and text.count(word) < 2:
            continue
        named[word] = None
    if not 1 <= len(named) <= MOST_PEOPLE:
        raise Unread(text[:120], f"names {len(named)} people" if named else "names nobody")
    return tuple(named)


def _acts(after: str) -> bool:
    return re.match(rf"(?:,? (?:who|a|an|the)\b|:| (?:then )?(?:is|was|lies|tells|and|each|{VERB}))", after) is not None


def prepared(text: str) -> str:
    """The text with who says what in one order, brackets and dashes as commas, and one fact a sentence."""
    text = re.sub(r"\s*[\N{EN DASH}\N{EM DASH}]\s*|\s+-\s+", ", ", text)
    text = re.sub(r"\s*\(([^()']{1,80})\)", r", \1,", text)
    text = re.sub(r";\s+(?=[^']*(?:'[^']*'[^']*)*$)", ". ", text)
    text = re.sub(rf"(?:(?<=^)|(?<=[.?!] ))'([^']+?)[,.]?' {VERB} ({NAME})\.?", r"\2 says: '\1.'", text)
    text = re.sub(rf"(?:(?<=^)|(?<=[.?!'] ))({NAME}): '", r"\1 says: '", text)
    text = re.sub(rf"[,.]?',? (?:and|while|but|whereas) ({NAME} {VERB})", r".' \1", text)
    text = re.sub(rf",? (?:and )?(?=(?!I )({NAME}) {VERB} that )|, (?=({NAME}) {VERB},? ')", ". ", text)
    bound = r"(?:at least|at most|exactly) \w+"
    text = re.sub(rf"(?:(?<= )and )?\b({NAME}) ({bound})(?=[,.])", r"\1 says there are \2", text)
    text = re.sub(rf",? (?:and )?({NAME}) says there are ({bound})(?=[,.])", r". \1 says that there are \2", text)
    text = re.sub(rf"\b({NAME}) {VERB} there are ({bound})(?=[,.])", r"\1 says that there are \2", text)
    text = re.sub(r"\.\.", ".", text)
    text = re.sub(rf"\b({NAME})\. (?={VERB})", r"\1 ", text)
    text = re.sub(rf"\b({NAME}), (?:who (?:is )?)?([^,.'?]{{3,40}}), (?={VERB})", _aside, text)
    text = re.sub(
        r",? (?:and|but) (exactly|at least|at most|just|only) (\w+ of (?:them|us|the))",
        lambda m: f". {m[1].capitalize()} {m[2]}",
        text,
    )
    text = re.sub(r"\b([Jj])ust (?=one|two|three|four)", lambda m: "Exactly " if m[1] == "J" else "exactly ", text)
    return re.sub(r",\s*(?=[.,?])", "", text)


def _aside(found: re.Match[str]) -> str:
    """ "Dawit, who tells the truth, says" as a fact of its own and what he says.

    Nothing is passed over: "hardly a knight", "married to a knight" and "who rarely lies" say something else.
    """
    name, said = found[1], found[2]
    if re.fullmatch(r"(?:who )?(?:lives?|is|was|stands?|sits?)?(?: also)? ?(?:there|here|next|too|in turn)?", said):
        return f"{name} "
    for role, ways in WAYS.items():
        words = "|".join(word for word in ROLES if ROLES[word] == role)
        if re.fullmatch(rf"(?:an? |the )?(?:{words})(?: who (?:{ways}))?", said):
            return f"{name} is a {role}. {name} "
        if re.fullmatch(ways, said):
            # Where some lie at times, "who lies" is left to the grammar: it may be meant of what he says here.
            at_times = {"liar": "lies", "truth-teller": "tells the truth"} if not STEADY.search(said) else {}
            return f"{name} {at_times.get(role, f'is a {role}')}. {name} "
    return found[0]


STEADY = re.compile(r"\b(?:always|only|never|cannot)\b")


def scene(sentence: str, people: Sequence[str]) -> Scene | None:
    """What a sentence tells of who is there and of which kinds; None where it may say something else."""
    if sentence.endswith("?"):
        return None
    text = re.sub(r"\bone or the other\b", "either", sentence)
    for n, word in enumerate(("former", "latter")):
        kinds = [found[0] for found in re.finditer(rf"\b(?:{'|'.join(ALL_ROLES)})\b", text)]
        if len(kinds) > n:
            text = text.replace(f"the {word}", kinds[n])
    # A longer way of talking holds a shorter one: "sometimes lies and sometimes tells the truth".
    spans = [(m.start(), m.end(), role) for role, way in WAY.items() for m in way.finditer(text)]
    found = [
        (start, "way", role)
        for start, end, role in spans
        if not any(s <= start and end <= e and (s, e) != (start, end) for s, e, _ in spans)
    ]
    bare = text
    for start, end, _ in sorted(spans, reverse=True):
        if any(start == s for s, _, _ in found):
            bare = bare[:start] + " " * (end - start) + bare[end:]
    kinds_said = re.finditer(rf"\b(?:{'|'.join(ALL_ROLES)})\b", bare, re.IGNORECASE)
    found += [(match.start(), "role", ALL_ROLES[match[0].casefold()]) for match in kinds_said]
    found.sort()
    words = [word for word in WORD.findall(bare) if word.casefold() not in ALL_ROLES]
    once = _once(words, found)
    if not _is_plain(words, people, once) or not _is_of_each(bare) or not _is_always_so(bare, sentence, spans):
        return None
    if not _fits(found):
        raise Unread(sentence[:200], "a role that is otherwise here")
    named = tuple(person for person in people if person in words)
    if named and not _alone(words, named):
        return None
    if (named and set(named) != set(people)) or not (once or _leaves_open(bare, named, found)):
        return None
    roles = tuple(dict.fromkeys(role for _, _, role in found))
    if once and len(roles) != len(people):
        raise Unread(sentence[:200], f"{len(roles)} roles for {len(people)} people")
    return Scene(named, roles, once)


def _alone(words: Sequence[str], named: Sequence[str]) -> bool:
    """Whether nobody is told of beside those who are named: not "Ann, Bob and their friends"."""
    at = [i for i, word in enumerate(words) if word in named]
    around = (*words[max(at[0] - 2, 0) : at[0]], *words[at[-1] + 1 : at[-1] + 3])
    listed = all(word in named or word in (",", "and", "or", "nor") for word in words[at[0] : at[-1]])
    return listed and "and" not in around and "whom" not in around


BETWEEN = frozenset("who whom which that or and a an the to of one is are either exactly while but whereas".split())


def _is_of_each(bare: str) -> bool:
    """Whether the kinds stand side by side, as for each: not "all are knights or all are knaves"."""
    kinds = rf"\b(?:{'|'.join(ALL_ROLES)})\b"
    between = re.split(kinds, bare, flags=re.IGNORECASE)[1:-1]
    plain = all(word in BETWEEN or not word.isalpha() for part in between for word in WORD.findall(part.casefold()))
    return plain and re.search(rf"\ball (?:{'|'.join(PLURALS)})\b.*\bor\b", bare, re.IGNORECASE) is None


def _is_always_so(bare: str, sentence: str, ways: Sequence[tuple[int, int, Role]]) -> bool:
    """Whether the ways of talking are told as they are: not "always lie to strangers", "a myth that knights ..."."""
    kinds = rf"(?:{'|'.join(ALL_ROLES)})"
    limited = any(re.match(r"\s*,?\s*(?:to|in|on|at|of|from|by|with|that)\b", bare[end:]) for _, end, _ in ways)
    doubted = re.search(rf"\bthat (?:an? |all |every |each |the )?{kinds}\b", bare, re.IGNORECASE)
    # Ways are blank in `bare`: "knights always lie or knaves" tells of one of them.
    either = re.search(rf"\b{kinds} {{3,}},? *or\b", bare, re.IGNORECASE)
    first = WORD.findall(sentence)[0]
    begins = first.casefold() in PASSED | ALL_ROLES.keys() | SLOTS or re.match(
        r",| (?:and|is|has)\b", sentence[len(first) :]
    )
    return not (limited or doubted or either) and bool(begins)


def _leaves_open(bare: str, named: Sequence[str], found: Sequence[tuple[int, str, Role]]) -> bool:
    """Whether it says what there may be, and not what somebody is."""
    kinds = [what for _, what, _ in found]
    either = re.search(r"\b(?:or|either)\b", bare) is not None and len({role for _, _, role in found}) > 1
    either = either or (not found and re.search(r"\beither\b", bare) is not None)
    of_kinds = re.search(rf"\bof (?:{'|'.join(PLURALS)})\b", bare) is not None
    if not named:
        return either or of_kinds or ("way" in kinds and "role" in kinds)
    at = [match.start() for name in named for match in re.finditer(rf"\b{name}\b", bare)]
    between = re.sub(r"\b(?:" + "|".join(named) + r")\b|\band\b|[,\s]", "", bare[min(at) : max(at)])
    return (either or of_kinds) and not between


def _once(words: Sequence[str], found: Sequence[tuple[int, str, Role]]) -> bool:
    """Whether it says "one is a knight, one is a knave and one is a spy"."""
    ones = sum(word.casefold() == "one" for word in words)
    kinds = [role for _, what, role in found if what == "role"]
    return len(kinds) > 1 and len(set(kinds)) == len(kinds) and ones == len(kinds)


def _is_plain(words: Sequence[str], people: Sequence[str], once: bool) -> bool:
    for i, word in enumerate(words):
        small = word.casefold()
        if word in people or (once and small in ("exactly", "one")):
            continue
        if small in NUMBERS or small.isdecimal():
            count = NUMBERS.index(small) if small in NUMBERS else int(small)
            kinds = words[i + 1 : i + 2] in (["kinds"], ["types"])
            if count != len(people) and not kinds:
                return False
        elif (small == "who" and i) or (small == "them" and list(words[i - 2 : i]) in (["Each", "of"], ["each", "of"])):
            continue
        elif small in LIMITS or not (small.isalpha() or word in ",.:-" or "-" in small or "'" in small):
            return False
        elif not (small in PASSED or word in ",.:-" or word[0].isupper()):
            slot = words[i - 1].casefold() if i else "the"
            if slot not in SLOTS:
                return False
    return True


def _fits(found: Sequence[tuple[int, str, Role]]) -> bool:
    """Whether each way of talking stands behind the role that talks so, or there are ways alone."""
    kinds = [what for _, what, _ in found]
    if "role" not in kinds or "way" not in kinds:
        return True
    before: Role | None = None
    for _, what, role in found:
        if what == "role":
            before = role
        elif before != role:
            return False
        else:
            before = None
    return True
