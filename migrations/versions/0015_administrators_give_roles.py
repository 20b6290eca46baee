"""Administrators invite officers and give roles by pages; the database holds who may give what to whom.

A role says who gave it, at whose office. The application may add and take officers' roles only in the name of an
administrator of the same office who serves, and never one's own; whoever was dismissed stays dismissed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_MOMENT = sa.DateTime(timezone=True)
# Whoever owns the table gives roles without a name: the owner's commands, and these versions.
_IS_OWNER = "pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')"
_GRANTED = f"""
CREATE FUNCTION staff_role_is_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {_IS_OWNER} THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT FROM staff_role r JOIN staff s ON s.id = r.staff_id
        WHERE r.staff_id = NEW.granted_by AND r.role = 'admin' AND s.dismissed_at IS NULL
    ) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a role is given by an administrator';
    END IF;
    RETURN NEW;
END $$
"""
_DISMISSED = f"""
CREATE FUNCTION staff_stays_dismissed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.dismissed_at IS NOT NULL AND NOT {_IS_OWNER} THEN
        RAISE insufficient_privilege USING MESSAGE = 'whoever was dismissed stays dismissed';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    op.create_unique_constraint("uq_staff_id_office_id", "staff", ["id", "office_id"])
    op.add_column("staff_role", sa.Column("office_id", sa.Uuid(), nullable=True))
    op.add_column("staff_role", sa.Column("granted_by", sa.Uuid(), nullable=True))
    op.add_column("staff_role", sa.Column("granted_at", _MOMENT, nullable=True))
    op.execute("UPDATE staff_role SET office_id = s.office_id FROM staff s WHERE s.id = staff_role.staff_id")
    op.alter_column("staff_role", "office_id", nullable=False)
    op.create_foreign_key(
        "fk_staff_role_office", "staff_role", "staff", ["staff_id", "office_id"], ["id", "office_id"]
    )
    op.create_foreign_key(
        "fk_staff_role_granted_by", "staff_role", "staff", ["granted_by", "office_id"], ["id", "office_id"]
    )
    op.create_check_constraint(op.f("ck_staff_role_not_own"), "staff_role", "granted_by <> staff_id")
    op.execute(_GRANTED)
    op.execute(
        "CREATE TRIGGER staff_role_is_given BEFORE INSERT OR UPDATE ON staff_role"
        " FOR EACH ROW EXECUTE FUNCTION staff_role_is_given()"
    )
    op.execute(_DISMISSED)
    op.execute(
        "CREATE TRIGGER staff_stays_dismissed BEFORE UPDATE ON staff"
        " FOR EACH ROW EXECUTE FUNCTION staff_stays_dismissed()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER staff_stays_dismissed ON staff")
    op.execute("DROP TRIGGER staff_role_is_given ON staff_role")
    op.execute("DROP FUNCTION staff_stays_dismissed")
    op.execute("DROP FUNCTION staff_role_is_given")
    op.drop_constraint("fk_staff_role_granted_by", "staff_role", type_="foreignkey")
    op.drop_constraint("fk_staff_role_office", "staff_role", type_="foreignkey")
    op.drop_constraint(op.f("ck_staff_role_not_own"), "staff_role", type_="check")
    for column in ("granted_at", "granted_by", "office_id"):
        op.drop_column("staff_role", column)
    op.drop_constraint("uq_staff_id_office_id", "staff", type_="unique")
