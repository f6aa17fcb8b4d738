"""One way to compile: functions as machine code, kept on disk for the next process and never out of date.

Numba's own cache sees changes in a function's file, not in the files of the functions it calls, so that code split over
modules could run with yesterday's half. Here everything is kept under a checksum of all compiled sources together: one
changed line, and all is compiled anew. Where nothing can be kept (no home that may be written to), every process compiles
for itself.
"""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])
MARK = b"@compiled"


def compiled(function: F) -> F:
    """Decorator: compile on first use, divide as numpy does (x / 0 is inf), let other threads run meanwhile."""
    return cast(F, numba.njit(cache=KEPT, nogil=True, error_model="numpy")(function))


BARE: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}
PART: dict[str, Any] = {"forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def compiled_bare(function: F) -> F:
    """Decorator: as `compiled`, for functions that make no array of their own: references to arrays are not counted.

    Counting them costs more than the work itself where a loop calls many small functions.
    """
    return cast(F, numba.njit(cache=KEPT, **BARE)(function))


def compiled_part(function: F) -> F:
    """Decorator: a part of `compiled_bare` functions, which goes into them and cannot be called otherwise."""
    return cast(F, numba.njit(**BARE, **PART)(function))


def stamp_of(folder: Path) -> str:
    """Checksum of all sources below ``folder`` that hold compiled functions."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        source = path.read_bytes()
        if MARK in source:
            total.update(hashlib.sha256(source).digest())
    return total.hexdigest()[:16]


def _keep() -> bool:
    """Name numba the folder of this checksum; False where it cannot be written."""
    if "NUMBA_CACHE_DIR" in os.environ:
        return True
    try:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
        folder = caches / "paiban" / "compiled" / stamp_of(Path(__file__).parent)
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # RuntimeError: no home at all
        return False
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    return os.access(folder, os.W_OK)


KEPT = _keep()
