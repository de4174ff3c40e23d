"""Measures cases: A B A B, all rivals in turn in every round, so that the machine's moods meet all of them alike."""

import contextlib
import dataclasses
import time

from bench import cache_states, rivals
from bench.cases import Case
from bench.contender import as_reason
from bench.figures import Cell, Row
from bench.progress import say
from bench.serving import Run, made, serve_all
from support.ndcat import guard

MANY = 1000  # source files beyond which they are not read again before every round


def measure_all(cases, scale, site, throttle):
    """The rows of all cases. The time that is left is shared out among the cases that are left."""
    end = time.monotonic() + scale.seconds
    rows = {}
    for (recipe, size, _), group in by_array(cases):
        state = group[0].state
        say(f"making: {recipe.title}, {size >> 20} MiB")
        try:
            with contextlib.ExitStack() as stack:
                here = dataclasses.replace(site, is_writable=isinstance(state, cache_states.Writable))
                run = Run(scale, here, throttle, stack.enter_context(made(recipe, size, scale, here)))
                # What stands while others are measured cold would hold on to pages of the sources.
                with contextlib.ExitStack() if state is cache_states.COLD else contextlib.nullcontext(stack) as serving:
                    serve_all(run, serving, dict.fromkeys(rival for case in group for rival in taking_part(case)))
                for case in group:
                    say(f"[{len(rows) + 1}/{len(cases)}] {case.group}: {case.title}")
                    rows[case.key] = measured(case, run, (end - time.monotonic()) / (len(cases) - len(rows)))
        except Exception as error:
            say(f"    {as_reason(error)}")
            for case in group:
                rows.setdefault(case.key, as_rows(case, cells_of(case, str(as_reason(error)))))
    return [row for case in cases for row in rows[case.key]]


def by_array(cases):
    """The cases that can share an array, which is made once for them and removed after."""
    groups = {}
    for case in cases:
        groups.setdefault((case.recipe, case.size, case.state if case.state.is_alone else None), []).append(case)
    return groups.items()


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
