"""The scenario builder: levers as sliders, any other change in words, set beside today's plan on one page."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Response

from api.judging import centre_of
from api.page.forms import read, whole
from api.page.plans import next_week
from api.page.screen import Screen, Visited
from api.page.watched import begin, latest
from api.routes.judged import everything
from api.schemas.jobs import ScenarioAsked
from api.store import centres
from centre.errors import BadInput, Fault
from scenarios.change_kinds import KINDS
from scheduler.backup import own_contracts

router = APIRouter(route_class=Screen, include_in_schema=False)
LEVELS = ("staffing", "bound", "rota")
MOST_CHANGES = 50


@dataclass(frozen=True, slots=True)
class Lever:
    """A kind of change that one number sets.

    Parameters
    ----------
    words : the change, with the number in it
    slides : whether 0 is today's value, so that a slider shows how far from it; else blank is today's
    """

    name: str
    least: int
    most: int
    step: int
    unit: str
    words: str
    slides: bool = True


LEVERS = (
    Lever("volume", -50, 100, 5, "%", "volume={:+d}%"),
    Lever("aht", -30, 50, 1, "%", "aht={:+d}%"),
    Lever("patience_seconds", -80, 100, 10, "%", "patience_seconds={:+d}%"),
    Lever("containment_share", 0, 80, 5, "%", "containment_share={:d}%"),
    Lever("target_share", 1, 100, 1, "%", "target_share={:d}%", slides=False),
    Lever("target_seconds", 1, 3600, 1, "s", "target_seconds={:d}", slides=False),
    Lever("minimum_agents", 0, 1000, 1, "", "minimum_agents={:d}", slides=False),
)
PEOPLE = ("hire", "leave")


@router.get("/centres/{centre_id}/scenarios")
def show_scenarios(visit: Visited, centre_id: str) -> Response:
    """Levers, and the comparisons that were made."""
    asking = visit.asking("scenario.run")
    done, others = latest(asking, centre_id, "whatif")
    with asking.read() as transaction:
        centre = centres.get(transaction, centre_id)
    _, files = everything(asking, centre_id)
    contracts = own_contracts(centre_of(files).settings)
    kinds = [(kind.name, kind.about, kind.example) for kind in KINDS]
    return visit.show(
        "scenarios.html.jinja", centre=centre, next=next_week(asking, centre_id), done=done, others=others[:5],
        levers=LEVERS, people=PEOPLE, contracts=contracts, levels=LEVELS, kinds=kinds, told=_told,
    )  # fmt: skip


@router.post("/centres/{centre_id}/scenarios")
def ask_scenario(visit: Visited, centre_id: str) -> Response:
    """Accept a comparison of what the levers say with today's plan."""
    fields, faults = visit.form.fields, list[Fault]()
    changes = [*_levers(fields, faults), *_people(fields, faults)]
    changes += [line.strip() for line in fields.get("more", "").splitlines() if line.strip()]
    level = fields.get("level", LEVELS[0])
    if not changes or len(changes) > MOST_CHANGES:
        faults.append(
            Fault(
                "changes",
                f"at least one lever moved or one change written, at most {MOST_CHANGES}",
                f"{len(changes)}",
            )
        )
    if faults:
        raise BadInput(faults)
    told = {
        "start": fields.get("start", ""),
        "days": fields.get("days", ""),
        "change": changes,
        "level": level,
    }
    wanted = read(ScenarioAsked, told | {"lang": visit.language})
    return begin(visit.asking("scenario.run"), centre_id, "whatif", wanted)


def _levers(fields: dict[str, str], faults: list[Fault]) -> list[str]:
    changes = []
    for lever in LEVERS:
        number = whole(fields, lever.name, lever.least, lever.most, faults)
        if number is not None and (number or not lever.slides):
            changes.append(lever.words.format(number))
    return changes


def _people(fields: dict[str, str], faults: list[Fault]) -> list[str]:
    changes = []
    for kind in PEOPLE:
        for key in fields:
            if key.startswith(f"{kind}:") and (number := whole(fields, key, 0, 10_000, faults)):
                changes.append(f"{kind}:{fields.get('contract:' + key.partition(':')[2], '')}={number}")
    return changes


def _told(job: Any) -> str:
    """What a comparison was asked for, in the words of its changes."""
    options = job.args.get("options", {})
    return ", ".join([*options.get("change", []), *options.get("scenario", [])])
