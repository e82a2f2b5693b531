"""The grammar of family puzzles, and what its trees say before anybody is identified."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

from lark import Token, Transformer, v_args
from lark.exceptions import VisitError

from stumper.puzzles._grammar import Words, parses
from stumper.puzzles._kin_language import MEANINGS, OF, OR, Sex
from stumper.puzzles._kin_words import NUMBERS, SEXES, SINGULARS, TERMS

GRAMMAR = r"""
?start: told | asked | phrase
told: _opening? (home "COMMA")? clause (_joint clause)* | home
    | "IF" clause ("AND" "THAT"? clause)*
_joint: "COMMA" | "COMMA"? ("AND" | "BUT" | "WHILE" | "WHEREAS") ("ALSO" | "THAT")?
_opening: "AND" | "ALSO" | "SO" | "IT" "BE" "GIVEN" "THAT" | "GIVEN" "THAT"

?clause: subject _vps                                         -> one
       | group plural                                         -> several
       | group "ARE" NUMBER TERMS                             -> so_many
       | i "THEYHAVE" items                                   -> one
       | "IT" "BE" person "WHO" vp                            -> one
       | chain "POSS" TERMS "ARE" names                       -> whose_are
       | possessive TERMS "ARE" names                         -> whose_are
       | "THE" TERMS "OF" owners "ARE" names                  -> are_whose
       | i "ARE" pred                                         -> one
       | "TO" person "COMMA" person "BE" "THE" TERM           -> to_whom
       | "AMONG" "THE" "MEMBER" "OF" person "BE" person "COMMA" "A" TERM    -> to_whom
       | "ONE" TERM "OF" person "BE" person                   -> one_of
       | "ONE" "OF" person "POSS" TERMS "BE" person           -> one_of_many
       | "ONE" "OF" "THE" TERMS "OF" person "BE" person       -> one_of_the
       | "MAKING" object person                               -> making
       | person "COMMA"? (INTRODUCE | DESCRIBE) object "AS" pred    -> introduces
       | "THERE" ("ARE" | "BE") (NUMBER | ONE) "MARRIED"? (COUPLES | COUPLE) _in?     -> counted
       | "THERE" ("ARE" | "BE") (NUMBER | ONE) (SEXES | SEX "MEMBER") _in?      -> counted
       | MY "NAMING" "BE" NAME                                -> me
       | "NOBODY" "ELSE" _among_them? "BE" pred               -> nobody_else
       | ("THE"? | NUMBER) TERMS "COMMA"? names "COMMA"? plural    -> several_who_are
home: ("IN" | "AMONG") "A" "FAMILY" "OF" NUMBER "MEMBER"? _listed? names?           -> family
    | "THERE" "BE" "A" "FAMILY" "OF" NUMBER "MEMBER"? _listed? names?  -> family
    | NUMBER "MEMBER" ("OF" ("A" | "THE") "FAMILY")? _listed? names "COMMA"? _live? -> family
    | names "COMMA"? _live                                    -> family_of
    | "AMONG" "THE"? NUMBER "MEMBER"                           -> family
    | "A" "FAMILY" ("HAVE" | "CONSISTS" "OF") NUMBER "MEMBER"  -> family
    | "THERE" "ARE" NUMBER "MEMBER" _in? (_listed names)?      -> family
    | names "ARE" ("THE"? NUMBER)? "MEMBER" ("OF" | "IN") ("A" | "THE" | "ONE") "FAMILY"        -> family_of
    | "A" "FAMILY" ("HAVE" | "CONSISTS" "OF") NUMBER "MEMBER" _listed? names  -> family
    | "A" "FAMILY" "CONSISTS" "OF" names                      -> family_of
_live: TOGETHER | BELONG ("THE" | "A")? "FAMILY" | "ARE" "MEMBER"? ("OF" | "IN") ("THE" | "A") "FAMILY"
_in: "IN" ("THE" | "A") "FAMILY"
_vps: vp (("COMMA"? "AND" | "COMMA"? "BUT") vp)*
rel: _vps

// People. Only a chain of names takes 's: "the son of Ann's brother" is Ann's brother's son.
?person: chain
       | the
       | poss _called                                         -> called
       | the _called                                          -> called
?chain: NAME                                                  -> name
      | noun
      | HE                                                    -> pronoun
      | SHE                                                   -> pronoun
      | THEY                                                  -> pronoun
      | I                                                     -> pronoun
      | HER                                                   -> pronoun
      | poss
poss: chain "POSS" term                                       -> of
    | possessive term                                         -> of
?the: ("THE" term | bare) "OF" owners                         -> of_all
bare: ONLY TERM                                               -> term
?possessive: (HIS | HER | THEIR | MY)                         -> pronoun
noun: "THE" (MAN | WOMAN | PERSON | PROFESSION)               -> the_noun
    | ("THIS" | "THAT") (MAN | WOMAN | PERSON | PROFESSION)   -> that_noun
    | "THE" SPEAKER                                           -> the_noun
    | "A" (MAN | WOMAN | PERSON)                              -> a_noun
term: (ONLY | OLDER)* TERM
_called: "COMMA" NAME | "NAMED" NAME | NAME

?subject: person
       | poss "COMMA" NAME "COMMA"                            -> called
       | the "COMMA" NAME "COMMA"                             -> called
       | person "COMMA" "WHO" rel "COMMA"                     -> with_rel
       | person "WHO" rel                                     -> with_rel
       | person "COMMA" whose "COMMA"                         -> with_rel
       | person "COMMA" apposed "COMMA"                       -> with_rel
       | "A" term "OF" owners                                 -> an_of
       | "THE" "NAMING" "OF" person                             -> same
       | chain "POSS" "NAMING"                                  -> same
       | "THE" PERSON "NAMED" NAME                            -> noun_named
       | "A" (MAN | WOMAN | PERSON) "NAMED" NAME              -> noun_named
       | person "COMMA" _apposed_fact "COMMA"                 -> with_rel
?object: person
       | "A" (MAN | WOMAN | PERSON) ("NAMED" | "COMMA" "NAMED"?) NAME         -> noun_named
       | person "COMMA" _apposed_fact                         -> with_rel
       | "A" (MAN | WOMAN | PERSON) "NAMED" NAME "COMMA"? "WHO" rel           -> noun_named_rel
       | person "COMMA"? "WHO" rel                            -> with_rel
       | person "COMMA"? whose                                -> with_rel
       | person "COMMA" apposed                               -> with_rel
_apposed_fact: fact
fact: "A" (MAN | WOMAN)                                       -> is_sex
    | "A"? SEX                                                -> is_sex
    | ONLYCHILD                                               -> has_none
    | "THE" PROFESSION                                        -> is_the_profession
    | "A" PROFESSION                                          -> is_a_profession
whose: "WHOSE" term named? _vps (("COMMA"? "AND") whose)?
     | "WHOSE" TERM (HE | SHE) "BE"                           -> whose_own
apposed: "THE" term "OF" person                               -> apposed
       | "A" term "OF" person                                 -> apposed
       | chain "POSS" term                                    -> apposed_poss
       | possessive term                                      -> apposed_poss
owners: object | chain ("COMMA" chain)* "COMMA"? "AND" chain
group: "BOTH"? person ("COMMA" person)* "COMMA"? "AND" person
     | THEY                                                   -> pronouns
     | "BOTH" "OF" THEY                                       -> pronouns
     | "THE" "MARRIED"? "COUPLE"                              -> couple
names: NAME (("COMMA" NAME)* "COMMA"? "AND" NAME)?

?vp: "ALSO"? "BE" "ALSO"? pred (("COMMA"? "AND" "ALSO"? | "COMMA"? "BUT") pred)* "ALSO"?       -> all
   | "HAVE" items
   | SIRE owners                                              -> sires
   | BORN owners                                              -> born
   | "CALL" person TERM                                       -> calls
   | ("MARRY" | "MARRIED") object                             -> is_married
   | "WAS" pred                                               -> was
   | "HAD" items                                              -> was
   | LIVE                                                     -> idle
?pred: "THE"? term "OF" owners                                -> is_of
     | "A" term ("OF" | "TO") owners                          -> is_of
     | "THE"? term "TO" owners                                -> is_of
     | chain "POSS" term                                      -> is_poss
     | possessive term                                        -> is_poss
     | chain "POSS" term _called                              -> is_poss_called
     | "ONE" "OF" person "POSS" TERMS                         -> is_one_of
     | "ONE" "OF" "THE" TERMS "OF" object                     -> is_one_of_the
     | "THE" "NAMING" "OF" poss                                 -> is_name_of
     | "THE" "NAMING" "OF" the                                  -> is_name_of
     | "MARRIED" "TO" object                                  -> is_married
     | "THE" (MAN | WOMAN) "TO" "WHOM" person "BE" "MARRIED"  -> is_whom
     | OLDER "THAN" object                                    -> is_older
     | "A"? SEX "PERSON"?                                       -> is_sex
     | "A" (MAN | WOMAN)                                      -> is_sex
     | "A" (MAN | WOMAN) "WHO" vp                             -> is_sex_who
     | "A" (MAN | WOMAN) whose                                -> is_sex_who
     | ("A" | "THE") TERM "OF" number (TERM | TERMS) (_listed names)?         -> is_parent_of
     | "THE" term "WHO"? chain ("HAVE" | "HAD")               -> is_poss_back
     | "THE" PROFESSION                                       -> is_the_profession
     | "A" PROFESSION                                         -> is_a_profession
     | "NAMED"? NAME                                          -> is_named
     | "NAMED"? NAME "COMMA" ("WHO" rel | whose | apposed)    -> is_named_and
     | "A" (MAN | WOMAN) ("NAMED" | "COMMA") NAME             -> is_sex_named
     | SINGLE                                                 -> has_none
     | CHILDLESS                                              -> has_none
     | ONLYCHILD                                              -> has_none

items: item (("COMMA"? "AND" | "COMMA") item)*                -> all
i: I                                                          -> pronoun
item: "A" term named? _rel?                                   -> has_one
    | "A" (MAN | WOMAN) named? _rel?                          -> has_young
    | "A" term apposed_to                                     -> has_one
    | ONLY? ONE term named _rel                               -> has_one_of
    | number TERMS ("COLON" | "COMMA") item (("COMMA"? "AND" | "COMMA") item)+    -> has_them
    | person "AS" "A" TERM                                    -> has_as
    | number (TERM | TERMS) (_listed names)?                  -> has_many
    | TERMS "NAMED" names                                     -> has_named
    | "A" PET                                                 -> idle
    | NUMBER (TERM | TERMS) "OR" (TERM | TERMS)               -> has_neither
apposed_to: "COMMA" apposed                                   -> same
named: _called | "COMMA"? "WHOSE" "NAMING" "BE" NAME
_listed: "NAMED" | "COMMA" "NAMED"? | "COLON"
_rel: "COMMA"? "WHO" rel | "COMMA"? whose | reduced | "COMMA" apposed
reduced: "COMMA"? "MARRIED" "TO" object
number: ONLY? (NUMBER | ONE)

plural: "ARE" "BOTH"? TERMS "EACHOTHER"?                       -> are
      | "WED"                                                  -> are_married
      | "ARE" "MARRIED" ("TO" "EACHOTHER")?                    -> are_married
      | "ARE" "A" "MARRIED"? "COUPLE"                          -> are_married
      | "ARE" "BOTH"? "THE"? TERMS "OF" owners                 -> are_of
      | "ARE" "BOTH"? person "POSS" TERMS                      -> are_of
      | "ARE" "BOTH"? possessive TERMS                         -> are_of
      | "ARE" "BOTH"? SEX                                      -> are_sex
      | "ARE" "THE"? TERM "AND" TERM "OF" owners resp?         -> are_in_turn
      | "ARE" person "POSS" TERM "AND" TERM resp?              -> are_in_turn_poss
      | "ARE" "THE"? TERM "AND" TERM                           -> are_each
      | "THEYHAVE" items        -> have
      | "EACH" "THEYHAVE" items -> have_each
      | "THEYHAVE" items "EACH" -> have_each
resp: "COMMA"? "RESPECTIVELY"                                 -> respectively

asked: ((_opening | "IF")? (home "COMMA")? clause (_joint clause)* _so)? _before* question
     | question "COMMA"? ("IF" | "GIVEN" "THAT") clause ("COMMA"? "AND" "THAT"? clause)*    -> asked_if
_before: "SO" | "THEN" | "NOW" | "COMMA"
_so: "COMMA" | "COMMA"? "AND"
?question: "HOW" "BE" object "RELATED" "TO" object            -> related
         | "IN" "WHAT" "WAY" "BE" object "RELATED" "TO" object                -> related
         | _what "RELATION" "BE" object ("TO" | "OF") object   -> related
         | _what "RELATION" "DOES" object ("THEYHAVE" | "BEAR") ("TO" | "WITH") object     -> related
         | _what_word "BE" object "TO" object                 -> related
         | "HOW" ("WOULD" | "MUST") object "TOBE" "RELATED" "TO" object  -> related
         | _what "RELATION" "TO" object "BE" object           -> related_back
         | _describe "THE" "RELATION" "OF" object ("TO" | "WITH") object      -> related
         | _describe chain "POSS" "RELATION" ("TO" | "WITH") object           -> related
         | _describe "THE" "RELATION" "BETWEEN" object "AND" object           -> between
         | _what_word "WOULD" object "TOBE" "TO" object       -> related
         | _what_word DESCRIBE chain "POSS" "RELATION" ("TO" | "WITH") object     -> related
         | _what_word DESCRIBE "THE" "RELATION" "OF" object ("TO" | "WITH") object     -> related
         | _what_word DESCRIBE "HOW" object "BE" "RELATED" "TO" object          -> related
         | _what_word DESCRIBE "WHAT" object "BE" "TO" object    -> related
         | _what_word DESCRIBE object "AS"? "SEEN" "BY" object   -> related
         | _what_word "BE" object "AS"? "SEEN" "BY" object       -> related
         | _what_word DESCRIBE "THE" "RELATION" "BETWEEN" object "AND" object    -> between
         | "WHAT" "MUST" object "TOBE" "TO" object            -> related
         | "WHO" "BE" object "TO" object                      -> related
         | ("WHAT" | "WHICH" _of) "BE" chain "POSS" "RELATION" ("TO" | "WITH") object         -> related
         | "WHICH" _of "BE" "THE" "RELATION" "OF" object ("TO" | "WITH") object    -> related
         | object "BE" ("WHO" | "WHAT") "TO" object           -> related
         | "WHAT" "BE" "THE" "RELATION" "OF" object ("TO" | "WITH") object    -> related
         | "WHAT" "KIN" "BE" object "TO" object               -> related
         | "WHICH" "WORD" "SAYS" "WHAT" object "BE" "TO" object               -> related
         | _find "HOW" object "BE" "RELATED" "TO" object                -> related
         | object "BE" chain "POSS" ("WHAT" | "BLANK")          -> related
         | object "AND" object "ARE" "SO"? "BLANK"            -> between
         | object ("BE" | ("WOULD" | "MUST") "TOBE") _hence? chain "POSS" "BLANK"          -> related
         | object "BE" possessive "BLANK"                       -> related
         | object ("BE" | "WOULD" "TOBE") ("THE" | "A") "BLANK" ("OF" | "TO") object          -> related
         | "WHAT" "DOES" object "CALL" object                 -> related_back
         | "WHAT" "OF" object "BE" object                     -> related_back
         | ("WHAT" "BE" | _find) "THE" "RELATION" "BETWEEN" object "AND" object    -> between
         | _find "THE" "RELATION" "OF" object ("TO" | "WITH") object          -> related
         | _find chain "POSS" "RELATION" ("TO" | "WITH") object               -> related
         | _find "WHAT" object "BE" "TO" object               -> related
         | "WHAT" "ARE" object "AND" object "TO" "EACHOTHER"  -> between
         | "HOW" "ARE" object "AND" object "RELATED" ("TO" "EACHOTHER")?       -> between
         | _whoever chain "POSS" term                         -> who
         | _whoever ("THE" | "A") term ("OF" | "TO") object   -> who_of
         | _whoever "A" term "TO" object                      -> who_of
         | "WHAT" "BE" "THE" "NAMING" "OF" chain "POSS" term    -> who
         | "WHAT" "BE" chain "POSS" term "NAMED"              -> who
         | "WHOM" "DOES" chain "CALL" "A" term                -> who
         | "WHICH" "NAMING" "BELONGS" "TO" chain "POSS" term    -> who
         | "HOW" "MANY" TERMS ("DOES" object "THEYHAVE" | "HAVE" object)          -> how_many
         | "HOW" "MANY" _of_them "ARE" SEX                    -> how_many_are
         | "HOW" "MANY" SEXES _in_the_family                  -> how_many_members
         | "HOW" "MANY" SEX "MEMBER"? _in_the_family          -> how_many_members
         | "HOW" "MANY" "MARRIED"? COUPLES _in_the_family     -> how_many_members
         | "WHAT" "BE" "THE" "GENDER" "OF" object             -> which_sex
         | _whoever "A"? SEX "PERSON"?                          -> who_of_sex
         | _whoever "A" (MAN | WOMAN)                         -> who_of_sex
         | _whoever "THE" PROFESSION                          -> who_is
         | "WHICH" _of "STATEMENT"? truth                     -> which
         | "WHICH" "STATEMENT" truth                          -> which
_find: "DETERMINE" I? | "NAMING"
_describe: "HOW" ("WOULD" | "DOES" | "CAN" | "MAY") I "DEPICT"
_hence: "SO" | "ALSO"
_of_them: "OF" ("THE" NUMBER | "THE" NUMBER? "MEMBER" _in? | "THEY" | "THESE") | "MEMBER" _in?
_what: "WHAT" | "WHICH"
_what_word: "WHAT" "WORD"? | "WHICH" "WORD" | "WHICH" _of "WORD"?
_among_them: "AMONG" ("THE" NUMBER | "THE" "MEMBER" | "THEY") | "OF" "THE" NUMBER | "IN" "THE" "FAMILY"
_of: "ONE"? "OF" "THE" "FOLLOWING" | "OF" ("THESE" | "THEY")
_whoever: ("WHO" _among? | "WHICH" "PERSON" | "WHICH" _of) ("BE" | "MUST" "TOBE")
_among: ("AMONG" | "OF") ("THE" "FOLLOWING" | "THESE" | "THEY")
_in_the_family: "ARE" "THERE" ("IN" "THE" "FAMILY")? | "IN" "THE" "FAMILY"
truth: ("BE" | "MUST" "TOBE" | "HAVE" "TO" "TOBE") _surely? (TRUE | FALSE)           -> truth
     | ("CAN" | "MAY") "TOBE" (TRUE | FALSE)                    -> possibility
     | "CANNOT" "TOBE" (TRUE | FALSE)                           -> untruth
_surely: "SURELY"

phrase: "CHOICE" _article? kin ("OR" _article? kin)*          -> a_phrase
      | "CHOICE" chain "POSS" kin                             -> a_phrase_poss
      | "CHOICE" "THE" TERM "OF" person                       -> a_phrase_of
_article: "THE" | "A"
kin: TERM ("POSS" TERM)*
%declare NAME TERM TERMS MAN WOMAN PERSON PROFESSION SEX NUMBER ONE ONLY OLDER HE SHE THEY I HIS HER THEIR MY
%declare COUPLE TOGETHER BELONG SINGLE CHILDLESS ONLYCHILD
%declare SPEAKER INTRODUCE DESCRIBE SEXES LIVE PET SIRE BORN TRUE FALSE COUPLES
"""


# What a tree says of people. A person is a description to be resolved where it stands.


class Term(NamedTuple):
    word: str
    only: bool = False
    age: str = ""
    """"older", "younger" or empty."""


class Name(NamedTuple):
    word: str


class Pronoun(NamedTuple):
    word: str


class Thing(NamedTuple):
    """ "the man", "a woman", "the doctor", "a man named Jack"."""

    word: str
    sex: Sex | None
    new: bool = False
    name: str = ""
    that: bool = False


class Of(NamedTuple):
    """ "Ann's brother", "the son of Ann and Bob"; `new`: "a son of Ann"."""

    term: Term
    owners: "tuple[Person, ...]"
    new: bool = False


class Called(NamedTuple):
    """ "Ann's brother, Bob"."""

    person: "Person"
    name: str


class With(NamedTuple):
    """ "Ann, who is ..."."""

    person: "Person"
    said: "tuple[Said, ...]"


Person = Name | Pronoun | Thing | Of | Called | With


class IsKin(NamedTuple):
    term: Term
    owners: tuple[Person, ...]


class IsNamed(NamedTuple):
    name: str


class IsSex(NamedTuple):
    sex: Sex


class IsA(NamedTuple):
    profession: str
    new: bool = False
    """ "a doctor"."""


class IsOlder(NamedTuple):
    word: str
    than: Person


class Has(NamedTuple):
    """ "has two sons, Bob and Carl", "has a son who is ..."."""

    term: Term
    number: int | None = None
    names: tuple[str, ...] = ()
    said: "tuple[Said, ...]" = ()


class HasFor(NamedTuple):
    """ "calls Bob uncle", "has Bob as an uncle", "fathered Bob" the other way round."""

    term: str
    person: Person


class Begets(NamedTuple):
    term: str
    children: tuple[Person, ...]


class Whose(NamedTuple):
    """ "whose brother is ...", "whose brother Bob is ..."."""

    term: Term
    said: "tuple[Said, ...]"
    name: str = ""


Said = IsKin | IsNamed | IsSex | IsA | IsOlder | Has | HasFor | Begets | Whose


class One(NamedTuple):
    person: Person
    said: tuple[Said, ...]


class Several(NamedTuple):
    """Said of each of a group, of each and all others ("siblings"), or of each in turn ("respectively")."""

    people: tuple[Person, ...]
    how: Literal["each", "apart", "mutually", "once", "in turn"]
    said: tuple[Said, ...]


class NobodyElse(NamedTuple):
    """ "Nobody else is Ann's child"."""

    term: Term
    owners: tuple[Person, ...]


class Introduces(NamedTuple):
    """ "A woman introduces a man as her brother": what stands after "as" is said by her."""

    speaker: Person
    person: Person
    said: tuple[Said, ...]


class Counted(NamedTuple):
    """ "There are two couples in the family"."""

    of: str
    number: int


class Members(NamedTuple):
    number: int
    names: tuple[str, ...]


Clause = One | Several | Introduces | NobodyElse | Members | Counted


class Told(NamedTuple):
    clauses: tuple[Clause, ...]


class Asked(NamedTuple):
    clauses: tuple[Clause, ...]
    kind: str
    people: tuple[Person, ...] = ()
    word: str = ""


class Phrase(NamedTuple):
    text: str
    owner: Person | None = None


class Nonsense(Exception):
    """A reading that the grammar allows and nobody can mean: it is no second reading of the sentence."""


def readings(words: Words) -> tuple[Told | Asked | Phrase, ...]:
    """All that the grammar makes of the words, each once."""
    # Names are numbered as they occur, so that sentences of one form are parsed once whoever they are about.
    names = list(dict.fromkeys(word for kind, word in words if kind == "NAME"))
    form = tuple((kind, str(names.index(word)) if kind == "NAME" else word) for kind, word in words)
    meaning = _Meaning(names)
    found: dict[Told | Asked | Phrase, None] = {}
    for tree in parses(GRAMMAR, form):
        try:
            found[meaning.transform(tree)] = None
        except VisitError as error:
            if not isinstance(error.orig_exc, Nonsense):
                raise
    return tuple(found)


def _sex(token: Token) -> Sex | None:
    sexes: dict[str, Sex] = {"MAN": "male", "WOMAN": "female", "male": "male", "female": "female"}
    return sexes.get(token.value if token.type == "SEX" else token.type)


@v_args(inline=True)
class _Meaning(Transformer[Token, Any]):
    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self._names = names

    def NAME(self, token: Token) -> str:  # noqa: N802
        return self._names[int(token)]

    def told(self, *clauses: Clause) -> Told:
        return Told(tuple(_clauses(clauses)))

    # Clauses

    def one(self, person: Person, *said: tuple[Said, ...]) -> Clause:
        return One(person, _flat(said))

    def to_whom(self, owner: Person, person: Person, term: Token) -> Clause:
        return One(person, (IsKin(Term(str(term)), (owner,)),))

    def one_of(self, term: Token, owner: Person, person: Person) -> Clause:
        return One(person, (IsKin(Term(str(term)), (owner,)),))

    def one_of_many(self, owner: Person, terms: Token, person: Person) -> Clause:
        return One(person, (IsKin(Term(TERMS[terms]), (owner,)),))

    def whose_are(self, owner: Person, terms: Token, names: tuple[str, ...]) -> Clause:
        return self.are_whose(terms, (owner,), names)

    def are_whose(self, terms: Token, owners: tuple[Person, ...], names: tuple[str, ...]) -> Clause:
        if len(names) < 2:
            raise Nonsense("one said to be several")
        return Several(tuple(Name(name) for name in names), "each", (IsKin(Term(TERMS[terms]), owners),))

    def one_of_the(self, terms: Token, owner: Person, person: Person) -> Clause:
        return One(person, (IsKin(Term(TERMS[terms]), (owner,)),))

    def making(self, person: Person, kin: Person) -> Clause:
        if not isinstance(kin, Of):
            raise Nonsense("makes somebody what is no kin")
        return One(person, (IsKin(kin.term, kin.owners),))

    def counted(self, number: Token, word: Token) -> Clause:
        of = SEXES.get(word, "") if word.type == "SEXES" else str(word) if word.type == "SEX" else "couple"
        return Counted(of, NUMBERS.index(number))

    def me(self, word: Token, name: str) -> Clause:
        return One(Pronoun(str(word)), (IsNamed(name),))

    def introduces(self, speaker: Person, *found: Any) -> Clause:
        _, person, said = found
        return Introduces(speaker, person, said)

    def nobody_else(self, *found: Any) -> Clause:
        said = found[-1]
        if len(said) != 1 or not isinstance(said[0], IsKin):
            raise Nonsense("nobody else is what is no kin")
        return NobodyElse(said[0].term, said[0].owners)

    def several_who_are(self, *found: Any) -> tuple[Clause, ...]:
        *number, terms, names, said = found
        if len(names) < 2 or (number and NUMBERS.index(number[0]) != len(names)):
            raise Nonsense("not as many people as are said")
        people = tuple(Name(name) for name in names)
        return Several(people, "mutually", (IsKin(Term(TERMS[terms]), ()),)), Several(people, *said)

    def family(self, number: Token, names: tuple[str, ...] = (), *_: Token) -> Clause:
        return Members(NUMBERS.index(number), names)

    def family_of(self, names: tuple[str, ...], number: Token | None = None) -> Clause:
        listed = number is None or number.type != "NUMBER"
        return Members(len(names) if listed else NUMBERS.index(str(number)), names)

    def so_many(self, people: tuple[Person, ...], number: Token, terms: Token) -> Clause:
        if NUMBERS.index(number) != len(people):
            raise Nonsense("not as many people as are said")
        return Several(people, "mutually", (IsKin(Term(TERMS[terms]), ()),))

    def several(self, people: tuple[Person, ...], said: tuple[Any, tuple[Said, ...]]) -> Clause:
        return Several(people, *said)

    # People

    def name(self, word: str) -> Person:
        return Name(word)

    def pronoun(self, word: Token) -> Person:
        return Pronoun(str(word))

    def pronouns(self, word: Token) -> tuple[Person, ...]:
        return (Pronoun(str(word)),)

    def couple(self) -> tuple[Person, ...]:
        return (Pronoun("they"),)

    def of(self, owner: Person, term: Term) -> Person:
        return Of(term, (owner,))

    def of_all(self, term: Term, owners: tuple[Person, ...]) -> Person:
        return Of(term, owners)

    def an_of(self, term: Term, owners: tuple[Person, ...]) -> Person:
        return Of(term, owners, new=True)

    def the_noun(self, word: Token) -> Person:
        return Thing(str(word), _sex(word))

    def that_noun(self, word: Token) -> Person:
        return Thing(str(word), _sex(word), that=True)

    def a_noun(self, word: Token) -> Person:
        return Thing(str(word), _sex(word), new=True)

    def noun_named(self, word: Token, name: str) -> Person:
        return Thing(str(word), _sex(word), new=True, name=name)

    def noun_named_rel(self, word: Token, name: str, said: tuple[Said, ...]) -> Person:
        return With(self.noun_named(word, name), said)

    def term(self, *words: Token) -> Term:
        *before, term = words
        ages = {str(w) for w in before if w.type == "OLDER"}
        if len(ages) > 1 or len(before) > 2:
            raise Nonsense("said twice of one")
        age = "" if not ages else "younger" if ages == {"younger"} else "older"
        return Term(SINGULARS[term], any(w.type == "ONLY" for w in before), age)

    def called(self, person: Person, name: str) -> Person:
        return Called(person, name)

    def same(self, person: Person) -> Person:
        return person

    def fact(self, said: tuple[Said, ...]) -> tuple[Said, ...]:
        return said

    def whose_own(self, term: Token, person: Token) -> tuple[Said, ...]:
        return (HasFor(str(SINGULARS[term]), Pronoun(str(person))),)

    def idle(self, *_: Token) -> tuple[Said, ...]:
        return ()

    def is_sex_who(self, word: Token, said: tuple[Said, ...]) -> tuple[Said, ...]:
        return (*self.is_sex(word), *said)

    def with_rel(self, person: Person, said: tuple[Said, ...]) -> Person:
        return With(person, said)

    def whose(self, term: Term, *found: Any) -> tuple[Said, ...]:
        more = tuple(f for f in found if isinstance(f, tuple) and f and isinstance(f[0], Whose))
        found = tuple(f for f in found if f not in more)
        name = "".join(f.name for f in found if isinstance(f, IsNamed))
        return (Whose(term, _flat(f for f in found if not isinstance(f, IsNamed)), name), *_flat(more))

    def apposed(self, term: Term, owner: Person) -> tuple[Said, ...]:
        return (IsKin(term, (owner,)),)

    def apposed_poss(self, owner: Person, term: Term) -> tuple[Said, ...]:
        return (IsKin(term, (owner,)),)

    def owners(self, *people: Person) -> tuple[Person, ...]:
        return people

    def group(self, *people: Person) -> tuple[Person, ...]:
        return people

    def names(self, *names: str) -> tuple[str, ...]:
        return names

    # What is said of one

    def rel(self, *said: tuple[Said, ...]) -> tuple[Said, ...]:
        return _flat(said)

    def all(self, *said: tuple[Said, ...]) -> tuple[Said, ...]:
        return _flat(said)

    def is_of(self, term: Term, owners: tuple[Person, ...]) -> tuple[Said, ...]:
        return (IsKin(term, owners),)

    def is_poss(self, owner: Person, term: Term) -> tuple[Said, ...]:
        return (IsKin(term, (owner,)),)

    def is_poss_called(self, owner: Person, term: Term, name: str) -> tuple[Said, ...]:
        return (IsKin(term, (owner,)), IsNamed(name))

    def is_poss_back(self, term: Term, owner: Person) -> tuple[Said, ...]:
        return self.is_poss(owner, term)

    def is_parent_of(self, term: Token, *found: Any) -> tuple[Said, ...]:
        sexes: dict[str, Sex | None] = {"father": "male", "mother": "female", "parent": None}
        if SINGULARS[term] not in sexes:
            raise Nonsense("is to nobody")
        said = self.has_many(*found)
        if not all(isinstance(part, Has) and part.term.word in ("son", "daughter", "child") for part in said):
            raise Nonsense("is no parent of them")
        sex = sexes[SINGULARS[term]]
        return said if sex is None else (IsSex(sex), *said)

    def is_one_of(self, owner: Person, terms: Token) -> tuple[Said, ...]:
        return (IsKin(Term(TERMS[terms]), (owner,)),)

    def is_one_of_the(self, terms: Token, owner: Person) -> tuple[Said, ...]:
        return self.is_one_of(owner, terms)

    def is_name_of(self, person: Of) -> tuple[Said, ...]:
        return (IsKin(person.term, person.owners),)

    def is_married(self, person: Person) -> tuple[Said, ...]:
        return (IsKin(Term("spouse"), (person,)),)

    def is_whom(self, word: Token, person: Person) -> tuple[Said, ...]:
        return (IsKin(Term("husband" if word.type == "MAN" else "wife"), (person,)),)

    def is_older(self, word: Token, person: Person) -> tuple[Said, ...]:
        return (IsOlder("younger" if word == "younger" else "older", person),)

    def is_sex(self, word: Token) -> tuple[Said, ...]:
        sex = _sex(word)
        assert sex is not None
        return (IsSex(sex),)

    def is_the_profession(self, word: Token) -> tuple[Said, ...]:
        return (IsA(str(word)),)

    def is_a_profession(self, word: Token) -> tuple[Said, ...]:
        return (IsA(str(word), new=True),)

    def is_named(self, name: str) -> tuple[Said, ...]:
        return (IsNamed(name),)

    def has_none(self, word: Token) -> tuple[Said, ...]:
        terms = {"SINGLE": ("spouse",), "CHILDLESS": ("child",), "ONLYCHILD": ("sibling", "half-sibling")}
        return tuple(Has(Term(term), 0) for term in terms[word.type])

    def was(self, said: tuple[Said, ...]) -> tuple[Said, ...]:
        """What was is, of kin by blood and of a sex."""
        for part in said:
            if isinstance(part, IsSex):
                continue
            if not isinstance(part, IsKin | Has) or part.term.only or (isinstance(part, Has) and not part.names):
                raise Nonsense("may be otherwise now")
            if any("spouse" in path for path in MEANINGS[part.term.word].paths):
                raise Nonsense("may be no more")
        return said

    def is_named_and(self, name: str, said: tuple[Said, ...]) -> tuple[Said, ...]:
        return (IsNamed(name), *said)

    def is_sex_named(self, word: Token, name: str) -> tuple[Said, ...]:
        return (IsNamed(name), *self.is_sex(word))

    def sires(self, word: Token, owners: tuple[Person, ...]) -> tuple[Said, ...]:
        return (Begets("father" if word == "fathered" else "mother", owners),)

    def born(self, word: Token, owners: tuple[Person, ...]) -> tuple[Said, ...]:
        term = {"fathered": "father", "borne": "mother"}.get(word, "parent")
        return tuple(HasFor(term, owner) for owner in owners)

    def calls(self, person: Person, term: Token) -> tuple[Said, ...]:
        return (HasFor(str(term), person),)

    def has_as(self, person: Person, term: Token) -> tuple[Said, ...]:
        return (HasFor(str(term), person),)

    def named(self, name: str) -> IsNamed:
        return IsNamed(name)

    def reduced(self, person: Person) -> tuple[Said, ...]:
        return self.is_married(person)

    def has_one(self, term: Term, *found: Any) -> tuple[Said, ...]:
        names = tuple(f.name for f in found if isinstance(f, IsNamed))
        return (Has(term, None, names, _flat(f for f in found if not isinstance(f, IsNamed))),)

    def has_young(self, word: Token, *found: Any) -> tuple[Said, ...]:
        young = {"boy": "son", "lad": "son", "girl": "daughter", "lass": "daughter"}
        if word not in young:
            raise Nonsense("is no child")
        return self.has_one(Term(young[word]), *found)

    def has_one_of(self, *found: Any) -> tuple[Said, ...]:
        only = any(isinstance(f, Token) and f.type == "ONLY" for f in found)
        term, *more = (f for f in found if not isinstance(f, Token))
        return (Has(Term(term.word, only), 1), *self.has_one(term, *more))

    def has_them(self, number: tuple[int, bool], terms: Token, *items: tuple[Has, ...]) -> tuple[Said, ...]:
        many, only = number
        said = _flat(items)
        if not all(isinstance(part, Has) and (part.number is None or len(part.names) == part.number) for part in said):
            raise Nonsense("does not list them")
        if sum(part.number or 1 for part in said) != many or TERMS[terms] not in ("child", "sibling", "grandchild"):
            raise Nonsense("lists others")
        return (Has(Term(TERMS[terms], only), many), *said)

    def number(self, *words: Token) -> tuple[int, bool]:
        return NUMBERS.index(words[-1]), len(words) > 1

    def has_many(self, number: tuple[int, bool], term: Token, names: tuple[str, ...] = ()) -> tuple[Said, ...]:
        many, only = number
        if (term.type == "TERMS") != (many > 1) and many:
            raise Nonsense("number and noun do not go together")
        if names and len(names) != many:
            raise Nonsense(f"names {len(names)}, not {many}")
        word = TERMS[term] if term.type == "TERMS" else SINGULARS[term]
        return (Has(Term(word, only), many, names),)

    def has_neither(self, number: Token, *terms: Token) -> tuple[Said, ...]:
        if number != "no":
            raise Nonsense("so many of one kind or another")
        words = [TERMS[t] if t.type == "TERMS" else SINGULARS[t] for t in terms]
        return tuple(Has(Term(word), 0) for word in words)

    def has_named(self, terms: Token, names: tuple[str, ...]) -> tuple[Said, ...]:
        return (Has(Term(TERMS[terms]), None, names),)

    # What is said of several

    def are(self, terms: Token) -> tuple[str, tuple[Said, ...]]:
        return "mutually", (IsKin(Term(TERMS[terms]), ()),)

    def are_married(self) -> tuple[str, tuple[Said, ...]]:
        return "once", (IsKin(Term("spouse"), ()),)

    def are_of(self, *found: Any) -> tuple[str, tuple[Said, ...]]:
        terms, owner = found if isinstance(found[0], Token) else found[::-1]
        owners = owner if isinstance(owner, tuple) and not hasattr(owner, "_fields") else (owner,)
        return "each", (IsKin(Term(TERMS[terms]), owners),)

    def are_sex(self, word: Token) -> tuple[str, tuple[Said, ...]]:
        return "each", self.is_sex(word)

    def respectively(self) -> bool:
        return True

    def are_in_turn(
        self, one: Token, other: Token, owners: tuple[Person, ...], respectively: bool = False
    ) -> tuple[str, tuple[Said, ...]]:
        if respectively and len(owners) > 1:
            raise Nonsense("may be one of each, or both of both")
        return "in turn", (IsKin(Term(str(one)), owners), IsKin(Term(str(other)), owners))

    def are_in_turn_poss(self, owner: Person, one: Token, other: Token, *_: bool) -> tuple[str, tuple[Said, ...]]:
        return self.are_in_turn(one, other, (owner,))

    def are_each(self, one: Token, other: Token) -> tuple[str, tuple[Said, ...]]:
        return "in turn", (IsKin(Term(str(one)), ()), IsKin(Term(str(other)), ()))

    def have(self, said: tuple[Said, ...]) -> tuple[str, tuple[Said, ...]]:
        return "each", said

    def have_each(self, said: tuple[Said, ...]) -> tuple[str, tuple[Said, ...]]:
        return "apart", said

    # Questions

    def asked_if(self, question: Asked, *clauses: Clause) -> Asked:
        return question._replace(clauses=tuple(_clauses(clauses)))

    def asked(self, *found: Any) -> Asked:
        *clauses, question = found
        asked: Asked = question._replace(clauses=tuple(_clauses(clauses)))
        return asked

    def related(self, *people: Person) -> Asked:
        return Asked((), "related", tuple(p for p in people if not isinstance(p, Token)))

    def related_back(self, object_: Person, subject: Person) -> Asked:
        return Asked((), "related", (subject, object_))

    def between(self, *people: Person) -> Asked:
        return Asked((), "between", tuple(p for p in people if not isinstance(p, Token)))

    def who(self, owner: Person, term: Term) -> Asked:
        return Asked((), "who", (Of(term, (owner,)),))

    def who_of(self, term: Term, owner: Person) -> Asked:
        return self.who(owner, term)

    def how_many(self, terms: Token, owner: Person) -> Asked:
        return Asked((), "how many", (owner,), TERMS[terms])

    def how_many_members(self, word: Token) -> Asked:
        sexes = {"SEX": str(word), "SEXES": SEXES.get(word, "")}
        return Asked((), "how many members", (), sexes.get(word.type, "couple"))

    def how_many_are(self, *words: Token) -> Asked:
        return self.how_many_members(words[-1])

    def which_sex(self, person: Person) -> Asked:
        return Asked((), "which sex", (person,))

    def who_of_sex(self, word: Token) -> Asked:
        return Asked((), "who of sex", (), _sex(word) or "")

    def who_is(self, word: Token) -> Asked:
        return Asked((), "who is", (), str(word))

    def which(self, truth: str) -> Asked:
        return Asked((), "which", (), truth)

    def truth(self, word: Token) -> str:
        return "true" if word.type == "TRUE" else "false"

    def possibility(self, word: Token) -> str:
        if word.type == "FALSE":
            raise Nonsense("asks what may be false")
        return "possible"

    def untruth(self, word: Token) -> str:
        if word.type == "FALSE":
            raise Nonsense("asks what cannot be false")
        return "false"

    # Choices

    def kin(self, *terms: Token) -> str:
        return OF.join(SINGULARS[term] for term in terms)

    def a_phrase(self, *kin: str) -> Phrase:
        return Phrase(OR.join(kin))

    def a_phrase_poss(self, owner: Person, kin: str) -> Phrase:
        return Phrase(kin, owner)

    def a_phrase_of(self, term: Token, owner: Person) -> Phrase:
        return Phrase(SINGULARS[term], owner)


def _clauses(parts: Any) -> Iterator[Clause]:
    """The clauses, of which some come in twos."""
    for part in parts:
        if hasattr(part, "_fields"):
            yield part
        else:
            yield from part


def _flat(parts: Any) -> tuple[Any, ...]:
    return tuple(said for part in parts for said in part)
