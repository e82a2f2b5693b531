"""From the records of a run to what its report says. Nothing is decided here, only counted."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from stumper import (
    __version__,
    arena,
    benchmarks,
    dataset,
    entrants,
    evaluate,
    forensics,
    models,
    pipeline,
    report,
    spending,
    stats,
)
from stumper.committee import certify
from stumper.errors import StumperError
from stumper.report import wording
from stumper.run import Run
from stumper.types import LETTERS, Ballot, Failure, Graded, JsonObject, Scorecard, seed_for

SAMPLES = 12
"""Questions shown with their pictures."""


def gather(run: Run) -> report.Findings:
    """Everything the report says about a run, as far as it has come."""
    config = run.config
    written, kept = run.records("generate"), run.records("select")
    tuned, base = entrants.sides(run.records("calibrate-entries"))
    graded = {name: _graded(run, name) for name in (tuned, base)}
    both = all(graded.values())
    judged, summary = _match(run)
    reviews = run.records("review")
    return report.Findings(
        recipe=config.name,
        seed=config.seed,
        version=__version__,
        date=datetime.now(UTC).strftime("%d %B %Y"),
        topics=config.topics,
        models=tuple(_models(run)),
        student=entrants.students(config)[entrants.RECORD[tuned]].model,
        funnel=tuple(_funnel(run)) if written else None,
        fallen=tuple(_fallen(run)),
        left=sum(r.decision == "left" for r in reviews.values()) if reviews else None,
        voters=tuple(_voters(run)) or None,
        pairs=tuple(_pairs(run)),
        training=_training(run),
        base=_scorecard(run, base),
        tuned=_scorecard(run, tuned),
        comparison=evaluate.compare(graded[tuned], graded[base]) if both else None,
        calibrations=run.records("calibrate-entries"),
        asking=tuple(_asking(run, judged)),
        match=summary,
        balls=tuple(judged),
        samples=tuple(_samples(run, kept)) if written else None,
        baselines=tuple(baselines(run)) or None,
        probes=tuple(_probes(run)),
        benchmarks=decontaminated(run),
        **_costs(run),
        stages=tuple(_stages(run)),
        audited=audited(run),
        notes=tuple(_notes(run)),
    )


def _models(run: Run) -> Iterator[report.Model]:
    for teacher in run.config.teachers:
        part = " and ".join(["writes"] * bool(teacher.questions) + ["votes"] * teacher.votes)
        yield report.Model(
            name=teacher.name, part=part, reference=teacher.model, licence=licence(teacher.engine, teacher.model)
        )
    for name, student in zip(("student", "rival"), entrants.students(run.config).values(), strict=False):
        yield report.Model(
            name=name, part="is trained", reference=student.model, licence=licence(student.engine, student.model)
        )


def licence(engine: str, model: str) -> str:
    """The licence of a model's weights as one line; empty where there are none or nobody within reach states it."""
    if engine not in ("llamacpp", "transformers"):
        return ""
    try:
        return str(models.licence_of(model))
    except StumperError:
        return ""


def _funnel(run: Run) -> Iterator[report.FunnelRow]:
    done = {name: run.artefact(pipeline.STAGE[name]) is not None for name in ("prove", "vote", "review", "select")}
    for (author, topic), row in funnel(run).items():
        yield report.FunnelRow(
            author=author,
            topic=topic,
            asked=row["asked"],
            well_formed=row["well-formed"],
            proven=row["proven"] if done["prove"] else None,
            agreed=row["agreed"] if done["vote"] else None,
            reviewed=row["reviewed"] if done["review"] else None,
            kept=row["kept"] if done["select"] else None,
        )


def funnel(run: Run) -> dict[tuple[str, str], dict[str, int]]:
    """The data set's funnel, from all that was asked for."""
    asked = {key: task.topic for key, task in run.tasks(pipeline.STAGE["generate"]).items()}
    names = ("generate", "prove", "verdict", "review", "select")
    return dataset.funnel(asked, *(run.records(name) for name in names))


def audited(run: Run) -> str:
    """What the audit certified, in one line; empty where there was none."""
    found = run.records("audit").get(certify.KEY)
    return str(found.certificate) if found else ""


def _fallen(run: Run) -> Iterator[report.Fallen]:
    reasons: Counter[tuple[str, str]] = Counter()
    reasons.update(("generate", f.type) for f in run.failures("generate").values())
    reasons.update(("prove", r.ruling) for r in run.records("prove").values() if r.ruling != "proven")
    reasons.update(("verdict", v.decision) for v in run.records("verdict").values() if v.decision != "accept")
    reasons.update(("review", r.decision) for r in run.records("review").values() if r.decision in ("discard", "left"))
    reasons.update(("select", f.type) for f in run.failures("select").values())
    for (stage, reason), count in reasons.items():
        yield report.Fallen(stage=stage, reason=reason, count=count)


def _proven_ballots(run: Run) -> dict[str, dict[str, bool]]:
    """Voter -> item -> right, over the proven questions of other authors."""
    written, rulings = run.records("generate"), run.records("prove")
    found: dict[str, dict[str, bool]] = {}
    for key, ballot in run.records("vote").items():
        item = key.rsplit("#", 1)[0]
        if rulings[item].ruling == "proven" and not ballot.own and ballot.choice is not None:
            right = LETTERS[ballot.choice] == written[item].question.key
            found.setdefault(ballot.voter, {})[item] = right
    return found


def _voters(run: Run) -> Iterator[report.Voter]:
    calibrations, right = run.records("calibrate-voters"), _proven_ballots(run)
    for name, calibration in calibrations.items():
        marks = right.get(name, {}).values()
        yield report.Voter(
            name=name, calibration=calibration, probes=stats.share(sum(marks), len(marks)) if marks else None
        )


def _pairs(run: Run) -> Iterator[report.Pair]:
    choices: dict[str, dict[str, int]] = {}
    for key, ballot in run.records("vote").items():
        if isinstance(ballot, Ballot) and ballot.choice is not None:
            choices.setdefault(ballot.voter, {})[key.rsplit("#", 1)[0]] = ballot.choice
    right = _proven_ballots(run)
    for a, b in itertools.combinations(choices, 2):
        common = choices[a].keys() & choices[b].keys()
        agree = sum(choices[a][item] == choices[b][item] for item in common)
        proven = right.get(a, {}).keys() & right.get(b, {}).keys()
        wrong = [item for item in proven if not right[a][item] and not right[b][item]]
        same = sum(choices[a][item] == choices[b][item] for item in wrong)
        yield report.Pair(a=a, b=b, agree=stats.share(agree, len(common)), same_wrong=stats.share(same, len(wrong)))


def _graded(run: Run, entry: str) -> list[Graded]:
    return [g for g in run.records("evaluate").values() if g.entry == entry]


def _scorecard(run: Run, entry: str) -> Scorecard | None:
    graded = _graded(run, entry)
    if not graded:
        return None
    seconds = [line["seconds"] for key, line in run.ledger("evaluate").items() if key.endswith(f"#{entry}")]
    return evaluate.scorecard(graded, seconds, run.config.evaluate.deadline)


def _match(run: Run) -> tuple[Sequence[Any], Any]:
    balls = run.records("play")
    stage = pipeline.STAGE["play"]
    artefact = run.artefact(stage)
    if artefact is None or not artefact.sealed:
        return (), None
    rules = stage.recipe(run.config).rules
    seconds = {
        key: arena.Seconds(question=line["question_seconds"], answer=line.get("answer_seconds", 0.0))
        for key, line in run.ledger("play").items()
    }
    judged = arena.judge(rules, balls.values(), seconds)
    return judged, arena.summarise(rules, entrants.sides(run.records("calibrate-entries")), judged)


def _training(run: Run) -> report.Training | None:
    name = entrants.RECORD[entrants.submitted(run.records("calibrate-entries"))]
    trained = run.records("train").get(name)
    if trained is None:
        stopped = run.failures("train").get(name)
        return report.Training(stopped=stopped.message) if stopped else None
    return report.Training(
        checks=tuple(
            report.Check(name=check.name, passed=check.passed, detail=check.detail) for check in trained.checks
        ),
        losses=tuple(report.Loss(**dict(loss)) for loss in trained.losses),
        probes=tuple(report.Probe(**dict(probe)) for probe in trained.probes),
        loss_share=trained.loss_share,
        examples=trained.examples,
        tokens=trained.tokens,
    )


def _asking(run: Run, judged: Sequence[Any]) -> Iterator[report.Asking]:
    if not judged:
        return
    rules = pipeline.STAGE["play"].recipe(run.config).rules
    ledger = run.ledger("play")
    for side in entrants.sides(run.records("calibrate-entries")):
        mine = {key: j for key, j in zip(run.records("play"), judged, strict=True) if j.ball.asker == side}
        formed = sum(not j.problems for j in mine.values())
        seconds = [ledger[key]["question_seconds"] for key in mine]
        yield report.Asking(
            entry=side,
            valid=stats.share(formed, len(mine)),
            times=stats.times(seconds, rules.question.seconds),
        )


def _samples(run: Run, kept: Mapping[str, dataset.Kept]) -> Iterator[report.Sample]:
    """Kept questions of every topic and level, and some that fell out, with the reason; chosen by seed."""
    written, rulings, verdicts = (run.records(name) for name in ("generate", "prove", "verdict"))
    rng = random.Random(seed_for(run.config.seed, "samples"))
    groups: dict[tuple[str, int | None], list[str]] = {}
    for item, entry in kept.items():
        groups.setdefault((entry.question.topic, entry.question.level), []).append(item)
    for items in groups.values():
        rng.shuffle(items)
    turns = itertools.chain.from_iterable(itertools.zip_longest(*groups.values()))
    chosen = list(itertools.islice((item for item in turns if item), SAMPLES * 2 // 3))
    fell = [item for item in written if item not in kept and verdicts.get(item) and verdicts[item].decision != "accept"]
    malformed = run.failures("generate")
    chosen += rng.sample(fell, min(SAMPLES - len(chosen) - bool(malformed), len(fell)))
    for item in chosen:
        question = kept[item].question if item in kept else written[item].question
        verdict = verdicts.get(item)
        yield report.Sample(
            item=item,
            author=written[item].author,
            topic=question.topic,
            kept=item in kept,
            question=question,
            ruling=rulings.get(item),
            verdict=verdict,
            reason="" if item in kept or verdict is None else verdict.reason,
        )
    for item, failure in itertools.islice(malformed.items(), SAMPLES - len(chosen)):
        author, topic, _ = item.split("/")
        yield report.Sample(item=item, author=author, topic=topic, kept=False, reason=failure.message)


def _costs(run: Run) -> dict[str, Any]:
    rows = spending.spent(run)
    return {
        "costs": tuple(_cost(row) for row in rows),
        "by_model": tuple(_cost(row) for row in spending.by_model(rows).values()),
        "total": _cost(spending.total(rows)),
    }


def _cost(row: spending.Spent) -> report.ModelCost:
    return report.ModelCost(**row._asdict())


def _stages(run: Run) -> Iterator[report.StageCost]:
    for stage in pipeline.STAGES:
        ledger, records = run.ledger(stage.name), run.records(stage.name)
        spent = [_seconds(line) for line in ledger.values()]
        known = [s for s in spent if s is not None]
        yield report.StageCost(
            stage=stage.name, records=len(records) if records else None, seconds=sum(known) if known else None
        )


def _seconds(line: JsonObject) -> float | None:
    found = [line[name] for name in ("seconds", "question_seconds", "answer_seconds") if name in line]
    return sum(found) if found else None


REFUTED = ("wrong_key", "ambiguous", "contradictory")


def _drafts(run: Run) -> Iterator[str]:
    """What became of drafts that the oracle refuted while they were written."""
    written = run.records("generate").values()
    refuted = sum(reason in REFUTED for w in written for reason in w.refused)
    if not refuted:
        return
    keys, anew = (sum(w.repaired == how for w in written) for how in ("key", "rewritten"))
    yield (
        f"Of {refuted} drafts refuted before a question was taken in their place, {keys + anew} were mended: {keys} by "
        f"the proven key, {anew} by their authors, told what was wrong."
    )


def _difficulty(run: Run) -> Iterator[str]:
    """How hard each level turned out, by the voters' answers to proven questions."""
    written = run.records("generate")
    marks: dict[int, list[bool]] = {}
    for right in _proven_ballots(run).values():
        for item, correct in right.items():
            marks.setdefault(written[item].question.level or 0, []).append(correct)
    if marks:
        shares = {level: stats.share(sum(found), len(found)) for level, found in sorted(marks.items())}
        told = ", ".join(
            f"{s.successes} of {s.n} at level {n or '-'} ({s.low:.0%}-{s.high:.0%})" for n, s in shares.items()
        )
        yield f"The level is what was asked for; voters answered proven questions rightly in {told}."


def _hedge(run: Run) -> Iterator[str]:
    """Which of two students is submitted, and how likely it is that it is really the better one."""
    calibrations = run.records("calibrate-entries")
    both = {name: _graded(run, name) for name in ("tuned", "rival")}
    if not all(both.values()):
        return
    first = entrants.submitted(calibrations)
    other = "rival" if first == "tuned" else "tuned"
    names = {name: entrants.students(run.config)[entrants.RECORD[name]].model for name in both}
    compared = evaluate.compare(both[first], both[other])
    chance = stats.chance_better(compared.only_a, compared.only_b)
    right = {
        name: wording.score(stats.share(sum(g.correct for g in found), len(found))) for name, found in both.items()
    }
    seen = {name: wording.score(entrants.validated(calibrations[name])) for name in both}
    yield (
        f"Two bases were trained: {names[first]} is submitted for {seen[first]} of the validation questions against "
        f"{seen[other]} of {names[other]}. On the held-out questions it has {right[first]} against {right[other]}; "
        f"that it is really the better one is {chance:.0%} likely (exact McNemar p = {compared.p_exact:.2g})."
    )


def _notes(run: Run) -> Iterator[str]:
    yield from _hedge(run)
    yield from _drafts(run)
    yield from _difficulty(run)
    ballots = run.records("vote")
    if spared := sum(not ballot.asked for ballot in ballots.values()):
        yield f"{spared} of {len(ballots)} ballots were not asked for: no vote could change the verdict any more."
    failed = sum(isinstance(f, Failure) for f in run.failures("vote").values())
    if failed:
        yield f"{failed} ballots are missing because the voter's call failed; they are counted nowhere."


PROBED = {
    "choices": "is right without seeing the stem",
    "letter": "answers the same letter in every order of the choices",
    "rewrite": "changes its choice when names and order of clues change",
}


def baselines(run: Run) -> Iterator[report.Sound]:
    """What finds the key of the kept questions without reading them."""
    for found in forensics.baselines({item: kept.question for item, kept in run.records("select").items()}):
        yield _sound(found, f"the {found.by} is the key" if "letter" not in found.by else f"the key is {found.by}")


def _probes(run: Run) -> Iterator[report.Sound]:
    for found in forensics.findings(list(run.records("forensics").values())):
        yield _sound(found, f"{found.by} {PROBED[found.probe]}")


def _sound(found: forensics.Finding, what: str) -> report.Sound:
    return report.Sound(what=what, share=found.share, chance=found.chance, p=found.p, items=found.items)


MOST_NEAR = 5


def decontaminated(run: Run) -> report.Decontaminated | None:
    """The comparison with the benchmarks; None where the recipe names none, or questions were not selected yet."""
    known, kept = run.records("benchmarks"), run.records("select")
    if not known or not kept:
        return None
    shelf, rulings = benchmarks.Shelf(known), run.records("prove")
    found = {
        item: near
        for item, k in kept.items()
        if (near := shelf.nearest(k.question.stem, benchmarks.form(k.question, rulings.get(item)))) is not None
    }
    nearest = sorted(found, key=lambda item: (-found[item].share, item))[:MOST_NEAR]
    return report.Decontaminated(
        files=tuple(file.name for file in benchmarks.files(run.config.forensics.benchmarks)),
        questions=len(known),
        proven=sum(bool(entry.form) for entry in known.values()),
        left_out=sum(failure.type == "benchmark" for failure in run.failures("select").values()),
        nearest=tuple(report.Nearest(item=i, other=found[i].item, share=found[i].share) for i in nearest),
    )


def soundness(run: Run) -> Iterator[str]:
    """For the data card, one sentence each."""
    for found in baselines(run):
        chance = "" if found.chance is None else f"; chance gives {wording.percent(found.chance)}"
        yield f"{found.what[0].upper()}{found.what[1:]} in {wording.score(found.share)}{chance}."
    if (compared := decontaminated(run)) is not None:
        near = compared.nearest[0] if compared.nearest else None
        closest = f" The closest that is kept has {near.share:.0%} of the n-grams of {near.other}." if near else ""
        yield (
            f"Compared with {', '.join(compared.files)} ({compared.questions} questions, {compared.proven} of them "
            f"proven): {compared.left_out} questions were left out because they are among them.{closest}"
        )
