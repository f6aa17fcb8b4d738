"""A centre folder of six invented people, a way to run the command line, and one finished week."""

import fcntl
import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import scenarios
from api.cli import main
from tests.effort import search_little

SMALL = Path(scenarios.__file__).parent / "examples" / "small"
START = "2026-02-23"
Run = Callable[..., tuple[int, dict[str, Any]]]


def make_folder(folder: Path) -> Path:
    """The example `small` with its first six people, and rest between shifts in force."""
    folder.mkdir(parents=True)
    for name in ("history.csv", "requests.csv", "leave.csv"):
        shutil.copyfile(SMALL / name, folder / name)
    toml = (SMALL / "centre.toml").read_text(encoding="utf-8")
    toml = toml.replace('["cn-labour", "customer-service"]', '["eu-wtd", "cn-labour", "customer-service"]')
    (folder / "centre.toml").write_text(toml.replace("minimum_agents = 1\n", ""), encoding="utf-8")
    for name, kept in (("agents.csv", 7), ("requests.csv", 3), ("leave.csv", 2)):
        lines = (SMALL / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / name).write_text("".join(lines[:kept]), encoding="utf-8")
    return folder


@pytest.fixture(scope="session", autouse=True)
def little_search() -> None:
    """See `tests.effort`."""
    search_little()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "centre")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with --json; its exit code and the one object that it prints."""

    def run_(*words: object) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = main([*map(str, words), "--json"])
        told = json.loads(capsys.readouterr().out)
        assert told["exit_code"] == code
        return code, told

    return run_


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace a piece of a file that must be there."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture(scope="session")
def week(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> tuple[Path, Path]:
    """A centre folder, and the results of a week of it made by the real solver; not to be changed. One process makes it."""
    base = tmp_path_factory.getbasetemp()
    place = (base.parent if hasattr(pytestconfig, "workerinput") else base) / "week"
    centre, out = place / "centre", place / "out"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not out.exists():
            shutil.rmtree(place, ignore_errors=True)
            make_folder(centre)
            words = ["plan", centre, "--start", START, "--days", "7", "--effort", "1", "--workers", "1"]
            assert main([*map(str, words), "--out", str(out)]) == 0
    return centre, out


@pytest.fixture(scope="session")
def forecast_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """The file of `paiban forecast` for the centre folder from a day on, made once for all who ask for it; not to be changed."""
    place = tmp_path_factory.mktemp("forecasts")

    @cache
    def made(start: str, days: int = 7) -> Path:
        if not (place / "centre").exists():
            make_folder(place / "centre")
        out = place / f"{start}-{days}.csv"
        words = ["forecast", place / "centre", "--start", start, "--days", days, "--out", out]
        assert main([str(word) for word in words]) == 0
        return out

    return made
