"""The first tables: contents, centres, people, members, rotas, jobs, the audit log."""

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)

revision = "0001"
down_revision = None
INSTANT = DateTime(timezone=True)
SAID = "the audit log is append-only"


def upgrade() -> None:
    """Make them all; the audit log's rows can only be added to."""
    _contents_and_centres()
    _people_and_members()
    _rotas()
    _jobs()
    _requests_and_audit_log()
    _append_only(op.get_bind().dialect.name)


def _append_only(database: str) -> None:
    op.execute(f"INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '{'0' * 64}')")
    if database == "sqlite":
        for change in ("UPDATE", "DELETE"):
            refuse = f"BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
            op.execute(f"CREATE TRIGGER audit_log_no_{change.lower()} BEFORE {change} ON audit_log {refuse}")
        return
    refuse = f"BEGIN RAISE EXCEPTION '{SAID}'; END"
    op.execute(f"CREATE FUNCTION audit_log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ {refuse} $$")
    op.execute(
        "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_log_append_only()"
    )


def _contents_and_centres() -> None:
    op.create_table(
        "blob",
        Column("digest", Text(), nullable=False),
        Column("content", LargeBinary(), nullable=False),
        Column("size", BigInteger(), nullable=False),
        PrimaryKeyConstraint("digest", name="pk_blob"),
    )
    op.create_table(
        "centre",
        Column("id", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("revision", Integer(), nullable=False),
        Column("created_at", INSTANT, nullable=False),
        Column("archived_at", INSTANT, nullable=True),
        PrimaryKeyConstraint("id", name="pk_centre"),
    )
    op.create_table(
        "centre_revision",
        Column("centre_id", Text(), nullable=False),
        Column("revision", Integer(), nullable=False),
        Column(
            "shows",
            Integer(),
            nullable=False,
            comment="the revision whose files these are: an earlier one after an undo",
        ),
        Column("at", INSTANT, nullable=False),
        Column("actor_id", Text(), nullable=False),
        Column("note", Text(), server_default="", nullable=False),
        ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_centre_revision_centre_id"),
        PrimaryKeyConstraint("centre_id", "revision", name="pk_centre_revision"),
    )
    op.create_table(
        "centre_file",
        Column("centre_id", Text(), nullable=False),
        Column("revision", Integer(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("digest", Text(), nullable=False),
        ForeignKeyConstraint(
            ["centre_id", "revision"],
            ["centre_revision.centre_id", "centre_revision.revision"],
            name="fk_centre_file_centre_id_revision",
        ),
        ForeignKeyConstraint(["digest"], ["blob.digest"], name="fk_centre_file_digest"),
        PrimaryKeyConstraint("centre_id", "revision", "name", name="pk_centre_file"),
    )
    op.create_index("ix_centre_file_digest", "centre_file", ["digest"], unique=False)


def _people_and_members() -> None:
    op.create_table(
        "person",
        Column("centre_id", Text(), nullable=False),
        Column("agent_id", Text(), nullable=False),
        Column("team", Text(), server_default="", nullable=False),
        Column("secret", LargeBinary(), nullable=False, comment="the person's key, sealed by the service's"),
        Column("name_sealed", LargeBinary(), nullable=False),
        Column("restricted_until", INSTANT, nullable=True),
        ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_person_centre_id"),
        PrimaryKeyConstraint("centre_id", "agent_id", name="pk_person"),
    )
    op.create_index("ix_person_centre_id_person_team", "person", ["centre_id", "team"], unique=False)
    op.create_table(
        "erasure",
        Column("centre_id", Text(), nullable=False),
        Column("agent_id", Text(), nullable=False),
        Column("at", INSTANT, nullable=False),
        Column("actor_id", Text(), nullable=False),
        ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_erasure_centre_id"),
        PrimaryKeyConstraint("centre_id", "agent_id", name="pk_erasure"),
    )
    op.create_table(
        "member",
        Column("id", Text(), nullable=False),
        Column("kind", Text(), nullable=False),
        Column("subject", Text(), nullable=True, comment="who OIDC says it is"),
        Column("label", Text(), server_default="", nullable=False),
        Column("role", Text(), nullable=False),
        Column("centre_id", Text(), nullable=True, comment="empty: every centre"),
        Column("teams", JSON(none_as_null=True), nullable=False),
        Column("agent_id", Text(), nullable=True),
        Column("created_at", INSTANT, nullable=False),
        Column("disabled_at", INSTANT, nullable=True),
        CheckConstraint("kind IN ('person', 'service')", name="ck_member_kind"),
        CheckConstraint("role IN ('team_lead', 'planner', 'hr', 'agent', 'admin')", name="ck_member_role"),
        ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_member_centre_id"),
        PrimaryKeyConstraint("id", name="pk_member"),
        UniqueConstraint("subject", name="uq_member_subject"),
    )
    op.create_table(
        "api_key",
        Column("id", Text(), nullable=False),
        Column("member_id", Text(), nullable=False),
        Column("prefix", Text(), nullable=False),
        Column("digest", Text(), nullable=False),
        Column("created_at", INSTANT, nullable=False),
        Column("expires_at", INSTANT, nullable=True),
        Column("revoked_at", INSTANT, nullable=True),
        Column("last_used_at", INSTANT, nullable=True),
        ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_api_key_member_id"),
        PrimaryKeyConstraint("id", name="pk_api_key"),
        UniqueConstraint("prefix", name="uq_api_key_prefix"),
    )
    op.create_index("ix_api_key_member_id", "api_key", ["member_id"], unique=False)
    op.create_table(
        "session",
        Column("digest", Text(), nullable=False, comment="of the cookie's token"),
        Column("member_id", Text(), nullable=False),
        Column("created_at", INSTANT, nullable=False),
        Column("last_used_at", INSTANT, nullable=False),
        Column("expires_at", INSTANT, nullable=False),
        ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_session_member_id"),
        PrimaryKeyConstraint("digest", name="pk_session"),
    )
    op.create_index("ix_session_member_id", "session", ["member_id"], unique=False)


def _rotas() -> None:
    op.create_table(
        "rota",
        Column("id", Text(), nullable=False),
        Column("centre_id", Text(), nullable=False),
        Column("start", Date(), nullable=False),
        Column("days", Integer(), nullable=False),
        Column("version", Integer(), nullable=False),
        Column("published_version", Integer(), nullable=True),
        Column("created_at", INSTANT, nullable=False),
        Column("archived_at", INSTANT, nullable=True),
        ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_rota_centre_id"),
        PrimaryKeyConstraint("id", name="pk_rota"),
    )
    op.create_index("ix_rota_centre_id_rota_start", "rota", ["centre_id", "start"], unique=False)
    op.create_table(
        "rota_version",
        Column("rota_id", Text(), nullable=False),
        Column("version", Integer(), nullable=False),
        Column(
            "shows",
            Integer(),
            nullable=False,
            comment="the version whose rows these are: an earlier one after an undo",
        ),
        Column("digest", Text(), nullable=False),
        Column("centre_revision", Integer(), nullable=False),
        Column("requirement_digest", Text(), nullable=True),
        Column("author_id", Text(), nullable=False),
        Column("at", INSTANT, nullable=False),
        Column("note", Text(), server_default="", nullable=False),
        Column("what", Text(), nullable=False),
        CheckConstraint("what IN ('draft', 'edit', 'publish', 'undo')", name="ck_rota_version_what"),
        ForeignKeyConstraint(["digest"], ["blob.digest"], name="fk_rota_version_digest"),
        ForeignKeyConstraint(
            ["requirement_digest"], ["blob.digest"], name="fk_rota_version_requirement_digest"
        ),
        ForeignKeyConstraint(["rota_id"], ["rota.id"], name="fk_rota_version_rota_id"),
        PrimaryKeyConstraint("rota_id", "version", name="pk_rota_version"),
    )
    op.create_index("ix_rota_version_digest", "rota_version", ["digest"], unique=False)
    op.create_index(
        "ix_rota_version_requirement_digest", "rota_version", ["requirement_digest"], unique=False
    )


def _jobs() -> None:
    op.create_table(
        "job",
        Column("id", Text(), nullable=False),
        Column("kind", Text(), nullable=False),
        Column("centre_id", Text(), nullable=False),
        Column("centre_revision", Integer(), nullable=False),
        Column("member_id", Text(), nullable=False),
        Column("args", JSON(none_as_null=True), nullable=False),
        Column("state", Text(), nullable=False),
        Column("attempt", Integer(), nullable=False),
        Column("lease_owner", Text(), nullable=True),
        Column("lease_until", INSTANT, nullable=True),
        Column("progress", JSON(none_as_null=True), nullable=True),
        Column("problem", JSON(none_as_null=True), nullable=True),
        Column("result", JSON(none_as_null=True), nullable=True),
        Column("created_at", INSTANT, nullable=False),
        Column("started_at", INSTANT, nullable=True),
        Column("ended_at", INSTANT, nullable=True),
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="ck_job_state"),
        ForeignKeyConstraint(["centre_id"], ["centre.id"], name="fk_job_centre_id"),
        PrimaryKeyConstraint("id", name="pk_job"),
    )
    op.create_index("ix_job_centre_id_job_id", "job", ["centre_id", "id"], unique=False)
    op.create_index("ix_job_member_id_job_state", "job", ["member_id", "state"], unique=False)
    op.create_index("ix_job_state_job_lease_until", "job", ["state", "lease_until"], unique=False)
    op.create_table(
        "job_event",
        Column("job_id", Text(), nullable=False),
        Column("seq", Integer(), nullable=False),
        Column("at", INSTANT, nullable=False),
        Column("kind", Text(), nullable=False),
        Column("data", JSON(none_as_null=True), nullable=False),
        ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_job_event_job_id"),
        PrimaryKeyConstraint("job_id", "seq", name="pk_job_event"),
    )
    op.create_table(
        "job_file",
        Column("job_id", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("digest", Text(), nullable=False),
        ForeignKeyConstraint(["digest"], ["blob.digest"], name="fk_job_file_digest"),
        ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_job_file_job_id"),
        PrimaryKeyConstraint("job_id", "name", name="pk_job_file"),
    )
    op.create_index("ix_job_file_digest", "job_file", ["digest"], unique=False)
    op.create_table(
        "job_kept",
        Column("job_id", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("digest", Text(), nullable=False),
        ForeignKeyConstraint(["digest"], ["blob.digest"], name="fk_job_kept_digest"),
        ForeignKeyConstraint(["job_id"], ["job.id"], name="fk_job_kept_job_id"),
        PrimaryKeyConstraint("job_id", "name", name="pk_job_kept"),
    )
    op.create_index("ix_job_kept_digest", "job_kept", ["digest"], unique=False)
    op.create_table(
        "lease",
        Column("name", Text(), nullable=False, comment="of what one process at a time does"),
        Column("owner", Text(), nullable=False),
        Column("until", INSTANT, nullable=False),
        PrimaryKeyConstraint("name", name="pk_lease"),
    )


def _requests_and_audit_log() -> None:
    op.create_table(
        "idempotency",
        Column("key", Text(), nullable=False),
        Column("member_id", Text(), nullable=False),
        Column("request_digest", Text(), nullable=False),
        Column("status", Integer(), nullable=True),
        Column("headers", JSON(none_as_null=True), nullable=True),
        Column("body", LargeBinary(), nullable=True, comment="sealed"),
        Column("at", INSTANT, nullable=False),
        PrimaryKeyConstraint("key", "member_id", name="pk_idempotency"),
    )
    op.create_index("ix_idempotency_at", "idempotency", ["at"], unique=False)
    op.create_table(
        "audit_log",
        Column("seq", BigInteger(), autoincrement=False, nullable=False),
        Column("at", INSTANT, nullable=False),
        Column("member_id", Text(), nullable=False),
        Column("action", Text(), nullable=False),
        Column("object", Text(), nullable=False),
        Column("detail", JSON(none_as_null=True), nullable=False),
        Column("previous", Text(), nullable=False),
        Column("hash", Text(), nullable=False),
        PrimaryKeyConstraint("seq", name="pk_audit_log"),
    )
    op.create_index("ix_audit_log_member_id", "audit_log", ["member_id"], unique=False)
    op.create_index("ix_audit_log_object", "audit_log", ["object"], unique=False)
    op.create_table(
        "audit_head",
        Column("id", Integer(), autoincrement=False, nullable=False),
        Column("seq", BigInteger(), nullable=False),
        Column("hash", Text(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_audit_head"),
        comment="the end of the audit log's chain: one row, by which writers wait for one another",
    )
