"""``state.json`` of ``paiban backup``: where the people of each pool stand between two looks; no names, only ``agent_id``."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from annotated_types import Ge
from pydantic import BaseModel, ConfigDict, ValidationError

from centre.errors import Faults
from centre.instants import format_instant, parse_instant
from centre.writing import write_text
from scheduler.live import ALWAYS, NEVER, Helper, PoolState

UTC = ZoneInfo("UTC")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Person(_Strict):
    where: Literal["off", "coming", "here"]
    calls: list[str] = []
    arrived: str | None = None
    until: str | None = None
    left: str | None = None
    batch: Annotated[int, Ge(0)] = 0


class _Pool(_Strict):
    looked: str
    held_since: str | None = None
    over_since: str | None = None
    people: dict[str, _Person] = {}


class _State(_Strict):
    version: Literal[1]
    pools: dict[str, _Pool]


def read_state(path: Path, now: int, faults: Faults) -> dict[str, PoolState]:
    """The pools as the file has them, none where there is no file yet; what is wrong with it is noted.

    Parameters
    ----------
    now : UTC minutes; a look later than that is a fault
    """
    if not path.exists():
        return {}
    try:
        told = _State.model_validate_json(path.read_bytes())
    except ValidationError as error:
        for each in error.errors(include_input=False, include_url=False):
            where = ".".join(map(str, each["loc"]))
            faults.add(path.name, f"a state as `paiban backup` writes it: {each['msg']}", column=where)
        return {}
    found = {}
    for name, pool in told.pools.items():
        reading = _Reading(path.name, f"pools.{name}", faults)
        helpers = {who: reading.helper(who, person) for who, person in pool.people.items()}
        looked = reading.instant("looked", pool.looked, ALWAYS)
        held, over = (
            reading.instant(key, text, NEVER)
            for key, text in (("held_since", pool.held_since), ("over_since", pool.over_since))
        )
        if looked > now:
            words = f"an instant at or after the last look of {path.name}, {pool.looked}"
            faults.add("--now", words, found=format_instant(now))
        found[name] = PoolState(helpers, held, over, looked)
    return found


class _Reading:
    """Instants of one pool of the file."""

    def __init__(self, file: str, path: str, faults: Faults) -> None:
        self.file, self.path, self.faults = file, path, faults

    def instant(self, key: str, text: str | None, default: float) -> float:
        """UTC minutes; ``default`` where there is none, or none that can be read, which is noted."""
        try:
            return default if text is None else float(parse_instant(text, UTC))
        except ValueError as error:
            self.faults.add(self.file, str(error), found=text, column=f"{self.path}.{key}")
            return default

    def helper(self, who: str, told: _Person) -> Helper:
        """One person."""
        path = f"people.{who}"
        calls = tuple(self.instant(f"{path}.calls", text, ALWAYS) for text in told.calls)
        if told.where == "coming" and not calls:
            words = "when they were called: somebody is on the way"
            self.faults.add(self.file, words, found="[]", column=f"{self.path}.{path}.calls")
        if told.where == "here" and told.arrived is None:
            words = "when they arrived: somebody is there"
            self.faults.add(self.file, words, found="null", column=f"{self.path}.{path}.arrived")
        return Helper(
            told.where,
            calls,
            self.instant(f"{path}.arrived", told.arrived, ALWAYS),
            self.instant(f"{path}.until", told.until, NEVER),
            self.instant(f"{path}.left", told.left, ALWAYS),
            told.batch,
        )


def write_state(path: Path, pools: Mapping[str, PoolState]) -> None:
    """Write the file in one step; people of whom there is nothing to tell are left out."""
    told = _State(version=1, pools={name: _pool(state) for name, state in pools.items()})
    write_text(path, told.model_dump_json(indent=2) + "\n")


def _pool(state: PoolState) -> _Pool:
    people = {
        who: _Person(
            where=each.where,
            calls=[format_instant(int(at)) for at in each.calls],
            arrived=_text(each.arrived),
            until=_text(each.until),
            left=_text(each.left),
            batch=each.batch,
        )
        for who, each in state.helpers.items()
        if each != Helper()
    }
    return _Pool(
        looked=format_instant(int(state.looked)),
        held_since=_text(state.held),
        over_since=_text(state.over),
        people=people,
    )


def _text(at: float) -> str | None:
    """An instant as files have it; None where there is none."""
    return format_instant(int(at)) if math.isfinite(at) else None
