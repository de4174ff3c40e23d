"""The memory that serving an array takes, after all of it has been read and then some of it at random."""

from bench import isolated
from bench.contender import Cannot
from bench.daemons import own_memory
from bench.operations.touch import ACCESS, run_access

MIB = 1 << 20


class Memory:
    def measure(self, rival, run):
        with rival.serve(run.array, run.site) as contender:
            if contender.path is None:
                own, resident = isolated.run(of_python, contender.open, seconds=3 * run.scale.cell_seconds)
            elif not contender.daemons():
                raise Cannot("nothing serves it")
            else:
                self.use(contender.path, run)
                own, resident = own_memory(contender.daemons())
        return {"own": own / MIB, "resident": resident / MIB}

    def use(self, path, run):
        for pattern in ("read", "pread-page"):
            run_access([run.site.program(ACCESS), pattern, path, "--seconds", run.scale.cell_seconds], 2 * run.scale.cell_seconds + 10)


def of_python(opener):
    """What the array adds to a process that has its libraries loaded."""
    own_before, resident_before = own_memory(["self"])
    array = opener()
    array.total()
    own, resident = own_memory(["self"])
    return own - own_before, resident - resident_before
