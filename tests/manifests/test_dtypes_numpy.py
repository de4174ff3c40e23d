"""Dtypes in text and JSON against np.dtype()."""

import json
import re
import warnings

import numpy as np
import pytest
import random_dtypes

warnings.simplefilter("ignore")

# Texts that np.dtype() takes and ndcat refuses, each for a reason of its own.
REFUSED = {
    "M8[W/11]": "NumPy makes it 0 years",
    "M8[0s]": "a step of nothing",
    "U2147483647": "overflows to a negative size in NumPy",
    "S2147483648": "overflows to a negative size in NumPy",
    "O": "objects",
    "O8": "objects",
    "i4,O": "objects",
    "(2,3)f8": "a sub-array",
    "2f8": "a sub-array",
    ">2i4": "a sub-array",
    "2,i4": "a sub-array",
}


def numpy_facts(make):
    """None when NumPy refuses, or when it gives what ndcat does not take: objects and sub-arrays."""
    try:
        dtype = make()
    except (TypeError, ValueError, SyntaxError, MemoryError):
        return None
    if dtype.hasobject or dtype.subdtype or dtype.itemsize < 0:
        return None
    return random_dtypes.facts(dtype)


# NumPy takes a last item that is only a byte order for no item, but still makes a structure; and it changes the
# size of a sub-array without elements.
SLIPS = re.compile(r",\s*[|=<]+\s*,?\s*$|[0-9)] *[<>=|]+0")


def assert_same(parsers, text):
    ok, answer = parsers("dtype", text)
    refused = text in REFUSED or SLIPS.search(text)
    expected = numpy_facts(lambda: np.dtype(text)) if not refused else None
    if ok:
        assert json.loads(answer) == expected, f"{text!r}: ndcat takes it, NumPy: {expected}"
    else:
        assert expected is None, f"{text!r}: {answer.decode()}"


def test_every_name_numpy_knows(parsers):
    names = [name for name in np.sctypeDict if isinstance(name, str)]
    assert len(names) > 100
    for name in names:
        assert_same(parsers, name)
    for character in map(chr, range(32, 127)):
        assert_same(parsers, character)


def test_every_short_word(parsers):
    for order in ["", "<", ">", "=", "|"]:
        for kind in "?bBhHiIlLqQpPefdgFDGSaUVMmcuO":
            for size in ["", "0", "1", "2", "3", "4", "8", "10", "16", "32", "64", " 8", "+8", "08"]:
                assert_same(parsers, order + kind + size)


@pytest.mark.parametrize("kind", ["M8", "m8", "datetime64", "timedelta64", ">M8"])
def test_every_unit(parsers, kind):
    units = "Y M W D h m s ms us μs ns ps fs as generic B x".split()
    counts = ["", "1", "2", "25", "-1", "0", "2147483647", "2147483648", " 3", "+3"]
    for unit in units:
        for count in counts:
            for divisor in ["", "/1", "/2", "/3", "/7", "/60", "/1000", "/1000000", "/12", "/10080"]:
                text = f"{kind}[{count}{unit}{divisor}]"
                zero = count == "0"
                huge = len(count) == 10 and divisor not in ("", "/1")  # overflows in NumPy
                # A missing entry in NumPy's table makes a week 0 years.
                week = unit == "W" and divisor in ("/1000", "/1000000")
                if not zero and not huge and not week:
                    assert_same(parsers, text)
    for unit in ["[s", "s]", "[]", "[s]x", "[s][s]", "[3]", "[/2]", "[s/]", "[s/2", "[s/x]", "[s//2]"]:
        assert_same(parsers, kind + unit)


@pytest.mark.parametrize("text", [
    *REFUSED, "", " ", ",", "i4,", "i4 ,f8", "i4, f8", " i4", " i4,f8", "i4,f8 ", "i4,,", "i4,5S", "i4,1f8",
    "i4,(2)f8", "i4,()f8", "0f8,i4", "i4,02f8", "i4,00f8", "M8[D/3],i4", "M8[s],i4", "i4,2<3f8", "i4,>3f4",
    "f8,3>f4", "i4,|>f8", "i4,<>f8", "i4,=<f8", "i4,>=f8", "1f8", "f8,2S0", "f8,3U", "f8,(2,)S",
    "f8,(2,)S5", "f8,()S", "f8,(2,)(3,)f4", "f8,3,f4", "f8,( 2 , 3 ) f4", "f8,2 3f4", "f8,-3f4", "f8,(2,3",
    "f8,2M8[s]", "i4,99999999999f8", "2147483647f8,i4", "i4,(65536,65536)i1", "1(2)f8", "int64,float32",
    "float64 ", "flaot64", "<float64", "|", "<", "<>f8", "f8;i4", "i4,.", "i4,2", "f8\0", "S-1", "é",
    "()f8", "(2,)f8,i4", "i4,(,)f8", "i4,(2,,3)f8",
])
def test_text(parsers, text):
    assert_same(parsers, text)


def test_random_comma_strings(parsers, rng):
    parts = ["i4", "f8", "<u2", ">c16", "S", "S5", "U3", "M8[s]", "?", "2", "3", "0", "(2,3)", "(2,)", "()"]
    parts += [",", ", ", " ", "|", "=", ">"]
    taken = 0
    for _ in range(10000):
        text = "".join(rng.choice(parts) for _ in range(rng.randrange(1, 8)))
        assert_same(parsers, text)
        taken += parsers("dtype", text)[0]
    assert taken > 500


def test_random_dtypes_in_json(parsers, rng):
    for _ in range(5000):
        dtype = random_dtypes.dtype(rng)
        text = json.dumps(random_dtypes.to_json(dtype))
        ok, answer = parsers("dtype_json", text)
        assert ok, (text, answer)
        assert json.loads(answer) == random_dtypes.facts(dtype), text
        ok, written = parsers("to_json", text)
        assert ok
        ok, again = parsers("dtype_json", written)
        assert ok and json.loads(again) == random_dtypes.facts(dtype), written


def as_tuples(value, is_fields=True):
    """A list of fields in JSON as np.dtype() wants it: tuples inside the list."""
    if not isinstance(value, list):
        return value
    fields = []
    for name, dtype, *shape in value:
        name = tuple(name) if isinstance(name, list) else name
        shape = [tuple(s) if isinstance(s, list) else s for s in shape]
        fields.append((name, as_tuples(dtype), *shape))
    return fields


def random_fields(rng, depth):
    fields = []
    for name in rng.sample([*random_dtypes.NAMES, ""], rng.randrange(0, 4)):
        if name and rng.random() < 0.2:
            name = [rng.choice(["t", "title " + name, name]), name]
        dtype = rng.choice([*random_dtypes.SIMPLE, "i4,f8", "3f4"])
        if depth and rng.random() < 0.3:
            dtype = random_fields(rng, depth - 1)
        shape = rng.choice([[], [], [[2]], [[2, 3]], [[]], [0], [1], [2], [[1]], [[-1]], [[70000, 70000]]])
        fields.append([name, dtype, *shape])
    return fields


def test_random_lists_of_fields(parsers, rng):
    taken = 0
    for _ in range(5000):
        fields = random_fields(rng, 2)
        expected = numpy_facts(lambda: np.dtype(as_tuples(fields)))
        ok, answer = parsers("dtype_json", json.dumps(fields))
        assert ok == (expected is not None), (fields, expected, answer)
        if ok:
            taken += 1
            assert json.loads(answer) == expected, fields
    assert taken > 500


def test_random_aligned_dictionaries(parsers, rng):
    taken = 0
    for _ in range(3000):
        count = rng.randrange(0, 4)
        value = {
            "names": rng.sample(random_dtypes.NAMES, count),
            "formats": rng.choices(["i1", "i2", "f8", "f16", "c8", "U1", "S3", "i1,f8", "M8[s]"], k=count),
            "aligned": rng.random() < 0.8,
        }
        if rng.random() < 0.4:
            value["offsets"] = [rng.choice([-1, 0, 4, 8, 16, 32, 33]) for _ in range(count)]
        if rng.random() < 0.4:
            value["itemsize"] = rng.choice([0, 1, 8, 16, 64, 65, -1])
        expected = numpy_facts(lambda: np.dtype(value))
        ok, answer = parsers("dtype_json", json.dumps(value))
        assert ok == (expected is not None), (value, expected, answer)
        if ok:
            taken += 1
            assert json.loads(answer) == expected, value
    assert taken > 500
