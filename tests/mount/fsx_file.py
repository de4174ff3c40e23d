"""A virtual file that is written and read, and what it must hold: for fsx_program.py."""

import mmap
import os
import pathlib

import numpy as np


class File:
    """A virtual file and what it must hold: `content`. `is_exact`: its bytes can be written one by one."""

    def __init__(self, world, view, mount, suffix):
        self.view, self.path = view, pathlib.Path(mount, view.name + suffix)
        self.twin = self.path.with_suffix({".raw": ".npy", ".npy": ".raw"}[suffix])
        self.item = view.dtype.itemsize
        self.is_exact = all(s.dtype.newbyteorder("=") == view.dtype.newbyteorder("=") for s in world.sources
                            if np.isin(s.numbers, view.numbers).any())
        self.open()
        size = os.fstat(self.descriptor).st_size
        self.header = size - view.numbers.size * self.item
        self.content = bytearray(os.pread(self.descriptor, self.header, 0) + world.bytes_of(view))
        self.known = bytearray(self.content)  # to the world
        assert len(self.content) == size

    def open(self):
        self.descriptor, self.map = os.open(self.path, os.O_RDWR), None

    def mapped(self):
        if self.map is None:
            self.map = mmap.mmap(self.descriptor, 0)
        return self.map

    def unmap(self):
        if self.map is not None:
            self.map.close()
        self.map = None

    def close(self):
        self.unmap()
        os.close(self.descriptor)

    def store_in(self, world):
        """Lets the world's model know, of elements that have changed: casts there and back can change a NaN."""
        before, after = (np.frombuffer(bytes(data[self.header:]), f"V{self.item}")
                         for data in (self.known, self.content))
        numbers, values = self.view.numbers[before != after], after[before != after].view(self.view.dtype)
        for source in world.sources:
            mine = (numbers >= source.first) & (numbers < source.first + source.flat.size)
            source.flat[numbers[mine] - source.first] = values[mine].astype(source.dtype)
