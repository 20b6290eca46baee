"""What was decided on each payment request, and whose NTB it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ACCEPTED_BEFORE = """
INSERT INTO payment_request (partner_id, request_id, billing_code, payment_id, response_code, at)
SELECT partner_id, payment_request_id, billing_code, id, '2002500', received_at
FROM payment WHERE partner_id IS NOT NULL
"""
_REFUSED_BEFORE = """
INSERT INTO payment_request (partner_id, request_id, billing_code, response_code, at)
SELECT DISTINCT ON (partner_id, payment_request_id)
       partner_id, payment_request_id, billing_code, response_code, at
FROM payment_attempt ORDER BY partner_id, payment_request_id, at
ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.create_table(
        "payment_request",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("billing_code", sa.String(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("response_code", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(payment_id IS NOT NULL) = (response_code = '2002500')", name=op.f("ck_payment_request_decided")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["bank_partner.id"], name=op.f("fk_payment_request_partner_id")
        ),
        sa.ForeignKeyConstraint(["payment_id"], ["payment.id"], name=op.f("fk_payment_request_payment_id")),
        sa.PrimaryKeyConstraint("partner_id", "request_id", name=op.f("pk_payment_request")),
    )
    op.create_index(op.f("ix_payment_request_payment_id"), "payment_request", ["payment_id"])
    op.execute(_ACCEPTED_BEFORE)
    op.execute(_REFUSED_BEFORE)
    op.drop_constraint(op.f("uq_payment_billing_code_ntb"), "payment", type_="unique")
    op.create_unique_constraint(
        op.f("uq_payment_billing_code_ntb_partner_id"),
        "payment",
        ["billing_code", "ntb", "partner_id"],
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    op.drop_constraint(op.f("uq_payment_billing_code_ntb_partner_id"), "payment", type_="unique")
    op.create_unique_constraint(op.f("uq_payment_billing_code_ntb"), "payment", ["billing_code", "ntb"])
    op.drop_index(op.f("ix_payment_request_payment_id"), table_name="payment_request")
    op.drop_table("payment_request")
