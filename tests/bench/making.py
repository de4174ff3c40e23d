"""Arrays on disk: the sources, the manifest, and the same bytes as one native file."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.parts import Grid, files, grid_shape, placed
from bench.recipes import Recipe
from bench.scale import MIB


@dataclass(frozen=True)
class MadeArray:
    recipe: Recipe
    folder: Path  # of the manifests: joined.json, and plain.json for the native file
    grid: Grid
    native: Path

    @functools.cached_property
    def shape(self):
        return grid_shape(self.grid)

    @property
    def dtype(self):
        return self.recipe.dtype

    @property
    def size(self):
        return int(np.prod(self.shape)) * np.dtype(self.dtype).itemsize

    @functools.cached_property
    def sources(self):
        return files(self.grid)

    def reference(self):
        return np.memmap(self.native, self.dtype, "r", shape=self.shape)


def make(recipe: Recipe, size: int, folder: Path, is_writable=False) -> MadeArray:
    folder.mkdir()
    grid = recipe.grid(folder, recipe.rows(size))
    array = MadeArray(recipe, folder, grid, folder / "native.raw")
    write_native(array)
    write_parts(array)
    (folder / "joined.json").write_text(json.dumps(manifest(array) | (writing(array) if is_writable else {})))
    (folder / "plain.json").write_text(json.dumps({"path": array.native.name, "dtype": array.dtype, "shape": array.shape}))
    return array


def write_native(array):
    """Element k is k mod 2**24, which every dtype in use can hold."""
    count, step = int(np.prod(array.shape)), 4 * MIB
    with open(array.native, "wb") as file:
        for begin in range(0, count, step):
            (np.arange(begin, min(begin + step, count)) & 0xFFFFFF).astype(array.dtype).tofile(file)


def write_parts(array):
    values = array.reference()
    for part, rows, columns in placed(array.grid):
        write_part(part, values[rows, columns])


def write_part(part, values):
    part.path.parent.mkdir(exist_ok=True)
    if not part.is_whole:  # what the view leaves out is there, too
        whole = np.full(part.shape, -1, part.dtype)
        whole[part.view] = values
        values = whole
    if part.has_header:
        np.save(part.path, values)
    else:
        values.astype(part.dtype).flatten(order=part.order).tofile(part.path)


def manifest(array):
    if array.recipe.glob:
        return {"concatenate": [array.recipe.glob]}
    rows = [[expression(part, array.folder) for part in row] for row in array.grid]
    if len(rows) == 1:
        return {"concatenate": rows[0], "axis": 1, "order": "C"}
    if len(rows[0]) == 1:
        return {"concatenate": [row[0] for row in rows], "order": "C"} | cast(array)
    return {"block": rows, "order": "C"}


def writing(array):
    return {"mode": "r+"} | ({"append": str(array.grid[-1][0].path.relative_to(array.folder))} if array.recipe.grows else {})


def cast(array):
    """NumPy has its own idea of what float32 and int32 have in common, and none of a lone float32 as float64."""
    return {} if all(part.dtype == array.dtype for row in array.grid for part in row) else {"astype": array.dtype}


def expression(part, folder):
    if part.has_header:
        return str(part.path.relative_to(folder))
    described = {"path": str(part.path.relative_to(folder)), "dtype": part.dtype, "shape": part.shape, "order": part.order}
    if not part.is_whole:
        described["select"] = ", ".join(":" if one == slice(None) else f"::{one.step}" for one in part.view)
    return described
