"""Kinds of job whose results are more than what their command prints, worked by a worker."""

import pandas as pd

from api.store import blobs
from tests.api.jobs.conftest import PLANNER, Service


def test_days_are_closed_by_a_worker_and_models_are_backtested(served: Service, week):
    rota = (week[1] / "rota.csv").read_bytes()
    with served.store.write(PLANNER) as transaction:
        digest = blobs.put(transaction, rota)
    asked = {"options": {}, "files": {"rota": digest}}
    close = served.jobs.submit(PLANNER, "close", served.centre_id, 1, asked)
    options = {"options": {"origins": 1, "days": 7, "by": "horizon_day"}}
    test = served.jobs.submit(PLANNER, "backtest", served.centre_id, 1, options)
    done = served.ended(close.id)
    assert (done.state, done.problem) == ("done", None)
    files = served.files(close.id)
    assert files.keys() == {"hours.csv", "ledger.csv", "rota_before.csv"}
    days = pd.read_csv(week[1] / "rota.csv")["day"]
    assert done.result is not None
    assert (done.result["first_day"], done.result["last_day"]) == (days.min(), days.max())
    assert files["rota_before.csv"].count(b"\n") >= rota.count(b"\n")
    assert b"agent_id,account" in files["ledger.csv"]
    found = served.ended(test.id)
    assert (found.state, found.problem) == ("done", None)
    assert b"horizon_day" in served.files(test.id)["backtest.csv"].splitlines()[0]
