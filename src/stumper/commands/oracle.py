"""The setter and the oracle on files."""

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

from stumper.commands.shared import output, questions_in, questions_of
from stumper.errors import BadInput, StumperError


def set(arguments: Any) -> None:
    import random

    from stumper import prompts, puzzles
    from stumper.oracle.twins import pair
    from stumper.types import seed_for

    family = puzzles.family(arguments.topic)
    with output(arguments.out) as write:
        for number in range(arguments.n):
            seed = seed_for(arguments.seed, "set", arguments.topic, arguments.level, number)
            twins = pair(arguments.topic, arguments.level, seed) if arguments.twins else ()
            for question in twins or (family.make(random.Random(seed), arguments.level),):
                record = prompts.to_challenge(question, arguments.topic) | {
                    "level": question.level,
                    "clues": question.clues,
                }
                write(record | ({"pair": number} if arguments.twins else {}))


def gallery(arguments: Any) -> None:
    from stumper import puzzles
    from stumper.report.gallery import gallery
    from stumper.store import replace_text, writing

    page = gallery(puzzles.families(), arguments.n, arguments.seed)
    with writing(arguments.out.parent):
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        replace_text(arguments.out, page)
    print(arguments.out)


def prove(arguments: Any) -> None:
    from stumper import oracle
    from stumper.oracle import plain

    if (arguments.file is None) == (arguments.check is None) or (arguments.questions and not arguments.check):
        raise BadInput(
            "give questions (stumper prove FILE) or rulings (stumper prove --check RULINGS [--questions FILE])"
        )
    if arguments.check:
        _replay_certificates(arguments.check, arguments.questions)
        return
    with _readers(arguments) as readers, output(arguments.out) as write:
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
        yield from ((*each, False) for each in questions_of(source))
        return
    text, name = read_text(source), "standard input"
    if text.lstrip()[:1] in ("", "{", "[", '"'):
        yield from ((*each, False) for each in questions_in(records_in(text, name)))
        return
    yield "question", prompts.from_challenge(plain.question_in(text, name), where=name), True


def _replay_certificates(rulings: str, questions: str | None) -> None:
    from stumper.files import read_records
    from stumper.oracle.check import check

    asked = dict(questions_of(questions)) if questions else {}
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
