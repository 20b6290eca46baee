"""The door puts whom it does not let in before a supervisor, who answers; a case has one open question."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.create_table(
        "supervisor_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "why IN ('asked', 'early', 'late', 'wrong_day', 'unpaid', 'not_expected', 'own_case', 'day_over')",
            name=op.f("ck_supervisor_question_why"),
        ),
        sa.CheckConstraint(
            "(why = 'asked') = (words IS NOT NULL)", name=op.f("ck_supervisor_question_asked_in_words")
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)",
            name=op.f("ck_supervisor_question_answered_by_somebody"),
        ),
        sa.CheckConstraint(
            "answer IS NULL OR answered_at IS NOT NULL", name=op.f("ck_supervisor_question_answered")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["staff.id"], name=op.f("fk_supervisor_question_answered_by")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_supervisor_question_application_id")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"], name=op.f("fk_supervisor_question_asked_by")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_supervisor_question_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_question")),
    )
    op.create_index(
        "uq_supervisor_question_open",
        "supervisor_question",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("answered_at IS NULL"),
    )
    op.create_index("ix_supervisor_question_asked", "supervisor_question", ["office_id", "asked_at"])


def downgrade() -> None:
    op.drop_table("supervisor_question")
