"""The command line: parses, calls, prints. Everything heavy is imported by the command that needs it."""

import argparse
import contextlib
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stumper import __version__
from stumper.errors import BadInput, StumperError

if TYPE_CHECKING:
    from stumper.config import Config


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code: 0 done, 1 the work failed, 2 bad usage or bad input."""
    parser = _parser()
    arguments, rest = parser.parse_known_args(argv)
    # argparse takes no positionals behind options; people write overrides there.
    if rest and not (hasattr(arguments, "overrides") and all("=" in r and r[0] != "-" for r in rest)):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        arguments.overrides += rest
    # What is fetched, and under which licence, is said before it is fetched.
    logging.basicConfig(format="%(message)s", stream=sys.stderr, level=logging.WARNING)
    logging.getLogger("stumper").setLevel(logging.INFO)
    try:
        return int(arguments.command(arguments) or 0)
    except StumperError as error:
        if arguments.debug:
            raise
        print(f"stumper: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("stumper: stopped; run the same command again to go on", file=sys.stderr)
        return 1
    except BrokenPipeError:
        # Whoever read our output has seen enough (as in `stumper set ... | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stumper", description="Make, prove and play multiple-choice logic questions with small language models."
    )
    parser.add_argument("--version", action="version", version=f"stumper {__version__}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--debug", action="store_true", help="show the traceback of an error")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, function: Callable[[Any], int | None], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text, parents=[common])
        made.set_defaults(command=function)
        return made

    def takes_recipe(made: argparse.ArgumentParser) -> None:
        made.add_argument("recipe", help="name of a shipped recipe, or a .yaml file")
        made.add_argument("overrides", nargs="*", metavar="key=value", help="such as train.learning_rate=1e-4")
        made.add_argument("--run-dir", type=Path, help="where the run lies (default: runs/NAME)")

    run = command("run", _run, "run a recipe from teachers to report, or take it up where it stopped")
    takes_recipe(run)
    run.add_argument("--until", metavar="STAGE", help="stop after this stage")
    run.add_argument("--accept-none", action="store_true", help="nobody reviews: leave out what needs a person")

    plan = command("plan", _plan, "show which stages are done and which are owed, and what they will cost")
    takes_recipe(plan)

    made = command("set", _set, "set proven questions (JSON lines)")
    made.add_argument("--topic", required=True, help="a puzzle family")
    made.add_argument("--n", type=_count, default=1)
    made.add_argument("--level", type=int, choices=range(1, 6), default=2)
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--twins", action="store_true", help="each followed by a twin: one clue and the key differ")
    made.add_argument("--out", type=Path, help="file to write (default: standard output)")

    shown = command("gallery", _gallery, "write a page with questions of every family and level, drawn and proven")
    shown.add_argument("--out", type=Path, required=True, help="file to write (HTML)")
    shown.add_argument("--n", type=_count, default=1, help="questions of each level")
    shown.add_argument("--seed", type=int, default=0)

    prove = command("prove", _prove, "rule on anybody's questions: is exactly one choice right?")
    prove.add_argument(
        "file", nargs="?", help="questions as JSON or JSON lines, challenge format; - for standard input, text or JSON"
    )
    prove.add_argument("--out", type=Path, help="file for the rulings (default: standard output)")
    prove.add_argument("--conventions", default="strict", metavar="PROFILE", help="how open points of English are read")
    prove.add_argument(
        "--readers",
        nargs="+",
        metavar="MODEL",
        default=(),
        help="models (as for --model of ask) that read what no grammar does; at least two readers must agree",
    )
    prove.add_argument("--engine", help="engine that runs the readers (default: the model folder's, or llamacpp)")
    prove.add_argument("--url", default="", help="endpoint of the readers, for --engine server")
    prove.add_argument("--check", metavar="FILE", help="replay the certificates that --out wrote, instead")
    prove.add_argument("--questions", metavar="FILE", help="with --check: the questions that the rulings are about")

    spent = command("spent", _spent, "calls, tokens, seconds and money of a run, by stage and model")
    spent.add_argument("run", type=Path, help="run folder")

    vote = command("vote", _vote, "decide a run's stored ballots again by another policy; no model is called")
    vote.add_argument("run", type=Path, help="run folder")
    vote.add_argument("--policy", required=True, help="see compare-policies, which names them all")
    vote.add_argument("--out", type=Path, help="file for the verdicts (JSON lines; default: standard output)")

    policies = command(
        "compare-policies", _compare_policies, "what each policy keeps of a run's ballots, and its error"
    )
    policies.add_argument("run", type=Path, help="run folder")

    why = command("why", _why, "everything that happened to one question of a run")
    why.add_argument("run", type=Path, help="run folder")
    why.add_argument("item", help="the question's name, such as teacher/seating/00012")
    why.add_argument("--page", type=Path, metavar="FILE", help="write it as an HTML page instead")

    review = command("review", _review, "decide what the committee could not: keep, edit, discard")
    review.add_argument("run", type=Path, help="run folder")
    review.add_argument("--reviewer", help="your name (default: the login name)")
    review.add_argument("--audit", action="store_true", help="answer blind what the recipe's audit asks for")
    review.add_argument("--accept-none", action="store_true", help="leave out all that is still in the queue")

    train = command("train", _train, "train alone, on the data the recipe made")
    takes_recipe(train)
    train.add_argument("--check", action="store_true", help="run only the preflight and write its certificate")
    train.add_argument(
        "--show-mask", nargs="?", type=_count, const=4, metavar="N", help="show N rows as the loss sees them, instead"
    )

    ask = command("ask", _ask, "have a model write questions, as in the challenge")
    _takes_model(ask)
    ask.add_argument("--n", type=_count, default=10)
    ask.add_argument("--rules", default="sf-2025", help="edition whose topics and limits count")
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--out", type=Path, default=Path("outputs/questions.json"))

    answer = command("answer", _answer, "have a model answer questions, as in the challenge")
    _takes_model(answer)
    answer.add_argument("file", type=Path, help="questions (JSON or JSON lines)")
    answer.add_argument("--rules", default="sf-2025", help="edition whose limits count")
    answer.add_argument("--seed", type=int, default=0)
    answer.add_argument("--out", type=Path, default=Path("outputs/answers.json"))

    check = command("check", _check, "apply an edition's format filter to questions")
    check.add_argument("file", help="questions as JSON or JSON lines; - for standard input")
    check.add_argument("--rules", required=True, help="edition, or a .yaml file")
    check.add_argument("--model", help="model whose tokenizer counts (default: 4 characters are a token)")

    evaluate = command("evaluate", _evaluate, "accuracy, format and latency on questions with keys")
    _takes_model(evaluate)
    evaluate.add_argument("--data", type=Path, required=True, help="questions with keys (JSON or JSON lines)")
    evaluate.add_argument("--rules", default="sf-2025", help="edition whose limits count")
    evaluate.add_argument("--seed", type=int, default=0)
    evaluate.add_argument("--out", type=Path, help="file for the single answers (JSON lines)")

    play = command("play", _play, "one match of two innings between two models")
    play.add_argument("a", help="model reference, or a stumper model folder")
    play.add_argument("b", help="model reference, or a stumper model folder")
    play.add_argument("--rules", default="sf-2025", help="edition, or a .yaml file")
    play.add_argument("--n", type=_count, default=20, help="questions in an innings")
    play.add_argument("--seed", type=int, default=0)
    play.add_argument("--out", type=Path, help="file for the match record (JSON)")

    replay = command("replay", _replay, "score a kept match again, by the rules of any edition; no model is called")
    replay.add_argument("match", type=Path, help="match record that `stumper play --out` wrote")
    replay.add_argument("--rules", required=True, help="edition, or a .yaml file")

    export = command("export", _export, "write a model for other programs: merged weights or GGUF")
    export.add_argument("--model", required=True, help="stumper model folder, such as runs/NAME/model")
    export.add_argument("--out", type=Path, required=True)
    export.add_argument("--format", choices=("merged", "gguf"), default="merged")

    command("doctor", _doctor, "what this machine can run, and what is missing")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of at least 1")
    return int(text)


def _takes_model(made: argparse.ArgumentParser) -> None:
    made.add_argument("--model", required=True, help="model reference (hf:, path:, pypi:) or a stumper model folder")
    made.add_argument("--engine", help="engine that runs it (default: the model folder's, or llamacpp)")
    made.add_argument("--url", default="", help="endpoint, for --engine server")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _config(arguments: Any) -> "Config":
    from stumper import config

    overrides = list(arguments.overrides)
    if getattr(arguments, "accept_none", False):
        overrides.append("runtime.accept_none=true")
    return config.load(arguments.recipe, overrides)


def _open_run(arguments: Any) -> Any:
    from stumper import run as runs

    config = _config(arguments)
    return runs.Run.open(config, arguments.run_dir or Path("runs") / config.name)


def _run(arguments: Any) -> None:
    from stumper import publish
    from stumper import run as runs
    from stumper.committee.opinions import independence
    from stumper.progress import Progress

    run = _open_run(arguments)
    try:
        with Progress() as progress:

            def watch(stage: str, made: int, total: int) -> None:
                if stage == "verdict" and not made and (ballots := run.records("vote")):
                    voted = run.records("generate"), run.records("prove"), ballots
                    progress.say(independence({t.name: t.family for t in run.config.teachers if t.family}, *voted))
                progress.watch(stage, made, total)

            runs.run_all(run, arguments.until, watch)
    finally:
        # A run that stops early still shows what it found.
        lines = publish.publish(run)
    print("\n".join(lines))


def _plan(arguments: Any) -> None:
    from stumper import config
    from stumper import run as runs

    resolved = config.load(arguments.recipe, arguments.overrides)
    run = runs.Run(resolved, arguments.run_dir or Path("runs") / resolved.name)
    print(f"{'stage':<20}{'state':<8}{'made':>8}{'owed':>8}{'seconds':>10}  fingerprint")
    for row in runs.plan(run):
        owed = "?" if row.owed is None else row.owed
        seconds = "?" if row.seconds is None else f"{row.seconds:.0f}"
        print(f"{row.stage:<20}{row.state:<8}{row.made:>8}{owed:>8}{seconds:>10}  {row.fingerprint}")


def _spent(arguments: Any) -> None:
    from stumper import run as runs
    from stumper import spending

    rows = spending.spent(runs.Run.read(arguments.run))
    head = f"{'calls':>8}{'failed':>8}{'tokens in':>12}{'out':>10}{'seconds':>10}{'money':>10}"
    print(f"{'stage':<20}{'model':<20}{head}")
    models = [row._replace(stage="all stages") for row in spending.by_model(rows).values()]
    for row in (*rows, *models, spending.total(rows)._replace(stage="all")):
        money = "-" if row.money is None else f"{row.money:.4f}"
        counts = f"{row.calls:>8}{row.failed:>8}{row.prompt_tokens:>12}{row.tokens:>10}{row.seconds:>10.0f}{money:>10}"
        print(f"{row.stage:<20}{row.model:<20}{counts}")


def _set(arguments: Any) -> None:
    import random

    from stumper import prompts, puzzles
    from stumper.oracle.twins import pair
    from stumper.types import seed_for

    family = puzzles.family(arguments.topic)
    with _output(arguments.out) as write:
        for number in range(arguments.n):
            seed = seed_for(arguments.seed, "set", arguments.topic, arguments.level, number)
            twins = pair(arguments.topic, arguments.level, seed) if arguments.twins else ()
            for question in twins or (family.make(random.Random(seed), arguments.level),):
                record = prompts.to_challenge(question, arguments.topic) | {
                    "level": question.level,
                    "clues": question.clues,
                }
                write(record | ({"pair": number} if arguments.twins else {}))


def _gallery(arguments: Any) -> None:
    from stumper import puzzles
    from stumper.report.gallery import gallery
    from stumper.store import replace_text, writing

    page = gallery(puzzles.families(), arguments.n, arguments.seed)
    with writing(arguments.out.parent):
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        replace_text(arguments.out, page)
    print(arguments.out)


def _prove(arguments: Any) -> None:
    from stumper import oracle
    from stumper.oracle import plain

    if (arguments.file is None) == (arguments.check is None) or (arguments.questions and not arguments.check):
        raise BadInput(
            "give questions (stumper prove FILE) or rulings (stumper prove --check RULINGS [--questions FILE])"
        )
    if arguments.check:
        _replay_certificates(arguments.check, arguments.questions)
        return
    with _readers(arguments) as readers, _output(arguments.out) as write:
        for name, question, typed in _asked(arguments.file):
            ruling = oracle.prove(question, arguments.conventions, readers)
            if arguments.out is None and (typed or sys.stdout.isatty()):
                print("\n".join(plain.lines(name, question, ruling)))
            else:
                write({"id": name, **ruling.model_dump(mode="json")})


@contextlib.contextmanager
def _readers(arguments: Any) -> Iterator[dict[str, Any]]:
    """The engines of --readers by name; none without it."""
    from stumper import student
    from stumper.engines import EngineRuntime, open_engine

    specs = [student.spec_of(reference, arguments.engine)[0] for reference in arguments.readers]
    if len({spec.name for spec in specs}) < len(specs):
        raise BadInput("--readers names one model twice; readers that agree have to be different models")
    with contextlib.ExitStack() as opened:
        engines = {}
        for spec in specs:
            engines[spec.name] = open_engine(spec, EngineRuntime(url=arguments.url))
            opened.callback(engines[spec.name].close)
        yield engines


def _asked(source: str) -> Iterator[tuple[str, Any, bool]]:
    """(id, question, whether it was typed as plain text) of what `prove` is given."""
    from stumper import prompts
    from stumper.files import read_text, records_in
    from stumper.oracle import plain

    if source != "-":
        yield from ((*each, False) for each in _questions(source))
        return
    text, name = read_text(source), "standard input"
    if text.lstrip()[:1] in ("", "{", "[", '"'):
        yield from ((*each, False) for each in _questions_in(records_in(text, name)))
        return
    yield "question", prompts.from_challenge(plain.question_in(text, name), where=name), True


def _replay_certificates(rulings: str, questions: str | None) -> None:
    from stumper.files import read_records
    from stumper.oracle.check import check

    asked = dict(_questions(questions)) if questions else {}
    faults: dict[str, str | None] = {}
    unformalised = 0
    for number, (place, record) in enumerate(read_records(rulings), start=1):
        if not isinstance(record, dict):
            raise BadInput(f"{place}: expected a ruling as a JSON object, found {type(record).__name__}")
        name = str(record.get("id", number))
        if name in faults:
            faults[name] = "there are two rulings with this id"
        elif questions and name not in asked:
            faults[name] = "no question has this id"
        else:
            faults[name] = check(record, asked.get(name))
            unformalised += faults[name] is None and record["ruling"] == "unformalised"
    faults |= {name: "it has no ruling" for name in asked if name not in faults}
    failed = {name: fault for name, fault in faults.items() if fault}
    for name, fault in failed.items():
        print("".join(c if c.isprintable() else "?" for c in f"FAIL {name}: {fault}"))
    if failed:
        raise StumperError(f"{len(failed)} of {len(faults)} rulings do not stand")
    rest = f"; {unformalised} more are unformalised and have none" if unformalised else ""
    print(f"{len(faults) - unformalised} of {len(faults) - unformalised} certificates hold{rest}")


def _questions(source: str | Path) -> Iterator[tuple[str, Any]]:
    """(id, question) of a file's records; the place in the file where a record has no id."""
    from stumper.files import read_records

    return _questions_in(read_records(source))


def _questions_in(records: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    from stumper import prompts, puzzles

    for number, (place, record) in enumerate(records, start=1):
        question = prompts.from_challenge(record, where=place)
        if isinstance(record.get("clues"), dict):
            question = question.model_copy(update={"clues": record["clues"]})
        topics = {puzzles.family(name).TITLE: name for name in puzzles.families()}
        topic = topics.get(question.topic, question.topic)
        yield str(record.get("id", number)), question.model_copy(update={"topic": topic})


class _output:  # noqa: N801  (reads as a statement)
    """Write JSON lines to a file, whole or not at all, or to standard output."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._lines: list[str] = []

    def __enter__(self) -> Callable[[Any], None]:
        return self._write

    def _write(self, record: Any) -> None:
        line = json.dumps(record, ensure_ascii=False)
        if self._path is None:
            print(line)
        else:
            self._lines.append(line + "\n")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._path is None or error is not None:
            return
        from stumper.store import replace_text, writing

        with writing(self._path.parent):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_text(self._path, "".join(self._lines))


def _ballots(arguments: Any) -> tuple[Any, Any, Any, Any]:
    """(families by voter, questions, rulings, ballots) of a run that has voted."""
    from stumper import run as runs

    run = runs.Run.read(arguments.run)
    written, rulings, ballots = (run.records(stage) for stage in ("generate", "prove", "vote"))
    if not ballots:
        raise BadInput(f"{arguments.run} has no ballots: `stumper run` it with teachers that vote")
    return {t.name: t.family for t in run.config.teachers if t.family}, written, rulings, ballots


def _vote(arguments: Any) -> None:
    from stumper.committee.compare import POLICIES, decide_all

    if arguments.policy not in POLICIES:
        raise BadInput(f"no policy {arguments.policy!r}; there are: {', '.join(POLICIES)}")
    verdicts = decide_all(POLICIES[arguments.policy], *_ballots(arguments))
    with _output(arguments.out) as write:
        for item, verdict in verdicts.items():
            write({"id": item, **verdict.model_dump(mode="json")})


def _compare_policies(arguments: Any) -> None:
    from stumper.committee.compare import POLICIES, compare
    from stumper.committee.opinions import independence

    families, written, rulings, ballots = _ballots(arguments)
    print(independence(families, written, rulings, ballots))
    head = f"{'policy':<11}{'accept':>8}{'unproven':>9}{'review':>8}{'reject':>8}{'ballots':>9}{'seconds':>9}"
    print(f"{head}  settled probes       wrong among them")
    for row in compare(POLICIES, families, written, rulings, ballots):
        counts = "".join(f"{n:>{w}}" for n, w in zip(_decided(row), (8, 9, 8, 8, 9), strict=True))
        print(f"{row.name:<11}{counts}{row.seconds:>9.2f}  {_of(row.decided):<20} {_of(row.wrong)}")


def _decided(row: Any) -> tuple[int, ...]:
    return row.decisions["accept"], row.by_votes, row.decisions["review"], row.decisions["reject"], row.needed


def _of(share: Any) -> str:
    if not share.n:
        return "none"
    return f"{share.successes} of {share.n} ({share.low:.0%}-{share.high:.0%})"


def _why(arguments: Any) -> None:
    from stumper import run as runs
    from stumper import why
    from stumper.store import replace_text

    chapters = why.story(runs.Run.read(arguments.run), arguments.item)
    if arguments.page:
        replace_text(arguments.page, why.as_page(arguments.item, chapters))
        return
    print("\n".join(why.as_text(chapters)).lstrip("\n"))


def _audit(arguments: Any) -> None:
    import getpass

    from stumper import run as runs
    from stumper.committee import certify
    from stumper.review import terminal

    run = runs.Run.read(arguments.run)
    begun, written, folder = runs.audit(run)
    answers = certify.resume(begun, written, folder)
    reviewer = arguments.reviewer or getpass.getuser()
    count = len(answers)
    while (item := begun.next) is not None:
        found = terminal.answer(written[item].question, f"[{count + 1}] {item}", input, print)
        if found == "stop":
            break
        answer = certify.Answer(item=item, choice=found, reviewer=reviewer)
        certify.keep(folder, answer)
        begun.tell(certify.is_right(answer, written))
        count += 1
    print(f"{count} answers; {begun.certificate()}")
    print("the audit is over" if begun.next is None else "more can be asked: the same command goes on")


def _review(arguments: Any) -> None:
    if arguments.audit:
        _audit(arguments)
        return
    import getpass
    import time

    from stumper import run as runs
    from stumper.review import terminal
    from stumper.types import Review

    run = runs.Run.read(arguments.run)
    waiting, artefact = runs.queue(run)
    if not waiting:
        print("nothing waits for a person")
        return
    reviewer = arguments.reviewer or getpass.getuser()
    with artefact:
        artefact.unseal()
        decisions: Any = (
            ((key, Review(decision="left", reviewer=reviewer, reason="left out unread")) for key in waiting)
            if arguments.accept_none
            else terminal.decide(waiting, reviewer, input, print)
        )
        count = 0
        for key, review in decisions:
            artefact.append(key, review, {"at": round(time.time(), 3)})
            count += 1
    print(f"{count} of {len(waiting)} decided; `stumper run` goes on with them")


def _train(arguments: Any) -> None:
    from stumper import pipeline, train
    from stumper import run as runs
    from stumper.progress import Progress

    run = _open_run(arguments)
    alone = arguments.check or arguments.show_mask
    with Progress() as progress:
        runs.run_all(run, "dataset" if alone else "train", progress.watch)
    if not alone:
        print(f"trained: {run.folder_of('train')}")
        return
    from stumper.train import show

    recipe, examples = pipeline.STAGE["train"].recipe(run.config), list(run.records("dataset").values())
    if arguments.show_mask:
        show.mask(recipe, examples, arguments.show_mask)
        return
    found = train.check(recipe, examples)
    train.certificate.save(found, run.folder)
    show.certificate(found, run.folder / train.certificate.FILE)
    if not found.passed:
        raise StumperError("the preflight failed; training would fail in silence")


def _entry(reference: str, arguments: Any, rules: Any, name: str = "") -> Any:
    """(entry, its engine) for a model reference or a student's folder."""
    from stumper import arena, student
    from stumper.engines import EngineRuntime, open_engine

    spec, calibration = student.spec_of(reference, getattr(arguments, "engine", None))
    if calibration is None:
        _say(f"{reference}: no calibration is stored with it; its answers are read off by the letter")
    engine = open_engine(spec, EngineRuntime(url=getattr(arguments, "url", "")))
    return arena.entry(name or spec.name, engine, rules, calibration, seed=arguments.seed), engine


def _ask(arguments: Any) -> None:
    from stumper import arena, puzzles

    rules = arena.load_rules(arguments.rules)
    entry, engine = _entry(arguments.model, arguments, rules)
    try:
        handed = arena.ask_to_file(entry, rules, arguments.n, arguments.seed, arguments.out, puzzles.families())
    finally:
        engine.close()
    _report_handed(handed, arguments.out, "questions", rules.question.seconds)


def _answer(arguments: Any) -> None:
    from stumper import arena
    from stumper.files import read_records

    rules = arena.load_rules(arguments.rules)
    records = [record for _, record in read_records(arguments.file)]
    entry, engine = _entry(arguments.model, arguments, rules)
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


def _check(arguments: Any) -> None:
    from stumper import arena, student
    from stumper.engines import open_engine
    from stumper.files import read_records

    rules = arena.load_rules(arguments.rules)
    engine = open_engine(student.spec_of(arguments.model)[0]) if arguments.model else None
    if engine is None:
        _say("no --model: 4 characters are counted as a token")
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


def _evaluate(arguments: Any) -> None:
    from stumper import arena, evaluate, student
    from stumper.engines import EngineRuntime, open_engine
    from stumper.types import Failure

    rules = arena.load_rules(arguments.rules)
    questions = dict(_questions(arguments.data))
    spec, calibration = student.spec_of(arguments.model, arguments.engine)
    recipe = evaluate.Recipe(seed=arguments.seed, entries=(spec.name,), deadline=rules.answer.seconds)
    engine = open_engine(spec, EngineRuntime(url=arguments.url))
    graded, seconds = [], []
    calibrations = {spec.name: calibration} if calibration else {}
    try:
        with _output(arguments.out) if arguments.out else contextlib.nullcontext(lambda _: None) as write:
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


def _play(arguments: Any) -> None:
    from stumper import arena, oracle, puzzles
    from stumper.store import replace_text

    rules = arena.load_rules(arguments.rules)
    (a, one), (b, other) = _entry(arguments.a, arguments, rules, "a"), _entry(arguments.b, arguments, rules, "b")
    try:
        owed = arena.deliveries(rules, arguments.n, arguments.seed, ("a", "b"), puzzles.families())
        match = arena.keep(rules, ("a", "b"), arena.play(rules, owed, {"a": a, "b": b}, oracle.prove))
    finally:
        one.close()
        other.close()
    if arguments.out:
        replace_text(arguments.out, match.model_dump_json() + "\n")
    print("\n".join(_result(match.sides, arena.score(match))))


def _replay(arguments: Any) -> None:
    from pydantic import ValidationError

    from stumper import arena

    try:
        match = arena.Match.model_validate_json(arguments.match.read_bytes())
    except OSError as error:
        raise BadInput(f"cannot read {arguments.match}: {error.strerror}") from error
    except ValidationError as error:
        raise BadInput(f"{arguments.match} is no match record that `stumper play --out` wrote") from error
    print("\n".join(_result(match.sides, arena.score(match, arena.load_rules(arguments.rules)))))


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


def _export(arguments: Any) -> None:
    from stumper import publish

    for line in publish.export(arguments.model, arguments.out, arguments.format):
        print(line)


def _doctor(_: Any) -> None:
    from stumper import doctor

    for line in doctor.examine():
        print(line)
