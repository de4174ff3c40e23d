"""Random dtypes, palettes of dtypes that belong together, and dtypes as a manifest writes them."""

import numpy as np

NUMBERS = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "f16", "c8", "c16", "c32"]
UNITS = ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as"]
FIELD_NAMES = ["a", "b", "x y", "Name_3", "it's", "\u00e9t\u00e9", "\u65e5\u672c", "value", '"q"', "back\\slash"]


def either_order(random, text):
    return np.dtype(random.choice("<>") + text)


def number(random):
    return either_order(random, random.choice(NUMBERS))


def time(random, kind=None):
    kind = kind or random.choice(["M8", "m8"])
    if kind == "m8" and random.random() < 0.08:
        return either_order(random, kind)  # not M8: NumPy 1.24 crashes on some casts of dates without a unit
    count = random.choice(["", "", "", "2", "25", "7"])
    return either_order(random, f"{kind}[{count}{random.choice(UNITS)}]")


def text(random):
    return either_order(random, random.choice("SU") + str(random.randint(1, 7)))


def void(random):
    return np.dtype(f"V{random.randint(1, 9)}")


def simple(random):
    return random.choices([number, time, text, void], [6, 2, 2, 1])[0](random)


def structure(random, depth=0, names=None):
    """A structured dtype: packed, aligned or with gaps of its own; some with titles, sub-arrays and nesting."""
    names = names or random.sample(FIELD_NAMES, random.randint(1, 4))
    formats = [field_format(random, depth) for _ in names]
    titles = [f"title of {i}" if random.random() < 0.1 else None for i in range(len(names))]
    layout = random.choice(["packed", "packed", "aligned", "gaps"])
    fields = [((title, name) if title else name, dtype, shape)
              for name, title, (dtype, shape) in zip(names, titles, formats)]
    if layout != "gaps":
        return np.dtype(fields, align=layout == "aligned")
    offsets, end = [], 0
    for dtype, shape in formats:
        offsets.append(end + random.choice([0, 0, 1, 3, 8]))
        end = offsets[-1] + np.dtype((dtype, shape)).itemsize
    parts = [np.dtype((dtype, shape)) if shape else dtype for dtype, shape in formats]
    return np.dtype({"names": names, "formats": parts, "offsets": offsets, "titles": titles,
                     "itemsize": end + random.choice([0, 0, 1, 5])})


def field_format(random, depth):
    dtype = structure(random, depth + 1) if depth < 2 and random.random() < 0.15 else simple(random)
    shape = tuple(random.randint(1, 3) for _ in range(random.randint(1, 2))) if random.random() < 0.2 else ()
    return dtype, shape


def any_dtype(random):
    return structure(random) if random.random() < 0.25 else simple(random)


def palette(random):
    """A few dtypes for the sources of one manifest: mostly such as have a common dtype, sometimes not."""
    kind = random.choices(["same", "endian", "numbers", "times", "texts", "structures", "wild"],
                          [30, 15, 27, 8, 8, 8, 4])[0]
    if kind == "same":
        return [any_dtype(random)]
    if kind == "endian":
        first = any_dtype(random)
        return [first, first.newbyteorder()]
    if kind == "structures":
        names = random.sample(FIELD_NAMES, random.randint(1, 3))
        return [structure(random, 2, names) for _ in range(2)]
    if kind == "times":
        same = random.choice(["M8", "m8", None])
        choices = [time(random, same) for _ in range(3)]
        return choices + ([np.dtype("i4")] if random.random() < 0.2 else [])
    maker = {"numbers": number, "texts": text, "wild": any_dtype}[kind]
    return [maker(random) for _ in range(random.randint(2, 4))]


def cast_target(random, dtype):
    """A dtype for astype: mostly of a kind to which `dtype` converts without looking at values."""
    if random.random() < 0.15:
        return dtype.newbyteorder(random.choice("=><S"))
    if dtype.kind in "biufc" and random.random() < 0.9:
        return number(random)
    if dtype.kind in "mM" and random.random() < 0.9:
        return time(random, dtype.kind + "8") if random.random() < 0.8 else either_order(random, "i8")
    if dtype.kind in "SU" and random.random() < 0.9:
        return either_order(random, random.choice([dtype.kind, "U"]) + str(random.randint(1, 9)))
    if dtype.names and random.random() < 0.7:
        return dtype.newbyteorder()
    return any_dtype(random)


def has_gaps(dtype):
    """Whether elements hold bytes that no field covers (the six spare bytes of a long double are such, too)."""
    return not meaningful(dtype).all()


def meaningful(dtype):
    """For each byte of an element, whether it is part of a value."""
    if dtype.subdtype:
        base, shape = dtype.subdtype
        return np.tile(meaningful(base), int(np.prod(shape)))
    if dtype.names:
        mask = np.zeros(dtype.itemsize, bool)
        for field in dtype.names:
            part, offset = dtype.fields[field][:2]
            mask[offset:offset + part.itemsize] |= meaningful(part)
        return mask
    mask = np.ones(dtype.itemsize, bool)
    if dtype.kind in "fc" and dtype.itemsize in (16, 32) and dtype.char in "gG":
        spare = np.arange(16) >= 10 if dtype.isnative else np.arange(16) < 6
        mask &= ~np.resize(spare, dtype.itemsize)
    return mask


def to_json(random, dtype):
    """A dtype as a user may write it in a manifest."""
    if dtype.names is None:
        names = [dtype.str]
        if dtype.isnative and dtype.kind in "biufcmM":
            names += [dtype.name, dtype.str.lstrip("<|")]
        return random.choice(names)
    packed = sum(dtype.fields[name][0].itemsize for name in dtype.names) == dtype.itemsize
    in_order = all(dtype.fields[a][1] < dtype.fields[b][1] for a, b in zip(dtype.names, dtype.names[1:]))
    if packed and in_order:
        return [field_to_json(random, dtype, name) for name in dtype.names]
    result = {"names": list(dtype.names), "offsets": [dtype.fields[name][1] for name in dtype.names],
              "formats": [format_to_json(random, dtype.fields[name][0]) for name in dtype.names],
              "itemsize": dtype.itemsize}
    titles = [title_of(dtype, name) for name in dtype.names]
    if any(titles):
        result["titles"] = titles
    return result


def field_to_json(random, dtype, name):
    part = dtype.fields[name][0]
    title = title_of(dtype, name)
    key = [title, name] if title else name
    if part.subdtype:
        return [key, to_json(random, part.subdtype[0]), list(part.subdtype[1])]
    return [key, to_json(random, part)]


def format_to_json(random, part):
    if part.subdtype:
        return [to_json(random, part.subdtype[0]), list(part.subdtype[1])]
    return to_json(random, part)


def title_of(dtype, name):
    return dtype.fields[name][2] if len(dtype.fields[name]) > 2 else None


def from_json(value):
    """The dtype that a manifest's (or a description's) JSON means."""
    if isinstance(value, str):
        return np.dtype(value)
    if isinstance(value, dict):
        value = dict(value, formats=[format_from_json(part) for part in value["formats"]])
        return np.dtype(value)
    fields = []
    for name, part, *shape in value:
        name = tuple(name) if isinstance(name, list) else name
        fields.append((name, from_json(part), *[tuple(s) if isinstance(s, list) else s for s in shape]))
    return np.dtype(fields)


def format_from_json(part):
    is_sub_array = isinstance(part, list) and len(part) == 2 and isinstance(part[1], (list, int)) and \
        not isinstance(part[0], list) or (isinstance(part, list) and len(part) == 2 and
                                          isinstance(part[1], list) and all(isinstance(n, int) for n in part[1]))
    if is_sub_array:
        return np.dtype((from_json(part[0]), tuple(np.atleast_1d(part[1]))))
    return from_json(part)
