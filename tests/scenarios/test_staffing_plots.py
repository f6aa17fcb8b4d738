"""The page about a requirement: its figures are the table's, it needs no other file, hostile names stay text, odd days are whole."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from centre.instants import Grid, day_number, to_timestamps
from centre.model import CentreInfo, Opening, Queue, Settings, Shrinkage
from scenarios.demand import requirement_of
from scenarios.plot_words import WORDS, words
from scenarios.report import ASSETS
from scenarios.staffing_plots import SCRIPTS, content_policy, render_plots
from scenarios.why import Working

BERLIN, SHANGHAI = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
HOSTILE = "</script><img src=x onerror=\"alert('1')\">{{ 7*7 }}&amp;王"
WEEKDAYS = (0, 1, 2, 3, 4, 5, 6)


class Page(HTMLParser):
    """Elements with attributes, visible text, and what is in scripts."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.text = ""
        self._in = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._in = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "script":
            self.scripts[-1] += data
        elif self._in != "style":
            self.text += data

    @property
    def data(self) -> dict[str, Any]:
        return json.loads(self.scripts[0])


def settings_of(zone: ZoneInfo = SHANGHAI, **changes: Any) -> Settings:
    """A hotline with VIP, chat, and mail that fills their idle time; 8:00 to 20:00."""
    hours = (Opening(WEEKDAYS, 480, 1200),)
    calls = Queue(
        "热线", target_seconds=20, patience_seconds=150, pool="电话", max_occupancy=0.85, opening=hours
    )
    queues = (
        calls,
        replace(calls, name="VIP", priority=5, target_share=0.9),
        Queue("在线", "chat", target_seconds=30, concurrency=2, opening=hours),
        Queue(
            "邮件",
            "email",
            target_hours=6,
            aht_seconds=300,
            fills_idle_of=("热线",),
            max_occupancy=0.85,
            opening=hours,
        ),
    )
    info = CentreInfo("客服中心", zone, interval_minutes=30)
    return Settings(info, queues, shrinkage=Shrinkage(unplanned={"病假": 0.1}), **changes)


def asked_of(settings: Settings, first: date = date(2026, 3, 2), days: int = 2) -> tuple[Any, ...]:
    """A forecast for 8:00 to 20:00 of a few days, settings, no holidays."""
    grid = Grid(settings.centre.timezone, day_number(first), days, 30)
    starts = grid.starts[(grid.local_minutes() >= 480) & (grid.local_minutes() < 1200)]
    amounts = {"热线": 40.0, "VIP": 5.0, "在线": 30.0, "邮件": 12.0}
    known = [queue.name for queue in settings.queue]
    rows = [
        (at, name, amounts.get(name, 20.0) * (1 + k % 5 / 5), 240.0)
        for k, at in enumerate(to_timestamps(starts))
        for name in known
    ]
    table = pd.DataFrame(rows, columns=["interval_start", "queue", "offered", "aht_seconds"])
    return table, settings, {}


def page_of(
    settings: Settings | None = None,
    explain: tuple[str, int] | None = None,
    day: int | None = None,
    language: str = "en",
    **more: Any,
) -> tuple[Page, pd.DataFrame]:
    """The page and its requirement; ``explain`` is a queue and a row's interval counted from the forecast's first."""
    asked = asked_of(settings or settings_of(), **more)
    table = requirement_of(*asked)
    told = None
    if explain is not None:
        starts = table["interval_start"].drop_duplicates().sort_values().reset_index(drop=True)
        told = Working.of(*asked, None), explain[0], int(starts[explain[1]].timestamp() // 60)
    return Page(render_plots(table, asked[1], told, day, language)), table


# The days --------------------------------------------------------------------------------------------------------------------


def test_a_day_draws_the_requirement_queue_upon_queue_with_contacts():
    page, table = page_of()
    data = page.data
    assert data["queues"] == ["热线", "VIP", "在线", "邮件"]
    assert [day["label"] for day in data["days"]] == ["Mon 2 Mar 2026", "Tue 3 Mar 2026"]
    local = table["interval_start"].dt.tz_convert(SHANGHAI)
    for day, number in zip(data["days"], (2, 3), strict=True):
        rows = table[local.dt.day == number]
        for k, name in enumerate(data["queues"]):
            own = rows[rows["queue"] == name]
            assert sum(day["needed"][k]) == own["agents_required"].sum()
            assert sum(day["contacts"][k]) == pytest.approx(own["offered"].sum(), abs=0.05 * len(own))
        assert sum(day["roster"]) == rows["agents_to_roster"].sum()
        at = day["clock"].index("10:30")
        here = rows[local[rows.index].dt.strftime("%H:%M") == "10:30"].set_index("queue")
        assert [part[at] for part in day["needed"]] == here["agents_required"].reindex(
            data["queues"]
        ).tolist()
        assert day["clock"][0] == "07:30"
        assert day["clock"][-1] == "20:00"


def test_sums_of_the_day_stand_in_a_table_without_scripts():
    page, table = page_of()
    rows = table[table["interval_start"].dt.tz_convert(SHANGHAI).dt.day == 2]
    hotline = rows[rows["queue"] == "热线"]
    assert f"{hotline['agents_required'].sum() / 2:,.1f}" in page.text
    assert f"{rows['agents_to_roster'].sum() / 2:,.1f}" in page.text
    assert f"{hotline['agents_required'].max():.0f} (" in page.text


def test_one_day_alone_may_be_asked_for():
    page, _ = page_of(day=day_number(date(2026, 3, 3)))
    assert [day["label"] for day in page.data["days"]] == ["Tue 3 Mar 2026"]
    assert not any(tag == "select" for tag, _ in page.elements)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_a_day_on_which_clocks_change_is_whole(day, hours):
    settings = settings_of(BERLIN)
    night = tuple(replace(queue, opening=(Opening(WEEKDAYS, 0, 1440),)) for queue in settings.queue)
    settings = replace(settings, queue=night)
    grid = Grid(BERLIN, day_number(day), 1, 30)
    rows = [(at, queue.name, 10.0, 240.0) for at in to_timestamps(grid.starts) for queue in settings.queue]
    table = requirement_of(
        pd.DataFrame(rows, columns=["interval_start", "queue", "offered", "aht_seconds"]), settings, {}
    )
    (told,) = Page(render_plots(table, settings)).data["days"]
    assert len(told["clock"]) == 2 * hours
    assert len(set(told["clock"])) == 2 * hours  # an hour that comes twice is told with its offset
    assert all(min(part) >= 0 for part in told["needed"])
    assert sum(told["roster"]) == table["agents_to_roster"].sum()


def test_a_requirement_without_rows_says_so():
    _, table = page_of()
    page = Page(render_plots(table[:0], settings_of()))
    assert page.data["days"] == []
    assert "The requirement has no rows." in page.text


# One interval ----------------------------------------------------------------------------------------------------------------


def test_the_curves_of_an_interval_mark_what_is_required_and_its_limits():
    page, table = page_of(explain=("热线", 10))
    chart = page.data["interval"]
    at = chart["agents"].index(chart["required"])
    row = table[
        (table["interval_start"] == table["interval_start"].drop_duplicates().sort_values().iloc[10])
        & (table["queue"] == "热线")
    ]
    assert chart["levels"][0]["name"] == "热线"
    assert [one["target"] for one in chart["levels"]] == [0.8, 0.9]
    assert chart["levels"][0]["values"][at] == pytest.approx(row["service_level"].iloc[0], abs=1e-4)
    assert chart["abandonment"][at] == pytest.approx(row["abandonment"].iloc[0], abs=1e-4)
    assert chart["occupancy"][at] == pytest.approx(row["occupancy"].iloc[0], abs=1e-4)
    assert (chart["max_occupancy"], chart["max_abandonment"], chart["nobody_leaves"]) == (0.85, None, False)
    for one in chart["levels"]:
        assert (np.diff(one["values"]) >= -1e-9).all()
        assert len(one["values"]) == len(chart["agents"])
    enough = [
        all(one["values"][k] >= one["target"] for one in chart["levels"]) and chart["occupancy"][k] <= 0.85
        for k in (at - 1, at)
    ]
    assert enough == [False, True]
    assert "They answer VIP too" in page.text


def test_where_nobody_leaves_no_abandonment_is_drawn_and_endless_waits_are_told():
    page, _ = page_of(explain=("在线", 3))
    chart = page.data["interval"]
    assert chart["nobody_leaves"]
    assert chart["agents"][0] == 0 or chart["levels"][0]["values"][0] < 0.2
    assert "required" in page.text
    json.dumps(page.data, allow_nan=False)


def test_work_that_may_wait_is_drawn_over_its_day():
    page, _ = page_of(explain=("邮件", 5))
    chart = page.data["interval"]
    assert chart["kind"] == "work"
    assert chart["clock"][chart["at"]] == "10:30"
    came, done = sum(chart["came"]), sum(chart["own"]) + sum(chart["idle"])
    assert came - done == pytest.approx(chart["waiting"][-1], abs=0.1 * len(chart["clock"]))
    assert sum(chart["idle"]) > 0
    assert "Work that may wait" in page.text


def test_the_day_of_the_interval_is_shown_first():
    page, _ = page_of(explain=("热线", 30))
    assert page.data["first"] == 1
    shown = [attrs for tag, attrs in page.elements if tag == "div" and "data-day" in attrs]
    assert ["hidden" in attrs for attrs in shown] == [True, False]


# The page --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_whole_in_both_languages(language):
    page, _ = page_of(explain=("热线", 10), language=language)
    assert words(language)["h_days"] in page.text
    assert words(language)["cap_interval"] in page.text
    other = words("zh" if language == "en" else "en")
    assert other["h_days"] not in page.text
    lang = next(attrs["lang"] for tag, attrs in page.elements if tag == "html")
    assert lang == {"en": "en", "zh": "zh-Hans"}[language]


def test_both_languages_have_the_same_places_to_fill():
    def places(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert all(places(en) == places(zh) and en and zh for en, zh in WORDS.values())


def test_nothing_is_loaded_and_only_its_own_scripts_run():
    page, _ = page_of(explain=("热线", 10))
    policy = next(
        attrs["content"] for _, attrs in page.elements if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy == content_policy()
    assert policy.startswith("default-src 'none'")
    runs = page.scripts[1:]
    assert len(runs) == len(SCRIPTS)
    for script in runs:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    linked = [value for _, attrs in page.elements for name, value in attrs.items() if name in ("src", "href")]
    assert all(value.startswith(("#", "data:")) for value in linked)
    assert not re.search(r"https?://|@import|url\(", (ASSETS / "staffing.js").read_text(encoding="utf-8"))


def test_hostile_names_stay_text():
    settings = settings_of()
    queues = (replace(settings.queue[0], name=HOSTILE), *settings.queue[1:3])
    settings = replace(settings, centre=replace(settings.centre, name=HOSTILE), queue=queues)
    page, _ = page_of(settings, explain=(HOSTILE, 10))
    assert page.data["queues"][0] == HOSTILE
    assert page.data["interval"]["levels"][0]["name"] == HOSTILE
    assert page.text.count(HOSTILE) >= 3
    assert not any(tag == "img" for tag, _ in page.elements)
    assert len(page.scripts) == 1 + len(SCRIPTS)


def test_every_word_of_the_script_is_there():
    asked = set(re.findall(r"\bw\.(\w+)", (ASSETS / "staffing.js").read_text(encoding="utf-8")))
    assert asked <= set(WORDS)
    assert {"came", "own", "idle", "waiting"} <= set(WORDS)  # asked for by name of the part
