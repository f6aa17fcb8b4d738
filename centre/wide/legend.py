"""The legend that a workbook carries itself: a sheet, a block of cells beside or below the table, or words in a cell."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from centre.errors import Faults
from centre.shift_legend import Legend, LegendCode, heading_places, is_heading, legend_of, plain
from centre.shift_times import SPAN, span_in
from centre.wide.layout import ID_HEADERS, Layout, at, is_remark, is_total
from centre.wide.sheets import Sheet

LEGEND_SHEETS = ("图例", "班次", "班次说明", "班次表", "代码", "legend", "codes", "shifts")
_HAS_SPAN = re.compile(SPAN)
_LONGEST_CODE = 8
_INLINE = re.compile(
    rf"(?P<code>[^\s:=,;、/|()\-~]{{1,12}}?)\s*[:=]?\s*\(?(?P<span>{SPAN})\)?"
    r"(?:\s*[,(]?\s*含?(?:休息?|break)\s*(?P<pause>\d+)\s*(?:分钟?|min\w*)?\)?)?",
    re.IGNORECASE,
)
_OFF = re.compile(
    r"(?P<code>[^\s:=,;、/|()]{1,8})\s*[:=]\s*(?:休息|公休|休|off|[\u4e00-\u9fff]{1,3}假)(?![\u4e00-\u9fff])",
    re.I,
)


@dataclass
class OwnLegend:
    """The codes that a workbook explains, codes that it explains twice with a sentence on each, and the rows of each sheet (by
    name) that hold a legend and no person.
    """

    codes: Legend = field(default_factory=dict)
    doubts: list[tuple[str, str]] = field(default_factory=list)
    rows: dict[str, set[int]] = field(default_factory=dict)

    def add(self, where: str, codes: Legend) -> None:
        """Take in codes; one that is known with another meaning is kept as it was first told, and said."""
        for code, meaning in codes.items():
            if self.codes.setdefault(code, meaning) != meaning:
                words = f"{where}: code {code!r} is explained twice and differently; the first holds."
                self.doubts.append((code, words))


def own_legend(
    sheets: Sequence[Sheet], layouts: Sequence[Layout], faults: Faults
) -> tuple[OwnLegend, set[str]]:
    """The legend of a workbook, sheets of legends first, and the names of the sheets that are one."""
    found = OwnLegend()
    wide = {layout.sheet.name for layout in layouts}
    legends = set()
    for sheet in sheets:
        if sheet.name not in wide and _is_legend(sheet):
            legends.add(sheet.name)
            _take(sheet, [], found, faults)
    for sheet in sheets:
        if sheet.name in wide:
            _take(sheet, [layout for layout in layouts if layout.sheet is sheet], found, faults)
    return found, legends


def _is_legend(sheet: Sheet) -> bool:
    named = plain(sheet.title).lower() in LEGEND_SHEETS
    tops = (row for row in sheet.rows[:20] if not {cell.lower() for cell in row} & {*ID_HEADERS[:-1]})
    return named or any(is_heading(heading_places(row)) for row in tops)


def _take(sheet: Sheet, layouts: list[Layout], found: OwnLegend, faults: Faults) -> None:
    """Blocks with headings, then words in the cells that belong to no person."""
    taken = found.rows.setdefault(sheet.name, set())
    blocks = list(_blocks(sheet, layouts))
    for rows, offset in blocks:
        records = [(sheet.numbers[k], sheet.rows[k][offset:]) for k in rows]
        found.add(sheet.name, legend_of(sheet.name, records, faults))
        if not offset:
            taken.update(rows)
    in_blocks = {k for rows, _ in blocks for k in rows}
    for k, row in enumerate(sheet.rows):
        offset = 0 if k in in_blocks else _free_from(row, k, layouts)
        told = {} if k in in_blocks else _inline(row[offset:])
        found.add(f"{sheet.name}, row {sheet.numbers[k]}", told)
        if told and layouts and not offset:
            taken.add(k)


def _blocks(sheet: Sheet, layouts: list[Layout]) -> Iterator[tuple[list[int], int]]:
    """Rows and first column of each block: headings and the rows right below them that have a code."""
    done = -1
    beyond = max((layout.after for layout in layouts), default=0)
    for k, row in enumerate(sheet.rows):
        inside = any(layout.top <= k < layout.first for layout in layouts)
        for offset in (0, beyond) if layouts else (0,):
            places = heading_places(row[offset:])
            if k <= done or not is_heading(places) or (inside and not offset):
                continue
            if not offset and 2 * len(places) < sum(map(bool, row)) and _free_from(row, k, layouts):
                continue  # a person whose codes happen to be such words
            rows = [k]
            for below in range(k + 1, len(sheet.rows)):
                near = sheet.numbers[below] == sheet.numbers[below - 1] + 1
                code = at(sheet.rows[below], offset + places["code"])
                if not code or (layouts and (not near or is_remark(code) or is_total(code))):
                    break
                rows.append(below)
            done = rows[-1]
            yield rows, offset


def _free_from(row: list[str], k: int, layouts: list[Layout]) -> int:
    """The first column of a row that belongs to no person and no header of days: 0 where the row has neither."""
    for layout in layouts:
        name = at(row, layout.id_place)
        if layout.top <= k < layout.first or (
            layout.first <= k < layout.last
            and name and not is_remark(name) and not is_total(name) and not _HAS_SPAN.search(plain(name))
        ):  # fmt: skip
            return layout.after
    return 0


def _inline(row: Sequence[str]) -> Legend:
    """The codes that cells explain in words, such as ``早 08:00-16:00; 休=休息``, or a code and its times side by side."""
    told: Legend = {}
    texts = [plain(cell) for cell in row]
    if not any(_HAS_SPAN.search(text) for text in texts):
        return {}
    for k, text in enumerate(texts):
        span, before = span_in(text), texts[k - 1].rstrip(":=") if k else ""
        if span and 0 < len(before) <= _LONGEST_CODE and not _HAS_SPAN.search(before):
            told.setdefault(before, LegendCode(*span, None, True))
            continue
        for match in _INLINE.finditer(text):
            if span := span_in(match["span"]):
                pause = int(match["pause"]) if match["pause"] else None
                pause = pause if pause is None or pause < span[1] - span[0] else None
                told.setdefault(match["code"], LegendCode(*span, pause, True))
        for match in _OFF.finditer(text):
            told.setdefault(match["code"], LegendCode(None, None, None, True))
    return told
