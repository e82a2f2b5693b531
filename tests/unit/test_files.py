import pytest

from stumper.errors import BadInput
from stumper.files import read_records


@pytest.mark.parametrize("text", ['[{"a": 1}, {"a": 2}]', '{"a": 1}\n\n{"a": 2}\n', '\ufeff{"a": 1}\n{"a": 2}'])
def test_json_and_json_lines_are_told_apart(tmp_path, text):
    path = tmp_path / "q"
    path.write_text(text, encoding="utf-8")
    assert [record for _, record in read_records(path)] == [{"a": 1}, {"a": 2}]


def test_one_object_over_many_lines_is_one_record(tmp_path):
    path = tmp_path / "q"
    path.write_text('{\n "a": 1\n}\n')
    assert [record for _, record in read_records(path)] == [{"a": 1}]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "is empty"),
        (b'{"a": 1}\n{"a": \n', "line 2 is not JSON"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"<html>", "is not JSON"),
        (b"[" * 100_000, "nested too deeply|not JSON"),
    ],
)
def test_a_bad_file_is_one_sentence_with_its_name(tmp_path, data, complaint):
    path = tmp_path / "q.json"
    path.write_bytes(data)
    with pytest.raises(BadInput, match=complaint) as caught:
        list(read_records(path))
    assert "q.json" in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BadInput, match=r"cannot read .*nowhere\.json"):
        list(read_records(tmp_path / "nowhere.json"))
