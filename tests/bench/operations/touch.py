"""A way to touch an array: files by the program `access`, Python's arrays by a function of in_python.py."""

import functools
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

from bench import isolated
from bench.contender import Cannot
from bench.opened import Mapped
from bench.operations.in_python import timed

ACCESS = "tests/bench/access/access"


@dataclass(frozen=True)
class Touch:
    on_file: tuple[str, ...] = ()  # the program's arguments; without them, a file is an array of Python's, too
    in_python: Callable | None = None  # a picklable function of an open array and of the seconds that it may take
    why_not_python: str = "an array, not a file"
    is_latency: bool = False  # of single touches: a copy of everything beforehand would not show in it

    def measure(self, rival, run):
        with run.state.serving(rival, run) as (contender, figures):
            if contender.path and self.on_file:
                figures |= self.by_program(contender, run)
            elif self.in_python:
                figures |= self.by_python(contender, run)
            else:
                raise Cannot(self.why_not_python)
        return figures

    def by_program(self, contender, run):
        seconds = run.scale.cell_seconds
        command = [*(run.throttle.prefix if run.is_cold else ()), run.site.program(ACCESS), *self.on_file, contender.path,
                   "--seconds", str(seconds), *(["--warm"] if run.state.is_repeated else [])]
        return run_access(command, 2 * seconds + 10)

    def by_python(self, contender, run):
        if self.is_latency and contender.copies_first and not run.state.is_repeated:
            raise Cannot("copies everything first: see the rows in order")
        opener = contender.open or functools.partial(Mapped, contender.path, run.array.dtype, run.array.shape)
        return isolated.run(timed, run.throttle if run.is_cold else None, opener, run.state.is_repeated, self.in_python,
                            run.scale.cell_seconds, seconds=2 * run.scale.cell_seconds + 10)


def run_access(command, seconds):
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise Cannot(f"took more than {seconds:.0f} s") from None
    if done.returncode != 0:
        raise Cannot(done.stderr.strip() or f"it ended with {done.returncode}")
    found = json.loads(done.stdout)
    figures = {"speed": found["bytes"] / found["seconds"] / 1e9, "per_touch": found["seconds"] / found["touches"] * 1e6}
    return figures | {key: found[key] for key in ("p50", "p99") if key in found}
