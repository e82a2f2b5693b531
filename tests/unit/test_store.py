import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stumper.errors import BadInput, StumperError
from stumper.store import Artefact, fingerprint
from stumper.types import Failure, Ruling, Value, canonical, digest, seed_for


def ruling(why):
    return Ruling(ruling="proven", true_key="A", why=why)


class Recipe(Value):
    n: int


def artefact(folder):
    return Artefact(folder, "prove", "0" * 8, Ruling)


def make(folder, keys):
    made = artefact(folder).open(Recipe(n=1))
    with made:
        for key in keys:
            made.append(key, ruling(key), {"seconds": 1.0})
    return made


def test_records_come_back_and_a_sealed_artefact_states_their_hash(tmp_path):
    made = make(tmp_path, "ab")
    assert not made.sealed
    made.seal(["b", "a"])
    again = artefact(tmp_path).open()
    assert again.sealed
    assert list(again.done()) == ["b", "a"]
    assert again.ledger()["a"]["seconds"] == 1.0


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_record_torn_at_any_byte_is_owed_again_and_the_rest_stays(tmp_path, cut):
    path = make(tmp_path, "abc").folder / "records.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    again = artefact(tmp_path).open(Recipe(n=1))
    assert list(again.done()) == ["a", "b"]
    with again:
        again.append("c", ruling("c"))
    assert path.read_bytes() == whole


def test_the_order_of_work_does_not_show_in_sealed_records(tmp_path):
    one, other = make(tmp_path / "1", "abc"), make(tmp_path / "2", "cab")
    one.seal("abc")
    other.seal("abc")
    assert (one.folder / "records.jsonl").read_bytes() == (other.folder / "records.jsonl").read_bytes()
    assert one.content == other.content


def test_a_failure_is_a_record_but_not_done(tmp_path):
    made = make(tmp_path, "a")
    with made:
        made.append("b", Failure(type="engine", message="gone"))
    again = artefact(tmp_path).open()
    assert list(again.done()) == ["a"]
    assert again.records()["b"] == Failure(type="engine", message="gone")


@pytest.mark.parametrize(
    "damage", [b"\xff\xfe\n", b"[]\n", b'{"key": 1\n', b'{"key": "b", "value": {"x": 1}}\n', b"[" * 100_000 + b"\n"]
)
def test_a_corrupt_record_in_the_middle_names_file_line_and_mend_and_keeps_the_rest(tmp_path, damage):
    path = make(tmp_path, "abc").folder / "records.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    before = lines[0] + damage + lines[2]
    path.write_bytes(before)
    with pytest.raises(BadInput, match=r"records.jsonl, line 2: .* delete that line"):
        artefact(tmp_path).open()
    assert path.read_bytes() == before


def test_a_sealed_file_that_was_changed_is_refused(tmp_path):
    made = make(tmp_path, "ab")
    made.seal("ab")
    path = made.folder / "records.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"why":"a"', b'"why":"x"'))
    with pytest.raises(BadInput, match="changed after it was finished"):
        artefact(tmp_path).open()


def test_two_runs_never_write_one_artefact_at_once(tmp_path):
    first, second = make(tmp_path, "a"), make(tmp_path, "a")
    with first, pytest.raises(StumperError, match="another run is writing"), second:
        pass


def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path, monkeypatch):
    made = make(tmp_path, "a")

    def full(handle, data):
        raise OSError(28, "No space left on device")

    with made:
        monkeypatch.setattr("os.write", full)
        with pytest.raises(StumperError, match=r"disk is full.*free some space"):
            made.append("b", ruling("b"))
    monkeypatch.undo()
    assert list(artefact(tmp_path).open().done()) == ["a"]


def test_the_fingerprint_depends_on_everything_the_stage_reads():
    base = ("vote", 1, Recipe(n=1), {"generate": "x"})
    others = [
        ("prove", 1, Recipe(n=1), {"generate": "x"}),
        ("vote", 2, Recipe(n=1), {"generate": "x"}),
        ("vote", 1, Recipe(n=2), {"generate": "x"}),
        ("vote", 1, Recipe(n=1), {"generate": "y"}),
    ]
    assert len({fingerprint(*arguments) for arguments in (base, *others)}) == 5


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), {1, 2}, object(), b"x"])
def test_what_has_no_exact_json_form_has_no_canonical_form(bad):
    with pytest.raises(TypeError):
        canonical({"x": bad})


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda c: st.lists(c) | st.dictionaries(st.text(), c)
    )
)
def test_canonical_text_is_json_and_ignores_the_order_of_keys(value):
    assert json.loads(canonical(value)) == value
    if isinstance(value, dict):
        assert digest(dict(reversed(value.items()))) == digest(value)


def test_seeds_of_neighbouring_roots_do_not_overlap():
    seeds = {seed_for(root, "generate", number) for root in range(50) for number in range(50)}
    assert len(seeds) == 2500
    assert all(0 <= seed < 2**63 for seed in seeds)
