"""Findings of an audit as lines to read and as data."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from api.outcome import DONE, FINDINGS, Outcome
from centre.instants import format_instant, from_minutes
from scheduler.rules.rule import Violation

MOST_LINES = 200


def audit_outcome(findings: Sequence[Violation], rows: int, zone: ZoneInfo, out: Path | None) -> Outcome:
    """The outcome of an audit of ``rows`` rows whose findings may have been written to ``out``."""
    breaches = [found for found in findings if found.verdict == "breach"]
    unchecked = [found for found in findings if found.verdict == "not_checked"]
    near = sum(found.verdict == "near" for found in findings)
    by_rule = counted(breaches)
    lines = list(breach_lines(breaches, zone))
    lines += [_unchecked(found) for found in unchecked]
    lines += [f"{rule}: {_breaches(number)}" for rule, number in by_rule.items()]
    counts = {"breaches": len(breaches), "near": near, "not_checked": len(unchecked)}
    told = f"{_breaches(len(breaches))}, {near} near, {len(unchecked)} not checked"
    lines.append(f"{rows:,} row{'' if rows == 1 else 's'} judged: {told}")
    data: dict[str, Any] = {"command": "audit", "out": out and str(out), **counts, "by_rule": by_rule}
    data["violations"] = [_told(found) for found in findings]
    return Outcome(FINDINGS if breaches else DONE, lines, data)


def counted(breaches: Sequence[Violation]) -> dict[str, int]:
    """How many breaches there are of each rule, by name."""
    return dict(sorted(Counter(breach.rule for breach in breaches).items()))


def breach_lines(breaches: Sequence[Violation], zone: ZoneInfo) -> Iterator[str]:
    """Each breach with its rule, person, window, what was found and what is required; the first 200 one by
    one.
    """
    for breach in breaches[:MOST_LINES]:
        parts = [breach.rule, breach.agent_id or "whole rota", _window(breach, zone), *_figures(breach)]
        yield f"BREACH {' · '.join(parts)} · {breach.explanation} [{breach.source}]"
    if len(breaches) > MOST_LINES:
        yield f"... and {len(breaches) - MOST_LINES:,} more breaches"


def _breaches(number: int) -> str:
    return f"{number} breach{'' if number == 1 else 'es'}"


def _unchecked(found: Violation) -> str:
    """What could not be checked; two rules of one name differ by their source."""
    source = f" [{found.source}]" if found.source else ""
    return f"NOT CHECKED {found.rule}: {found.explanation}{source}"


def _window(found: Violation, zone: ZoneInfo) -> str:
    ends = [f"{from_minutes(at, zone):%Y-%m-%d %H:%M}" for at in (found.start, found.end) if at is not None]
    return " to ".join(ends) or "no window"


def _figures(found: Violation) -> list[str]:
    if found.found is None or found.limit is None:
        return []
    return [f"found {found.found:g} {found.unit}, required {found.limit:g}"]


def _told(found: Violation) -> dict[str, Any]:
    """A finding under the names of violations.csv."""
    start, end = (None if at is None else format_instant(at) for at in (found.start, found.end))
    return {
        "rule": found.rule, "source": found.source, "agent_id": found.agent_id, "from": start, "to": end,
        "found": found.found, "limit": found.limit, "unit": found.unit, "verdict": found.verdict,
        "explanation": found.explanation,
    }  # fmt: skip
