"""The API in this process over a store, and members with keys to ask it as."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response

from api.access import keys
from api.access.scope import Role, machine
from api.app import create_app
from api.jobs.client import open_jobs
from api.settings import ServiceSettings
from api.store import members
from api.store.engine import Store

SMALL = {"requests_a_minute": 100_000, "unpacked_megabytes": 32, "rows": 50_000, "jobs_queued": 6}
ZIP, CSV = "application/zip", "text/csv"
TOML = """
[centre]
name = "Desk"
timezone = "Asia/Shanghai"
country = "CN"
interval_minutes = 30

[[queue]]
name = "calls"
channel = "voice"
target_share = 0.8
target_seconds = 20
patience_seconds = 150
aht_seconds = 240


[[shift]]
name = "day"
earliest_start = "08:00"
latest_start = "10:00"
start_step_minutes = 60
duration_minutes = 480
breaks = [{ minutes = 60, earliest_minutes = 180, latest_minutes = 300, paid = false, kind = "meal" }]

[[contract]]
name = "full-time"
weekly_minutes_min = 0
weekly_minutes_max = 2400
days_min = 0
days_max = 6
shifts = ["day"]
hourly_cost = 30

[rules]
presets = ["cn-labour"]
"""
HISTORY = "interval_start,queue,offered,aht_seconds\n" + "".join(
    f"2026-02-{day:02}T{hour:02}:00:00Z,calls,{10 + hour % 3},240\n"
    for day in range(1, 15)
    for hour in range(8)
)
AGENTS = """agent_id,name,team,level,skills,contract
A1,王小明,North,junior,calls,full-time
A2,=HYPERLINK("x"),North,senior,calls,full-time
B1,Bruno Beispiel,South,junior,calls,full-time
"""
LEAVE = "agent_id,start,end,kind\nA1,2026-03-05,2026-03-06,sick\nB1,2026-03-06,2026-03-07,annual\n"
REQUESTS = "agent_id,date,kind,shift,weight\nA1,2026-03-03,off,,1\nB1,2026-03-04,off,,1\n"
FILES = {
    "centre.toml": TOML, "history.csv": HISTORY, "agents.csv": AGENTS, "leave.csv": LEAVE, "requests.csv": REQUESTS,
}  # fmt: skip


def zipped(files: dict[str, str | bytes] | dict[str, str] | dict[str, bytes]) -> bytes:
    """Files as a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@dataclass
class Api:
    """The API, with one key after the other to ask by."""

    client: TestClient
    store: Store
    keys: dict[str, str] = field(default_factory=dict)

    def key(self, role: Role, **of: Any) -> str:
        """A key of a new member."""
        with self.store.write(machine("tests")) as transaction:
            member = members.create(transaction, role, kind="service", **of)
            return keys.create(transaction, member.id)[0]

    def ask(self, method: str, path: str, who: str = "admin", **more: Any) -> Response:
        """One request as whoever has the key of this name."""
        headers = {"Authorization": f"Bearer {self.keys[who]}"} | more.pop("headers", {})
        if "version" in more:
            headers["If-Match"] = f'"{more.pop("version")}"'
        address = path if path.startswith("/") else f"/api/v1/{path}"
        return self.client.request(method, address, headers=headers, **more)

    def get(self, path: str, who: str = "admin", **more: Any) -> Response:
        """Read something."""
        return self.ask("GET", path, who, **more)

    def send(self, method: str, path: str, content: str | bytes, media: str = CSV, **more: Any) -> Response:
        """Send a file."""
        headers = {"Content-Type": media} | more.pop("headers", {})
        return self.ask(method, path, content=content, headers=headers, **more)

    def new_centre(self, **changed: str) -> str:
        """Import the little centre; its id."""
        answer = self.send("POST", "centres", zipped(FILES | changed), ZIP)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


@contextmanager
def serving(store: Store, **settings: Any) -> Iterator[Api]:
    """The API over a store."""
    told = ServiceSettings(**SMALL | settings, jobs_database=f"sqlite:///{store.folder / 'jobs.sqlite'}")
    with open_jobs(told, store) as jobs, TestClient(create_app(store, told, jobs)) as client:
        api = Api(client, store)
        api.keys["admin"] = api.key(Role.ADMIN)
        yield api
