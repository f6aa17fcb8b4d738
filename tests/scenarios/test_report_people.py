"""The report's section on people: requests with their reasons, hours on the queue; in both languages, names escaped."""

from dataclasses import replace

import pytest

from api.report_source import read_report_source
from scenarios.plan import Plan
from scenarios.report import render_report
from scenarios.report_filling import report_data
from scenarios.results import write_plan
from tests.scenarios.test_requests_result import asked, worked_days


@pytest.fixture(name="told")
def told_fixture(solved: Plan) -> Plan:
    days = worked_days(solved)
    agent = sorted(days)[0]
    at_work, off = min(days[agent]), min(set(range(7)) - days[agent])
    return asked(solved, (agent, at_work, "off", ""), (agent, off, "off", ""), (agent, off, "on", "<没有>"))


def test_refused_requests_stand_with_their_reason(told: Plan) -> None:
    page = render_report(report_data(told, "en"))
    assert 'id="people"' in page
    assert "1 of 3 requests are granted." in page
    assert "No such shift is offered that day" in page
    assert "work &lt;没有&gt;" in page
    assert "<没有>" not in page


def test_the_section_is_in_chinese_too(told: Plan) -> None:
    page = render_report(report_data(told, "zh"))
    assert "3 项申请中已满足 1 项。" in page
    assert "当日没有该班次" in page
    assert "日均在线时间与接待量" in page


def test_it_is_the_same_from_the_folder(told: Plan, tmp_path) -> None:
    write_plan(told, tmp_path / "out")
    again = render_report(read_report_source(tmp_path / "out", None))
    page = render_report(report_data(told, "en"))
    part = slice(page.index('<section id="people"'), page.index('<section id="rules"'))
    assert again[again.index('<section id="people"') : again.index('<section id="rules"')] == page[part]


def test_who_asks_for_nothing_has_hours_alone(solved: Plan) -> None:
    page = render_report(report_data(asked(solved), "en"))
    assert "<caption>Refused requests" not in page
    assert "Hours on the queue and contacts a day" in page
    nobody = replace(report_data(asked(solved), "en"), online=report_data(solved, "en").online[:0])
    assert 'id="people"' not in render_report(nobody)
