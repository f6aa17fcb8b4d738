"""Templates of shifts that were changed on their day: longer, shorter, or broken off. The audit judges such a shift by its own template."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from centre.model import Break, ShiftTemplate
from scheduler.rota import Rota
from scheduler.rules.facts import Facts
from scheduler.rules.shared.template_breaks import Pause, pauses_of

ABSENT = "break:absent"
"""Activity of time in the middle of a shift in which somebody is not there; it is not paid."""


@lru_cache(maxsize=1 << 14)
def stretched(template: ShiftTemplate, before: int, after: int) -> ShiftTemplate:
    """The template of a shift that starts ``before`` minutes earlier and ends ``after`` minutes later, breaks where they were.

    Examples
    --------
    >>> late = stretched(ShiftTemplate("早班", 480, 600, 510, breaks=(Break(30, 240, 300),)), 30, 60)
    >>> late.name, late.earliest_start, late.duration_minutes, late.breaks[0].earliest_minutes
    ('早班 30 min earlier +60 min', 450, 600, 270)
    """
    breaks = [
        replace(
            rest, earliest_minutes=rest.earliest_minutes + before, latest_minutes=rest.latest_minutes + before
        )
        for rest in template.breaks
    ]
    return _with(template, before, after, breaks, "")


def cut(template: ShiftTemplate, rota: Rota, shift: int, before: int, after: int) -> ShiftTemplate:
    """The template of a shift of which the beginning or the end is gone, with the breaks that are left.

    Parameters
    ----------
    rota, shift : the shift as it is now
    before, after : minutes gone at its start and end, 0 or less
    """
    wanted, breaks, absent = list(enumerate(template.breaks, start=1)), list[Break](), 0
    kept: list[int] = []
    absences = _absences(rota, shift)
    for pause in pauses_of(rota, shift):
        if pause in absences:
            breaks.append(Break(pause[1], pause[0], pause[0], paid=False))
            absent += pause[1]
            continue
        number, rest = _matched(pause, before, wanted)
        breaks.append(
            replace(
                rest,
                earliest_minutes=max(0, rest.earliest_minutes + before),
                latest_minutes=max(0, rest.latest_minutes + before),
            )
        )
        if number:
            kept.append(number)
            wanted.remove((number, rest))
    told = "" if len(kept) == len(template.breaks) else f", breaks {' '.join(map(str, kept)) or 'none'}"
    return _with(template, before, after, breaks, told + (f", {absent} min absent" if absent else ""))


def _with(
    template: ShiftTemplate, before: int, after: int, breaks: Sequence[Break], told: str
) -> ShiftTemplate:
    name = template.name
    if before:
        name += f" {abs(before)} min {'earlier' if before > 0 else 'later'}"
    if after:
        name += f" {after:+d} min"
    return replace(
        template,
        name=name + told,
        earliest_start=template.earliest_start - before,
        latest_start=template.latest_start - before,
        duration_minutes=template.duration_minutes + before + after,
        breaks=tuple(breaks),
    )


def _absences(rota: Rota, shift: int) -> list[Pause]:
    start, found = int(rota.duties.start[shift]), list[Pause]()
    for row in range(int(rota.duties.first[shift]), int(rota.duties.last[shift])):
        if rota.activities[rota.activity[row]] == ABSENT:
            length = int(rota.end[row] - rota.start[row])
            found.append((int(rota.start[row]) - start, length, "break", False))
    return found


def _matched(pause: Pause, before: int, wanted: Sequence[tuple[int, Break]]) -> tuple[int, Break]:
    """The break of a template that a pause is, with its number; number 0 and the pause itself where it is none."""
    at, minutes, kind, paid = pause
    alike = [(n, rest) for n, rest in wanted if (rest.minutes, rest.kind, rest.paid) == (minutes, kind, paid)]
    inside = [(n, r) for n, r in alike if r.earliest_minutes <= at - before <= r.latest_minutes]
    if inside or alike:
        return (inside or alike)[0]
    own: Literal["break", "meal", "split"] = (
        "meal" if kind == "meal" else "split" if kind == "split" else "break"
    )
    return 0, Break(minutes, at - before, at - before, paid, own)


def with_drawn(
    facts: Facts, templates: Iterable[ShiftTemplate], allowed: Mapping[str, Collection[str]]
) -> Facts:
    """The facts with further templates, each person's contract naming those that they are allowed.

    Parameters
    ----------
    allowed : names of templates by agent_id
    """
    people = dict(facts.people or {})
    for agent_id, names in allowed.items():
        person = people.get(agent_id)
        if person is not None and person.contract is not None:
            more = tuple(name for name in sorted(names) if name not in person.contract.shifts)
            contract = replace(person.contract, shifts=(*person.contract.shifts, *more))
            people[agent_id] = replace(person, contract=contract)
    known = dict(facts.templates or {}) | {template.name: template for template in templates}
    return replace(facts, people=people if facts.people is not None else None, templates=known)
