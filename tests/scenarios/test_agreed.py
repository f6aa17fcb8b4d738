"""P17: planned beside agreed service, per client and queue, by interval, day and horizon."""

from dataclasses import replace

import numpy as np
import pytest

from centre.model import FollowUp
from scenarios.agreed import COLUMNS, PERIODS, agreed, by_client
from scenarios.plan import Plan
from scenarios.report import render_report
from scenarios.report_filling import report_data


def with_queue(plan: Plan, name: str, **values: object) -> Plan:
    queues = tuple(replace(q, **values) if q.name == name else q for q in plan.centre.settings.queue)  # type: ignore[arg-type]
    return replace(plan, centre=replace(plan.centre, settings=replace(plan.centre.settings, queue=queues)))


def test_p17_every_client_queue_and_period_has_its_row(quick: Plan) -> None:
    plan = with_queue(quick, "calls", client="华东商城", target_share=0.9)
    table = agreed(plan)
    assert tuple(table.columns) == COLUMNS
    week = table[table["period"] == "horizon"].set_index("queue")
    contacts = plan.coverage.groupby("queue")["expected_contacts"].sum()
    late = plan.coverage.groupby("queue")["expected_late"].sum()
    assert week.loc["calls", "client"] == "华东商城"
    assert week.loc["calls", "planned_share"] == pytest.approx(
        1 - late["calls"] / contacts["calls"], abs=1e-4
    )
    assert (week["met"] == (week["planned_share"] >= week["agreed_share"])).all()
    for period in PERIODS:
        told = table[table["period"] == period].groupby("queue")["contacts"].sum()
        assert told.to_numpy() == pytest.approx(contacts.to_numpy(), rel=1e-3)
    assert len(table[(table["period"] == "day") & (table["queue"] == "calls")]) == 7


def test_p17_resolution_is_the_contact_and_all_that_follows_from_it(quick: Plan) -> None:
    """Chats lead to calls two hours later: the chat's own time, the wait and the call's time."""
    plan = with_queue(quick, "chat", resolution_hours=4.0)
    followed = replace(plan.centre.settings, follow_up=(FollowUp("chat", "calls", 0.5, after_minutes=120),))
    rows = {
        row["queue"]: row for row in by_client(replace(plan, centre=replace(plan.centre, settings=followed)))
    }
    alone = {row["queue"]: row for row in by_client(plan)}
    own = alone["chat"]["planned_resolution_hours"] + 2 + alone["calls"]["planned_resolution_hours"]
    assert rows["chat"]["planned_resolution_hours"] == pytest.approx(own, abs=1e-3)
    assert rows["chat"]["agreed_resolution_hours"] == 4.0
    aht = plan.requirement["aht_seconds"].mean() / 3600
    assert 0.5 * aht < alone["chat"]["planned_resolution_hours"]


def test_what_is_never_done_has_no_resolution_time(quick: Plan) -> None:
    endless = quick.coverage.assign(asa_seconds=np.where(quick.coverage["queue"] == "chat", np.inf, 5.0))
    rows = {row["queue"]: row for row in by_client(replace(quick, coverage=endless))}
    assert rows["chat"]["planned_resolution_hours"] is None
    assert rows["calls"]["planned_resolution_hours"] is not None


def test_p17_the_report_names_the_client_beside_what_was_promised(quick: Plan) -> None:
    page = render_report(report_data(with_queue(quick, "calls", client="华东<商城>"), "zh"))
    assert "客户 华东&lt;商城&gt;" in page
    assert "客户 " not in render_report(report_data(quick, "zh"))
