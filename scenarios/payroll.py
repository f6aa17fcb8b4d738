"""Hours by person and pay class of what was worked, for payroll."""

from dataclasses import dataclass

import pandas as pd

from centre.model import RuleSettings
from scheduler.backup import of_employees
from scheduler.pay.class_words import in_words
from scheduler.pay.law import PayLaw
from scheduler.pay.laws import law_of_settings
from scheduler.pay.lines import hourly_costs, pay_lines, pay_summary
from scheduler.rota import Rota
from scheduler.rules.facts import Facts


@dataclass(frozen=True, eq=False)
class Hours:
    """Hours of a horizon.

    Parameters
    ----------
    table : columns of `scheduler.pay.lines.pay_summary` and, third, ``name``: the pay class in words
    told : what the law they are counted by could not tell
    """

    table: pd.DataFrame
    law: PayLaw
    told: tuple[str, ...]


def hours_by_class(rota: Rota, facts: Facts, rules: RuleSettings) -> Hours:
    """Hours of the days of ``facts``, of the people employed by the centre."""
    law, notes = law_of_settings(rules)
    inside = (rota.day >= facts.first_day) & (rota.day < facts.end_day)
    pay = pay_lines(of_employees(rota.narrowed(inside), facts), facts, law)
    sums = pay_summary(pay.lines, hourly_costs(facts))
    sums.insert(2, "name", sums["pay_class"].map(in_words))
    return Hours(sums.round({"hours": 4, "cost": 2}), law, (*notes, *pay.told))
