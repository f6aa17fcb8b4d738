"""Numbers as people and exports write them: thousands separators read where they can mean only one thing.

``1 234``, ``1'234`` and full-width digits are read; ``1,234`` is read as a count, unless the column has
decimal commas; ``1.234`` in a column of counts that has no other fractions may mean either, and is refused.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass

_SPACED = re.compile(r"\d{1,3}(?:[ '\u2019]\d{3})+(?:\.\d+)?")
_COMMAS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECIMAL_COMMA = re.compile(r"\d*,\d+")
DOTS = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_FRACTION = re.compile(r"\d*\.\d+")
WORDS = "a number, 0 or more"
NO_SEPARATOR = "a number, 0 or more, without thousands separators"
BLANK = "a number, 0 or more; leave the row out where nothing is known"
EMPTY_CELL = "a number, 0 or more; leave the cell empty where nothing is known"
MARKS = ("", "-", "--", "n/a", "na", "#n/a", "nan", "null", "none", "\u2014", "\u65e0")


@dataclass(frozen=True, slots=True)
class Style:
    """What the texts of a column say about the marks in its numbers.

    Parameters
    ----------
    commas_group : ``1,234`` is 1234 here
    dots_doubtful : ``1.234`` may be 1234 here
    """

    commas_group: bool
    dots_doubtful: bool


def style_of(texts: Collection[str], *, counts: bool) -> Style:
    """The style of a column, from its distinct texts.

    Parameters
    ----------
    counts : whether whole numbers are expected (contacts) rather than any (seconds)

    Examples
    --------
    >>> style_of(["1,234", "56"], counts=True), style_of(["1,234", "56,5"], counts=True)
    (Style(commas_group=True, dots_doubtful=False), Style(commas_group=False, dots_doubtful=False))
    """
    plain = [plainly(text) for text in texts]
    decimal_commas = any(_DECIMAL_COMMA.fullmatch(text) and not _COMMAS.fullmatch(text) for text in plain)
    fractions = [text for text in plain if _FRACTION.fullmatch(text)]
    whole_thousands = any(text.isdigit() and int(text) >= 1000 for text in plain)
    doubtful = bool(fractions) and all(DOTS.fullmatch(text) for text in fractions) and not whole_thousands
    return Style(counts and not decimal_commas, counts and doubtful)


def reader(style: Style, *, needed: bool) -> Callable[[str], float]:
    """Reader of a number of 0 or more in a column of that style, for `centre.tables.Table.values`.

    Parameters
    ----------
    needed : whether the column must have a value in every row; decides what a fault advises

    Examples
    --------
    >>> read = reader(Style(commas_group=True, dots_doubtful=False), needed=True)
    >>> read("1,234"), read("1 234.5"), read("\uff11\uff12")
    (1234.0, 1234.5, 12.0)
    """

    def read(cell: str) -> float:
        text = plainly(cell)
        if text.lower() in MARKS:
            raise ValueError(BLANK if needed else EMPTY_CELL)
        if _SPACED.fullmatch(text) or (style.commas_group and _COMMAS.fullmatch(text)):
            return float(re.sub(r"[ ',\u2019]", "", text))
        if style.dots_doubtful and DOTS.fullmatch(text):
            raise ValueError(f"{NO_SEPARATOR}: this may be {text.replace('.', '')} or a fraction")
        return _decimal(text)

    return read


def is_separated(cell: str) -> bool:
    """Whether the text of a number that was read has separators or characters that plain numbers lack."""
    text = plainly(cell)
    return text != cell or bool(_SPACED.fullmatch(text) or _COMMAS.fullmatch(text))


def plainly(cell: str) -> str:
    """The text with full-width digits and marks, and every kind of space, made plain."""
    return cell if cell.isascii() else unicodedata.normalize("NFKC", cell).strip()


def _decimal(text: str) -> float:
    try:
        value = float(text) if "_" not in text else math.nan
    except ValueError:
        separated = any(mark in text for mark in ",.' ") and any(c.isdigit() for c in text)
        raise ValueError(NO_SEPARATOR if separated else WORDS) from None
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(WORDS)
    return value
