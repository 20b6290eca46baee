"""Freed places come back later: which hour gets one, and when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "place_return",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slot_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_place_return_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_return")),
    )
    op.create_index(op.f("ix_place_return_slot_id"), "place_return", ["slot_id"], unique=False)
    op.create_index(op.f("ix_place_return_due_at"), "place_return", ["due_at"], unique=False)


def downgrade() -> None:
    op.execute(
        "UPDATE slot SET released = released + due.places FROM "
        "(SELECT slot_id, count(*) AS places FROM place_return GROUP BY slot_id) due WHERE slot.id = due.slot_id"
    )
    op.drop_table("place_return")
