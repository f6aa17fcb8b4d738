"""comparison.xlsx: a comparison as a workbook: summary, figures, by day, by interval, what changed."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from centre.instants import from_minutes, from_timestamps
from scenarios.change_words import change_words
from scenarios.compare import Comparison
from scenarios.comparison_page import format_of
from scenarios.comparison_views import Told, cards, level_words
from scenarios.comparison_words import words
from scenarios.figure_format import difference, number_format, unit_words
from scenarios.figure_words import GROUP_WORDS, figure_words, told_order
from scenarios.report_data import Language
from scenarios.report_words import Format
from scenarios.versions import version_of
from scenarios.workbook import Book, Cell, Column

WRAPPED = ("what", "words", "asked", "notes")
SHARES = (
    "service_level",
    "abandonment",
    "occupancy",
    "rota_service_level",
    "rota_abandonment",
    "rota_occupancy",
)
"""Columns of the tables by day and by interval that are shares."""


def write_comparison(found: Comparison, asked: Told, path: Path, language: Language = "en") -> None:
    """Write the workbook; its bytes hang on nothing but what is told."""
    book = _Book(found, asked, path, language)
    try:
        book.summary()
        book.figures()
        book.days()
        book.intervals()
        book.changes()
    finally:
        book.close()


class _Book(Book):
    """The workbook of one comparison."""

    def __init__(self, found: Comparison, asked: Told, path: Path, language: Language) -> None:
        w, name = words(language), found.inputs.centre.settings.centre.name
        super().__init__(path, w["title"].format(name=name), w, WRAPPED)
        self.found, self.asked, self.form = found, asked, format_of(found, language)
        self.scenarios = [w["baseline"], *(scenario.name for scenario in found.scenarios[1:])]

    def summary(self) -> None:
        """What was asked, how it was answered, and what comes of each scenario."""
        sheet, found, grid = self.sheet(self.w["sheet_summary"]), self.found, self.found.inputs.grid
        columns = (
            Column("number", 8),
            Column("scenario", 30),
            Column("words", 50),
            Column("what", 70),
            Column("notes", 50),
        )
        sheet.write_string(0, 0, self.title, self.heading)
        days = f"{self.form.day(grid.first_day, year=True)} – {self.form.day(grid.first_day + grid.days - 1, year=True)}"
        for row, text in enumerate(
            (
                f"{self.w['horizon']}: {days}",
                level_words(found, self.asked, self.w),
                self.w["made_by"].format(version=version_of("paiban")),
            ),
            1,
        ):
            sheet.write_string(row, 0, text, self.plain)
        self.headings(sheet, columns, 5)
        sheet.freeze_panes(6, 2)
        for n, card in enumerate(cards(found, self.form, self.w), 1):
            told = "\n".join(
                each["text"] + (f" · {self.w[each['kind']]}" if each["kind"] else "")
                for each in card["moved"]
            )
            cells = (n, card["name"], card["words"], told or self.w["no_move"], "\n".join(card["notes"]))
            sheet.set_row(5 + n, 15.0 * max(2, told.count("\n") + 1))
            for k, value in enumerate(cells):
                self.write(sheet, 5 + n, k, value, k > 0)

    def figures(self) -> None:
        """Every figure of every scenario with its difference, as comparison.csv has it."""
        columns = [
            Column("group", 20),
            Column("figure", 36),
            Column("unit", 9),
            Column("scenario", 30),
            Column("value", 14),
            Column("baseline", 14),
            Column("difference", 14),
            Column("share", 10, "0.0%"),
            Column("difference_low", 12),
            Column("difference_high", 12),
            Column("verdict", 14),
        ]
        rows = list(self._figure_rows())
        sheet = self.sheet(self.w["sheet_figures"])
        self.headings(sheet, columns)
        sheet.set_row(0, 30)
        sheet.freeze_panes(1, 4)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        for line, (pattern, cells) in enumerate(rows, 1):
            for k, value in enumerate(cells):
                self.write(sheet, line, k, value, number=columns[k].number or pattern)

    def _figure_rows(self) -> Iterator[tuple[str, list[Cell]]]:
        """The number format and the cells of each row."""
        every = [self.found.rows(k) for k in range(len(self.scenarios))]
        for name in told_order(every[0]):
            words_, chinese = figure_words(name), self.form.language == "zh"
            head: list[Cell] = [
                GROUP_WORDS[words_.group][chinese],
                words_.name(self.form.language),
                "%" if words_.unit == "share" else unit_words(words_.unit, self.form),
            ]
            for scenario, rows in zip(self.scenarios, every, strict=True):
                row, kind = rows[name], difference(rows[name], self.form).kind
                numbers = (
                    row[key]
                    for key in (
                        "value",
                        "baseline",
                        "difference",
                        "difference_share",
                        "difference_low",
                        "difference_high",
                    )
                )
                yield number_format(words_.unit), [*head, scenario, *map(float, numbers), self.w[kind]]

    def days(self) -> None:
        """By day and queue."""
        table = self.found.by_day()
        self._table(
            "sheet_days", table, ("scenario", "date", "queue"), [_day(value) for value in table["date"]]
        )

    def intervals(self) -> None:
        """By interval and queue, in local time."""
        table = self.found.by_interval().rename(columns={"interval_start": "date"})
        local = {
            at: from_minutes(at, self.form.zone).replace(tzinfo=None)
            for at in set(from_timestamps(table["date"]).tolist())
        }
        self._table(
            "sheet_intervals",
            table,
            ("scenario", "date", "queue"),
            [local[at] for at in from_timestamps(table["date"]).tolist()],
        )

    def _table(self, name: str, table: pd.DataFrame, first: tuple[str, ...], dates: list[datetime]) -> None:
        """A sheet of a table, its ``date`` as real dates."""
        shown = {each.name: told for each, told in zip(self.found.scenarios, self.scenarios, strict=True)}
        table = table.assign(
            date=pd.Series(dates, index=table.index, dtype=object), scenario=table["scenario"].map(shown)
        )
        keys = [*first, *(key for key in table.columns if key not in first)]
        columns = [
            Column(
                _heading(key, self.w, self.form, "rota_service_level" in keys),
                30 if key == "scenario" else 17,
                "0.00%" if key in SHARES else "",
            )
            for key in keys
        ]
        rows = ([_plain(value) for value in row] for row in table[keys].itertuples(index=False, name=None))
        self.grid(self.w[name], columns, rows, len(table), frozen=len(first))

    def changes(self) -> None:
        """Every change as asked and in words."""
        columns = (Column("scenario", 30), Column("asked", 50), Column("words", 70))
        rows = [
            (scenario.name, change.text, change_words(change, self.form.language))
            for scenario in self.found.scenarios[1:]
            for change in scenario.changes
        ]
        self.grid(self.w["sheet_changes"], columns, rows, len(rows), frozen=1)


def _heading(key: str, w: dict[str, str], form: Format, of_rota: bool) -> str:
    """The heading of a column; where a rota's service stands beside that of the requirement, which of the two it is."""
    if key in w:
        return w[key]
    figure = figure_words(key.removeprefix("rota_")).name(form.language)
    if not of_rota:
        return figure
    return w["of_rota" if key.startswith("rota_") else "of_requirement"].format(figure=figure)


def _day(text: str) -> datetime:
    return datetime.combine(date.fromisoformat(text), datetime.min.time())


def _plain(value: Any) -> Cell:
    return value if isinstance(value, str | datetime) else float(value)
