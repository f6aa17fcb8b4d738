"""The repair of a rota from now on: absences taken out, what is short, and several sets of changes with what each gives and costs."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pandas as pd

from centre.instants import MINUTES_A_DAY, Grid, day_start
from centre.model import Settings
from centre.people import Agent
from scheduler.alone import Alone, Separate
from scheduler.intraday.absence import Absence, without
from scheduler.intraday.changed import changed, with_pauses
from scheduler.intraday.choose import Choice, Chosen
from scheduler.intraday.drawn import ABSENT, with_drawn
from scheduler.intraday.lawful import Allowed, Lawful, drawn_for
from scheduler.intraday.options import ADDED, Kind, Option, Reach, options_of
from scheduler.intraday.rows import put_back
from scheduler.intraday.window import Floats, Groups, Window, people_at_work, window_of
from scheduler.intraday.worth import worth_of
from scheduler.pay.law import PayLaw
from scheduler.problem import RotaProblem, cover_of
from scheduler.rota import Rota
from scheduler.rules.facts import Facts
from scheduler.rules.rule import Rule
from scheduler.terms import CoverPrices

WAYS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("nothing", ()),
    ("breaks", ("break",)),
    ("overtime", ("break", "move", "end_later", "start_earlier")),
    ("backup", ("break", "move", "end_later", "start_earlier", "backup")),
    ("everything", ("break", "move", "end_later", "start_earlier", "backup", "call_in")),
)
"""Alternatives by name, each with the kinds of change it may make, those of fewer kinds first."""
BY_MAKING = ("shift-template",)
"""Rules that changes keep by how they are made, within windows and templates of their own; the finished repair is audited by all."""
TIME_OFF: Kind = "end_earlier"
USUAL_REACH = Reach()
ACTIVITIES = ("backup", "break", "meal", "split", "work:*", ABSENT)


@dataclass(frozen=True, eq=False)
class Asked:
    """What a repair is made from.

    Parameters
    ----------
    facts : as the audit takes them; they know of the rota's whole horizon
    requirement : columns of ``requirement.csv``, over the whole window
    minimum : agents below which no interval may fall, over the days of the window from its first on, shape (queues, intervals); None:
        those of ``settings``
    law : the pay law; None: contracts alone
    """

    rota: Rota
    facts: Facts
    rules: Sequence[Rule]
    law: PayLaw | None
    settings: Settings
    agents: Sequence[Agent]
    requirement: pd.DataFrame
    now: int
    minimum: Floats | None = None


@dataclass(frozen=True, eq=False)
class Alternative:
    """One set of changes.

    Parameters
    ----------
    changes : with the price of each and, by interval, what it saves beside the others
    cover : price of what is short and too many from now on, in the centre's currency; ``price``: of the changes
    """

    name: str
    changes: tuple[tuple[Option, float, Floats], ...]
    rota: Rota
    facts: Facts
    cover: float
    price: float

    @property
    def total(self) -> float:
        """Cover and changes."""
        return self.cover + self.price


@dataclass(frozen=True, eq=False)
class Repair:
    """Alternatives, the best first; ``missing`` is the rota that absences leave, ``most`` how many people might be changed."""

    window: Window
    missing: Rota
    facts: Facts
    alternatives: tuple[Alternative, ...]
    most: int


def repair(
    asked: Asked,
    absences: Sequence[Absence] = (),
    most: int | None = None,
    reach: Reach = USUAL_REACH,
    time_off: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Repair:
    """Alternatives to mend a rota from now on, least total price first; of equals the one with fewer changes.

    Parameters
    ----------
    most : people that may be changed at most; None: twice as many as are absent, or, where nobody is, as are missing at the worst
        interval
    time_off : whether shifts may be shortened where too many are at work
    """
    info = asked.settings.centre
    window = window_of(asked.rota, asked.now, info.timezone, info.interval_minutes)
    missing, facts = without(asked.rota, asked.facts, absences)
    groups = Groups(tuple(queue.name for queue in asked.settings.queue), asked.agents)
    for agent in asked.agents:
        groups.of(agent.agent_id)
    people = people_at_work(missing, window, groups)
    prices = prices_of(asked, window)
    worth = worth_of(prices, groups.speeds, window.hours).near(people)
    if most is None:
        short = np.maximum(prices.levels[0].sum(axis=0) - people.sum(axis=0), 0).max()
        most = 2 * len({absence.agent_id for absence in absences}) or int(np.ceil(short))
    away = {absence.agent_id for absence in absences if not absence.late}
    alone = {
        agent_id: each
        for agent_id, each in _by_themselves(missing, facts, asked.agents, away)
        if reach.people is None or agent_id in reach.people
    }
    rules = [rule for rule in asked.rules if rule.name not in BY_MAKING]
    lawful = Lawful(alone, rules, asked.law, window, asked.settings.objective)
    kinds = {kind for _, some in WAYS for kind in some} | ({TIME_OFF} if time_off else set())
    progress("look for changes")
    options = [
        option
        for person in alone.values()
        for option in options_of(person, (facts.people or {}).get(person.agent_id), window, kinds, reach)
        if lawful.within_contract(option)
    ]

    def more(option: Option, allowed: Allowed) -> Iterable[Option]:
        return with_pauses(option, alone[option.agent_id], allowed.rota, window)

    choice = Choice(worth, people, window, _grouped(alone, groups), lawful.allowed, more)
    choice.add(options, [lawful.price(option) for option in options])
    for kind in ("break", "move"):
        further = [two for option in choice.seeds(kind) for two in _with_another(option, alone, window)]
        choice.add(further, [lawful.price(option) for option in further])
    progress(f"weigh {len(choice.options):,} changes")
    found = [
        _alternative(name, chosen, choice, missing, facts)
        for name, chosen in _ways(choice, {o.kind for o in options}, most, time_off)
    ]
    found.sort(key=lambda way: (round(way.total, 6), len(way.changes)))
    return Repair(window, missing, facts, tuple(found), most)


def _with_another(option: Option, alone: dict[str, Alone], window: Window) -> Iterator[Option]:
    """A pause that is moved, and one more of the same person."""
    person = alone[option.agent_id]
    rota = changed(option, person)
    if rota is not None:
        yield from with_pauses(option, person, rota, window)


def days_of(window: Window) -> Grid:
    """The whole days that a window lies in."""
    begin = day_start(window.zone, window.day)
    days = -(-(window.end - begin) // MINUTES_A_DAY)
    return Grid(window.zone, window.day, days, window.interval_minutes)


def prices_of(asked: Asked, window: Window) -> CoverPrices:
    """The price of cover in each interval of a window as the objective has it, agents below a queue's minimum among it."""
    settings, objective, grid = asked.settings, asked.settings.objective, days_of(window)
    queues = tuple(queue.name for queue in settings.queue)
    first = int(window.starts[0] - grid.start) // window.interval_minutes
    inside = slice(first, first + len(window.starts))
    required, floors = cover_of(settings, asked.requirement, queues, grid)
    required, minimum = required[:, inside], (floors if asked.minimum is None else asked.minimum)[:, inside]
    usual = RotaProblem(grid, queues, required, minimum, (), (), objective).cover_prices()
    below = objective.shortage_per_agent_hour * objective.below_minimum_factor
    return CoverPrices(
        np.concatenate([usual.levels, minimum[None]]),
        np.concatenate([usual.rates, np.full_like(minimum, below)[None]]),
        usual.surplus,
    )


def _by_themselves(
    rota: Rota, facts: Facts, agents: Iterable[Agent], away: Collection[str]
) -> Iterator[tuple[str, Alone]]:
    """Everybody who is not absent, by themselves."""
    known = (*rota.activities, *(name for name in ACTIVITIES if name not in rota.activities))
    separate = Separate(replace(rota, activities=known), facts)
    for agent_id in sorted({*rota.agent_ids, *(agent.agent_id for agent in agents)} - set(away)):
        alone = separate.person(agent_id, idle=True)
        if alone is not None:
            yield agent_id, alone


def _grouped(alone: dict[str, Alone], groups: Groups) -> Callable[[Option], int]:
    """The group of somebody at the work that they do in the shift of an option, or would."""

    @cache
    def of(agent_id: str, shift: int) -> int:
        rota = alone[agent_id].rota
        work = np.flatnonzero(rota.is_kind("work") & (rota.start <= shift) & (rota.end > shift))
        return groups.of(agent_id, rota.activities[rota.activity[work[0]]] if len(work) else "work:*")

    return lambda option: of(option.agent_id, option.shift if option.kind not in ADDED else 0)


def _ways(choice: Choice, there: Collection[Kind], most: int, time_off: bool) -> Iterator[tuple[str, Chosen]]:
    """Each alternative that can do more than those before it."""
    before, found = frozenset[Kind](), choice.chosen(())
    yield WAYS[0][0], found
    for name, kinds in WAYS[1:]:
        own = frozenset(kinds) & frozenset(there)
        if time_off and name == WAYS[-1][0]:
            own |= {TIME_OFF} & frozenset(there)
        if own != before:
            best = choice.best(own, most, found.numbers if len(before) > 1 else ())
            if own >= frozenset(there):
                best = choice.shaken(best, own, most)
            if best.numbers != found.numbers:
                yield name, best
            found = best
        before = own


def _alternative(name: str, chosen: Chosen, choice: Choice, missing: Rota, facts: Facts) -> Alternative:
    """The alternative with its rota and the facts to audit it by."""
    options = [choice.options[number] for number in chosen.numbers]
    parts = {o.agent_id: choice.answers[k].rota for o, k in zip(options, chosen.numbers, strict=True)}
    templates, allowed = drawn_for(options)
    changes = tuple(
        (
            choice.options[number],
            choice.answers[number].price,
            choice.saved_by(number, [other for other in chosen.numbers if other != number]),
        )
        for number in chosen.numbers
    )
    return Alternative(
        name,
        changes,
        put_back(missing, parts),
        with_drawn(facts, templates.values(), allowed),
        chosen.cover,
        chosen.price,
    )
