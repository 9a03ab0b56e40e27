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
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from xborder_tagger.errors import ModelFileError
from xborder_tagger.files import write_atomically
from xborder_tagger.kernel import Kernel, make_kernel
from xborder_tagger.model import ARRAYS, Model, build_model, disassemble

MAGIC: Final = b"XBTAGGER"
FORMAT: Final = 1  # the next one: raise it, keep reading this one, add a golden file to tests/golden
OLDEST_READ: Final = 1
ALIGNMENT: Final = 64
PREFIX: Final = struct.Struct("<8sII32s")  # magic, format, header length, SHA-256 of the header
MAX_HEADER: Final = 1 << 24
DTYPES: Final = ("|u1", "<u2", "<u4", "<u8", "<i4", "<f4", "<f8", "|b1")
SELF_TEST_DECIMALS: Final = 8  # kernels agree to more, so that each writes the same bytes
SELF_TEST_TOLERANCE: Final = 1e-6  # log-odds; other processors round the logarithm otherwise
CURE: Final = "reinstall xborder-tagger, or train the model again"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A checked file: its header and its arrays, which still lie in the mapping."""

    header: dict[str, Any]
    arrays: dict[str, NDArray[Any]]
    digest: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model that was read, checked and tested, with the kernel that runs it."""

    model: Model
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
        model = build_model(file.header, file.arrays)
        kernel = make_kernel(model.tables)
        wrong = _self_test(kernel, file.header["self_test"])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise _refuse(path, f"its parts do not fit together ({error!r})") from error
    if wrong:
        raise _refuse(path, f"its self-test gives other scores for {wrong[:40]!r}")
    return Loaded(model, kernel, file.header, file.digest)


def _self_test(kernel: Kernel, cases: Sequence[Mapping[str, Any]]) -> str | None:
    """The first text whose scores differ from those at training time, or None."""
    found = kernel.scores([case["text"] for case in cases]).scores
    for case, row in zip(cases, found, strict=True):
        if not np.allclose(row, case["scores"], rtol=0, atol=SELF_TEST_TOLERANCE):
            return str(case["text"])
    return None


def read(path: Path) -> ModelFile:
    """Parse and check a file; nothing of it is used before its checksum was right."""
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


def _array(path: Path, buffer: memoryview, name: str, entry: Any) -> NDArray[Any]:
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "offset", "sha256"}:
        raise _refuse(path, f"array {name} is missing or has other fields")
    dtype, rank = ARRAYS[name]
    shape, offset = entry["shape"], entry["offset"]
    sizes = [*shape, offset] if isinstance(shape, list) else []
    if entry["dtype"] != dtype or len(sizes) != rank + 1 or not all(type(n) is int and n >= 0 for n in sizes):
        raise _refuse(path, f"array {name} is {entry['dtype']} {shape}, expected {dtype} of {rank} dimensions")
    size = np.dtype(dtype).itemsize
    for n in shape:
        size *= n
    if offset % ALIGNMENT or offset + size > len(buffer):
        raise _refuse(path, f"array {name} lies outside the file")
    data = buffer[offset : offset + size]
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise _refuse(path, f"array {name} does not match its checksum")
    return np.frombuffer(data, dtype=dtype).reshape(shape)


def _refuse(path: Path, found: str, *, cure: str = CURE) -> ModelFileError:
    return ModelFileError(f"{path}: {found}; {cure}")


def save(model: Model, path: Path, *, recipe: Mapping[str, Any], self_test: Sequence[str]) -> None:
    """Write a model file: beside the target, fsynced, renamed. The same model gives the same bytes.

    Args:
        recipe: how the model came about, for the header: corpus digest, seed, versions, evaluation.
        self_test: a few texts; their scores go into the file and are computed again at every load.
    """
    header, arrays = disassemble(model)
    stored = build_model(header, arrays)  # with its weights rounded as they are in the file
    rows = make_kernel(stored.tables).scores(self_test).scores.round(SELF_TEST_DECIMALS).tolist()
    cases = [{"text": text, "scores": row} for text, row in zip(self_test, rows, strict=True)]
    header |= {
        "recipe": dict(recipe),
        "self_test": cases,
        "arrays": {name: _describe(array) for name, array in arrays.items()},
    }
    raw = _layout(header)
    prefix = PREFIX.pack(MAGIC, FORMAT, len(raw), hashlib.sha256(raw).digest())
    pieces = [_padded(prefix + raw)] + [_padded(array.tobytes()) for array in arrays.values()]
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
            size = np.dtype(entry["dtype"]).itemsize
            for n in entry["shape"]:
                size *= n
            offset += -(-size // ALIGNMENT) * ALIGNMENT
    return raw


def _encode(header: Mapping[str, Any]) -> bytes:
    return json.dumps(header, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % ALIGNMENT)
