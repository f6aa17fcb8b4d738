from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from api.store import schema
from api.store.engine import Store, has_schema, open_engine, writing
from api.store.errors import SchemaError
from api.store.tables import metadata


def test_the_migrations_make_what_the_tables_say(store: Store):
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_an_upgraded_database_is_current_and_upgrading_again_changes_nothing(store: Store):
    assert schema.refuse_newer(store.engine).current
    assert schema.upgrade(store.engine).current


@pytest.fixture(params=["sqlite", "postgres"])
def bare_url(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'bare.sqlite'}"
        return
    server = request.getfixturevalue("postgres")
    url = server.create()
    yield url
    server.drop(url)


def test_of_several_that_upgrade_at_once_one_works_and_all_find_it_done(bare_url):
    engine = open_engine(bare_url)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: schema.upgrade(engine).found, range(4)))
    assert sorted(map(str, found)) == ["0004", "0004", "0004", "None"]
    schema.check(engine)
    engine.dispose()


def test_a_database_of_a_newer_release_is_refused_in_words(store: Store):
    with writing(store.engine).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for step in (schema.upgrade, schema.check):
        with pytest.raises(SchemaError, match=r"version 9999 .* newer Paiban .* knows up to 0004"):
            step(store.engine)


def test_a_database_with_tables_of_something_else_is_refused_and_left_alone(bare_url):
    engine = open_engine(bare_url)
    with writing(engine).begin() as connection:
        connection.execute(text("CREATE TABLE person (x integer)"))
    with pytest.raises(SchemaError, match="not Paiban's"):
        schema.upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM person")).scalar_one() == 0
    engine.dispose()


def test_a_database_without_tables_is_told_from_a_current_one(bare_url):
    engine = open_engine(bare_url)
    with pytest.raises(SchemaError, match="yet to be upgraded"):
        schema.check(engine)
    engine.dispose()


def test_whether_the_queues_tables_are_there_is_known_without_making_them(database_url, tmp_path):
    assert has_schema(database_url, "public") or database_url.startswith("sqlite")
    assert has_schema(database_url, "paiban_jobs") is database_url.startswith(
        "sqlite"
    )  # there they are files
    assert not has_schema(f"sqlite:///{tmp_path / 'none.sqlite'}", "paiban_jobs")
