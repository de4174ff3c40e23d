"""nbdfuse over nbdkit's split plugin: files one after the other, as a file."""

import contextlib
import shutil

from bench.contender import Cannot, Contender
from bench.daemons import mounted, with_children


class NbdSplit:
    name, title = "nbdfuse", "nbdfuse, nbdkit split"

    @contextlib.contextmanager
    def serve(self, array, site):
        refuse(array)
        read_only = [] if site.is_writable else ["--readonly"]
        folder = site.new_folder(self.name)
        # `[ nbdkit ... ]` starts the server on a socket of its own, which many requests may use at a time.
        command = [*site.prefix, "nbdfuse", *read_only, folder / "data.raw", "[", "nbdkit", "--exit-with-parent", *read_only, "split",
                   *array.sources, "]"]
        with mounted(command, folder, site.seconds) as process:
            yield Contender(path=folder / "data.raw", daemons=lambda: with_children(process.pid), reads=tuple(array.sources))


def refuse(array):
    for program in ("nbdfuse", "nbdkit"):
        if shutil.which(program) is None:
            raise Cannot(f"{program} is not installed")
    if any(len(row) > 1 for row in array.grid):
        raise Cannot("joins files end to end, nothing else")
    for row in array.grid:
        for part in row:
            if part.has_header:
                raise Cannot("cannot leave out the headers of .npy files")
            if part.dtype != array.dtype or part.order != "C" or not part.is_whole:
                raise Cannot("shows the bytes as they are stored")
