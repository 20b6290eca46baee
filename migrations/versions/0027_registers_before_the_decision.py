"""What registers answer before a decision is kept; cases with one NIK are found, whatever their state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.create_table(
        "registry_check",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("registry", sa.String(), nullable=False),
        sa.Column("ask_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("details", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "registry IN ('watch_list', 'duplicates', 'population')",
            name=op.f("ck_registry_check_registry"),
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'clear', 'hit', 'unavailable')", name=op.f("ck_registry_check_state")
        ),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)", name=op.f("ck_registry_check_answered")
        ),
        sa.CheckConstraint(
            "state <> 'hit' OR details IS NOT NULL", name=op.f("ck_registry_check_hit_says_what")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_registry_check_application_id")
        ),
        sa.PrimaryKeyConstraint("application_id", "registry", name=op.f("pk_registry_check")),
        sa.UniqueConstraint("ask_id", name=op.f("uq_registry_check_ask_id")),
    )
    op.create_index("ix_application_nik_lookup", "application", ["nik_lookup"])


def downgrade() -> None:
    op.drop_index("ix_application_nik_lookup", table_name="application")
    op.drop_table("registry_check")
