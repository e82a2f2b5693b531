"""Entries in the organisers' own form: a folder with `agents/question_model.py` and `agents/answer_model.py`."""

from stumper.submission.check import Checked, check
from stumper.submission.export import export

__all__ = ["Checked", "check", "export"]
