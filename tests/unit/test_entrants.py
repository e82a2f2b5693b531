"""One student or two: who is measured, which one is submitted, and where each lies."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from stumper import config, entrants, publish, student
from stumper.pipeline import STAGE, trainings
from stumper.stats import share
from stumper.types import Calibration, RuleScore, ScoringRule

RULE = ScoringRule()


def calibration(right, n=100):
    return Calibration(scores=(RuleScore(rule=RULE, correct=share(right, n)),), rule=RULE, first=RULE)


def test_one_student_is_two_entrants_and_one_training():
    one = config.load("hybrid-laptop")
    assert list(entrants.entrants(one)) == ["base", "tuned"]
    assert list(trainings(STAGE["train"].recipe(one))) == ["model"]
    assert entrants.sides({"base": calibration(90), "tuned": calibration(10)}) == ("tuned", "base")


def test_a_rival_is_trained_and_measured_beside_the_student():
    both = config.load("direct-laptop")
    specs = entrants.entrants(both, "transformers")
    assert list(specs) == ["base", "tuned", "rival-base", "rival"]
    assert {specs[name].model for name in ("rival-base", "rival")} == {"gemma-3-270m"}
    assert len({spec.name for spec in specs.values()}) == 4
    made = trainings(STAGE["train"].recipe(both))
    assert {name: recipe.base for name, recipe in made.items()} == {
        "model": "smollm2-135m-instruct",
        "rival": "gemma-3-270m",
    }
    assert len({entrants.home(Path("x"), name) for name in made}) == 2


def test_the_better_one_on_validation_is_submitted_and_a_tie_goes_to_the_first():
    found = {"base": calibration(20), "tuned": calibration(50), "rival-base": calibration(99)}
    assert entrants.submitted(found | {"rival": calibration(51)}) == "rival"
    assert entrants.sides(found | {"rival": calibration(51)}) == ("rival", "rival-base")
    assert entrants.submitted(found | {"rival": calibration(50)}) == "tuned"
    # Shares are compared, not counts: an answer that no model gave is left out of n.
    assert entrants.submitted(found | {"rival": calibration(49, 90)}) == "rival"
    assert entrants.submitted({}) == "tuned"


def test_what_is_not_trained_yet_does_not_play():
    both = config.load("direct-laptop")
    assert list(entrants.trained(entrants.entrants(both), {}, Path())) == ["base", "rival-base"]


@pytest.mark.parametrize(("rival", "base"), [(90, "gemma-3-270m"), (10, "smollm2-135m-instruct")])
def test_what_is_published_is_the_submitted_model_with_its_own_calibration(tmp_path, monkeypatch, rival, base):
    calibrations = {"tuned": calibration(50), "rival": calibration(rival)}
    records = {
        "calibrate-entries": calibrations,
        "train": dict.fromkeys(("model", "rival"), SimpleNamespace(adapter_digest="d")),
    }
    made = tmp_path / "train"
    for folder in (made, made / "rival"):
        (folder / "adapter").mkdir(parents=True)
        (folder / "adapter" / "of").write_text("rival" if folder.name == "rival" else "model")
    run = SimpleNamespace(
        config=config.load("direct-laptop"), folder=tmp_path, records=records.get, folder_of=lambda _: made
    )
    monkeypatch.setattr("stumper.train.card", lambda _: "card")
    publish._model(run)
    found, folder = student.load(str(tmp_path / "model"))
    assert found.base == base
    assert found.calibration == calibrations["rival" if rival > 50 else "tuned"]
    assert (folder / "adapter" / "of").read_text() == ("rival" if rival > 50 else "model")
