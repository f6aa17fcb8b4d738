"""The centres, and one of them with its rotas."""

from pathlib import Path

from fastapi import APIRouter, Response

from api.asking import Asking
from api.commands.init import examples
from api.judging import as_csv, judge_file
from api.page.plans import DAYS, SECONDS, next_week
from api.page.screen import Screen, Visit, Visited, see
from api.routes.judged import everything, only_theirs
from api.store import centres, jobs, rotas
from api.store.centre_files import prepare
from api.uploads import Limits, checked, unzipped
from centre.errors import BadInput, Fault
from centre.instants import day_of

router = APIRouter(route_class=Screen, include_in_schema=False)


@router.get("/")
def show_centres(visit: Visited) -> Response:
    """The centres that exist for the member."""
    asking = visit.asking("centre.list")
    if asking.only_own("rota.read"):
        return see("/me")
    with asking.read() as transaction:
        found = centres.find(transaction, limit=500)
    makes = asking.may("centre.create") and asking.member.centre_id is None
    return visit.show("centres.html.jinja", centres=found, makes=makes)


@router.post("/centres/example")
def make_example(visit: Visited) -> Response:
    """A centre of the built-in example."""
    folder = examples()["small"]
    return _make(visit, {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()})


@router.post("/centres/upload")
def upload_centre(visit: Visited) -> Response:
    """A centre of a folder in a zip."""
    asking = visit.asking("centre.create")
    return _make(visit, unzipped(_sent(visit)[1], Limits.of(asking.service.settings)))


@router.get("/centres/{centre_id}")
def show_centre(visit: Visited, centre_id: str) -> Response:
    """A centre and its rotas."""
    asking = visit.asking("rota.read")
    with asking.read() as transaction:
        found, kept = centres.get(transaction, centre_id), rotas.find(transaction, centre_id, limit=500)
        running = jobs.find(
            transaction, centre_id=centre_id, states=["queued", "running"], kind="plan", limit=20,
            member_id=None if asking.may("job.read") and not asking.only_own("job.read") else asking.member.id,
        )  # fmt: skip
    planning = asking.may("plan.run", centre_id=centre_id)
    return visit.show(
        "centre.html.jinja",
        centre=found,
        rotas=kept[::-1],
        brings=asking.may("rota.change", centre_id=centre_id),
        audits=asking.may("rota.audit", centre_id=centre_id),
        plans=planning,
        brings_people=asking.may("people.change", centre_id=centre_id),
        peaks=asking.may("floor.read", centre_id=centre_id),
        planner=planning and asking.may("history.change", centre_id=centre_id),
        next=next_week(asking, centre_id) if planning else None,
        horizons=DAYS,
        seconds=SECONDS,
        running=running if planning else [],
    )


@router.post("/centres/{centre_id}/rotas")
def upload_rota(visit: Visited, centre_id: str) -> Response:
    """A rota of a file, as a draft."""
    asking = visit.asking("rota.change")
    rota_id = keep_rota(asking, centre_id, *_sent(visit))
    return see(f"/rotas/{rota_id}")


def keep_rota(asking: Asking, centre_id: str, name: str, content: bytes) -> str:
    """Keep a rota of a file as a draft; its id."""
    suffix = Path(name).suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise BadInput([Fault("rota", "a file .csv or .xlsx", name[:60])])
    content = checked(f"rota{suffix}", content, Limits.of(asking.service.settings))
    revision, files = everything(asking, centre_id)
    judged = judge_file(files, f"rota{suffix}", content)
    only_theirs(asking, centre_id, judged.rota.agent_ids)
    rows = as_csv(judged.rota)
    with asking.write() as transaction:
        first = day_of(judged.first_day)
        return rotas.create(transaction, centre_id, first, judged.days, rows, centre_revision=revision).id


def _make(visit: Visit, files: dict[str, bytes]) -> Response:
    asking = visit.asking("centre.create")
    asking.need_all_centres()
    prepared = prepare(files)
    with asking.write() as transaction:
        made = centres.create(transaction, prepared)
    return see(f"/centres/{made.id}")


def _sent(visit: Visit) -> tuple[str, bytes]:
    name, content = visit.form.files.get("file", ("", b""))
    if not content:
        raise BadInput([Fault("file", "a file that is not empty", name[:60])])
    return name, content
