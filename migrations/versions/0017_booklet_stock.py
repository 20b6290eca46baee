"""Empty booklets are counted: printing takes one that was received, and what is spoilt says why.

Booklets that were printed before enter the stock as used or spoilt, with no batch.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_KINDS = "('electronic_laminated', 'electronic_polycarbonate', 'non_electronic')"
_PRINTED_BEFORE = """
INSERT INTO blank_booklet (number, office_id, kind, state, reason, changed_by, changed_at)
SELECT b.number, a.office_id, a.kind,
       CASE WHEN b.passed IS FALSE THEN 'spoilt' ELSE 'used' END,
       CASE WHEN b.passed IS FALSE THEN coalesce(b.reason, 'misprint') END,
       coalesce(b.tested_by, b.printed_by), coalesce(b.tested_at, b.printed_at)
FROM booklet b JOIN application a ON a.id = b.application_id
"""


def upgrade() -> None:
    op.create_table(
        "booklet_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first_number", sa.String(), nullable=False),
        sa.Column("last_number", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("received_by", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"kind IN {_KINDS}", name=op.f("ck_booklet_batch_kind")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_booklet_batch_office_id")),
        sa.ForeignKeyConstraint(["received_by"], ["staff.id"], name=op.f("fk_booklet_batch_received_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booklet_batch")),
    )
    op.create_index(op.f("ix_booklet_batch_office_id"), "booklet_batch", ["office_id"])
    op.create_table(
        "blank_booklet",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('in_stock', 'used', 'spoilt')", name=op.f("ck_blank_booklet_state")),
        sa.CheckConstraint(
            "(state = 'spoilt') = (reason IS NOT NULL)", name=op.f("ck_blank_booklet_spoilt_has_reason")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_blank_booklet_office_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["booklet_batch.id"], name=op.f("fk_blank_booklet_batch_id")),
        sa.ForeignKeyConstraint(["changed_by"], ["staff.id"], name=op.f("fk_blank_booklet_changed_by")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_blank_booklet")),
    )
    op.create_index(op.f("ix_blank_booklet_batch_id"), "blank_booklet", ["batch_id"])
    op.create_index(
        "ix_blank_booklet_left",
        "blank_booklet",
        ["office_id", "kind"],
        postgresql_where=sa.text("state = 'in_stock'"),
    )
    op.execute(_PRINTED_BEFORE)
    op.create_foreign_key(op.f("fk_booklet_number"), "booklet", "blank_booklet", ["number"], ["number"])


def downgrade() -> None:
    op.drop_constraint(op.f("fk_booklet_number"), "booklet", type_="foreignkey")
    op.drop_table("blank_booklet")
    op.drop_table("booklet_batch")
