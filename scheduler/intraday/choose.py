"""Which changes to make: each of the most worth for its price against all made before it, then dropped or exchanged as long as
that helps. Whether the rules allow a change is asked only of those that would be made.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.intraday.lawful import Allowed
from scheduler.intraday.options import Kind, Option
from scheduler.intraday.window import Floats, Window, touched
from scheduler.intraday.worth import Worth

Ask = Callable[[Sequence[Option]], list[Allowed | None]]
More = Callable[[Option, Allowed], Iterable[Option]]
UNKNOWN, NO, YES = 0, -1, 1
AT_ONCE = 48
"""Changes that the rules are asked about at once."""
PASSES = 4
SHAKES, OUT = 12, 0.3
"""How often some changes are made anew, and which part of them."""
TINY = 1e-6


@dataclass(frozen=True, eq=False)
class Chosen:
    """Changes to make: their numbers, the price of cover with them, and their own."""

    numbers: tuple[int, ...]
    cover: float
    price: float

    @property
    def total(self) -> float:
        """What is to be least."""
        return self.cover + self.price


def _rank(chosen: Chosen) -> tuple[float, int]:
    return round(chosen.total, 6), len(chosen.numbers)


class Choice:
    """All options as arrays, what is known of each, and people at work without any.

    Parameters
    ----------
    group_of : the group that somebody counts to
    people : at work without any change, shape (groups, intervals)
    ask : tells which of some options the rules allow
    more : options like one that was chosen, which change the same person a little more
    """

    def __init__(
        self,
        worth: Worth,
        people: Floats,
        window: Window,
        group_of: Callable[[Option], int],
        ask: Ask,
        more: More,
    ) -> None:
        self.worth, self.people, self.window = worth, people, window
        self._group_of, self._ask_rules, self._more = group_of, ask, more
        self.options: list[Option] = []
        self.answers: dict[int, Allowed] = {}
        self._persons: dict[str, int] = {}
        self._person = np.zeros(0, dtype=np.int64)
        self._kind: NDArray[np.str_] = np.zeros(0, dtype="U16")
        self._group = np.zeros(0, dtype=np.int64)
        self._price = np.zeros(0)
        self._state = np.zeros(0, dtype=np.int8)
        self._owner, self._at, self._code = (np.zeros(0, dtype=np.int64) for _ in range(3))
        self._first = np.zeros(1, dtype=np.int64)
        self._step = np.zeros(0)
        self._steps = np.zeros(0)
        self._grown: set[int] = set()
        self._table: tuple[Floats, Floats] | None = None

    def add(self, options: Sequence[Option], prices: Sequence[float]) -> None:
        """Take further options in, with what they cost as far as is known."""
        if not options:
            return
        first = len(self.options)
        self.options += options
        persons = [self._persons.setdefault(o.agent_id, len(self._persons)) for o in options]
        self._person = np.append(self._person, persons).astype(np.int64)
        self._kind = np.append(self._kind, [o.kind for o in options])
        self._group = np.append(self._group, [self._group_of(o) for o in options]).astype(np.int64)
        self._price = np.append(self._price, prices)
        self._state = np.append(self._state, np.zeros(len(options), dtype=np.int8))
        owner = np.repeat(np.arange(len(options)), [len(o.spans) for o in options])
        start, end, sign = (
            np.array([span for o in options for span in o.spans], dtype=np.int64).reshape(-1, 3).T
        )
        which, at, part = touched(self.window, start, end)
        count = len(self.window.starts)
        keys, place = np.unique(owner[which] * count + at, return_inverse=True)
        step = np.round(np.bincount(place, part * sign[which], minlength=len(keys)), 9)
        kept = step != 0
        self._owner = np.append(self._owner, (keys // count + first)[kept])
        self._at = np.append(self._at, (keys % count)[kept])
        self._step = np.append(self._step, step[kept])
        self._first = np.searchsorted(self._owner, np.arange(len(self.options) + 1))
        steps, self._code = np.unique(self._step, return_inverse=True)
        if len(steps) != len(self._steps):
            self._steps, self._table = steps, None

    def best(self, kinds: Collection[Kind], most: int, begin: Collection[int] = ()) -> Chosen:
        """The changes of some kinds to make, of at most so many people; ``begin`` are changes to begin from."""
        found = self._improved(self._greedy(kinds, most, False, begin), kinds, most)
        if len(found.numbers) < most:  # then what each is worth for its price may find more
            other = self._improved(self._greedy(kinds, most, True, begin), kinds, most)
            found = min(found, other, key=_rank)
        return found

    def shaken(self, found: Chosen, kinds: Collection[Kind], most: int) -> Chosen:
        """Some changes taken out and made anew, many times, as one change at a time cannot be bettered; the best kept."""
        rng = np.random.default_rng(1)
        for _ in range(SHAKES if len(found.numbers) > 1 else 0):
            out = rng.random(len(found.numbers)) < OUT
            kept = [number for number, gone in zip(found.numbers, out, strict=True) if not gone]
            further = self.chosen(self._greedy(kinds, most, bool(rng.integers(2)), kept))
            if _rank(further) < _rank(found):
                found = self._improved(list(further.numbers), kinds, most)
        return found

    def seeds(self, kind: Kind) -> list[Option]:
        """Of each person the option of a kind that is worth most by itself, where it is worth its price."""
        net = np.where(self._kind == kind, self._gains(self.people) - self._price, 0.0)
        order = np.argsort(-net, kind="stable")
        order = order[net[order] > TINY]
        _, firsts = np.unique(self._person[order], return_index=True)
        return [self.options[k] for k in order[np.sort(firsts)]]

    def state_of(self, numbers: Iterable[int]) -> Floats:
        """People at work with some options."""
        people = self.people.copy()
        for number in numbers:
            self._apply(people, number)
        return people

    def chosen(self, numbers: Collection[int]) -> Chosen:
        """Some options with what they cost."""
        cover = float(self.worth.price(self.state_of(numbers)).sum())
        return Chosen(tuple(sorted(numbers)), cover, float(self._price[list(numbers)].sum()))

    def saved_by(self, number: int, others: Collection[int]) -> Floats:
        """What one option saves beside others, by interval."""
        before, after = self.state_of(others), self.state_of([*others, number])
        return self.worth.price(before) - self.worth.price(after)

    def _apply(self, people: Floats, number: int, sign: float = 1.0) -> None:
        mine = slice(self._first[number], self._first[number + 1])
        people[self._group[number], self._at[mine]] += sign * self._step[mine]

    def _gains(self, people: Floats) -> Floats:
        """What each option saves for these people at work, shape (options,); only intervals that changed are priced again."""
        if self._table is None:
            self._table = people + np.nan, np.zeros((len(self._steps), *people.shape))
        known, table = self._table
        changed = np.flatnonzero((known != people).any(axis=0))
        table[:, :, changed] = self.worth.saved(people, self._steps, changed)
        known[:, changed] = people[:, changed]
        saved = table[self._code, self._group[self._owner], self._at]
        return np.bincount(self._owner, saved, minlength=len(self.options)).astype(np.float64)

    def _of(self, kinds: Collection[Kind]) -> NDArray[np.bool_]:
        return np.isin(self._kind, list(kinds))

    def _greedy(
        self, kinds: Collection[Kind], most: int, per_price: bool, begin: Collection[int]
    ) -> list[int]:
        chosen = list(begin)
        people = self.state_of(chosen)
        while len(chosen) < most:
            free = self._of(kinds) & ~np.isin(self._person, self._person[chosen])
            number = self._next(self._gains(people), free, per_price)
            if number is None:
                break
            self._apply(people, number)
            chosen.append(number)
        return chosen

    def _next(
        self, gains: Floats, free: NDArray[np.bool_], per_price: bool = False, above: float = 0.0
    ) -> int | None:
        """The best option that the rules allow and that is worth more than ``above``; None where none is."""
        while True:
            net = gains - self._price
            live = free & (self._state[: len(gains)] != NO) & (net > above + TINY)
            if not live.any():
                return None
            score = gains / np.maximum(self._price, TINY) if per_price else net
            score = np.where(live, score, -np.inf)
            number = int(score.argmax())
            if self._state[number] == YES:
                return number
            self._ask(score)

    def _ask(self, score: Floats) -> None:
        """Ask the rules about the best options that they were not asked about, one of a person."""
        unknown = np.flatnonzero((self._state == UNKNOWN) & (score > -np.inf))
        order = unknown[np.argsort(-score[unknown], kind="stable")]
        _, firsts = np.unique(self._person[order], return_index=True)
        self._answered(order[np.sort(firsts)[:AT_ONCE]].tolist())

    def _answered(self, numbers: Sequence[int]) -> None:
        """Ask the rules about some options."""
        answers = self._ask_rules([self.options[k] for k in numbers]) if numbers else []
        for number, answer in zip(numbers, answers, strict=True):
            self._state[number] = NO if answer is None else YES
            if answer is not None:
                self.answers[number] = answer
                self._price[number] = answer.price

    def _improved(self, chosen: list[int], kinds: Collection[Kind], most: int) -> Chosen:
        """Options dropped, exchanged, extended and added until nothing of it helps."""
        for _ in range(PASSES):
            before = self.chosen(chosen).total
            if "break" in kinds:
                self._grow(chosen)
            for number in list(chosen):
                chosen.remove(number)
                people = self.state_of(chosen)
                free = self._of(kinds) & ~np.isin(self._person, self._person[chosen])
                gains = self._gains(people)
                own = float(gains[number] - self._price[number])
                better = self._next(gains, free, above=max(0.0, own))
                if better is not None or own > TINY:
                    chosen.append(number if better is None else better)
            if len(chosen) < most:
                free = self._of(kinds) & ~np.isin(self._person, self._person[chosen])
                further = self._next(self._gains(self.state_of(chosen)), free)
                chosen += [] if further is None else [further]
            if self.chosen(chosen).total > before - TINY:
                break
        return self.chosen(chosen)

    def _grow(self, chosen: Sequence[int]) -> None:
        """Take in the options that change the same people a little more."""
        first = len(self.options)
        for number in chosen:
            if number not in self._grown:
                self._grown.add(number)
                more = list(self._more(self.options[number], self.answers[number]))
                self.add(more, [float(self._price[number])] * len(more))
        self._answered(range(first, len(self.options)))
