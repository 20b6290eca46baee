"""Outages are found at once among millions of events: the worker asks for them each minute."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_index("ix_event_outage_at", "event", ["at"], postgresql_where=sa.text("kind = 'outage'"))


def downgrade() -> None:
    op.drop_index("ix_event_outage_at", table_name="event")
