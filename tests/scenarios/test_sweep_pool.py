"""Where sweeps run: workers that die on a process pool and on Dask, those that always do, a cluster that goes away."""

import os
import signal
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from centre.errors import Stopped
from scenarios import sweep_pool
from scenarios.sweep_pool import LOST, dask_cluster, processes, run
from scenarios.sweep_work import Point

POINTS = [Point(f"点 {k}") for k in range(40)]


def squares(packed, points):
    """The worker of point 7 dies the first time, that of "poison" always; every try is noted in the folder ``packed``."""
    folder, told = Path(packed.decode()), []
    for point in points:
        with (folder / point.name).open("a", encoding="utf-8") as file:
            file.write("x")
        tries = len((folder / point.name).read_text(encoding="utf-8"))
        if point.name == "poison" or (point.name == "点 7" and tries == 1):
            os.kill(os.getpid(), signal.SIGKILL)
        told.append({"figures": {"n": float(point.name.removeprefix("点 "))}})
    return told


@pytest.fixture(autouse=True)
def _squares(monkeypatch):
    monkeypatch.setattr(sweep_pool, "worked", squares)


def test_a_killed_worker_is_replaced_and_every_scenario_ends_once(tmp_path):
    found = list(run(partial(processes, 2), str(tmp_path).encode(), POINTS, 4, 2))
    assert sorted(found, key=lambda each: POINTS.index(each[0])) == [
        (point, {"figures": {"n": float(n)}}) for n, point in enumerate(POINTS)
    ]
    assert (tmp_path / "点 7").read_text() == "xx"


def test_only_the_scenario_that_kills_its_worker_each_time_fails(tmp_path):
    points = [*POINTS[:10], Point("poison"), *POINTS[10:]]
    found = dict(run(partial(processes, 2), str(tmp_path).encode(), points, 5, 2))
    assert len(found) == 41
    assert [(p.name, r) for p, r in found.items() if "reason" in r] == [("poison", {"reason": LOST})]
    assert len((tmp_path / "poison").read_text()) == 4  # once in its batch, three times alone


def test_a_dask_worker_killed_loses_nothing(tmp_path):
    from distributed import LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        dask_cluster(cluster.scheduler_address) as (executor, threads),
    ):
        assert threads == 2
        found = list(run(lambda: executor, str(tmp_path).encode(), POINTS, 4, threads))
    assert sorted(found, key=lambda each: POINTS.index(each[0])) == [
        (point, {"figures": {"n": float(n)}}) for n, point in enumerate(POINTS)
    ]
    assert (tmp_path / "点 7").read_text() == "xx"


def test_any_executor_will_do(tmp_path):
    points = [point for point in POINTS if point.name != "点 7"]
    found = dict(run(partial(ThreadPoolExecutor, 3), str(tmp_path).encode(), points, 1, 3))
    assert set(found) == set(points)


class Refusing(Executor):
    """Ends every piece of work as it is told to."""

    def __init__(self, end):
        self.end = end

    def submit(self, *_):
        future = Future()
        self.end(future)
        return future


def test_a_cluster_that_goes_away_stops_the_sweep_in_words():
    def gone(future):
        future.cancel()
        future.set_running_or_notify_cancel()

    with pytest.raises(Stopped, match="run again to go on"):
        list(run(lambda: Refusing(gone), b"", POINTS, 4, 2))


def test_what_a_cluster_cannot_work_is_told_scenario_by_scenario():
    found = dict(run(lambda: Refusing(lambda future: future.set_exception(MemoryError())), b"", POINTS, 4, 2))
    assert set(found) == set(POINTS)
    assert {result["reason"] for result in found.values()} == {"the cluster could not work it: MemoryError"}
