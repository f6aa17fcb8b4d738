"""`examples/api_tour.py` against `paiban serve` with its worker, from import to export; no process connects off the host."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.api.conftest import START, make_folder
from tests.api.jobs.conftest import wait
from tests.api.test_cli_serve import answers, free_port

ROOT = Path(__file__).parents[2]
LOCAL = {"127.0.0.1", "::1", "localhost", "0.0.0.0", None, ""}
NOTES = """
import json, os, sys

def _note(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.bind"):
        told = args[0] if event in ("socket.getaddrinfo", "socket.gethostbyname") else args[1]
        place = told[0] if isinstance(told, tuple) else told
        if isinstance(told, bytes) or getattr(args[0], "family", 0) == 1:
            place = ""
        with open(os.environ["CONNECTIONS"], "a") as file:
            file.write(json.dumps([event, place, os.getpid()]) + "\\n")

sys.addaudithook(_note)
"""


def test_the_tour_goes_from_import_to_export_and_nothing_connects_off_the_host(tmp_path: Path) -> None:
    hooks, port = tmp_path / "hooks", free_port()
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(NOTES, encoding="utf-8")
    told = {
        "PYTHONPATH": f"{hooks}{os.pathsep}{ROOT}", "CONNECTIONS": str(tmp_path / "connections"),
        "PAIBAN_DATA": str(tmp_path / "data"),
    }  # fmt: skip
    words = [sys.executable, "-m", "api.cli", "serve", "--port", str(port)]
    with subprocess.Popen(
        words, env=os.environ | told, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as served:
        try:
            wait(lambda: answers(port))
            assert served.stdout is not None
            key = served.stdout.readline().split()[-1]
            tour = _tour(make_folder(tmp_path / "centre"), port, key, tmp_path / "tour.zip", told)
        finally:
            served.terminate()
    for words in ("imported", "published version", "audited", "exported"):
        assert words in tour
    assert (tmp_path / "tour.zip").stat().st_size > 0
    lines = [json.loads(line) for line in (tmp_path / "connections").read_text().splitlines()]
    assert {place for _, place, _ in lines} <= LOCAL
    assert "socket.connect" in {event for event, _, _ in lines}
    assert served.pid in {process for _, _, process in lines}


def _tour(centre: Path, port: int, key: str, out: Path, environment: dict[str, str]) -> str:
    words = [
        sys.executable, str(ROOT / "examples/api_tour.py"), "--key", key, "--url", f"http://127.0.0.1:{port}",
        "--centre", str(centre), "--start", START, "--seconds", "1", "--out", str(out),
    ]  # fmt: skip
    done = subprocess.run(
        words, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
