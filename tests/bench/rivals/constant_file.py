"""A FUSE file that answers from one constant buffer: the limit of what any FUSE file system can do (constant_fuse.cc)."""

import contextlib

from bench.contender import Contender
from bench.daemons import mounted


class ConstantFile:
    name, title = "constant", "constant FUSE file"

    @contextlib.contextmanager
    def serve(self, array, site):
        folder = site.new_folder(self.name)
        command = [*site.prefix, site.program("tests/bench/constant_fuse"), str(array.size), folder, "rw" if site.is_writable else "ro"]
        with mounted(command, folder, site.seconds) as process:
            yield Contender(path=folder / "constant", daemons=lambda: (process.pid,))
