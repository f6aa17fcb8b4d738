"""Levers priced: hours, contacts and money by hand, on and off, beside others and against those that contradict them."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from centre.errors import BadInput
from centre.instants import Grid, day_number, to_timestamps
from centre.model import Peak
from scenarios.demand import holidays_of, requirement_of
from scenarios.levers import COLUMNS, hourly_cost, is_lever, priced_levers
from scenarios.plan import plan, rota_plan
from scenarios.results import write_plan
from scheduler.solution import Limits

START = date(2026, 2, 23)
MONDAY, TUESDAY = (START,), (date(2026, 2, 24),)
BOT = Peak(
    "机器人", TUESDAY, queues=("calls",), containment_share=0.4, cost_per_contact=0.5, cost_per_day=100.0
)


@pytest.fixture(name="grid")
def grid_fixture(centre):
    return Grid(centre.settings.centre.timezone, day_number(START), 2, 30)


@pytest.fixture(name="forecast")
def forecast_fixture(grid):
    """Forty calls of 240 s in every interval from 08:00 to 22:00, and ten chats."""
    minute = grid.local_minutes()
    starts = to_timestamps(grid.starts[(minute >= 480) & (minute < 1320)])
    tables = [
        pd.DataFrame({"interval_start": starts, "queue": name, "offered": offered, "aht_seconds": 240.0})
        for name, offered in (("calls", 40.0), ("chat", 10.0))
    ]
    return pd.concat(tables, ignore_index=True)


@pytest.fixture(name="priced")
def priced_fixture(centre, grid, forecast):
    def priced(*peaks):
        told = replace(centre, settings=replace(centre.settings, peak=peaks))
        return priced_levers(told, grid, forecast, holidays_of(told, grid))

    return priced


def needed(centre, grid, forecast, **calls):
    """Agents required for calls in every interval, with other settings throughout."""
    first, *others = centre.settings.queue
    settings = replace(centre.settings, queue=(replace(first, **calls), *others))
    table = requirement_of(forecast, settings, holidays_of(centre, grid))
    (agents,) = set(table[table["queue"] == "calls"]["agents_required"])
    return agents


def test_a_centre_without_peaks_has_no_levers(priced):
    assert priced() is None


def test_p5_a_bot_is_priced_by_what_it_keeps_away(priced, centre, grid, forecast):
    """28 intervals of 40 calls, 0.4 of them kept away: 448 at 0.5, and one day at 100. Four people at 42 an hour and two at 38, or so
    the contracts say; hours are agents over 14 hours.
    """
    (lever,) = priced(BOT).levers
    saved = 14.0 * (needed(centre, grid, forecast) - needed(centre, grid, forecast, containment_share=0.4))
    assert saved > 0
    assert (lever.agent_hours_saved, lever.contacts_kept_away, lever.days) == (saved, 448.0, 1)
    hourly = hourly_cost(centre)
    assert hourly == np.mean(
        [{"full-time": 42.0, "part-time": 38.0}[agent.contract] for agent in centre.agents]
    )
    assert (lever.cost, lever.saving) == (324.0, round(saved * hourly, 2))
    assert lever.net == round(lever.saving - 324.0, 2)
    assert lever.sentence == (
        f"lever 机器人 (on): {saved:g} agent-hours fewer on 1 day, worth {lever.saving:.2f} CNY at {hourly:.2f} an hour, "
        f"the mean of the people's contracts; its own cost 324.00 (448.0 contacts kept from agents); net {lever.net:.2f}"
    )


def test_one_that_is_off_is_priced_as_if_it_were_on_and_not_used(priced):
    on, off = priced(BOT), priced(replace(BOT, enabled=False))
    (lever,) = off.levers
    assert not lever.enabled
    assert replace(lever, enabled=True, sentence="") == replace(on.levers[0], sentence="")
    assert "(off, as if it were on)" in lever.sentence
    assert off.table["offered"].tolist() == off.table["offered_with_levers"].tolist()
    assert off.table["agents_required"].tolist() == off.table["agents_required_with_levers"].tolist()


def test_the_table_has_the_demand_with_and_without(priced, centre, grid, forecast):
    table = priced(BOT).table
    assert tuple(table.columns) == COLUMNS
    assert len(table) == len(forecast)
    days = table["interval_start"].dt.tz_convert("Asia/Shanghai").dt.date
    here = (days == TUESDAY[0]) & (table["queue"] == "calls")
    assert set(table[here]["offered"]) == {40.0}
    assert set(table[here]["offered_with_levers"]) == {24.0}
    assert set(table[here]["agents_required"]) == {needed(centre, grid, forecast)}
    assert set(table[here]["agents_required_with_levers"]) == {
        needed(centre, grid, forecast, containment_share=0.4)
    }
    assert table[~here]["offered"].tolist() == table[~here]["offered_with_levers"].tolist()


def test_a_higher_target_asks_for_hours(priced):
    (lever,) = priced(Peak("贵宾", MONDAY, target_share=0.99, target_seconds=1.0)).levers
    assert lever.agent_hours_saved < 0
    assert lever.saving < 0
    assert "agent-hours more" in lever.sentence


def test_p20_a_minimum_alone_is_no_lever_and_holds_on_both_sides(priced):
    found = priced(Peak("夜", MONDAY, queues=("chat",), minimum_agents=9), BOT)
    assert [lever.name for lever in found.levers] == ["机器人"]
    assert not is_lever(Peak("夜", MONDAY, minimum_agents=9))
    chat = found.table[found.table["queue"] == "chat"]
    assert set(chat["agents_required"][:28]) == set(chat["agents_required_with_levers"][:28]) == {9}


def test_each_is_priced_beside_the_others(priced):
    """Levers on different days add up to the difference of the table."""
    found = priced(BOT, replace(BOT, name="周一", dates=MONDAY, containment_share=0.2))
    table = found.table
    hours = float((table["agents_required"] - table["agents_required_with_levers"]).sum()) / 2
    assert sum(lever.agent_hours_saved for lever in found.levers) == hours
    assert [lever.contacts_kept_away for lever in found.levers] == [448.0, 224.0]


def test_one_that_contradicts_another_is_priced_without_it(priced):
    stronger = replace(BOT, name="更多", containment_share=0.6, enabled=False)
    found = priced(BOT, stronger)
    assert found.levers[1].without == ("机器人",)
    assert found.levers[1].contacts_kept_away == 672.0
    assert "off, as if it were on and 机器人, which contradicts it, were off" in found.levers[1].sentence
    assert found.levers[0].without == ()
    with pytest.raises(BadInput, match="机器人"):
        priced(BOT, replace(stronger, enabled=True))


def test_one_beside_the_horizon_is_worth_nothing(priced):
    (lever,) = priced(replace(BOT, dates=(date(2030, 1, 1),))).levers
    assert (lever.agent_hours_saved, lever.cost, lever.net) == (0.0, 0.0, 0.0)
    assert lever.sentence == "lever 机器人 (on): holds on no day of the horizon"


def test_the_results_have_them(centre, solver, tmp_path):
    told = replace(centre, settings=replace(centre.settings, peak=(BOT,)))
    made = plan(told, START, 2, Limits(effort=1))
    write_plan(made, tmp_path / "out")
    table = pd.read_csv(tmp_path / "out" / "levers.csv")
    assert tuple(table.columns) == COLUMNS
    (told_lever,) = json.loads((tmp_path / "out" / "plan.json").read_text(encoding="utf-8"))["levers"]
    assert told_lever["name"] == "机器人"
    assert {"enabled", "agent_hours_saved", "cost", "saving", "net", "sentence"} <= told_lever.keys()
    assert table["agents_required_with_levers"].sum() == made.requirement["agents_required"].sum()
    hours = (table["agents_required"] - table["agents_required_with_levers"]).sum() / 2
    assert told_lever["agent_hours_saved"] == hours
    bare = rota_plan(told, made.requirement, START, 2, Limits(effort=1))
    write_plan(bare, tmp_path / "bare")
    assert not (tmp_path / "bare" / "levers.csv").exists()


def test_one_that_is_off_and_could_not_be_on_is_told(priced):
    """Call-backs to nobody would fail the day they are switched on."""
    with pytest.raises(BadInput, match=r"queue\.calls\.callback_to.*回呼"):
        priced(Peak("回呼", TUESDAY, queues=("calls",), callback_share=0.5, enabled=False))


def test_hours_past_midnight_count_for_the_day_they_began(priced):
    """From 20:00 to 26:00 on Monday: open until 22:00, four intervals of 40 calls, 0.5 of them kept away; one day."""
    (lever,) = priced(replace(BOT, dates=MONDAY, opens=1200, closes=1560, containment_share=0.5)).levers
    assert (lever.contacts_kept_away, lever.days, lever.cost) == (80.0, 1, 140.0)
