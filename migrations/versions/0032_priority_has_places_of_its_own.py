"""People of priority groups come by places of their own: the programme `priority` is there beside `regular`."""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    # A fresh installation gets both with its reference data, after the last version.
    op.execute(
        "INSERT INTO programme (id, code, name) SELECT gen_random_uuid(), 'priority', 'Prioritas'"
        " WHERE EXISTS (SELECT FROM programme) ON CONFLICT (code) DO NOTHING"
    )


def downgrade() -> None:
    """The row stays: hours and cases may hang on it, and nothing below finds it by itself."""
