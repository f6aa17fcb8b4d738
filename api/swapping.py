"""A swap of shifts of a published rota, judged as `paiban swap` judges it, with the published rotas before and after it."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd

from api.judging import Files, as_csv, centre_of
from api.store import blobs, rotas
from api.store.csv_rows import CsvRows
from api.store.engine import Transaction
from api.store.errors import Conflict
from api.store.rotas import Rota
from api.store.swaps import Span
from centre.errors import BadInput, Faults
from centre.folder import Centre, read_requirement, read_rota
from centre.instants import day_number, format_instant
from scenarios.rota_at_hand import RotaAtHand, rota_at_hand
from scenarios.swaps import Service, service_of
from scheduler.rules.rule import Violation
from scheduler.swaps import Answer, Given, Swaps

BESIDE_DAYS = 28
"""Published days before and after the rota that are judged with it: rests and weeks do not end where a rota does."""


@dataclass(frozen=True)
class Asked:
    """Who gives the shifts of which day to whom, and the day whose shifts come back; None for a gift."""

    agent_id: str
    day: date
    with_agent_id: str
    back_day: date | None


@dataclass(frozen=True)
class Published:
    """A published rota as a swap is judged in it; ``beside`` are rows of other published rotas of days around its own."""

    rota: Rota
    rows: bytes
    beside: bytes
    first: date
    days: int
    requirement: bytes | None


@dataclass(frozen=True, eq=False)
class Checked:
    """What becomes of a swap.

    Parameters
    ----------
    gives, back : the shifts of both as they are now
    breaches : rules that it would newly break, by whom
    others : who could take the shifts instead, and whether they give theirs of that day
    before, after : service of the days that it touches, where it is known what they need
    rows : the whole rota with the swap
    """

    gives: tuple[Span, ...]
    back: tuple[Span, ...]
    breaches: tuple[Violation, ...]
    others: tuple[tuple[str, bool], ...]
    before: Service | None
    after: Service | None
    rows: bytes

    @property
    def begins(self) -> datetime:
        """When the first of the shifts begins."""
        return min(datetime.fromisoformat(start) for start, _, _ in (*self.gives, *self.back))


def published(transaction: Transaction, rota_id: str) -> Published:
    """What a swap in a rota is judged by; raises `Conflict` where the rota is not published.

    The transaction must know everybody: nothing of this is handed out.
    """
    found = rotas.get(transaction, rota_id)
    if found.published_version is None:
        raise Conflict("the rota is not published: its shifts are nobody's yet")
    shown = rotas.version(transaction, rota_id, found.published_version)
    first, end = found.start, found.start + timedelta(days=found.days)
    rows = CsvRows.of(blobs.get(transaction, shown.digest))
    around, taken = timedelta(days=BESIDE_DAYS), _days_of(rows)
    beside, spans = list[list[str]](), [(first, end)]
    for each in rotas.published(transaction, found.centre_id, first - around, end + around):
        if each.id == rota_id or each.archived_at is not None:
            continue
        table = CsvRows.of(rotas.content(transaction, each.id, each.published_version or 0))
        told = list(map(list, zip(*map(table.column, rows.header), strict=True)))
        beside += [row for row, key in zip(told, _keys(table), strict=True) if key not in taken]
        taken |= _days_of(table)
        spans.append((each.start, each.start + timedelta(days=each.days)))
    begins, ends = min(start for start, _ in spans), max(until for _, until in spans)
    required = shown.requirement_digest
    return Published(
        found, rows.bytes(), CsvRows(rows.header, beside).bytes(), begins, (ends - begins).days,
        None if required is None else blobs.get(transaction, required),
    )  # fmt: skip


def _keys(table: CsvRows) -> list[tuple[str, str]]:
    """Whose day each row is of."""
    return list(zip(table.column("agent_id"), table.column("day"), strict=True))


def _days_of(table: CsvRows) -> set[tuple[str, str]]:
    return {*_keys(table)}


def checked(files: Files, told: Published, asked: Asked) -> Checked:
    """Judge a swap by all that the centre knows.

    Raises
    ------
    BadInput
        where it is of people or days that the rota has no shifts of.
    """
    at_hand, required = _read(centre_of(files), told)
    swaps = Swaps(at_hand.rota, at_hand.facts, at_hand.rules)
    _check(told, asked, swaps)
    gives, back = _given(asked), _back(asked)
    answer = swaps.check(gives, asked.with_agent_id, back)
    others = () if answer.allowed else swaps.others(gives)
    days = sorted({gives.day, back.day if back is not None else gives.day})
    before, after = _services(at_hand, answer, required, days)
    return Checked(
        _spans(swaps, gives),
        _spans(swaps, back) if back is not None else (),
        tuple(_breaches(at_hand, answer)),
        tuple((other.takes, other.back is not None) for other in others if other.takes != answer.takes),
        before,
        after,
        _with(told, answer),
    )


def _services(
    at_hand: RotaAtHand, answer: Answer, required: pd.DataFrame | None, days: Sequence[int]
) -> tuple[Service | None, Service | None]:
    """Service before and after; none where it is not known what is needed, or the centre has other queues since."""
    if required is None:
        return None, None
    try:
        return service_of(at_hand, at_hand.rota, required, days), service_of(
            at_hand, answer.rota, required, days
        )
    except BadInput:
        return None, None


def _read(centre: Centre, told: Published) -> tuple[RotaAtHand, pd.DataFrame | None]:
    """The rota with those beside it, and what is needed."""
    zone, first = centre.settings.centre.timezone, day_number(told.first)
    table = CsvRows.of(told.rows)
    rows = CsvRows(table.header, [*table.rows, *CsvRows.of(told.beside).rows]).bytes()
    if centre.rota_before is not None:
        before = centre.rota_before
        centre = replace(centre, rota_before=before[before["day"] < told.first])
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        path = Path(place) / "rota.csv"
        path.write_bytes(rows)
        frame, required = read_rota(path, zone), None
        if told.requirement is not None:
            path = Path(place) / "requirement.csv"
            path.write_bytes(told.requirement)
            required = read_requirement(path, zone)
    return rota_at_hand(centre, frame, (first, told.days)), required


def _check(told: Published, asked: Asked, swaps: Swaps) -> None:
    """Raise `BadInput` with everything that is wrong with what is asked; it tells nothing of others' days that is not asked."""
    faults, people = Faults(), swaps.facts.people or {}
    end = told.rota.start + timedelta(days=told.rota.days)
    for name, day in (("day", asked.day), ("back_day", asked.back_day)):
        if day is not None and not told.rota.start <= day < end:
            faults.add(
                "swap",
                f"a day of the rota, from {told.rota.start} on and before {end}",
                found=day,
                column=name,
            )
    if asked.with_agent_id == asked.agent_id or asked.with_agent_id not in people:
        faults.add("swap", "somebody else of the centre", found=asked.with_agent_id, column="with_agent_id")
    if asked.agent_id not in people:
        faults.add("swap", "somebody of the centre", found=asked.agent_id, column="agent_id")
    faults.raise_if_any()
    here = _days_of(CsvRows.of(told.rows))
    if (asked.agent_id, str(asked.day)) not in here or not swaps.has_shift(_given(asked)):
        faults.add("swap", "a day on which who gives has a shift in this rota", found=asked.day, column="day")
    back = _back(asked)
    if back is not None and not ((back.agent_id, str(asked.back_day)) in here and swaps.has_shift(back)):
        words = "a day on which who takes has a shift in this rota to give in return"
        faults.add("swap", words, found=asked.back_day, column="back_day")
    faults.raise_if_any()


def _given(asked: Asked) -> Given:
    return Given(asked.agent_id, day_number(asked.day))


def _back(asked: Asked) -> Given | None:
    return None if asked.back_day is None else Given(asked.with_agent_id, day_number(asked.back_day))


def _spans(swaps: Swaps, given: Given) -> tuple[Span, ...]:
    duties, names = swaps.rota.duties, swaps.rota.shift_names
    return tuple(
        (format_instant(int(duties.start[k])), format_instant(int(duties.end[k])), names[duties.shift[k]])
        for k in swaps.shifts_of(given)
    )


def _breaches(at_hand: RotaAtHand, answer: Answer) -> Sequence[Violation]:
    """New breaches with whose they are, and in words what the rule asks."""
    words = {rule.name: rule.words for rule in at_hand.rules}
    return [
        replace(each, agent_id=who, explanation=each.explanation or f"{words.get(each.rule, '')}{_figures(each)}")
        for who, each in answer.breaches
    ]  # fmt: skip


def _figures(each: Violation) -> str:
    if each.found is None or each.limit is None:
        return ""
    return f" With the swap: {each.found:g} {each.unit}, where {each.limit:g} is the limit."


def _with(told: Published, answer: Answer) -> bytes:
    """The rows of the rota with those of the two exchanged; everybody else's, and those of other rotas, stay as they were written."""
    table = CsvRows.of(told.rows)
    first, end = day_number(told.rota.start), day_number(told.rota.start) + told.rota.days
    others = {*map(tuple, CsvRows.of(told.beside).rows)}
    new: list[list[str]] = []
    for part in answer.parts.values():
        inside = part.narrowed((part.day >= first) & (part.day < end))
        if len(inside):
            own = CsvRows.of(as_csv(inside))
            new += map(list, zip(*map(own.column, table.header), strict=True))
    new = [row for row in new if tuple(row) not in others]
    kept = table.where("agent_id", lambda who: who not in answer.parts)
    by = [table.header.index(name) for name in ("agent_id", "start", "end")]
    return CsvRows(table.header, sorted([*kept.rows, *new], key=lambda row: [row[k] for k in by])).bytes()
