"""Casts as NumPy does them, where NumPy 1.24 can be trusted with them, and why not where it cannot."""

import contextlib

import numpy as np


class Rejected(Exception):
    """NumPy, or the contract, has no result for this manifest."""

    @property
    def depends_on_values(self):
        """NumPy could say so only when it came upon a certain element: ndcat may serve the file and fail to read it."""
        return isinstance(self.__cause__, (UnicodeError, RuntimeError))


class Undecided(Exception):
    """NumPy 1.24 has a bug here and its answer, if any, means nothing."""


def cast(array, dtype):
    # Some texts are numbers or times, some are not: ndcat refuses the cast as such (and NumPy 1.24 crashes on some).
    if reads_text(array.dtype, dtype):
        raise Rejected(f"{array.dtype} would have to be read as {dtype}")
    if writes_time_span(array.dtype, dtype):
        raise Undecided("NumPy writes behind the end of its memory when it writes a time span as text")
    if leaves_range(array, dtype):
        raise Undecided("C leaves open what a float beyond an integer's range becomes, and NumPy's loops differ in it")
    if array.size == 0:  # NumPy notices no impossible cast where there is nothing to cast; ndcat does
        with contextlib.suppress(RuntimeError):  # unless it speaks of this one value only
            np.zeros(1, array.dtype).astype(dtype)
    return array.astype(dtype)


def leaves_range(array, dtype):
    """Whether a float becomes an integer or a time that cannot hold it, anywhere in a structure."""
    array = array.reshape(-1)  # an array of rank 32 has no room for the axes of a sub-array
    if array.dtype.names and dtype.names:
        return any(leaves_range(array[a], dtype.fields[b][0].base) for a, b in zip(array.dtype.names, dtype.names))
    if array.dtype.names or dtype.names:
        pairs = [(array[name], dtype) for name in array.dtype.names or ()]
        pairs += [(array, dtype.fields[name][0].base) for name in dtype.names or ()]
        return any(leaves_range(part, target) for part, target in pairs)
    if array.dtype.kind not in "fc" or dtype.kind not in "iumM":
        return False
    limits = np.iinfo(dtype if dtype.kind in "iu" else "i8")
    values = array.real.astype("longdouble")
    return not np.all((values > np.longdouble(limits.min) - 1) & (values < np.longdouble(limits.max) + 1))


def mixable(arrays):
    """The same arrays, unless NumPy's cast to their common type would damage its memory."""
    kinds = {kind for array in arrays for kind in simple_kinds(array.dtype)}
    if any(has_shrinking_sub_array(array.dtype) for array in arrays):
        raise Undecided("NumPy makes a broken dtype of sub-arrays whose elements lose their gaps")
    if "m" in kinds and kinds & set("SU"):
        raise Undecided("time spans and texts")
    return arrays


def leaves(nest):
    return [leaf for each in nest for leaf in leaves(each)] if isinstance(nest, list) else [nest]


def simple_kinds(dtype):
    if dtype.subdtype:
        return simple_kinds(dtype.base)
    if dtype.names:
        return {kind for name in dtype.names for kind in simple_kinds(dtype.fields[name][0])}
    return {dtype.kind}


def has_shrinking_sub_array(dtype):
    if dtype.subdtype and dtype.base.names:
        shrinks = np.promote_types(dtype.base, dtype.base).itemsize != dtype.base.itemsize
        return shrinks or has_shrinking_sub_array(dtype.base)
    return bool(dtype.names) and any(has_shrinking_sub_array(dtype.fields[name][0]) for name in dtype.names)


def writes_time_span(source, target):
    return "m" in simple_kinds(source) and bool(simple_kinds(target) & set("SU")) and source != target


def reads_text(source, target):
    """Whether a cast reads text as something else, anywhere in a structure."""
    if source.subdtype or target.subdtype:
        return reads_text(source.base, target.base)
    if source.names and target.names:
        return any(reads_text(source.fields[a][0], target.fields[b][0]) for a, b in zip(source.names, target.names))
    if source.names:
        return any(reads_text(source.fields[name][0], target) for name in source.names)
    if target.names:
        return any(reads_text(source, target.fields[name][0]) for name in target.names)
    return source.kind in "SU" and target.kind not in "SUV"
