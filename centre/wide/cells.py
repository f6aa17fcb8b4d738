"""What a cell of a wide rota says: codes of the legend, times in their place, more than one of either, a day off."""

import re
from dataclasses import dataclass

from centre.shift_legend import Legend, LegendCode
from centre.shift_times import SPAN, clock_text, span_in

OFF = frozenset(
    (
        *(
            "休",
            "休息",
            "公休",
            "轮休",
            "调休",
            "补休",
            "例休",
            "休假",
            "年假",
            "年休",
            "病假",
            "事假",
            "婚假",
        ),
        *("产假", "陪产假", "丧假", "探亲假", "育儿假", "工伤假", "off", "rest", "leave"),
    )
)
"""Words for a day off or away that need no legend."""
LONGEST_BREAK_MINUTES = 120
"""A gap between two times in one cell up to this long is an unpaid break, a longer one parts a split shift."""
_TOKEN = re.compile(rf"{SPAN}|[^/、,;+|&\s]+")
_LABELLED = re.compile(rf"(?P<label>[^\d\s:/、,;+|&()]{{1,8}})\s*\(?(?P<span>{SPAN})\)?")


@dataclass(frozen=True, slots=True)
class Piece:
    """One shift of a cell: the code or times that it was told by, and what they mean."""

    code: str
    shift: LegendCode
    by_times: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a cell says: its shifts, whether it says that the day is off, whether the legend lacks that word."""

    pieces: tuple[Piece, ...] = ()
    off: bool = False
    assumed: bool = False


def meaning_of(text: str, legend: Legend) -> Meaning | None:
    """The meaning of a cell that is not blank, None where it has none.

    Examples
    --------
    >>> early = LegendCode(480, 960, 60, True)
    >>> [piece.code for piece in meaning_of("早/17:00-21:00", {"早": early}).pieces]
    ['早', '17:00-21:00']
    >>> meaning_of("休", {}), meaning_of("早班", {"早": early}).pieces[0].code, meaning_of("?", {})
    (Meaning(pieces=(), off=True, assumed=True), '早', None)
    """
    whole = _known(text, legend)
    if whole is not None:
        return whole
    match = _LABELLED.fullmatch(text)
    span = span_in(match["span"]) if match else None
    if match and span:
        told = _known(match["label"], legend)
        shift = told.pieces[0].shift if told and told.pieces else None
        if shift is None or (shift.start, shift.end) != span:
            shift = LegendCode(*span, None, True)
        return Meaning((Piece(match["label"], shift, True),))
    return _several(text, legend)


def _known(code: str, legend: Legend) -> Meaning | None:
    """The meaning of one code; 早 and 早班 are the same where the legend has but one of them."""
    for name in (code, code + "班", code.removesuffix("班")):
        shift = legend.get(name)
        if shift is not None:
            off = shift.start is None or shift.end is None
            return Meaning((), off=True) if off else Meaning((Piece(name, shift),))
    return Meaning(off=True, assumed=True) if code.lower() in OFF else None


def _several(text: str, legend: Legend) -> Meaning | None:
    pieces: list[Piece] = []
    spans: list[tuple[int, int]] = []
    off = assumed = False
    for token in _TOKEN.findall(text):
        told = _known(token, legend)
        span = span_in(token) if told is None else None
        if told:
            pieces += told.pieces
            off, assumed = off or told.off, assumed or told.assumed
        elif span:
            spans.append(span)
        else:
            return None
    if spans:
        pieces.append(_by_times(spans))
    return Meaning(tuple(pieces), off, assumed) if pieces or off else None


def _by_times(spans: list[tuple[int, int]]) -> Piece:
    """One shift of all the times in a cell, short gaps between them as unpaid breaks."""
    rows: list[tuple[int, int, str, bool]] = []
    for start, end in spans:
        later = 1440 if rows and start < rows[-1][0] else 0
        start, end = start + later, end + later
        if rows and 0 < start - rows[-1][1] <= LONGEST_BREAK_MINUTES:
            rows.append((rows[-1][1], start, "meal", False))
        rows.append((start, end, "work:*", True))
    name = "/".join(f"{clock_text(start)}-{clock_text(end % 1440)}" for start, end in spans)
    parts = tuple(rows) if len(spans) > 1 else ()
    first, last = min(row[0] for row in rows), max(row[1] for row in rows)
    return Piece(name, LegendCode(first, last, None if not parts else 0, True, None, parts), True)
