"""Payroll: hours by pay class of days that are over, from what was published for them."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from api.judging import centre_facts, centre_of, read_rota
from api.store import centres, rotas
from api.store.csv_rows import CsvRows
from api.store.engine import Transaction
from api.store.rotas import Rota
from centre.errors import BadInput, Fault, Faults
from centre.folder import Centre
from centre.instants import day_number
from scenarios.payroll import Hours, hours_by_class
from scheduler.rota import COLUMNS
from scheduler.rules.facts import LOOK_BACK_DAYS

MOST_DAYS, MOST_FAULTS = 400, 100
AS_PLANNED = "What was published counts as worked, as it was planned."


@dataclass(frozen=True)
class Worked:
    """What the hours of some days are counted from.

    Parameters
    ----------
    files : of the centre, names left out
    rows : of those days and the ones before that a law looks back on, in the columns of ``rota.csv``
    """

    files: dict[str, bytes]
    start: date
    days: int
    rows: bytes


def worked(transaction: Transaction, centre_id: str, start: date, end: date) -> Worked:
    """What was published for the days from ``start`` up to and without ``end``; whoever asks must see all of the centre.

    Raises
    ------
    BadInput
        with the days that are not over, those that nothing was published for, and those for which two rotas have the same person.
    """
    found = centres.get(transaction, centre_id)
    files = centres.export(transaction, centre_id, found.revision, names=False, reasons=True)
    today = transaction.now.astimezone(centre_of(files).settings.centre.timezone).date()
    _check_span(start, end, today)
    since = start - timedelta(days=LOOK_BACK_DAYS)
    published = rotas.published(transaction, centre_id, since, end)
    faults = Faults()
    _check_covered(published, start, end, faults)
    rows = _joined(transaction, published, (start, end), faults)
    faults.raise_if_any()
    return Worked(files, start, (end - start).days, rows)


def hours(told: Worked) -> Hours:
    """Hours by person, month and pay class, and what is to be known of them."""
    centre, first = centre_of(told.files), day_number(told.start)
    rota = read_rota(told.files, "rota.csv", told.rows).rota
    before = _before(centre, rota.narrowed(rota.day < first).to_frame(), told.start)
    inside = rota.narrowed(rota.day >= first)
    facts = centre_facts(centre, inside, first, told.days, before=before)
    made = hours_by_class(inside, facts, centre.settings.rules)
    return Hours(made.table, made.law, (AS_PLANNED, *made.told))


def table_of(made: Hours, names: Mapping[str, str] | None = None) -> bytes:
    """The hours as CSV; with a column of people's names where they are given."""
    out = io.StringIO()
    made.table.to_csv(out, index=False, lineterminator="\n")
    table = CsvRows.of(out.getvalue().encode())
    if names is not None:
        cells = [names.get(who, "") for who in table.column("agent_id")]
        table = table.put("agent_name", cells, "agent_id")
    return table.bytes()


def _check_span(start: date, end: date, today: date) -> None:
    days = (end - start).days
    if not 0 < days <= MOST_DAYS:
        raise BadInput([Fault("payroll", f"1 to {MOST_DAYS} days from start to end", f"{days} days")])
    if end > today:
        raise BadInput([Fault("payroll", f"days that are over: an end up to {today}", str(end))])


def _check_covered(published: Iterable[Rota], start: date, end: date, faults: Faults) -> None:
    covered = {each.start + timedelta(days=k) for each in published for k in range(each.days)}
    days = [start + timedelta(days=k) for k in range((end - start).days)]
    for day in [day for day in days if day not in covered][:MOST_FAULTS]:
        faults.add("payroll", "days that a rota was published for", found=str(day))


def _joined(
    transaction: Transaction, published: Iterable[Rota], span: tuple[date, date], faults: Faults
) -> bytes:
    """The rows of all rotas up to the end of the span; nobody's day may be of two of them."""
    header, rows, whose = list(COLUMNS), list[list[str]](), dict[tuple[str, str], str]()
    start, end = map(str, span)
    for each in published:
        content = rotas.content(transaction, each.id, each.published_version or 0)
        table = CsvRows.of(content).only(COLUMNS)
        for row, who, day in zip(table.rows, table.column("agent_id"), table.column("day"), strict=True):
            owner = whose.setdefault((who, day), each.id)
            if owner == each.id and day < end:
                rows.append(row)
            elif start <= day < end and len(faults.found) < MOST_FAULTS:
                faults.add(
                    "payroll",
                    f"each person's day in one published rota; {who}, {day} is in two",
                    found=f"{owner}, {each.id}",
                )
    return CsvRows(header, rows).bytes()


def _before(centre: Centre, rows: pd.DataFrame, start: date) -> pd.DataFrame:
    """What was worked before: what was published, and of the centre's own file the days that nothing was published for."""
    own = centre.rota_before
    if own is None:
        return rows
    older = own[~own["day"].isin(set(rows["day"])) & (own["day"] < start)]
    return pd.concat([older, rows]) if len(older) else rows
