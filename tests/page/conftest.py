"""The service on a port of its own, the example centre with a rota, and Debian's Chromium to see it with."""

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from api.access import keys
from api.access.scope import Role, machine
from api.app import create_app
from api.jobs.client import open_jobs
from api.settings import ServiceSettings
from api.store import members
from api.store.engine import Store
from tests.databases import empty_sqlite, opened, sqlite_url  # noqa: F401

CHROMIUM = "needs Chromium: apt-get install chromium (as root; on Debian and Ubuntu)"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@dataclass
class Site:
    """The service as browsers see it."""

    store: Store
    address: str

    def key(self, role: Role, **of: Any) -> str:
        """A key of a new member."""
        with self.store.write(machine("tests")) as transaction:
            member = members.create(transaction, role, kind="service", **of)
            return keys.create(transaction, member.id)[0]


@dataclass
class Visitor:
    """A page of a browser that notes what no page may do."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Open an address of the site."""
        self.page.goto(self.address + path)

    def sign_in(self, key: str) -> None:
        """Sign in by a key."""
        self.go("/sign-in")
        self.page.locator("#key").fill(key)
        self.page.locator("button.main").click()


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path) -> Iterator[Site]:  # noqa: F811
    settings = ServiceSettings(data=tmp_path, port=0)
    with opened(sqlite_url, tmp_path) as kept, open_jobs(settings, kept) as jobs:
        app = create_app(kept, settings, jobs)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Site(kept, f"http://127.0.0.1:{port}")
        server.should_exit = True
        thread.join(5)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip(CHROMIUM)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def visitor(browser: Browser, site: Site) -> Iterator[Visitor]:
    context: BrowserContext = browser.new_context(locale="en-GB")
    each = Visitor(context.new_page(), site.address)
    each.page.on("console", lambda said: each.faults.append(said.text) if said.type == "error" else None)
    each.page.on("pageerror", lambda error: each.faults.append(str(error)))
    each.page.on(
        "request",
        lambda asked: None if asked.url.startswith(site.address) else each.faults.append(asked.url),
    )
    yield each
    context.close()
    assert each.faults == []
