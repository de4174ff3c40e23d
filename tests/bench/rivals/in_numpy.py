"""What one does with NumPy alone."""

import contextlib
import functools

from bench.contender import Cannot, Contender
from bench.opened import Copied, Parts, Saved


class MapEachPart:
    name, title = "memmaps", "np.memmap per part"

    def serve(self, array, site):
        opener = functools.partial(Parts, array.grid, array.dtype, "r+" if site.is_writable else "r")
        return contextlib.nullcontext(Contender(open=opener, reads=tuple(array.sources)))


class Concatenate:
    """Into memory, all of it, and then the memory is fast."""

    name, title = "concatenate", "np.concatenate"

    def serve(self, array, site):
        refuse_to_write(site)
        opener = functools.partial(Copied, array.grid, array.dtype)
        return contextlib.nullcontext(Contender(open=opener, copies_first=True, reads=tuple(array.sources)))


class Materialise:
    """Into a file, and then the file is a native one."""

    name, title = "materialise", "np.concatenate, np.save"

    @contextlib.contextmanager
    def serve(self, array, site):
        refuse_to_write(site)
        folder = site.new_folder(self.name)
        path = folder / "saved.npy"
        try:
            yield Contender(open=functools.partial(Saved, array.grid, array.dtype, path), copies_first=True,
                            reads=(*array.sources, path))
        finally:
            path.unlink(missing_ok=True)


def refuse_to_write(site):
    if site.is_writable:
        raise Cannot("writes to its copy, not to the sources")
