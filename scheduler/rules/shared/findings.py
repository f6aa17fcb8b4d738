"""The sentences of the audit: breaches one by one, what could not be checked once per rule and reason."""

from collections.abc import Iterator

from centre.instants import day_of, day_start, from_minutes
from scheduler.rules.facts import Facts
from scheduler.rules.rule import Rule, Violation


def local(minutes: int, facts: Facts) -> str:
    """An instant as local date and time, such as ``2003-10-06 07:30``."""
    return f"{from_minutes(minutes, facts.zone):%Y-%m-%d %H:%M}"


def date_of(day: int) -> str:
    """A day number as ISO date."""
    return day_of(day).isoformat()


def horizon_window(facts: Facts) -> tuple[int, int]:
    """UTC minutes at which the horizon begins and ends."""
    return day_start(facts.zone, facts.first_day), day_start(facts.zone, facts.end_day)


def breach(
    rule: Rule,
    agent_id: str,
    window: tuple[int, int] | None,
    found: float | None,
    limit: float | None,
    unit: str,
    words: str,
) -> Violation:
    """A finding that a rule is broken; ``words`` is the sentence without the person, who is put in front."""
    start, end = (int(window[0]), int(window[1])) if window else (None, None)
    found, limit = (None if figure is None else float(figure) for figure in (found, limit))
    return Violation(
        rule.name, rule.source, agent_id, start, end, found, limit, unit, "breach", f"{agent_id} {words}"
    )


def not_checked(rule: Rule, facts: Facts, count: int, reason: str) -> Iterator[Violation]:
    """One finding for ``count`` people, none where nobody is concerned; ``reason`` ends its sentence."""
    if count > 0:
        yield unknown(
            rule, facts, f"Not checked for {count} {'person' if count == 1 else 'people'}: {reason}"
        )


def unknown(rule: Rule, facts: Facts, sentence: str) -> Violation:
    """The finding that a rule could not be checked over the horizon."""
    return Violation(
        rule.name, rule.source, "", *horizon_window(facts), None, None, "", "not_checked", sentence
    )
