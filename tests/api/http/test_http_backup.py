"""A service backed up and restored into another database: every export over HTTP is the same to the byte."""

import io
from pathlib import Path

import pytest

from api.store.snapshot import backup, restore
from tests.api.http.service import Api, serving
from tests.api.http.test_http_rotas import ROTA
from tests.databases import opened

KINDS = ["sqlite", "postgres"]
NEW = {"members"}
"""`serving` makes one more member."""


def exports(api: Api, centre: str, rota: str) -> dict[str, bytes]:
    """What leaves the service, by address."""
    paths = [
        "centres", f"centres/{centre}", f"centres/{centre}/export", f"centres/{centre}/people", f"centres/{centre}/rotas",
        f"rotas/{rota}", f"rotas/{rota}/rows", f"rotas/{rota}/rows?version=1", f"rotas/{rota}/versions",
        f"rotas/{rota}/violations", "members", "jobs", "me",
    ]  # fmt: skip
    answers = {path: api.get(path) for path in paths}
    assert {path: each.text for path, each in answers.items() if each.status_code != 200} == {}
    return {path: each.content for path, each in answers.items()}


@pytest.mark.parametrize("to", KINDS)
@pytest.mark.parametrize("from_", KINDS)
def test_every_export_is_the_same_to_the_byte_after_a_restore(
    from_: str, to: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    content = io.BytesIO()
    with (
        opened(request.getfixturevalue(f"{from_}_url"), tmp_path) as store,
        serving(store) as api,
    ):
        centre = api.new_centre()
        rota = api.send("POST", f"centres/{centre}/rotas", ROTA).json()["rota"]["id"]
        published = api.ask("POST", f"rotas/{rota}/publish?accept_breaches=true", version=1)
        assert published.status_code == 200, published.text
        wanted = {"start": "2026-03-02", "days": 7, "effort": 1}
        assert api.ask("POST", f"centres/{centre}/plans", json=wanted).status_code == 202
        before, key = exports(api, centre, rota), api.keys["admin"]
        backup(store, content)
    with opened(_another(to, request, tmp_path), tmp_path) as other:
        restore(other, content)
        with serving(other) as api:
            api.keys["admin"] = key
            after = exports(api, centre, rota)
    assert {path for path in before if after[path] != before[path]} == NEW


def _another(kind: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """The URL of one more empty database of a kind."""
    if kind == "sqlite":
        path = folder / "second.sqlite"
        path.write_bytes(request.getfixturevalue("empty_sqlite").read_bytes())
        return f"sqlite:///{path}"
    return str(request.getfixturevalue("postgres").create(request.getfixturevalue("empty_postgres")))
