"""Planning and the triggers of backup take turns: what triggers will bring is reckoned with where that is cheaper and serves as well."""

from dataclasses import replace

import numpy as np
import pytest

from scenarios.backup_rounds import expected_backup, judged_by_triggers
from scenarios.plan import Plan, rota_plan
from scenarios.replications import play
from scenarios.rounds import Round, best_of
from scheduler.backup import with_backup
from tests.scenarios.test_rehearsal import LIMITS, forecast, small
from tests.scheduler.test_backup_call_outs import MONDAY

PEAK = forecast(50.0)


def triggered(**pool: object) -> Plan:
    """Backup that only its trigger may call, for a day with a peak."""
    changed = replace(small().settings.backup[0], planned=False, threshold=6.0, **pool)
    here = replace(small(), settings=replace(small().settings, backup=(changed,)))
    from scenarios.demand import requirement_of

    return rota_plan(here, requirement_of(PEAK, here.settings, {}), MONDAY, 1, LIMITS, forecast=PEAK)


def test_the_rounds_tell_what_triggers_add_and_one_is_chosen() -> None:
    plan = triggered()
    assert 1 <= len(plan.backup_rounds) <= 3
    assert [each.chosen for each in plan.backup_rounds].count(True) == 1
    first = plan.backup_rounds[0]
    assert first.live_call_outs > 1
    assert first.live_cost > 0
    assert plan.backup_rounds[best_of(plan.backup_rounds)].chosen


def test_backup_to_expect_is_the_time_that_people_are_there() -> None:
    plan = triggered()
    assert plan.problem is not None
    centre = with_backup(plan.centre)
    played = play(centre, plan.rota, PEAK, 30, 1, 1, plan.requirement)
    expected = expected_backup(played, centre, plan.problem)
    log = played.result.call_outs
    end = played.grid.interval_minutes * 60.0 * expected.shape[1]
    there = np.where(np.isfinite(log["left_s"]), log["left_s"], end) - log["arrived_s"]
    assert expected.sum() * 3600 == pytest.approx(np.nansum(there) / 30)
    assert (expected >= 0).all()
    assert expected.shape == plan.problem.required.shape


def test_a_trigger_that_never_fires_ends_the_rounds_at_once() -> None:
    plan = triggered(release_threshold=5.0, calls_a_month=None, also=())
    quiet = replace(plan.centre.settings.backup[0], threshold=500.0)
    centre = replace(plan.centre, settings=replace(plan.centre.settings, backup=(quiet,)))
    assert plan.problem is not None
    problem, _, left, rounds = judged_by_triggers(
        centre, plan.problem, PEAK, plan.requirement, replace(LIMITS, effort=10), None
    )
    assert problem is plan.problem
    assert [(each.live_call_outs, each.chosen) for each in rounds] == [(0.0, True)]
    assert left.effort == 9


def test_the_cheapest_that_serves_as_well_is_chosen() -> None:
    rounds = [Round(100.0, 30.0, 0.90, 4.0), Round(80.0, 30.0, 0.85, 5.0), Round(95.0, 30.0, 0.897, 4.0)]
    assert best_of(rounds) == 2
