"""A repaired day as tables and data: what changes for whom and why, each alternative, what another repair must know of this one."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from centre.instants import day_of, format_instant, from_minutes, to_timestamps
from centre.writing import write_csv, write_text
from scenarios.figures import known
from scenarios.replan import Judged, Replanned
from scenarios.replan_earlier import MARK
from scenarios.text import json_text
from scenarios.versions import versions
from scheduler.differences import changed_days
from scheduler.files import violations_frame
from scheduler.intraday.absence import Absence
from scheduler.intraday.options import Option
from scheduler.intraday.window import Floats

CHANGE_COLUMNS = ("agent_id", "day", "kind", "before", "after", "minutes", "price", "saves", "why")
WORDS = {
    "break": "A pause is moved",
    "end_later": "The shift ends {minutes} min later",
    "start_earlier": "The shift starts {minutes} min earlier",
    "move": "The shift is moved by {minutes} min",
    "call_in": "Called in on a day off for {minutes} min",
    "backup": "Backup is called for {minutes} min",
    "end_earlier": "The shift ends {minutes} min earlier, where too many are at work",
}


def fill_folder(made: Replanned, folder: Path) -> None:
    """Write all results of a repair into a folder that is there."""
    write_csv(folder / "rota.csv", made.best.way.rota.to_frame())
    write_csv(folder / "changes.csv", changes_frame(made))
    write_csv(folder / "absences.csv", absences_frame(made))
    write_csv(folder / "alternatives.csv", alternatives_frame(made))
    write_csv(folder / "coverage.csv", made.best.cover)
    write_csv(folder / "service.csv", service_frame(made))
    write_csv(folder / "violations.csv", violations_frame(made.violations))
    write_text(folder / MARK, json_text(replan_json(made)))


def changes_frame(made: Replanned) -> pd.DataFrame:
    """The table of ``changes.csv``: everybody whose day is another now, those first who are not there."""
    zone, way = made.at_hand.facts.zone, made.best.way
    zones = {name: person.zone for name, person in (way.facts.people or {}).items() if person.zone}
    texts = {
        (change.agent_id, change.day): (change.before, change.after)
        for change in changed_days(made.at_hand.rota, way.rota, zone, zones)
    }
    rows = []
    for absence in made.absences:
        why = f"Not there from {_clock(absence.start, made)} to {_clock(absence.end, made)}."
        for (agent_id, day), (before, after) in texts.items():
            if agent_id == absence.agent_id:
                kind = "late" if absence.late else "absent"
                rows.append(
                    (agent_id, day_of(day), kind, before, after, _lost(made, absence, day), 0.0, 0.0, why)
                )
    for option, price, saved in way.changes:
        day = next(day for agent_id, day in texts if agent_id == option.agent_id)
        rows.append(
            (
                option.agent_id, day_of(day), option.kind, *texts[option.agent_id, day], option.minutes,
                round(price, 2), round(float(saved.sum()), 2), why_of(option, price, saved, made),
            )
        )  # fmt: skip
    return pd.DataFrame([*rows, *_sessions(made, texts)], columns=list(CHANGE_COLUMNS))


def _sessions(
    made: Replanned, texts: Mapping[tuple[str, int], tuple[str, str]]
) -> Iterator[tuple[object, ...]]:
    """A row for each person in each session that is moved or given up; what it saves stands with the first."""
    day = made.repair.window.day
    for change in made.sessions:
        saves, name = change.saves, change.session.activity.name
        said = f"Session {name} at {_clock(change.session.start, made)}"
        kind = "session_given_up" if change.to is None else "session_moved"
        why = f"{said} is given up; its time is still owed."
        if change.to is not None:
            why = f"{said} is moved to {_clock(change.to.start, made)}."
        for who in dict.fromkeys(who for who, _ in change.session.texts()):
            length = change.session.end - change.session.start
            yield who, day_of(day), kind, *texts.get((who, day), ("", "")), length, 0.0, round(saves, 2), why
            saves = 0.0


def _lost(made: Replanned, absence: Absence, day: int) -> int:
    """Minutes of the shifts of a day that an absence takes."""
    rota = made.at_hand.rota
    duties = rota.duties
    mine = (duties.agent == rota.agent_ids.index(absence.agent_id)) & (duties.day == day)
    taken = np.minimum(duties.end[mine], absence.end) - np.maximum(duties.start[mine], absence.start)
    return int(np.maximum(taken, 0).sum())


def why_of(option: Option, price: float, saved: Floats, made: Replanned) -> str:
    """What a change is good for, in a sentence."""
    currency = made.at_hand.centre.settings.centre.currency
    said = WORDS[option.kind].format(minutes=abs(option.minutes))
    if option.pauses:
        moved = ", ".join(f"{_clock(a, made)} to {_clock(b, made)}" for a, b in option.pauses)
        said = f"Pause moved: {moved}" if option.kind == "break" else f"{said}, pause moved: {moved}"
    helps = np.flatnonzero(saved > 1e-6)
    if not len(helps):
        return f"{said}: it costs {price:,.2f} {currency} and saves pay."
    starts = made.repair.window.starts[helps]
    end = int(starts[-1]) + made.repair.window.interval_minutes
    when = f"{_clock(int(starts[0]), made)} to {_clock(end, made)}"
    return (
        f"{said}: without it {saved.sum():,.2f} {currency} more of shortage, {when}; it costs {price:,.2f}."
    )


def absences_frame(made: Replanned) -> pd.DataFrame:
    """Who is not there, in the columns of ``leave.csv``."""
    rows = [(a.agent_id, a.start, a.end, "late" if a.late else "absent") for a in made.absences]
    table = pd.DataFrame(rows, columns=["agent_id", "start", "end", "kind"])
    for name in ("start", "end"):
        table[name] = to_timestamps(table[name].to_numpy(dtype=np.int64))
    return table


def alternatives_frame(made: Replanned) -> pd.DataFrame:
    """The table of ``alternatives.csv``, the best first; the last row is the rota as it was planned."""
    rows = []
    for rank, judged in [*enumerate(made.ways, start=1), (0, made.planned)]:
        kinds = Counter[str](option.kind for option, _, _ in judged.way.changes)
        minutes = sum(abs(option.minutes) for option, _, _ in judged.way.changes)
        priced = rank > 0
        rows.append(
            {
                "rank": rank or "", "alternative": judged.way.name, "people_changed": len(judged.way.changes),
                **{kind: kinds[kind] for kind in WORDS}, "minutes": minutes,
                "price": round(judged.way.price, 2) if priced else np.nan,
                "price_of_cover": round(judged.way.cover, 2) if priced else np.nan,
                "total": round(judged.way.total, 2) if priced else np.nan,
                "agent_hours_short": round(judged.short_hours, 2), "in_time": round(judged.in_time, 6),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def service_frame(made: Replanned) -> pd.DataFrame:
    """Service by interval and queue of every alternative and of the plan."""
    columns = ["interval_start", "queue", "agents_rostered", "net_staffing", "service_level", "expected_late"]
    parts = [
        judged.cover[columns].assign(alternative=judged.way.name) for judged in (*made.ways, made.planned)
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[["alternative", *columns]]


def replan_json(made: Replanned) -> dict[str, Any]:
    """What ``replan.json`` holds. Of people it names nothing but agent_ids."""
    window = made.repair.window
    info = made.at_hand.centre.settings.centre
    return {
        "format": 1,
        "centre": info.name,
        "timezone": info.timezone.key,
        "currency": info.currency,
        "now": format_instant(window.now),
        "until": format_instant(window.end),
        "start": day_of(made.at_hand.facts.first_day).isoformat(),
        "days": made.at_hand.facts.days,
        "most_people": made.repair.most,
        "alternative": made.best.way.name,
        "sessions": [
            {
                "activity": each.session.activity.name,
                "people": [who for who, _ in each.session.texts()],
                "start": format_instant(each.session.start),
                "moved_to": None if each.to is None else format_instant(each.to.start),
                "saves": round(each.saves, 2),
            }
            for each in made.sessions
        ],
        "alternatives": [way_json(judged) for judged in made.ways],
        "planned": service_json(made.planned),
        "absences": [
            {
                "agent_id": a.agent_id,
                "start": format_instant(a.start),
                "end": format_instant(a.end),
                "late": a.late,
            }
            for a in made.absences
        ],
        "new_breaches": len(made.new),
        "new_breaches_of_absences": len(made.of_absence),
        "drawn_shifts": list(_drawn(made)),
        "notices": _notices(made),
        "warnings": list(made.warnings),
        "versions": versions(),
    }


def way_json(judged: Judged) -> dict[str, Any]:
    """One alternative."""
    way = judged.way
    return {
        "alternative": way.name,
        "people_changed": len(way.changes),
        "price": round(way.price, 2),
        "price_of_cover": round(way.cover, 2),
        "total": round(way.total, 2),
    } | service_json(judged)


def service_json(judged: Judged) -> dict[str, Any]:
    """Service from now on."""
    return {"agent_hours_short": round(judged.short_hours, 2), "in_time": known(judged.in_time)}


def _drawn(made: Replanned) -> Iterator[dict[str, Any]]:
    """Shifts of the repaired rota that the centre has no template for, each with who works it."""
    way, usual = made.best.way, {shift.name for shift in made.at_hand.centre.settings.shift}
    duties, rota = way.rota.duties, way.rota
    for code in np.unique(duties.shift).tolist():
        template = (way.facts.templates or {}).get(rota.shift_names[code])
        if template is not None and template.name not in usual:
            people = sorted({rota.agent_ids[a] for a in duties.agent[duties.shift == code]})
            yield {"template": asdict(template), "agents": people}


def _notices(made: Replanned) -> list[dict[str, str]]:
    """When each changed shift was told: now; and what an earlier repair told."""
    told = dict(made.at_hand.facts.notices)
    for option, _, _ in made.best.way.changes:
        if option.kind != "break":
            told[option.agent_id, made.repair.window.day] = made.repair.window.now
    return [
        {"agent_id": agent_id, "day": day_of(day).isoformat(), "told_at": format_instant(at)}
        for (agent_id, day), at in sorted(told.items())
    ]


def _clock(instant: int, made: Replanned) -> str:
    return f"{from_minutes(instant, made.at_hand.facts.zone):%H:%M}"


def told_lines(made: Replanned, out: Path) -> Iterator[str]:
    """A repaired day for people to read."""
    currency = made.at_hand.centre.settings.centre.currency
    best, nothing = made.best, made.nothing
    away = len(made.absences)
    yield (
        f"{out}: {len(best.way.changes)} people changed for {away} not there"
        f" ({best.way.name}, at most {made.repair.most}), from {_clock(made.repair.window.now, made)} on"
    )
    head = f"{'':14}{'people':>8}{'price':>12}{'short, h':>12}{'in time':>10}{'total ' + currency:>16}"
    yield head
    for judged in made.ways:
        way = judged.way
        yield (
            f"{way.name:14}{len(way.changes):>8}{way.price:>12,.0f}{judged.short_hours:>12,.1f}"
            f"{_share(judged.in_time):>10}{way.total:>16,.0f}"
        )
    yield f"{'as planned':14}{'':>8}{'':>12}{made.planned.short_hours:>12,.1f}{_share(made.planned.in_time):>10}"
    if made.sessions:
        gone = sum(each.to is None for each in made.sessions)
        yield f"Sessions off the queue: {len(made.sessions) - gone} moved to later, {gone} given up, still owed"
    if best is nothing:
        yield "Nothing that the rules allow is worth its price."
    yield f"Breaches that the rota had not before: {len(made.new)}" + (
        f", {len(made.of_absence)} of them by the absences themselves" if made.of_absence else ""
    )


def _share(value: float) -> str:
    return "–" if value != value else f"{100 * value:.1f} %"
