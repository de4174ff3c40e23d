"""Promotion against NumPy: every pair, and random longer lists, of some ninety dtypes."""

import itertools
import random

import numpy as np
import oracle


def numpy_answer(function, dtypes):
    try:
        return function([np.dtype(d, copy=True) for d in dtypes])
    except Exception as error:  # whatever NumPy raises is a refusal
        return error


def result_type(dtypes):
    return np.result_type(*dtypes)


def concatenate(dtypes):
    result = result_type(dtypes)
    if is_broken(result):  # np.concatenate writes beyond its end
        return result
    return np.concatenate([np.empty(0, d) for d in dtypes]).dtype


def is_broken(dtype):
    """NumPy 1.24 keeps the size of a sub-array whose elements change theirs."""
    if dtype.subdtype:
        base, shape = dtype.subdtype
        return is_broken(base) or dtype.itemsize != base.itemsize * int(np.prod(shape))
    return any(is_broken(dtype.fields[name][0]) for name in dtype.names or ())


def check(question, function, lists):
    answers = oracle.ask([f"{question} {len(d)} {' '.join(map(oracle.encoded, d))}" for d in lists])
    wrong = []
    for dtypes, answer in zip(lists, answers):
        expected = numpy_answer(function, dtypes)
        if isinstance(expected, Exception) or is_broken(expected):
            right = answer.startswith("error ")
        else:
            right = answer == f"ok {expected}"
        if not right:
            wrong.append(f"{question} of {list(map(str, dtypes))}: {answer}; NumPy: {expected}")
    assert not wrong, f"{len(wrong)} of {len(lists)} wrong, NDCAT_SEED={oracle.SEED}:\n" + "\n".join(wrong[:20])


def random_lists(count, longest, dtypes):
    random_ = random.Random(oracle.SEED)
    return [random_.choices(dtypes, k=random_.randint(3, longest)) for _ in range(count)]


SINGLES = [[d] for d in oracle.DTYPES]
PAIRS = [list(p) for p in itertools.product(oracle.DTYPES, repeat=2)]


def test_names():
    answers = oracle.ask([f"name {oracle.encoded(d)}" for d in oracle.DTYPES])
    assert answers == [f"ok {d.str} {d}" for d in oracle.DTYPES]


def test_result_type_of_one_and_two():
    check("result", result_type, SINGLES + PAIRS)


def test_concatenate_of_one_and_two():
    check("concatenate", concatenate, SINGLES + PAIRS)


def test_result_type_of_many():
    check("result", result_type, random_lists(4000, 6, oracle.DTYPES))


def test_concatenate_of_many():
    check("concatenate", concatenate, random_lists(4000, 6, oracle.DTYPES))


def test_lists_of_one_kind():
    """Where most lists have a result: numbers (not a left fold), times, texts with numbers, structures."""
    for dtypes in (
        oracle.NUMBERS + oracle.SWAPPED_NUMBERS,
        oracle.TIMES,
        oracle.TIMES[11:] + oracle.NUMBERS[:9],
        oracle.NUMBERS + oracle.TEXTS,
        oracle.STRUCTURES[:6],
        oracle.STRUCTURES[11:14],
    ):
        check("result", result_type, random_lists(3000, 9, dtypes))
        check("concatenate", concatenate, random_lists(3000, 9, dtypes))


def test_random_time_units():
    random_ = random.Random(oracle.SEED)

    def unit(kind):
        count = random_.choice([1, 1, 2, 3, 7, 12, 60, 1000, 86400, 10**6, 2**31 - 1, random_.randrange(1, 2**31)])
        return np.dtype(f"{kind}8[{count}{random_.choice('Y M W D h m s ms us ns ps fs as'.split())}]")

    lists = [[unit(random_.choice("Mm")) for _ in range(random_.randint(2, 4))] for _ in range(4000)]
    lists += [[unit(kind), unit(kind)] for kind in "Mm" for _ in range(4000)]
    check("result", result_type, lists)
    check("concatenate", concatenate, lists)
