"""Measures cases: A B A B, all rivals in turn in every round, so that the machine's moods meet all of them alike."""

import contextlib
import dataclasses
import os
import shutil
import sys
import time
from dataclasses import dataclass, field

from bench import cache_states, rivals
from bench.cases import Case
from bench.checking import check
from bench.contender import Cannot, Contender, Site
from bench.figures import Cell, Row
from bench.making import MadeArray, make
from bench.read_ahead import copy_setting
from bench.scale import Scale
from bench.throttle import Throttle
from support.ndcat import guard

MANY = 1000  # source files beyond which they are not read again before every round


@dataclass
class Run:
    """What operations are given: one array, the state of the caches, and who serves the array."""

    scale: Scale
    site: Site
    throttle: Throttle | None
    array: MadeArray
    state: object = None
    contenders: dict[str, Contender | Cannot] = field(default_factory=dict)

    @property
    def is_cold(self):
        return self.state is cache_states.COLD

    def standing(self, rival):
        contender = self.contenders[rival.name]
        if isinstance(contender, Cannot):
            raise contender
        return contender


def measure_all(cases, scale, site, throttle):
    """The rows of all cases. The time that is left is shared out among the cases that are left."""
    end = time.monotonic() + scale.seconds
    rows = {}
    for (recipe, size, _), group in by_array(cases):
        state = group[0].state
        say(f"making: {recipe.title}, {size >> 20} MiB")
        try:
            with contextlib.ExitStack() as stack:
                here = dataclasses.replace(site, is_writable=state is cache_states.WRITABLE)
                run = Run(scale, here, throttle, stack.enter_context(made(recipe, size, here)))
                # What stands while others are measured cold would hold on to pages of the sources.
                with contextlib.ExitStack() if state is cache_states.COLD else contextlib.nullcontext(stack) as serving:
                    serve_all(run, serving, group)
                for case in group:
                    say(f"[{len(rows) + 1}/{len(cases)}] {case.group}: {case.title}")
                    rows[case.key] = measured(case, run, (end - time.monotonic()) / (len(cases) - len(rows)))
        except Exception as error:
            say(f"    {as_reason(error)}")
            for case in group:
                rows.setdefault(case.key, as_rows(case, cells_of(case, str(as_reason(error)))))
    return [row for case in cases for row in rows[case.key]]


@contextlib.contextmanager
def made(recipe, size, site):
    folder = site.new_folder("arrays")
    try:
        array = make(recipe, size, folder / "array", site.is_writable)
        os.sync()  # what waits to be written would go to the disk while something is measured
        yield array
    finally:
        shutil.rmtree(folder)


def by_array(cases):
    """The cases that can share an array, which is made once for them and removed after."""
    groups = {}
    for case in cases:
        groups.setdefault((case.recipe, case.size, case.state if case.state.is_alone else None), []).append(case)
    return groups.items()


def serve_all(run, stack, cases):
    """Starts every rival that can serve the array, and checks what it delivers."""
    for rival in dict.fromkeys(rival for case in cases for rival in taking_part(case)):
        guard().deadline(4 * run.site.seconds)
        try:
            contender = stack.enter_context(rival.serve(run.array, run.site))
            if rival is not rivals.LIMIT:
                check(contender, run.array, run.site)
            run.contenders[rival.name] = contender
        except Exception as error:  # whatever it is, the others can still be measured
            run.contenders[rival.name] = as_reason(error)
            say(f"    {rival.title}: {run.contenders[rival.name]}")
    limit, ndcat = (run.contenders[rival.name] for rival in (rivals.LIMIT, rivals.NDCAT))
    if isinstance(limit, Contender) and isinstance(ndcat, Contender):
        with contextlib.suppress(OSError):
            copy_setting(ndcat.path, limit.path)


def as_reason(error):
    return error if isinstance(error, Cannot) else Cannot(f"{type(error).__name__}: {error}")


def taking_part(case):
    return [*rivals.RIVALS, *case.also]


def cells_of(case, reason=None):
    """Of each rival, the cell of each quantity."""
    return {rival.name: {quantity: Cell(reason=reason) for quantity in case.quantities} for rival in taking_part(case)}


def as_rows(case, cells):
    return [Row(case.key, case.group, ": ".join(filter(None, (case.title, quantity.label))), quantity,
                {name: of_rival[quantity] for name, of_rival in cells.items()}) for quantity in case.quantities]


def measured(case: Case, run: Run, seconds):
    """The case's rows: as many rounds as fit into the time; at least one, but only of those that matter most if there is no
    time left at all."""
    run.state = case.state
    cells = cells_of(case)
    if seconds <= 0:
        for rival in set(rivals.RIVALS) - {rivals.NATIVE, rivals.LIMIT, rivals.NDCAT}:
            cells[rival.name] = {quantity: Cell(reason="the time for the whole run was up") for quantity in case.quantities}
    begin = time.monotonic()
    for number in range(run.scale.rounds):
        if number and (time.monotonic() - begin) * (number + 1) / number > seconds:
            break
        warm_up(run)
        for rival in taking_part(case):
            # A reader that hangs in a page fault cannot be ended; without its daemon it gets an error.
            guard().deadline(5 * run.scale.cell_seconds + 2 * run.site.seconds)
            record(cells[rival.name], case, rival, run)
    guard().deadline(0)
    return as_rows(case, cells)


def warm_up(run):
    paths = [*run.array.sources, run.array.native]
    if not run.is_cold and len(paths) < MANY:
        cache_states.keep(paths)


def record(cells, case, rival, run):
    """One measurement; a rival that has failed once in this case is not tried again."""
    if all(cell.reason for cell in cells.values()):
        figures = {}
    else:
        try:
            run.standing(rival)  # who could not serve the array, or served a wrong one, is not measured at all
            figures = case.operation.measure(rival, run)
        except Exception as error:
            figures = {}
            for cell in cells.values():
                cell.reason = str(as_reason(error))
    for quantity, cell in cells.items():
        cell.figures.append(figures.get(quantity.key))
        if cell.figures[-1] is None and cell.reason is None:
            cell.reason = f"has no {quantity.label or quantity.unit} here"


def say(text):
    print(text, file=sys.stderr, flush=True)
