"""Findings of an audit as lines to read and as data."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from api.outcome import DONE, FINDINGS, Outcome
from centre.instants import format_instant, from_minutes
from scheduler.rules.rule import Violation

if TYPE_CHECKING:
    import pandas as pd

    from scenarios.audit_report import AuditData, Finding

MOST_LINES = 200
MOST_OF_A_KIND = 25


def audit_outcome(data: "AuditData", out: Path | None) -> Outcome:
    """The outcome of an audit whose findings may have been written to ``out``; at most `MOST_LINES` lines."""
    breaches = data.of("breach")
    sums = data.tables["rules"].groupby("rule")["breaches"].sum()
    by_rule = {str(rule): int(number) for rule, number in sums.items() if number}
    kinds = (("excepted", "EXCEPTED"), ("near", "NEAR"), ("not_checked", "NOT CHECKED"))
    tail = [line for verdict, mark in kinds for line in _kind(data, data.of(verdict), mark)]
    tail += _cut([f"{rule}: {_breaches(number)}" for rule, number in by_rule.items()], "rules")
    tail += _team_lines(data.tables["teams"])
    tail += _cut(list(_binding_lines(data)), "rules that bind")
    counts = {
        "breaches": len(breaches), "near": len(data.of("near")), "excepted": len(data.of("excepted")),
        "not_checked": len(data.of("not_checked")),
    }  # fmt: skip
    told = f"{_breaches(len(breaches))}, {counts['near']} near, {counts['not_checked']} not checked"
    told += f", {counts['excepted']} excepted" if counts["excepted"] else ""
    tail.append(f"{data.rows:,} row{'' if data.rows == 1 else 's'} judged: {told}")
    lines = [
        *_with_mends(data, breaches, MOST_LINES - len(tail) - 2),
        *tail,
    ]  # a note and the report's place follow
    told_data: dict[str, Any] = {"command": "audit", "out": out and str(out), **counts, "by_rule": by_rule}
    told_data["violations"] = [_told(found) for found in data.findings]
    told_data["tables"] = {name: table.to_dict("records") for name, table in data.tables.items()}
    return Outcome(FINDINGS if breaches else DONE, lines, told_data)


def counted(breaches: Sequence[Violation]) -> dict[str, int]:
    """How many breaches there are of each rule, by name."""
    return dict(sorted(Counter(breach.rule for breach in breaches).items()))


def breach_lines(breaches: Sequence[Violation], zone: ZoneInfo) -> Iterator[str]:
    """Each breach with its rule, person, window, what was found, required and short; the first 200 one by one."""
    yield from (f"BREACH {_line(breach, zone)}" for breach in breaches[:MOST_LINES])
    if len(breaches) > MOST_LINES:
        yield f"... and {len(breaches) - MOST_LINES:,} more breaches"


def _with_mends(data: "AuditData", breaches: "Sequence[Finding]", most: int) -> Iterator[str]:
    """Breaches as above, each with the smallest change that mends it; at most ``most`` lines."""
    shown = breaches if len(breaches) <= most else breaches[: most - 1]
    for breach in shown:
        line = _line(breach.violation, data.clock(breach.violation.agent_id))
        yield f"BREACH {line}" + (f" MEND: {breach.mend}" if breach.mend else "")
    if len(breaches) > len(shown):
        yield f"... and {len(breaches) - len(shown):,} more breaches"


def _kind(data: "AuditData", findings: "Sequence[Finding]", mark: str) -> list[str]:
    """Lines of one verdict other than breach; two rules of one name differ by their source."""
    if mark != "NOT CHECKED":
        told = ((found.violation, data.clock(found.violation.agent_id)) for found in findings)
        return _cut([f"{mark} {_line(v, zone)}" for v, zone in told], mark.lower())
    by_reason: dict[str, list[Violation]] = {}
    for found in findings:
        by_reason.setdefault(found.violation.explanation, []).append(found.violation)
    return _cut([f"{mark} {_rules(alike)}: {why}" for why, alike in by_reason.items()], mark.lower())


def _rules(alike: "Sequence[Violation]") -> str:
    """The rules of one reason: a single one with its source, of several only how many of each."""
    if len(alike) == 1:
        return alike[0].rule + (f" [{alike[0].source}]" if alike[0].source else "")
    return ", ".join(
        rule + (f" ({number})" if number > 1 else "")
        for rule, number in Counter(v.rule for v in alike).items()
    )


def _cut(lines: list[str], what: str) -> list[str]:
    if len(lines) <= MOST_OF_A_KIND:
        return lines
    return [*lines[: MOST_OF_A_KIND - 1], f"... and {len(lines) - MOST_OF_A_KIND + 1:,} more {what}"]


def _line(found: Violation, zone: ZoneInfo) -> str:
    parts = [found.rule, found.agent_id or "whole rota", _window(found, zone), *_figures(found)]
    return f"{' · '.join(parts)} · {found.explanation} [{found.source}]"


def _binding_lines(data: "AuditData") -> Iterator[str]:
    """Which of several rules of a kind binds, as far as breaches ask for it."""
    broken = {found.violation.rule for found in data.of("breach")}
    for rule in data.rules:
        if rule.name in broken and rule.binds:
            yield f"{rule.name} binds by {rule.preset or 'the centre'}: {rule.source}"


def _team_lines(teams: "pd.DataFrame") -> list[str]:
    """Breaches by team, where any team is known."""
    broken = teams[teams["breaches"] > 0]
    if not (broken["team"] != "").any():
        return []
    lines = []
    for row in broken.to_dict("records"):
        people = f"{row['people_with_breach']} of {row['people']} people"
        lines.append(f"team {row['team'] or '(not known)'}: {_breaches(row['breaches'])}, {people}")
    return _cut(lines, "teams")


def _breaches(number: int) -> str:
    return f"{number} breach{'' if number == 1 else 'es'}"


def _window(found: Violation, zone: ZoneInfo) -> str:
    ends = [f"{from_minutes(at, zone):%Y-%m-%d %H:%M}" for at in (found.start, found.end) if at is not None]
    return " to ".join(ends) or "no window"


def _figures(found: Violation) -> list[str]:
    if found.found is None or found.limit is None or found.short is None:
        return []
    off = f", {found.short:g} {'short' if found.found < found.limit else 'over'}" if found.short else ""
    return [f"found {found.found:g} {found.unit}, required {found.limit:g}{off}"]


def _told(finding: "Finding") -> dict[str, Any]:
    """A finding under the names of violations.csv."""
    found = finding.violation
    start, end = (None if at is None else format_instant(at) for at in (found.start, found.end))
    return {
        "rule": found.rule, "source": found.source, "agent_id": found.agent_id, "from": start, "to": end,
        "found": found.found, "limit": found.limit, "unit": found.unit, "verdict": found.verdict,
        "explanation": found.explanation, "short": found.short, "team": finding.team,
        "shifts": list(finding.shifts), "mend": finding.mend, "id": finding.id,
    }  # fmt: skip
