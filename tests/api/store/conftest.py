"""Every test here that asks for ``store`` or ``database_url`` runs over SQLite and over PostgreSQL; see `tests.databases`."""

from tests.databases import (  # noqa: F401
    database_url,
    empty_postgres,
    empty_sqlite,
    postgres,
    postgres_url,
    sqlite_url,
    store,
)
