"""What lies in the outbox names the case that it is about, even where it speaks of a bill or a booking.

Messages of an account, of a code or of the seals are about no case.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_FROM_WHAT_THEY_SPEAK_OF = """
UPDATE outbox SET application_id = thing.application_id
FROM (
    SELECT id, id AS application_id FROM application
    UNION ALL SELECT id, application_id FROM bill
    UNION ALL SELECT id, application_id FROM booking
) thing
WHERE thing.id = outbox.ref
"""


def upgrade() -> None:
    op.add_column("outbox", sa.Column("application_id", sa.Uuid(), nullable=True))
    op.execute(_FROM_WHAT_THEY_SPEAK_OF)
    op.create_foreign_key(
        op.f("fk_outbox_application_id"), "outbox", "application", ["application_id"], ["id"]
    )
    op.create_index(op.f("ix_outbox_application_id"), "outbox", ["application_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_application_id"), table_name="outbox")
    op.drop_column("outbox", "application_id")
