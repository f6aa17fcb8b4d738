"""What the report is made from: plain tables and facts of one finished plan, filled by the chain, read by `scenarios.report`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

import pandas as pd

from centre.instants import Grid
from centre.model import Queue, Shrinkage
from centre.people import Agent
from scenarios.levers import Lever
from scenarios.rounds import Round
from scheduler.rota import Rota
from scheduler.solution import RulePrice

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class RuleFact:
    """One rule that the rota was judged by: its name as in ``violations.csv``, its words, limit in words, and source."""

    name: str
    words: str
    limit: str
    source: str


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Why cover is short, in a sentence; about the window ``[start, end)`` in UTC minutes, or, where None, about the whole plan.

    An empty ``queue`` is every queue; ``ways_out`` are changes after which it would not be, in sentences.
    """

    why: str
    start: int | None = None
    end: int | None = None
    queue: str = ""
    ways_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CostTerm:
    """One term of the objective in the centre's currency.

    ``money`` tells what is paid (wages, overtime) from a price that only weighs (shortage, surplus, refused requests). Known names
    (see ``cost.*`` in `scenarios.report_words`) are translated, others stand as given; ``mix:NAME`` is a mix. ``times`` says how
    often what is priced happened, or how many hours of people were missing, by ``unit``; None: not told.
    """

    name: str
    amount: float
    money: bool = True
    times: float | None = None
    unit: Literal["", "times", "hours"] = ""


@dataclass(frozen=True, slots=True)
class SolverFacts:
    """How the rota was found. ``gap`` is (objective - bound) / controllable cost; None where no bound is known.

    Parameters
    ----------
    status : as the solver calls it: optimal, feasible, ...
    limit : what ended the search, in words ("60 s", "effort 40")
    bound_note : what the bound is a bound of, where that is less than the whole
    """

    status: str
    objective: float
    bound: float | None
    gap: float | None
    controllable_cost: float
    seconds: float
    reproducible: bool
    seed: int
    workers: int
    limit: str
    bound_note: str = ""


@dataclass(frozen=True, slots=True)
class ForecastFacts:
    """The model chosen for a queue and what each model's error was.

    Parameters
    ----------
    wape : model or baseline name -> WAPE of the rolling-origin backtest as a share (0.07); the chosen model is among them
    baselines : names in ``wape`` that are only yardsticks
    held_back_wape : error of this very forecast on weeks that it did not see, where they are known
    """

    queue: str
    model: str
    wape: Mapping[str, float] = field(default_factory=dict)
    baselines: tuple[str, ...] = ()
    held_back_wape: float | None = None
    origins: int = 0


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that the plan was made from."""

    file: str
    sha256: str


@dataclass(frozen=True, eq=False)
class ReportData:
    """Everything that `scenarios.report.render_report` shows.

    Parameters
    ----------
    first_day, days : the horizon, in day numbers
    history : ``interval_start`` (aware UTC), ``queue``, ``offered``; what came before the horizon
    forecast, requirement, coverage, violations : columns of the results of the same name; ``violations`` has ``from`` and ``to`` as
        aware timestamps or NaT
    rules : every rule in force, also those without findings
    levers : columns of ``levers.csv``; no rows where the centre has no peaks
    backup_rounds : how planning and triggers took turns
    standby : columns of ``standby.csv``; no rows where nobody stands by
    requests : columns of ``requests_result.csv``; no rows where nobody asked for anything
    online : columns of ``online.csv``
    activities, activity_quota : columns of the results of the same name; no rows where the centre asks for no time off the queue
    onboarding, onboarding_ramp : columns of the results of the same name; no rows where nobody is new
    assumptions, warnings : sentences, shown as they are
    """

    centre: str
    timezone: ZoneInfo
    first_day: int
    days: int
    interval_minutes: int
    queues: tuple[Queue, ...]
    agents: tuple[Agent, ...]
    history: pd.DataFrame
    forecast: pd.DataFrame
    requirement: pd.DataFrame
    coverage: pd.DataFrame
    rota: Rota
    violations: pd.DataFrame
    rules: tuple[RuleFact, ...]
    cost: tuple[CostTerm, ...]
    solver: SolverFacts
    forecast_facts: tuple[ForecastFacts, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    shrinkage: Shrinkage = field(default_factory=Shrinkage)
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    inputs: tuple[InputFile, ...] = ()
    rule_prices: tuple[RulePrice, ...] = ()
    levers: pd.DataFrame = field(default_factory=pd.DataFrame)
    lever_facts: tuple[Lever, ...] = ()
    backup_rounds: tuple[Round, ...] = ()
    standby: pd.DataFrame = field(default_factory=pd.DataFrame)
    requests: pd.DataFrame = field(default_factory=pd.DataFrame)
    online: pd.DataFrame = field(default_factory=pd.DataFrame)
    activities: pd.DataFrame = field(default_factory=pd.DataFrame)
    activity_quota: pd.DataFrame = field(default_factory=pd.DataFrame)
    onboarding: pd.DataFrame = field(default_factory=pd.DataFrame)
    onboarding_ramp: pd.DataFrame = field(default_factory=pd.DataFrame)
    currency: str = "USD"
    week_start: int = 0
    language: Language = "en"
    version: str = ""

    @property
    def grid(self) -> Grid:
        """The intervals of the horizon."""
        return Grid(self.timezone, self.first_day, self.days, self.interval_minutes)
