"""Decisions are told: with a reason of their own, after the time in which they may be taken back."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# Cases that ended before such news existed: it is written down as never sent, so that nobody is told of it
# months later and the invariants hold.
_NOTHING_TO_TELL = """
INSERT INTO outbox (id, kind, ref, dedupe_key, payload, created_at, available_at, attempts, cancelled_at)
SELECT DISTINCT ON (application_id, to_state)
       gen_random_uuid(), to_state, application_id, to_state || ':' || application_id, '{}', at, at, 0, at
FROM event WHERE kind = 'case' AND to_state IN ('missed', 'closed', 'void')
  AND NOT EXISTS (SELECT FROM outbox WHERE outbox.kind = to_state AND ref = application_id)
"""


def upgrade() -> None:
    op.add_column("outbox", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("proposal", sa.Column("ground", sa.String(), nullable=True))
    op.add_column("proposal", sa.Column("told", sa.LargeBinary(), nullable=True))
    op.add_column("proposal", sa.Column("months", sa.Integer(), nullable=True))
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("told", sa.LargeBinary(), nullable=False),
        sa.Column("ground", sa.String(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("proposed_by <> decided_by", name=op.f("ck_decision_four_eyes")),
        sa.CheckConstraint("verdict IN ('deferred', 'refused')", name=op.f("ck_decision_verdict")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_decision_application_id_application")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_decision_decided_by_staff")),
        sa.ForeignKeyConstraint(["proposed_by"], ["staff.id"], name=op.f("fk_decision_proposed_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index(op.f("ix_decision_application_id"), "decision", ["application_id"])
    op.execute(_NOTHING_TO_TELL)


def downgrade() -> None:
    op.drop_table("decision")
    op.drop_column("proposal", "months")
    op.drop_column("proposal", "told")
    op.drop_column("proposal", "ground")
    op.drop_column("outbox", "cancelled_at")
