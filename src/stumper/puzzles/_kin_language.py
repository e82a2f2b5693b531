"""The formal language of family puzzles: kin terms with one meaning each, clues, queries, and problems.

Setter, reader, solver and drawing all use these values, so a word cannot mean two things.

People are named by strings. One that begins with "?" ("?1", "?lawyer") stands for somebody whom the text does not name:
clues say what is known of this person, who may turn out to be anybody, named or not. "X is the son of Y's brother" is
`Kin(X, "son", "?1")` and `Kin("?1", "brother", Y)`, or, where nobody speaks of the brother again,
`Kin(X, "brother's son", Y)`. A question about "Rachel's sister's husband" asks about such a person; what is right has
to hold whoever this is. The reader gives a description that is repeated word for word the same string.

What English leaves open is decided here, and nowhere else:

- Everyone has one mother, a woman, and one father, a man; nobody is an own ancestor.
- Marriage joins one man and one woman, each to nobody else.
- Nobody is married to, or has a child with, an own ancestor, descendant, sibling or half-sibling.
- Different names are different people.
- A parent is older than a child; nothing else is taken for granted about ages.
- Nobody is kin to himself.
- Siblings share both parents, half-siblings exactly one, step-siblings none: theirs are married, or one's parent is
  the other's step-parent. A step-parent is a parent's spouse who is no parent, a step-child the reverse.
- Uncles and aunts are the siblings of a parent, and their spouses; nephews and nieces the reverse. A cousin is the
  child of a parent's sibling, a second cousin the grandchild of a grandparent's sibling; a cousin once removed is a
  cousin's child or a parent's cousin. Great-uncles are the siblings of a grandparent, and their spouses.
- A brother- or sister-in-law is the spouse's sibling, the sibling's spouse or the spouse's sibling's spouse; a
  co-brother is the wife's sister's husband, a co-sister the husband's brother's wife.
- "maternal" and "paternal" say through which parent the kinship goes.

Open points are the fields of `KinConventions`. Words in an answer are always taken in their widest sense: an uncle's
wife may be called an aunt whatever `uncles` says about clues.
"""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from stumper.puzzles import Conventions, Problem, Status
from stumper.puzzles._kin_names import sex_by_name
from stumper.types import LETTERS, Value

Sex = Literal["male", "female"]
Step = Literal[
    "parent", "child", "sibling", "spouse", "half-sibling", "step-parent", "step-child", "step-sibling",
    "father", "mother", "son", "daughter", "brother", "sister", "husband", "wife",
]  # fmt: skip
Path = tuple[Step, ...]

SEXED: dict[Step, tuple[Step, Sex]] = {
    "father": ("parent", "male"),
    "mother": ("parent", "female"),
    "son": ("child", "male"),
    "daughter": ("child", "female"),
    "brother": ("sibling", "male"),
    "sister": ("sibling", "female"),
    "husband": ("spouse", "male"),
    "wife": ("spouse", "female"),
}
"""Steps that say the sex of whom they reach."""


class Meaning(NamedTuple):
    """What "subject is the TERM of object" says: the subject's sex, and ways that lead from object to subject."""

    sex: Sex | None
    paths: tuple[Path, ...]


class Hop(NamedTuple):
    """One step from a person to one of the given sex, None for either. Its step is none of `SEXED`."""

    step: Step
    sex: Sex | None


Walk = tuple[Hop, ...]

_RELATIONS: tuple[tuple[str, str, str, tuple[Path, ...]], ...] = (
    ("father", "mother", "parent", (("parent",),)),
    ("son", "daughter", "child", (("child",),)),
    ("brother", "sister", "sibling", (("sibling",),)),
    ("husband", "wife", "spouse", (("spouse",),)),
    ("grandfather", "grandmother", "grandparent", (("parent", "parent"),)),
    ("grandson", "granddaughter", "grandchild", (("child", "child"),)),
    ("uncle", "aunt", "", (("parent", "sibling"), ("parent", "sibling", "spouse"))),
    ("nephew", "niece", "", (("sibling", "child"), ("spouse", "sibling", "child"))),
    ("", "", "cousin", (("parent", "sibling", "child"),)),
    ("father-in-law", "mother-in-law", "parent-in-law", (("spouse", "parent"),)),
    ("son-in-law", "daughter-in-law", "child-in-law", (("child", "spouse"),)),
    (
        "brother-in-law",
        "sister-in-law",
        "sibling-in-law",
        (("spouse", "sibling"), ("sibling", "spouse"), ("spouse", "sibling", "spouse")),
    ),
    ("great-grandfather", "great-grandmother", "great-grandparent", (("parent",) * 3,)),
    ("great-grandson", "great-granddaughter", "great-grandchild", (("child",) * 3,)),
    ("great-great-grandfather", "great-great-grandmother", "great-great-grandparent", (("parent",) * 4,)),
    ("great-great-grandson", "great-great-granddaughter", "great-great-grandchild", (("child",) * 4,)),
    ("great-uncle", "great-aunt", "", (("parent", "parent", "sibling"), ("parent", "parent", "sibling", "spouse"))),
    ("great-nephew", "great-niece", "", (("sibling", "child", "child"), ("spouse", "sibling", "child", "child"))),
    ("", "", "second cousin", (("parent", "parent", "sibling", "child", "child"),)),
    (
        "",
        "",
        "cousin once removed",
        (("parent", "sibling", "child", "child"), ("parent", "parent", "sibling", "child")),
    ),
    ("grandfather-in-law", "grandmother-in-law", "grandparent-in-law", (("spouse", "parent", "parent"),)),
    ("grandson-in-law", "granddaughter-in-law", "grandchild-in-law", (("child", "child", "spouse"),)),
    ("half-brother", "half-sister", "half-sibling", (("half-sibling",),)),
    ("stepfather", "stepmother", "step-parent", (("step-parent",),)),
    ("stepson", "stepdaughter", "stepchild", (("step-child",),)),
    ("stepbrother", "stepsister", "step-sibling", (("step-sibling",),)),
)
"""Man, woman, either (empty: English has no word), paths. None of these words says more than another of its sex."""

_BY_PARENT = ("grandfather", "grandmother", "grandparent", "uncle", "aunt", "cousin", "great-uncle", "great-aunt")

SEXES: tuple[Sex | None, ...] = ("male", "female", None)

PLAIN: dict[str, Meaning] = {
    word: Meaning(sex, paths) for *words, paths in _RELATIONS for word, sex in zip(words, SEXES, strict=True) if word
}

ANSWERS = tuple(
    word
    for word, meaning in PLAIN.items()
    if meaning.sex or not any(other.sex and other.paths == meaning.paths for other in PLAIN.values())
)
"""The words that answer "How is X related to Y?": "sibling" does not, "cousin" does."""


def _through(parent: Step, meaning: Meaning) -> Meaning:
    return Meaning(meaning.sex, tuple((parent, *path[1:]) for path in meaning.paths))


MEANINGS: dict[str, Meaning] = {
    **PLAIN,
    **{f"maternal {word}": _through("mother", PLAIN[word]) for word in _BY_PARENT},
    **{f"paternal {word}": _through("father", PLAIN[word]) for word in _BY_PARENT},
    "co-brother": Meaning("male", (("wife", "sister", "husband"),)),
    "co-sister": Meaning("female", (("husband", "brother", "wife"),)),
}
"""Every kin term."""

BY_MARRIAGE = frozenset(
    term for word in ("uncle", "aunt", "nephew", "niece") for term in MEANINGS if term.split("-")[-1].endswith(word)
)
"""Terms that a narrow reading keeps to blood."""

OF = "'s "
OR = " or "
"""Join terms to a phrase: "brother's wife", "brother or sister"; the first binds closer."""


@cache
def terms(path: Path) -> dict[Sex | None, str]:
    """The words whose first path this is, by the subject's sex; the key None holds the word for either."""
    return {m.sex: word for word, m in PLAIN.items() if m.paths[0] == path}


@cache
def walks(phrase: str, by_blood: bool = False) -> tuple[Walk, ...]:
    """All ways in which "subject is the PHRASE of object" can hold, each from object to subject.

    `by_blood` leaves out uncles, aunts, nephews and nieces by marriage.
    """
    found: dict[Walk, None] = {}
    for alternative in phrase.split(OR):
        parts = [_walks_of_term(term, by_blood) for term in alternative.split(OF)]
        found.update(dict.fromkeys(tuple(hop for part in way for hop in part) for way in product(*parts)))
    return tuple(found)


def _walks_of_term(term: str, by_blood: bool) -> Iterator[Walk]:
    sex, paths = MEANINGS[term]
    for path in paths:
        if by_blood and term in BY_MARRIAGE and "spouse" in path:
            continue
        hops = [Hop(*SEXED.get(step, (step, None))) for step in path]
        yield (*hops[:-1], Hop(hops[-1].step, sex))


def opposite(sex: Sex) -> Sex:
    return "female" if sex == "male" else "male"


def _known(phrase: str) -> str:
    alternatives = [alternative.split(OF) for alternative in phrase.split(OR)]
    if len(alternatives) > 4 or any(len(parts) > 8 for parts in alternatives):
        raise ValueError("too long a phrase")
    for word in (term for parts in alternatives for term in parts):
        if word not in MEANINGS:
            raise ValueError(f"{word!r} is no kin term; there are: {', '.join(MEANINGS)}")
    return phrase


def _countable(phrase: str) -> str:
    if OF in phrase or OR in phrase:
        raise ValueError(f"only those of one kind are counted, not {phrase!r}")
    if any(walk[-1].step in ("parent", "step-parent") for walk in walks(_known(phrase))):
        raise ValueError(f"people have a fixed number of kin of the kind {phrase!r}, or nobody counts them")
    return phrase


Phrase = Annotated[str, AfterValidator(_known)]
"""A kin term, or several: each the kin of the one before ("brother's wife"), or alternatives ("brother or sister")."""
Countable = Annotated[str, AfterValidator(_countable)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=40)]
"""A person; with "?" in front one whom the text does not name."""


class Kin(Value):
    """ "`subject` is the `term` of `object`." Nobody else is excluded: "only" is said by `Count`."""

    subject: Name
    term: Phrase
    object: Name

    def people(self) -> tuple[str, ...]:
        return self.subject, self.object


class Is(Value):
    """ "`person` is a man" or "a woman"."""

    person: Name
    sex: Sex

    def people(self) -> tuple[str, ...]:
        return (self.person,)


class Older(Value):
    """ "`older` is older than `younger`." """

    older: Name
    younger: Name

    def people(self) -> tuple[str, ...]:
        return self.older, self.younger


class Same(Value):
    """ "`one` is `other`", such as "Ben is the doctor"; with `not_` that they are two people."""

    one: Name
    other: Name
    not_: bool = False

    def people(self) -> tuple[str, ...]:
        return self.one, self.other


Bound = Literal["exactly", "least", "most", "stated"]
"""Of a number; "stated" is "has two sons", which `KinConventions.counts` reads."""


class Count(Value):
    """ "`object` has `number` people who are a `term`": of the members, where the problem has a `Family`.

    "Bo is the only son of Cy" is `Kin(Bo, "son", Cy)` and `Count(Cy, "son", 1, "exactly")`, and leaves daughters open;
    "only child" counts children. "Cy has no brother" is 0.
    """

    object: Name
    term: Countable
    number: int = Field(ge=0, le=20)
    bound: Bound = "stated"

    def people(self) -> tuple[str, ...]:
        return (self.object,)


class Family(Value):
    """ "There are six people in a family": the members, all different. A member without a name has a "?" name."""

    members: tuple[Name, ...] = Field(min_length=1, max_length=12)

    def people(self) -> tuple[str, ...]:
        return self.members


class Member(Value):
    """`person`, who has no name ("the lawyer"), is one of the members of the family."""

    person: Name

    def people(self) -> tuple[str, ...]:
        return (self.person,)


class Generations(Value):
    """The family spans so many generations. Nothing is proven by it: where it could settle the answer none is given."""

    number: int = Field(ge=1, le=9)

    def people(self) -> tuple[str, ...]:
        return ()


class Tally(Value):
    """How many of the family's members are male or female, or how many married couples there are among them."""

    of: Literal["male", "female", "couple"]
    number: int = Field(ge=0, le=20)
    bound: Bound = "exactly"

    def people(self) -> tuple[str, ...]:
        return ()


Clue = Kin | Is | Older | Same | Count | Family | Member | Tally | Generations


class Related(Value):
    """ "How is `subject` related to `object`?" The choices are phrases."""

    subject: Name
    object: Name


class Who(Value):
    """ "Who is the `term` of `object`?" The choices are people."""

    term: Phrase
    object: Name


class HowMany(Value):
    """ "How many `counted`s has `object`?" The choices are numbers in digits."""

    counted: Countable
    object: Name


class HowManyMembers(Value):
    """ "How many men (women, couples) are there in the family?" The choices are numbers in digits."""

    of: Literal["male", "female", "couple"]


class WhichSex(Value):
    """ "What is the sex of `sex_of`?" The choices are "male" and "female"."""

    sex_of: Name


class WhoIsOfSex(Value):
    """ "Which of them is male?" The choices are people."""

    sex: Sex


class WhoIs(Value):
    """ "Who is the lawyer?" The choices are people."""

    who: Name


class Shows(Value):
    """ "Which of these expressions shows that `subject` is the `term` of `object`?" The choices are expressions."""

    subject: Name
    term: Phrase
    object: Name


class Which(Value):
    """ "Which of these is true?" (in all models), "possible" (in some), "false" (in none). The choices are claims."""

    asks: Literal["true", "possible", "false"]


Claim = Kin | Is | Older | Same | Count | Tally

Query = Related | Who | HowMany | HowManyMembers | WhichSex | WhoIsOfSex | WhoIs | Shows | Which

UNDETERMINED = "!undetermined"
""" "Cannot be determined": right exactly where no answer to the question is right in all models."""
NONE = "!none"
""" "None of these": right exactly where none of the other choices can hold."""
META = (UNDETERMINED, NONE)
SELF = "!self"
""" "Himself": the subject is the object."""


class Expression(Value):
    """Facts that a choice supposes; it is right where what is asked follows from them."""

    says: tuple[Kin, ...] = Field(min_length=1, max_length=20)

    def people(self) -> tuple[str, ...]:
        return tuple(person for kin in self.says for person in kin.people())


Choice = Annotated[str, StringConstraints(max_length=200)] | Claim | Expression


class KinConventions(Conventions):
    """Open points; see conventions/blood_relations.yaml."""

    parents: Literal["unmarried", "married"] = "unmarried"
    uncles: Literal["by_marriage_too", "by_blood"] = "by_marriage_too"
    counts: Literal["at_least", "exactly"] = "at_least"
    names: Literal["unknown", "conventional"] = "unknown"


class KinProblem(Problem):
    """Clues, a query, and the choices: whatever the query asks for, and the meta choices."""

    clues: tuple[Clue, ...] = Field(max_length=200)
    query: Query
    choices: tuple[Choice, ...] = Field(max_length=len(LETTERS))
    conventions: KinConventions = KinConventions()

    @model_validator(mode="after")
    def _choices_fit_the_query(self) -> "KinProblem":
        self.claims()
        families = [clue for clue in self.clues if isinstance(clue, Family)]
        if len(families) > 1:
            raise ValueError("more than one family")
        if len(set(families[0].members if families else ())) < len(families[0].members if families else ()):
            raise ValueError("a member is named twice")
        asked = (*self.clues, self.query, *self.claims())
        if not families and any(isinstance(part, Member | Tally | HowManyMembers) for part in asked):
            raise ValueError("members are counted, and no family is stated")
        return self

    @property
    def right(self) -> tuple[Status, ...]:
        if isinstance(self.query, Which):
            asked: dict[str, tuple[Status, ...]] = {
                "true": ("must",),
                "possible": ("must", "could"),
                "false": ("cannot",),
            }
            return asked[self.query.asks]
        return ("must",)

    @property
    def exclusive(self) -> bool:
        """Somebody's uncle may well be his father-in-law too: what could hold besides spoils no answer."""
        return False

    def shown(self) -> "tuple[KinProblem | None, ...]":
        """Of the question what shows a kinship: is it true under each choice; None for a meta choice."""
        if not isinstance(self.query, Shows):
            return ()
        asked = Kin(subject=self.query.subject, term=self.query.term, object=self.query.object)
        return tuple(
            KinProblem(
                clues=(*self.clues, *choice.says),
                query=Which(asks="true"),
                choices=(asked,),
                conventions=self.conventions,
            )
            if isinstance(choice, Expression)
            else None
            for choice in self.choices
        )

    def claims(self) -> tuple[Claim | None, ...]:
        """What each choice says; None for a meta choice."""
        return tuple(self.claim(choice) for choice in self.choices)

    def claim(self, choice: str | Claim | Expression) -> Claim | None:
        """What a choice says in answer to the query. Raises ValueError where it does not answer it."""
        if choice in META:
            return None
        query = self.query
        if isinstance(query, Shows) != isinstance(choice, Expression):
            raise ValueError(f"{choice!r} is no answer to the question")
        if isinstance(choice, Expression):
            return None
        if isinstance(query, Which) == isinstance(choice, str):
            raise ValueError(f"{choice!r} is no answer to the question")
        if not isinstance(choice, str):
            return self._with_bound(choice) if isinstance(choice, Count | Tally) else choice
        match query:
            case Related() if choice == SELF:
                return Same(one=query.subject, other=query.object)
            case Related():
                return Kin(subject=query.subject, term=choice, object=query.object)
            case Who():
                return Kin(subject=choice, term=query.term, object=query.object)
            case HowMany():
                return Count(object=query.object, term=query.counted, number=_number(choice), bound="exactly")
            case HowManyMembers():
                return Tally(of=query.of, number=_number(choice), bound="exactly")
            case WhichSex():
                return Is.model_validate({"person": query.sex_of, "sex": choice})
            case WhoIsOfSex():
                return Is(person=choice, sex=query.sex)
            case WhoIs():
                return Same(one=choice, other=query.who)
        raise AssertionError(query)

    def _with_bound(self, clue: Count | Tally) -> Count | Tally:
        """The number as the conventions read it."""
        exact = self.conventions.counts == "exactly"
        return clue.model_copy(update={"bound": "exactly" if exact else "least"}) if clue.bound == "stated" else clue

    def settled_clues(self) -> tuple[Clue, ...]:
        """The clues, with numbers and sexes as the conventions read them.

        A first name says nothing of the sex where a clue does.
        """
        clues: list[Clue] = [self._with_bound(clue) if isinstance(clue, Count | Tally) else clue for clue in self.clues]
        if self.conventions.names == "conventional":
            clues += self.sexes_by_name()
        return tuple(clues)

    def sexes_by_name(self) -> tuple[Is, ...]:
        """What first names say of people of whom no clue does."""
        said = {clue.person for clue in self.clues if isinstance(clue, Is)}
        said |= {c.subject for c in self.clues if isinstance(c, Kin) and all(w[-1].sex for w in walks(c.term))}
        return tuple(
            Is(person=name, sex=sex)
            for name in self.people()
            if name not in said and (sex := sex_by_name(name)) is not None
        )

    def people(self) -> tuple[str, ...]:
        """Everybody with or without a name, in the order of mention, the named ones first."""
        names: dict[str, None] = {}
        for clue in self.clues:
            names.update(dict.fromkeys(clue.people()))
        names.update(dict.fromkeys(self.asked()))
        for claim in self.claims():
            names.update(dict.fromkeys(() if claim is None else claim.people()))
        for choice in self.choices:
            names.update(dict.fromkeys(choice.people() if isinstance(choice, Expression) else ()))
        return tuple(sorted(names, key=is_unnamed))

    def asked(self) -> tuple[str, ...]:
        """The people whom the question itself speaks of."""
        match self.query:
            case Related(subject=subject, object=object_) | Shows(subject=subject, object=object_):
                return subject, object_
            case Who(object=person) | HowMany(object=person) | WhichSex(sex_of=person) | WhoIs(who=person):
                return (person,)
        return ()

    def most_counted(self) -> int:
        """A number that an answer to "how many" cannot exceed where one is right: no more are spoken of."""
        return max([len(self.members()), *(clue.number for clue in self.clues if isinstance(clue, Count))])

    def members(self) -> tuple[str, ...]:
        """Of the family; empty where none is stated."""
        return next((clue.members for clue in self.clues if isinstance(clue, Family)), ())


def is_unnamed(person: str) -> bool:
    return person.startswith("?")


def _number(digits: str) -> int:
    if not digits.isascii() or not digits.isdecimal() or len(digits) > 2:
        raise ValueError(f"{digits!r} is no number")
    return int(digits)
