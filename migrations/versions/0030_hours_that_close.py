"""Offices close hours or leave them fewer places; whoever had one there is seated again; delays are announced."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

_CAUSES = "'power', 'system', 'equipment', 'staff', 'building', 'event', 'disaster', 'other'"
_ENDS = "'accepted', 'chosen', 'silent', 'restored', 'moot'"


def _moment(name: str, *, nullable: bool = False) -> sa.Column[sa.DateTime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    _closures()
    op.add_column("booking", sa.Column("is_offer", sa.Boolean(), nullable=False, server_default="false"))
    op.create_check_constraint(
        op.f("ck_booking_offer_is_answered"),
        "booking",
        "NOT is_offer OR state IN ('held', 'lapsed', 'cancelled')",
    )
    op.add_column("slot", sa.Column("delay_minutes", sa.Integer(), nullable=False, server_default="0"))
    op.create_check_constraint(op.f("ck_slot_delay"), "slot", "delay_minutes BETWEEN 0 AND 480")
    op.add_column("slot", sa.Column("closure_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_slot_closure_id"), "slot", "closure", ["closure_id"], ["id"])
    op.create_index(
        "ix_slot_closure_id", "slot", ["closure_id"], postgresql_where=sa.text("closure_id IS NOT NULL")
    )
    _reseatings()


def _closures() -> None:
    op.create_table(
        "closure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("service_point_id", sa.Uuid(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("begins", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("places_left", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        _moment("made_at"),
        _moment("reopened_at", nullable=True),
        _moment("ended_at", nullable=True),
        sa.CheckConstraint(f"cause IN ({_CAUSES})", name=op.f("ck_closure_cause")),
        sa.CheckConstraint("first_on <= last_on AND last_on < first_on + 62", name=op.f("ck_closure_days")),
        sa.CheckConstraint(
            "(begins IS NULL) = (ends IS NULL) AND (begins IS NULL OR begins < ends)",
            name=op.f("ck_closure_part"),
        ),
        sa.CheckConstraint("places_left >= 0", name=op.f("ck_closure_places_left")),
        sa.CheckConstraint(
            "ended_at IS NULL OR reopened_at IS NOT NULL", name=op.f("ck_closure_ends_by_reopening")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_closure_office_id")),
        sa.ForeignKeyConstraint(
            ["service_point_id"], ["service_point.id"], name=op.f("fk_closure_service_point_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_index("ix_closure_open", "closure", ["office_id"], postgresql_where=sa.text("ended_at IS NULL"))
    op.create_table(
        "closed_hour",
        sa.Column("closure_id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("capacity_before", sa.Integer(), nullable=False),
        sa.Column("released_before", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["closure_id"], ["closure.id"], name=op.f("fk_closed_hour_closure_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_closed_hour_slot_id")),
        sa.PrimaryKeyConstraint("closure_id", "slot_id", name=op.f("pk_closed_hour")),
    )
    op.create_index(op.f("ix_closed_hour_slot_id"), "closed_hour", ["slot_id"])


def _reseatings() -> None:
    op.create_table(
        "reseating",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("closure_id", sa.Uuid(), nullable=True),
        sa.Column("was_paid", sa.Boolean(), nullable=False),
        sa.Column("has_priority", sa.Boolean(), nullable=False),
        _moment("lost_at"),
        sa.Column("offered_id", sa.Uuid(), nullable=True),
        sa.Column("offered_slot_id", sa.Uuid(), nullable=True),
        _moment("offered_at", nullable=True),
        sa.Column("ended_as", sa.String(), nullable=True),
        _moment("ended_at", nullable=True),
        sa.CheckConstraint(f"ended_as IN ({_ENDS})", name=op.f("ck_reseating_ended_as")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name=op.f("ck_reseating_ended")),
        sa.CheckConstraint("(offered_id IS NULL) = (offered_at IS NULL)", name=op.f("ck_reseating_offered")),
        sa.CheckConstraint(
            "ended_as <> 'accepted' OR offered_id IS NOT NULL", name=op.f("ck_reseating_accepted")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_reseating_application_id")
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_reseating_booking_id")),
        sa.ForeignKeyConstraint(["closure_id"], ["closure.id"], name=op.f("fk_reseating_closure_id")),
        sa.ForeignKeyConstraint(["offered_id"], ["booking.id"], name=op.f("fk_reseating_offered_id")),
        sa.ForeignKeyConstraint(["offered_slot_id"], ["slot.id"], name=op.f("fk_reseating_offered_slot_id")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_reseating")),
        sa.UniqueConstraint("offered_id", name=op.f("uq_reseating_offered_id")),
    )
    op.create_index(op.f("ix_reseating_application_id"), "reseating", ["application_id"])
    op.create_index(op.f("ix_reseating_closure_id"), "reseating", ["closure_id"])
    for name, column, unique in (
        ("ix_reseating_open", "lost_at", False),
        ("uq_reseating_open", "application_id", True),
    ):
        op.create_index(
            name, "reseating", [column], unique=unique, postgresql_where=sa.text("ended_at IS NULL")
        )


def downgrade() -> None:
    op.drop_table("reseating")
    op.drop_index("ix_slot_closure_id", "slot")
    op.drop_column("slot", "closure_id")
    op.drop_column("slot", "delay_minutes")
    op.drop_column("booking", "is_offer")
    op.drop_table("closed_hour")
    op.drop_table("closure")
