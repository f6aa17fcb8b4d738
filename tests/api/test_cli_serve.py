"""`paiban serve`: the first key once and on loopback alone, an answer, a graceful stop; its logs hold no addresses."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.access.keys import FORM
from api.cli import main


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(place: Path, port: int, **environment: str) -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-m", "api.cli", "serve", "--port", str(port), "--workers", "0"]
    told = os.environ | {"PAIBAN_DATA": str(place)} | environment
    process = subprocess.Popen(words, env=told, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(300):
            if process.poll() is not None or answers(port):
                break
            time.sleep(0.1)
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            assert stream is not None
            stream.close()


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz") as answer:
            return bool(answer.status == 200)
    except urllib.error.URLError:
        return False


def test_the_first_start_prints_a_key_once_and_stops_gracefully(tmp_path: Path) -> None:
    port, key = free_port(), ""
    for k in range(2):
        with served(tmp_path, port) as process:
            if k == 0:
                assert process.stdout is not None
                key = process.stdout.readline().split()[-1]
                assert FORM.fullmatch(key)
            asked = urllib.request.Request(
                f"http://127.0.0.1:{port}/api/v1/me", headers={"Authorization": f"Bearer {key}"}
            )
            with urllib.request.urlopen(asked) as answer:
                assert json.load(answer)["role"] == "admin"
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=30)
            assert process.returncode == 0
            assert not re.search(r"paiban_[0-9a-f]{12}_", out + err)
    lines = [json.loads(line) for line in err.splitlines()]
    told = next(line for line in lines if line.get("route") == "/api/v1/me")
    assert told.keys() >= {"at", "request_id", "member", "status", "milliseconds"}


def test_the_document_is_written_without_a_database(tmp_path: Path) -> None:
    assert main(["serve", "--openapi", str(tmp_path / "openapi.json")]) == 0
    assert json.loads((tmp_path / "openapi.json").read_text(encoding="utf-8"))["openapi"].startswith("3.")
