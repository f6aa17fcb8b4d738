"""sweep.xlsx: a sweep as a workbook: all scenarios, plans that are not beaten, sensitivity, the sample."""

from pathlib import Path
from typing import Any

import pandas as pd

from scenarios.comparison_words import words
from scenarios.figure_format import number_format, unit_words
from scenarios.figure_words import figure_words, told_order
from scenarios.report_data import Language
from scenarios.sweep_page import SweepTold
from scenarios.workbook import Book, Cell, Column

WRAPPED = ("changes", "reason")
HIDDEN = ("key",)
"""Columns of scenarios.csv that a reader of the workbook has no use for."""
WIDE = {"scenario": 34, "changes": 50, "reason": 60}
AXIS = "axis_"
ENDS = ("middle", "low", "high", "low_effect", "high_effect", "swing")
"""Columns of the sensitivity that are in the unit of its figure."""
POINTS = ("p10", "p50", "p90")


def write_sweep(found: SweepTold, path: Path, language: Language = "en") -> None:
    """Write the workbook; its bytes hang on nothing but ``found``."""
    book = _Book(found, path, language)
    try:
        states = {state: book.w[f"status_{state}"] for state in ("done", "failed")}
        told = found.scenarios.drop(columns=list(HIDDEN))
        book.scenarios("sheet_scenarios", told.assign(status=told["status"].map(states)))
        book.scenarios("sheet_frontier", found.frontier)
        book.by_figure(
            "sheet_tornado", ("axis", "low_step", "high_step"), ENDS, found.sensitivity.to_dict("records")
        )
        quantiles = [{"figure": name} | found.quantiles[name] for name in told_order(found.quantiles)]
        book.by_figure("sheet_quantiles", (), POINTS, quantiles)
    finally:
        book.close()


class _Book(Book):
    """The workbook of one sweep."""

    def __init__(self, found: SweepTold, path: Path, language: Language) -> None:
        w = words(language)
        super().__init__(path, w["title_sweep"].format(name=found.centre.settings.centre.name), w, WRAPPED)
        self.form = found.format(language)

    def scenarios(self, name: str, table: pd.DataFrame) -> None:
        """A sheet with a scenario a row."""
        columns = [self._column(str(key)) for key in table.columns]
        rows = ([_plain(value) for value in row] for row in table.itertuples(index=False, name=None))
        self.grid(self.w[name], columns, rows, len(table), frozen=1)

    def _column(self, key: str) -> Column:
        """The column of a figure, an axis or a fact about the scenario."""
        if key in self.w:
            return Column(key, WIDE.get(key, 12))
        if key.startswith(AXIS):
            return Column(key.removeprefix(AXIS), 16)
        words_ = figure_words(key)
        unit = "" if words_.unit == "share" else unit_words(words_.unit, self.form)
        head = words_.name(self.form.language) + (f" ({unit})" if unit else "")
        return Column(head, 16, number_format(words_.unit))

    def by_figure(
        self, name: str, facts: tuple[str, ...], numbers: tuple[str, ...], rows: list[dict[Any, Any]]
    ) -> None:
        """A sheet with a figure a row, numbers in the form of its unit; none where there are no rows."""
        if not rows:
            return
        columns = [Column("figure", 34), Column("unit", 10), *(Column(key, 18) for key in (*facts, *numbers))]
        sheet = self.sheet(self.w[name])
        self.headings(sheet, columns)
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        for line, row in enumerate(rows, 1):
            words_ = figure_words(row["figure"])
            unit = "%" if words_.unit == "share" else unit_words(words_.unit, self.form)
            cells = [words_.name(self.form.language), unit, *(_plain(row[key]) for key in (*facts, *numbers))]
            for k, value in enumerate(cells):
                self.write(sheet, line, k, value, number=number_format(words_.unit))


def _plain(value: Any) -> Cell:
    return value if isinstance(value, str) else float(value)
