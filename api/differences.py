"""What changed since an earlier rota, as lines to read and as data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from api.any_rota import AnyRota, any_rota, rota_file
from api.findings import breach_lines
from api.outcome import Outcome
from centre.instants import day_of, format_instant
from centre.wide.rota import is_wide_file
from scheduler.differences import Change, FindingChanges, changed_days, compare_findings
from scheduler.rota import Rota
from scheduler.rules.facts import Facts
from scheduler.rules.rule import Rule, Violation

if TYPE_CHECKING:
    from scheduler.rules.exceptions import RecordedException

MOST_LINES = 200


@dataclass(frozen=True)
class Difference:
    """The file compared with, the days that changed, the breaches that came, went and stayed, and what of the days
    was not compared.
    """

    against: str
    changes: list[Change]
    breaches: FindingChanges
    left_out: str = ""


def difference(
    path: Path, legend: Path | None, rota: Rota, rules: Sequence[Rule], facts: Facts, findings: Sequence[Violation],
    exceptions: "Sequence[RecordedException]" = (),
) -> Difference:  # fmt: skip
    """What changed from the rota of ``path`` to ``rota``, the old one judged as the new one was.

    Parameters
    ----------
    legend : codes of the new file, taken for the old one too where that is a wide sheet
    facts, findings : what the new rota was judged by, over which days, and how

    Raises
    ------
    BadInput
        with every fault of the old file.
    """
    from scheduler.audit import audit

    old = any_rota(path, legend if legend and is_wide_file(rota_file(path)) else None, facts.zone)
    before = audit(old.rota, rules, facts, exceptions=exceptions)
    breaches = ([one for one in found if one.verdict == "breach"] for found in (before, findings))
    first, end = facts.first_day, facts.end_day
    if old.covered:
        first, end = max(first, old.covered[0]), min(end, sum(old.covered))
    zones = {name: person.zone for name, person in (facts.people or {}).items() if person.zone} | old.zones
    changes = changed_days(old.rota, rota, facts.zone, zones, (first, end))
    return Difference(
        path.name, changes, compare_findings(*breaches), _left_out(path.name, old, facts, first, end)
    )


def _left_out(name: str, old: AnyRota, facts: Facts, first: int, end: int) -> str:
    """Which days were not compared, and what the old file left out."""
    told = []
    if first >= end:
        told.append(f"{name} has no day in common with the days judged.")
    elif (first, end) != (facts.first_day, facts.end_day):
        days = f"{day_of(first)} to {day_of(end - 1)}"
        told.append(f"{name} covers {days} of the days judged; breaches on others are told as new.")
    outside = int(((old.rota.day < facts.first_day) | (old.rota.day >= facts.end_day)).sum())
    if outside:
        told.append(f"{outside} row(s) of {name} lie outside the days judged and were not compared.")
    if old.notes:
        told.append(
            f"{name} has {len(old.notes)} finding(s) of its own about the file; audit it to see them."
        )
    return " ".join(told)


def with_difference(outcome: Outcome, found: Difference, zone: ZoneInfo) -> Outcome:
    """The outcome of an audit with what changed after its findings."""
    lines = [f"Against {found.against}: {_count(len(found.changes), 'changed day')}"]
    lines += [found.left_out] if found.left_out else []
    lines += [
        f"CHANGED {one.agent_id} · {day_of(one.day)} · {one.before or 'off'} → {one.after or 'off'}"
        for one in found.changes[:MOST_LINES]
    ]
    if len(found.changes) > MOST_LINES:
        lines.append(f"... and {len(found.changes) - MOST_LINES:,} more changed days")
    lines += [f"NEW {line}" for line in breach_lines(found.breaches.new, zone)]
    lines += [f"GONE {line}" for line in breach_lines(found.breaches.gone, zone)]
    counts = {name: len(getattr(found.breaches, name)) for name in ("new", "gone", "remaining")}
    lines.append(", ".join(f"{number} {name}" for name, number in counts.items()) + " (breaches)")
    data = outcome.data | {"difference": _data(found, counts)}
    return replace(outcome, lines=[*outcome.lines, *lines], data=data)


def _data(found: Difference, counts: dict[str, int]) -> dict[str, Any]:
    changes = [
        {"agent_id": one.agent_id, "day": str(day_of(one.day)), "before": one.before, "after": one.after}
        for one in found.changes
    ]
    breaches = {name: [_told(one) for one in getattr(found.breaches, name)] for name in counts}
    return {
        "against": found.against, "changed": changes, "counts": counts, "left_out": found.left_out, **breaches,
    }  # fmt: skip


def _told(found: Violation) -> dict[str, Any]:
    """A breach by what it is known by again, with its figures."""
    start, end = (None if at is None else format_instant(at) for at in (found.start, found.end))
    return {
        "rule": found.rule, "source": found.source, "agent_id": found.agent_id, "from": start, "to": end,
        "found": found.found, "limit": found.limit, "unit": found.unit, "explanation": found.explanation,
    }  # fmt: skip


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
