"""Random arrays and the files they come from: raw dumps and .npy of every format version, some written by hand."""

import struct
import warnings

import numpy as np

import dtypes


def random_array(random, dtype, shape):
    """Random values of every kind, special ones among them. Gaps between fields hold random bytes, too."""
    count = int(np.prod(shape, dtype=np.int64))
    rng = np.random.default_rng(random.getrandbits(32))
    array = np.frombuffer(bytearray(rng.bytes(count * dtype.itemsize)), dtype, count)
    make_valid(rng, array)
    return array.reshape(shape)


def make_valid(rng, array):
    """Replaces random bytes by values where not every pattern of bytes is one (or where few would be of interest)."""
    kind = array.dtype.kind
    if array.dtype.names:
        for name in array.dtype.names:
            make_valid(rng, array[name])
    elif kind == "b":
        array[...] = rng.integers(0, 2, array.shape)
    elif kind in "mM":
        values = rng.integers(-10**6, 10**6, array.shape)
        values[rng.random(array.shape) < 0.1] = np.iinfo("i8").min
        array[...] = values.view(array.dtype.newbyteorder("="))
    elif kind in "SU":
        array[...] = text_values(rng, array)
    elif kind in "fc" and (array.dtype.char in "gG" or rng.random() < 0.6):
        # Long doubles always: most patterns of their bytes are no numbers that an x86 takes.
        values = rng.integers(-2000, 2000, array.shape) / 8
        array[...] = np.where(rng.random(array.shape) < 0.05, np.inf, values)


def text_values(rng, array):
    letters = "abcXYZ 019-" if array.dtype.kind == "S" else "ab Z9\u00e9\u65e5\U0001f600"
    width = array.dtype.itemsize // (1 if array.dtype.kind == "S" else 4)
    pool = ["".join(rng.choice(list(letters), rng.integers(0, width + 1))) for _ in range(12)]
    return np.array(pool).astype(array.dtype.newbyteorder("="))[rng.integers(0, 12, array.shape)]


def write_npy(random, path, array):
    """Writes `array` in a random format version and memory order, with a header as somebody's program wrote it."""
    if random.random() < 0.4:
        array = np.asfortranarray(array) if array.ndim else array
    with open(path, "wb") as file:
        if random.random() < 0.3 and not array.dtype.names:
            file.write(handwritten_header(random, array))
            file.write(array.tobytes("F" if is_fortran(array) else "C"))
        else:
            plain = all(ord(c) < 128 for c in str(array.dtype))
            version = random.choice([None, (1, 0), (2, 0), (3, 0)]) if plain else None
            with warnings.catch_warnings():  # of old readers that do not know version 2.0 or 3.0
                warnings.simplefilter("ignore")
                np.lib.format.write_array(file, array, version, allow_pickle=False)


def is_fortran(array):
    return array.flags.f_contiguous and not array.flags.c_contiguous


def handwritten_header(random, array):
    """As Python 2, other programs and people write it: any key order, spaces, quotes, commas, padded or not."""
    long_suffix = random.choice(["", "L"])
    comma = random.choice([",", ", ", " ,"])
    shape = comma.join(str(n) + long_suffix for n in array.shape)
    shape = f"({shape}{',' if array.ndim == 1 or (array.ndim and random.random() < 0.3) else ''})"
    quote = random.choice("'\"")
    items = [("descr", f"{quote}{array.dtype.str}{quote}"), ("fortran_order", str(is_fortran(array))),
             ("shape", shape)]
    random.shuffle(items)
    colon = random.choice([": ", ":", " : "])
    text = comma.join(f"{quote}{key}{quote}{colon}{value}" for key, value in items)
    text = "{" + text + random.choice([", ", ",", ""]) + "}"
    # NumPy itself reads Python 2's long integers in versions 1.0 and 2.0 only.
    version = random.choice([1, 2]) if long_suffix else random.choice([1, 2, 3])
    prefix = 10 if version == 1 else 12
    alignment = random.choice([1, 16, 64])
    text += " " * (-(prefix + len(text) + 1) % alignment) + random.choice(["\n", "\n", " "])
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text.encode("latin-1")


def write_raw(random, path, array, order, offset):
    with open(path, "wb") as file:
        file.write(random.randbytes(offset))
        file.write(array.tobytes(order))


def raw_description(random, array, order, offset):
    """What a manifest must say of such a file; what equals the default is sometimes said, sometimes not."""
    shape = list(array.shape)
    count = array.size
    if shape and count and random.random() < 0.3:
        shape[random.randrange(len(shape))] = -1
    description = {"dtype": dtypes.to_json(random, array.dtype), "shape": shape}
    if order != "C" or random.random() < 0.2:
        description["order"] = order
    if offset or random.random() < 0.2:
        description["offset"] = offset
    return description
