"""The lines that starters work once the rota of their mentors is there: days of training, days beside the mentor, exams.

Each day of a starter is off, a training day, or the mentor's shift. Where the line that follows from the stages breaks a rule of the
starter, single days are changed as long as that breaks less; what was changed is told.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from centre.instants import day_of, existing_instant, to_timestamps
from centre.onboarding import Onboarding, Stage
from centre.people import Agent
from scheduler.alone import Alone, Breaches, Separate, judged
from scheduler.rota import COLUMNS, NO_WORK, Flags, Rota, activity_kind, joined
from scheduler.rules.facts import Facts, Person
from scheduler.rules.rule import Rule
from scheduler.rules.shared.call_outs import is_call_out
from scheduler.rules.shared.starters import BETWEEN_PEOPLE, SERVES, TRAINING_DAY, is_training_day
from scheduler.stages import INDUCTION, TRAINING, Starter

Kind = Literal["off", "training", "beside"]
Row = tuple[str, int, int, int, str, str, bool]
"""agent_id, day, start, end, activity, shift, paid."""
INDUCTION_TEXT, APART_TEXT = TRAINING + "induction", TRAINING + "without mentor"
WATCHING = TRAINING + "watching"
"""Activity of a starter while the mentor is at a queue that the starter has no skill for."""


@dataclass(frozen=True)
class Line:
    """What a starter does on each day of the horizon, and what was changed for a rule: day, before, after, the rules broken otherwise."""

    starter: Starter
    days: dict[int, Kind]
    changed: tuple[tuple[int, Kind, Kind, str], ...] = ()
    left: tuple[str, ...] = ()


def with_starters(
    rota: Rota,
    starters: Sequence[Starter],
    agents: Sequence[Agent],
    facts: Facts,
    rules: Sequence[Rule],
    onboarding: Onboarding,
    open_days: Collection[int],
) -> tuple[Rota, tuple[Line, ...]]:
    """The rota of everybody else with the lines of the starters, exams left out.

    Parameters
    ----------
    starters : those that the rota has not, see `scheduler.onboarding.starts_in`
    facts : with the stages of the starters
    open_days : days on which the centre is open
    """
    by_id = {agent.agent_id: agent for agent in agents}
    people = facts.people or {}
    possible, kinds = list[Row](), dict[str, dict[int, list[Kind]]]()
    for starter in starters:
        agent, person = by_id[starter.agent_id], people[starter.agent_id]
        rows, kinds[starter.agent_id] = [], {}
        beside = _beside(rota, starter, agent)
        for day in range(facts.first_day, facts.end_day):
            found = list(_possible(starter, person, day, beside, facts, onboarding, open_days))
            kinds[starter.agent_id][day] = [kind for kind, _ in found]
            rows += [row for _, each in found for row in each]
        possible += rows
    if not possible:
        return rota, tuple(Line(s, dict.fromkeys(kinds[s.agent_id], "off")) for s in starters)
    drawn = _rota(possible)
    apart = Separate(joined(rota, drawn), facts)
    judges = [rule for rule in rules if rule.name not in BETWEEN_PEOPLE]
    lines, keep = list[Line](), np.zeros(len(drawn), dtype=bool)
    for starter in starters:
        alone = apart.person(starter.agent_id, idle=True)
        line = Line(starter, {day: told[0] for day, told in kinds[starter.agent_id].items()})
        if alone is not None and len(alone.rota):
            line = _lawful(line, kinds[starter.agent_id], alone, judges)
            mine = drawn.agent == drawn.agent_ids.index(starter.agent_id)
            keep[np.flatnonzero(mine)] = _taken(drawn.narrowed(mine), line.days)
        lines.append(line)
    return joined(rota, drawn.narrowed(keep)), tuple(lines)


def _beside(rota: Rota, starter: Starter, agent: Agent) -> dict[int, list[Row]]:
    """The mentor's shifts as the starter's, by day; call-outs of backup are the mentor's own."""
    found: dict[int, list[Row]] = {}
    if starter.mentor not in rota.agent_ids:
        return found
    mine = (rota.agent == rota.agent_ids.index(starter.mentor)) & ~rota.is_kind(*NO_WORK)
    served = {"*", *(queue for queue, _ in agent.skills)}
    for k in np.flatnonzero(mine).tolist():
        shift, activity = rota.shift_names[rota.shift[k]], rota.activities[rota.activity[k]]
        if is_call_out(shift) or is_training_day(shift):
            continue
        if activity_kind(activity) in SERVES and activity.partition(":")[2] not in served:
            activity = WATCHING
        day = int(rota.day[k])
        row = (
            starter.agent_id,
            day,
            int(rota.start[k]),
            int(rota.end[k]),
            activity,
            shift,
            bool(rota.paid[k]),
        )
        found.setdefault(day, []).append(row)
    return {day: rows for day, rows in found.items() if any(activity_kind(r[4]) in SERVES for r in rows)}


def _possible(
    starter: Starter,
    person: Person,
    day: int,
    beside: dict[int, list[Row]],
    facts: Facts,
    onboarding: Onboarding,
    open_days: Collection[int],
) -> Iterator[tuple[Kind, list[Row]]]:
    """What a starter may do on a day, what the stage asks for first."""
    stage, employed = starter.stage_on(day), person.leaves_on is None or day <= person.leaves_on
    if stage is None or not employed:
        yield "off", []
        return
    text = INDUCTION_TEXT if stage == INDUCTION else APART_TEXT
    training = training_rows(starter.agent_id, person, day, facts, onboarding, text)
    can_train = day in open_days and not _away(person, training)
    if stage == INDUCTION:
        asked = day in starter.trained or day > max(starter.trained, default=day - 1)
        if can_train and asked:
            yield "training", training
        yield "off", []
        if can_train and not asked:
            yield "training", training
        return
    if day in beside and not _away(person, beside[day]):
        yield "beside", beside[day]
    yield "off", []
    if can_train:
        yield "training", training


def training_rows(
    agent_id: str, person: Person, day: int, facts: Facts, onboarding: Onboarding, text: str
) -> list[Row]:
    """A day off the queue: as long as the settings say, within the paid minutes that the contract has on a day.

    The meal lies in the middle of the usual day; whoever leaves before it has none.
    """
    paid, meal = (
        onboarding.induction_minutes - onboarding.induction_meal_minutes,
        onboarding.induction_meal_minutes,
    )
    before = paid // 60 * 30  # half of it, in whole half hours
    contract = person.contract
    if contract is not None:
        days = max(contract.days_min, 1)
        paid = min(
            max(paid, contract.weekly_minutes_min // days), max(contract.weekly_minutes_max // days, 1)
        )
    start = existing_instant(person.zone or facts.zone, day, onboarding.induction_starts)
    if not meal or paid <= before:
        return [(agent_id, day, start, start + paid, text, TRAINING_DAY, True)]
    noon = start + before
    return [
        (agent_id, day, start, noon, text, TRAINING_DAY, True),
        (agent_id, day, noon, noon + meal, "meal", TRAINING_DAY, False),
        (agent_id, day, noon + meal, start + paid + meal, text, TRAINING_DAY, True),
    ]


def _away(person: Person, rows: Sequence[Row]) -> bool:
    """Whether somebody is on leave in a shift."""
    first, last = min(row[2] for row in rows), max(row[3] for row in rows)
    return any(start < last and end > first for start, end in person.leave)


def _taken(rota: Rota, days: dict[int, Kind]) -> Flags:
    """Rows of one person's possible ones that their days take, shape (rows,)."""
    training = np.array([is_training_day(name) for name in rota.shift_names], dtype=bool)[rota.shift]
    asked = {kind: [day for day, told in days.items() if told == kind] for kind in ("training", "beside")}
    return np.where(training, np.isin(rota.day, asked["training"]), np.isin(rota.day, asked["beside"]))


def _lawful(line: Line, kinds: dict[int, list[Kind]], alone: Alone, rules: Sequence[Rule]) -> Line:
    """The line with single days changed as long as that breaks less."""

    def variant(days: dict[int, Kind]) -> tuple[Alone, Rota]:
        rota = alone.rota.narrowed(_taken(alone.rota, days) | (alone.rota.day < alone.facts.first_day))
        return alone, replace(rota, agent_ids=(alone.agent_id,))

    days, changed = dict(line.days), dict[int, tuple[Kind, Kind, str]]()
    (found,) = judged([variant(days)], rules)
    while found:
        moves = [(day, kind) for day, told in kinds.items() for kind in told if kind != days[day]]
        if not moves:
            break
        tried = judged([variant(days | {day: kind}) for day, kind in moves], rules)
        ranked = [
            (_weight(breaches), _loss(days[day], kind, line.starter.stage_on(day)), day, kind, breaches)
            for (day, kind), breaches in zip(moves, tried, strict=True)
        ]
        best = min(ranked, key=lambda each: each[:4])
        if best[0] >= _weight(found):
            break
        broken = sorted({v.rule for v in (found - best[4]).elements()} or {v.rule for v in found.elements()})
        was = changed[best[2]][0] if best[2] in changed else days[best[2]]
        changed[best[2]] = was, best[3], ", ".join(broken)
        days[best[2]], found = best[3], best[4]
    told = tuple((day, *what) for day, what in sorted(changed.items()) if what[0] != what[1])
    return replace(line, days=days, changed=told, left=tuple(sorted({v.rule for v in found.elements()})))


def _weight(breaches: Breaches) -> tuple[int, float]:
    """How much is broken: how often, and by how much together."""
    return sum(breaches.values()), sum((v.short or 0.0) * times for v, times in breaches.items())


def _loss(was: Kind, now: Kind, stage: Stage | None) -> int:
    """What a change gives up: a day of induction most of all, then one at the queue, then one off."""
    kept = 3 if stage == INDUCTION else 0
    return {"beside": 2, "off": 1, "training": kept}[was] + (now == "training")


def _rota(rows: Sequence[Row]) -> Rota:
    """A rota of rows, instants in UTC minutes."""
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"paid": bool})
    frame["day"] = [day_of(day) for day in frame["day"]]
    for name in ("start", "end"):
        frame[name] = to_timestamps(frame[name].to_numpy(dtype="int64"))
    return Rota.from_frame(frame)
