"""What is kept no longer: each rule takes away some of what is older than an instant, and says how much that was.

Never taken away: the audit log, versions of rotas that agents saw, what centres hold of work (`rota_before.csv`, `ledger.csv`) and files
of centres as such. Of leave and protections only why goes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, null, or_, select, update

from api.store import blobs, idempotency, jobs, notices, people
from api.store.centre_files import LEAVE_FILE, REASONS_FILE
from api.store.csv_rows import CsvRows
from api.store.engine import Transaction
from api.store.tables import (
    blob,
    blob_unused,
    call_out,
    centre_file,
    job,
    job_event,
    job_file,
    job_kept,
    leave_request,
    metadata,
    rota,
    rota_version,
    session,
    swap,
)

AT_ONCE = 500
Remove = Callable[[Transaction, datetime], int]


@dataclass(frozen=True)
class Rule:
    """Something that is kept for a number of days.

    Parameters
    ----------
    setting : name of the setting that says for how many; empty: what is due is due now
    remove : takes away some of what is older than an instant; how much, 0 when nothing is left
    count : how much would go, where taking it away does what no rollback undoes; None: `remove` may be tried
    """

    name: str
    setting: str
    remove: Remove
    count: Remove | None = None


def sessions(transaction: Transaction, before: datetime) -> int:
    """Sessions of the page that ended."""
    gone = delete(session).where(session.c.expires_at < before)
    return transaction.connection.execute(gone).rowcount


def job_events(transaction: Transaction, before: datetime) -> int:
    """What was told of jobs that ended, and what they had so far; jobs counted."""
    tables = job_event, job_kept
    ids = _ended(transaction, before, or_(*(exists().where(each.c.job_id == job.c.id) for each in tables)))
    for each in tables:
        transaction.connection.execute(delete(each).where(each.c.job_id.in_(ids)))
    return len(ids)


def job_results(transaction: Transaction, before: datetime) -> int:
    """Results and files of jobs that ended; that they were asked for, and how they ended, stays."""
    some = or_(exists().where(job_file.c.job_id == job.c.id), job.c.result.is_not(null()))
    ids = _ended(transaction, before, some)
    transaction.connection.execute(delete(job_file).where(job_file.c.job_id.in_(ids)))
    transaction.connection.execute(update(job).where(job.c.id.in_(ids)).values(result=None, progress=None))
    return len(ids)


def drafts(transaction: Transaction, before: datetime) -> int:
    """Rotas that nobody published, all of whose days are over."""
    ids = _over(transaction, before, rota.c.published_version.is_(None))[:AT_ONCE]
    for column in (rota_version.c.rota_id, rota.c.id):
        transaction.connection.execute(delete(column.table).where(column.in_(ids)))
    return len(ids)


def draft_versions(transaction: Transaction, before: datetime) -> int:
    """Versions that agents never saw of published rotas all of whose days are over; the newest stays, and whose rows others show."""
    ids = _over(transaction, before, rota.c.published_version.is_not(None))
    newest = exists().where(rota.c.id == rota_version.c.rota_id, rota.c.version == rota_version.c.version)
    other = rota_version.alias()
    last = select(rota.c.version).where(rota.c.id == other.c.rota_id).correlate(other).scalar_subquery()
    shown = exists().where(
        other.c.rota_id == rota_version.c.rota_id,
        other.c.shows == rota_version.c.version,
        or_(other.c.what == "publish", other.c.version == last),
    )
    unseen = and_(rota_version.c.what != "publish", ~newest, ~shown)
    gone = 0
    for k in range(0, len(ids), AT_ONCE):
        mine = rota_version.c.rota_id.in_(ids[k : k + AT_ONCE])
        gone += transaction.connection.execute(delete(rota_version).where(mine, unseen)).rowcount
    return gone


def requests(transaction: Transaction, before: datetime) -> int:
    """Swaps, leave requests and call-outs of days that are over; what came of them stays in rotas and leave."""
    conditions = swap.c.expires_at < before, leave_request.c.ends_at < before, call_out.c.day < before.date()
    tables = swap, leave_request, call_out
    return sum(
        transaction.connection.execute(delete(table).where(condition)).rowcount
        for table, condition in zip(tables, conditions, strict=True)
    )


def reasons(transaction: Transaction, before: datetime) -> int:
    """Why somebody was on leave, wherever it is kept, and periods of protection that are over; rows counted, in every content once."""
    asked = and_(leave_request.c.ends_at < before, leave_request.c.kind != "")
    gone = transaction.connection.execute(update(leave_request).where(asked).values(kind="")).rowcount
    for name, without in ((LEAVE_FILE, _without_kinds), (REASONS_FILE, _without_periods)):
        named = centre_file.c.name == name
        digests = transaction.connection.execute(select(centre_file.c.digest).where(named).distinct())
        for digest in digests.scalars().all():
            told, count = without(CsvRows.of(blobs.get(transaction, digest)), before.date())
            if count:
                values = {"digest": blobs.put(transaction, told.bytes())}
                mine = update(centre_file).where(named, centre_file.c.digest == digest)
                transaction.connection.execute(mine.values(values))
                gone += count
    return gone


def unused_blobs(transaction: Transaction, before: datetime, results_before: datetime) -> int:
    """Contents that nothing has named since an instant; those that nothing names now are noted, for a later day.

    Nothing goes that a job may have made which has not ended: it names its results when it ends.

    Parameters
    ----------
    results_before : jobs that ended before it need their input no more
    """
    named = _named_by_jobs(transaction, results_before)
    unnamed = [~exists().where(column == blob.c.digest) for column in _columns_of_digests()]
    noted = set(transaction.connection.execute(select(blob_unused.c.digest)).scalars())
    found = set(transaction.connection.execute(select(blob.c.digest).where(*unnamed)).scalars()) - named
    for each in _lots(sorted(noted - found)):
        transaction.connection.execute(delete(blob_unused).where(blob_unused.c.digest.in_(each)))
    for each in _lots(sorted(found - noted)):
        rows = [{"digest": digest, "since": transaction.now} for digest in each]
        statement = transaction.insert(blob_unused).values(rows).on_conflict_do_nothing()
        transaction.connection.execute(statement)
    oldest = select(func.min(job.c.created_at)).where(job.c.ended_at.is_(None))
    began = transaction.connection.execute(oldest).scalar_one()
    due = blob_unused.c.since < (before if began is None else min(before, began))
    gone = delete(blob_unused).where(due).returning(blob_unused.c.digest)
    digests = list(transaction.connection.execute(gone).scalars())
    for each in _lots(digests):
        transaction.connection.execute(delete(blob).where(blob.c.digest.in_(each)))
    return len(digests)


RULES = (
    Rule("sessions", "keep_sessions_days", sessions),
    Rule("answers", "keep_answers_days", idempotency.forget),
    Rule("notices", "keep_notices_days", notices.forget),
    Rule("job_events", "keep_job_events_days", job_events),
    Rule("job_results", "keep_job_results_days", job_results),
    Rule("drafts", "keep_drafts_days", drafts),
    Rule("draft_versions", "keep_drafts_days", draft_versions),
    Rule("requests", "keep_requests_days", requests),
    Rule("leave_reasons", "keep_leave_reasons_days", reasons),
    Rule(
        "people", "", lambda transaction, _: people.erase_due(transaction), lambda t, _: people.count_due(t)
    ),
)
"""Every rule but that of contents, which comes last: the others leave contents behind that nothing names."""


def _ended(transaction: Transaction, before: datetime, some: ColumnElement[bool]) -> list[str]:
    wanted = select(job.c.id).where(job.c.state.in_(jobs.ENDED), job.c.ended_at < before, some)
    return list(transaction.connection.execute(wanted.limit(AT_ONCE)).scalars())


def _over(transaction: Transaction, before: datetime, which: ColumnElement[bool]) -> list[str]:
    """Rotas whose last day was before an instant."""
    wanted = select(rota.c.id, rota.c.start, rota.c.days).where(rota.c.start < before.date(), which)
    rows = transaction.connection.execute(wanted).all()
    return [row.id for row in rows if row.start + timedelta(days=row.days) <= before.date()]


def _without_kinds(table: CsvRows, before: date) -> tuple[CsvRows, int]:
    if "kind" not in table.header:
        return table, 0
    k, rows = table.header.index("kind"), list[list[str]]()
    for row, end in zip(table.rows, table.column("end"), strict=True):
        over = bool(row[k]) and _day(end) < before
        rows.append([*row[:k], "", *row[k + 1 :]] if over else row)
    return CsvRows(table.header, rows), sum(a != b for a, b in zip(rows, table.rows, strict=True))


def _without_periods(table: CsvRows, before: date) -> tuple[CsvRows, int]:
    kept = table.where("end", lambda end: not end or _day(end) >= before)
    return kept, len(table.rows) - len(kept.rows)


def _day(cell: str) -> date:
    """The day of a cell of a file that was checked when it was kept."""
    return datetime.fromisoformat(cell.replace("/", "-")).date()


def _columns_of_digests() -> Iterator[ColumnElement[str]]:
    """Every column of every table that names a content."""
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is blob.c.digest:
                yield key.parent


def _named_by_jobs(transaction: Transaction, before: datetime) -> set[str]:
    """Contents that jobs work on, or would if they ran once more."""
    wanted = select(job.c.args).where(or_(job.c.ended_at.is_(None), job.c.ended_at >= before))
    return {
        digest
        for args in transaction.connection.execute(wanted).scalars()
        for digest in args.get("files", {}).values()
    }


def _lots(digests: list[str]) -> Iterator[list[str]]:
    yield from (digests[k : k + AT_ONCE] for k in range(0, len(digests), AT_ONCE))
