"""Whoever looks for a name gives the birth date with it: few people of an office share one."""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_index("ix_application_office_id_birth_on", "application", ["office_id", "birth_on"])


def downgrade() -> None:
    op.drop_index("ix_application_office_id_birth_on", table_name="application")
