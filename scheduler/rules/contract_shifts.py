"""Shifts that the contract allows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from scheduler.rota import Rota
from scheduler.rules.facts import Facts, Person
from scheduler.rules.primitives import AllowedShifts, Primitive
from scheduler.rules.rule import Violation
from scheduler.rules.shared.call_outs import is_call_out
from scheduler.rules.shared.findings import breach, local, not_checked, unknown
from scheduler.rules.shared.pairs import count_of, flagged, people_of
from scheduler.rules.shared.starters import is_training_day
from scheduler.rules.shared.worked import in_horizon


@dataclass(frozen=True)
class ContractShifts:
    """Only shifts that the person's contract names, and training days.

    **Source:** the contract in centre.toml.
    """

    source: str
    preset: str = ""
    name: ClassVar[str] = "contract-shifts"
    words: ClassVar[str] = "Everyone works only shifts that their contract names."
    example: ClassVar[str] = "A contract for early and late shifts: a night shift is a breach."
    tighter: ClassVar[dict[str, int]] = {}
    exact: ClassVar[bool] = True

    def violations(self, rota: Rota, facts: Facts) -> Iterator[Violation]:
        """Every shift of the horizon that the contract does not name."""
        if facts.people is None:
            yield unknown(self, facts, "Not checked: no list of people with their contracts was given.")
            return
        shifts, judged, people = rota.duties, in_horizon(rota, facts), people_of(rota, facts)
        contracts = [person.contract if person else None for person in people]

        def is_wrong(agent: int, shift: int) -> bool:
            contract = contracts[agent]
            name = rota.shift_names[shift]
            own = is_call_out(name) or is_training_day(name)
            return contract is not None and name not in contract.shifts and not own

        for k in np.flatnonzero(flagged(shifts.agent, shifts.shift, judged, is_wrong)):
            start, end = int(shifts.start[k]), int(shifts.end[k])
            contract = contracts[shifts.agent[k]]
            named = ", ".join(contract.shifts) if contract else ""
            shift = rota.shift_names[shifts.shift[k]]
            words = f"works the shift {shift!r} from {local(start, facts)}; the contract names only {named}."
            yield breach(self, rota.agent_ids[shifts.agent[k]], (start, end), None, None, "", words)
        without = count_of(shifts.agent, judged, [contract is None for contract in contracts])
        yield from not_checked(self, facts, without, "their contract is not known.")

    def lines(self, person: Person, facts: Facts) -> Iterator[Primitive]:
        """The templates that the contract names."""
        if person.contract is not None:
            yield AllowedShifts(frozenset(person.contract.shifts))
