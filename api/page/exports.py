"""A rota as files: CSV and Excel."""

from fastapi import APIRouter, Response

from api.downloads import SPREADSHEET, safe_csv, workbook
from api.page.screen import Screen, Visited
from api.routes.centres import attachment
from api.store import rotas
from api.uploads import CSV

router = APIRouter(route_class=Screen, include_in_schema=False)


@router.get("/rotas/{rota_id}/rota.csv")
def as_csv(visit: Visited, rota_id: str) -> Response:
    """The newest version's rows."""
    return attachment(safe_csv(_rows(visit, rota_id)), f"{CSV}; charset=utf-8", "rota.csv")


@router.get("/rotas/{rota_id}/rota.xlsx")
def as_workbook(visit: Visited, rota_id: str) -> Response:
    """The newest version's rows as a workbook."""
    return attachment(workbook({"rota.csv": _rows(visit, rota_id)}), SPREADSHEET, "rota.xlsx")


def _rows(visit: Visited, rota_id: str) -> bytes:
    asking = visit.asking("rota.read")
    with asking.read() as transaction:
        newest = rotas.versions(transaction, rota_id, limit=1)[0].version
        return rotas.content(transaction, rota_id, newest)
