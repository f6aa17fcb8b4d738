"""The rotas that pyworkforce, a textbook model and Paiban make for the same days, audited by the same rules.

    /tmp/paiban-bench/bin/python benchmarks/rota_peers.py --days 7

Sixty people, six shifts of eight hours with half an hour of paid break in each, round the clock, so many people
needed in each shift on each day (seeded). pyworkforce's ``MinHoursRoster`` gets what it can be told: hours, days of
rest, and with ``--rests`` its one rest option, a list of shifts that may not follow one another. The textbook model
is the one of tutorials: a boolean for each person, day and shift, one shift a day, at most five in seven days, cover
as a floor, nobody works more than two shifts more than anybody else. Neither knows of breaks, so each shift gets the
same break in its middle: what is judged is only who works which shift when. Rotas of more than a week are audited
week by week too, since contracts count weeks.
"""

import argparse
import time
from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from ortools.sat.python import cp_model

from centre.instants import Grid, day_number, day_of, day_start, from_minutes
from centre.model import Break, CentreInfo, Contract, Opening, Queue, RuleSettings, Settings, ShiftTemplate
from centre.people import Agent
from scheduler.audit import audit
from scheduler.problem import rota_problem
from scheduler.rota import Rota
from scheduler.rules.facts import facts_of
from scheduler.rules.presets import rules_in_force
from scheduler.solution import Limits
from scheduler.solve import solve

ZONE, MONDAY = ZoneInfo("Europe/Berlin"), date(2026, 3, 2)
STARTS = {"dawn": 5, "early": 7, "day": 9, "late": 13, "evening": 15, "night": 22}
SHIFT_MINUTES, BREAK_AFTER, BREAK_MINUTES = 480, 225, 30
Roster = dict[tuple[str, int], str]


def needed(people: int, days: int, seed: int) -> dict[str, list[int]]:
    """People needed by shift and day: five sevenths of everyone, a little fewer, spread at random."""
    rng = np.random.default_rng(seed)
    weights = np.array([3, 5, 5, 4, 4, 2]) / 23
    total = [int(people * 5 / 7 * (0.94 if day % 7 < 5 else 0.8)) for day in range(days)]
    drawn = [rng.multinomial(count, weights) for count in total]
    return {name: [int(day[k]) for day in drawn] for k, name in enumerate(STARTS)}


def by_pyworkforce(
    names: list[str], days: int, need: dict[str, list[int]], rests: bool, seconds: float
) -> tuple[Roster, str]:
    """The roster of pyworkforce and the status that it reports."""
    from pyworkforce.rostering import MinHoursRoster

    close = [
        {"origin": one, "destination": other}
        for one in STARTS for other in STARTS
        if 24 + STARTS[other] - (STARTS[one] + 8) < 11
    ]  # fmt: skip
    model = MinHoursRoster(
        days, names, list(STARTS), [8] * len(STARTS), days * 5 // 7 * 8, None, days - days * 5 // 7, need,
        close if rests else None, max_search_time=seconds,
    )  # fmt: skip
    found = model.solve()
    told = [
        one for one in found.get("resource_shifts", []) if one["shift"] in STARTS
    ]  # "Unknown" where there is none
    return {(one["resource"], one["day"]): one["shift"] for one in told}, found["status"]


def by_textbook(
    names: list[str], days: int, need: dict[str, list[int]], seconds: float
) -> tuple[Roster, str]:
    """The roster of a model as tutorials have it."""
    model = cp_model.CpModel()
    works = {
        (name, day, shift): model.new_bool_var("")
        for name in names
        for day in range(days)
        for shift in STARTS
    }
    for name in names:
        for day in range(days):
            model.add_at_most_one(works[name, day, shift] for shift in STARTS)
        for first in range(days - 6):
            model.add(sum(works[name, first + k, shift] for k in range(7) for shift in STARTS) <= 5)
    for shift, counts in need.items():
        for day, count in enumerate(counts):
            model.add(sum(works[name, day, shift] for name in names) >= count)
    loads = [sum(works[name, day, shift] for day in range(days) for shift in STARTS) for name in names]
    least, most = model.new_int_var(0, days, ""), model.new_int_var(0, days, "")
    for load in loads:
        model.add(load >= least)
        model.add(load <= most)
    model.add(most - least <= 2)
    model.minimize(sum(loads))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 2
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {}, solver.status_name(status)
    worked = {(name, day): shift for (name, day, shift), var in works.items() if solver.value(var)}
    return worked, solver.status_name(status)


def rota_of(roster: Roster) -> Rota:
    """A roster with the break of every shift, as Paiban audits it."""
    rows = []
    for (name, k), shift in sorted(roster.items()):
        day = day_number(MONDAY) + k
        start = day_start(ZONE, day) + STARTS[shift] * 60
        edges = start, start + BREAK_AFTER, start + BREAK_AFTER + BREAK_MINUTES, start + SHIFT_MINUTES
        for activity, begin, end in zip(("work:*", "break", "work:*"), edges, edges[1:], strict=False):
            rows.append((name, day_of(day), from_minutes(begin), from_minutes(end), activity, shift, True))
    columns = ["agent_id", "day", "start", "end", "activity", "shift", "paid"]
    return Rota.from_frame(pd.DataFrame(rows, columns=columns).astype({"paid": bool}))


def settings_with(presets: tuple[str, ...]) -> Settings:
    """The centre of the comparison, its rules by these presets."""
    shifts = tuple(
        ShiftTemplate(
            name,
            hour * 60,
            hour * 60,
            SHIFT_MINUTES,
            breaks=(Break(BREAK_MINUTES, BREAK_AFTER, BREAK_AFTER),),
        )
        for name, hour in STARTS.items()
    )
    return Settings(
        CentreInfo("peers", ZONE, interval_minutes=60),
        (Queue("q", opening=(Opening((0, 1, 2, 3, 4, 5, 6), 0, 1440),)),), shifts,
        (Contract("full", 0, 2400, 0, 5, tuple(STARTS), 20.0),), rules=RuleSettings(presets),
    )  # fmt: skip


def by_paiban(
    names: list[str], days: int, need: dict[str, list[int]], settings: Settings, seconds: float
) -> tuple[Rota, str]:
    """Our rota: cover by the hour, what the shifts needed add up to."""
    grid = Grid(ZONE, day_number(MONDAY), days, 60)
    cover = pd.Series(
        0.0, index=pd.Index([from_minutes(int(start)) for start in grid.starts], name="interval_start")
    )
    for shift, counts in need.items():
        for k, count in enumerate(counts):
            start = day_start(ZONE, day_number(MONDAY) + k) + STARTS[shift] * 60
            for hour in range(8):
                at = from_minutes(start + 60 * hour)
                if at in cover.index:
                    cover[at] += count * (1.0 if not BREAK_AFTER - 59 <= 60 * hour <= BREAK_AFTER else 0.5)
    requirement = cover.rename("agents_to_roster").reset_index().assign(queue="q")
    agents = [Agent(name, "", "", "intermediate", (("q", 1.0),), "full") for name in names]
    facts = facts_of(settings, agents, None, None, grid.first_day, days)
    rules = rules_in_force(settings.rules, with_centre=True)
    problem = rota_problem(settings, agents, requirement, None, rules, facts, grid)
    found = solve(problem, Limits(seconds * 0.6, seconds, 1, 2), lambda _: None)
    return found.rota, f"{found.status}, gap {found.gap:.1%}"


def short_shifts(rota: Rota, need: dict[str, list[int]]) -> int:
    """Shifts needed that nobody works, shift by shift and day by day."""
    duties = rota.duties
    worked = Counter(
        (rota.shift_names[s], int(d) - day_number(MONDAY))
        for s, d in zip(duties.shift, duties.day, strict=True)
    )
    return sum(
        max(0, count - worked[shift, k]) for shift, counts in need.items() for k, count in enumerate(counts)
    )


def main() -> None:
    """Make the rotas, audit them, print a table of breaches by rule and source."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--presets", default="eu-wtd,cn-labour,customer-service")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    names = [f"a{k:03d}" for k in range(asked.people)]
    need, settings = (
        needed(asked.people, asked.days, asked.seed),
        settings_with(tuple(asked.presets.split(","))),
    )
    rules = rules_in_force(settings.rules, with_centre=False)
    facts = facts_of(settings, (), None, None, day_number(MONDAY), asked.days)
    makers = {
        "pyworkforce": lambda: by_pyworkforce(names, asked.days, need, False, asked.seconds),
        "pyworkforce, its rest option": lambda: by_pyworkforce(names, asked.days, need, True, asked.seconds),
        "textbook model": lambda: by_textbook(names, asked.days, need, asked.seconds),
        "Paiban": lambda: by_paiban(names, asked.days, need, settings, asked.seconds),
    }
    for maker, make in makers.items():
        began = time.perf_counter()
        made, status = make()
        took = time.perf_counter() - began
        rota = made if isinstance(made, Rota) else rota_of(made)
        print(
            f"{maker}: {status} in {took:.1f} s; {len(rota.duties)} shifts, {short_shifts(rota, need)} needed and not worked"
        )
        broken = [v for v in audit(rota, rules, facts) if v.verdict == "breach"]
        count = Counter((v.rule, v.source) for v in broken)
        for (rule, source), number in sorted(count.items()):
            worst = max(v.short or 0 for v in broken if (v.rule, v.source) == (rule, source))
            print(f"  {number:5} {rule:24} worst {worst:5.0f} {source[:60]}")
        print(f"  {len(broken)} breaches of {len({v.agent_id for v in broken})} people")


if __name__ == "__main__":
    main()
