"""Which part of a roster to solve again: ways to choose people and days, tried the more the more they have helped."""

from dataclasses import dataclass

import numpy as np

from scheduler.nrp.instance import OFF, Ints
from scheduler.solve.nrp_roster import Roster

LONG_ENOUGH = 1.5
"""Seconds after which a part is large enough."""
FEWEST = 2
"""People of a part."""


@dataclass
class Way:
    """A shape of part: how many people, how many days (at most all), and how it has done.

    Parameters
    ----------
    size : of people times days, the number that adapts
    worth : penalty saved a second, fading
    """

    days: int
    size: float
    worth: float


class Ways:
    """Chooses the next part and learns from how it went."""

    def __init__(self, roster: Roster, rng: np.random.Generator) -> None:
        self.roster, self.rng = roster, rng
        one = roster.instance
        lengths = {min(one.days, length) for length in (7, 14, 28, 56, one.days)}
        if one.days > 100:
            lengths.discard(one.days)
        self.ways = [Way(days, 8.0 * 28 if days > 14 else 12.0 * days, 100.0) for days in sorted(lengths)]

    def next(self, lines: Ints, busy: set[int]) -> tuple[Way, list[int], int, int]:
        """A way, people, and the days from the first to before the last."""
        chances = np.array([way.worth + 0.05 * max(w.worth for w in self.ways) + 1e-3 for way in self.ways])
        way = self.ways[int(self.rng.choice(len(self.ways), p=chances / chances.sum()))]
        one = self.roster.instance
        price = self.roster.uncovered(lines)
        price += 0.05 * price.mean() + 1e-3
        day = int(self.rng.choice(one.days, p=price / price.sum()))
        first = int(np.clip(day - self.rng.integers(0, way.days), 0, one.days - way.days))
        last = first + way.days
        people = np.array([person for person in range(len(lines)) if person not in busy])
        if len(people) < FEWEST:  # whoever is done first wins
            people = np.arange(len(lines))
        count = min(len(people), max(FEWEST, round(way.size / way.days)))
        rank = self.rng.random(len(people))
        if self.rng.random() < 0.7:
            near = lines[people, max(0, day - 2) : day + 3] != OFF
            rank += 0.5 * near.mean(axis=1)
        return way, [int(person) for person in people[np.argsort(-rank)[:count]]], first, last

    def learn(self, way: Way, saved: float, seconds: float, whole: bool) -> None:
        """Note what was saved in how long, and take more or fewer people next time."""
        way.worth = 0.8 * way.worth + 0.2 * saved / max(seconds, 1e-3)
        grow = (LONG_ENOUGH / max(seconds, 1e-2)) ** 0.4
        way.size = max(2.0 * way.days, way.size * min(1.5, max(0.7, grow if whole else min(grow, 0.9))))
        way.size = min(way.size, float(way.days * len(self.roster.wishes)))
