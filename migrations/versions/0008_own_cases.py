"""Officers keep away from their own cases and their family's: whose NIK these are, as keyed hashes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "staff_kin",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("nik_lookup", sa.LargeBinary(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_kin_staff_id_staff")),
        sa.PrimaryKeyConstraint("staff_id", "nik_lookup", name=op.f("pk_staff_kin")),
    )


def downgrade() -> None:
    op.drop_table("staff_kin")
