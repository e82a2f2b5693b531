"""The review page: the queue of a run in a browser, for one reviewer or several, and its exchange with other tools."""

from stumper.reviewing.decisions import Decisions, Entry
from stumper.reviewing.serve import serve

__all__ = ["Decisions", "Entry", "serve"]
