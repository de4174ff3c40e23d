"""What the rivals give to the operations."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path


class Cannot(Exception):
    """There is no figure; the text says why, for the reader of the table."""


def as_reason(error):
    """Any exception as one for the table."""
    return error if isinstance(error, Cannot) else Cannot(f"{type(error).__name__}: {error}")


@dataclass(frozen=True)
class Contender:
    """A rival while it serves one array: a file, or an array object of a Python library."""

    path: Path | None = None  # the array's bytes alone, in C order
    open: Callable | None = None  # picklable, without arguments; gives an array of opened.py
    copies_first: bool = False  # the first touch of anything copies all of it
    daemons: Callable = tuple  # the processes that serve the file, by their ids
    renamed: Callable | None = None  # of a word: where a copy of the manifest named like that would show
    reads: tuple[Path, ...] = ()  # files that come from the disk when it is read


@dataclass(frozen=True)
class Site:
    """Where rivals find what they need."""

    build: Path  # the build folder
    folder: Path  # for mount points and whatever they write; on the same disk as the arrays
    prefix: tuple[str, ...] = ()  # goes before every command: the way into a throttle
    seconds: float = 60  # for anything that has to be made
    is_writable: bool = False  # what is served is to be written to
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def new_folder(self, name):
        path = self.folder / f"{name}-{next(self.numbers)}"
        path.mkdir()
        return path

    def program(self, name):
        path = self.build / name
        if not path.exists():
            raise Cannot(f"{name} is not built")
        return path
