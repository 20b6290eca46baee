"""A booklet that passes says what was looked at; one that passed before says so."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("booklet", sa.Column("checked", sa.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.execute("UPDATE booklet SET checked = '{before}' WHERE passed")
    op.create_check_constraint(
        op.f("ck_booklet_passed_is_checked"), "booklet", "passed IS NOT TRUE OR cardinality(checked) > 0"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_booklet_passed_is_checked"), "booklet", type_="check")
    op.drop_column("booklet", "checked")
