"""A rota that people already work by, with all that it is judged by: for repairs of a day and for swaps."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from centre.cells import suggestion
from centre.errors import Faults
from centre.folder import Centre
from centre.instants import Grid, day_number, parse_instant
from scenarios.demand import holidays_of
from scenarios.onboarding import staged
from scenarios.peak_settings import settings_in_force
from scheduler.backup import with_backup
from scheduler.pay.law import PayLaw
from scheduler.pay.laws import law_in_force
from scheduler.rota import Rota
from scheduler.rules.exceptions import RecordedException, exceptions_of
from scheduler.rules.facts import Facts, day_classes, facts_of
from scheduler.rules.presets import rules_in_force
from scheduler.rules.rule import Rule

ROTA = "--rota"


@dataclass(frozen=True, eq=False)
class RotaAtHand:
    """A centre, backup pools among its people, and a rota of its people with the rules and facts in force."""

    centre: Centre
    rota: Rota
    facts: Facts
    rules: tuple[Rule, ...]
    law: PayLaw | None
    exceptions: tuple[RecordedException, ...]
    warnings: tuple[str, ...]


def rota_at_hand(
    centre: Centre,
    table: pd.DataFrame,
    horizon: tuple[int, int] | None = None,
    published_at: int | None = None,
) -> RotaAtHand:
    """The rota of a table with the columns of ``rota.csv``.

    Parameters
    ----------
    horizon : first day number and number of days that it covers; None: from its first to its last day
    published_at : when it was told to its people, UTC minutes; None: not known

    Raises
    ------
    BadInput
        where the rota has no rows, or is of other people than the centre's.
    """
    centre, faults = with_backup(centre), Faults()
    rota = Rota.from_frame(table)
    listed = {agent.agent_id for agent in centre.agents}
    strangers = [name for name in rota.agent_ids if name not in listed]
    if not len(rota):
        faults.add(ROTA, "a rota with shifts in it", found="no rows")
    elif len(strangers) == len(rota.agent_ids):
        words = "a rota of this centre's people: agents.csv has nobody of them" + suggestion(
            strangers[0], listed
        )
        faults.add(ROTA, words, found=strangers[0], column="agent_id")
    faults.raise_if_any()
    told = [
        f"{ROTA}: {len(strangers)} of {len(rota.agent_ids)} people are not in agents.csv; nothing is changed for them"
    ]
    first = int(rota.day.min())
    first_day, days = horizon or (first, int(rota.day.max()) + 1 - first)
    settings, info = centre.settings, centre.settings.centre
    grid = Grid(info.timezone, first_day, days, info.interval_minutes)
    facts = facts_of(
        settings, centre.agents, centre.leave, centre.rota_before, first_day, days, holidays_of(centre, grid),
        special_days=day_classes(info.country, first_day, days, centre.calendar), protections=centre.protections,
        ledger=centre.ledger, published_at=published_at, backup=centre.backup,
    )  # fmt: skip
    facts = staged(replace(facts, peak_days=settings_in_force(centre, grid).peak_days), centre, rota)
    rules = rules_in_force(settings.rules, with_centre=True)
    return RotaAtHand(
        centre, rota, facts, rules, law_in_force(settings.rules),
        exceptions_of(centre.exceptions, {rule.name for rule in rules}), tuple(told if strangers else ()),
    )  # fmt: skip


def with_notices(at_hand: RotaAtHand, notices: dict[tuple[str, int], int]) -> RotaAtHand:
    """The same where some shifts were told later than the rota."""
    return replace(at_hand, facts=replace(at_hand.facts, notices=at_hand.facts.notices | notices))


def first_and_last(rota: Rota) -> tuple[int, int]:
    """UTC minutes at which the first shift begins and the last one ends."""
    return int(rota.start.min()), int(rota.end.max())


def ids_like(name: str, known: Sequence[str]) -> str:
    """What an agent_id that is not known should have been."""
    return "an agent_id of the rota" + suggestion(name, known)


def horizon_beside(
    folder: Path, table: pd.DataFrame, zone: ZoneInfo
) -> tuple[tuple[int, int] | None, int | None]:
    """The horizon that the result beside a rota tells (first day number, days) and when it was told to its people; None where it
    does not say, or not so that the whole rota lies in it.
    """
    for name in ("plan.json", "replan.json", "bids.json"):
        try:
            told = json.loads((folder / name).read_text(encoding="utf-8"))
            first, days = day_number(date.fromisoformat(told["start"])), int(told["days"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        known = [day_number(day) for day in table["day"].unique()]
        inside = all(first <= day < first + days for day in known)
        published = told.get("published_at")
        try:
            at = None if published is None else parse_instant(str(published), zone)
        except ValueError:
            at = None
        return ((first, days) if inside and known else None), at
    return None, None
