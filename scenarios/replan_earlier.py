"""What an earlier repair of the same day knew, read back from its ``replan.json``."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from centre.errors import BadInput, Fault
from centre.instants import parse_instant
from centre.model import Break, ShiftTemplate
from scenarios.rota_at_hand import RotaAtHand
from scheduler.intraday.drawn import with_drawn

MARK = "replan.json"


def with_earlier(at_hand: RotaAtHand, path: Path) -> RotaAtHand:
    """The rota with what an earlier repair, whose ``replan.json`` lies beside it, knows of absences and changed shifts.

    Raises
    ------
    BadInput
        where the file is no such file.
    """
    if not path.is_file():
        return at_hand
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        facts, zone = at_hand.facts, at_hand.facts.zone
        templates = [_template(each["template"]) for each in told["drawn_shifts"]]
        allowed: dict[str, set[str]] = {}
        for template, each in zip(templates, told["drawn_shifts"], strict=True):
            for agent_id in each["agents"]:
                allowed.setdefault(agent_id, set()).add(template.name)
        people = dict(facts.people or {})
        for each in told["absences"]:
            person = people.get(each["agent_id"])
            if person is not None:
                away = parse_instant(each["start"], zone), parse_instant(each["end"], zone)
                people[person.agent_id] = replace(person, leave=tuple(sorted((*person.leave, away))))
        facts = with_drawn(replace(facts, people=people), templates, allowed)
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(
            [Fault(str(path), "the replan.json of an earlier repair, as it was written")]
        ) from None
    return replace(at_hand, facts=facts)


def _template(told: Mapping[str, Any]) -> ShiftTemplate:
    breaks = tuple(Break(**each) for each in told["breaks"])
    return ShiftTemplate(
        **{**told, "breaks": breaks, "days": tuple(told["days"]), "peaks": tuple(told["peaks"])}
    )
