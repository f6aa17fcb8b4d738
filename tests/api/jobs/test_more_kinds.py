"""Kinds of job beside plans, worked by a real worker: closed days, capacity, how well forecasts would have done."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.store import blobs
from centre.instants import day_number, day_of
from tests.api.conftest import START
from tests.api.jobs.conftest import PLANNER, Service, service_over

CAPACITY = "[supply]\nusable_share = 0.9\n"


@pytest.fixture(scope="module")
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with service_over("sqlite", request, tmp_path_factory.mktemp("desk")) as found:
        found.worker()
        yield found


def worked(
    desk: Service, kind: str, files: dict[str, bytes] | None = None, state: str = "done", **options: Any
):  # type: ignore[no-untyped-def]
    """A job that has ended, and its files."""
    with desk.store.write(PLANNER) as transaction:
        told = {name: blobs.put(transaction, content) for name, content in (files or {}).items()}
    job = desk.jobs.submit(PLANNER, kind, desk.centre_id, 1, {"options": options, "files": told})
    return desk.ended(job.id, state), desk.files(job.id)


def test_days_are_closed_into_files_and_the_centre_stays(desk: Service, week: tuple[Path, Path]) -> None:
    rota = (week[1] / "rota.csv").read_bytes()
    job, files = worked(desk, "close", {"rota": rota}, start=START, days=7)
    assert files.keys() == {"ledger.csv", "rota_before.csv", "hours.csv"}
    assert (job.result["first_day"], job.result["written"]) == (START, False)
    assert files["rota_before.csv"].count(b"\n") == rota.count(b"\n")
    _, again = worked(desk, "close", {"rota": rota}, start=START, days=7)
    assert again == files


def test_days_cannot_be_closed_twice(desk: Service, week: tuple[Path, Path]) -> None:
    from api.store import centres
    from api.store.centre_files import prepare

    rota = (week[1] / "rota.csv").read_bytes()
    _, files = worked(desk, "close", {"rota": rota}, start=START, days=7)
    with desk.store.write(PLANNER) as transaction:
        folder = centres.export(transaction, desk.centre_id, names=False, reasons=True)
    rolled = {name: files[name] for name in ("ledger.csv", "rota_before.csv")}
    with desk.store.write(PLANNER) as transaction:
        made = centres.create(transaction, prepare(folder | rolled))
        told = {"rota": blobs.put(transaction, rota)}
    again = desk.jobs.submit(
        PLANNER, "close", made.id, 1, {"options": {"start": START, "days": 7}, "files": told}
    )
    problem = desk.ended(again.id, "failed").problem
    assert "up to which rota_before.csv has what was worked" in problem["faults"][0]["expected"]
    later = day_of(day_number(date.fromisoformat(START)) + 14).isoformat()
    left_out = {"options": {"start": later, "days": 7}, "files": told}
    problem = desk.ended(desk.jobs.submit(PLANNER, "close", made.id, 1, left_out).id, "failed").problem
    assert "--gap" in problem["faults"][0]["expected"]


def test_capacity_is_planned_by_a_file(desk: Service) -> None:
    job, files = worked(desk, "capacity", {"plan": CAPACITY.encode()}, start=START, weeks=4, effort=1)
    assert (job.result["command"], job.result["weeks"]) == ("capacity", 4)
    assert {"hires.csv", "capacity.csv", "capacity.html", "capacity.json"} <= files.keys()
    failed, _ = worked(desk, "capacity", {"plan": b"[supply]\ncolour = 1\n"}, "failed", start=START)
    assert failed.problem["faults"]


def test_accuracy_is_told_by_day_of_the_horizon(desk: Service) -> None:
    job, files = worked(desk, "backtest", origins=2, days=7, by="horizon_day")
    assert set(files) == {"backtest.csv"}
    assert {each["horizon_day"] for each in job.result["means"]} >= {1, 7}
