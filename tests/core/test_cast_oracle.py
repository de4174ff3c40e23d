"""Conversions against ndarray.astype: all pairs of some ninety dtypes, with special and random values."""

import contextlib
import itertools
import os
import pickle
import random
import struct

import numpy as np
import oracle

RANDOM = random.Random(oracle.SEED)
UNSIZED = [np.dtype(t) for t in ("S", "U", "V", "M8", "m8")]
NAT = -(2**63)

INTEGERS = [0, 1, -1, 2, 9, 10, 99, 127, 128, 255, 256, 32767, 32768, 65535, 65536, 2**24 + 1, 2**31 - 1, 2**31]
INTEGERS += [2**32 - 1, 2**32, 2**53 + 1, 2**62 + 1, 2**63 - 1, 2**63, 2**64 - 1, 10**15, 10**18, -128, -(2**31), NAT]
FLOATS = [0.0, 0.5, 1.0, 1.5, 0.1, 1 / 3, 123.456, 1e-4, 9.9e-5, 1e-5, 1e15, 1e16, 9999999999999998.0, 1.7e16, 2.5e-8]
FLOATS += [5e-324, 2.2e-308, 1.79e308, 1e300, 65504.0, 65519.99, 65520.0, 6.1e-5, 5.96e-8, 2.98e-8, 2.99e-8, 1e-45]
FLOATS += [2048.0, 2049.0, 2051.0, 16777217.0, 127.9, 255.9, 256.0, 32768.0, 2**31 - 0.5, 2**31, 2**32, 2**63, 2**64]
FLOATS += [1e20, float("inf"), float("nan"), 2.0**-44, 9007199254740993.0, 5.764607523034235e39, 1.7800590868057611e-307]
FLOATS += [-x for x in FLOATS]
TEXTS = ["", "a", "abc", "12", "-7.5", "x" * 12, "True", "z" * 200, " ", "~", "a\0b", "\0a"]


def bits(dtype, count):
    """Random bytes, which hold every kind of value."""
    return np.frombuffer(RANDOM.randbytes(dtype.itemsize * count), dtype)


def long_double_bits(count):
    """Random bytes are mostly no number at all: x87 knows some patterns that no computation makes."""
    data = b""
    for _ in range(count):
        exponent = RANDOM.choice([0, 1, 16383, 16400, 16446, 32766, RANDOM.randrange(32767)])
        fraction = RANDOM.getrandbits(63) | ((exponent != 0) << 63)
        data += struct.pack("<QH6x", fraction, exponent | RANDOM.getrandbits(1) << 15)
    return np.frombuffer(data, np.longdouble)


def floats(dtype, count):
    special = np.array(FLOATS).astype(dtype)
    if dtype.itemsize == 16:
        return np.concatenate([special, long_double_bits(count)])
    near = np.array([RANDOM.uniform(-1, 1) * 10 ** RANDOM.uniform(-8, 18) for _ in range(count)]).astype(dtype)
    return np.concatenate([special, bits(dtype, count), near])


def texts(dtype, count, ascii_only):
    width = dtype.itemsize // (4 if dtype.kind == "U" else 1)
    last = 126 if ascii_only else (0x10FFFF if dtype.kind == "U" else 255)
    last = min(last, 0xD7FF)
    made = ["".join(chr(RANDOM.randint(1, last)) for _ in range(RANDOM.randint(0, width))) for _ in range(count)]
    chosen = TEXTS + made
    return np.array([t.encode("latin-1") for t in chosen] if dtype.kind == "S" else chosen).astype(dtype)


def times(dtype, count):
    near = [RANDOM.randrange(-(10 ** RANDOM.randint(1, 16)), 10 ** RANDOM.randint(1, 16)) for _ in range(count)]
    values = np.array([0, 1, -1, 59, -60, 364, 365, 11016, NAT, NAT + 1, 2**63 - 1] + near, "<i8")
    return np.concatenate([values, bits(np.dtype("<i8"), count)]).view(dtype.newbyteorder("<")).astype(dtype)


def values(dtype, count, ascii_only):
    """An array of special and random values."""
    if dtype.names is not None:
        result = np.zeros(count, dtype)
        for name in dtype.names:
            base, levels = oracle.without_sub_arrays(dtype[name])
            shape = sum(levels, ())
            some = values(base, count, ascii_only)
            chosen = [RANDOM.randrange(len(some)) for _ in range(count * int(np.prod(shape)))]
            result[name] = some[chosen].reshape((count, *shape))
        return result
    native = dtype.newbyteorder("=")
    if dtype.kind in "iu":
        special = np.array([i % 2**64 for i in INTEGERS], np.uint64).astype(native)
        result = np.concatenate([special, bits(native, count)])
    elif dtype.kind == "b":
        result = np.array([0, 1, 2, 128, 255], np.uint8).view(bool)
    elif dtype.kind == "f":
        result = floats(native, count)
    elif dtype.kind == "c":
        part = floats(np.dtype(f"f{dtype.itemsize // 2}"), count)
        result = np.empty(2 * len(part), native)
        result.real = np.concatenate([part, part])
        result.imag = np.concatenate([RANDOM.sample(list(part), len(part)), np.zeros(len(part))])
    elif dtype.kind in "mM":
        return times(dtype, count)
    elif dtype.kind in "SU":
        return texts(dtype, count, ascii_only)
    else:
        return bits(dtype, count)
    return result.astype(dtype)


def defined_bytes(dtype):
    """Which bytes of an element mean something: not the padding of structures, nor of long doubles."""
    if dtype.subdtype:
        base, shape = dtype.subdtype
        return np.tile(defined_bytes(base), int(np.prod(shape)))
    if dtype.names is not None:
        mask = np.zeros(dtype.itemsize, bool)
        for name in dtype.names:
            inner, offset = dtype.fields[name][:2]
            mask[offset : offset + inner.itemsize] = defined_bytes(inner)
        return mask
    if dtype.kind in "fc" and dtype.itemsize in (16, 32) and dtype.char in "gG":
        part = np.arange(16) < 10
        part = part[::-1] if dtype.byteorder == ">" else part
        return np.tile(part, dtype.itemsize // 16)
    return np.ones(dtype.itemsize, bool)


def laid_out(array):
    """The array's bytes with some stride, gaps filled with noise, and that stride."""
    itemsize = array.dtype.itemsize
    stride = RANDOM.choice([itemsize, itemsize, itemsize + 1, itemsize + 7, -itemsize, -itemsize - 3])
    if stride == 0 or len(array) == 0:
        return b"", stride
    noise = bytearray(RANDOM.randbytes(abs(stride) * (len(array) - 1) + itemsize))
    data = array.tobytes()
    for i in range(len(array)):
        start = (i if stride > 0 else len(array) - 1 - i) * abs(stride)
        noise[start : start + itemsize] = data[i * itemsize : (i + 1) * itemsize]
    return bytes(noise), stride


def question(path, array):
    data, stride = laid_out(array)
    size = path[-1].itemsize
    to_stride = RANDOM.choice([size, size, size + 1, size + 5, -size, -size - 2])
    dtypes = " ".join(map(oracle.encoded, path))
    return f"cast {len(path)} {dtypes} {stride} {to_stride} {len(array)} {oracle.hexadecimal(data)}"


def is_inconsistent(array, to):
    """Where NumPy 1.24's own answer depends on the position in the array: float to uint32 far out of range."""
    if array.dtype.names and len(array.dtype.names) == 1:
        array = array[array.dtype.names[0]]
    if to != np.dtype("u4") and to != np.dtype(">u4") or array.dtype.kind not in "fc":
        return np.zeros(len(array), bool)
    real = array.real.astype(np.longdouble)
    return ~((real > -(2.0**31)) & (real < 2.0**32))


def kinds(dtype):
    """The kinds of a dtype's values, those of fields included."""
    if dtype.subdtype:
        return kinds(dtype.subdtype[0])
    if dtype.names is not None:
        return {k for name in dtype.names for k in kinds(dtype[name])}
    return {dtype.kind}


def may_be_refused(source, target):
    """Text and void to numbers and times: NumPy reads some values, ndcat none."""
    return bool(kinds(source) & set("SUV")) and bool(kinds(target) - set("SUV"))


def difference(array, path, answer):
    """What is wrong with an answer, or nothing."""
    try:
        expected = array
        for dtype in path[1:]:
            expected = expected.astype(dtype)
    except Exception as error:
        right = answer == "fail" or answer.startswith("error ")
        return None if right else f"{answer[:60]}; NumPy raises {error}"
    if answer.startswith("error ") and may_be_refused(path[0], path[-1]):
        return None
    if not answer.startswith("ok "):
        return f"{answer}; NumPy converts"
    size = path[-1].itemsize
    got = np.frombuffer(bytes.fromhex(answer.split()[1][1:]), np.uint8).reshape(len(array), size)
    wanted = np.frombuffer(expected.tobytes(), np.uint8).reshape(len(array), size)
    wrong = ((got != wanted) & defined_bytes(path[-1])).any(axis=1) & ~is_inconsistent(array, path[-1])
    if not wrong.any():
        return None
    at = int(np.argmax(wrong))
    return f"{int(wrong.sum())} values, first {array[at]!r} -> {got[at].tobytes()}; NumPy {wanted[at].tobytes()}"


def crashes_numpy(array, path):
    """NumPy raises an exception without holding the interpreter's lock: dates without a unit to years or months. It
    writes beyond the element: timedelta64 to a U of less than 21."""

    def crashes(a, b):
        no_unit = a == np.dtype("M8") and b.kind == "M" and b.str.endswith(("Y]", "M]"))
        return no_unit or "m" in kinds(a) and (b.kind == "U" and b.itemsize < 84 or b.names and "U" in kinds(b))

    return any(crashes(a, b) for a, b in zip(path, path[1:]))


def compare_in_child(cases, answers, start, pipe):
    """What is wrong with each case from `start` on, one pickle each. In a process of its own: NumPy may crash."""
    with os.fdopen(pipe, "wb") as stream:
        for (path, array), answer in zip(cases[start:], answers[start:]):
            pickle.dump(difference(array, path, answer), stream)
            stream.flush()


def differences(cases, answers):
    """What is wrong with each case, or nothing; NumPy's crashes count as nothing, for it then has no answer."""
    found = []
    crashes = 0
    while len(found) < len(cases):
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(read)
            try:
                compare_in_child(cases, answers, len(found), write)
            finally:
                os._exit(0)
        os.close(write)
        with os.fdopen(read, "rb") as stream, contextlib.suppress(EOFError, pickle.UnpicklingError):
            while True:
                found.append(pickle.load(stream))
        os.waitpid(child, 0)
        if len(found) < len(cases):
            found.append(None)
            crashes += 1
    assert crashes <= 3 + len(cases) // 200, f"NumPy crashed in {crashes} of {len(cases)} cases"
    return found


def check(cases):
    """cases: (path of dtypes, array of the first one)"""
    cases = [(path, array) for path, array in cases if not crashes_numpy(array, path)]
    assert all(array.dtype == path[0] for path, array in cases)
    answers = oracle.ask([question(path, array) for path, array in cases])
    wrong = [
        f"{' -> '.join(map(str, path))}: {problem}"
        for (path, _), problem in zip(cases, differences(cases, answers))
        if problem
    ]
    assert not wrong, f"{len(wrong)} of {len(cases)} wrong, NDCAT_SEED={oracle.SEED}:\n" + "\n".join(wrong[:40])


def is_sized(dtype):
    """astype() gives others a width or unit of their own; see test_targets_without_width_or_unit."""
    return dtype not in UNSIZED


def pairs(sources, targets):
    return [([a, b], values(a, 40, True)) for a, b in itertools.product(sources, filter(is_sized, targets))]


def test_numbers():
    numbers = oracle.NUMBERS + oracle.SWAPPED_NUMBERS
    check(pairs(numbers, numbers))


def test_every_half():
    halves = np.arange(65536, dtype=np.uint16).view(np.float16)
    targets = oracle.NUMBERS + oracle.SWAPPED_NUMBERS + [np.dtype("S32"), np.dtype(">U32")]
    check([([halves.dtype, target], halves) for target in targets])


def test_floats_near_halves():
    """Rounding to float16: the neighbours of every midpoint."""
    halves = np.arange(0x7C00, dtype=np.uint16).view(np.float16).astype(np.float64)
    middles = (halves[1:] + halves[:-1]) / 2
    for near in (middles, np.nextafter(middles, 0), np.nextafter(middles, np.inf)):
        both = np.concatenate([near, -near])
        check([([np.dtype(t), np.dtype("f2")], both.astype(t)) for t in ("f4", "f8", ">f8")])


def test_nans_among_floats():
    """Vectors round to float16, but for NaNs: each keeps its payload wherever it stands, and leaves its neighbours alone."""
    cases = []
    for dtype, count in itertools.product(map(np.dtype, ("f4", "f8", ">f4", ">f8")), range(1, 80, 3)):
        array = np.array([RANDOM.uniform(-1, 1) * 10 ** RANDOM.uniform(-8, 5) for _ in range(count)]).astype(dtype)
        exponent, fraction_bits = (0xFF << 23, 23) if dtype.itemsize == 4 else (0x7FF << 52, 52)
        payload = RANDOM.getrandbits(fraction_bits) >> RANDOM.choice([0, 1, 12]) or 1
        array.view(dtype.str.replace("f", "u"))[RANDOM.randrange(count)] = exponent | payload
        cases.append(([dtype, np.dtype("f2")], array))
    check(cases)


def test_floats_at_the_borders_of_integers():
    """What is out of range has a value of its own, and what truncates into it has not."""
    cases = []
    for source in map(np.dtype, ("f2", "f4", "f8", ">f8", "g")):
        borders = np.array([2.0**n for n in (7, 8, 15, 16, 31, 32, 63, 64)]).astype(source.newbyteorder("="))
        near = [borders, np.nextafter(borders, 0), np.nextafter(borders, np.inf), borders - 1, borders - 0.5, borders + 1]
        array = np.concatenate([*near, *(-x for x in near)]).astype(source)
        cases += [([source, target], array) for target in oracle.NUMBERS if target.kind in "biu"]
    check(cases)


def test_times():
    others = oracle.NUMBERS + [np.dtype(t) for t in ("S30", "S60", "U64", ">U8", "V8", "V5")]
    check(pairs(oracle.TIMES, oracle.TIMES))
    check(pairs(oracle.TIMES, others) + pairs(others[:16], oracle.TIMES))


def test_random_units():
    def unit(kind):
        count = RANDOM.choice([1, 1, 1, 2, 7, 400, 1000, 2001, 10**6, 10**9, RANDOM.randrange(1, 2**31)])
        name = RANDOM.choice("Y M W D h m s ms us ns ps fs as".split())
        return np.dtype(f"{RANDOM.choice('<>')}{kind}8[{count}{name}]")

    dtypes = [[unit(kind), unit(kind)] for kind in "mM" for _ in range(1500)]
    dtypes += [[unit(kind), np.dtype("S64")] for kind in "mM" for _ in range(200)]
    check([(path, times(path[0], 30)) for path in dtypes])


def test_text():
    check(pairs(oracle.TEXTS, oracle.TEXTS))
    check([([a, b], values(a, 10, False)[:n]) for a in oracle.TEXTS for b in oracle.TEXTS for n in (0, 1, 5, 22)])
    beyond = np.array(["a", "b\xe9"]), np.array([b"a", b"abc\xff"])
    check([([a.dtype, np.dtype(b)], a) for a in beyond for b in ("S1", "S2", "S9", "U1", "U2", ">U9", "V3")])


def test_numbers_to_text():
    widths = [np.dtype(t) for t in ("S1", "S5", "S24", "S64", "U3", ">U32", "U128")]
    numbers = oracle.NUMBERS + oracle.SWAPPED_NUMBERS
    check([([a, b], values(a, 300, True)) for a, b in itertools.product(numbers, widths)])


def test_powers_of_two_to_text():
    """Where the interval around a float is lopsided, printers of shortest digits differ."""
    for char, exponents in (("f4", range(-149, 128)), ("f8", range(-1074, 1024)), ("f16", range(-16445, 16384, 7))):
        powers = np.ldexp(np.array(1, char), np.array(list(exponents)))
        check([([powers.dtype, np.dtype("S64")], x) for x in (powers, np.nextafter(powers, powers.dtype.type(0)))])


def test_targets_without_width_or_unit():
    sources = [d for d in oracle.DTYPES if d.itemsize > 0]
    lines, wanted = [], []
    for source, target in itertools.product(sources, UNSIZED):
        try:
            result = np.empty(0, source).astype(target).dtype
        except Exception:
            continue
        lines.append(f"fitted {oracle.encoded(target)} {oracle.encoded(source)}")
        wanted.append(f"ok {result}")
    assert oracle.ask(lines) == wanted


def test_void_and_structures():
    everything = oracle.DTYPES + [np.dtype([("a", "f4", (3,)), ("b", "i2", (2, 1))])]
    special = oracle.VOIDS + oracle.STRUCTURES
    check(pairs(everything, special) + pairs(special, everything))


def test_sub_arrays_broadcast():
    shapes = [(), (1,), (3,), (2, 3), (3, 1), (1, 3), (2, 1, 3), (4,), (2, 2), (1, 1), (5, 3)]
    dtypes = [np.dtype([("x", "i1"), ("a", base, shape)]) for base in ("<i2", ">f4") for shape in shapes]
    check(pairs(dtypes, dtypes))


def test_sub_arrays_of_sub_arrays():
    """NumPy casts them level by level: ('i2', (3,)), (2,) is not 'i2', (2, 3)."""
    levels = [(2, 3), (3, 2), [(3,), (2,)], [(2,), (3,)], [(2,), (1,), (3,)], [(1,), (2, 2)], [(2, 2), (3,)], [(1,), (1,)]]

    def nested(base, shapes):
        for shape in shapes if isinstance(shapes, list) else [shapes]:
            base = np.dtype((base, shape))
        return np.dtype([("x", "i1"), ("a", base)])

    dtypes = [nested(base, shapes) for base in ("<i2", ">f4") for shapes in levels]
    check(pairs(dtypes, dtypes))


def test_chains():
    """Casts one after another are simplified, and still give what NumPy gives one after another."""
    numbers = oracle.NUMBERS + oracle.SWAPPED_NUMBERS
    simple = numbers + oracle.TEXTS + oracle.TIMES + oracle.VOIDS
    cases = []
    for dtypes in (simple, numbers, oracle.TIMES, oracle.TEXTS, oracle.STRUCTURES):
        dtypes = list(filter(is_sized, dtypes))
        for _ in range(1200):
            path = RANDOM.choices(dtypes, k=RANDOM.randint(2, 3))
            path += RANDOM.choice([[], [path[0]], [path[0].newbyteorder()], RANDOM.choices(dtypes, k=2)])
            if not any(has_no_one_answer(a, b) for a, b in zip(path, path[1:])):
                cases.append((path, values(path[0], 12, True)))
    check(cases)


def has_no_one_answer(a, b):
    """Steps that ndcat refuses, and those of which NumPy's result is not always the same."""
    far = kinds(a) & set("fc") and b.kind == "u" and b.itemsize == 4
    padding = a.char in "gG" and "V" in kinds(b)
    return may_be_refused(a, b) or far or padding
