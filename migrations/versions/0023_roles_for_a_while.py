"""A supervisor gives a role for a while, and officers are marked as absent.

A role with an end is given by a supervisor or an administrator of the same office, never that of an administrator, for
31 days at most; the trigger of version 15 knows both.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

_MOMENT = sa.DateTime(timezone=True)
_IS_OWNER = "pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')"
_GRANTED = f"""
CREATE OR REPLACE FUNCTION staff_role_is_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {_IS_OWNER} THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT FROM staff_role r JOIN staff s ON s.id = r.staff_id
        WHERE r.staff_id = NEW.granted_by AND s.dismissed_at IS NULL AND {{who}}
    ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a role is given by {{words}}';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.add_column("staff_role", sa.Column("until", _MOMENT, nullable=True))
    op.create_check_constraint(
        op.f("ck_staff_role_term"),
        "staff_role",
        "until IS NULL OR (role <> 'admin' AND granted_by IS NOT NULL AND until > granted_at"
        " AND until <= granted_at + interval '31 days')",
    )
    who = "(r.role = 'admin' OR (r.role = 'supervisor' AND r.until IS NULL AND NEW.until IS NOT NULL))"
    op.execute(_GRANTED.format(who=who, words="an administrator, for a while by a supervisor"))
    op.create_table(
        "staff_absence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("noted_at", _MOMENT, nullable=False),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_staff_absence_in_order")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_absence_staff_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["staff.id"], name=op.f("fk_staff_absence_noted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_absence")),
    )
    op.create_index(
        "uq_staff_absence_open",
        "staff_absence",
        ["staff_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("staff_absence")
    op.execute("DELETE FROM staff_role WHERE until IS NOT NULL")
    op.execute(_GRANTED.format(who="r.role = 'admin'", words="an administrator"))
    op.drop_constraint(op.f("ck_staff_role_term"), "staff_role", type_="check")
    op.drop_column("staff_role", "until")
