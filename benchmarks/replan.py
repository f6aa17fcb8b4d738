"""A day repaired beside the same day solved from scratch: 5 % of those on duty at 10:00 are gone from then on.

    .venv/bin/python benchmarks/replan.py --shape bank round-the-clock --agents 500 --effort 20
    .venv/bin/python benchmarks/replan.py --command

Weeks are those of `_rota_weeks`, solved once (`_replan_weeks`), with contracts as they are (no overtime) and with five hours of overtime a
week agreed at 1.5 times the pay. From scratch: `scheduler.solve` with everything of today free that is not yet past, for as many people
as it likes: shifts that begin in an hour or later may start at any time from then on (nobody is there sooner, as for the repair), others
keep their start and the pauses already begun, all may be longer by whole hours where overtime is agreed, other days stay as they are;
people off today stay off. Whoever's day the rules fault afterwards keeps the shift they had.

Both rotas are judged alike, from now to the end of the last shift of today: the price of shortage at the best sharing of skills
(`scheduler.intraday.worth`, prices of the objective, nothing for too many), agent-hours short and late contacts by
`scheduler.coverage`, pay by contract, breaches by the audit. "Recovered" is the part of what doing nothing loses against the rota as
planned; better than planned counts as all of it. "Of scratch" is what the repair takes off the price of shortage, by what solving from
scratch takes off.

Swaps: an offer of somebody's shift to everybody, and an exchange of two, each checked in a `scheduler.swaps.Swaps` of its own.
"""

import argparse
import time
from dataclasses import dataclass, replace

import numpy as np
from _replan_weeks import command_seconds, solved_week
from _rota_weeks import Week

from centre.instants import Grid, day_start, from_minutes, from_timestamps, local_instant, week_of, weekday_of
from centre.model import ShiftTemplate
from centre.people import Agent
from scheduler.alone import Alone, Separate
from scheduler.audit import audit
from scheduler.coverage import coverage
from scheduler.intraday.absence import Absence, without
from scheduler.intraday.drawn import stretched, with_drawn
from scheduler.intraday.repair import USUAL_REACH, Asked, prices_of, repair
from scheduler.intraday.rows import put_back
from scheduler.intraday.window import Groups, people_at_work, window_of
from scheduler.intraday.worth import worth_of
from scheduler.problem import PlannedPerson, RotaProblem, cover_of
from scheduler.rota import Rota, joined
from scheduler.rules.facts import Facts
from scheduler.rules.primitives import AllowedShifts, ForbiddenTime, MinimumRest
from scheduler.rules.tightest import tightest
from scheduler.shifts import CandidateShift, candidate_shifts
from scheduler.solution import Limits
from scheduler.solve import solve
from scheduler.swaps import Given, Swaps
from scheduler.terms import Charge, CoverPrices, OvertimePay

SHARE, HOUR = 0.05, 10
LONGER = (0, 60, 120, 180, 240)
STAY = 1e5
"""Price of a shift of today that is not worked: none goes."""


@dataclass(frozen=True)
class Figures:
    """A rota from now on."""

    people: int
    shortage: float
    short_hours: float
    late: float
    pay: float
    new_breaches: int


def main() -> None:
    """Print a table a shape, then swaps."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shape", nargs="+", default=["bank", "round-the-clock"])
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--weekday", type=int, nargs="+", default=[0, 1], help="days after the Monday")
    parser.add_argument("--effort", type=int, default=20)
    parser.add_argument("--command", action="store_true", help="time the commands, too")
    asked = parser.parse_args()
    for shape in asked.shape:
        for overtime in (False, True):
            week, rota = solved_week(shape, asked.agents, overtime=overtime)
            for weekday in asked.weekday:
                told = f"{shape}, {'with' if overtime else 'without'} overtime, day {weekday}"
                _day(week, rota, weekday, asked.effort, told)
        _swaps(week, rota)
        if asked.command:
            now = local_instant(week.facts.zone, week.facts.first_day, HOUR * 60)
            moment = f"{from_minutes(now, week.facts.zone):%Y-%m-%dT%H:%M}"
            gone = [absence.agent_id for absence in _gone(rota, now)]
            for words, seconds in command_seconds(week, rota, moment, gone):
                print(f"command {words}: {seconds:.1f} s", flush=True)


def _day(week: Week, rota: Rota, weekday: int, effort: int, told: str) -> None:
    day = week.facts.first_day + weekday
    now = local_instant(week.facts.zone, day, HOUR * 60)
    absences = _gone(rota, now)
    asked = Asked(rota, week.facts, week.rules, None, week.settings, week.agents, week.requirement, now)
    began, used = time.perf_counter(), time.process_time()
    found = repair(asked, absences)
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    missing, facts = without(rota, week.facts, absences)
    began = time.perf_counter()
    scratch, scratch_facts = from_scratch(asked, missing, facts, {a.agent_id for a in absences}, effort)
    solving = time.perf_counter() - began
    best = found.alternatives[0]
    rows = {
        "as planned": _figures(asked, rota, rota, week.facts),
        "nothing": _figures(asked, missing, missing, facts),
        "repaired": _figures(asked, missing, best.rota, best.facts),
        "from scratch": _figures(asked, missing, scratch, scratch_facts),
    }
    planned, nothing = rows["as planned"], rows["nothing"]
    print(
        f"\n{told}: {len(absences)} gone at {HOUR}:00, {seconds:.1f} s ({processor:.1f} s of processor); scratch {solving:.0f} s"
    )
    print(
        "| Rota | People changed | Shortage | Recovered | Of scratch | Hours short | Late contacts | Pay | New breaches |"
    )
    print("|---" * 9 + "|")
    saved = nothing.shortage - rows["from scratch"].shortage
    for name, row in rows.items():
        lost = nothing.shortage - planned.shortage
        recovered = min(1.0, (nothing.shortage - row.shortage) / lost) if lost > 0 else float("nan")
        part = (nothing.shortage - row.shortage) / saved if saved > 0 else float("nan")
        print(
            f"| {name} | {row.people} | {row.shortage:,.0f} | {_share(recovered)} | {_share(part)} "
            f"| {row.short_hours:,.1f} | {row.late:,.0f} | {row.pay - nothing.pay:+,.0f} | {row.new_breaches} |",
            flush=True,
        )


def _share(value: float) -> str:
    return f"{value:.0%}" if np.isfinite(value) else "–"


def _gone(rota: Rota, now: int) -> list[Absence]:
    """5 % of those whose shift runs at now, drawn with a fixed seed, until their shifts end."""
    duties = rota.duties
    on = np.flatnonzero((duties.start <= now) & (duties.end > now))
    chosen = np.random.default_rng(1).choice(on, size=max(1, round(SHARE * len(on))), replace=False)
    return [Absence(rota.agent_ids[duties.agent[k]], now, int(duties.end[k])) for k in sorted(chosen)]


def _figures(asked: Asked, before: Rota, rota: Rota, facts: Facts) -> Figures:
    window = window_of(asked.rota, asked.now, facts.zone, asked.settings.centre.interval_minutes)
    groups = Groups(tuple(queue.name for queue in asked.settings.queue), asked.agents)
    for agent in asked.agents:
        groups.of(agent.agent_id)
    people, prices = people_at_work(rota, window, groups), prices_of(asked, window)
    prices = replace(prices, surplus=np.zeros_like(prices.surplus))
    shortage = float(worth_of(prices, groups.speeds, window.hours).price(people).sum())
    today = from_timestamps(asked.requirement["interval_start"])
    today = (today >= day_start(facts.zone, window.day)) & (today < window.end)
    table = coverage(rota, asked.requirement[today], asked.settings, asked.agents)
    table = table[from_timestamps(table["interval_start"]) >= window.starts[0]]
    known = {
        (v.agent_id, v.rule) for v in audit(asked.rota, asked.rules, asked.facts) if v.verdict == "breach"
    }
    found = [
        v
        for v in audit(rota, asked.rules, facts)
        if v.verdict == "breach" and (v.agent_id, v.rule) not in known
    ]
    return Figures(
        _changed(before, rota), shortage, float(np.maximum(-table["net_staffing"], 0).sum()) * window.hours,
        float(table["expected_late"].sum()), _pay(rota, facts), len(found),
    )  # fmt: skip


def _changed(before: Rota, after: Rota) -> int:
    """People whose rows differ."""

    def by_person(rota: Rota) -> dict[str, set[tuple[int, int, str]]]:
        rows: dict[str, set[tuple[int, int, str]]] = {}
        for a, s, e, k in zip(rota.agent, rota.start, rota.end, rota.activity, strict=True):
            rows.setdefault(rota.agent_ids[a], set()).add((int(s), int(e), rota.activities[k]))
        return rows

    old, new = by_person(before), by_person(after)
    return sum(old.get(name) != new.get(name) for name in {*old, *new})


def _pay(rota: Rota, facts: Facts) -> float:
    """Pay of the week by contract, overtime at its multiplier."""
    total, duties = 0.0, rota.duties
    for code, name in enumerate(rota.agent_ids):
        contract = (facts.people or {})[name].contract
        mine = (duties.agent == code) & (duties.day >= facts.first_day) & (duties.day < facts.end_day)
        paid = int(duties.paid[mine].sum())
        over = max(0, paid - contract.weekly_minutes_max)
        total += contract.hourly_cost / 60 * (paid + (contract.overtime.multiplier - 1) * over)
    return total


def from_scratch(
    asked: Asked, missing: Rota, facts: Facts, gone: set[str], effort: int
) -> tuple[Rota, Facts]:
    """The rota with today solved anew from now on, and the facts to judge it by."""
    window = window_of(asked.rota, asked.now, facts.zone, asked.settings.centre.interval_minutes)
    day, separate = window.day, Separate(missing, facts)
    grid = Grid(facts.zone, day, 2, window.interval_minutes)
    templates: dict[str, ShiftTemplate] = {}
    names: dict[str, str] = {}
    people = []
    for agent in sorted(asked.agents, key=lambda a: a.agent_id):
        alone = separate.person(agent.agent_id)
        if alone is None:
            continue
        own = [] if agent.agent_id in gone else _choices(alone, facts, window.now, day)
        tomorrow = _pinned(alone, facts, day + 1, window.end)
        if own or tomorrow:
            templates |= {t.name: t for t, _ in own + tomorrow}
            names |= {t.name: name for t, name in own + tomorrow}
            people.append(
                (agent, alone, frozenset(t.name for t, _ in own), frozenset(t.name for t, _ in tomorrow))
            )
    shifts = tuple(candidate_shifts(templates.values(), grid))
    planned = tuple(_planned(*person, shifts, asked, window.now, day) for person in people)
    problem = _problem(asked, planned, shifts, grid, window.end)
    solved = solve(problem, Limits(effort=effort, seconds=None, workers=2, gap=0.0)).rota
    today = solved.narrowed(solved.day == day)
    return _put_together(asked, missing, facts, today, names)


def _pinned(alone: Alone, facts: Facts, day: int, until: int) -> list[tuple[ShiftTemplate, str]]:
    """The shift that somebody has on a day, where it begins before ``until``, as a template that allows nothing else."""
    duties = alone.rota.duties
    for k in range(len(duties)):
        if duties.day[k] == day and duties.start[k] < until:
            name = alone.rota.shift_names[duties.shift[k]]
            return [(replace(_fixed(alone, facts, k, 1 << 60), name=f"{alone.agent_id} tomorrow"), name)]
    return []


def _fixed(alone: Alone, facts: Facts, k: int, now: int) -> ShiftTemplate:
    """The template of a shift that starts when it does, with pauses begun before ``now`` where they are."""
    duties = alone.rota.duties
    base = (facts.templates or {})[alone.rota.shift_names[duties.shift[k]]]
    day, start = int(duties.day[k]), int(duties.start[k])
    minute = start - day_start(facts.zone, day)
    rows = [r for r in range(duties.first[k], duties.last[k]) if alone.rota.is_kind("break", "meal")[r]]
    breaks = []
    for rest, row in zip(base.breaks, rows, strict=True):
        at = int(alone.rota.start[row]) - start
        begun = int(alone.rota.start[row]) < now
        low = (
            at
            if begun
            else rest.earliest_minutes + -(-max(0, now - start - rest.earliest_minutes) // 15) * 15
        )
        breaks.append(
            replace(rest, earliest_minutes=low, latest_minutes=at if begun else max(low, rest.latest_minutes))
        )
    return replace(
        base, earliest_start=minute, latest_start=minute, days=(weekday_of(day),), breaks=tuple(breaks)
    )


def _choices(alone: Alone, facts: Facts, now: int, day: int) -> list[tuple[ShiftTemplate, str]]:
    """Templates that somebody with a shift of today may work, each with the name it is told by."""
    duties = alone.rota.duties
    mine = [k for k in range(len(duties)) if duties.day[k] == day and duties.end[k] > now]
    if not mine:
        return []
    k, person = mine[0], (facts.people or {})[alone.agent_id]
    base = (facts.templates or {})[alone.rota.shift_names[duties.shift[k]]]
    longer = LONGER if person.contract.overtime.weekly_minutes else (0,)
    if int(duties.start[k]) >= now + USUAL_REACH.lead_minutes:
        today = replace(base, days=(weekday_of(day),))
        return [(stretched(today, 0, more), stretched(base, 0, more).name) for more in longer]
    fixed = _fixed(alone, facts, k, now)
    return [
        (replace(stretched(fixed, 0, more), name=f"{alone.agent_id} {more}"), stretched(base, 0, more).name)
        for more in longer
    ]


def _planned(
    agent: Agent, alone: Alone, own: frozenset[str], tomorrow: frozenset[str], shifts: tuple[CandidateShift, ...], asked: Asked,
    now: int, day: int,
) -> PlannedPerson:  # fmt: skip
    """Somebody who works one of some shifts today and tomorrow's as it is, other days as they are."""
    person, duties = (alone.facts.people or {})[alone.agent_id], alone.rota.duties
    contract, begin = person.contract, day_start(alone.facts.zone, day)
    week = week_of(day, alone.facts.week_start)
    other = (duties.day >= week) & (duties.day < week + 7) & (duties.day != day)
    paid, most = int(duties.paid[other].sum()), contract.weekly_minutes_max + contract.overtime.weekly_minutes
    free = {s.template.name for s in shifts if s.template.name in own and paid + s.paid_minutes <= most}
    primitives = [AllowedShifts(frozenset(free) | tomorrow), MinimumRest(660)]
    soonest = now + USUAL_REACH.lead_minutes
    if not any(duties.day[k] == day and duties.start[k] < soonest for k in range(len(duties))):
        primitives.append(ForbiddenTime(begin, soonest))
    earlier = duties.end[duties.day < day]
    later = duties.start[duties.day > day + bool(tomorrow)]
    if len(earlier):
        primitives.append(ForbiddenTime(begin - 1440, int(earlier.max()) + 660))
    if len(later):
        primitives.append(ForbiddenTime(int(later.min()) - 660, begin + 6 * 1440))
    rate = contract.hourly_cost / 60
    extra = OvertimePay(
        day, day, max(0, contract.weekly_minutes_max - paid), rate * (contract.overtime.multiplier - 1)
    )
    skills = tuple((asked_queues(asked).index(queue), speed) for queue, speed in agent.skills)
    stay = Charge("stay", (-STAY,) * len(shifts), STAY * (bool(own) + bool(tomorrow)))
    return PlannedPerson(alone.agent_id, skills, tightest(primitives), rate, (extra,), charges=(stay,))


def asked_queues(asked: Asked) -> tuple[str, ...]:
    """Names of the queues."""
    return tuple(queue.name for queue in asked.settings.queue)


def _problem(
    asked: Asked,
    people: tuple[PlannedPerson, ...],
    shifts: tuple[CandidateShift, ...],
    grid: Grid,
    until: int,
) -> RotaProblem:
    """From now on, up to the end of the last shift of today."""
    required, _ = cover_of(asked.settings, asked.requirement, asked_queues(asked), grid)
    bare = RotaProblem(
        grid, asked_queues(asked), required, np.zeros_like(required), shifts, people, asked.settings.objective
    )
    usual = bare.cover_prices()
    counted = (grid.starts + grid.interval_minutes > asked.now) & (grid.starts < until)
    return replace(bare, prices=CoverPrices(usual.levels, usual.rates * counted, usual.surplus * counted))


def _put_together(
    asked: Asked, missing: Rota, facts: Facts, solved: Rota, names: dict[str, str]
) -> tuple[Rota, Facts]:
    """Other days with today as solved; who breaks a rule then keeps the day they had."""
    told = tuple(names.get(name, name) for name in solved.shift_names)
    book = tuple(dict.fromkeys(told))
    codes = np.array([book.index(name) for name in told], dtype=np.int32)
    solved = replace(solved, shift_names=book, shift=codes[solved.shift])
    usual = asked.facts.templates or {}
    longer = {stretched(t, 0, more).name: stretched(t, 0, more) for t in usual.values() for more in LONGER}
    allowed = {name: set(longer) for name in solved.agent_ids}
    facts = with_drawn(facts, longer.values(), allowed)
    day = int(solved.day.min())
    separate = Separate(missing, facts)
    parts = {}
    for name in solved.agent_ids:
        alone = separate.person(name)
        others = replace(alone.rota.narrowed(alone.rota.day != day), agent_ids=(name,))
        mine = solved.narrowed(solved.agent == solved.agent_ids.index(name))
        parts[name] = joined(others, mine) if len(others) else mine
    whole = put_back(missing, parts)
    known = {(v.agent_id, v.rule) for v in audit(missing, asked.rules, facts) if v.verdict == "breach"}
    wrong = {
        v.agent_id
        for v in audit(whole, asked.rules, facts)
        if v.verdict == "breach" and (v.agent_id, v.rule) not in known
    }
    return put_back(missing, {name: part for name, part in parts.items() if name not in wrong}), facts


def _swaps(week: Week, rota: Rota) -> None:
    """How long an offer to everybody, and an exchange, take."""
    day, duties = week.facts.first_day + 2, rota.duties
    mine = [rota.agent_ids[duties.agent[k]] for k in np.flatnonzero(duties.day == day)[:40:20]]
    began = time.perf_counter()
    others = Swaps(rota, week.facts, week.rules).others(Given(mine[0], day))
    offered = time.perf_counter() - began
    began = time.perf_counter()
    answer = Swaps(rota, week.facts, week.rules).check(Given(mine[0], day), mine[1], Given(mine[1], day))
    print(
        f"\nswaps: an offer to everybody {offered:.2f} s, {len(others)} told; an exchange {time.perf_counter() - began:.2f} s,"
        f" {'allowed' if answer.allowed else 'refused'}", flush=True,
    )  # fmt: skip


if __name__ == "__main__":
    main()
