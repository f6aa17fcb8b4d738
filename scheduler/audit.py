"""Any rota, ours or anyone's, and rules give violations; no solver is ever loaded here.

rota.csv -> Rota -> every rule's `violations` -> sorted list of `Violation`
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import pandas as pd

from centre.model import RuleSettings
from scheduler.rota import Rota
from scheduler.rules.exceptions import RecordedException, excepted
from scheduler.rules.facts import Facts
from scheduler.rules.presets import rules_in_force
from scheduler.rules.rule import Rule, Violation
from scheduler.rules.scoped import EVER, narrow
from scheduler.rules.shared.findings import date_of, horizon_window


def audit(
    rota: Rota | pd.DataFrame,
    rules: str | Iterable[Rule | str],
    facts: Facts | None = None,
    before: Rota | pd.DataFrame | None = None,
    exceptions: Sequence[RecordedException] = (),
) -> list[Violation]:
    """Everything in a rota that breaks a rule, and everything that could not be checked and why.

    Parameters
    ----------
    rota : a `Rota`, or a table with the columns of ``rota.csv``
    rules : rules (`scheduler.rules.presets.rules_in_force`) or names of presets
    facts : people, templates, horizon; without it the horizon is that of the rota, days are counted in UTC,
    and rules that need
        more say ``not_checked``
    before : what was worked before the horizon; beats ``facts.before``
    exceptions : breaches that somebody answers for: they are told as ``excepted``, with the reason recorded

    Returns
    -------
    Findings sorted by person (those about the whole rota first), start, rule and source.

    Examples
    --------
    >>> rota = pd.DataFrame({
    ...     "agent_id": "a1", "day": ["2003-10-06", "2003-10-07"], "activity": "work:*", "shift": "d",
    ...     "start": ["2003-10-06T17:00Z", "2003-10-07T08:59Z"],
    ...     "end": ["2003-10-06T22:00Z", "2003-10-07T14:00Z"], "paid": True})
    >>> [(v.rule, v.found, v.limit) for v in audit(rota, "eu-wtd") if v.verdict == "breach"]
    [('rest-between-shifts', 659.0, 660.0)]
    """
    table = as_rota(rota)
    judged = facts if facts is not None else inferred_facts(table)
    if before is not None:
        judged = replace(judged, before=as_rota(before))
    elif judged.before is None and (table.day < judged.first_day).any():
        judged = replace(judged, before=table)
    in_force = list(_rules(rules))
    found = [
        finding
        for part, facts_of_part in by_zone(table, judged)
        for rule in in_force
        for finding in rule.violations(part, facts_of_part)
    ]
    found = [excepted(finding, exceptions) for finding in found]
    found += _about_the_audit(table, judged, zone_given=facts is not None)
    return sorted(
        found, key=lambda v: (v.agent_id, v.start or 0, v.rule, v.source, v.end or 0, v.explanation)
    )


def as_rota(rota: Rota | pd.DataFrame) -> Rota:
    """The rota of a table; a rota as it is."""
    return rota if isinstance(rota, Rota) else Rota.from_frame(rota)


def by_zone(rota: Rota, facts: Facts) -> Iterator[tuple[Rota, Facts]]:
    """The people of each clock with their work; all at once where nobody has a clock of their own."""
    people = facts.people or {}
    zones = {name: person.zone or facts.zone for name, person in people.items()}
    if not set(zones.values()) - {facts.zone}:
        yield rota, facts
        return
    names = sorted({*rota.agent_ids, *people})
    for zone in dict.fromkeys([facts.zone, *zones.values()]):
        own = tuple((name, (EVER,)) for name in names if zones.get(name, facts.zone) == zone)
        if own:
            part, told = narrow(rota, facts, own, facts.first_day, facts.days)
            yield part, replace(told, zone=zone)


def inferred_facts(rota: Rota) -> Facts:
    """What can be known from a rota alone: its first and last day, counted in UTC."""
    if not len(rota):
        return Facts(ZoneInfo("UTC"), 0, 0)
    first = int(rota.day.min())
    return Facts(ZoneInfo("UTC"), first, int(rota.day.max()) + 1 - first)


def _rules(rules: str | Iterable[Rule | str]) -> Iterator[Rule]:
    for rule in [rules] if isinstance(rules, str) else rules:
        if isinstance(rule, str):
            yield from rules_in_force(RuleSettings(presets=(rule,)), with_centre=False)
        else:
            yield rule


def _about_the_audit(rota: Rota, facts: Facts, zone_given: bool) -> Iterator[Violation]:
    """What the audit as a whole left out or assumed."""
    start, end = horizon_window(facts)

    def told(sentence: str) -> Violation:
        return Violation("audit", "", "", start, end, None, None, "", "not_checked", sentence)

    if not zone_given:
        yield told("No time zone was given: days and weeks were counted in UTC.")
    beyond = int((rota.day >= facts.end_day).sum())
    if beyond:
        yield told(
            f"{beyond} row(s) of the rota lie after the horizon and were not judged; "
            f"its last day is {date_of(facts.end_day - 1)}."
        )
