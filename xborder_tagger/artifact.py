"""The model file: read -> check -> build, and write. docs/model-format.md has the table of its fields.

Layout: magic, format number, header length and header SHA-256; the header, strict JSON; plain little-endian arrays
aligned to 64 bytes, each with its SHA-256 in the header. Nothing in it is a class name and nothing can run. The
file is mapped, not read, so that processes share one copy.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import struct
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xborder_tagger.errors import ModelFileError
from xborder_tagger.files import write_atomically
from xborder_tagger.kernel import Kernel, Parts, make_kernel
from xborder_tagger.kernel.parts import ARRAYS
from xborder_tagger.labels import LabelSet

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAGIC: Final = b"XBTAGGER"
FORMAT: Final = 1  # the next one: raise it, keep reading this one, add a golden file to tests/golden
OLDEST_READ: Final = 1
ALIGNMENT: Final = 64
PREFIX: Final = struct.Struct("<8sII32s")  # magic, format, header length, SHA-256 of the header
MAX_HEADER: Final = 1 << 24
# dtype: format letter of a view, bytes of an item.
VIEWS: Final[dict[str, tuple[Any, int]]] = {
    "|u1": ("B", 1),
    "|b1": ("?", 1),
    "<u2": ("H", 2),
    "<u4": ("I", 4),
    "<u8": ("Q", 8),
    "<i2": ("h", 2),
    "<i4": ("i", 4),
    "<f8": ("d", 8),
}
SELF_TEST_DECIMALS: Final = 8  # kernels agree to more, so that each writes the same bytes
SELF_TEST_TOLERANCE: Final = 1e-6  # log-odds; other processors round the logarithm otherwise
CURE: Final = "reinstall xborder-tagger, or train the model again"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A checked file: its header and its arrays, which still lie in the mapping."""

    header: dict[str, Any]
    arrays: dict[str, memoryview[Any]]
    digest: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model that was read, checked and tested, with the kernel that runs it."""

    name: str
    labels: LabelSet
    kernel: Kernel
    header: dict[str, Any]
    digest: str


def load(path: Path) -> Loaded:
    """Read, check and build the model in a file.

    Raises:
        ModelFileError: the file is missing, damaged, of another format, or its self-test fails.
    """
    file = read(path)
    try:
        labels = LabelSet.from_dict(file.header["labels"])
        kernel = make_kernel(Parts(file.header, file.arrays))
        wrong = _self_test(kernel, file.header["self_test"], n_tags=len(labels))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise _refuse(path, f"its parts do not fit together ({error!r})") from error
    if wrong:
        raise _refuse(path, f"its self-test gives other scores for {wrong[:40]!r}")
    return Loaded(file.header["name"], labels, kernel, file.header, file.digest)


def _self_test(kernel: Kernel, cases: Sequence[Mapping[str, Any]], *, n_tags: int) -> str | None:
    """The first text whose scores differ from those at training time, or None."""
    rows = kernel.predict([case["text"] for case in cases]).scores.tolist()
    for case, scores in zip(cases, rows, strict=True):
        if len(scores) != n_tags:
            raise ValueError("there are not as many scores as tags")
        pairs = zip(scores, case["scores"], strict=True)
        if not all(abs(found - expected) <= SELF_TEST_TOLERANCE for found, expected in pairs):
            return str(case["text"])
    return None


def read(path: Path) -> ModelFile:
    """Parse and check a file; nothing of it is used before its checksum was right."""
    if sys.byteorder != "little":
        raise _refuse(path, "this processor stores numbers back to front", cure="use another machine")
    buffer = _map(path)
    if len(buffer) < PREFIX.size or bytes(buffer[: len(MAGIC)]) != MAGIC:
        raise _refuse(path, "this is no model file", cure="give the path of an .xbt file")
    _, version, length, checksum = PREFIX.unpack(buffer[: PREFIX.size])
    _check_format(path, version)
    raw = bytes(buffer[PREFIX.size : PREFIX.size + length])
    if length > MAX_HEADER or len(raw) != length or hashlib.sha256(raw).digest() != checksum:
        raise _refuse(path, "its header is cut short or changed")
    header = _parse_header(path, raw)
    arrays = {name: _array(path, buffer, name, header["arrays"].get(name)) for name in ARRAYS}
    return ModelFile(header, arrays, hashlib.sha256(raw).hexdigest())


def _map(path: Path) -> memoryview:
    try:
        with path.open("rb") as file:
            return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except OSError as error:
        cure = "give the path of an .xbt file, or leave --model out to use the shipped one"
        raise _refuse(path, error.strerror or str(error), cure=cure) from error
    except ValueError as error:
        raise _refuse(path, "the file is empty") from error


def _check_format(path: Path, version: int) -> None:
    if version > FORMAT:
        cure = "upgrade with pip install -U xborder-tagger"
        raise _refuse(path, f"format {version}, this version reads {OLDEST_READ} to {FORMAT}", cure=cure)
    if version < OLDEST_READ:
        raise _refuse(path, f"format {version} is not a format")


def _parse_header(path: Path, raw: bytes) -> dict[str, Any]:
    try:
        header = json.loads(raw, object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _refuse(path, f"its header is not strict JSON ({error})") from error
    if not isinstance(header, dict) or not isinstance(header.get("arrays"), dict):
        raise _refuse(path, "its header lists no arrays")
    return header


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        raise ValueError("a key stands twice")
    return out


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _array(path: Path, buffer: memoryview, name: str, entry: Any) -> memoryview[Any]:
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "offset", "sha256"}:
        raise _refuse(path, f"array {name} is missing or has other fields")
    dtype, rank = ARRAYS[name]
    shape, offset = entry["shape"], entry["offset"]
    sizes = [*shape, offset] if isinstance(shape, list) else []
    if entry["dtype"] != dtype or len(sizes) != rank + 1 or not all(type(n) is int and n >= 0 for n in sizes):
        raise _refuse(path, f"array {name} is {entry['dtype']} {shape}, expected {dtype} of {rank} dimensions")
    letter, item = VIEWS[dtype]
    size = item * prod(shape)
    if offset % ALIGNMENT or offset + size > len(buffer):
        raise _refuse(path, f"array {name} lies outside the file")
    data = buffer[offset : offset + size]
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise _refuse(path, f"array {name} does not match its checksum")
    return data.cast(letter, shape) if size else data.cast(letter)


def _refuse(path: Path, found: str, *, cure: str = CURE) -> ModelFileError:
    return ModelFileError(f"{path}: {found}; {cure}")


def save(
    path: Path, *, name: str, labels: LabelSet, parts: Parts, recipe: Mapping[str, Any], self_test: Sequence[str]
) -> None:
    """Write a model file: beside the target, fsynced, renamed. The same model gives the same bytes.

    Args:
        name: of the model, such as "xborder-en".
        parts: from `kernel.assembly.disassemble`; the arrays as NumPy has them.
        recipe: how the model came about, for the header: corpus digest, seed, versions, evaluation.
        self_test: a few texts; their scores go into the file and are computed again at every load.
    """
    rows = make_kernel(parts).predict(self_test).scores.tolist()
    cases = [
        {"text": text, "scores": [round(score, SELF_TEST_DECIMALS) for score in scores]}
        for text, scores in zip(self_test, rows, strict=True)
    ]
    header = {
        "name": name,
        "labels": labels.to_dict(),
        **parts.settings,
        "recipe": dict(recipe),
        "self_test": cases,
        "arrays": {name: _describe(array) for name, array in parts.arrays.items()},
    }
    raw = _layout(header)
    prefix = PREFIX.pack(MAGIC, FORMAT, len(raw), hashlib.sha256(raw).digest())
    pieces = [_padded(prefix + raw)] + [_padded(array.tobytes()) for array in parts.arrays.values()]
    write_atomically(path, b"".join(pieces))


def _describe(array: NDArray[Any]) -> dict[str, Any]:
    digest = hashlib.sha256(array.tobytes()).hexdigest()
    return {"dtype": array.dtype.str, "shape": list(array.shape), "offset": 0, "sha256": digest}


def _layout(header: dict[str, Any]) -> bytes:
    """The header with offsets filled in: they shift with its own length, so repeat until it stays the same."""
    raw = b""
    while (fresh := _encode(header)) != raw:
        raw = fresh
        offset = len(_padded(bytes(PREFIX.size + len(raw))))
        for entry in header["arrays"].values():
            entry["offset"] = offset
            size = VIEWS[entry["dtype"]][1] * prod(entry["shape"])
            offset += -(-size // ALIGNMENT) * ALIGNMENT
    return raw


def _encode(header: Mapping[str, Any]) -> bytes:
    return json.dumps(header, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % ALIGNMENT)
