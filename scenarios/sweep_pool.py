"""Where a sweep runs: on any `concurrent.futures.Executor`, with workers that may die and are replaced.

A process pool that lost a worker is broken as a whole and cannot say whose work it was: what was under way is tried again alone,
one scenario at a time, so that only the one that kills its worker fails. A Dask cluster replaces workers and sends work again by itself.
"""

import logging
import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from centre.errors import BadInput, Fault, Stopped
from scenarios.sweep_work import Point, worked

Result = dict[str, Any]
TRIES = 3
AHEAD = 2
"""Batches a worker has waiting, so that it need not wait for us."""
CONNECT_SECONDS = 10
LOST = f"its worker died {TRIES} times"
Make = Callable[[], Executor]


def processes(workers: int) -> Executor:
    """A pool of processes of this machine, which end when we do, however that is."""
    return ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), _of_a_pool)


def _of_a_pool() -> None:
    """In a worker: leave Ctrl-C to whoever runs the sweep, and end with them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)


@contextmanager
def dask_cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """The executor of a Dask cluster and its workers' threads; raises `BadInput` where none is reached."""
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise BadInput([Fault("--dask", "pip install 'paiban[dask]'", "distributed is missing")]) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what it logs we tell in our words
    try:
        client: Any = Client(address, timeout=CONNECT_SECONDS)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:  # TimeoutError is one
        expected = "the address of a Dask scheduler that runs, such as tcp://10.0.0.1:8786"
        raise BadInput([Fault("--dask", expected, f"{address}: {type(error).__name__}")]) from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise BadInput([Fault("--dask", "a cluster with at least one worker", address)])
        yield client.get_executor(), threads


def run(
    make: Make, packed: bytes, points: Sequence[Point], batch: int, workers: int
) -> Generator[tuple[Point, Result], None, None]:
    """Every scenario with what it comes to, as they end.

    Parameters
    ----------
    make : gives the executor, and another in place of one that broke
    packed : `scenarios.sweep_work.Base`
    batch : scenarios a worker gets at a time

    Raises
    ------
    Stopped
        where the cluster is gone.
    """
    waiting = [list(points[k : k + batch]) for k in range(0, len(points), batch)][::-1]
    suspects, died = list[Point](), Counter[Point]()
    executor, running = make(), dict[Future[list[Result]], list[Point]]()
    try:
        while waiting or suspects or running:
            alone, broken = bool(suspects), False
            while not broken and len(running) < (1 if alone else workers * AHEAD) and (suspects or waiting):
                chunk = [suspects.pop()] if alone else waiting.pop()
                try:
                    running[executor.submit(worked, packed, chunk)] = chunk
                except BrokenProcessPool:
                    broken = True
                    waiting.append(chunk)
                if alone:
                    break
            done = wait(running, return_when=FIRST_COMPLETED).done if running else set()
            if any(not future.cancelled() and _broke(future) for future in done):
                done, broken = wait(running).done, True
            for future in done:
                chunk = running.pop(future)
                if future.cancelled():
                    raise Stopped("the cluster is gone; run again to go on with what is left")
                if _broke(future):
                    died.update(chunk if alone else ())
                    suspects += [point for point in chunk if died[point] < TRIES]
                    yield from ((point, {"reason": LOST}) for point in chunk if died[point] >= TRIES)
                elif (error := future.exception()) is not None and len(chunk) > 1:
                    suspects += chunk
                elif error is not None:
                    reason = f"the cluster could not work it: {type(error).__name__}"
                    yield from ((point, {"reason": reason}) for point in chunk)
                else:
                    yield from zip(chunk, future.result(), strict=True)
            if broken:
                executor.shutdown(wait=False)
                executor = make()
    finally:
        for future in running:
            future.cancel()
        executor.shutdown(wait=False)
        if running:  # we were stopped: nobody waits for what is under way
            for child in multiprocessing.active_children():
                child.terminate()


def _broke(future: Future[list[Result]]) -> bool:
    return isinstance(future.exception(), BrokenProcessPool)
