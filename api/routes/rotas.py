"""Rotas: drafts uploaded, edited with the rules checked at once, published, compared, undone."""

from collections import Counter
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api.asking import (
    ROOT,
    Answer,
    Asked,
    Asking,
    Door,
    Expected,
    Known,
    Raw,
    answer,
    does,
    etag,
    unless_known,
)
from api.documentation import body_of, file_answer
from api.downloads import SPREADSHEET, safe_csv, workbook
from api.errors import Problem
from api.judging import Judged, as_csv, judge_file, read_rota
from api.routes.centres import ContentType, attachment
from api.routes.judged import everything, only_theirs, own_findings, whole_rows
from api.routes.rota_rows import days_of, edited, page_of_days
from api.schemas.common import AfterId, AfterNumber, DayAsked, IdInPath, Limit, NoteAsked, Page, page
from api.schemas.rotas import (
    Audited,
    ChangedDay,
    Comparison,
    JudgedRota,
    PersonDay,
    Rota,
    RotaEdit,
    RotaVersion,
)
from api.store import notices, publishing, rotas
from api.store.engine import Transaction
from api.uploads import CSV, Limits, checked, table_name
from centre.instants import day_number, day_of

router = APIRouter(tags=["rotas"], route_class=Door)
OF_CENTRE, ONE = f"{ROOT}/centres/{{centre_id}}/rotas", f"{ROOT}/rotas/{{rota_id}}"
SHEETS = body_of(CSV, SPREADSHEET)
Most = Annotated[int, Query(ge=0, le=10_000, description="the most violations that are told one by one")]
Kept = Annotated[bool, Query(description="false: only try it and tell what the audit finds")]
Number = Annotated[
    int | None, Query(alias="version", ge=1, le=2**31 - 1, description="none: the newest that you may see")
]


@router.post(OF_CENTRE, response_model=JudgedRota, status_code=201, **does("rota.change", **SHEETS))
def upload_rota(
    asking: Asked, centre_id: IdInPath, body: Raw, content_type: ContentType = "",
    start: Annotated[DayAsked | None, Query(description="none: the first day of the file")] = None,
    days: Annotated[int | None, Query(ge=1, le=800, description="none: to the last day of the file")] = None,
    note: NoteAsked = "", violations: Most = 200,
) -> Response:  # fmt: skip
    """Keep a rota as a draft: rows of stretches, or a sheet of people by days. The audit's findings are in the answer."""
    name = table_name("rota", content_type)
    content = checked(name, body, Limits.of(asking.service.settings))
    revision, files = everything(asking, centre_id)
    judged = judge_file(files, name, content, None if start is None else day_number(start), days)
    only_theirs(asking, centre_id, judged.rota.agent_ids)

    def make(transaction: Transaction) -> Answer:
        first, rows = day_of(judged.first_day), as_csv(judged.rota)
        made = rotas.create(
            transaction, centre_id, first, judged.days, rows, centre_revision=revision, note=note
        )
        told = _judged(asking, made, judged, violations)
        return answer(told, 201, Location=f"{ROOT}/rotas/{made.id}", ETag=etag(1))

    return asking.change(make)


@router.get(OF_CENTRE, response_model=Page[Rota], **does("rota.read"))
def list_rotas(asking: Asked, centre_id: IdInPath, limit: Limit = 100, after: AfterId = "") -> Page[Rota]:
    """The rotas of a centre, oldest first; agents see those that were published."""
    with asking.read() as transaction:
        found = rotas.find(transaction, centre_id, after=after, limit=limit + 1)
    return page(found, limit, Rota.of, lambda each: each.id)


@router.get(ONE, response_model=Rota, **does("rota.read"))
def get_rota(asking: Asked, rota_id: IdInPath, response: Response, known: Known = None) -> Rota:
    """A rota; its ETag is what a change of it names as If-Match."""
    with asking.read() as transaction:
        found = rotas.get(transaction, rota_id)
    response.headers["etag"] = unless_known(known, etag(found.version))
    return Rota.of(found)


@router.get(f"{ONE}/rows", **does("rota.read"), **file_answer(CSV, SPREADSHEET))
def get_rows(
    asking: Asked, rota_id: IdInPath, version: Number = None,
    form: Annotated[Literal["csv", "xlsx"], Query(alias="format")] = "csv",
) -> Response:  # fmt: skip
    """The rows of a version as `rota.csv`, of the people who exist for you."""
    content, _ = _content(asking, rota_id, version)
    if form == "xlsx":
        return attachment(workbook({"rota.csv": content}), SPREADSHEET, "rota.xlsx")
    return attachment(safe_csv(content), f"{CSV}; charset=utf-8", "rota.csv")


@router.get(f"{ONE}/days", response_model=Page[PersonDay], **does("rota.read"))
def list_days(
    asking: Asked, rota_id: IdInPath, version: Number = None, limit: Limit = 100,
    after: Annotated[str, Query(max_length=300, pattern=r"^[^\x00-\x1f\x7f]*$", examples=["A001/2026-03-02"])] = "",
    agent_id: Annotated[str | None, Query(max_length=200)] = None,
    day: Annotated[DayAsked | None, Query(description="the local day on which shifts start")] = None,
) -> Page[PersonDay]:  # fmt: skip
    """The days of a version, person by person."""
    content, _ = _content(asking, rota_id, version)
    return page_of_days(content, after, limit, agent_id, day)


@router.put(f"{ONE}/rows", response_model=JudgedRota, **does("rota.change", **SHEETS))
def put_rows(
    asking: Asked, rota_id: IdInPath, expected: Expected, body: Raw, content_type: ContentType = "",
    keep: Kept = True, note: NoteAsked = "", violations: Most = 200,
) -> Response:  # fmt: skip
    """Replace all rows (for a team lead: those of their people) as a new version. The audit's findings are in the answer."""
    name = table_name("rota", content_type)
    content = checked(name, body, Limits.of(asking.service.settings))
    centre_id = _at(asking, rota_id, expected).centre_id
    _, files = everything(asking, centre_id)
    rows = as_csv(read_rota(files, name, content).rota)
    return _edit(asking, rota_id, expected, rows, keep, note, violations)


@router.patch(ONE, response_model=JudgedRota, **does("rota.change"))
def edit_rota(
    asking: Asked, rota_id: IdInPath, expected: Expected, edit: RotaEdit, keep: Kept = True, violations: Most = 200
) -> Response:  # fmt: skip
    """Change days of people as a new version. The audit's findings in the whole rota are in the answer."""
    _at(asking, rota_id, expected)
    with asking.read() as transaction:
        rows = edited(rotas.content(transaction, rota_id, expected), edit)
    return _edit(asking, rota_id, expected, rows, keep, edit.note, violations)


@router.post(f"{ONE}/publish", response_model=JudgedRota, **does("rota.publish"))
def publish_rota(
    asking: Asked, rota_id: IdInPath, expected: Expected, note: NoteAsked = "", violations: Most = 200,
    accept_breaches: Annotated[bool, Query(description="publish although rules are broken")] = False,
) -> Response:  # fmt: skip
    """Make the newest version the one that agents see. A rota that breaks rules is published only where that is accepted."""
    _at(asking, rota_id, expected)
    judged = _judge(asking, rota_id, None)
    breaches = sum(each.verdict == "breach" for each in judged.findings)
    if breaches and not accept_breaches:
        raise Problem("breaches", f"{breaches} breaches: mend them, or publish with accept_breaches=true")

    def make(transaction: Transaction) -> Answer:
        made = publishing.publish(transaction, rota_id, expected, note)
        if breaches:
            _tell_breaches(transaction, made, judged)
        return answer(_judged(asking, made, judged, violations), ETag=etag(made.version))

    return asking.change(make)


@router.post(f"{ONE}/undo", response_model=Rota, **does("rota.publish"))
def undo_rota(asking: Asked, rota_id: IdInPath, expected: Expected, note: NoteAsked = "") -> Response:
    """A new version with the rows before the last edit that has not been undone; what is published stays published."""

    def make(transaction: Transaction) -> Answer:
        made = rotas.undo(transaction, rota_id, expected, note)
        return answer(Rota.of(made), ETag=etag(made.version))

    return asking.change(make)


@router.get(f"{ONE}/versions", response_model=Page[RotaVersion], **does("rota.read"))
def list_versions(
    asking: Asked, rota_id: IdInPath, limit: Limit = 100, after: AfterNumber = 0
) -> Page[RotaVersion]:
    """The versions of a rota, newest first; agents see the published one."""
    with asking.read() as transaction:
        found = rotas.versions(transaction, rota_id, before=after or None, limit=limit + 1)
    return page(found, limit, RotaVersion.of, lambda each: each.version)


@router.get(f"{ONE}/comparison", response_model=Comparison, **does("rota.read"))
def compare_versions(
    asking: Asked, rota_id: IdInPath,
    one: Annotated[int, Query(ge=1, le=2**31 - 1, examples=[1])], other: Annotated[int, Query(ge=1, le=2**31 - 1, examples=[2])],
) -> Comparison:  # fmt: skip
    """Whose days differ between two versions, and how."""
    with asking.read() as transaction:
        keys = rotas.compare(transaction, rota_id, one, other)
        before, after = (days_of(rotas.content(transaction, rota_id, number)) for number in (one, other))
    days = [
        ChangedDay(
            agent_id=agent_id, day=date.fromisoformat(day),
            before=[*before.get((agent_id, day), ())], after=[*after.get((agent_id, day), ())],
        )
        for agent_id, day in keys
    ]  # fmt: skip
    return Comparison(one=one, other=other, days=days)


@router.get(f"{ONE}/violations", response_model=Audited, **does("rota.audit"))
def list_violations(
    asking: Asked, rota_id: IdInPath, version: Number = None, violations: Most = 1000
) -> Audited:
    """What the audit finds in a version, by the centre as it is now."""
    found = _content(asking, rota_id, version)[1]
    judged = _judge(asking, rota_id, None, version)
    return Audited.of(own_findings(asking, found.centre_id, judged.findings), violations)


def _tell_breaches(transaction: Transaction, made: rotas.Rota, judged: Judged) -> None:
    whose = Counter(each.agent_id for each in judged.findings if each.verdict == "breach")
    of_all = whose.pop("", 0)
    notices.tell(
        transaction, "breach", made.centre_id, f"rota/{made.id}", whose,
        start=made.start, days=made.days, version=made.version, of_all=of_all,
    )  # fmt: skip


def _edit(
    asking: Asking, rota_id: str, expected: int, rows: bytes, keep: bool, note: str, most: int
) -> Response:
    found = _at(asking, rota_id, expected)
    judged = _judge(asking, rota_id, rows)
    if not keep:
        return Response(
            _judged(asking, found, judged, most, keep).model_dump_json(by_alias=True),
            media_type="application/json",
        )
    revision = everything(asking, found.centre_id)[0]

    def make(transaction: Transaction) -> Answer:
        made = rotas.edit(transaction, rota_id, expected, rows, centre_revision=revision, note=note)
        return answer(_judged(asking, made, judged, most), ETag=etag(made.version))

    return asking.change(make)


def _judge(asking: Asking, rota_id: str, rows: bytes | None, version: int | None = None) -> Judged:
    """Judge a whole rota, with the rows of whoever asks in place of what is kept of their people."""
    found, content = whole_rows(asking, rota_id, rows, version)
    _, files = everything(asking, found.centre_id)
    return judge_file(files, "rota.csv", content, day_number(found.start), found.days)


def _judged(asking: Asking, found: rotas.Rota, judged: Judged, most: int, kept: bool = True) -> JudgedRota:
    findings = own_findings(asking, found.centre_id, judged.findings)
    return JudgedRota(rota=Rota.of(found), kept=kept, audit=Audited.of(findings, most))


def _content(asking: Asking, rota_id: str, version: int | None) -> tuple[bytes, rotas.Rota]:
    with asking.read() as transaction:
        found = rotas.get(transaction, rota_id)
        newest = rotas.versions(transaction, rota_id, limit=1)[0].version
        return rotas.content(transaction, rota_id, version or newest), found


def _at(asking: Asking, rota_id: str, expected: int) -> rotas.Rota:
    with asking.read() as transaction:
        return rotas.get_at(transaction, rota_id, expected)
