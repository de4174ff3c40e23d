"""ndcat itself, as it comes, except that it keeps no pages from one open to the next unless asked: sources that are older
than a minute are trusted, and the benchmark must not depend on how long ago it wrote them."""

import contextlib

from bench.contender import Contender
from bench.daemons import mounted


class NdcatMount:
    def __init__(self, name, title, manifest="joined", options=()):
        self.name, self.title, self.manifest, self.options = name, title, manifest, options

    @contextlib.contextmanager
    def serve(self, array, site):
        folder = site.new_folder(self.name)
        options = ",".join(("settle=1000000000", *self.options, *(["rw"] if site.is_writable else [])))
        command = [*site.prefix, site.program("ndcat"), "mount", array.folder, folder, "-f", "-o", options]
        with mounted(command, folder, site.seconds) as process:
            yield Contender(path=folder / f"{self.manifest}.raw", daemons=lambda: (process.pid,),
                            renamed=lambda name: folder / f"{name}.raw",
                            reads=tuple(array.sources if self.manifest == "joined" else [array.native]))
