"""Many matches: who plays is drawn (`draw`), each ball is kept as it is played, and none is played twice."""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from filelock import FileLock, Timeout
from pydantic import Field, ValidationError

from stumper import oracle, puzzles
from stumper.ability import Abilities, abilities
from stumper.arena.draw import Form, Meeting, Result, final_order, next_round, rounds
from stumper.arena.match import Delivery, Entry, Match, Prove, Seconds, deliveries, play
from stumper.arena.rules import Rules
from stumper.arena.scoring import judge, summarise
from stumper.errors import BadInput, StumperError
from stumper.store import append_line, cut_torn_line, replace_text, whole_lines, writing
from stumper.types import LETTERS, Ball, Failure, Judged, MatchSummary, Value, canonical, seed_for

HIDDEN = 20
"""Proven questions of the setter that decide a drawn match of a knockout, by the answer agents alone."""

SIMULATED = 2000
"""Tournaments that are simulated to say how often the strongest entry wins one."""

Watch = Callable[[str, int, int], None]
"""Told (match, balls played, balls due)."""


class Settings(Value):
    format: Form = "knockout"
    n: int = Field(20, ge=1)
    """Questions in an innings."""
    seed: int = 0
    families: tuple[str, ...] = ()
    """Only the edition's topics of these puzzle families; empty: all that it has."""


class Tournament(Value):
    """What a folder of matches was played by; another one is not played into it."""

    rules: Rules
    settings: Settings
    entrants: dict[str, str]
    """Name -> what plays under it, the best seed first."""


class Outcome(Value):
    """How one meeting came out."""

    round: int
    a: str
    b: str | None
    winner: str | None
    scores: dict[str, float]
    by: Literal["score", "disqualification", "tie", "bye", "hidden questions", "seed"]

    def result(self) -> Result:
        return Result(Meeting(self.round, self.a, self.b), self.winner, self.scores)


class Played(NamedTuple):
    """One match as it stands on disk."""

    record: Outcome
    match: Match | None
    """None for a bye."""
    summary: MatchSummary | None
    judged: tuple[Judged, ...]


class Standings(NamedTuple):
    order: tuple[str, ...]
    """By the format: the first one has won."""
    abilities: Abilities
    best_wins: float
    """How often the entry that is strongest by these balls would win a tournament of this format and length."""
    even_winner: float
    """How often two identical sides would show a winner in a match of this length, at the mean level."""


def hold(
    rules: Rules,
    entries: Mapping[str, Entry],
    settings: Settings,
    folder: Path,
    references: Mapping[str, str] | None = None,
    prove: Prove = oracle.prove,
    watch: Watch = lambda *_: None,
    jobs: int = 1,
) -> Iterator[Played]:
    """Play a tournament into `folder`, or go on with one that was stopped there; yields each match once it is decided.

    `entries` in the order of their seeds; `references`: what plays under each name. In a round nobody plays twice, so
    `jobs` matches of it may be played at once, where the machine bears that. Raises BadInput for a folder of another
    tournament, StumperError when an engine fails: the same call goes on.
    """
    names = list(entries)
    told = Tournament(rules=rules, settings=settings, entrants=dict(references or {n: n for n in names}))
    _open(folder, told)
    meetings = folder / "meetings.jsonl"
    play_one = _player(rules, entries, settings, folder, prove, watch)
    results: list[Result] = []
    with _alone(folder), ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        cut_torn_line(meetings)
        decided = {(r.round, r.a, r.b): r for r in _records(meetings)}
        while drawn := next_round(settings.format, names, results):
            for meeting, played in zip(drawn, _in_order(pool, play_one, drawn, jobs), strict=True):
                judged, summary = _judged(played)
                record = decided.get((meeting.round, meeting.a, meeting.b))
                if record is None:
                    record = _decide(meeting, summary, entries, settings, names)
                    append_line(meetings, record.model_dump(mode="json"))
                results.append(record.result())
                yield Played(record, played, summary, judged)


def read(folder: Path) -> tuple[Tournament, list[Played]]:
    """A tournament that was played, whole or in part. Raises BadInput when the folder holds none."""
    told = _told(folder / "tournament.json")
    found = []
    for record in _records(folder / "meetings.jsonl"):
        meeting = Meeting(record.round, record.a, record.b)
        match = _match(told.rules, (record.a, record.b), _kept(_path(folder, meeting))) if record.b else None
        judged, summary = _judged(match)
        found.append(Played(record, match, summary, judged))
    return told, found


def standings(told: Tournament, played: Sequence[Played]) -> Standings:
    """Who is how strong, and what a tournament like this can tell."""
    names, settings = list(told.entrants), told.settings
    places = {name: place for place, name in enumerate(names)}
    balls = [
        (places[j.ball.answerer], places[j.ball.asker], j.correct) for each in played for j in each.judged if j.counted
    ]
    strength = abilities(names, balls, settings.seed)
    order = final_order(settings.format, names, [each.record.result() for each in played])
    even = [each.summary.even_winner for each in played if each.summary]
    return Standings(
        tuple(order), strength, _best_wins(strength, names, settings), sum(even) / len(even) if even else 0.0
    )


def _open(folder: Path, told: Tournament) -> None:
    path = folder / "tournament.json"
    if path.exists():
        if _told(path) != told:
            raise BadInput(
                f"{folder} holds another tournament; choose another folder, or the same entries and settings"
            )
        return
    with writing(folder):
        (folder / "matches").mkdir(parents=True, exist_ok=True)
    replace_text(path, canonical(told) + "\n")


def _told(path: Path) -> Tournament:
    try:
        return Tournament.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{path.parent} holds no tournament: it has no {path.name}") from error
    except ValidationError as error:
        raise BadInput(f"{path} is damaged or of another version; choose another folder") from error


def _records(path: Path) -> list[Outcome]:
    found = []
    for number, line in enumerate(whole_lines(path), start=1):
        try:
            found.append(Outcome.model_validate_json(line))
        except ValidationError as error:
            raise BadInput(
                f"{path}, line {number}: no result of a meeting; delete that line, it is made again"
            ) from error
    return found


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise StumperError(f"somebody else is playing the tournament in {folder}; wait for it or stop it") from error
    try:
        yield
    finally:
        lock.release()


class Kept(Value):
    """A line of a match's file."""

    key: str
    ball: Ball
    seconds: Seconds


def _path(folder: Path, meeting: Meeting) -> Path:
    return folder / "matches" / f"{meeting.round:03d}-{meeting.a}-{meeting.b}.jsonl"


def _kept(path: Path) -> dict[str, Kept]:
    found = {}
    for number, line in enumerate(whole_lines(path), start=1):
        try:
            kept = Kept.model_validate_json(line)
        except ValidationError as error:
            raise BadInput(f"{path}, line {number}: no ball; delete that line, it is played again") from error
        found[kept.key] = kept
    return found


def _match(rules: Rules, sides: tuple[str, str], kept: Mapping[str, Kept]) -> Match:
    balls = tuple(each.ball for each in kept.values())
    return Match(rules=rules, sides=sides, balls=balls, seconds={key: each.seconds for key, each in kept.items()})


def read_match(path: Path) -> Match:
    """One match of a tournament, from its file. Raises BadInput for what is none."""
    told = _told(path.parent.parent / "tournament.json")
    kept = _kept(path)
    first = next((each.ball for each in kept.values()), None)
    if first is None:
        raise BadInput(f"{path} holds no ball")
    sides = (first.asker, first.answerer) if first.innings == 1 else (first.answerer, first.asker)
    return _match(told.rules, sides, kept)


PlayOne = Callable[[Meeting], Match | None]


def _in_order(
    pool: ThreadPoolExecutor, play_one: PlayOne, drawn: Sequence[Meeting], jobs: int
) -> Iterator[Match | None]:
    """The matches of a round in its order; without threads where one is played at a time."""
    return map(play_one, drawn) if jobs <= 1 else pool.map(play_one, drawn)


def _player(
    rules: Rules,
    entries: Mapping[str, Entry],
    settings: Settings,
    folder: Path,
    prove: Prove,
    watch: Watch,
) -> PlayOne:
    def play_one(meeting: Meeting) -> Match | None:
        """Play what is owed of a match; None for a bye."""
        if meeting.b is None:
            return None
        seed = seed_for(settings.seed, "match", meeting.round, meeting.a, meeting.b)
        due = deliveries(rules, settings.n, seed, (meeting.a, meeting.b), settings.families)
        path = _path(folder, meeting)
        cut_torn_line(path)
        kept = _kept(path)
        if owed := {key: delivery for key, delivery in due.items() if key not in kept}:
            kept |= _play_owed(rules, entries, path, owed, prove, lambda made: watch(path.stem, made, len(owed)))
        return _match(rules, (meeting.a, meeting.b), {key: kept[key] for key in due})

    return play_one


def _play_owed(
    rules: Rules,
    entries: Mapping[str, Entry],
    path: Path,
    owed: Mapping[str, Delivery],
    prove: Prove,
    told: Callable[[int], None],
) -> dict[str, Kept]:
    played = {}
    with writing(path), path.open("ab") as file:
        for key, ball, ledger in play(rules, owed, entries, prove):
            if isinstance(ball, Failure):
                raise StumperError(f"{path.stem}, ball {key}: {ball.message}; mend that, the same command goes on")
            seconds = Seconds(question=ledger["question_seconds"], answer=ledger.get("answer_seconds", 0.0))
            played[key] = Kept(key=key, ball=ball, seconds=seconds)
            file.write(played[key].model_dump_json().encode() + b"\n")
            file.flush()
            told(len(played))
    return played


def _judged(match: Match | None) -> tuple[tuple[Judged, ...], MatchSummary | None]:
    if match is None:
        return (), None
    judged = judge(match.rules, match.balls, match.seconds)
    return tuple(judged), summarise(match.rules, match.sides, judged)


def _decide(
    meeting: Meeting,
    summary: MatchSummary | None,
    entries: Mapping[str, Entry],
    settings: Settings,
    names: Sequence[str],
) -> Outcome:
    fields: dict[str, Any] = {"round": meeting.round, "a": meeting.a, "b": meeting.b}
    if summary is None or meeting.b is None:
        return Outcome(**fields, winner=meeting.a, scores={}, by="bye")
    fields["scores"] = {side: total.points for side, total in summary.totals.items()}
    if summary.winner or settings.format != "knockout":
        return Outcome(**fields, winner=summary.winner, by=summary.decided_by)
    first, second = hidden_questions(meeting, entries, settings)
    if first != second:
        return Outcome(**fields, winner=meeting.a if first > second else meeting.b, by="hidden questions")
    return Outcome(**fields, winner=min((meeting.a, meeting.b), key=names.index), by="seed")


def hidden_questions(meeting: Meeting, entries: Mapping[str, Entry], settings: Settings) -> tuple[int, int]:
    """How many of the same fresh proven questions each side's answer agent has right, in time or not at all."""
    topics = settings.families or puzzles.families()
    right = [0, 0]
    for number in range(HIDDEN):
        rng = random.Random(seed_for(settings.seed, "hidden", meeting.round, meeting.a, str(meeting.b), number))
        question = puzzles.family(topics[number % len(topics)]).make(rng, 3)
        for side, name in enumerate((meeting.a, meeting.b or "")):
            answer = entries[name].answerer.answer(question).answer
            right[side] += not answer.fallback and LETTERS[answer.choice] == question.key
    return right[0], right[1]


def _best_wins(found: Abilities, names: Sequence[str], settings: Settings) -> float:
    """Simulated: how often the strongest entry wins, with balls drawn by the fitted chances and seeds as given."""
    best = max(range(len(names)), key=lambda i: found.strengths[i].total)
    rng = np.random.default_rng(seed_for(settings.seed, "bracket"))
    times = max(1, min(SIMULATED, 400_000 // max(1, len(names) * rounds(settings.format, len(names)))))
    places = {name: place for place, name in enumerate(names)}
    wins = 0
    for _ in range(times):
        results: list[Result] = []
        while drawn := next_round(settings.format, names, results):
            results += [_simulated(found, places, meeting, settings, rng) for meeting in drawn]
        wins += final_order(settings.format, names, results)[0] == names[best]
    return wins / times


def _simulated(
    found: Abilities, places: Mapping[str, int], meeting: Meeting, settings: Settings, rng: np.random.Generator
) -> Result:
    if meeting.b is None:
        return Result(meeting, meeting.a, {})
    a, b = places[meeting.a], places[meeting.b]
    right_a, right_b = rng.binomial(settings.n, [found.chance(a, b), found.chance(b, a)])
    winner = meeting.a if right_a > right_b else meeting.b if right_b > right_a else None
    if winner is None and settings.format == "knockout":
        winner = meeting.a if rng.random() < 0.5 else meeting.b
    return Result(meeting, winner, {meeting.a: float(right_a - right_b), meeting.b: float(right_b - right_a)})


def as_json(told: Tournament, played: Sequence[Played], found: Standings) -> str:
    """The outcome for other programs: order, strengths, results."""
    return json.dumps(
        {
            "edition": told.rules.edition,
            "format": told.settings.format,
            "order": found.order,
            "strengths": [s._asdict() for s in found.abilities.strengths],
            "best_wins": found.best_wins,
            "even_winner": found.even_winner,
            "results": [each.record.model_dump(mode="json") for each in played],
        },
        indent=2,
    )
