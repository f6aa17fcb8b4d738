"""One way to compile: functions as machine code, kept on disk for the next process and never out of date.

Numba's own cache sees changes in a function's file, not in the files of the functions it calls, so that code split over
modules could run with yesterday's half. Here everything is kept under a checksum of all compiled sources together: one
changed line, and all is compiled anew.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])
MARK = b"@compiled"


def compiled(function: F) -> F:
    """Decorator: compile on first use, divide as numpy does (x / 0 is inf), let other threads run meanwhile."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def stamp_of(folder: Path) -> str:
    """Checksum of all sources below ``folder`` that hold compiled functions."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        source = path.read_bytes()
        if MARK in source:
            total.update(hashlib.sha256(source).digest())
    return total.hexdigest()[:16]


if "NUMBA_CACHE_DIR" not in os.environ:
    _caches = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    _folder = _caches / "paiban" / "compiled" / stamp_of(Path(__file__).parent)
    numba.config.CACHE_DIR = str(_folder)  # type: ignore[attr-defined]
