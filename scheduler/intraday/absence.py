"""A rota without those who are not there: shifts broken off, begun later or left out, and what the rules then know of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from centre.model import ShiftTemplate
from scheduler.alone import Separate
from scheduler.intraday.drawn import ABSENT, cut, with_drawn
from scheduler.intraday.rows import Row, put_back, renamed, rows_of, with_rows
from scheduler.rota import Rota
from scheduler.rules.facts import Facts


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody who is not there from ``start`` to ``end``, UTC minutes; ``late``: who comes later than planned."""

    agent_id: str
    start: int
    end: int
    late: bool = False


def without(rota: Rota, facts: Facts, absences: Sequence[Absence]) -> tuple[Rota, Facts]:
    """The rota without the work of absences, and facts that know of them: as leave, with templates of the shifts that are left."""
    separate, parts, drawn = Separate(rota, facts), dict[str, Rota](), dict[str, ShiftTemplate]()
    allowed: dict[str, set[str]] = {}
    people = dict(facts.people or {})
    for absence in absences:
        alone = separate.person(absence.agent_id)
        own = parts.get(absence.agent_id, alone.rota if alone else None)
        if own is None:
            continue
        parts[absence.agent_id], templates = cut_out(own, facts, absence)
        drawn |= {template.name: template for template in templates}
        allowed.setdefault(absence.agent_id, set()).update(template.name for template in templates)
        person = people.get(absence.agent_id)
        if person is not None:
            away = tuple(sorted((*person.leave, (absence.start, absence.end))))
            people[absence.agent_id] = replace(person, leave=away)
    facts = replace(facts, people=None if facts.people is None else people)
    return put_back(rota, parts), with_drawn(facts, drawn.values(), allowed)


def cut_out(rota: Rota, facts: Facts, absence: Absence) -> tuple[Rota, list[ShiftTemplate]]:
    """One person's rota without the time of an absence, and templates of the shifts that are left of those it touches."""
    drawn: list[ShiftTemplate] = []
    for k in reversed(range(len(rota.duties))):  # indices of earlier shifts stay
        began, ended, day = (int(getattr(rota.duties, name)[k]) for name in ("start", "end", "day"))
        if ended <= absence.start or began >= absence.end:
            continue
        name = rota.shift_names[rota.duties.shift[k]]
        rows = left_of(rows_of(rota, k), absence.start, absence.end)
        rota = with_rows(rota, k, rows, name, day)
        template = (facts.templates or {}).get(name)
        if rows and template is not None:
            own = cut(template, rota, k, began - rows[0].start, rows[-1].end - ended)
            drawn.append(own)
            rota = renamed(rota, k, own.name)
    return rota, drawn


def left_of(rows: Sequence[Row], start: int, end: int) -> list[Row]:
    """What is left of a shift without the time from ``start`` to ``end``.

    It does not begin with a pause then; time away in the middle of it is `ABSENT`, pauses after it included.

    Examples
    --------
    >>> shift = [Row(0, 60, "work:*", True), Row(60, 90, "meal", False), Row(90, 200, "work:*", True)]
    >>> [(row.start, row.end) for row in left_of(shift, 75, 300)]
    [(0, 60), (60, 75)]
    """
    early = [row._replace(end=min(row.end, start)) for row in rows if row.start < start]
    late = [row._replace(start=max(row.start, end)) for row in rows if row.end > end]
    while late and late[0].pause:
        late.pop(0)
    if early and late:
        early.append(Row(early[-1].end, late[0].start, ABSENT, False))
    return early + late
