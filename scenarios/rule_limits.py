"""What a rule's limits are, and whom it is for where not for everybody."""

from collections.abc import Iterator
from dataclasses import fields

from scheduler.rules.rule import Rule
from scheduler.rules.scoped import Scoped


def limits_of(rule: Rule) -> Iterator[tuple[str, str]]:
    """Names and values of a rule's limits, those of its scope first.

    Examples
    --------
    >>> from scheduler.rules.days_in_a_row import DaysInARow
    >>> from scheduler.rules.scoped import Scope
    >>> dict(limits_of(Scoped(DaysInARow(6, "source"), Scope("minors", under_age=18, sites=frozenset({"b", "a"})))))
    {'label': 'minors', 'sites': 'a, b', 'under_age': '18', 'days': '6'}
    """
    if isinstance(rule, Scoped):
        for each in fields(rule.scope):
            value = getattr(rule.scope, each.name)
            if value not in (None, frozenset(), ""):
                yield each.name, ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)
        yield from limits_of(rule.rule)
        return
    for each in fields(rule):  # type: ignore[arg-type]
        if each.name not in ("source", "preset"):
            yield each.name, str(getattr(rule, each.name))
