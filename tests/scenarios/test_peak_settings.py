"""Peaks through requirement, rota problem, curves and coverage: settings hold on the rows of their peaks and nowhere else."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.errors import BadInput
from centre.instants import Grid, day_number, to_timestamps
from centre.model import Objective, Peak, Queue
from scenarios.demand import holidays_of, requirement_of
from scenarios.peak_settings import check_over_days, settings_in_force
from scenarios.plan import plan, rota_plan
from scenarios.results import write_plan
from scheduler.solution import Limits
from scheduler.staffing.curves import shortage_curves

START = date(2026, 2, 23)
TUESDAY = (date(2026, 2, 24),)
LIMITS = Limits(effort=1)
MAIL = Queue("mail", "email", target_hours=2.0, aht_seconds=300.0)


@pytest.fixture(name="grid")
def grid_fixture(centre):
    return Grid(centre.settings.centre.timezone, day_number(START), 3, 30)


@pytest.fixture(name="forecast")
def forecast_fixture(grid):
    """Forty calls and ten chats in every interval from 08:00 to 22:00."""
    minute = grid.local_minutes()
    starts = to_timestamps(grid.starts[(minute >= 480) & (minute < 1320)])
    tables = [
        pd.DataFrame({"interval_start": starts, "queue": name, "offered": offered, "aht_seconds": 240.0})
        for name, offered in (("calls", 40.0), ("chat", 10.0))
    ]
    return pd.concat(tables, ignore_index=True)


def with_peaks(centre, *peaks, **queue):
    """The centre with these peaks, and settings of its first queue changed."""
    first, *others = centre.settings.queue
    queues = (replace(first, **queue), *others)
    return replace(centre, settings=replace(centre.settings, peak=peaks, queue=queues))


def needed(centre, grid, forecast, in_force=None):
    holidays = holidays_of(centre, grid)
    told = in_force or settings_in_force(centre, grid)
    return requirement_of(
        forecast, centre.settings, holidays, centre.backlog, calendar=centre.calendar, in_force=told
    )


def on(table, *days):
    """Which rows are of these local days."""
    local = table["interval_start"].dt.tz_convert("Asia/Shanghai").dt.date
    return local.isin(days).to_numpy()


def test_without_a_peak_everything_is_as_it_was(centre, grid, forecast):
    in_force = settings_in_force(centre, grid)
    assert len(in_force.variants) == 1
    assert in_force.at(0) is centre.settings
    plain = requirement_of(
        forecast, centre.settings, holidays_of(centre, grid), centre.backlog, calendar=centre.calendar
    )
    pd.testing.assert_frame_equal(needed(centre, grid, forecast), plain)


@pytest.mark.parametrize(
    "peak",
    [
        Peak("off", TUESDAY, target_share=0.95, enabled=False),
        Peak("later", (date(2030, 1, 1),), target_share=0.95),
    ],
)
def test_a_peak_that_is_off_or_elsewhere_changes_nothing(centre, grid, forecast, peak):
    changed = with_peaks(centre, peak)
    pd.testing.assert_frame_equal(needed(changed, grid, forecast), needed(centre, grid, forecast))
    (only,) = settings_in_force(changed, grid).variants
    assert only[0] is changed.settings


@pytest.mark.parametrize(
    "told",
    [
        {"target_share": 0.99}, {"target_seconds": 0.0, "target_share": 0.95}, {"minimum_agents": 25}, {"max_occupancy": 0.5},
        {"containment_share": 0.4}, {"containment_share": 0.4, "containment_aht_factor": 1.3},
    ],
    ids=lambda told: "+".join(told),
)  # fmt: skip
def test_settings_hold_on_the_rows_of_the_peak_exactly(centre, grid, forecast, told):
    """The rows of the day are those of a centre with the setting throughout, all others those of the centre without."""
    peak = Peak("双11", TUESDAY, queues=("calls",), **told)
    found, plain = needed(with_peaks(centre, peak), grid, forecast), needed(centre, grid, forecast)
    throughout = needed(with_peaks(centre, **told), grid, forecast)
    here = on(found, *TUESDAY) & (found["queue"] == "calls").to_numpy()
    assert here.sum() == 28
    pd.testing.assert_frame_equal(found[here], throughout[here])
    pd.testing.assert_frame_equal(found[~here], plain[~here])
    assert (found["agents_required"][here] != plain["agents_required"][here]).all()


def test_p5_a_bot_takes_simple_questions_in_the_hours_of_the_peak(centre, grid, forecast):
    """At 18:00 to 22:00 a bot takes 0.3 of 40 calls, and those left are 1.2 times as long: 28 calls of 288 s."""
    peak = Peak(
        "机器人",
        TUESDAY,
        opens=1080,
        closes=1320,
        queues=("calls",),
        containment_share=0.3,
        containment_aht_factor=1.2,
    )
    table = needed(with_peaks(centre, peak), grid, forecast)
    calls = table[table["queue"] == "calls"]
    hour = calls["interval_start"].dt.tz_convert("Asia/Shanghai").dt.hour.to_numpy()
    here = on(calls, *TUESDAY) & (hour >= 18)
    assert calls.loc[here, ["offered", "aht_seconds"]].drop_duplicates().to_numpy().tolist() == [
        [28.0, 288.0]
    ]
    assert calls.loc[~here, ["offered", "aht_seconds"]].drop_duplicates().to_numpy().tolist() == [
        [40.0, 240.0]
    ]


def test_p4_vip_first_while_the_peak_holds(centre, grid, forecast):
    """In one team the queue that goes first keeps a strict target with fewer agents; on other days both wait alike."""
    calls, chat = centre.settings.queue
    pooled = tuple(
        replace(queue, pool="一线", patience_seconds=None, channel="voice", max_occupancy=None)
        for queue in (calls, chat)
    )
    strict = (pooled[0], replace(pooled[1], target_share=0.95))
    base = replace(centre, settings=replace(centre.settings, queue=strict))
    peak = Peak("贵宾优先", TUESDAY, queues=("chat",), priority=5)
    found = needed(replace(base, settings=replace(base.settings, peak=(peak,))), grid, forecast)
    plain = needed(base, grid, forecast)
    here = on(found, *TUESDAY)
    team = [table["agents_required"].groupby(table["interval_start"]).sum() for table in (found, plain)]
    fewer = (team[0] < team[1]).to_numpy()
    assert fewer[on(found.drop_duplicates("interval_start"), *TUESDAY)].all()
    pd.testing.assert_frame_equal(found[~here], plain[~here])


def test_callbacks_offered_become_work_that_may_wait(centre, grid, forecast):
    """On the day one in two who would wait is called back: fewer agents for calls, and work for the mail queue."""
    settings = replace(centre.settings, queue=(*centre.settings.queue, MAIL))
    base = replace(centre, settings=settings)
    peak = Peak("回呼", TUESDAY, queues=("calls",), callback_share=0.5, callback_to="mail")
    changed = replace(base, settings=replace(settings, peak=(peak,)))
    found, plain = needed(changed, grid, forecast), needed(base, grid, forecast)
    calls = [table[table["queue"] == "calls"].reset_index(drop=True) for table in (found, plain)]
    here = on(calls[0], *TUESDAY)
    assert (calls[0]["agents_required"][here] < calls[1]["agents_required"][here]).all()
    pd.testing.assert_frame_equal(calls[0][~here], calls[1][~here])
    mail = found[found["queue"] == "mail"]
    taken = mail["offered"].to_numpy()
    assert taken[on(mail, *TUESDAY)].sum() > 0
    assert taken[~on(mail, *TUESDAY)].sum() == 0


def test_callbacks_to_nobody_are_told(centre, grid):
    peak = Peak("回呼", TUESDAY, queues=("calls",), callback_share=0.5)
    with pytest.raises(BadInput) as caught:
        settings_in_force(with_peaks(centre, peak), grid)
    (fault,) = caught.value.faults
    assert fault.column == "queue.calls.callback_to"
    assert fault.expected == "the queue that takes the 0.5 to call back, while [[peak]] 回呼 holds"


def test_what_a_peak_makes_of_a_team_is_told_once(centre, grid):
    """Two queues of one pool must agree on occupancy; the peak is looked at once, though it holds in many intervals."""
    pooled = tuple(
        replace(queue, pool="一线", patience_seconds=9.0, max_occupancy=None)
        for queue in centre.settings.queue
    )
    peak = Peak("忙", TUESDAY, queues=("chat",), max_occupancy=0.95)
    other = Peak("夜", TUESDAY, opens=1200, minimum_agents=1)
    told = replace(centre, settings=replace(centre.settings, queue=pooled, peak=(peak, other)))
    with pytest.raises(BadInput) as caught:
        settings_in_force(told, grid)
    assert [(fault.column, fault.found) for fault in caught.value.faults][:1] == [
        ("queue.chat.max_occupancy", "0.95")
    ]
    assert "while [[peak]] 忙" in caught.value.faults[0].expected


def test_two_peaks_that_agree_hold_together(centre, grid, forecast):
    """Each is one variant, and where both hold a third."""
    one = Peak("a", TUESDAY, target_share=0.9)
    other = Peak("b", (*TUESDAY, date(2026, 2, 25)), queues=("calls",), opens=1200, minimum_agents=30)
    in_force = settings_in_force(with_peaks(centre, one, other), grid)
    told = [
        ((by.queue[0].target_share, by.queue[0].minimum_agents), int(holds.sum()))
        for by, holds in in_force.variants
    ]
    assert told == [((0.8, 1), 88), ((0.9, 1), 40), ((0.9, 30), 8), ((0.8, 30), 8)]
    assert np.sum([holds for _, holds in in_force.variants], axis=0).tolist() == [1] * 144


def test_p20_the_minimum_of_a_peak_reaches_the_solver(centre, solver):
    """P20: continuity of service. From 20:00 on Tuesday three agents are the least for calls, one in all other open hours."""
    made = plan(
        with_peaks(centre, Peak("夜", TUESDAY, opens=1200, queues=("calls",), minimum_agents=3)),
        START,
        3,
        LIMITS,
    )
    problem = solver.asked[0][0]
    starts = to_timestamps(problem.grid.starts).tz_convert("Asia/Shanghai")
    held = (starts.date == TUESDAY[0]) & (starts.hour >= 20) & (starts.hour < 22)
    open_ = (starts.hour >= 8) & (starts.hour < 22)
    assert problem.minimum[0].tolist() == np.where(held, 3.0, np.where(open_, 1.0, 0.0)).tolist()
    assert problem.minimum[1].max() == 0.0
    required = made.requirement[made.requirement["queue"] == "calls"]["agents_required"]
    assert required.min() >= 1


def test_the_chain_without_a_peak_is_the_same_to_the_last_table(quick, centre, solver, tmp_path):
    """The same plan, with a peak that never holds: every table of it, and what the solver was asked."""
    told = with_peaks(centre, Peak("later", (date(2030, 1, 1),), target_share=0.99))
    made = plan(told, START, 7, LIMITS)
    for name in ("forecast", "requirement", "coverage"):
        pd.testing.assert_frame_equal(getattr(made, name), getattr(quick, name))
    one, other = (asked[0] for asked in solver.asked)
    assert np.array_equal(one.minimum, other.minimum)
    assert np.array_equal(one.required, other.required)
    assert one.shifts == other.shifts
    for place, each in (("a", made), ("b", quick)):
        write_plan(each, tmp_path / place)
    assert (tmp_path / "a" / "curves.csv").read_bytes() == (tmp_path / "b" / "curves.csv").read_bytes()


def test_coverage_and_curves_are_by_the_settings_in_force(quick, centre, solver, tmp_path):
    """A target of 2 s on Tuesday: fewer are in time there with the same people, and the curves of the day ask for more."""
    told = with_peaks(centre, Peak("双11", TUESDAY, queues=("calls",), target_seconds=2.0))
    made = rota_plan(told, quick.requirement, START, 7, LIMITS)
    here = on(made.coverage, *TUESDAY) & (made.coverage["queue"] == "calls").to_numpy()
    same = ["agents_rostered", "agents_effective", "expected_contacts", "asa_seconds"]
    pd.testing.assert_frame_equal(made.coverage[same], quick.coverage[same])
    late, usual = made.coverage["expected_late"], quick.coverage["expected_late"]
    busy = here & (made.coverage["agents_effective"] > 0).to_numpy() & (usual > 0).to_numpy()
    assert busy.any()
    assert (late[busy] > usual[busy]).all()
    assert late[~here].tolist() == usual[~here].tolist()
    write_plan(made, tmp_path / "week")
    curves = pd.read_csv(tmp_path / "week" / "curves.csv", parse_dates=["interval_start"])
    plain = shortage_curves(quick.requirement, centre.settings).round({"expected_late": 6})
    rest = ~on(curves, *TUESDAY)
    assert curves[rest]["expected_late"].tolist() == plain[~on(plain, *TUESDAY)]["expected_late"].tolist()
    assert curves[~rest]["expected_late"].sum() > plain[on(plain, *TUESDAY)]["expected_late"].sum()


def test_a_target_over_days_knows_no_peaks_but_containment_and_minimum(centre, grid):
    told = with_peaks(
        centre,
        Peak("双11", TUESDAY, containment_share=0.2, minimum_agents=2, target_share=0.9, max_occupancy=0.7),
    )
    by_day = replace(told, settings=replace(told.settings, objective=Objective(service="day")))
    with pytest.raises(BadInput) as caught:
        check_over_days(settings_in_force(by_day, grid))
    assert [fault.column for fault in caught.value.faults] == [
        "peak.双11.max_occupancy",
        "peak.双11.target_share",
    ]
    assert "service is 'day'" in caught.value.faults[0].expected
    check_over_days(settings_in_force(told, grid))
    kept = with_peaks(by_day, Peak("双11", TUESDAY, containment_share=0.2, minimum_agents=2))
    check_over_days(settings_in_force(kept, grid))


@given(
    spans=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1439), st.integers(1, 1440)), min_size=1, max_size=4),
    least=st.lists(st.integers(0, 9), min_size=4, max_size=4),
)  # fmt: skip
def test_the_settings_of_an_interval_are_those_of_its_peaks(small_centre, spans, least):
    """Each peak has a setting of its own, so that none contradict; brute force over the intervals."""
    at = Grid(small_centre.settings.centre.timezone, day_number(START), 3, 60)
    settings = ("minimum_agents", "priority", "target_seconds", "max_occupancy")
    values = [
        {name: (n + 1) / 10 if name == "max_occupancy" else n}
        for name, n in zip(settings, least, strict=True)
    ]
    peaks = [
        Peak(f"p{k}", (date.fromordinal(START.toordinal() + day),), opens=opens, closes=opens + length, queues=("calls",), **values[k])
        for k, (day, opens, length) in enumerate(spans)
    ]  # fmt: skip
    in_force = settings_in_force(with_peaks(small_centre, *peaks), at)
    minute = (at.local_days() - at.first_day) * 1440 + at.local_minutes()
    for k, start in enumerate(minute.tolist()):
        queue = in_force.at(k).queue[0]
        expected = {}
        for (day, opens, length), told in zip(spans, values, strict=False):
            if start < day * 1440 + opens + length and start + 60 > day * 1440 + opens:
                expected |= told
        assert queue == replace(small_centre.settings.queue[0], **expected)


@pytest.fixture(scope="session", name="small_centre")
def small_centre_fixture(centre):
    """For hypothesis, which needs one that is there throughout."""
    return centre
