"""What a run leaves for people: the data set as files, the trained model as a folder, the report."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from stumper import dataset, entrants, findings, prompts, report, student, train
from stumper.errors import BadInput
from stumper.run import Run
from stumper.store import replace_text, writing
from stumper.types import Example, canonical


def publish(run: Run) -> list[str]:
    """Write everything that the finished stages allow into the run's folder; returns what lies where, for people."""
    lines = []
    if kept := run.records("select"):
        examples = list(run.records("dataset").values())
        licences = [
            f"{teacher.name}: {findings.licence(teacher.engine, teacher.model) or 'no weights'}"
            for teacher in run.config.teachers
        ]
        sound = list(findings.soundness(run))
        card = dataset.card(run.config.name, findings.funnel(run), examples, licences, findings.audited(run), sound)
        _data_set(run.folder / "dataset", kept, examples, card)
        lines.append(f"data set: {run.folder / 'dataset'}")
    if "model" in run.records("train"):
        _model(run)
        lines.append(f"model:    {run.folder / 'model'}")
    replace_text(run.folder / "report.html", report.render(findings.gather(run)))
    lines.append(f"report:   {run.folder / 'report.html'}")
    return lines


def _data_set(folder: Path, kept: Mapping[str, dataset.Kept], examples: Sequence[Example], card: str) -> None:
    """Rows by split as JSON lines (and Parquet, where pyarrow is there), the questions by split, the card."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for split in dataset.SPLITS:
        questions = [
            {"id": item, "author": k.author, "proven": k.proven, "level": k.question.level}
            | prompts.to_challenge(k.question)
            for item, k in kept.items()
            if k.split == split
        ]
        replace_text(folder / f"questions-{split}.jsonl", "".join(canonical(q) + "\n" for q in questions))
        of_split = [e.model_dump(mode="json") for e in examples if e.split == split]
        if of_split:
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in of_split)
            replace_text(folder / f"{split}.jsonl", lines)
            _write_parquet(folder / f"{split}.parquet", of_split)
    replace_text(folder / "README.md", card)


def _write_parquet(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        return
    with writing(path):
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(rows)), path)


def _model(run: Run) -> None:
    """The trained model as a folder of its own (see `student`)."""
    calibrations = run.records("calibrate-entries")
    name = entrants.submitted(calibrations)
    record = entrants.RECORD[name]
    trained = run.records("train")[record]
    source, folder = entrants.home(run.folder_of("train"), record), run.folder / "model"
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for part in student.ADAPTERS.values():
            found = source / part
            if found.is_dir():
                shutil.copytree(found, folder / part, dirs_exist_ok=True)
            elif found.exists():
                shutil.copy2(found, folder / part)
    config = entrants.students(run.config)[record]
    made = student.Student(
        name=run.config.name,
        base=config.model,
        engine=config.engine,
        options=config.options,
        adapter_digest=trained.adapter_digest,
        licence=findings.licence("transformers", config.model),
        calibration=calibrations.get(name),
    )
    replace_text(folder / student.FILE, student.save(made))
    replace_text(folder / "README.md", train.card(trained))


def export(reference: str, out: Path, form: str) -> Iterator[str]:
    """Write a trained model for other programs: "merged" safetensors, or the adapter as "gguf"."""
    made, folder = student.load(reference)
    if out.exists() and any(out.iterdir()):
        raise BadInput(f"{out} is not empty; name a new folder")
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    if form == "merged":
        train.merge(made.base, folder / student.ADAPTERS["transformers"], out)
    else:
        with writing(out):
            shutil.copy2(folder / student.ADAPTERS["llamacpp"], out / "adapter.gguf")
    with writing(out):
        shutil.copy2(folder / "README.md", out / "README.md")
    yield f"{form}: {out}"
    yield f"licence of the base: {made.licence}"
