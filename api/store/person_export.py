"""All that is kept about a person, for that person: as files that people and programs can read."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import Select, literal, or_, select

from api.store import blobs, keys, members
from api.store.csv_rows import CsvRows
from api.store.engine import Transaction
from api.store.people import get, own_name
from api.store.tables import (
    audit_log,
    call_out,
    centre_file,
    job,
    job_file,
    leave_request,
    member,
    rota,
    rota_version,
    swap,
)


def export_person(transaction: Transaction, centre_id: str, agent_id: str) -> dict[str, bytes]:
    """Content by file name: who they are, every row about them of every revision, rota and result, and their lines of the audit log.

    The export is noted in the audit log.
    """
    person = asdict(get(transaction, centre_id, agent_id)) | {
        "name": own_name(transaction, centre_id, agent_id)
    }
    files = {
        "person.json": _json(person | {"memberships": list(_memberships(transaction, centre_id, agent_id))})
    }
    for folder, told in (
        ("centre", _centre_files(centre_id)),
        ("rotas", _rotas(centre_id)),
        ("jobs", _results(centre_id)),
    ):
        files |= {f"{folder}/{name}": content for name, content in _rows(transaction, told, agent_id)}
    files |= {f"{name}.json": _json(rows) for name, rows in _asked(transaction, centre_id, agent_id) if rows}
    transaction.log("person.export", f"person/{centre_id}/{agent_id}")
    return files | {"audit_log.jsonl": b"".join(_lines(transaction, centre_id, agent_id))}


def _rows(transaction: Transaction, told: Select[Any], agent_id: str) -> Iterator[tuple[str, bytes]]:
    """The rows about somebody of each file; of versions that say the same of them, the first."""
    before: dict[str, bytes] = {}
    for group, part, name, digest in transaction.connection.execute(told).all():
        if not name.endswith(".csv"):
            continue
        table = CsvRows.of(blobs.get(transaction, digest)).where("agent_id", agent_id.__eq__)
        content = table.bytes()
        if table.rows and before.get(f"{group}/{name}") != content:
            before[f"{group}/{name}"] = content
            yield "/".join(str(each) for each in (group, part, name) if each != ""), content


def _centre_files(centre_id: str) -> Select[Any]:
    columns = (literal(""), centre_file.c.revision, centre_file.c.name, centre_file.c.digest)
    return (
        select(*columns)
        .where(centre_file.c.centre_id == centre_id)
        .order_by(centre_file.c.revision, centre_file.c.name)
    )


def _rotas(centre_id: str) -> Select[Any]:
    columns = (rota.c.id, rota_version.c.version, literal("rota.csv"), rota_version.c.digest)
    return (
        select(*columns)
        .join_from(rota, rota_version)
        .where(rota.c.centre_id == centre_id)
        .order_by(rota.c.id, rota_version.c.version)
    )


def _results(centre_id: str) -> Select[Any]:
    columns = (job.c.id, literal(""), job_file.c.name, job_file.c.digest)
    return (
        select(*columns)
        .join_from(job, job_file)
        .where(job.c.centre_id == centre_id)
        .order_by(job.c.id, job_file.c.name)
    )


def _asked(
    transaction: Transaction, centre_id: str, agent_id: str
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What they asked for, were asked for, or were called to."""
    for table, columns in (
        (swap, (swap.c.agent_id, swap.c.with_agent_id)),
        (leave_request, (leave_request.c.agent_id,)),
        (call_out, (call_out.c.agent_id,)),
    ):
        theirs = or_(*(column == agent_id for column in columns))
        wanted = select(table).where(table.c.centre_id == centre_id, theirs).order_by(table.c.id)
        yield f"{table.name}s", [row._asdict() for row in transaction.connection.execute(wanted)]


def _memberships(transaction: Transaction, centre_id: str, agent_id: str) -> Iterator[dict[str, Any]]:
    mine = (
        select(member)
        .where(member.c.centre_id == centre_id, member.c.agent_id == agent_id)
        .order_by(member.c.id)
    )
    for row in transaction.connection.execute(mine).all():
        found = members.of_row(row._asdict())
        yield asdict(found) | {"keys": [asdict(key) for key in keys.of_member(transaction, found.id)]}


def _lines(transaction: Transaction, centre_id: str, agent_id: str) -> Iterator[bytes]:
    theirs = select(member.c.id).where(member.c.centre_id == centre_id, member.c.agent_id == agent_id)
    about = or_(audit_log.c.object == f"person/{centre_id}/{agent_id}", audit_log.c.member_id.in_(theirs))
    columns = [audit_log.c[name] for name in ("seq", "at", "member_id", "action", "object", "detail")]
    for row in transaction.connection.execute(select(*columns).where(about).order_by(audit_log.c.seq)):
        yield json.dumps(row._asdict(), default=str, ensure_ascii=False).encode() + b"\n"


def _json(value: Any) -> bytes:
    return json.dumps(value, default=str, ensure_ascii=False, indent=2).encode() + b"\n"
