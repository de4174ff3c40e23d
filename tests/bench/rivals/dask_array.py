"""A Dask array over one map for each part, with Dask's own scheduler and its own choice of chunks."""

import contextlib
import functools
import importlib.util

from bench.contender import Cannot, Contender
from bench.opened import Indexed


class DaskArray:
    name, title = "dask", "Dask"

    def serve(self, array, site):
        if importlib.util.find_spec("dask") is None:
            raise Cannot("Dask is not installed")
        if site.is_writable:
            raise Cannot("only reads")
        return contextlib.nullcontext(Contender(open=functools.partial(Lazy, array.grid), reads=tuple(array.sources)))


class Lazy(Indexed):
    def __init__(self, grid):
        import dask.array

        # Without a name Dask would read all of an array to find one.
        rows = [[dask.array.from_array(part.load(), name=False) for part in row] for row in grid]
        joined = [row[0] if len(row) == 1 else dask.array.concatenate(row, axis=1) for row in rows]
        super().__init__(dask.array.concatenate(joined, axis=0))

    def total(self):
        return float(self.array.sum().compute())
