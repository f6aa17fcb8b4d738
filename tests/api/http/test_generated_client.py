"""A Python client generated from the committed OpenAPI document works against the API."""

import importlib
import io
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.http.service import FILES, Api, zipped
from tests.api.http.test_openapi import COMMITTED

CONFIG = """
content_type_overrides:
  application/zip: application/octet-stream
  text/csv: application/octet-stream
  application/toml: application/octet-stream
  application/vnd.openxmlformats-officedocument.spreadsheetml.sheet: application/octet-stream
  text/event-stream: text/plain
"""


def test_it_imports_a_centre_asks_for_a_plan_and_reads(
    sqlite_api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    words = [
        "generate",
        "--path",
        str(COMMITTED),
        "--meta",
        "none",
        "--output-path",
        str(tmp_path / "paiban_client"),
    ]
    program = Path(sys.executable).with_name("openapi-python-client")
    done = subprocess.run(
        [program, *words, "--config", tmp_path / "config.yaml"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "will not be generated" not in done.stdout
    monkeypatch.syspath_prepend(tmp_path)

    def module(name: str):  # type: ignore[no-untyped-def]
        return importlib.import_module(f"paiban_client.{name}")

    client = module("client").AuthenticatedClient(
        base_url="http://testserver", token=sqlite_api.keys["admin"]
    )
    sqlite_api.client.headers["Authorization"] = f"Bearer {sqlite_api.keys['admin']}"
    client.set_httpx_client(sqlite_api.client)
    sent = module("types").File(payload=io.BytesIO(zipped(FILES)))
    made = sqlite_api.send("POST", "centres", sent.payload.read(), "application/zip").json()
    centre = module("api.centres.get_centre").sync(made["id"], client=client)
    assert (centre.name, centre.revision) == ("Desk", 1)
    plan = module("models").PlanAsked.from_dict({"start": "2026-03-02", "days": 7})
    job = module("api.work.ask_plans").sync(made["id"], client=client, body=plan)
    assert job.state == "queued"
    gone = module("api.centres.get_centre").sync("0190f0c4-8a5b-7c3d-9e2f-1a2b3c4d5e6f", client=client)
    assert gone.type_ == "/api/v1/problems/not-found"
