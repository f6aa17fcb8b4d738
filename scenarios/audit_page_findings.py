"""Findings as rows of the audit's page: people and their breaches, and what could not be checked."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from centre.instants import from_minutes
from scenarios.audit_page_rules import law, rule_name
from scenarios.audit_page_words import FACTS
from scenarios.audit_report import AuditData, Finding
from scenarios.report_words import Format
from scheduler.rules.rule import Violation

View = dict[str, Any]
EXCEPTION = "Recorded exception:"
MOST_ONE_BY_ONE, MOST_SHIFTS = 2_000, 4


def person_rows(data: AuditData, breaches: Sequence[Finding], form: Format, w: dict[str, str]) -> list[View]:
    """People and their breaches one by one, most first, up to `MOST_ONE_BY_ONE` of them; the whole rota's come first."""
    by_person: dict[str, list[Finding]] = {}
    for found in breaches:
        by_person.setdefault(found.violation.agent_id, []).append(found)
    shown, room = [], MOST_ONE_BY_ONE
    for agent_id in sorted(by_person, key=lambda name: (name != "", -len(by_person[name]), name)):
        mine = by_person[agent_id][:room]
        room -= len(mine)
        if mine:
            zone = data.clock(agent_id)
            shown.append(
                {
                    "id": agent_id or w["h_whole"], "team": mine[0].team, "count": len(by_person[agent_id]),
                    "clock": zone.key if zone != data.zone else "", "listed": len(mine),
                    "rows": [row(data, same, form, w) for same in alike(mine)],
                }
            )  # fmt: skip
    return shown


def alike(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings of one person, those together that several laws have of one thing; the furthest off first of each.

    Two findings of one law are two things, however alike their figures.
    """
    groups: dict[tuple[object, ...], list[Finding]] = {}
    times: Counter[tuple[object, ...]] = Counter()
    for found in findings:
        v = found.violation
        same = (v.rule.partition(":")[0], v.agent_id, v.start, v.end, v.unit, v.found)
        times[(*same, v.source)] += 1
        key = (*same, times[(*same, v.source)]) if v.found is not None else (found.id,)
        groups.setdefault(key, []).append(found)
    return [sorted(group, key=lambda each: -(each.violation.short or 0)) for group in groups.values()]


def row(data: AuditData, same: Sequence[Finding], form: Format, w: dict[str, str]) -> View:
    """One thing found, by whatever rules; figures are those of the strictest."""
    first = same[0]
    v = first.violation
    own = Format(form.language, data.clock(v.agent_id), "")
    return {
        "rule": rule_name(v.rule, data.language), "source": law(v.source, form.language), "person": v.agent_id,
        "also": [_also(each.violation, v.limit, form, w) for each in same[1:]],
        "when": window(own, v.start, v.end), "found": amount(v.found, v.unit, form, w),
        "required": amount(v.limit, v.unit, form, w), "short": amount(v.short, v.unit, form, w),
        **_shifts(first.shifts, w), "mend": next((each.mend for each in same if each.mend), ""),
        "explanation": v.explanation if v.limit is None or v.rule in data.explained else _reason(v),
    }  # fmt: skip


def _reason(v: Violation) -> str:
    """Why an exception was recorded; nothing for other findings, whose figures say it all."""
    return v.explanation.partition(EXCEPTION)[2].strip() if v.verdict == "excepted" else ""


def _also(v: Violation, limit: float | None, form: Format, w: dict[str, str]) -> str:
    """Another law that has the same breach, with its limit where that differs."""
    other = "" if v.limit == limit else f" ({amount(v.limit, v.unit, form, w)})"
    return law(v.source, form.language) + other


def _shifts(shifts: Sequence[str], w: dict[str, str]) -> View:
    """The first shifts, and how many more there are."""
    more = len(shifts) - MOST_SHIFTS
    return {
        "shifts": shifts[:MOST_SHIFTS],
        "more_shifts": w["more_shifts"].format(count=more) if more > 0 else "",
    }


def told(found: Finding, form: Format) -> View:
    """One thing that could not be judged, and the fact that would help."""
    v = found.violation
    fact = next((words for pattern, words in FACTS if re.search(pattern, v.explanation)), ("", ""))
    return {
        "rule": rule_name(v.rule, form.language), "source": law(v.source, form.language), "person": v.agent_id,
        "reason": v.explanation, "fact": fact[form.language == "zh"],
    }  # fmt: skip


def window(form: Format, start: int | None, end: int | None) -> tuple[str, ...]:
    """Local days and times of both ends, each on a line where they are not of one day; days alone where both are
    midnight, offsets where clocks change in between.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> form = Format("en", ZoneInfo("UTC"), "")
    >>> window(form, 480, 960), window(form, 0, 10080), window(form, 0, 1440)
    (('1970-01-01 08:00–16:00',), ('1970-01-01 –', '1970-01-07'), ('1970-01-01',))
    """
    if start is None or end is None:
        return ("–",)
    begins, ends = from_minutes(start, form.zone), from_minutes(end, form.zone)
    if begins.hour == begins.minute == ends.hour == ends.minute == 0 and end > start:
        last = from_minutes(end - 1, form.zone).date()
        return (f"{begins.date()} –", f"{last}") if last != begins.date() else (f"{last}",)
    if begins.utcoffset() != ends.utcoffset():
        return f"{begins:%Y-%m-%d %H:%M (%z)} –", f"{ends:%Y-%m-%d %H:%M (%z)}"
    if begins.date() == ends.date():
        return (f"{begins:%Y-%m-%d %H:%M}–{ends:%H:%M}",)
    return f"{begins:%Y-%m-%d %H:%M} –", f"{ends:%Y-%m-%d %H:%M}"


def amount(value: float | None, unit: str, form: Format, w: dict[str, str]) -> str:
    """A figure with its unit; minutes as hours and minutes."""
    if value is None:
        return "–"
    if unit == "minutes" and value == int(value) and value >= 0:
        return minutes(int(value), form, zero="0 min" if form.language == "en" else "0 分")
    text = form.number(value, 2).rstrip("0").rstrip(".") if value != int(value) else form.number(value)
    return f"{text} {w.get(f'unit_{unit}', unit)}".strip()


def minutes(value: int, form: Format, zero: str = "–") -> str:
    """Minutes as hours and minutes; below an hour as minutes alone."""
    if value == 0:
        return zero
    if value < 60:
        return f"{value} 分" if form.language == "zh" else f"{value} min"
    return form.duration(int(value))
