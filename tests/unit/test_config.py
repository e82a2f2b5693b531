import pytest

from stumper import config
from stumper.errors import BadInput

RECIPE = """name: x
topics: [seating]
teachers:
  - {name: a, engine: setter, questions: 3}
student: {model: smollm2-135m-instruct}
"""


def load(tmp_path, text, *overrides):
    path = tmp_path / "recipe.yaml"
    path.write_text(text)
    return config.load(str(path), overrides)


@pytest.mark.parametrize("name", ["hybrid-laptop", "hybrid", "direct-laptop", "direct"])
def test_shipped_recipes_load(name):
    assert config.load(name).name == name


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            RECIPE + "tpoics: [x]\n",
            "line 6: unknown key tpoics; allowed here: committee, dataset, evaluate, forensics, generate",
        ),
        (
            RECIPE + "dataset: {wrting: 3}\n",
            "line 6: unknown key dataset.wrting; allowed here: answer, near, test, validation, writing",
        ),
        (RECIPE.replace("questions", "qestions"), "line 4: unknown key teachers.0.qestions; allowed here: adapter, "),
        (RECIPE.replace("seating", "chess"), "line 2: topics: no topic 'chess'; there are: blood_relations, linear"),
        (RECIPE.replace("setter", "magic"), "no engine 'magic'; there are: "),
        (RECIPE + "generate: {levels: [1, 9]}\n", "line 6: generate.levels.1: .* less than or equal to 5"),
        (RECIPE + "a: [1\nb: 2", "line 7"),
        (RECIPE + "x: &a [1]\ny: *a\n", "line 7: aliases are not used"),
        (
            RECIPE.replace("questions: 3", "questions: {chess: 3}"),
            "a is to write on 'chess', which is none of the recipe",
        ),
        (
            RECIPE.replace("questions: 3", "questions: {seating: -3}"),
            "line 4: teachers.0.questions.*greater than or equal",
        ),
        ("- 1\n", "a mapping of keys"),
        ("", "a mapping of keys"),
        (RECIPE + "runtime: {models: {bob: {url: x}}}\n", "runtime.models names 'bob'"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_what_is_allowed(tmp_path, text, complaint):
    with pytest.raises(BadInput, match=complaint) as caught:
        load(tmp_path, text)
    assert str(caught.value).startswith(str(tmp_path / "recipe.yaml"))
    assert "\n" not in str(caught.value)


def test_overrides_reach_numbers_lists_and_new_keys(tmp_path):
    made = load(tmp_path, RECIPE, "teachers.0.questions=7", "dataset.writing=1e2", "runtime.accept_none=true")
    assert made.teachers[0].questions == 7
    assert made.dataset.writing == 100
    assert made.runtime.accept_none


@pytest.mark.parametrize("override", ["x", "=1", "teachers.5.questions=1", "teachers.x=1", "name.y=1", "seed=[1"])
def test_a_bad_override_is_quoted(tmp_path, override):
    with pytest.raises(BadInput, match=r"override|place|inside|readable|unknown"):
        load(tmp_path, RECIPE, override)


def test_an_unknown_recipe_is_named_with_those_that_ship():
    with pytest.raises(BadInput, match=r"no 'hybird' among the shipped recipes; there are: .*hybrid-laptop"):
        config.load("hybird")


def test_runtime_decides_no_result(tmp_path):
    one, other = load(tmp_path, RECIPE), load(tmp_path, RECIPE, "runtime.default.threads=1")
    assert one != other
    assert one.decisive() == other.decisive()
