"""Offices open places of some days at a moment that is known before; hours may be closed for want of booklets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

_CAUSES = ("power", "system", "equipment", "staff", "building", "booklets", "event", "disaster", "other")
_COMING = sa.text("opened_at IS NULL AND cancelled_at IS NULL")


def upgrade() -> None:
    _say_causes(_CAUSES)
    op.create_table(
        "release_series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("first_after", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        *_who_and_when(),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_release_series_weekday")),
        sa.CheckConstraint("first_after >= 0 AND days BETWEEN 1 AND 62", name=op.f("ck_release_series_days")),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_release_series_percent")),
        *_of_whom("release_series"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_series")),
    )
    op.create_index(
        "ix_release_series_live",
        "release_series",
        ["office_id"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    _releases()


def _releases() -> None:
    op.create_table(
        "release",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        *_who_and_when(),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first_on <= last_on AND last_on < first_on + 62", name=op.f("ck_release_days")),
        sa.CheckConstraint("percent BETWEEN 1 AND 100", name=op.f("ck_release_percent")),
        sa.CheckConstraint("opened_at IS NULL OR cancelled_at IS NULL", name=op.f("ck_release_one_end")),
        sa.CheckConstraint("(opened_at IS NULL) = (places IS NULL)", name=op.f("ck_release_opened")),
        *_of_whom("release"),
        sa.ForeignKeyConstraint(["series_id"], ["release_series.id"], name=op.f("fk_release_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("series_id", "opens_at", name=op.f("uq_release_series_id_opens_at")),
    )
    op.create_index("ix_release_due", "release", ["opens_at"], postgresql_where=_COMING)
    op.create_index(
        "ix_release_office_id_programme_id_last_on", "release", ["office_id", "programme_id", "last_on"]
    )


def _who_and_when() -> list[sa.Column[object]]:
    return [
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    ]


def _of_whom(table: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([f"{one}_id"], [f"{one}.id"], name=op.f(f"fk_{table}_{one}_id"))
        for one in ("office", "programme")
    ]


def _say_causes(causes: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_closure_cause"), "closure")
    words = ", ".join(f"'{cause}'" for cause in causes)
    op.create_check_constraint(op.f("ck_closure_cause"), "closure", f"cause IN ({words})")


def downgrade() -> None:
    op.drop_table("release")
    op.drop_table("release_series")
    op.execute("UPDATE closure SET cause = 'other' WHERE cause = 'booklets'")
    _say_causes(tuple(cause for cause in _CAUSES if cause != "booklets"))
