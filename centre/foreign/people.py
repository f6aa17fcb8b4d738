"""A list of people of another tool as rows of ``agents.csv``: what each column is taken for, every fault with its row, and what changes.

People are known by ``agent_id``: those who are there keep what the file does not tell, others are new. Faults repeat no names.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Words
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from centre import cells
from centre.errors import Faults
from centre.foreign.mapping import MOST_EXAMPLES, SEARCHED_ROWS, Column
from centre.foreign.people_words import DATES, HEADINGS, LEVELS, ROLES
from centre.foreign.sheet import Sheet
from centre.foreign.words import plain_heading

CLOSE, JUNIOR = 0.86, "junior"
DAY = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})(\D.*)?")
PARTS = re.compile(r"[;；,，、/|]+")
Row = dict[str, str]


@dataclass(frozen=True)
class PeopleMapping:
    """How a list of people is read: ``columns`` with a role of `centre.foreign.people_words.ROLES`, and the file's names of queues and
    contracts with the centre's; an empty name leaves a queue out.
    """

    header_row: int
    columns: tuple[Column, ...]
    queues: Words[str, str] = field(default_factory=dict)
    contracts: Words[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """What a centre has: its queues and contracts by name, and the rows of its ``agents.csv`` by ``agent_id``."""

    queues: Sequence[str]
    contracts: Sequence[str]
    agents: Words[str, Row]


@dataclass(frozen=True)
class People:
    """What a list of people comes to.

    Parameters
    ----------
    rows : of ``agents.csv`` that are new or changed, without faults
    before : the centre's row of each, none for somebody new
    told : what was assumed and what changes, in sentences
    queues, contracts : the file's with what they are called here, None where that is not known
    """

    rows: list[Row]
    before: dict[str, Row]
    told: tuple[str, ...]
    count: int
    queues: dict[str, str | None]
    contracts: dict[str, str | None]


def proposed_people(sheet: Sheet) -> PeopleMapping:
    """What the columns seem to be."""
    known = {heading: role for role, headings in HEADINGS.items() for heading in headings}
    head = sheet.rows[:SEARCHED_ROWS]
    row, names = max(
        head, key=lambda one: sum(plain_heading(each) in known for each in one[1]), default=(0, [])
    )
    columns, taken = [], set[str]()
    for place, name in enumerate(names):
        heading = plain_heading(name)
        near = difflib.get_close_matches(heading, known, n=1, cutoff=CLOSE)
        role = known.get(heading, known[near[0]] if near else "")
        role = "" if role in taken else role
        taken.add(role)
        values = dict.fromkeys(
            told[place] for at, told in sheet.rows if at > row and place < len(told) and told[place]
        )
        columns.append(
            Column(
                place,
                name or f"({place + 1})",
                role,
                0.95 if heading in known else 0.6,
                "",
                tuple(values)[:MOST_EXAMPLES],
            )
        )
    return PeopleMapping(row, tuple(columns))


def changed_people(mapping: PeopleMapping, change: Words[str, Any], faults: Faults) -> PeopleMapping:
    """A mapping with ``roles`` by number of the column (from 1), ``queues`` and ``contracts`` that somebody chose."""
    columns = list(mapping.columns)
    for name, role in change.get("roles", {}).items():
        if not str(name).isdigit() or not 0 < int(name) <= len(columns):
            faults.add("mapping", "the number of a column", found=str(name), column="roles")
        elif role not in ("", *ROLES):
            faults.add("mapping", f"one of {', '.join(ROLES)}", found=str(role), column="roles")
        else:
            columns[int(name) - 1] = replace(columns[int(name) - 1], role=role, confidence=1.0)
    return PeopleMapping(
        mapping.header_row, tuple(columns), change.get("queues", {}), change.get("contracts", {})
    )


def imported_people(sheet: Sheet, mapping: PeopleMapping, known: Known, faults: Faults) -> People:
    """The people of a sheet; every fault is noted."""
    place_of = {column.role: column.place for column in mapping.columns if column.role}
    for role in sorted({column.role for column in mapping.columns if column.role}):
        same = [column.heading for column in mapping.columns if column.role == role]
        if len(same) > 1:
            faults.add(sheet.file, "one column", found=", ".join(same), column=role)
    if "agent_id" not in place_of:
        faults.add(
            sheet.file, "a column with a number or name by which each person is known", column="agent_id"
        )
        return People([], {}, (), 0, {}, {})
    data = [each for each in sheet.rows if each[0] > mapping.header_row]
    read = _Reader(sheet.file, place_of, mapping, known, faults)
    read.note_names(data)
    rows = [person for each in data if (person := read.person(*each))]
    if not data:
        faults.add(sheet.file, "rows of people below the header", found="none")
    return read.result(rows, len(data))


class _Reader:
    """One list of people being read."""

    def __init__(
        self, file: str, place_of: dict[str, int], mapping: PeopleMapping, known: Known, faults: Faults
    ) -> None:
        self.file, self.place_of, self.mapping = file, place_of, mapping
        self.known, self.faults = known, faults
        self.queues, self.contracts = dict[str, str | None](), dict[str, str | None]()
        self.assumed, self.seen = {"level": 0, "contract": 0}, dict[str, int]()

    def cell(self, told: Sequence[str], role: str) -> str:
        place = self.place_of.get(role, len(told))
        return told[place].strip() if place < len(told) else ""

    def note_names(self, data: Sequence[tuple[int, Sequence[str]]]) -> None:
        """The file's queues and contracts with the centre's."""
        for _, row in data:
            for name, _ in _parts(self.cell(row, "skills")):
                self.queues.setdefault(name, _matched(name, self.mapping.queues, self.known.queues))
            if name := self.cell(row, "contract"):
                self.contracts.setdefault(name, _matched(name, self.mapping.contracts, self.known.contracts))

    def blame(self, row: int, role: str, expected: str, found: str = "") -> None:
        heading = next((each.heading for each in self.mapping.columns if each.role == role), role)
        self.faults.add(self.file, expected, found=found, row=row, column=heading)

    def person(self, row: int, told: Sequence[str]) -> Row | None:
        """One person, or None where anything is wrong."""
        before, who = len(self.faults.found), self.cell(told, "agent_id")
        if not who:
            self.blame(row, "agent_id", "a number or name by which the person is known")
        elif who in self.seen:
            self.blame(
                row,
                "agent_id",
                f"each person once; row {self.seen[who]} has the same",
                cells.unless_a_name(who),
            )
        self.seen.setdefault(who, row)
        found = {"agent_id": who}
        for role in self.place_of:
            if role != "agent_id" and (text := self.cell(told, role)):
                found[role] = self.value(row, role, text)
        self._complete(row, found)
        return found if len(self.faults.found) == before else None

    def value(self, row: int, role: str, text: str) -> str:
        """A cell as ``agents.csv`` has it."""
        if role == "level":
            level = LEVELS.get(plain_heading(text), "")
            if not level:
                self.blame(
                    row,
                    role,
                    f"one of {', '.join(dict.fromkeys(LEVELS.values()))}",
                    cells.unless_a_name(text),
                )
            return level
        if role == "contract":
            if self.contracts[text] is None:
                self.blame(row, role, f"one of {', '.join(self.known.contracts)}", cells.unless_a_name(text))
            return self.contracts[text] or ""
        if role == "skills":
            return self._skills(row, text)
        return self._day(row, role, text) if role in DATES else text

    def _skills(self, row: int, text: str) -> str:
        skills = dict[str, str]()
        for name, speed in _parts(text):
            queue = self.queues.get(name)
            if queue is None:
                self.blame(
                    row, "skills", f"queues: {', '.join(self.known.queues)}", cells.unless_a_name(name)
                )
            elif queue:
                skills[queue] = f"{queue}:{speed}" if speed else queue
        return ";".join(skills.values())

    def _day(self, row: int, role: str, text: str) -> str:
        match = DAY.fullmatch(text)
        try:
            return (
                date(*(int(part) for part in match.groups()[:3])).isoformat()
                if match
                else self._no_day(row, role)
            )
        except ValueError:
            return self._no_day(row, role)

    def _no_day(self, row: int, role: str) -> str:
        self.blame(row, role, "a day with the year first, such as 2026-03-02")
        return ""

    def _complete(self, row: int, found: Row) -> None:
        """What somebody new needs and the file does not tell."""
        if found["agent_id"] in self.known.agents:
            return
        if "level" not in found:
            found["level"] = JUNIOR
            self.assumed["level"] += 1
        if "contract" not in found and len(self.known.contracts) == 1:
            found["contract"] = self.known.contracts[0]
            self.assumed["contract"] += 1
        elif "contract" not in found:
            self.blame(row, "contract", f"one of {', '.join(self.known.contracts)}")

    def result(self, rows: list[Row], count: int) -> People:
        before = {
            row["agent_id"]: self.known.agents[row["agent_id"]]
            for row in rows
            if row["agent_id"] in self.known.agents
        }
        changed = [row for row in rows if not _adds_nothing(row, before.get(row["agent_id"]))]
        new = sum(row["agent_id"] not in before for row in changed)
        told = [
            f"{role} of {n} people is assumed: {JUNIOR if role == 'level' else self.known.contracts[0]}"
            for role, n in self.assumed.items()
            if n
        ]
        told.append(
            f"{new} people are new, {len(changed) - new} are changed, {len(rows) - len(changed)} stay as they are"
        )
        return People(changed, before, tuple(told), count, self.queues, self.contracts)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Queues of a cell, each with its speed where one is told."""
    for part in PARTS.split(text.replace("：", ":")):
        name, _, speed = (each.strip() for each in part.partition(":"))
        if name:
            yield name, speed


def _adds_nothing(row: Row, before: Row | None) -> bool:
    return before is not None and all(before.get(name, "") == value for name, value in row.items())


def _matched(name: str, chosen: Words[str, str], ours: Sequence[str]) -> str | None:
    """The centre's name: as chosen, the same, or nearly the same; else None."""
    if name in chosen:
        return chosen[name] if chosen[name] in ("", *ours) else None
    plain = {plain_heading(each): each for each in ours}
    near = difflib.get_close_matches(plain_heading(name), plain, n=1, cutoff=CLOSE)
    return plain[near[0]] if near else None
