"""All that happened to one question of a run: prompts, replies, ruling, votes, verdict, review, and where it went."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

from stumper import benchmarks
from stumper.calls import Recorded
from stumper.errors import BadInput, StumperError
from stumper.forensics import Probed
from stumper.pipeline import STAGE, Desk, Stage
from stumper.prompts import OBJECTED
from stumper.run import Run
from stumper.types import LETTERS, OBJECTIONS, Ballot, Question, Reply, Request, Ruling, Verdict

TOLD = ("generate", "prove", "vote", "verdict", "review", "recheck", "select", "forensics")
"""The stages that see a question by its name, in order."""
NEAR = 5
"""How many names a wrong one is answered with."""


class Fact(NamedTuple):
    """One line or text, and what it is."""

    label: str
    text: str


class Chapter(NamedTuple):
    """What one stage did with the question."""

    title: str
    facts: tuple[Fact, ...]


class _Call(NamedTuple):
    model: str
    request: Request
    reply: Reply


def story(run: Run, item: str) -> tuple[Chapter, ...]:
    """The chapters of a question's story. Raises BadInput where the run has no such question.

    No model is called: a stage's work is done once more on the kept replies, which shows what was asked.
    """
    written = run.records("generate")
    failed = run.failures("generate")
    if item not in written and item not in failed:
        near = [name for name in (*written, *failed) if item in name][:NEAR] or list(written)[:NEAR]
        raise BadInput(f"{run.folder} has no question {item!r}; there are, for example: {', '.join(near) or 'none'}")
    question = written[item].question if item in written else None
    chapters = (Chapter(name, tuple(_chapter(run, STAGE[name], item, question))) for name in TOLD)
    return tuple(chapter for chapter in chapters if chapter.facts)


def _chapter(run: Run, stage: Stage, item: str, question: Question | None) -> Iterator[Fact]:
    records = {key: r for key, r in run.records(stage.name).items() if key.split("#")[0] == item}
    failures = {key: r for key, r in run.failures(stage.name).items() if key.split("#")[0] == item}
    if not records and not failures:
        return
    if stage.name in ("generate", "vote", "recheck"):
        yield from _calls(run, stage, [*records, *failures])
    ledger = run.ledger(stage.name)
    for key, record in records.items():
        yield from _told(record, question)
        if seconds := ledger.get(key, {}).get("seconds"):
            yield Fact("time", f"{seconds:.2f} s" + (f", {key.split('#')[1]}" if "#" in key else ""))
    for key, failure in failures.items():
        yield Fact("failed", f"{key}: {failure.type}: {failure.message}")
    if stage.name == "select" and question is not None:
        yield from _nearest(run, item, question)


def _nearest(run: Run, item: str, question: Question) -> Iterator[Fact]:
    known = run.records("benchmarks")
    near = benchmarks.Shelf(known).nearest(question.stem, benchmarks.form(question, run.records("prove").get(item)))
    if near is not None:
        how = "the same puzzle" if near.same else f"{near.share:.0%} of its n-grams are here"
        yield Fact("nearest benchmark question", f"{near.item} ({how}): {known[near.item].stem}")


def _told(record: Any, question: Question | None) -> Iterator[Fact]:
    match record:
        case Ruling():
            yield Fact("ruling", f"{record.ruling}: {record.why}")
            if record.true_key:
                yield Fact("true key", record.true_key)
        case Ballot():
            yield Fact("vote", _vote(record, question))
        case Verdict():
            yield Fact("verdict", f"{record.decision}: {record.reason} (votes by choice: {_counted(record)})")
        case Probed():
            right = "right" if record.choice == record.key else "wrong"
            shown = " ".join(LETTERS[choice] for choice in record.order)
            yield Fact("probe", f"{record.voter}, {record.probe}: {LETTERS[record.choice]}, {right} (saw {shown})")
        case _ if hasattr(record, "split"):
            yield Fact("kept", f"in the {record.split} split{', proven' if record.proven else ''}")
        case _ if hasattr(record, "reviewer"):
            yield Fact("review", f"{record.decision} by {record.reviewer or 'nobody'}: {record.reason or 'no reason'}")
        case _:
            yield Fact("author", record.author)
            yield Fact("question", _shown(record.question))


def _shown(question: Question) -> str:
    choices = (f"{letter}) {choice}" for letter, choice in zip(LETTERS, question.choices, strict=False))
    return "\n".join((question.stem, *choices, f"key: {question.key or '-'}"))


def _counted(verdict: Verdict) -> str:
    objections = [f"objections {verdict.objections}"] if verdict.objections else []
    return ", ".join([*(f"{LETTERS[i]} {n}" for i, n in enumerate(verdict.votes)), *objections])


def _vote(ballot: Ballot, question: Question | None) -> str:
    if not ballot.asked:
        return f"{ballot.voter}: not asked, no further vote could change the verdict"
    own = "; its own question, not counted" if ballot.own else ""
    own += f"; {len(ballot.samples)} samples" if ballot.samples else ""
    offered = (*LETTERS[: len(question.choices)], *OBJECTIONS) if question else LETTERS
    seen = " ".join(offered[choice] for choice in ballot.order)
    if ballot.choice is None:
        said = f"objects: {OBJECTED[ballot.objection]}" if ballot.objection else "none"
        return f"{ballot.voter}: {said} (saw the choices as {seen}{own})"
    text = f" {question.choices[ballot.choice]}" if question and ballot.choice < len(question.choices) else ""
    return f"{ballot.voter}: {LETTERS[ballot.choice]}){text} (saw the choices as {seen}{own})"


class _Listening:
    """Kept replies as an engine that remembers what it was asked."""

    def __init__(self, name: str, kept: Recorded, heard: list[_Call]) -> None:
        self._name = name
        self._kept = kept
        self._heard = heard
        self.spec = kept.spec

    def generate(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        yield from self._listen(requests, self._kept.generate(requests))

    def choose(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        yield from self._listen(requests, self._kept.choose(requests))

    def _listen(self, requests: Sequence[Request], replies: Iterator[tuple[int, Reply]]) -> Iterator[tuple[int, Reply]]:
        for i, reply in replies:
            self._heard.append(_Call(self._name, requests[i], reply))
            yield i, reply

    def count_tokens(self, _: str) -> int | None:
        return None

    def close(self) -> None:
        return


def _calls(run: Run, stage: Stage, keys: Sequence[str]) -> Iterator[Fact]:
    """The prompts and replies behind the records of these keys, as far as they are on record."""
    recipe = stage.recipe(run.config)
    owed = {key: task for key, task in run.tasks(stage).items() if key in keys}
    heard: list[_Call] = []
    folder = run.artifacts / "calls"
    engines: Mapping[str, Any] = {
        name: _Listening(name, Recorded(spec, None, folder), heard) for name, spec in stage.models(recipe, run).items()
    }
    desk = Desk({name: run.records(name) for name in stage.inputs}, {}, engines, run.folder, True, lambda *_: None)
    missing = ""
    try:
        for _ in stage.work(recipe, owed, desk):
            pass
    except StumperError as error:
        missing = str(error)
    for call in heard:
        for message in call.request.messages:
            yield Fact(f"{call.model} was told ({message.role})", message.content)
        if call.request.opening:
            yield Fact(f"{call.model} had its reply begun", call.request.opening)
        yield Fact(f"{call.model} replied ({call.reply.finish})", call.reply.text or call.reply.error or _scores(call))
    if missing:
        yield Fact("missing", missing)


def _scores(call: _Call) -> str:
    return ", ".join(f"{score:.2f}" for score in call.reply.scores)


def as_text(chapters: Sequence[Chapter]) -> Iterator[str]:
    """Lines for a terminal, without the control characters that a model may have put in."""
    for chapter in chapters:
        yield f"\n== {chapter.title} =="
        for fact in chapter.facts:
            first, *rest = fact.text.splitlines() or [""]
            yield _plain(f"{fact.label}: {first}")
            yield from (_plain(f"    {line}") for line in rest)


def _plain(line: str) -> str:
    return "".join(c if c.isprintable() else " " for c in line)


STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;"
    "padding:0 1rem}h1{font-size:1.4rem;overflow-wrap:anywhere}h2{font-size:1.1rem;border-bottom:1px solid #8888}"
    "dt{font-weight:600;margin-top:.7rem}dd{margin:0;white-space:pre-wrap;overflow-wrap:anywhere}"
)


def as_page(item: str, chapters: Sequence[Chapter]) -> str:
    """The story as one HTML page that asks nothing of the network; all text is escaped."""
    parts = (
        f"<section><h2>{escape(chapter.title)}</h2><dl>"
        + "".join(f"<dt>{escape(fact.label)}</dt><dd>{escape(fact.text)}</dd>" for fact in chapter.facts)
        + "</dl></section>"
        for chapter in chapters
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(item)}</title><style>{STYLE}</style></head><body><main><h1>{escape(item)}</h1>"
        f"{''.join(parts)}</main></body></html>\n"
    )
