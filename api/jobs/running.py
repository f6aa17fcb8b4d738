"""The worker's side of a job's process: its folder made, the process watched and ended when it must, its results gathered."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from api.jobs.kinds import CENTRE, OUT, WARM, Kind
from api.jobs.leases import Held
from api.store import blobs, centres, jobs, kept
from api.store.engine import Transaction
from api.store.jobs import Job

LOOK_SECONDS, TELL_SECONDS, KEEP_SECONDS = 0.2, 0.5, 3.0
Said = dict[str, Any]


def fill(transaction: Transaction, job: Job, kind: Kind, folder: Path) -> list[str]:
    """Make a job's folder: the centre as its revision has it, without names, its other files, what was kept; the words of its command."""
    contents = {
        f"{CENTRE}/{name}": content
        for name, content in centres.export(
            transaction, job.centre_id, job.centre_revision, names=False, reasons=True
        ).items()
    }
    for name, digest in job.args.get("files", {}).items():
        contents[kind.files[name]] = blobs.get(transaction, digest)
    words = kind.command(job.args)
    before = _kept(transaction, job, kind)
    if WARM in before:
        words.append(f"--warm-start={WARM}")
    for name, content in (contents | before).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    if any(word.startswith(f"--out={OUT}/") for word in words):
        (folder / OUT).mkdir(exist_ok=True)
    return words


def _kept(transaction: Transaction, job: Job, kind: Kind) -> dict[str, bytes]:
    """What was kept of an earlier run that was cut short, where its use leaves the answer the same or the clock decides it anyway."""
    found = _earlier(transaction, job.args["rerun_of"], kind) if "rerun_of" in job.args else {}
    if kind.same or "effort" not in job.args.get("options", {}):
        found |= kept.get(transaction, job.id)
    return found


def _earlier(transaction: Transaction, job_id: str, kind: Kind) -> dict[str, bytes]:
    """What an earlier job had so far; of one that is done, its rota."""
    if WARM in kind.kept and "rota.csv" in jobs.files(transaction, job_id):
        return {WARM: jobs.file(transaction, job_id, "rota.csv")}
    return kept.get(transaction, job_id)


@contextmanager
def started(kind: Kind, words: list[str], folder: Path) -> Iterator["Running"]:
    """The process of a job for the length of a block; it does not outlive it."""
    (folder / "words.json").write_text(json.dumps(words), encoding="utf-8")
    command = [sys.executable, "-m", "api.jobs.child", kind.module, "words.json"]
    environment = os.environ | {
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
    }
    process = subprocess.Popen(
        command, cwd=folder, env=environment, start_new_session=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield Running(process, folder)
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a process and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


class Running:
    """A job's process that runs."""

    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path) -> None:
        self._process, self._folder = process, folder
        self._said: queue.Queue[Said | None] = queue.Queue()
        self._kept: dict[str, int] = {}
        threading.Thread(target=self._listen, daemon=True).start()

    def outcome(
        self,
        held: Held,
        patterns: tuple[str, ...],
        tell: Callable[[list[Said]], None],
        keep: Callable[[Mapping[str, bytes]], None],
    ) -> Said:
        """Wait for the end: ``result`` or ``problem``. Raises `Lost` at once where the job is no longer this worker's.

        Parameters
        ----------
        patterns : of files that are given to ``keep`` when they are new or changed
        tell : takes progress, a few times a second at most
        """
        news, told_at, kept_at = list[Said](), 0.0, time.monotonic()
        while True:
            held.check()
            said = self._next()
            if said is not None and "progress" not in said:
                tell(news)
                return said
            if said is not None:
                news = joined(news, said["progress"])
            if news and time.monotonic() - told_at >= TELL_SECONDS:
                tell(news)
                news, told_at = [], time.monotonic()
            if patterns and time.monotonic() - kept_at >= KEEP_SECONDS:
                if new := self._new(patterns):
                    keep(new)
                kept_at = time.monotonic()

    def _next(self) -> Said | None:
        """The next thing that was said, None after a while without any."""
        try:
            said = self._said.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            return None
        if said is not None:
            outcome: Said = said.get("outcome", said)
            return outcome
        code = self._process.wait()
        return {
            "problem": {
                "code": 3,
                "detail": f"the process that worked the job ended with {code}",
                "faults": [],
            }
        }

    def _listen(self) -> None:
        assert self._process.stdout is not None
        try:
            for line in self._process.stdout:
                self._said.put(json.loads(line))
        except ValueError:  # closed, or cut off in the middle of a line: the process has been ended
            pass
        self._said.put(None)

    def _new(self, patterns: tuple[str, ...]) -> dict[str, bytes]:
        found = {}
        for path in (each for pattern in patterns for each in sorted(self._folder.glob(pattern))):
            name, changed = path.relative_to(self._folder).as_posix(), path.stat().st_mtime_ns
            if self._kept.get(name) != changed:
                found[name], self._kept[name] = path.read_bytes(), changed
        return found


def joined(news: list[Said], said: Said) -> list[Said]:
    """What is to be told next: every step, and of figures the latest alone.

    Examples
    --------
    >>> joined([{"step": "solve"}, {"cost": 3}], {"cost": 2})
    [{'step': 'solve'}, {'cost': 2}]
    """
    if news and "step" not in said and "step" not in news[-1]:
        return [*news[:-1], said]
    return [*news, said]


def results(folder: Path, kind: Kind) -> dict[str, bytes]:
    """The files that a command wrote, by their place in the results; without those that were kept only to go on from."""
    out = folder / OUT
    aside = {path for pattern in kind.kept for path in folder.glob(pattern)}
    beside = {name: (folder / place).read_bytes() for name, place in kind.beside.items()}
    return beside | {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path not in aside
    }
