"""What a running job has so far, kept so that another run of it need not begin anew; no result, and never shown as one."""

from collections.abc import Mapping

from sqlalchemy import delete, select

from api.store import blobs, jobs
from api.store.engine import Transaction
from api.store.tables import job_kept


def put(transaction: Transaction, job_id: str, attempt: int, contents: Mapping[str, bytes]) -> None:
    """Keep files of a job in place of earlier ones of their names; raises `Stale` where the job is no longer this attempt's."""
    jobs.report(transaction, job_id, attempt, None)
    for name, content in contents.items():
        digest = blobs.put(transaction, content)
        statement = (
            transaction.insert(job_kept)
            .values(job_id=job_id, name=name, digest=digest)
            .on_conflict_do_update(
                index_elements=[job_kept.c.job_id, job_kept.c.name], set_={"digest": digest}
            )
        )
        transaction.connection.execute(statement)


def get(transaction: Transaction, job_id: str) -> dict[str, bytes]:
    """What is kept of a job, by name; raises `NotFound` where the job does not exist for whoever asks."""
    jobs.get(transaction, job_id)
    wanted = select(job_kept.c.name, job_kept.c.digest).where(job_kept.c.job_id == job_id)
    rows = transaction.connection.execute(wanted.order_by(job_kept.c.name)).all()
    return {row.name: blobs.get(transaction, row.digest) for row in rows}


def drop(transaction: Transaction, job_id: str) -> None:
    """Forget what was kept of a job."""
    transaction.connection.execute(delete(job_kept).where(job_kept.c.job_id == job_id))
