"""Random manifests over random files, grown from the wanted result inwards, so that most of them are valid.

Each function makes an expression whose value has the shape asked for, writing the files it needs into the case's
folder. Whether the whole is valid is for NumPy to say (oracle.py), not for the generator.
"""

import json
import math
import os

import numpy as np

import dtypes
import selections
import sources

LARGEST = 60000  # elements of any one source
MOST_FILES = 40  # of a case, about

class Case:
    """One manifest, `name`.json, with its sources in a folder of its own beside it."""

    def __init__(self, random, folder, name):
        self.random = random
        self.name = name
        self.folder = folder
        self.files = name + ".d"
        self.count = 0
        self.text = ""  # of all manifests written, nested ones first
        self.palette = dtypes.palette(random)
        # Sources that inherit their description leave nothing but the shape to be said of each.
        self.defaults = self.make_defaults() if random.random() < 0.1 else None
        os.mkdir(os.path.join(folder, self.files))

    @property
    def path(self):
        return os.path.join(self.folder, self.name + ".json")

    def make_defaults(self):
        self.palette = self.palette[:1]
        return {"dtype": dtypes.to_json(self.random, self.palette[0]),
                "order": self.random.choice("CF"), "offset": self.random.randint(0, 20)}

    def write(self):
        """Writes the manifest and all it needs; returns the text of all manifests."""
        shape = random_shape(self.random)
        root = self.expression(shape, self.random.choice([0, 1, 1, 2, 2, 3]))
        if isinstance(root, str):
            root = {"path": root}
        if self.random.random() < 0.06:
            spoil(self.random, root)
        if self.defaults:
            root["defaults"] = self.defaults
        self.add_root_keys(root)
        self.text += self.write_json(self.path, root)
        return self.text

    def add_root_keys(self, root):
        random = self.random
        if random.random() < 0.4 and "path" not in root:
            root["order"] = random.choice("KCF")
        if random.random() < 0.15:
            root["views"] = random.choice([["npy"], ["raw"], ["npy", "json"], ["json", "raw"], ["raw", "json", "npy"]])
        if random.random() < 0.05:
            root["title"], root["description"] = "A title", "What \u00e9lse"

    def write_json(self, path, root):
        text = json.dumps(root, ensure_ascii=self.random.random() < 0.5, indent=self.random.choice([None, 1]))
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return text

    def expression(self, shape, depth):
        """An expression of any kind, with or without modifiers, whose value has `shape`."""
        inner, modifiers = self.modifiers(shape) if self.random.random() < 0.35 else (shape, {})
        value = self.verb(inner, depth)
        if not modifiers:
            return value
        return {**({"path": value} if isinstance(value, str) else value), **modifiers}

    def modifiers(self, shape):
        """Modifiers and the shape of what they are to be applied to."""
        random, result = self.random, {}
        if random.random() < 0.35:
            result["astype"] = dtypes.to_json(random, dtypes.cast_target(random, random.choice(self.palette)))
        if random.random() < 0.4:
            axes = random.sample(range(len(shape)), len(shape))
            if random.random() < 0.3:
                axes = list(range(len(shape)))[::-1]
                result["transpose"] = True
            else:
                result["transpose"] = [axis - random.choice([0, len(shape)]) for axis in axes]
            shape = tuple(shape[axes.index(axis)] for axis in range(len(shape)))
        if random.random() < 0.6:
            text, larger = selections.random_selection(random, shape)
            if math.prod(larger) <= LARGEST:
                result["select"], shape = text, larger
        return shape, {key: result[key] for key in random.sample(sorted(result), len(result))}

    def verb(self, shape, depth):
        random = self.random
        if depth == 0 or self.count > MOST_FILES:
            return self.full(shape) if random.random() < 0.1 else self.leaf(shape)
        choices = {self.stacked: 3, self.full: 0.5, self.leaf: 0.5, self.nested_manifest: 1}
        if shape:
            choices.update({self.concatenated: 6, self.block: 3, self.globbed: 2})
        make = random.choices(list(choices), list(choices.values()))[0]
        return make(shape, depth - 1)

    def parts(self, extent):
        """The extents into which an axis is split; some may be zero."""
        count = self.random.choice([1, 2, 2, 3, 3, 4, 7])
        cuts = sorted(self.random.randint(0, extent) for _ in range(count - 1))
        return [b - a for a, b in zip([0, *cuts], [*cuts, extent])]

    def concatenated(self, shape, depth):
        axis = self.random.randrange(len(shape))
        listed = [self.expression(replaced(shape, axis, part), depth) for part in self.parts(shape[axis])]
        if self.random.random() < 0.1:
            listed.insert(self.random.randint(0, len(listed)), {"path": self.new_name("gone"), "missing": "skip"})
        if self.random.random() < 0.1 and shape[axis]:
            listed.append(self.filled(replaced(shape, axis, 1)))
        return self.with_axis({"concatenate": listed}, axis, len(shape))

    def stacked(self, shape, depth):
        axes = [axis for axis in range(len(shape)) if 1 <= shape[axis] <= 9]
        if not axes:
            return self.leaf(shape)
        axis = self.random.choice(axes)
        listed_shape = shape[:axis] + shape[axis + 1:]
        listed = [self.expression(listed_shape, depth) for _ in range(shape[axis])]
        if len(listed) > 1 and self.random.random() < 0.1:
            listed[self.random.randrange(len(listed))] = self.filled(None if len(self.palette) == 1 else listed_shape)
        return self.with_axis({"stack": listed}, axis, len(shape))

    def with_axis(self, expression, axis, rank):
        if axis or self.random.random() < 0.3:
            expression["axis"] = axis - self.random.choice([0, 0, rank])
        return expression

    def filled(self, shape):
        """A missing source with a fill value, its shape said or (None) left to its neighbours."""
        dtype = self.random.choice(self.palette)
        value = fill_value(self.random, dtype)
        if value is None:
            return {"path": self.new_name("gone.npy"), "missing": "skip"}
        expression = {"path": self.new_name("gone.npy"), "missing": {"fill": value}}
        if shape is not None:
            expression.update(dtype=dtypes.to_json(self.random, dtype), shape=list(shape))
        return expression

    def block(self, shape, depth):
        nesting = self.random.randint(1, min(len(shape), 3))

        def nest(shape, level):
            if level == nesting:
                leading = self.random.random() < 0.15
                return self.expression(shape[1:] if leading and shape[0] == 1 else shape, depth)
            axis = len(shape) - nesting + level
            return [nest(replaced(shape, axis, part), level + 1) for part in self.parts(shape[axis])]

        return {"block": nest(shape, 0)}

    def full(self, shape, _depth=0):
        dtype = self.random.choice(self.palette)
        value = fill_value(self.random, dtype)
        if value is None:
            return self.leaf(shape)
        return {"full": value, "shape": list(shape), "dtype": dtypes.to_json(self.random, dtype)}

    def nested_manifest(self, shape, depth):
        root = self.expression(shape, depth)
        root = {"path": root} if isinstance(root, str) else root
        self.add_root_keys(root)
        if self.defaults:
            root["defaults"] = self.defaults
        name = self.new_name("inner.json")
        # Paths are relative to the folder of the manifest that says them, and this one lies beside the sources.
        self.text += self.write_json(os.path.join(self.folder, name), moved(root, self.files + "/"))
        return {"path": name} if self.random.random() < 0.5 else name

    def globbed(self, shape, _depth):
        """A list whose files are named by a pattern: a natural order of numbers, a range in braces, folders."""
        random = self.random
        axis = random.randrange(len(shape))
        count = random.choice([n for n in (1, 2, 3, 4, 11) if shape[axis] % n == 0])
        part = replaced(shape, axis, shape[axis] // count)
        self.count += 1
        first = random.choice([0, 8, 97])
        style = random.choice(["star", "range", "padded", "list", "folders"])
        tokens = [f"{n:03}" if style == "padded" else str(n) for n in range(first, first + count)]
        stem = f"{self.files}/g{self.count}"
        middle = {"star": "*", "list": "{" + ",".join(tokens) + "}", "folders": "**/*"}.get(
            style, "{" + tokens[0] + ".." + tokens[-1] + "}")
        if style == "list" and count == 1:
            middle = tokens[0] + "*"
        names = [f"{stem}-{token}.dat" for token in tokens]
        pattern = f"{stem}-{middle}.dat"
        if style == "folders":
            names = [f"{stem}/run{token}/part.dat" for token in tokens]
            pattern = f"{stem}/**/*.dat"
        for name in names:
            os.makedirs(os.path.dirname(os.path.join(self.folder, name)), exist_ok=True)
        description = self.write_alike(names, part)
        element = dict(description, glob=pattern) if description or random.random() < 0.5 else pattern
        return self.with_axis({"concatenate": [element]}, axis, len(shape))

    def write_alike(self, names, shape):
        dtype = self.random.choice(self.palette)
        arrays = [sources.random_array(self.random, dtype, shape) for _ in names]
        paths = [os.path.join(self.folder, name) for name in names]
        if self.defaults or self.random.random() < 0.5:
            return [self.write_raw(path, array, 0) for path, array in zip(paths, arrays)][0]
        for path, array in zip(paths, arrays):
            sources.write_npy(self.random, path, array)
        return {}

    def leaf(self, shape, _depth=0):
        dtype = self.random.choice(self.palette)
        array = sources.random_array(self.random, dtype, shape)
        name = self.new_name(self.random.choice(["a", "b b", "s[1]*", "\u00fc", "x.raw", "x.npy"]))
        path = os.path.join(self.folder, name)
        if self.defaults or self.random.random() < 0.5:
            return {"path": name, **self.write_raw(path, array, self.random.choice([0, 0, 1, 7, 64]))}
        sources.write_npy(self.random, path, array)
        return name if "[" not in name and self.random.random() < 0.7 else {"path": name}

    def write_raw(self, path, array, offset):
        order = self.random.choice("CCF")
        if self.defaults:
            order, offset = self.defaults["order"], self.defaults["offset"]
        sources.write_raw(self.random, path, array, order, offset)
        description = sources.raw_description(self.random, array, order, offset)
        if self.defaults:
            return {"shape": list(array.shape)}
        return description

    def new_name(self, ending):
        self.count += 1
        return f"{self.files}/{self.count}-{ending}"


def random_shape(random):
    """Mostly small arrays of rank 0 to 6; sometimes of rank 32, without elements, or of a few hundred kilobytes."""
    size = random.random()
    if size < 0.04:
        shape = [1] * random.choice([7, 12, 20, 32])
        for _ in range(6):
            shape[random.randrange(len(shape))] = random.randint(1, 4)
        return tuple(shape)
    if size < 0.09:
        return random.choice([(random.randint(1000, 60000),), (300, random.randint(1, 200)), (40, 50, 20)])
    rank = random.choice([0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6])
    largest = {0: 1, 1: 60, 2: 25, 3: 9, 4: 6}.get(rank, 4)
    return tuple(0 if random.random() < 0.03 else random.randint(1, largest) for _ in range(rank))


def fill_value(random, dtype):
    """A value as JSON can say it, or None where it cannot (void)."""
    if dtype.subdtype:  # one value for all of it; a list would be taken for its elements
        return None if dtype.base.names else fill_value(random, dtype.base)
    if dtype.names:
        values = [fill_value(random, dtype.fields[name][0]) for name in dtype.names]
        return None if None in values else values
    if dtype.kind in "mM":
        return time_value(random, dtype)
    if dtype.kind in "SU":
        return "xyz"[:dtype.itemsize // (1 if dtype.kind == "S" else 4)]
    return {"b": random.choice([True, False]), "u": random.randint(0, 255), "i": random.randint(-128, 127),
            "f": random.choice([0, 1.5, -3, 1e3]), "c": random.choice([0, 2.5])}.get(dtype.kind)


def time_value(random, dtype):
    unit, count = np.datetime_data(dtype)
    if dtype.kind == "m" and unit != "generic":
        return random.choice(["NaT", random.randint(-99, 99)])
    dates = {"Y": "2001", "M": "2001-02", "D": "2001-02-03", "s": "2001-02-03T04:05:06", "ns": "1999-12-31"}
    return random.choice(["NaT", dates.get(unit, "NaT")]) if count == 1 else "NaT"


def replaced(shape, axis, extent):
    return (*shape[:axis], extent, *shape[axis + 1:])


def moved(expression, prefix):
    """The same expression with its paths shortened by `prefix`, for a manifest that lies in that folder itself."""
    if isinstance(expression, str):
        return expression.removeprefix(prefix)
    if isinstance(expression, list):
        return [moved(each, prefix) for each in expression]
    if isinstance(expression, dict):
        return {key: moved(value, prefix) if key in ("concatenate", "stack", "block", "path", "glob") else value
                for key, value in expression.items()}
    return expression


def spoil(random, root):
    """Makes one small mistake somewhere, as people make them."""
    nodes = [node for node in walk(root) if isinstance(node, dict)]
    node = random.choice(nodes)
    mistake = random.randrange(6)
    if mistake == 0 and "axis" in node:
        node["axis"] = min(node["axis"] + random.choice([-5, 1, 7]), 31)  # for NumPy axis 32 and more mean none
    elif mistake == 1:
        node["select"] = random.choice(["99", "0, 0, 0, 0, 0, 0, 0, 0", "..., ...", "::0", "-77"])
    elif mistake == 2:
        node["transpose"] = random.choice([[0, 0], [5], [0, 1, 2], [-9]])
    elif mistake == 3 and isinstance(node.get("shape"), list) and node["shape"]:
        node["shape"][random.randrange(len(node["shape"]))] += random.choice([1, 2])
    elif mistake == 4 and "offset" in node:
        node["offset"] += random.choice([1, 3, 1 << 40])
    else:
        lists = [node[key] for node in nodes for key in ("concatenate", "stack", "block") if node.get(key)]
        if lists:
            random.choice(lists).append(random.choice(["nowhere.npy", {"full": 1, "shape": [2, 3, 5], "dtype": "i4"}]))


def walk(expression):
    yield expression
    if isinstance(expression, dict):
        expression = [expression[key] for key in ("concatenate", "stack", "block") if key in expression]
    if isinstance(expression, list):
        for each in expression:
            yield from walk(each)


