"""The days ahead rehearsed: a plan with its backup pools live, against nobody called, overtime for the same money, and permanent staff.

plan -> played many times with triggers live | without call-outs | planned anew on overtime alone | planned anew with more people
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from centre.errors import BadInput, Fault
from centre.folder import Centre
from centre.instants import day_number, day_of
from centre.model import Contract
from centre.people import Agent
from scenarios.plan import Plan, rota_plan
from scenarios.worlds import World, busiest_day, without_call_outs, world

Progress = Callable[[str], None]
STEP_MINUTES = 60
MOST_PEOPLE = 64
WEEKS_A_YEAR = 52
BACKUP, NOBODY, OVERTIME, PERMANENT = "backup", "nobody called", "overtime alone", "permanent staff"


@dataclass(frozen=True, eq=False)
class Rehearsal:
    """Ways of staffing the same days side by side.

    Parameters
    ----------
    peak_day : the day on which targets are judged
    worlds : `BACKUP` (as planned, triggers live), `NOBODY`, `OVERTIME`, and `PERMANENT` where some number of people does as well
    overtime_minutes : overtime a week and person that the same money buys
    more_people : permanent people that meet the peak day as often as backup does; None: more than `MOST_PEOPLE`
    yearly_cost : of these people, all weeks of a year
    break_even : price of a call-out at which backup costs as much as the cheapest other way that does as well; None: there is none
    """

    plan: Plan
    peak_day: int
    replications: int
    worlds: tuple[World, ...]
    overtime_minutes: int
    more_people: int | None
    yearly_cost: float | None
    break_even: float | None


def rehearse(
    centre: Centre,
    made: Plan,
    replications: int = 200,
    peak_day: date | None = None,
    progress: Progress = lambda _: None,
) -> Rehearsal:
    """Play a plan and replan its days, see the head of this file; all with the same customers, limits and seed.

    Parameters
    ----------
    centre : as it was read, without backup as people of its own
    made : its plan, with the forecast
    peak_day : the day on which targets are judged; None: the one with most contacts

    Raises
    ------
    BadInput
        where the centre has no backup pool, or the peak day is not planned.
    """
    if not centre.settings.backup:
        raise BadInput([Fault("centre.toml", "a [[backup]] to rehearse", "none", column="backup")])
    judged = busiest_day(made) if peak_day is None else day_number(peak_day)
    if not made.grid.first_day <= judged < made.grid.first_day + made.grid.days:
        span = f"a day of the plan, {day_of(made.grid.first_day)} and {made.grid.days - 1} days after it"
        raise BadInput([Fault("--peak-day", span, str(peak_day))])
    stage = _Stage(made, centre, replications, judged, progress)
    backup, nobody = stage.played(BACKUP, made), stage.played(NOBODY, without_call_outs(made))
    minutes, overtime = stage.overtime_for(backup.cost)
    people, permanent = stage.people_for(float(backup.met.mean), round(backup.calls))
    others = [each for each in (overtime, permanent) if each is not None and each.met.mean >= backup.met.mean]
    dearer = min((each.cost - backup.cost for each in others), default=None)
    break_even = None if dearer is None or not backup.calls else usual_fee(centre) + dearer / backup.calls
    worlds = (backup, nobody, overtime, *(() if permanent is None else (permanent,)))
    contract = _typical(centre)[1]
    weekly = contract.weekly_minutes_min / 60 * contract.hourly_cost
    yearly = None if people is None else people * weekly * WEEKS_A_YEAR
    return Rehearsal(made, judged, replications, worlds, minutes, people, yearly, break_even)


@dataclass(frozen=True, eq=False)
class _Stage:
    """Where the same days are planned and played again and again."""

    made: Plan
    centre: Centre
    replications: int
    peak_day: int
    progress: Progress

    def played(self, name: str, made: Plan) -> World:
        self.progress(f"play {name}")
        limits = self.made.limits
        return world(name, made, self.replications, limits.seed, limits.workers, self.peak_day)

    def overtime_for(self, money: float) -> tuple[int, World]:
        """The most overtime a week that costs no more than ``money``, up to what contracts allow, and what it comes to."""
        most = max(contract.overtime.weekly_minutes for contract in self.centre.settings.contract)
        best = self._with_overtime(most)
        if best.cost <= money or not most:
            return most, best
        low, high, best = 0, most // STEP_MINUTES, self._with_overtime(0)
        while high - low > 1:
            middle = (low + high) // 2
            tried = self._with_overtime(middle * STEP_MINUTES)
            if tried.cost <= money:
                low, best = middle, tried
            else:
                high = middle
        return low * STEP_MINUTES, best

    def _with_overtime(self, minutes: int) -> World:
        """Without backup, with so much overtime a week."""
        settings = self.centre.settings
        contracts = tuple(
            replace(
                each,
                overtime=replace(each.overtime, weekly_minutes=min(minutes, each.overtime.weekly_minutes)),
            )
            for each in settings.contract
        )
        return self._planned(OVERTIME, replace(self.centre, settings=replace(settings, contract=contracts)))

    def people_for(self, met: float, guess: int) -> tuple[int | None, World | None]:
        """The fewest more people with whom the peak day is met as often, looked for around a guess, and what they come to."""
        low, high = 0, min(max(1, guess), MOST_PEOPLE)
        while (best := self._with_people(high)).met.mean < met:
            if high >= MOST_PEOPLE:
                return None, None
            low, high = high, min(2 * high, MOST_PEOPLE)
        while high - low > 1:
            middle = (low + high) // 2
            tried = self._with_people(middle)
            if tried.met.mean >= met:
                high, best = middle, tried
            else:
                low = middle
        return high, best

    def _with_people(self, more: int) -> World:
        """Without backup, with more people on the contract that most have, who can do what backup can."""
        like, _ = _typical(self.centre)
        skills = tuple(
            (name, 1.0)
            for name in dict.fromkeys(q for pool in self.centre.settings.backup for q in pool.queues)
        )
        people = tuple(
            replace(like, agent_id=f"+{k:03d}", name="", skills=skills, leaves_on=None)
            for k in range(1, more + 1)
        )
        return self._planned(PERMANENT, replace(self.centre, agents=(*self.centre.agents, *people)))

    def _planned(self, name: str, centre: Centre) -> World:
        alone = replace(centre, settings=replace(centre.settings, backup=()), backup=())
        made = rota_plan(
            alone, self.made.requirement, day_of(self.made.grid.first_day), self.made.grid.days, self.made.limits,
            self.progress, self.made.forecast,
        )  # fmt: skip
        return self.played(name, replace(made, forecast=self.made.forecast))


def _typical(centre: Centre) -> tuple[Agent, Contract]:
    """Somebody on the contract that most people have, and that contract."""
    (name, _), *_ = Counter(agent.contract for agent in centre.agents).most_common(1)
    contract = next(each for each in centre.settings.contract if each.name == name)
    return next(agent for agent in centre.agents if agent.contract == name), contract


def usual_fee(centre: Centre) -> float:
    """Price of a call-out, the mean over pools."""
    pools = centre.settings.backup
    return sum(pool.call_out_cost for pool in pools) / len(pools)
