"""Flat JSON objects that a model fills in: as a skeleton with slots, as a JSON schema, as a regular expression.

Slot filling keeps the skeleton in our hands, so a cut at any token still leaves a valid object.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from stumper.types import Fixed, Form, JsonObject, OneOf, Text

CHARACTER = r"[^\"\\\x00-\x1f]"
"""What a slot may hold: no quote, no backslash, no control character, so that no escape is ever needed."""

Slot = Text | OneOf


def parts(form: Form) -> Iterator[str | Slot]:
    """The object's text in order: literal pieces and the slots between them, without free white space.

    One blank follows each colon and comma: `": "` is how models have seen JSON written, so the tokens are theirs.
    """
    lead = "{"
    for field in form.fields:
        yield f'{lead}"{field.name}": '
        lead = ", "
        match field.content:
            case Fixed(text=text):
                yield json.dumps(text, ensure_ascii=False)
            case tuple() as items:
                opening = "["
                for item in items:
                    yield f"{opening}{_quoted_start(item)}"
                    yield item
                    yield '"'
                    opening = ", "
                yield "]"
            case OneOf() as slot:
                yield '"'
                yield slot
                yield '"'
            case Text() as slot:
                yield _quoted_start(slot)
                yield slot
                yield '"'
    yield "}"


def _quoted_start(slot: Text) -> str:
    return json.dumps(slot.starts, ensure_ascii=False)[:-1]


def fill(form: Form, write: Callable[[str, Slot], str]) -> str:
    """Fill the slots in order and return the object's JSON text; valid whatever `write` returns.

    `write(text so far, slot)` returns the slot's content. What would break the object is dropped from it
    (an engine that fails open); a `OneOf` answer that is no option becomes the empty string, which validation refuses.
    """
    text = ""
    for part in parts(form):
        text += part if isinstance(part, str) else clean(write(text, part), part)
    return text


def close(form: Form, written: str) -> str:
    """The object that a text of this form becomes when it is cut: slots keep what they have, later ones stay empty.

    A text that is whole comes back as it is; whatever it is, the result is valid JSON.
    """

    def rest(text: str, _: Slot) -> str:
        return written[len(text) :].partition('"')[0] if written.startswith(text) else ""

    return fill(form, rest)


def clean(content: str, slot: Slot) -> str:
    """The part of `content` that may stand in the slot."""
    if isinstance(slot, OneOf):
        return content if content in slot.options else ""
    kept = re.match(f"{CHARACTER}*", content)
    return kept.group()[: slot.max_chars + bool(slot.starts)].encode("utf-8", "ignore").decode() if kept else ""


def slot_regex(slot: Slot) -> str:
    """A regular expression for one slot's content, in the common subset of llguidance, xgrammar and `re`."""
    if isinstance(slot, OneOf):
        return "(" + "|".join(re.escape(option) for option in slot.options) + ")"
    # After a start such as "A)" the blank belongs to the slot: a prompt that ends in a blank flips the next token.
    return f"{' ' if slot.starts else ''}{CHARACTER}{{1,{slot.max_chars}}}"


def regex(form: Form) -> str:
    """A regular expression that matches exactly the filled-in texts."""
    return "".join(re.escape(p) if isinstance(p, str) else slot_regex(p) for p in parts(form))


def schema(form: Form) -> JsonObject:
    """JSON Schema (2020-12) of the object, with bounded patterns instead of `maxLength`.

    xgrammar 0.2 forbids escapes but lets raw control characters through under `maxLength`.
    """
    properties = {field.name: _field_schema(field.content) for field in form.fields}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _field_schema(content: Text | Fixed | OneOf | tuple[Text, ...]) -> dict[str, Any]:
    match content:
        case Fixed(text=text):
            return {"type": "string", "enum": [text]}
        case OneOf(options=options):
            return {"type": "string", "enum": list(options)}
        case Text() as text:
            return {"type": "string", "pattern": f"^{re.escape(text.starts)}{slot_regex(text)}$"}
        case items:
            return {
                "type": "array",
                "prefixItems": [_field_schema(item) for item in items],
                "items": False,
                "minItems": len(items),
                "maxItems": len(items),
            }
