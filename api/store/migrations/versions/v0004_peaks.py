"""When people of backup pools were released, and how many customers were online."""

from alembic import op
from sqlalchemy import Column, DateTime, Float, ForeignKeyConstraint, PrimaryKeyConstraint, Text

revision = "0004"
down_revision = "0003"
INSTANT = DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns, make the table."""
    op.add_column("call_out", Column("released_by", Text()))
    op.add_column("call_out", Column("released_at", INSTANT))
    op.create_table(
        "floor_state",
        Column("id", Text(), nullable=False),
        Column("centre_id", Text(), nullable=False),
        Column("queue", Text(), nullable=False),
        Column("at", INSTANT, nullable=False),
        Column("customers_online", Float(), nullable=False, comment="waiting or in service"),
        Column("waiting", Float()),
        Column("longest_wait_seconds", Float()),
        Column("told_by", Text(), nullable=False),
        ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_floor_state_centre_id"),
        PrimaryKeyConstraint("id", name="pk_floor_state"),
    )
    op.create_index("ix_floor_state_centre_id_floor_state_at", "floor_state", ["centre_id", "at"])
