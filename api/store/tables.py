"""Every table of the service, for SQLite and PostgreSQL alike.

Ids are sortable text (`api.store.ids`), instants UTC, contents content-addressed. Names of people are in ``person`` and there only sealed.
They stand in one place although they are many: one schema, whose foreign keys and revisions go across all of them.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Utc(TypeDecorator[datetime]):
    """An instant, aware and in UTC on the way in and out; SQLite, which knows no zones, holds it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Into the database; a naive datetime is an error of ours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant without a time zone was given to the store")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Out of the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _one_of(column: str, *words: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(map(repr, words))})", name=column)


blob = Table(
    "blob",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("size", BigInteger, nullable=False),
)

centre = Table(
    "centre",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("archived_at", Utc),
)

centre_revision = Table(
    "centre_revision",
    metadata,
    Column("centre_id", ForeignKey("centre.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column(
        "shows",
        Integer,
        nullable=False,
        comment="the revision whose files these are: an earlier one after an undo",
    ),
    Column("at", Utc, nullable=False),
    Column("actor_id", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
)

centre_file = Table(
    "centre_file",
    metadata,
    Column("centre_id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("digest", ForeignKey("blob.digest"), nullable=False, index=True),
    ForeignKeyConstraint(
        ["centre_id", "revision"], ["centre_revision.centre_id", "centre_revision.revision"]
    ),
)

person = Table(
    "person",
    metadata,
    Column("centre_id", ForeignKey("centre.id"), primary_key=True),
    Column("agent_id", Text, primary_key=True),
    Column("team", Text, nullable=False, server_default=""),
    Column("secret", LargeBinary, nullable=False, comment="the person's key, sealed by the service's"),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("restricted_until", Utc),
    Index(None, "centre_id", "team"),
)

erasure = Table(
    "erasure",
    metadata,
    Column("centre_id", ForeignKey("centre.id"), primary_key=True),
    Column("agent_id", Text, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("actor_id", Text, nullable=False),
)

member = Table(
    "member",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, comment="who OIDC says it is"),
    Column("label", Text, nullable=False, server_default=""),
    Column("role", Text, nullable=False),
    Column("centre_id", ForeignKey("centre.id"), comment="empty: every centre"),
    Column("teams", JSON(none_as_null=True), nullable=False),
    Column("agent_id", Text),
    Column("created_at", Utc, nullable=False),
    Column("disabled_at", Utc),
    UniqueConstraint("subject"),
    _one_of("kind", "person", "service"),
    _one_of("role", "team_lead", "planner", "hr", "agent", "admin"),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member_id", ForeignKey("member.id"), nullable=False, index=True),
    Column("prefix", Text, nullable=False, unique=True),
    Column("digest", Text, nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("expires_at", Utc),
    Column("revoked_at", Utc),
    Column("last_used_at", Utc),
)

session = Table(
    "session",
    metadata,
    Column("digest", Text, primary_key=True, comment="of the cookie's token"),
    Column("member_id", ForeignKey("member.id"), nullable=False, index=True),
    Column("created_at", Utc, nullable=False),
    Column("last_used_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
)

rota = Table(
    "rota",
    metadata,
    Column("id", Text, primary_key=True),
    Column("centre_id", ForeignKey("centre.id"), nullable=False),
    Column("start", Date, nullable=False),
    Column("days", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("published_version", Integer),
    Column("created_at", Utc, nullable=False),
    Column("archived_at", Utc),
    Index(None, "centre_id", "start"),
)

rota_version = Table(
    "rota_version",
    metadata,
    Column("rota_id", ForeignKey("rota.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column(
        "shows",
        Integer,
        nullable=False,
        comment="the version whose rows these are: an earlier one after an undo",
    ),
    Column("digest", ForeignKey("blob.digest"), nullable=False, index=True),
    Column("centre_revision", Integer, nullable=False),
    Column("requirement_digest", ForeignKey("blob.digest"), index=True),
    Column("author_id", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("what", Text, nullable=False),
    _one_of("what", "draft", "edit", "publish", "undo"),
)

job = Table(
    "job",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("centre_id", ForeignKey("centre.id"), nullable=False),
    Column("centre_revision", Integer, nullable=False),
    Column("member_id", Text, nullable=False),
    Column("args", JSON(none_as_null=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", Utc),
    Column("progress", JSON(none_as_null=True)),
    Column("problem", JSON(none_as_null=True)),
    Column("result", JSON(none_as_null=True)),
    Column("created_at", Utc, nullable=False),
    Column("started_at", Utc),
    Column("ended_at", Utc),
    Index(None, "centre_id", "id"),
    Index(None, "state", "lease_until"),
    Index(None, "member_id", "state"),
    _one_of("state", "queued", "running", "done", "failed", "cancelled"),
)

job_event = Table(
    "job_event",
    metadata,
    Column("job_id", ForeignKey("job.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("kind", Text, nullable=False),
    Column("data", JSON(none_as_null=True), nullable=False),
)

job_file = Table(
    "job_file",
    metadata,
    Column("job_id", ForeignKey("job.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("digest", ForeignKey("blob.digest"), nullable=False, index=True),
)

job_kept = Table(
    "job_kept",
    metadata,
    Column("job_id", ForeignKey("job.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("digest", ForeignKey("blob.digest"), nullable=False, index=True),
)

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True, comment="of what one process at a time does"),
    Column("owner", Text, nullable=False),
    Column("until", Utc, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("key", Text, primary_key=True),
    Column("member_id", Text, primary_key=True),
    Column("request_digest", Text, nullable=False),
    Column("status", Integer),
    Column("headers", JSON(none_as_null=True)),
    Column("body", LargeBinary, comment="sealed"),
    Column("at", Utc, nullable=False, index=True),
)

webhook = Table(
    "webhook",
    metadata,
    Column("id", Text, primary_key=True),
    Column("member_id", ForeignKey("member.id"), nullable=False, index=True),
    Column("centre_id", ForeignKey("centre.id"), nullable=False),
    Column("label", Text, nullable=False, server_default=""),
    Column("format", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("names", Boolean, nullable=False, comment="tell names where the member may see them"),
    Column("events", JSON(none_as_null=True), nullable=False),
    Column("url_sealed", LargeBinary, nullable=False),
    Column("secret_sealed", LargeBinary),
    Column("created_at", Utc, nullable=False),
    Column("free_at", Utc, comment="until then a sender has it, or it is left alone"),
    Column("disabled_at", Utc),
    Index(None, "centre_id", "id"),
    _one_of("format", "generic", "wecom", "dingtalk", "email"),
    _one_of("lang", "en", "zh"),
)

notice = Table(
    "notice",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("centre_id", ForeignKey("centre.id"), nullable=False, index=True),
    Column("owner_id", Text, nullable=False, comment="the member who did it"),
    Column("object", Text, nullable=False),
    Column("people", JSON(none_as_null=True), nullable=False, comment="how much of it is whose, by agent_id"),
    Column("detail", JSON(none_as_null=True), nullable=False),
    Column("at", Utc, nullable=False, index=True),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Text, primary_key=True),
    Column("notice_id", ForeignKey("notice.id"), nullable=False),
    Column("webhook_id", ForeignKey("webhook.id"), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", Utc, comment="empty: nothing is to be done any more"),
    Column("last_status", Text, nullable=False, server_default=""),
    Column("delivered_at", Utc),
    Column("given_up_at", Utc),
    UniqueConstraint("notice_id", "webhook_id"),
    Index(None, "next_at"),
    Index(None, "webhook_id", "id"),
)

swap = Table(
    "swap",
    metadata,
    Column("id", Text, primary_key=True),
    Column("centre_id", ForeignKey("centre.id"), nullable=False),
    Column("rota_id", ForeignKey("rota.id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("agent_id", Text, nullable=False, comment="who gives the shifts of a day"),
    Column("day", Date, nullable=False),
    Column("gives", JSON(none_as_null=True), nullable=False, comment="the shifts as they were when asked"),
    Column("with_agent_id", Text, nullable=False, comment="who takes them"),
    Column("back_day", Date, comment="the day whose shifts are given in return; empty: none"),
    Column("back", JSON(none_as_null=True), nullable=False),
    Column("expires_at", Utc, nullable=False, comment="when the first of these shifts begins"),
    Column("rota_version", Integer, comment="the version that came of it"),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("answered_by", Text),
    Column("answered_at", Utc),
    Column("decided_by", Text),
    Column("decided_at", Utc),
    Column("note", Text, nullable=False, server_default=""),
    Index(None, "centre_id", "id"),
    _one_of("state", "asked", "accepted", "declined", "approved", "refused", "withdrawn"),
)

leave_request = Table(
    "leave_request",
    metadata,
    Column("id", Text, primary_key=True),
    Column("centre_id", ForeignKey("centre.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("agent_id", Text, nullable=False),
    Column("start", Text, nullable=False, comment="day or instant, as leave.csv has them"),
    Column("end", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default=""),
    Column("ends_at", Utc, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("decided_by", Text),
    Column("decided_at", Utc),
    Column("note", Text, nullable=False, server_default=""),
    Index(None, "centre_id", "id"),
    _one_of("state", "asked", "granted", "refused", "withdrawn"),
)

call_out = Table(
    "call_out",
    metadata,
    Column("id", Text, primary_key=True),
    Column("centre_id", ForeignKey("centre.id"), nullable=False),
    Column("agent_id", Text, nullable=False),
    Column("pool", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("called_by", Text, nullable=False),
    Column("called_at", Utc, nullable=False),
    Column("released_by", Text),
    Column("released_at", Utc),
    Index(None, "centre_id", "id"),
)

floor_state = Table(
    "floor_state",
    metadata,
    Column("id", Text, primary_key=True),
    Column("centre_id", ForeignKey("centre.id"), nullable=False),
    Column("queue", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("customers_online", Float, nullable=False, comment="waiting or in service"),
    Column("waiting", Float),
    Column("longest_wait_seconds", Float),
    Column("told_by", Text, nullable=False),
    Index(None, "centre_id", "at"),
)

blob_unused = Table(
    "blob_unused",
    metadata,
    Column("digest", Text, primary_key=True, comment="of a content that nothing names"),
    Column("since", Utc, nullable=False, index=True),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("member_id", Text, nullable=False, index=True),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False, index=True),
    Column("detail", JSON(none_as_null=True), nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    comment="the end of the audit log's chain: one row, by which writers wait for one another",
)
