"""The English of family puzzles as the setter writes it: one table of sentence forms, all covered by the grammar.

In a form, {s} is the term of {o}: `{t}` stands for the term, `{a}` for the term with its article, names for names.
"""

import random

from stumper.puzzles._kin_language import Clue, Is, Kin, KinProblem, Query, Related, Sex, Who

KIN_FORMS = (
    "{s} is {o}'s {t}",
    "{s} is the {t} of {o}",
    "{o}'s {t} is {s}",
    "the {t} of {o} is {s}",
    "{o}'s {t} is called {s}",
    "{o}'s {t} is named {s}",
    "the {t} of {o} is called {s}",
    "the name of {o}'s {t} is {s}",
    "{s} is the name of {o}'s {t}",
    "{s} is {t} to {o}",
    "{o} calls {s} {t}",
    "it is {s} who is {o}'s {t}",
    "to {o}, {s} is the {t}",
    "the person called {s} is {o}'s {t}",
)

SEVERAL_FORMS = (
    "{s} is {a} of {o}",
    "{s} is {a} to {o}",
    "{a} of {o} is {s}",
    "{o} has {a} called {s}",
    "{o} has {a} named {s}",
    "{o} has {a} whose name is {s}",
    "{o} has {a}, {s}",
    "{o} has {s} as {a}",
    "one {t} of {o} is {s}",
    "among the relatives of {o} is {s}, {a}",
)
"""For what one may have several of: "a father of Bo" is no English."""

ONLY_ONE = ("father", "mother", "husband", "wife", "spouse", "father-in-law", "mother-in-law")

TERM_FORMS: dict[str, tuple[str, ...]] = {
    "father": ("{s} fathered {o}",),
    "mother": ("{s} gave birth to {o}", "{o} was born to {s}, {o}'s mother"),
    "parent": ("{s} is one of {o}'s parents", "one of {o}'s parents is {s}"),
    "child": ("{s} is one of {o}'s children", "one of {o}'s children is {s}"),
    "son": ("{s} is one of {o}'s sons",),
    "daughter": ("{s} is one of {o}'s daughters",),
    "sibling": ("{s} and {o} are siblings", "{s} is one of {o}'s siblings"),
    "brother": ("{s} is one of {o}'s brothers",),
    "sister": ("{s} is one of {o}'s sisters",),
    "cousin": ("{s} and {o} are cousins", "{s} is one of {o}'s cousins"),
    "spouse": ("{s} is married to {o}", "{s} and {o} are married", "{s} and {o} are spouses"),
    "husband": ("{s} is the man to whom {o} is married",),
    "wife": ("{s} is the woman to whom {o} is married",),
}

SEX_FORMS: dict[Sex, tuple[str, ...]] = {
    "male": ("{s} is a man", "{s} is male", "{s} is a male person"),
    "female": ("{s} is a woman", "{s} is female", "{s} is a female person"),
}

RELATED_FORMS = (
    "how is {s} related to {o}",
    "what is {s} to {o}",
    "what relation is {s} to {o}",
    "what is {s}'s relation to {o}",
    "what is the relation of {s} to {o}",
    "in what way is {s} related to {o}",
    "which word says what {s} is to {o}",
    "who is {s} to {o}",
    "what does {o} call {s}",
    "what must {s} be to {o}",
    "what kin is {s} to {o}",
)

WHO_FORMS = (
    "who is {o}'s {t}",
    "who is the {t} of {o}",
    "who is {a} of {o}",
    "which person is {o}'s {t}",
    "which person is {a} of {o}",
    "who must be {o}'s {t}",
    "which of them is {o}'s {t}",
    "what is the name of {o}'s {t}",
    "what is {o}'s {t} called",
    "whom does {o} call {a}",
    "who is {a} to {o}",
    "which name belongs to {o}'s {t}",
)

CHOICE_FORMS = ("{t}", "{a}", "the {t}", "{o}'s {t}", "the {t} of {o}", "{s} is {o}'s {t}")

JOINTS = ("; ", ", and ", ", while ")


def article(term: str) -> str:
    return f"an {term}" if term[0] in "aeiou" else f"a {term}"


def write_stem(problem: KinProblem, rng: random.Random) -> str:
    """The clues in order, and the question: of the kinds that the setter sets (`Kin`, `Is`; `Related`, `Who`)."""
    text = ""
    joint = ". "
    for clue in problem.clues:
        said = _write_clue(clue, rng)
        joint = rng.choice(JOINTS) if text and joint == ". " and rng.random() < 0.4 else ". "
        text += joint + (_capital(said) if joint == ". " else said)
    return f"{text.removeprefix('. ')}. {_capital(_write_query(problem.query, rng))}?"


def write_choices(problem: KinProblem, rng: random.Random) -> tuple[str, ...]:
    """The choices, all in one form."""
    if isinstance(problem.query, Who):
        return tuple(choice for choice in problem.choices if isinstance(choice, str))
    form = rng.choice(CHOICE_FORMS)
    capital = rng.random() < 0.5
    said = [fill(form, claim) for claim in problem.claims() if isinstance(claim, Kin)]
    return tuple(_capital(text) if capital else text for text in said)


def fill(form: str, kin: Kin) -> str:
    return form.format(s=kin.subject, o=kin.object, t=kin.term, a=article(kin.term))


def _write_clue(clue: Clue, rng: random.Random) -> str:
    if isinstance(clue, Is):
        return rng.choice(SEX_FORMS[clue.sex]).format(s=clue.person)
    if not isinstance(clue, Kin):
        raise TypeError(f"the setter has no words for {clue!r}")
    several = () if clue.term in ONLY_ONE else SEVERAL_FORMS
    return fill(rng.choice((*KIN_FORMS, *several, *TERM_FORMS.get(clue.term, ()))), clue)


def _write_query(query: Query, rng: random.Random) -> str:
    if isinstance(query, Related):
        return rng.choice(RELATED_FORMS).format(s=query.subject, o=query.object)
    if not isinstance(query, Who):
        raise TypeError(f"the setter has no words for {query!r}")
    forms = [form for form in WHO_FORMS if "{a}" not in form or query.term not in ONLY_ONE]
    return rng.choice(forms).format(o=query.object, t=query.term, a=article(query.term))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def plain(clue: Clue) -> str:
    """The clue in its plainest form; of the kinds that the setter sets."""
    match clue:
        case Kin():
            return fill(KIN_FORMS[0], clue)
        case Is(person=person, sex=sex):
            return SEX_FORMS[sex][0].format(s=person)
    raise TypeError(f"the setter has no words for {clue!r}")
