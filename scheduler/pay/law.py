"""What a pay law is: it takes paid time and hands it back cut so that each stretch has one class and one rate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from centre.model import Contract
from scheduler.pay.paid_time import PaidTime
from scheduler.rota import Flags, Rota
from scheduler.rules.facts import Facts

Floats = NDArray[np.float64]
Days = frozenset[tuple[str, int]]
USUAL_RATE, NOT_WORKED = "usual rate", "no work: usual rate"
ORDINARY, LEAVE, ON_CALL = "ordinary", "paid_leave", "on_call"
HOUR = 60


@dataclass(frozen=True)
class Asked:
    """What a law may look at besides the paid time.

    ``substituted`` holds the (agent_id, day number) of rest days that were worked and given on another day; None: not known.
    """

    rota: Rota
    facts: Facts
    substituted: Days | None = None


@dataclass(frozen=True, slots=True)
class AddedPay:
    """Pay for no time worked: ``minutes`` at the usual rate for one person's day (a missed break)."""

    agent_id: str
    day: int
    start: int
    end: int
    pay_class: str
    minutes: int
    source: str


@dataclass(frozen=True, eq=False)
class Rated:
    """Paid time with its rates, arrays of shape (stretches,).

    Parameters
    ----------
    pay_class : index into ``classes``
    class_multiplier : rate of the class over the usual one
    multiplier : the same with the premiums that are added or compounded
    premium : names of those premiums, empty for none
    sources : per stretch that is not ordinary: statute, article and figures
    added : pay that is for no time worked
    told : what could not be checked, in sentences
    """

    time: PaidTime
    classes: tuple[str, ...]
    pay_class: NDArray[np.int64]
    class_multiplier: Floats
    multiplier: Floats
    premium: NDArray[np.object_]
    sources: NDArray[np.object_]
    added: tuple[AddedPay, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WeeklyStep:
    """Weekly minutes beyond ``minutes`` cost ``extra`` of the usual rate more: what a solver knows of overtime."""

    minutes: int
    extra: float


class PayLaw(Protocol):
    """The shape of every pay law; each is a frozen dataclass whose fields are its figures."""

    @property
    def name(self) -> str:
        """Name in ``rules.pay`` of centre.toml."""

    @property
    def title(self) -> str:
        """The law in its own name and in English."""

    @property
    def words(self) -> str:
        """What it pays, in one sentence."""

    @property
    def counts(self) -> str:
        """Which of its classes go by the calendar day of the minute, and which by the shift's day."""

    @property
    def sources(self) -> Mapping[str, str]:
        """Pay class or premium -> statute and article, with how it was read."""

    def weekly(self, contract: Contract | None) -> tuple[WeeklyStep, ...]:
        """Steps of weekly overtime for a person of this contract, for the solver."""

    @property
    def daily_minutes(self) -> int | None:
        """Minutes of a day that count for the week; None: all."""

    @property
    def holidays_apart(self) -> bool:
        """Whether hours of a statutory holiday do not count for the week."""

    @property
    def weeks_by_minute(self) -> bool:
        """Whether a shift over the end of a week counts partly for the next one."""

    def rated(self, time: PaidTime, asked: Asked) -> Rated:
        """The time cut and rated."""


@dataclass
class Rates:
    """Builds `Rated` stretch by stretch class: later words win."""

    time: PaidTime
    names: list[str] = field(default_factory=lambda: [ORDINARY, LEAVE, ON_CALL])

    def __post_init__(self) -> None:
        size = len(self.time)
        self.code = np.where(self.time.work, 0, np.where(self.time["on_call"], 2, 1)).astype(np.int64)
        self.base = np.ones(size)
        self.total = np.ones(size)
        self.premium = np.full(size, "", dtype=object)
        self.sources = np.where(self.code == 0, USUAL_RATE, NOT_WORKED).astype(object)

    def put(self, name: str, rows: Flags, multiplier: float) -> None:
        """Rows of work get the class ``name`` at ``multiplier``, no premium yet."""
        if name not in self.names:
            self.names.append(name)
        rows = rows & self.time.work
        self.code[rows], self.base[rows], self.total[rows] = self.names.index(name), multiplier, multiplier

    def add(self, name: str, rows: Flags, extra: float, compounds: bool = False) -> None:
        """Rows of work get a premium on top: ``extra`` of the usual rate, or of the class's own rate."""
        rows = rows & self.time.work
        self.total[rows] += extra * (self.base[rows] if compounds else 1.0)
        first = self.premium[rows] == ""
        self.premium[rows] = np.where(first, name, self.premium[rows] + f"+{name}")

    def rated(self, added: tuple[AddedPay, ...] = (), told: tuple[str, ...] = ()) -> Rated:
        """What was built."""
        return Rated(
            self.time,
            tuple(self.names),
            self.code,
            self.base,
            self.total,
            self.premium,
            self.sources,
            added,
            told,
        )
