"""Makes a failing manifest smaller while `ndcat cat` still disagrees with NumPy about it."""

import copy
import json

import casts
import comparison
import ndcat
import oracle

LISTS = ("concatenate", "stack", "block")
EXTRAS = ("select", "transpose", "astype", "order", "views", "title", "description", "missing")


def cat_disagreement(path):
    """What `ndcat cat` and NumPy disagree about, or None."""
    with open(path, encoding="utf-8") as file:
        views = json.load(file).get("views", ["npy"])
    view = "npy" if "npy" in views else "raw"
    done = ndcat.run("cat", "--view", view, path, check_sanitizers=False)
    if ndcat.SANITIZER_REPORT.search(done.stderr):
        return done.stderr.decode(errors="replace")
    try:
        result = oracle.evaluate(path)
    except casts.Undecided:
        return None
    except oracle.Rejected as rejection:
        may_be = done.returncode or rejection.depends_on_values
        return None if may_be else f"NumPy rejects it ({rejection}), but ndcat serves it"
    if done.returncode:
        return f"NumPy gives {result.array.dtype} {result.array.shape}, but ndcat says {done.stderr.decode()}"
    try:
        wanted = result.npy() if view == "npy" else result.raw()
        comparison.compare_bytes(view, done.stdout, wanted, len(wanted) - result.array.nbytes, result.array.dtype)
    except comparison.Difference as difference:
        return str(difference)
    return None


def shrink(path, attempts=400):
    """Rewrites the manifest in place; returns its text. Does nothing when `ndcat cat` has no fault with it."""
    with open(path, encoding="utf-8") as file:
        best = json.load(file)
    first = cat_disagreement(path)
    if first is None:
        return json.dumps(best)
    progress = True
    while progress and attempts > 0:
        progress = False
        for candidate in smaller(best):
            attempts -= 1
            write(path, candidate)
            try:
                found = cat_disagreement(path)
            except (KeyError, TypeError):  # no manifest any more: an object has lost its verb
                continue
            if found and found[:12] == first[:12]:
                best, progress = candidate, True
                break
            if attempts <= 0:
                break
    write(path, best)
    return json.dumps(best)


def write(path, root):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(root, file)


def smaller(root):
    """All manifests that are one step smaller: a child in its parent's place, an element or a modifier left out."""
    for way in places(root, ()):
        node = at(root, way)
        if isinstance(node, dict):
            for key in LISTS:
                for child in flat(node.get(key, [])):
                    yield put(root, way, child)
            for key in EXTRAS:
                if key in node:
                    yield put(root, way, {k: v for k, v in node.items() if k != key})
        elif isinstance(node, list) and len(node) > 1:
            for i in range(len(node)):
                yield put(root, way, node[:i] + node[i + 1:])


def flat(nest):
    for each in nest:
        if isinstance(each, list):
            yield from flat(each)
        else:
            yield each


def places(node, way):
    yield way
    if isinstance(node, dict):
        for key in LISTS:
            if key in node:
                yield from places(node[key], (*way, key))
    elif isinstance(node, list):
        for i, child in enumerate(node):
            yield from places(child, (*way, i))


def at(root, way):
    for step in way:
        root = root[step]
    return root


def put(root, way, value):
    if not way:
        value = {"path": value} if isinstance(value, str) else value
        return {**value, **({"defaults": root["defaults"]} if "defaults" in root else {})}
    result = copy.deepcopy(root)
    at(result, way[:-1])[way[-1]] = value
    return result
