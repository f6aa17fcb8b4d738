"""The page and the workbook of a comparison: every number is the table's, both languages tell the same, hostile names stay text."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from scenarios.answers import LEVELS
from scenarios.change_kinds import KINDS
from scenarios.change_words import CHINESE
from scenarios.changes import Scenario, read_changes
from scenarios.compare import Comparison, compared
from scenarios.comparison_days import by_clock, daily
from scenarios.comparison_page import render_comparison
from scenarios.comparison_views import Told, shown_figures
from scenarios.comparison_words import WORDS
from scenarios.comparison_workbook import write_comparison
from scenarios.figure_words import COSTS, FIGURES, SERVICES, TOLD, figure_words
from scenarios.frontier import not_beaten
from scenarios.inputs import inputs_of
from scenarios.people_figures import people_of_rota
from scenarios.report_words import WORDS as REPORT_WORDS
from scheduler.cost import MONEY
from scheduler.rota import Rota
from scheduler.rules.primitives import MinimumRest
from scheduler.solution import Limits
from scheduler.terms import OvertimePay

START = date(2026, 2, 23)
ASKED = Told(1, 1, 4)
HOSTILE = ["<script>alert(1)</script>", "=1+1", "招聘八人", "plain"]
CHANGES = ["volume=+20%", "aht=-5%", "hire:full-time=3", "volume=x0"]


class Page(HTMLParser):
    """What a reader's machine sees: cells of the table of figures, elements, attributes, text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.cells: list[tuple[str, str, str]] = []  # figure, class, value
        self.shown: list[tuple[str, str]] = []  # class, text
        self.headers_without_scope = 0
        self.figure = ""
        self._data = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        self.tags.append(tag)
        self.addresses += [told[name] for name in ("href", "src", "action", "xlink:href") if name in told]
        self.figure = told.get("data-figure", self.figure)
        self.headers_without_scope += tag == "th" and "scope" not in told
        if tag == "data":
            self.cells.append((self.figure, told["class"], told["value"]))
            self._data = told["class"]

    def handle_data(self, data):
        if self._data:
            self.shown.append((self._data, data))
            self._data = ""


def comparison(centre, names, changes, level="staffing", days=2) -> Comparison:
    inputs = inputs_of(centre, START, days)
    asked = [
        Scenario(name, read_changes([text], inputs, KINDS)) for name, text in zip(names, changes, strict=True)
    ]
    return compared(inputs, asked, level, Limits(effort=1, workers=1), 4)


@pytest.fixture(scope="module")
def found(centre) -> Comparison:
    return comparison(centre, HOSTILE, CHANGES)


@pytest.fixture(scope="module")
def played(centre) -> Comparison:
    return comparison(centre, ["more", "少"], ["volume=+30%", "volume=-10%"], "simulated")


def test_every_figure_of_every_level_has_words_in_both_languages(centre, played) -> None:
    names = {
        level: set(comparison(centre, ["a"], ["volume=+1%"], level).answers[0].figures)
        for level in LEVELS[:2]
    }
    names["simulated"] = set(played.answers[0].figures)
    assert names["staffing"] < names["bound"]
    assert {"overtime_hours", "least_rest_margin_hours", "spread_weekends", "cost_pay"} <= names["simulated"]
    for name in set().union(*names.values()):
        words = figure_words(name)
        assert all(words.names)
        assert any("\u4e00" <= sign <= "\u9fff" for sign in words.name("zh"))
    assert {*TOLD, *COSTS, *SERVICES} <= set(FIGURES)


def test_every_term_of_cost_has_words() -> None:
    terms = {
        *MONEY,
        "shortage",
        "surplus",
        "below_minimum",
        "requests",
        "mix",
        "start_change",
        "unfair_night",
        "change",
    }
    assert all(figure_words(f"cost_{term}").names for term in terms)
    assert {figure_words(f"cost_{term}").group for term in MONEY} == {"cost"}
    with pytest.raises(KeyError):
        figure_words("cost_nonsense")
    assert all(
        all(pair)
        for pair in (WORDS | {k: v for k, v in REPORT_WORDS.items() if k.startswith("cost.")}).values()
    )


def test_every_kind_of_change_has_chinese_words() -> None:
    assert {kind.name for kind in KINDS} == set(CHINESE)


def test_every_number_on_the_page_is_the_tables(found, played) -> None:
    for each in (found, played):
        page = Page(render_comparison(each, ASKED))
        values = [cell for cell in page.cells if cell[1] == "value"]
        table = each.table.set_index(["scenario", "figure"])["value"]
        names = shown_figures(each)
        scenarios = [scenario.name for scenario in each.scenarios]
        assert len(values) == len(names) * len(scenarios)
        own = iter(values)
        for name in names:
            for scenario in scenarios:
                figure, _, told = next(own)
                expected = table[scenario, name]
                assert figure == name
                assert (told == "" and np.isnan(expected)) or float(told) == expected


def test_what_is_shown_is_the_number_rounded(played) -> None:
    page = Page(render_comparison(played, ASKED))
    told = [text for css, text in page.shown if css == "value"]
    exact = [value for _, css, value in page.cells if css == "value"]
    for text, value in zip(told, exact, strict=True):
        if value and text != "∞":
            number = float(text.replace(",", "").replace("−", "-").rstrip("%")) / (100 if "%" in text else 1)
            assert number == pytest.approx(float(value), abs=0.5 if "." not in text else 0.051)


def test_both_languages_have_the_same_cells(found, played) -> None:
    for each in (found, played):
        english, chinese = (Page(render_comparison(each, ASKED, language)) for language in ("en", "zh"))
        assert english.cells == chinese.cells
        assert english.tags == chinese.tags


def test_the_page_needs_no_other_file_and_hostile_names_stay_text(found) -> None:
    for language in ("en", "zh"):
        text = render_comparison(found, ASKED, language)
        page = Page(text)
        assert "script" not in page.tags
        assert "http://" not in text
        assert "https://" not in text
        assert all(address.startswith(("#", "data:")) for address in page.addresses)
        assert page.headers_without_scope == 0
        assert "招聘八人" in text
        assert "nan" not in "".join(text for _, text in page.shown)


def test_better_and_worse_are_told_in_words_and_chance_where_it_may_be(played) -> None:
    text = render_comparison(played, ASKED)
    assert "worse</b>" in text
    assert "better</b>" in text
    table = played.table.copy()
    row = (table["scenario"] == "more") & (table["figure"] == "simulated_service_level")
    table.loc[row, ["difference_low", "difference_high"]] = [-0.2, 0.1]
    assert "may be chance</b>" in render_comparison(replace(played, table=table), ASKED)


@pytest.mark.parametrize("count", [1, 12])
def test_any_number_of_scenarios(centre, count) -> None:
    each = comparison(centre, [f"情景 {k}" for k in range(count)], [f"volume=+{k}%" for k in range(count)])
    page = Page(render_comparison(each, ASKED, "zh"))
    assert len([cell for cell in page.cells if cell[1] == "value"]) == len(shown_figures(each)) * (
        count + -(-count // 5)
    )


def test_no_currency_is_shown_where_none_is_told(centre, found) -> None:
    raw = {"centre": {k: v for k, v in centre.raw["centre"].items() if k != "currency"}}
    inputs = replace(found.inputs, centre=replace(found.inputs.centre, raw=raw))
    assert "CNY" in render_comparison(found, ASKED)
    silent = render_comparison(replace(found, inputs=inputs), ASKED)
    assert "CNY" not in silent
    assert "USD" not in silent


def test_the_workbook_holds_the_table_and_no_formula(found, tmp_path) -> None:
    write_comparison(found, ASKED, tmp_path / "c.xlsx", "zh")
    book = CalamineWorkbook.from_path(str(tmp_path / "c.xlsx"))
    assert book.sheet_names == ["概要", "指标", "逐日", "逐时段", "改动"]
    rows = book.get_sheet_by_name("指标").to_python()[1:]
    assert len(rows) == len(found.table)
    names = {FIGURES[name].name("zh"): name for name in FIGURES}
    table = found.table.set_index(["scenario", "figure"])
    for row in rows:
        key = ("baseline" if row[3] == "基线" else row[3], names[row[1]])
        for cell, column in zip(row[4:7], ("value", "baseline", "difference"), strict=True):
            expected = table.loc[key, column]
            assert cell == "" if np.isnan(expected) else cell == pytest.approx(expected)
    assert {row[3] for row in rows} == {"基线", *HOSTILE}
    assert [row[1] for row in book.get_sheet_by_name("改动").to_python()[1:]] == CHANGES
    write_comparison(found, ASKED, tmp_path / "again.xlsx", "zh")
    assert (tmp_path / "c.xlsx").read_bytes() == (tmp_path / "again.xlsx").read_bytes()


def test_days_add_up_to_the_whole(found, played) -> None:
    for each in (found, played):
        answer, grid = each.answers[0], each.inputs.grid
        by_queue, by_day = daily(answer.by_interval, grid, ["date", "queue"]), daily(answer.by_interval, grid)
        assert by_queue["contacts"].sum() == pytest.approx(answer.figures["contacts"])
        assert by_day["required_hours"].sum() == pytest.approx(answer.figures["required_hours"])
        days, values = by_clock(answer.by_interval, grid, "offered")
        assert values.shape == (len(days), 1440 // grid.interval_minutes)
        assert np.nansum(values) == pytest.approx(answer.figures["contacts"])
        assert np.nansum(values, axis=1) == pytest.approx(by_day["contacts"].to_numpy())


def rota_of(*shifts: tuple[str, str, str, str]) -> Rota:
    """A rota of (person, day, start, end), clocks of Shanghai."""
    rows = pd.DataFrame(shifts, columns=["agent_id", "day", "start", "end"])
    for name in ("start", "end"):
        rows[name] = pd.to_datetime(rows["day"] + "T" + rows[name] + "+08:00", utc=True)
    rows["day"] = pd.to_datetime(rows["day"]).dt.date
    return Rota.from_frame(rows.assign(activity="work:calls", shift="day", paid=True))


def test_rest_overtime_and_shares_of_a_rota_worked_out_by_hand(quick) -> None:
    """Rests of 14 h and 16 h where 11 h are asked for; a day of 16 h in two where 15 h are usual; one works on a Sunday."""
    rota = rota_of(
        ("A001", "2026-02-24", "09:00", "17:00"), ("A001", "2026-02-25", "07:00", "15:00"),
        ("A002", "2026-02-24", "09:00", "17:00"), ("A002", "2026-02-25", "09:00", "16:00"),
        ("A003", "2026-02-28", "09:00", "17:00"), ("A003", "2026-03-01", "09:00", "12:00"),
    )  # fmt: skip
    week = OvertimePay(quick.grid.first_day, quick.grid.first_day + 6, 900, 1.0)
    people = tuple(
        replace(
            person,
            primitives=(MinimumRest(0), *([MinimumRest(660)] if person.agent_id < "A003" else [])),
            overtime=(week,),
        )
        for person in quick.problem.people
    )
    full = {agent.agent_id: agent.contract for agent in quick.centre.agents}
    assert len({full[name] for name in ("A001", "A002", "A003")}) == 1
    made = replace(
        quick, solution=replace(quick.solution, rota=rota), problem=replace(quick.problem, people=people), pay=None,
        facts=replace(quick.facts, before=None),
    )  # fmt: skip
    found = people_of_rota(made)
    assert found["least_rest_margin_hours"] == 3.0
    assert found["mean_rest_margin_hours"] == 4.0
    assert found["overtime_hours"] == 1.0
    assert found["spread_weekends"] == 1.0  # Saturday 28 February 2026 is a make-up workday
    assert found["spread_nights"] == found["spread_lates"] == 0.0
    alone = replace(
        made, solution=replace(quick.solution, rota=rota_of(("A001", "2026-02-24", "09:00", "17:00")))
    )
    assert np.isnan(people_of_rota(alone)["least_rest_margin_hours"])


def test_points_not_beaten() -> None:
    assert not_beaten([]) == []
    assert not_beaten([(1.0, 0.5)]) == [0]
    assert not_beaten([(2.0, 0.5), (1.0, 0.5)]) == [1]
