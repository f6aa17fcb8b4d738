"""For whom laws make rules of their own: minors, and people in a protected period."""

from scheduler.rules.rule import Rule
from scheduler.rules.scoped import Scope, Scoped

MINORS = Scope("minors", under_age=18)
PROTECTED = Scope("protected", protections=frozenset({"pregnancy", "nursing"}))


def only(scope: Scope, *rules: Rule) -> tuple[Rule, ...]:
    """The rules, in force for the people of a scope alone."""
    return tuple(Scoped(rule, scope) for rule in rules)
