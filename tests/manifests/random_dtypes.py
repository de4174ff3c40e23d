"""Random NumPy dtypes, what ndcat should know of them, and how they are written in JSON."""

import numpy as np

SIMPLE = [
    *"? b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 f16 c8 c16 c32".split(),
    *"S0 S1 S7 S300 U0 U1 U5 V0 V3 V16 M8 m8 M8[ns] M8[25s] m8[3D] m8[as] M8[10Y] m8[M]".split(),
]
NAMES = [
    *["a", "b", "x y", "name", "f0", "é", "ü'\"", "naïve", "数", "\U0001f600"],
    *["tab\t", "\x7f", "q'", 'd"', "b\\s", "\u200b"],
]


def simple(rng):
    text = rng.choice(SIMPLE)
    return np.dtype(rng.choice(["", "<", ">", "="]) + text)


def sub_array(rng, dtype):
    """Sometimes one of sub-arrays."""
    if rng.random() < 0.2:
        dtype = sub_array(rng, dtype)
    shape = tuple(rng.randrange(0, 4) for _ in range(rng.randrange(0, 3)))
    return np.dtype((dtype, shape)) if dtype.itemsize or dtype.names is not None else dtype


def structure(rng, depth):
    names = rng.sample(NAMES, rng.randrange(0, 5))
    titles = [rng.choice([None, None, "title " + name]) for name in names]
    formats = []
    for _ in names:
        base = structure(rng, depth - 1) if depth and rng.random() < 0.3 else simple(rng)
        formats.append(sub_array(rng, base) if rng.random() < 0.3 else base)
    if rng.random() < 0.2:
        return np.dtype({"names": names, "formats": formats, "titles": titles}, align=True)
    offsets, end = [], 0
    for dtype in formats:
        end += rng.choice([0, 0, 0, 1, 5])
        offsets.append(end)
        end += dtype.itemsize
    return np.dtype(
        {
            "names": names,
            "formats": formats,
            "titles": titles,
            "offsets": offsets,
            "itemsize": end + rng.choice([0, 0, 4]),
        }
    )


def dtype(rng, depth=3):
    return structure(rng, depth) if rng.random() < 0.6 else simple(rng)


def split(dtype):
    """A dtype without its sub-arrays, and their shapes, outermost first."""
    shapes = []
    while dtype.subdtype:
        dtype, outer = dtype.subdtype
        shapes.append(list(outer))
    return dtype, shapes


def titles(dtype):
    return [dtype.fields[name][2] if len(dtype.fields[name]) > 2 else "" for name in dtype.names]


def facts(dtype):
    """As parser_oracle.cc tells them."""
    if dtype.names is None:
        return dtype.str
    fields = []
    for name, title in zip(dtype.names, titles(dtype)):
        base, shapes = split(dtype.fields[name][0])
        fields.append([name, title, dtype.fields[name][1], shapes, facts(base)])
    return {"itemsize": dtype.itemsize, "fields": fields}


def to_json(dtype):
    """The dictionary form, which can say everything; sub-arrays as [dtype, shape]."""
    if dtype.names is None:
        return dtype.str
    formats = []
    for name in dtype.names:
        base, shapes = split(dtype.fields[name][0])
        element = to_json(base)
        for shape in reversed(shapes):
            element = [element, shape]
        formats.append(element)
    return {
        "names": list(dtype.names),
        "formats": formats,
        "offsets": [dtype.fields[name][1] for name in dtype.names],
        "titles": [title or None for title in titles(dtype)],
        "itemsize": dtype.itemsize,
    }
