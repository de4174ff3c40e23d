"""Whatever a rival does in its process, the benchmark hears of it and goes on."""

import os
import signal
import time

import pytest

from bench import isolated
from bench.contender import Cannot


def fails(error):
    raise error


def kills_itself():
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_value_comes_back():
    assert isolated.run(max, 1, 2, seconds=60) == 2


@pytest.mark.parametrize("error, text", [(ValueError("no such thing"), "ValueError: no such thing"), (Cannot("no"), "^no$")])
def test_an_exception_is_a_reason(error, text):
    with pytest.raises(Cannot, match=text):
        isolated.run(fails, error, seconds=60)


def test_a_crash_is_a_reason():
    with pytest.raises(Cannot, match="died of signal SIGKILL"):
        isolated.run(kills_itself, seconds=60)


def test_time_is_limited():
    begin = time.monotonic()
    with pytest.raises(Cannot, match="took more than 1 s"):
        isolated.run(time.sleep, 600, seconds=1)
    assert time.monotonic() - begin < 60
