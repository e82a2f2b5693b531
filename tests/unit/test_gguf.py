import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stumper.engines._gguf import read_header
from stumper.errors import BadInput


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def strings(*values):
    return struct.pack("<IIQ", 9, 8, len(values)) + b"".join(map(text, values))


def numbers(code, kind, *values):
    return struct.pack(f"<IIQ{len(values)}{code}", 9, kind, len(values), *values)


def file_of(fields):
    body = b"".join(text(key) + value for key, value in fields.items())
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(fields)) + body


FIELDS = {
    "general.architecture": struct.pack("<I", 8) + text("llama"),
    "llama.context_length": struct.pack("<II", 4, 2048),
    "tokenizer.ggml.model": struct.pack("<I", 8) + text("llama"),
    "tokenizer.ggml.scores": numbers("f", 6, 0.5, 1.0, 2.0, 3.0),
    "tokenizer.ggml.tokens": strings("<unk>", "<s>", "</s>", "a"),
    "tokenizer.ggml.token_type": numbers("i", 5, 2, 3, 3, 1),
    "tokenizer.ggml.bos_token_id": struct.pack("<II", 4, 1),
    "tokenizer.ggml.eos_token_id": struct.pack("<II", 4, 2),
}


def test_the_header_says_how_prompts_are_written(tmp_path):
    path = tmp_path / "m.gguf"
    path.write_bytes(file_of(FIELDS) + bytes(100))
    header = read_header(path)
    assert (header.architecture, header.bos, header.eos, header.template) == ("llama", "<s>", "</s>", None)
    assert header.adds_bos, "a SentencePiece vocabulary adds its beginning token unless the file says no"
    assert header.control == ("<unk>", "<s>", "</s>")
    assert header.context_length == 2048
    more = {
        "tokenizer.ggml.add_bos_token": struct.pack("<I?", 7, False),
        "tokenizer.chat_template": struct.pack("<I", 8) + text("{{ messages }}"),
    }
    path.write_bytes(file_of(FIELDS | more))
    header = read_header(path)
    assert not header.adds_bos
    assert header.template == "{{ messages }}"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GGU",
        b"GGUF" + struct.pack("<IQQ", 9, 0, 0),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 2**63),
        b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 2**62),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<IIQ", 9, 8, 2**60),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<IIQ", 9, 5, 2**60),
        b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + struct.pack("<IIQ", 9, 9, 1),
        file_of(
            {
                "general.architecture": struct.pack("<I", 8) + text("x"),
                "x.context_length": struct.pack("<I", 8) + text("long"),
            }
        ),
    ],
)
def test_lengths_that_lie_are_bad_input_that_names_the_file(tmp_path, data):
    (tmp_path / "lies.gguf").write_bytes(data)
    with pytest.raises(BadInput, match=r"lies\.gguf"):
        read_header(tmp_path / "lies.gguf")


@given(st.data())
def test_a_damaged_header_is_read_or_refused(tmp_path_factory, data):
    whole = bytearray(file_of(FIELDS))
    for _ in range(data.draw(st.integers(0, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "m.gguf"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    try:
        read_header(path)
    except BadInput:
        return
