"""Ten starters in one month on a small centre: never covering in induction, never without the mentor, the ramp seen.

The first twenty people of the example `small` (two queues) with ten starters, five on the first Monday and five on the second, each
with a mentor of their own, planned for 28 days. The rota is checked minute by minute with nothing of the rules', and simulated with the
ramp and as if everybody were as fast as they will be.

    python benchmarks/onboarding.py --effort 15
"""

import argparse
import time
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

import scenarios
from centre.folder import Centre, read_centre
from centre.instants import day_number
from centre.people import Agent
from scenarios.plan import Plan, plan
from scenarios.simulation import simulated
from scheduler.solution import Limits

SMALL = Path(scenarios.__file__).parent / "examples" / "small"
START = date(2026, 3, 2)
LAST = "A020"
MENTORS = ("A002", "A003", "A005", "A006", "A007", "A009", "A010", "A011", "A012", "A013")


def main() -> None:
    """Plan, check, simulate, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--effort", type=int, default=15)
    parser.add_argument("--days", type=int, default=28)
    parser.add_argument("--replications", type=int, default=50)
    args = parser.parse_args()
    centre = with_starters(read_centre(SMALL))
    began = time.perf_counter()
    made = plan(centre, START, args.days, Limits(effort=args.effort))
    print(
        f"planned in {time.perf_counter() - began:.0f} s, {made.solution.status}, gap {100 * made.solution.gap:.1f} %"
    )
    days = made.onboarding.table
    print("breaches:", dict(Counter(v.rule for v in made.breaches)) or "none")
    print(
        "minutes at a queue in induction:", int(days.loc[days["stage"] == "induction", "queue_minutes"].sum())
    )
    print("minutes beside the mentor, without:", *minutes_beside(made))
    print("days changed for a rule:", sum(len(line.changed) for line in made.onboarding.lines))
    exams = Counter(exam for exam in days["exam"] if exam)
    print("exams placed:", dict(exams))
    ramp = made.onboarding.ramp
    week = (
        pd.DatetimeIndex(ramp["interval_start"]).tz_convert(made.grid.zone).normalize()
        - pd.Timestamp(START, tz=made.grid.zone)
    ).days // 7
    hours = (
        ramp[["starters_effective", "speed_lost", "agents_to_roster", "heads_to_roster"]].groupby(week).sum()
        / 2
    )
    worked = days.assign(week=[(day_number(d) - day_number(START)) // 7 for d in days["day"]]).groupby("week")
    hours.insert(0, "starters", worked["queue_minutes"].sum() / 60)
    print("agent-hours by week:", hours.round(1).to_string(), sep="\n")
    fast = replace(centre, agents=tuple(replace(agent, stage="") for agent in centre.agents))
    print("cost:", {name: round(amount) for name, amount in made.solution.cost.items()})
    for name, who in (("with the ramp", centre), ("as if all were independent", fast)):
        _, told = simulated(who, made.rota, made.forecast, args.replications)
        for queue, found in told["queues"].items():
            level, low, high = (found["service_level"][part] for part in ("mean", "low", "high"))
            print(
                f"simulated {name}, {queue}: in time {level:.4f} ({low:.4f}-{high:.4f}), asa {found['asa_seconds']['mean']} s"
            )


def with_starters(centre: Centre) -> Centre:
    """The centre with ten more, each with a skill of their mentor."""
    skills = {agent.agent_id: agent.skills[:1] for agent in centre.agents}
    new = tuple(
        Agent(
            f"S{k + 1:02d}", "", "电话一组", "junior", skills[mentor], "full-time", stage="induction", mentor=mentor,
            starts_on=day_number(START) + 7 * (k >= 5),
        )
        for k, mentor in enumerate(MENTORS)
    )  # fmt: skip
    return replace(centre, agents=(*(agent for agent in centre.agents if agent.agent_id <= LAST), *new))


def minutes_beside(made: Plan) -> tuple[int, int]:
    """Minutes of work of people mentored in which their mentor works the same shift, and in which not."""
    table = made.rota.to_frame()
    work = table[table["activity"].str.startswith("work")]
    at: dict[str, set[tuple[int, str]]] = {}
    for row in work.itertuples():
        span = range(int(row.start.timestamp()) // 60, int(row.end.timestamp()) // 60)
        at.setdefault(row.agent_id, set()).update((minute, row.shift) for minute in span)
    beside = alone = 0
    for starter in made.onboarding.planned:
        for stage, first, last in starter.stages:
            if stage == "mentored":
                days = [day_number(day) for day in work["day"]]
                inside = (work["agent_id"] == starter.agent_id) & np.array(
                    [first <= day <= last for day in days]
                )
                for row in work[inside].itertuples():
                    for minute in range(int(row.start.timestamp()) // 60, int(row.end.timestamp()) // 60):
                        found = (minute, row.shift) in at.get(starter.mentor, set())
                        beside, alone = beside + found, alone + (not found)
    return beside, alone


if __name__ == "__main__":
    main()
