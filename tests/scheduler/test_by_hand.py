"""Formulas written out: every step repeats, by plain sums, what the compiled formulas find."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.model import Queue
from scheduler.staffing.by_hand import Step, shown, written_out
from scheduler.staffing.erlang import DEFINITIONS, Performance
from scheduler.staffing.teams import Team

CALLS = Queue("热线", target_seconds=20, patience_seconds=150)
CHAT = replace(CALLS, channel="chat", concurrency=3, concurrency_slowdown=0.25)
KINDS = {
    "erlang c": replace(CALLS, patience_seconds=None),
    "erlang a": CALLS,
    "call-backs": replace(CALLS, callback_share=0.3),
    "call-backs without patience": replace(CALLS, callback_share=0.3, patience_seconds=None),
    "chats": CHAT,
    "chats without patience": replace(CHAT, patience_seconds=None),
}


def worked(
    team: Team, contacts: list[float], aht: list[float], agents: int
) -> tuple[dict[str, Step], list[Performance]]:
    """The steps by name, and what the compiled formulas find for half an hour."""
    rates, handle = np.array(contacts)[:, None] * 2.0, np.array(aht)[:, None]
    found = team.performance(rates, handle, np.array([float(agents)]))
    return {step.name: step for step in written_out(team, contacts, aht, agents, 30)}, found


def level_of(steps: dict[str, Step]) -> float:
    return next(step.value for name, step in steps.items() if name.startswith("Service level"))


@pytest.mark.parametrize("kind", KINDS)
@given(
    contacts=st.floats(0.5, 400), aht=st.floats(20, 900), over=st.floats(0.0, 0.6),
    threshold=st.floats(0, 120), definition=st.sampled_from(DEFINITIONS),
)  # fmt: skip
def test_every_kind_of_queue_is_repeated_to_ten_digits(kind, contacts, aht, over, threshold, definition):
    queue = replace(KINDS[kind], target_seconds=threshold, service_level_definition=definition)
    held = queue.concurrency
    busy = contacts * aht / 1800 * (1 + 0.25 * (held - 1)) / held
    agents = int(busy * (1 + over)) + 1
    steps, (found,) = worked(Team((queue,)), [contacts], [aht], agents)
    wait = next(step.value for name, step in steps.items() if name.startswith("Have to wait"))
    occupancy = next(step.value for name, step in steps.items() if name.startswith("Occupancy"))
    assert wait == pytest.approx(found.p_wait[0], abs=1e-10)
    assert level_of(steps) == pytest.approx(found.service_level(definition)[0], abs=1e-10)
    assert steps["ASA"].value == pytest.approx(found.asa_served_s[0], rel=1e-8, abs=1e-9)
    assert occupancy == pytest.approx(found.occupancy[0], abs=1e-10)
    if queue.patience_seconds is not None:
        assert steps["Abandonment"].value == pytest.approx(found.p_abandon[0], abs=1e-10)
        assert steps["Answered"].value + steps["Abandonment"].value == pytest.approx(1)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_overload_with_patience_is_written_out_too(definition):
    queue = replace(CALLS, service_level_definition=definition)
    steps, (found,) = worked(Team((queue,)), [300.0], [180.0], 20)
    assert level_of(steps) == pytest.approx(found.service_level(definition)[0], abs=1e-10)


def test_call_backs_taken_are_those_of_the_formula():
    team = Team((KINDS["call-backs"],))
    steps, _ = worked(team, [100.0], [180.0], 10)
    taken = team.callbacks_per_hour(np.array([[200.0]]), np.array([[180.0]]), np.array([10.0]))[0, 0] / 2
    assert steps["Call-backs taken"].value == pytest.approx(taken, rel=1e-10)


@pytest.mark.parametrize("patience", [150, None])
def test_a_pool_is_told_class_by_class(patience):
    ranks = (5, 0, 5, -1)
    names = ("贵宾", "普通", "白金", "低")
    team = Team(
        tuple(
            replace(CALLS, name=name, priority=rank, patience_seconds=patience)
            for name, rank in zip(names, ranks, strict=True)
        )
    )
    steps, found = worked(team, [10.0, 80.0, 15.0, 5.0], [180.0] * 4, 14)
    for name, place in (("贵宾, 白金", 0), ("普通", 1), ("低", 3)):
        assert steps[f"{name}, mean wait of all"].value == pytest.approx(found[place].wait_all_s[0], rel=1e-9)
        if patience:
            assert steps[f"{name}, abandonment"].value == pytest.approx(found[place].p_abandon[0], rel=1e-9)
    assert steps["All are busy"].value == pytest.approx(found[1].p_wait[0], abs=1e-12)


def test_a_class_without_contacts_is_left_out():
    team = Team((replace(CALLS, name="VIP", priority=1), CALLS))
    steps, _ = worked(team, [0.0, 100.0], [180.0, 180.0], 14)
    assert "VIP, mean wait of all" not in steps
    assert "热线, mean wait of all" in steps


def test_there_is_nothing_to_write_where_nothing_is_asked_or_waits_never_end():
    patient = Team((KINDS["erlang c"],))
    assert written_out(patient, [0.0], [180.0], 3, 30) == ()
    assert written_out(patient, [100.0], [180.0], 0, 30) == ()
    assert written_out(patient, [100.0], [180.0], 10, 30) == ()
    assert written_out(Team((CALLS,)), [1e7], [3600.0], 10_000, 30) == ()  # weights beyond any number


def test_the_numbers_printed_lead_to_the_value_printed():
    step = next(
        s
        for s in written_out(Team((KINDS["erlang c"],)), [100], [180], 14, 30)
        if s.name.startswith("Service")
    )
    assert (
        str(step) == "Service level: 1 - C exp(-(n - a) T / AHT) = 1 - 0.17413 x exp(-4 x 20 / 180) → 88.835%"
    )
    assert round(100 * (1 - 0.17413 * np.exp(-4 * 20 / 180)), 3) == 88.835


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(0.5, "share", "50%"), (1e-7, "share", "1e-05%"), (90, "s", "90 s"), (23.0, "", "23")],
)
def test_numbers_are_short(value, unit, text):
    assert shown(value, unit) == text
