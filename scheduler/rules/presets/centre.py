"""What always holds where a centre is known: contracts, shift templates, employment, leave, skills."""

from scheduler.rules.rule import Rule

NAME = "centre"


def rules() -> tuple[Rule, ...]:
    """The rules of this preset."""
    return ()
