"""A thousand clean rotas as arrays, in which one breach a rota can be planted and its figures are known.

Nothing here asks a rule anything: what is to be found is worked out from the arrays alone.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np

from centre.instants import day_number, local_instant
from centre.model import Break, Contract, ShiftTemplate
from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person

WEEKS, WEEKDAYS = 4, 5
ROTAS, PEOPLE = (
    250,
    2,
)  # rotas of each setting, people of each rota; the first of them is the one who is wronged
SETTINGS = {
    "Berlin, clocks go forward": (ZoneInfo("Europe/Berlin"), date(2026, 3, 16)),
    "Berlin, clocks go back": (ZoneInfo("Europe/Berlin"), date(2026, 10, 12)),
    "Shanghai, turn of the year": (ZoneInfo("Asia/Shanghai"), date(2025, 12, 15)),
    "New York, leap day and clocks forward": (ZoneInfo("America/New_York"), date(2028, 2, 21)),
}
NAMES = ("early", "late", "night")
TEMPLATE = ShiftTemplate("early", 450, 600, 480, 1, breaks=(Break(60, 180, 180, False, "meal"),))
CONTRACT = Contract("full", 2100, 2100, 5, 5, ("early", "late"))
ACTIVITIES = ("work:*", "meal", "training:new", "on_call", "call_out", "work:phone", "backup")


@dataclass
class Book:
    """Shifts of every person of many rotas: arrays of shape (people, weeks, weekdays), and shifts besides them.

    Clean as made: Monday to Friday, eight hours from between 07:30 and 10:00 by the wall clock with an unpaid
    meal of an hour after three, a start that moves by half an hour at most from day to day. ``gone`` marks
    shifts that were taken out; ``extra`` holds rows (person, day, start, end, activity). ``told`` are facts,
    ``told_of`` those of single people, that a plant knows better.
    """

    zone: ZoneInfo
    first_day: int
    start: np.ndarray
    end: np.ndarray
    meal: np.ndarray
    meal_minutes: np.ndarray
    activity: np.ndarray
    shift: np.ndarray
    gone: np.ndarray
    extra: list[tuple[np.ndarray, ...]] = field(default_factory=list)
    told: dict[str, object] = field(default_factory=dict)
    told_of: dict[str, dict[str, object]] = field(default_factory=dict)

    @property
    def days(self) -> int:
        return 7 * WEEKS

    @property
    def names(self) -> tuple[str, ...]:
        return names_of(len(self.start))

    @property
    def wronged(self) -> np.ndarray:
        """Index of the first person of every rota."""
        return np.arange(0, len(self.start), PEOPLE)

    def midnight(self, week, day):
        """UTC minutes at which a day begins; ``day`` counts from the week's Monday and may be past its end."""
        return self.midnights[np.asarray(7 * week + day)]

    @property
    def midnights(self) -> np.ndarray:
        return np.array([wall_clock(self.zone, self.first_day + k, 0) for k in range(self.days + 8)])

    def clock(self, week, day, minute):
        """UTC minutes of a wall-clock time that exists."""
        return np.array([
            wall_clock(self.zone, self.first_day + int(d), int(m))
            for d, m in np.broadcast(np.asarray(7 * week + day), minute)
        ])  # fmt: skip

    def move(self, where, delta) -> None:
        """Shift whole shifts by minutes."""
        for values in (self.start, self.end, self.meal):
            values[where] += delta

    def work(self, person, week, day, start, end, activity=0) -> None:
        """One more shift a person, without a meal."""
        day = np.broadcast_to(self.first_day + 7 * np.asarray(week) + day, person.shape)
        self.extra.append(
            (person, day, start + 0 * person, end + 0 * person, np.full(person.shape, activity))
        )

    def rota(self) -> Rota:
        """All of it as a rota."""
        kept = ~self.gone.ravel()
        person, day = np.indices((len(self.start), WEEKS * WEEKDAYS))
        day = self.first_day + day // WEEKDAYS * 7 + day % WEEKDAYS
        person, day = person.ravel()[kept], day.ravel()[kept]
        start, end, meal, pause, activity, shift = (
            values.ravel()[kept]
            for values in (self.start, self.end, self.meal, self.meal_minutes, self.activity, self.shift)
        )
        with_meal = pause > 0
        rows = [(person, day, start, np.where(with_meal, meal, end), activity, shift)]
        pauses = person, day, meal, meal + pause, np.ones_like(person), shift
        after = person, day, meal + pause, end, activity, shift
        rows += [tuple(values[with_meal] for values in row) for row in (pauses, after)]
        rows += [(*row, np.zeros_like(row[0])) for row in self.extra]
        agent, day, start, end, activity, shift = (np.concatenate([row[k] for row in rows]) for k in range(6))
        kept = end > start
        order = np.lexsort((end, start, agent))
        order = order[kept[order]]
        return Rota(
            self.names, NAMES, ACTIVITIES, agent[order].astype(np.int32), day[order], start[order], end[order],
            activity[order].astype(np.int32), shift[order].astype(np.int32), (activity[order] != 1),
        )  # fmt: skip

    def people(self) -> dict[str, Person]:
        """Everyone new on the first day, so that nothing of what they worked before is unknown."""
        usual = {
            "starts_on": self.first_day, "born_on": day_number(date(1990, 5, 17)), "protections": (),
            "contract": CONTRACT, "skills": frozenset({"chat"}),
        }  # fmt: skip
        return {name: Person(name, **(usual | self.told_of.get(name, {}))) for name in self.names}

    def facts(self) -> Facts:
        """All that there is to know."""
        known = {
            "people": self.people(), "templates": {"early": TEMPLATE}, "special_days": {},
            "published_at": (self.first_day - 60) * 1440,
        }  # fmt: skip
        return Facts(self.zone, self.first_day, self.days, **(known | self.told))


wall_clock = cache(local_instant)


@cache
def names_of(people: int) -> tuple[str, ...]:
    """Names of so many people, told by rota and place in it; asked for once a finding."""
    return tuple(f"r{k // PEOPLE:03d}-{k % PEOPLE}" for k in range(people))


@cache
def clean_rota(setting: str) -> Rota:
    """The clean rotas of one setting."""
    return clean(setting).rota()


def clean(setting: str) -> Book:
    """Clean rotas of one setting, to be changed."""
    return deepcopy(_clean(setting))


@cache
def _clean(setting: str) -> Book:
    zone, monday = SETTINGS[setting]
    rng, people = np.random.default_rng(list(SETTINGS).index(setting)), ROTAS * PEOPLE
    book = Book(zone, day_number(monday), *(np.zeros((people, WEEKS, WEEKDAYS), dtype=np.int64) for _ in range(6)),
                np.zeros((people, WEEKS, WEEKDAYS), dtype=bool))  # fmt: skip
    first = rng.integers(480, 571, (people, WEEKS, 1))
    minute = first + rng.integers(-30, 31, book.start.shape)
    week, day = np.indices((WEEKS, WEEKDAYS))
    book.start[:] = book.midnights[7 * week + day] + minute  # no clock changes on a weekday morning
    book.end[:], book.meal[:], book.meal_minutes[:] = book.start + 480, book.start + 180, 60
    return book
