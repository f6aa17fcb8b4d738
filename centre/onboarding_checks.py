"""What is told of new starters against itself: stages, mentors and exams taken. Faults name people by ``agent_id``."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from centre.cells import suggestion, unless_a_name
from centre.errors import Faults
from centre.instants import MINUTES_A_DAY, day_number, day_of
from centre.onboarding import STAGES, Onboarding
from centre.people import Agent
from centre.queue_checks import Blame, clock
from centre.tables import Table

LEARNING = ("induction", "mentored")


def check_onboarding(told: Onboarding, blame: Blame) -> None:
    """Fault a meal or an exam that does not fit into the day of induction, a start past midnight, and two exams of one name."""
    worked = told.induction_minutes - told.induction_meal_minutes
    if worked <= 0:
        words = f"less than the {told.induction_minutes} minutes of the day (induction_minutes)"
        blame("onboarding.induction_meal_minutes", words, told.induction_meal_minutes)
    elif told.exam_minutes > worked // 2:
        blame("onboarding.exam_minutes", f"{worked // 2} or less, half a day of induction", told.exam_minutes)
    if not 0 <= told.induction_starts < MINUTES_A_DAY:
        blame("onboarding.induction_starts", "a time of day before 24:00", clock(told.induction_starts))
    if told.induction_exam == told.practical_exam:
        blame("onboarding.practical_exam", "another name than the induction_exam", told.practical_exam)


def check_starters(table: Table, columns: Mapping[str, NDArray[Any]]) -> None:
    """Fault stages that are no stage, starters without a day or a mentor, and mentors who cannot be one.

    Parameters
    ----------
    columns : of an agents file, as `centre.people_files` reads them
    """
    told = {
        name: columns[name].tolist()
        for name in ("agent_id", "stage", "mentor", "starts_on", "leaves_on", "skills")
    }
    place = {agent_id: k for k, agent_id in reversed(list(enumerate(told["agent_id"])))}
    rows = [k for k, bad in enumerate(table.bad.tolist()) if not bad]
    wrong = [k for k in rows if told["stage"][k] not in ("", *STAGES)]
    table.blame(
        wrong, "stage", lambda k: f"{', '.join(STAGES)} or empty{suggestion(told['stage'][k], STAGES)}",
        lambda k: unless_a_name(told["stage"][k]),
    )  # fmt: skip
    starters = [k for k in rows if told["stage"][k] in LEARNING]
    table.blame(
        [k for k in starters if told["stage"][k] == "induction" and told["starts_on"][k] is None],
        "starts_on",
        "the day on which somebody in induction starts",
    )
    table.blame(
        [k for k in starters if told["stage"][k] == "mentored" and not told["mentor"][k]],
        "mentor",
        "the agent_id of a mentor, for somebody whose stage is mentored",
    )
    for k in rows:
        mentor = place.get(told["mentor"][k])
        if mentor is not None:
            words = _cannot(told, k, mentor, place)
            if words:
                table.blame([k], "mentor", words, lambda k: told["mentor"][k])


def _cannot(told: Mapping[str, list[Any]], k: int, mentor: int, place: Mapping[str, int]) -> str:
    """Why one person cannot mentor another, as what is expected in place of it; empty where they can."""
    who, name = told["agent_id"][k], told["mentor"][k]
    circle = _circle(told["mentor"], place, k)
    if circle:
        names = " -> ".join(told["agent_id"][each] for each in (*circle, circle[0]))
        return f"a mentor whom {who} does not mentor in turn ({names})"
    if told["stage"][k] not in LEARNING:
        return ""
    if told["stage"][mentor] in LEARNING:
        return f"a mentor of {who} who is independent: {name} is {told['stage'][mentor]}"
    starts, leaves = told["starts_on"][k], told["leaves_on"][mentor]
    if starts is not None and leaves is not None and leaves < starts:
        return f"a mentor of {who} who is still there on {day_of(starts)}: {name} leaves on {day_of(leaves)}"
    own, other = ({queue for queue, _ in told["skills"][each] or ()} for each in (k, mentor))
    if own and not own & other:
        return f"a mentor of {who} with one of the skills {', '.join(sorted(own))}"
    return ""


def _circle(mentors: Sequence[str], place: Mapping[str, int], start: int) -> list[int]:
    """The people of a circle of mentors from one of them on; empty where there is none."""
    seen, at = [start], place.get(mentors[start])
    while at is not None and at not in seen:
        seen.append(at)
        at = place.get(mentors[at])
    return seen if at == start else []


def check_passes(
    passes: pd.DataFrame,
    agents: Iterable[Agent],
    onboarding: Onboarding,
    others: Collection[str],
    file: str,
    faults: Faults,
) -> None:
    """Fault exams of another name, taken before somebody started or a stage could end, and passes that contradict one another.

    Parameters
    ----------
    passes : columns of `centre.passes.passes_frame`
    others : names of further exams that may be recorded
    file : name of the file that they come from
    """
    by_id, first = {agent.agent_id: agent for agent in agents}, onboarding.induction_exam
    exams = (first, onboarding.practical_exam, *others)
    whole = passes.dropna(subset=["agent_id", "exam", "date", "result"])
    records = [row for row in whole.to_dict("records") if row["agent_id"] in by_id]
    passed = {
        (row["agent_id"], row["exam"]): row["date"]
        for row in sorted(records, key=lambda row: str(row["date"]), reverse=True)
        if row["result"] == "pass"
    }
    for row in whole.to_dict("records"):
        if row["exam"] not in exams:
            words = f"an exam: {', '.join(exams)}{suggestion(str(row['exam']), exams)}"
            faults.add(file, words, found=row["exam"], row=row["row"], column="exam")
    for row in records:
        words = _too_early(row, by_id[row["agent_id"]], passed, onboarding)
        if words:
            faults.add(file, words, found=row["date"], row=row["row"], column="date")
    _check_twice(records, file, faults)
    for agent in by_id.values():
        if agent.stage == "mentored" and agent.starts_on is None and (agent.agent_id, first) not in passed:
            words = f"a pass of the {first} by {agent.agent_id}, or their starts_on in the agents file: the stage mentored counts from it"
            faults.add(file, words)


def _too_early(
    row: Mapping[Any, Any], agent: Agent, passed: Mapping[tuple[str, str], Any], onboarding: Onboarding
) -> str:
    """Since when an exam could have been taken, where it was before; else empty."""
    day, starts, first = day_number(row["date"]), agent.starts_on, onboarding.induction_exam
    if starts is not None and day < starts:
        return f"a day on or after {day_of(starts)}, on which {agent.agent_id} starts"
    if row["exam"] == first and starts is not None and day < starts + onboarding.induction_days - 1:
        least = day_of(starts + onboarding.induction_days - 1)
        return f"{least} or later: induction takes {onboarding.induction_days} days from {day_of(starts)} (induction_days)"
    if row["exam"] == onboarding.practical_exam and row["result"] == "pass":
        before = passed.get((agent.agent_id, first))
        if before is not None and day <= day_number(before):
            return f"a day after {before}, on which {agent.agent_id} passed the {first}"
        if before is None and agent.stage == "induction":
            return f"a pass of the {first} by {agent.agent_id} before it; the file has none"
    return ""


def _check_twice(records: Iterable[Mapping[Any, Any]], file: str, faults: Faults) -> None:
    """Fault an exam that somebody passed and failed on one day."""
    seen: dict[tuple[str, str, Any], str] = {}
    for row in records:
        key = row["agent_id"], row["exam"], row["date"]
        if seen.setdefault(key, row["result"]) != row["result"]:
            words = "one result of an exam, person and day: this file has another in a row above"
            faults.add(file, words, found=row["result"], row=row["row"], column="result")
