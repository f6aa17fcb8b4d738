"""One command's words read, and what went wrong with a command told: the same for people at a terminal and for jobs."""

import argparse
import importlib
import os
import re
import traceback
from collections.abc import Sequence
from typing import NoReturn

from api.outcome import BAD_INPUT, STOPPED
from centre.errors import BadInput, Fault, PaibanError, Stopped

TRACE = "PAIBAN_TRACE"
Failure = tuple[int, str, tuple[Fault, ...]]


class Parser(argparse.ArgumentParser):
    """Turns what argparse finds wrong into our kind of fault."""

    def error(self, message: str) -> NoReturn:
        """Raise `BadInput` in place of ending the process."""
        option = re.fullmatch(r"argument (\S+?)(?:/\S+)?: (?:found (.+), expected )?(.+)", message)
        if option:
            found = (option[2] or "").strip("'\"")
            raise BadInput(
                [
                    Fault(
                        option[1],
                        option[3] if option[2] else f"a value as `{self.prog} --help` says: {option[3]}",
                        found,
                    )
                ]
            )
        raise BadInput([Fault("command line", f"what `{self.prog} --help` says: {message}")])


def parsed(module: str, words: Sequence[str]) -> argparse.Namespace:
    """What the words say to the command of a module; raises `BadInput`."""
    command = importlib.import_module(module)
    name = module.rpartition(".")[2].replace("_", "-")
    parser = Parser(prog=f"paiban {name}", allow_abbrev=False, add_help=False)
    command.options(parser)
    return parser.parse_args(list(words))


def failure_of(error: BaseException) -> Failure:
    """The exit code, the words and the faults by which whatever a command raised is told; of people's data there is nothing in them."""
    if isinstance(error, BadInput):
        return BAD_INPUT, "bad input", tuple(error.faults)
    if isinstance(error, Stopped | KeyboardInterrupt):
        return STOPPED, str(error) or "stopped", ()
    if isinstance(error, PaibanError):
        return STOPPED, str(error), ()
    if isinstance(error, FileNotFoundError | PermissionError | NotADirectoryError | IsADirectoryError):
        place = "a place that can be read or written"
        return BAD_INPUT, "bad input", (Fault(str(error.filename or "a file"), place, error.strerror or ""),)
    if isinstance(error, ModuleNotFoundError):
        package = (error.name or "of another name").partition(".")[0]
        missing = f"the package {package} is not installed; `paiban doctor` says what else is missing"
        return STOPPED, missing, ()
    return STOPPED, _unexpected(error), ()


def _unexpected(error: BaseException) -> str:
    """One line about a fault of ours; what the error says stays out of it, for it may hold people's data."""
    if os.environ.get(TRACE):
        traceback.print_exception(error)
    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{where.filename.rpartition(os.sep)[2]}:{where.lineno}"
    again = f"to see the trace, run again with {TRACE}=1 set"
    return f"an error of Paiban's own ({type(error).__name__} at {place}); {again}"
