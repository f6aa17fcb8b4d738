"""Demand: history against forecast with its range, accuracy and special days; events, and uplifts put in by hand."""

import csv
import io
import math
from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Response

from api.page.forms import read
from api.page.plans import next_week
from api.page.screen import Screen, Visit, Visited, see
from api.page.watched import begin, latest
from api.schemas.jobs import BacktestAsked, ForecastAsked
from api.store import centres
from api.store.centre_files import Files, prepare
from api.store.jobs import Job
from centre.errors import BadInput, Fault

router = APIRouter(route_class=Screen, include_in_schema=False)
FILE = "events.csv"
COLUMNS = ("name", "phase", "start", "end", "queues", "kind", "uplift")
BLANK_ROWS = 1
BREAKDOWNS = ("week_ahead", "horizon_day")


@router.get("/centres/{centre_id}/demand")
def show_demand(visit: Visited, centre_id: str, saved: str = "") -> Response:
    """The newest forecast with the history before it, and the events that it knows."""
    asking = visit.asking("demand.change")
    done, others = latest(asking, centre_id, "forecast")
    with asking.read() as transaction:
        centre = centres.get(transaction, centre_id)
        files = centres.with_changes(transaction, centre_id, {})
    stale = done is not None and done.centre_revision != centre.revision
    tried, trying = latest(asking, centre_id, "backtest")
    return visit.show(
        "demand.html.jinja", centre=centre, next=next_week(asking, centre_id), done=done, others=others[:5], stale=stale,
        events=_rows(files), columns=COLUMNS, saved=saved, blank=BLANK_ROWS,
        learned=_learned(done), accuracy=_accuracy(tried), tried=tried, trying=trying[:3], breakdowns=BREAKDOWNS,
    )  # fmt: skip


@router.post("/centres/{centre_id}/forecasts")
def ask_forecast(visit: Visited, centre_id: str) -> Response:
    """Accept a forecast."""
    told = {name: visit.form.fields.get(name, "") for name in ("start", "days")}
    wanted = read(ForecastAsked, told | {"lang": visit.language})
    return begin(visit.asking("demand.change"), centre_id, "forecast", wanted)


@router.post("/centres/{centre_id}/backtests")
def ask_backtest(visit: Visited, centre_id: str) -> Response:
    """Accept a backtest: how far off forecasts of earlier dates would have been, by how far ahead they looked."""
    told = {name: visit.form.fields.get(name, "") for name in ("origins", "days", "by")}
    return begin(visit.asking("demand.change"), centre_id, "backtest", read(BacktestAsked, told))


@router.post("/centres/{centre_id}/events")
def keep_events(visit: Visited, centre_id: str) -> Response:
    """Keep the events of the form as a new revision of the centre; with any fault nothing is kept."""
    asking = visit.asking("demand.change")
    asking.need("centre.change")
    fields = visit.form.fields
    try:
        expected = int(fields.get("revision", ""))
    except ValueError:
        raise BadInput([Fault("revision", "the revision that the form was made of")]) from None
    with asking.read() as transaction:
        files = centres.with_changes(transaction, centre_id, {})
    prepared = prepare({**files, FILE: _of_form(visit, files)})
    with asking.write() as transaction:
        centres.change(transaction, centre_id, expected, prepared, "events")
    return see(f"/centres/{centre_id}/demand?saved=1")


def _learned(done: Job | None) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """What the newest forecast learned of each event and phase, a queue each; those of which nothing was seen are left out."""
    found = dict[tuple[str, str], list[dict[str, Any]]]()
    for each in (done.result or {}).get("events", []) if done else []:
        if each["learned"] is not None:
            found.setdefault((each["event"], each["phase"]), []).append(each)
    return found


def _accuracy(tried: Job | None) -> dict[str, Any] | None:
    """A backtest by how far ahead: a row a queue and model, best first, a share of contacts off in each column."""
    means = (tried.result or {}).get("means", []) if tried else []
    by = tried.args["options"].get("by", "") if tried else ""
    if not means or by not in BREAKDOWNS:
        return None
    ahead = sorted({int(each[by]) for each in means})
    rows = dict[tuple[str, str], dict[int, float | None]]()
    for each in means:
        rows.setdefault((each["queue"], each["model"]), {})[int(each[by])] = each["wape"]
    order = sorted(rows, key=lambda key: (key[0], _mean(rows[key].values())))
    return {"by": by, "ahead": ahead, "rows": [(*key, rows[key]) for key in order]}


def _mean(shares: Iterable[float | None]) -> float:
    told = [each for each in shares if each is not None]
    return sum(told) / len(told) if told else math.inf


def _rows(files: Files) -> list[dict[str, str]]:
    content = files.get(FILE, b"")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _of_form(visit: Visit, files: Files) -> bytes:
    """``events.csv`` as the form says: a row with nothing but blanks is left out, columns that it does not show stay."""
    rows, fields = _rows(files), visit.form.fields
    header = list(dict.fromkeys([*COLUMNS, *(name for row in rows for name in row)]))
    told = io.StringIO()
    writer = csv.DictWriter(told, header, restval="", lineterminator="\n")
    writer.writeheader()
    for k in range(len(rows) + BLANK_ROWS):
        row = {name: fields[f"{name}:{k}"].strip() for name in COLUMNS if f"{name}:{k}" in fields}
        whole = {**(rows[k] if k < len(rows) else {}), **row}
        if any(value for name, value in row.items() if name != "kind"):
            writer.writerow(whole)
    return told.getvalue().encode()
