"""The demand screen: the learned value of an event beside the one put in by hand, accuracy by how far ahead; both languages."""

import pytest
from playwright.sync_api import expect

from api.access.scope import Role
from tests.page.small import files_of_small, new_centre
from tests.page.test_first_run import worker  # noqa: F401

EVENTS = """name,phase,start,end,queues,kind,uplift
促销,,2026-02-03,2026-02-04,calls,campaign,
促销,,2026-03-04,2026-03-05,calls,campaign,0.4
停电,,2026-03-06,2026-03-07,calls,outage,0.9
"""


@pytest.fixture
def centre(site):
    return new_centre(site, files_of_small() | {"events.csv": EVENTS.encode()})


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_learned_stands_beside_what_was_put_in(visitor, site, centre, worker, language):  # noqa: F811
    page = visitor.page
    visitor.sign_in(site.key(Role.PLANNER))
    if language == "zh":
        page.get_by_role("button", name="简体中文").click()
    visitor.go(f"/centres/{centre}/demand")
    rows = page.locator("table.events tbody tr")
    expect(rows.nth(1)).to_contain_text({"en": "forecast to see", "zh": "预测后可见"}[language])
    page.locator('input[name="days"]').first.fill("7")
    page.locator("#forecast").click()
    expect(page.locator("iframe.result")).to_be_visible(timeout=60_000)
    visitor.go(f"/centres/{centre}/demand")
    expect(rows.nth(1)).to_contain_text({"en": "seen 1×", "zh": "出现 1 次"}[language])
    expect(rows.nth(1).locator(".learned strong")).to_contain_text(".")
    expect(page.locator('input[name="uplift:1"]')).to_have_value("0.4")
    expect(rows.nth(2)).to_contain_text({"en": "never seen", "zh": "未曾出现"}[language])


def test_accuracy_is_told_by_how_far_ahead(visitor, site, centre, worker):  # noqa: F811
    page = visitor.page
    visitor.sign_in(site.key(Role.PLANNER))
    visitor.go(f"/centres/{centre}/demand")
    page.locator("details summary").last.click()
    form = page.locator('form[action$="/backtests"]')
    form.locator('input[name="days"]').fill("14")
    form.locator('input[name="origins"]').fill("2")
    page.locator("#backtest").click()
    expect(page.locator("#job-state")).to_have_text("Done", timeout=60_000)
    page.locator('.eyebrow a[href$="/demand"]').click()
    head = page.locator("#accuracy thead th")
    expect(head.nth(2)).to_have_text("week 1")
    expect(head.nth(3)).to_have_text("week 2")
    expect(page.locator("#accuracy tbody tr").first.locator("td").last).to_contain_text("%")
