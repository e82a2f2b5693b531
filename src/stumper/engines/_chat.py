"""Messages to prompt text and scored texts to token ids: one way for every engine in this process and for training.

The text comes from the model's own chat template, rendered with the conventions of `transformers`
(chat templating guide: trimmed blocks, `raise_exception`, `strftime_now`, a sandboxed Jinja environment), so that a
prompt has the same tokens wherever it is run.
"""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from jinja2 import Template, TemplateError, nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from stumper.errors import BadInput
from stumper.types import Message

TRANSCRIPT_STOP = "\n\nUser:"
"""Where free text of a model without a chat template ends: it would go on to write the next turn itself."""


def render(
    messages: Sequence[Message],
    template: str | None,
    bos: str,
    eos: str,
    opening: str = "",
    special: Iterable[str] = (),
) -> str:
    """The prompt text of a conversation up to and with the `opening` of the reply.

    `template`: the model's Jinja chat template; None gives the plain transcript of a base model, which is
    `bos`, then "System:", "User:" or "Assistant:" and the content on the next line, turns parted by an empty line.
    `bos`, `eos`: texts of the tokens that begin and end a sequence. The result holds the beginning token where the
    template writes one: tokenise it without adding another.
    `special`: texts of the model's control tokens. They are taken out of the contents, because a question that
    carries "<|im_end|>" could otherwise end its turn and speak as somebody else.

    Raises BadInput for a template that does not compile or refuses the conversation.
    """
    safe = [{"role": m.role, "content": scrub(m.content, special)} for m in messages]
    if template is None:
        turns = [f"{m['role'].capitalize()}:\n{m['content']}\n\n" for m in safe]
        return f"{bos}{''.join(turns)}Assistant:\n{opening}"
    values = {"bos_token": bos, "eos_token": eos, "add_generation_prompt": True, "tools": None, "documents": None}
    try:
        return _compiled(template).render(messages=safe, **values) + opening
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        # Some templates refuse a system turn; then its content opens the first user turn.
        if len(safe) > 1 and (safe[0]["role"], safe[1]["role"]) == ("system", "user"):
            first = Message(role="user", content=f"{safe[0]['content']}\n\n{safe[1]['content']}")
            return render([first, *messages[2:]], template, bos, eos, opening, special)
        raise BadInput(f"the model's chat template refuses the conversation: {str(error)[:200]}") from error


def scrub(text: str, special: Iterable[str]) -> str:
    """The text without any of the `special` strings, even those that only appear once another is gone."""
    if not (pattern := _any_of(tuple(special))):
        return text
    while (shorter := pattern.sub("", text)) != text:
        text = shorter
    return text


@cache
def _any_of(strings: tuple[str, ...]) -> re.Pattern[str] | None:
    kept = sorted((s for s in strings if s.strip()), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, kept))) if kept else None


def scored_part(prompt: Sequence[int], whole: Sequence[Sequence[int]]) -> tuple[list[int], list[list[int]]]:
    """Token ids to condition on, and those to score for each continuation.

    `prompt`: ids of the prompt; `whole`: ids of prompt + continuation, tokenised together, one list each.
    As a rule the first is the second's beginning. Where a token reaches across the seam, the last tokens of the prompt
    are scored along with *every* continuation, so that the scores stay log-probabilities and comparable.
    """
    seam = min([shared(prompt, ids) for ids in whole], default=len(prompt))
    # A model gives no probability for its first token.
    seam = max(seam, 1)
    return list(prompt[:seam]), [list(ids[seam:]) for ids in whole]


def shared(a: Sequence[int], b: Sequence[int]) -> int:
    """The number of tokens that two sequences have in common from their beginning."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


@cache
def _compiled(template: str) -> Template:
    try:
        return _environment().from_string(template)
    except (TemplateError, RecursionError) as error:
        raise BadInput(f"the model's chat template does not compile: {str(error)[:200]}") from error


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols, _GenerationBlock]
    )
    environment.globals["raise_exception"] = _refuse
    environment.globals["strftime_now"] = _FIXED_DAY.strftime
    environment.filters["tojson"] = _to_json
    return environment


_FIXED_DAY = datetime(2025, 1, 1, tzinfo=UTC)
"""What templates take for today: with the real day, the same request would be another prompt tomorrow."""


def _refuse(message: str) -> None:
    raise TemplateError(message)


def _to_json(value: Any, indent: int | None = None, **_: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


class _GenerationBlock(Extension):
    """`{% generation %}` marks what the assistant wrote; here it is its content."""

    tags = {"generation"}  # noqa: RUF012 - jinja2 declares it as a plain class attribute

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)
