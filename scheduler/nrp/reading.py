"""Reading a benchmark instance: sections of comma-separated rows, every fault told at once with its line and section."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from centre.errors import BadInput, Fault, Faults
from scheduler.nrp.instance import Bools, Ints, NrpInstance

HORIZON, SHIFTS, STAFF, DAYS_OFF = "SECTION_HORIZON", "SECTION_SHIFTS", "SECTION_STAFF", "SECTION_DAYS_OFF"
ON, OFF_, COVER = "SECTION_SHIFT_ON_REQUESTS", "SECTION_SHIFT_OFF_REQUESTS", "SECTION_COVER"
SECTIONS = (HORIZON, SHIFTS, STAFF, DAYS_OFF, ON, OFF_, COVER)
NEEDED = (HORIZON, SHIFTS, STAFF, COVER)
LIMITS = (
    "MaxTotalMinutes", "MinTotalMinutes", "MaxConsecutiveShifts", "MinConsecutiveShifts", "MinConsecutiveDaysOff",
    "MaxWeekends",
)  # fmt: skip
MOST_DAYS, MOST = 3660, 10**9


def read_instance(path: Path) -> NrpInstance:
    """Read an instance file.

    Raises
    ------
    BadInput
        with every fault: file, line, section and column, what was found and what was expected.
    FileNotFoundError, PermissionError, IsADirectoryError
        where there is no such file to read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput([Fault(path.name, "a benchmark instance, plain text in UTF-8")]) from None
    return parse_instance(text, path.name)


def parse_instance(text: str, file: str) -> NrpInstance:
    """An instance from the text of its file; raises BadInput as `read_instance` does."""
    reader = _Reader(file, text)
    reader.horizon()
    reader.read_shifts()
    reader.read_staff()
    reader.read_days_off()
    wishes = [reader.requests(section) for section in (ON, OFF_)]
    cover = reader.cover()
    reader.faults.raise_if_any()
    limits = np.array(reader.limits, dtype=np.int64).reshape(-1, len(LIMITS)).T
    max_minutes, min_minutes, max_run, min_run, min_off, max_weekends = limits
    on_requests, off_requests = wishes
    return NrpInstance(
        Path(file).stem, reader.days, tuple(reader.shifts),
        np.array(list(reader.shifts.values()), dtype=np.int64), reader.cannot_follow(),
        tuple(reader.staff), np.array(reader.max_shifts, dtype=np.int64),
        max_minutes, min_minutes, max_run, min_run, min_off, max_weekends,
        reader.fixed_off(), on_requests, off_requests, *cover,
    )  # fmt: skip


@dataclass(frozen=True)
class _Row:
    """One line of a section: its number in the file and its cells."""

    section: str
    line: int
    cells: list[str]


@dataclass
class _Reader:
    """What has been read so far; what is wrong gathers in ``faults``."""

    file: str
    text: str
    faults: Faults = field(default_factory=Faults)
    days: int = 0
    shifts: dict[str, int] = field(default_factory=dict)
    staff: dict[str, int] = field(default_factory=dict)
    max_shifts: list[list[int]] = field(default_factory=list)
    limits: list[list[int]] = field(default_factory=list)
    forbidden: list[tuple[str, str]] = field(default_factory=list)
    free_days: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rows: dict[str, list[_Row]] = {}
        section = ""
        for number, line in enumerate(self.text.splitlines(), start=1):
            words = line.strip()
            if words.startswith("SECTION_"):
                section = self._begin(words, number)
            elif words and not words.startswith("#"):
                if not section:
                    self.faults.add(self.file, "a section's name before its rows", found=words, row=number)
                    section = "-"
                cells = [cell.strip() for cell in words.split(",")]
                self.rows.setdefault(section, []).append(_Row(section, number, cells))
        for name in NEEDED:
            if not self.rows.get(name):
                self.faults.add(self.file, "this section, with at least one row", column=name)

    def horizon(self) -> None:
        """The number of days."""
        for row in self.rows.get(HORIZON, [])[:1]:
            self.days = self._number(row, "days", row.cells[0], 1, MOST_DAYS) or 0
        for row in self.rows.get(HORIZON, [])[1:]:
            self._wrong(row, "", "one row, the days of the horizon", ",".join(row.cells))

    def read_shifts(self) -> None:
        """Names, lengths, and what cannot follow what."""
        rows = [row for row in self.rows.get(SHIFTS, []) if self._width(row, 2, 3, "ShiftID,minutes,A|B")]
        for row in rows:
            if self._new(row, "ShiftID", row.cells[0], self.shifts):
                self.shifts[row.cells[0]] = self._number(row, "Length in mins", row.cells[1], 1) or 0
        for row in rows:
            for name in filter(None, "".join(row.cells[2:]).split("|")):
                if self._known(row, "Shifts which cannot follow", name, self.shifts, "a ShiftID") is not None:
                    self.forbidden.append((row.cells[0], name))

    def read_staff(self) -> None:
        """Names and limits."""
        for row in self.rows.get(STAFF, []):
            if not self._width(row, 8, 8, "ID,MaxShifts," + ",".join(LIMITS)):
                continue
            if self._new(row, "ID", row.cells[0], self.staff):
                self.staff[row.cells[0]] = len(self.staff)
                self.max_shifts.append(self._most_of_each(row))
                pairs = zip(LIMITS, row.cells[2:], strict=True)
                self.limits.append([self._number(row, column, cell) or 0 for column, cell in pairs])

    def read_days_off(self) -> None:
        """Days on which somebody does not work."""
        for row in self.rows.get(DAYS_OFF, []):
            person = self._person(row)
            found = [self._day(row, cell) for cell in row.cells[1:]]
            if not found:
                self._wrong(row, "DayIndexes", "at least one day", "")
            self.free_days += [(person, day) for day in found if person is not None and day is not None]

    def requests(self, section: str) -> Ints:
        """Requests of a section as (R, 4): person, day, shift, weight."""
        read = []
        for row in self.rows.get(section, []):
            if self._width(row, 4, 4, "EmployeeID,Day,ShiftID,Weight"):
                day, shift, weight = row.cells[1:]
                read.append(
                    (
                        self._person(row),
                        self._day(row, day),
                        self._shift(row, shift),
                        self._number(row, "Weight", weight),
                    )
                )
        return np.array([row for row in read if None not in row], dtype=np.int64).reshape(-1, 4)

    def cover(self) -> tuple[Ints, Ints, Ints]:
        """People wanted, and the weights of too few and too many, each (D, S); 0 where no row tells of it."""
        tables = np.zeros((3, self.days, len(self.shifts)), dtype=np.int64)
        seen: dict[tuple[int, int], int] = {}
        columns = ("Requirement", "Weight for under", "Weight for over")
        for row in self.rows.get(COVER, []):
            if not self._width(row, 5, 5, "Day,ShiftID," + ",".join(columns)):
                continue
            day, shift = self._day(row, row.cells[0]), self._shift(row, row.cells[1])
            numbers = [self._number(row, *pair) for pair in zip(columns, row.cells[2:], strict=True)]
            if day is None or shift is None or None in numbers or self.days == 0:
                continue
            if (day, shift) in seen:
                expected = f"one row for this day and shift; the other is row {seen[day, shift]}"
                self._wrong(row, "Day, ShiftID", expected, ",".join(row.cells[:2]))
            seen.setdefault((day, shift), row.line)
            tables[:, day, shift] = [number or 0 for number in numbers]
        return tables[0], tables[1], tables[2]

    def cannot_follow(self) -> Bools:
        """Whether the second shift may not come on the day after the first, (S, S)."""
        names = list(self.shifts)
        matrix = np.zeros((len(names), len(names)), dtype=np.bool_)
        for first, second in self.forbidden:
            matrix[names.index(first), names.index(second)] = True
        return matrix

    def fixed_off(self) -> Bools:
        """Days without work, (N, D)."""
        matrix = np.zeros((len(self.staff), self.days), dtype=np.bool_)
        for person, day in self.free_days:
            matrix[person, day] = True
        return matrix

    def _begin(self, name: str, line: int) -> str:
        if name not in SECTIONS:
            self.faults.add(self.file, f"one of {', '.join(SECTIONS)}", found=name, row=line)
        elif name in self.rows:
            self.faults.add(self.file, "each section once", found=name, row=line)
        self.rows.setdefault(name, [])
        return name

    def _most_of_each(self, row: _Row) -> list[int]:
        """Most days on each shift; the whole horizon for a shift that is not named."""
        most = dict.fromkeys(self.shifts, self.days)
        for part in filter(None, row.cells[1].split("|")):
            name, _, text = part.partition("=")
            known = self._known(row, "MaxShifts", name.strip(), self.shifts, "ShiftID=days")
            number = self._number(row, "MaxShifts", text.strip())
            if known is not None and number is not None:
                most[name.strip()] = number
        return list(most.values())

    def _person(self, row: _Row) -> int | None:
        return self._known(row, "EmployeeID", row.cells[0], self.staff, "an ID of the staff")

    def _shift(self, row: _Row, name: str) -> int | None:
        return self._known(row, "ShiftID", name, self.shifts, "a ShiftID of the shifts")

    def _day(self, row: _Row, text: str) -> int | None:
        return self._number(row, "Day", text, 0, (self.days or MOST_DAYS) - 1)

    def _known(self, row: _Row, column: str, name: str, known: Iterable[str], expected: str) -> int | None:
        """The number of a name."""
        names = list(known)
        if name in names:
            return names.index(name)
        self._wrong(row, column, expected, name)
        return None

    def _new(self, row: _Row, column: str, name: str, known: Iterable[str]) -> bool:
        if name and name not in known:
            return True
        self._wrong(row, column, "a name of its own", name)
        return False

    def _number(self, row: _Row, column: str, text: str, least: int = 0, most: int = MOST) -> int | None:
        text = "0" if text == "-0" else text  # so stands in instance 15
        if text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most:
            return int(text)
        limits = f"from {least} to {most}" if most < MOST else f"of at least {least}"
        self._wrong(row, column, f"a whole number {limits}", text)
        return None

    def _width(self, row: _Row, least: int, most: int, form: str) -> bool:
        if least <= len(row.cells) <= most:
            return True
        self._wrong(row, "", f"a row such as {form}", ",".join(row.cells))
        return False

    def _wrong(self, row: _Row, column: str, expected: str, found: str) -> None:
        place = f"{row.section}, {column}" if column else row.section
        self.faults.add(self.file, expected, found=found, row=row.line, column=place)
