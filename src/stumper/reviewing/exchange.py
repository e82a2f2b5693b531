"""The queue and its decisions for other tools, and back: Label Studio's JSON, Argilla's records, CSV.

Label Studio: a list of tasks with "data" and "annotations" (its JSON import and export); Argilla: a list of records
with "fields" and "responses" (`rg.Record.to_dict`). In all three an edited question stands as the challenge's JSON.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple, get_args

from stumper import prompts
from stumper.errors import BadInput
from stumper.types import JsonObject, Question, Review, canonical

Form = Literal["label-studio", "argilla", "csv"]
FORMS: tuple[Form, ...] = get_args(Form)
DECISIONS = ("keep", "edit", "discard")
COLUMNS = ("item", "topic", "question", "choices", "decision", "reason", "reviewer", "edited")
FORMULA = re.compile("[\\s'\ufeff]*[=+\\-@\uff1d\uff0b\uff0d\uff20\\t\\r]|'")
"""A cell that begins so is run by some spreadsheet as a formula; behind a quote it is text."""

LABELS = """<View>
  <Text name="question" value="$question"/>
  <Text name="choices" value="$choices"/>
  <Choices name="decision" toName="question" choice="single" required="true">
    <Choice value="keep"/><Choice value="edit"/><Choice value="discard"/>
  </Choices>
  <TextArea name="reason" toName="question"/>
  <TextArea name="edited" toName="question"/>
</View>
"""
"""The labelling interface that Label Studio is to be given."""


class Row(NamedTuple):
    """A question and one decision on it; without a decision the question waits."""

    item: str
    question: Question
    review: Review | None


def dump(rows: Iterable[Row], form: Form) -> str:
    """The text of the file to export."""
    return _WRITERS[form](list(rows))


def load(text: str, form: Form, questions: Mapping[str, Question], where: str) -> Iterator[tuple[str, Review]]:
    """(item, decision) of what was decided elsewhere; items without a decision are passed over.

    `questions`: the queue. Raises BadInput that names the place and the mend.
    """
    for number, fields in enumerate(_readers(where)[form](text), start=1):
        place = f"{where}, {'row' if form == 'csv' else 'record'} {number}"
        if not fields.get("decision"):
            continue
        item = str(fields.get("item"))
        if item not in questions:
            raise BadInput(f"{place}: {item[:80]!r} is not in the queue of this run; leave it out")
        yield item, _review(fields, questions[item], place)


def _review(fields: Mapping[str, Any], question: Question, place: str) -> Review:
    decision = fields["decision"]
    if decision not in DECISIONS:
        raise BadInput(f"{place}: the decision must be one of {', '.join(DECISIONS)}, found {str(decision)[:40]!r}")
    reviewer, reason = str(fields.get("reviewer") or "imported"), str(fields.get("reason") or "")
    if decision != "edit":
        return Review(decision=decision, reviewer=reviewer, reason=reason)
    try:
        record = json.loads(str(fields.get("edited") or ""))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{place}: an edit needs the new question as JSON under edited") from error
    edited = prompts.from_challenge(record, question.topic, f"{place}, edited")
    return Review(
        decision="edit", reviewer=reviewer, reason=reason, question=edited.model_copy(update={"level": question.level})
    )


def _edited(review: Review | None) -> str:
    question = review.question if review else None
    return "" if question is None else canonical(prompts.to_challenge(question))


def _choices(question: Question) -> str:
    return "\n".join(prompts.shown(question.choices))


def _by_item(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.item, []).append(row)
    return found


def _to_label_studio(rows: list[Row]) -> str:
    tasks = []
    for item, mine in _by_item(rows).items():
        question = mine[0].question
        data = {"item": item, "topic": question.topic, "question": question.stem, "choices": _choices(question)}
        annotations = [{"result": list(_results(row.review)), "meta": {"reviewer": row.review.reviewer}}
                       for row in mine if row.review]  # fmt: skip
        tasks.append({"data": data, "annotations": annotations})
    return json.dumps(tasks, ensure_ascii=False, indent=1) + "\n"


def _results(review: Review) -> Iterator[JsonObject]:
    aimed = {"to_name": "question"}
    yield {**aimed, "from_name": "decision", "type": "choices", "value": {"choices": [review.decision]}}
    for name, text in (("reason", review.reason), ("edited", _edited(review))):
        if text:
            yield {**aimed, "from_name": name, "type": "textarea", "value": {"text": [text]}}


def _from_label_studio(text: str, where: str) -> Iterator[JsonObject]:
    for task in _list(text, where):
        data, annotations = task.get("data"), task.get("annotations") or []
        if not isinstance(data, dict) or not isinstance(annotations, list):
            raise BadInput(f"{where}: each task needs data, and annotations as a list")
        for annotation in annotations:
            fields: JsonObject = {"item": data.get("item"), "reviewer": _reviewer(annotation)}
            for result in annotation.get("result", ()) if isinstance(annotation, dict) else ():
                value = result.get("value") if isinstance(result, dict) else None
                said = next(iter(value.values()), None) if isinstance(value, dict) else None
                if isinstance(said, list) and said:
                    fields[str(result.get("from_name"))] = said[0]
            yield fields


def _reviewer(annotation: Any) -> str:
    """Our own name for them, or who completed it by Label Studio's word (an id, or an object with an address)."""
    if not isinstance(annotation, dict):
        return ""
    meta, by = annotation.get("meta"), annotation.get("completed_by")
    if isinstance(meta, dict) and meta.get("reviewer"):
        return str(meta["reviewer"])
    return str(by.get("email") or by.get("id") or "") if isinstance(by, dict) else str(by or "")


def _to_argilla(rows: list[Row]) -> str:
    records = []
    for item, mine in _by_item(rows).items():
        question = mine[0].question
        responses: dict[str, list[JsonObject]] = {}
        for row in mine:
            if row.review:
                said = {"decision": row.review.decision, "reason": row.review.reason, "edited": _edited(row.review)}
                for name, value in said.items():
                    if value:
                        responses.setdefault(name, []).append({"value": value, "user_id": row.review.reviewer})
        records.append(
            {
                "id": item,
                "fields": {"question": question.stem, "choices": _choices(question)},
                "metadata": {"topic": question.topic},
                "responses": responses,
            }
        )
    return json.dumps(records, ensure_ascii=False, indent=1) + "\n"


def _from_argilla(text: str, where: str) -> Iterator[JsonObject]:
    for record in _list(text, where):
        responses = record.get("responses") or {}
        by_user: dict[str, JsonObject] = {}
        for name, said in responses.items() if isinstance(responses, dict) else ():
            for each in said if isinstance(said, list) else ():
                if isinstance(each, dict):
                    user = str(each.get("user_id") or "")
                    by_user.setdefault(user, {"item": record.get("id"), "reviewer": user})[str(name)] = each.get(
                        "value"
                    )
        yield from by_user.values()


def _list(text: str, where: str) -> list[JsonObject]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{where} is not JSON: {error}") from error
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadInput(f"{where} must be a list of JSON objects")
    return found


def _to_csv(rows: list[Row]) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for item, question, review in rows:
        said = ("", "", "") if review is None else (review.decision, review.reason, review.reviewer)
        cells = (item, question.topic, question.stem, _choices(question), *said, _edited(review))
        writer.writerow(f"'{cell}" if FORMULA.match(cell) else cell for cell in cells)
    return file.getvalue()


def _from_csv(text: str, where: str) -> Iterator[JsonObject]:
    csv.field_size_limit(16 * 2**20)
    reader = csv.DictReader(io.StringIO(text))
    if missing := {"item", "decision"} - set(reader.fieldnames or ()):
        raise BadInput(f"{where} has no column {min(missing)}; export the queue as csv to see the columns")
    try:
        for row in reader:
            yield {name: _bare(cell) for name, cell in row.items() if name and isinstance(cell, str)}
    except csv.Error as error:
        raise BadInput(f"{where} is not CSV: {error}") from error


def _bare(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and FORMULA.match(cell[1:]) else cell


_WRITERS: Mapping[Form, Callable[[list[Row]], str]] = {
    "label-studio": _to_label_studio,
    "argilla": _to_argilla,
    "csv": _to_csv,
}


def _readers(where: str) -> Mapping[Form, Callable[[str], Iterator[JsonObject]]]:
    return {
        "label-studio": lambda text: _from_label_studio(text, where),
        "argilla": lambda text: _from_argilla(text, where),
        "csv": lambda text: _from_csv(text, where),
    }
