"""Flows between queues: a fixed order, nothing lost on the way, clocks and closing times right."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from centre.errors import BadInput
from centre.instants import Grid, day_number
from centre.model import CentreInfo, FollowUp, Opening, Queue, Settings
from centre.opening import open_mask
from scheduler.staffing.flows import Flow, flows_from, own_demand, pushed

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVERY_DAY = tuple(range(7))


def centre(*queues: Queue, follow_up: Iterable[FollowUp] = (), interval_minutes: int = 30) -> Settings:
    info = CentreInfo("中心", SHANGHAI, interval_minutes=interval_minutes)
    return Settings(info, queues, follow_up=tuple(follow_up))


def hotline_to(to: str, share: float = 0.5, after_minutes: int = 0, deferred: bool = False) -> Settings:
    target = Queue(to, target_hours=24.0) if deferred else Queue(to, target_seconds=120)
    return centre(
        Queue("热线", target_seconds=20), target, follow_up=[FollowUp("热线", to, share, after_minutes)]
    )


def test_flows_of_a_queue() -> None:
    hotline = Queue("热线", transfer_share=0.1, transfer_to="专家", callback_share=0.3, callback_to="回拨")
    settings = centre(hotline, Queue("专家"), Queue("回拨"), follow_up=[FollowUp("热线", "专家", 2.0, 60)])
    assert flows_from(settings, "热线") == (
        Flow("专家", 0.1),
        Flow("回拨", 1.0, of_callbacks=True),
        Flow("专家", 2.0, 60),
    )
    assert flows_from(settings, "专家") == ()


def test_p5_a_bot_leaves_fewer_contacts_and_longer_ones() -> None:
    queue = Queue("在线", channel="chat", containment_share=0.3, containment_aht_factor=1.2)
    contacts, aht = own_demand(queue, [0, 10, 100], [np.nan, 200, 300])
    assert contacts.tolist() == pytest.approx([0, 7, 70])
    assert aht.tolist() == pytest.approx([np.nan, 240, 360], nan_ok=True)
    idle_bot = Queue("在线", containment_aht_factor=1.2)
    assert own_demand(idle_bot, 10, 200)[1] == 200  # what contains nothing makes nothing longer


def test_p17_repeats_follow_from_first_contact_resolution() -> None:
    """Of 100 first contacts a share r comes again, of those r again: 100 (1 + r + r² + ...)."""
    r = (1 - 0.7) * 0.8
    from_first = sum(100 * r**k for k in range(200))
    pure = Queue("热线", first_contact_resolution=0.7, repeat_share=0.8, history_first_contact_resolution=1.0)
    assert own_demand(pure, 100, 180)[0] == pytest.approx(from_first)
    before = (1 - 0.5) * 0.8  # a history in which more came again: its first contacts are fewer
    better = Queue(
        "热线", first_contact_resolution=0.7, repeat_share=0.8, history_first_contact_resolution=0.5
    )
    assert own_demand(better, 100, 180)[0] == pytest.approx(100 * (1 - before) * from_first / 100)
    same = Queue("热线", first_contact_resolution=0.7, repeat_share=0.8)
    assert own_demand(same, 100, 180)[0] == 100
    assert own_demand(Queue("热线"), 100, 180)[0] == 100


def test_repeats_without_end_are_bad_input() -> None:
    queue = Queue("热线", first_contact_resolution=0.0, history_first_contact_resolution=0.0)
    with pytest.raises(BadInput) as caught:
        own_demand(queue, 100, 180)
    assert [fault.column for fault in caught.value.faults] == [
        "queue.热线.first_contact_resolution", "queue.热线.history_first_contact_resolution",
    ]  # fmt: skip
    own_demand(Queue("热线", first_contact_resolution=0.0, repeat_share=0.9), 100, 180)


def test_p2_transfers_come_in_the_same_interval() -> None:
    hotline = Queue("热线", target_seconds=20, transfer_share=0.25, transfer_to="专家")
    settings = centre(hotline, Queue("专家", target_seconds=120))
    inflow = pushed(settings, "热线", [8, 0, 4], {"专家": np.ones(3, dtype=bool)})
    assert list(inflow) == ["专家"]
    assert inflow["专家"].contacts.tolist() == [2, 0, 1]
    assert inflow["专家"].spilled.tolist() == [0]
    assert pushed(settings, "专家", [8, 0, 4], {}) == {}


def test_follow_ups_come_later_and_past_the_end_are_told() -> None:
    inflow = pushed(hotline_to("回访", 0.5, 60), "热线", [8, 6, 4, 2], {"回访": np.ones(4, dtype=bool)})[
        "回访"
    ]
    assert inflow.contacts.tolist() == [0, 0, 4, 3]
    assert inflow.spilled.tolist() == [2, 1, 0]


def test_part_of_an_interval_later_touches_two() -> None:
    inflow = pushed(hotline_to("回访", 1.0, 40), "热线", [6, 0, 0, 3], {"回访": np.ones(4, dtype=bool)})[
        "回访"
    ]
    assert inflow.contacts.tolist() == pytest.approx(
        [0, 4, 2, 0]
    )  # from 0:40 to 1:10, two thirds before 1:00
    assert inflow.spilled.tolist() == pytest.approx([2, 1])


def test_closed_immediate_queues_get_contacts_when_they_open() -> None:
    is_open = np.array([False, True, False, False, True, False])
    inflow = pushed(hotline_to("回访", 1.0), "热线", [1, 2, 4, 8, 16, 32], {"回访": is_open})["回访"]
    assert inflow.contacts.tolist() == [0, 3, 0, 0, 28, 0]
    assert inflow.spilled.tolist() == [32]


def test_deferred_queues_get_work_at_once_since_its_clock_runs() -> None:
    settings = hotline_to("反馈", 1.0, deferred=True)
    inflow = pushed(settings, "热线", [1, 2, 4], {"反馈": np.array([False, False, True])})["反馈"]
    assert inflow.contacts.tolist() == [1, 2, 4]


def test_call_backs_are_of_those_who_take_them() -> None:
    hotline = Queue("热线", target_seconds=20, callback_share=0.3, callback_to="回拨")
    settings = centre(hotline, Queue("回拨", target_hours=2.0), follow_up=[FollowUp("热线", "回拨", 0.1, 30)])
    masks = {"回拨": np.ones(3, dtype=bool)}
    inflow = pushed(settings, "热线", [10, 20, 30], masks, callbacks=[3, 2, 1])["回拨"]
    assert inflow.contacts.tolist() == pytest.approx([3, 3, 3])  # follow-ups of 1 and 2 besides
    assert inflow.spilled.tolist() == pytest.approx([3, 0])
    assert pushed(settings, "热线", [10, 20, 30], masks)["回拨"].contacts.tolist() == pytest.approx([0, 1, 2])


@pytest.mark.parametrize(
    ("day", "place"),
    [
        ("2003-10-25", 9),
        ("2003-04-05", 7),
        ("2003-05-05", 8),
    ],  # a day's hours later, opening is at 8:00 local
)
def test_a_day_later_is_elapsed_time_when_clocks_change(day: str, place: int) -> None:
    """Answered at 23:00 local; 60 minutes later it is midnight; the queue opens at 8:00 on the local clock."""
    zone = ZoneInfo("America/New_York")
    grid = Grid(zone, day_number(date.fromisoformat(day)), 2, 60)
    queue = Queue("回访", target_seconds=60, opening=(Opening(EVERY_DAY, 480, 1200),))
    follow_up = [FollowUp("热线", "回访", 1.0, 60)]
    settings = centre(Queue("热线", target_seconds=20), queue, follow_up=follow_up, interval_minutes=60)
    answered = np.zeros(len(grid.starts))
    answered[23] = 5.0
    inflow = pushed(settings, "热线", answered, {"回访": open_mask(queue, grid, {})})["回访"]
    assert np.flatnonzero(inflow.contacts).tolist() == [24 + place]
    assert inflow.contacts[24 + place] == 5.0


def test_bad_numbers_are_named_with_their_index() -> None:
    with pytest.raises(BadInput) as caught:
        pushed(hotline_to("回访"), "热线", [1, -2], {}, callbacks=[np.nan, 0])
    assert {(fault.column, fault.found) for fault in caught.value.faults} == {
        ("answered", "-2 at index 1"), ("callbacks", "nan at index 0"),
    }  # fmt: skip
    with pytest.raises(BadInput) as caught:
        own_demand(Queue("热线"), [-1, np.nan], [0, 10])
    assert {(fault.column, fault.found) for fault in caught.value.faults} == {
        ("offered", "-1 at index 0"), ("offered", "nan at index 1"), ("aht_seconds", "0 at index 0"),
    }  # fmt: skip


@limits(deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1e4), st.booleans()), min_size=1, max_size=40),
    st.lists(st.tuples(st.floats(0, 3), st.integers(0, 4_000)), min_size=1, max_size=3),
    st.booleans(),
)
def test_nothing_is_lost_on_the_way(
    answered: list[tuple[float, bool]], ways: list[tuple[float, int]], deferred: bool
) -> None:
    counts = np.array([count for count, _ in answered])
    is_open = np.array([here for _, here in answered])
    target = Queue("回访", target_hours=24.0) if deferred else Queue("回访", target_seconds=120)
    follow_ups = [FollowUp("热线", "回访", share, after) for share, after in ways]
    settings = centre(Queue("热线", target_seconds=20), target, follow_up=follow_ups)
    inflow = pushed(settings, "热线", counts, {"回访": is_open})["回访"]
    sent = counts.sum() * sum(share for share, _ in ways)
    assert inflow.contacts.sum() + inflow.spilled.sum() == pytest.approx(sent, rel=1e-9)
    assert (inflow.contacts >= 0).all()
    assert deferred or not inflow.contacts[~is_open].any()
