"""audit.xlsx: a summary, a sheet a rule, by person, team and week, what was not checked and what was left out.

Text is always written as text, so that nothing that comes from a file is ever a formula; times are real dates
in local time, with the clock named beside them.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from centre.instants import day_of, from_minutes
from scenarios.audit_page_rules import law, rule_name
from scenarios.audit_page_words import words
from scenarios.audit_report import FILE_RULES, AuditData, Finding
from scenarios.workbook import Book, Cell, Column

FINDING_COLUMNS = (
    Column("verdict", 9), Column("person", 11), Column("team", 13), Column("from", 16), Column("to", 16),
    Column("found", 9), Column("required", 9), Column("short", 9), Column("unit", 9), Column("article", 38),
    Column("shifts", 30), Column("mend", 38), Column("explanation", 50), Column("clock", 22), Column("id", 15),
)  # fmt: skip
SUMMED = [
    "rule", "source", "breaches", "people_with_breach", "rest_minutes_missing", "near", "excepted", "not_checked",
]  # fmt: skip
WRAPPED = ("article", "shifts", "mend", "explanation")


def write_workbook(data: AuditData, digest: str, path: Path) -> None:
    """Write the workbook; its bytes hang on nothing but ``data`` and ``digest``."""
    book = _Book(data, path)
    try:
        book.summary(digest)
        by_rule: dict[str, list[Finding]] = {}
        for found in data.findings:
            if found.violation.verdict != "not_checked":
                by_rule.setdefault(found.violation.rule, []).append(found)
        for name in sorted(by_rule):
            book.findings(name, by_rule[name])
        for name in ("people", "teams", "trend"):
            book.table(name, data.tables[name])
        unchecked = data.of("not_checked")
        book.told("not_checked", [f for f in unchecked if not f.is_left_out])
        book.told("left_out", [f for f in unchecked if f.is_left_out])
    finally:
        book.close()


class _Book(Book):
    """The workbook of one audit."""

    def __init__(self, data: AuditData, path: Path) -> None:
        w = words(data.language)
        super().__init__(path, w["title"], w, WRAPPED)
        self.data = data

    def findings(self, rule: str, findings: Sequence[Finding]) -> None:
        """The sheet of a rule: its breaches, then what is excepted and what is near."""
        order = {"breach": 0, "excepted": 1, "near": 2}
        found = sorted(findings, key=lambda each: order[each.violation.verdict])
        self.grid(rule_name(rule, self.data.language), FINDING_COLUMNS, map(self.finding, found), len(found))

    def finding(self, found: Finding) -> list[Cell]:
        """The cells of a finding."""
        v, zone = found.violation, self.data.clock(found.violation.agent_id)
        return [
            self.w[f"verdict_{v.verdict}"], v.agent_id, found.team, local(v.start, zone), local(v.end, zone),
            v.found, v.limit, v.short, self.w.get(f"unit_{v.unit}", v.unit), law(v.source, self.data.language),
            "; ".join(found.shifts), found.mend, v.explanation, clock(zone, v.start, v.end), found.id,
        ]  # fmt: skip

    def table(self, name: str, table: pd.DataFrame) -> None:
        """A sheet of sums."""
        table = table.drop(columns="minutes_short", errors="ignore")  # short and over in one sum says little
        columns = [Column(str(key), 18) for key in table.columns]
        rows = ([_plain(value) for value in row] for row in table.itertuples(index=False, name=None))
        self.grid(self.w[f"sheet_{name}"], columns, rows, len(table))

    def told(self, name: str, findings: Sequence[Finding]) -> None:
        """A sheet of what could not be judged, and why."""
        language = self.data.language
        columns = (
            Column("rule", 26),
            Column("article", 50),
            Column("person", 14),
            Column("explanation", 110),
        )
        rows = (
            [rule_name(v.rule, language), law(v.source, language), v.agent_id, v.explanation]
            for v in (found.violation for found in findings)
        )
        self.grid(self.w[f"sheet_{name}"], columns, rows, len(findings))

    def summary(self, digest: str) -> None:
        """The first sheet: what was judged, by what, and what came of it."""
        sheet = self.sheet(self.w["sheet_summary"])
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 62)
        sheet.set_column(2, len(SUMMED) - 1, 14)
        sheet.write_string(0, 0, self.w["title"], self.heading)
        rows = summary_rows(self.data, digest, self.w)
        for row, (name, value) in enumerate(rows, 2):
            sheet.write_string(row, 0, name, self.bold)
            self.write(sheet, row, 1, f"{value:,}" if isinstance(value, int) else value, wrap=True)
        self.by_rule(sheet, len(rows) + 3)

    def by_rule(self, sheet: Worksheet, row: int) -> None:
        """A table of all rules in force from a row on, then what the presets are not."""
        language, table = self.data.language, self.data.tables["rules"]
        table = table[~table["rule"].isin(FILE_RULES)][SUMMED]
        sheet.set_row(row, 30)
        for k, key in enumerate(SUMMED):
            sheet.write_string(row, k, self.w[f"x_{key}"], self.head)
        for row, cells in enumerate(table.itertuples(index=False, name=None), row + 1):  # noqa: B020 - where it ends
            told = (rule_name(cells[0], language), law(cells[1], language), *map(_plain, cells[2:]))
            for k, value in enumerate(told):
                self.write(sheet, row, k, value, wrap=True)
        sheet.set_row(row + 2, 60)
        sheet.merge_range(row + 2, 0, row + 2, len(SUMMED) - 1, self.data.disclaimer, self.prose)


def summary_rows(data: AuditData, digest: str, w: dict[str, str]) -> list[tuple[str, Cell]]:
    """What was judged, as names and values."""
    people, rest = data.tables["people"], int(data.tables["people"]["rest_minutes_missing"].sum())
    rows: list[tuple[str, Cell]] = []
    for each in data.inputs:
        rows += [(w["file"], f"{each.file} ({each.option})"), ("SHA-256", each.sha256)]
    rows += [
        (w["horizon"], f"{day_of(data.first_day)} – {day_of(data.first_day + data.days - 1)}" if data.days else "–"),
        (w["zone"], data.zone.key), (w["people"], data.people), (w["shifts"], data.shifts),
        (w["n_breach"], len(data.of("breach"))), (w["n_broken"], int((people["breaches"] > 0).sum())),
        (w["n_rest"], rest), (w["n_near"], len(data.of("near"))), (w["n_excepted"], len(data.of("excepted"))),
        (w["n_not_checked"], len(data.of("not_checked"))), (w["digest"], digest),
        (w["version"], data.versions.get("paiban", "")),
    ]  # fmt: skip
    return rows


@lru_cache(maxsize=65_536)
def local(instant: int | None, zone: ZoneInfo) -> datetime | None:
    """Local time of an instant as Excel holds it, without a zone."""
    return None if instant is None else from_minutes(instant, zone).replace(tzinfo=None)


@lru_cache(maxsize=65_536)
def clock(zone: ZoneInfo, *instants: int | None) -> str:
    """The clock that times are told in, with its offset, or both where clocks change in between.

    Examples
    --------
    >>> clock(ZoneInfo("Europe/Berlin"), 28_530_000, 28_531_440)
    'Europe/Berlin +01:00 → +02:00'
    """
    offsets = [f"{from_minutes(at, zone):%z}" for at in instants if at is not None]
    told = dict.fromkeys(f"{offset[:3]}:{offset[3:]}" for offset in offsets)
    return f"{zone.key} {' → '.join(told)}".strip()


def _plain(value: Any) -> Cell:
    return value if isinstance(value, str) else int(value) if float(value).is_integer() else float(value)
