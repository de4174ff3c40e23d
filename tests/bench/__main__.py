"""The command line; scripts/bench calls it once everything is installed and built."""

import argparse
import contextlib
import datetime
import fnmatch
import json
import shlex
import signal
import sys
import tempfile
import time
from pathlib import Path

from bench import machine, micro_table, results
from bench.cases import GROUPS, all_cases
from bench.contender import Site
from bench.progress import say
from bench.report import report
from bench.rounds import measure_all
from bench.scale import SCALES
from bench.throttle import device_of, throttle

HERE = Path(__file__).parent
DISK_RATE = 200_000_000  # bytes a second: a hard disk, or a share of a good one


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/bench", 
                                     description="Measures ndcat side by side with what it could be and with what else there is.")
    parser.add_argument("--build", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--quick", dest="scale", action="store_const", const="quick", default="whole",
                        help="small arrays, few rounds: about three minutes")
    parser.add_argument("--smoke", dest="scale", action="store_const", const="smoke",
                        help="tiny arrays, one round: shows only that everything runs")
    parser.add_argument("--rows", metavar="PATTERN", help="only the cases whose GROUP/NAME matches, as in 'cold/*'")
    parser.add_argument("--again", action="store_true", help="with --rows: put them in the place of those in results.json")
    parser.add_argument("--list", action="store_true", help="print the names of all cases, and end")
    parser.add_argument("--folder", type=Path, help="where the arrays are made (default: TMPDIR); needs 10 GB")
    parser.add_argument("--output", type=Path, help="where the report goes (default: tests/bench for the whole of it, else the "
                                                    "build folder)")
    parser.add_argument("--micro", action="store_true", help="only the micro-benchmarks, which write MICRO.md")
    parser.add_argument("--report", action="store_true", help="write RESULTS.md again from results.json and reasons.json")
    return parser.parse_args()


def main():
    chosen = arguments()
    if chosen.micro:
        return micro(chosen)
    scale = SCALES[chosen.scale]
    cases = [case for case in all_cases(scale) if fnmatch.fnmatchcase(case.key, chosen.rows or "*")]
    if chosen.list:
        print("\n".join(case.key for case in cases))
        return 0
    if chosen.again and (not chosen.rows or chosen.scale != "whole"):
        print("--again goes with --rows, and not with --quick or --smoke", file=sys.stderr)
        return 2
    if not cases:
        print(f"no case is called {chosen.rows}; --list has their names", file=sys.stderr)
        return 2
    is_whole = chosen.scale == "whole" and (not chosen.rows or chosen.again)
    output = output_folder(chosen, is_whole or chosen.report)
    if not chosen.report:
        measured = measure(chosen, scale, cases)
        if chosen.again:
            before = results.from_text((output / "results.json").read_text())
            measured = results.measured_again(before, measured, [case.key for case in all_cases(scale)])
        (output / "results.json").write_text(results.to_text(*measured))
    write_report(output)
    return 0


def output_folder(chosen, is_whole):
    output = chosen.output or (HERE if is_whole else chosen.build / "bench")
    output.mkdir(parents=True, exist_ok=True)
    return output


def command():
    return shlex.join(["scripts/bench", *sys.argv[3:]])


def micro(chosen):
    if chosen.rows or chosen.list or chosen.report:
        print("--micro does all of them; see tests/bench/README.md for how to do some", file=sys.stderr)
        return 2
    program = chosen.build / "tests/bench/micro/micro"
    if not program.exists():
        print("no micro-benchmarks: they need Google Benchmark (libbenchmark-dev) when the build is configured", file=sys.stderr)
        return 2
    output = output_folder(chosen, chosen.scale == "whole")
    print(micro_table.write_report(program, chosen.scale, command(), output))
    say(f"written: {output / 'MICRO.md'}")
    return 0


def measure(chosen, scale, cases):
    """What was measured on, and the rows; whatever happens, the folder is gone afterwards, and so is every mount."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ndcat-bench-", dir=chosen.folder)))
        device = device_of(folder)
        slow_disk = None
        if device is not None:
            slow_disk = throttle(device, DISK_RATE)
            stack.callback(slow_disk.close)
        about = {"command": command(), "date": datetime.date.today().isoformat(),
                 "machine": machine.describe(chosen.build, folder, slow_disk)}
        begin = time.monotonic()
        rows = measure_all(cases, scale, Site(chosen.build.resolve(), folder, seconds=scale.preparation_seconds), slow_disk)
        return about | {"minutes": round((time.monotonic() - begin) / 60, 1)}, rows


def write_report(output):
    about, rows = results.from_text((output / "results.json").read_text())
    reasons = json.loads((HERE / "reasons.json").read_text())
    text = report(about, rows, reasons, plots_of(rows, output))
    (output / "RESULTS.md").write_text(text)
    print(text)
    say(f"written: {output / 'RESULTS.md'}")


def plots_of(rows, output):
    try:
        from bench.plots import draw
        import matplotlib  # noqa: F401 - only whether it is there
    except ImportError:
        say("no plots: matplotlib is not installed")
        return {}
    files = {}
    for group in GROUPS:
        of_group = [row for row in rows if row.group == group]
        if of_group:
            files[group] = f"{group}.svg"
            draw(of_group, output / files[group])
    return files


def stop(number, _frame):
    """Once: the cleaning up must not be interrupted."""
    signal.signal(number, signal.SIG_IGN)
    raise SystemExit(128 + number)


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    sys.exit(main())
