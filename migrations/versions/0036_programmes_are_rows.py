"""Programmes are rows with dates: who may use one, what it costs and promises, where and when it runs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"

_ERRANDS = "'new', 'expired', 'pages_full', 'to_electronic'"
_CAUSES = "'cameras', 'printers', 'booklets', 'staff', 'room', 'other'"

# What held until now, for the programmes that are there; a fresh installation gets its rows with the reference
# data, after the last version. The words are those of mpaspor/offices/data/programmes.csv.
_KNOWN = (
    (
        "regular",
        "Reguler",
        "Regular",
        "Untuk semua permohonan paspor dewasa, pada hari kerja.",
        "For every adult's passport application, on working days.",
        None,
        None,
        True,
    ),
    (
        "priority",
        "Prioritas",
        "Priority",
        "Datang langsung pada pagi hari kerja, tanpa memilih jam.",
        "Come in the morning of a working day, without booking a slot.",
        "Untuk anak sampai 5 tahun, lansia mulai 60 tahun, penyandang disabilitas, dan ibu hamil; bawa buktinya.",
        "For children up to 5, people of 60 and older, people with a disability, and pregnant women; bring proof.",
        False,
    ),
)
_ADD_TERMS = sa.text(
    """
    INSERT INTO programme_terms (id, programme_id, valid_from, name, name_en, about, about_en, errands, proof,
        proof_en, days_ahead_least, is_booked, is_walk_in, on_days_off, is_priority)
    SELECT gen_random_uuid(), id, '2019-05-01', :name, :name_en, :about, :about_en,
        ARRAY['new', 'expired', 'pages_full', 'to_electronic'], :proof, :proof_en, 1, :is_booked,
        NOT :is_booked, false, NOT :is_booked
    FROM programme WHERE code = :code
    """
)


def upgrade() -> None:
    _programmes()
    _places_and_hours()
    op.add_column("slot", sa.Column("notice_days", sa.Integer(), nullable=False, server_default="0"))
    op.create_check_constraint(op.f("ck_slot_notice_days"), "slot", "notice_days >= 0")
    op.add_column("application", sa.Column("terms_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_application_terms_id"), "application", "programme_terms", ["terms_id"], ["id"]
    )


def _programmes() -> None:
    op.add_column("programme", sa.Column("office_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_programme_office_id"), "programme", "office", ["office_id"], ["id"])
    op.add_column("programme", sa.Column("last_on", sa.Date(), nullable=True))
    op.create_table(
        "programme_terms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("name", "name_en", "about", "about_en")),
        sa.Column("errands", sa.ARRAY(sa.String()), nullable=False),
        sa.Column("age_from", sa.Integer(), nullable=True),
        sa.Column("age_to", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("proof", "proof_en", "surcharge_item")),
        sa.Column("latest_start", sa.Time(), nullable=True),
        sa.Column("days_ahead_least", sa.Integer(), nullable=False),
        sa.Column("days_ahead_most", sa.Integer(), nullable=True),
        sa.Column("is_booked", sa.Boolean(), nullable=False),
        sa.Column("is_walk_in", sa.Boolean(), nullable=False),
        sa.Column("promise_days", sa.Integer(), nullable=True),
        sa.Column("on_days_off", sa.Boolean(), nullable=False),
        sa.Column("is_priority", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            f"cardinality(errands) > 0 AND errands <@ ARRAY[{_ERRANDS}]::varchar[]",
            name=op.f("ck_programme_terms_errands"),
        ),
        sa.CheckConstraint(
            "(age_from IS NULL OR age_from BETWEEN 0 AND 120) AND (age_to IS NULL OR age_to BETWEEN 0 AND 120)"
            " AND (age_from IS NULL OR age_to IS NULL OR age_from <= age_to)",
            name=op.f("ck_programme_terms_ages"),
        ),
        sa.CheckConstraint(
            "days_ahead_least BETWEEN 1 AND 90"
            " AND (days_ahead_most IS NULL OR days_ahead_most BETWEEN days_ahead_least AND 366)",
            name=op.f("ck_programme_terms_days_ahead"),
        ),
        sa.CheckConstraint(
            "promise_days IS NULL OR promise_days BETWEEN 0 AND 60",
            name=op.f("ck_programme_terms_promise_days"),
        ),
        sa.CheckConstraint("(proof IS NULL) = (proof_en IS NULL)", name=op.f("ck_programme_terms_proof")),
        sa.ForeignKeyConstraint(
            ["programme_id"], ["programme.id"], name=op.f("fk_programme_terms_programme_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_terms")),
        sa.UniqueConstraint(
            "programme_id", "valid_from", name=op.f("uq_programme_terms_programme_id_valid_from")
        ),
    )
    names = ("code", "name", "name_en", "about", "about_en", "proof", "proof_en", "is_booked")
    for known in _KNOWN:
        op.execute(_ADD_TERMS.bindparams(**dict(zip(names, known, strict=True))))


def _places_and_hours() -> None:
    for name in ("address", "map_url"):
        op.add_column("service_point", sa.Column(name, sa.String(), nullable=True))
    for name in ("counters", "minutes_each"):
        op.add_column("opening_hour", sa.Column(name, sa.Integer(), nullable=True))
    op.create_check_constraint(
        op.f("ck_opening_hour_counters"),
        "opening_hour",
        "(counters IS NULL) = (minutes_each IS NULL)"
        " AND (counters IS NULL OR counters > 0 AND minutes_each > 0)",
    )
    op.create_table(
        "single_hour",
        *(
            sa.Column(name, sa.Uuid(), nullable=False)
            for name in ("id", "office_id", "service_point_id", "programme_id")
        ),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity > 0 AND ends_at > starts_at", name=op.f("ck_single_hour_sensible")),
        *(
            sa.ForeignKeyConstraint([f"{table}_id"], [f"{table}.id"], name=op.f(f"fk_single_hour_{table}_id"))
            for table in ("office", "service_point", "programme")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_single_hour")),
        sa.UniqueConstraint(
            *("service_point_id", "programme_id", "on_date", "starts_at"),
            name=op.f("uq_single_hour_service_point_id_programme_id_on_date_starts_at"),
        ),
    )
    op.create_index(op.f("ix_single_hour_office_id"), "single_hour", ["office_id"])
    op.create_table(
        "day_cap",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"cause IN ({_CAUSES})", name=op.f("ck_day_cap_cause")),
        sa.CheckConstraint("places >= 0", name=op.f("ck_day_cap_places")),
        sa.CheckConstraint("last_on IS NULL OR first_on <= last_on", name=op.f("ck_day_cap_days")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_day_cap_office_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_day_cap_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_cap")),
    )
    op.create_index(op.f("ix_day_cap_office_id"), "day_cap", ["office_id"])


def downgrade() -> None:
    op.drop_column("application", "terms_id")
    op.drop_column("slot", "notice_days")
    op.drop_table("day_cap")
    op.drop_table("single_hour")
    for name in ("counters", "minutes_each"):
        op.drop_column("opening_hour", name)
    for name in ("address", "map_url"):
        op.drop_column("service_point", name)
    op.drop_table("programme_terms")
    op.drop_column("programme", "last_on")
    op.drop_column("programme", "office_id")
