"""Policy P8: hours on the queue and contacts a day, planned and as they were, as averages over days with queue work."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from centre.model import Online
from centre.people import Agent
from scheduler.online import contacts_by_person, online_figures
from scheduler.rota import Rota

UTC = ZoneInfo("UTC")
AGENTS = (
    Agent("a", "", "x", "senior", (("calls", 1.0),), "full"),
    Agent("b", "", "x", "junior", (("calls", 0.5),), "full"),
    Agent("c", "", "y", "junior", (("chat", 1.0),), "half"),
)


def rota_of(*rows: tuple[str, str, str, str, str]) -> Rota:
    """Rows (agent, day, from, to, activity); breaks and meals alone are unpaid where they are meals."""
    return Rota.from_frame(
        pd.DataFrame(
            {
                "agent_id": agent, "day": pd.Timestamp(day).date(), "start": pd.Timestamp(f"{day}T{start}Z"),
                "end": pd.Timestamp(f"{day}T{end}Z"), "activity": activity, "shift": "s", "paid": activity != "meal",
            }
            for agent, day, start, end, activity in rows
        )
    )  # fmt: skip


def came(*rows: tuple[str, str, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["interval_start", "queue", "contacts"])
    return table.assign(interval_start=pd.to_datetime(table["interval_start"], utc=True), aht_seconds=300.0)


def figures(rota: Rota, contacts: pd.DataFrame, **asked: float) -> dict[str, dict[str, object]]:
    table = online_figures(rota, contacts, Online(**asked), AGENTS, 60)  # type: ignore[arg-type]
    return {row["agent_id"]: row for row in table.to_dict("records")}


def test_p8_six_hours_and_thirty_contacts_of_a_full_day_are_the_default():
    assert (Online().hours_per_day, Online().contacts_per_day, Online().full_day_minutes) == (6, 30, 480)


def test_p8_contacts_fall_to_those_at_work_by_time_and_speed():
    rota = rota_of(
        ("a", "2026-03-02", "08:00", "10:00", "work:calls"), ("b", "2026-03-02", "08:00", "09:00", "work:calls"),
        ("b", "2026-03-02", "09:00", "10:00", "meeting:站会"), ("c", "2026-03-02", "08:00", "10:00", "work:*"),
    )  # fmt: skip
    found = figures(rota, came(("2026-03-02T08:00", "calls", 30), ("2026-03-02T09:00", "calls", 10)))
    assert (found["a"]["contacts_per_day"], found["b"]["contacts_per_day"]) == (30.0, 10.0)
    assert found["c"]["contacts_per_day"] == 0.0
    assert (found["a"]["online_hours_per_day"], found["b"]["online_hours_per_day"]) == (2.0, 1.0)
    assert found["b"]["asked_hours_per_day"] == pytest.approx(6 * 120 / 480)


def test_p8_averages_are_over_days_with_queue_work_and_pro_rated_by_paid_time():
    rota = rota_of(
        ("a", "2026-03-02", "08:00", "12:00", "work:calls"), ("a", "2026-03-02", "12:00", "13:00", "meal"),
        ("a", "2026-03-02", "13:00", "17:00", "work:calls"), ("a", "2026-03-03", "08:00", "16:00", "training:入职"),
        ("b", "2026-03-02", "08:00", "12:00", "work:calls"), ("c", "2026-03-02", "08:00", "16:00", "training:入职"),
    )  # fmt: skip
    found = figures(rota, came(("2026-03-02T08:00", "calls", 45)), contacts_per_day=32)
    assert (found["a"]["queue_days"], found["a"]["other_days"]) == (1, 1)
    assert (found["a"]["asked_hours_per_day"], found["a"]["online_hours_per_day"]) == (6.0, 8.0)
    assert (found["b"]["asked_hours_per_day"], found["b"]["asked_contacts_per_day"]) == (3.0, 16.0)
    assert (found["b"]["contacts_per_day"], found["b"]["meets_contacts"]) == (15.0, False)
    assert (found["c"]["queue_days"], found["c"]["asked_hours_per_day"]) == (0, 0.0)
    assert found["c"]["meets_hours"]
    assert found["c"]["meets_contacts"]


def test_without_known_contacts_hours_alone_are_told():
    found = figures(rota_of(("a", "2026-03-02", "08:00", "16:00", "work:calls")), came())
    assert np.isnan(found["a"]["contacts_per_day"])  # type: ignore[call-overload]
    assert found["a"]["online_hours_per_day"] == 8.0


def test_nobody_at_work_takes_no_contacts():
    rota = rota_of(("a", "2026-03-02", "08:00", "09:00", "work:calls"))
    assert contacts_by_person(rota, came(("2026-03-02T12:00", "calls", 9)), AGENTS, 60).sum() == 0


HOURS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(8, 15), st.sampled_from(["work:*", "work:calls", "break"])),
    min_size=1, max_size=12, unique_by=lambda row: row[:2],
)  # fmt: skip


@given(HOURS, st.lists(st.floats(0, 100), min_size=8, max_size=8))
def test_p8_contacts_are_neither_lost_nor_invented(rows, volumes):
    rota = rota_of(*((a, "2026-03-02", f"{h:02d}:00", f"{h + 1:02d}:00", kind) for a, h, kind in rows))
    contacts = came(*((f"2026-03-02T{8 + k:02d}:00", "calls", v) for k, v in enumerate(volumes)))
    skilled = {h for a, h, kind in rows if kind == "work:calls" or (kind == "work:*" and a != "c")}
    expected = sum(v for k, v in enumerate(volumes) if 8 + k in skilled)
    assert contacts_by_person(rota, contacts, AGENTS, 60).sum() == pytest.approx(expected)
