"""An array while it exists, and the rivals that serve it."""

import contextlib
import shutil
from dataclasses import dataclass, field

from bench import cache_states, rivals
from bench.checking import check
from bench.contender import Cannot, Contender, Site, as_reason
from bench.making import MadeArray, make, write_parts
from bench.progress import say
from bench.read_ahead import copy_setting
from bench.scale import Scale
from bench.throttle import Throttle
from support.ndcat import guard


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


@contextlib.contextmanager
def made(recipe, size, scale, site):
    folder = site.new_folder("arrays")
    try:
        array = make(recipe, size, folder / "array", site.is_writable)
        cache_states.write_out(folder, scale)
        yield array
    finally:
        shutil.rmtree(folder)


def serve_all(run, stack, taking_part):
    """Starts every rival that can serve the array, and checks what it delivers."""
    for rival in taking_part:
        guard().deadline(4 * run.site.seconds)
        try:
            contender = stack.enter_context(rival.serve(run.array, run.site))
            if rival is not rivals.LIMIT:
                check(contender, run.array, run.site)
            run.contenders[rival.name] = contender
        except Exception as error:  # whatever it is, the others can still be measured
            run.contenders[rival.name] = as_reason(error)
            if run.site.is_writable:  # it may have written, and to where it must not; even files can have grown
                write_parts(run.array)
            say(f"    {rival.title}: {run.contenders[rival.name]}")
    limit, ndcat = (run.contenders[rival.name] for rival in (rivals.LIMIT, rivals.NDCAT))
    if isinstance(limit, Contender) and isinstance(ndcat, Contender):
        with contextlib.suppress(OSError):
            copy_setting(ndcat.path, limit.path)
