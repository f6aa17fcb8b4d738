"""Policy rows P7 and P20 on the example centre that carries them: who is on duty in every open interval; Monday 2026-05-11."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import scenarios
from centre.folder import Centre, read_centre
from centre.model import Mix, Settings
from scenarios.cost_told import cost_told, mix_sentence, mixes_told
from scenarios.plan import Plan, rota_plan
from scenarios.results import plan_json
from scheduler.solution import Limits

FOLDER = Path(scenarios.__file__).parent / "examples" / "customer-service"
CREW = {"supervisor": 4, "intermediate": 1, "junior": 4}
OPEN = pd.date_range("2026-05-11 08:00", periods=28, freq="30min", tz="Asia/Shanghai")


@pytest.fixture(scope="module")
def example() -> Centre:
    return read_centre(FOLDER)


def small(example: Centre) -> Centre:
    """Nine people of the hotline, of whom everybody but the juniors would rather have the day off; 2 on duty at least."""
    phone = [a for a in example.agents if a.team.startswith("热线") and a.contract == "全职"]
    agents = tuple(
        agent for level, many in CREW.items() for agent in [a for a in phone if a.level == level][:many]
    )
    wishes = pd.DataFrame(
        [(a.agent_id, date(2026, 5, 11), "off", "", 1.0, 2) for a in agents if a.level != "junior"],
        columns=["agent_id", "date", "kind", "shift", "weight", "row"],
    )
    contracts = tuple(
        replace(c, days_min=0, weekly_minutes_min=0) if c.name == "全职" else c
        for c in example.settings.contract
    )
    mixes = tuple(replace(m, minimum=m.minimum and min(m.minimum, 2)) for m in example.settings.mix)
    settings = replace(
        example.settings, contract=contracts, mix=tuple(m for m in mixes if "在线" not in m.of)
    )
    return replace(
        example,
        agents=agents,
        settings=settings,
        requests=wishes,
        leave=example.leave[:0],
        ledger=example.ledger[:0],
    )


def planned(centre: Centre, mix: Sequence[Mix]) -> Plan:
    """The plan of one day on which one agent is needed."""
    needed = pd.DataFrame(
        {
            "interval_start": OPEN.tz_convert("UTC"), "queue": "热线", "offered": 4.0, "aht_seconds": 240.0,
            "agents_required": 1, "agents_to_roster": 1.0, "service_level": 0.9, "asa_seconds": 1.0,
            "abandonment": 0.0, "occupancy": 0.5,
        }
    )  # fmt: skip
    told = replace(centre, settings=replace(centre.settings, mix=tuple(mix)))
    return rota_plan(told, needed, date(2026, 5, 11), 1, Limits(effort=4, workers=1, gap=0.0))


def at_work(plan: Plan, levels: set[str]) -> list[float]:
    """People of these levels at work in each open half hour, counted minute by minute."""
    frame, level = plan.rota.to_frame(), {a.agent_id: a.level for a in plan.centre.agents}
    frame = frame[frame["activity"].str.startswith("work") & frame["agent_id"].map(level).isin(levels)]
    spans = list(zip(frame["start"], frame["end"], strict=True))
    half_hour = pd.Timedelta("30min")
    return [
        sum(max(0.0, (min(end, at + half_hour) - max(start, at)) / half_hour) for start, end in spans)
        for at in OPEN
    ]


LEADS, ALL = {"supervisor", "manager"}, {"junior", "intermediate", "senior", "supervisor", "manager"}


def test_the_example_asks_for_what_the_policy_says(example: Centre) -> None:
    settings: Settings = example.settings
    mixes = {mix.name: mix for mix in settings.mix}
    assert (mixes["值班主管"].levels, mixes["值班主管"].minimum) == (("supervisor", "manager"), 1)  # P7
    assert mixes["热线资深占比"].share == 0.15  # P7
    assert "junior" not in mixes["热线不全是新人"].levels
    assert mixes["全中心最低在岗"].minimum == 6  # P20
    assert [w for w in example.warnings if "mix" in w] == []


def test_p7_p20_every_open_interval_is_led_mixed_and_manned(example: Centre) -> None:
    centre = small(example)
    without, made = (planned(centre, mix) for mix in ((), centre.settings.mix))
    assert min(at_work(without, LEADS)) < 1  # who works against a wish, a lead or another, costs the same
    assert min(at_work(made, LEADS)) >= 1  # P7: also while one of them has a break
    assert min(at_work(made, ALL)) >= 2  # P20
    for seniors, everybody in zip(at_work(made, LEADS | {"senior"}), at_work(made, ALL), strict=True):
        assert seniors >= 0.15 * everybody - 1e-9
    assert made.solution.cost["mix"] == 0.0
    assert made.breaches == []
    told = {mix.name: mix for mix in mixes_told(made)}
    assert set(told) == {"值班主管", "热线资深占比", "热线不全是新人", "全中心最低在岗"}
    assert {(mix.intervals, mix.short, mix.amount) for mix in told.values()} == {(28, 0, 0.0)}
    assert mix_sentence(told["值班主管"]) == "Mix 值班主管: kept in all 28 intervals"
    assert plan_json(made)["mixes"][0]["hours_missing"] == 0.0


def test_what_cannot_be_kept_is_told_with_its_price(example: Centre) -> None:
    """Two managers are asked for and the example has none: 14 open hours of two people at 50."""
    centre = small(example)
    asked = Mix("两位经理", levels=("manager",), minimum=2, of="queue:热线", price_per_hour=50.0)
    made = planned(centre, (asked,))
    (told,) = mixes_told(made)
    assert (told.intervals, told.short) == (28, 28)
    assert told.hours_missing == pytest.approx(28.0)
    assert made.solution.cost["mix"] == pytest.approx(1400.0)
    assert sum(term.amount for term in cost_told(made)) == pytest.approx(made.solution.objective)
    (term,) = [term for term in cost_told(made) if term.name == "mix:两位经理"]
    assert (term.times, term.amount) == pytest.approx((28.0, 1400.0))
    assert (term.unit, term.money) == ("hours", False)
