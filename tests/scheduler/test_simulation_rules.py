"""What happens on a floor, by traces small enough to follow with a finger."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scheduler.staffing.confidence import mean
from scheduler.staffing.simulation import BackupPool, Floor, SimulationResult, Stretches, Trace, simulate

END = 6000.0


def played(
    contacts: list[tuple[float, int, float, float]],
    speed: Any,
    work: Stretches | None = None,
    **settings: Any,
) -> SimulationResult:
    """One run of contacts told as (arrival, queue, work, patience), ten intervals of ten minutes."""
    arrival, queue, seconds, patience = np.array(contacts, dtype=float).reshape(-1, 4).T
    speed = np.array(speed, dtype=float)
    return simulate(
        Floor(
            600.0, np.ones((speed.shape[1], 10)), 60.0, speed,
            Stretches.throughout(len(speed), END) if work is None else work,
            trace=Trace(queue, arrival, seconds, patience), **settings,
        ),
        1,
    )  # fmt: skip


def waits(found: SimulationResult) -> list[float]:
    """Seconds that those answered waited, by queue."""
    return found.count("answered_wait_s")[0].sum(axis=1).tolist()


def count(found: SimulationResult, name: str) -> list[float]:
    return found.count(name)[0].sum(axis=1).tolist()


NEVER = np.inf


def test_first_come_first_served_and_who_gives_up() -> None:
    found = played([(0, 0, 100, NEVER), (10, 0, 100, 80), (20, 0, 100, NEVER)], [[1]], target_seconds=80)
    assert count(found, "offered") == [3]
    assert count(found, "abandoned") == count(found, "abandoned_within") == [1]  # at 90
    assert waits(found) == [80]  # the third, at 100
    assert count(found, "within") == [2]
    assert count(found, "other_wait_s") == [80]
    assert found.agent_busy_s.tolist() == [[200]]
    assert found.ended_s.tolist() == [200]


def test_nobody_answers_in_a_break_and_a_contact_runs_over_into_it() -> None:
    work = Stretches([0, 0], [0, 1000], [500, 2000])
    found = played([(450, 0, 100, NEVER), (560, 0, 10, NEVER), (990, 0, 5, 8)], [[1]], work)
    assert waits(found) == [440]  # from 560 to the end of the break
    assert count(found, "abandoned") == [1]  # at 998
    assert found.busy_s[0, :2].tolist() == [100, 10]
    assert found.staffed_s[0, :4].tolist() == [
        550,
        200,
        600,
        200,
    ]  # 450 to 550 counts although the stretch ended at 500


def test_a_contact_across_the_whole_break_just_goes_on() -> None:
    work = Stretches([0, 0], [0, 700], [500, 2000])
    found = played([(450, 0, 300, NEVER), (460, 0, 10, NEVER)], [[1]], work)
    assert waits(found) == [290]
    assert found.staffed_s[0].sum() == 2000


def test_time_is_counted_in_the_interval_in_which_it_passes() -> None:
    found = played([(500, 0, 1500, NEVER)], [[1]], Stretches([0], [100], [1250]))
    assert found.busy_s[0, :5].tolist() == [100, 600, 600, 200, 0]
    assert found.staffed_s[0, :5].tolist() == [500, 600, 600, 200, 0]


def test_a_stretch_for_one_queue_serves_nothing_else() -> None:
    work = Stretches([0, 0], [0, 100], [100, END], [1, -1])
    found = played([(10, 0, 5, NEVER), (20, 1, 5, NEVER)], [[1, 1]], work)
    assert waits(found) == [90, 0]


def test_stretches_may_begin_before_the_floor_and_end_after_it() -> None:
    found = played([(1, 0, 5, NEVER)], [[1]], Stretches([0], [-500], [END + 900]))
    assert waits(found) == [0]
    assert found.staffed_s.tolist() == [[600.0] * 10]
    assert played([(1, 0, 5, 9)], [[1]], Stretches([0, 0], [-500, END], [0, END + 9])).staffed_s.sum() == 0


def test_priority_goes_before_waiting_and_preference_between() -> None:
    contacts = [(0, 0, 100, NEVER), (1, 0, 10, NEVER), (2, 1, 10, NEVER), (3, 2, 10, NEVER)]
    assert waits(played(contacts, [[1, 1, 1]])) == [99, 108, 117]
    assert waits(played(contacts, [[1, 1, 1]], priority=[0, 0, 5])) == [109, 118, 97]
    assert waits(played(contacts, [[1, 1, 1]], preference=[[2, 1, 0]])) == [119, 108, 97]
    assert waits(played(contacts, [[1, 1, 1]], preference=[[2, 1, 0]], preference_decides="agent")) == [
        99,
        108,
        117,
    ]
    assert waits(played(contacts, [[1, 1, 1]], preference=[[2, 1, 0]], priority=[1, 0, 0])) == [99, 118, 107]


def test_who_gets_a_contact() -> None:
    two = [(0, 0, 10, NEVER), (20, 0, 60, NEVER), (100, 0, 7, NEVER), (110, 0, 7, NEVER)]
    assert played(two, [[1], [1]]).agent_contacts.tolist() == [
        [2, 2]
    ]  # the longest idle is the other one each time
    least = played(two, [[1], [1]], agent_choice="least_occupied")
    assert least.agent_contacts.tolist() == [[3, 1]]
    liked = played(two, [[1], [1]], preference=[[1], [0]])
    assert liked.agent_contacts.tolist() == [[0, 4]]
    assert played(
        two, [[1], [1]], preference=[[1], [0]], preference_decides="contact"
    ).agent_contacts.tolist() == [[2, 2]]


def test_speed() -> None:
    assert played([(0, 0, 100, NEVER), (1, 1, 100, NEVER)], [[0.5, 0], [0, 2]]).agent_busy_s.tolist() == [
        [200, 50]
    ]


def test_overflow_after_a_while() -> None:
    """Agent 0 serves queue 0, agent 1 queue 1, and contacts of queue 0 once they have waited 30 s."""
    contacts = [
        (0, 0, 200, NEVER),
        (10, 0, 50, NEVER),
        (15, 1, 40, NEVER),
        (20, 0, 50, NEVER),
        (30, 1, 5, NEVER),
    ]
    found = played(contacts, [[1, 0], [0, 1]], overflow_to=[1, -1], overflow_seconds=30.0)
    # agent 1: 15 to 55 queue 1; at 55 both wait since 10 (overflown) and 30 (its own): the longest waiting, 55 to 105;
    # then, since 20 and 30, the contact of 20 until 155, then its own
    assert waits(found) == [45 + 85, 125]
    assert found.agent_contacts.tolist() == [[1, 4]]
    free = played(
        [(0, 0, 200, NEVER), (10, 0, 50, NEVER)], [[1, 0], [0, 1]], overflow_to=[1, -1], overflow_seconds=30.0
    )
    assert waits(free) == [30, 0]  # the other agent is free and comes in when the 30 s are over
    early = played(
        [(0, 0, 200, NEVER), (5, 1, 15, NEVER), (10, 0, 50, NEVER)],
        [[1, 0], [0, 1]],
        overflow_to=[1, -1],
        overflow_seconds=30.0,
    )
    assert waits(early) == [30, 0]  # at 20 the other agent is free, and not yet asked
    none = played(
        [(0, 0, 200, NEVER), (10, 0, 50, 29)], [[1, 0], [0, 1]], overflow_to=[1, -1], overflow_seconds=30.0
    )
    assert count(none, "abandoned") == [1, 0]


def test_transfers_go_when_the_customer_does_and_not_after_writing_up() -> None:
    found = played(
        [(0, 0, 100, NEVER)], [[1, 0], [0, 1]], transfer_share=[1, 0], transfer_to=[1, -1], wrap_up_seconds=[15, 0],
        service="deterministic",
    )  # fmt: skip
    assert count(found, "transferred_in") == [0, 1]
    assert count(found, "offered") == [1, 1]
    assert found.agent_busy_s.tolist() == [[100, 60]]
    assert found.ended_s[0] == 75 + 60  # a quarter of every contact of this queue is writing up


def test_chats_slow_one_another() -> None:
    """Alone until 10, two at half speed each until the second is done at 50 (20 of work), then the first alone: 100 = 10+20+70."""
    found = played(
        [(0, 0, 100, NEVER), (10, 0, 20, NEVER), (30, 0, 5, 8)], [[1]], concurrency=2, slowdown=1.0
    )
    assert count(found, "at_once") == [2]
    assert count(found, "abandoned") == [1]
    assert found.ended_s.tolist() == [120]
    assert found.busy_s[0, 0] == 120


def test_a_call_is_taken_alone() -> None:
    """Queue 0 are calls, queue 1 chats of which three go together."""
    found = played(
        [(0, 1, 50, NEVER), (1, 0, 50, NEVER), (2, 1, 50, NEVER), (3, 1, 50, NEVER), (45, 1, 50, NEVER)],
        [[1, 1]], concurrency=[1, 3], slowdown=0.0,
    )  # fmt: skip
    assert waits(found) == [
        99,
        5,
    ]  # the fourth chat goes on at 50 beside two others; the call waits until it is done, too


def test_redials_come_again_and_may_give_up_again() -> None:
    floor = Floor(
        600.0,
        np.full((1, 100), 20.0),
        60,
        np.zeros((0, 1)),
        Stretches([], [], []),
        patience_seconds=30,
        redial_share=0.5,
    )
    found = simulate(floor, 30)
    first = found.count("offered") - found.count("redialled")
    # nobody ever answers: each caller tries 1 / (1 - 0.5) times on average, up to those still to come at the end
    assert first.sum() / 30 == pytest.approx(2000, rel=0.03)
    assert found.count("offered").sum() / first.sum() == pytest.approx(2, rel=0.03)
    assert found.count("abandoned").sum() == pytest.approx(found.count("offered").sum(), rel=0.01)


def test_absences_are_for_whole_shifts() -> None:
    """Two stretches with a break are one shift, a stretch next day another: both parts of a shift are there, or neither."""
    day = 24 * 3600.0
    who = np.repeat(np.arange(400), 3)
    start = np.tile([0, 4500, day], 400)
    floor = Floor(
        900.0,
        np.zeros((1, 192)),
        60,
        np.ones((400, 1)),
        Stretches(who, start, start + 3600),
        absence_share=0.3,
    )
    found = simulate(floor, 20)
    morning, after_break, next_day = (found.staffed_s[:, k] / 900 for k in (0, 5, 96))
    np.testing.assert_allclose(morning, after_break)
    assert np.abs(morning - next_day).max() > 5
    for there in (morning, next_day):
        estimate = mean(there)
        assert abs(estimate.mean - 280) < 1.7 * estimate.half_width
        assert there.std() == pytest.approx((400 * 0.3 * 0.7) ** 0.5, rel=0.4)
    one_shift = replace(floor, work=replace(floor.work, shift=np.zeros(1200)))
    together = simulate(one_shift, 5).staffed_s
    np.testing.assert_allclose(together[:, 0], together[:, 96])
    first_counts = replace(floor, absence_share=np.tile([1, 0, 0], 400))
    assert simulate(first_counts, 1).staffed_s[0, [0, 5, 96]].tolist() == [0, 0, 400 * 900]


class TestBackup:
    """Agent 0 is at work, agent 1 in the pool."""

    def run(self, contacts: list[tuple[float, int, float, float]], **pool: Any) -> SimulationResult:
        made = BackupPool([1], [0], **{"lead_seconds": 100.0, "minimum_seconds": 300.0, **pool})
        return played(contacts, [[1], [1]], Stretches([0], [0], [END]), backup=[made])

    def test_it_fires_at_the_threshold_and_comes_after_the_lead(self) -> None:
        three = [(0, 0, 1000, NEVER), (50, 0, 1000, NEVER), (60, 0, 30, NEVER)]
        assert self.run(three[:2], threshold=3).backup_activations.sum() == 0
        found = self.run(three, threshold=3)  # three online at 60; at 160 the pool takes the second
        assert found.backup_activations[0, 0].tolist() == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        assert found.agent_contacts.tolist() == [[2, 1]]
        assert waits(found) == [110 + 940]

    def test_it_stays_for_the_minimum_and_then_while_the_trigger_holds(self) -> None:
        found = self.run([(0, 0, 50, NEVER), (10, 0, 50, NEVER)], threshold=2)
        assert found.agent_contacts.tolist() == [[2, 0]]
        assert found.staffed_by_group_s[0].sum(axis=1).tolist() == [END, 300]  # from 110 to 410
        long = self.run([(0, 0, 2000, NEVER), (10, 0, 2000, NEVER)], threshold=2)
        assert long.staffed_by_group_s[0].sum(axis=1).tolist() == [
            END,
            2000,
        ]  # 110 to 2110: at 2000 one is left, a contact is finished
        busy = self.run([(0, 0, 2000, NEVER), (10, 0, 20, NEVER), (20, 0, 2500, NEVER)], threshold=2)
        assert busy.staffed_by_group_s[0].sum(axis=1).tolist() == [END, 130 + 2500 - 110]

    def test_it_is_called_again(self) -> None:
        found = self.run(
            [(0, 0, 50, NEVER), (10, 0, 50, NEVER), (3000, 0, 50, NEVER), (3010, 0, 50, NEVER)], threshold=2
        )
        assert found.backup_activations[0, 0].tolist() == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0]
        assert found.staffed_by_group_s[0].sum(axis=1).tolist() == [END, 600]

    def test_those_waiting(self) -> None:
        contacts = [(0, 0, 1000, NEVER), (50, 0, 10, NEVER), (60, 0, 10, NEVER)]
        assert self.run(contacts[:2], threshold=2, trigger="waiting").backup_activations.sum() == 0
        assert waits(self.run(contacts, threshold=2, trigger="waiting")) == [110 + 110]

    def test_the_longest_wait(self) -> None:
        found = self.run([(0, 0, 1000, NEVER), (50, 0, 10, NEVER)], threshold=70.0, trigger="wait_seconds")
        assert waits(found) == [170]  # fires at 120, comes at 220
        gone = self.run(
            [(0, 0, 1000, NEVER), (50, 0, 10, 69), (80, 0, 10, NEVER)], threshold=70.0, trigger="wait_seconds"
        )
        assert waits(gone) == [170]  # the first gave up at 119: fires at 150, comes at 250
        short = self.run([(0, 0, 100, NEVER), (50, 0, 10, NEVER)], threshold=70.0, trigger="wait_seconds")
        assert short.backup_activations.sum() == 0

    def test_customers_online_per_agent(self) -> None:
        work = Stretches([0, 2], [0, 0], [END, END])
        pool = BackupPool([1], [0], threshold=2.0, trigger="online_per_agent", lead_seconds=0.0)
        three = [(0.0, 0, 1000.0, NEVER), (10.0, 0, 1000.0, NEVER), (20.0, 0, 10.0, NEVER)]
        few = played(three, [[1], [1], [1]], work, backup=[pool])
        assert few.backup_activations.sum() == 0
        many = played([*three, (30.0, 0, 10.0, NEVER)], [[1], [1], [1]], work, backup=[pool])
        assert waits(many) == [10 + 10]  # comes at 30, does one until 40, the other then
        nobody = played([(5, 0, 10, NEVER)], [[1], [1]], Stretches([0], [5000], [END]), backup=[pool])
        assert waits(nobody) == [0]  # without anyone on duty one customer is enough

    def test_its_own_agents_do_not_count_so_that_it_does_not_come_and_go_without_end(self) -> None:
        pool = BackupPool(
            [1], [0], threshold=1.0, trigger="online_per_agent", lead_seconds=0.0, minimum_seconds=0.0
        )
        found = played(
            [(5, 0, 10, NEVER)],
            [[1], [1]],
            Stretches([0], [0], [END]),
            backup=[
                pool,
            ],
        )
        assert found.backup_activations.sum() == 1
        assert found.staffed_by_group_s[0].sum(axis=1).tolist() == [END, 10]

    def test_customers_writing_up_after_are_not_online(self) -> None:
        contacts = [(0.0, 0, 100.0, NEVER), (70.0, 0, 100.0, NEVER)]
        pool = BackupPool([1], [0], threshold=2.0, lead_seconds=0.0)
        at_work = Stretches([0], [0], [END])
        assert played(contacts, [[1], [1]], at_work, backup=[pool]).backup_activations.sum() == 1
        gone = played(
            contacts, [[1], [1]], at_work, backup=[pool], wrap_up_seconds=30.0
        )  # customers go after half the work
        assert gone.backup_activations.sum() == 0


def test_a_trace_has_no_virtual_wait_and_may_be_empty() -> None:
    assert np.isnan(played([(0, 0, 5, 9)], [[1]]).total().sl_virtual.mean)
    assert played([], [[1]]).count("offered").sum() == 0
