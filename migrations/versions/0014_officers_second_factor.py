"""Officers show a second factor: an app with recovery codes, set by a one-time link, asked at each sign-in.

The e-mailed codes of officers, which only demos had, are gone with the sign-ins that they opened. Whoever has no
app yet is given a link by `bin/mpaspor staff link`.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.alter_column("staff", "password_hash", nullable=True)
    op.create_table(
        "staff_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.VARCHAR(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("given_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.Column("voided_at", _MOMENT, nullable=True),
        sa.CheckConstraint("num_nonnulls(used_at, voided_at) <= 1", name=op.f("ck_staff_link_one_end")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_link_staff_id")),
        sa.ForeignKeyConstraint(["given_by"], ["staff.id"], name=op.f("fk_staff_link_given_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_link_token_hash")),
    )
    op.create_index(
        "uq_staff_link_open",
        "staff_link",
        ["staff_id"],
        unique=True,
        postgresql_where=sa.text("used_at IS NULL AND voided_at IS NULL"),
    )
    op.create_table(
        "staff_totp",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("set_at", _MOMENT, nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("wrong_since", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_totp_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_totp")),
    )
    op.create_table(
        "staff_recovery_code",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.Column("voided_at", _MOMENT, nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(used_at, voided_at) <= 1", name=op.f("ck_staff_recovery_code_one_end")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_recovery_code_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_staff_recovery_code_code_hash")),
    )
    op.create_index(op.f("ix_staff_recovery_code_staff_id"), "staff_recovery_code", ["staff_id"])
    op.create_table(
        "staff_challenge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("expires_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_challenge_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_challenge")),
    )
    op.add_column("sign_in", sa.Column("challenge_id", sa.Uuid(), nullable=True))
    op.add_column("sign_in", sa.Column("proved_at", _MOMENT, nullable=True))
    op.create_unique_constraint(op.f("uq_sign_in_challenge_id"), "sign_in", ["challenge_id"])
    op.create_foreign_key(
        op.f("fk_sign_in_challenge_id"), "sign_in", "staff_challenge", ["challenge_id"], ["id"]
    )
    # An open browser of an officer has shown no second factor: it ends here.
    op.execute(
        "UPDATE sign_in SET code_id = NULL, revoked_at = coalesce(revoked_at, last_seen_at)"
        " WHERE staff_id IS NOT NULL"
    )
    op.execute("DELETE FROM one_time_code WHERE staff_id IS NOT NULL")
    op.drop_constraint(op.f("ck_one_time_code_one_owner"), "one_time_code", type_="check")
    op.drop_column("one_time_code", "staff_id")
    op.create_check_constraint(
        op.f("ck_one_time_code_one_owner"), "one_time_code", "account_id IS NOT NULL OR purpose = 'reset'"
    )


def downgrade() -> None:
    op.add_column("one_time_code", sa.Column("staff_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_one_time_code_staff_id"), "one_time_code", "staff", ["staff_id"], ["id"])
    op.drop_constraint(op.f("ck_one_time_code_one_owner"), "one_time_code", type_="check")
    op.create_check_constraint(
        op.f("ck_one_time_code_one_owner"),
        "one_time_code",
        "num_nonnulls(account_id, staff_id) = 1"
        " OR (purpose = 'reset' AND num_nonnulls(account_id, staff_id) = 0)",
    )
    op.drop_column("sign_in", "challenge_id")
    op.drop_column("sign_in", "proved_at")
    for table in ("staff_challenge", "staff_recovery_code", "staff_totp", "staff_link"):
        op.drop_table(table)
    op.execute("UPDATE staff SET password_hash = '-' WHERE password_hash IS NULL")
    op.alter_column("staff", "password_hash", nullable=False)
