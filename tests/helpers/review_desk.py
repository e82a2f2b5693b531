"""A review sitting without a run: its questions, and what it would store."""

from stumper.reviewing import Decisions
from stumper.reviewing.decisions import FILE
from stumper.reviewing.serve import application
from stumper.reviewing.sittings import Reviewing
from stumper.types import Ballot, Question, Ruling, Verdict, Written

HOSTILE = '<script>alert(1)</script><svg onload="alert(2)">'
SPLIT = Verdict(
    decision="review", agreement="split", votes=(1, 1), choice=None, key_agrees=None, reason="the voters are split"
)


def records(n=3, stem="Who sits at the end, {}?"):
    written, rulings, verdicts, votes = {}, {}, {}, {}
    for i in range(n):
        item = f"t/{i}"
        question = Question(topic="seating", stem=stem.format(i), choices=("Ann", "Bob", "Cy", "Di"), key="B")
        written[item] = Written(author="teacher-x", question=question)
        rulings[item] = Ruling(ruling="unformalised", why="not understood: 'Who?'")
        verdicts[item] = SPLIT
        votes[f"{item}#voter-y"] = Ballot(voter="voter-y", choice=2, order=(0, 1, 2, 3))
    return {"generate": written, "prove": rulings, "verdict": verdicts, "vote": votes}


class Desk:
    """A sitting with its page, and what it would store in the artefact."""

    def __init__(self, folder, found=None, wanted=1, settled=None):
        self.kept = []
        self.found = found or records()
        queue = tuple(self.found["generate"])
        self.decisions = Decisions(queue, settled or {}, folder / FILE, lambda *each: self.kept.append(each), wanted)
        self.app = application(Reviewing(self.decisions, self.found), "secret", ("testserver",), "ada")

    @property
    def standing(self):
        """item -> decision, as the artefact has it at last."""
        return {item: review.decision for item, review in dict(self.kept).items() if review}
