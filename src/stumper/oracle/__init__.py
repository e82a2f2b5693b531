"""Proves a question: reads its text into the formal language of a family, solves that, and compares with the key.

Only the text counts. Formal clues that a question carries must say the same, and prove nothing by themselves. Each
reading that the text leaves open is solved by two engines that must agree.
"""

import logging
from collections.abc import Mapping

from stumper.engines import Engine
from stumper.errors import BadInput
from stumper.oracle.certificate import VERSION
from stumper.oracle.conventions import STRICT, profiles
from stumper.oracle.engines import Disagreement
from stumper.oracle.formalise import formalise
from stumper.oracle.ruling import rule
from stumper.oracle.text import family_of, read, stated
from stumper.puzzles import TooLarge, Unread, families
from stumper.types import Question, Ruling

__all__ = ["OWN_FAULT", "VERSION", "draw", "prove"]

OWN_FAULT = "an error of ours"
"""How `why` begins where the oracle itself failed."""

_log = logging.getLogger(__name__)


def prove(question: Question, conventions: str = STRICT, readers: Mapping[str, Engine] | None = None) -> Ruling:
    """Rule on one question; never raises on what a question holds.

    proven: exactly one choice is right in all models, and no other is the key (an open question: one answer is).
    wrong_key: exactly one is, and another is the key.
    ambiguous: no choice is, or more than one. contradictory: there is no model.
    convention_dependent: one of these changes between the readings that the text leaves open.
    unformalised: the text is not read, is too large, or differs from its formal clues.

    `conventions`: a profile that settles open points; `strict` settles none, so every reading is run.
    `readers`: models, by name, that read what the grammar of the question's topic does not; see `formalise`. Such a
    ruling names them in `why` and in its certificate's `read_by`: that the text says what they agree on is not proven.
    Raises BadInput for a profile that does not exist or readers that cannot work, and `engines.Disagreement` where the
    two engines differ, which is an error of ours.
    """
    if conventions not in profiles():
        raise BadInput(f"no conventions {conventions!r}; there are: {', '.join(profiles())}")
    try:
        try:
            return rule(question, read(question), conventions)
        except Unread:
            if not readers or (topic := family_of(question)) not in families():
                raise
            problem = formalise(question, readers, topic)
            return rule(question, stated(question, topic, problem), conventions, tuple(readers))
    except Unread as unread:
        return Ruling(ruling="unformalised", why=f"{unread.why}: {unread.sentence[:200]!r}")
    except TooLarge as large:
        return Ruling(ruling="unformalised", why=f"too large: {large}")
    except (BadInput, Disagreement):
        raise
    except Exception as error:
        # One hostile question must not end a run of thousands; that it is our fault is said, and shown in the log.
        _log.warning("the oracle failed on %.200r", question.stem, exc_info=error)
        why = f"{OWN_FAULT}, please report it: {type(error).__name__}: {error}"
        return Ruling(ruling="unformalised", why=why[:400])


def draw(question: Question) -> str | None:
    """One model of the question as a self-contained SVG; None for a question that is not read."""
    try:
        text = read(question)
        return text.family.draw(text.problem)
    except (Unread, TooLarge):
        return None
