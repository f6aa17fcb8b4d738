"""What ``paiban staff`` is asked, read and checked: everything that is wrong is told at once."""

import argparse
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from centre.calendar import public_holidays
from centre.errors import BadInput, Faults
from centre.folder import Centre, read_available, read_centre, read_forecast
from centre.instants import MINUTES_A_DAY, day_number, from_timestamps, parse_instant
from centre.model import Settings
from centre.writing import write_csv, write_text
from scenarios.peak_settings import curves_in_force, settings_of_table
from scenarios.staffing_plots import render_plots
from scenarios.why import Working
from scheduler.staffing.backlog import deferred_work

T = TypeVar("T")
OUTPUTS = ("out", "curves", "deferred", "plot")
MOST_SPAN = 500


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """Everything that the command works with.

    Parameters
    ----------
    available : who is there, as `centre.folder.read_available` gives it; None where nothing is told
    at, queue : UTC minutes and the queue to explain; None and "" where nothing is to be explained
    day : day number of the only day to plot, None for all
    """

    centre: Centre
    forecast: pd.DataFrame
    holidays: dict[int, str]
    available: pd.DataFrame | None
    at: int | None
    queue: str
    day: int | None


def read(args: argparse.Namespace) -> Asked:
    """Read the folder and the forecast.

    Raises
    ------
    BadInput
        with every fault of the options, the folder and the forecast.
    """
    faults = Faults()
    _check_options(args, faults)
    centre = _tried(lambda: read_centre(args.centre), faults)
    if centre is None:
        raise BadInput(faults.found)
    settings = centre.settings
    forecast = _tried(lambda: read_forecast(args.forecast, settings.centre.timezone), faults)
    there = args.available
    available = _tried(lambda: read_available(there, settings.centre.timezone), faults) if there else None
    at, queue = _explained(args, settings, faults)
    day = _day(args, settings, forecast, faults)
    faults.raise_if_any()
    assert forecast is not None
    days = from_timestamps(forecast["interval_start"]) // MINUTES_A_DAY
    span = (int(days.min()) - 2, int(days.max()) + 2) if len(days) else (0, 0)
    holidays = public_holidays(settings.centre.country, *span, centre.calendar)
    return Asked(centre, forecast, holidays, available, at, queue, day)


def carried_over(asked: Asked, table: pd.DataFrame, why: dict[str, Any]) -> list[str]:
    """A line that tells how many agents more the explained interval needs for what still waits from before; noted in ``why`` too."""
    if asked.available is None or asked.at is None:
        return []
    here = (table["queue"] == asked.queue) & (table["interval_start"] == pd.Timestamp(why["interval_start"]))
    needed, alone = int(table.loc[here, "agents_required"].iloc[0]), int(why["agents_required"])
    why["agents_carried_over"] = needed - alone
    waiting = f"{needed - alone} more for what still waits from the intervals before: {needed} at their desks"
    return [f"Carried over: {waiting if needed > alone else 'nothing; who is there before suffices'}"]


def _tried(reading: Callable[[], T], faults: Faults) -> T | None:
    """What is read, or None with its faults noted."""
    try:
        return reading()
    except BadInput as error:
        faults.found.extend(error.faults)
        return None


def _check_options(args: argparse.Namespace, faults: Faults) -> None:
    """Options that do not go together, and places that nothing can be written to."""
    if args.explain is None and not any(getattr(args, name) for name in OUTPUTS):
        expected = "--out FILE, --explain INSTANT, --plot FILE, --curves FILE or --deferred FILE"
        faults.add("command line", expected, found="none of them")
    for name, needed, given in (
        ("queue", "explain", args.queue), ("span", "explain", args.span), ("compare", "explain", args.compare),
        ("plot-day", "plot", args.plot_day), ("lang", "plot", args.lang),
    ):  # fmt: skip
        if given and getattr(args, needed) is None:
            faults.add(
                f"--{name}", f"--{needed} too, which it is about", found="" if given is True else given
            )
    if args.span and args.span > MOST_SPAN:
        faults.add("--span", f"at most {MOST_SPAN} agents more and fewer", found=args.span)
    taken = {args.forecast.resolve(): "--forecast"}
    if args.available is not None:
        taken[args.available.resolve()] = "--available"
    for name in OUTPUTS:
        if getattr(args, name) is not None:
            _check_place(f"--{name}", getattr(args, name), taken, faults)


def _check_place(option: str, path: Path, taken: dict[Path, str], faults: Faults) -> None:
    """Note a place that nothing can be written to, or that another option names."""
    place = path.resolve()
    if place in taken:
        faults.add(option, f"a file of its own, not that of {taken[place]}", found=path)
    elif path.is_dir():
        faults.add(option, "a file, not a folder", found=path)
    elif not path.parent.is_dir():
        faults.add(option, "a file in a folder that is there", found=path)
    elif not os.access(path.parent, os.W_OK):
        faults.add(option, "a file in a folder that may be written to", found=path)
    taken.setdefault(place, option)


def _explained(args: argparse.Namespace, settings: Settings, faults: Faults) -> tuple[int | None, str]:
    """The instant and the queue to explain."""
    if args.explain is None:
        return None, ""
    queues, at = {queue.name: queue for queue in settings.queue}, None
    name = args.queue if args.queue is not None else next(iter(queues)) if len(queues) == 1 else ""
    if name not in queues:
        faults.add("--queue", f"a queue of centre.toml: {', '.join(queues)}", found=name)
    elif args.compare and queues[name].deferred:
        faults.add("--compare", "a queue that is answered at once, not work that may wait", found=name)
    try:
        at = parse_instant(args.explain, settings.centre.timezone)
    except ValueError as error:
        faults.add("--explain", str(error), found=args.explain)
    return at, name


def _day(
    args: argparse.Namespace, settings: Settings, forecast: pd.DataFrame | None, faults: Faults
) -> int | None:
    """The day number of the only day to plot."""
    if args.plot_day is None:
        return None
    local = (
        () if forecast is None else forecast["interval_start"].dt.tz_convert(settings.centre.timezone).dt.date
    )
    days = sorted(set(local))
    if days and args.plot_day not in days:
        faults.add("--plot-day", f"a day of the forecast, from {days[0]} to {days[-1]}", found=args.plot_day)
    return day_number(args.plot_day)


def write(
    args: argparse.Namespace, asked: Asked, table: pd.DataFrame, working: Working | None
) -> tuple[list[str], dict[str, str | None]]:
    """Write every file that is asked for: lines that tell of them, and their names as data."""
    settings, backlog = asked.centre.settings, asked.centre.backlog
    tables: dict[str, pd.DataFrame] = {}
    if args.out is not None:
        tables["out"] = table
    if args.curves is not None:
        tables["curves"] = curves_in_force(table, settings_of_table(asked.centre, table))
    if args.deferred is not None:
        tables["deferred"] = deferred_work(table, settings, backlog)
    page = None
    if args.plot is not None:
        explained = None if working is None or asked.at is None else (working, asked.queue, asked.at)
        page = render_plots(table, settings, explained, asked.day, args.lang or "en")
    for name, each in tables.items():
        with _named(f"--{name}"):
            write_csv(getattr(args, name), each)
    if page is not None:
        with _named("--plot"):
            write_text(args.plot, page)
    lines = [_line(getattr(args, name), name, each, settings) for name, each in tables.items()]
    lines += [f"{args.plot}: page of the requirement"] if page is not None else []
    return lines, {name: None if (path := getattr(args, name)) is None else str(path) for name in OUTPUTS}


def _line(path: Path, name: str, table: pd.DataFrame, settings: Settings) -> str:
    told = f"{path}: {len(table):,} rows"
    if name == "out":
        hours = table["agents_to_roster"].sum() * settings.centre.interval_minutes / 60
        return f"{told}, {hours:,.0f} agent-hours to roster"
    if name == "deferred":
        return f"{told}, {table['work_minutes'].sum() / 60:,.0f} hours of work that may wait"
    return f"{told}, contacts late by agents"


@contextmanager
def _named(option: str) -> Iterator[None]:
    """Tell the option whose place cannot be written to."""
    try:
        yield
    except BadInput as error:
        raise BadInput([replace(fault, file=option) for fault in error.faults]) from None
