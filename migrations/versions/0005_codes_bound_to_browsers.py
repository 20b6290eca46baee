"""One-time codes are bound to the browser that asked; officers' devices are known too.

Codes that wait while this runs belong to no browser any more and have to be asked for again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.alter_column("known_device", "account_id", nullable=True)
    op.add_column("known_device", sa.Column("staff_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_known_device_staff_id"), "known_device", "staff", ["staff_id"], ["id"])
    op.create_index(op.f("ix_known_device_staff_id"), "known_device", ["staff_id"], unique=False)
    op.create_check_constraint(
        op.f("ck_known_device_one_owner"), "known_device", "num_nonnulls(account_id, staff_id) = 1"
    )
    op.add_column("one_time_code", sa.Column("challenge_id", sa.Uuid(), nullable=True))
    op.add_column(
        "one_time_code",
        sa.Column("asked_by", postgresql.ARRAY(sa.LargeBinary()), nullable=False, server_default="{}"),
    )
    op.add_column("one_time_code", sa.Column("asked_from", sa.LargeBinary(), nullable=True))
    op.add_column("one_time_code", sa.Column("known_device_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_one_time_code_known_device_id"),
        "one_time_code",
        "known_device",
        ["known_device_id"],
        ["id"],
    )
    op.execute("UPDATE one_time_code SET challenge_id = id")
    op.alter_column("one_time_code", "challenge_id", nullable=False)
    op.alter_column("one_time_code", "asked_by", server_default=None)
    op.create_index(
        "ix_one_time_code_challenge", "one_time_code", ["challenge_id", "created_at"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_one_time_code_challenge", table_name="one_time_code")
    for column in ("known_device_id", "asked_from", "asked_by", "challenge_id"):
        op.drop_column("one_time_code", column)
    op.execute("UPDATE sign_in SET known_device_id = NULL WHERE staff_id IS NOT NULL")
    op.execute("DELETE FROM known_device WHERE staff_id IS NOT NULL")
    op.drop_constraint(op.f("ck_known_device_one_owner"), "known_device", type_="check")
    op.drop_column("known_device", "staff_id")
    op.alter_column("known_device", "account_id", nullable=False)
