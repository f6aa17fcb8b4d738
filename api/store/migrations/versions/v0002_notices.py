"""Webhooks, what is to be told to them, and how far that is."""

from alembic import op
from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

revision = "0002"
down_revision = "0001"
INSTANT = DateTime(timezone=True)


def upgrade() -> None:
    """Make the three tables."""
    _webhooks()
    _notices()
    _deliveries()


def _webhooks() -> None:
    op.create_table(
        "webhook",
        Column("id", Text(), nullable=False),
        Column("member_id", Text(), nullable=False),
        Column("centre_id", Text(), nullable=False),
        Column("label", Text(), server_default="", nullable=False),
        Column("format", Text(), nullable=False),
        Column("lang", Text(), nullable=False),
        Column("names", Boolean(), nullable=False, comment="tell names where the member may see them"),
        Column("events", JSON(), nullable=False),
        Column("url_sealed", LargeBinary(), nullable=False),
        Column("secret_sealed", LargeBinary()),
        Column("created_at", INSTANT, nullable=False),
        Column("free_at", INSTANT, comment="until then a sender has it, or it is left alone"),
        Column("disabled_at", INSTANT),
        CheckConstraint("format IN ('generic', 'wecom', 'dingtalk', 'email')", name="ck_webhook_format"),
        CheckConstraint("lang IN ('en', 'zh')", name="ck_webhook_lang"),
        ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_webhook_member_id"),
        ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_webhook_centre_id"),
        PrimaryKeyConstraint("id", name="pk_webhook"),
    )
    op.create_index("ix_webhook_member_id", "webhook", ["member_id"])
    op.create_index("ix_webhook_centre_id_webhook_id", "webhook", ["centre_id", "id"])


def _notices() -> None:
    op.create_table(
        "notice",
        Column("id", Text(), nullable=False),
        Column("kind", Text(), nullable=False),
        Column("centre_id", Text(), nullable=False),
        Column("owner_id", Text(), nullable=False, comment="the member who did it"),
        Column("object", Text(), nullable=False),
        Column("people", JSON(), nullable=False, comment="how much of it is whose, by agent_id"),
        Column("detail", JSON(), nullable=False),
        Column("at", INSTANT, nullable=False),
        ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_notice_centre_id"),
        PrimaryKeyConstraint("id", name="pk_notice"),
    )
    op.create_index("ix_notice_centre_id", "notice", ["centre_id"])
    op.create_index("ix_notice_at", "notice", ["at"])


def _deliveries() -> None:
    op.create_table(
        "delivery",
        Column("id", Text(), nullable=False),
        Column("notice_id", Text(), nullable=False),
        Column("webhook_id", Text(), nullable=False),
        Column("attempts", Integer(), nullable=False),
        Column("next_at", INSTANT, comment="empty: nothing is to be done any more"),
        Column("last_status", Text(), server_default="", nullable=False),
        Column("delivered_at", INSTANT),
        Column("given_up_at", INSTANT),
        ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_delivery_notice_id"),
        ForeignKeyConstraint(["webhook_id"], ["webhook.id"], name="fk_delivery_webhook_id"),
        PrimaryKeyConstraint("id", name="pk_delivery"),
        UniqueConstraint("notice_id", "webhook_id", name="uq_delivery_notice_id_webhook_id"),
    )
    op.create_index("ix_delivery_next_at", "delivery", ["next_at"])
    op.create_index("ix_delivery_webhook_id_delivery_id", "delivery", ["webhook_id", "id"])
