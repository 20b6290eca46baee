"""Turns at the stations: who waits where gets one, so that the next one is claimed and not merely opened."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# At a counter whoever is in the house; on a pile what waits for a decision, the printer, the test.
_WHO_WAITS = """
INSERT INTO turn (id, application_id, presence_id, office_id, station, state, since, is_emergency, calls)
SELECT gen_random_uuid(), a.id, CASE WHEN place.is_counter OR a.state = 'interviewed' THEN p.id END,
    a.office_id, place.station, 'waiting', greatest(a.changed_at, p.arrived_at), false, 0
FROM application a
JOIN (VALUES ('arrived', 'papers', true), ('documents_wanted', 'papers', true),
             ('documents_checked', 'photo', true), ('biometrics_taken', 'interview', true),
             ('ready', 'pickup', true), ('interviewed', 'decision', false), ('granted', 'print', false),
             ('printed', 'quality', false)) AS place (state, station, is_counter)
  ON place.state = a.state
LEFT JOIN presence p ON p.application_id = a.id AND p.left_at IS NULL
WHERE p.id IS NOT NULL OR NOT place.is_counter
"""


def upgrade() -> None:
    op.create_table(
        "turn",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("presence_id", sa.Uuid(), nullable=True),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("station", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_emergency", sa.Boolean(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=True),
        sa.Column("for_officer_id", sa.Uuid(), nullable=True),
        sa.Column("counter", sa.Integer(), nullable=True),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "station IN ('papers', 'photo', 'interview', 'decision', 'print', 'quality', 'pickup')",
            name=op.f("ck_turn_station"),
        ),
        sa.CheckConstraint(
            "presence_id IS NOT NULL OR station NOT IN ('interview', 'papers', 'photo', 'pickup')",
            name=op.f("ck_turn_person"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'called', 'serving', 'parked', 'missed', 'done')",
            name=op.f("ck_turn_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('called', 'serving') OR officer_id IS NOT NULL", name=op.f("ck_turn_held")
        ),
        sa.CheckConstraint("(state = 'done') = (ended_at IS NOT NULL)", name=op.f("ck_turn_ended")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_turn_application_id")),
        sa.ForeignKeyConstraint(["presence_id"], ["presence.id"], name=op.f("fk_turn_presence_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_turn_office_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["staff.id"], name=op.f("fk_turn_officer_id")),
        sa.ForeignKeyConstraint(["for_officer_id"], ["staff.id"], name=op.f("fk_turn_for_officer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
    )
    op.create_index("ix_turn_ended", "turn", ["office_id", "station", "ended_at"])
    op.create_index(op.f("ix_turn_presence_id"), "turn", ["presence_id"])
    open_ = sa.text("ended_at IS NULL")
    op.create_index("ix_turn_queue", "turn", ["office_id", "station"], postgresql_where=open_)
    op.create_index("uq_turn_open", "turn", ["application_id"], unique=True, postgresql_where=open_)
    held = sa.text("state IN ('called', 'serving')")
    op.create_index("uq_turn_held", "turn", ["officer_id"], unique=True, postgresql_where=held)
    op.execute(_WHO_WAITS)


def downgrade() -> None:
    op.drop_table("turn")
