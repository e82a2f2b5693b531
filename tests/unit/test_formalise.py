"""Reading English with models: what is taken of what they say, and what is not."""

import json
import random
import re

import pytest

from stumper import oracle, puzzles
from stumper.calls import Recorded
from stumper.cli import main
from stumper.engines import ModelSpec
from stumper.engines.scripted import Scripted
from stumper.errors import BadInput
from stumper.oracle import conventions, readers
from stumper.oracle.check import check
from stumper.oracle.formalise import formalise, sentences
from stumper.oracle.sameness import ASKED, DENIED, apart, clue_field, clues_of, model_of, same, scene
from stumper.puzzles import Unread
from stumper.types import Question

CHOICES = ("Ana", "Bo", "Cy", "Dee")
PLAIN = Question(
    topic="seating",
    stem="Ana, Bo, Cy and Dee sit in a row facing north. Ana sits immediately left of Bo. Cy sits at the left end. "
    "Who is at the right end?",
    choices=CHOICES,
    key="D",
)
ODD = PLAIN.model_copy(
    update={"stem": PLAIN.stem.replace("Ana sits immediately left of Bo", "On Bo's left hand it is Ana who lounges")}
)
"""Its second sentence is not English that the grammar knows."""
STRANGE = ODD.model_copy(update={"stem": ODD.stem.replace("sit in a row", "make, so to speak, one long human chain,")})
"""Nor is its scene."""
SCENE = {
    "shape": "row",
    "facing": "north",
    "people": ["Ana", "Bo", "Cy", "Dee"],
    "query": {"kind": "who", "where": {"kind": "place", "who": "?", "place": 1, "end": "right"}},
    "choices": ["Ana", "Bo", "Cy", "Dee"],
}
RIGHT = {
    1: [{"kind": "beside", "who": "Ana", "side": "left", "steps": 1, "of": "Bo"}],
    2: [{"kind": "place", "who": "Cy", "place": 1, "end": "left"}],
}
OTHER_WORDS = {
    1: [{"kind": "beside", "who": "Bo", "side": "right", "steps": 1, "of": "Ana"}],
    2: [
        {"kind": "at_an_end", "who": "Cy"},
        {"kind": "not", "clue": {"kind": "place", "who": "Cy", "place": 4, "end": "left"}},
    ],
}
SWAPPED = {1: [{"kind": "beside", "who": "Ana", "side": "right", "steps": 1, "of": "Bo"}], 2: RIGHT[2]}


def of(request):
    """What a request asks: ("frame",), ("sentence", number) or ("verdict", number, ...)."""
    return tuple(request.about["asks"])


class Reader(Scripted):
    """Reads sentence i as `clues[i]` and holds to it when it is asked about a model; `judge` says otherwise."""

    def __init__(self, clues, frame=None, judge=None):
        self.asked = []
        self._clues, self._frame, self._judge = clues, SCENE if frame is None else frame, judge
        super().__init__(self._reply)

    def _reply(self, request):
        self.asked.append(request)
        kind, *rest = of(request)
        if kind == "frame":
            return json.dumps(self._frame)
        if kind == "sentence":
            clues = self._clues.get(rest[0], [])
            return (
                clues if isinstance(clues, str) else json.dumps({"says": "clues" if clues else "scene", "clues": clues})
            )
        return json.dumps({"holds": "yes" if self._judge(request) else "no"})


def true_clues(question, name):
    """Sentence -> the true clues in it, from the question's own; and the frame."""
    family = puzzles.family(name)
    problem = family.load(question.clues)
    said = family.read(question.stem, question.choices).said
    data = problem.model_dump(mode="json")
    clues = data.pop(clue_field(type(problem)))
    data.pop("conventions")
    plain = [" ".join(sentence.split()) for sentence in sentences(question.stem)]
    found = {}
    for clue, origin in zip(clues, said, strict=True):
        # Of a series each clue is said to be "term 3: 87".
        key = origin.strip(" .;,").split(": ")[-1 if name == "series" else 0].casefold()
        where = next(i for i, sentence in enumerate(plain) if key in sentence.casefold())
        found.setdefault(where, []).append(clue)
    return found, data


@pytest.mark.parametrize("name", puzzles.families())
def test_readers_who_say_what_was_set_lead_to_the_problem_that_was_set(name):
    family = puzzles.family(name)
    for level in range(1, 6):
        question = family.make(random.Random(level), level)
        clues, frame = true_clues(question, name)
        engines = {"one": Reader(clues, frame), "other": Reader(clues, frame)}
        problem = formalise(question, engines, name)
        assert problem.model_dump() == family.read(question.stem, question.choices).model_dump()


def row(request):
    """The row that a request asks about, from left to right."""
    return re.search(r"left_to_right ([\w, ]+)\.\n", request.messages[-1].content)[1].split(", ")


def left_of(request):
    """Whether Ana sits immediately left of Bo."""
    return row(request).index("Ana") + 1 == row(request).index("Bo")


def right_of(request):
    return row(request).index("Bo") + 1 == row(request).index("Ana")


def right(**more):
    return Reader(RIGHT, judge=left_of, **more)


def swapped():
    return Reader(SWAPPED, judge=right_of)


def verdicts(reader):
    return [of(request) for request in reader.asked if of(request)[0] == "verdict"]


def read(question, *engines, **more):
    return formalise(question, dict(zip("abcdefgh", engines, strict=False)), "seating", **more)


def expected():
    return puzzles.family("seating").read(PLAIN.stem, PLAIN.choices)


@pytest.mark.parametrize("question", [PLAIN, ODD, STRANGE], ids=["plain", "odd", "strange"])
def test_what_the_grammar_cannot_read_two_readers_can(question):
    problem = read(question, right(), right())
    assert problem.model_dump() == expected().model_dump()
    assert problem.said == tuple(sentences(question.stem)[i] for i in (1, 2))


def test_the_grammar_and_one_reader_are_two_and_one_reader_alone_is_not():
    assert read(PLAIN, right()).model_dump() == expected().model_dump()
    with pytest.raises(Unread, match="lounges"):
        read(ODD, right())


def test_clues_in_other_words_are_the_same_where_no_model_tells_them_apart():
    one, other = right(), Reader(OTHER_WORDS)
    assert read(STRANGE, one, other).model_dump() == expected().model_dump()
    assert not verdicts(one)
    assert not verdicts(other)


def test_a_reader_who_takes_left_for_right_is_outvoted():
    wrong = swapped()
    assert read(ODD, wrong, right(), right()).model_dump() == expected().model_dump()
    # It was asked about a model of its clues, one against them, and the two that tell the ways apart; nothing else.
    assert len(verdicts(wrong)) == 4


def test_a_reader_whose_verdicts_speak_for_the_others_clues_counts_for_them():
    repentant = Reader(SWAPPED, judge=left_of)
    assert read(ODD, repentant, right()).model_dump() == expected().model_dump()


@pytest.mark.parametrize("constant", [True, False])
def test_a_reader_who_says_the_same_to_both_probes_is_not_counted(constant):
    def same_again(request):
        return constant

    with pytest.raises(Unread, match="2 ways, by 0, 1 of 1 readers"):
        read(ODD, Reader(SWAPPED, judge=same_again), right())
    with pytest.raises(Unread, match="2 ways, by 1, 1 of 2 readers"):
        read(ODD, right(), swapped(), Reader(RIGHT, judge=same_again))
    assert read(ODD, Reader(SWAPPED, judge=same_again), right(), right()).model_dump() == expected().model_dump()


def test_two_wrong_readers_who_agree_do_not_outvote_the_grammar():
    with pytest.raises(Unread, match="immediately left of Bo"):
        read(PLAIN, swapped(), swapped())
    with pytest.raises(Unread, match="immediately left of Bo"):
        read(PLAIN, swapped(), swapped(), swapped(), right())


def test_as_many_against_as_for_is_unread():
    with pytest.raises(Unread, match="2 ways, by 2, 2 of 4 readers"):
        read(ODD, right(), right(), swapped(), swapped())


def test_a_higher_quorum_is_kept():
    with pytest.raises(Unread):
        read(ODD, right(), right(), quorum=3)
    assert read(ODD, right(), right(), right(), quorum=3).model_dump() == expected().model_dump()


def test_a_sentence_that_clues_cannot_say_is_not_dropped():
    more = Reader(RIGHT | {1: json.dumps({"says": "more", "clues": []})})
    with pytest.raises(Unread, match="lounges"):
        read(ODD, right(), more)


def test_a_sentence_of_which_only_some_find_nothing_said_is_not_dropped():
    deaf = Reader({2: RIGHT[2]}, judge=left_of)
    with pytest.raises(Unread, match="lounges"):
        read(ODD, deaf, deaf, right())


def test_readers_of_different_scenes_do_not_agree():
    south = SCENE | {"facing": "south"}
    with pytest.raises(Unread, match="scene"):
        read(STRANGE, right(), Reader(RIGHT, frame=south))
    with pytest.raises(Unread, match="scene"):
        # The grammar reads this scene, and facing north is what it reads.
        read(ODD, Reader(RIGHT, frame=south), Reader(RIGHT, frame=south))


def said(clues):
    return json.dumps({"says": "clues", "clues": clues})


HOSTILE = {
    "junk": "Sure! Ana is left of Bo.",
    "empty": "",
    "torn": said(RIGHT[1])[:-3],
    "another shape": json.dumps([RIGHT[1]]),
    "strangers": said([RIGHT[1][0] | {"who": "Zed"}]),
    "a kind that is not there": said([{"kind": "beneath", "who": "Ana", "of": "Bo"}]),
    "a blank": said([RIGHT[1][0] | {"who": "?"}]),
    "ten thousand clauses": said(RIGHT[1] * 10_000),
    "many clauses": said(RIGHT[1] * 13),
    "deep": '{"says": "clues", "clues": ' + "[" * 5_000 + "]" * 5_000 + "}",
    "nan": '{"says": "clues", "clues": [NaN]}',
    "two answers": said(RIGHT[1])[:-1] + ', "clues": []}',
    "clues that are nothing": json.dumps({"says": "scene", "clues": RIGHT[1]}),
    "nothing where clues are": said([]),
    "conventions": json.dumps({"says": "clues", "clues": RIGHT[1], "conventions": {"ends": "viewer"}}),
    "half characters": '{"says": "clues", "clues": [{"kind": "adjacent", "who": "\\ud800", "of": "Bo"}]}',
}


@pytest.mark.parametrize("reply", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_reply_is_no_opinion(reply):
    hostile = Reader(RIGHT | {1: reply}, judge=left_of)
    with pytest.raises(Unread, match="lounges"):
        read(ODD, hostile, right())
    assert read(ODD, hostile, right(), right()).model_dump() == expected().model_dump()


@pytest.mark.parametrize(
    "frame",
    [
        {},
        SCENE | {"people": ["Ana", "Bo", "Cy", "Zed"], "choices": ["Ana", "Bo", "Cy", "Zed"]},
        SCENE | {"choices": ["Ana", "Bo"]},
        SCENE | {"clues": RIGHT[1]},
        SCENE | {"conventions": {"ends": "viewer"}},
        SCENE | {"people": ["Ana"] * 4},
    ],
    ids=["empty", "a stranger", "fewer choices", "with clues", "with conventions", "one person four times"],
)
def test_a_scene_that_is_not_this_questions_is_no_opinion(frame):
    with pytest.raises(Unread, match="scene"):
        read(STRANGE, right(), Reader(RIGHT, frame=frame))


def test_an_engine_that_fails_has_no_opinion():
    def fail(request):
        raise RuntimeError("gone")

    with pytest.raises(Unread):
        read(ODD, Scripted(fail), right())
    assert read(ODD, Scripted(fail), right(), right()).model_dump() == expected().model_dump()


def test_recorded_calls_replay_to_the_same_problem(tmp_path):
    def recorded(opener, name):
        return Recorded(ModelSpec(name=name, engine="scripted"), opener, tmp_path)

    def never():
        raise AssertionError("asked again")

    openers = {"a": swapped, "b": right, "c": right}
    first = formalise(ODD, {name: recorded(opener, name) for name, opener in openers.items()}, "seating")
    again = formalise(ODD, {name: recorded(never, name) for name in openers}, "seating")
    assert again == first
    assert again.said == first.said


def test_requests_are_bounded_and_carry_a_deadline_and_their_own_seed():
    for name in puzzles.families():
        question = puzzles.family(name).make(random.Random(7), 5)
        _, frame = true_clues(question, name)
        stated = scene(name, frame)
        asked = [readers.frame_request(question, name)]
        asked += [readers.sentence_request(question, stated, s, i) for i, s in enumerate(sentences(question.stem))]
        assert all(request.deadline and len(request.messages[-1].content) < 60_000 for request in asked)
        assert len({request.seed for request in asked}) == len(asked)


@pytest.mark.parametrize(("engines", "quorum"), [(0, 2), (9, 2), (2, 1), (2, 4)])
def test_engines_and_quorums_that_cannot_work_are_refused(engines, quorum):
    with pytest.raises(BadInput):
        formalise(PLAIN, {str(i): right() for i in range(engines)}, "seating", quorum)


def test_more_text_than_a_puzzle_needs_is_not_read():
    for stem in ("Ana sits left of Bo. " * 41, "Ana " * 10_000):
        reader = right()
        with pytest.raises(Unread):
            read(PLAIN.model_copy(update={"stem": stem}), reader, reader)
        assert not reader.asked


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ana is here. Is Bo? Yes!", ["Ana is here.", "Is Bo?", "Yes!"]),
        (
            "Eve says: 'Jon lies. I do not.' Jon says, 'Eve lies.' Who lies?",
            ["Eve says: 'Jon lies. I do not.'", "Jon says, 'Eve lies.'", "Who lies?"],
        ),
        ("The boys' team is Mr. Bean's. He won 1.5 points.", ["The boys' team is Mr. Bean's.", "He won 1.5 points."]),
        ("", []),
    ],
)
def test_sentences_keep_what_is_quoted_in_them(text, found):
    assert list(sentences(text)) == found


ROW = ("seating", SCENE)
BOOKS = (
    "linear_orders",
    {
        "scale": "age",
        "things": ["red book", "blue book", "green book"],
        "query": {"kind": "which"},
        "choices": [],
    },
)
LIARS = ("truth_tellers", {"people": ["Ida", "Jon"], "query": {"kind": "role", "person": "Ida"}})
KIN = ("blood_relations", {"query": {"subject": "Ana", "object": "Cy"}, "choices": []})
TERMS = (
    "syllogisms",
    {"choices": [{"quantifier": "all", "subject": "cat", "predicate": "dog"}]},
)


def ida(claim):
    return {"speaker": "Ida", "claim": claim}


def jon_is(role):
    return {"kind": "is", "person": "Jon", "role": role}


def beside(who, side, of):
    return {"kind": "beside", "who": who, "side": side, "of": of}


def beyond(who, towards, than):
    return {"kind": "beyond", "who": who, "towards": towards, "than": than}


def kin(subject, term, object_):
    return {"subject": subject, "term": term, "object": object_}


def cats(quantifier, subject="cat", predicate="dog"):
    return {"quantifier": quantifier, "subject": subject, "predicate": predicate}


def clues_in(stated, clues):
    return tuple(clues_of(stated).validate_python(clues))


@pytest.mark.parametrize(
    ("given", "one", "other"),
    [
        (ROW, [beside("Ana", "left", "Bo")], [beside("Bo", "right", "Ana")]),
        (
            ROW,
            [{"kind": "exactly_one", "clues": [beside("Ana", "left", "Bo"), beside("Ana", "right", "Bo")]}],
            [{"kind": "adjacent", "who": "Ana", "of": "Bo"}],
        ),
        (
            ROW,
            [{"kind": "if", "condition": beside("Ana", "left", "Bo"), "then": beside("Cy", "left", "Dee")}],
            [
                {
                    "kind": "any_of",
                    "clues": [{"kind": "not", "clue": beside("Ana", "left", "Bo")}, beside("Dee", "right", "Cy")],
                }
            ],
        ),
        (
            ROW,
            [{"kind": "all_of", "clues": [beside("Ana", "left", "Bo"), beside("Cy", "left", "Dee")]}],
            [beside("Dee", "right", "Cy"), beside("Bo", "right", "Ana")],
        ),
        (
            BOOKS,
            [beyond("red book", "oldest", "blue book")],
            [{"kind": "not", "clue": beyond("blue book", "oldest", "red book")}],
        ),
        (
            LIARS,
            [ida({"kind": "same", "one": "Ida", "other": "Jon"})],
            [{"speaker": None, "claim": jon_is("truth-teller")}],
        ),
        (LIARS, [ida(jon_is("liar"))], [ida({"kind": "not", "fact": jon_is("truth-teller")})]),
        (KIN, [kin("Ana", "sister", "Bo")], [kin("Ana", "sibling", "Bo"), {"person": "Ana", "sex": "female"}]),
        (
            KIN,
            [kin("Ana", "mother", "?1.1"), kin("?1.1", "father", "Cy")],
            [kin("Ana", "mother", "?1.2"), kin("?1.2", "father", "Cy")],
        ),
        (TERMS, [cats("no")], [cats("no", "dog", "cat")]),
        (TERMS, [cats("some")], [cats("some", "dog", "cat"), cats("some")]),
    ],
)
def test_the_same_in_other_words(given, one, other):
    stated = scene(*given)
    one, other = clues_in(stated, one), clues_in(stated, other)
    assert one != other
    assert same(stated, one, other)
    assert same(stated, other, one)


@pytest.mark.parametrize(
    ("given", "one", "other", "shows"),
    [
        (
            ROW,
            [{"kind": "adjacent", "who": "Ana", "of": "Bo"}],
            [beside("Ana", "left", "Bo")],
            lambda m: (r := m["left_to_right"]).index("Bo") + 1 == r.index("Ana"),
        ),
        (
            BOOKS,
            [beyond("red book", "oldest", "blue book")],
            [{"kind": "place", "who": "red book", "place": 1, "end": "oldest"}],
            lambda m: m["from"] == "newest" and m["order"] == ["blue book", "red book", "green book"],
        ),
        (
            LIARS,
            [ida(jon_is("liar"))],
            [{"speaker": None, "claim": jon_is("liar")}],
            lambda m: m == {"Ida": "liar", "Jon": "truth-teller"},
        ),
        (KIN, [kin("Ana", "parent", "Bo")], [kin("Ana", "mother", "Bo")], lambda m: m["Bo"]["father"] == "Ana"),
        (KIN, [kin("Ana", "mother", "Bo")], [kin("Bo", "mother", "Ana")], lambda m: m["Bo"]["mother"] == "Ana"),
        (KIN, [], [{"person": "Ana", "sex": "female"}], lambda m: m["Ana"]["sex"] != "female"),
        (
            TERMS,
            [cats("some")],
            [cats("all")],
            lambda m: ["cat"] in m["there are"] and ["cat", "dog"] in m["there are"],
        ),
        (
            TERMS,
            [cats("all")],
            [cats("all", "dog", "cat")],
            lambda m: ["dog"] in m["there are"] and ["cat"] not in m["there are"],
        ),
        (TERMS, [], [cats("some_not")], lambda m: ["cat"] not in m["there are"]),
    ],
)
def test_a_model_shows_what_one_says_and_the_other_does_not(given, one, other, shows):
    stated = scene(*given)
    difference = apart(stated, clues_in(stated, one), clues_in(stated, other))
    assert difference is not None
    assert shows(difference.model)


@pytest.mark.parametrize("name", sorted({*DENIED, *ASKED}))
def test_a_clue_without_which_the_problem_has_more_models_is_told_from_nothing(name):
    for level in range(1, 4):
        family = puzzles.family(name)
        problem = family.load(family.make(random.Random(level), level).clues)
        stated = scene(name, problem.model_dump(mode="json", exclude={clue_field(type(problem))}))
        for clue in getattr(problem, stated.field):
            assert apart(stated, (clue,), ()) is None
            assert apart(stated, (), (clue,)) is not None
            assert model_of(stated, (clue,)) is not None


def test_what_differs_under_one_reading_of_english_alone_is_not_the_same():
    stated = scene(*ROW)
    loose, tight = (
        clues_in(stated, [{"kind": "between", "who": "Ana", "of": "Bo", "other": "Cy", "immediately": at_once}])
        for at_once in (False, True)
    )
    assert not same(stated, loose, tight)
    stated = scene(*TERMS)
    assert not same(stated, clues_in(stated, [cats("few")]), clues_in(stated, [cats("some")]))


def test_where_no_model_can_be_shown_nothing_is_settled():
    question = Question(
        topic="blood_relations",
        stem="Ana is, like, mum to the dad of Cy. How is Ana related to Cy?",
        choices=("Aunt", "Mother"),
    )
    frame = {"query": {"subject": "Ana", "object": "Cy"}, "choices": ["aunt", "mother"]}
    one = {0: [kin("Ana", "mother", "?1"), kin("?1", "father", "Cy")]}
    other = {0: [kin("Ana", "mother", "?1"), kin("?1", "mother", "Cy")]}
    problem = formalise(question, {"a": Reader(one, frame), "b": Reader(one, frame)}, "blood_relations")
    assert [clue.model_dump() for clue in problem.clues] == [kin("Ana", "mother", "?0.1"), kin("?0.1", "father", "Cy")]
    with pytest.raises(Unread, match="no model shows in what"):
        formalise(question, {"a": Reader(one, frame), "b": Reader(other, frame)}, "blood_relations")


def test_what_a_spy_says_is_the_same_in_the_same_words_alone():
    stated = scene(LIARS[0], LIARS[1] | {"roles": ["truth-teller", "liar", "spy"]})
    one, other = (clues_in(stated, [ida(claim)]) for claim in (jon_is("liar"), {"kind": "not", "fact": jon_is("spy")}))
    assert same(stated, one, one)
    assert not same(stated, one, other)
    assert apart(stated, one, other).model is None


def test_a_ruling_says_that_models_read_the_text():
    engines = {"one": right(), "other": right()}
    ruling = oracle.prove(ODD, readers=engines)
    assert ruling.ruling == oracle.prove(PLAIN).ruling
    assert ruling.why.startswith("as one, other read it: ")
    assert ruling.certificate["read_by"] == ["one", "other"]
    assert ruling.certificate["sentences"] == [sentences(ODD.stem)[i] for i in (1, 2)]
    record = json.loads(ruling.model_dump_json())
    assert check(record) is None
    assert "read by one, other" in check(record, ODD)


def test_what_the_grammar_reads_is_not_put_to_models():
    engines = {"one": right(), "other": swapped()}
    ruling = oracle.prove(PLAIN, readers=engines)
    assert ruling == oracle.prove(PLAIN)
    assert ruling.certificate["read_by"] == []
    assert not engines["one"].asked


def test_what_readers_do_not_agree_on_is_unformalised():
    ruling = oracle.prove(ODD, readers={"one": right(), "other": swapped()})
    assert ruling.ruling == "unformalised"
    assert ruling.certificate is None
    assert "lounges" in ruling.why
    with pytest.raises(BadInput):
        oracle.prove(ODD, readers={str(i): right() for i in range(9)})


def test_formal_clues_that_differ_from_what_readers_agree_on_are_refused():
    stated = expected().model_dump(mode="json")
    engines = {"one": right(), "other": right()}
    assert oracle.prove(ODD.model_copy(update={"clues": stated}), readers=engines).certificate is not None
    touched = stated | {"clues": stated["clues"][:1]}
    ruling = oracle.prove(ODD.model_copy(update={"clues": touched}), readers=engines)
    assert "formal clues differ" in ruling.why


def test_no_vote_is_held_on_a_sentence_that_the_grammar_reads_in_two_ways(monkeypatch):
    def two(stem, choices):
        raise Unread("Ana sits immediately left of Bo.", "can be read in two ways")

    monkeypatch.setattr(puzzles.family("seating"), "read", two)
    reader = right()
    with pytest.raises(Unread, match="two ways"):
        read(PLAIN, reader, right())
    assert not reader.asked


def test_the_command_takes_readers(tmp_path, monkeypatch, capsys):
    scripts = "".join(f"def {name}(request):\n    return _reply(request)\n" for name in ("first", "second"))
    (tmp_path / "own_readers.py").write_text(
        "import json\n"
        f"SCENE, CLUES = json.loads({json.dumps(json.dumps([SCENE, RIGHT]))})\n"
        "def _reply(request):\n"
        "    kind, *rest = request.about['asks']\n"
        "    clues = CLUES.get(str(rest[0]), []) if rest else []\n"
        "    heard = {'says': 'clues' if clues else 'scene', 'clues': clues}\n"
        "    return json.dumps(SCENE if kind == 'frame' else heard)\n" + scripts
    )
    (tmp_path / "q.json").write_text(json.dumps([{"topic": "seating", "question": ODD.stem, "choices": list(CHOICES)}]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    models = ["own_readers:first", "own_readers:second"]
    assert main(["prove", "q.json", "--engine", "scripted", "--out", "r.jsonl", "--readers", *models]) == 0
    ruling = json.loads((tmp_path / "r.jsonl").read_text())
    assert ruling["certificate"]["read_by"] == ["own_readers-first", "own_readers-second"]
    assert main(["prove", "q.json", "--engine", "scripted", "--readers", models[0], models[0]]) == 2
    assert "twice" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["seating", "linear_orders", "truth_tellers", "syllogisms"])
def test_one_says_all_that_another_does_just_where_the_other_takes_no_model_away(name):
    """Against another way to find out: with and without the other's clue there are as many models."""
    family = puzzles.family(name)
    told_apart = {True: 0, False: 0}
    for seed in range(4):
        problem = family.load(family.make(random.Random(seed), 2).clues)
        stated = scene(name, problem.model_dump(mode="json", exclude={clue_field(type(problem))}))
        given = getattr(problem, stated.field)
        for other in given:
            # What follows from all others together takes no model away; what is left of a minimal set does.
            for one in (given, *((clue,) for clue in given)):
                counts = {
                    under_one.models == under_both.models
                    for (_, alone), (_, both) in zip(
                        conventions.readings(name, family, stated.with_clues(one), "strict"),
                        conventions.readings(name, family, stated.with_clues((*one, other)), "strict"),
                        strict=True,
                    )
                    for under_one, under_both in [(family.solve(alone), family.solve(both))]
                }
                says_all = apart(stated, one, (other,)) is None
                told_apart[says_all] += 1
                assert says_all == (counts == {True})
    assert all(told_apart.values())
