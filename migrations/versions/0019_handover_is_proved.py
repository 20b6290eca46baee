"""A handover says what was seen, and whoever is not the owner leaves NIK and the paper that says they may.

Handovers of before are marked as such.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

_ANOTHER_IS_PROVED = """
relation IN ('self', 'post') OR 'before' = ANY (checked)
OR (collector_nik IS NOT NULL AND letter_key IS NOT NULL)"""


def upgrade() -> None:
    op.add_column(
        "handover", sa.Column("checked", sa.ARRAY(sa.Text()), server_default="{before}", nullable=False)
    )
    op.alter_column("handover", "checked", server_default=None)
    op.add_column("handover", sa.Column("collector_nik", sa.LargeBinary(), nullable=True))
    op.add_column("handover", sa.Column("letter_key", sa.String(), nullable=True))
    op.add_column("handover", sa.Column("letter_sha256", sa.LargeBinary(), nullable=True))
    op.add_column("handover", sa.Column("tracking", sa.String(), nullable=True))
    op.create_unique_constraint(op.f("uq_handover_letter_key"), "handover", ["letter_key"])
    op.drop_constraint(op.f("ck_handover_relation"), "handover", type_="check")
    for name, condition in (
        ("relation", "relation IN ('self', 'family', 'proxy', 'post')"),
        ("is_checked", "cardinality(checked) > 0"),
        ("another_is_proved", _ANOTHER_IS_PROVED),
        ("letter_has_hash", "(letter_key IS NULL) = (letter_sha256 IS NULL)"),
        ("post_has_number", "(relation = 'post') = (tracking IS NOT NULL)"),
    ):
        op.create_check_constraint(op.f(f"ck_handover_{name}"), "handover", condition)


def downgrade() -> None:
    for name in ("post_has_number", "letter_has_hash", "another_is_proved", "is_checked", "relation"):
        op.drop_constraint(op.f(f"ck_handover_{name}"), "handover", type_="check")
    op.execute("UPDATE handover SET relation = 'self' WHERE relation = 'post'")
    op.create_check_constraint(
        op.f("ck_handover_relation"), "handover", "relation IN ('self', 'family', 'proxy')"
    )
    op.drop_constraint(op.f("uq_handover_letter_key"), "handover", type_="unique")
    for name in ("tracking", "letter_sha256", "letter_key", "collector_nik", "checked"):
        op.drop_column("handover", name)
