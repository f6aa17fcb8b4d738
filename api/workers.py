"""Worker processes beside `paiban serve`: started, started again when one dies, stopped with it."""

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

AGAIN_SECONDS = 2.0
STOP_SECONDS = 20.0
log = logging.getLogger("paiban.workers")


@contextmanager
def workers(number: int) -> Iterator[None]:
    """So many worker processes for the length of a block; they read the same settings as this one."""
    stop = threading.Event()
    threads = [threading.Thread(target=_keep_one, args=(stop,), daemon=True) for _ in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(STOP_SECONDS + AGAIN_SECONDS)


def _keep_one(stop: threading.Event) -> None:
    while not stop.is_set():
        process = subprocess.Popen([sys.executable, "-m", "api.cli", "worker"], stdin=subprocess.DEVNULL)
        while process.poll() is None and not stop.wait(0.2):
            pass
        if stop.is_set():
            _end(process)
        else:
            log.error("a worker ended and is started again", extra={"told": {"code": process.returncode}})
            stop.wait(AGAIN_SECONDS)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
