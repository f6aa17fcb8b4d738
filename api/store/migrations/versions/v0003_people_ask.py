"""What people ask for (swaps, leave), whom backup pools called, and contents that nothing names any more."""

from alembic import op
from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    Text,
)

revision = "0003"
down_revision = "0002"
INSTANT = DateTime(timezone=True)


def upgrade() -> None:
    """Make the four tables."""
    _swaps()
    _leave_requests()
    _call_outs()
    op.create_table(
        "blob_unused",
        Column("digest", Text(), nullable=False, comment="of a content that nothing names"),
        Column("since", INSTANT, nullable=False),
        PrimaryKeyConstraint("digest", name="pk_blob_unused"),
    )
    op.create_index("ix_blob_unused_since", "blob_unused", ["since"])


def _swaps() -> None:
    op.create_table(
        "swap",
        Column("id", Text(), nullable=False),
        Column("centre_id", Text(), nullable=False),
        Column("rota_id", Text(), nullable=False),
        Column("version", Integer(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("agent_id", Text(), nullable=False, comment="who gives the shifts of a day"),
        Column("day", Date(), nullable=False),
        Column("gives", JSON(), nullable=False, comment="the shifts as they were when asked"),
        Column("with_agent_id", Text(), nullable=False, comment="who takes them"),
        Column("back_day", Date(), comment="the day whose shifts are given in return; empty: none"),
        Column("back", JSON(), nullable=False),
        Column("expires_at", INSTANT, nullable=False, comment="when the first of these shifts begins"),
        Column("rota_version", Integer(), comment="the version that came of it"),
        Column("asked_by", Text(), nullable=False),
        Column("asked_at", INSTANT, nullable=False),
        Column("answered_by", Text()),
        Column("answered_at", INSTANT),
        Column("decided_by", Text()),
        Column("decided_at", INSTANT),
        Column("note", Text(), server_default="", nullable=False),
        CheckConstraint(
            "state IN ('asked', 'accepted', 'declined', 'approved', 'refused', 'withdrawn')",
            name="ck_swap_state",
        ),
        ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_swap_centre_id"),
        ForeignKeyConstraint(["rota_id"], ["rota.id"], name="fk_swap_rota_id"),
        PrimaryKeyConstraint("id", name="pk_swap"),
    )
    op.create_index("ix_swap_centre_id_swap_id", "swap", ["centre_id", "id"])
    op.create_index("ix_swap_rota_id", "swap", ["rota_id"])


def _leave_requests() -> None:
    op.create_table(
        "leave_request",
        Column("id", Text(), nullable=False),
        Column("centre_id", Text(), nullable=False),
        Column("version", Integer(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("agent_id", Text(), nullable=False),
        Column("start", Text(), nullable=False, comment="day or instant, as leave.csv has them"),
        Column("end", Text(), nullable=False),
        Column("kind", Text(), server_default="", nullable=False),
        Column("ends_at", INSTANT, nullable=False),
        Column("asked_by", Text(), nullable=False),
        Column("asked_at", INSTANT, nullable=False),
        Column("decided_by", Text()),
        Column("decided_at", INSTANT),
        Column("note", Text(), server_default="", nullable=False),
        CheckConstraint(
            "state IN ('asked', 'granted', 'refused', 'withdrawn')", name="ck_leave_request_state"
        ),
        ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_leave_request_centre_id"),
        PrimaryKeyConstraint("id", name="pk_leave_request"),
    )
    op.create_index("ix_leave_request_centre_id_leave_request_id", "leave_request", ["centre_id", "id"])


def _call_outs() -> None:
    op.create_table(
        "call_out",
        Column("id", Text(), nullable=False),
        Column("centre_id", Text(), nullable=False),
        Column("agent_id", Text(), nullable=False),
        Column("pool", Text(), nullable=False),
        Column("day", Date(), nullable=False),
        Column("called_by", Text(), nullable=False),
        Column("called_at", INSTANT, nullable=False),
        ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_call_out_centre_id"),
        PrimaryKeyConstraint("id", name="pk_call_out"),
    )
    op.create_index("ix_call_out_centre_id_call_out_id", "call_out", ["centre_id", "id"])
