"""What an audit hands out: violations.csv, audit.json, audit.xlsx and audit.html, made from one `AuditData`.

findings of the rules + what is known of the people -> AuditData -> the four files, under one digest
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from centre.instants import day_number, day_of, from_minutes, week_of
from centre.writing import write_csv, write_text
from scenarios import audit_groups
from scenarios.audit_digest import digest_of, finding_id, signature_of
from scenarios.report_data import Language
from scheduler.files import VIOLATION_COLUMNS, violations_frame
from scheduler.rules.facts import Facts
from scheduler.rules.rule import Rule, Violation

SCHEMA = 1
MORE_COLUMNS = ("short", "team", "shifts", "mend", "id")
COLUMNS = (*VIOLATION_COLUMNS, *MORE_COLUMNS)
TABLE, DATA, BOOK, PAGE = "violations.csv", "audit.json", "audit.xlsx", "audit.html"
FILE_RULES = ("file", "audit")
"""Findings under these names are about what was read, not about a rule."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding with what an HR reader wants beside it.

    Parameters
    ----------
    id : the same from audit to audit, see `scenarios.audit_digest.finding_id`
    team : of the person; empty where not known
    week : day number on which the calendar week of the finding begins; None where it has no window
    shifts : the shifts concerned, in words
    mend : the smallest change found that would mend it, in words; empty where none was looked for or found
    """

    violation: Violation
    id: str
    team: str = ""
    week: int | None = None
    shifts: tuple[str, ...] = ()
    mend: str = ""


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A rule that was judged by, as plain data; ``limits`` in its own words."""

    name: str
    words: str
    source: str
    preset: str
    limits: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class InputRead:
    """A file that the audit read, for which option, with its SHA-256."""

    option: str
    file: str
    sha256: str


@dataclass(frozen=True, eq=False)
class AuditData:
    """Everything that the files of an audit show.

    Parameters
    ----------
    zone : the clock that times are told in; ``zones`` holds that of people who have another
    first_day, days : the horizon judged, in day numbers
    rows, shifts, people : size of what was judged
    near_minutes : margin of the near misses that were looked for; None where none were
    disclaimer : what the presets are not
    """

    zone: ZoneInfo
    first_day: int
    days: int
    rows: int
    shifts: int
    people: int
    rules: tuple[RuleInForce, ...]
    findings: tuple[Finding, ...]
    inputs: tuple[InputRead, ...]
    versions: Mapping[str, str]
    week_start: int = 0
    near_minutes: int | None = None
    mends_sought: bool = False
    zones: Mapping[str, ZoneInfo] = field(default_factory=dict)
    disclaimer: str = ""
    language: Language = "en"

    def of(self, *verdicts: str) -> list[Finding]:
        """Findings of these verdicts, in their order."""
        return [found for found in self.findings if found.violation.verdict in verdicts]

    def clock(self, agent_id: str) -> ZoneInfo:
        """The clock that a person's times are told in."""
        return self.zones.get(agent_id, self.zone)


def findings_of(violations: Sequence[Violation], facts: Facts) -> tuple[Finding, ...]:
    """Findings with their names, teams and weeks."""
    rows = violations_frame(violations).itertuples(index=False, name=None)
    seen: Counter[str] = Counter()
    people = facts.people or {}
    made = []
    for violation, row in zip(violations, rows, strict=True):
        name = finding_id(
            row[:-1] if violation.found is not None else row
        )  # figures say it, else the sentence
        seen[name] += 1
        person = people.get(violation.agent_id)
        made.append(
            Finding(
                violation,
                name if seen[name] == 1 else f"{name}-{seen[name]}",
                "" if person is None else person.team,
                _week(violation, facts),
            )
        )
    return tuple(made)


def _week(violation: Violation, facts: Facts) -> int | None:
    if violation.start is None or not violation.agent_id:
        return None
    day = day_number(from_minutes(violation.start, facts.zone).date())
    return week_of(day, facts.week_start)


def rules_of(rules: Sequence[Rule]) -> tuple[RuleInForce, ...]:
    """The rules as plain data."""
    return tuple(
        RuleInForce(rule.name, rule.words, rule.source, rule.preset, tuple(_limits(rule))) for rule in rules
    )


def _limits(rule: Rule) -> list[tuple[str, str]]:
    names = [field.name for field in fields(rule)]  # type: ignore[arg-type]
    return [(name, str(getattr(rule, name))) for name in names if name not in ("source", "preset")]


def findings_frame(findings: Sequence[Finding]) -> pd.DataFrame:
    """The table of violations.csv with the columns that an audit adds at its end."""
    table = violations_frame([found.violation for found in findings])
    return table.assign(
        short=[_number(found.violation.short) for found in findings],
        team=[found.team for found in findings],
        shifts=["; ".join(found.shifts) for found in findings],
        mend=[found.mend for found in findings],
        id=[found.id for found in findings],
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if abs(value) < 1e6 else str(value)


def tables_of(data: AuditData) -> dict[str, pd.DataFrame]:
    """Findings summed by rule, person, team and week, see `scenarios.audit_groups`."""
    rows = [(found.violation, found.team, found.week) for found in data.findings]
    return audit_groups.tables(rows, [(rule.name, rule.source) for rule in data.rules])


def audit_told(data: AuditData) -> dict[str, Any]:
    """What audit.json holds, with its digest: everything that the files show, as plain data."""
    last = data.first_day + data.days - 1
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "version": dict(data.versions),
        "inputs": [{"option": i.option, "file": i.file, "sha256": i.sha256} for i in data.inputs],
        "settings": {
            "timezone": data.zone.key, "first_day": day_of(data.first_day).isoformat(),
            "last_day": day_of(last).isoformat(), "week_start": data.week_start,
            "near_minutes": data.near_minutes, "mends": data.mends_sought,
        },
        "rules": [
            {"name": r.name, "source": r.source, "preset": r.preset, "limits": dict(r.limits)} for r in data.rules
        ],
        "judged": {"rows": data.rows, "shifts": data.shifts, "people": data.people},
        "tables": {name: table.to_dict("records") for name, table in tables_of(data).items()},
        "columns": list(COLUMNS),
        "findings": findings_frame(data.findings).to_numpy(dtype=object).tolist(),
        "disclaimer": data.disclaimer,
    }  # fmt: skip
    return told | {"digest": digest_of(told)}


def write_audit_report(data: AuditData, folder: Path, key: bytes | None = None, signed_at: str = "") -> str:
    """Write the four files into a folder that is there; the digest is handed back.

    Parameters
    ----------
    key, signed_at : the key to sign by, and the time of signing
    """
    from scenarios.audit_page import render_audit
    from scenarios.audit_workbook import write_workbook

    told = audit_told(data)
    digest = str(told["digest"]["value"])
    write_csv(folder / TABLE, findings_frame(data.findings))
    write_workbook(data, digest, folder / BOOK)
    write_text(folder / PAGE, render_audit(data, digest))
    told["files"] = {name: file_sha256(folder / name) for name in (TABLE, BOOK, PAGE)}
    if key is not None:
        told["signature"] = signature_of(digest, told["files"], key, signed_at)
    write_text(folder / DATA, _json(told))
    return digest


def _json(told: Mapping[str, Any]) -> str:
    """JSON with a line for each part and each finding, which any reader of JSON takes."""

    def text(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)

    parts = []
    for name, part in told.items():
        lines = ",\n".join(text(each) for each in part) if name == "findings" else ""
        parts.append(f"{text(name)}: " + (f"[\n{lines}\n]" if lines else text(part)))
    return "{\n" + ",\n".join(parts) + "\n}\n"


def file_sha256(path: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
