"""What a planner asks of a capacity plan, as plain data: classes, turnover, pools, scenarios; `scenarios.capacity_file` reads it."""

from dataclasses import dataclass, field
from datetime import date

MONTHS = 12
Skills = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class ClassSettings:
    """A ``[[class]]``: who may be hired together, and when; ``closed`` are first and last days on which none starts."""

    name: str
    contract: str
    skills: Skills
    smallest: int
    largest: int
    lead_weeks: int
    training_weeks: int
    ramp: tuple[float, ...]
    cost_per_hire: float
    most_at_once: int = 1
    every_weeks: int = 1
    first_start: date | None = None
    last_start: date | None = None
    closed: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Turnover:
    """Shares of people who leave within a year, newcomers in their first weeks and others."""

    yearly: float = 0.0
    newcomer_yearly: float = 0.0
    newcomer_weeks: int = 0


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """A ``[[backup]]``: who may be called."""

    name: str
    queues: tuple[str, ...]
    weekly_hours: float
    hourly_cost: float


@dataclass(frozen=True, slots=True)
class ScenarioSettings:
    """A ``[[scenario]]`` of demand: the forecast at a percentile of weekly totals (None: its mean), times ``demand``, growing each year."""

    name: str
    weight: float
    percentile: float | None = None
    demand: float = 1.0
    growth_per_year: float | None = None


SWANSON = (
    ScenarioSettings("p10", 0.3, 10.0), ScenarioSettings("p50", 0.4, 50.0), ScenarioSettings("p90", 0.3, 90.0),
)  # fmt: skip
"""Scenarios where the file has none: p10, p50 and p90 weighted 30, 40, 30. **Source:** Swanson's rule, Hurst et al. 2000."""


@dataclass(frozen=True, slots=True)
class CapacitySettings:
    """All of ``capacity.toml``; None of a price or limit: the centre's own."""

    usable_share: float
    classes: tuple[ClassSettings, ...] = ()
    most_hires: int | None = None
    turnover: Turnover = Turnover()
    turnover_of: dict[str, Turnover] = field(default_factory=dict)
    leave_by_month: tuple[float, ...] = (0.0,) * MONTHS
    overtime_share: float | None = None
    overtime_factor: float | None = None
    pools: tuple[PoolSettings, ...] = ()
    shortage_price: float | None = None
    allowed_shortage: float = 1.0
    beyond_factor: float = 10.0
    budget: float | None = None
    budget_per_quarter: float | None = None
    growth_per_year: float = 0.0
    scenarios: tuple[ScenarioSettings, ...] = SWANSON
    worst_share: float = 1.0
