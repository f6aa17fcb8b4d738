"""Fixtures of the store, see `tests.databases`."""

from tests.api.store.conftest import (  # noqa: F401
    database_url,
    empty_postgres,
    empty_sqlite,
    files,
    made,
    postgres,
    postgres_url,
    sqlite_url,
    store,
)
