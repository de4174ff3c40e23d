"""How long one waits for the first element, from nothing but the sources and a manifest."""

import shutil
import time

from bench import isolated
from bench.contender import Cannot


class FirstElement:
    """With the start of whatever serves the array: a mount, a virtual dataset, a copy."""

    def measure(self, rival, run):
        begin = time.perf_counter()
        with rival.serve(run.array, run.site) as contender:
            return {"ms": 1000 * (touched(contender, begin) if contender.path else
                                  time.perf_counter() - begin + opened(contender, run))}


class NewManifest:
    """In a mount that stands already, where there are mounts."""

    def measure(self, rival, run):
        contender = run.standing(rival)
        if contender.path is None:
            return FirstElement().measure(rival, run)
        if contender.renamed is None:
            raise Cannot("knows no manifests")
        name = f"again-{time.monotonic_ns()}"
        begin = time.perf_counter()
        shutil.copyfile(run.array.folder / "joined.json", run.array.folder / f"{name}.json")
        return {"ms": 1000 * touched(contender, begin, contender.renamed(name))}


def touched(contender, begin, path=None):
    with open(path or contender.path, "rb", buffering=0) as file:
        file.read(8)
    return time.perf_counter() - begin


def opened(contender, run):
    return isolated.run(open_and_touch, contender.open, seconds=3 * run.scale.cell_seconds)


def open_and_touch(opener):
    begin = time.perf_counter()
    opener().run(0, 0, 1)
    return time.perf_counter() - begin
