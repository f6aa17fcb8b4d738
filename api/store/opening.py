"""Opening the store that the settings name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Engine

from api.access.scope import machine
from api.settings import ServiceSettings
from api.store import people, schema
from api.store.engine import Store, open_engine, sqlite_file
from api.store.errors import SchemaError, Tampered
from api.store.vault import Vault, read_master_key

MASTER_KEY_FILE = "master.key"


@contextmanager
def open_store(settings: ServiceSettings, *, upgrade: bool = False) -> Iterator[Store]:
    """The store, for the length of a block.

    Parameters
    ----------
    upgrade : bring the database to this release's tables first, or make them

    Raises
    ------
    SchemaError
        where the database is of another release (an older one: only without ``upgrade``).
    StoreUnavailable
        where the database cannot be used now.
    Tampered
        where names are kept that the master key does not open, or it is missing: a new one would not open them either.
    """
    file = sqlite_file(settings.database_url)
    if not upgrade and file is not None and not file.exists():
        raise SchemaError("there is no database yet: `paiban serve` makes it")
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if file is not None:
        file.touch(mode=0o600)
    engine = open_engine(
        settings.database_url, wait_seconds=settings.wait_seconds, connections=settings.connections
    )
    try:
        (schema.upgrade if upgrade else schema.check)(engine)
        yield Store(engine, _vault(settings, engine), settings.data)
    finally:
        engine.dispose()


def _vault(settings: ServiceSettings, engine: Engine) -> Vault:
    file = settings.data / MASTER_KEY_FILE
    with Store(engine, Vault(b""), settings.data).read(machine("start")) as transaction:
        if not settings.master_key and not file.exists() and people.are_there(transaction):
            raise Tampered(
                f"names are kept, but the master key they were sealed with is missing: put {file} back"
            )
        vault = Vault(read_master_key(settings.master_key, file))
        people.check_master_key(replace(transaction, vault=vault))
    return vault
