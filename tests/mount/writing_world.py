"""Random arrays with manifests over them that can be written through, and a model of what they hold.

The model is one flat NumPy array for each source, in shared memory, so that several processes write to it. Every
element of every source has a number; a manifest is an array of such numbers, made by the same NumPy calls that the
manifest stands for.
"""

import json
import mmap
import pathlib

import numpy as np

import arrays

# What the arrays hold, and dtypes of sources that are shown as it exactly.
FAMILIES = [
    ("<f8", ["<f8", ">f8", "<f4", ">f4", "<f2"]),
    ("<f4", ["<f4", ">f4"]),
    ("<i8", ["<i8", ">i8", "<i4", ">i2", "u1"]),
    ("<c16", ["<c16", ">c16", "<c8"]),
    ("|S5", ["|S5", "|S3"]),
    ("<U3", ["<U3", ">U3", "<U2"]),
    ("<M8[s]", ["<M8[s]", ">M8[s]"]),
    ([("a", "<i4"), ("b", "<f8", (2,)), ("c", "S3")], [[("a", ">i4"), ("b", "<f8", (2,)), ("c", "S3")],
                                                      [("a", "<i4"), ("b", "<f8", (2,)), ("c", "S3")]]),
    ("|u1", ["|u1"]),
]


def random_values(rng, dtype, count):
    """Values without NaN, as any bits would be, and without zeros at the end of texts."""
    dtype = np.dtype(dtype)
    if dtype.names:
        values = np.zeros(count, dtype)
        for name in dtype.names:
            base, shape = dtype[name].subdtype or (dtype[name], ())
            values[name] = random_values(rng, base, count * int(np.prod(shape))).reshape((count, *shape))
        return values
    if dtype.kind == "S":
        return rng.integers(65, 91, count * dtype.itemsize, "u1").view(dtype)
    if dtype.kind == "U":
        return rng.integers(65, 91, count * (dtype.itemsize // 4), "u4").view(dtype.newbyteorder("=")).astype(dtype)
    if dtype.kind == "f":
        return rng.standard_normal(count).astype(dtype)
    if dtype.kind == "c":
        return (rng.standard_normal(count) + 1j * rng.standard_normal(count)).astype(dtype)
    if dtype.kind == "M":
        return rng.integers(0, 2**40, count, "i8").astype("M8[s]").astype(dtype)
    info = np.iinfo(dtype)
    return rng.integers(info.min, info.max, count, dtype.newbyteorder("="), endpoint=True).astype(dtype)


class Source:
    """A file, and what it holds in the model: `flat`, in C order of its index."""

    def __init__(self, path, dtype, shape, order, offset, first):
        self.path, self.dtype, self.shape, self.order, self.first = path, np.dtype(dtype), shape, order, first
        self.offset = offset  # None: a .npy file
        count = int(np.prod(shape))
        self.shared = mmap.mmap(-1, max(1, count * self.dtype.itemsize))
        self.flat = np.frombuffer(self.shared, self.dtype, count)
        self.head = b""

    @property
    def numbers(self):
        return self.first + np.arange(self.flat.size).reshape(self.shape)

    def create(self, rng):
        self.flat[:] = random_values(rng, self.dtype, self.flat.size)
        array = np.asarray(self.flat.reshape(self.shape), order=self.order)
        if self.offset is None:
            with open(self.path, "wb") as file:
                np.save(file, array)
            self.head = self.path.read_bytes()[:-array.nbytes or None]
        else:
            self.head = rng.bytes(self.offset)
            self.path.write_bytes(self.head + array.tobytes(self.order))

    def expected_bytes(self):
        return self.head + self.flat.reshape(self.shape).tobytes(self.order)

    def position(self, number):
        """The byte of the file at which an element lies."""
        index = np.unravel_index(number - self.first, self.shape)
        return len(self.head) + int(np.ravel_multi_index(index, self.shape, order=self.order)) * self.dtype.itemsize

    def expression(self):
        if self.offset is None:
            return self.path.name
        dtype = self.dtype.descr if self.dtype.names else self.dtype.str
        return {"path": self.path.name, "dtype": json.loads(json.dumps(dtype)), "shape": list(self.shape),
                "order": self.order, "offset": self.offset}


class View:
    """A manifest: `numbers` are those of its elements as its file has them."""

    def __init__(self, name, manifest, numbers, dtype, order):
        self.name, self.manifest, self.dtype, self.order = name, manifest, np.dtype(dtype), order
        self.numbers = numbers.ravel(order)
        self.shape = numbers.shape


class World:
    def __init__(self, rng, folder):
        self.folder = pathlib.Path(folder)
        self.dtype, dtypes = FAMILIES[rng.integers(len(FAMILIES))]
        self.dtype = np.dtype([tuple(f) for f in self.dtype] if isinstance(self.dtype, list) else self.dtype)
        self.rows, self.columns = int(rng.integers(1, 120)), int(rng.integers(1, 40))
        self.sources = []
        for _ in range(int(rng.integers(1, 5))):
            self.add_source(rng, dtypes[rng.integers(len(dtypes))])
        self.views = [self.add_view(rng, i) for i in range(int(rng.integers(1, 4)))]

    def add_source(self, rng, dtype):
        first = self.sources[-1].first + self.sources[-1].flat.size if self.sources else 0
        offset = None if rng.integers(2) else int(rng.integers(0, 5000))
        if isinstance(dtype, list):
            dtype = [tuple(f) for f in dtype]
        source = Source(self.folder / f"s{len(self.sources)}", dtype, (self.rows, self.columns),
                        "CF"[rng.integers(2)], offset, first)
        source.create(rng)
        self.sources.append(source)

    def add_view(self, rng, number):
        """Some of the sources, cut and turned, along a random axis; each in one piece or in two that interleave."""
        chosen = [self.sources[i] for i in rng.permutation(len(self.sources))[:int(rng.integers(1, 5))]]
        axis, parts, numbers = int(rng.integers(2)), [], []
        turned = rng.integers(3) == 0
        for source in chosen:
            part = source.expression()
            part = {"path": part} if isinstance(part, str) else part
            for select, index in self.pieces(rng, axis):
                parts.append(part | {"select": select})
                numbers.append(source.numbers[index])
        order = "CF"[rng.integers(2)]
        whole = np.concatenate(numbers, axis)
        inner = {"concatenate": parts, "axis": axis}
        if turned:
            inner, whole = inner | {"transpose": True}, whole.T
        dtype = np.result_type(*(s.dtype for s in chosen))
        manifest = inner | {"order": order, "mode": "r+"}
        arrays.write_manifest(self.folder / f"v{number}.json", manifest)
        return View(f"v{number}", manifest, whole, dtype, order)

    @staticmethod
    def pieces(rng, axis):
        """Selections that have each element once, as manifests and as NumPy write them."""
        if rng.integers(3) == 0:
            return [("::-1, ::-1", (slice(None, None, -1),) * 2)]
        step = int(rng.integers(1, 4))
        return [(f"{start}::{step}" if axis == 0 else f":, {start}::{step}",
                 (slice(None),) * axis + (slice(int(start), None, step),)) for start in rng.permutation(step)]

    def source_of(self, number):
        return next(s for s in reversed(self.sources) if number >= s.first)

    def bytes_of(self, view, begin=0, end=None):
        """What the elements [begin, end) of a view's file are, by the model."""
        numbers = view.numbers[begin:end]
        values = np.zeros(numbers.size, view.dtype)
        for source in self.sources:
            mine = (numbers >= source.first) & (numbers < source.first + source.flat.size)
            if mine.any():
                with np.errstate(invalid="ignore"):  # any bytes may be a signalling NaN
                    values[mine] = source.flat[numbers[mine] - source.first].astype(view.dtype)
        return values.tobytes()

    def store(self, view, begin, data):
        """Takes over whole elements; False, and nothing is changed, when one cannot be stored exactly."""
        numbers = view.numbers[begin:begin + len(data) // view.dtype.itemsize]
        changes = []
        for position, number in enumerate(numbers):
            source = self.source_of(number)
            shown = data[position * view.dtype.itemsize:(position + 1) * view.dtype.itemsize]
            with np.errstate(all="ignore"):
                value = np.frombuffer(shown, view.dtype).astype(source.dtype)
                if value.astype(view.dtype).tobytes() != shown:
                    return False
            changes.append((source, number - source.first, value))
        for source, index, value in changes:
            source.flat[index:index + 1] = value
        return True

    def random_data(self, rng, view, begin, count):
        """Bytes of elements that their sources can store."""
        data = b""
        for number in view.numbers[begin:begin + count]:
            data += random_values(rng, self.source_of(number).dtype, 1).astype(view.dtype).tobytes()
        return data

    def check_sources(self):
        for source in self.sources:
            found, expected = source.path.read_bytes(), source.expected_bytes()
            assert len(found) == len(expected), f"{source.path}: {len(found)} bytes instead of {len(expected)}"
            if found != expected:
                first = next(i for i, (a, b) in enumerate(zip(found, expected)) if a != b)
                raise AssertionError(f"{source.path}: differs from byte {first} on (its head has {len(source.head)})")

    def check_views(self, mount):
        for view in self.views:
            wanted = self.bytes_of(view)
            for suffix in ".raw", ".npy":
                found = pathlib.Path(mount, view.name + suffix).read_bytes()
                assert found[len(found) - len(wanted):] == wanted, f"{view.name}{suffix} differs: {view.manifest}"
