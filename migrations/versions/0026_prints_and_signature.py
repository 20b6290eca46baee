"""Whether prints and signature were taken at the counter, under which number of the device, or why not."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    for what in ("fingers", "signature"):
        op.add_column("biometrics", sa.Column(what, sa.String(), nullable=True))
        op.add_column("biometrics", sa.Column(f"{what}_reason", sa.String(), nullable=True))
        op.add_column("biometrics", sa.Column(f"{what}_number", sa.String(), nullable=True))
        op.create_check_constraint(
            op.f(f"ck_biometrics_{what}"), "biometrics", f"{what} IN ('taken', 'impossible')"
        )
        op.create_check_constraint(
            op.f(f"ck_biometrics_{what}_reason"),
            "biometrics",
            f"{what} IS DISTINCT FROM 'impossible' OR {what}_reason IS NOT NULL",
        )


def downgrade() -> None:
    for what in ("signature", "fingers"):
        op.drop_constraint(op.f(f"ck_biometrics_{what}_reason"), "biometrics", type_="check")
        op.drop_constraint(op.f(f"ck_biometrics_{what}"), "biometrics", type_="check")
        for column in (f"{what}_number", f"{what}_reason", what):
            op.drop_column("biometrics", column)
