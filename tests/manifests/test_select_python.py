"""The text of "select" against Python's own reading of it."""

import json


class Brackets:
    def __getitem__(self, item):
        return item if isinstance(item, tuple) else (item,)


class FakeNumpy:
    newaxis = None


LARGEST = 2**63 - 1


def clamp(number):
    return None if number is None else max(-LARGEST - 1, min(LARGEST, number))


def python_items(text):
    """As parser_oracle.cc tells them, or None where Python refuses or it is no basic index."""
    try:
        names = {"brackets": Brackets(), "newaxis": None, "np": FakeNumpy}
        items = eval(f"brackets[{text}]", {"__builtins__": {}}, names)
    except (SyntaxError, NameError, TypeError, AttributeError, ValueError):
        return None
    result = []
    for item in items:
        if item is Ellipsis:
            result.append("...")
        elif item is None:
            result.append(None)
        elif type(item) is int and -LARGEST - 1 <= item <= LARGEST:
            result.append(item)
        elif type(item) is slice and item.step != 0:
            parts = [item.start, item.stop, item.step]
            if any(type(part) not in (int, type(None)) for part in parts):
                return None
            result.append([clamp(part) for part in parts])
        else:
            return None
    return result


def space(rng):
    return rng.choice(["", "", "", " ", "  "])


def integer(rng):
    number = rng.choice([0, 1, 2, 10, 12345, LARGEST, 10**25])
    digits = rng.choice([str(number), f"{number:_}", "00" if number == 0 else str(number)])
    return rng.choice(["", "-", "+", "- "]) + digits


def part(rng):
    return rng.choice(["", integer(rng), integer(rng), "None"])


def item(rng):
    kind = rng.randrange(5)
    if kind == 0:
        return rng.choice(["...", "newaxis", "np.newaxis", "None"])
    if kind == 1:
        return integer(rng)
    return (space(rng) + ":" + space(rng)).join(part(rng) for _ in range(rng.choice([2, 2, 3])))


def test_whatever_python_writes_is_read(parsers, rng):
    taken = 0
    for _ in range(10000):
        text = (space(rng) + "," + space(rng)).join(item(rng) for _ in range(rng.randrange(1, 6)))
        text = text + rng.choice(["", "", ",", ", "])
        expected = python_items(text)
        ok, answer = parsers("select", text)
        assert ok == (expected is not None), (text, answer, expected)
        if ok:
            taken += 1
            assert json.loads(answer) == expected, text
    assert taken > 5000


PARTS = "1 2 0 : : , - + ... . _ None newaxis np x [ ] (".split() + [" "]


def test_damaged_texts_are_read_as_python_reads_them_or_refused(parsers, rng):
    taken = 0
    for _ in range(30000):
        text = "".join(rng.choices(PARTS, k=rng.randrange(0, 8)))
        ok, answer = parsers("select", text)
        if ok:
            taken += 1
            assert json.loads(answer) == python_items(text), text
    assert taken > 500
