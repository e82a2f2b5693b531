"""Tournaments: who meets whom, what is played once, and what the outcome can tell."""

import json
import math
import random
from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from players import FIXED, Player, prove

from stumper import arena, discover
from stumper.ability import abilities
from stumper.arena import tournament
from stumper.arena.draw import Meeting, Result, bracket, final_order, next_round, rounds, standing
from stumper.cli import main
from stumper.errors import BadInput, StumperError

COUNTS = st.integers(2, 33)


def names(n):
    return [f"e{i}" for i in range(n)]


def decided(form, seeded, rng):
    """All results of a tournament in which anybody may win."""
    results = []
    while drawn := next_round(form, seeded, results):
        sides = [side for meeting in drawn for side in meeting[1:] if side is not None]
        assert len(sides) == len(set(sides))
        for meeting in drawn:
            draw = form != "knockout" and rng.random() < 0.2
            winner = meeting.a if meeting.b is None else None if draw else rng.choice(meeting[1:])
            results.append(Result(meeting, winner, {s: rng.random() for s in meeting[1:] if s and meeting.b}))
        assert drawn[0].round <= rounds(form, len(seeded))
    return results


def met(results):
    return Counter(frozenset((r.meeting.a, r.meeting.b)) for r in results if r.meeting.b is not None)


@given(COUNTS, st.randoms(use_true_random=False))
def test_in_a_league_everybody_meets_everybody_once(n, rng):
    found = met(decided("league", names(n), rng))
    assert found == Counter(map(frozenset, combinations(names(n), 2)))


@given(COUNTS, st.randoms(use_true_random=False))
def test_in_a_knockout_each_match_puts_one_out_until_one_is_left(n, rng):
    seeded = names(n)
    results = decided("knockout", seeded, rng)
    losers = [side for r in results for side in r.meeting[1:] if side is not None and side != r.winner]
    assert sorted(losers) == sorted(set(losers))
    assert len(losers) == n - 1
    assert final_order("knockout", seeded, results)[0] not in losers
    byes = {r.meeting.a for r in results if r.meeting.b is None}
    assert byes == set(seeded[: 2 ** rounds("knockout", n) - n])


@given(COUNTS, st.randoms(use_true_random=False))
def test_in_a_swiss_tournament_nobody_meets_again_and_nobody_rests_twice(n, rng):
    results = decided("swiss", names(n), rng)
    assert max(r.meeting.round for r in results) == math.ceil(math.log2(n))
    assert max(met(results).values()) == 1
    byes = Counter(r.meeting.a for r in results if r.meeting.b is None)
    assert max(byes.values(), default=0) <= 1


def test_the_two_best_seeds_can_meet_in_the_final_alone():
    for size in (2, 4, 8, 16):
        line = bracket(size)
        assert sorted(line) == list(range(size))
        assert {line.index(0) < size // 2, line.index(1) < size // 2} == {True, False}


def test_equal_points_are_parted_by_score_and_then_by_seed():
    results = [Result(Meeting(1, "e0", "e1"), None, {"e0": 90, "e1": 110}), Result(Meeting(1, "e2", "e3"), None, {})]
    assert standing(names(4), results) == ["e1", "e0", "e2", "e3"]


def entry(name, **player):
    return arena.entry(name, Player(**player), FIXED)


def field(**more):
    """Three who answer wrongly and one who answers rightly, seeded last."""
    found = {name: entry(name, picks="x") for name in ("ann", "bob", "cy")}
    return found | {"di": entry("di")} | more


def hold(folder, entries, form="knockout", n=4, **more):
    settings = tournament.Settings(format=form, n=n)
    return list(tournament.hold(FIXED, entries, settings, folder, prove=prove, **more))


@pytest.mark.parametrize("form", ["knockout", "league", "swiss"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_who_answers_rightly_wins(tmp_path, form, jobs):
    played = hold(tmp_path, field(), form, jobs=jobs)
    told, again = tournament.read(tmp_path)
    assert [each.record for each in again] == [each.record for each in played]
    found = tournament.standings(told, played)
    assert found.order[0] == "di"
    best = max(found.abilities.strengths, key=lambda s: s.total)
    assert best.name == "di"
    assert best.first > 0.6
    assert found.best_wins > 0.5


def test_an_outage_stops_the_tournament_and_what_was_played_is_not_played_again(tmp_path):
    entries = field()
    engine = entries["di"].asker._patient.engine
    engine.outage = True
    with pytest.raises(StumperError, match="the same command goes on"):
        hold(tmp_path, entries)
    balls = {path: path.read_bytes() for path in tmp_path.glob("matches/*.jsonl")}
    assert balls
    engine.outage = False
    before = len(engine.seen)
    resumed = hold(tmp_path, entries)
    for path, data in balls.items():
        assert path.read_bytes().startswith(data)
    whole = hold(tmp_path.parent / "whole", field())
    assert [each.record for each in resumed] == [each.record for each in whole]
    assert len(engine.seen) > before
    asked = sum(len(entry.asker._patient.engine.seen) for entry in entries.values())
    hold(tmp_path, entries)
    assert sum(len(entry.asker._patient.engine.seen) for entry in entries.values()) == asked


def test_a_folder_holds_one_tournament(tmp_path):
    hold(tmp_path, field())
    with pytest.raises(BadInput, match="another tournament"):
        hold(tmp_path, field(), "league")
    with pytest.raises(BadInput, match="holds no tournament"):
        tournament.read(tmp_path / "nowhere")


def test_a_draw_of_a_knockout_is_decided_by_hidden_questions_and_then_by_seed(tmp_path):
    (final,) = hold(tmp_path, {"ann": entry("ann"), "bob": entry("bob")})
    assert final.summary.winner is None
    assert final.record.by in ("hidden questions", "seed")
    assert final.record.winner == "ann"


def test_each_question_not_answered_rightly_has_one_cause():
    rules = FIXED
    owed = arena.deliveries(rules, 6, 1, ("red", "blue"))
    sides = {"red": arena.entry("red", Player(key="A"), rules), "blue": arena.entry("blue", Player(picks="x"), rules)}
    match = arena.keep(rules, ("red", "blue"), arena.play(rules, owed, sides, prove))
    judged = arena.judge(rules, match.balls, match.seconds)
    red, blue = arena.lines(["red", "blue"], judged)
    assert red.causes == {"wrong key": 6}
    assert blue.causes == {}
    assert (blue.answers.n, red.answers.successes, red.answers.n) == (0, 6, 6)
    late = [j.model_copy(update={"late_answer": True, "correct": False}) for j in judged if j.ball.asker == "blue"]
    assert [arena.cause(j) for j in late] == ["late answer"] * 6
    malformed = judged[0].model_copy(update={"problems": ("x",), "correct": False})
    assert arena.cause(malformed) == "malformed"


def test_intervals_of_strength_cover_and_ranks_are_probabilities():
    rng = np.random.default_rng(5)
    inside = total = 0
    for trial in range(40):
        n = 6
        skill, hardness = rng.normal(0, 1, n), rng.normal(0, 1, n)
        true = skill + hardness - (skill + hardness).mean()
        balls = [
            (i, j, bool(rng.random() < 1 / (1 + math.exp(-(0.5 + skill[i] - hardness[j])))))
            for i in range(n)
            for j in range(n)
            if i != j
            for _ in range(20)
        ]
        found = abilities(names(n), balls, trial)
        inside += sum(s.low <= t <= s.high for s, t in zip(found.strengths, true, strict=True))
        total += n
        assert sum(s.first for s in found.strengths) == pytest.approx(1)
        assert all(sum(s.ranks) == pytest.approx(1) for s in found.strengths)
    assert 0.9 <= inside / total <= 0.995


def test_without_a_ball_everybody_is_equal():
    found = abilities(names(4), [], 0)
    assert {round(s.total, 9) for s in found.strengths} == {0.0}
    assert all(0.15 < s.first < 0.35 for s in found.strengths)


def test_the_command_plays_and_goes_on_without_asking_again(tmp_path, capsys):
    command = ["tournament", "a=teachers:quick", "b=teachers:quick", "c=teachers:careful", "--engine", "scripted"]
    command += ["--n", "2", "--out", str(tmp_path)]
    assert main(command) == 0
    told = capsys.readouterr().out
    assert "proven stumps" in told
    order = json.loads((tmp_path / "standings.json").read_text())["order"]
    assert sorted(order) == ["a", "b", "c"]
    assert main(command) == 0
    assert capsys.readouterr().out == told
    assert main(["tournament", "x=a", "x=b", "--out", str(tmp_path)]) == 2
    assert main([*command, "--seed", "9"]) == 2


def test_a_match_of_a_tournament_is_scored_again_and_flipped_points_are_named(tmp_path, capsys):
    hold(tmp_path, {"ann": entry("ann"), "bob": entry("bob", picks="x")}, "league")
    (path,) = tmp_path.glob("matches/*.jsonl")
    assert main(["replay", str(path), "--rules", "sf-2025"]) == 0
    assert "0 of 8 points flip" in capsys.readouterr().out
    strict = tmp_path / "strict.yaml"
    shipped = (discover.shipped("rules") / "sf-2025.yaml").read_text()
    strict.write_text(shipped.replace("tokens_free: 15", "tokens_free: -200"))
    assert main(["replay", str(path), "--rules", str(strict)]) == 0
    told = capsys.readouterr().out
    assert "8 of 8 points flip" in told
    assert "right -> does not count" in told
    empty = path.with_name("empty.jsonl")
    empty.write_text("")
    assert main(["replay", str(empty), "--rules", "sf-2025"]) == 2
    path.write_text("{}\n")
    assert main(["replay", str(path), "--rules", "sf-2025"]) == 2
    assert "line 1" in capsys.readouterr().err


def test_a_strong_field_of_random_results_ends(tmp_path):
    rng = random.Random(1)
    assert len(decided("league", names(64), rng)) == 2016
