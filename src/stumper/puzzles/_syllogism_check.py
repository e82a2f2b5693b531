"""The second proof of syllogisms: an answer-set program over what there is, written from what the values say."""

from itertools import combinations

from stumper.puzzles import Ask, Status
from stumper.puzzles._meta import meta_status
from stumper.puzzles._syllogism_language import Follow, Joint, Statement, Syllogism

KINDS = """
term(0..{last}).
kind(0..2**({last} + 1) - 1).
% A kind of things is a set of terms: the bits of a number.
belongs(K, T) :- kind(K), term(T), (K / 2**T) \\ 2 = 1.
{{ there(K) : kind(K) }}.
are(T, U) :- there(K), belongs(K, T), belongs(K, U).
are_not(T, U) :- there(K), belongs(K, T), term(U), not belongs(K, U).
"""


def recheck(problem: Syllogism, ask: Ask) -> tuple[Status, ...] | None:
    """See `Family.recheck`. What follows is asked of clingo; what a choice says of that is concluded here."""
    terms = problem.terms
    lines = [KINDS.format(last=len(terms) - 1)] if terms else []
    if problem.conventions.existence == "granted":
        lines.append(":- term(T), not are(T, T).")
    lines += [f":- not are({terms.index(one)}, {terms.index(one)})." for one in problem.individuals]
    lines += [f":- {side}." for premise in problem.premises for side in _denials(problem, premise)]
    offered = [choice for choice in problem.choices if isinstance(choice, Statement | Joint)]
    claims: list[Statement | Joint] = [*problem.conclusions, *offered]
    for i, claim in enumerate(claims):
        for statement in claim.statements if isinstance(claim, Joint) else [claim]:
            lines += [f"fails({i}) :- {side}." for side in _denials(problem, statement)]
        lines.append(f"claim({i}) :- not fails({i}).")
    pairs = list(combinations(range(len(problem.conclusions)), 2))
    for n, (i, j) in enumerate(pairs, len(claims)):
        lines += [f"claim({n}) :- claim({i}).", f"claim({n}) :- claim({j})."]
    found = ask("\n".join(["#defined fails/1.", *lines]), len(claims) + len(pairs))
    if found is None:
        return None

    def stands(i: int) -> bool:
        if not _possible(claims[i]):
            return found[i] == "must"
        return found[i] != "cannot" and not (problem.conventions.possibility == "not_certain" and found[i] == "must")

    following = {i + 1 for i in range(len(problem.conclusions)) if stands(i)}
    bound = {
        (i + 1, j + 1)
        for n, (i, j) in enumerate(pairs, len(claims))
        if found[n] == "must"
        and "must" not in (found[i], found[j])
        and not (_possible(claims[i]) or _possible(claims[j]))
    }
    answers: list[Status | None] = []
    at = len(problem.conclusions)
    for choice in problem.choices:
        if isinstance(choice, Follow):
            same = set(choice.conclusions) == following and {(min(p), max(p)) for p in choice.either} == bound
            answers.append("must" if same else "cannot")
        elif isinstance(choice, Statement | Joint):
            answers.append(("must" if stands(at) else "cannot") if _possible(choice) else found[at])
            at += 1
        else:
            answers.append(None)
    other = meta_status(problem.right, [answer for answer in answers if answer])
    return tuple(answer or other for answer in answers)


def _possible(claim: Statement | Joint) -> bool:
    return isinstance(claim, Statement) and claim.possible


def _denials(problem: Syllogism, statement: Statement) -> list[str]:
    """Conditions of which each makes the statement false, and without any of which it is true."""
    subject, predicate = (problem.terms.index(term) for term in (statement.subject, statement.predicate))
    are, are_not = f"are({subject}, {predicate})", f"are_not({subject}, {predicate})"
    readings = problem.conventions
    match statement.quantifier:
        case "all":
            return [are_not]
        case "no":
            return [are]
        case "some":
            return [f"not {are}"]
        case "some_not":
            return [f"not {are_not}"]
        case "only_few":
            return [f"not {are}", f"not {are_not}"]
        case "few":
            return [f"not {are}"] + ([f"not {are_not}"] if readings.few == "some_not_all" else [])
        case "all_not":
            return [f"not {are_not}"] if readings.all_not == "not_all" else [are]
