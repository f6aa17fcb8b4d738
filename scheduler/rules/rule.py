"""What a rule is: words, a limit, a source, and two methods that share the limit and nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import Primitive

Verdict = Literal["breach", "near", "not_checked", "excepted"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One finding: a breach, or something that could not be checked and why.

    ``start`` and ``end`` bound the window judged in UTC minutes (None where there is none); ``found`` and
    ``limit`` are in ``unit``; ``agent_id`` is empty where the finding is about the whole rota.
    """

    rule: str
    source: str
    agent_id: str
    start: int | None
    end: int | None
    found: float | None
    limit: float | None
    unit: str
    verdict: Verdict
    explanation: str

    @property
    def short(self) -> float | None:
        """How much is missing or too much, in ``unit``; None where there are no figures."""
        if self.found is None or self.limit is None:
            return None
        return abs(self.limit - self.found)


class Rule(Protocol):
    """The shape of every rule; each is a frozen dataclass whose fields are its limits and its source.

    ``words`` say what it asks, ``example`` works one case with figures, ``exact`` tells whether a solver that
    honours `lines` makes every lawful line of work or only some. ``tighter`` names the limits by which one
    instance may be stricter than another, and the direction: 1 where more is stricter, -1 where less is.
    """

    @property
    def name(self) -> str:
        """Name of the kind of rule."""

    @property
    def words(self) -> str:
        """What it asks, in one sentence."""

    @property
    def example(self) -> str:
        """One case worked with figures."""

    @property
    def exact(self) -> bool:
        """Whether its lines hold all lawful lines of work."""

    @property
    def tighter(self) -> dict[str, int]:
        """Limits by which it may be stricter, see above."""

    @property
    def source(self) -> str:
        """Law and article, policy row or company setting that the limits come from."""

    @property
    def preset(self) -> str:
        """The preset that put the rule in force; empty for a company rule."""

    def violations(self, rota: Rota, facts: Facts) -> Iterable[Violation]:
        """The rule's meaning on a finished rota of any origin, in elapsed time."""

    def lines(self, person: Person, facts: Facts) -> Iterable[Primitive]:
        """The rule as restrictions on one person's line of work over the horizon of ``facts``."""
