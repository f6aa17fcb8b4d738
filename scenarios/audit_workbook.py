"""audit.xlsx: a summary, a sheet a rule, by person, team and week, what was not checked and what was left out.

Text is always written as text, so that nothing that comes from a file is ever a formula; times are real dates
in local time, with the clock named beside them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from centre.instants import day_of, from_minutes
from scenarios.audit_page_rules import law, rule_name
from scenarios.audit_page_words import words
from scenarios.audit_report import FILE_RULES, AuditData, Finding

LONGEST_NAME, LONGEST_TEXT, MOST_ROWS, MOST_LINES = 31, 32_767, 1_000_000, 8
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
Cell = str | float | int | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: key of its heading and its width in characters."""

    key: str
    width: float


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


@dataclass
class _Book:
    """An open workbook with its formats and the names of its sheets."""

    data: AuditData
    path: Path
    names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.w = words(self.data.language)
        self.file = xlsxwriter.Workbook(str(self.path), {"constant_memory": True, "in_memory": False})
        self.file.set_properties({"title": self.w["title"], "created": datetime(2000, 1, 1)})
        add = self.file.add_format
        self.plain = add({"valign": "top"})
        self.prose = add({"valign": "top", "text_wrap": True})
        self.sign = add({"valign": "top", "quote_prefix": True})
        self.moment = add({"valign": "top", "num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self.figure = add({"valign": "top", "num_format": "#,##0.##"})
        self.head = add(
            {"bold": True, "bg_color": "#E4E1D9", "bottom": 1, "valign": "top", "text_wrap": True}
        )
        self.title = add({"bold": True, "font_size": 14})
        self.bold = add({"bold": True, "valign": "top"})

    def close(self) -> None:
        """Write everything."""
        self.file.close()

    def sheet(self, name: str) -> Worksheet:
        """A new sheet under a name that Excel takes and no other sheet has."""
        sheet: Worksheet = self.file.add_worksheet(sheet_name(name, self.names))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def write(self, sheet: Worksheet, row: int, column: int, value: Cell, wrap: bool = False) -> None:
        """One cell by the kind of its value; text is never a formula, a number or a link."""
        if value is None or value == "":
            return
        if isinstance(value, datetime):
            sheet.write_datetime(row, column, value, self.moment)
        elif isinstance(value, str):
            text = value if len(value) <= LONGEST_TEXT else value[: LONGEST_TEXT - 1] + "…"
            shape = self.prose if wrap else self.plain
            sheet.write_string(row, column, text, self.sign if text.startswith(FORMULA_SIGNS) else shape)
        else:
            sheet.write_number(row, column, value, self.figure)

    def grid(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], count: int) -> None:
        """A sheet with a frozen header, a filter and ``count`` rows; further sheets where Excel has no more room."""
        lines = iter(rows)
        for first in range(0, max(count, 1), MOST_ROWS):
            here = min(MOST_ROWS, count - first)
            sheet = self.sheet(name)
            sheet.set_row(0, 30)
            for k, column in enumerate(columns):
                sheet.set_column(k, k, column.width)
                sheet.write_string(0, k, self.w[f"x_{column.key}"], self.head)
            sheet.freeze_panes(1, 0)
            sheet.repeat_rows(0)
            sheet.autofilter(0, 0, max(here, 1), len(columns) - 1)
            for row in range(1, here + 1):
                cells = next(lines)
                sheet.set_row(row, height(columns, cells))
                for k, value in enumerate(cells):
                    self.write(sheet, row, k, value, columns[k].key in WRAPPED)

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
        sheet.write_string(0, 0, self.w["title"], self.title)
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


def sheet_name(name: str, taken: set[str]) -> str:
    """A name that Excel takes: at most 31 characters, none of ``[]:*?/\\``, no apostrophe at an end, and unique
    whatever the case; it is added to ``taken``.

    Examples
    --------
    >>> taken = set()
    >>> sheet_name("a/b:c", taken), sheet_name("A b c", taken), sheet_name("x" * 40, taken)
    ('a b c', 'A b c (2)', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')
    """
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", name).strip().strip("'") or "-"
    if clean.casefold() == "history":
        clean += "_"  # Excel keeps this name for itself
    tried, number = clean[:LONGEST_NAME].rstrip(), 1
    while tried.casefold() in taken:
        number += 1
        tail = f" ({number})"
        tried = clean[: LONGEST_NAME - len(tail)].rstrip() + tail
    taken.add(tried.casefold())
    return tried


def height(columns: Sequence[Column], cells: Sequence[Cell]) -> float:
    """Height of a row in points that shows its wrapped text, up to `MOST_LINES` lines; Chinese is twice as wide.

    Examples
    --------
    >>> height([Column("mend", 10)], ["x" * 11]), height([Column("mend", 10)], ["班" * 11])
    (28.0, 41.0)
    """
    lines = 1
    for column, value in zip(columns, cells, strict=True):
        if column.key in WRAPPED and isinstance(value, str):
            lines = max(lines, -(-_wide(value) * 5 // int(4 * column.width)))
    return 2.0 + 13.0 * min(lines, MOST_LINES)


@lru_cache(maxsize=65_536)
def _wide(text: str) -> int:
    """Width in characters, Chinese ones counted twice."""
    return len(text) + (0 if text.isascii() else sum(sign > "\u2e7f" for sign in text))


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
