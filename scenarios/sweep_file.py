"""A sweep as a planner writes it (TOML), read and checked: axes, scenarios by name, samples of what is uncertain."""

import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np

from centre.errors import Faults
from scenarios.answers import LEVELS, Level
from scenarios.toml_reading import (
    Row,
    TomlReading,
    is_day,
    is_flag,
    is_number,
    is_text,
    is_texts,
    read_toml,
    whole,
)

PLAIN, SIGNED = "{}", "{+}"
TOP = ("centre", "start", "days", "level", "axis", "scenario", "sample")
AXIS = ("name", "changes", "change", "values", "from", "to", "step")
MOST_DAYS = 366
MOST_STEPS = 1_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """One place on an axis: how it is called, and the changes that it stands for."""

    label: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that is varied, over its steps in order."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Uncertain:
    """A change whose number is drawn: ``normal`` with mean and standard deviation, ``uniform`` with low and high."""

    change: str
    kind: str
    first: float
    second: float

    def drawn(self, random: np.random.Generator) -> str:
        """The change with a number drawn, to four decimals."""
        value = getattr(random, self.kind)(self.first, self.second)
        return filled(self.change, round(float(value), 4))


@dataclass(frozen=True, slots=True)
class Sample:
    """``n`` draws: of all uncertain changes, and of demand paths of the forecaster where ``paths``."""

    n: int
    seed: int
    paths: bool
    uncertain: tuple[Uncertain, ...]


@dataclass(frozen=True, slots=True)
class Sweep:
    """All that a sweep asks for; the grid of its axes, then its scenarios by name, then its sample."""

    centre: Path
    start: date
    days: int
    level: Level
    axes: tuple[Axis, ...] = ()
    named: tuple[Step, ...] = ()
    sample: Sample | None = None

    @property
    def count(self) -> int:
        """How many scenarios there are, the one with nothing changed among them."""
        grid = math.prod(len(axis.steps) for axis in self.axes) if self.axes else 0
        return 1 + grid + len(self.named) + (self.sample.n if self.sample else 0)


def filled(template: str, value: object) -> str:
    """A change with a value put in; ``{+}`` is with its sign, ``{}`` as it stands.

    Examples
    --------
    >>> filled("volume={+}%", 10), filled("volume={+}%", -2.5), filled("target_seconds={}", 30)
    ('volume=+10%', 'volume=-2.5%', 'target_seconds=30')
    """
    if isinstance(value, int | float):
        text = f"{value:.10g}"
        value = text if SIGNED not in template or text.startswith("-") else f"+{text}"
    return template.replace(SIGNED, str(value)).replace(PLAIN, str(value))


def read_sweep(path: Path) -> Sweep:
    """A sweep file; raises `BadInput` with every fault of it."""
    faults = Faults()
    raw = read_toml(path, "a sweep file", faults)
    faults.raise_if_any()
    reading = _Reading(path.name, faults)
    reading.known(raw, TOP, "")
    folder = reading.need(raw, "centre", is_text, "the centre folder, beside this file or from the root", "")
    start = reading.need(raw, "start", is_day, "a date such as 2003-10-06", date.min)
    days = reading.need(raw, "days", whole(1, MOST_DAYS), f"a number of days from 1 to {MOST_DAYS}", 1)
    level = reading.need(raw, "level", _level, f"one of {', '.join(LEVELS)}", LEVELS[0])
    axes = [reading.axis(row, n) for n, row in enumerate(reading.tables(raw, "axis"), 1)]
    named = [reading.named(row, n) for n, row in enumerate(reading.tables(raw, "scenario"), 1)]
    sample = reading.sample(raw["sample"]) if "sample" in raw else None
    reading.twice([axis.name for axis in axes], "axis")
    reading.twice(["baseline", *(step.label for step in named)], "scenario", "baseline")
    if not axes and not named and "sample" not in raw:
        reading.add("axis", "at least one [[axis]], [[scenario]] or [sample]")
    faults.raise_if_any()
    where = (path.parent / folder).resolve()
    return Sweep(where, start, days, level, tuple(axes), tuple(named), sample)


def read_scenarios(path: Path) -> tuple[Step, ...]:
    """Scenarios by name, the ``[[scenario]]`` tables of a sweep file alone; raises `BadInput` with every fault of them."""
    faults = Faults()
    raw = read_toml(path, "a file of scenarios", faults)
    faults.raise_if_any()
    reading = _Reading(path.name, faults)
    reading.known(raw, ("scenario",), "")
    named = [reading.named(row, n) for n, row in enumerate(reading.tables(raw, "scenario"), 1)]
    reading.twice(["baseline", *(step.label for step in named)], "scenario", "baseline")
    if not named:
        reading.add("scenario", "at least one [[scenario]] with a name and changes")
    for step in named:
        if not step.changes:
            reading.add(f"scenario.{step.label}.changes", "at least one change", [])
    faults.raise_if_any()
    return tuple(named)


def _level(value: object) -> TypeGuard[Level]:
    return value in LEVELS


class _Reading(TomlReading):
    """One sweep file being read."""

    def axis(self, row: Row, number: int) -> Axis:
        """One axis; faults are told by its name, or its number where it has none."""
        name = row.get("name")
        where = f"axis.{name if isinstance(name, str) and name else number}."
        self.known(row, AXIS, where)
        if not isinstance(name, str) or not name:
            self.add(f"{where}name", "a name", name)
        if "changes" in row:
            return Axis(str(name), self._lists(row, where))
        template = row.get("change")
        if not isinstance(template, str) or (PLAIN in template) == (SIGNED in template):
            self.add(
                f"{where}change", "a change with one {} or {+} where the number goes, or changes", template
            )
            template = PLAIN
        values = self._values(row, where)
        if PLAIN in template and any(is_number(v) and v < 0 for v in values) and "%" in template:
            self.add(f"{where}change", "{+} in place of {}: per cent more or less have a sign", template)
        return Axis(str(name), tuple(Step(filled("{}", v), (filled(template, v),)) for v in values))

    def _lists(self, row: Row, where: str) -> tuple[Step, ...]:
        lists = row["changes"]
        if not isinstance(lists, list) or not lists or not all(is_texts(each) for each in lists):
            self.add(f"{where}changes", "a list of at least one list of changes, [] for none", lists)
            return ()
        return tuple(Step("; ".join(each) or "as it is", tuple(each)) for each in lists)

    def _values(self, row: Row, where: str) -> list[Any]:
        if "values" in row:
            values = row["values"]
            if (
                isinstance(values, list)
                and values
                and all(is_number(v) or (isinstance(v, str) and v) for v in values)
            ):
                if len({str(v) for v in values}) < len(values):
                    self.add(f"{where}values", "each value once", values)
                return values
            self.add(f"{where}values", "a list of at least one number or text", values)
            return []
        first, last, step = (row.get(key) for key in ("from", "to", "step"))
        if not (is_number(first) and is_number(last) and is_number(step)):
            self.add(f"{where}values", "values, or from, to and step", row)
            return []
        if step <= 0 or last < first:
            self.add(f"{where}from", "from up to `to` by a step above 0", f"{first} to {last} by {step}")
            return []
        count = math.floor((last - first) / step + 1e-9) + 1
        if count > MOST_STEPS:
            self.add(f"{where}step", f"at most {MOST_STEPS:,} steps", f"{count:,}")
            return []
        return [round(first + k * step, 10) for k in range(count)]

    def named(self, row: Row, number: int) -> Step:
        """One scenario that has a name."""
        name = row.get("name")
        where = f"scenario.{name if isinstance(name, str) and name else number}."
        self.known(row, ("name", "changes"), where)
        if not isinstance(name, str) or not name:
            self.add(f"{where}name", "a name", name)
        return Step(str(name), tuple(self.need(row, "changes", is_texts, "a list of changes", [], where)))

    def sample(self, row: object) -> Sample | None:
        """What is drawn."""
        if not isinstance(row, dict):
            self.add("sample", "a table [sample]", row)
            return None
        where, told = "sample.", {"seed": 1, "paths": False} | row
        self.known(row, ("n", "seed", "paths", "of"), where)
        count = self.need(told, "n", whole(1, 10**9), "a whole number of at least 1", 1, where)
        seed = self.need(told, "seed", whole(0, 10**9), "a whole number of at least 0", 1, where)
        paths = self.need(told, "paths", is_flag, "true or false", True, where)
        found = [self._uncertain(each, n) for n, each in enumerate(self.tables(row, "of"), 1)]
        if not found and not paths:
            self.add("sample", "[[sample.of]] with a change, or paths = true")
        return Sample(count, seed, paths, tuple(u for u in found if u))

    def _uncertain(self, row: Row, number: int) -> Uncertain | None:
        where = f"sample.of.{number}."
        self.known(row, ("change", "normal", "uniform"), where)
        change, kinds = row.get("change"), [kind for kind in ("normal", "uniform") if kind in row]
        if not isinstance(change, str) or (PLAIN in change) == (SIGNED in change):
            self.add(f"{where}change", "a change with one {} or {+} where the number goes", change)
        pair = row[kinds[0]] if len(kinds) == 1 else None
        if not isinstance(pair, list) or len(pair) != 2 or not all(is_number(each) for each in pair):
            self.add(f"{where}normal", "normal = [mean, deviation] or uniform = [low, high]", pair)
        elif (kinds[0] == "normal" and pair[1] < 0) or (kinds[0] == "uniform" and pair[0] > pair[1]):
            self.add(f"{where}{kinds[0]}", "a deviation of at least 0, low not above high", pair)
        else:
            return Uncertain(str(change), kinds[0], float(pair[0]), float(pair[1]))
        return None
