"""The report: what it shows, that it is self-contained, that hostile names stay text, and odd days and rotas."""

import base64
import dataclasses
import hashlib
import json
import re
import string
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.instants import Grid, day_number, day_of, day_start, local_instant, to_timestamps
from centre.model import Queue, Shrinkage
from centre.people import Agent
from scenarios import report
from scenarios.report import ASSETS, render_report
from scenarios.report_data import (
    CostTerm,
    ForecastFacts,
    InputFile,
    ReportData,
    RuleFact,
    Shortfall,
    SolverFacts,
)
from scenarios.report_figures import Cover, on_grid
from scenarios.report_rota import rota_pages
from scenarios.report_words import WORDS, Format
from scheduler.rota import COLUMNS, Rota

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = day_number(date(2003, 10, 6))
HOSTILE = "</script><img src=x onerror=\"alert('1')\">{{ 7*7 }}&amp;王"
FORECAST = ("interval_start", "queue", "offered", "aht_seconds", "offered_p10", "offered_p50", "offered_p90")
REQUIREMENT = (
    "interval_start", "queue", "offered", "aht_seconds", "agents_required", "agents_to_roster", "service_level", "asa_seconds",
    "abandonment", "occupancy",
)  # fmt: skip
COVERAGE = (
    "interval_start", "queue", "agents_required", "agents_rostered", "net_staffing", "service_level", "expected_contacts", "expected_late",
)  # fmt: skip
VIOLATIONS = ("rule", "source", "agent_id", "from", "to", "found", "limit", "unit", "verdict", "explanation")


# Building --------------------------------------------------------------------------------------------------------------------


def table(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns))
    for name in ("interval_start", "from", "to"):
        if name in columns:
            frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


def open_starts(zone: ZoneInfo, first: int, days: int) -> list[int]:
    """Half hours between 08:00 and 20:00 local time."""
    grid = Grid(zone, first, days, 30)
    minutes = grid.local_minutes()
    return [int(s) for s, m in zip(grid.starts, minutes, strict=True) if 480 <= m < 1200]


def shift(
    agent: str, zone: ZoneInfo, day: int, minute: int, length: int = 480, meal: int = 240
) -> list[tuple[Any, ...]]:
    """Work, a meal of 30 minutes ``meal`` minutes in, work."""
    start = local_instant(zone, day, minute)
    assert start is not None
    cuts = [(0, meal, "work:*", True), (meal, meal + 30, "meal", False), (meal + 30, length, "work:*", True)]
    return [(agent, day, start + a, start + b, activity, "early", paid) for a, b, activity, paid in cuts]


def rota_of(rows: list[tuple[Any, ...]]) -> Rota:
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame["day"] = [day_of(day) for day in frame["day"]]
    for name in ("start", "end"):
        frame[name] = to_timestamps(frame[name].to_numpy(dtype=np.int64))
    return Rota.from_frame(frame.astype({"paid": bool}))


def build(
    *, zone: ZoneInfo = NEW_YORK, first: int = MONDAY, days: int = 7, queues: tuple[str, ...] = ("phone", "在线客服"), people: int = 3,
    rows: list[tuple[Any, ...]] | None = None, **changes: Any,
) -> ReportData:  # fmt: skip
    """A plan of a few people: every interval has 10 contacts, needs 4 on the rota and has 5, but 3 from 10:00 to 11:00 on day one."""
    starts, past = open_starts(zone, first, days), open_starts(zone, first - 28, 28)
    short = {local_instant(zone, first, minute) for minute in (600, 630)}
    stamp = dict(zip(starts, to_timestamps(np.array(starts, dtype=np.int64)), strict=True))
    each = [(start, queue) for queue in queues for start in starts]
    agents = tuple(
        Agent(f"A{n:03d}", f"Person {n}", f"Team {n % 2}", "junior", ((queues[0], 1.0),), "5x8")
        for n in range(people)
    )
    if rows is None:
        rows = [
            row
            for agent in agents
            for day in range(first, first + days)
            for row in shift(agent.agent_id, zone, day, 540)
        ]
    data = ReportData(
        centre="Harbour Line", timezone=zone, first_day=first, days=days, interval_minutes=30,
        queues=tuple(Queue(name, target_seconds=20, patience_seconds=180 if n == 0 else None) for n, name in enumerate(queues)),
        agents=agents,
        history=table(("interval_start", "queue", "offered"), [(m, q, 8.0) for q in queues for m in to_timestamps(np.array(past))]),
        forecast=table(FORECAST, [(stamp[s], q, 10.0, 210.0, 6.0, 10.0, 14.0) for s, q in each]),
        requirement=table(REQUIREMENT, [(stamp[s], q, 10.0, 210.0, 3.0, 4.0, 0.82, 12.0, 0.02, 0.7) for s, q in each]),
        coverage=table(
            COVERAGE,
            [(stamp[s], q, 3.0, *((3.0, -1.0, 0.5) if s in short else (5.0, 1.0, 0.9)), 10.0, 5.0 if s in short else 1.0) for s, q in each],
        ),
        rota=rota_of(rows), violations=table(VIOLATIONS, []),
        rules=(RuleFact("rest", "Eleven hours lie between two shifts.", "11 h", "Directive art. 3"),),
        cost=(CostTerm("pay", 1200.0), CostTerm("shortage", 60.0, money=False)),
        solver=SolverFacts("feasible", 1260.0, 1200.0, 0.05, 1200.0, 3.5, True, 1, 2, "effort 5"),
        forecast_facts=tuple(ForecastFacts(q, "profile", {"profile": 0.07, "naive": 0.09}, ("naive",), 0.061, 8) for q in queues),
        shortfalls=(Shortfall("Nobody else may start before eleven.", min(starts), max(starts), queues[0]),) if queues and starts else (),
        shrinkage=Shrinkage(unplanned={"sickness": 0.05, "lateness": 0.03}), assumptions=("Patience is assumed.",),
        warnings=("Two rows were left out.",), inputs=(InputFile("centre.toml", "ab" * 32),), version="0.1.0",
    )  # fmt: skip
    return dataclasses.replace(data, **changes)


# Reading ---------------------------------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """The page as a browser would split it: elements with attributes, visible text, contents of scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self._inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag
        {"script": self.scripts, "style": self.styles}.get(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside == "style":
            self.styles[-1] += data
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def curves(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.scripts[0])
        return value

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attrs for name, attrs in self.elements if name == tag)


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(render_report(build()))


# Self-contained --------------------------------------------------------------------------------------------------------------

LOADING = {
    "src",
    "href",
    "srcset",
    "action",
    "formaction",
    "poster",
    "data",
    "background",
    "ping",
    "manifest",
    "cite",
    "xlink:href",
}


def test_no_attribute_leads_off_the_file(page: Page) -> None:
    found = [
        (tag, name, value) for tag, attrs in page.elements for name, value in attrs.items() if name in LOADING
    ]
    assert [f for f in found if not (f[2] or "").startswith(("#", "data:"))] == []
    assert ("a", "href", "#rota") in found


def test_style_loads_nothing(page: Page) -> None:
    inline = [attrs["style"] or "" for _, attrs in page.elements if "style" in attrs]
    for css in [*page.styles, *inline]:
        assert "@import" not in css
        assert "url(" not in css


def test_no_script_has_a_source_map_or_ends_its_element(page: Page) -> None:
    assert len(page.scripts) == 3  # data, ECharts, ours
    assert not any("sourceMappingURL" in script for script in page.scripts)


def test_content_policy_allows_exactly_the_scripts_of_the_page(page: Page) -> None:
    policy = next(
        a["content"] or "" for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy"
    )
    sums = {base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in page.scripts[1:]}
    assert set(re.findall(r"sha256-([^']+)", policy)) == sums
    assert "default-src 'none'" in policy
    assert "script-src 'unsafe-inline'" not in policy


def test_every_anchor_has_its_target(page: Page) -> None:
    ids = {attrs["id"] for _, attrs in page.elements if "id" in attrs}
    assert {(a["href"] or "")[1:] for a in page.all("a")} <= ids


def test_vendored_echarts_is_the_one_that_its_readme_tells() -> None:
    digest = hashlib.sha256((ASSETS / "echarts.common.min.js").read_bytes()).hexdigest()
    assert digest in (ASSETS / "README.md").read_text(encoding="utf-8")
    assert "Apache License" in (ASSETS / "LICENSE-echarts").read_text(encoding="utf-8")


def test_the_same_data_gives_the_same_bytes() -> None:
    assert render_report(build()) == render_report(build())


# Hostile names ---------------------------------------------------------------------------------------------------------------


def hostile() -> ReportData:
    data = build(queues=(HOSTILE,), people=1)
    row = ("bad " + HOSTILE, HOSTILE, "A000", None, None, 1.0, 2.0, HOSTILE, "breach", HOSTILE)
    return dataclasses.replace(
        data, centre=HOSTILE, currency=HOSTILE, version=HOSTILE, assumptions=(HOSTILE,), warnings=(HOSTILE,),
        agents=(dataclasses.replace(data.agents[0], name=HOSTILE, team=HOSTILE, contract=HOSTILE),),
        rota=dataclasses.replace(data.rota, shift_names=(HOSTILE,)), inputs=(InputFile(HOSTILE, HOSTILE),),
        rules=(RuleFact("rest", HOSTILE, HOSTILE, HOSTILE),), violations=table(VIOLATIONS, [row]), cost=(CostTerm(HOSTILE, 1.0),),
        shortfalls=(Shortfall(HOSTILE), *(dataclasses.replace(s, why=HOSTILE) for s in data.shortfalls)),
        solver=dataclasses.replace(data.solver, status=HOSTILE, limit=HOSTILE, bound_note=HOSTILE),
        forecast_facts=(ForecastFacts(HOSTILE, HOSTILE, {HOSTILE: 0.1}),), shrinkage=Shrinkage(unplanned={HOSTILE: 0.1, "b": 0.1}),
    )  # fmt: skip


def test_hostile_names_stay_text_wherever_they_come_from() -> None:
    seen = Page(render_report(hostile()))
    assert not list(seen.all("img"))
    assert len(seen.scripts) == 3
    assert not [attrs for _, attrs in seen.elements if any(name.startswith("on") for name in attrs)]
    assert seen.text.count(HOSTILE) >= 25  # each of the places above, some of them twice


def test_hostile_queue_survives_in_the_data_of_the_charts() -> None:
    assert Page(render_report(hostile())).curves["queues"][0]["name"] == HOSTILE


# What is shown ---------------------------------------------------------------------------------------------------------------


def test_every_queue_can_be_chosen_in_both_charts(page: Page) -> None:
    assert [q["name"] for q in page.curves["queues"]] == ["All queues", "phone", "在线客服"]
    assert sorted(a["data-queue"] or "" for a in page.all("tbody") if "data-queue" in a) == [
        "0",
        "0",
        "1",
        "1",
        "2",
        "2",
    ]


def test_headline_sums(page: Page) -> None:
    # 2 queues x 7 days x 24 intervals x 10 contacts; 1 late each, 5 in the 2 short intervals of each queue
    assert "Contacts expected 3,360 352 later than promised" in page.text
    assert "Service planned 89.5% 2 of 2 queues meet their target" in page.text
    assert "Agent-hours short 2.0 0.3% of the hours needed" in page.text
    assert "Rules broken 0" in page.text
    assert "Cost 1,200 USD, wages and overtime" in page.text
    assert "Hours rostered 158 h 3 of 3 people, 21 shifts" in page.text  # 21 x 7.5 h


def test_summary_names_the_worst_stretch(page: Page) -> None:
    assert "2.0 agent-hours are short, most of all on Mon 6 Oct 10:00–11:00 (phone)." in page.text


def test_reason_stands_beside_the_stretch_that_it_covers(page: Page) -> None:
    phone = re.search(
        r"Mon 6 Oct 10:00–11:00 phone (.*?)Mon 6 Oct 10:00–11:00 在线客服 (.*?)The rota", page.text
    )
    assert phone
    assert phone[1].strip() == "4.0 3.0 1.0 50.0% 10 Nobody else may start before eleven."
    assert phone[2].strip() == "4.0 3.0 1.0 50.0% 10 –"


def test_day_table_and_forecast_against_the_usual_weekday(page: Page) -> None:
    assert "Mon 6 Oct 480 384 +25.0%" in page.text
    assert "Mon 6 Oct 480 96.0 116.0 2.0 86.7% 64" in page.text
    assert "Total 3,360 672.0 836.0 2.0 89.5% 352" in page.text


def test_charts_carry_history_forecast_and_cover(page: Page) -> None:
    curves = page.curves
    whole, phone = curves["queues"][0], curves["queues"][1]
    assert curves["horizon"] == 28 * 48
    assert len(curves["clock"]) == 35 * 48 == len(phone["history"]) + len(phone["mean"])
    nine = 18
    assert (phone["history"][nine], phone["mean"][nine], phone["p10"][nine], phone["p90"][nine]) == (
        8,
        10,
        6,
        14,
    )
    assert (whole["needed"][nine], whole["rostered"][nine], whole["net"][nine], whole["service"][nine]) == (
        8,
        10,
        2,
        0.9,
    )
    assert phone["net"][20] == -1
    assert phone["mean"][0] is None  # closed at midnight
    assert "p10" not in whole  # quantiles do not add up


def test_cost_keeps_money_apart_from_prices(page: Page) -> None:
    assert "What is paid Term Amount Share Wages USD 1,200 100.0% Total USD 1,200" in page.text
    assert "Missing agents USD 60 100.0% Total USD 60" in page.text


def test_how_the_number_came_about(page: Page) -> None:
    # 10 x 210 / 1800 = 1.17 erlangs
    assert (
        "10.0 contacts × 210 s / 1,800 s = 1.2 erlangs; 3 agents at the desks give 82.0%; 4.0 to roster"
        in page.text
    )
    assert "Erlang A, patience 180 s" in page.text
    assert "Erlang C, nobody abandons" in page.text
    assert "Unplanned shrinkage 7.9% (sickness 5.0%, lateness 3.0%)." in page.text
    assert "profile 7.0% chosen naive 9.0% yardstick" in page.text
    assert "Error on the weeks held back: 6.1%" in page.text
    assert "Gap 5.00%" in page.text
    assert "yes: the same input gives the same rota" in page.text
    assert "ab" * 32 in page.text


def test_run_stopped_by_the_clock_says_so() -> None:
    solver = SolverFacts("stopped", 10.0, None, None, 10.0, 60.0, False, 1, 2, "60 s")
    text = Page(render_report(build(solver=solver))).text
    assert "no: a clock stopped the search" in text
    assert "Gap to the bound – no bound known" in text


@pytest.mark.parametrize(
    ("verdict", "said", "not_said"),
    [
        ("breach", "✕ 1 broken", "✓ kept"),
        ("not_checked", "not checked for 1: rota_before.csv is missing", "✓ kept"),
        ("near", "✓ kept 1 near", "broken rest"),
    ],
)
def test_verdict_of_a_rule(verdict: str, said: str, not_said: str) -> None:
    row = (
        "rest",
        "art. 3",
        "A001",
        "2003-10-07T22:00Z",
        "2003-10-08T08:59Z",
        659.0,
        660.0,
        "minutes",
        verdict,
        "rota_before.csv is missing",
    )
    text = Page(render_report(build(violations=table(VIOLATIONS, [row])))).text
    assert said in text
    assert not_said not in text
    shown = "rest Person 1 A001 Tue 7 Oct 18:00 – Wed 8 Oct 04:59 10 h 59 min 11 h rota_before.csv is missing"
    assert (shown in text) == (verdict == "breach")


def test_reason_that_says_not_checked_itself_is_not_introduced_twice() -> None:
    row = (
        "rest",
        "art. 3",
        "",
        None,
        None,
        None,
        None,
        "",
        "not_checked",
        "Not checked for 3 people: no look-back.",
    )
    text = Page(render_report(build(violations=table(VIOLATIONS, [row])))).text
    assert "Directive art. 3 Not checked for 3 people: no look-back." in text


def test_finding_of_a_rule_that_is_not_listed_is_shown() -> None:
    row = ("overlap", "own", "A001", None, None, None, None, "", "breach", "two shifts at once")
    text = Page(render_report(build(violations=table(VIOLATIONS, [row])))).text
    assert "overlap own ✕ 1 broken" in text
    assert "two shifts at once" in text


# Languages -------------------------------------------------------------------------------------------------------------------


def fields_of(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


@pytest.mark.parametrize("key", WORDS)
def test_message_is_in_both_languages_with_the_same_fields(key: str) -> None:
    english, chinese = WORDS[key]
    assert english.strip()
    assert chinese.strip()
    assert fields_of(english) == fields_of(chinese)
    assert key.startswith("p_gap") or english != chinese or not re.search("[a-z]", english)


def test_template_and_words_agree() -> None:
    template = (ASSETS / "page.html.jinja").read_text(encoding="utf-8")
    assert set(re.findall(r"\bw\.(\w+)", template)) <= set(WORDS)


def test_chinese_page() -> None:
    seen = Page(render_report(build(language="zh")))
    assert next(seen.all("html"))["lang"] == "zh-Hans"
    for phrase in (
        "预测与历史",
        "排班表",
        "10月6日 周一",
        "所有时间均为 America/New_York 时区",
        "20 秒内 80%",
        "在此差距内最优",
    ):
        assert phrase in seen.text
    for english in ("Rota", "Forecast", "Needed", "contacts", "agents", "Wages", "Hours"):
        assert not re.search(rf"\b{english}\b", seen.text)


def test_zone_is_named(page: Page) -> None:
    assert "All times in America/New_York" in page.text


# Reading without eyes --------------------------------------------------------------------------------------------------------


def test_tables_are_captioned_and_charts_are_told(page: Page) -> None:
    tags = [tag for tag, _ in page.elements]
    assert tags.count("table") == tags.count("caption") > 5
    assert all("scope" in attrs for attrs in page.all("th"))
    charts = [a for a in page.all("div") if "chart" in (a.get("class") or "").split()]
    assert len(charts) == 2
    assert all(a["role"] == "img" and a["aria-label"] for a in charts)


def test_headings_descend_one_by_one(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_bar_tells_its_times(page: Page) -> None:
    titles = [a["title"] for a in page.all("span") if (a.get("class") or "").startswith("bar ")]
    assert len(titles) == 21
    assert titles[0] == "Mon 6 Oct 09:00–17:00 · early · 7.5 h\nmeal 13:00–13:30"


# The rota grid ---------------------------------------------------------------------------------------------------------------


def cells(data: ReportData) -> dict[tuple[str, int], Any]:
    pages = rota_pages(data, Format(data.language, data.timezone, data.currency))
    return {
        (row.agent.agent_id, column.day): cell
        for page in pages for _, rows in page.teams for row in rows for column, cell in zip(page.columns, row.cells, strict=True)
    }  # fmt: skip


def test_people_are_grouped_by_team_with_their_hours() -> None:
    (page,) = rota_pages(build(), Format("en", NEW_YORK, "USD"))
    assert [(team, [row.agent.agent_id for row in rows]) for team, rows in page.teams] == [
        ("Team 0", ["A000", "A002"]),
        ("Team 1", ["A001"]),
    ]
    assert page.teams[1][1][0].paid == 7 * 450
    assert [column.people for column in page.columns] == [3] * 7


def test_bars_lie_on_the_scale_of_the_day() -> None:
    rows = shift("A000", NEW_YORK, MONDAY, 480) + shift("A001", NEW_YORK, MONDAY, 720)
    seen = cells(build(rows=rows))
    early, late = seen["A000", MONDAY].bars[0], seen["A001", MONDAY].bars[0]
    assert (early.left, early.width, early.label) == (0.0, 66.67, "08:00")  # 08:00 to 20:00 is the scale
    assert (late.left, round(late.left + late.width)) == (33.33, 100)
    assert [(p.kind, p.left, p.width) for p in early.parts] == [("meal", 50.0, 6.2)]


def test_night_shift_is_drawn_whole_on_the_day_it_starts() -> None:
    rows = shift("A000", NEW_YORK, MONDAY + 6, 1320) + shift("A001", NEW_YORK, MONDAY, 360)
    data = build(rows=rows)
    (bar,) = cells(data)["A000", MONDAY + 6].bars
    assert bar.label == "22:00"
    assert bar.width == round(100 * 8 / 24, 2)  # scale from 06:00 to 06:00
    assert bar.left + bar.width == pytest.approx(100, abs=0.02)
    assert "Sun 12 Oct 22:00–06:00" in bar.title
    (page,) = rota_pages(data, Format("en", NEW_YORK, "USD"))
    assert page.columns[0].midnight == 75.0


def test_gap_inside_a_split_shift_and_training_are_marked() -> None:
    a, b, c = (local_instant(NEW_YORK, MONDAY, m) or 0 for m in (540, 660, 780))
    rows = [
        ("A000", MONDAY, a, b, "work:phone", "split", True),
        ("A000", MONDAY, c, c + 60, "training:新产品", "split", True),
        ("A000", MONDAY, c + 60, c + 120, "work:phone", "split", True),
    ]
    (bar,) = cells(build(rows=rows))["A000", MONDAY].bars
    assert [(p.kind, p.left, p.width) for p in bar.parts] == [("gap", 33.3, 33.3), ("other", 66.7, 16.7)]
    assert "training 新产品 13:00–14:00" in bar.title


def test_leave_is_shown_on_each_day_that_it_touches() -> None:
    start = day_start(NEW_YORK, MONDAY + 1)
    leave = [("A000", MONDAY + 1, start, start + 2 * 1440, "leave", "", True)]
    seen = cells(build(rows=leave))
    assert [seen["A000", MONDAY + k].leave for k in range(4)] == [False, True, True, False]
    assert not seen["A001", MONDAY + 1].leave


def test_longer_horizon_shows_seven_days_at_a_time() -> None:
    pages = rota_pages(build(days=10), Format("en", NEW_YORK, "USD"))
    assert [len(page.columns) for page in pages] == [7, 3]


def test_person_of_the_rota_who_is_in_no_list_is_shown() -> None:
    data = build(people=1, rows=shift("A000", NEW_YORK, MONDAY, 540) + shift("X99", NEW_YORK, MONDAY, 540))
    assert cells(data)["X99", MONDAY].bars


def test_rota_too_large_for_a_page_points_to_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "LARGEST_ROTA", 20)
    seen = Page(render_report(build()))
    assert "21 shifts are too many for one page: see rota.csv." in seen.text
    assert "Person 1" not in seen.text


def test_week_of_320_people_stays_light() -> None:
    assert len(render_report(build(people=320)).encode()) < 2_500_000


# Little or nothing -----------------------------------------------------------------------------------------------------------


def test_empty_rota() -> None:
    seen = Page(render_report(build(rows=[])))
    assert "Nobody is rostered." in seen.text
    assert "0 of 3 people" in seen.text


def test_one_agent_one_day_one_queue() -> None:
    seen = Page(render_report(build(people=1, days=1, queues=("phone",))))
    assert [q["name"] for q in seen.curves["queues"]] == ["phone"]
    assert not list(seen.all("select"))
    assert "1 of 1 people, 1 shifts" in seen.text


def test_nothing_at_all() -> None:
    empty = build(
        people=0, rows=[], history=table(("interval_start", "queue", "offered"), []), forecast=table(FORECAST, []),
        requirement=table(REQUIREMENT, []), coverage=table(COVERAGE, []), rules=(), cost=(), forecast_facts=(), shortfalls=(),
        shrinkage=Shrinkage(), assumptions=(), warnings=(), inputs=(),
    )  # fmt: skip
    seen = Page(render_report(empty))
    assert "Nothing is short" in seen.text
    assert "No rules are in force." in seen.text
    assert seen.curves["horizon"] == 0


def test_nothing_short_is_said_calmly() -> None:
    data = build()
    coverage = data.coverage.assign(net_staffing=1.0, agents_rostered=5.0)
    text = Page(render_report(dataclasses.replace(data, coverage=coverage))).text
    assert "Nothing is short: every interval has the agents that it needs." in text
    assert "stretches" not in text


def test_infinite_and_missing_numbers_leave_valid_json() -> None:
    data = build()
    coverage = data.coverage.assign(service_level=np.nan, expected_late=np.inf)
    for queue in Page(render_report(dataclasses.replace(data, coverage=coverage))).curves["queues"]:
        assert set(queue["late"]) <= {None}


# Clock changes ---------------------------------------------------------------------------------------------------------------

FALL, SPRING = day_number(date(2003, 10, 26)), day_number(date(2003, 4, 6))


def test_day_of_25_hours_has_50_half_hours_and_tells_the_doubled_ones_apart() -> None:
    curves = Page(render_report(build(first=FALL, days=1))).curves
    clock = curves["clock"][curves["horizon"] :]
    assert len(clock) == 50
    assert clock[1:7] == [
        "00:30",
        "01:00 (-0400)",
        "01:30 (-0400)",
        "01:00 (-0500)",
        "01:30 (-0500)",
        "02:00",
    ]


def test_day_of_23_hours_has_46_half_hours() -> None:
    curves = Page(render_report(build(first=SPRING, days=1))).curves
    clock = curves["clock"][curves["horizon"] :]
    assert len(clock) == 46
    assert clock[3:5] == ["01:30", "03:00"]


def test_bar_over_a_clock_change_keeps_its_true_length() -> None:
    night = shift("A000", NEW_YORK, FALL - 1, 1320)  # 22:00 to 05:00 winter time: eight hours
    (bar,) = cells(build(first=FALL - 1, days=2, rows=night))["A000", FALL - 1].bars
    assert "22:00–05:00" in bar.title
    assert bar.width == 100.0
    day = shift("A000", NEW_YORK, FALL, 540)
    data = build(first=FALL, days=1, rows=day)
    (page,) = rota_pages(data, Format("en", NEW_YORK, "USD"))
    assert page.columns[0].ticks == (
        (0.0, "09"),
        (37.5, "12"),
        (75.0, "15"),
    )  # 09:00 is ten hours into the day
    assert cells(data)["A000", FALL].bars[0].label == "09:00"


# Sums ------------------------------------------------------------------------------------------------------------------------


def test_finer_rows_are_summed_and_strange_ones_left_out() -> None:
    start = int(day_start(NEW_YORK, MONDAY))
    stamps = to_timestamps(np.array([start, start + 15, start + 30, start - 30, start]))
    frame = pd.DataFrame(
        {
            "interval_start": stamps,
            "queue": ["a", "a", "a", "a", "b"],
            "offered": [1.0, 2.0, np.nan, 5.0, 7.0],
        }
    )
    grid = on_grid(frame, "offered", ["a"], np.array([start, start + 30, start + 60]), 30)
    assert np.array_equal(grid, [[3.0, np.nan, np.nan]], equal_nan=True)


def test_shortage_over_midnight_is_two_stretches() -> None:
    grid = Grid(NEW_YORK, MONDAY, 2, 30)
    stamps = to_timestamps(grid.starts)
    net = np.where((grid.starts >= grid.starts[46]) & (grid.starts < grid.starts[50]), -1.0, 0.0)
    coverage = pd.DataFrame(
        {
            "interval_start": stamps, "queue": "phone", "agents_required": 4.0, "agents_rostered": 4.0 + net, "net_staffing": net,
            "service_level": 0.8, "expected_contacts": 10.0, "expected_late": 2.0,
        }
    )  # fmt: skip
    cover = Cover.of(build(days=2, queues=("phone",), coverage=coverage))
    runs = cover.short_runs()
    assert [(run.start - grid.start, run.end - grid.start, run.short_hours) for run in runs] == [
        (1380, 1440, 1.0),
        (1440, 1500, 1.0),
    ]
    assert cover.totals(0, MONDAY).short_hours == 1.0
