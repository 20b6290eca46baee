"""The order in which events were written, whatever the clocks of several machines say.

Events that are there already keep none: they may lie in seals that were made without it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("event", sa.Column("seq", sa.BigInteger(), nullable=True))
    op.execute("CREATE SEQUENCE event_seq OWNED BY event.seq")
    op.alter_column("event", "seq", server_default=sa.text("nextval('event_seq'::regclass)"))


def downgrade() -> None:
    op.drop_column("event", "seq")
