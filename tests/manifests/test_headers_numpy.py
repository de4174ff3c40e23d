"""Headers of .npy files against np.lib.format, and repr() against Python's."""

import io
import json
import re
import struct
import sys
import warnings

import numpy as np
import random_dtypes

warnings.simplefilter("ignore")
MAX_HEADER = 1 << 20


def numpy_write(dtype, shape, fortran):
    stream = io.BytesIO()
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": fortran, "shape": shape}
    np.lib.format._write_array_header(stream, header, None)
    return stream.getvalue()


def numpy_read(data):
    """[facts, shape, order, length], or None when NumPy refuses."""
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        shape, fortran, dtype = np.lib.format._read_array_header(stream, version, max_header_size=MAX_HEADER)
    except Exception:  # whatever np.load would raise
        return None
    if dtype.hasobject or dtype.subdtype:
        return None
    return [random_dtypes.facts(dtype), str(shape), "F" if fortran else "C", stream.tell()]


def wrap(text, version=(1, 0)):
    encoded = text.encode("utf-8" if version == (3, 0) else "latin1")
    length = struct.pack("<H" if version == (1, 0) else "<I", len(encoded))
    return b"\x93NUMPY" + bytes(version) + length + encoded


def assert_written(parsers, dtype, shape, fortran):
    text = json.dumps(random_dtypes.to_json(dtype))
    ok, answer = parsers("write", text, "F" if fortran else "C", " ".join(map(str, shape)))
    assert ok, (dtype, answer)
    expected = numpy_write(dtype, shape, fortran)
    assert answer == expected, f"{dtype!r} {shape}\n{answer}\n{expected}"
    if len(expected) <= MAX_HEADER:
        ok, read = parsers("read", expected + b"array")
        assert ok, (expected, read)
        assert json.loads(read) == numpy_read(expected), expected


def test_random_headers_are_written_as_numpy_writes_them(parsers, rng):
    for _ in range(5000):
        shape = tuple(rng.choices([0, 1, 2, 7, 10**6, 2**40, 2**63 - 1], k=rng.choice([0, 1, 1, 2, 3, 32])))
        assert_written(parsers, random_dtypes.dtype(rng), shape, rng.random() < 0.5)


def test_header_lengths_around_each_border(parsers):
    for length in [*range(1, 200), *range(65300, 65560)]:
        assert_written(parsers, np.dtype([("n" * length, "f8")]), (3, 4), False)
    assert_written(parsers, np.dtype([("é" * 65400, "f8")]), (3, 4), False)
    assert_written(parsers, np.dtype([("数" * 30000, "f8")]), (3, 4), True)
    assert_written(parsers, np.dtype([("数" * 300000, "f8")]), (3, 4), True)


def test_saved_arrays(parsers, rng):
    for _ in range(500):
        shape = tuple(rng.randrange(0, 3) for _ in range(rng.randrange(0, 4)))
        array = np.zeros(shape, random_dtypes.dtype(rng), order=rng.choice("CF"))
        dtype = array.dtype  # a width of 0 has become 1
        stream = io.BytesIO()
        np.save(stream, array)
        fortran = array.flags.f_contiguous and not array.flags.c_contiguous
        text = json.dumps(random_dtypes.to_json(dtype))
        ok, header = parsers("write", text, "F" if fortran else "C", " ".join(map(str, shape)))
        assert ok and stream.getvalue().startswith(header), (dtype, shape)


def variant(rng, text):
    """The same header as other writers could have written it."""
    text = text.strip()
    if rng.random() < 0.5:
        text = re.sub(r"(?<=[( ])(\d+)(?=[,)])", lambda m: m[0] + rng.choice(["L", ""]), text)
    if rng.random() < 0.3:
        text = re.sub(r"(?<=[(\[ ])'(?=[a-z<>|])", lambda m: rng.choice(["u'", "'"]), text)
    if rng.random() < 0.5:
        text = re.sub(r", (?=['(\[])", lambda m: rng.choice([",", " , ", ",\n ", ",\t", ", "]), text)
    return text + rng.choice(["", "\n", "   \n", " " * 50])


def test_headers_as_others_write_them(parsers, rng):
    for _ in range(3000):
        dtype = random_dtypes.dtype(rng)
        shape = tuple(rng.randrange(0, 100) for _ in range(rng.randrange(0, 4)))
        descr = np.lib.format.dtype_to_descr(dtype)
        entries = [("descr", descr), ("fortran_order", rng.random() < 0.5), ("shape", shape)]
        rng.shuffle(entries)
        text = repr(dict(entries))
        text = text[:-1] + rng.choice(["}", ", }", ",}"])
        version = (3, 0) if any(ord(c) > 255 for c in text) else rng.choice([(1, 0), (2, 0)])
        if version != (3, 0):
            text = variant(rng, text)
        data = wrap(text, version)
        expected = numpy_read(data)
        assert expected is not None, text
        ok, answer = parsers("read", data)
        assert ok, (text, answer)
        assert json.loads(answer) == expected, text


def test_damaged_headers_are_read_as_numpy_reads_them_or_refused(parsers, rng):
    """ndcat must never read a header in another way than NumPy; what it refuses alone has a known reason."""
    taken = refused = 0
    for _ in range(15000):
        dtype = random_dtypes.dtype(rng, 1)
        shape = tuple(rng.randrange(0, 100) for _ in range(rng.randrange(0, 4)))
        data = bytearray(numpy_write(dtype, shape, rng.random() < 0.5))
        if data[6] == 3:
            continue
        for _ in range(rng.choice([1, 1, 2, 3])):
            place = rng.randrange(10, len(data))
            characters = b"()[]{}<>|',:\" -0123456789LTFNabu\\\n" + bytes([rng.randrange(1, 256)])
            data[place : place + rng.randrange(0, 2)] = bytes([rng.choice(characters)])
        data = bytes(data[:8]) + struct.pack("<H", len(data) - 10) + bytes(data[10:])
        expected = numpy_read(data)
        ok, answer = parsers("read", data)
        if ok:
            taken += 1
            assert json.loads(answer) == expected, data
        elif expected is not None:
            refused += 1
            assert is_known_difference(data, expected), (data, answer, expected)
    assert taken > 500
    assert refused < taken / 10


def is_known_difference(data, expected):
    """NumPy evaluates, takes bools and negative numbers as extents, and the last of two equal keys."""
    shape = expected[1]
    facts = json.dumps(expected[0], default=repr)
    return (
        "-" in shape
        or "True" in shape
        or "False" in shape
        or '[""' in facts
        or "b'" in facts  # NumPy takes bytes as titles
        or b"#" in data
        or re.search(rb"""['"]\s*[uU]?['"]""", data) is not None
        or re.search(rb"[0-9][_jJ]|[0-9]\s*[-+]|[-+]\s*[-+]|[rR]['\"]|\\", data) is not None
        or any(data.count(key) > 1 for key in (b"descr", b"fortran_order", b"shape"))
        or re.search(r"[<>|]?[Mm]8\[0", facts) is not None
        or b"\n" in data[10:-1]
        or re.search(rb"\(\s*[0-9]+L?\s*\)", data) is not None
    )


def test_repr_of_every_character(parsers):
    assert sys.version_info[:2] <= (3, 11), "the table is that of Unicode 14.0"
    for first in range(0, 0x110000, 256):
        block = "".join(chr(c) for c in range(first, first + 256) if not 0xD800 <= c < 0xE000)
        if block:
            ok, answer = parsers("repr", block)
            assert ok and answer.decode() == repr(block), hex(first)


def test_repr_of_quotes(parsers, rng):
    for _ in range(2000):
        text = "".join(rng.choice("'\"\\a\n\t\0é\x7f\x80数") for _ in range(rng.randrange(0, 8)))
        assert parsers("repr", text) == (True, repr(text).encode())
