"""The rules of series once more, as an answer-set program: each by how it goes on from one term to the next.

A strand is one part of all terms. Where `solve` fits tables, the program finds a rule's free numbers from the first
neighbours that are given, goes from term to term, and keeps what meets every given term. A stable model is one choice
of rules, one for each strand, that is simple enough.
"""

from collections.abc import Iterator, Sequence

from stumper.puzzles import Ask, Status
from stumper.puzzles._series_language import NONE, Find, Series, Strand, parts, strands

RULES = """
% Strands. t(K,S): strand S where the term at place K is left out; kind(T,Kind), g(T,Place,Value), hole(T,Place),
% len(T,Places), given(T,N): how many terms are given, less those that the question left out of its own choice.
top(t(K,S)) :- kind(t(K,S),_).
halved(T) :- top(T), len(T,L), L >= 7.
kind(half(T,P),Kind) :- halved(T), kind(T,Kind), P = 0..1.
g(half(T,I\\2),(I+1)/2,V) :- halved(T), g(T,I,V).
mine(T,H\\2) :- halved(T), hole(T,H).
hole(half(T,P),(H+1)/2) :- mine(T,P), hole(T,H).
hole(half(T,1-P),N+1) :- mine(T,P), N = #count { I : g(half(T,1-P),I,_) }.
len(half(T,P),N+1) :- halved(T), P = 0..1, N = #count { I : g(half(T,P),I,_) }.
given(half(T,P),N-X+G) :- mine(T,P), len(half(T,P),N), len(T,X), given(T,G).
given(half(T,1-P),N-1) :- mine(T,P), len(half(T,1-P),N).

% Numbers that rules are made of.
small(1..12). ok(T,V) :- g(T,_,V).
common(U,V) :- small(U), small(V), D = 2..12, U \\ D = 0, V \\ D = 0.
ratio(U,V) :- small(U), small(V), not common(U,V), U <= 5, V <= 5.
ratio(U,1) :- small(U).
ratio(1,V) :- small(V).
signed(U,V) :- ratio(U,V), (U,V) != (1,1).
signed(-U,V) :- ratio(U,V).
line(U,1) :- signed(U,1).
line(1,V) :- signed(1,V).
turned(B,1) :- B = 2..9.
turned(1,B) :- B = 2..9.
composite(X*Y) :- X = 2..22, Y = X..499/X.
prime(P) :- P = 2..499, not composite(P).
up(P,P+1) :- prime(P).
up(P,R+1) :- up(P,R), not prime(R), R < 499.
next(up,P,Q) :- up(P,Q), prime(Q).
next(down,Q,P) :- next(up,P,Q).
top_of(2,99). top_of(3,30).
raised(1,B,B) :- B = 0..499.
raised(E,B,B**E) :- top_of(E,M), B = 0..M.

% Neighbours that are given: the first two, the first three, the first four; the first from an odd and an even place.
two_at(T,I) :- len(T,_), I = #min { J : g(T,J,_), g(T,J+1,_) }, g(T,I,_).
three_at(T,I) :- len(T,_), I = #min { J : g(T,J,_), g(T,J+1,_), g(T,J+2,_) }, g(T,I,_).
four_at(T,I) :- len(T,_), I = #min { J : g(T,J,_), g(T,J+1,_), g(T,J+2,_), g(T,J+3,_) }, g(T,I,_).
pair(T,I,X,Y) :- two_at(T,I), g(T,I,X), g(T,I+1,Y).
from_at(T,P,I) :- len(T,_), P = 0..1, I = #min { J : g(T,J,_), g(T,J+1,_), J \\ 2 = P }, g(T,I,_).
from(T,P,X,Y) :- from_at(T,P,I), g(T,I,X), g(T,I+1,Y).
rank(T,I,R) :- g(T,I,_), R = #count { J : g(T,J,_), J <= I }.
first(T,I,X) :- rank(T,I,1), g(T,I,X).
three(T,I,X,J,Y,K,Z) :- rank(T,I,1), rank(T,J,2), rank(T,K,3), g(T,I,X), g(T,J,Y), g(T,K,Z).

% Which rules are tried: name, cost, terms needed; on numbers, and some on letters counted as numbers for 2 more.
rule(difference,1,3). rule(ratio,3,4). rule(quadratic,3,4). rule(powers,3,3). rule(primes,3,4).
rule(fibonacci,3,4). rule(line,4,4). rule(strides,4,4). rule(powers_plus,4,4). rule(cubic,4,5). rule(primes_plus,5,5).
rule(fibonacci_plus,5,5). rule(factor,5,4). rule(turns,5,5). rule(sums,5,5). rule(factor_plus,6,5).
counted(ratio;powers;primes;fibonacci).
try(T,F,C) :- top(T), kind(T,number), rule(F,C,N), given(T,G), G >= N.
try(T,F,C) :- kind(half(S,P),number), T = half(S,P), rule(F,C,N), C <= 3, given(T,G), G >= N.
try(T,F,C+2) :- top(T), kind(T,letter), rule(F,C,N), counted(F), given(T,G), G >= N.
try(T,step,1) :- kind(T,letter), given(T,G), G >= 3.
try(T,growing,3) :- kind(T,letter), given(T,G), G >= 4.

% From term to term: raw(T,R,I,V) is what rule R gives at place I, seq(T,R,I,V) what of it meets the given terms.
seq(T,R,I,V) :- raw(T,R,I,V), g(T,I,V).
seq(T,R,I,V) :- raw(T,R,I,V), hole(T,I), kind(T,number), -9999999 <= V, V <= 9999999.
seq(T,R,I,V) :- raw(T,R,I,V), hole(T,I), kind(T,letter), 1 <= V, V <= 26.
raw(T,R,I,X) :- cand(T,F,R), first(T,I,X), not wide(F).
% These start from several neighbours.
wide(cubic;fibonacci;fibonacci_plus).
on(T,R,I,V) :- seq(T,R,I,V), len(T,L), I < L.
back(T,R,V) :- seq(T,R,2,V), hole(T,1).
fit(T,C,R,V) :- cand(T,F,R), try(T,F,C), len(T,L), seq(T,R,1,_), seq(T,R,L,_), hole(T,H), seq(T,R,H,V).

cand(T,difference,add(Y-X)) :- try(T,difference,_), pair(T,I,X,Y).
raw(T,add(D),I+1,V+D) :- on(T,add(D),I,V).
raw(T,add(D),1,V-D) :- back(T,add(D),V).

cand(T,ratio,mul(U,V)) :- try(T,ratio,_), pair(T,I,X,Y), signed(U,V), Y*V = X*U.
raw(T,mul(U,V),I+1,X*U/V) :- on(T,mul(U,V),I,X), X*U \\ V = 0.
raw(T,mul(U,V),1,X*V/U) :- back(T,mul(U,V),X), X*V \\ U = 0.

cand(T,quadratic,quad(D,S)) :- try(T,quadratic,_), bend(T,S), slope(T,S,D).
bend(T,2*A/B) :- three(T,I,X,J,Y,K,Z), A = (Z-X)*(J-I)-(Y-X)*(K-I), B = (K-I)*(J-I)*(K-J), 2*A \\ B = 0.
slope(T,S,A/(J-I)) :- bend(T,S), three(T,I,X,J,Y,_,_), A = Y-X-S*((J-1)*(J-2)-(I-1)*(I-2))/2, A \\ (J-I) = 0.
raw(T,quad(D,S),I+1,V+D+S*(I-1)) :- on(T,quad(D,S),I,V).
raw(T,quad(D,S),1,V-D) :- back(T,quad(D,S),V).

cand(T,cubic,cubic) :- try(T,cubic,_), four_at(T,_).
seq(T,cubic,J,V) :- try(T,cubic,_), four_at(T,I), g(T,J,V), I <= J, J <= I+3.
raw(T,cubic,I+4,4*D-6*C+4*B-A) :- seq(T,cubic,I,A), seq(T,cubic,I+1,B), seq(T,cubic,I+2,C), on(T,cubic,I+3,D).
raw(T,cubic,I-1,4*A-6*B+4*C-D) :- seq(T,cubic,I,A), seq(T,cubic,I+1,B), seq(T,cubic,I+2,C), seq(T,cubic,I+3,D), I > 1.

cand(T,fibonacci,both(0)) :- try(T,fibonacci,_), two_at(T,_).
cand(T,fibonacci_plus,both(Z-X-Y)) :- try(T,fibonacci_plus,_), three_at(T,I), g(T,I,X), g(T,I+1,Y), g(T,I+2,Z).
seq(T,both(C),J,V) :- cand(T,_,both(C)), two_at(T,I), g(T,J,V), I <= J, J <= I+1.
raw(T,both(C),I+2,X+Y+C) :- seq(T,both(C),I,X), on(T,both(C),I+1,Y).
raw(T,both(C),I-1,Y-X-C) :- seq(T,both(C),I,X), seq(T,both(C),I+1,Y), I > 1.

cand(T,line,line(U,V,V*Y-U*X)) :- try(T,line,_), pair(T,I,X,Y), line(U,V).
raw(T,line(U,V,C),I+1,(U*X+C)/V) :- on(T,line(U,V,C),I,X), (U*X+C) \\ V = 0.
raw(T,line(U,V,C),1,(V*X-C)/U) :- back(T,line(U,V,C),X), (V*X-C) \\ U = 0.

% power(E,B,S,C): at place I the power E of B + S*(I-1), plus C.
power(T,E,A-S*(I-1),S,X-P) :- numbers(T), first(T,I,X), pair(T,J,Y,Z), raised(E,A,P), E > 1, S = -5..5, S != 0,
  Y = (A+S*(J-I))**E+X-P, Z = (A+S*(J-I+1))**E+X-P, len(T,L), top_of(E,M),
  0 <= A-S*(I-1), A-S*(I-1) <= M, 0 <= A+S*(L-I), A+S*(L-I) <= M.
numbers(T) :- try(T,F,_), F = (powers;strides;powers_plus).
cand(T,powers,power(E,B,S,0)) :- try(T,powers,_), power(T,E,B,S,0), |S| = 1.
cand(T,strides,power(E,B,S,0)) :- try(T,strides,_), power(T,E,B,S,0), |S| > 1.
cand(T,powers_plus,power(E,B,S,C)) :- try(T,powers_plus,_), power(T,E,B,S,C), |S| = 1.
raw(T,power(E,B,S,C),I+1,(B+S*I)**E+C) :- on(T,power(E,B,S,C),I,_).
raw(T,power(E,B,S,C),1,B**E+C) :- back(T,power(E,B,S,C),_).

cand(T,primes,prime(1,0,W)) :- try(T,primes,_), pair(T,I,X,Y), next(W,X,Y).
cand(T,primes_plus,prime(E,X-P,W)) :- try(T,primes_plus,_), pair(T,I,X,Y), next(W,A,B), raised(E,A,P), E < 3,
  raised(E,B,Q), Y-X = Q-P, |X-P| <= 20.
at(T,prime(E,C,W),V,A) :- seq(T,prime(E,C,W),_,V), raised(E,A,V-C), prime(A).
raw(T,prime(E,C,W),I+1,B**E+C) :- on(T,prime(E,C,W),I,V), at(T,prime(E,C,W),V,A), next(W,A,B).
raw(T,prime(E,C,W),1,B**E+C) :- back(T,prime(E,C,W),V), at(T,prime(E,C,W),V,A), next(W,B,A).

% times(F,S): times F, then times F+S, and so on; over(F,S): divided by them.
cand(T,factor,times(M-S*(I-1),S)) :- try(T,factor,_), pair(T,I,X,Y), factors(T,M,I,S), Y = X*M.
cand(T,factor,over(M-S*(I-1),S)) :- try(T,factor,_), pair(T,I,X,Y), factors(T,M,I,S), X = Y*M.
factors(T,M,I,S) :- try(T,factor,_), two_at(T,I), len(T,L), M = 1..20, S = -3..3, S != 0,
  F = M-S*(I-1), 1 <= F, F <= 20, 1 <= F+S*(L-2), F+S*(L-2) <= 20.
raw(T,times(F,S),I+1,V*(F+S*(I-1))) :- on(T,times(F,S),I,V).
raw(T,times(F,S),1,V/F) :- back(T,times(F,S),V), V \\ F = 0.
raw(T,over(F,S),I+1,V/(F+S*(I-1))) :- on(T,over(F,S),I,V), V \\ (F+S*(I-1)) = 0.
raw(T,over(F,S),1,V*F) :- back(T,over(F,S),V).

cand(T,turns,turn(A,B)) :- try(T,turns,_), way(T,1,A), way(T,0,B).
way(T,P,add(Y-X)) :- try(T,turns,_), from(T,P,X,Y).
way(T,P,mul(U,V)) :- try(T,turns,_), from(T,P,X,Y), turned(U,V), Y*V = X*U.
use(T,turn(A,B),I,A) :- on(T,turn(A,B),I,_), I \\ 2 = 1.
use(T,turn(A,B),I,B) :- on(T,turn(A,B),I,_), I \\ 2 = 0.
raw(T,R,I+1,X+D) :- use(T,R,I,add(D)), seq(T,R,I,X).
raw(T,R,I+1,X*U/V) :- use(T,R,I,mul(U,V)), seq(T,R,I,X), X*U \\ V = 0.
raw(T,turn(add(D),B),1,X-D) :- back(T,turn(add(D),B),X).
raw(T,turn(mul(U,V),B),1,X*V/U) :- back(T,turn(mul(U,V),B),X), X*V \\ U = 0.

% sum(G,E,B,S): steps of G times the power E of B, then of B+S; primes(G,W,A,I): of primes, A at the step from place I.
cand(T,sums,sum(G,E,B,S)) :- try(T,sums,_), pair(T,I,X,Y), G = (-1;1), raised(E,A,(Y-X)*G), E > 1, A <= 30, S = (-1;1),
  B = A-S*(I-1), len(T,L), 0 <= B, B <= 30, 0 <= B+S*(L-2), B+S*(L-2) <= 30.
raw(T,sum(G,E,B,S),I+1,V+G*(B+S*(I-1))**E) :- on(T,sum(G,E,B,S),I,V).
raw(T,sum(G,E,B,S),1,V-G*B**E) :- back(T,sum(G,E,B,S),V).
cand(T,sums,primes(G,W,A,I)) :- try(T,sums,_), pair(T,I,X,Y), G = (-1;1), A = (Y-X)*G, prime(A), W = (up;down).
step(T,primes(G,W,A,I),I,A) :- cand(T,sums,primes(G,W,A,I)).
step(T,R,I+1,B) :- step(T,R,I,A), R = primes(_,W,_,_), next(W,A,B), len(T,L), I+1 < L.
step(T,R,I-1,B) :- step(T,R,I,A), R = primes(_,W,_,_), next(W,B,A), I > 1.
raw(T,R,I+1,V+G*A) :- on(T,R,I,V), step(T,R,I,A), R = primes(G,_,_,_).
raw(T,R,1,V-G*A) :- back(T,R,V), step(T,R,1,A), R = primes(G,_,_,_).

% after(M,C): times M and plus C, then times M+1 and plus C; before(M,C): plus C and times M, and so on.
cand(T,factor_plus,after(M,Y-X*(M+I-1))) :- try(T,factor_plus,_), pair(T,I,X,Y), M = 1..9.
cand(T,factor_plus,before(M,Y/(M+I-1)-X)) :- try(T,factor_plus,_), pair(T,I,X,Y), M = 1..9, Y \\ (M+I-1) = 0.
raw(T,after(M,C),I+1,V*(M+I-1)+C) :- on(T,after(M,C),I,V).
raw(T,after(M,C),1,(V-C)/M) :- back(T,after(M,C),V), (V-C) \\ M = 0.
raw(T,before(M,C),I+1,(V+C)*(M+I-1)) :- on(T,before(M,C),I,V).
raw(T,before(M,C),1,V/M-C) :- back(T,before(M,C),V), V \\ M = 0.

% Letters on a ring, A after Z.
cand(T,step,walk((Y-X+26) \\ 26,0)) :- try(T,step,_), pair(T,I,X,Y).
cand(T,growing,walk((Y-X-S*(I-1)+2600) \\ 26,S)) :- try(T,growing,_), pair(T,I,X,Y), S = -5..5, S != 0.
raw(T,walk(D,S),I+1,(V-1+D+S*(I-1)+2600) \\ 26+1) :- on(T,walk(D,S),I,V).
raw(T,walk(D,S),1,(V-1-D+26) \\ 26+1) :- back(T,walk(D,S),V).

% Two series in turn.
fit(T,C+D+2,turns(A,B),V) :- mine(T,P), fit(half(T,P),C,A,V), fit(half(T,1-P),D,B,_), C <= 3, D <= 3.

% A part that follows from an earlier one. A letter is its place, its mirror image the place from the end.
image(same,V,V) :- known(V).
image(mirror,V,27-V) :- known(V).
image(square,V,V**2) :- known(V), |V| <= 3162.
image(cube,V,V**3) :- known(V), |V| <= 215.
known(V) :- g(t(_,_),_,V).
known(V) :- fit(t(_,_),_,_,V).
known(W) :- image(same,V,W).
known(W) :- tie(_,_,_,mirror,_), image(mirror,V,W), 0 < W, W < 27.
relation(same,1). relation(mirror,1). relation(square,3). relation(cube,3).
apt(K,S,_Z,same) :- earlier(K,S,_Z).
apt(K,S,Z,mirror) :- earlier(K,S,Z), kind(t(K,(S;Z)),letter).
apt(K,S,Z,(square;cube)) :- earlier(K,S,Z), kind(t(K,S),number).
breaks(K,S,Z,F) :- apt(K,S,Z,F), g(t(K,S),I,X), g(t(K,Z),I,Y), not meets(F,Y,X), g(t(K,S),I,X).
meets(same,V,V) :- g(t(_,_),_,V).
meets(mirror,V,27-V) :- g(t(_,_),_,V).
meets(square,V,V*V) :- g(t(_,_),_,V), |V| <= 3162.
meets(cube,V,V*V*V) :- g(t(_,_),_,V), |V| <= 215.
tie(K,S,Z,F,C) :- apt(K,S,Z,F), not breaks(K,S,Z,F), relation(F,C), given(t(K,S),G), G >= 3.

% How simple it can be, and one choice of rules that is simple enough.
least(K,S,M) :- kind(t(K,S),_), M = #min { C : fit(t(K,S),C,_,_) ; C : tie(K,S,_,_,C) }, M < 1000.
total(K,M) :- stage(K), #count { S : kind(t(K,S),_) } = N, #count { S : least(K,S,_) } = N,
  M = #sum { C,S : least(K,S,C) }.
best(M) :- M = #min { C,K : total(K,C), K > 0 }, total(_,M).
1 { chosen(K) : total(K,_) } 1.
1 { alone(K,S,C,V) : fit(t(K,S),C,_,V) ; tied(K,S,Z,F,C) : tie(K,S,Z,F,C) } 1 :- chosen(K), kind(t(K,S),_).
:- chosen(K), K > 0, best(B), #sum { C,S : alone(K,S,C,_) ; C,S : tied(K,S,_,_,C) } > B + slack.
value(S,V) :- alone(K,S,_,V).
value(S,W) :- tied(K,S,Z,F,_), value(Z,V), image(F,V,W).
proper(S) :- chosen(K), kind(t(K,S),letter), value(S,1..26).
proper(S) :- chosen(K), kind(t(K,S),number), value(S,V), V <= 9999999, low(S,L), L <= V.
:- chosen(K), asked(K,S), not proper(S).
% lost(K,S,V): what stood where the term at place K was left out; the rules must not give it again.
:- chosen(K), lost(K,_,_), not differs.
differs :- chosen(K), lost(K,S,V), not value(S,V).
"""


def recheck(problem: Series, ask: Ask) -> tuple[Status, ...] | None:
    """The statuses of the choices by clingo; None where no rule gives all the terms."""
    return ask("\n".join((RULES, *_facts(problem))), len(problem.choices))


def _facts(problem: Series) -> Iterator[str]:
    terms = list(problem.terms)
    yield f"#const slack = {1 if problem.conventions.rule == 'near' else 0}."
    yield "#defined earlier/3. #defined off/1. #defined asked/2. #defined lost/3."
    if isinstance(problem.query, Find):
        place = problem.query.place
        yield from _stage(1, [*terms[: place - 1], None, *terms[place - 1 :]], 0)
        yield from _offered(problem)
        return
    yield from _stage(0, [*terms, None], 0)
    for k, term in enumerate(terms, 1):
        yield from _stage(k, [*terms[: k - 1], None, *terms[k:]], 1)
        yield from _left_out(k, terms)
        for i, choice in enumerate(problem.choices):
            if choice == term:
                yield f"claim({i}) :- chosen({k})."
        if term not in problem.choices:
            yield from (f"claim({i}) :- chosen({k})." for i, choice in enumerate(problem.choices) if choice == NONE)


def _stage(k: int, terms: Sequence[str | None], left_out: int) -> Iterator[str]:
    split = strands(terms)
    if split is None:
        return
    yield f"stage({k})."
    for s, strand in enumerate(split):
        yield f"kind(t({k},{s}),{strand.kind}). len(t({k},{s}),{len(strand.values)})."
        yield f"given(t({k},{s}),{len(strand.values) - 1 - (left_out if strand.asked else 0)})."
        for place, value in enumerate(strand.values, 1):
            yield f"hole(t({k},{s}),{place})." if value is None else f"g(t({k},{s}),{place},{value})."
        if strand.asked:
            yield f"asked({k},{s})."
        yield f"low({s},{-9_999_999 if _alone(split, strand) else 0})."
        yield from (f"earlier({k},{s},{z})." for z in range(s) if split[z].group == strand.group)


def _left_out(k: int, terms: Sequence[str]) -> Iterator[str]:
    split = strands([*terms[: k - 1], None, *terms[k:]]) or ()
    asked = [s for s, strand in enumerate(split) if strand.asked]
    shape = parts(terms[k - 1])
    if tuple(kind for kind, _ in shape) == tuple(split[s].kind for s in asked):
        yield from (f"lost({k},{s},{value})." for s, (_, value) in zip(asked, shape, strict=True))


def _alone(split: Sequence[Strand], strand: Strand) -> bool:
    return sum(other.group == strand.group for other in split) == 1


def _offered(problem: Series) -> Iterator[str]:
    terms: list[str | None] = list(problem.terms)
    place = problem.query.place if isinstance(problem.query, Find) else 0
    split = strands([*terms[: place - 1], None, *terms[place - 1 :]]) or ()
    asked = [(s, strand.kind) for s, strand in enumerate(split) if strand.asked]
    named = []
    for i, choice in enumerate(problem.choices):
        shape = () if choice == NONE else parts(choice)
        if choice != NONE and tuple(kind for kind, _ in shape) == tuple(kind for _, kind in asked):
            body = ", ".join(f"value({s},{value})" for (s, _), (_, value) in zip(asked, shape, strict=True))
            yield f"claim({i}) :- chosen(1), {body}."
            named.append(f"not claim({i})")
    for i, choice in enumerate(problem.choices):
        if choice == NONE:
            yield f"claim({i}) :- {', '.join(['chosen(1)', *named])}."
