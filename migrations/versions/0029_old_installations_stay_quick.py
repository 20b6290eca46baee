"""Whatever grows with the years is found by an index: for the clock, the board, the report and searches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

_WAITS = "sent_at IS NULL AND dead_at IS NULL"
# Name, table, columns, and of which rows it is.
_NEW = (
    ("ix_application_birth_on_office_id", "application", ["birth_on", "office_id"], None),
    ("ix_application_phone", "application", ["phone"], None),
    ("ix_application_waits", "application", ["state"], "state IN ('documents_wanted', 'ready')"),
    ("ix_application_collected", "application", ["office_id", "changed_at"], "state = 'collected'"),
    ("ix_booking_confirmed", "booking", ["slot_id"], "state = 'confirmed'"),
    ("ix_presence_here", "presence", ["office_id", "day"], "left_at IS NULL"),
    ("ix_blank_booklet_spoilt", "blank_booklet", ["office_id", "changed_at"], "state = 'spoilt'"),
    ("ix_blank_booklet_office_id_kind_state", "blank_booklet", ["office_id", "kind", "state"], None),
    ("ix_decision_decided_at", "decision", ["decided_at"], None),
    ("ix_booklet_tested_at", "booklet", ["tested_at"], None),
    ("ix_outbox_urgent", "outbox", ["available_at"], "secret IS NOT NULL"),
    ("ix_outbox_dead", "outbox", ["dead_at"], "dead_at IS NOT NULL"),
    ("ix_event_seal_on_date", "event_seal", ["on_date"], None),
    ("ix_sign_in_staff_id_created_at", "sign_in", ["staff_id", "created_at"], None),
    ("ix_staff_challenge_expires_at", "staff_challenge", ["expires_at"], None),
)
_OLD = (
    ("ix_application_office_id_birth_on", "application", ["office_id", "birth_on"]),
    ("ix_sign_in_staff_id", "sign_in", ["staff_id"]),
)


def upgrade() -> None:
    for name, table, columns, rows in _NEW:
        op.create_index(name, table, columns, postgresql_where=None if rows is None else sa.text(rows))
    for name, table, _columns in _OLD:
        op.drop_index(name, table_name=table)
    _outbox_due(f"{_WAITS} AND cancelled_at IS NULL")


def downgrade() -> None:
    _outbox_due(_WAITS)
    for name, table, columns in _OLD:
        op.create_index(name, table, columns)
    for name, table, _columns, _rows in reversed(_NEW):
        op.drop_index(name, table_name=table)


def _outbox_due(rows: str) -> None:
    op.drop_index("ix_outbox_due", table_name="outbox")
    op.create_index("ix_outbox_due", "outbox", ["available_at"], postgresql_where=sa.text(rows))
