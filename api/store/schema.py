"""The versions of the tables, one after the other (Alembic), and which of them a database has.

``python -m api.store.schema URL`` prints what the next version would have to change, from what ``tables`` says and that database has.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from api.store.engine import open_engine, unavailable, writing
from api.store.errors import SchemaError
from api.store.tables import metadata

UPGRADE_LOCK = 0x50414942  # any number that nothing else on the server takes


@dataclass(frozen=True)
class Version:
    """The version of a database's tables; None where there are none yet. ``newest`` is the one that this release knows."""

    found: str | None
    newest: str

    @property
    def current(self) -> bool:
        """Whether this release can work with it as it is."""
        return self.found == self.newest


def upgrade(engine: Engine) -> Version:
    """Bring a database to the newest version, under a lock: of several that start at once, one works and the others find it done.

    Raises
    ------
    SchemaError
        where the database is of a newer release, or has tables of something else.
    """
    scripts = _scripts()
    with unavailable(), writing(engine).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
        found = _version(connection, scripts)
        _check(connection, found, scripts)
        if not found.current:
            _run(connection, found.newest)
        return found


def refuse_newer(engine: Engine) -> Version:
    """The version of a database; `SchemaError` where it is of a newer release, or has tables of something else."""
    scripts = _scripts()
    with unavailable(), engine.connect() as connection:
        found = _version(connection, scripts)
        _check(connection, found, scripts)
    return found


def check(engine: Engine) -> None:
    """Raise `SchemaError` where this release cannot work with the database as it is."""
    if not refuse_newer(engine).current:
        raise SchemaError("the database has yet to be upgraded: `paiban serve` does so when it starts")


def check_same(connection: Connection, other: str | None) -> None:
    """Raise `SchemaError` where something, such as a backup, is not of the version that a database has."""
    found = version(connection).found
    if found != other:
        raise SchemaError(
            f"the backup has version {other} of the tables, the database {found}: restore it with the Paiban that wrote it, "
            "then upgrade"
        )


def _check(connection: Connection, found: Version, scripts: ScriptDirectory) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    if found.found is None and set(inspect(connection).get_table_names()) & set(metadata.tables):
        raise SchemaError(
            "the database has tables of these names that are not Paiban's; give Paiban a database of its own"
        )
    if found.found is not None and found.found not in known:
        raise SchemaError(
            f"the database has version {found.found} of the tables, of a newer Paiban than this one, which knows up to {found.newest}; "
            "install the newer one again, or restore a backup made before"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def version(connection: Connection) -> Version:
    """Which version the database of a connection has."""
    return _version(connection, _scripts())


def _version(connection: Connection, scripts: ScriptDirectory) -> Version:
    newest = scripts.get_current_head()
    assert newest is not None
    return Version(MigrationContext.configure(connection).get_current_revision(), newest)


def _run(connection: Connection, target: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def main() -> None:
    """Print the body of the next version."""
    engine = open_engine(sys.argv[1])
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        script = produce_migrations(context, metadata)
    assert script.upgrade_ops is not None
    print(render_python_code(script.upgrade_ops))


if __name__ == "__main__":
    main()
