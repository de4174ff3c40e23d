"""A way to touch an array: files by the program `reader`, Python's arrays by a function of in_python.py."""

import functools
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from bench import isolated
from bench.contender import Cannot
from bench.opened import Mapped
from bench.operations.in_python import timed


@dataclass(frozen=True)
class Touch:
    reader: tuple[str, ...] = ()  # the arguments for files; without them, the file is an array of Python's, too
    python: Callable | None = None  # of a run: the function of an open array
    why_not_python: str = "an array, not a file"
    is_latency: bool = False  # of single touches: a copy of everything beforehand would not show in it

    def measure(self, rival, run):
        with run.state.serving(rival, run) as (contender, figures):
            if contender.path and self.reader:
                figures |= self.by_reader(contender, run)
            elif self.python:
                figures |= self.by_python(contender, run)
            else:
                raise Cannot(self.why_not_python)
        return figures

    def by_reader(self, contender, run):
        seconds = run.scale.cell_seconds
        command = [*(run.throttle.prefix if run.is_cold else ()), run.site.program("tests/bench/reader/reader"),
                   *self.reader, contender.path, "--seconds", str(seconds), *(["--warm"] if run.state.is_repeated else [])]
        return from_reader(command, 2 * seconds + 10)

    def by_python(self, contender, run):
        if self.is_latency and contender.copies_first and not run.state.is_repeated:
            raise Cannot("copies everything first: see the rows in order")
        opener = contender.open or functools.partial(Mapped, contender.path, run.array.dtype, run.array.shape)
        return isolated.run(timed, run.throttle if run.is_cold else None, opener, run.state.is_repeated, self.python(run),
                            seconds=2 * run.scale.cell_seconds + 10)


def from_reader(command, seconds):
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise Cannot(f"took more than {seconds:.0f} s") from None
    if done.returncode != 0:
        raise Cannot(done.stderr.strip() or f"the reader ended with {done.returncode}")
    found = json.loads(done.stdout)
    figures = {"speed": found["bytes"] / found["seconds"] / 1e9, "per_touch": found["seconds"] / found["touches"] * 1e6}
    return figures | {key: found[key] for key in ("p50", "p99") if key in found}
