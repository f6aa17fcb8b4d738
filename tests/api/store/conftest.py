"""Every test here that asks for ``store`` or ``database_url`` runs over SQLite and over PostgreSQL; see `tests.databases`."""

from pathlib import Path

import pytest

from api.access.scope import Role, Scope
from api.store import centres
from api.store.centre_files import prepare
from api.store.centres import Centre
from api.store.engine import Store
from tests.api.conftest import make_folder
from tests.databases import (  # noqa: F401
    database_url,
    empty_postgres,
    empty_sqlite,
    postgres,
    postgres_url,
    sqlite_url,
    store,
)

ADMIN = Scope("admin-1", Role.ADMIN)
NAMES = {
    "A001": "林艳",
    "A002": "林雨桐",
    "A003": "马文博",
    "A004": "王晓明",
    "A005": "黄晓明",
    "A006": "刘建国",
}


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A centre folder of six people in two teams, as content by file name; not to be changed."""
    folder = make_folder(tmp_path_factory.mktemp("centre") / "small")
    told = {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
    agents = told["agents.csv"].decode().splitlines(keepends=True)
    told["agents.csv"] = "".join(
        [*agents[:5], *(line.replace("电话一组", "电话二组") for line in agents[5:])]
    ).encode()
    return told


@pytest.fixture
def made(store: Store, files: dict[str, bytes]) -> Centre:  # noqa: F811
    """The centre, kept at revision 1."""
    with store.write(ADMIN) as transaction:
        return centres.create(transaction, prepare(files))
