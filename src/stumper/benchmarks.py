"""Questions that a data set must not hold: known by their formal problems, or by the n-grams of their stems."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from pydantic import Field

from stumper import oracle, prompts, puzzles
from stumper.errors import BadInput
from stumper.files import read_records
from stumper.oracle.identity import proven_problem
from stumper.types import Outcome, Question, Ruling, Value, digest

VERSION = 1

WORDS = 8
"""In an n-gram; a shorter stem is one n-gram."""
TOO_NEAR = 0.8
"""The share of a benchmark question's n-grams from which a question that has them is the same, where one of the two is
not proven. Proven ones are the same only where their formal problems are."""


class File(Value):
    """A file of questions in the format of the challenge, known by its content."""

    path: str = Field(exclude=True)
    name: str
    sha256: str


class Recipe(Value):
    files: tuple[File, ...]


class Known(Value):
    """A question of a benchmark."""

    stem: str
    form: str = ""
    """Hash of what is given and asked, names and order disregarded; empty where it is not proven."""


class Near(Value):
    """The benchmark question that is most like another one."""

    item: str
    share: float
    """Of its n-grams, found in the other; names disregarded."""
    same: bool
    """Their formal problems are equal, whatever their names, their order and their choices."""


def files(paths: tuple[str, ...]) -> tuple[File, ...]:
    """Raises BadInput for a file that cannot be read, and for two of one name."""
    found = []
    for path in map(Path, paths):
        try:
            stat = path.stat()
        except OSError as error:
            raise BadInput(f"forensics.benchmarks: cannot read {path}: {error.strerror}") from error
        found.append(File(path=str(path), name=path.name, sha256=_sha256(str(path), stat.st_mtime_ns, stat.st_size)))
    names = [file.name for file in found]
    if doubled := next((name for name in names if names.count(name) > 1), ""):
        raise BadInput(f"forensics.benchmarks: two files are called {doubled}; rename one")
    return tuple(found)


@cache
def _sha256(path: str, _changed: int, _size: int) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tasks(recipe: Recipe) -> dict[str, Question]:
    """The questions of all files: "file#number" -> question. Raises BadInput with file and line."""
    return {
        f"{file.name}#{number}": prompts.from_challenge(record, where=where)
        for file in recipe.files
        for number, (where, record) in enumerate(read_records(file.path), start=1)
    }


def read(owed: Mapping[str, Question]) -> Iterator[Outcome[Known]]:
    for key, question in owed.items():
        yield key, Known(stem=question.stem, form=form(question, oracle.prove(question))), {}


def form(question: Question, ruling: Ruling | None) -> str:
    """A hash of what a proven question gives and asks, without its choices; empty for one that is not proven."""
    problem = proven_problem(question, ruling)
    return "" if problem is None else digest(puzzles.canonical_form(problem, choices=False))


def ngrams(stem: str) -> set[str]:
    """Runs of WORDS words. All names are one word, so that neither they nor a sentence put in changes the others."""
    words = re.findall(r"\w+", re.sub(r"\b[A-Z]\w*", "_", stem).casefold())
    return {" ".join(words[i : i + WORDS]) for i in range(max(1, len(words) - WORDS + 1))}


class Shelf:
    """The questions of the benchmarks, to look others up in."""

    def __init__(self, known: Mapping[str, Known]) -> None:
        self._known = known
        self._forms = {entry.form: item for item, entry in reversed(list(known.items())) if entry.form}
        self._sizes: dict[str, int] = {}
        self._places: dict[str, list[str]] = {}
        for item, entry in known.items():
            grams = ngrams(entry.stem)
            self._sizes[item] = len(grams)
            for gram in grams:
                self._places.setdefault(gram, []).append(item)

    def nearest(self, stem: str, form: str) -> Near | None:
        """The same problem or else the one with most n-grams in common; None where none has any."""
        if form in self._forms:
            item = self._forms[form]
            return Near(item=item, share=self._shares(stem).get(item, 0.0), same=True)
        return _most(self._shares(stem))

    def holds(self, stem: str, form: str) -> Near | None:
        """The benchmark question that this one is, or is too near to; None: it may be kept."""
        near = self.nearest(stem, form)
        if near is None or near.same:
            return near
        shares = {item: share for item, share in self._shares(stem).items() if not (form and self._known[item].form)}
        near = _most(shares)
        return near if near and near.share >= TOO_NEAR else None

    def _shares(self, stem: str) -> dict[str, float]:
        common = Counter(item for gram in ngrams(stem) for item in self._places.get(gram, ()))
        return {item: n / self._sizes[item] for item, n in common.items()}


def _most(shares: Mapping[str, float]) -> Near | None:
    if not shares:
        return None
    item = min(shares, key=lambda item: (-shares[item], item))
    return Near(item=item, share=shares[item], same=False)
