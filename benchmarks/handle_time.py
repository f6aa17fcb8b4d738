"""AHT forecast for held-out weeks of a real centre, beside the means a planner would take.

    python benchmarks/handle_time.py [--days 7] [CALL_RECORDS.csv.gz]

The records are of January, February and October 1999 (see data/README.md), half hours by kind of call. Every seventh day from the
third week on is an origin, for January with February and for October by itself; nothing after it is seen. Errors are weighed by
contacts: of the AHT of half hours in seconds, and of their workload (handled contacts x AHT) over all workload: with the contacts
that came, and with those that a mean of the same weekdays expects. "vs best" is the difference to the best of the other methods, with its
standard error over days held out: far less than the noise of a half hour, and still often more than the methods differ by.
The bands take expected contacts, not those that came.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from centre.instants import day_number
from forecasts.grid import Floats, QueueHistory, weekdays_of
from forecasts.handle_time import forecast_handle_times

RECORDS = Path(__file__).parent / "data" / "anonbank_1999_call_records.csv.gz"
SPANS = (("1999-01-01", "1999-02-28"), ("1999-10-01", "1999-10-31"))
FIRST_ORIGIN_DAYS, SLOTS = 14, 48


@dataclass
class Tally:
    """What was held out of one queue, an entry per origin: arrays of shape (days, slots)."""

    aht: list[Floats] = field(default_factory=list)
    contacts: list[Floats] = field(default_factory=list)
    expected: list[Floats] = field(default_factory=list)
    inside: list[Floats] = field(default_factory=list)
    found: dict[str, list[Floats]] = field(default_factory=dict)


def histories(records: Path) -> Iterator[QueueHistory]:
    """Each kind of call over each span, by half hours."""
    calls = pd.read_csv(records, parse_dates=["arrival"])
    calls = calls[(calls["outcome"] == "AGENT") & (calls["service_s"] > 0)]
    for queue in calls["queue"].value_counts().index:
        for first, last in SPANS:
            days = int((pd.Timestamp(last) - pd.Timestamp(first)).days) + 1
            own = calls[calls["queue"] == queue]
            half_hours = (own["arrival"] - pd.Timestamp(first)) // pd.Timedelta(minutes=30)
            held = own.assign(cell=half_hours)[half_hours.between(0, days * SLOTS - 1)]
            yield on_grid(str(queue), first, days, held["cell"].to_numpy(), held["service_s"].to_numpy(float))


def on_grid(queue: str, first: str, days: int, cells: np.ndarray, seconds: Floats) -> QueueHistory:
    """Single calls as a queue's history."""
    contacts = np.bincount(cells, minlength=days * SLOTS).astype(float)
    work = np.bincount(cells, weights=seconds, minlength=days * SLOTS)
    aht = np.divide(work, contacts, out=np.full_like(work, np.nan), where=contacts > 0)
    grid = [part.reshape(days, SLOTS) for part in (contacts, aht, contacts)]
    flags = np.zeros(days, dtype=np.int8), np.ones(days, dtype=bool)
    return QueueHistory(queue, 30, day_number(date.fromisoformat(first)), *grid, *flags)


def weighed(past: QueueHistory, weight: Floats) -> tuple[float, Floats]:
    """Mean of the queue and of each slot (the queue's where none came), by contacts times ``weight``."""
    contacts = (past.handled * weight).sum(axis=0)
    work = (past.handled * weight * np.nan_to_num(past.aht_seconds)).sum(axis=0)
    mean = work.sum() / contacts.sum()
    return mean, np.where(contacts > 0, work / np.maximum(contacts, 1e-9), mean)


def peers(past: QueueHistory, weekday: np.ndarray) -> dict[str, Floats]:
    """What planners take, on days of these weekdays, shape (days, slots)."""
    mean, slots = weighed(past, np.ones((len(past.offered), 1)))
    decay = 0.5 ** ((past.end_day - past.days) / 56.0)[:, None]
    late_mean, late = weighed(past, decay)
    contacts = (past.handled * decay).sum(axis=0)
    last = np.where(past.handled[-7:] > 0, past.aht_seconds[-7:], mean)[
        np.argsort(weekdays_of(past.days[-7:]))
    ]
    by_slot = {
        "queue mean": np.full(SLOTS, mean),
        "slot mean": slots,
        "400 contacts": (late * contacts + 400.0 * late_mean) / (contacts + 400.0),
    }
    return {name: np.tile(row, (len(weekday), 1)) for name, row in by_slot.items()} | {
        "last week": last[weekday]
    }


def hold_out(history: QueueHistory, days: int, tally: Tally) -> None:
    """Every origin's forecasts and what came."""
    for origin in range(FIRST_ORIGIN_DAYS, len(history.offered) - days + 1, 7):
        past, ahead = history.until(history.first_day + origin), slice(origin, origin + days)
        if not past.handled.any():
            continue
        asked, came = history.days[ahead], history.aht_seconds[ahead]
        weekday = weekdays_of(past.days)
        expected = np.array([past.offered[weekday == k].mean(axis=0) for k in weekdays_of(asked)])
        ours = forecast_handle_times(past, asked, expected)
        assert ours is not None
        for name, seconds in (peers(past, weekdays_of(asked)) | {"paiban": ours.seconds}).items():
            tally.found.setdefault(name, []).append(seconds)
        tally.aht.append(came)
        tally.contacts.append(history.handled[ahead])
        tally.expected.append(expected)
        tally.inside.append(np.where(np.isnan(came), np.nan, (came >= ours.p10) & (came <= ours.p90)))


def report(queue: str, tally: Tally) -> None:
    """One line a method."""
    contacts, aht = np.concatenate(tally.contacts), np.nan_to_num(np.concatenate(tally.aht))
    expected, work = np.concatenate(tally.expected), contacts * aht
    found = {name: np.concatenate(parts) for name, parts in tally.found.items()}
    off = {name: (contacts * np.abs(seconds - aht)).sum(axis=1) for name, seconds in found.items()}
    inside = np.concatenate(tally.inside)
    low, high = np.nanmean(inside), int((~np.isnan(inside)).sum())
    print(
        f"\n{queue}: {len(aht)} days held out, {contacts.sum():,.0f} calls; band holds {low:.1%} of {high:,} half hours"
    )
    for name, seconds in found.items():
        other = min((key for key in off if key not in (name, "paiban")), key=lambda key: off[key].sum())
        error = off[name].sum() / contacts.sum()
        square = np.sqrt((contacts * (seconds - aht) ** 2).sum() / contacts.sum())
        load = np.abs(expected * seconds - work).sum() / work.sum()
        best = (
            difference(off[name] - off[other], contacts.sum(axis=1)) + f" {other}" if name == "paiban" else ""
        )
        print(
            f"  {name:13s} {error:7.2f} s  rms {square:6.1f} s  {off[name].sum() / work.sum():6.1%}  {load:6.1%}  {best}"
        )


def difference(off: Floats, contacts: Floats) -> str:
    """Seconds a contact, with the standard error over days."""
    mean = off.sum() / contacts.sum()
    error = np.sqrt(((off - mean * contacts) ** 2).sum()) / contacts.sum()
    return f"{mean:+.2f} ± {error:.2f} s vs"


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("records", nargs="?", type=Path, default=RECORDS)
    parser.add_argument("--days", type=int, default=7, help="held out after each origin")
    options = parser.parse_args()
    tallies: dict[str, Tally] = {}
    for history in histories(options.records):
        hold_out(history, options.days, tallies.setdefault(history.queue, Tally()))
    print("error of AHT, its root mean square, of workload with contacts that came, with contacts expected")
    for queue, tally in tallies.items():
        report(queue, tally)


if __name__ == "__main__":
    main()
