"""A door may hold the list of a day and tell arrivals later, each under a key of its device."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.create_table(
        "day_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_day_list_office_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_day_list_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_day_list")),
        sa.UniqueConstraint("staff_id", "day", name=op.f("uq_day_list_staff_id_day")),
    )
    op.create_table(
        "told_arrival",
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("became", sa.String(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=True),
        sa.Column("sent_by", sa.Uuid(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "became IN ('let_in', 'here', 'early', 'late', 'wrong_day', 'unpaid', 'not_expected', 'own_case', "
            "'day_over', 'unknown')",
            name=op.f("ck_told_arrival_became"),
        ),
        sa.CheckConstraint(
            "(became = 'unknown') = (application_id IS NULL)", name=op.f("ck_told_arrival_of_somebody")
        ),
        sa.CheckConstraint("came_at <= sent_at", name=op.f("ck_told_arrival_not_in_the_future")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_told_arrival_application_id")
        ),
        sa.ForeignKeyConstraint(["list_id"], ["day_list.id"], name=op.f("fk_told_arrival_list_id")),
        sa.ForeignKeyConstraint(["sent_by"], ["staff.id"], name=op.f("fk_told_arrival_sent_by")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_told_arrival")),
    )
    op.create_index("ix_told_arrival_application_id", "told_arrival", ["application_id"])


def downgrade() -> None:
    op.drop_table("told_arrival")
    op.drop_table("day_list")
