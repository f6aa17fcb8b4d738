"""Simulated contacts at peaks: what a bot leaves is what comes, and what is simulated as on other days is said."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.instants import Grid, day_number, to_timestamps
from centre.model import Peak
from scenarios.agreed import agreed
from scenarios.peak_contacts import at_peaks, simulated_as_usual
from scenarios.peak_settings import settings_in_force
from scenarios.plan import rota_plan
from scenarios.simulation import simulated
from scheduler.rota import COLUMNS, Rota
from scheduler.solution import Limits
from scheduler.staffing.demand import demand
from scheduler.staffing.flows import own_demand

START = date(2026, 2, 23)
TUESDAY = (date(2026, 2, 24),)


def asked_of(centre, days=2):
    """Forty calls and ten chats in every interval, with the grid."""
    grid = Grid(centre.settings.centre.timezone, day_number(START), days, 30)
    tables = [
        pd.DataFrame(
            {
                "interval_start": to_timestamps(grid.starts),
                "queue": name,
                "offered": offered,
                "aht_seconds": 240.0,
            }
        )
        for name, offered in (("calls", 40.0), ("chat", 10.0))
    ]
    return grid, pd.concat(tables, ignore_index=True)


def with_peaks(centre, *peaks, **calls):
    queues = (replace(centre.settings.queue[0], **calls), *centre.settings.queue[1:])
    return replace(centre, settings=replace(centre.settings, queue=queues, peak=peaks))


@given(
    usual=st.tuples(st.floats(0, 0.9), st.floats(1, 2)), then=st.tuples(st.floats(0, 0.9), st.floats(1, 2)),
    resolved=st.floats(0.5, 1.0),
)  # fmt: skip
def test_p5_usual_settings_make_the_contacts_of_the_settings_in_force(small_centre, usual, then, resolved):
    told = dict(zip(("containment_share", "containment_aht_factor"), then, strict=True))
    base = dict(zip(("containment_share", "containment_aht_factor"), usual, strict=True))
    repeats = {"first_contact_resolution": resolved, "history_first_contact_resolution": 1.0}
    centre = with_peaks(small_centre, Peak("p", TUESDAY, queues=("calls",), **told), **base, **repeats)
    grid, forecast = asked_of(centre)
    in_force = settings_in_force(centre, grid)
    asked = demand(forecast, centre.settings, np.ones(len(forecast), dtype=bool))
    changed = at_peaks(asked, in_force)
    for k in (0, 47, 48, 95):
        by = in_force.at(k).queue[0]
        own, other = changed.queues["calls"], asked.queues["calls"]
        found = own_demand(centre.settings.queue[0], own.offered[k], own.aht_seconds[k])
        expected = own_demand(by, other.offered[k], other.aht_seconds[k])
        assert [float(each) for each in found] == pytest.approx([float(each) for each in expected])
    assert changed.queues["chat"] is asked.queues["chat"]


def test_without_a_peak_nothing_is_touched(centre):
    grid, forecast = asked_of(centre)
    asked = demand(forecast, centre.settings, np.ones(len(forecast), dtype=bool))
    changed = at_peaks(asked, settings_in_force(centre, grid))
    assert all(changed.queues[name] is asked.queues[name] for name in asked.queues)


def test_what_is_simulated_as_usual_is_said(centre):
    grid, _ = asked_of(centre)
    peaks = (
        Peak("vip", TUESDAY, priority=2, target_seconds=5.0, minimum_agents=1), Peak("bot", TUESDAY, containment_share=0.1),
        Peak("off", TUESDAY, priority=2, enabled=False), Peak("later", (date(2030, 1, 1),), priority=2),
    )  # fmt: skip
    assert list(simulated_as_usual(settings_in_force(with_peaks(centre, *peaks), grid))) == [
        "peak vip: simulated with priority, target_seconds as on other days"
    ]


def test_fewer_come_in_the_simulation_while_the_bot_helps(centre):
    """Six people from 09:00 to 17:00 on both days; half of the calls of Tuesday never reach them."""
    _, forecast = asked_of(centre)
    rows = [
        (agent.agent_id, day, pd.Timestamp(f"{day}T09:00", tz="Asia/Shanghai"), pd.Timestamp(f"{day}T17:00", tz="Asia/Shanghai"),
         "work:*", "班", True)
        for agent in centre.agents for day in (START, *TUESDAY)
    ]  # fmt: skip
    rota = Rota.from_frame(pd.DataFrame(rows, columns=list(COLUMNS)))
    bot = Peak("bot", TUESDAY, queues=("calls",), containment_share=0.5)

    def offered(place):
        table, totals = simulated(place, rota, forecast, replications=2)
        days = table["interval_start"].dt.tz_convert("Asia/Shanghai").dt.date
        calls = table[table["queue"] == "calls"]
        return calls.groupby(days)["offered"].sum(), totals["warnings"]

    usual, _ = offered(centre)
    helped, _ = offered(with_peaks(centre, bot))
    assert helped[START] == usual[START]
    assert helped[TUESDAY[0]] == pytest.approx(usual[TUESDAY[0]] / 2, rel=0.15)
    _, said = offered(with_peaks(centre, replace(bot, priority=3)))
    assert "peak bot: simulated with priority as on other days" in said


def test_what_is_agreed_with_a_client_is_what_is_in_force(quick, centre, solver):
    """0.8 on Monday, 0.95 on Tuesday, and over the week their mean by contacts."""
    made = rota_plan(
        with_peaks(centre, Peak("p", TUESDAY, queues=("calls",), target_share=0.95)),
        quick.requirement,
        START,
        7,
        Limits(effort=1),
    )
    table = agreed(made)
    days = table[(table["period"] == "day") & (table["queue"] == "calls")].set_index("start")
    assert days["agreed_share"].drop("2026-02-24").unique().tolist() == [0.8]
    assert days.loc["2026-02-24", "agreed_share"] == 0.95
    (week,) = table[(table["period"] == "horizon") & (table["queue"] == "calls")].to_dict("records")
    mean = (days["agreed_share"] * days["contacts"]).sum() / days["contacts"].sum()
    assert week["agreed_share"] == pytest.approx(mean, abs=1e-5)
    pd.testing.assert_frame_equal(
        agreed(quick)[lambda t: t["queue"] == "chat"], table[table["queue"] == "chat"]
    )
    assert set(agreed(quick)["agreed_share"]) == {0.8}


@pytest.fixture(scope="session", name="small_centre")
def small_centre_fixture(centre):
    """For hypothesis, which needs one that is there throughout."""
    return centre
