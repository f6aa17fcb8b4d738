"""From nothing to a rota on the example: three clicks, and a worker that works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from api.access.scope import Role
from api.jobs import queue
from api.settings import ServiceSettings


@pytest.fixture
def worker(site, tmp_path):
    (tmp_path / "master.key").write_text("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n")
    queue.prepare(ServiceSettings(data=tmp_path))
    environment = os.environ | {"PAIBAN_DATA": str(tmp_path), "PYTHONPATH": str(Path.cwd())}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.api.jobs.worker_process"], env=environment, stderr=subprocess.DEVNULL
    )
    yield process
    process.kill()
    process.wait()


def test_from_nothing_to_a_rota(visitor, site, worker, monkeypatch):
    monkeypatch.setattr("api.page.centres.SECONDS", (1,))
    visitor.sign_in(site.key(Role.ADMIN))
    visitor.page.locator('form[action="/centres/example"] button').click()
    visitor.page.locator("#plan").click()
    expect(visitor.page.locator("#job-state")).to_have_text("Working", timeout=20_000)
    visitor.page.wait_for_url("**/rotas/*", timeout=60_000)
    expect(visitor.page.locator("#figures")).to_contain_text("Service expected")
    expect(visitor.page.locator("time").first).to_have_text("Mon, 2 Mar 2026")
    assert visitor.page.locator(".shift").count() > 80


def test_a_plan_is_stopped(visitor, site):
    visitor.sign_in(site.key(Role.ADMIN))
    visitor.page.locator('form[action="/centres/example"] button').click()
    visitor.page.locator("#plan").click()
    expect(visitor.page.locator("#job-state")).to_have_text("Waiting for a worker")
    visitor.page.get_by_role("button", name="Stop").click()
    expect(visitor.page.locator("#job-state")).to_have_text("Stopped")
