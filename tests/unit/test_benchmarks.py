"""What a benchmark holds comes into no data set, under whatever names and in whatever order it is told."""

import json
import random
import re

import pytest

from stumper import benchmarks, dataset, findings, oracle, prompts, publish, puzzles, why
from stumper import run as runs
from stumper.config import Config
from stumper.dataset import Kept, SelectRecipe
from stumper.errors import BadInput
from stumper.forensics import rewrite
from stumper.types import Failure, Question, Written

RECIPE = SelectRecipe(seed=1)


def made(topic, n, seed=0):
    return [puzzles.family(topic).make(random.Random(seed * 1000 + i), 2) for i in range(n)]


def known(questions):
    owed = {f"exam.jsonl#{i}": q for i, q in enumerate(questions, start=1)}
    return {key: record for key, record, _ in benchmarks.read(owed)}


def selected(questions, found):
    written = {f"t/{i}": Written(author="t", question=q) for i, q in enumerate(questions)}
    return dataset.select(RECIPE, written, {item: oracle.prove(w.question) for item, w in written.items()}, found)


@pytest.mark.parametrize("topic", ["seating", "linear_orders", "blood_relations"])
def test_a_puzzle_of_a_benchmark_is_left_out_though_names_clues_and_choices_are_told_otherwise(topic):
    told = [(q, other) for q in made(topic, 12) if (other := rewrite(q)) is not None]
    assert len(told) >= 3
    turned = [dataset.with_key_at(other, "C", 5).model_copy(update={"clues": None}) for _, other in told]
    outcome = selected(turned, known([q for q, _ in told]))
    for i in range(len(told)):
        assert outcome[f"t/{i}"] == Failure(type="benchmark", message=f"the same puzzle as exam.jsonl#{i + 1}")


def test_puzzles_of_one_family_that_are_no_benchmark_questions_are_kept():
    outcome = selected(made("seating", 30), known(made("seating", 30, seed=7)))
    assert all(isinstance(kept, Kept) for kept in outcome.values())


EXAM = (
    "On the evening of the harvest fair Tom the miller lent his grey mule to the baker, who had promised to return it "
    "before the church bell rang, but the bell was cracked. Who had the mule when the bell should have rung?"
)


def question(stem):
    return Question(topic="seating", stem=stem, choices=("Al", "Bo", "Cy", "Di"), key="A")


def test_a_text_that_holds_a_benchmark_question_is_left_out_where_nothing_is_proven():
    longer = "Read this. " + EXAM.replace("Tom", "Rob") + " Give a reason for what you say, and keep it short."
    other = "On the evening of the harvest fair six friends sat on a bench, and none of them had ever seen a mule."
    outcome = selected([question(longer), question(other)], known([question(EXAM)]))
    assert outcome["t/0"].type == "benchmark"
    assert re.fullmatch(r"has \d+% of the n-grams of exam.jsonl#1", outcome["t/0"].message)
    assert isinstance(outcome["t/1"], Kept)


def test_the_nearest_question_is_told_with_the_share_of_its_ngrams():
    shelf = benchmarks.Shelf(known([question(EXAM), question("Nothing that anybody else would ever say at all, sir.")]))
    assert shelf.nearest(EXAM, "") == benchmarks.Near(item="exam.jsonl#1", share=1.0, same=False)
    half = shelf.nearest(EXAM[: len(EXAM) // 2], "")
    assert half.item == "exam.jsonl#1"
    assert 0.2 < half.share < 0.6
    assert shelf.nearest("Who is it?", "") is None


def test_a_run_counts_what_was_left_out_and_tells_the_nearest_in_report_card_and_story(tmp_path):
    teacher = {"name": "setter", "engine": "setter", "votes": False, "questions": 20}
    tree = {"name": "t", "topics": ["seating"], "teachers": [teacher], "student": {"model": "path:none"}}
    plain = runs.Run.open(Config.model_validate(tree), tmp_path / "plain")
    runs.run_all(plain, "dataset", lambda *_: None)
    taken, other = list(plain.records("select").values())[4:6]
    exam = tmp_path / "exam.jsonl"
    told = rewrite(taken.question)
    hint = other.question.model_copy(update={"stem": "Now think. " + other.question.stem + " Why?"})
    exam.write_text("".join(json.dumps(prompts.to_challenge(q)) + "\n" for q in (told, hint)))
    run = runs.Run.open(Config.model_validate(tree | {"forensics": {"benchmarks": [str(exam)]}}), tmp_path / "compared")
    runs.run_all(run, "dataset", lambda *_: None)
    gone = plain.records("select").keys() - run.records("select").keys()
    assert [f.type for f in run.failures("select").values()].count("benchmark") == len(gone) >= 1
    assert run.failures("select")[next(i for i, k in plain.records("select").items() if k == taken)].message.endswith(
        "exam.jsonl#1"
    )
    publish.publish(run)
    compared = findings.decontaminated(run)
    assert compared.left_out == len(gone)
    near = compared.nearest[0]
    card = (run.folder / "dataset" / "README.md").read_text()
    assert f"{len(gone)} questions were left out because they are among them" in card
    assert "The longest choice is the key in" in card
    page = (run.folder / "report.html").read_text()
    assert near.item in page
    story = "\n".join(why.as_text(why.story(run, near.item)))
    assert f"nearest benchmark question: {near.other}" in story


def test_a_file_is_known_by_its_content_and_not_by_its_place(tmp_path):
    text = json.dumps(prompts.to_challenge(question(EXAM)))
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "exam.jsonl").write_text(text)
    one, other = (benchmarks.Recipe(files=benchmarks.files((str(tmp_path / f / "exam.jsonl"),))) for f in "ab")
    assert one.model_dump() == other.model_dump()
    assert list(benchmarks.tasks(other)) == ["exam.jsonl#1"]
    with pytest.raises(BadInput, match=r"two files are called exam\.jsonl"):
        benchmarks.files((str(tmp_path / "a" / "exam.jsonl"), str(tmp_path / "b" / "exam.jsonl")))
    with pytest.raises(BadInput, match=r"forensics\.benchmarks: cannot read"):
        benchmarks.files((str(tmp_path / "nowhere.jsonl"),))
