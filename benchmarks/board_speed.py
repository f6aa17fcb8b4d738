"""The rota board with 500 people: first paint of 100 rows, and how soon an edit is answered, while a solve runs.

    python benchmarks/board_speed.py [--people 500] [--edits 100] [--no-solve]

`paiban serve` with its worker, as people run it, and Chromium on the same machine. People of the small example are
repeated, each with five shifts of the week. An edit moves a shift by a quarter of an hour; it is timed in the page from the key to the
frame that shows the answer: rules, service, shortage, hours and wages of all people.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
import numpy as np
from playwright.sync_api import Page, sync_playwright

from api.access import keys
from api.access.scope import Role, machine
from api.settings import ServiceSettings
from api.store import centres, members, rotas
from api.store.centre_files import prepare
from api.store.opening import open_store
from tests.api.test_cli_serve import answers, free_port
from tests.page.conftest import FLAGS

ROOT = Path(__file__).parents[1]
SMALL = ROOT / "scenarios/examples/small"
MONDAY, DAYS, LOADS = date(2026, 3, 2), 7, 10
PARTS = (("work:*", 0, 120), ("break", 120, 135), ("work:*", 135, 240), ("meal", 240, 270), ("work:*", 270, 390), ("break", 390, 405),
         ("work:*", 405, 510))  # fmt: skip
EDIT = """async (row) => {
  const state = document.querySelector("#state"), before = state.textContent;
  const shift = document.querySelectorAll("tr[data-agent]")[row].querySelector(".shift");
  const start = performance.now();
  return await new Promise((told) => {
    new MutationObserver((_, watch) => {
      if (state.textContent === before) return;
      watch.disconnect();
      requestAnimationFrame(() => told(performance.now() - start));
    }).observe(state, { childList: true, characterData: true, subtree: true });
    shift.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  });
}"""


def main() -> None:
    """Serve, solve, open the board, edit, tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--edits", type=int, default=100)
    parser.add_argument("--no-solve", action="store_true")
    args = parser.parse_args()
    load = os.getloadavg()[0]
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="paiban-board-")))
        key, centre_id, rota_id = _prepared(data, args.people)
        address = stack.enter_context(_served(data))
        job = None if args.no_solve else _solve(address, key, centre_id)
        page = stack.enter_context(_page(address, key))
        paints = [_painted(page, f"{address}/rotas/{rota_id}?view=week") for _ in range(LOADS)]
        edits = [float(page.evaluate(EDIT, k % 100)) for k in range(args.edits)]
        assert job is None or job()["state"] == "running", "the solve ended before the last edit"
    solve = "no solve" if args.no_solve else "a solve running"
    print(f"{args.people} people x {DAYS} days, {solve}, load of the machine before {load:.1f}")
    for name, seconds in (("first paint of 100 rows", paints), ("edit answered", edits)):
        p50, p95, most = np.percentile(seconds, (50, 95, 100))
        print(f"{name}: p50 {p50:.0f} ms, p95 {p95:.0f} ms, most {most:.0f} ms ({len(seconds)} times)")


def _prepared(data: Path, people: int) -> tuple[str, str, str]:
    """A planner's key, the small example's centre, and the rota of a centre of so many people."""
    files = {path.name: path.read_bytes() for path in SMALL.iterdir() if path.is_file()}
    with (
        open_store(ServiceSettings(data=data), upgrade=True) as store,
        store.write(machine("benchmark")) as transaction,
    ):
        small = centres.create(transaction, prepare(files))
        rows = files["agents.csv"].decode().splitlines()
        lines = [rows[0], *_people(rows[1:], people)]
        centre = centres.create(transaction, prepare(files | {"agents.csv": "\n".join(lines).encode()}))
        ids = [line.partition(",")[0] for line in lines[1:]]
        made = rotas.create(
            transaction, centre.id, MONDAY, DAYS, _rota(ids).encode(), centre_revision=1, requirement=_need(people).encode()
        )  # fmt: skip
        member = members.create(transaction, Role.PLANNER, kind="service")
        return keys.create(transaction, member.id)[0], small.id, made.id


def _people(rows: list[str], count: int) -> Iterator[str]:
    for k in range(count):
        own = rows[k % len(rows)].split(",", 2)
        yield f"{own[0]},{own[1]},{own[2]}" if k < len(rows) else f"P{k:04},{own[1]}{k},{own[2]}"


def _rota(ids: list[str]) -> str:
    lines = ["agent_id,day,start,end,activity,shift,paid"]
    for k, agent_id in enumerate(sorted(ids)):
        for day in (MONDAY + timedelta(days=(k + each) % DAYS) for each in range(5)):
            begin = datetime.combine(day, datetime.min.time(), UTC) + timedelta(minutes=30 * (k % 12))
            for activity, start, end in PARTS:
                at, until = (begin + timedelta(minutes=each) for each in (start, end))
                paid = "false" if activity == "meal" else "true"
                lines.append(
                    f"{agent_id},{day},{at:%Y-%m-%dT%H:%M:%SZ},{until:%Y-%m-%dT%H:%M:%SZ},{activity},早晚班,{paid}"
                )
    return "\n".join(lines) + "\n"


def _need(people: int) -> str:
    lines = ["interval_start,queue,offered,aht_seconds,agents_required,agents_to_roster"]
    begin = datetime.combine(MONDAY, datetime.min.time(), UTC)
    for day in range(DAYS):
        for half in range(24):
            at = begin + timedelta(days=day, minutes=30 * half)
            lines += [
                f"{at:%Y-%m-%dT%H:%M:%SZ},{queue},{people},180,{people // 8},{people // 7}"
                for queue in ("calls", "chat")
            ]
    return "\n".join(lines) + "\n"


@contextmanager
def _served(data: Path) -> Iterator[str]:
    port = free_port()
    told = {"PAIBAN_DATA": str(data), "PAIBAN_REQUESTS_A_MINUTE": "100000", "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(
        words, env=os.environ | told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not answers(port):
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _solve(address: str, key: str, centre_id: str) -> Callable[[], dict[str, Any]]:
    """Have the service plan a week of the small example, and wait until it searches; how the job stands."""
    client = httpx.Client(
        base_url=f"{address}/api/v1/", headers={"Authorization": f"Bearer {key}"}, timeout=60
    )
    made = client.post(f"centres/{centre_id}/plans", json={"start": "2026-03-02", "days": 7, "seconds": 600})
    made.raise_for_status()
    address = f"jobs/{made.json()['id']}"

    def job() -> dict[str, Any]:
        told: dict[str, Any] = client.get(address).json()
        return told

    while ((now := job()).get("progress") or {}).get("cost") is None:
        assert now["state"] in ("queued", "running"), now
        time.sleep(0.5)
    return job


@contextmanager
def _page(address: str, key: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{address}/sign-in")
        page.locator("#key").fill(key)
        page.locator("button.main").click()
        page.wait_for_load_state("networkidle")
        yield page
        browser.close()


def _painted(page: Page, address: str) -> float:
    """Milliseconds from asking for the board to its rows being there, each with its shifts."""
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator("tr[data-agent]:has(.shift)").nth(99).wait_for()
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
