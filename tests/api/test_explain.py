"""`paiban staff --explain`: a planner can repeat every kind of number by hand, and machines get the same as data."""

import re
from collections.abc import Callable
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import scenarios
from api.explain import explained
from centre.calendar import public_holidays
from centre.errors import Faults
from centre.instants import day_number, to_minutes
from centre.toml_file import read_draft
from scenarios.demand import requirement_of
from scenarios.why import Working
from scheduler.staffing import side_by_side

EXAMPLE = Path(scenarios.__file__).parent / "examples" / "customer-service"
MONDAY = date(2026, 5, 11)
ROWS = {
    "热线": (60.0, 240.0),
    "VIP": (6.0, 260.0),
    "在线客服": (60.0, 320.0),
    "投诉": (3.0, 570.0),
    "邮件": (10.0, 360.0),
}
NONE = (0.0, float("nan"))
PLANNED = """[shrinkage.planned]
leave = 0.1
training = [
    { share = 0.05, days = ["tue"] },
    { share = 0.2, days = ["mon"], opens = "10:00", closes = "10:15" },
]
"""
Edits = tuple[tuple[str, str], ...]
Explain = Callable[..., tuple[dict[str, Any], str]]


@pytest.fixture
def explain(tmp_path: Path) -> Explain:
    """The explanation of a Monday with the same contacts in every half hour from 9:00 to 17:30, as data and as text."""

    def explain_(
        queue: str,
        at: str = "10:10",
        *,
        edits: Edits = (),
        backlog: pd.DataFrame | None = None,
        rows: dict[str, tuple[float, float]] | None = None,
        **more: Any,
    ) -> tuple[dict[str, Any], str]:
        settings = settings_of(
            tmp_path, (("[shrinkage.unplanned]", PLANNED + "\n[shrinkage.unplanned]"), *edits)
        )
        day = day_number(MONDAY)
        asked = forecast_of(rows or {}), settings, public_holidays("CN", day - 2, day + 2), backlog
        moment = datetime.combine(MONDAY, datetime.strptime(at, "%H:%M").time(), settings.centre.timezone)
        table = requirement_of(*asked)
        lines, why = explained(table, Working.of(*asked), to_minutes(moment), queue, **more)
        return why, "\n".join(lines)

    return explain_


def settings_of(folder: Path, edits: Edits):
    """The example's settings with some pieces of text replaced."""
    text = (EXAMPLE / "centre.toml").read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "centre.toml").write_text(text, encoding="utf-8")
    faults = Faults()
    settings = read_draft(folder / "centre.toml", faults).settings
    assert not faults, list(faults)
    return settings


def forecast_of(changes: dict[str, tuple[float, float]]) -> pd.DataFrame:
    starts = pd.date_range(f"{MONDAY}T09:00", f"{MONDAY}T17:30", freq="30min", tz="Asia/Shanghai").tz_convert(
        "UTC"
    )
    rows = [(at, name, *(ROWS | changes)[name]) for at in starts for name in ROWS]
    return pd.DataFrame(rows, columns=["interval_start", "queue", "offered", "aht_seconds"])


def numbers(line: str) -> list[float]:
    return [float(x.replace(",", "")) for x in re.findall(r"\d[\d,]*\.?\d*", line)]


def line(text: str, start: str) -> str:
    return next(each for each in text.splitlines() if each.startswith(start))


def test_a_team_is_told_whole_with_every_queues_figures(explain):
    why, text = explain("VIP")
    team = why["team"]
    hotline, vip = team["queues"]
    assert team["agents"] == hotline["agents"] + vip["agents"]
    assert why["agents_required"] == vip["agents"] < team["agents"]
    rows = {(row["agents"], row["queue"]): row for row in team["alternatives"]}
    assert len(rows) == 6
    assert rows[team["agents"], "VIP"]["misses"] == rows[team["agents"], "热线"]["misses"] == ""
    assert rows[team["agents"] - 1, "VIP"]["misses"] or rows[team["agents"] - 1, "热线"]["misses"]
    assert [row["agents"] for row in why["alternatives"]] == [team["agents"] + k for k in (-1, 0, 1)]
    assert rows[team["agents"], "VIP"]["service_level"] > rows[team["agents"], "热线"]["service_level"]
    for words in (
        "one team, VIP before 热线",
        f"热线 {hotline['agents']}, VIP {vip['agents']}",
        f"Required of the team: {team['agents']}",
        "VIP: ",
        "differ in handle time (热线 240 s, VIP 260 s)",
        "Decided by: service_level of",
    ):
        assert words in text


def test_contacts_are_followed_from_the_forecast_to_the_agents(explain):
    why, text = explain("在线客服")
    told = why["inputs"]
    assert told["contained_contacts"] == pytest.approx(18)
    assert why["offered"] == told["contacts"] == pytest.approx(42)
    assert why["aht_seconds"] == pytest.approx(320 * 1.15)
    assert "60 forecast; 18 of them a bot takes, leaves 42" in text
    assert "320 s, as forecast, x 1.15 for those a bot leaves = 368 s" in text
    assert "chain of chats in progress" in why["formula"]
    load = why["erlangs"]
    assert why["first_guess"]["load"] == pytest.approx(load * 1.5 / 3)


def test_repeats_are_told_with_their_factor(explain):
    why, text = explain("热线")
    factor = (1 - 0.22 * 0.5) / (1 - 0.18 * 0.5)
    assert why["inputs"]["repeat_factor"] == pytest.approx(factor)
    assert why["offered"] == pytest.approx(60 * factor, abs=1e-4)
    assert f"x {factor:.4f} for repeats" in text
    assert "Redials: with" in text


def test_contacts_of_other_queues_add_up(explain):
    why, text = explain("专家组")
    told = why["inputs"]
    assert not told["told"]
    assert told["forecast_contacts"] == told["own_contacts"] == 0
    assert [each["queue"] for each in told["from_queues"]] == ["热线", "在线客服"]
    assert sum(each["contacts"] for each in told["from_queues"]) == pytest.approx(why["offered"], abs=1e-4)
    for each in told["from_queues"]:
        assert each["contacts"] == pytest.approx(each["ways"][0]["share"] * each["answered"])
    assert "no forecast of its own; plus " in text
    assert "600 s, the queue's own" in text
    assert why["formula"] == "Erlang C: nobody abandons"


@pytest.mark.parametrize("queue", ["专家组", "投诉", "在线客服"])
def test_the_steps_end_in_the_figures_of_the_table(explain, queue):
    why, text = explain(queue)
    chosen = next(row for row in why["alternatives"] if row["agents"] == why["agents_required"])
    level = next(step for step in why["steps"] if step["name"].startswith("Service level"))
    assert level["value"] == pytest.approx(chosen["service_level"], abs=1e-9)
    assert next(step["value"] for step in why["steps"] if step["name"] == "ASA") == pytest.approx(
        chosen["asa_seconds"]
    )
    assert f"  {level['name']}: {level['formula']} → " in text


def test_shrinkage_is_told_cause_by_cause_and_rounded_once(explain):
    why, text = explain("热线", "10:00")
    told = why["shrinkage"]
    assert told["unplanned"] == pytest.approx({"sickness": 0.03, "lateness": 0.01})
    assert told["planned"] == pytest.approx(
        {"leave": 0.1, "training": 0.1}
    )  # training in half of the interval
    lost, away = 1 - 0.97 * 0.99, 1 - 0.9 * (1 + 0.8) / 2
    assert told["unplanned_together"] == why["unplanned_shrinkage"] == pytest.approx(lost)
    assert told["planned_together"] == pytest.approx(away)
    agents = why["agents_required"]
    assert why["agents_to_roster"] == told["agents_to_roster"] == -(-agents // (1 - lost))
    assert told["headcount"] == -(-agents // ((1 - lost) * (1 - away)))
    assert numbers(line(text, "Beside the rota"))[-1] == told["headcount"]
    assert "no part of what is rostered" in text


def test_no_planned_cause_no_side_figure(explain):
    why, text = explain("热线", edits=((PLANNED, ""),))
    assert why["shrinkage"]["planned"] == {}
    assert "people on the books" not in text


def test_lateness_follows_weekday_and_time(explain):
    edits = (('opens = "08:00", closes = "09:00"', 'opens = "09:00", closes = "10:00"'),)
    for at, share in (("9:30", 0.03), ("10:00", 0.01)):
        assert explain("热线", at, edits=edits)[0]["shrinkage"]["unplanned"]["lateness"] == pytest.approx(
            share
        )


def test_a_stated_minimum_that_decides_is_named(explain):
    why, text = explain("投诉", edits=(("600\nminimum_agents = 1", "600\nminimum_agents = 9"),))
    assert why["agents_required"] == 9
    assert [each["limit"] for each in why["decided_by"]] == ["minimum_agents"]
    assert why["alternatives"][0]["misses"] == "minimum_agents"
    assert "Decided by: minimum_agents 9; the limits of service would need fewer" in text


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("max_asa_seconds = 1", "asa_seconds"),
        ("max_abandonment = 0.001", "abandonment"),
        ("max_occupancy = 0.2", "occupancy"),
    ],
)
def test_the_limit_that_decides_is_named(explain, limit, told):
    why, text = explain("投诉", edits=(("complaints = true", f"complaints = true\n{limit}"),))
    assert [each["limit"] for each in why["decided_by"]] == [told]
    assert f"Decided by: {told}, " in text
    assert why["alternatives"][0]["misses"] == told


def test_a_span_tells_more_numbers(explain):
    why, text = explain("专家组", "10:00", span=3)
    agents = int(why["agents_required"])
    assert [row["agents"] for row in why["alternatives"]] == list(range(agents - 3, agents + 4))
    first = why["alternatives"][0]
    assert first["asa_seconds"] is None or first["asa_seconds"] > 0
    head = text.splitlines().index(line(text, "  agents"))
    assert len(text.splitlines()[head + 1 :]) > 7


def test_an_interval_without_contacts_needs_nobody(explain):
    why, told = explain("VIP", rows={"热线": NONE, "VIP": NONE})
    assert (why["agents_required"], why["erlangs"], why["aht_seconds"]) == (0, 0, None)
    assert why["steps"] == []
    assert "none known, none needed" in told
    assert "minimum_agents 2" in told  # of 热线, which is open


class TestWorkThatMayWait:
    def test_idle_time_comes_first_and_is_told_queue_by_queue(self, explain):
        why, text = explain("邮件", "9:00")
        told = why["deferred"]
        assert told["came_minutes"] == pytest.approx(60)
        assert told["due"] == "2026-05-13T01:00:00Z"
        assert told["idle_used_minutes"] <= told["idle_to_be_had_minutes"]
        assert sum(told["idle_used_of"].values()) == pytest.approx(told["idle_used_minutes"])
        assert list(told["idle_used_of"]) == ["热线", "VIP"]
        assert told["done_minutes"] == pytest.approx(told["own_minutes_used"] + told["idle_used_minutes"])
        assert "fills idle time of 热线, VIP" in text
        assert "due within 48 h" in text

    def test_the_backlog_goes_on_from_interval_to_interval(self, explain):
        told = [
            explain("投诉反馈", f"{hour}:{minute}")[0]["deferred"]
            for hour in (14, 15)
            for minute in ("00", "30")
        ]
        for now, after in pairwise(told):
            left = now["backlog_minutes"] + now["came_minutes"] - now["done_minutes"]
            assert after["backlog_minutes"] == pytest.approx(now["left_minutes"]) == pytest.approx(left)
        assert max(each["backlog_minutes"] for each in told) > 10
        assert all(each["backlog_first_due"] > "2026-05-12" for each in told)  # a day after the first came

    def test_backlog_from_before_is_waiting_as_the_day_begins(self, explain):
        times = {"release": ["2026-05-10T12:00Z"], "due": ["2026-05-11T01:30Z"]}
        columns = {name: pd.to_datetime(each, utc=True) for name, each in times.items()}
        backlog = pd.DataFrame({"queue": "投诉归档", **columns, "contacts": 30.0, "work_minutes": 90.0})
        why, text = explain("投诉归档", "9:00", backlog=backlog)
        assert why["deferred"]["backlog_contacts"] <= 30
        assert why["agents_required"] >= 2
        assert why["deferred"]["run"]["to"] == "2026-05-11T01:30:00Z"
        assert why["deferred"]["run"]["must_minutes"] == pytest.approx(90)
        assert "to 2026-05-11 09:30" in line(text, "Why so many")

    def test_the_run_that_leaves_no_room_explains_the_profile(self, explain):
        why, text = explain("投诉反馈", "15:00")
        told, run = why["deferred"], why["deferred"]["run"]
        assert run["from"] <= why["interval_start"] < run["to"]
        own = (run["must_minutes"] - run["idle_minutes"]) / (run["open_intervals"] * run["agent_minutes"])
        assert run["mean_agents"] == pytest.approx(own)
        assert why["agents_required"] <= -(-told["profile_agents"] // 1)
        here = [row for row in why["alternatives"] if row["agents"] >= why["agents_required"]]
        assert all(row["misses"] == "" for row in here)
        fewer = [row for row in why["alternatives"] if row["agents"] < why["agents_required"]]
        assert all(row["misses"] == "due_time" and row["minutes_too_late"] > 0 for row in fewer)
        assert "plus " in line(text, "Contacts: ")
        assert "100% of those answered 60 min before" in text

    def test_a_closed_interval_says_so(self, explain):
        hours = 'opens = "09:00", closes = "18:00" }]\nclosed'
        why, text = explain("邮件", "9:30", edits=((hours, hours.replace("09:00", "12:00")),))
        assert why["deferred"]["is_open"] is False
        assert "alternatives" not in why
        assert "closed, nobody works on it now" in text

    def test_work_due_by_the_end_of_the_day(self, explain):
        why, text = explain("投诉归档", "12:00")
        assert why["deferred"]["due"] == "2026-05-11T16:00:00Z"
        assert "due by the end of the day" in text
        assert "Due: by 2026-05-12 00:00" in text


class TestCompare:
    @pytest.fixture(autouse=True)
    def short(self, monkeypatch):
        monkeypatch.setattr(side_by_side, "CONTACTS", 40_000)

    def test_methods_stand_side_by_side(self, explain):
        why, text = explain("投诉", "10:00", compare=True)
        rows = {row["method"]: row for row in why["compare"]}
        assert list(rows) == ["erlang_c", "erlang_a", "simulation"]
        chosen = next(row for row in why["alternatives"] if row["agents"] == why["agents_required"])
        assert rows["erlang_a"]["service_level"] == pytest.approx(chosen["service_level"], abs=1e-9)
        simulated = rows["simulation"]
        assert (
            abs(simulated["service_level"] - chosen["service_level"])
            < 3 * simulated["service_level_half_width"]
        )
        assert rows["erlang_c"]["service_level_half_width"] is None
        assert f"Side by side, service with {why['agents_required']:g} agents:" in text
        assert "±" in line(text, "  simulation")

    def test_the_same_figures_every_time(self, explain):
        first, second = (explain("VIP", "10:00", compare=True)[0]["compare"] for _ in range(2))
        assert first == second
        assert [row["method"] for row in first] == ["erlang_c", "erlang_a", "own", "simulation"]

    def test_without_contacts_there_is_nothing_to_compare(self, explain):
        why, told = explain("投诉", "10:00", compare=True, rows={"投诉": NONE})
        assert "compare" not in why
        assert "Side by side" not in told


def test_every_row_of_a_requirement_can_be_explained_and_bears_it_out(tmp_path):
    settings = settings_of(tmp_path, ())
    day = day_number(MONDAY)
    forecast = forecast_of({"投诉": (0.0, 570.0)})
    forecast["offered"] *= 1.0 + np.arange(len(forecast)) % 7 / 7
    early = pd.Timestamp(f"{MONDAY}T07:30", tz="Asia/Shanghai").tz_convert("UTC")
    closed = pd.DataFrame(
        {"interval_start": early, "queue": ["热线", "VIP"], "offered": 0.0, "aht_seconds": 240.0}
    )
    asked = pd.concat([closed, forecast]), settings, public_holidays("CN", day - 2, day + 2), None
    table, working = requirement_of(*asked), Working.of(*asked)
    for row in table.to_dict("records"):
        at = int(row["interval_start"].timestamp() // 60)
        lines, why = explained(table, working, at, row["queue"])
        assert why["agents_to_roster"] == why["shrinkage"]["agents_to_roster"] == row["agents_to_roster"]
        told = why["inputs"]
        sent = sum(each["contacts"] for each in told["from_queues"])
        assert told["own_contacts"] + sent == pytest.approx(told["contacts"], abs=1e-9)
        assert told["contacts"] == pytest.approx(row["offered"], abs=1e-4)
        assert f"Required at their desks: {row['agents_required']}" in "\n".join(lines)
        if why["kind"] == "immediate":
            n = why["team"]["agents"]
            chosen = next(each for each in why["alternatives"] if each["agents"] == n)
            assert chosen["service_level"] == pytest.approx(row["service_level"], abs=1e-6)
            assert all(
                each["misses"] == ""
                for each in why["team"].get("alternatives", [chosen])
                if each["agents"] == n
            )
            assert n == 0 or why["decided_by"]
        elif why["deferred"]["is_open"]:
            chosen = next(each for each in why["alternatives"] if each["agents"] == why["agents_required"])
            assert chosen["misses"] == ""
            fewer = [
                each["misses"] for each in why["alternatives"] if each["agents"] < why["agents_required"]
            ]
            assert fewer in ([], ["due_time"])
            assert why["deferred"]["service_level"] == pytest.approx(row["service_level"], abs=1e-6)
