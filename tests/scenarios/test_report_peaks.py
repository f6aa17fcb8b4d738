"""The report's section on peaks: there where there is something to tell, with the figures of the plan."""

import re
from dataclasses import replace
from datetime import date

import pytest

from centre.model import Peak
from scenarios.demand import requirement_of
from scenarios.levers import priced_levers
from scenarios.plan import Plan, rota_plan
from scenarios.report import render_report
from scenarios.report_filling import report_data
from scenarios.results import plan_json
from tests.scenarios.test_rehearsal import LIMITS, forecast, made, small
from tests.scheduler.test_backup_call_outs import MONDAY

SECTION = re.compile(r'<section id="peaks".*?</section>', re.DOTALL)


def section(plan: Plan, language: str = "en") -> str:
    page = render_report(report_data(plan, language))  # type: ignore[arg-type]
    found = SECTION.search(page)
    return found.group(0) if found else ""


def with_levers() -> Plan:
    """A plan with a bot on its day and a lever that is not used."""
    bot = Peak("bot <b>", dates=(date(2026, 5, 11),), containment_share=0.4, cost_per_contact=0.5)
    eased = Peak("宽限", dates=(date(2026, 5, 11),), target_share=0.5, enabled=False)
    centre = replace(small(), settings=replace(small().settings, peak=(bot, eased)))
    table = forecast(50.0)
    plan = rota_plan(centre, requirement_of(table, centre.settings, {}), MONDAY, 1, LIMITS, forecast=table)
    return replace(plan, forecast=table, levers=priced_levers(plan.centre, plan.grid, table, {}))


def test_who_is_called_out_when_and_the_rounds_are_told() -> None:
    told = section(made())
    assert "12:00–14:00" in told
    assert "后备-1" in told
    assert told.count('class="backup"') == 2  # two hours of a bar each
    assert "gone on with" in told
    assert 'href="#peaks"' in render_report(report_data(made(), "en"))
    assert "应召名单" in section(made(), "zh")


def test_levers_stand_with_their_price_and_names_are_escaped() -> None:
    plan = with_levers()
    assert plan.levers is not None
    bot, eased = plan.levers.levers
    told = section(plan)
    assert "bot &lt;b&gt;" in told
    assert "no, priced as if it were" in told
    assert f"CNY {bot.cost:,.0f}".replace("CNY", plan.centre.settings.centre.currency) in told
    assert bot.contacts_kept_away > 0
    assert not eased.enabled
    assert 'class="without"' in told


def test_a_plan_without_peaks_and_backup_has_no_such_section() -> None:
    bare = replace(small(), settings=replace(small().settings, backup=()), backup=())
    table = forecast(8.0)
    plan = rota_plan(bare, requirement_of(table, bare.settings, {}), MONDAY, 1, LIMITS, forecast=table)
    assert section(replace(plan, forecast=table)) == ""


def test_the_rounds_are_in_plan_json_and_shortage_counts_backup_as_at_work() -> None:
    rounds = plan_json(made())["backup_rounds"]
    assert [each["chosen"] for each in rounds].count(True) == 1
    assert rounds[0]["cost"] == pytest.approx(rounds[0]["planned_cost"] + rounds[0]["live_cost"])
    said = " ".join(each.why for each in report_data(made(), "en").shortfalls)
    assert "other work" not in said
    assert "all 2 people" in said or not said
