"""The parsers behind a pipe, and the seed of the random tests."""

import os
import random
import subprocess

import pytest


class Parsers:
    """Calls into ndcat's parsers, through the program that NDCAT_PARSER_ORACLE names."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, command, *arguments):
        """(True, answer) or (False, message), both as bytes."""
        arguments = [a.encode() if isinstance(a, str) else a for a in arguments]
        line = " ".join([command, *(a.hex() or "-" for a in arguments)])
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        reply = self.process.stdout.readline().decode()
        assert reply.endswith("\n"), f"the parser died of: {command} {arguments}"
        outcome, _, answer = reply.strip().partition(" ")
        return outcome == "ok", bytes.fromhex(answer)

    def close(self):
        self.process.stdin.close()
        return self.process.wait(timeout=10)


@pytest.fixture(scope="session")
def parsers():
    parsers = Parsers(os.environ["NDCAT_PARSER_ORACLE"])
    yield parsers
    assert parsers.close() == 0


@pytest.fixture
def rng(request):
    """Random numbers; pytest shows the seed of a test that fails, NDCAT_SEED gives it back."""
    seed = int(os.environ.get("NDCAT_SEED") or random.SystemRandom().randrange(2**32))
    print(f"NDCAT_SEED={seed} ({request.node.name})")
    return random.Random(seed)
