"""Notes of an interview are saved while they are typed, and an interviewer may advise against."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "interview_draft",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("notes", sa.LargeBinary(), nullable=False),
        sa.Column("held_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_interview_draft_application_id")
        ),
        sa.ForeignKeyConstraint(["held_by"], ["staff.id"], name=op.f("fk_interview_draft_held_by")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_interview_draft")),
    )
    op.drop_constraint(op.f("ck_interview_verdict"), "interview", type_="check")
    op.create_check_constraint(
        op.f("ck_interview_verdict"), "interview", "verdict IN ('recommend', 'doubt', 'against')"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_interview_verdict"), "interview", type_="check")
    op.execute("UPDATE interview SET verdict = 'doubt' WHERE verdict = 'against'")
    op.create_check_constraint(op.f("ck_interview_verdict"), "interview", "verdict IN ('recommend', 'doubt')")
    op.drop_table("interview_draft")
