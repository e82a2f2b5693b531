"""Pictures of sample questions, drawn anew from their texts."""

import base64
import html
import re
from typing import NamedTuple

from markupsafe import Markup

from stumper import oracle
from stumper.types import Question

MOST_CHARACTERS = 2000
"""Of the stem and the choices that are read; longer ones are no question of a family."""
SIZELESS = re.compile(r"""^<svg (?![^>]*\swidth=)(([^>]*\s)?viewBox="0 0 ([\d.]+) ([\d.]+)")""")
"""A drawing of no size of its own: an <img> of it would have none."""


class Picture(NamedTuple):
    source: Markup
    """A data URI for an <img>: nothing in it can run or be fetched. Marked up, so that it is never cut."""
    alt: str
    """The picture's own title."""


def picture(question: Question) -> Picture | None:
    """A drawing of one arrangement or family that fits the question; None where its text is not read.

    No SVG is ever taken from a record: the oracle reads the text into its family's formal language, and that family
    draws what it understood.
    """
    if len(question.stem) + sum(map(len, question.choices)) > MOST_CHARACTERS:
        return None
    svg = oracle.draw(question)
    if svg is None:
        return None
    svg = SIZELESS.sub(r'<svg width="\3" height="\4" \1', svg)
    title = re.search("<title>(.*?)</title>", svg, re.DOTALL)
    return Picture(
        source=Markup("data:image/svg+xml;base64,{}").format(base64.b64encode(svg.encode()).decode()),
        alt=html.unescape(title.group(1)) if title else "One arrangement that fits the clues",
    )
