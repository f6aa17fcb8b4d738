"""One command of Paiban in a process of its own, that a worker can end at any moment: ``python -m api.jobs.child MODULE WORDS-FILE``.

It works in the current folder and knows no database. What it has to tell goes to stdout, a JSON object a line: progress, and at the end
the outcome. It ends with whoever started it.
"""

import importlib
import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from api.command_line import failure_of, parsed
from api.jobs.kinds import CENTRE, FOLDER_PREFIX, WARM
from centre.errors import BadInput, Fault

if TYPE_CHECKING:
    from scheduler.incumbent import Incumbent

NICE = 10
"""So that whoever answers people goes first."""
KEEP_SECONDS = 2.0
REMOVE = "import shutil, sys; shutil.rmtree(sys.argv[1], ignore_errors=True)"
"""Of a job's folder, once nobody writes there: a worker that was killed leaves nothing of people behind."""


def main(module: str, words_file: str) -> None:
    """Run the command and tell how it ended."""
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else prints stays out of what is told
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(NICE)
    words = json.loads(Path(words_file).read_text(encoding="utf-8"))
    _say(told, "outcome", _outcome(module, words, _Telling(told)))


def _outcome(module: str, words: list[str], progress: "_Telling") -> dict[str, Any]:
    try:
        _check_sweep()
        found = importlib.import_module(module).run(parsed(module, words), progress)
    except (Exception, KeyboardInterrupt) as error:
        code, what, faults = failure_of(error)
        return {"problem": {"code": code, "detail": what, "faults": [asdict(each) for each in faults]}}
    from api.plain_data import plain

    return {"result": plain(found.data) | {"exit_code": found.code, "warnings": list(found.warnings)}}


def _check_sweep() -> None:
    """A sweep may only be of the job's own centre."""
    import tomllib

    try:
        told = tomllib.loads(Path("sweep.toml").read_text(encoding="utf-8")).get("centre")
    except (FileNotFoundError, ValueError):  # none, or its own reader tells what is wrong
        return
    if told != CENTRE:
        raise BadInput(
            [Fault("sweep.toml", f'"{CENTRE}", the centre of the job', str(told), column="centre")]
        )


class _Telling:
    """Tells progress as it comes, and keeps the best rota so far every few seconds."""

    def __init__(self, told: IO[str]) -> None:
        self._told, self._last, self._kept_at = told, "", 0.0

    def __call__(self, words: str) -> None:
        if words == self._last:
            return
        self._last = words
        if not hasattr(words, "rota"):
            _say(self._told, "progress", {"step": words})
            return
        best = cast("Incumbent", words)
        figures = {"cost": best.cost, "bound": best.bound, "gap": best.gap}
        _say(self._told, "progress", {name: each for name, each in figures.items() if math.isfinite(each)})
        if time.monotonic() - self._kept_at >= KEEP_SECONDS:
            self._keep(best)
            self._kept_at = time.monotonic()

    def _keep(self, words: "Incumbent") -> None:
        from centre.writing import write_csv

        Path(WARM).parent.mkdir(exist_ok=True)
        write_csv(Path(WARM), words.rota().to_frame())


def _say(told: IO[str], kind: str, data: dict[str, Any]) -> None:
    print(json.dumps({kind: data}, ensure_ascii=False, allow_nan=False), file=told, flush=True)


def _end_with_parent() -> None:
    """End this process, all that it started and its folder, once whoever started it is gone: then stdin ends."""
    os.read(0, 1)
    if Path.cwd().name.startswith(FOLDER_PREFIX):
        words = [sys.executable, "-I", "-S", "-c", REMOVE, str(Path.cwd())]
        subprocess.Popen(words, cwd="/", start_new_session=True)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
