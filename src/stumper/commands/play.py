"""Agents and the arena."""

import contextlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from stumper.commands.shared import of, open_entry, output, questions_of, say
from stumper.errors import BadInput, StumperError


def ask(arguments: Any) -> None:
    from stumper import arena, puzzles

    rules = arena.load_rules(arguments.rules)
    entry, engine = open_entry(arguments.model, arguments, rules)
    try:
        handed = arena.ask_to_file(entry, rules, arguments.n, arguments.seed, arguments.out, puzzles.families())
    finally:
        engine.close()
    _report_handed(handed, arguments.out, "questions", rules.question.seconds)


def answer(arguments: Any) -> None:
    from stumper import arena
    from stumper.files import read_records

    rules = arena.load_rules(arguments.rules)
    records = [record for _, record in read_records(arguments.file)]
    entry, engine = open_entry(arguments.model, arguments, rules)
    try:
        handed = arena.answer_file(entry, rules, records, arguments.out)
    finally:
        engine.close()
    _report_handed(handed, arguments.out, "answers", rules.answer.seconds)


def _report_handed(handed: Any, out: Path, noun: str, limit: float) -> None:
    slowest = max(handed.seconds, default=0.0)
    print(f"{out}: {handed.written} of {handed.due} {noun}, {handed.passed} pass the filter, {handed.late} late")
    print(f"slowest {slowest:.1f} s of {limit:g} s" + (f"; {handed.guessed} guessed" if handed.guessed else ""))
    if handed.written < handed.due:
        raise StumperError(f"{handed.due - handed.written} {noun} are missing: the model wrote none in time")


def check(arguments: Any) -> None:
    from stumper import arena, student
    from stumper.engines import open_engine
    from stumper.files import read_records

    rules = arena.load_rules(arguments.rules)
    engine = open_engine(student.spec_of(arguments.model)[0]) if arguments.model else None
    if engine is None:
        say("no --model: 4 characters are counted as a token")
    count = engine.count_tokens if engine else lambda text: -(-len(text) // 4)
    failed = 0
    for place, record in read_records(arguments.file):
        problems = arena.check_question(record, rules, count)
        failed += bool(problems)
        print(f"{'FAIL' if problems else 'ok  '} {place}{': ' if problems else ''}{'; '.join(problems)}")
    if engine:
        engine.close()
    if failed:
        raise StumperError(f"{failed} questions do not pass the filter of {rules.edition}")


def evaluate(arguments: Any) -> None:
    from stumper import arena, evaluate, student
    from stumper.engines import EngineRuntime, open_engine
    from stumper.types import Failure

    rules = arena.load_rules(arguments.rules)
    questions = dict(questions_of(arguments.data))
    spec, calibration = student.spec_of(arguments.model, arguments.engine)
    recipe = evaluate.Recipe(seed=arguments.seed, entries=(spec.name,), deadline=rules.answer.seconds)
    engine = open_engine(spec, EngineRuntime(url=arguments.url))
    graded, seconds = [], []
    calibrations = {spec.name: calibration} if calibration else {}
    try:
        with output(arguments.out) if arguments.out else contextlib.nullcontext(lambda _: None) as write:
            owed = evaluate.tasks(recipe, questions)
            for key, mark, ledger in evaluate.answer(recipe, owed, questions, calibrations, {spec.name: engine}):
                if isinstance(mark, Failure):
                    raise StumperError(f"{key}: {mark.message}")
                graded.append(mark)
                seconds.append(ledger["seconds"])
                write(mark.model_dump(mode="json") | ledger)
    finally:
        engine.close()
    card = evaluate.scorecard(graded, seconds, rules.answer.seconds)
    print(json.dumps(card.model_dump(mode="json"), indent=2))


def play(arguments: Any) -> None:
    from stumper import arena, oracle, puzzles
    from stumper.store import replace_text

    rules = arena.load_rules(arguments.rules)
    a, one = open_entry(arguments.a, arguments, rules, "a")
    b, other = open_entry(arguments.b, arguments, rules, "b")
    try:
        owed = arena.deliveries(rules, arguments.n, arguments.seed, ("a", "b"), puzzles.families())
        match = arena.keep(rules, ("a", "b"), arena.play(rules, owed, {"a": a, "b": b}, oracle.prove))
    finally:
        one.close()
        other.close()
    if arguments.out:
        replace_text(arguments.out, match.model_dump_json() + "\n")
    print("\n".join(_result(match.sides, arena.score(match))))


def tournament(arguments: Any) -> None:
    from stumper import arena, puzzles
    from stumper.arena import tournament
    from stumper.progress import Progress
    from stumper.store import replace_text

    rules = arena.load_rules(arguments.rules)
    references = _named(arguments.entries)
    settings = tournament.Settings(
        format=arguments.format, n=arguments.n, seed=arguments.seed, families=puzzles.families()
    )
    engines: list[Any] = []
    entries = {}
    try:
        for name, reference in references.items():
            entries[name], engine = open_entry(reference, arguments, rules, name)
            engines.append(engine)
        played = []
        with Progress() as progress:
            held = tournament.hold(
                rules, entries, settings, arguments.out, references, watch=progress.watch, jobs=arguments.jobs
            )
            for each in held:
                played.append(each)
                progress.say(_met(each.record))
    finally:
        for engine in engines:
            engine.close()
    told, _ = tournament.read(arguments.out)
    found = tournament.standings(told, played)
    replace_text(arguments.out / "standings.json", tournament.as_json(told, played, found) + "\n")
    replace_text(arguments.out / "report.html", _cup(told, played, found))
    print("\n".join(_standings(played, found)))
    print(f"report: {arguments.out / 'report.html'}")


def _cup(told: Any, played: Sequence[Any], found: Any) -> str:
    """The tournament's report."""
    from stumper import arena, stats
    from stumper.arena.match import key
    from stumper.report import cup

    judged = [j for each in played for j in each.judged]
    strengths = {s.name: s for s in found.abilities.strengths}
    seconds: dict[str, list[float]] = {}
    for each in played:
        for ball in each.match.balls if each.match else ():
            if ball.reply is not None:
                seconds.setdefault(ball.answerer, []).append(each.match.seconds[key(ball.innings, ball.number)].answer)
    limit = told.rules.answer.seconds
    rows = []
    for line in arena.lines(found.order, judged):
        s = strengths[line.name]
        took = stats.times(seconds[line.name], limit) if line.name in seconds else None
        model, causes = told.entrants[line.name], {str(why): n for why, n in line.causes.items()}
        rows.append(cup.Row(line.name, model, line.answers, line.stumps, s.total, s.low, s.high, s.first, causes, took))
    met = [cup.Met(r.round, r.a, r.b, r.scores, r.winner, r.by, each.judged) for each in played for r in (each.record,)]
    about = (told.rules.title, told.settings.format, f"{told.settings.n} questions an innings")
    return cup.render(f"{len(rows)} entries, a {told.settings.format}", about, rows, met, (_controls(found),))


def _named(entries: Sequence[str]) -> dict[str, str]:
    """Name -> model reference, of "NAME=MODEL" or a reference alone. Raises BadInput for names that are no file's."""
    import re

    found: dict[str, str] = {}
    for entry in entries:
        name, equals, reference = entry.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z0-9._]+", name):
            name, reference = re.sub(r"[^A-Za-z0-9._]+", "_", Path(entry.split("#")[0]).name)[:40], entry
        if name in found:
            raise BadInput(f"two entries are called {name!r}; write them as NAME=MODEL")
        found[name] = reference
    return found


def _met(record: Any) -> str:
    if record.b is None:
        return f"round {record.round}: {record.a} has a bye"
    scores = " - ".join(f"{record.scores[side]:.0f}" for side in (record.a, record.b))
    winner = f"{record.winner} wins" if record.winner else "a draw"
    return f"round {record.round}: {record.a} - {record.b}  {scores}, {winner} by {record.by}"


def _standings(played: Sequence[Any], found: Any) -> Iterator[str]:
    from stumper import arena

    strengths = {s.name: s for s in found.abilities.strengths}
    judged = [j for each in played for j in each.judged]
    rows = {line.name: line for line in arena.lines(list(strengths), judged)}
    width = max(map(len, strengths))
    head = f"{'':<{width}}  {'answers right':<22}{'proven stumps':<22}{'strength, logits':<26}first"
    yield f"\n{head}"
    for name in found.order:
        line, s = rows[name], strengths[name]
        strength = f"{s.total:+.2f} ({s.low:+.2f} to {s.high:+.2f})"
        yield f"{name:<{width}}  {of(line.answers):<22}{of(line.stumps):<22}{strength:<26}{s.first:.0%}"
    yield ""
    for name in found.order:
        if causes := rows[name].causes:
            told = ", ".join(f"{why} {n}" for why, n in causes.items())
            yield f"{name}'s questions that were not answered rightly: {told}"
    yield _controls(found)


def _controls(found: Any) -> str:
    return (
        f"In a match of this length two identical sides show a winner {found.even_winner:.0%} of the time; the "
        f"strongest entry wins a tournament like this in {found.best_wins:.0%} of simulated ones."
    )


def replay(arguments: Any) -> None:
    from pydantic import ValidationError

    from stumper import arena
    from stumper.arena import tournament

    rules = arena.load_rules(arguments.rules)
    if arguments.match.suffix == ".jsonl":
        match = tournament.read_match(arguments.match)
    else:
        try:
            match = arena.Match.model_validate_json(arguments.match.read_bytes())
        except OSError as error:
            raise BadInput(f"cannot read {arguments.match}: {error.strerror}") from error
        except ValidationError as error:
            raise BadInput(f"{arguments.match} is no match record that `stumper play --out` wrote") from error
    print("\n".join(_result(match.sides, arena.score(match, rules))))
    print("\n".join(_flips(match, rules)))


def _flips(match: Any, rules: Any) -> Iterator[str]:
    """The balls that these rules judge otherwise than those the match was played by."""
    from stumper import arena

    before, after = (arena.judge(r, match.balls, match.seconds) for r in (match.rules, rules))
    flipped = [(a, b) for a, b in zip(before, after, strict=True) if _verdict(a) != _verdict(b)]
    yield f"{len(flipped)} of {len(after)} points flip against {match.rules.edition}"
    for a, b in flipped:
        yield f"  innings {a.ball.innings}, question {a.ball.number + 1}: {_verdict(a)} -> {_verdict(b)}"


def _verdict(judged: Any) -> str:
    return "does not count" if not judged.counted else "right" if judged.correct else "wrong"


def _result(sides: Sequence[str], summary: Any) -> Iterator[str]:
    for side in sides:
        total = summary.totals[side]
        yield f"{side}: {total.points:.0f} of 200 [{total.low:.0f}, {total.high:.0f}]"
    for innings in summary.innings:
        yield (
            f"{innings.asker} asks: {innings.well_formed.successes} of {innings.well_formed.n} well-formed; "
            f"{innings.answerer} is right on {innings.right.successes} of {innings.right.n} that count; "
            f"{innings.stumps.successes} proven stumps"
        )
    yield f"{'winner: ' + summary.winner if summary.winner else 'no winner'} (by {summary.decided_by}). {summary.says}"


def export(arguments: Any) -> None:
    from stumper import publish

    if arguments.format == "submission":
        from stumper import arena, submission

        rules = arena.load_rules(arguments.rules)
        weights = not arguments.by_reference
        for line in submission.export(arguments.model, arguments.out, rules, arguments.seed, weights):
            print(line)
        return
    for line in publish.export(arguments.model, arguments.out, arguments.format):
        print(line)


def serve(arguments: Any) -> None:
    from stumper import arena, serving

    rules = arena.load_rules(arguments.rules)
    entry, engine = open_entry(arguments.model, arguments, rules)
    entry.answerer.wake()
    try:
        service = serving.Service(entry, rules, entry.name, arguments.rate)
        token = os.environ.get("STUMPER_TOKEN", "")
        serving.serve(service, arguments.host, arguments.port, token, lambda url: print(f"serving: {url}", flush=True))
    finally:
        engine.close()


def check_submission(arguments: Any) -> None:
    from stumper import arena, student, submission
    from stumper.engines import open_engine
    from stumper.submission.check import told

    rules = arena.load_rules(arguments.rules)
    engine = open_engine(student.spec_of(arguments.tokenizer)[0]) if arguments.tokenizer else None
    try:
        count = engine.count_tokens if engine else None
        found = submission.check(arguments.folder, rules, arguments.n, count, arguments.seed)
    finally:
        if engine:
            engine.close()
    for line in told(found, rules):
        print("".join(c if c.isprintable() else "?" for c in line))
    if not found.passed:
        raise StumperError(f"{arguments.folder} would lose points or be disqualified under {rules.edition}")
