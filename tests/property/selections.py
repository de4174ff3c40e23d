"""Random basic indices, grown from the wanted result inwards."""


def random_selection(random, shape):
    """The text of a selection, and the shape of an array that it turns into one of `shape`."""
    items, parent = [], []
    for extent in shape:
        if len(shape) < 20:  # the other array may have a higher rank, but 32 is NumPy's limit
            maybe_integer(random, items, parent)
        if extent == 1 and random.random() < 0.2:
            items.append(random.choice(["newaxis", "None"]))
        elif random.random() < 0.45 or extent > 2000:
            items.append(":")
            parent.append(extent)
        else:
            text, length = random_slice(random, extent)
            items.append(text)
            parent.append(length)
    return random.choice([", ", ","]).join(with_ellipsis(random, items)), tuple(parent)


def maybe_integer(random, items, parent):
    if random.random() < 0.12:
        length = random.randint(1, 3)
        index = random.randrange(length)
        items.append(str(index - random.choice([0, length])))
        parent.append(length)


def random_slice(random, extent):
    """A slice that takes `extent` elements, and the length of the axis that it takes them from."""
    if extent == 0:
        return random.choice([("3:3", 5), ("4:1", 5), ("1:3:-1", 4), ("0:0", 0), ("9:", 6), (":-7", 7)])
    step = random.choice([1, 1, 1, 2, 3, -1, -1, -2])
    before, after = random.choice([0, 0, 1, 3]), random.choice([0, 0, 1, 2])
    length = (extent - 1) * abs(step) + 1 + before + after
    if step > 0:
        start, stop = before, length - after
    else:
        start, stop = length - 1 - before, after - 1
    start_text, stop_text = edge(random, start, length), edge(random, stop, length)
    if random.random() < 0.5 and start == (0 if step > 0 else length - 1):
        start_text = ""
    if stop == -1 or random.random() < 0.5 and stop == length:
        stop_text = ""
    step_text = "" if step == 1 and random.random() < 0.8 else f":{step}"
    return f"{start_text}:{stop_text}{step_text}", length


def edge(random, position, length):
    if 0 <= position < length and random.random() < 0.3:
        return str(position - length)
    return str(position)


def with_ellipsis(random, items):
    """The same with a run of whole axes written as an ellipsis, or left out at the end."""
    if random.random() < 0.4:
        start = random.randint(0, len(items))
        end = start
        while end < len(items) and items[end] == ":":
            end += 1
        return [*items[:start], "...", *items[end:]]
    while items and items[-1] == ":" and random.random() < 0.5:
        items = items[:-1]
    return items or ["..."]
