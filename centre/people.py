"""One person as the centre folder tells of them."""

from dataclasses import dataclass

from centre.hours import Opening
from centre.model import Level


@dataclass(frozen=True, slots=True)
class Agent:
    """A row of ``agents.csv``.

    Parameters
    ----------
    skills : (queue, speed) pairs in the order given; speed 1.0 is usual, 0.5 half
    contract : name of a contract in ``centre.toml``
    starts_on, leaves_on, born_on : day numbers (`centre.instants.day_number`); ``leaves_on`` is the last day employed
    timezone : the person's own zone, empty for the centre's
    available, prefers : hours of the week in which the person can work, and would like to (`centre.availability`); empty: any
    pattern : rotation pattern of ``centre.toml`` that they work, ``NAME`` or ``NAME:DAYS`` so many days ahead in it
    country : whose law protects the person, empty for the centre's
    """

    agent_id: str
    name: str
    team: str
    level: Level
    skills: tuple[tuple[str, float], ...]
    contract: str
    role: str = ""
    site: str = ""
    timezone: str = ""
    starts_on: int | None = None
    leaves_on: int | None = None
    stage: str = ""
    mentor: str = ""
    born_on: int | None = None
    available: tuple[Opening, ...] = ()
    opt_outs: tuple[str, ...] = ()
    country: str = ""
    pattern: str = ""
    prefers: tuple[Opening, ...] = ()
