import json
import random
from collections import Counter

import pytest

from stumper import dataset, oracle, puzzles
from stumper.dataset import Kept, SelectRecipe
from stumper.types import LETTERS, Failure, Question, Review, Ruling, Verdict, Written, shuffled

RECIPE = SelectRecipe(seed=3)
UNREAD = {"t/0": Ruling(ruling="unformalised", why="not understood")}


def question(stem="Ana is Bo's mother. How is Bo related to Ana?", choices=("son", "uncle", "father", "niece"), **more):
    return Question(**({"topic": "blood_relations", "stem": stem, "choices": choices, "key": "A"} | more))


def written(*questions):
    return {f"t/{i}": Written(author="t", question=q) for i, q in enumerate(questions)}


def test_a_twin_under_other_names_is_a_duplicate():
    twin = question("Eve is Sam's mother. How is Sam related to Eve?")
    outcome = dataset.select(RECIPE, written(question(), twin), {})
    assert isinstance(outcome["t/0"], Kept)
    assert outcome["t/1"] == Failure(type="duplicate", message="the same question as t/0")


def test_a_puzzle_that_differs_in_one_word_is_another_when_it_is_proven():
    other = question("Ana is Bo's sister. How is Bo related to Ana?")
    proven = dict.fromkeys(("t/0", "t/1"), Ruling(ruling="proven", why=""))
    assert all(isinstance(k, Kept) for k in dataset.select(RECIPE, written(question(), other), proven).values())


def test_unproven_texts_that_are_nearly_the_same_are_one():
    long = (
        "Seven old friends meet at the harbour and walk along the quay to the lighthouse before dinner. Who is first?"
    )
    near = long.replace("before", "after")
    outcome = dataset.select(RECIPE, written(question(long), question(near)), {})
    assert isinstance(outcome["t/1"], Failure)
    assert outcome["t/1"].type == "near_duplicate"


def test_no_renamed_stem_stands_in_two_splits():
    rng = random.Random(5)
    setter = [puzzles.family("blood_relations").make(rng, 1) for _ in range(400)]
    kept = [k for k in dataset.select(RECIPE, written(*setter), {}).values() if isinstance(k, Kept)]
    split_of = {}
    for k in kept:
        assert split_of.setdefault(dataset.renamed(k.question.stem), k.split) == k.split
    shares = Counter(k.split for k in kept)
    assert shares["train"] > shares["test"] > shares["validation"] > 0


def test_keys_are_balanced_and_the_right_choice_stays_right():
    texts = [
        " ".join(random.Random(i).choices(["red", "blue", "oak", "elm", "fog", "sun", "tea"], k=30)) for i in range(80)
    ]
    same_key = written(*[question(f"{text}?", choices=(f"right{i}", "x", "y", "z")) for i, text in enumerate(texts)])
    kept = dataset.select(RECIPE, same_key, {})
    letters = Counter()
    for item, k in kept.items():
        assert isinstance(k, Kept)
        number = item.split("/")[1]
        assert k.question.choices[LETTERS.index(k.question.key)] == f"right{number}"
        letters[k.split, k.question.key] += 1
    train = [letters["train", letter] for letter in "ABCD"]
    assert max(train) - min(train) <= 1


def test_a_reasoning_that_names_letters_keeps_its_order_of_choices():
    fixed = question(reasoning="B) and C) cannot hold, so option A.")
    assert dataset.select(RECIPE, written(fixed), {})["t/0"].question == fixed


@pytest.mark.parametrize(("decision", "kept"), [("keep", True), ("discard", False), ("left", False)])
def test_what_went_to_review_is_kept_only_by_a_person(decision, kept):
    verdict = Verdict(decision="review", agreement="none", votes=(), choice=None, key_agrees=None, reason="")
    reviews = {"t/0": Review(decision=decision, reviewer="ada")}
    assert bool(dataset.accepted(written(question()), UNREAD, {"t/0": verdict}, reviews, {})) == kept


def test_an_edit_counts_unless_its_proof_refutes_it():
    verdict = Verdict(decision="review", agreement="none", votes=(), choice=None, key_agrees=None, reason="")
    edited = question("A better stem?")
    reviews = {"t/0": Review(decision="edit", reviewer="ada", question=edited)}
    fine = {"t/0": verdict.model_copy(update={"decision": "accept"})}
    refuted = {"t/0": verdict.model_copy(update={"decision": "reject"})}
    found = dataset.accepted(written(question()), UNREAD, {"t/0": verdict}, reviews, fine)
    assert found["t/0"].question == edited
    assert not dataset.accepted(written(question()), UNREAD, {"t/0": verdict}, reviews, refuted)


@pytest.mark.parametrize(("form", "before"), [("letter", None), ("stated", "son"), ("reasoned", "Bo is her son.")])
def test_an_answering_row_holds_what_the_recipe_asks_for_before_the_letter(form, before):
    entry = Kept(author="t", split="train", question=question(reasoning="Bo is her son."), proven=True)
    rows = dataset.rows(dataset.RowsRecipe(seed=3, writing=0, answer=form), {"t/0": entry})
    answer = json.loads(rows["t/0<A>"].completion)
    assert answer == ({"answer": "A"} if before is None else {"reasoning": before, "answer": "A"})
    assert list(answer)[-1] == "answer"


def test_test_questions_become_no_rows_and_rows_hold_both_roles():
    rng = random.Random(5)
    setter = [puzzles.family("seating").make(rng, 1) for _ in range(100)]
    kept = {k: v for k, v in dataset.select(RECIPE, written(*setter), {}).items() if isinstance(v, Kept)}
    rows = dataset.rows(dataset.RowsRecipe(seed=3, writing=10, answer="letter"), kept)
    held_out = {item for item, k in kept.items() if k.split == "test"}
    assert held_out
    assert not held_out & {row.item for row in rows.values()}
    roles = Counter(row.role for row in rows.values() if row.split == "train")
    assert roles["<Q>"] == 10
    assert roles["<A>"] == sum(k.split == "train" for k in kept.values())


def test_moving_the_key_moves_nothing_else():
    moved = dataset.with_key_at(question(), "C", 9)
    assert moved.key == "C"
    assert sorted(moved.choices) == sorted(question().choices)
    assert moved.choices[2] == "son"


def test_an_order_is_a_permutation_and_depends_on_its_seed():
    assert {tuple(sorted(shuffled(4, seed))) for seed in range(50)} == {(0, 1, 2, 3)}
    assert len({shuffled(4, seed) for seed in range(200)}) == 24


def _set_and_proven(topic, n, level):
    questions = [puzzles.family(topic).make(random.Random(seed), level) for seed in range(n)]
    candidates = written(*questions)
    return candidates, {item: oracle.prove(candidate.question) for item, candidate in candidates.items()}


def test_a_proven_question_told_otherwise_is_a_duplicate():
    one = question("Ana is Bo's mother. Cy is Bo's brother. How is Bo related to Ana?")
    other = question("Eve is the brother of Sam. Liv is Sam's mother. What is Sam to Liv?")
    same = one.model_copy(update={"choices": ("son", "daughter", "child", "niece"), "key": "C"})
    again = other.model_copy(update={"choices": ("niece", "daughter", "son", "child"), "key": "D"})
    candidates = written(same, again)
    rulings = {item: oracle.prove(candidate.question) for item, candidate in candidates.items()}
    assert {ruling.ruling for ruling in rulings.values()} == {"proven"}
    outcome = dataset.select(RECIPE, candidates, rulings)
    assert outcome["t/1"] == Failure(type="duplicate", message="the same question as t/0")


def test_no_problem_stands_in_two_splits_whatever_its_choices_and_words():
    candidates, rulings = _set_and_proven("series", 150, 1)
    kept = {i: k for i, k in dataset.select(RECIPE, candidates, rulings).items() if isinstance(k, Kept)}
    split_of = {}
    for k in kept.values():
        problem = puzzles.family("series").load(k.question.clues)
        assert split_of.setdefault(puzzles.canonical_form(problem, choices=False), k.split) == k.split
    assert {k.split for k in kept.values()} == {"train", "validation", "test"}


def test_the_order_of_the_questions_changes_no_split():
    candidates, rulings = _set_and_proven("series", 60, 2)
    there = dataset.select(RECIPE, candidates, rulings)
    back = dataset.select(RECIPE, dict(reversed(candidates.items())), rulings)
    for item, kept in there.items():
        if isinstance(kept, Kept) and isinstance(back[item], Kept):
            assert kept.split == back[item].split


def test_a_question_edited_since_its_proof_is_not_taken_for_what_was_proven():
    one, other = (puzzles.family("series").make(random.Random(seed), 2) for seed in (1, 2))
    rulings = {"t/0": oracle.prove(one), "t/1": oracle.prove(one)}
    assert isinstance(dataset.select(RECIPE, written(one, other), rulings)["t/1"], Kept)
