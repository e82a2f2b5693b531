"""Who is meant: from what a sentence says to clues about people, in the light of the sentences before."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from stumper.puzzles import Unread
from stumper.puzzles._kin_grammar import (
    Begets,
    Called,
    Clause,
    Counted,
    Has,
    HasFor,
    Introduces,
    IsA,
    IsKin,
    IsNamed,
    IsOlder,
    IsSex,
    Members,
    Name,
    NobodyElse,
    Nonsense,
    Of,
    One,
    Person,
    Pronoun,
    Said,
    Several,
    Term,
    Thing,
    Whose,
    With,
)
from stumper.puzzles._kin_language import (
    MEANINGS,
    Clue,
    Count,
    Family,
    Is,
    Kin,
    Member,
    Older,
    Same,
    Sex,
    Tally,
    is_unnamed,
    opposite,
    walks,
)
from stumper.puzzles._kin_words import PROFESSIONS, TITLES

MUTUAL = frozenset(
    term
    for term in MEANINGS
    if MEANINGS[term].paths[0] in {("sibling",), ("half-sibling",), ("step-sibling",), ("spouse",)}
    or term.endswith("cousin")
    or term in ("brother-in-law", "sister-in-law", "sibling-in-law", "co-brother", "co-sister")
)
"""Said of several, they are this to one another: "Ann and Bob are siblings"."""

_PRONOUNS: dict[str, Sex] = {"he": "male", "him": "male", "his": "male", "she": "female", "her": "female"}
_TITLED = {"dr": "doctor", "prof": "professor"} | {word: word for word in PROFESSIONS if word in TITLES}
_PLURAL = ("they", "them", "their")
_BACK = {"husband": "wife", "wife": "husband"}


@dataclass
class Discourse:
    """What has been said so far.

    A description ("Ann's brother") means the one person whom the text has described so before, in these words, whether
    with a name ("Bob is Ann's brother") or without; and somebody new, who may be anybody, where there is none.
    """

    clues: list[Clue] = field(default_factory=list)
    mentioned: list[str] = field(default_factory=list)
    described: dict[tuple[str, tuple[str, ...]], list[str]] = field(default_factory=dict)
    """(term, whose) -> the people whom the text describes so."""
    things: dict[str, str] = field(default_factory=dict)
    """ "man" -> the man, "doctor" -> the doctor; empty where there are two."""
    couple: tuple[str, ...] = ()
    group: tuple[str, ...] = ()
    """Whom "they" may mean: the last two who are a couple, and those who were spoken of together after them."""
    undirected: bool = False
    """The question is of the relationship between two people: not of one to the other."""
    speaker: str = ""
    listener: str = ""
    shown: str = ""
    """Of a speech: who says "I", whom "you" means, and of whom is spoken."""
    told: bool = False
    """Nobody speaks in the text: whoever tells it is "I", and whoever reads it "you"."""
    introducer: str = ""
    """Whom a pronoun means in what somebody is introduced as."""
    size: int = 0
    """Of a family whose members are not listed: everybody who has a name, when all is said."""

    def copy(self) -> "Discourse":
        return replace(
            self,
            clues=[*self.clues],
            mentioned=[*self.mentioned],
            described={key: [*people] for key, people in self.described.items()},
            things=dict(self.things),
        )

    def tell(self, clause: Clause) -> None:
        """Adds the clues of a clause. Raises Unread with what cannot be known of whom."""
        match clause:
            case Members(number=number, names=()):
                if self.size or self.members:
                    raise Nonsense("a second family")
                self.size = number
            case Members(number=number, names=names):
                if len(names) != number:
                    raise Nonsense(f"lists {len(names)} members, not {number}")
                for name in names:
                    self._mention(name)
                self._add(Family(members=names))
            case Several():
                self._tell_several(clause)
            case Counted(of=of, number=number):
                self._add(Tally.model_validate({"of": of, "number": number}))
            case Introduces(speaker=speaker, person=person, said=said):
                introducer, who = self.resolve(speaker), self.resolve(person)
                self.introducer = introducer
                for part in said:
                    self._say(who, part)
                self.introducer = ""
            case NobodyElse(term=term, owners=owners):
                whose = tuple(who for owner in owners for who in self._people(owner, term.word))
                known = {who for owner in whose for who in self.described.get((term.word, (owner,)), [])}
                for owner in whose:
                    self._count(owner, term.word, len(known | self._of_kind(term.word, whose)), exact=True)
            case One(person=Of() as person, said=(IsNamed(name=name), *more)) if not self._known(person):
                theirs = self._owners(person, None)
                self._kin(self._named(name), person.term, theirs)
                for part in more:
                    self._say(name, part)
            case One(person=person, said=said):
                who = self.resolve(person)
                for part in said:
                    self._say(who, part)

    def _of_kind(self, word: str, owners: Sequence[str]) -> set[str]:
        """Those who are said to be this to one of the owners, or to be such a one of a known sex."""
        return {
            c.subject
            for c in self.clues
            if isinstance(c, Kin)
            and c.object in owners
            and {tuple(h.step for h in w) for w in walks(c.term)} == {tuple(h.step for h in w) for w in walks(word)}
        }

    def finish(self) -> None:
        """Closes the family whose members were not listed. Raises Unread where they are not those who were named."""
        if self.members and (others := [p for p in self.mentioned if not is_unnamed(p) and p not in self.members]):
            raise Unread(", ".join(others)[:200], "not among the members:")
        if not self.size:
            return
        named = tuple(person for person in self.mentioned if not is_unnamed(person))
        if len(named) != self.size:
            raise Unread(", ".join(named)[:200], f"not the {self.size} members:")
        self._add(Family(members=named))
        for person in self.mentioned:
            if is_unnamed(person) and not person[1:].isdecimal():
                self._add(Member(person=person))

    def _tell_several(self, clause: Several) -> None:
        if any(isinstance(person, Of | Called) for person in clause.people[1:-1]):
            raise Unread("a list", "may say who somebody is:")
        had = next((part.term.word for part in clause.said if isinstance(part, Has)), "")
        people = tuple(who for person in clause.people for who in self._people(person, had))
        if len(set(people)) < max(2, len(people)):
            raise Nonsense("one person said to be several")
        self._say_of_several(clause, people)
        self._together(people, parents=clause.how == "each" and _steps(had) == {"child"})
        for part in clause.said:
            if isinstance(part, Has) and len(part.names) > 1:
                self._together(part.names)

    def _say_of_several(self, clause: Several, people: tuple[str, ...]) -> None:
        for part in clause.said if clause.how != "in turn" else ():
            if clause.how == "apart":
                if isinstance(part, Has) and part.names:
                    raise Nonsense("each has the same")
                for who in people:
                    self._say(who, part)
                continue
            match part:
                case IsKin(term=term, owners=()):
                    if term.word not in MUTUAL or (clause.how == "once" and len(people) != 2):
                        raise Nonsense("does not say whose")
                    for one, other in combinations(people, 2):
                        self._kin(one, term, (other,))
                        if MEANINGS[term.word].sex is not None:
                            self._kin(other, term, (one,))
                case Has():
                    self._has(people, part)
                case _:
                    for who in people:
                        self._say(who, part)
        if clause.how == "in turn":
            if len(people) != len(clause.said):
                raise Nonsense("not as many people as words for them")
            for who, part in zip(people, clause.said, strict=True):
                assert isinstance(part, IsKin)
                others = tuple(p for p in people if p != who)
                self._say(who, part) if part.owners else self._kin(who, part.term, others)

    # Who is meant

    def resolve(self, person: Person, subject: str | None = None) -> str:
        """The name of the one person, with "?" in front for one without a name. Raises Unread."""
        people = self.resolve_all(person, subject)
        if len(people) != 1:
            raise Unread(", ".join(people), "several people where one is meant:")
        return people[0]

    def resolve_all(self, person: Person, subject: str | None = None) -> tuple[str, ...]:
        match person:
            case Name(word=word):
                return (self._named(word),)
            case Pronoun(word=word):
                return self._antecedent(word, subject)
            case Thing():
                return (self._thing(person),)
            case Of(term=term):
                owners = self._owners(person, subject)
                return (self._fresh(term, owners) if person.new else self._the(term, owners),)
            case Called(person=Of() as described, name=name):
                known = self._known(described)
                if known:
                    self._same(known, self._named(name))
                else:
                    owners = self._owners(described, subject)
                    self._kin(self._named(name), described.term, owners)
                return (name,)
            case Called(person=other, name=name):
                raise Nonsense("named a second time")
            case With(person=Of(new=False) as described, said=said) if any(isinstance(s, IsNamed) for s in said):
                raise Nonsense("named in passing")
            case With(person=other, said=said):
                who = self.resolve(other, subject)
                for part in said:
                    self._say(who, part)
                return (who,)

    def _owners(self, person: Of, subject: str | None) -> tuple[str, ...]:
        return tuple(who for owner in person.owners for who in self._people(owner, person.term.word, subject))

    def _people(self, person: Person, term: str, subject: str | None = None) -> tuple[str, ...]:
        """Those of whom somebody is the term."""
        if isinstance(person, Pronoun) and person.word in _PLURAL:
            return self._they(term)
        return self.resolve_all(person, subject)

    def _they(self, term: str = "") -> tuple[str, ...]:
        """Whom "they" means: only a couple has children together, and none has parents or siblings. Raises Unread."""
        may_be = {people for people in (self.couple, self.group) if people}
        if _steps(term) == {"child"}:
            may_be -= {self.group}
        elif _steps(term) & {"parent", "sibling"}:
            may_be -= {self.couple}
        if len(may_be) != 1:
            raise Unread("they", "may mean different people:")
        return may_be.pop()

    def _together(self, people: tuple[str, ...], parents: bool = False) -> None:
        """Takes note of those who were spoken of together; `parents`: of the same children."""
        one, other = people if len(people) == 2 else ("", "")
        if parents or self._children(one) & self._children(other) or self._are_married(one, other):
            self.couple, self.group = people, ()
        else:
            self.group = people

    def _two_together(self, one: str, other: str) -> None:
        named = not is_unnamed(one) and not is_unnamed(other)
        if named and {one, other} not in ({*self.group}, {*self.couple}):
            self._together((one, other))

    def _are_married(self, one: str, other: str) -> bool:
        spouses = [clue for clue in self.clues if isinstance(clue, Kin) and clue.term in ("spouse", "husband", "wife")]
        return any({one, other} == set(clue.people()) for clue in spouses)

    def _children(self, person: str) -> set[str]:
        kin = [clue for clue in self.clues if isinstance(clue, Kin)]
        return {c.object for c in kin if c.subject == person and c.term in ("father", "mother", "parent")} | {
            c.subject for c in kin if c.object == person and c.term in ("son", "daughter", "child")
        }

    def _antecedent(self, word: str, subject: str | None, barred: str = "") -> tuple[str, ...]:
        """Whom a pronoun means: the one person it can mean, who is not the barred one. Raises Unread."""
        if word in ("i", "me", "my"):
            if not self.speaker and not self.told:
                raise Unread(word, "said by nobody:")
            return (self.speaker or self._teller("?I"),)
        if word in ("you", "your"):
            if not self.listener and not self.told:
                raise Unread(word, "said to nobody:")
            return (self.listener or self._teller("?you"),)
        if word in _PLURAL:
            return self._they()
        sex = _PRONOUNS[word]
        if self.introducer and self.sex(self.introducer) in (sex, None):
            return (self.introducer,)
        if self.shown and self.shown != barred:
            if self.sex(self.shown) not in (sex, None):
                raise Unread(word, "is nobody of whom is spoken:")
            return (self.shown,)
        present = {self.speaker, self.listener, "?I", "?you"} & {*self.mentioned}
        if subject and subject not in (barred, *present) and self.sex(subject) == sex:
            return (subject,)
        if present and present >= set(self.mentioned):
            # Nobody was spoken of before: the speech itself shows somebody.
            self.shown = self._thing(Thing("man" if sex == "male" else "woman", sex, new=True))
            return (self.shown,)
        may_be = [who for who in self.mentioned if who not in (barred, *present) and self.sex(who) in (sex, None)]
        if len(may_be) != 1:
            raise Unread(word, "may mean different people:")
        if self.sex(may_be[0]) is None:
            self._add(Is(person=may_be[0], sex=sex))
        return (may_be[0],)

    def _teller(self, person: str) -> str:
        self._mention(person)
        return person

    def sex(self, person: str) -> Sex | None:
        """What the clues say of the sex, as far as pronouns go by it."""
        for clue in self.clues:
            if isinstance(clue, Is) and clue.person == person:
                return clue.sex
            if isinstance(clue, Kin):
                last = {walk[-1] for walk in walks(clue.term)}
                sexes = {hop.sex for hop in last}
                if clue.subject == person and len(sexes) == 1 and (sex := sexes.pop()) is not None:
                    return sex
                if clue.object == person and clue.term in _BACK:
                    return opposite(last.pop().sex or "male")
        return None

    def _thing(self, thing: Thing) -> str:
        if thing.name:
            who = self._named(thing.name)
            if thing.sex is not None:
                self._add(Is(person=who, sex=thing.sex))
            return who
        if thing.word in PROFESSIONS:
            titled = [who for who in self.mentioned if _TITLED.get(who.split()[0].lower(), "") == thing.word]
            if len(titled) > 1:
                raise Unread(thing.word, "may mean different people:")
            return titled[0] if titled else self._professional(thing.word)
        if thing.new:
            who = self._new()
            if thing.sex is not None:
                self._add(Is(person=who, sex=thing.sex))
            self.things[thing.word] = "" if thing.word in self.things else who
            return who
        known = self.things.get(thing.word)
        unsaid = bool(self.shown) and self.things.get("person") == self.shown != known
        if known and not (unsaid and thing.that) and not (self.shown and known in (self.speaker, self.listener)):
            if unsaid and thing.sex is not None and self.sex(self.shown) in (thing.sex, None):
                raise Unread(thing.word, "may mean different people:")
            return known
        if self.shown and self.sex(self.shown) in (thing.sex, None):
            if thing.sex is not None and self.sex(self.shown) is None:
                self._add(Is(person=self.shown, sex=thing.sex))
            return self.shown
        if thing.word in self.things:
            raise Unread(thing.word, "may mean different people:")
        if not self.shown and self._is_nobody_yet(thing):
            who = self._thing(thing._replace(new=True))
            if self.speaker and thing.that:
                self.shown = who
            return who
        raise Unread(thing.word, "may mean anybody:")

    def _is_nobody_yet(self, thing: Thing) -> bool:
        """Is nobody spoken of before who might be meant: nobody else than who speaks and who listens."""
        return thing.word not in ("person", "individual") and all(
            who in (self.speaker, self.listener) or self.sex(who) not in (thing.sex, None) for who in self.mentioned
        )

    def _professional(self, word: str) -> str:
        who = f"?{word}"
        self.things[word] = who
        if self.members:
            self._add(Member(person=who))
        self._mention(who)
        return who

    @property
    def members(self) -> tuple[str, ...]:
        return next((clue.members for clue in self.clues if isinstance(clue, Family)), ())

    def _named(self, name: str) -> str:
        self._mention(name)
        title = TITLES.get(name.split()[0].lower(), "") if " " in name else ""
        if title:
            self._add(Is.model_validate({"person": name, "sex": title}))
        return name

    def _mention(self, person: str) -> None:
        if person not in self.mentioned:
            self.mentioned.append(person)

    def _new(self) -> str:
        number = sum(is_unnamed(person) and person[1:].isdecimal() for person in self.mentioned)
        self._mention(f"?{number + 1}")
        return f"?{number + 1}"

    def _known(self, person: Of) -> str:
        """The one person without a name whom the text described so before; empty where there is none."""
        if person.new or any(not isinstance(owner, Name | Of) for owner in person.owners):
            return ""
        owners: list[str] = []
        for owner in person.owners:
            who = self._known(owner) if isinstance(owner, Of) else owner.word if isinstance(owner, Name) else ""
            if not who:
                return ""
            owners.append(who)
        known = [who for who in self.described.get((_key(person.term), tuple(owners)), []) if is_unnamed(who)]
        return known[0] if len(known) == 1 else ""

    def _the(self, term: Term, owners: tuple[str, ...]) -> str:
        known = self.described.get((_key(term), owners), [])
        if len(known) > 1:
            raise Unread(term.word, "may mean different people:")
        if not known:
            return self._fresh(term, owners)
        if term.only:
            self._only(term, owners)
        return known[0]

    def _fresh(self, term: Term, owners: tuple[str, ...]) -> str:
        who = self._new()
        self._kin(who, term, owners)
        return who

    def _same(self, unnamed: str, name: str) -> None:
        self._add(Same(one=name, other=unnamed))
        before, self.described = self.described, {}
        for (described, owners), people in before.items():
            for who in people:
                whose = tuple(name if owner == unnamed else owner for owner in owners)
                self._describe(name if who == unnamed else who, described, whose)

    # What is said

    def _say(self, who: str, said: Said) -> None:
        match said:
            case IsKin(term=term, owners=owners):
                whose = tuple(w for owner in owners for w in self._of_another(owner, who, term.word))
                self._kin(who, term, whose)
            case IsNamed(name=name):
                if not is_unnamed(who):
                    raise Nonsense("named a second time")
                self._same(who, self._named(name))
            case IsSex(sex=sex):
                self._add(Is(person=who, sex=sex))
            case IsA(profession=word, new=new):
                known = {clue.one for clue in self.clues if isinstance(clue, Same) and clue.other == f"?{word}"}
                titled = {p for p in self.mentioned if _TITLED.get(p.split()[0].lower(), "") == word}
                if (new and known - {who}) or titled - {who}:
                    raise Unread(word, "may mean different people:")
                self._add(Same(one=who, other=self._professional(word)))
            case IsOlder(word=word, than=than):
                other = self.resolve(than, who)
                one, younger = (who, other) if word == "older" else (other, who)
                self._add(Older(older=one, younger=younger))
            case Has():
                self._has((who,), said)
            case HasFor(term=term, person=person):
                for kin in self._of_another(person, who):
                    self._kin(kin, Term(term), (who,))
            case Begets(term=term, children=children):
                born = tuple(child for person in children for child in self.resolve_all(person, who))
                self._kin(who, Term(term), born)
            case Whose(term=term, said=(IsNamed(name=name), *more), name="") if not self.described.get(
                (_key(term), (who,))
            ):
                self._say(who, Whose(term, tuple(more), name))
            case Whose(term=term, said=parts, name=name):
                kin = self._named(name) if name else self._the(term, (who,))
                if name:
                    self._kin(kin, term, (who,))
                for part in parts:
                    self._say(kin, part)

    def _of_another(self, person: Person, who: str, term: str = "") -> tuple[str, ...]:
        """Whom the words mean where they can only mean somebody else: nobody is kin to himself."""
        if isinstance(person, Pronoun) and person.word not in _PLURAL:
            return self._antecedent(person.word, who, barred=who)
        return self._people(person, term, who)

    def _has(self, owners: tuple[str, ...], said: Has) -> None:
        term = said.term
        if said.number is not None:
            for owner in owners:
                self._count(owner, term.word, said.number, exact=term.only or said.number == 0)
        for name in said.names:
            self._kin(self._named(name), term._replace(only=term.only and said.number is None), owners)
        if len(said.names) > 1:
            self._together(said.names)
        if said.number is None and not said.names:
            who = self._fresh(term, owners)
        elif said.said and len(said.names) == 1:
            who = said.names[0]
        elif said.said:
            raise Unread(term.word, "said of several:")
        else:
            return
        for part in said.said:
            self._say(who, part)

    def _count(self, owner: str, word: str, number: int, exact: bool) -> None:
        self._add(Count(object=owner, term=word, number=number, bound="exactly" if exact else "stated"))

    def _only(self, term: Term, owners: Sequence[str]) -> None:
        for owner in owners:
            self._count(owner, term.word, 1, exact=True)

    def _kin(self, who: str, term: Term, owners: Sequence[str]) -> None:
        for owner in owners:
            said = {c.term for c in self.clues if isinstance(c, Kin) and (c.subject, c.object) == (who, owner)}
            if term.word == "parent" and said & {"father", "mother"}:
                continue
            self._add(Kin(subject=who, term=term.word, object=owner))
            if term.age and term.word in ("son", "daughter"):
                self._of_two(who, term, owner)
            elif term.age and _steps(term.word) != {"sibling"}:
                raise Unread(f"{term.age} {term.word}", "older than whom is not said:")
            elif term.age:
                one, younger = (who, owner) if term.age == "older" else (owner, who)
                self._add(Older(older=one, younger=younger))
            self._describe(who, _key(term), (owner,))
            if len(owners) == 1 and _steps(term.word) in ({"sibling"}, {"spouse"}):
                self._two_together(who, owner)
        if len(owners) > 1:
            self._describe(who, _key(term), tuple(owners))
        if term.only:
            self._only(term, owners)

    def _of_two(self, who: str, term: Term, owner: str) -> None:
        """That the elder or younger of two sons or daughters is who it is."""
        self._count(owner, term.word, 2, exact=False)
        elder = term.age == "older"
        for other in self.described.get((_key(term._replace(age="younger" if elder else "older")), (owner,)), []):
            self._add(Older(older=who, younger=other) if elder else Older(older=other, younger=who))

    def _describe(self, who: str, described: str, owners: tuple[str, ...]) -> None:
        known = self.described.setdefault((described, owners), [])
        if who not in known:
            known.append(who)

    def _add(self, clue: Clue) -> None:
        if clue not in self.clues:
            self.clues.append(clue)


def _key(term: Term) -> str:
    return f"{term.age} {term.word}".strip()


def _steps(term: str) -> set[str]:
    """The first steps from somebody to whoever is his term; none for no term."""
    return {walk[0].step for walk in walks(term)} if term else set()
