"""What the demo would have sent, with its files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "demo_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("outbox_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sent_to", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demo_message")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_demo_message_outbox_id")),
    )
    op.create_index(op.f("ix_demo_message_sent_at"), "demo_message", ["sent_at"])
    op.create_index(op.f("ix_demo_message_sent_to"), "demo_message", ["sent_to"])
    op.create_table(
        "demo_file",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("byte_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["demo_message.id"],
            name=op.f("fk_demo_file_message_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", "name", name=op.f("pk_demo_file")),
    )


def downgrade() -> None:
    op.drop_table("demo_file")
    op.drop_index(op.f("ix_demo_message_sent_to"), table_name="demo_message")
    op.drop_index(op.f("ix_demo_message_sent_at"), table_name="demo_message")
    op.drop_table("demo_message")
