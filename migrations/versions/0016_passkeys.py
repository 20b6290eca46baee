"""Officers may have passkeys beside the app: their public keys, and challenges of their own that work once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "staff_passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.VARCHAR(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("last_used_at", _MOMENT, nullable=True),
        sa.Column("removed_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_passkey_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_staff_passkey_credential_id")),
    )
    op.create_index(op.f("ix_staff_passkey_staff_id"), "staff_passkey", ["staff_id"])
    op.alter_column("staff_challenge", "staff_id", nullable=True)
    op.add_column("staff_challenge", sa.Column("purpose", sa.VARCHAR(), nullable=True))
    op.execute("UPDATE staff_challenge SET purpose = 'password'")
    op.alter_column("staff_challenge", "purpose", nullable=False)
    op.add_column("staff_challenge", sa.Column("nonce", sa.LargeBinary(), nullable=True))
    op.create_unique_constraint(op.f("uq_staff_challenge_nonce"), "staff_challenge", ["nonce"])
    op.create_check_constraint(
        op.f("ck_staff_challenge_nonce_of_keys"),
        "staff_challenge",
        "(nonce IS NULL) = (purpose = 'password')",
    )
    op.create_check_constraint(
        op.f("ck_staff_challenge_owner"), "staff_challenge", "staff_id IS NOT NULL OR purpose = 'key'"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_staff_challenge_owner"), "staff_challenge", type_="check")
    op.drop_constraint(op.f("ck_staff_challenge_nonce_of_keys"), "staff_challenge", type_="check")
    # A sign-in by a key goes on without its challenge, which older code cannot read.
    op.execute(
        "UPDATE sign_in SET challenge_id = NULL FROM staff_challenge c"
        " WHERE c.id = challenge_id AND c.purpose <> 'password'"
    )
    op.execute("DELETE FROM staff_challenge WHERE purpose <> 'password'")
    op.drop_column("staff_challenge", "nonce")
    op.drop_column("staff_challenge", "purpose")
    op.alter_column("staff_challenge", "staff_id", nullable=False)
    op.drop_table("staff_passkey")
