"""What ``paiban adherence`` tells: lines for people, data for machines."""

import argparse
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from api.findings import breach_lines, counted
from api.outcome import DONE, FINDINGS, Outcome
from api.plain_data import plain
from scheduler.adherence import Adherence
from scheduler.adherence_figures import figures, rest_lost
from scheduler.adherence_rest import Caused
from scheduler.files import violations_frame
from scheduler.rules.rule import Violation

MOST_LINES = 50


def adherence_outcome(
    args: argparse.Namespace, found: Adherence, table: pd.DataFrame, extra: Sequence[Caused] | None,
    notes: Sequence[Violation], warnings: tuple[str, ...], clock: ZoneInfo,
) -> Outcome:  # fmt: skip
    """What people and machines are told; a finding only where the work broke what the plan had kept."""
    total = _rows(figures(found, "all"))
    rests = rest_lost(found)
    lost = _rows(rests)
    breaches = [one.breach for one in extra or ()]
    lines = [*breach_lines(breaches, clock), *(f"NOT CHECKED file: {note.explanation}" for note in notes)]
    lines += [
        f"Rest lost: {agent_id} · {begin.tz_convert(clock):%Y-%m-%d %H:%M} to {end.tz_convert(clock):%Y-%m-%d %H:%M} · "
        f"{had} min had of {planned} planned, {short} lost"
        for agent_id, begin, end, planned, had, short in rests.head(MOST_LINES).itertuples(index=False)
    ]
    if len(lost) > MOST_LINES:
        lines.append(f"... and {len(lost) - MOST_LINES:,} more rests cut short")
    lines += _summary(total[0] if total else {}, extra)
    data: dict[str, Any] = {
        "command": "adherence", "out": args.out and str(args.out), "by": args.by, "total": total[0] if total else None,
        "figures": _rows(table), "rest_lost": lost,
        "breaches": None if extra is None else len(breaches), "by_rule": counted(breaches),
        "caused": [_told(one) for one in extra or ()],
        "notes": [note.explanation for note in notes],
    }  # fmt: skip
    return Outcome(FINDINGS if breaches else DONE, lines, data, warnings)


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table's rows as JSON can hold them: dates and instants as text."""

    def text(value: Any) -> Any:
        if isinstance(value, datetime):
            return f"{value:%Y-%m-%dT%H:%M:%SZ}"
        return value.isoformat() if isinstance(value, date) else value

    return [{name: text(value) for name, value in row.items()} for row in plain(table)]


def _told(one: Caused) -> dict[str, Any]:
    row = violations_frame([one.breach]).iloc[0].to_dict()
    return {str(name): value for name, value in row.items()} | {
        "planned_found": one.planned.found if one.planned else None,
        "new": one.planned is None,
    }


def _summary(total: dict[str, Any], extra: Sequence[Caused] | None) -> list[str]:
    if not total:
        return ["Nothing was planned and nothing was worked."]

    def share(name: str) -> str:
        return "not known (nothing was planned)" if total[name] is None else f"{total[name]:.1%}"

    number = {name: f"{value:,}" for name, value in total.items() if isinstance(value, int)}
    known = total["planned_minutes"] - total["unknown_minutes"]
    unknown = f" ({number['unknown_minutes']} more not known)" if total["unknown_minutes"] else ""
    lines = [
        f"Adherence {share('adherence')}: {number['kept_minutes']} of {known:,} planned min as planned{unknown}",
        f"Conformance {share('conformance')}: {number['worked_minutes']} min worked of {number['due_minutes']}",
        f"Late {number['late_minutes']} min ({number['late_starts']} shifts), left early "
        f"{number['left_early_minutes']} min, away {number['away_minutes']} min",
        f"Absent {number['absent_shifts']} shifts, unplanned {number['unplanned_shifts']} shifts",
        f"Overtime: {number['overrun_minutes']} min after and {number['early_start_minutes']} min before shifts",
        f"Breaks: {number['missed_breaks']} missed, {number['shortened_breaks']} cut short; "
        f"not known of {number['breaks_unknown']} shifts",
        f"Rest lost: {number['rest_lost_minutes']} min",
    ]
    if extra is not None:
        lines.append(f"{len(extra)} breach(es) of what was worked that the plan did not have")
    return lines
