"""A day with a peak rehearsed: backup against nobody called, overtime and permanent staff; and who stands by."""

from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from centre.backup_file import named_members
from centre.errors import BadInput, Faults
from centre.folder import Centre
from centre.instants import local_instant
from centre.model import Contract, Overtime, Peak, ShiftTemplate
from scenarios.demand import requirement_of
from scenarios.plan import Plan, rota_plan
from scenarios.rehearsal import BACKUP, NOBODY, OVERTIME, PERMANENT, Rehearsal, rehearse, usual_fee
from scenarios.rehearsal_told import figures, sentences, table
from scenarios.standby import standby
from scenarios.worlds import busiest_day, without_call_outs, world
from scheduler.cost import MONEY
from scheduler.solution import Limits
from tests.scheduler.test_backup_call_outs import DAY, HELP, MONDAY, WEEKDAYS, ZONE, centre

LIMITS = Limits(effort=1, workers=1)
TIMES = 40


@cache
def small() -> Centre:
    """Two people on day shifts, who may work an hour more, and five to be called."""
    pool = replace(HELP, agents=5, threshold=8.0, lead_minutes=10.0, planned=True)
    made, _ = centre(pool, {})
    longer = ShiftTemplate("long", 540, 540, 600, days=WEEKDAYS)
    contract = Contract("full", 480, 2400, 1, 5, ("day", "long"), 40.0, Overtime(120))
    objective = replace(made.settings.objective, shortage_per_agent_hour=400.0)
    settings = replace(
        made.settings, shift=(*made.settings.shift, longer), contract=(contract,), objective=objective
    )
    return replace(made, settings=settings, backup=named_members((pool,), (), ("a", "b"), Faults()))


def forecast(peak: float) -> pd.DataFrame:
    """From 9 to 22: ten contacts an hour, and ``peak`` from 12 to 14."""
    rows = [
        (pd.Timestamp(local_instant(ZONE, DAY, 60 * hour), unit="m", tz="UTC"), "chat", peak if hour in (12, 13) else 8.0, 300.0)
        for hour in range(9, 17)
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["interval_start", "queue", "offered", "aht_seconds"])
    return table.assign(**{f"offered_p{band}": table["offered"] for band in (10, 50, 90)})


@cache
def made(peak: float = 50.0) -> Plan:
    table = forecast(peak)
    needed = requirement_of(table, small().settings, {})
    return replace(rota_plan(small(), needed, MONDAY, 1, LIMITS, forecast=table), forecast=table)


@cache
def rehearsed() -> Rehearsal:
    return rehearse(small(), made(), TIMES)


def test_the_ways_stand_side_by_side_with_what_each_costs_and_does() -> None:
    found = rehearsed()
    backup, nobody, overtime, permanent = found.worlds
    assert [each.name for each in found.worlds] == [BACKUP, NOBODY, OVERTIME, PERMANENT]
    assert backup.planned_calls > 0
    planned = sum(made().solution.cost.get(term, 0.0) for term in MONEY)
    assert backup.planned_cost == pytest.approx(planned)
    extra = made().solution.cost["backup"] + made().solution.cost["call_out"]
    assert nobody.cost == pytest.approx(planned - extra)
    assert float(backup.share_in_time.mean[0]) > float(nobody.share_in_time.mean[0]) + 0.1
    assert float(backup.met.mean) > float(nobody.met.mean)
    assert overtime.cost <= backup.cost
    assert overtime.planned_calls == 0
    assert float(permanent.met.mean) >= float(backup.met.mean)


def test_at_the_break_even_price_backup_costs_as_much_as_the_cheapest_that_does_as_well() -> None:
    found = rehearsed()
    backup, *others = found.worlds
    assert found.break_even is not None
    as_good = [each.cost for each in others if float(each.met.mean) >= float(backup.met.mean)]
    assert backup.cost + backup.calls * (found.break_even - usual_fee(small())) == pytest.approx(min(as_good))
    assert found.yearly_cost == pytest.approx((found.more_people or 0) * 480 / 60 * 40 * 52)


def test_one_person_fewer_does_not_do_as_well() -> None:
    found = rehearsed()
    assert found.more_people is not None
    if found.more_people > 1:
        fewer = replace(small(), agents=(*small().agents, *_more(found.more_people - 1)))
        alone = replace(fewer, settings=replace(fewer.settings, backup=()), backup=())
        plan = rota_plan(alone, made().requirement, MONDAY, 1, LIMITS, forecast=made().forecast)
        played = rehearse(small(), replace(plan, forecast=made().forecast), TIMES).worlds[0]
        assert float(played.met.mean) < float(found.worlds[0].met.mean)


def _more(count: int) -> list:
    like = small().agents[0]
    return [replace(like, agent_id=f"+{k:03d}", skills=(("chat", 1.0),)) for k in range(1, count + 1)]


def test_it_is_told_in_words_a_table_and_figures() -> None:
    found = rehearsed()
    said = list(sentences(found))
    assert "with nobody called" in said[0]
    assert f"{found.more_people} more people do as well" in said[3]
    rows = table(found)
    assert rows.groupby("world").size().to_dict() == dict.fromkeys((BACKUP, NOBODY, OVERTIME, PERMANENT), 2)
    assert ((rows["target_met_low"] >= 0) & (rows["target_met_high"] <= 1)).all()
    assert figures(found)["break_even_call_out_cost"] == found.break_even


def test_what_cannot_be_rehearsed_is_told() -> None:
    with pytest.raises(BadInput) as caught:
        rehearse(replace(small(), settings=replace(small().settings, backup=())), made())
    assert "[[backup]]" in str(caught.value)
    with pytest.raises(BadInput) as caught:
        rehearse(small(), made(), TIMES, date(2026, 5, 20))
    assert "2026-05-20" in str(caught.value)
    assert busiest_day(made()) == DAY


def test_nobody_called_means_nobody() -> None:
    bare = without_call_outs(made())
    assert not (bare.rota.to_frame()["activity"] == "backup").any()
    assert {agent.agent_id for agent in bare.centre.agents} == {"a", "b"}
    assert bare.centre.settings.backup == ()


def paths(*peaks: float) -> pd.DataFrame:
    table = forecast(0.0)[["interval_start", "queue"]]
    return table.assign(**{f"path_{k}": forecast(peak)["offered"] for k, peak in enumerate(peaks, start=1)})


@cache
def calm(standby_cost: float) -> Plan:
    """A plan for a day without a peak, of a pool that is only to stand by."""
    pool = replace(small().settings.backup[0], standby_hourly_cost=standby_cost, planned=False)
    here = replace(small(), settings=replace(small().settings, backup=(pool,)))
    table = forecast(8.0)
    return replace(
        rota_plan(here, requirement_of(table, here.settings, {}), MONDAY, 1, LIMITS, forecast=table),
        forecast=table,
    )


def test_people_stand_by_where_demand_may_come_and_each_with_their_chance() -> None:
    found = standby(calm(1.0), paths(*[8.0] * 5, *[40.0] * 3, *[60.0] * 2), LIMITS)
    rows = found.intervals.set_index(found.intervals["interval_start"].dt.tz_convert(ZONE).dt.hour)
    assert rows.loc[12, "chance_of_call"] == pytest.approx(0.5)
    assert rows.loc[12, "standing_by"] >= 2
    chances = found.windows["chance_of_call"].tolist()
    assert set(chances) <= {0.5, 0.2}
    assert found.cost == pytest.approx(
        found.windows["standby_cost"].sum() + found.windows["expected_call_cost"].sum()
    )
    assert found.saved > found.windows["standby_cost"].sum()
    assert found.paths == 10
    assert found.windows.groupby("agent_id").size().max() == 1


def test_nobody_stands_by_where_it_costs_more_than_it_is_worth_or_nothing_may_come() -> None:
    assert standby(calm(100.0), paths(8.0, 8.0, 8.0, 40.0), LIMITS).windows.empty
    assert standby(calm(1.0), paths(8.0, 8.0), LIMITS).windows.empty


def test_whoever_is_called_out_already_does_not_stand_by_near_it() -> None:
    busy = set(np.array(made().rota.agent_ids)[made().rota.agent[made().rota.is_kind("backup")]])
    pool = replace(made().centre.settings.backup[0], standby_hourly_cost=1.0)
    plan = replace(
        made(), centre=replace(made().centre, settings=replace(made().centre.settings, backup=(pool,)))
    )
    people = {
        name: replace(person, backup=pool if person.backup else None)
        for name, person in (plan.facts.people or {}).items()
    }
    plan = replace(plan, facts=replace(plan.facts, people=people))
    found = standby(plan, paths(90.0, 90.0), LIMITS)
    assert busy
    assert not busy & set(found.windows["agent_id"])


def test_targets_of_a_peak_are_those_that_its_day_is_judged_by() -> None:
    """Of every contact in time on a day that asks for so much, nobody called does as well as anybody."""
    eased = Peak("eased", dates=(MONDAY,), target_share=0.05)
    centre = replace(made().centre, settings=replace(made().centre.settings, peak=(eased,)))
    usual, judged = (
        world("w", without_call_outs(replace(made(), centre=each)), TIMES, 1, 1, DAY)
        for each in (made().centre, centre)
    )
    assert float(usual.met.mean) < 0.5
    assert float(judged.met.mean) == 1.0
    assert usual.share_in_time.mean[0] == judged.share_in_time.mean[0]
