"""What a rota gives against a requirement, worked by hand."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.errors import BadInput
from centre.model import CentreInfo, Queue, Settings, Shrinkage
from centre.people import Agent
from scheduler.coverage import COLUMNS, coverage
from scheduler.rota import COLUMNS as ROTA_COLUMNS
from scheduler.rota import Rota
from scheduler.staffing.requirement import expected_service

QUEUES = (
    Queue("calls", target_seconds=20, patience_seconds=120),
    Queue("chat", channel="chat", target_seconds=30, patience_seconds=180),
)
SETTINGS = Settings(
    CentreInfo("Test", ZoneInfo("Europe/Berlin")), QUEUES, shrinkage=Shrinkage(unplanned={"sick": 0.1})
)
START = "2024-03-04T08:00Z"


def agent(agent_id: str, **skills: float) -> Agent:
    return Agent(agent_id, agent_id, "", "junior", tuple(skills.items()), "full")


def rota(*rows: tuple[str, str, str, str]) -> Rota:
    """Rows of (agent, start, end, activity), times on 2024-03-04 in UTC."""
    table = [
        (a, "2024-03-04", f"2024-03-04T{s}Z", f"2024-03-04T{e}Z", what, "day", True) for a, s, e, what in rows
    ]
    return Rota.from_frame(pd.DataFrame(table, columns=list(ROTA_COLUMNS)))


def needed(
    queues: dict[str, int], intervals: int = 2, start: str = START, offered: float = 10.0
) -> pd.DataFrame:
    starts = pd.date_range(start, periods=intervals, freq="30min")
    rows = [(at, name, offered, 180.0, roster, roster) for at in starts for name, roster in queues.items()]
    names = ["interval_start", "queue", "offered", "aht_seconds", "agents_required", "agents_to_roster"]
    return pd.DataFrame(rows, columns=names).astype({"interval_start": "datetime64[s, UTC]"})


def rostered(rota_: Rota, requirement: pd.DataFrame, *agents: Agent) -> list[float]:
    return coverage(rota_, requirement, SETTINGS, agents)["agents_rostered"].tolist()


def test_a_break_of_ten_minutes_leaves_two_thirds_of_an_agent():
    day = rota(
        ("a", "08:00", "08:40", "work:calls"),
        ("a", "08:40", "08:50", "break"),
        ("a", "08:50", "09:00", "work:calls"),
    )
    assert rostered(day, needed({"calls": 1})) == pytest.approx([1, 2 / 3], abs=1e-6)


@pytest.mark.parametrize("activity", ["break", "meal", "meeting:stand-up", "training:new", "leave", "backup"])
def test_only_work_covers(activity):
    assert rostered(rota(("a", "08:00", "09:00", activity)), needed({"calls": 1})) == [0, 0]


def test_each_person_counts_once_across_queues():
    everybody = [agent(name, calls=1, chat=1) for name in "abc"]
    day = rota(*((person.agent_id, "08:00", "09:00", "work:*") for person in everybody))
    table = coverage(day, needed({"calls": 5, "chat": 5}), SETTINGS, everybody)
    assert table.groupby("interval_start")["agents_rostered"].sum().tolist() == [3, 3]


def test_people_with_several_skills_go_where_they_are_needed():
    both = [agent(name, calls=1, chat=1) for name in "ab"]
    day = rota(
        ("a", "08:00", "08:30", "work:*"),
        ("b", "08:00", "08:30", "work:*"),
        ("c", "08:00", "08:30", "work:calls"),
    )
    assert rostered(day, needed({"calls": 1, "chat": 2}, 1), *both, agent("c", calls=1)) == [1, 2]


def test_net_staffing_is_against_the_agents_to_roster():
    table = coverage(rota(("a", "08:00", "08:30", "work:calls")), needed({"calls": 3}, 1), SETTINGS, [])
    assert table["net_staffing"].tolist() == [-2]


def test_service_is_that_of_effective_agents_after_unplanned_shrinkage():
    slow = [agent("a", calls=0.5), agent("b", calls=1.0)]
    day = rota(("a", "08:00", "08:30", "work:calls"), ("b", "08:00", "08:30", "work:calls"))
    requirement = needed({"calls": 2}, 1)
    table = coverage(day, requirement, SETTINGS, slow)
    assert table["agents_rostered"].tolist() == [2]
    assert table["agents_effective"].tolist() == [1.5]
    unshrunk = Settings(SETTINGS.centre, QUEUES)
    expected = expected_service(requirement, 1.5 * 0.9, unshrunk, carry_over=True)
    assert table["service_level"].tolist() == pytest.approx(expected["service_level"].tolist(), abs=1e-6)
    assert table["expected_late"].tolist() == pytest.approx(
        (10 * (1 - expected["service_level"])).tolist(), abs=1e-5
    )
    assert table["expected_contacts"].tolist() == [10]


def test_a_queue_that_is_closed_leaves_its_people_to_the_others():
    both = agent("a", calls=1, chat=1)
    assert rostered(rota(("a", "08:00", "09:00", "work:*")), needed({"calls": 0}), both) == [1, 1]


def test_nobody_covers_a_queue_that_is_not_theirs():
    assert rostered(
        rota(("a", "08:00", "08:30", "work:*")), needed({"calls": 1, "chat": 1}, 1), agent("a", chat=1)
    ) == [0, 1]


def test_somebody_unknown_counts_on_the_queue_named_and_nowhere_else():
    day = rota(("x", "08:00", "08:30", "work:calls"), ("y", "08:00", "08:30", "work:*"))
    assert rostered(day, needed({"calls": 1, "chat": 1}, 1)) == [1, 0]


def test_a_row_doubled_counts_once():
    day = rota(
        ("a", "08:00", "09:00", "work:calls"),
        ("a", "08:00", "09:00", "work:calls"),
        ("a", "08:30", "09:00", "work:calls"),
    )
    assert rostered(day, needed({"calls": 1})) == [1, 1]


def test_work_outside_the_requirement_is_left_out():
    assert rostered(rota(("a", "06:00", "12:00", "work:calls")), needed({"calls": 1})) == [1, 1]


def test_a_night_with_a_clock_change_has_its_own_hours():
    night = pd.DataFrame(
        [("a", "2024-03-30", "2024-03-30T22:00Z", "2024-03-31T05:00Z", "work:calls", "night", True)],
        columns=list(ROTA_COLUMNS),
    )
    requirement = needed({"calls": 1}, 16, "2024-03-30T21:30Z")
    assert sum(rostered(Rota.from_frame(night), requirement)) / 2 == 7.0


def test_gaps_in_the_requirement_are_gaps():
    requirement = needed({"calls": 1}, 4).iloc[[0, 3]].reset_index(drop=True)
    assert rostered(rota(("a", "08:00", "09:45", "work:calls")), requirement) == [1, 0.5]


@pytest.mark.parametrize("rows", [0, 3])
def test_an_empty_rota_covers_nothing_and_an_empty_requirement_asks_nothing(rows):
    empty = Rota.from_frame(pd.DataFrame(columns=list(ROTA_COLUMNS)).astype({"paid": bool}))
    table = coverage(empty, needed({"calls": 2}, rows), SETTINGS, [])
    assert list(table.columns) == list(COLUMNS)
    assert table["agents_rostered"].tolist() == [0] * rows
    assert table["service_level"].tolist() == [0] * rows


def test_more_people_never_give_less_service():
    everybody = [agent(f"a{k}", calls=1, chat=1) for k in range(8)]
    late = [
        coverage(
            rota(*((f"a{k}", "08:00", "09:00", "work:*") for k in range(n))),
            needed({"calls": 3, "chat": 3}),
            SETTINGS,
            everybody,
        )["expected_late"].sum()
        for n in range(9)
    ]
    assert (np.diff(late) <= 1e-6).all()
    assert late[0] > late[-1]


def test_an_unknown_queue_is_bad_input():
    with pytest.raises(BadInput, match="found 'faxes'"):
        coverage(rota(), needed({"faxes": 1}), SETTINGS, [])
