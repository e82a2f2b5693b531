"""The formal language of family puzzles: kin terms with one meaning each, clues, queries, and problems.

Setter, reader, solver and drawing all use these values, so a word cannot mean two things.

Conventions (what English leaves open is decided here, and nowhere else):

- Everyone has one mother, a woman, and one father, a man; nobody is an own ancestor.
- Marriage joins one man and one woman, each to nobody else.
- Nobody is married to, or has a child with, an own ancestor, descendant, sibling or half-sibling.
- Different names are different people. An unnamed person may be one of the named.
- Siblings share both parents. Uncles and aunts are the siblings of a parent, and their spouses; nephews and nieces
  the reverse. A cousin is the child of a parent's sibling. A brother- or sister-in-law is the spouse's sibling, the
  sibling's spouse or the spouse's sibling's spouse.
- No more is assumed where `parents` are unmarried: a father's wife need not be the mother. Where they are married,
  the parents of every child are married to each other, so that there are neither step-parents nor half-siblings.
"""

from functools import cache
from typing import Annotated, Literal, NamedTuple

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from stumper.puzzles import Conventions, Problem
from stumper.types import LETTERS, Value

Sex = Literal["male", "female"]
Step = Literal["parent", "child", "sibling", "spouse"]
Path = tuple[Step, ...]


class Meaning(NamedTuple):
    """What "subject is the TERM of object" says: the subject's sex, and ways that lead from object to subject."""

    sex: Sex | None
    paths: tuple[Path, ...]


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
)
"""Man, woman, either (empty: English has no word), paths."""

SEXES: tuple[Sex | None, ...] = ("male", "female", None)

MEANINGS: dict[str, Meaning] = {
    word: Meaning(sex, paths) for *words, paths in _RELATIONS for word, sex in zip(words, SEXES, strict=True) if word
}


@cache
def terms(path: Path) -> dict[Sex | None, str]:
    """The words whose first path this is, by the subject's sex; the key None holds the word for either."""
    return {m.sex: word for word, m in MEANINGS.items() if m.paths[0] == path}


def opposite(sex: Sex) -> Sex:
    return "female" if sex == "male" else "male"


def _known(word: str) -> str:
    if word not in MEANINGS:
        raise ValueError(f"{word!r} is no kin term; there are: {', '.join(MEANINGS)}")
    return word


Term = Annotated[str, AfterValidator(_known)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class Kin(Value):
    """ "`subject` is the `term` of `object`." """

    subject: Name
    term: Term
    object: Name


class Is(Value):
    """ "`person` is a man" or "a woman"."""

    person: Name
    sex: Sex


Clue = Kin | Is


class Related(Value):
    """ "How is `subject` related to `object`?" The choices are kin terms."""

    subject: Name
    object: Name


class Who(Value):
    """ "Who is the `term` of `object`?" The choices are names."""

    term: Term
    object: Name


class KinConventions(Conventions):
    """Open points; see conventions/blood_relations.yaml."""

    parents: Literal["unmarried", "married"] = "unmarried"


class KinProblem(Problem):
    """Clues, a query, and the choices: terms or names, whichever the query asks for."""

    clues: tuple[Clue, ...] = Field(max_length=200)
    query: Related | Who
    choices: tuple[str, ...] = Field(max_length=len(LETTERS))
    conventions: KinConventions = KinConventions()

    @model_validator(mode="after")
    def _choices_fit_the_query(self) -> "KinProblem":
        self.claims()
        return self

    @property
    def exclusive(self) -> bool:
        """Somebody's uncle may well be his father-in-law too: what could hold besides spoils no answer."""
        return False

    def claims(self) -> tuple[Kin, ...]:
        """What each choice says."""
        match self.query:
            case Related(subject=subject, object=object_):
                return tuple(Kin(subject=subject, term=choice, object=object_) for choice in self.choices)
            case Who(term=term, object=object_):
                return tuple(Kin(subject=choice, term=term, object=object_) for choice in self.choices)

    def people(self) -> tuple[str, ...]:
        """Every name, in the order of mention."""
        names: dict[str, None] = {}
        for clue in self.clues:
            names.update(dict.fromkeys((clue.subject, clue.object) if isinstance(clue, Kin) else (clue.person,)))
        asked = (self.query.subject, self.query.object) if isinstance(self.query, Related) else (self.query.object,)
        names.update(dict.fromkeys((*asked, *(claim.subject for claim in self.claims()))))
        return tuple(names)
