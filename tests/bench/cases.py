"""What is measured: the rows of the tables, group by group."""

import functools
from dataclasses import dataclass

from bench import recipes
from bench.cache_states import COLD, GROWING, SOURCE_WARM, WARM, WRITABLE
from bench.figures import DISK, OWN, P50, P99, PER_ROW, RESIDENT, SPEED, WAIT, Quantity
from bench.operations import in_python
from bench.operations.first_element import FirstElement, NewManifest
from bench.operations.memory import Memory
from bench.operations.touch import Touch
from bench.rivals import NDCAT_PLAIN, NDCAT_UNPREDICTED
from bench.scale import KIB, MIB

GROUPS = {
    "sequential": "In order: two sources one below the other",
    "layouts": "Layouts: in order, source-warm",
    "random": "4 KiB at random places: two sources one below the other",
    "columns": "A column of a C array, by mmap",
    "cold": "From the disk, nothing cached",
    "sources": "Many sources: small .npy files, one below the other",
    "first": "From nothing to the first element",
    "write": "Writing: through to the sources",
}


@dataclass(frozen=True)
class Case:
    group: str
    name: str  # within the group
    title: str
    recipe: recipes.Recipe
    operation: object
    quantities: tuple[Quantity, ...]
    size: int
    state: object = SOURCE_WARM
    also: tuple = ()  # rivals beyond those that are in every case

    @property
    def key(self):
        return f"{self.group}/{self.name}"


def read(chunk, workers=1, python=False):
    return Touch(("read", "--chunk", str(chunk), "--workers", str(workers)),
                 functools.partial(in_python.in_blocks, size=chunk) if python else None)


def random_pages(pattern, count, workers=1):
    return Touch((pattern, "--count", str(count), "--workers", str(workers)),
                 functools.partial(in_python.pages, count=count) if workers == 1 else None,
                 "one reader in Python: see the row for one", is_latency=True)


def column(recipe, pattern="map-column", python=in_python.column):
    """In the middle of the second 4 KiB of each row."""
    return Touch((pattern, "--stride", str(recipe.columns * 8), "--offset", str(768 * 8)), functools.partial(python, number=768))


MAP = Touch(("map",), why_not_python="an array, not a file: see np.sum")
SUM = Touch(in_python=in_python.total)


def sequential(scale):
    operations = [(f"read-{name}", f"read {title}", read(chunk, python=chunk == MIB))
                  for name, title, chunk in (("4k", "4 KiB", 4 * KIB), ("64k", "64 KiB", 64 * KIB), ("1m", "1 MiB", MIB),
                                             ("4m", "4 MiB", 4 * MIB))]
    operations += [("read-1m-4-readers", "read 1 MiB, 4 readers", read(MIB, workers=4)), ("mmap", "mmap", MAP),
                   ("sum", "np.sum", SUM)]
    return [Case("sequential", f"{name}/{state.name}", f"{title}, {state.name}", recipes.AXIS_0, operation, (SPEED,),
                 scale.size, state)
            for state in (SOURCE_WARM, WARM) for name, title, operation in operations]


def layouts(scale):
    order = [recipes.AXIS_1_NARROW, recipes.AXIS_1_WIDE, recipes.BLOCK, recipes.TRANSPOSED, recipes.MIXED, recipes.SWAPPED,
             recipes.SWAPPED_CAST, recipes.ROW_STEP, recipes.COLUMN_STEP]
    converted = {recipes.MIXED, recipes.SWAPPED, recipes.SWAPPED_CAST}
    return [Case("layouts", f"{recipe.name}/{name}", f"{recipe.title}, {title}", recipe, operation, (SPEED,), scale.size,
                 also=(NDCAT_PLAIN,) if recipe in converted else ())
            for recipe in order for name, title, operation in (("read", "read 1 MiB", read(MIB, python=True)),
                                                               ("mmap", "mmap", MAP))]


def random(scale):
    count = scale.random_touches
    cases = [Case("random", f"{name}/{state.name}", f"{title}, {state.name}", recipes.AXIS_0,
                  random_pages(pattern, count), (P50, P99), scale.size, state)
             for state in (SOURCE_WARM, WARM) for name, title, pattern in (("pread", "pread", "pread-page"),
                                                                          ("map", "map", "map-page"))]
    return [*cases, Case("random", "pread-4-readers/source-warm", "pread, 4 readers, source-warm", recipes.AXIS_0,
                         random_pages("pread-page", count, workers=4), (P50, P99), scale.size)]


def columns(scale):
    return [Case("columns", f"{name}/{state.name}", f"{title}, {state.name}", recipe, column(recipe), (PER_ROW,), scale.size,
                 state, (NDCAT_UNPREDICTED,))
            for name, title, recipe in (("narrow", "rows of 32 KiB", recipes.AXIS_0), ("wide", "rows of 512 KiB", recipes.WIDE))
            for state in (SOURCE_WARM, WARM)]


def cold(scale):
    few = scale.cold_touches
    operations = [("read", "read 1 MiB", recipes.AXIS_0, read(MIB, python=True), (SPEED, DISK)),
                  ("mmap", "mmap", recipes.AXIS_0, MAP, (SPEED, DISK)),
                  ("pread", "4 KiB at random, pread", recipes.AXIS_0, random_pages("pread-page", few), (P50, DISK)),
                  ("map", "4 KiB at random, map", recipes.AXIS_0, random_pages("map-page", few), (P50, DISK)),
                  ("column", "column, rows of 512 KiB", recipes.WIDE, column(recipes.WIDE), (PER_ROW, DISK))]
    return [Case("cold", name, title, recipe, operation, quantities, scale.cold_size, COLD)
            for name, title, recipe, operation, quantities in operations]


def many_sources(scale):
    operations = [("read", "read 1 MiB", read(MIB, python=True), (SPEED,)),
                  ("mmap", "mmap", MAP, (SPEED,)),
                  ("pread", "4 KiB at random, pread", random_pages("pread-page", scale.random_touches), (P50, P99)),
                  ("first", "mount to first element", FirstElement(), (WAIT,)),
                  ("memory", "memory", Memory(), (OWN, RESIDENT))]
    cases = [Case("sources", f"{count}/{name}", f"{recipe.title}, {title}", recipe, operation, quantities, scale.size)
             for count in scale.source_counts for recipe in [recipes.of_many(count)]
             for name, title, operation, quantities in operations]
    return [*cases, Case("sources", "2/memory", "2 large raw sources, memory", recipes.AXIS_0, Memory(), (OWN, RESIDENT),
                         scale.first_element_size)]


def first_element(scale):
    return [Case("first", name, title, recipes.AXIS_0, operation, (WAIT,), scale.first_element_size)
            for name, title, operation in (("mount", "mount and first element", FirstElement()),
                                           ("manifest", "first element of a new manifest in a mount that stands", NewManifest()))]


def writing(scale):
    order = functools.partial(in_python.put_in_blocks, size=MIB)
    write = Touch(("write", "--chunk", str(MIB)), functools.partial(order, is_flushed=False))
    fill = Touch(("fill",), functools.partial(order, is_flushed=True))
    pages = Touch(("pwrite-page", "--count", str(scale.random_touches)),
                  functools.partial(in_python.put_pages, count=scale.random_touches))
    cases = [("write", "write 1 MiB", recipes.AXIS_0, write, (SPEED,)),
             ("fill", "mmap, fill and flush", recipes.AXIS_0, fill, (SPEED,)),
             ("column", "column, rows of 32 KiB, flush", recipes.AXIS_0,
              column(recipes.AXIS_0, "fill-column", in_python.put_column), (PER_ROW,)),
             ("pwrite", "4 KiB at random, pwrite", recipes.AXIS_0, pages, (P50, P99)),
             ("axis-1/write", f"{recipes.AXIS_1_WIDE.title}, write 1 MiB", recipes.AXIS_1_WIDE, write, (SPEED,)),
             ("axis-1/fill", f"{recipes.AXIS_1_WIDE.title}, mmap, fill and flush", recipes.AXIS_1_WIDE, fill, (SPEED,))]
    return [*(Case("write", name, title, recipe, operation, quantities, scale.written_size, WRITABLE)
              for name, title, recipe, operation, quantities in cases),
            Case("write", "append", "append 64 KiB, fsync at the end", recipes.GROWING, append(scale.appended_size // (64 * KIB)),
                 (SPEED,), scale.written_size, GROWING)]


def append(count, chunk=64 * KIB):
    return Touch(("append", "--chunk", str(chunk), "--count", str(count)),
                 functools.partial(in_python.append, size=chunk, count=count))


def all_cases(scale):
    return [case for group in (sequential, layouts, random, columns, cold, many_sources, first_element, writing)
            for case in group(scale)]
