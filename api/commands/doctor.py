"""``paiban doctor``: whether this machine has what Paiban needs, and what to do where it has not."""

import argparse
import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING

from api.outcome import DONE, FINDINGS, Outcome, Progress

if TYPE_CHECKING:
    from api.settings import ServiceSettings

ABOUT = "Check this installation: Python, packages, time zones, write access, the service's settings and database."
EXAMPLE = "paiban doctor"
OURS = ("centre", "forecasts", "scheduler", "scenarios", "api")
NEEDED = (
    "numpy",
    "pandas",
    "numba",
    "pydantic",
    "holidays",
    "jinja2",
    "python_calamine",
    "annotated_types",
    "xlsxwriter",
    "alembic",
    "cryptography",
    "dbos",
    "fastapi",
    "httpx",
    "joserfc",
    "psycopg",
    "sqlalchemy",
    "uvicorn",
)
SAMPLE_ZONES = ("Asia/Shanghai", "America/New_York", "Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; ``advice`` says what to do where it is not ``good``."""

    name: str
    good: bool
    found: str
    advice: str = ""


def options(parser: argparse.ArgumentParser) -> None:
    """Options of the command: none."""


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    """Look at everything, tell all of it."""
    checks = list(all_checks())
    lines = [
        f"{'ok ' if check.good else 'BAD'} {check.name}: {check.found}"
        + ("" if check.good else f". {check.advice}")
        for check in checks
    ]
    code = DONE if all(check.good for check in checks) else FINDINGS
    return Outcome(code, lines, {"command": "doctor", "checks": [asdict(check) for check in checks]})


def all_checks() -> Iterator[Check]:
    """Every check, in the order in which they are told."""
    from scenarios.versions import versions

    told = versions()
    python = sys.version_info >= (3, 11)
    yield Check("python", python, told.pop("python"), "Paiban needs Python 3.11 or newer.")
    for name in NEEDED:
        there = importlib.util.find_spec(name) is not None
        found = told.get(name, "installed") if there else "not installed"
        yield Check(name, there, found, "Install Paiban again: pip install paiban.")
    solver = importlib.util.find_spec("ortools") is not None
    found = told["ortools"] if solver else "not installed"
    yield Check("ortools", solver, found, "Plans and rotas need it: pip install ortools. Audits do not.")
    yield from (_shadowed(name) for name in OURS)
    yield _zones()
    yield _writable(Path.cwd())
    yield from _service()
    yield Check(
        "cores",
        True,
        f"{len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()}",
    )


def _service() -> Iterator[Check]:
    """Every setting of the service with where it came from, and whether its database can be used."""
    from api.settings import read_settings
    from centre.errors import BadInput

    try:
        settings, told = read_settings()
    except BadInput as error:
        for fault in error.faults:
            yield Check("settings", False, str(fault), "Change it in the environment or in paiban.toml.")
        return
    for each in told:
        yield Check(
            f"setting {each.name}", True, f"{each.value or '(empty)'} ({each.source}): {each.description}"
        )
    yield _database(settings)
    yield from _retention(settings)


def _retention(settings: "ServiceSettings") -> Iterator[Check]:
    """When a worker last took away, or will, what is kept no longer; nothing where the database cannot be used."""
    from api.access.scope import machine
    from api.retention import LEASE
    from api.store import leases
    from api.store.errors import StoreError
    from api.store.opening import open_store

    try:
        with open_store(settings) as store, store.read(machine("doctor")) as transaction:
            due, now = leases.until(transaction, LEASE), transaction.now
    except StoreError:
        return
    if due is None:
        yield Check("retention", True, "not done yet: a worker does it daily, or `paiban retention`")
        return
    late = (now - due).days
    found = f"due at {due:%Y-%m-%d %H:%M} UTC"
    yield Check("retention", late < 2, found, "Start a worker, or run `paiban retention` daily: it is late.")


def _database(settings: "ServiceSettings") -> Check:
    from api.store import schema
    from api.store.engine import open_engine, sqlite_file
    from api.store.errors import StoreError

    file = sqlite_file(settings.database_url)
    if file is not None and not file.exists():
        return Check("database", True, "none yet: `paiban serve` makes it")
    engine = open_engine(settings.database_url, wait_seconds=settings.wait_seconds)
    try:
        found = schema.refuse_newer(engine)
    except StoreError as error:
        return Check("database", False, str(error), "See docs/storage.md.")
    finally:
        engine.dispose()
    if found.found is None:
        return Check("database", True, "empty: `paiban serve` makes its tables")
    behind = "" if found.current else f", `paiban serve` brings it to {found.newest}"
    return Check("database", True, f"{engine.dialect.name}, version {found.found} of the tables{behind}")


def _shadowed(name: str) -> Check:
    """Whether the package of this name is ours and no other distribution claims it."""
    home, spec = Path(__file__).resolve().parents[2], importlib.util.find_spec(name)
    place = Path(spec.origin).resolve().parent if spec and spec.origin else None
    others = sorted({owner for owner in packages_distributions().get(name, []) if owner.lower() != "paiban"})
    if place == home / name and not others:
        return Check(f"package {name}", True, "ours")
    found = f"also of the distribution {', '.join(others)}" if others else f"found at {place}"
    advice = "Install Paiban in an environment of its own: another package has the same name."
    return Check(f"package {name}", False, found, advice)


def _zones() -> Check:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    missing = []
    for name in SAMPLE_ZONES:
        try:
            ZoneInfo(name)
        except ZoneInfoNotFoundError:
            missing.append(name)
    return Check(
        "time zones",
        not missing,
        f"lacks {', '.join(missing)}" if missing else "there",
        "pip install tzdata.",
    )


def _writable(place: Path) -> Check:
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return Check(
            "write access", False, f"{place}: {error.strerror}", "Work in a folder that you may write to."
        )
    return Check("write access", True, str(place))
