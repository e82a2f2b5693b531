"""A trained model as the folder that the organisers' own agents run."""

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import stumper
from stumper import discover, models, prompts, puzzles, student
from stumper.arena import Rules
from stumper.errors import BadInput
from stumper.store import replace_text, writing
from stumper.submission.agents import FILE, Settings
from stumper.types import seed_for

PACKAGES = (
    "clingo>=5.8,<6",
    "filelock>=3.15",
    "jinja2>=3.1",
    "lark>=1.2",
    "numpy>=2.0",
    "platformdirs>=4.2",
    "pydantic>=2.9",
    "pyyaml>=6.0",
    "rapidfuzz>=3.9",
    "rich>=13.7",
    "scipy>=1.14",
)
"""What stumper itself needs to run agents in process."""

ENGINES = {
    "llamacpp": ("xllamacpp>=2026.10",),
    "transformers": ("torch>=2.6", "transformers>=5.0", "peft>=0.19", "llguidance>=1.5,<2"),
}

EXAMPLES = 2
"""Questions of the setter shown for each topic in assets/topics_example.json."""

MODEL = '''"""{role} of a model made with stumper. The organisers' own agent imports this class; nothing else is to be changed."""

import sys
from pathlib import Path

HOME = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HOME / "vendor"))

from stumper.submission.agents import {base}  # noqa: E402


class {name}({base}):
    def __init__(self, **_):
        super().__init__(HOME)
'''

SETTINGS = """max_new_tokens: {tokens}  # fixed by the rules
temperature: {temperature}
top_p: 1.0
do_sample: true
"""

README = """# An entry made with stumper

Put the organisers' `agents/question_agent.py`, `agents/answer_agent.py` and `utils/` beside these files, unchanged, and

    pip install -r requirements.txt
    python -m agents.question_agent --output_file outputs/questions.json --num_questions 20 --verbose
    python -m agents.answer_agent --input_file outputs/filtered_questions.json --output_file outputs/answers.json --verbose

`agents/question_model.py` and `agents/answer_model.py` hold the classes `QAgent` and `AAgent`; `vendor/stumper` is the
package that they use, `model/` the adapter and how it answers best, `entry.json` the rules of {edition} and the seed.
Each question has {question:g} seconds and each answer {answer:g}, one by one, however many come in a batch.

Weights: {weights}
Licence of the base: {licence}
"""


def export(reference: str, out: Path, rules: Rules, seed: int = 0, weights: bool = True) -> Iterator[str]:
    """Write the folder; yields what lies where. `weights`: copy the base into it, so that nothing is fetched later.

    Raises BadInput for a model that is no student's folder, or where the folder is not empty.
    """
    made, source = student.load(reference)
    if out.exists() and any(out.iterdir()):
        raise BadInput(f"{out} is not empty; name a new folder")
    if made.engine not in ENGINES:
        raise BadInput(f"{reference} was measured on the engine {made.engine}, which a submission cannot start")
    with writing(out):
        for name in ("agents", "assets", "model"):
            (out / name).mkdir(parents=True)
        _copy_package(out / "vendor" / "stumper")
        for name in (student.ADAPTERS[made.engine], "README.md"):
            _copy(source / name, out / "model" / name)
    base = made.base
    if weights:
        base = f"path:{_copy_weights(made.base, out / 'model')}"
    replace_text(out / "model" / student.FILE, student.save(made.model_copy(update={"base": base})))
    replace_text(out / FILE, Settings(rules=rules, seed=seed).model_dump_json(indent=2) + "\n")
    _write_agents(out, rules)
    _write_assets(out / "assets", rules, seed)
    replace_text(out / "requirements.txt", "\n".join([*PACKAGES, *ENGINES[made.engine]]) + "\n")
    where = f"in model/{base.rpartition('/')[2]}" if weights else f"fetched from {made.base} when it starts"
    told = README.format(
        edition=rules.edition,
        question=rules.question.seconds,
        answer=rules.answer.seconds,
        weights=where,
        licence=made.licence,
    )
    replace_text(out / "README.md", told)
    yield f"submission for {rules.edition}: {out}"
    yield f"weights: {where}"
    yield f"licence of the base: {made.licence}"


def _write_agents(out: Path, rules: Rules) -> None:
    for file, role, name, base in (
        ("question_model.py", "The question agent", "QAgent", "Asker"),
        ("answer_model.py", "The answer agent", "AAgent", "Answerer"),
    ):
        replace_text(out / "agents" / file, MODEL.format(role=role, name=name, base=base))
    for file, limits, temperature in (("qgen.yaml", rules.question, 0.8), ("agen.yaml", rules.answer, 0.2)):
        replace_text(out / file, SETTINGS.format(tokens=limits.max_new_tokens, temperature=temperature))


def _write_assets(out: Path, rules: Rules, seed: int) -> None:
    known = [topic for topic in rules.topics if topic.family in puzzles.families()]
    examples = {
        topic.title: [
            _challenge(topic.family, topic.title, seed_for(seed, "example", topic.title, n)) for n in range(EXAMPLES)
        ]
        for topic in known
    }
    bare = {
        title: [{name: each[name] for name in each if name != "topic"} for each in found]
        for title, found in examples.items()
    }
    every = [each for found in examples.values() for each in found]
    answers = [{"answer": each["answer"], "reasoning": each.get("explanation", "")} for each in every]
    for name, content in (
        ("topics.json", {topic.title: [topic.title] for topic in rules.topics}),
        ("topics_example.json", {topic.title: bare.get(topic.title, []) for topic in rules.topics}),
        ("sample_question.json", every),
        ("sample_answer.json", answers),
    ):
        replace_text(out / name, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _challenge(family: str, title: str, seed: int) -> dict[str, object]:
    return prompts.to_challenge(puzzles.family(family).make(random.Random(seed), 2), title)


def _copy_package(target: Path) -> None:
    source = Path(stumper.__file__).parent
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("rules", "conventions"):
        shutil.copytree(discover.shipped(name), target / "data" / name, dirs_exist_ok=True)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copy2(source, target)


def _copy_weights(reference: str, folder: Path) -> str:
    """Copy the base's weights; their place as seen from the submission's folder, where the organisers' code starts."""
    found = models.resolve(reference)
    target = folder / ("base" if found.is_dir() else f"base{found.suffix}")
    with writing(target):
        _copy(found, target)
    return f"{folder.name}/{target.name}"
