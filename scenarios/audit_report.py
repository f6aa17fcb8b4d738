"""What an audit hands out: violations.csv, audit.json, audit.xlsx and audit.html, made from one `AuditData`.

findings of the rules + what is known of the people -> AuditData -> the four files, under one digest
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from centre.instants import day_of
from centre.writing import write_csv, write_text
from scenarios.audit_digest import digest_of, finding_id, signature_of
from scenarios.audit_evidence import shifts_told
from scenarios.report_data import Language
from scenarios.rule_limits import limits_of
from scheduler.evidence import Evidence
from scheduler.files import VIOLATION_COLUMNS, violations_frame
from scheduler.near import binding, unscoped
from scheduler.rules.presets import ABOUT, PresetAbout
from scheduler.rules.presets.centre import NAME as CENTRE
from scheduler.rules.rule import Rule, Violation

SCHEMA = 1
MORE_COLUMNS = ("short", "team", "shifts", "mend", "id")
COLUMNS = (*VIOLATION_COLUMNS, *MORE_COLUMNS)
TABLE, DATA, BOOK, PAGE = "violations.csv", "audit.json", "audit.xlsx", "audit.html"
FILE_RULES = ("file", "audit")
"""Findings under these names are about what was read and how, not about a rule."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding with what an HR reader wants beside it.

    Parameters
    ----------
    id : the same from audit to audit, see `scenarios.audit_digest.finding_id`
    team : of the person; empty where not known
    shifts : the shifts concerned, in words
    mend : the smallest change that would mend it, in words, or why there is none; empty where none was looked for
    """

    violation: Violation
    id: str
    team: str = ""
    shifts: tuple[str, ...] = ()
    mend: str = ""

    @property
    def is_left_out(self) -> bool:
        """Whether it tells of something in a file that was not judged."""
        v = self.violation
        return v.rule == "file" or (v.rule == "audit" and "row(s)" in v.explanation)


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A rule that was judged by, as plain data.

    Parameters
    ----------
    limits : names and values as its file has them
    reading : how its articles were read (`scheduler.rules.presets.about.READINGS`); empty where no preset says so
    binds : among several rules of a kind whether this one binds; None where it is the only one
    laxer_than : source of a rule of its kind that whoever keeps it keeps this one too; empty where there is none
    """

    name: str
    words: str
    source: str
    preset: str
    limits: tuple[tuple[str, str], ...]
    reading: tuple[str, ...] = ()
    binds: bool | None = None
    laxer_than: str = ""


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
    tables : see `scenarios.audit_groups.tables_of`
    near_minutes : margin of the near misses that were looked for; None where none were
    mends_left_out : breaches for which no mend was looked for, beyond the most
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
    tables: Mapping[str, pd.DataFrame]
    inputs: tuple[InputRead, ...]
    versions: Mapping[str, str]
    week_start: int = 0
    near_minutes: int | None = None
    mends_sought: bool = False
    mends_left_out: int = 0
    zones: Mapping[str, ZoneInfo] = field(default_factory=dict)
    disclaimer: str = ""
    language: Language = "en"

    @cached_property
    def explained(self) -> frozenset[str]:
        """Names of rules whose figures do not say what is wrong: those of the centre's own files."""
        return frozenset(rule.name for rule in self.rules if rule.preset == CENTRE)

    @cached_property
    def presets(self) -> tuple[PresetAbout, ...]:
        """What is told of the presets in force."""
        names = dict.fromkeys(rule.preset for rule in self.rules)
        return tuple(ABOUT[name] for name in names if name in ABOUT)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The table of violations.csv, see `findings_frame`."""
        return findings_frame(self.findings)

    def of(self, *verdicts: str) -> list[Finding]:
        """Findings of these verdicts, in their order."""
        return [found for found in self.findings if found.violation.verdict in verdicts]

    def clock(self, agent_id: str) -> ZoneInfo:
        """The clock that a person's times are told in."""
        return self.zones.get(agent_id, self.zone)


def findings_of(
    told: Sequence[Evidence], mends: Mapping[Violation, str], zone: ZoneInfo, zones: Mapping[str, ZoneInfo],
    language: Language,
) -> tuple[Finding, ...]:  # fmt: skip
    """Findings with their names, teams, shifts and mends in words."""
    rows = violations_frame([each.violation for each in told]).itertuples(index=False, name=None)
    seen: Counter[str] = Counter()
    made = []
    for each, row in zip(told, rows, strict=True):
        v = each.violation
        name = finding_id(row[:-1] if v.found is not None else row)  # figures say it, else the sentence
        seen[name] += 1
        shifts = shifts_told(each.shifts, zones.get(v.agent_id, zone), language)
        unique = name if seen[name] == 1 else f"{name}-{seen[name]}"
        made.append(Finding(v, unique, each.team, shifts, mends.get(v, "") if v.verdict == "breach" else ""))
    return tuple(made)


def rules_of(rules: Sequence[Rule]) -> tuple[RuleInForce, ...]:
    """The rules as plain data, and which of several of a kind binds."""
    kinds = Counter(unscoped(rule).name for rule in rules)
    bindings = binding(rules)
    made = []
    for rule in rules:
        alone = kinds[unscoped(rule).name] == 1
        binds = None if alone else any(each.rule == rule for each in bindings)
        stricter = next((each.rule.source for each in bindings if not alone and rule in each.implied), "")
        limits = tuple(limits_of(rule))
        about = ABOUT.get(rule.preset)
        read = tuple(dict.fromkeys(about.readings(rule.source).values())) if about else ()
        made.append(
            RuleInForce(rule.name, rule.words, rule.source, rule.preset, limits, read, binds, stricter)
        )
    return tuple(made)


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


def audit_told(data: AuditData) -> dict[str, Any]:
    """What audit.json holds, with its digest: everything that the files show, as plain data."""
    last = day_of(data.first_day + data.days - 1).isoformat() if data.days else None
    told: dict[str, Any] = {
        "schema": SCHEMA,
        "version": dict(data.versions),
        "inputs": [{"option": i.option, "file": i.file, "sha256": i.sha256} for i in data.inputs],
        "settings": {
            "timezone": data.zone.key, "first_day": day_of(data.first_day).isoformat(),
            "last_day": last, "week_start": data.week_start,
            "near_minutes": data.near_minutes, "mends": data.mends_sought, "mends_left_out": data.mends_left_out,
        },
        "rules": [
            {
                "name": r.name, "source": r.source, "preset": r.preset, "limits": dict(r.limits),
                "reading": list(r.reading),
                "binds": r.binds, "laxer_than": r.laxer_than,
            } for r in data.rules
        ],
        "judged": {"rows": data.rows, "shifts": data.shifts, "people": data.people},
        "tables": {name: table.to_dict("records") for name, table in data.tables.items()},
        "columns": list(COLUMNS),
        "findings": data.frame.to_numpy(dtype=object).tolist(),
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
    write_csv(folder / TABLE, data.frame)
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
