"""Payroll: hours by pay class of days that are over."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api import payroll
from api.asking import ROOT, Asked, Door, does
from api.documentation import file_answer
from api.downloads import SPREADSHEET, safe_csv, workbook
from api.routes.centres import attachment
from api.schemas.common import DayAsked, IdInPath
from api.store import people
from api.uploads import CSV

router = APIRouter(tags=["payroll"], route_class=Door)


@router.get(
    f"{ROOT}/centres/{{centre_id}}/payroll", **does("payroll.export"), **file_answer(CSV, SPREADSHEET)
)
def export_payroll(
    asking: Asked, centre_id: IdInPath,
    start: Annotated[DayAsked, Query(examples=["2026-02-01"])],
    end: Annotated[DayAsked, Query(examples=["2026-03-01"], description="the first day that is not exported any more")],
    form: Annotated[Literal["csv", "xlsx"], Query(alias="format")] = "csv",
    names: Annotated[bool, Query(description="people's names beside their ids")] = False,
) -> Response:  # fmt: skip
    """Hours by person, month and pay class, from what was published; the workbook also tells by which law. Each export is logged."""
    if names:
        asking.need("people.names", centre_id=centre_id)
    with asking.read() as transaction:
        worked = payroll.worked(transaction, centre_id, start, end)
    made = payroll.hours(worked)
    with asking.write() as transaction:
        known = {each.agent_id: each.name for each in people.find(transaction, centre_id)} if names else None
        transaction.log("payroll.export", f"centre/{centre_id}", start=str(start), end=str(end), names=names)
    table = payroll.table_of(made, known)
    if form == "csv":
        return attachment(safe_csv(table), f"{CSV}; charset=utf-8", "hours.csv")
    notes = "\n".join([made.law.title, made.law.words, made.law.counts, *made.told]).encode()
    return attachment(workbook({"hours.csv": table, "law": notes}), SPREADSHEET, "hours.xlsx")
