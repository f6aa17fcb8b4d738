"""The rows of a rota as days of people, and back."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import itemgetter

from api.recent import Recent
from api.schemas.common import Page
from api.schemas.rotas import PersonDay, RotaEdit, Stretch
from api.store.csv_rows import CsvRows
from centre.errors import Faults

KEPT_IN_MEMORY = 8
COLUMNS = ["agent_id", "day", "start", "end", "activity", "shift", "paid"]

_tables = Recent(lambda content: CsvRows.of(content).only(COLUMNS), KEPT_IN_MEMORY)


def table_of(content: bytes) -> CsvRows:
    """The columns of a ``rota.csv`` as we keep it; not to be changed, for the latest are remembered."""
    return _tables.of(content)


@lru_cache(maxsize=KEPT_IN_MEMORY)
def days_of(content: bytes) -> Mapping[tuple[str, str], Sequence[Stretch]]:
    """The stretches of each person and local day of a ``rota.csv`` as we keep them; those of the last few are kept."""
    days: dict[tuple[str, str], list[Stretch]] = {}
    table = table_of(content)
    for row in table.rows:
        told = dict(zip(table.header, row, strict=True))
        stretch = Stretch(
            start=_instant(told["start"]), end=_instant(told["end"]), activity=told["activity"],
            shift=told["shift"], paid=told["paid"] == "true",
        )  # fmt: skip
        days.setdefault((told["agent_id"], told["day"]), []).append(stretch)
    return days


def page_of_days(
    content: bytes, after: str, limit: int, agent_id: str | None, day: date | None
) -> Page[PersonDay]:
    """Some days, by person and day, from the one after ``after`` (``A001/2026-03-02``) on."""
    days = days_of(content)
    wanted = sorted(
        key for key in days if agent_id in (None, key[0]) and (day is None or key[1] == day.isoformat())
    )
    last = tuple(after.rpartition("/")[::2])
    keys = [key for key in wanted if not after or key > last][: limit + 1]
    items = [
        PersonDay(agent_id=who, day=date.fromisoformat(on), stretches=[*days[who, on]])
        for who, on in keys[:limit]
    ]
    return Page(items=items, next="/".join(keys[limit - 1]) if len(keys) > limit else None)


def edited(content: bytes, edit: RotaEdit) -> bytes:
    """The rows with days of people replaced; raises `BadInput` for days told twice and stretches that end before they start."""
    faults = Faults()
    days = {(each.agent_id, each.day.isoformat()): each.stretches for each in edit.days}
    if len(days) < len(edit.days):
        faults.add("days", "each person and day once", found=len(edit.days))
    for (agent_id, day), stretches in days.items():
        for each in stretches:
            if each.start.tzinfo is None or each.end.tzinfo is None:
                faults.add("days", "instants with Z or an offset", found=day, column=agent_id)
            elif each.end <= each.start:
                faults.add("days", "an end after the start", found=day, column=agent_id)
    faults.raise_if_any()
    kept = table_of(content)
    order = [COLUMNS.index(name) for name in kept.header]
    key_of = itemgetter(*map(kept.header.index, ("agent_id", "day")))
    rows = [row for row in kept.rows if key_of(row) not in days]
    new = [[cells[k] for k in order] for cells in _cells(days)]
    by = itemgetter(*map(kept.header.index, ("agent_id", "start", "end")))
    told = CsvRows(kept.header, sorted([*rows, *new], key=by))
    after = told.bytes()
    _tables.put(after, told)
    return after


def _cells(days: dict[tuple[str, str], list[Stretch]]) -> Iterator[list[str]]:
    for (agent_id, day), stretches in days.items():
        for each in stretches:
            paid = "true" if each.paid else "false"
            yield [agent_id, day, _text(each.start), _text(each.end), each.activity, each.shift, paid]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
