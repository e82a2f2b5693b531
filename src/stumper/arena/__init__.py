"""The tournament: rules as data, matches of two innings, and the challenge's files."""

from stumper.arena.files import Handed, answer_file, ask_to_file
from stumper.arena.ledger import Cause, Line, cause, lines
from stumper.arena.match import (
    PLAY_VERSION,
    Delivery,
    Entry,
    Match,
    PlaySettings,
    Seconds,
    ask,
    asked_of,
    deliveries,
    entry,
    hand_in,
    keep,
    play,
)
from stumper.arena.rules import Rules, check_answer, check_question, editions, load_rules
from stumper.arena.scoring import judge, score, summarise

__all__ = [
    "PLAY_VERSION",
    "Cause",
    "Delivery",
    "Entry",
    "Handed",
    "Line",
    "Match",
    "PlaySettings",
    "Rules",
    "Seconds",
    "answer_file",
    "ask",
    "ask_to_file",
    "asked_of",
    "cause",
    "check_answer",
    "check_question",
    "deliveries",
    "editions",
    "entry",
    "hand_in",
    "judge",
    "keep",
    "lines",
    "load_rules",
    "play",
    "score",
    "summarise",
]
