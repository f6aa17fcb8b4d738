"""A rota judged by all that a centre knows: what the audit of the command line and that of the API share; no solver is loaded."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from api.any_rota import AnyRota, any_rota, with_zones
from centre.calendar import public_holidays
from centre.errors import BadInput, Fault
from centre.folder import Centre, read_centre
from centre.writing import write_csv
from scenarios.onboarding import staged
from scenarios.peak_settings import days_of_peaks
from scheduler.audit import audit
from scheduler.backup import with_backup
from scheduler.rota import Rota
from scheduler.rules.exceptions import exceptions_of
from scheduler.rules.facts import Facts, day_classes, facts_of
from scheduler.rules.presets import rules_in_force
from scheduler.rules.rule import Rule, Violation

KEPT_IN_MEMORY = 8
MOST_DAYS = 800
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Judged:
    """A rota as it was read, the days it was judged for, what was found, and by which rules and facts."""

    rota: Rota
    first_day: int
    days: int
    findings: list[Violation]
    rules: tuple[Rule, ...]
    facts: Facts


def centre_facts(
    centre: Centre,
    rota: Rota,
    first: int,
    days: int,
    *,
    before: pd.DataFrame | None = None,
    calendar: tuple[Any, Any] | None = None,
    published: int | None = None,
) -> Facts:
    """What a centre knows of the days from ``first`` on, by which a rota is judged.

    Parameters
    ----------
    centre : with its backup pools (`scheduler.backup.with_backup`)
    before : what was worked before, in the columns of ``rota.csv``
    calendar : holidays and classes of days in place of the centre's own
    published : when the rota was told to its people, UTC minutes
    """
    info = centre.settings.centre
    if calendar is None:
        holidays = public_holidays(info.country, first - 1, first + days, centre.calendar)
        calendar = holidays, day_classes(info.country, first, days, centre.calendar)
    facts = facts_of(
        centre.settings, centre.agents, centre.leave, before, first, days, calendar[0], special_days=calendar[1],
        protections=centre.protections, ledger=centre.ledger, published_at=published, backup=centre.backup,
    )  # fmt: skip
    return staged(replace(facts, peak_days=days_of_peaks(centre, first, days)), centre, rota)


def centre_of(files: Files) -> Centre:
    """The centre of files that were kept, its people's names left out; with its backup pools."""
    return _centre(tuple(files.items()))


def read_rota(files: Files, name: str, content: bytes) -> AnyRota:
    """The rota of a file of any kind that the audit reads, by the clocks of a centre."""
    centre = centre_of(files)
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        path = Path(place) / name
        path.write_bytes(content)
        return any_rota(path, None, centre.settings.centre.timezone, zones=_clocks(centre))


def judge(files: Files, read: AnyRota, first: int | None = None, days: int | None = None) -> Judged:
    """Judge a rota by a centre's files, its people's names left out, for the days asked or those it covers."""
    centre = centre_of(files)
    rota = read.rota
    covered = read.covered or _days_of(rota)
    first = covered[0] if first is None else first
    days = max(1, covered[0] + covered[1] - first) if days is None else days
    if days > MOST_DAYS:
        raise BadInput([Fault("rota", f"at most {MOST_DAYS} days", f"{days} days")])
    facts = with_zones(centre_facts(centre, rota, first, days, before=centre.rota_before), read)
    rules = rules_in_force(centre.settings.rules, with_centre=True)
    exceptions = exceptions_of(centre.exceptions, {rule.name for rule in rules})
    findings = [*audit(rota, rules, facts, exceptions=exceptions), *read.notes]
    return Judged(rota, first, days, findings, tuple(rules), facts)


def judge_file(
    files: Files, name: str, content: bytes, first: int | None = None, days: int | None = None
) -> Judged:
    """As `judge`, of the rota of a file. The last few answers are kept, not to be changed: many read a rota before somebody edits it."""
    return _judged(tuple(files.items()), name, content, first, days)


@lru_cache(maxsize=KEPT_IN_MEMORY)
def _judged(
    files: tuple[tuple[str, bytes], ...], name: str, content: bytes, first: int | None, days: int | None
) -> Judged:
    told = dict(files)
    return judge(told, read_rota(told, name, content), first, days)


def as_csv(rota: Rota) -> bytes:
    """A rota as the file that our own rotas are."""
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        path = Path(place) / "rota.csv"
        write_csv(path, rota.to_frame())
        return path.read_bytes()


def _days_of(rota: Rota) -> tuple[int, int]:
    if not len(rota):
        raise BadInput([Fault("rota", "at least one row, or the days that it is for")])
    first = int(rota.day.min())
    return first, int(rota.day.max()) + 1 - first


def _clocks(centre: Centre) -> dict[str, Any]:
    from zoneinfo import ZoneInfo

    return {agent.agent_id: ZoneInfo(agent.timezone) for agent in centre.agents if agent.timezone}


@lru_cache(maxsize=KEPT_IN_MEMORY)
def _centre(files: tuple[tuple[str, bytes], ...]) -> Centre:
    """A centre that was kept, and so reads without a fault."""
    with tempfile.TemporaryDirectory(prefix="paiban-") as place:
        for name, content in files:
            (Path(place) / name).write_bytes(content)
        return with_backup(read_centre(Path(place)))
