"""Foreign keys of versions 6 and 8 get the names that the models give: a violation is told by its name."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"

_RENAMED = (
    ("decision", "fk_decision_application_id_application", "fk_decision_application_id"),
    ("decision", "fk_decision_decided_by_staff", "fk_decision_decided_by"),
    ("decision", "fk_decision_proposed_by_staff", "fk_decision_proposed_by"),
    ("staff_kin", "fk_staff_kin_staff_id_staff", "fk_staff_kin_staff_id"),
)


def upgrade() -> None:
    for table, old, new in _RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}")


def downgrade() -> None:
    for table, old, new in _RENAMED:
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {new} TO {old}")
