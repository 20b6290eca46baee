"""When the customer paid, in the bank's own words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("payment", sa.Column("paid_said", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("payment", "paid_said")
