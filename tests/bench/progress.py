"""What the benchmark is doing, for whoever waits for it."""

import sys


def say(text):
    print(text, file=sys.stderr, flush=True)
