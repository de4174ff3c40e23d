"""Runs a function in a process of its own, with a limit of time, so that nothing that it does can end the benchmark.

The processes are forked from one that has loaded the libraries, and nothing else, beforehand.
"""

import multiprocessing
import os
import signal

from bench.contender import Cannot

LIBRARIES = ["numpy", "h5py", "dask.array", "bench.rounds", "bench.report"]


def start():
    """Loads the libraries; what is not installed is left out, as by the forkserver itself."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LIBRARIES)
    return context


CONTEXT = start()


def run(function, *arguments, seconds):
    """What the function returns. Its exceptions become Cannot, and so does a time beyond the limit."""
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=report, args=(theirs, function, arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            raise Cannot(f"took more than {seconds:.0f} s")
        failed, value = ours.recv()
    except EOFError:
        process.join(5)
        raise Cannot(f"died of {death(process.exitcode)}") from None
    finally:
        process.kill()
        process.join(5)
    if failed:
        raise Cannot(value)
    return value


def report(pipe, function, arguments):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the benchmark itself
    try:
        pipe.send((False, function(*arguments)))
    except Cannot as why:
        pipe.send((True, str(why)))
    except BaseException as error:  # of whatever kind: it belongs into the table
        pipe.send((True, f"{type(error).__name__}: {error}"))
    os._exit(0)  # without the libraries' own last words


def death(code):
    return f"signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit status {code}"
