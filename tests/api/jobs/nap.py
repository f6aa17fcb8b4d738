"""A command of the tests alone: it sleeps, tells that it does, and writes one file."""

import argparse
import os
import time
from pathlib import Path

from api.outcome import Outcome, Progress
from centre.errors import BadInput, Fault
from centre.writing import write_text


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--fail", action="store_true")
    parser.add_argument("--out", type=Path)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    until, count, kept = time.monotonic() + args.seconds, 0, Path("kept/nap.txt")
    before = kept.read_text() if kept.exists() else ""
    kept.parent.mkdir(exist_ok=True)
    progress(f"process {os.getpid()}")
    while time.monotonic() < until:
        count += 1
        progress(f"nap {count}")
        write_text(kept, str(count))
        time.sleep(0.05)
    if args.fail:
        raise BadInput([Fault("--fail", "to be left out", "--fail")])
    args.out.write_text(f"slept {args.seconds:g} s\n")
    return Outcome(data={"command": "nap", "before": before, "worker": os.getppid()})
