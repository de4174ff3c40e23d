"""The manifest language, evaluated by NumPy in memory: what ndcat must agree with.

It reads a manifest's text and nothing else of the generator's, so a kept failing case can be looked at alone:
    python3 oracle.py MANIFEST
"""

import ast
import glob
import io
import json
import os
import re
import sys
import warnings

import numpy as np

import dtypes
from casts import Rejected, cast, leaves, mixable

RAW_KEYS = ("dtype", "shape", "order", "offset")
# RuntimeError: what NumPy says of a date that does not fit the width of the text that it is cast to.
NUMPY_REFUSALS = (ValueError, TypeError, IndexError, OverflowError, SyntaxError, RuntimeError, FileNotFoundError)


class Result:
    """The array that a manifest means, and the files that show it."""

    def __init__(self, array, views):
        self.array, self.views = array, views

    @property
    def order(self):
        flags = self.array.flags
        return "F" if flags.f_contiguous and not flags.c_contiguous else "C"

    def raw(self):
        return self.array.tobytes(self.order)

    def npy(self):
        file = io.BytesIO()
        with warnings.catch_warnings():  # of old readers that do not know version 2.0 or 3.0
            warnings.simplefilter("ignore")
            np.lib.format.write_array(file, self.array, allow_pickle=False)
        return file.getvalue()


def evaluate(path):
    """The array of the manifest at `path` as NumPy computes it. Raises Rejected."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return Manifest(path).result()
        except NUMPY_REFUSALS as error:
            raise Rejected(f"{type(error).__name__}: {error}") from error


class Manifest:
    def __init__(self, path):
        self.folder = os.path.dirname(path)
        with open(path) as file:
            self.root = json.load(file)
        self.defaults = self.root.get("defaults", {})

    def result(self):
        array = self.value(self.root)
        order = "K" if "path" in self.root else self.root.get("order", "K")
        if order != "K":
            array = np.asarray(array, order=order)
        result = Result(array, self.root.get("views", ["npy", "raw", "json"]))
        if "npy" in result.views:
            result.npy()  # np.save refuses some dtypes
        return result

    def value(self, expression):
        if isinstance(expression, str):
            expression = {"path": expression}
        return self.modified(self.verb(expression), expression)

    def modified(self, array, expression):
        if "select" in expression:
            array = array[parse_selection(expression["select"])]
        if "transpose" in expression:
            axes = expression["transpose"]
            array = array.transpose() if axes is True else array.transpose(axes)
        if "astype" in expression:
            array = cast(array, dtypes.from_json(expression["astype"]))
        return array

    def verb(self, expression):
        if "concatenate" in expression:
            return np.concatenate(mixable(self.elements(expression["concatenate"])), expression.get("axis", 0))
        if "stack" in expression:
            return np.stack(mixable(self.elements(expression["stack"])), expression.get("axis", 0))
        if "block" in expression:
            nest = self.nest(expression["block"])
            mixable(leaves(nest))
            return np.block(nest)
        if "full" in expression:
            return full(expression)
        return self.source(os.path.join(self.folder, expression["path"]), expression)

    def elements(self, listed):
        """The arrays of a list: globs spliced in, missing ones skipped or filled in the likeness of their neighbours."""
        arrays = []
        for expression in listed:
            arrays += self.spliced(expression)
        return [filled_like(array, arrays, i) if isinstance(array, dict) else array for i, array in enumerate(arrays)]

    def nest(self, listed):
        if isinstance(listed, list):
            return [part for each in listed
                    for part in ([self.nest(each)] if isinstance(each, list) else self.spliced(each))]
        return self.value(listed)

    def spliced(self, expression):
        if isinstance(expression, str) and re.search(r"[*?\[{]", expression):
            expression = {"glob": expression}
        if isinstance(expression, str) or not {"glob", "path"} & expression.keys():
            return [self.value(expression)]
        if "glob" in expression:
            rest = {key: value for key, value in expression.items() if key not in ("glob", "missing")}
            paths = [path for name in expand_braces(expression["glob"]) for path in self.matches(name)]
            present = [dict(rest, path=path) for path in paths]
        else:
            present = [expression]
        return [array for each in present for array in self.present_or_missing(each, expression.get("missing"))]

    def matches(self, name):
        if not re.search(r"[*?\[]", name):
            return [name]
        found = [path for path in glob.glob(name, root_dir=self.folder, recursive=True)
                 if not os.path.isdir(os.path.join(self.folder, path))]
        return sorted(found, key=natural_key) or [name]

    def present_or_missing(self, expression, missing):
        if os.path.exists(os.path.join(self.folder, expression["path"])) or missing in (None, "error"):
            return [self.value(expression)]
        if missing == "skip" or "shape" not in expression:
            reject_selection_of_no_array(expression.get("select", "..."))
            return [] if missing == "skip" else [{"full": missing["fill"]}]
        description = {**self.defaults, **{key: expression[key] for key in RAW_KEYS if key in expression}}
        array = filled(description["shape"], missing["fill"], dtypes.from_json(description["dtype"]))
        return [self.modified(np.asarray(array, order=description.get("order", "C")), expression)]

    def source(self, path, expression):
        description = {**self.defaults, **{key: expression[key] for key in RAW_KEYS if key in expression}}
        if path.endswith(".json") and "dtype" not in expression:
            # As if it were loaded from the other manifest's own virtual file: contiguous in that file's order.
            other = Manifest(path).result()
            return np.array(other.array, order=other.order)
        if "dtype" in description:
            return read_raw(path, description)
        return np.load(path, allow_pickle=False)


def reject_selection_of_no_array(text):
    """Refuses a text that is no selection, whatever array it would be applied to."""
    if any(isinstance(item, slice) and item.step == 0 for item in parse_selection(text)):
        raise Rejected("slice step cannot be zero")


def read_raw(path, description):
    dtype = dtypes.from_json(description["dtype"])
    offset = description.get("offset", 0)
    shape = list(description.get("shape", [-1]))
    available = os.path.getsize(path) - offset
    if available < 0:
        raise Rejected("the offset lies behind the end")
    if -1 in shape:
        rest = -int(np.prod(shape, dtype=object)) * dtype.itemsize
        if rest <= 0 or available % rest:
            raise Rejected("the size of the file does not divide by the shape")
        shape[shape.index(-1)] = available // rest
    count = int(np.prod(shape, dtype=object))
    if count * dtype.itemsize != available:
        raise Rejected("the file is too short or has extra bytes")
    array = np.fromfile(path, dtype, count, offset=offset) if count else np.empty(0, dtype)
    return array.reshape(shape, order=description.get("order", "C"))


def full(expression):
    dtype = dtypes.from_json(expression["dtype"]) if "dtype" in expression else None
    return filled(expression["shape"], expression["full"], dtype)


def filled(shape, value, dtype):
    """np.full; in a structure each field takes its own value of a list, and a sub-array takes one value for all of it."""
    if dtype is None or not dtype.names:
        return np.full(shape, value, dtype)
    element = np.zeros((), dtype)
    for name, each in zip(dtype.names, value):
        element[name][...] = filled((), each, dtype.fields[name][0].base)
    return np.full(shape, element, dtype)


def filled_like(filler, arrays, position):
    """The nearest neighbours before and after say what a missing source looks like, and must agree."""
    before = [array for array in arrays[:position] if not isinstance(array, dict)][-1:]
    after = [array for array in arrays[position:] if not isinstance(array, dict)][:1]
    likeness = {(array.shape, array.dtype.newbyteorder("=")) for array in before + after}
    if len(likeness) != 1:
        raise Rejected(f"the neighbours do not say what the missing source looks like: {likeness}")
    dtype = (before + after)[0].dtype.newbyteorder("=")
    if not holds(dtype, filler["full"]):
        raise Rejected(f"{dtype} cannot hold {filler['full']}")
    return filled(likeness.pop()[0], filler["full"], dtype)


def holds(dtype, value):
    """Whether a fill is kept as it is written: ndcat does not cut or round it where NumPy would."""
    if dtype.kind in "SU":
        return isinstance(value, str) and len(value) <= dtype.itemsize // (1 if dtype.kind == "S" else 4)
    if dtype.kind in "biu" and isinstance(value, (int, float)):
        return bool(np.full((), value, dtype) == value)
    return dtype.kind not in "mM" or not isinstance(value, float)


def parse_selection(text):
    """The index that stands between the brackets, as NumPy takes it; a 0-d result stays an array."""
    def item(node):
        if isinstance(node, ast.Slice):
            return slice(*(None if part is None else ast.literal_eval(part)
                           for part in (node.lower, node.upper, node.step)))
        if isinstance(node, ast.Name) and node.id == "newaxis":
            return None
        return ast.literal_eval(node)

    index = ast.parse(f"array[{text}]", mode="eval").body.slice
    items = tuple(item(node) for node in (index.elts if isinstance(index, ast.Tuple) else [index]))
    return items if any(each is ... for each in items) else (*items, ...)


def expand_braces(pattern):
    """As a shell does: {a,b}, {1..3}, {000..119}."""
    match = re.search(r"\{([^{}]*)\}", pattern)
    if not match:
        return [pattern]
    bounds = re.fullmatch(r"(\d+)\.\.(\d+)", match[1])
    if bounds:
        first, last = int(bounds[1]), int(bounds[2])
        padded = any(text.startswith("0") and len(text) > 1 for text in bounds.groups())
        width = max(map(len, bounds.groups())) if padded else 0
        step = 1 if first <= last else -1
        choices = [str(n).zfill(width) for n in range(first, last + step, step)]
    else:
        choices = match[1].split(",")
    return [name for choice in choices
            for name in expand_braces(pattern[:match.start()] + choice + pattern[match.end():])]


def natural_key(name):
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def main():
    result = evaluate(sys.argv[1])
    print(result.array.dtype, result.array.shape, result.order)
    print(result.array)


if __name__ == "__main__":
    main()
