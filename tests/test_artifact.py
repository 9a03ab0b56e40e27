"""The model file: what is written is what is read, and every attack gets one clear line."""

import hashlib
import json
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest

import xborder_tagger
from xborder_tagger import artifact
from xborder_tagger.errors import ModelFileError, OutputError
from xborder_tagger.files import write_atomically
from xborder_tagger.kernel import VARIABLE, kernels
from xborder_tagger.kernel.assembly import disassemble
from xborder_tagger.kernel.parts import ARRAYS
from xborder_tagger.kernel.tfidf import SQUARE, TAGS
from xborder_tagger.shipped import DEFAULT

INFINITE = "1e999"  # stands for a number that JSON allows


@pytest.fixture
def copy(tmp_path) -> Path:
    return Path(shutil.copy(DEFAULT, tmp_path / "model.xbt"))


def parts(path: Path) -> tuple[dict, bytearray, int]:
    """Header, whole file, and where the header ends."""
    data = bytearray(path.read_bytes())
    length = artifact.PREFIX.unpack(data[: artifact.PREFIX.size])[2]
    return (
        json.loads(data[artifact.PREFIX.size : artifact.PREFIX.size + length]),
        data,
        artifact.PREFIX.size + length,
    )


def rewrite(path: Path, header: dict | bytes, body: bytes) -> None:
    """A file with a right header checksum over whatever header is given; ``body`` begins where arrays begin."""
    raw = header if isinstance(header, bytes) else json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    prefix = artifact.PREFIX.pack(artifact.MAGIC, artifact.FORMAT, len(raw), hashlib.sha256(raw).digest())
    path.write_bytes(prefix + raw + bytes(-(len(prefix) + len(raw)) % artifact.ALIGNMENT) + body)


def change_array(path: Path, name: str, change) -> None:
    """Change an array and set its checksum right: only the structure is wrong then."""
    header, data, _ = parts(path)
    entry = header["arrays"][name]
    count = int(np.prod(entry["shape"]))
    array = np.frombuffer(bytes(data), dtype=entry["dtype"], count=count, offset=entry["offset"]).copy()
    change(array.reshape(entry["shape"]))
    raw = array.tobytes()
    data[entry["offset"] : entry["offset"] + len(raw)] = raw
    entry["sha256"] = hashlib.sha256(raw).hexdigest()
    first = min(e["offset"] for e in header["arrays"].values())
    rewrite(path, header, bytes(data[first:]))


def refused(path: Path) -> str:
    with pytest.raises(ModelFileError) as caught:
        xborder_tagger.load(path)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    assert message.count(";") >= 1, "a refusal ends with the cure"
    return message


def test_a_model_survives_writing_and_reading(tmp_path):
    loaded = artifact.load(DEFAULT)
    again = tmp_path / "again.xbt"
    texts = [case["text"] for case in loaded.header["self_test"]]
    parts, recipe = disassemble(loaded.kernel.tables), loaded.header["recipe"]
    artifact.save(again, name=loaded.name, labels=loaded.labels, parts=parts, recipe=recipe, self_test=texts)
    assert again.read_bytes() == DEFAULT.read_bytes()


def test_every_array_is_aligned_and_named_in_the_header():
    header = artifact.read(DEFAULT).header
    assert header["arrays"].keys() == ARRAYS.keys()
    assert all(entry["offset"] % artifact.ALIGNMENT == 0 for entry in header["arrays"].values())


def test_a_missing_file(tmp_path):
    assert "No such file" in refused(tmp_path / "none.xbt")


def test_a_folder(tmp_path):
    refused(tmp_path)


@pytest.mark.parametrize("size", [0, 1, 7, 40, 48, 1000, 100_000])
def test_a_file_cut_short(copy, size):
    copy.write_bytes(copy.read_bytes()[:size])
    refused(copy)


def test_another_file(copy):
    copy.write_bytes(b"PK\x03\x04" + bytes(5000))
    assert "no model file" in refused(copy)


def test_a_newer_format(copy):
    data = bytearray(copy.read_bytes())
    data[8:12] = struct.pack("<I", 3)
    copy.write_bytes(data)
    assert "format 3, this version reads 1 to 1; upgrade with pip install -U xborder-tagger" in refused(copy)


def test_format_zero(copy):
    data = bytearray(copy.read_bytes())
    data[8:12] = bytes(4)
    copy.write_bytes(data)
    refused(copy)


def test_a_header_length_beyond_the_file(copy):
    data = bytearray(copy.read_bytes())
    data[12:16] = b"\xff" * 4
    copy.write_bytes(data)
    assert "header" in refused(copy)


@pytest.mark.parametrize("place", [20, 60, 3000])
def test_one_flipped_bit_in_the_header(copy, place):
    data = bytearray(copy.read_bytes())
    data[place] ^= 1
    copy.write_bytes(data)
    refused(copy)


@pytest.mark.parametrize("name", sorted(ARRAYS))
def test_one_flipped_bit_in_each_array(copy, name):
    header, data, _ = parts(copy)
    data[header["arrays"][name]["offset"]] ^= 1
    copy.write_bytes(data)
    assert f"array {name} does not match its checksum" in refused(copy)


def test_a_key_that_stands_twice(copy):
    header, data, end = parts(copy)
    raw = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    rewrite(copy, raw[:-1] + b',"name":"other"}', bytes(data[end:]))
    assert "strict JSON" in refused(copy)


def test_not_a_number_in_the_header(copy):
    header, data, end = parts(copy)
    raw = json.dumps(header | {"extra": float("nan")}).encode()
    rewrite(copy, raw, bytes(data[end:]))
    assert "strict JSON" in refused(copy)


@pytest.mark.parametrize("raw", [b"[]", b"{}", b'{"arrays":[]}', b"[" * 100_000, b"\xff"])
def test_a_header_of_another_shape(copy, raw):
    rewrite(copy, raw, b"")
    refused(copy)


@pytest.mark.parametrize(
    "change",
    [
        {"shape": [1 << 62]},
        {"shape": [-1]},
        {"shape": [1.5]},
        {"shape": "all"},
        {"shape": [True]},
        {"offset": 1 << 60},
        {"offset": 1},
        {"offset": -64},
        {"dtype": "|O"},
        {"dtype": "<f8"},
        {"sha256": "0" * 64},
        {"more": 1},
    ],
)
def test_an_array_entry_that_lies(copy, change):
    header, data, _ = parts(copy)
    first = min(e["offset"] for e in header["arrays"].values())
    header["arrays"]["features.rows"] |= change
    rewrite(copy, header, bytes(data[first:]))
    refused(copy)


@pytest.fixture(params=kernels())
def each_kernel(request, monkeypatch) -> str:
    """Each kernel checks what it reads; this one is asked."""
    monkeypatch.setenv(VARIABLE, request.param)
    return request.param


def _set(index, value):
    def change(array):
        array[index] = value

    return change


@pytest.mark.usefixtures("each_kernel")
@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("features.rows", _set((0, SQUARE), 0)),
        ("features.rows", _set((-1, SQUARE), 0)),
        ("features.rows", _set((0, SQUARE), -1)),
        ("bias", _set(0, -np.inf)),
        ("words.slots", _set(slice(None), 0x7FFFFE)),
        ("words.slots", _set(0, 0xFFFFFE)),
        ("bigrams.slots", _set(0, 0x7FFFFE)),
        ("bigrams.slots", _set(0, 0xFFFFFE)),
        ("unigrams", _set(0, 1 << 30)),
        ("terms.starts", _set(0, 1 << 30)),
        ("terms.steps.slots", _set(0, 0x7FFFFE)),
        ("terms.names", _set(0, 1 << 30)),
        ("terms.concepts", _set(0, -9)),
        ("characters.pages", _set(0, 65535)),
        ("characters.entries", _set(0, 0xFFFFFFF0)),
    ],
)
def test_a_right_checksum_over_a_wrong_structure(copy, name, change):
    change_array(copy, name, change)
    assert "do not fit together" in refused(copy)


@pytest.mark.usefixtures("each_kernel")
@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("unigrams", "features.rows"),
        ("terms.starts", "terms.names"),
        ("terms.names", "unigrams"),
        ("terms.concepts", "unigrams"),
    ],
)
def test_a_value_one_place_behind_its_table(copy, name, table):
    size = parts(copy)[0]["arrays"][table]["shape"][0]
    change_array(copy, name, _set(0, size))
    assert "points outside its table" in refused(copy)


@pytest.mark.usefixtures("each_kernel")
@pytest.mark.parametrize("size", [0, 7, 1026, True, 4.0])
def test_a_size_of_passages_that_is_none(copy, size):
    header, data, _ = parts(copy)
    first = min(entry["offset"] for entry in header["arrays"].values())
    rewrite(copy, header | {"pooling": header["pooling"] | {"size": size}}, bytes(data[first:]))
    assert "do not fit together" in refused(copy)


@pytest.mark.parametrize("name", ["words", "terms.steps", "bigrams"])
def test_factors_of_another_table_fail_the_self_test_or_the_check(copy, name):
    change_array(copy, f"{name}.factors", lambda array: array.__iadd__(np.uint16(1)))
    message = refused(copy)
    assert "self-test" in message or "do not fit together" in message


@pytest.mark.parametrize("name", ["words", "terms.steps", "bigrams"])
@pytest.mark.parametrize("seed", [-1, 1 << 64, 0.5, None, True])
def test_a_seed_that_is_none(copy, name, seed):
    header, data, _ = parts(copy)
    first = min(entry["offset"] for entry in header["arrays"].values())
    header["tables"][name]["seed"] = seed
    header["arrays"] = {array: header["arrays"][array] for array in ARRAYS}  # as they lie, for another layout
    rewrite(copy, artifact._layout(header), bytes(data[first:]))
    assert "do not fit together" in refused(copy)


def test_weights_that_were_exchanged_fail_the_self_test(copy):
    change_array(copy, "features.rows", lambda array: array[:, TAGS:].__imul__(np.int16(-1)))
    assert "self-test" in refused(copy)


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / "file"
    target.write_bytes(b"old")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match=r"No space left on device\); check"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_no_folder_to_write_to(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        write_atomically(tmp_path / "none" / "file", b"")


@pytest.mark.usefixtures("each_kernel")
@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("unit", [0.0, -1.0, INFINITE, "1", 1, None])
def test_a_unit_of_weights_that_is_none(copy, place, unit):
    units = parts(copy)[0]["units"]
    assert "do not fit together" in refused(with_units(copy, [*units[:place], unit, *units[place + 1 :]]))


@pytest.mark.usefixtures("each_kernel")
@pytest.mark.parametrize("units", [[], [1.0, 1.0], [1.0] * 4, 1.0, "abc", {"0": 1.0, "1": 1.0, "2": 1.0}, None])
def test_units_of_weights_that_are_not_three(copy, units):
    assert "do not fit together" in refused(with_units(copy, units))


@pytest.mark.usefixtures("each_kernel")
@pytest.mark.parametrize("place", ["mix", "intercept", "thresholds", "review"])
def test_a_number_of_the_header_that_is_not_finite(copy, place):
    header = parts(copy)[0]
    numbers = next(header[part] for part in ("pooling", "decision") if place in header[part])[place]
    while isinstance(numbers[-1], list):
        numbers = numbers[-1]
    numbers[-1] = INFINITE
    assert "do not fit together" in refused(
        with_settings(copy, {part: header[part] for part in ("pooling", "decision")})
    )


def with_units(path: Path, units) -> Path:
    return with_settings(path, {"units": units})


def with_settings(path: Path, settings) -> Path:
    header, data, _ = parts(path)
    first = min(entry["offset"] for entry in header["arrays"].values())
    header["arrays"] = {array: header["arrays"][array] for array in ARRAYS}  # as they lie, for another layout
    raw = artifact._layout(header | settings).replace(json.dumps(INFINITE).encode(), b"1e99999")
    rewrite(path, raw, bytes(data[first:]))
    return path
