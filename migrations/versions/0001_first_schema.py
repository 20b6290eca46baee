"""The first schema: offices, people, cases, places, bills, the desk, and what they stand on.

Frozen, as every version is once it has been out: databases that have run it would not get a change made here.
Alembic wrote the tables in the order in which they refer to each other.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

# Events are added, never changed: not even by the owner, who could still drop the trigger and be seen to.
_EVENTS_STAY = """
CREATE FUNCTION event_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are append-only';
END $$;
CREATE TRIGGER event_stays BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_stays();
"""


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=False),
        sa.Column("gender", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("terms_version", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("email_verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("gender IN ('male', 'female')", name=op.f("ck_account_gender")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
    )
    op.create_index(op.f("ix_account_email"), "account", ["email"], unique=False)
    op.create_index(
        "uq_account_verified_email",
        "account",
        ["email"],
        unique=True,
        postgresql_where=sa.text("email_verified_at IS NOT NULL"),
    )
    op.create_table(
        "bank_partner",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("public_key_pem", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_partner")),
        sa.UniqueConstraint("code", name=op.f("uq_bank_partner_code")),
    )
    op.create_table(
        "demo_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sent_to", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_message")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_demo_message_outbox_id")),
    )
    op.create_index(op.f("ix_demo_message_sent_at"), "demo_message", ["sent_at"], unique=False)
    op.create_index(op.f("ix_demo_message_sent_to"), "demo_message", ["sent_to"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.Column("actor_kind", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_role", sa.String(), nullable=True),
        sa.Column("from_state", sa.String(), nullable=True),
        sa.Column("to_state", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('applicant', 'officer', 'bank', 'system')", name=op.f("ck_event_actor_kind")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index("ix_event_application_id_at", "event", ["application_id", "at"], unique=False)
    op.create_table(
        "event_seal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_seal")),
        sa.UniqueConstraint(
            "office_id",
            "on_date",
            name=op.f("uq_event_seal_office_id_on_date"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "fee",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("validity_years", sa.Integer(), nullable=True),
        sa.Column("amount_rp", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("regulation", sa.String(), nullable=False),
        sa.CheckConstraint("amount_rp >= 0", name=op.f("ck_fee_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee")),
        sa.UniqueConstraint(
            "item",
            "validity_years",
            "valid_from",
            name=op.f("uq_fee_item_validity_years_valid_from"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "kept_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("fields", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_kept_form_token_hash")),
    )
    op.create_index(op.f("ix_kept_form_expires_at"), "kept_form", ["expires_at"], unique=False)
    op.create_table(
        "office",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort_key", sa.String(), nullable=False),
        sa.Column("class_name", sa.String(), nullable=False),
        sa.Column("has_checkpoint", sa.Boolean(), nullable=True),
        sa.Column("province", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("in_service", sa.Boolean(), nullable=False),
        sa.Column("opens_weeks_ahead", sa.Integer(), nullable=False),
        sa.Column("arrive_minutes_early", sa.Integer(), nullable=False),
        sa.Column("service_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("code", name=op.f("uq_office_code")),
    )
    op.create_index(op.f("ix_office_sort_key"), "office", ["sort_key"], unique=False)
    op.create_table(
        "one_time_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("endpoint", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("answer", postgresql.JSONB(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_key")),
        sa.UniqueConstraint(
            "owner",
            "endpoint",
            "key",
            name=op.f("uq_one_time_key_owner_endpoint_key"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_one_time_key_at"), "one_time_key", ["at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.CheckConstraint("sent_at IS NULL OR secret IS NULL", name=op.f("ck_outbox_secret_wiped")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["available_at"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL AND dead_at IS NULL"),
    )
    op.create_table(
        "programme",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
    )
    op.create_table(
        "rate_counter",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("window_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "subject", "window_at", name=op.f("pk_rate_counter")),
    )
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("wanted_from", sa.String(), nullable=True),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.Column("need", sa.String(), nullable=True),
        sa.Column("replacement_reason", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("validity_years", sa.Integer(), nullable=True),
        sa.Column("full_name", sa.String(), nullable=True),
        sa.Column("nik_lookup", sa.LargeBinary(), nullable=True),
        sa.Column("nik_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column("sex", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("papers_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("biometrics_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state <> 'documents_wanted') = (wanted_from IS NULL)", name=op.f("ck_application_wanted_from")
        ),
        sa.CheckConstraint("sex IN ('male', 'female')", name=op.f("ck_application_sex")),
        sa.CheckConstraint(
            "state IN ('draft', 'discarded', 'awaiting_payment', 'awaiting_place', 'scheduled', 'missed', 'arrived', 'documents_checked', 'documents_wanted', 'biometrics_taken', 'interviewed', 'granted', 'deferred', 'refused', 'printed', 'ready', 'collected', 'void', 'withdrawn', 'closed')",
            name=op.f("ck_application_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('awaiting_payment', 'awaiting_place', 'scheduled', 'arrived', 'documents_wanted', 'documents_checked', 'biometrics_taken', 'interviewed', 'granted', 'printed', 'ready') OR (nik_lookup IS NOT NULL AND office_id IS NOT NULL AND number IS NOT NULL)",
            name=op.f("ck_application_live_is_complete"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_application_account_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_application_office_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_application_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("code", name=op.f("uq_application_code")),
        sa.UniqueConstraint("number", name=op.f("uq_application_number")),
    )
    op.create_index(
        "ix_application_account_id_created_at", "application", ["account_id", "created_at"], unique=False
    )
    op.create_index("ix_application_office_id_state", "application", ["office_id", "state"], unique=False)
    op.create_index(
        "uq_application_live_nik",
        "application",
        ["nik_lookup"],
        unique=True,
        postgresql_where=sa.text(
            "state IN ('awaiting_payment', 'awaiting_place', 'scheduled', 'arrived', 'documents_wanted', 'documents_checked', 'biometrics_taken', 'interviewed', 'granted', 'printed', 'ready')"
        ),
    )
    op.create_table(
        "bank_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["bank_partner.id"], name=op.f("fk_bank_token_partner_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_bank_token")),
    )
    op.create_index(op.f("ix_bank_token_expires_at"), "bank_token", ["expires_at"], unique=False)
    op.create_table(
        "demo_file",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["demo_message.id"], name=op.f("fk_demo_file_message_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", "name", name=op.f("pk_demo_file")),
    )
    op.create_table(
        "holiday",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_joint_leave", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_holiday_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
        sa.UniqueConstraint(
            "on_date",
            "office_id",
            name=op.f("uq_holiday_on_date_office_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "known_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_known_device_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_known_device_token_hash")),
    )
    op.create_index(op.f("ix_known_device_account_id"), "known_device", ["account_id"], unique=False)
    op.create_table(
        "offered_kind",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("validity_years", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_offered_kind_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_kind")),
        sa.UniqueConstraint(
            "office_id",
            "kind",
            "validity_years",
            "valid_from",
            name=op.f("uq_offered_kind_office_id_kind_validity_years_valid_from"),
        ),
    )
    op.create_table(
        "payment_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("billing_code", sa.String(), nullable=False),
        sa.Column("payment_request_id", sa.String(), nullable=False),
        sa.Column("offered", sa.String(), nullable=False),
        sa.Column("response_code", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["bank_partner.id"], name=op.f("fk_payment_attempt_partner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_attempt")),
    )
    op.create_index(op.f("ix_payment_attempt_at"), "payment_attempt", ["at"], unique=False)
    op.create_table(
        "refused_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("response_code", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["bank_partner.id"], name=op.f("fk_refused_call_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_call")),
    )
    op.create_index(op.f("ix_refused_call_at"), "refused_call", ["at"], unique=False)
    op.create_table(
        "service_point",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_service_point_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_point")),
        sa.UniqueConstraint("office_id", "code", name=op.f("uq_service_point_office_id_code")),
    )
    op.create_table(
        "snap_exchange",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("external_on", sa.Date(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("reply", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["bank_partner.id"], name=op.f("fk_snap_exchange_partner_id")
        ),
        sa.PrimaryKeyConstraint("partner_id", "external_on", "external_id", name=op.f("pk_snap_exchange")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("full_name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_staff_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_table(
        "answer_page",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_answer_page_application_id")
        ),
        sa.PrimaryKeyConstraint("application_id", "page", name=op.f("pk_answer_page")),
    )
    op.create_table(
        "biometrics",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("file_key", sa.String(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_biometrics_application_id")
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_biometrics_taken_by")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_biometrics")),
        sa.UniqueConstraint("file_key", name=op.f("uq_biometrics_file_key")),
    )
    op.create_table(
        "booklet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("printed_by", sa.Uuid(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tested_by", sa.Uuid(), nullable=True),
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("tested_by IS DISTINCT FROM printed_by", name=op.f("ck_booklet_four_eyes")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_booklet_application_id")
        ),
        sa.ForeignKeyConstraint(["printed_by"], ["staff.id"], name=op.f("fk_booklet_printed_by")),
        sa.ForeignKeyConstraint(["tested_by"], ["staff.id"], name=op.f("fk_booklet_tested_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booklet")),
        sa.UniqueConstraint("number", name=op.f("uq_booklet_number")),
    )
    op.create_index(op.f("ix_booklet_application_id"), "booklet", ["application_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("file_key", sa.String(), nullable=True),
        sa.Column("thumb_key", sa.String(), nullable=True),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("thumb_sha256", sa.LargeBinary(), nullable=True),
        sa.Column("byte_count", sa.Integer(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("hint", sa.String(), nullable=True),
        sa.Column("original_name", sa.String(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state IN ('submitted', 'accepted', 'wanted')", name=op.f("ck_document_state")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_document_application_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("application_id", "kind", name=op.f("uq_document_application_id_kind")),
        sa.UniqueConstraint("file_key", name=op.f("uq_document_file_key")),
        sa.UniqueConstraint("thumb_key", name=op.f("uq_document_thumb_key")),
    )
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("collected_by", sa.LargeBinary(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("handed_by", sa.Uuid(), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("relation IN ('self', 'family', 'proxy')", name=op.f("ck_handover_relation")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_handover_application_id")
        ),
        sa.ForeignKeyConstraint(["handed_by"], ["staff.id"], name=op.f("fk_handover_handed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    op.create_index(op.f("ix_handover_application_id"), "handover", ["application_id"], unique=False)
    op.create_table(
        "interview",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("notes", sa.LargeBinary(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("held_by", sa.Uuid(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict IN ('recommend', 'doubt')", name=op.f("ck_interview_verdict")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_interview_application_id")
        ),
        sa.ForeignKeyConstraint(["held_by"], ["staff.id"], name=op.f("fk_interview_held_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
    )
    op.create_index(op.f("ix_interview_application_id"), "interview", ["application_id"], unique=False)
    op.create_table(
        "letter",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_letter_application_id")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_letter")),
        sa.UniqueConstraint("application_id", "kind", "ref", name=op.f("uq_letter_application_id_kind_ref")),
    )
    op.create_index(op.f("ix_letter_application_id"), "letter", ["application_id"], unique=False)
    op.create_table(
        "one_time_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(account_id, staff_id) = 1 OR (purpose = 'reset' AND num_nonnulls(account_id, staff_id) = 0)",
            name=op.f("ck_one_time_code_one_owner"),
        ),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_one_time_code_tries")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_one_time_code_account_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_one_time_code_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_code")),
    )
    op.create_index(
        "ix_one_time_code_account", "one_time_code", ["account_id", "purpose", "created_at"], unique=False
    )
    op.create_index(
        "ix_one_time_code_address", "one_time_code", ["email", "purpose", "created_at"], unique=False
    )
    op.create_table(
        "opening_hour",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("service_point_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("capacity > 0 AND ends_at > starts_at", name=op.f("ck_opening_hour_sensible")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_opening_hour_weekday")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_opening_hour_office_id")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_opening_hour_programme_id")
        ),
        sa.ForeignKeyConstraint(
            ["service_point_id"], ["service_point.id"], name=op.f("fk_opening_hour_service_point_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_hour")),
        sa.UniqueConstraint(
            "service_point_id",
            "programme_id",
            "weekday",
            "starts_at",
            "valid_from",
            name=op.f("uq_opening_hour_service_point_id_programme_id_weekday_starts_at_valid_from"),
        ),
    )
    op.create_table(
        "proposal",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict IN ('deferred', 'refused')", name=op.f("ck_proposal_verdict")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_proposal_application_id")
        ),
        sa.ForeignKeyConstraint(["proposed_by"], ["staff.id"], name=op.f("fk_proposal_proposed_by")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_proposal")),
    )
    op.create_table(
        "slot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("service_point_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("released", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "0 <= taken AND taken <= released AND released <= capacity", name=op.f("ck_slot_never_oversold")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_slot_sensible")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_slot_office_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_slot_programme_id")),
        sa.ForeignKeyConstraint(
            ["service_point_id"], ["service_point.id"], name=op.f("fk_slot_service_point_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint(
            "service_point_id",
            "programme_id",
            "starts_at",
            name=op.f("uq_slot_service_point_id_programme_id_starts_at"),
        ),
    )
    op.create_index(
        "ix_slot_office_id_programme_id_starts_at",
        "slot",
        ["office_id", "programme_id", "starts_at"],
        unique=False,
    )
    op.create_table(
        "staff_role",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_role_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "role", name=op.f("pk_staff_role")),
    )
    op.create_table(
        "bill",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("amount_rp", sa.Integer(), nullable=False),
        sa.Column("billing_code", sa.String(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pay_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapse_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ntpn", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("validity_years", sa.Integer(), nullable=False),
        sa.Column("payer_name", sa.String(), nullable=False),
        sa.Column("nik_lookup", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("billing_code ~ '^[7-9][0-9]{14}$'", name=op.f("ck_bill_billing_code")),
        sa.CheckConstraint(
            "state <> 'payable' OR (billing_code IS NOT NULL AND pay_until IS NOT NULL)",
            name=op.f("ck_bill_payable"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'payable', 'paid', 'settled', 'lapsed', 'cancelled', 'reversed')",
            name=op.f("ck_bill_state"),
        ),
        sa.CheckConstraint("amount_rp > 0", name=op.f("ck_bill_amount")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_bill_application_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_bill_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bill")),
        sa.UniqueConstraint("billing_code", name=op.f("uq_bill_billing_code")),
        sa.UniqueConstraint("ntpn", name=op.f("uq_bill_ntpn")),
    )
    op.create_index(op.f("ix_bill_application_id"), "bill", ["application_id"], unique=False)
    op.create_index(
        "ix_bill_due",
        "bill",
        ["lapse_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('requested', 'payable')"),
    )
    op.create_index(
        "uq_bill_open",
        "bill",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('requested', 'payable')"),
    )
    op.create_index(
        "uq_bill_paid",
        "bill",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('paid', 'settled')"),
    )
    op.create_table(
        "booking",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state <> 'held' OR held_until IS NOT NULL", name=op.f("ck_booking_held_has_end")),
        sa.CheckConstraint(
            "state IN ('held', 'confirmed', 'attended', 'missed', 'lapsed', 'cancelled')",
            name=op.f("ck_booking_state"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_booking_application_id")
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_booking_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
    )
    op.create_index(op.f("ix_booking_application_id"), "booking", ["application_id"], unique=False)
    op.create_index(
        "ix_booking_due", "booking", ["held_until"], unique=False, postgresql_where=sa.text("state = 'held'")
    )
    op.create_index(op.f("ix_booking_slot_id"), "booking", ["slot_id"], unique=False)
    op.create_index(
        "uq_booking_live",
        "booking",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('held', 'confirmed')"),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("device_name", sa.String(), nullable=False),
        sa.Column("is_shared_device", sa.Boolean(), nullable=False),
        sa.Column("code_id", sa.Uuid(), nullable=True),
        sa.Column("known_device_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("audience IN ('applicant', 'officer')", name=op.f("ck_sign_in_audience")),
        sa.CheckConstraint("num_nonnulls(account_id, staff_id) = 1", name=op.f("ck_sign_in_one_owner")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id")),
        sa.ForeignKeyConstraint(["code_id"], ["one_time_code.id"], name=op.f("fk_sign_in_code_id")),
        sa.ForeignKeyConstraint(
            ["known_device_id"], ["known_device.id"], name=op.f("fk_sign_in_known_device_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sign_in_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("code_id", name=op.f("uq_sign_in_code_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_account_id"), "sign_in", ["account_id"], unique=False)
    op.create_index(op.f("ix_sign_in_staff_id"), "sign_in", ["staff_id"], unique=False)
    op.create_table(
        "bill_line",
        sa.Column("bill_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("amount_rp", sa.Integer(), nullable=False),
        sa.Column("regulation", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_bill_line_bill_id")),
        sa.PrimaryKeyConstraint("bill_id", "item", name=op.f("pk_bill_line")),
    )
    op.create_table(
        "booking_move",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("from_slot_id", sa.Uuid(), nullable=False),
        sa.Column("to_slot_id", sa.Uuid(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_move_booking_id")),
        sa.ForeignKeyConstraint(["from_slot_id"], ["slot.id"], name=op.f("fk_booking_move_from_slot_id")),
        sa.ForeignKeyConstraint(["to_slot_id"], ["slot.id"], name=op.f("fk_booking_move_to_slot_id")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_booking_move")),
    )
    op.create_table(
        "payment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("payment_request_id", sa.String(), nullable=False),
        sa.Column("billing_code", sa.String(), nullable=False),
        sa.Column("ntb", sa.String(), nullable=False),
        sa.Column("amount_rp", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("bill_id", sa.Uuid(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "state IN ('accepted', 'suspense', 'refunded', 'reversed')", name=op.f("ck_payment_state")
        ),
        sa.CheckConstraint("amount_rp > 0", name=op.f("ck_payment_amount")),
        sa.ForeignKeyConstraint(["bill_id"], ["bill.id"], name=op.f("fk_payment_bill_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["bank_partner.id"], name=op.f("fk_payment_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("billing_code", "ntb", name=op.f("uq_payment_billing_code_ntb")),
        sa.UniqueConstraint(
            "partner_id", "payment_request_id", name=op.f("uq_payment_partner_id_payment_request_id")
        ),
    )
    op.create_index(op.f("ix_payment_bill_id"), "payment", ["bill_id"], unique=False)
    op.execute(_EVENTS_STAY)


def downgrade() -> None:
    op.drop_index(op.f("ix_payment_bill_id"), table_name="payment")
    op.drop_table("payment")
    op.drop_table("booking_move")
    op.drop_table("bill_line")
    op.drop_index(op.f("ix_sign_in_staff_id"), table_name="sign_in")
    op.drop_index(op.f("ix_sign_in_account_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(
        "uq_booking_live", table_name="booking", postgresql_where=sa.text("state IN ('held', 'confirmed')")
    )
    op.drop_index(op.f("ix_booking_slot_id"), table_name="booking")
    op.drop_index("ix_booking_due", table_name="booking", postgresql_where=sa.text("state = 'held'"))
    op.drop_index(op.f("ix_booking_application_id"), table_name="booking")
    op.drop_table("booking")
    op.drop_index("uq_bill_paid", table_name="bill", postgresql_where=sa.text("state IN ('paid', 'settled')"))
    op.drop_index(
        "uq_bill_open", table_name="bill", postgresql_where=sa.text("state IN ('requested', 'payable')")
    )
    op.drop_index(
        "ix_bill_due", table_name="bill", postgresql_where=sa.text("state IN ('requested', 'payable')")
    )
    op.drop_index(op.f("ix_bill_application_id"), table_name="bill")
    op.drop_table("bill")
    op.drop_table("staff_role")
    op.drop_index("ix_slot_office_id_programme_id_starts_at", table_name="slot")
    op.drop_table("slot")
    op.drop_table("proposal")
    op.drop_table("opening_hour")
    op.drop_index("ix_one_time_code_address", table_name="one_time_code")
    op.drop_index("ix_one_time_code_account", table_name="one_time_code")
    op.drop_table("one_time_code")
    op.drop_index(op.f("ix_letter_application_id"), table_name="letter")
    op.drop_table("letter")
    op.drop_index(op.f("ix_interview_application_id"), table_name="interview")
    op.drop_table("interview")
    op.drop_index(op.f("ix_handover_application_id"), table_name="handover")
    op.drop_table("handover")
    op.drop_table("document")
    op.drop_index(op.f("ix_booklet_application_id"), table_name="booklet")
    op.drop_table("booklet")
    op.drop_table("biometrics")
    op.drop_table("answer_page")
    op.drop_table("staff")
    op.drop_table("snap_exchange")
    op.drop_table("service_point")
    op.drop_index(op.f("ix_refused_call_at"), table_name="refused_call")
    op.drop_table("refused_call")
    op.drop_index(op.f("ix_payment_attempt_at"), table_name="payment_attempt")
    op.drop_table("payment_attempt")
    op.drop_table("offered_kind")
    op.drop_index(op.f("ix_known_device_account_id"), table_name="known_device")
    op.drop_table("known_device")
    op.drop_table("holiday")
    op.drop_table("demo_file")
    op.drop_index(op.f("ix_bank_token_expires_at"), table_name="bank_token")
    op.drop_table("bank_token")
    op.drop_index(
        "uq_application_live_nik",
        table_name="application",
        postgresql_where=sa.text(
            "state IN ('awaiting_payment', 'awaiting_place', 'scheduled', 'arrived', 'documents_wanted', 'documents_checked', 'biometrics_taken', 'interviewed', 'granted', 'printed', 'ready')"
        ),
    )
    op.drop_index("ix_application_office_id_state", table_name="application")
    op.drop_index("ix_application_account_id_created_at", table_name="application")
    op.drop_table("application")
    op.drop_table("rate_counter")
    op.drop_table("programme")
    op.drop_index(
        "ix_outbox_due", table_name="outbox", postgresql_where=sa.text("sent_at IS NULL AND dead_at IS NULL")
    )
    op.drop_table("outbox")
    op.drop_index(op.f("ix_one_time_key_at"), table_name="one_time_key")
    op.drop_table("one_time_key")
    op.drop_index(op.f("ix_office_sort_key"), table_name="office")
    op.drop_table("office")
    op.drop_index(op.f("ix_kept_form_expires_at"), table_name="kept_form")
    op.drop_table("kept_form")
    op.drop_table("installation")
    op.drop_table("heartbeat")
    op.drop_table("fee")
    op.drop_table("event_seal")
    op.drop_index("ix_event_application_id_at", table_name="event")
    op.drop_table("event")
    op.drop_index(op.f("ix_demo_message_sent_to"), table_name="demo_message")
    op.drop_index(op.f("ix_demo_message_sent_at"), table_name="demo_message")
    op.drop_table("demo_message")
    op.drop_table("bank_partner")
    op.drop_index(
        "uq_account_verified_email",
        table_name="account",
        postgresql_where=sa.text("email_verified_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_account_email"), table_name="account")
    op.drop_table("account")
    op.execute("DROP FUNCTION event_stays()")
