"""One code lets in one browser; resets asked for nobody's address leave the same trace as others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ONE = "num_nonnulls(account_id, staff_id) = 1"
_NOBODY = "(purpose = 'reset' AND num_nonnulls(account_id, staff_id) = 0)"


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("code_id", sa.Uuid(), nullable=True))
    op.add_column("sign_in", sa.Column("known_device_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_sign_in_code_id"), "sign_in", "one_time_code", ["code_id"], ["id"])
    op.create_foreign_key(
        op.f("fk_sign_in_known_device_id"), "sign_in", "known_device", ["known_device_id"], ["id"]
    )
    op.create_unique_constraint(op.f("uq_sign_in_code_id"), "sign_in", ["code_id"])
    op.drop_constraint(op.f("ck_one_time_code_one_owner"), "one_time_code")
    op.create_check_constraint(op.f("ck_one_time_code_one_owner"), "one_time_code", f"{_ONE} OR {_NOBODY}")
    op.drop_index("ix_one_time_code_owner", "one_time_code")
    op.create_index("ix_one_time_code_address", "one_time_code", ["email", "purpose", "created_at"])
    op.create_index("ix_one_time_code_account", "one_time_code", ["account_id", "purpose", "created_at"])


def downgrade() -> None:
    op.drop_index("ix_one_time_code_account", "one_time_code")
    op.drop_index("ix_one_time_code_address", "one_time_code")
    op.create_index(
        "ix_one_time_code_owner", "one_time_code", ["account_id", "staff_id", "purpose", "created_at"]
    )
    op.execute("DELETE FROM one_time_code WHERE num_nonnulls(account_id, staff_id) = 0")
    op.drop_constraint(op.f("ck_one_time_code_one_owner"), "one_time_code")
    op.create_check_constraint(op.f("ck_one_time_code_one_owner"), "one_time_code", _ONE)
    op.drop_column("sign_in", "known_device_id")
    op.drop_column("sign_in", "code_id")
