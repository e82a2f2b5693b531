"""The report: what it says, what it does not say, and that no text of a model becomes part of the page."""

import itertools
import math
import re
from html.parser import HTMLParser
from importlib import resources

import pytest
import run_findings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stumper import report, stats
from stumper.report import Findings, FunnelRow, Loss, Sample, Training, Voter, charts, pictures, wording
from stumper.types import Question, Ruling, Times

SECTIONS = (
    "answer",
    "funnel",
    "teachers",
    "training",
    "accuracy",
    "format",
    "match",
    "samples",
    "forensics",
    "cost",
    "limits",
)
VOID = {"meta", "link", "img", "br"}


class Page(HTMLParser):
    """Tags with their attributes, the text of each section, and whether every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.open: list[str] = []
        self.sections: dict[str, str] = {}
        self.words: list[str] = []
        self._section = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
        if tag == "section":
            self._section = dict(attrs)["id"]
            self.sections[self._section] = ""

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "section":
            self._section = ""

    def handle_data(self, data):
        self.words.append(data)
        if self._section:
            self.sections[self._section] += data + " "

    def text(self, section: str) -> str:
        return " ".join(self.sections[section].replace("\u202f", " ").replace("\xa0", " ").split())


@pytest.fixture(scope="module")
def full() -> Page:
    return Page(report.render(run_findings.full()))


def test_every_section_is_there_in_order_and_in_the_contents(full):
    assert tuple(full.sections) == SECTIONS
    linked = [value for tag, name, value in full.attributes if (tag, name) == ("a", "href")]
    assert linked[1:] == [f"#{name}" for name in SECTIONS]


def test_headings_skip_no_level_and_every_element_is_closed(full):
    levels = [int(tag[1]) for tag in full.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert full.open == []


def test_nothing_is_loaded_and_nothing_runs(full):
    for _, name, value in full.attributes:
        assert not name.startswith("on")
        if name in ("src", "href", "xlink:href", "action", "data", "srcset"):
            assert value.startswith(("#", "data:"))
    assert not {"script", "iframe", "object", "embed", "form"} & set(full.tags)
    style = resources.files("stumper.report").joinpath("style.css").read_text()
    assert "@import" not in style
    assert "url(" not in style


def test_every_picture_and_chart_has_a_text_or_stands_beside_its_figures(full):
    attributes = {}
    for tag, name, value in full.attributes:
        if tag == "img" and name == "alt":
            assert value
        if tag == "svg" and name in ("aria-label", "aria-hidden"):
            attributes[name] = attributes.get(name, 0) + 1
    outer = len([1 for tag, name, value in full.attributes if tag == "svg" and name == "class"])
    assert sum(attributes.values()) == outer


def test_what_was_not_run_is_called_so_and_never_a_zero():
    page = Page(report.render(run_findings.empty()))
    for section in SECTIONS[:-1]:
        text = page.text(section)
        assert "not run" in text.lower()
        assert not re.search(r"\b0(\.0)? ?(%|of)", text)
    assert "Not run, and so not claimed" in page.text("limits")


@pytest.mark.parametrize(
    "part",
    [
        {"base": run_findings.scorecard("base", 120)},
        {"tuned": run_findings.scorecard("tuned", 200, times=False)},
        {"training": Training()},
        {"voters": (Voter(name="x"),)},
        {"voters": ()},
        {"funnel": ()},
        {"funnel": (FunnelRow(author="x", topic="seating", asked=0, well_formed=0),)},
        {"samples": ()},
        {"costs": (), "stages": ()},
        {"match": run_findings.summary()},
        {"balls": (run_findings.judged(1, 1),)},
    ],
    ids=lambda part: "-".join(part),
)
def test_a_run_that_came_only_so_far_is_rendered(part):
    page = Page(report.render(run_findings.empty().model_copy(update=part)))
    assert tuple(page.sections) == SECTIONS
    assert page.open == []


def test_a_stage_that_was_not_reached_is_no_zero_in_the_funnel():
    row = FunnelRow(author="setter", topic="seating", asked=100, well_formed=97)
    text = Page(report.render(run_findings.empty().model_copy(update={"funnel": (row,)}))).text("funnel")
    assert text.count("not run") == 4
    assert "100 97 not run" in text


def test_what_was_found_beside_the_keys_is_told_with_chance_and_the_questions_it_rests_on(full):
    text = full.text("forensics")
    assert "the longest choice is the key 25.6 % 23.5 to 27.8 % 412 of 1,610 25.0 % p = 0.310 none flagged" in text
    assert "41 of 60 25.0 % p < 0.001 setter/seating/00000" in text
    assert "and 36 more" in text
    assert "9 of 60 none not tested none flagged" in text
    assert "exam.jsonl: 120 questions, 97 of them proven" in text
    assert "3 questions of this run were among them and were left out" in text
    assert "setter/seating/00017 exam.jsonl#12 61.0 %" in text


def test_money_is_told_by_stage_and_model_and_no_price_is_no_zero(full):
    text = full.text("cost")
    assert "vote gemma3 409 0 95,480 13,871 6.7 min 0.0331" in text
    assert "evaluate tuned 1,540 0 204,113 9,120 3.1 min no price" in text
    assert "all stages smollm2 412 2 93,112 14,220 5.2 min no price" in text
    assert "All 2,361 2 392,705 37,211 15.0 min 0.0331" in text


def test_a_stage_that_was_not_run_has_no_records_and_no_seconds(full):
    assert "verdict 2,020 not kept" in full.text("cost")
    assert "publish not run not run" in full.text("cost")


@pytest.mark.parametrize(
    ("only_tuned", "only_base", "tone", "begins"),
    [
        (133, 40, "good", "Yes: the tuned model answers held-out proven questions better than its base"),
        (40, 133, "bad", "No: the tuned model answers held-out proven questions worse than its base"),
        (60, 55, "open", "No: this run does not show that the tuned model is better"),
        (55, 60, "open", "No: this run does not show that the tuned model is better"),
        (0, 0, "open", "No: this run does not show that the tuned model is better"),
    ],
)
def test_the_first_sentence_says_what_the_test_can_carry(only_tuned, only_base, tone, begins):
    comparison = run_findings.comparison(only_tuned, only_base)
    said = wording.verdict(run_findings.full().model_copy(update={"comparison": comparison}))
    assert (said.tone, said.sentence.startswith(begins)) == (tone, True)
    assert f"{only_tuned} were answered right by the tuned model alone" in said.more[0]
    assert f"{only_base} by the base alone" in said.more[0]


def test_the_first_sentence_does_not_depend_on_which_way_round_the_two_were_compared():
    full = run_findings.full()
    c = full.comparison
    turned = c.model_copy(
        update={"a": c.b, "b": c.a, "only_a": c.only_b, "only_b": c.only_a, "difference": -c.difference}
    )
    assert wording.verdict(full.model_copy(update={"comparison": turned})) == wording.verdict(full)


def test_a_tuned_model_at_chance_is_called_a_guesser():
    guesser = run_findings.full().model_copy(update={"tuned": run_findings.scorecard("tuned", 130)})
    assert "cannot be told from a guesser" in " ".join(wording.verdict(guesser).more)


def test_counts_and_intervals_stand_beside_every_accuracy(full):
    low, high = (f"{100 * x:.1f}" for x in stats.wilson(216, 500))
    assert f"216 of 500 (43.2 %, {low} to {high} %)" in full.text("answer")
    assert "p < 0.001" in full.text("answer")


def test_no_failure_seen_is_not_a_failure_rate_of_zero(full):
    assert f"0 of 500 {100 * stats.upper_bound(0, 500):.1f} %" in full.text("format")


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_only_none_is_0_percent_and_only_all_is_100(counts):
    k, n = counts
    shown = wording.percent(k / n).replace("\u202f", " ")
    assert (shown == "0.0 %") == (k == 0)
    assert (shown == "100.0 %") == (k == n)


def test_a_share_of_nothing_is_no_rate():
    assert wording.score(stats.share(0, 0)) == "none observed"


HOSTILE = (
    '<script>alert(1)</script><svg onload="alert(2)"><img src=x onerror=alert(3)>'
    "\"' onmouseover='alert(4) {{ 7 * 7 }} {% raw %} ]]> --> </style></title></details></section>"
    "\u202egnp.exe\u2066\x00\x1b[31m"
)


def _hostile() -> Findings:
    full = run_findings.full()
    question = Question(topic=HOSTILE, stem=HOSTILE, choices=(HOSTILE, "b" + HOSTILE), key="A", reasoning=HOSTILE)
    sample = Sample(
        item=HOSTILE,
        author=HOSTILE,
        topic=HOSTILE,
        kept=False,
        question=question,
        ruling=Ruling(ruling="unformalised", why=HOSTILE),
        reason=HOSTILE,
    )
    ball = run_findings.judged(1, 1)
    record = {"question": HOSTILE, "answer": [HOSTILE], "choices": {"<b>": HOSTILE}}
    ball = ball.model_copy(
        update={"ball": ball.ball.model_copy(update={"question": record, "reply": {"answer": HOSTILE}})}
    )
    return full.model_copy(
        update={
            "recipe": HOSTILE,
            "date": HOSTILE,
            "topics": (HOSTILE,),
            "student": HOSTILE,
            "notes": (HOSTILE,),
            "models": tuple(model.model_copy(update={"name": HOSTILE, "licence": HOSTILE}) for model in full.models),
            "funnel": tuple(row.model_copy(update={"author": HOSTILE, "topic": HOSTILE}) for row in full.funnel),
            "fallen": tuple(row.model_copy(update={"reason": HOSTILE}) for row in full.fallen),
            "voters": tuple(voter.model_copy(update={"name": f"{voter.name}{HOSTILE}"}) for voter in full.voters),
            "training": full.training.model_copy(update={"stopped": HOSTILE, "loss_share": {HOSTILE: 1.0}}),
            "base": full.base.model_copy(update={"entry": HOSTILE, "by_topic": {HOSTILE: full.base.accuracy}}),
            "match": full.match.model_copy(update={"edition": HOSTILE, "says": HOSTILE, "winner": HOSTILE}),
            "balls": (ball,),
            "samples": (sample,),
        }
    )


def test_texts_of_models_and_files_stay_texts():
    html = report.render(_hostile())
    page = Page(html)
    assert not {"script", "b"} & set(page.tags)
    assert page.tags.count("img") == 0
    assert all(name not in ("onload", "onerror", "onmouseover") for _, name, _ in page.attributes)
    assert tuple(page.sections) == SECTIONS
    assert "49" not in page.text("limits")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00\x1b]", html)
    assert "[U+202E]gnp.exe" in page.text("samples")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(min_size=1, max_size=60), st.text(alphabet="<>/\"'&=!- scriptonload{}%#\u202e", min_size=1, max_size=60))
def test_no_text_changes_the_structure_of_the_page(stem, name):
    def structure(stem: str, name: str) -> list[str]:
        question = Question(topic="none", stem=stem, choices=(name, "another"), key="B", reasoning=stem)
        return Page(
            report.render(
                run_findings.empty().model_copy(
                    update={
                        "recipe": name,
                        "voters": (Voter(name=name),),
                        "samples": (Sample(item=name, author=name, topic=name, kept=True, question=question),),
                    }
                )
            )
        ).tags

    assert structure(stem, name) == structure("stem", "name")


def test_a_very_long_text_is_cut_with_a_note():
    million = "A" * 1_000_000
    long = Question(topic="seating", stem=million, choices=(million, "b"), key="A", reasoning=million)
    samples = (Sample(item="x", author="y", topic=million, kept=False, question=long, reason=million),)
    html = report.render(run_findings.empty().model_copy(update={"samples": samples, "recipe": million}))
    assert len(html) < 60_000
    assert "cut here: 1,000,000 characters in all" in html


def test_only_twelve_samples_and_200_balls_are_shown_and_the_page_says_so():
    full = run_findings.full()
    many = full.model_copy(update={"samples": full.samples * 3, "balls": full.balls * 6})
    page = Page(report.render(many))
    assert page.tags.count("article") == 12
    assert "The first 12 of 36" in page.text("samples")
    assert "The first 200 of 240 balls" in page.text("match")


def test_a_question_of_a_family_gets_its_picture_and_any_other_gets_none():
    drawn = pictures.picture(run_findings.question(1, "seating"))
    assert drawn is not None
    assert drawn.source.startswith("data:image/svg+xml;base64,")
    assert drawn.alt
    prose = Question(topic="seating", stem="How many angels dance on a pin?", choices=("One", "Two"), key="A")
    assert pictures.picture(prose) is None


def test_no_drawing_in_a_record_reaches_the_page():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><title>mine</title></svg>'
    question = run_findings.question(1, "seating").model_copy(update={"clues": {"svg": svg, "picture": svg}})
    assert pictures.picture(question) is None
    told = question.model_copy(update={"clues": None, "reasoning": svg})
    sample = Sample(item="x", author="y", topic="seating", kept=True, question=told)
    page = Page(report.render(run_findings.empty().model_copy(update={"samples": (sample,)})))
    assert page.tags.count("img") == 1
    assert "mine" not in str([value for tag, name, value in page.attributes if tag == "img"])


def test_a_loss_that_is_not_finite_is_told_and_leaves_a_gap():
    losses = tuple(Loss(step=i, loss=math.nan if i in (3, 4) else math.inf if i == 9 else 1.0) for i in range(12))
    html = report.render(run_findings.empty().model_copy(update={"training": Training(losses=losses)}))
    assert "at 3 of 12 entries" in html
    assert html.count("<polyline") == 3
    assert "nan" not in re.sub("finite|nance", "", html.split('id="training"')[1].split("</section>")[0])


def test_a_line_of_nothing_finite_is_no_line():
    assert charts.line("Loss", [(0, math.nan)]) is None
    assert charts.line("Loss", []) is None


@given(st.lists(st.floats(-10, 1e6), min_size=1, max_size=700))
def test_a_curve_stays_inside_its_axes_whatever_its_length(values):
    drawn = charts.line("x", list(enumerate(values)))
    assert drawn.top >= max(values) or max(values) <= 0
    at = [float(x) for points in re.findall('points="([^"]*)"', drawn.svg) for x in re.split("[ ,]", points)]
    assert all(0 <= x <= 100 for x in at)
    assert len(at) <= 2 * charts.MOST_POINTS


@given(st.floats(1e-6, 1e9))
def test_an_axis_ends_at_a_round_number_above_its_values(value):
    top = charts.round_up(value)
    assert value <= top * (1 + 1e-9)
    assert top <= 2.0001 * value


def test_a_time_far_over_the_limit_still_fits_the_axis():
    slow = Times(n=3, p50=2.0, p95=119.0, max=119.0, limit=6.0, over=1)
    outputs = [wording.Output("x", stats.share(3, 3), slow)]
    assert charts.top_seconds(outputs) >= 119
    assert 'x2="100.00%"' not in charts.times(slow, charts.top_seconds(outputs)).replace('class="grid" x1="100%"', "")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"counted": True, "correct": False, "stump": True, "late_answer": True}, "proven stump, late"),
        ({"counted": True, "correct": False, "stump": False}, "wrong, the key is not proven"),
        ({"counted": False, "late_question": True}, "the question came late"),
        ({"counted": False, "late_question": False}, "dropped: proven"),
        ({"problems": ("choices must be 4",)}, "not well-formed: choices must be 4"),
    ],
)
def test_each_ball_says_what_it_came_to(change, says):
    assert wording.outcome(run_findings.judged(1, 1).model_copy(update=change)) == says


def test_what_nobody_reviewed_and_what_is_not_proven_stands_among_the_limits():
    text = " ".join(wording.limits(run_findings.full()))
    assert "2 questions waited for a person" in text
    assert "3 questions were accepted by agreement, not by proof" in text
    assert "2 calls of models brought no usable reply" in text


def test_the_template_and_its_style_are_part_of_the_package():
    files = {path.name for path in resources.files("stumper.report").iterdir()}
    assert {"template.html.j2", "style.css"} <= files


def test_every_scoring_rule_has_its_words():
    from stumper import agents
    from stumper.report import wording

    assert len({wording.rule(rule) for rule in agents.RULES}) == len(agents.RULES)
