"""How the tests of core/ ask the program cast_oracle, and the dtypes that they ask about."""

import os
import random
import subprocess
import sys
import warnings

import numpy as np

SEED = int(os.environ.get("NDCAT_SEED", random.randrange(1 << 32)))
print(f"NDCAT_SEED={SEED}", file=sys.stderr)
warnings.simplefilter("ignore")
np.seterr(all="ignore")


def ask(lines):
    """The answers to all the questions, in one run of the program."""
    done = subprocess.run(
        [os.environ["NDCAT_CAST_ORACLE"]], input="\n".join(lines) + "\n", text=True, capture_output=True, timeout=600
    )
    answers = done.stdout.split("\n")[:-1]
    at = lines[len(answers)] if len(answers) < len(lines) else ""
    assert done.returncode == 0 and len(answers) == len(lines), f"{done.stderr}\nat: {at[:2000]}"
    return answers


def hexadecimal(data):
    return "x" + bytes(data).hex()


def without_sub_arrays(dtype):
    """What the elements of the innermost sub-arrays are, and the shapes of them all, outermost first."""
    levels = []
    while dtype.subdtype:
        dtype, shape = dtype.subdtype
        levels.append(shape)
    return dtype, levels


def encoded(dtype):
    """A dtype as cast_oracle reads it."""
    if dtype.names is None:
        return dtype.str
    words = ["{", str(dtype.itemsize), str(int(dtype.isalignedstruct)), str(len(dtype.names))]
    for name in dtype.names:
        inner, offset, *title = dtype.fields[name]
        base, levels = without_sub_arrays(inner)
        shape = sum(levels, ())
        nesting = [len(level) for level in levels] if len(levels) > 1 else []
        words += [hexadecimal(name.encode()), hexadecimal("".join(title).encode()), str(offset), str(len(shape))]
        words += [*map(str, shape), str(len(nesting)), *map(str, nesting), encoded(base)]
    return " ".join(words + ["}"])


NUMBERS = [np.dtype(c) for c in "?bBhHiIlLefdgFDG"]
SWAPPED_NUMBERS = [d.newbyteorder(">") for d in NUMBERS if d.itemsize > 1]
TEXTS = [np.dtype(t) for t in ("S1", "S3", "S12", "S40", "S70", "<U1", "<U4", ">U7", "<U33", ">U100")]
TIMES = [
    np.dtype(t)
    for t in (
        "M8", "<M8[Y]", "M8[M]", ">M8[D]", "M8[W]", "M8[s]", "M8[25s]", "M8[ms]", ">M8[ns]", "M8[as]", "M8[7D]",
        "m8", "m8[Y]", "<m8[5M]", ">m8[D]", "m8[h]", "m8[s]", "m8[30us]", "m8[ns]", "m8[fs]",
    )
]  # fmt: skip
VOIDS = [np.dtype(t) for t in ("V1", "V4", "V7", "V16")]
STRUCTURES = [
    np.dtype([("a", ("<i4", (3,)), (2,)), ("b", "<f8")]),
    np.dtype([("a", "<i4"), ("b", "<f8")]),
    np.dtype([("a", ">i4"), ("b", ">f8")]),
    np.dtype([("a", "u1"), ("b", "f2")]),
    np.dtype([("a", "u1"), ("b", "f8")], align=True),
    np.dtype({"names": ["a", "b"], "formats": ["<i2", "<f4"], "offsets": [3, 9], "itemsize": 20}),
    np.dtype({"names": ["a", "b"], "formats": ["<i2", "<f4"], "offsets": [8, 0], "itemsize": 12}),
    np.dtype([(("a title", "a"), "<i4"), ("b", "<f8")]),
    np.dtype([("b", "<i4"), ("a", "<f8")]),
    np.dtype([("a", "S3"), ("b", "U2")]),
    np.dtype([("a", "<i4", (2, 3)), ("b", "<f8")]),
    np.dtype([("a", ">i4", (2, 3)), ("b", "<f4")]),
    np.dtype([("x", [("y", "<f4"), ("z", ">M8[s]")]), ("t", "m8[D]")]),
    np.dtype([("x", [("y", ">f8"), ("z", ">M8[ms]")]), ("t", "<i2")]),
    np.dtype([("x", np.dtype([("y", "i1"), ("z", "<M8[s]")], align=True)), ("t", "m8[ms]")], align=True),
    np.dtype([("only", "<f4")]),
    np.dtype([("only", "V4")]),
    np.dtype([]),
]
DTYPES = NUMBERS + SWAPPED_NUMBERS + TEXTS + TIMES + VOIDS + STRUCTURES
