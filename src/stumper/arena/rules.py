"""The editions of the tournament: tables (rules/*.yaml) and the pure functions that read them."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from stumper import discover
from stumper.errors import BadInput
from stumper.files import read_yaml
from stumper.types import JsonObject, RulingName, TokenCounts, Value

BATCH = 5
"""Items that the organisers' agents hand to a model at once."""

Mode = Literal["faithful", "fixed"]
CountTokens = Callable[[str], int | None]


class Topic(Value):
    title: str = Field(min_length=1)
    """As the edition's topics.json writes it."""
    family: str = ""
    """The puzzle family that sets and proves it; empty where there is none."""


class Bounds(Value):
    min: int = Field(ge=1)
    max: int | None = Field(None, ge=1)


class QuestionRules(Value):
    """Limits of one question; the comments in the YAML files give each formula."""

    seconds: float = Field(gt=0)
    max_new_tokens: int = Field(gt=0)
    choices: int = Field(ge=2, le=9)
    choice_letters: str = Field(min_length=1)
    choice_longer_than: int = Field(ge=0)
    tokens_below: int
    tokens_free: int
    tokens_with_explanation_at_most: int


class AnswerRules(Value):
    """Limits of one answer."""

    seconds: float = Field(gt=0)
    max_new_tokens: int = Field(gt=0)
    letters: str = Field(min_length=1)
    tokens_below: int
    tokens_with_reasoning_below: int


class Traps(Value):
    """What the reference code does that its authors did not mean: done as the code does it, or as it was meant."""

    comparison: Mode
    key: Mode
    partial_batch: Mode
    timing: Mode
    visible_keys: Mode


class Rules(Value):
    """One edition."""

    edition: str
    title: str
    models: str
    topics: tuple[Topic, ...] = Field(min_length=1)
    num_questions: Bounds
    disqualified_below: float = Field(ge=0, le=1)
    dropped_rulings: tuple[RulingName, ...]
    question: QuestionRules
    answer: AnswerRules
    traps: Traps


def editions() -> tuple[str, ...]:
    """The names of the editions that ship with stumper."""
    return tuple(sorted(path.stem for path in discover.shipped("rules").glob("*.yaml")))


def load_rules(name: str, traps: Mode | None = None) -> Rules:
    """An edition by its name, or rules of one's own by the path of a YAML file.

    `traps` overrides all switches of the file at once. Raises BadInput that names the file, the key and the mend.
    """
    path = Path(name) if name.endswith((".yaml", ".yml")) else discover.shipped("rules") / f"{name}.yaml"
    if not name.endswith((".yaml", ".yml")) and name not in editions():
        raise BadInput(f"no edition {name!r}; there are: {', '.join(editions())} (or give the path of a .yaml file)")
    tree, _ = read_yaml(path)
    try:
        rules = Rules.model_validate(tree)
    except ValidationError as error:
        raise BadInput(_sentence(path, error)) from error
    return rules if traps is None else rules.model_copy(update={"traps": _all(traps)})


def _all(mode: Mode) -> Traps:
    return Traps(**dict.fromkeys(Traps.model_fields, mode))


def _sentence(path: Path, error: ValidationError) -> str:
    mistake = error.errors()[0]
    where = mistake["loc"]
    key = ".".join(map(str, where)) or "the file"
    if mistake["type"] == "extra_forbidden":
        return f"{path}: unknown key {key}; allowed here: {', '.join(_keys_at(where[:-1]))}"
    if mistake["type"] == "missing":
        return f"{path}: key {key} is missing; copy it from a shipped edition ({', '.join(editions())})"
    found = mistake["input"]
    # Only plain values are quoted: YAML aliases can nest a page into gigabytes.
    quoted = repr(found)[:60] if isinstance(found, str | int | float) else f"a {type(found).__name__}"
    return f"{path}: {key}: {mistake['msg']}, found {quoted}"


def _keys_at(where: Sequence[str | int]) -> list[str]:
    parts: dict[str, type[Value]] = {
        "topics": Topic,
        "num_questions": Bounds,
        "question": QuestionRules,
        "answer": AnswerRules,
        "traps": Traps,
    }
    part = parts[str(where[0])] if where else Rules
    return list(part.model_fields)


def questions_due(rules: Rules, n: int) -> int:
    """How many questions a side writes when it is asked for n. Raises BadInput outside the edition's bounds.

    In the organisers' code a last batch that is not full is generated twice.
    """
    low, high = rules.num_questions.min, rules.num_questions.max
    if n < low or (high is not None and n > high):
        raise BadInput(f"{rules.edition} plays {low} to {high or 'any number of'} questions an innings, not {n}")
    return n + n % BATCH if rules.traps.partial_batch == "faithful" else n


def charged(seconds: Sequence[float], rules: Rules) -> list[float]:
    """The seconds that count against each item's limit, from those it took.

    In the organisers' code a batch is timed, so that its items share its time evenly. (The code also leaves out calls
    that repair JSON; our agents' seconds hold all their attempts, in both modes.)
    """
    if rules.traps.timing == "fixed":
        return list(seconds)
    batches = [seconds[i : i + BATCH] for i in range(0, len(seconds), BATCH)]
    return [sum(batch) / len(batch) for batch in batches for _ in batch]


def read_letter(text: Any) -> str:
    """The letter that an answer names in any of its usual spellings ("b", "B) text", "(B)"), or ""."""
    match = re.fullmatch(r"\s*\(?([A-Ia-i])\s*(?:[).:].*)?", text, re.DOTALL) if isinstance(text, str) else None
    return match.group(1).upper() if match else ""


def is_correct(question: JsonObject, answer: JsonObject, rules: Rules) -> bool:
    """Whether the scorer counts the answer as right; both in the challenge's format and past the filter."""
    key, said = question.get("answer"), answer.get("answer")
    if rules.traps.comparison == "faithful":
        return isinstance(key, str) and key[:1] == said and key != ""
    return read_letter(key) != "" and read_letter(key) == read_letter(said)


def count_question(record: Any, count_tokens: CountTokens) -> TokenCounts | None:
    """The tokens of a question that its limits are about; None for a record too malformed, or without a tokenizer."""
    if not isinstance(record, dict) or not isinstance(record.get("choices"), list):
        return None
    return _counts(
        [record.get("question"), record.get("answer"), *record["choices"]], record, "explanation", count_tokens
    )


def count_answer(record: Any, count_tokens: CountTokens) -> TokenCounts | None:
    """The tokens of an answer that its limits are about; None as in `count_question`."""
    return _counts([record.get("answer")], record, "reasoning", count_tokens) if isinstance(record, dict) else None


def _counts(core: Sequence[Any], record: JsonObject, optional: str, count_tokens: CountTokens) -> TokenCounts | None:
    texts = [*core, record.get(optional) or ""]
    if not all(isinstance(text, str) for text in texts):
        return None
    counts = [count_tokens(text) for text in texts]
    known = [count for count in counts if count is not None]
    return TokenCounts(core=sum(known[:-1]), optional=known[-1]) if len(known) == len(counts) else None


def check_question(record: Any, rules: Rules, count_tokens: CountTokens) -> list[str]:
    """What the format filter has against a question; empty: it passes.

    `count_tokens`: text -> tokens of the entry's own model; where it says None the token limits are not checked.
    """
    return question_problems(record, rules, count_question(record, count_tokens))


def check_answer(record: Any, rules: Rules, count_tokens: CountTokens) -> list[str]:
    """What the format filter has against an answer; empty: it passes. `count_tokens` as in `check_question`."""
    return answer_problems(record, rules, count_answer(record, count_tokens))


def question_problems(record: Any, rules: Rules, tokens: TokenCounts | None) -> list[str]:
    """`check_question` by the tokens counted when the question was written, for a replay."""
    if not isinstance(record, dict):
        return [f"a question is a JSON object, found {type(record).__name__}"]
    limits = rules.question
    problems = [f'"{key}" is missing' for key in ("topic", "question", "choices", "answer") if key not in record]
    choices = record.get("choices", [])
    if "choices" in record:
        problems += _check_choices(choices, limits)
    for key in ("question", "answer"):
        if key in record and not isinstance(record[key], str):
            problems.append(f'"{key}" must be a string')
    if not isinstance(record.get("explanation") or "", str):
        problems.append('"explanation" must be a string')
    if rules.traps.key == "fixed" and isinstance(record.get("answer"), str):
        letters = "ABCDEFGHI"[: limits.choices]
        if record["answer"] not in tuple(letters):
            problems.append(f'"answer" must be one of {letters}')
    if tokens is not None:
        core = tokens.core - limits.tokens_free
        if core >= limits.tokens_below:
            problems.append(f"question, choices and answer take {core} tokens, {limits.tokens_below - 1} are allowed")
        if core + tokens.optional > limits.tokens_with_explanation_at_most:
            problems.append(
                f"with the explanation it takes {core + tokens.optional} tokens, "
                f"{limits.tokens_with_explanation_at_most} are allowed"
            )
    return problems


def _check_choices(choices: Any, limits: QuestionRules) -> list[str]:
    if not isinstance(choices, list):
        return ['"choices" must be a list']
    problems = []
    if len(choices) != limits.choices:
        problems.append(f'"choices" must be {limits.choices}, found {len(choices)}')
    for number, choice in enumerate(choices, start=1):
        if not isinstance(choice, str) or len(choice) <= limits.choice_longer_than:
            problems.append(f"choice {number} must be a string of more than {limits.choice_longer_than} characters")
        elif choice[0].upper() not in limits.choice_letters:
            problems.append(f"choice {number} must begin with one of {limits.choice_letters}")
    return problems


def answer_problems(record: Any, rules: Rules, tokens: TokenCounts | None) -> list[str]:
    """`check_answer` by the tokens counted when the answer was given, for a replay."""
    if not isinstance(record, dict):
        return [f"an answer is a JSON object, found {type(record).__name__}"]
    limits = rules.answer
    said = record.get("answer")
    if not isinstance(said, str):
        return ['"answer" is missing' if "answer" not in record else '"answer" must be a string']
    problems = []
    if len(said) == 1 and said not in limits.letters:
        problems.append(f'"answer" must be one of {limits.letters}')
    if not isinstance(record.get("reasoning") or "", str):
        problems.append('"reasoning" must be a string')
    if tokens is not None:
        if tokens.core >= limits.tokens_below:
            problems.append(f"the answer takes {tokens.core} tokens, {limits.tokens_below - 1} are allowed")
        if tokens.core + tokens.optional >= limits.tokens_with_reasoning_below:
            problems.append(
                f"with the reasoning it takes {tokens.core + tokens.optional} tokens, "
                f"{limits.tokens_with_reasoning_below - 1} are allowed"
            )
    return problems
