"""A booklet names the office that printed it, so that a report reads the days of one office alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.add_column("booklet", sa.Column("office_id", sa.Uuid(), nullable=True))
    op.execute(
        "UPDATE booklet SET office_id = blank_booklet.office_id"
        " FROM blank_booklet WHERE blank_booklet.number = booklet.number"
    )
    op.alter_column("booklet", "office_id", nullable=False)
    op.create_foreign_key("fk_booklet_office_id", "booklet", "office", ["office_id"], ["id"])
    op.create_index("ix_booklet_office_id_tested_at", "booklet", ["office_id", "tested_at"])


def downgrade() -> None:
    op.drop_index("ix_booklet_office_id_tested_at", table_name="booklet")
    op.drop_constraint("fk_booklet_office_id", "booklet")
    op.drop_column("booklet", "office_id")
