"""How Alembic runs the migrations: on the connection that `api.store.schema` hands it, in that one's transaction."""

from alembic import context

from api.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
