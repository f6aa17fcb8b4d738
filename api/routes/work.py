"""What takes long, by noun: each is asked for with POST, which accepts a job (202), and listed with GET, the jobs of its kind."""

from typing import Any

from fastapi import APIRouter, Response

from api.asking import ROOT, Answer, Asked, Asking, Door, answer, does
from api.routes.jobs import file_of, told_job
from api.routes.team_jobs import beside_others
from api.schemas import jobs as asked
from api.schemas.common import AfterId, IdInPath, Limit, Page, page
from api.schemas.jobs import FileAsked, Job
from api.store import blobs, centres, jobs, rotas
from api.store.engine import Transaction

router = APIRouter(prefix=f"{ROOT}/centres/{{centre_id}}", tags=["work"], route_class=Door)
NOUNS: tuple[tuple[str, str, type[asked.Asked], str, str], ...] = (
    ("forecasts", "forecast", asked.ForecastAsked, "demand.change", "demand.read"),
    ("requirements", "requirement", asked.RequirementAsked, "demand.change", "demand.read"),
    ("plans", "plan", asked.PlanAsked, "plan.run", "job.read"),
    ("solves", "rota", asked.RotaAsked, "plan.run", "job.read"),
    ("scenarios", "whatif", asked.ScenarioAsked, "scenario.run", "scenario.read"),
    ("sweeps", "sweep", asked.SweepAsked, "scenario.run", "scenario.read"),
    ("large-audits", "audit", asked.AuditAsked, "rota.audit", "job.read"),
    ("simulations", "simulate", asked.SimulationAsked, "scenario.run", "scenario.read"),
    ("bids", "bid", asked.BidsAsked, "plan.run", "scenario.read"),
    ("closings", "close", asked.CloseAsked, "ledger.change", "job.read"),
    ("robust-rotas", "robust", asked.RobustAsked, "scenario.run", "scenario.read"),
    ("capacity-plans", "capacity", asked.CapacityAsked, "scenario.run", "scenario.read"),
    ("backtests", "backtest", asked.BacktestAsked, "demand.change", "demand.read"),
    ("rehearsals", "rehearse", asked.RehearsalAsked, "scenario.run", "scenario.read"),
    ("replans", "replan", asked.ReplanAsked, "replan.run", "job.read"),
)
"""Noun, kind of job, what is asked, and the actions of asking and of listing."""


def add(noun: str, kind: str, model: type[asked.Asked], run: str, read: str) -> None:
    """The two routes of a noun."""
    words = (model.__doc__ or "").strip()

    def submit(asking: Asked, centre_id: IdInPath, wanted: Any) -> Response:
        return accept(asking, centre_id, kind, wanted)

    submit.__annotations__["wanted"] = model
    submit.__doc__ = f"Accept a job: {words} It is durable when 202 is sent."

    def listed(asking: Asked, centre_id: IdInPath, limit: Limit = 100, after: AfterId = "") -> Page[Job]:
        return _listed(asking, centre_id, kind, limit, after)

    listed.__doc__ = f"The jobs of this kind, newest first. {words}"
    name = noun.replace("-", "_")
    router.add_api_route(
        f"/{noun}", submit, methods=["POST"], response_model=Job, status_code=202, name=f"ask_{name}", **does(run)
    )  # fmt: skip
    router.add_api_route(
        f"/{noun}", listed, methods=["GET"], response_model=Page[Job], name=f"list_{name}", **does(read)
    )


def accept(asking: Asking, centre_id: str, kind: str, wanted: asked.Asked) -> Response:
    """Accept a job of a kind; its address is the answer's Location."""
    scope, whole = asking.member.scope, dict[str, bytes]()
    if scope.teams is not None or scope.agent_id is not None:
        wanted, whole = beside_others(asking, centre_id, kind, wanted)
    contents = {
        option: _content(asking, centre_id, each)
        for option, each in wanted.files().items()
        if option not in whole
    } | whole
    accepted: list[jobs.Job] = []

    def make(transaction: Transaction) -> Answer:
        revision = centres.get(transaction, centre_id).revision
        files = {option: blobs.put(transaction, content) for option, content in contents.items()}
        args = {"options": wanted.options(), "files": files}
        accepted[:] = [asking.service.jobs.accept(transaction, kind, centre_id, revision, args)]
        return answer(Job.of(accepted[0]), 202, Location=f"{ROOT}/jobs/{accepted[0].id}")

    told = asking.change(make)
    for each in accepted:
        asking.service.jobs.put(each)
    return told


def _content(asking: Asking, centre_id: str, wanted: FileAsked) -> bytes:
    """The file that a job is to work on; raises `NotFound` for those that do not exist for whoever asks."""
    if wanted.content is not None:
        return wanted.content.encode()
    if wanted.job_id is not None:
        return file_of(asking, wanted.job_id, str(wanted.name))
    with asking.read() as transaction:
        found = rotas.get(transaction, str(wanted.rota_id))
        return rotas.content(transaction, found.id, wanted.version or found.version)


def _listed(asking: Asking, centre_id: str, kind: str, limit: int, after: str) -> Page[Job]:
    with asking.read() as transaction:
        centres.get(transaction, centre_id)
        found = jobs.find(
            transaction, centre_id=centre_id, kind=kind, before=after or None, limit=limit + 1,
            member_id=asking.member.id if asking.only_own("job.read") else None,
        )  # fmt: skip
    return page(found, limit, lambda each: told_job(asking, each), lambda each: each.id)


for each in NOUNS:
    add(*each)
