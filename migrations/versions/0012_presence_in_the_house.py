"""Being in the house is a fact of its own, with a queue number; whoever was let in today is in it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# As it was read until now: the last letting-in, with no paper sent from home after it. Each is entered on the
# day on which it was; the worker ends those of days that are over.
_WHO_IS_HERE = """
WITH entry AS (
    SELECT DISTINCT ON (e.application_id) e.application_id, e.at, e.seq, e.kind
    FROM event e
    WHERE e.kind = 'came_back'
       OR e.kind = 'case' AND e.to_state = 'arrived' AND e.from_state IN ('scheduled', 'missed')
    ORDER BY e.application_id, e.seq DESC NULLS LAST, e.at DESC
), here AS (
    SELECT a.id AS application_id, a.office_id, (entry.at AT TIME ZONE o.time_zone)::date AS day, entry.at,
        CASE WHEN a.birth_on <= (entry.at AT TIME ZONE o.time_zone)::date - interval '60 years'
             THEN 'B' ELSE 'A' END AS lane,
        (SELECT max(s.starts_at) FROM booking b JOIN slot s ON s.id = b.slot_id
         WHERE b.application_id = a.id AND b.state = 'attended' AND entry.kind = 'case'
           AND (s.starts_at AT TIME ZONE o.time_zone)::date = (entry.at AT TIME ZONE o.time_zone)::date
        ) AS starts_at
    FROM application a
    JOIN office o ON o.id = a.office_id
    JOIN entry ON entry.application_id = a.id
    WHERE (a.state IN ('arrived', 'documents_checked', 'biometrics_taken')
           OR a.state = 'documents_wanted' AND entry.kind = 'came_back')
      AND NOT EXISTS (
        SELECT FROM event later
        WHERE later.application_id = a.id AND later.seq > entry.seq
          AND (later.kind = 'paper_given' OR later.kind = 'paper_wanted' AND a.state = 'documents_wanted'))
)
INSERT INTO presence (id, application_id, office_id, day, lane, number, due_at, arrived_at)
SELECT gen_random_uuid(), application_id, office_id, day, lane,
    row_number() OVER (PARTITION BY office_id, day, lane ORDER BY at, application_id),
    coalesce(starts_at, at), at
FROM here
"""
_NUMBERS_GIVEN = """
INSERT INTO queue_counter (office_id, day, lane, last)
SELECT office_id, day, lane, max(number) FROM presence GROUP BY office_id, day, lane
"""


def upgrade() -> None:
    op.create_table(
        "queue_counter",
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("lane IN ('A', 'B', 'C')", name=op.f("ck_queue_counter_lane")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_queue_counter_office_id")),
        sa.PrimaryKeyConstraint("office_id", "day", "lane", name=op.f("pk_queue_counter")),
    )
    op.create_table(
        "presence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why_left", sa.String(), nullable=True),
        sa.CheckConstraint("(left_at IS NULL) = (why_left IS NULL)", name=op.f("ck_presence_left")),
        sa.CheckConstraint("lane IN ('A', 'B', 'C')", name=op.f("ck_presence_lane")),
        sa.CheckConstraint(
            "why_left IN ('done', 'sent_home', 'closed', 'taken_back', 'day_over')",
            name=op.f("ck_presence_why_left"),
        ),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_presence_application_id")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_presence_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence")),
        sa.UniqueConstraint(
            "office_id", "day", "lane", "number", name=op.f("uq_presence_office_id_day_lane_number")
        ),
    )
    op.create_index(
        "uq_presence_here",
        "presence",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.execute(_WHO_IS_HERE)
    op.execute(_NUMBERS_GIVEN)


def downgrade() -> None:
    op.drop_table("presence")
    op.drop_table("queue_counter")
