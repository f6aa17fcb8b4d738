"""The report's section on new starters: stages with what they rest upon, the ramp; in both languages, the same from the folder."""

from dataclasses import replace
from datetime import date

import pytest

from api.report_source import read_report_source
from centre.instants import day_number
from centre.people import Agent
from scenarios.plan import rota_plan
from scenarios.report import render_report
from scenarios.report_filling import report_data
from scenarios.results import write_plan
from scheduler.solution import Limits

START = date(2026, 2, 23)
SECTION = '<section id="onboarding"'


@pytest.fixture
def made(centre, quick, solver):
    """A starter on the first day of a week."""
    new = Agent(
        "S1",
        "<新人>",
        "",
        "junior",
        (("calls", 1.0),),
        "full-time",
        starts_on=day_number(START),
        stage="induction",
        mentor="A002",
    )
    return rota_plan(
        replace(centre, agents=(*centre.agents, new)), quick.requirement, START, 7, Limits(effort=1)
    )


def section(page: str) -> str:
    return page[page.index(SECTION) : page.index('<section id="rules"')]


def test_p10_the_report_tells_stages_what_they_rest_upon_and_the_ramp(made):
    page = section(render_report(report_data(made, "en")))
    assert "S1 &lt;新人&gt;" in page
    for word in ("induction exam", "an assumed pass", "what is recorded", "beside a mentor", "A002", "40%"):
        assert word in page
    assert "Lost by ramp and mentoring" in page
    assert "<svg" in page


def test_the_section_is_in_chinese_too(made):
    page = section(render_report(report_data(made, "zh")))
    assert "假定合格" in page
    assert "带教" in page


def test_it_is_the_same_from_the_folder(made, tmp_path):
    write_plan(made, tmp_path / "out")
    again = render_report(read_report_source(tmp_path / "out", None))
    assert section(again) == section(render_report(report_data(made, "en")))


def test_without_starters_there_is_no_such_section(quick):
    assert SECTION not in render_report(report_data(quick, "en"))
