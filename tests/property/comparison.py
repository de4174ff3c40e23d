"""Compares what ndcat serves with what NumPy has, byte for byte, through every way of reading.

Where elements have gaps (aligned or hand-laid structures, the spare bytes of long doubles) only the bytes that belong
to values can be compared: NumPy leaves in the gaps of a result what its memory happened to hold.
"""

import errno
import json
import mmap
import os

import numpy as np

import dtypes
import oracle


class Difference(AssertionError):
    """ndcat and NumPy disagree; the text says where."""


def expect(condition, text, *values):
    if not condition:
        raise Difference(text.format(*values))


def compare_bytes(what, got, wanted, header, dtype):
    """`wanted` is `header` bytes that must be equal exactly and then elements of `dtype`."""
    expect(len(got) == len(wanted), "{}: {} bytes instead of {}", what, len(got), len(wanted))
    if got == wanted:
        return
    expect(got[:header] == wanted[:header], "{}: header\n  {}\ninstead of\n  {}", what, got[:header], wanted[:header])
    got_bytes = np.frombuffer(got, "u1", offset=header)
    wanted_bytes = np.frombuffer(wanted, "u1", offset=header)
    wrong = got_bytes != wanted_bytes
    if dtypes.has_gaps(dtype):
        wrong &= np.resize(dtypes.meaningful(dtype), wrong.shape)
    if not wrong.any():
        return
    at = int(np.argmax(wrong))
    element = at // dtype.itemsize
    span = slice(header + element * dtype.itemsize, header + (element + 1) * dtype.itemsize)
    raise Difference(f"{what}: {np.count_nonzero(wrong)} wrong bytes, the first is byte {at} of the array, in element "
                     f"{element}: {got[span].hex()} instead of {wanted[span].hex()} ({dtype})")


class MountedCase:
    """The virtual files of one manifest in a mount."""

    def __init__(self, random, mountpoint, name):
        self.random = random
        self.stem = os.path.join(mountpoint, name)
        self.name = name

    def agrees_with(self, result):
        names = self.names()
        error = ""
        if "error" in names:
            with open(self.stem + ".error", encoding="utf-8") as file:
                error = file.read()
        expect(not error, "NumPy gives {} {}, but ndcat says {}", result.array.dtype, result.array.shape, error)
        expect(sorted(names) == sorted(result.views), "views {} instead of {}", names, result.views)
        dtype = result.array.dtype
        if "raw" in names:
            self.file_agrees("raw", result.raw(), 0, dtype)
            self.raw_maps(result)
        if "npy" in names:
            wanted = result.npy()
            self.file_agrees("npy", wanted, len(wanted) - result.array.nbytes, dtype)
            self.npy_loads(result)
        if "json" in names:
            self.description_agrees(result, "raw" if "raw" in names else "npy")

    def names(self):
        return [view for view in ("npy", "raw", "json", "error") if os.path.exists(f"{self.stem}.{view}")]

    def is_rejected(self, reason, may_be_selected_away):
        names = self.names()
        if reason.depends_on_values and "error" not in names:
            # Lazily, an element that is selected away later is never converted.
            expect(may_be_selected_away or self.cannot_be_read(names),
                   "NumPy rejects it ({}), but all of {} can be read", reason, names)
            return
        expect(names == ["error"], "NumPy rejects it ({}), but ndcat serves {}", reason, names)
        with open(self.stem + ".error", encoding="utf-8") as file:
            text = file.read()
        expect(self.name in text, "an error text that does not name its manifest: {!r}", text)

    def cannot_be_read(self, names):
        for view in {"npy", "raw"} & set(names):
            try:
                with open(f"{self.stem}.{view}", "rb") as file:
                    file.read()
            except OSError as error:
                expect(error.errno == errno.EIO, "{}: {} instead of EIO", view, error)
            else:
                return False
        return True

    def file_agrees(self, view, wanted, header, dtype):
        """Read as a whole and at random places, by read, by pread and past the page cache."""
        path = f"{self.stem}.{view}"
        with open(path, "rb") as file:
            # Now and then the random places first, so that whole pages are not always cached already.
            if self.random.random() < 0.5:
                whole = file.read()
                compare_bytes(view, whole, wanted, header, dtype)
                self.random_reads(view, file.fileno(), whole)
            else:
                reads = [self.random_range(len(wanted)) for _ in range(4)]
                pieces = [os.pread(file.fileno(), length, offset) for offset, length in reads]
                whole = file.read()
                compare_bytes(view, whole, wanted, header, dtype)
                for (offset, length), piece in zip(reads, pieces):
                    expect(piece == whole[offset:offset + length], "{}: pread of {} bytes at {} differs from the "
                           "whole file", view, length, offset)
        expect(os.path.getsize(path) == len(wanted), "{}: size {}", view, os.path.getsize(path))
        if self.random.random() < 0.3:
            self.direct_read(view, path, whole)

    def random_reads(self, view, descriptor, whole):
        for _ in range(4):
            offset, length = self.random_range(len(whole))
            got = os.pread(descriptor, length, offset)
            expect(got == whole[offset:offset + length], "{}: pread of {} bytes at {} differs from the whole file",
                   view, length, offset)

    def random_range(self, size):
        offset = self.random.randint(0, size + 10)
        return offset, self.random.choice([1, 2, 7, 100, 4096, 70000, self.random.randint(1, size + 20)])

    def direct_read(self, view, path, whole):
        """O_DIRECT reaches the daemon with just the range asked for, at block borders."""
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECT)
        try:
            buffer = mmap.mmap(-1, 4096 * self.random.randint(1, 4))
            offset = 512 * self.random.randint(0, len(whole) // 512 + 1)
            count = os.preadv(descriptor, [buffer], offset)
            expect(buffer[:count] == whole[offset:offset + len(buffer)], "{}: O_DIRECT read of {} bytes at {} gives {} "
                   "bytes that differ", view, len(buffer), offset, count)
        finally:
            os.close(descriptor)

    def raw_maps(self, result):
        if result.array.size == 0:
            return
        array = np.memmap(self.stem + ".raw", result.array.dtype, "r", 0, result.array.shape, result.order)
        compare_bytes("raw, mapped", array.tobytes(result.order), result.raw(), 0, result.array.dtype)

    def npy_loads(self, result):
        mode = "r" if result.array.size and self.random.random() < 0.5 else None
        array = np.load(self.stem + ".npy", mmap_mode=mode, allow_pickle=False)
        expect((array.dtype, array.shape) == (result.array.dtype, result.array.shape), "np.load gives {} {}",
               array.dtype, array.shape)
        order = oracle.Result(array, []).order
        expect(order == result.order, "np.load gives order {}", order)
        compare_bytes("npy, loaded", array.tobytes(order), result.raw(), 0, array.dtype)

    def description_agrees(self, result, described):
        with open(self.stem + ".json", encoding="utf-8") as file:
            text = file.read()
        description = json.loads(text)
        offset = len(result.npy()) - result.array.nbytes if described == "npy" else 0
        wanted = {"path": f"{self.name}.{described}", "shape": list(result.array.shape), "order": result.order, "offset": offset}
        got = dict(description)
        dtype = dtypes.from_json(got.pop("dtype"))
        expect(got == wanted, "json: {} instead of {}", got, wanted)
        expect(dtype == result.array.dtype, "json: dtype {} instead of {}", dtype, result.array.dtype)
        again = oracle.Manifest(self.stem + ".json").result()
        compare_bytes("json, read as a manifest", again.raw(), result.raw(), 0, dtype)
