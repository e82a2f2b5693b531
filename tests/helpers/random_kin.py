"""Random problems over the whole language of families, most of them with a family that fits."""

from stumper.puzzles._kin_language import (
    MEANINGS,
    META,
    OF,
    OR,
    Count,
    Family,
    HowMany,
    HowManyMembers,
    Is,
    Kin,
    KinConventions,
    KinProblem,
    Member,
    Older,
    Related,
    Same,
    Tally,
    Which,
    WhichSex,
    Who,
    WhoIs,
    WhoIsOfSex,
)

NEAR = tuple(
    str.split(
        """
        father mother parent son daughter child brother sister sibling husband wife spouse uncle aunt nephew niece
        cousin brother-in-law sister-in-law mother-in-law son-in-law grandfather grandson grandchild
        """
    )
)
COUNTED = tuple(str.split("son daughter child brother sister sibling wife spouse uncle nephew son-in-law"))
SEXES = ("male", "female")


def problem(rng):
    closed = rng.random() < 0.25
    names = list("ABCDEF")[: rng.randint(4, 6) if closed else rng.randint(2, 4)]
    unnamed = ["?1", "?2"][: rng.choice((0, 0, 1, 2))]
    people = [*names, *unnamed]
    members = names if rng.random() < 0.7 else [*names, "?m"]
    clues = [Family(members=members)] if closed else []
    clues += [Member(person=p) for p in unnamed if closed and rng.random() < 0.7]
    clues += [_clue(rng, people, closed) for _ in range(rng.randint(2, 5))]
    query, choices = _query(rng, people, names, unnamed, closed)
    choices = list(dict.fromkeys(choices))
    choices += [meta for meta in META if rng.random() < 0.15]
    rng.shuffle(choices)
    return KinProblem(clues=clues, query=query, choices=choices, conventions=conventions(rng))


def conventions(rng):
    return KinConventions(
        parents=rng.choice(("unmarried", "married")),
        uncles=rng.choice(("by_marriage_too", "by_blood")),
        counts=rng.choice(("at_least", "exactly")),
        names="unknown",
    )


def _term(rng):
    return rng.choice(NEAR) if rng.random() < 0.8 else rng.choice(list(MEANINGS))


def _phrase(rng):
    kind = rng.random()
    if kind < 0.75:
        return _term(rng)
    short = NEAR[:12]
    if kind < 0.92:
        return OF.join(rng.choice(short) for _ in range(rng.choice((2, 2, 3))))
    return OR.join(rng.sample(NEAR, 2))


def _kin(rng, people):
    one, other = rng.sample(people, 2)
    return Kin(subject=one, term=_phrase(rng), object=other)


def _count(rng, people, **bound):
    bound = bound or {"bound": rng.choice(("exactly", "least", "most", "stated"))}
    return Count(object=rng.choice(people), term=rng.choice(COUNTED), number=rng.choice((0, 1, 1, 2, 2, 3)), **bound)


def _clue(rng, people, closed):
    kind = rng.random()
    if kind < 0.66:
        return _kin(rng, people)
    if kind < 0.74:
        return Is(person=rng.choice(people), sex=rng.choice(SEXES))
    if kind < 0.80:
        return Older(older=(pair := rng.sample(people, 2))[0], younger=pair[1])
    if kind < 0.84:
        return Same(one=(pair := rng.sample(people, 2))[0], other=pair[1], not_=rng.random() < 0.7)
    if closed and kind < 0.92:
        number = rng.randint(0, 3)
        return Tally(of=rng.choice((*SEXES, "couple")), number=number, bound=rng.choice(("exactly", "least", "most")))
    return _count(rng, people)


def _query(rng, people, names, unnamed, closed):
    one, other = rng.sample(people, 2)
    kinds = ("related", "related", "related", "who", "many", "sex", "is", "which", "which", "members", "whom")
    match rng.choice(kinds):
        case "who":
            return Who(term=_phrase(rng), object=one), rng.sample(people, len(people))
        case "many":
            return HowMany(counted=rng.choice(COUNTED), object=one), [str(n) for n in rng.sample(range(5), 3)]
        case "members" if closed:
            of = rng.choice((*SEXES, "couple"))
            return HowManyMembers(of=of), [str(n) for n in rng.sample(range(5), 3)]
        case "sex":
            return WhichSex(sex_of=one), SEXES
        case "is":
            return WhoIsOfSex(sex=rng.choice(SEXES)), names
        case "whom" if unnamed:
            return WhoIs(who=unnamed[0]), names
        case "which":
            claims = [_kin(rng, people), _kin(rng, people), _count(rng, people), _count(rng, people)]
            claims += [Is(person=one, sex="male"), Older(older=one, younger=other), Same(one=one, other=other)]
            return Which(asks="true"), rng.sample(claims, 4)
    return Related(subject=one, object=other), [_phrase(rng) for _ in range(4)]
