"""The command line: parses and calls. What a command does stands in `commands`."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stumper import __version__
from stumper.commands import oracle, play, review, runs
from stumper.errors import StumperError

if TYPE_CHECKING:
    pass


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

    run = command("run", runs.run, "run a recipe from teachers to report, or take it up where it stopped")
    takes_recipe(run)
    run.add_argument("--until", metavar="STAGE", help="stop after this stage")
    run.add_argument("--accept-none", action="store_true", help="nobody reviews: leave out what needs a person")

    plan = command("plan", runs.plan, "show which stages are done and which are owed, and what they will cost")
    takes_recipe(plan)

    made = command("set", oracle.set, "set proven questions (JSON lines)")
    made.add_argument("--topic", required=True, help="a puzzle family")
    made.add_argument("--n", type=_count, default=1)
    made.add_argument("--level", type=int, choices=range(1, 6), default=2)
    made.add_argument("--seed", type=int, default=0)
    made.add_argument("--twins", action="store_true", help="each followed by a twin: one clue and the key differ")
    made.add_argument("--out", type=Path, help="file to write (default: standard output)")

    shown = command("gallery", oracle.gallery, "a page with questions of every family and level, drawn and proven")
    shown.add_argument("--out", type=Path, required=True, help="file to write (HTML)")
    shown.add_argument("--n", type=_count, default=1, help="questions of each level")
    shown.add_argument("--seed", type=int, default=0)

    prove = command("prove", oracle.prove, "rule on anybody's questions: is exactly one choice right?")
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

    spent = command("spent", runs.spent, "calls, tokens, seconds and money of a run, by stage and model")
    spent.add_argument("run", type=Path, help="run folder")

    vote = command("vote", runs.vote, "decide a run's stored ballots again by another policy; no model is called")
    vote.add_argument("run", type=Path, help="run folder")
    vote.add_argument("--policy", required=True, help="see compare-policies, which names them all")
    vote.add_argument("--out", type=Path, help="file for the verdicts (JSON lines; default: standard output)")

    policies = command(
        "compare-policies", runs.compare_policies, "what each policy keeps of a run's ballots, and its error"
    )
    policies.add_argument("run", type=Path, help="run folder")

    why = command("why", runs.why, "everything that happened to one question of a run")
    why.add_argument("run", type=Path, help="run folder")
    why.add_argument("item", help="the question's name, such as teacher/seating/00012")
    why.add_argument("--page", type=Path, metavar="FILE", help="write it as an HTML page instead")

    reviewed = command("review", review.review, "a page to decide what the committee could not: keep, edit, discard")
    reviewed.add_argument("run", type=Path, help="run folder")
    reviewed.add_argument("--reviewer", help="your name (default: the login name)")
    reviewed.add_argument("--audit", action="store_true", help="answer blind what the recipe's audit asks for")
    reviewed.add_argument("--terminal", action="store_true", help="in this terminal instead of a browser")
    reviewed.add_argument("--wanted", type=_count, default=1, metavar="N", help="reviewers that decide each question")
    reviewed.add_argument("--host", default="127.0.0.1", help="where the page is served (default: this machine alone)")
    reviewed.add_argument("--port", type=int, default=0, help="default: a free one")
    reviewed.add_argument("--export", type=Path, metavar="FILE", help="write queue and decisions for another tool")
    reviewed.add_argument("--import", type=Path, metavar="FILE", dest="load", help="take decisions from another tool")
    reviewed.add_argument("--format", choices=("label-studio", "argilla", "csv"), default="csv", help="of that file")
    reviewed.add_argument("--accept-none", action="store_true", help="leave out all that is still in the queue")

    train = command("train", runs.train, "train alone, on the data the recipe made")
    takes_recipe(train)
    train.add_argument("--check", action="store_true", help="run only the preflight and write its certificate")
    train.add_argument(
        "--show-mask", nargs="?", type=_count, const=4, metavar="N", help="show N rows as the loss sees them, instead"
    )

    ask = command("ask", play.ask, "have a model write questions, as in the challenge")
    _takes_model(ask)
    ask.add_argument("--n", type=_count, default=10)
    ask.add_argument("--rules", default="sf-2025", help="edition whose topics and limits count")
    ask.add_argument("--seed", type=int, default=0)
    ask.add_argument("--out", type=Path, default=Path("outputs/questions.json"))

    answer = command("answer", play.answer, "have a model answer questions, as in the challenge")
    _takes_model(answer)
    answer.add_argument("file", type=Path, help="questions (JSON or JSON lines)")
    answer.add_argument("--rules", default="sf-2025", help="edition whose limits count")
    answer.add_argument("--seed", type=int, default=0)
    answer.add_argument("--out", type=Path, default=Path("outputs/answers.json"))

    check = command("check", play.check, "apply an edition's format filter to questions")
    check.add_argument("file", help="questions as JSON or JSON lines; - for standard input")
    check.add_argument("--rules", required=True, help="edition, or a .yaml file")
    check.add_argument("--model", help="model whose tokenizer counts (default: 4 characters are a token)")

    evaluate = command("evaluate", play.evaluate, "accuracy, format and latency on questions with keys")
    _takes_model(evaluate)
    evaluate.add_argument("--data", type=Path, required=True, help="questions with keys (JSON or JSON lines)")
    evaluate.add_argument("--rules", default="sf-2025", help="edition whose limits count")
    evaluate.add_argument("--seed", type=int, default=0)
    evaluate.add_argument("--out", type=Path, help="file for the single answers (JSON lines)")

    match = command("play", play.play, "one match of two innings between two models")
    match.add_argument("a", help="model reference, or a stumper model folder")
    match.add_argument("b", help="model reference, or a stumper model folder")
    match.add_argument("--rules", default="sf-2025", help="edition, or a .yaml file")
    match.add_argument("--n", type=_count, default=20, help="questions in an innings")
    match.add_argument("--seed", type=int, default=0)
    match.add_argument("--out", type=Path, help="file for the match record (JSON)")

    held = command("tournament", play.tournament, "many matches: knockout, league or Swiss; takes up where it stopped")
    held.add_argument("entries", nargs="+", metavar="[NAME=]MODEL", help="as for --model of ask; the best seed first")
    held.add_argument("--out", type=Path, required=True, help="folder of the tournament; a report lies in it")
    held.add_argument("--format", choices=("knockout", "league", "swiss"), default="knockout")
    held.add_argument("--rules", default="sf-2025", metavar="EDITION")
    held.add_argument("--n", type=_count, default=20, help="questions in an innings")
    held.add_argument("--seed", type=int, default=0)
    held.add_argument("--jobs", type=_count, default=1, help="matches at once, where the machine bears that")
    held.add_argument("--engine", help="engine of the models (default: the model folder's, or llamacpp)")
    held.add_argument("--url", default="", help="endpoint, for --engine server")

    compared = command("compare", runs.compare, "the plan's table over several runs: guessed and measured")
    compared.add_argument("runs", nargs="+", type=Path, metavar="RUN", help="run folders")
    compared.add_argument("--n", type=_count, default=20, help="questions in an innings of the simulated brackets")
    compared.add_argument("--out", type=Path, help="file to write: .json, or Markdown (default: standard output)")

    replay = command("replay", play.replay, "score a kept match again, by the rules of any edition; no model is called")
    replay.add_argument("match", type=Path, help="match record that `stumper play --out` wrote")
    replay.add_argument("--rules", required=True, help="edition, or a .yaml file")

    export = command("export", play.export, "write a model for other programs: merged weights, GGUF, or a submission")
    export.add_argument("--model", required=True, help="stumper model folder, such as runs/NAME/model")
    export.add_argument("--out", type=Path, required=True)
    export.add_argument(
        "--format", choices=("merged", "gguf", "submission"), default="merged", help="submission: for the organisers"
    )
    export.add_argument("--rules", default="sf-2025", metavar="EDITION", help="of a submission")
    export.add_argument("--seed", type=int, default=0, help="of a submission's questions")
    export.add_argument("--by-reference", action="store_true", help="a submission without the base's weights in it")

    checked = command("check-submission", play.check_submission, "play the organisers' part on anybody's folder")
    checked.add_argument("folder", type=Path)
    checked.add_argument("--rules", default="sf-2025", metavar="EDITION")
    checked.add_argument("--n", type=_count, default=5, help="questions and answers that are asked for")
    checked.add_argument("--seed", type=int, default=0)
    checked.add_argument("--tokenizer", metavar="MODEL", help="count tokens by this model too")

    served = command("serve", play.serve, "both agents over HTTP, and as OpenAI's API")
    _takes_model(served)
    served.add_argument("--rules", default="sf-2025", metavar="EDITION", help="whose limits hold")
    served.add_argument("--host", default="127.0.0.1", help="elsewhere than on loopback STUMPER_TOKEN must be set")
    served.add_argument("--port", type=int, default=8000)
    served.add_argument("--rate", type=_count, default=50, help="requests a second")
    served.add_argument("--seed", type=int, default=0)

    command("doctor", runs.doctor, "what this machine can run, and what is missing")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of at least 1")
    return int(text)


def _takes_model(made: argparse.ArgumentParser) -> None:
    made.add_argument("--model", required=True, help="model reference (hf:, path:, pypi:) or a stumper model folder")
    made.add_argument("--engine", help="engine that runs it (default: the model folder's, or llamacpp)")
    made.add_argument("--url", default="", help="endpoint, for --engine server")
