"""Why cover is short, counted from the rota: where everybody with the skill is at the worst moment of each
stretch of shortage.
"""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from centre.instants import from_minutes, from_timestamps
from scenarios.clashes import ways_out
from scenarios.figures import NOTICEABLE, shortage
from scenarios.plan import Plan
from scenarios.report_data import Language, Shortfall
from scheduler.rota import PAUSES, activity_kind
from scheduler.rules.facts import Facts, Person
from scheduler.rules.shared.terms import absent_days

WHERE = ("at_work", "pause", "elsewhere", "leave", "other_hours", "day_off")
WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "day": "The service target counts over each day, not in every interval: what is called needed here is what every interval by "
        "itself would ask for.",
        "week": "The service target counts over each week, not in every interval: what is called needed here is what every interval "
        "by itself would ask for.",
        "whole": "{needed:,.0f} agent-hours are needed at work and {given:,.0f} are given; the contracts of "
        "all {people} people allow at most {most:,.0f} paid hours, breaks among them.",
        "moment": "Around {time}, of {people} people with this skill: {where}.", "comma": ", ",
        "at_work": "{} at work", "pause": "{} on a break or meal",
        "elsewhere": "{} in meetings or on other work", "leave": "{} on leave or not employed",
        "other_hours": "{} with other hours that day", "day_off": "{} with the day off",
    },
    "zh": {
        "day": "服务目标按整天计算，而非逐时段；此处所称“需”指每个时段单独达标所需。",
        "week": "服务目标按整周计算，而非逐时段；此处所称“需”指每个时段单独达标所需。",
        "whole": "共需在岗 {needed:,.0f} 坐席小时，已排 {given:,.0f}；"
        "全部 {people} 人的合同最多允许 {most:,.0f} 计薪小时（含休息）。",
        "moment": "{time} 前后，具备该技能的 {people} 人中：{where}。", "comma": "，",
        "at_work": "在岗 {} 人", "pause": "休息或用餐 {} 人", "elsewhere": "会议或其他工作 {} 人",
        "leave": "休假或不在职 {} 人", "other_hours": "当天其他时段上班 {} 人", "day_off": "当天轮休 {} 人",
    },
}  # fmt: skip


def shortfalls(plan: Plan, language: Language) -> Iterator[Shortfall]:
    """Sentences about what is short: the whole horizon, what clashes, then each stretch of intervals."""
    words, missing = WORDS[language], shortage(plan)
    currency = plan.centre.settings.centre.currency
    for clash in plan.solution.clashes:
        yield Shortfall(clash.sentence, ways_out=tuple(ways_out(clash, currency, language)))
    if (missing < NOTICEABLE).all():
        return
    if plan.service is not None:
        yield Shortfall(words[plan.service.over])
    yield Shortfall(words["whole"].format(**_hours(plan)))
    table = plan.coverage.assign(missing=missing, start=from_timestamps(plan.coverage["interval_start"]))
    for queue, rows in table[missing >= NOTICEABLE].groupby("queue", sort=True):
        for run in _runs(rows, plan):
            starts = run["start"].to_numpy()
            worst = int(starts[int(run["missing"].to_numpy().argmax())])
            why = _moment(plan, str(queue), worst, words)
            end = int(starts[-1]) + plan.grid.interval_minutes
            yield Shortfall(why, int(starts[0]), end, str(queue))


def _runs(rows: pd.DataFrame, plan: Plan) -> Iterator[pd.DataFrame]:
    """Stretches of intervals in a row within one local day."""
    starts = rows["start"].to_numpy()
    day = plan.grid.local_days()[(starts - plan.grid.start) // plan.grid.interval_minutes]
    breaks = np.flatnonzero((np.diff(starts) != plan.grid.interval_minutes) | (np.diff(day) != 0)) + 1
    for part in np.split(np.arange(len(rows)), breaks):
        yield rows.iloc[part]


def _hours(plan: Plan) -> dict[str, float]:
    """Agent-hours needed and given at work, and paid hours that contracts allow at most."""
    hours = plan.grid.interval_minutes / 60
    table = plan.coverage
    people = [person for person in (plan.facts.people or {}).values() if not person.outside]
    needed = float((table["agents_rostered"] - table["net_staffing"]).sum()) * hours
    given = float(table["agents_effective"].sum()) * hours
    return {
        "needed": needed, "given": given, "people": len(people),
        "most": sum(_most_minutes(person, plan.facts) for person in people) / 60,
    }  # fmt: skip


def _most_minutes(person: Person, facts: Facts) -> float:
    """Paid minutes that a contract allows in the horizon, absences taken off by the day."""
    if person.contract is None:
        return 0.0
    absent = absent_days(person, facts, facts.first_day, facts.end_day - 1)
    weekly = person.contract.weekly_minutes_max + person.contract.overtime.weekly_minutes
    return weekly * (facts.days - len(absent)) / 7


def _moment(plan: Plan, queue: str, start: int, words: dict[str, str]) -> str:
    """Where everybody with the skill is in the middle of the interval that begins at ``start``."""
    places, people = (
        _whereabouts(plan, queue, start + plan.grid.interval_minutes // 2),
        plan.facts.people or {},
    )
    skilled = {
        agent.agent_id
        for agent in plan.centre.agents
        if queue in dict(agent.skills)
        and not (people[agent.agent_id].outside and places[agent.agent_id] != "at_work")
    }  # of backup only those who were called
    count = Counter(where for agent_id, where in places.items() if agent_id in skilled)
    told = words["comma"].join(words[name].format(count[name]) for name in WHERE if count[name])
    time = f"{from_minutes(start, plan.grid.zone):%H:%M}"
    return words["moment"].format(time=time, people=len(skilled), where=told)


def _whereabouts(plan: Plan, queue: str, instant: int) -> dict[str, str]:
    """One of `WHERE` for everybody."""
    rota = plan.rota
    place = (instant - plan.grid.start) // plan.grid.interval_minutes
    day = int(plan.grid.local_days()[place])
    found = {
        agent_id: "leave" if day in absent_days(person, plan.facts, day, day) else "day_off"
        for agent_id, person in (plan.facts.people or {}).items()
    }
    today = np.flatnonzero((rota.duty >= 0) & (rota.day == day))
    found |= {rota.agent_ids[code]: "other_hours" for code in np.unique(rota.agent[today]).tolist()}
    for row in np.flatnonzero((rota.start <= instant) & (instant < rota.end)).tolist():
        activity = rota.activities[rota.activity[row]]
        pause, mine = activity_kind(activity) in PAUSES, activity in ("work:*", f"work:{queue}", "backup")
        where = "pause" if pause else "at_work" if mine else "leave" if activity == "leave" else "elsewhere"
        found[rota.agent_ids[rota.agent[row]]] = where
    return found
