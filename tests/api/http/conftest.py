"""``api`` runs each test over SQLite and over PostgreSQL, ``sqlite_api`` over SQLite alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store.engine import Store
from tests.api.http.service import Api, serving
from tests.databases import (  # noqa: F401
    database_url,
    empty_postgres,
    empty_sqlite,
    opened,
    postgres,
    postgres_url,
    sqlite_url,
    store,
)


@pytest.fixture
def api(store: Store) -> Iterator[Api]:  # noqa: F811
    with serving(store) as it:
        yield it


@pytest.fixture
def sqlite_api(sqlite_url: str, tmp_path: Path) -> Iterator[Api]:  # noqa: F811
    with opened(sqlite_url, tmp_path, wait_seconds=0.3) as kept, serving(kept) as it:
        yield it
