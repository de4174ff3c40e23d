"""The values of "full" are what np.full makes of them, byte for byte."""

import json
import os
import random
import subprocess

import numpy as np
import pytest

NDCAT = os.environ["NDCAT_BINARY"]

CHOSEN = [
    (True, None), (3, None), (-3, None), (2**63, None), (0.1, None), (1e300, None), ("abc", None), ("", None), ("é😀", None),
    (True, "i4"), (3.0, "u1"), (1, "?"), (0.0, "?"), (-128, "i1"), (2**64 - 1, ">u8"), (True, "f2"), (1e3, ">i2"),
    (0.1, "f2"), (65504, "f2"), (0.1, ">f4"), (1e-46, "f4"), (16777217, "f4"), (9007199254740993, "f8"), (1e-400, "f8"),
    ("nan", "f2"), ("inf", "f4"), ("-Infinity", "f8"), ("0.1", "f8"), ("1e-320", "f8"),
    (0.1, "longdouble"), ("0.1", "longdouble"), (9007199254740993, "longdouble"), (1, ">f16"),
    (1, "c8"), (0.1, "c16"), ("1+2j", "c16"), ("-1.5e3-2j", ">c8"), ("2j", "c16"), ("nan", "c16"),
    ("abc", "S5"), ("abc", "U5"), ("é", ">U2"), ("", "S3"),
    ("NaT", "M8[s]"), ("nat", "m8[ns]"), ("2026-07-21", "M8[D]"), ("2026-07-21", ">M8[ns]"), ("2026-07", "M8[M]"), ("1969", "M8[Y]"),
    ("2026-07-21T12:30:05.25", "M8[ms]"), ("2026-07-21 12", "M8[h]"), ("1969-12-31T23:59:59.5", "M8[us]"), ("-0044", "M8[Y]"),
    ("0000-03-01", "M8[D]"), ("2024-02-29", "M8[s]"), ("1970-01-01T00:00:50", "M8[25s]"), ("1970-01-08", "M8[W]"),
    (5, "M8[D]"), (-5, "m8[s]"), (5, "m8"),
    (7, [["a", "u1"], ["b", "<f8", [2, 2]]]),
    ([7, [[1, 2], [3, 4]]], [["a", "u1"], ["b", ">f4", [2, 2]]]),
    ([1, ["xy", True]], [["a", "i2"], ["b", [["c", "S3"], ["d", "?"]]]]),
]  # fmt: skip


def numpy_dtype(dtype):
    if isinstance(dtype, list):
        return np.dtype([(name, numpy_dtype(inner), *map(tuple, shape)) for name, inner, *shape in dtype])
    return np.dtype(dtype)


def numpy_value(value, dtype):
    """JSON has lists where NumPy wants a tuple for a structure, and a list for a sub-array."""
    if isinstance(value, list) and dtype is not None and dtype.names:
        parts = zip(value, (dtype[name] for name in dtype.names))
        return tuple(part if inner.subdtype else numpy_value(part, inner) for part, inner in parts)
    return value


def check(value, dtype, folder):
    manifest = {"full": value, "shape": [2, 3]}
    if dtype is not None:
        manifest["dtype"] = dtype
    (folder / "full.json").write_text(json.dumps(manifest))
    made = None if dtype is None else numpy_dtype(dtype)
    expected = np.full((2, 3), 0 if made is None else np.zeros((), made), made)
    if made is None:
        expected = np.full((2, 3), value)
    else:
        expected[...] = numpy_value(value, made)
    np.save(folder / "expected.npy", expected)
    shown = subprocess.run([NDCAT, "cat", "--view", "npy", "full.json"], cwd=folder, capture_output=True, timeout=60)
    assert shown.stderr == b"", f"{value!r} as {dtype}: {shown.stderr}"
    content = (folder / "expected.npy").read_bytes()
    if dtype in ("longdouble", ">f16"):  # 10 of 16 bytes count; what NumPy leaves in the others is chance
        size = len(content) - 6 * 16
        assert shown.stdout[:size] == content[:size]
        assert (np.frombuffer(shown.stdout[size:], made) == expected.ravel()).all()
    else:
        assert shown.stdout == content, f"{value!r} as {dtype}"


@pytest.mark.parametrize("value, dtype", CHOSEN, ids=str)
def test_chosen_values(value, dtype, tmp_path):
    check(value, dtype, tmp_path)


def test_random_numbers_and_times(tmp_path):
    seed = int(os.environ.get("NDCAT_SEED", random.SystemRandom().randrange(2**32)))
    print(f"NDCAT_SEED={seed}")
    chance = random.Random(seed)
    for _ in range(100):
        kind = chance.choice(["integer", "float", "time"])
        if kind == "integer":
            dtype = np.dtype(chance.choice("bhilBHIL")).newbyteorder(chance.choice("<>"))
            limits = np.iinfo(dtype)
            check(chance.randint(limits.min, limits.max), dtype.str, tmp_path)
        elif kind == "float":
            value = chance.uniform(-10, 10) * 10.0 ** chance.randint(-300, 300)
            check(value, chance.choice("<>") + "f8", tmp_path)
            check(chance.uniform(-10, 10) * 10.0 ** chance.randint(-40, 37), chance.choice("<>") + "f4", tmp_path)
            check(chance.uniform(-6, 6) * 10.0 ** chance.randint(-9, 4), chance.choice("<>") + "f2", tmp_path)
        else:
            unit = chance.choice(["D", "h", "m", "s", "ms", "us"])
            moment = np.datetime64(chance.randint(-(10**10), 10**10), "s").astype(f"M8[{unit}]")
            if "0000" <= str(moment)[:4] <= "9999" and not str(moment).startswith("-"):
                check(str(moment), f"M8[{unit}]", tmp_path)
