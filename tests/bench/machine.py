"""What the figures were measured on."""

import importlib
import os
import platform
import shutil
import subprocess
from pathlib import Path


def first_line(*command):
    if shutil.which(command[0]) is None:
        return "not installed"
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=30, check=False)
    return next(iter(done.stdout.strip().splitlines()), "unknown") if done.returncode == 0 else "unknown"


def library(name):
    try:
        return importlib.import_module(name).__version__
    except ImportError:
        return "not installed"


def memory():
    total = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    return f"{int(total.split()[1]) / (1 << 20):.0f} GiB"


def processor():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def system():
    with open("/etc/os-release") as file:
        return next(line.split("=")[1].strip().strip('"') for line in file if line.startswith("PRETTY_NAME"))


def host():
    return {"machine": f"{os.cpu_count()} cores, {processor()}, {memory()}", "system": f"{system()}, Linux {platform.release()}"}


def revision():
    """Of the sources and the compiler."""
    commit = first_line("git", "-C", Path(__file__).parent, "describe", "--always", "--dirty")
    return f"commit {commit}, {first_line('c++', '--version')}"


def describe(build, folder, throttle):
    """A table of two columns, as a dictionary."""
    versions = subprocess.run([build / "ndcat", "--version"], capture_output=True, text=True, check=True).stdout.split("\n")
    return host() | {
        "ndcat": f"{', '.join(filter(None, versions))}; {revision()}",
        "libraries": f"Python {platform.python_version()}, NumPy {library('numpy')}, h5py {library('h5py')}, "
                     f"Dask {library('dask')}",
        "nbd": f"{first_line('nbdkit', '--version')}, {first_line('nbdfuse', '--version')}",
        "disk": f"{file_system(folder)}; cold rows: {throttle.how if throttle else 'no disk'}",
    }


def file_system(folder):
    return first_line("findmnt", "-n", "-o", "FSTYPE", "--target", folder)
