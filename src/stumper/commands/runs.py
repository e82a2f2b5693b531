"""Runs: making, watching and deciding again what is stored."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from stumper.commands.shared import of, output
from stumper.errors import BadInput, StumperError

if TYPE_CHECKING:
    from stumper.config import Config


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


def run(arguments: Any) -> None:
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


def plan(arguments: Any) -> None:
    from stumper import config
    from stumper import run as runs

    resolved = config.load(arguments.recipe, arguments.overrides)
    run = runs.Run(resolved, arguments.run_dir or Path("runs") / resolved.name)
    print(f"{'stage':<20}{'state':<8}{'made':>8}{'owed':>8}{'seconds':>10}  fingerprint")
    for row in runs.plan(run):
        owed = "?" if row.owed is None else row.owed
        seconds = "?" if row.seconds is None else f"{row.seconds:.0f}"
        print(f"{row.stage:<20}{row.state:<8}{row.made:>8}{owed:>8}{seconds:>10}  {row.fingerprint}")


def spent(arguments: Any) -> None:
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


def _ballots(arguments: Any) -> tuple[Any, Any, Any, Any]:
    """(families by voter, questions, rulings, ballots) of a run that has voted."""
    from stumper import run as runs

    run = runs.Run.read(arguments.run)
    written, rulings, ballots = (run.records(stage) for stage in ("generate", "prove", "vote"))
    if not ballots:
        raise BadInput(f"{arguments.run} has no ballots: `stumper run` it with teachers that vote")
    return {t.name: t.family for t in run.config.teachers if t.family}, written, rulings, ballots


def vote(arguments: Any) -> None:
    from stumper.committee.compare import POLICIES, decide_all

    if arguments.policy not in POLICIES:
        raise BadInput(f"no policy {arguments.policy!r}; there are: {', '.join(POLICIES)}")
    verdicts = decide_all(POLICIES[arguments.policy], *_ballots(arguments))
    with output(arguments.out) as write:
        for item, verdict in verdicts.items():
            write({"id": item, **verdict.model_dump(mode="json")})


def compare_policies(arguments: Any) -> None:
    from stumper.committee.compare import POLICIES, compare
    from stumper.committee.opinions import independence

    families, written, rulings, ballots = _ballots(arguments)
    print(independence(families, written, rulings, ballots))
    head = f"{'policy':<11}{'accept':>8}{'unproven':>9}{'review':>8}{'reject':>8}{'ballots':>9}{'seconds':>9}"
    print(f"{head}  settled probes       wrong among them")
    for row in compare(POLICIES, families, written, rulings, ballots):
        counts = "".join(f"{n:>{w}}" for n, w in zip(_decided(row), (8, 9, 8, 8, 9), strict=True))
        print(f"{row.name:<11}{counts}{row.seconds:>9.2f}  {of(row.decided):<20} {of(row.wrong)}")


def _decided(row: Any) -> tuple[int, ...]:
    return row.decisions["accept"], row.by_votes, row.decisions["review"], row.decisions["reject"], row.needed


def why(arguments: Any) -> None:
    from stumper import run as runs
    from stumper import why
    from stumper.store import replace_text

    chapters = why.story(runs.Run.read(arguments.run), arguments.item)
    if arguments.page:
        replace_text(arguments.page, why.as_page(arguments.item, chapters))
        return
    print("\n".join(why.as_text(chapters)).lstrip("\n"))


def train(arguments: Any) -> None:
    from stumper import entrants, pipeline, train
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

    examples = list(run.records("dataset").values())
    passed = True
    for name, recipe in pipeline.trainings(pipeline.STAGE["train"].recipe(run.config)).items():
        if arguments.show_mask:
            show.mask(recipe, examples, arguments.show_mask)
            continue
        found = train.check(recipe, examples)
        folder = entrants.home(run.folder, name)
        train.certificate.save(found, folder)
        show.certificate(found, folder / train.certificate.FILE)
        passed = passed and found.passed
    if not passed:
        raise StumperError("the preflight failed; training would fail in silence")


def doctor(_: Any) -> None:
    from stumper import doctor

    for line in doctor.examine():
        print(line)


def compare(arguments: Any) -> None:
    from stumper import comparing
    from stumper import run as runs
    from stumper.store import replace_text

    found = comparing.columns([runs.Run.read(folder) for folder in arguments.runs], arguments.n)
    paired = comparing.pairs(found)
    text = "\n".join(comparing.as_markdown(found, paired))
    if arguments.out is None:
        print(text)
        return
    as_json = arguments.out.suffix == ".json"
    replace_text(arguments.out, (comparing.as_json(found, paired) if as_json else text) + "\n")
    print(arguments.out)
