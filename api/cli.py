"""``paiban``: the command line. It finds the command, runs it, and turns whatever happens into words and an
exit code.

0 done · 1 done with findings (a rule broken, or rules and minimum cover clash) · 2 bad input · 3 stopped
without a usable result
"""

import argparse
import importlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from io import TextIOWrapper
from typing import Any, NoReturn

from api.command_line import Parser, failure_of
from api.outcome import DONE, STOPPED, Outcome
from centre.errors import Fault

COMMANDS = (
    "init", "plan", "forecast", "backtest", "accuracy", "staff", "rota", "audit", "adherence", "pay", "simulate", "reforecast", "backup",
    "rehearse", "replan", "swap", "calendar", "leave", "bid", "close", "ledger", "whatif", "sweep", "robust", "capacity",
    "report", "bench", "import", "snapshot", "restore", "retention", "audit-log", "serve", "worker", "doctor",
)  # fmt: skip
MOST_FAULTS = 100  # told one by one to people; machines get all
CODES = (
    "exit codes: 0 done, 1 done with findings (a rule broken, or rules and minimum cover clash), "
    "2 bad input, 3 stopped without a usable result"
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; nothing but that code ever leaves it."""
    words = list(sys.argv[1:] if argv is None else argv)
    as_json = "--json" in words
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small matrices: threads only cost
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        with _signals_stop():
            outcome = _run(words)
        _tell(outcome, as_json)
        return outcome.code
    except SystemExit as exit_:  # --help
        return int(exit_.code or DONE)
    except BrokenPipeError:  # whoever read us has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return STOPPED
    except (Exception, KeyboardInterrupt) as error:
        return _failed(*failure_of(error), as_json)


def parser() -> argparse.ArgumentParser:
    """The command line as argparse knows it."""
    top = Parser(
        prog="paiban",
        description="From contact history to an audited rota.",
        epilog=CODES,
        allow_abbrev=False,
        formatter_class=_Help,
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        module = _module(name)
        shape = argparse.RawDescriptionHelpFormatter
        command = commands.add_parser(
            name, help=module.ABOUT, description=module.ABOUT,
            epilog=f"example:\n  {module.EXAMPLE}\n\n{CODES}", formatter_class=shape, allow_abbrev=False,
        )  # fmt: skip
        module.options(command)
        command.add_argument(
            "--json", action="store_true", help="print one JSON object on stdout, for machines"
        )
    return top


class _Help(argparse.HelpFormatter):
    """Counts that commands are indented more deeply, which argparse forgets: the longest would wrap."""

    def add_argument(self, action: argparse.Action) -> None:
        """Note one more entry of the help."""
        super().add_argument(action)
        self._action_max_length = max(self._action_max_length, max(map(len, COMMANDS)) + 4)


def _module(command: str) -> Any:
    return importlib.import_module(f"api.commands.{command.replace('-', '_')}")


def _run(words: list[str]) -> Outcome:
    args = parser().parse_args(words)
    outcome: Outcome = _module(args.command).run(args, _progress())
    return outcome


def _progress() -> Any:
    """A function that tells a sentence on stderr with the seconds since now, unless it has just told it."""
    began, last = time.monotonic(), [""]

    def tell(sentence: str) -> None:
        if sentence == last[0]:
            return
        last[0] = sentence
        print(f"[{time.monotonic() - began:6.1f} s] {sentence}", file=sys.stderr, flush=True)

    return tell


@contextmanager
def _signals_stop() -> Iterator[None]:
    """Make a request to terminate end the work as Ctrl-C does, so that nothing half written stays."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(outcome: Outcome, as_json: bool) -> None:
    if as_json:
        warnings = {"warnings": list(outcome.warnings)} if outcome.warnings else {}
        _print_json({"exit_code": outcome.code, **outcome.data, **warnings})
        return
    for warning in outcome.warnings:
        print(f"note: {warning}", file=sys.stderr)
    for line in outcome.lines:
        print(line)
    sys.stdout.flush()


def _failed(code: int, what: str, faults: tuple[Fault, ...], as_json: bool) -> int:
    if as_json:
        _print_json({"exit_code": code, "error": what, "faults": [asdict(fault) for fault in faults]})
        return code
    print(f"paiban: {what}{':' if faults else ''}", file=sys.stderr)
    for fault in faults[:MOST_FAULTS]:
        print(f"  {fault}", file=sys.stderr)
    if len(faults) > MOST_FAULTS:
        print(f"  and {len(faults) - MOST_FAULTS:,} more (all of them with --json)", file=sys.stderr)
    return code


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2), flush=True)


if __name__ == "__main__":
    sys.exit(main())
