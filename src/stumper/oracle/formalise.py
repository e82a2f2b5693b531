"""Reads a question's English with models, sentence by sentence, where they and the solver agree on what it says.

Each engine, and the family's grammar as far as it reads the text, is a reader of its own. Two readers agree on a
sentence when the solver finds no model of the scene that tells their clues apart (`sameness`). Where they differ the
engines are asked whether the sentence holds in the very models that tell them apart. One that says the same of a model
of its own clues and of one against them has no opinion, and is not counted. Nothing is taken that the grammar reads
otherwise, and a sentence on which too few agree leaves the question unread. That readers agree is no proof that they
read rightly: a ruling on such a problem says who read the text.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from pydantic import ValidationError

from stumper import puzzles
from stumper.engines import Engine
from stumper.errors import BadInput
from stumper.oracle import readers
from stumper.oracle.readers import Heard
from stumper.oracle.sameness import Clues, Scene, apart, clue_field, described, model_of, same, scene
from stumper.oracle.text import MOST_CHARACTERS
from stumper.puzzles import Problem, TooLarge, Unread
from stumper.types import Question, Request, canonical

MOST_READERS = 8
MOST_SENTENCES = 40
MOST_WAYS = 4
"""Ways to read one sentence between which the engines are asked."""
MOST_LEFT_OUT = 4
"""Sentences without which the grammar reads the text."""

GRAMMAR = "the grammar"

TWO_WAYS = "two ways"
"""In the grammar's words on a sentence that it understands only too well: no vote makes it unambiguous."""

_END = re.compile(r"(?<=[.?!])[\"'\u2019\u201d)]*\s+(?=[\"'\u2018\u201c(]*[A-Z\u00c0-\u00de0-9])")
_ABBREVIATED = re.compile(r"(?:^|[\s(\"'])(?:Mr|Mrs|Ms|Dr|St|No|vs|e\.g|i\.e|[A-Z]|[IVX]+)\.$")
_QUOTES = ((r"(?:^|[\s(:,])['\u2018]", r"['\u2019](?=[\s.,;:!?)]|$)"), ("\u201c", "\u201d"))
_LEANS = re.compile(
    r"\b(?:he|she|it|they|him|her|hers|his|them|their|theirs|its|this|that|these|those|latter|former|both|same|other"
    r"|others|another|whose|who|whom|which|there|one)\b",
    re.IGNORECASE,
)
"""Words by which a sentence may lean on another one."""


class Grammar(NamedTuple):
    """What the family's own reader makes of the text."""

    scene: Scene
    whole: bool
    """It reads every sentence; otherwise some are left out."""
    clues: Clues
    by_sentence: Mapping[int, Clues] | None
    """Of the sentences that it reads; None where it does not say which sentence a clue is from."""


class Way(NamedTuple):
    """One way to read a sentence, and who reads it so; the first states it."""

    clues: Clues
    readers: tuple[str, ...]


def formalise(question: Question, engines: Mapping[str, Engine], family: str, quorum: int = 2) -> Problem:
    """The problem on which the readers agree, each clue with its sentence in `said`.

    `engines`: by name, each another model. `quorum`: the fewest readers that must agree on a sentence; they must also
    be most of those that have an opinion. Raises Unread with the sentence on which they do not, TooLarge, and BadInput
    for engines or a quorum that cannot work.
    """
    if not 1 <= len(engines) <= MOST_READERS or GRAMMAR in engines:
        raise BadInput(
            f"{len(engines)} engines; give 1 to {MOST_READERS} to read a text, none of them called {GRAMMAR!r}"
        )
    if not 2 <= quorum <= len(engines) + 1:
        raise BadInput(f"a quorum of {quorum} of {len(engines)} engines and the grammar; give 2 to {len(engines) + 1}")
    if len(readers.text_of(question)) > MOST_CHARACTERS:
        raise Unread(question.stem[:60], f"longer than {MOST_CHARACTERS:,} characters")
    said = sentences(question.stem)
    if len(said) > MOST_SENTENCES:
        raise Unread(said[MOST_SENTENCES], f"more than {MOST_SENTENCES} sentences")
    grammar = _grammar(question, family, said)
    stated = grammar.scene if grammar and grammar.whole else _agreed_scene(question, engines, family, quorum, grammar)
    asked = [readers.sentence_request(question, stated, sentence, i) for i, sentence in enumerate(said)]
    replies = readers.ask(engines, dict.fromkeys(engines, asked))
    opinions: list[dict[str, Heard]] = []
    for i in range(len(said)):
        heard = {name: readers.heard(replies[name][i], stated, question, i) for name in engines}
        opinions.append({name: each for name, each in heard.items() if each is not None})
        if grammar and grammar.by_sentence and i in grammar.by_sentence:
            clues = grammar.by_sentence[i]
            opinions[i] = {GRAMMAR: Heard(says="clues" if clues else "scene", clues=clues), **opinions[i]}
    agreed = _settle(question, engines, stated, said, opinions, quorum)
    return _whole(question, stated, said, agreed, grammar)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text; what is quoted in one belongs to it."""
    found: list[str] = []
    start = 0
    for end in [*(match.end() for match in _END.finditer(text)), len(text)]:
        piece = text[start:end].strip()
        if end < len(text) and (_ABBREVIATED.search(piece) or _is_open(piece)):
            continue
        found += [piece] if piece else []
        start = end
    return tuple(found)


def _is_open(piece: str) -> bool:
    if piece.count('"') % 2:
        return True
    return any(len(re.findall(opens, piece)) > len(re.findall(closes, piece)) for opens, closes in _QUOTES)


def _grammar(question: Question, name: str, said: Sequence[str]) -> Grammar | None:
    """The grammar's reading, if need be without a few sentences that it stumbles over.

    Raises Unread for a sentence that it reads in two ways.
    """
    family = puzzles.family(name)
    left = list(range(len(said)))
    for _ in range(MOST_LEFT_OUT + 1):
        whole = len(left) == len(said)
        try:
            problem = family.read(question.stem if whole else " ".join(said[i] for i in left), question.choices)
        except TooLarge:
            return None
        except Unread as unread:
            if TWO_WAYS in unread.why:
                raise
            where = [i for i in left if unread.sentence and _plain(unread.sentence) in _plain(said[i])]
            if len(where) != 1 or len(left) == 1:
                return None
            left.remove(where[0])
            continue
        stated = scene(name, problem.model_dump(mode="json", exclude={clue_field(type(problem))}))
        clues = tuple(getattr(problem, stated.field))
        return Grammar(stated, whole, clues, _by_sentence(clues, problem.said, said, left))
    return None


def _by_sentence(
    clues: Clues, origins: Sequence[str], said: Sequence[str], left: Sequence[int]
) -> Mapping[int, Clues] | None:
    """The clues of each of the sentences that were left in; None where it is not known whence each comes."""
    if len(origins) != len(clues):
        return None
    found: dict[int, Clues] = dict.fromkeys(left, ())
    last = 0
    for clue, origin in zip(clues, origins, strict=True):
        where = [i for i in left if _plain(origin) in _plain(said[i])]
        if not where:
            return None
        # The same words twice: clues come in the order of the text.
        last = next((i for i in where if i >= last), where[0])
        found[last] = (*found[last], clue)
    if len(left) < len(said):
        # Without the sentences that were left out, "she" may be somebody else.
        return {i: each for i, each in found.items() if not _LEANS.search(said[i])}
    return found


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _agreed_scene(
    question: Question, engines: Mapping[str, Engine], name: str, quorum: int, grammar: Grammar | None
) -> Scene:
    request = readers.frame_request(question, name)
    replies = readers.ask(engines, dict.fromkeys(engines, (request,)))
    stated = {each: readers.heard_frame(replies[each][0], question, name) for each in engines}
    known = {each: found for each, found in stated.items() if found is not None}
    if grammar:
        known = {GRAMMAR: grammar.scene, **known}
    ways: dict[str, list[str]] = {}
    for each, found in known.items():
        ways.setdefault(_scene_known_as(found), []).append(each)
    for supporters in ways.values():
        if _wins(supporters, known, quorum):
            return known[supporters[0]]
    raise Unread(
        question.stem[:200], f"of readers that state its scene ({len(known)}) fewer than {quorum}, or not most, agree"
    )


def _scene_known_as(scene: Scene) -> str:
    """One text for scenes that differ only in the order in which people are named."""
    data = scene.bare.model_dump(mode="json")
    names = {"people", "things", "roles"} & data.keys()
    return canonical(data | {field: sorted(data[field]) for field in names})


def _wins(supporters: Sequence[str], counted: Mapping[str, object] | set[str], quorum: int) -> bool:
    """Whether these are enough, are most, and have the grammar with them where it has an opinion."""
    enough = len(supporters) >= quorum and 2 * len(supporters) > len(counted)
    return enough and (GRAMMAR in supporters or GRAMMAR not in counted)


def _settle(
    question: Question,
    engines: Mapping[str, Engine],
    stated: Scene,
    said: Sequence[str],
    opinions: Sequence[Mapping[str, Heard]],
    quorum: int,
) -> list[Clues]:
    """The clues of each sentence on which enough readers agree, after those who differ were asked about models."""
    found: list[Clues] = []
    disputed: dict[int, Sequence[Way]] = {}
    for i, opinion in enumerate(opinions):
        ways = _ways(stated, opinion)
        found.append(ways[0].clues if ways else ())
        if len(ways) == 1 and _wins(ways[0].readers, opinion, quorum):
            continue
        if not 1 < len(ways) <= MOST_WAYS:
            raise Unread(said[i], _too_few(opinion, ways, quorum))
        disputed[i] = ways
    # All that no verdict can settle is refused before anybody is asked.
    trials = {i: _trial(question, stated, said[i], i, ways) for i, ways in disputed.items()}
    owed = {name: [r for trial in trials.values() for r in trial.requests(name)] for name in engines}
    answered = {name: iter(replies) for name, replies in readers.ask(engines, owed).items()}
    for i, trial in trials.items():
        verdicts = {
            name: [readers.verdict(next(answered[name])) for _ in trial.requests(name)]
            for name in engines
            if trial.requests(name)
        }
        dissent = {name for name, heard in opinions[i].items() if heard.says == "more"}
        found[i] = _decided(trial, verdicts, dissent, quorum)
    return found


def _ways(stated: Scene, opinion: Mapping[str, Heard]) -> list[Way]:
    ways: list[Way] = []
    for name, heard in opinion.items():
        if heard.says == "more":
            continue
        for n, way in enumerate(ways):
            if same(stated, way.clues, heard.clues):
                ways[n] = way._replace(readers=(*way.readers, name))
                break
        else:
            ways.append(Way(heard.clues, (name,)))
    return ways


def _too_few(opinion: Mapping[str, Heard], ways: Sequence[Way], quorum: int) -> str:
    most = max((len(way.readers) for way in ways), default=0)
    return f"of readers with an opinion ({len(opinion)}) too few agree ({most}; {quorum} are needed, and most of all)"


class Trial(NamedTuple):
    """The models about which the engines are asked, and what their answers speak against."""

    sentence: str
    ways: Sequence[Way]
    probes: Mapping[int, tuple[Request, Request]]
    """By way: one where it holds, one where it does not."""
    between: Sequence[tuple[int, int, Request]]
    """(way that holds, way that does not, model)."""

    def requests(self, name: str) -> list[Request]:
        """What this reader is asked; nothing where there is no telling whether its answers mean anything."""
        own = next((n for n, way in enumerate(self.ways) if name in way.readers), None)
        if own is None or own not in self.probes:
            return []
        return [*self.probes[own], *(request for _, _, request in self.between)]


def _trial(question: Question, stated: Scene, sentence: str, number: int, ways: Sequence[Way]) -> Trial:
    probes: dict[int, tuple[Request, Request]] = {}
    for n, way in enumerate(ways):
        holds, fails = model_of(stated, way.clues), apart(stated, (), way.clues)
        if holds is None or fails is None or fails.model is None:
            continue
        pair = [
            readers.verdict_request(question, sentence, model, number, n, kind)
            for kind, model in (("holds", holds), ("fails", fails.model))
        ]
        if pair[0] is not None and pair[1] is not None:
            probes[n] = (pair[0], pair[1])
    between: list[tuple[int, int, Request]] = []
    for a, b in combinations(range(len(ways)), 2):
        before = len(between)
        for one, other in ((a, b), (b, a)):
            found = apart(stated, ways[one].clues, ways[other].clues)
            if found is not None and found.model is not None:
                request = readers.verdict_request(question, sentence, found.model, number, one, other)
                between += [(one, other, request)] if request is not None else []
        if len(between) == before:
            raise Unread(sentence, "its readers differ, and no model shows in what:")
    return Trial(sentence, ways, probes, between)


def _decided(trial: Trial, verdicts: Mapping[str, Sequence[bool | None]], dissent: set[str], quorum: int) -> Clues:
    supporters: list[list[str]] = [[] for _ in trial.ways]
    counted = set(dissent)
    for n, way in enumerate(trial.ways):
        if GRAMMAR in way.readers:
            supporters[n].append(GRAMMAR)
            counted.add(GRAMMAR)
    for name, said in verdicts.items():
        if None in said or said[0] == said[1]:
            continue
        counted.add(name)
        against = {other if holds else one for (one, other, _), holds in zip(trial.between, said[2:], strict=True)}
        for n in range(len(trial.ways)):
            if n not in against:
                supporters[n].append(name)
    won = [n for n, each in enumerate(supporters) if _wins(each, counted, quorum)]
    if len(won) != 1:
        shown = ", ".join(str(len(each)) for each in supporters)
        raise Unread(
            trial.sentence, f"read in {len(trial.ways)} ways, by {shown} of {len(counted)} readers that count:"
        )
    return trial.ways[won[0]].clues


def _whole(
    question: Question, stated: Scene, said: Sequence[str], agreed: Sequence[Clues], grammar: Grammar | None
) -> Problem:
    clues = tuple(clue for each in agreed for clue in each)
    origins = tuple(sentence for sentence, each in zip(said, agreed, strict=True) for _ in each)
    if grammar and grammar.whole and grammar.by_sentence is None and not same(stated, clues, grammar.clues):
        raise Unread(question.stem[:200], "its grammar reads it otherwise than the models do:")
    try:
        described(stated, clues, readers.text_of(question))
        data = stated.with_clues(clues).model_dump(mode="json")
        return stated.family.load(data).model_copy(update={"said": origins})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise Unread(question.stem[:200], f"its clues make no problem ({first['msg']}):"[:200]) from error
