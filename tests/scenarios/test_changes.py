"""What-if changes: each does what it says and nothing else; identities that must hold whatever is asked."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scenarios
from centre.errors import BadInput
from centre.folder import Centre, read_centre
from centre.instants import Grid, day_number, to_timestamps
from scenarios.answers import Answer, answer
from scenarios.change_kinds import KINDS
from scenarios.changes import Scenario, read_changes
from scenarios.inputs import Inputs, inputs_of
from scheduler.solution import Limits
from scheduler.staffing import performance, required_agents

START = date(2026, 3, 2)
LIMITS = Limits(effort=1, workers=1)


@pytest.fixture(name="inputs", scope="module")
def inputs_fixture(centre: Centre) -> Inputs:
    """Two days of two queues, 08:00 to 22:00, with a forecast made by hand."""
    grid = Grid(centre.settings.centre.timezone, day_number(START), 2, 30)
    minute = grid.local_minutes()
    open_ = np.flatnonzero((minute >= 480) & (minute < 1320))
    parts = [
        pd.DataFrame(
            {
                "interval_start": to_timestamps(grid.starts[open_]), "queue": name, "aht_seconds": aht,
                "offered": scale * (1 + np.sin((minute[open_] - 480) / 840 * np.pi)),
            }
        )
        for name, aht, scale in (("calls", 240.0, 20.0), ("chat", 300.0, 9.0))
    ]  # fmt: skip
    table = pd.concat(parts, ignore_index=True)
    for name in ("offered_p10", "offered_p50", "offered_p90"):
        table[name] = table["offered"]
    return Inputs(centre, grid, table)


def asked(inputs: Inputs, *texts: str) -> Answer:
    return answer(Scenario("x", read_changes(texts, inputs, KINDS)).applied(inputs), "staffing", LIMITS)


def applied(inputs: Inputs, *texts: str) -> Inputs:
    return Scenario("x", read_changes(texts, inputs, KINDS)).applied(inputs)


def test_nothing_changed_is_exactly_the_same(inputs: Inputs) -> None:
    plain, none = answer(inputs, "staffing", LIMITS), asked(inputs)
    assert none.figures == plain.figures
    pd.testing.assert_frame_equal(none.by_interval, plain.by_interval)
    still = asked(inputs, "volume=+0%", "aht=x1", "set:objective.change=60", "shrinkage:sickness=+0")
    assert still.figures == plain.figures


@pytest.mark.parametrize(
    ("text", "rows", "factor"),
    [
        ("volume=+20%", lambda t, local: t["queue"] != "", 1.2),
        ("volume:calls=-10%", lambda t, local: t["queue"] == "calls", 0.9),
        ("volume:chat,2026-03-03=x2", lambda t, local: (t["queue"] == "chat") & (local.dt.day == 3), 2.0),
        ("volume:09:00-12:00=+50%", lambda t, local: (local.dt.hour >= 9) & (local.dt.hour < 12), 1.5),
        (
            "volume:2026-03-02..2026-03-02,21:00-22:00=x3",
            lambda t, local: (local.dt.day == 2) & (local.dt.hour == 21),
            3.0,
        ),
    ],
)
def test_volume_changes_there_and_nowhere_else(inputs: Inputs, text: str, rows, factor: float) -> None:
    before, after = inputs.forecast, applied(inputs, text).forecast
    local = before["interval_start"].dt.tz_convert("Asia/Shanghai")
    kept = rows(before, local).to_numpy()
    assert kept.any()
    np.testing.assert_allclose(after["offered"][kept], before["offered"][kept] * factor)
    np.testing.assert_allclose(after["offered_p90"][kept], before["offered_p90"][kept] * factor)
    assert (after["offered"][~kept] == before["offered"][~kept]).all()
    assert (after["aht_seconds"] == before["aht_seconds"]).all()


def test_arrivals_move_and_none_are_lost(inputs: Inputs) -> None:
    after = applied(inputs, "arrivals:calls=+60min").forecast
    both = [t[t["queue"] == "calls"]["offered"].to_numpy()[:28] for t in (inputs.forecast, after)]
    np.testing.assert_allclose(both[1][2:27], both[0][:25])
    assert both[1][:2].tolist() == [0, 0]
    assert after["offered"].sum() == pytest.approx(inputs.forecast["offered"].sum())


def test_people_come_and_go(inputs: Inputs) -> None:
    more = applied(inputs, "hire:full-time,0.7=3").centre.agents
    new = [agent for agent in more if agent not in inputs.centre.agents]
    assert len(new) == 3
    assert len({agent.agent_id for agent in more}) == len(more)
    assert {speed for agent in new for _, speed in agent.skills} <= {0.7, 0.56}
    fewer = applied(inputs, "leave:full-time=2").centre
    assert [a.agent_id for a in fewer.agents] == [a.agent_id for a in inputs.centre.agents][:-2]
    trained = applied(inputs, "crosstrain:chat,0.9=1").centre.agents
    changed = [a for a, b in zip(trained, inputs.centre.agents, strict=True) if a != b]
    assert [dict(a.skills)["chat"] for a in changed] == [0.9]
    moved = applied(inputs, "contract:full-time,part-time=2").centre.agents
    assert sum(a.contract == "part-time" for a in moved) == 2


def test_who_starts_on_a_date_learns_beside_a_mentor_of_their_own(inputs: Inputs) -> None:
    made = applied(inputs, "hire:full-time,2026-03-03=2")
    new = [agent for agent in made.centre.agents if agent.agent_id.startswith("new-")]
    by_id = {agent.agent_id: agent for agent in inputs.centre.agents}
    assert [agent.starts_on for agent in new] == [day_number(date(2026, 3, 3))] * 2
    assert {agent.stage for agent in new} == {"induction"}
    assert len({agent.mentor for agent in new}) == 2
    for agent in new:
        assert {queue for queue, _ in agent.skills} <= {queue for queue, _ in by_id[agent.mentor].skills}
    with pytest.raises(BadInput, match="can be mentored"):
        applied(inputs, "hire:full-time,2026-03-03=100")


def test_attrition_takes_the_last_of_a_contract_on_days_evenly_apart(inputs: Inputs) -> None:
    """4 people, 100 % a year over 180 days: 2 leave, in the middle of each half."""
    long = replace(inputs, grid=replace(inputs.grid, days=180))
    own = [agent.agent_id for agent in inputs.centre.agents if agent.contract == "full-time"]
    first = inputs.grid.first_day
    found = applied(long, "attrition:full-time=100%")
    gone = {a.agent_id: a.leaves_on - first for a in found.centre.agents if a.leaves_on is not None}
    count = round(len(own) * 180 / 365)
    assert list(gone) == own[len(own) - count :]
    assert list(gone.values()) == [int((k + 0.5) * 180 / count) for k in range(count)]
    assert applied(inputs, "attrition:full-time=10%").centre.agents == inputs.centre.agents


def test_an_event_is_there_and_nowhere_else_and_commutes() -> None:
    """An uplift that is told, on one day and its hours, in a centre whose history knows no such event."""
    centre = read_centre(Path(scenarios.__file__).parent / "examples" / "small")
    known = inputs_of(centre, START, 2)
    made = applied(known, "event:storm,2026-03-03,09:00-13:00,calls=+40%")
    ratio = made.forecast["offered"] / known.forecast["offered"]
    local = known.forecast["interval_start"].dt.tz_convert("Asia/Shanghai")
    there = (known.forecast["queue"] == "calls") & (local.dt.day == 3) & (local.dt.hour.isin([9, 10, 11, 12]))
    assert there.sum() == 8
    np.testing.assert_allclose(ratio[there], 1.4, rtol=2e-4)
    np.testing.assert_allclose(ratio[~there], 1.0)
    one, other = (
        applied(known, *texts).forecast["offered"]
        for texts in (
            ("event:storm,2026-03-03=+40%", "volume=-10%"),
            ("volume=-10%", "event:storm,2026-03-03=+40%"),
        )
    )
    np.testing.assert_allclose(one, other)
    for text in (
        "event:storm,2026-03-03=learn",
        "event:storm=+40%",
        "event:storm,2026-03-03=40",
        "event:=+1%",
    ):
        with pytest.raises(BadInput):
            applied(known, text)


def test_settings_rules_and_hours_change(inputs: Inputs) -> None:
    now = applied(
        inputs,
        "target_share:calls=90%",
        "preset=+eu-wtd",
        "patience_seconds=-20%",
        "opening:chat=mon-fri 09:00-18:00",
    )
    calls, chat = now.centre.settings.queue
    assert (calls.target_share, chat.target_share) == (0.9, 0.8)
    assert (calls.patience_seconds, chat.patience_seconds) == (120.0, 144.0)
    assert now.centre.settings.rules.presets[-1] == "eu-wtd"
    local = now.forecast[now.forecast["queue"] == "chat"]["interval_start"].dt.tz_convert("Asia/Shanghai")
    assert (local.dt.hour.min(), local.dt.hour.max()) == (9, 17)


def test_every_kind_has_an_example_that_its_own_reader_can_read(inputs: Inputs) -> None:
    """Examples name a queue calls, contracts full-time and part-time, and days in March 2026."""
    for kind in KINDS:
        text = kind.example.replace("8", "2") if kind.name == "hire" else kind.example
        text = text.replace("four-day=20", "part-time=2").replace("0.8=5", "0.8=1")
        (change,) = read_changes([text], inputs, KINDS)
        assert change.words
        if kind.name in (
            "transfer_share",
            "callback_share",
        ):  # the small centre tells no queue that takes them
            with pytest.raises(BadInput, match="the queue that takes"):
                change.apply(inputs)
        else:
            assert change.apply(inputs) is not inputs


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("volum=+1%", "did you mean 'volume'"),
        ("volume", "NAME=VALUE"),
        ("volume:cals=+1%", "did you mean 'calls'"),
        ("volume=lots", "an amount such as"),
        ("volume=+5", "a share such as +10%"),
        ("volume:2026-03-09=+1%", "days of the horizon"),
        ("volume:2026-03-03..2026-03-02=+1%", "the first date before the last"),
        ("volume:12:00-09:00=+1%", "its start before its end"),
        ("arrivals=+45min", "whole intervals of 30"),
        ("hire:night=2", "a contract of the centre (full-time, part-time)"),
        ("hire:full-time=0", "a number of people"),
        ("leave:full-time=99", "at most 6 people"),
        ("preset=-mars", "a preset in force"),
        ("max_asa=3", "NAME one that --list tells"),
    ],
)
def test_a_change_that_does_not_apply_is_told(inputs: Inputs, text: str, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_changes([text, "nonsense=1"], inputs, KINDS)
    assert len(caught.value.faults) == 2
    assert words in str(caught.value)


INDEPENDENT = ["volume:calls=+20%", "aht:chat=-10%", "target_share:calls=90%", "hire:full-time=2", "shrinkage:sickness=+2",
               "patience_seconds:chat=x0.5", "set:objective.change=10", "containment_share:calls=10%"]  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(st.permutations(INDEPENDENT).map(lambda texts: texts[:3]))
def test_independent_changes_commute(inputs: Inputs, texts: list[str]) -> None:
    there, back = (asked(inputs, *order) for order in (texts, texts[::-1]))
    assert there.figures == pytest.approx(back.figures)
    pd.testing.assert_frame_equal(there.by_interval, back.by_interval)


RATES = st.floats(5, 400)


@given(RATES, st.floats(60, 600), st.integers(2, 60), st.floats(5, 60), st.floats(30, 600), st.floats(0.5, 4))
def test_time_told_in_other_units_leaves_service_unchanged(rate, aht, agents, threshold, patience, k) -> None:
    one = performance(rate, aht, agents, threshold, patience)
    other = performance(rate * k, aht / k, agents, threshold / k, patience / k)
    assert other.sl_offered == pytest.approx(one.sl_offered, abs=1e-9)
    assert other.p_abandon == pytest.approx(one.p_abandon, abs=1e-9)


@given(
    RATES, st.floats(60, 600), st.integers(1, 60), st.floats(5, 60), st.one_of(st.none(), st.floats(30, 600))
)
def test_more_agents_never_lower_service(rate, aht, agents, threshold, patience) -> None:
    fewer, more = (performance(rate, aht, n, threshold, patience).sl_offered for n in (agents, agents + 1))
    assert more >= fewer - 1e-9


@given(RATES, RATES, st.floats(60, 600), st.floats(0.5, 0.95), st.floats(5, 60))
def test_pooling_two_like_queues_never_raises_the_requirement(one, other, aht, share, threshold) -> None:
    apart = required_agents(one, aht, share, threshold) + required_agents(other, aht, share, threshold)
    assert required_agents(one + other, aht, share, threshold) <= apart


def test_the_levels_agree_on_what_they_share(inputs: Inputs) -> None:
    """More is answered from level to level; what staffing says stays, a bound is below the rota's cost."""
    staffed = answer(inputs, "staffing", LIMITS)
    least, rota = answer(inputs, "bound", LIMITS), answer(inputs, "rota", LIMITS)
    played = answer(inputs, "simulated", LIMITS, replications=5)
    assert {k: least.figures[k] for k in staffed.figures} == pytest.approx(staffed.figures)
    for name in ("contacts", "required_hours", "people"):
        assert rota.figures[name] == staffed.figures[name]
    assert least.figures["bound_cost"] <= rota.figures["weighed_cost"] + 1e-6
    assert rota.figures["breaches"] == 0
    assert len(played.samples["simulated_service_level"]) == 5
    assert played.figures["simulated_service_level"] == pytest.approx(
        np.mean(played.samples["simulated_service_level"])
    )
    assert sum(v for k, v in rota.figures.items() if k.startswith("cost_")) == pytest.approx(
        rota.figures["weighed_cost"]
    )


def test_the_same_customers_call_in_every_scenario(inputs: Inputs) -> None:
    one, other = (answer(replace(inputs), "simulated", LIMITS, replications=5) for _ in range(2))
    assert one.samples == other.samples
