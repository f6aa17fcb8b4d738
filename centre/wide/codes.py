"""The codes that a written wide workbook uses: those of a given legend, else one a shift as the rota has it."""

import re
from dataclasses import dataclass, field
from itertools import chain, count

from centre.shift_legend import Legend, LegendCode, plain
from centre.shift_times import SPAN
from centre.wide.layout import NOTHING

Stretch = tuple[int, int, str, bool]
_SEPARATORS = re.compile(r"[\s/、,;+|&]")
_TIMES_AND_MORE = re.compile(rf"(?:{SPAN}).+")  # among other codes of a cell read as times and the rest


@dataclass
class Codes:
    """The codes of the sheet, those of a given legend first; ``doubts`` on names that cannot be told."""

    legend: Legend
    used: dict[tuple[str, tuple[Stretch, ...], bool], str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    def code_of(self, name: str, stretches: tuple[Stretch, ...], steady: bool = True) -> str:
        """The code of a shift, found or made; ``steady``: clocks do not change within it."""
        key = name, stretches, steady
        if key not in self.used:
            meaning = _meaning(stretches, steady)
            same = (
                code
                for code, known in self.legend.items()
                if _usable(code)
                and (code if known.shift is None else known.shift) == name
                and _same(known, meaning)
            )
            self.used[key] = next(same, "") or self._made(name, stretches[0][2], meaning)
        return self.used[key]

    def off(self) -> str:
        """The code of a day off."""
        known = (
            code for code, meaning in self.legend.items() if meaning.start is None and code == plain(code)
        )
        code = next(known, "")
        if not code:
            words = chain(("休", "休息", "off"), (f"off{number}" for number in count(2)))
            code = next(word for word in words if word not in self.legend)
            self.legend[code] = LegendCode(None, None, None, True)
        return code

    def _made(self, name: str, activity: str, meaning: LegendCode) -> str:
        word = re.sub(r"\W", "", plain(activity.partition(":")[0])) or "S"
        base = name if _usable(name) else word
        numbered = chain.from_iterable((f"{base}{number}", f"{word}{number}") for number in count(2))
        texts = chain([base], numbered)
        code = next(text for text in texts if text not in self.legend and _usable(text))
        if name != name.strip() or name == "-":
            self.doubts.append(f"the shift name {name!r} will not be read as it is.")
        shift = None if code == name else name
        self.legend[code] = LegendCode(
            meaning.start, meaning.end, meaning.break_minutes, meaning.paid, shift, meaning.stretches
        )
        return code


def _usable(name: str) -> bool:
    """Whether a cell may hold a code, alone and beside others."""
    apart = _SEPARATORS.search(name) or _TIMES_AND_MORE.fullmatch(name)
    return bool(name) and plain(name) == name and name not in NOTHING and not apart


def _same(one: LegendCode, other: LegendCode) -> bool:
    told = [
        (code.start, code.end, code.break_minutes or 0, code.paid, code.stretches) for code in (one, other)
    ]
    return told[0] == told[1]


def _meaning(stretches: tuple[Stretch, ...], steady: bool) -> LegendCode:
    """A shift as start, end and a break in the middle where that says all, else with its stretches: so too where
    clocks change, since the middle of a shift is that of the time that passes.
    """
    start, end, paid = stretches[0][0], max(part[1] for part in stretches), stretches[0][3]
    pause = stretches[1][1] - stretches[1][0] if len(stretches) == 3 else 0
    middle = start + (end - start - pause) // 2
    simple: tuple[Stretch, ...] = ((start, end, "work:*", paid),)
    if pause:
        simple = (
            (start, middle, "work:*", paid), (middle, middle + pause, "meal", False),
            (middle + pause, end, "work:*", paid),
        )  # fmt: skip
    plainly = stretches == simple and end - start <= 1440 and (steady or not pause)
    told = () if plainly else stretches
    return LegendCode(start, end, pause if not told else 0, True if told else paid, None, told)
