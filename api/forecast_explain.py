"""``paiban forecast``'s options ``--explain``, ``--queue``, ``--plot`` and ``--lang``: checked before any work, answered after it."""

import argparse
import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from api.plain_data import plain
from centre.errors import BadInput, Fault, Faults
from centre.instants import day_number, day_of, from_minutes, parse_instant

if TYPE_CHECKING:
    from api.history import Past
    from scenarios.forecasting import Demand

JUST_A_DAY = re.compile(r"\d{4}[-/]\d\d[-/]\d\d")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be explained: a local day of a queue, or its interval that holds the instant ``at`` (UTC minutes)."""

    queue: str
    day: int
    at: int | None


def check(args: argparse.Namespace, past: "Past", faults: Faults) -> Asked | None:
    """Note what is wrong with these options; what is to be explained, if anything."""
    if args.explain is None and args.plot is None:
        for name, found in (("queue", args.queue), ("lang", args.lang)):
            if found is not None:
                faults.add(f"--{name}", "--explain or --plot too, which it is about", found=found)
        return None
    names = sorted({*past.history["queue"].astype(str), *past.options.get("like", {})})
    if args.queue is not None and args.queue not in names:
        faults.add("--queue", f"a queue that is forecast: {', '.join(names)}", found=args.queue)
    if args.plot is not None and (args.plot.is_dir() or not args.plot.parent.is_dir()):
        faults.add("--plot", "a file in a folder that is there", found=args.plot)
    if args.explain is None:
        return None
    if args.queue is None and len(names) > 1:
        faults.add("--queue", f"the queue to explain: {', '.join(names)}")
    return _asked(args, past, args.queue or names[0], faults)


def _asked(args: argparse.Namespace, past: "Past", queue: str, faults: Faults) -> Asked | None:
    """The day or the instant to explain, within the horizon."""
    text = args.explain.strip()
    try:
        if JUST_A_DAY.fullmatch(text):
            at, day = None, day_number(date.fromisoformat(text.replace("/", "-")))
        else:
            at = parse_instant(text, past.zone)
            day = day_number(from_minutes(at, past.zone).date())
    except ValueError as error:
        expected = "a date that there is" if JUST_A_DAY.fullmatch(text) else str(error)
        faults.add("--explain", expected, found=args.explain)
        return None
    first = day_number(args.start)
    if not first <= day < first + args.days:
        expected = f"a time of the forecast, {args.start} to {day_of(first + args.days - 1)}"
        faults.add("--explain", expected, found=args.explain)
    return Asked(queue, day, at)


def explain(
    demand: "Demand", past: "Past", asked: Asked, language: str | None
) -> tuple[list[str], dict[str, Any]]:
    """The explanation as lines to read and as data, which leaves out who made an override.

    Raises
    ------
    BadInput
        where the queue is closed then.
    """
    from api.forecast_words import lines_of
    from scenarios.forecast_why import chosen, why

    queue = demand.forecast.queues.get(asked.queue)
    picked = chosen(queue, asked.day, asked.at) if queue is not None else None
    if picked is None:
        expected = f"a time at which {asked.queue} is open"
        found = day_of(asked.day).isoformat()
        if asked.at is not None:
            found = f"{from_minutes(asked.at, past.zone):%Y-%m-%d %H:%M}"
        raise BadInput([Fault("--explain", expected, found)])
    facts = why(demand, picked, past.centre)
    lines = lines_of(facts, past.zone, "zh" if language == "zh" else "en")
    hand = [{name: value for name, value in step.items() if name != "author"} for step in facts["hand"]]
    data: dict[str, Any] = plain(facts | {"hand": hand})
    return lines, data


def write_page(demand: "Demand", past: "Past", args: argparse.Namespace) -> str:
    """Write the page asked for; a line that tells of it."""
    from centre.writing import write_text
    from scenarios.forecast_plots import render_forecast

    title = past.centre.settings.centre.name if past.centre is not None else args.history.stem
    queues = None if args.queue is None else [args.queue]
    write_text(args.plot, render_forecast(demand, title, args.lang or "en", queues))
    return f"{args.plot}: page of the forecast"
