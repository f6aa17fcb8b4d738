"""The page about a forecast: its figures are the forecast's, it needs no other file and runs nothing, hostile names stay text,
odd histories are drawn.
"""

import math
import re
import xml.etree.ElementTree as ET
from datetime import date
from html.parser import HTMLParser
from string import Formatter

import numpy as np
import pandas as pd
import pytest

from forecasts import make_forecast
from forecasts.models import WeekdayMean
from scenarios.forecast_plot_words import WORDS, words
from scenarios.forecast_plots import CONTENT_POLICY, render_forecast
from scenarios.forecast_svg import Chart, ticks_to
from scenarios.forecasting import Demand, rounded_forecast

HOSTILE = "</title><script>alert('1')</script><img src=x>{{ 7*7 }}&amp;王"


class Page(HTMLParser):
    """Elements with attributes, text, and the rows of tables."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.text = ""
        self._cell = False
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        self._cell = tag in ("td", "th", "small")

    def handle_endtag(self, tag):
        if tag in ("td", "th", "tr"):
            self._cell = False
            self.rows[-1] = [cell.strip() for cell in self.rows[-1]]

    def handle_data(self, data):
        self.text += data
        if self._cell and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data

    def charts(self):
        return [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", self.html, re.DOTALL)]

    def count(self, css):
        return sum((attrs.get("class") or "") == css for _, attrs in self.elements)


def page_of(autumn, language="en", queues=None):
    return Page(render_forecast(autumn.demand, "中心", language, queues))


def plain_page(history, days=7, language="en", start=date(2024, 3, 25), **options):
    made = make_forecast(history, start, days, **options)
    return Page(render_forecast(Demand(made, rounded_forecast(made.table())), "x", language)), made


def flat(days, queue="q", start="2024-03-25", freq="h", value=4.0, zone="UTC"):
    first = pd.Timestamp(start) - pd.Timedelta(days=days)
    stamps = pd.date_range(first, start, freq=freq, tz=zone, inclusive="left")
    return pd.DataFrame({"interval_start": stamps, "queue": queue, "offered": value})


def number(text):
    return float(text.replace(",", "").replace("−", "-"))


def test_every_day_has_a_point_that_tells_its_contacts(autumn):
    page = page_of(autumn, queues=["calls"])
    days = autumn.demand.forecast.queues["calls"].day_table()
    chart = page.charts()[0]
    titles = [circle[0].text for circle in chart.iter("circle")]
    for row in days.to_dict("records"):
        label = (
            f"{date.fromisoformat(row['day']):%a} {int(row['day'][8:])} {date.fromisoformat(row['day']):%b}"
        )
        assert any(each.startswith(f"{label} · {row['offered']:,.0f}") for each in titles)
    assert len(titles) == 56 + 28 + 1  # the day that finance and planner changed has a point more
    assert any("eve of National Day" in each for each in titles)
    assert "planned with, after finance and planner" in page.text


def test_the_factors_of_each_day_multiply_to_its_forecast(autumn):
    page = page_of(autumn, queues=["calls"])
    (head,) = [row for row in page.rows if row[:2] == ["Day", "Level"]]
    rows = page.rows[page.rows.index(head) + 1 :]
    assert len(rows) == 28
    place = head.index("Forecast")
    for row in rows:
        product = math.prod(number(cell) for cell in row[1:place])
        assert product == pytest.approx(number(row[place]), rel=0.005)
    planned = autumn.demand.table
    local = planned["interval_start"].dt.tz_convert("Asia/Shanghai").dt.day
    (changed,) = [row for row in rows if row[0].startswith("Wed 15 Oct")]
    total = planned.loc[(local == 15) & (planned["queue"] == "calls"), "offered"].sum()
    assert changed[head.index("Planned")] == f"{total:,.0f}"
    assert any(row[0] == "Sun 28 Sep make-up workday (National Day)" for row in rows)


def test_errors_at_earlier_origins_stand_beside_chance(autumn):
    page = page_of(autumn, queues=["chat"])
    fit = autumn.demand.forecast.queues["chat"].fit
    for wape in (*fit.wape.values(), fit.floor):
        assert f"{100 * wape:.1f}%" in page.text
    assert page.count("floor") == 1
    bars = [
        each for each in page.elements if each[1].get("class") in ("bar", "bar own") and each[0] == "rect"
    ]
    assert len(bars) >= 5


def test_special_days_tell_their_effect_the_days_seen_and_those_to_come(autumn):
    page = page_of(autumn, queues=["calls"])
    (row,) = [row for row in page.rows if row[0] == "make-up workday (National Day)"]
    assert row[-1] == "Sun 28 Sep, Sat 11 Oct"
    assert row[-2] == "2"
    assert (
        abs(number(row[1].rstrip("%").lstrip("+"))) < 60
    )  # as the invented weekends are: no effect of a holiday
    assert "Other special days learned" in page.text


def test_events_tell_change_range_and_where_it_is_known_from(autumn):
    page = page_of(autumn, queues=["calls"])
    sale, billing = (next(row for row in page.rows if row[0] == name) for name in ("sale: peak", "billing"))
    assert (sale[4], sale[5]) == ("learned", "1")
    assert (billing[1], billing[4], billing[5]) == ("+50.0%", "stated", "0")


def test_queues_may_be_chosen_and_all_are_in_the_contents(autumn):
    both, one = page_of(autumn), page_of(autumn, queues=["chat"])
    assert sum(tag == "section" for tag, _ in both.elements) == 2
    assert [attrs["href"] for tag, attrs in both.elements if tag == "a"] == ["#q1", "#q2"]
    assert sum(tag == "section" for tag, _ in one.elements) == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_whole_in_both_languages(autumn, language):
    page, other = page_of(autumn, language), words("zh" if language == "en" else "en")
    own = words(language)
    for key in ("h_days", "h_week", "h_profiles", "h_accuracy", "h_special", "h_events", "h_factors"):
        assert own[key] in page.text
        assert other[key] not in page.text
    assert ("国庆节前一天" in page.text) == (language == "zh")
    lang = next(attrs["lang"] for tag, attrs in page.elements if tag == "html")
    assert lang == {"en": "en", "zh": "zh-Hans"}[language]


def test_both_languages_have_the_same_places_to_fill():
    def places(text):
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert all(places(en) == places(zh) and en and zh for en, zh in WORDS.values())


def test_nothing_is_loaded_and_nothing_runs(autumn):
    page = page_of(autumn)
    policy = [
        attrs["content"] for _, attrs in page.elements if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy == [CONTENT_POLICY]
    assert "script-src" not in CONTENT_POLICY
    assert CONTENT_POLICY.startswith("default-src 'none'")
    assert not any(tag in ("script", "img", "iframe", "object") for tag, _ in page.elements)
    linked = [value for _, attrs in page.elements for name, value in attrs.items() if name in ("src", "href")]
    assert all(value.startswith(("#", "data:")) for value in linked)
    assert not re.search(r"https?://|@import|url\(", page.html)
    assert not any(name.startswith("on") for _, attrs in page.elements for name in attrs)


def test_nobody_who_changed_the_forecast_is_on_the_page(autumn):
    page = page_of(autumn)
    for word in ("王芳", "李雷", "newsletter"):
        assert word not in page.html


def test_hostile_names_stay_text():
    made = make_forecast(flat(40, HOSTILE), date(2024, 3, 25), 7)
    page = Page(render_forecast(Demand(made, rounded_forecast(made.table())), HOSTILE))
    assert page.text.count(HOSTILE) >= 2
    assert not any(tag in ("script", "img") for tag, _ in page.elements)


def test_every_chart_is_well_formed_and_within_its_edges(autumn):
    for chart in page_of(autumn).charts():
        _, _, width, height = map(float, chart.attrib["viewBox"].split())
        for line in chart.iter("polyline"):
            points = np.array([point.split(",") for point in line.attrib["points"].split()], dtype=float)
            assert (points >= 0).all()
            assert (points <= (width, height)).all()
        assert "nan" not in ET.tostring(chart, encoding="unicode").lower()


def test_a_week_of_history_is_drawn_without_errors_of_models():
    page, made = plain_page(flat(8))
    assert made.queues["q"].fit.tried == 0
    assert "The history is too short to try it" in page.text
    assert words("en")["h_accuracy"] not in page.text
    assert words("en")["no_special"] in page.text


def test_a_model_without_factors_has_a_table_without_them():
    page, _ = plain_page(flat(70), models=[WeekdayMean(4)])
    assert words("en")["no_factors"] in page.text
    assert [row for row in page.rows if row and row[0] == "Day"] == [["Day", "Forecast", "p10 to p90"]]


def test_days_on_which_a_queue_is_closed_are_told_so():
    history = flat(70)
    history["offered"] = np.where(history["interval_start"].dt.day_of_week == 6, 0.0, 4.0)
    page, _ = plain_page(history)
    assert [row[0] for row in page.rows if row[0].endswith("closed")] == ["Sun 31 Mar closed"]


@pytest.mark.parametrize("start", [date(2024, 3, 25), date(2024, 10, 21)])
def test_weeks_in_which_clocks_change_are_drawn(start):
    page, _ = plain_page(flat(60, start=start.isoformat(), zone="Europe/Berlin"), start=start)
    assert len(page.charts()) >= 3


def test_a_long_horizon_shows_so_many_days_and_says_so():
    page, _ = plain_page(flat(60), days=120)
    assert "The first 92 of 120 days." in page.text


def test_lines_break_where_nothing_is_known():
    chart = Chart(6, 10.0)
    chart.line(np.array([1.0, 2.0, np.nan, 4.0, 5.0, np.nan]), "history")
    assert len(re.findall("<polyline", chart.svg("x"))) == 2


@pytest.mark.parametrize("top", [0.003, 0.7, 1.0, 9.9, 10.0, 11.0, 4321.0])
def test_ticks_reach_the_top_and_not_much_further(top):
    ticks = ticks_to(top)
    assert ticks[0] == 0
    assert top <= ticks[-1] * (1 + 1e-9)
    assert ticks[-1] < 2.6 * top
    assert 2 <= len(ticks) <= 6
