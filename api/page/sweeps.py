"""Sweeps: levers over a range, worked as many scenarios, read as a frontier and a tornado; and a rota that holds many ways."""

import json
from typing import Any, Literal

from fastapi import APIRouter, Response

from api.judging import centre_of
from api.page.forms import read, whole
from api.page.plans import next_week
from api.page.scenarios import LEVELS, LEVERS
from api.page.screen import Screen, Visited
from api.page.watched import begin, latest
from api.routes.judged import everything
from api.schemas.common import Day, Strict
from api.schemas.jobs import Days, RobustAsked, SweepAsked
from api.store import centres
from centre.errors import BadInput, Fault
from scheduler.backup import own_contracts

router = APIRouter(route_class=Screen, include_in_schema=False)
AXES, MOST_SCENARIOS, MOST_DRAWS = 3, 400, 1000
START = {"volume": (-10, 10, 5), "aht": (-10, 10, 5)}
"""Where the first axes begin."""


class _Span(Strict):
    """The days of a sweep, and how each scenario is answered."""

    start: Day
    days: Days
    level: Literal["staffing", "bound", "rota"]


@router.get("/centres/{centre_id}/sweeps")
def show_sweeps(visit: Visited, centre_id: str) -> Response:
    """What to vary, and the sweeps that were made."""
    asking = visit.asking("scenario.run")
    done, others = latest(asking, centre_id, "sweep")
    held, also = latest(asking, centre_id, "robust")
    with asking.read() as transaction:
        centre = centres.get(transaction, centre_id)
    jobs = [*([done] if done else []), *others[:5], *([held] if held else []), *also[:5]]
    return visit.show(
        "sweeps.html.jinja", centre=centre, next=next_week(asking, centre_id), jobs=jobs, levels=LEVELS, levers=LEVERS,
        axes=[(k, *START.get(name, (0, 0, 0)), name) for k, name in enumerate((*START, "")[:AXES])],
        contracts=own_contracts(centre_of(everything(asking, centre_id)[1]).settings), most=MOST_SCENARIOS, told=_told,
    )  # fmt: skip


@router.post("/centres/{centre_id}/sweeps")
def ask_sweep(visit: Visited, centre_id: str) -> Response:
    """Accept a sweep of what the form says."""
    asking, fields = visit.asking("scenario.run"), visit.form.fields
    faults = list[Fault]()
    templates = _templates(own_contracts(centre_of(everything(asking, centre_id)[1]).settings))
    axes = [each for k in range(AXES) if (each := _axis(fields, k, templates, faults))]
    draws = whole(fields, "draws", 0, MOST_DRAWS, faults, blank=0) or 0
    count = 1
    for _, first, last, step in axes:
        count *= (last - first) // step + 1
    if not faults and (count > MOST_SCENARIOS or not (axes or draws)):
        faults.append(
            Fault("axis", f"at least one lever or draw, at most {MOST_SCENARIOS} scenarios", f"{count}")
        )
    if faults:
        raise BadInput(faults)
    content = _file(fields, axes, draws)
    told = {"sweep": {"content": content}, "lang": visit.language, "effort": fields.get("effort", "")}
    return begin(asking, centre_id, "sweep", read(SweepAsked, told))


@router.post("/centres/{centre_id}/robust-rotas")
def ask_robust(visit: Visited, centre_id: str) -> Response:
    """Accept a rota that holds against many ways demand may go."""
    told = {name: visit.form.fields.get(name, "") for name in ("start", "days", "ways", "measure", "seconds")}
    return begin(visit.asking("scenario.run"), centre_id, "robust", read(RobustAsked, told))


def _templates(contracts: list[str]) -> dict[str, str]:
    """The change of each lever, with a place for its number."""
    told = {lever.name: lever.words.replace("{:+d}", "{+}").replace("{:d}", "{}") for lever in LEVERS}
    return told | {f"hire:{name}": f"hire:{name}={{}}" for name in contracts}


def _axis(
    fields: dict[str, str], k: int, templates: dict[str, str], faults: list[Fault]
) -> tuple[str, int, int, int] | None:
    """One axis: its change, and from where to where by which step."""
    name = fields.get(f"axis:{k}", "")
    if not name:
        return None
    if name not in templates:
        faults.append(Fault(f"axis {k + 1}", f"one of {', '.join(templates)}", name[:40]))
        return None
    numbers = [
        whole(fields, f"{part}:{k}", -10_000, 10_000, faults, blank=0) for part in ("from", "to", "step")
    ]
    first, last, step = (0 if each is None else each for each in numbers)
    if None not in numbers and (step < 1 or last < first):
        faults.append(
            Fault(f"axis {k + 1}", "from up to `to` by a step above 0", f"{first} to {last} by {step}")
        )
    return templates[name], first, last, max(step, 1)


def _file(fields: dict[str, str], axes: list[tuple[str, int, int, int]], draws: int) -> str:
    """The sweep as a file; texts of TOML are written as JSON writes them."""
    told = read(_Span, {name: fields.get(name, "") for name in ("start", "days", "level")})
    lines = ['centre = "centre"', f"start = {told.start}", f"days = {told.days}", f'level = "{told.level}"']
    for template, first, last, step in axes:
        name = json.dumps(template.partition("=")[0], ensure_ascii=False)
        change = json.dumps(template, ensure_ascii=False)
        lines += [
            "",
            "[[axis]]",
            f"name = {name}",
            f"change = {change}",
            f"from = {first}",
            f"to = {last}",
            f"step = {step}",
        ]
    if draws:
        lines += ["", "[sample]", f"n = {draws}", "paths = true"]
    return "\n".join(lines) + "\n"


def _told(job: Any) -> str:
    """The kind's own words stand for what no option tells."""
    return str(job.args.get("options", {}).get("start", "")) or str(job.created_at.date())
