"""Random manifests over random files, mounted and compared with NumPy byte for byte.

Prints TAP: one line for each batch of cases. Environment:
    NDCAT_CASES   how many cases (default 4000)
    NDCAT_SEED    the seed that an earlier run printed, or seed/number for one of its cases alone
    NDCAT_KEEP    the folder in which failing cases are kept (default: a new one)
and those of tests/support/ndcat.py. Each failing case is kept as a manifest with its sources, made as small as
possible.
"""

import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import traceback

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "support"))

# pylint: disable=wrong-import-position
import casts
import comparison
import expressions
import mechanisms
import ndcat
import oracle
import shrinking

BATCH = 100  # cases in one mounted folder


class Batch:
    """Some cases in one folder, under one mount. The counts and `failures` say how it went."""

    def __init__(self, seed, numbers):
        self.seed, self.numbers = seed, numbers
        self.options = mechanisms.mount_options(numbers[0] // BATCH)
        self.served = self.rejected = self.undecided = 0
        self.failures = []

    def run(self):
        with tempfile.TemporaryDirectory(prefix="ndcat-cases-") as folder:
            cases = [self.write(folder, number) for number in self.numbers]
            with ndcat.Mount(folder, *self.options) as mount:
                for number, case in zip(self.numbers, cases):
                    ndcat.guard().deadline(60)
                    self.check(number, case, mount)
                ndcat.guard().deadline(0)
        return self

    def write(self, folder, number):
        case = expressions.Case(random.Random(f"{self.seed}/{number}"), folder, f"c{number}")
        case.write()
        return case

    def check(self, number, case, mount):
        mounted = comparison.MountedCase(case.random, str(mount), case.name)
        try:
            try:
                result = oracle.evaluate(case.path)
            except casts.Undecided:
                self.undecided += 1
                return
            except oracle.Rejected as rejection:
                self.rejected += 1
                mounted.is_rejected(rejection, "select" in case.text)
            else:
                self.served += 1
                mounted.agrees_with(result)
            if case.random.random() < 0.15:
                difference = shrinking.cat_disagreement(case.path)
                comparison.expect(not difference, "ndcat cat: {}", difference)
        except Exception as error:  # whatever it is, the other cases are to be checked
            self.failures.append(self.report(number, case, mount, error))

    def report(self, number, case, mount, error):
        kept = os.path.join(os.environ["NDCAT_KEEP"], f"{self.seed}-{number}")
        shutil.rmtree(kept, ignore_errors=True)
        os.makedirs(kept)
        shutil.copy(case.path, kept)
        shutil.copytree(os.path.join(case.folder, case.files), os.path.join(kept, case.files))
        with open(case.path, encoding="utf-8") as file:
            text = file.read()
        what = str(error) if isinstance(error, comparison.Difference) else "".join(traceback.format_exception(error))
        try:
            small = shrinking.shrink(os.path.join(kept, os.path.basename(case.path)))
        except Exception as trouble:
            small = f"(could not be made smaller: {trouble})"
        return (f"case {self.seed}/{number}, kept in {kept}, mounted with {self.options}\n{what}\nmanifest: {text}\nmade smaller: {small}\n"
                f"log:\n{mount.log()[-2000:]}")


def run_batch(arguments):
    return Batch(*arguments).run()


def batches(seed, count):
    seed, _, single = seed.partition("/")
    if single:
        return [(seed, [int(single)])]
    return [(seed, range(first, min(first + BATCH, count))) for first in range(0, count, BATCH)]


def main():
    seed = os.environ.get("NDCAT_SEED") or str(random.SystemRandom().getrandbits(32))
    os.environ.setdefault("NDCAT_KEEP", os.path.join(tempfile.gettempdir(), "ndcat-failing-cases"))
    plan = batches(seed, int(os.environ.get("NDCAT_CASES", "4000")))
    print(f"# NDCAT_SEED={seed}")
    if not ndcat.fuse_is_usable():
        missing = "no /dev/fuse or no fusermount3: nothing can be mounted"
        print(f"not ok 1 - {missing}\n1..1" if os.environ.get("CI") == "true" else f"1..0 # SKIP {missing}")
        return
    served = rejected = undecided = failed = 0
    with multiprocessing.Pool(os.cpu_count()) as pool:
        for number, batch in enumerate(pool.imap(run_batch, plan), 1):
            served, rejected = served + batch.served, rejected + batch.rejected
            undecided += batch.undecided
            failed += len(batch.failures)
            for failure in batch.failures:
                print(failure, file=sys.stderr)
            print(f"{'not ok' if batch.failures else 'ok'} {number} - cases {batch.numbers[0]} to {batch.numbers[-1]} "
                  f"of seed {batch.seed.partition('/')[0]}: {len(batch.failures)} differ from NumPy", flush=True)
    print(f"1..{len(plan)}")
    print(f"# {served + rejected} random cases: {served} served, {rejected} rejected by NumPy and ndcat, "
          f"{failed} failed ({undecided} more left out: NumPy's own bugs)")


if __name__ == "__main__":
    main()
