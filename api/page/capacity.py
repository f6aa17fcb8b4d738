"""Capacity: how many to hire when over the months to come, from a few settings or a capacity file; the plans that were made."""

import json
from collections.abc import Iterator

from fastapi import APIRouter, Response

from api.judging import centre_of
from api.page.forms import read, whole
from api.page.plans import next_week
from api.page.screen import Screen, Visited
from api.page.watched import begin, latest
from api.routes.judged import everything
from api.schemas.jobs import CapacityAsked
from api.store import centres
from centre.errors import BadInput, Fault
from centre.folder import Centre
from scheduler.backup import own_contracts

router = APIRouter(route_class=Screen, include_in_schema=False)
PERCENT = {
    "usable": (1, 100, 85),
    "growth": (-50, 200, 0),
    "attrition": (0, 99, 20),
    "overtime": (0, 100, 10),
    "leave": (0, 90, 8),
}
"""Least, most and usual value of the settings in per cent."""
COUNTS = {
    "largest": (0, 10_000, 10),
    "lead_weeks": (0, 104, 4),
    "training": (0, 104, 4),
    "cost": (0, 1_000_000, 0),
}
"""Likewise of the settings of each contract that people are hired for."""
WEEKS = (13, 26, 52, 104)


@router.get("/centres/{centre_id}/capacity")
def show_capacity(visit: Visited, centre_id: str) -> Response:
    """What to plan for, and the plans that were made."""
    asking = visit.asking("scenario.run")
    done, others = latest(asking, centre_id, "capacity")
    with asking.read() as transaction:
        centre = centres.get(transaction, centre_id)
    return visit.show(
        "capacity.html.jinja", centre=centre, next=next_week(asking, centre_id), jobs=[*([done] if done else []), *others[:5]],
        percent=PERCENT, counts=COUNTS, contracts=_offered(centre_of(everything(asking, centre_id)[1])), weeks=WEEKS,
    )  # fmt: skip


@router.post("/centres/{centre_id}/capacity")
def ask_capacity(visit: Visited, centre_id: str) -> Response:
    """Accept a capacity plan; a file that was chosen takes the place of the settings."""
    asking, fields = visit.asking("scenario.run"), visit.form.fields
    _, content = visit.form.files.get("file", ("", b""))
    centre = centre_of(everything(asking, centre_id)[1])
    text = _text_of(content) if content else _file(fields, centre)
    told = {
        "plan": {"content": text},
        "start": fields.get("start", ""),
        "weeks": fields.get("weeks", ""),
        "lang": visit.language,
    }
    return begin(asking, centre_id, "capacity", read(CapacityAsked, told))


def _offered(centre: Centre) -> list[tuple[str, list[tuple[str, bool]]]]:
    """Contracts, each with the queues and whether somebody of it answers them."""
    known = {(each.contract, queue) for each in centre.agents for queue, _ in each.skills}
    queues = [each.name for each in centre.settings.queue]
    return [
        (name, [(each, (name, each) in known) for each in queues]) for name in own_contracts(centre.settings)
    ]


def _file(fields: dict[str, str], centre: Centre) -> str:
    """The settings as a capacity file; raises `BadInput` with every fault."""
    faults = list[Fault]()
    share = {name: (whole(fields, name, *PERCENT[name][:2], faults, blank=0) or 0) / 100 for name in PERCENT}
    lines = [
        "[supply]", f"usable_share = {share['usable']:g}", "[demand]", f"growth_per_year = {share['growth']:g}", "[attrition]",
        f"yearly = {share['attrition']:g}", "[overtime]", f"most_share = {share['overtime']:g}", "[leave]", f"share = {share['leave']:g}",
    ]  # fmt: skip
    classes = list(_classes(fields, centre, faults))
    if not classes and not faults:
        faults.append(Fault("largest", "at least one contract of which people may be hired", "none"))
    if faults:
        raise BadInput(faults)
    return "\n".join([*lines, *classes]) + "\n"


def _classes(fields: dict[str, str], centre: Centre, faults: list[Fault]) -> Iterator[str]:
    for k, name in enumerate(own_contracts(centre.settings)):
        told = {each: whole(fields, f"{each}:{k}", *COUNTS[each][:2], faults, blank=0) for each in COUNTS}
        if not told["largest"]:
            continue
        skills = [each.name for each in centre.settings.queue if fields.get(f"skill:{k}:{each.name}")]
        if not skills:
            faults.append(Fault(name, "at least one queue that those who are hired answer"))
        yield "\n".join(
            [
                "[[class]]", f"name = {_text(name)}", f"contract = {_text(name)}", f"skills = {_text(skills)}", "smallest = 1",
                f"largest = {told['largest']}", f"lead_time_weeks = {told['lead_weeks']}", f"training_weeks = {told['training']}",
                f"cost_per_hire = {told['cost']}",
            ]
        )  # fmt: skip


def _text_of(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput([Fault("file", "a capacity file: TOML in UTF-8")]) from None


def _text(value: object) -> str:
    """A text or a list of texts of TOML, which are written as JSON writes them."""
    return json.dumps(value, ensure_ascii=False)
