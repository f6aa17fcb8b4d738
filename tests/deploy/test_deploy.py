"""What the service is run with: the image, the compose file and the units name only commands, settings and files that are there."""

import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from api.cli import COMMANDS
from api.settings import PREFIX, ServiceSettings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SETTINGS = {PREFIX + name.upper() for name in ServiceSettings.model_fields}
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
UNITS = sorted(DEPLOY.glob("*.service"))


def test_the_image_passes_hadolint() -> None:
    program = Path(sys.executable).with_name("hadolint")
    found = subprocess.run([program, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, "")


def test_the_image_copies_what_is_there_and_all_of_the_distribution() -> None:
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    copied = {name for line in re.findall(r"^COPY (?!--)(.*) \S+$", text, re.M) for name in line.split()}
    packages = re.search(r"packages = \[(.*)\]", (ROOT / "pyproject.toml").read_text("utf-8"))
    assert packages is not None
    assert set(re.findall(r'"(\w+)"', packages[1])) <= copied
    assert all((ROOT / name).exists() for name in copied)


def told() -> list[tuple[str, str]]:
    """Every (file, text) that may name a setting or a command."""
    return [(path.name, path.read_text("utf-8")) for path in sorted(DEPLOY.iterdir()) if path.is_file()]


@pytest.mark.parametrize(("name", "text"), told(), ids=[name for name, _ in told()])
def test_settings_and_commands_exist(name: str, text: str) -> None:
    assert set(re.findall(rf"\b{PREFIX}[A-Z_]+", text)) <= SETTINGS
    commands = re.findall(r"(?:bin/paiban |\[paiban, |\"paiban\", \")([a-z-]+)", text)
    assert set(commands) <= set(COMMANDS)


def test_compose_waits_for_the_database_and_offers_the_page_on_loopback_only() -> None:
    services = COMPOSE["services"]
    assert set(services) == {"api", "worker", "database"}
    for name in ("api", "worker"):
        assert services[name]["depends_on"]["database"]["condition"] == "service_healthy"
        assert services[name]["read_only"] is True
    assert services["api"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in services["database"]
    assert {each.split(":")[0] for service in services.values() for each in service["volumes"]} == set(
        COMPOSE["volumes"]
    )


def test_where_a_worker_is_run_beside_it_serve_starts_none() -> None:
    assert COMPOSE["services"]["api"]["command"] == ["paiban", "serve", "--workers", "0"]
    assert "paiban serve --workers 0\n" in (DEPLOY / "paiban-api.service").read_text("utf-8")


@pytest.mark.parametrize("unit", UNITS, ids=[unit.name for unit in UNITS])
def test_units_stop_gracefully_and_write_only_their_state(unit: Path) -> None:
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment]
    found.read(unit, encoding="utf-8")
    service = found["Service"]
    assert service["KillSignal"] == "SIGTERM"
    assert service["ProtectSystem"] == "strict"
    assert service["StateDirectory"] == "paiban"
    assert service["User"] == "paiban"
