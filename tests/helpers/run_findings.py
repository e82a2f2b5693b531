"""Findings of a run that never was, for the tests of the report: figures by seeded chance, sums that agree."""

import math
import random

from stumper import oracle, puzzles, stats
from stumper.report import (
    Asking,
    Check,
    Decontaminated,
    Fallen,
    Findings,
    FunnelRow,
    Loss,
    Model,
    ModelCost,
    Nearest,
    Pair,
    Probe,
    Sample,
    Sound,
    StageCost,
    Training,
    Voter,
)
from stumper.types import (
    LETTERS,
    Answer,
    Asked,
    Ball,
    Calibration,
    Comparison,
    Innings,
    Judged,
    MatchSummary,
    Question,
    RuleScore,
    Ruling,
    Scorecard,
    ScoringRule,
    Times,
    Total,
    Verdict,
)

TOPICS = ("blood_relations", "seating")
LETTER, TEXT = ScoringRule(), ScoringRule(by="text_mean")


def question(number: int, topic: str = "seating", level: int = 2) -> Question:
    return puzzles.family(topic).make(random.Random(number), level)


def cost(stage: str, model: str, calls: int, read: int, written: int, seconds: float, **more: float) -> ModelCost:
    return ModelCost(stage=stage, model=model, calls=calls, prompt_tokens=read, tokens=written, seconds=seconds, **more)


def scorecard(entry: str, right: int, n: int = 500, seed: int = 0, times: bool = True) -> Scorecard:
    rng = random.Random(seed)
    half, fifth = n // 2, n // 5
    letters = dict(zip("ABCD", (n // 4 + 20, n // 4 + 10, n // 4 - 12, n - 3 * (n // 4) - 18), strict=True))
    seconds = sorted(rng.lognormvariate(-1.2, 0.4) for _ in range(n))
    return Scorecard(
        entry=entry,
        accuracy=stats.share(right, n),
        chance=0.25,
        valid=stats.share(n, n),
        by_topic={"blood_relations": stats.share(right // 2 + 12, half), "seating": stats.share(right // 2 - 12, half)},
        by_level={str(level): stats.share(right // 5 + 6 - 3 * level, fifth) for level in range(1, 4)},
        letters=letters,
        key_letters=dict.fromkeys("ABCD", n // 4),
        times=stats.times(seconds, 6.0) if times else None,
    )


def comparison(only_tuned: int, only_base: int, both: int = 80, n: int = 500) -> Comparison:
    test = stats.mcnemar(only_tuned, only_base)
    return Comparison(
        a="tuned",
        b="base",
        n=n,
        both=both,
        only_a=only_tuned,
        only_b=only_base,
        difference=(only_tuned - only_base) / n,
        p_exact=test.exact,
        p_mid=test.mid,
        detectable=stats.detectable_difference(n, (only_tuned + only_base) / n),
    )


def calibration(letter: int, text: int, n: int = 40) -> Calibration:
    best = LETTER if letter >= text else TEXT
    scores = (
        RuleScore(rule=LETTER, correct=stats.share(letter, n)),
        RuleScore(rule=TEXT, correct=stats.share(text, n)),
    )
    return Calibration(scores=scores, rule=best, first=best)


def judged(innings: int, number: int) -> Judged:
    asker, answerer = ("tuned", "base") if innings == 1 else ("base", "tuned")
    asked = question(100 * innings + number, TOPICS[number % 2], 1)
    missing = number % 9 == 7
    correct = (number * 7 + innings) % 5 < 2
    key = asked.key or "A"
    said = key if correct else LETTERS[(LETTERS.index(key) + 1) % 4]
    ball = Ball(
        innings=innings,
        number=number,
        asker=asker,
        answerer=answerer,
        topic=asked.topic,
        level=1,
        asked=Asked(
            question=None if missing else asked, attempts=2, problems=("reply is not JSON",) if missing else ()
        ),
        question=None if missing else {"topic": asked.topic, "question": asked.stem, "answer": key},
        question_tokens=None,
        ruling=None if missing else Ruling(ruling="proven", true_key=key, why="One choice holds in all models."),
        answer=Answer(choice=LETTERS.index(said), order=(0, 1, 2, 3), rule=LETTER),
        reply={"answer": said},
        reply_tokens=None,
    )
    counted = not missing
    return Judged(
        ball=ball,
        problems=(),
        late_question=False,
        late_answer=False,
        counted=counted,
        correct=counted and correct,
        stump=counted and not correct,
    )


def innings(asker: str, answerer: str, right: int, n: int) -> Innings:
    return Innings(
        asker=asker,
        answerer=answerer,
        well_formed=stats.share(n, 20),
        disqualified=False,
        late_questions=0,
        late_answers=1,
        rulings={"proven": n - 2, "convention_dependent": 2},
        right=stats.share(right, n),
        wrong=stats.share(n - right, n),
        stumps=stats.share(n - right - 1, n - 2),
    )


def summary() -> MatchSummary:
    return MatchSummary(
        edition="sf-2025",
        innings=(innings("tuned", "base", 5, 18), innings("base", "tuned", 9, 19)),
        totals={
            "tuned": Total(points=119.6, low=88.0, high=148.3),
            "base": Total(points=80.4, low=51.7, high=112.0),
        },
        winner="tuned",
        decided_by="score",
        even_winner=0.85,
        even_margin=0.21,
        says="A match of 20 questions an innings says little: two sides of equal strength differ by this much in 21 % "
        "of matches.",
    )


def _sample(item: str, author: str, asked: Question, kept: bool, reason: str = "") -> Sample:
    verdict = Verdict(
        decision="accept" if kept else "reject",
        agreement="none",
        votes=(0, 0, 0, 0),
        choice=None,
        key_agrees=None,
        reason=reason or "proven",
    )
    return Sample(
        item=item,
        author=author,
        topic=asked.topic,
        kept=kept,
        question=asked,
        ruling=oracle.prove(asked),
        verdict=verdict,
        reason=reason,
    )


def samples() -> tuple[Sample, ...]:
    """Nine proven questions; a reply that was none; one that is not read; one with a wrong key."""
    unread = Question(
        topic="seating",
        stem="Five friends sit in a circle. Ana is opposite Bo, and Cy is unhappy. Who is next to Ana?",
        choices=("Bo", "Cy", "Dee", "Eve"),
        key="B",
        reasoning="Cy is next to Ana because Ana is opposite Bo.",
    )
    right = question(77, "blood_relations", 1)
    miskeyed = right.model_copy(update={"key": "A" if right.key != "A" else "B"})
    return (
        *(_sample(f"setter/{i}", "setter", question(i, TOPICS[i % 2], 1 + i % 5), kept=True) for i in range(9)),
        Sample(item="smollm2/3", author="smollm2", topic="seating", kept=False, reason="reply is not JSON"),
        _sample("smollm2/7", "smollm2", unread, kept=False, reason="the voters are split"),
        _sample("gemma3/2", "gemma3", miskeyed, kept=False, reason="refuted: the clues prove another choice"),
    )


def training() -> Training:
    rng = random.Random(3)
    return Training(
        checks=(
            Check(name="roles_differ", passed=True, detail="the prompts of <Q> and <A> differ in their first token"),
            Check(name="labels_cover_the_completion", passed=True, detail="100 rows decoded: all end in <|im_end|>"),
            Check(name="one_batch_overfits", passed=True, detail="loss 2.31 to 0.04 in 30 steps"),
        ),
        losses=tuple(
            Loss(step=step, loss=0.35 + 2.1 * math.exp(-step / 60) + rng.gauss(0, 0.05)) for step in range(0, 801, 2)
        ),
        probes=tuple(
            Probe(
                step=step,
                valid_json=min(1.0, 0.2 + step / 200),
                eos=min(1.0, 0.4 + step / 150),
                letter_entropy=1.95 - 0.6 * math.exp(-((step - 200) ** 2) / 20000),
                distinct=1.0 - step / 8000,
            )
            for step in range(0, 801, 100)
        ),
        loss_share={"<Q>": 0.34, "<A>": 0.66},
        examples={"<Q>": 200, "<A>": 1496},
        tokens=91_204,
    )


def full() -> Findings:
    """Every section filled in."""
    return Findings(
        recipe="hybrid-laptop",
        seed=2026,
        version="0.1.0",
        date="23 November 2026",
        topics=TOPICS,
        student="smollm2-135m-instruct",
        models=(
            Model(
                name="smollm2",
                part="writes and votes; student",
                reference="smollm2-135m-instruct",
                licence="Apache-2.0",
            ),
            Model(name="gemma3", part="writes and votes", reference="gemma-3-270m", licence="Gemma"),
            Model(name="qwen3", part="votes", reference="hf:Qwen/Qwen3-0.6B@c1899de", licence="Apache-2.0"),
            Model(name="setter", part="writes, proven by construction", licence="Apache-2.0"),
        ),
        funnel=tuple(
            FunnelRow(author=author, topic=topic, asked=n, well_formed=w, proven=p, agreed=a, reviewed=r, kept=k)
            for author, topic, n, w, p, a, r, k in (
                ("smollm2", "blood_relations", 6, 2, 0, 0, 0, 0),
                ("smollm2", "seating", 6, 3, 0, 1, 0, 1),
                ("gemma3", "blood_relations", 6, 4, 1, 1, 0, 2),
                ("gemma3", "seating", 6, 5, 0, 1, 1, 2),
                ("setter", "blood_relations", 1000, 1000, 1000, 0, 0, 951),
                ("setter", "seating", 1000, 1000, 1000, 0, 0, 940),
            )
        ),
        fallen=(
            Fallen(stage="generate", reason="not JSON", count=6),
            Fallen(stage="generate", reason="two choices are the same", count=4),
            Fallen(stage="verdict", reason="the voters are split", count=5),
            Fallen(stage="verdict", reason="wrong_key", count=2),
            Fallen(stage="select", reason="duplicate", count=109),
        ),
        left=2,
        voters=(
            Voter(name="smollm2", calibration=calibration(9, 19), probes=stats.share(11, 40)),
            Voter(name="gemma3", calibration=calibration(14, 17), probes=stats.share(13, 40)),
            Voter(name="qwen3", calibration=calibration(22, 18), probes=stats.share(21, 40)),
        ),
        pairs=(
            Pair(a="smollm2", b="gemma3", agree=stats.share(24, 56), same_wrong=stats.share(9, 21)),
            Pair(a="smollm2", b="qwen3", agree=stats.share(21, 56), same_wrong=stats.share(6, 14)),
            Pair(a="gemma3", b="qwen3", agree=stats.share(27, 56), same_wrong=stats.share(7, 12)),
        ),
        training=training(),
        base=scorecard("base", 123),
        tuned=scorecard("tuned", 216, seed=1),
        comparison=comparison(133, 40),
        calibrations={"base": calibration(11, 19), "tuned": calibration(21, 18)},
        asking=(
            Asking(
                entry="tuned",
                valid=stats.share(38, 40),
                times=Times(n=40, p50=3.1, p95=7.9, max=10.4, limit=10.0, over=1),
            ),
        ),
        match=summary(),
        balls=tuple(judged(i, n) for i in (1, 2) for n in range(1, 21)),
        samples=samples(),
        baselines=(
            Sound(what="the longest choice is the key", share=stats.share(412, 1610), chance=0.25, p=0.31),
            Sound(what="the key is letter A", share=stats.share(402, 1610), chance=0.25, p=0.52),
        ),
        probes=(
            Sound(
                what="smollm2 is right without seeing the stem",
                share=stats.share(41, 60),
                chance=0.25,
                p=1e-9,
                items=tuple(f"setter/seating/{i:05d}" for i in range(41)),
            ),
            Sound(what="smollm2 changes its choice when names and order of clues change", share=stats.share(9, 60)),
        ),
        benchmarks=Decontaminated(
            files=("exam.jsonl",),
            questions=120,
            proven=97,
            left_out=3,
            nearest=(Nearest(item="setter/seating/00017", other="exam.jsonl#12", share=0.61),),
        ),
        costs=(
            cost("vote", "smollm2", 412, 93_112, 14_220, 311.2, failed=2),
            cost("vote", "gemma3", 409, 95_480, 13_871, 402.8, money=0.0331),
            cost("evaluate", "tuned", 1540, 204_113, 9_120, 188.4),
        ),
        by_model=(
            cost("", "smollm2", 412, 93_112, 14_220, 311.2, failed=2),
            cost("", "gemma3", 409, 95_480, 13_871, 402.8, money=0.0331),
            cost("", "tuned", 1540, 204_113, 9_120, 188.4),
        ),
        total=cost("", "", 2361, 392_705, 37_211, 902.4, failed=2, money=0.0331),
        stages=(
            StageCost(stage="generate", records=2024, seconds=214.0),
            StageCost(stage="prove", records=2020, seconds=4.6),
            StageCost(stage="vote", records=168, seconds=71.3),
            StageCost(stage="verdict", records=2020, seconds=None),
            StageCost(stage="train", records=1, seconds=655.1),
            StageCost(stage="evaluate", records=1000, seconds=322.0),
            StageCost(stage="publish", records=None, seconds=None),
        ),
        notes=("The test questions were made by the same setter as the training questions.",),
    )


def empty() -> Findings:
    """A run that stopped before its first stage."""
    return Findings(recipe="hybrid-laptop", seed=1, version="0.1.0")
