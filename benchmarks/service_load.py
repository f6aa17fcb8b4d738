"""Reads while a solve runs: how long they take at 50 a second on 2 cores.

    python benchmarks/service_load.py sqlite|postgres [--rate 50] [--seconds 60] [--centre examples/us-bank]

`paiban serve` with its worker, a rota of us-bank's week, then more plans of it, and meanwhile an equal mix of four
reads. They are sent on a schedule, whether those before were answered or not, and timed from when they were due: waiting counts.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
import numpy as np

from examples.api_tour import zipped
from tests.api.test_cli_serve import answers, free_port
from tests.databases import running

ROOT = Path(__file__).parents[1]
PREPARE_SECONDS, PLANS = 20.0, 8
Times = dict[str, list[float]]


def main() -> None:
    """Serve, plan, read, tell."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("database", choices=("sqlite", "postgres"))
    parser.add_argument("--rate", type=float, default=50.0, help="reads a second")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--centre", type=Path, default=ROOT / "examples/us-bank")
    parser.add_argument("--start", default="2003-10-20")
    args = parser.parse_args()
    load = os.getloadavg()[0]
    with ExitStack() as stack:
        url = stack.enter_context(running(durable=True)).create() if args.database == "postgres" else ""
        client = stack.enter_context(_served(url))
        routes = _prepared(client, args.centre, args.start, args.seconds)
        times, wrong = asyncio.run(_read(client, routes, args.rate, args.seconds))
    _tell(args.database, times, wrong, load)


@contextmanager
def _served(url: str) -> Iterator[httpx.Client]:
    """A client of a service of its own, as administrator."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="paiban-load-") as data:
        told = {"PAIBAN_DATA": data, "PAIBAN_REQUESTS_A_MINUTE": "100000", "PYTHONPATH": str(ROOT)}
        told |= {"PAIBAN_DATABASE": url} if url else {}
        words = [sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
        process = subprocess.Popen(
            words, env=os.environ | told, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            while not answers(port):
                time.sleep(0.2)
            assert process.stdout is not None
            key = process.stdout.readline().split()[-1]
            headers = {"Authorization": f"Bearer {key}"}
            with httpx.Client(
                base_url=f"http://127.0.0.1:{port}/api/v1/", headers=headers, timeout=60
            ) as client:
                yield client
        finally:
            process.terminate()
            process.wait()


def _prepared(client: httpx.Client, centre: Path, start: str, seconds: float) -> dict[str, str]:
    """A published rota, and a plan that searches; what is read, by its name."""
    told = _asked(client, "centres", content=zipped(centre), headers={"Content-Type": "application/zip"})
    place, wanted = f"centres/{told['id']}", {"start": start, "days": 7}
    first = _asked(client, f"{place}/plans", json=wanted | {"seconds": PREPARE_SECONDS})
    _until(client, first["id"], lambda job: job["state"] == "done")
    rota = _asked(client, f"jobs/{first['id']}/rota")
    version = {"If-Match": f'"{rota["version"]}"'}
    _asked(client, f"rotas/{rota['id']}/publish?accept_breaches=true", headers=version)
    more = [
        _asked(client, f"{place}/plans", json=wanted | {"seconds": seconds, "seed": 2 + k})
        for k in range(PLANS)
    ]
    _until(client, more[0]["id"], lambda job: job["state"] == "running")
    return {
        "centre": place,
        "rota page": f"rotas/{rota['id']}/days?limit=100",
        "jobs": "jobs?limit=50",
        "violations": f"rotas/{rota['id']}/violations",
    }


def _asked(client: httpx.Client, path: str, **more: Any) -> dict[str, Any]:
    answer = client.post(path, **more)
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _until(client: httpx.Client, job_id: str, is_so: Any) -> None:
    while not is_so(job := client.get(f"jobs/{job_id}").json()):
        assert job["state"] in ("queued", "running"), job["problem"]
        time.sleep(0.5)


async def _read(
    client: httpx.Client, routes: dict[str, str], rate: float, seconds: float
) -> tuple[Times, Counter[str]]:
    """Seconds of each read by route, and how many were answered with what else than 200."""
    times: Times = {name: [] for name in routes}
    wrong, names = Counter[str](), list(routes)
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=100)

    async def read(name: str, due: float) -> None:
        try:
            answer = await asked.get(routes[name])
            told = str(answer.status_code)
        except httpx.HTTPError as error:
            told = type(error).__name__
        times[name].append(time.monotonic() - due)
        if told != "200":
            wrong[f"{name}: {told}"] += 1

    async with (
        httpx.AsyncClient(
            base_url=client.base_url, headers=client.headers, limits=limits, timeout=30
        ) as asked,
        asyncio.TaskGroup() as group,
    ):
        began = time.monotonic()
        for k in range(round(rate * seconds)):
            due = began + k / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            group.create_task(read(names[k % len(names)], due))
    return times, wrong


def _tell(database: str, times: Times, wrong: Counter[str], load: float) -> None:
    everything = [each for told in times.values() for each in told]
    errors = f"{sum(wrong.values())} errors {dict(wrong)}"
    print(f"{database}, {len(everything)} reads, {errors}; load of the machine before {load:.1f}")
    for name, told in [*times.items(), ("all", everything)]:
        p50, p95, p99 = 1000 * np.quantile(told, [0.5, 0.95, 0.99])
        print(f"  {name:12} p50 {p50:6.0f} ms  p95 {p95:6.0f} ms  p99 {p99:6.0f} ms  most {1000 * max(told):6.0f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
