"""Which changes the rules allow and what they cost in pay: people alone, many at once, by the rules and the pay law themselves."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from centre.instants import day_number, from_minutes, week_of
from centre.model import Objective, ShiftTemplate
from scheduler.alone import Alone, Breaches, as_people, judged, none_new
from scheduler.intraday.changed import changed
from scheduler.intraday.drawn import with_drawn
from scheduler.intraday.options import ADDED, Kind, Option
from scheduler.intraday.window import Window
from scheduler.pay.law import PayLaw
from scheduler.pay.lines import pay_lines
from scheduler.rota import Rota
from scheduler.rules.facts import Person
from scheduler.rules.rule import Rule

TROUBLE: dict[Kind, float] = {
    "break": 0.02,
    "end_later": 0.05,
    "start_earlier": 0.05,
    "move": 0.1,
    "call_in": 0.25,
    "backup": 0.0,
    "end_earlier": 0.05,
}
"""What a change costs besides pay, as parts of the price of a day that differs (``change`` of ``[objective]``); backup is paid for."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A change that breaks no rule: the person's rota with it, and its price."""

    rota: Rota
    price: float


class Lawful:
    """Judges changes of people by themselves.

    Parameters
    ----------
    alone : people by agent_id, as they are without any change
    law : what sets pay; None: the contract alone
    """

    def __init__(
        self,
        alone: Mapping[str, Alone],
        rules: Sequence[Rule],
        law: PayLaw | None,
        window: Window,
        objective: Objective,
    ) -> None:
        self._alone, self._rules, self._law, self._window = alone, rules, law, window
        self._objective = objective
        self._known: dict[str, Breaches] = {}
        self._paid: dict[str, float] = {}
        self._week: dict[tuple[str, int], tuple[int, int]] = {}
        facts = next(iter(alone.values())).facts if alone else None
        self._horizon: tuple[int, int] | None = None
        if facts is not None:
            week = week_of(window.day, facts.week_start)
            self._horizon = max(facts.first_day, week - 7), min(facts.end_day, week + 14)

    def price(self, option: Option) -> float:
        """What a change costs by the contract, trouble included: the price before the pay law is asked."""
        return self._trouble(option) + self._by_contract(option)

    def within_contract(self, option: Option) -> bool:
        """Whether the contract's week has room for a change; what was worked before the rota is not looked at, as the rules do."""
        person = (self._alone[option.agent_id].facts.people or {}).get(option.agent_id)
        if person is None or person.contract is None or option.paid <= 0:
            return True
        paid, days = self._of_week(option)
        contract = person.contract
        most = contract.weekly_minutes_max + contract.overtime.weekly_minutes
        return paid + option.paid <= most and (option.kind not in ADDED or days < contract.days_max)

    def allowed(self, options: Sequence[Option]) -> list[Allowed | None]:
        """Each change with its price, None where it cannot be made or breaks a rule."""
        found: list[Allowed | None] = [None] * len(options)
        for zone in dict.fromkeys(self._alone[option.agent_id].facts.zone for option in options):
            mine = [k for k, o in enumerate(options) if self._alone[o.agent_id].facts.zone == zone]
            for k, answer in zip(mine, self._of_one_clock([options[k] for k in mine]), strict=True):
                found[k] = answer
        return found

    def _of_one_clock(self, options: Sequence[Option]) -> list[Allowed | None]:
        names = sorted({option.name for option in options})
        templates = {o.template.name: o.template for o in options if o.template is not None}
        variants = [self._variant(option, names, templates) for option in options]
        there = [(k, variant) for k, variant in enumerate(variants) if variant is not None]
        new = [a for a in dict.fromkeys(o.agent_id for o in options) if a not in self._known]
        bare = [self._named(self._alone[agent_id], names, templates) for agent_id in new]
        asked = [(alone, alone.rota) for alone in bare]
        breaches = judged([*asked, *(variant for _, variant in there)], self._rules, self._horizon)
        self._known |= dict(zip(new, breaches, strict=False))
        kept = [
            (k, variant)
            for (k, variant), found in zip(there, breaches[len(new) :], strict=True)
            if none_new(self._known[options[k].agent_id], found)
        ]
        answers: list[Allowed | None] = [None] * len(options)
        for (k, variant), pay in zip(kept, self._pay(kept, options), strict=True):
            answers[k] = Allowed(variant[1], self._trouble(options[k]) + pay)
        return answers

    def _named(self, alone: Alone, names: Sequence[str], templates: Mapping[str, ShiftTemplate]) -> Alone:
        """The person in a rota that can name these shifts: variants judged together have the same code books."""
        more = [name for name in names if name not in alone.rota.shift_names]
        rota = replace(alone.rota, shift_names=(*alone.rota.shift_names, *more))
        return replace(alone, rota=rota, facts=with_drawn(alone.facts, templates.values(), {}))

    def _variant(
        self, option: Option, names: Sequence[str], templates: Mapping[str, ShiftTemplate]
    ) -> tuple[Alone, Rota] | None:
        alone = self._named(self._alone[option.agent_id], names, templates)
        rota = changed(option, alone)
        if rota is None:
            return None
        facts = with_drawn(alone.facts, (), {option.agent_id: [option.name]})
        if option.kind != "break":
            day = day_number(from_minutes(option.shift, facts.zone).date())
            facts = replace(facts, notices=facts.notices | {(option.agent_id, day): self._window.now})
        return replace(alone, facts=facts), rota

    def _pay(self, kept: Sequence[tuple[int, tuple[Alone, Rota]]], options: Sequence[Option]) -> list[float]:
        """What each change costs in pay: by the law where there is one, people from outside by what they cost."""
        if self._law is None or not kept:
            return [self._by_contract(options[k]) for k, _ in kept]
        new = [o.agent_id for o in (options[k] for k, _ in kept) if o.agent_id not in self._paid]
        asked = [(self._alone[agent_id], self._alone[agent_id].rota) for agent_id in dict.fromkeys(new)]
        own = {a.agent_id for a, _ in asked}
        names = kept[0][1][1].shift_names
        asked = [(a, replace(rota, shift_names=names)) for a, rota in asked]
        rota, facts = as_people([*asked, *(variant for _, variant in kept)], self._horizon)
        lines = pay_lines(rota, facts, self._law).lines
        units = (lines["minutes"] * lines["multiplier"]).groupby(lines["agent_id"]).sum()
        minutes = [float(units.get(f"{k:06d}", 0.0)) for k in range(len(asked) + len(kept))]
        self._paid |= dict(zip([a.agent_id for a, _ in asked], minutes, strict=False))
        assert own <= set(self._paid)
        found = []
        for (k, (alone, _)), paid in zip(kept, minutes[len(asked) :], strict=True):
            person = (alone.facts.people or {}).get(alone.agent_id)
            rate = _per_minute(person)
            outside = person is not None and person.outside
            found.append(
                self._by_contract(options[k]) if outside else rate * (paid - self._paid[alone.agent_id])
            )
        return found

    def _trouble(self, option: Option) -> float:
        parts = TROUBLE[option.kind] + TROUBLE["break"] * (len(option.pauses) - (option.kind == "break"))
        return parts * self._objective.change

    def _by_contract(self, option: Option) -> float:
        """Pay by the contract: overtime at its multiplier, a call-out at its price."""
        person = (self._alone[option.agent_id].facts.people or {}).get(option.agent_id)
        if person is None or person.contract is None:
            return 0.0
        paid, threshold = self._of_week(option)[0], person.contract.weekly_minutes_max
        over = max(0, paid + option.paid - threshold) - max(0, paid - threshold)
        price = _per_minute(person) * (option.paid + (person.contract.overtime.multiplier - 1) * over)
        return price + (person.backup.call_out_cost if option.kind == "backup" and person.backup else 0.0)

    def _of_week(self, option: Option) -> tuple[int, int]:
        """Paid minutes, and days with a shift, of somebody's week in which the shift of an option begins."""
        facts, duties = self._alone[option.agent_id].facts, self._alone[option.agent_id].rota.duties
        week = week_of(day_number(from_minutes(option.shift, facts.zone).date()), facts.week_start)
        if (option.agent_id, week) not in self._week:
            inside = (duties.day >= week) & (duties.day < week + 7)
            found = int(duties.paid[inside].sum()), len(np.unique(duties.day[inside]))
            self._week[option.agent_id, week] = found
        return self._week[option.agent_id, week]


def _per_minute(person: Person | None) -> float:
    return person.contract.hourly_cost / 60 if person is not None and person.contract is not None else 0.0


def drawn_for(options: Iterable[Option]) -> tuple[dict[str, ShiftTemplate], dict[str, set[str]]]:
    """Templates of changed shifts by name, and who works each, for the facts that the repaired rota is audited by."""
    templates: dict[str, ShiftTemplate] = {}
    allowed: dict[str, set[str]] = {}
    for option in options:
        if option.template is not None:
            templates[option.name] = option.template
            allowed.setdefault(option.agent_id, set()).add(option.name)
    return templates, allowed
