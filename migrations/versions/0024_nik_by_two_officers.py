"""A NIK that was typed wrong is corrected by two officers: one proposes what the card says, another reads it too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    op.create_table(
        "nik_correction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("nik", sa.LargeBinary(), nullable=False),
        sa.Column("old_nik", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "agreed IS NOT TRUE OR decided_by <> proposed_by", name=op.f("ck_nik_correction_four_eyes")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (agreed IS NULL)", name=op.f("ck_nik_correction_decided_once")
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decided_by IS NULL)", name=op.f("ck_nik_correction_decided_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_nik_correction_application_id")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_nik_correction_decided_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["staff.id"], name=op.f("fk_nik_correction_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nik_correction")),
    )
    op.create_index(op.f("ix_nik_correction_application_id"), "nik_correction", ["application_id"])
    op.create_index(
        "uq_nik_correction_open",
        "nik_correction",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("nik_correction")
