"""The annotated corpus: records, and the contract they keep.

A corpus is a folder of JSONL files. Each line is one document: ``id``, ``text``, ``labels`` (0, 1 or "?" for every
tag), ``genre``, ``event`` (texts on one event share it and stay on one side of every split), ``split`` ("train" or
"test"), ``evidence`` (for each tag at 1, exact substrings that prove it), ``source`` (page whose facts it tells, or
null), ``register`` ("plain" as news is written, "coloured" where a storyteller's voice is heard), and optional notes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.errors import CorpusError

GENRES = (
    *("headline", "brief", "article", "long_article", "press_release", "ministry_statement", "minutes"),
    *(
        "court_report",
        "speech",
        "interview",
        "post",
        "think_tank",
        "notice",
        "transcript",
        "editorial",
        "report",
    ),
)
SPLITS = ("train", "test")
REGISTERS = ("plain", "coloured")
FIELDS = {"id", "text", "labels", "genre", "event", "split", "evidence", "source", "register"}
OPTIONAL = {"places", "year", "hard", "pair", "notes", "first", "second"}


@dataclass(frozen=True, slots=True)
class Document:
    """One annotated document; ``where`` is file and line, for messages."""

    id: str
    text: str
    labels: dict[str, int | str]
    genre: str
    event: str
    split: str
    evidence: dict[str, list[str]]
    source: str | None
    register: str
    extra: dict[str, Any]
    where: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text and its labels: the order of training, whatever the order of the files."""
        payload = json.dumps([self.text, self.labels, self.evidence], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(payload.encode("utf-8", "surrogatepass")).hexdigest()


def read_corpus(path: Path, tags: Sequence[str]) -> list[Document]:
    """Documents of a JSONL file, or of all JSONL files of a folder, in order of their digests.

    Raises:
        CorpusError: a line breaks the contract; the message names file and line.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    documents = [document for file in files for document in _read_file(file, tags)]
    if not documents:
        raise CorpusError(f"{path}: no documents; give a .jsonl file or a folder of them")
    return sorted(documents, key=lambda document: document.digest)


def _read_file(file: Path, tags: Sequence[str]) -> Iterator[Document]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{file}: cannot be read as UTF-8 ({error})") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _parse(line, f"{file.name}:{number}", tags)


def _parse(line: str, where: str, tags: Sequence[str]) -> Document:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise CorpusError(f"{where}: not JSON ({error})") from error
    if not isinstance(record, dict) or not record.keys() >= FIELDS:
        missing = sorted(FIELDS - set(record)) if isinstance(record, dict) else sorted(FIELDS)
        raise CorpusError(f"{where}: missing {', '.join(missing)}")
    _check_record(record, where, tags)
    extra = {key: value for key, value in record.items() if key not in FIELDS}
    return Document(**{key: record[key] for key in FIELDS}, extra=extra, where=where)


def _check_record(record: dict[str, Any], where: str, tags: Sequence[str]) -> None:
    if unknown := sorted(set(record) - FIELDS - OPTIONAL):
        raise CorpusError(f"{where}: unknown field {unknown[0]!r}; known: {', '.join(sorted(FIELDS | OPTIONAL))}")
    for name in (*record["labels"], *record["evidence"]):
        if name not in tags:
            near = get_close_matches(name, tags, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise CorpusError(f"{where}: {name!r} is not a tag{hint}")
    for tag in tags:
        _check_cell(record, where, tag)
    for field, allowed in (("genre", GENRES), ("split", SPLITS), ("register", REGISTERS)):
        if record[field] not in allowed:
            raise CorpusError(f"{where}: {field} {record[field]!r}, expected one of {', '.join(allowed)}")


def _check_cell(record: dict[str, Any], where: str, tag: str) -> None:
    value, spans = record["labels"].get(tag), record["evidence"].get(tag, [])
    if value not in (0, 1, "?") or isinstance(value, bool):
        raise CorpusError(f'{where}: {tag} is {value!r}, expected 0, 1 or "?"')
    if (value == 1) != bool(spans):
        raise CorpusError(
            f"{where}: {tag} is {value!r} with {len(spans)} evidence; a 1 needs some, nothing else may have any"
        )
    for span in spans:
        if not span.strip() or span not in record["text"]:
            raise CorpusError(f"{where}: evidence for {tag} does not stand in the text: {span[:60]!r}")


def label_matrix(documents: Sequence[Document], tags: Sequence[str]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Labels and the mask of judged cells, both bool, (n_docs, n_tags); a "?" is not known, and never 0."""
    cells = [[document.labels[tag] for tag in tags] for document in documents]
    positive = np.array([[cell == 1 for cell in row] for row in cells], dtype=bool)
    known = np.array([[cell != "?" for cell in row] for row in cells], dtype=bool)
    return positive.reshape(-1, len(tags)), known.reshape(-1, len(tags))


def corpus_digest(documents: Sequence[Document]) -> str:
    """SHA-256 over the documents' digests, in order."""
    return hashlib.sha256("".join(document.digest for document in documents).encode()).hexdigest()
