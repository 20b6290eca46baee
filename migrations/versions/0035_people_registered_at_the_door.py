"""Officers register people at the door: a case may have no account yet, priority groups are dated rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

_GROUNDS = "'child', 'elderly', 'disability', 'pregnant', 'admitted'"
_PROOFS = "'id_card', 'card', 'doctor', 'book', 'eyes', 'word'"
# Below this version each case has an account: one that nobody can sign in to, since its address is nobody's.
_NOBODY = "tanpa-akun@loket.invalid"


def upgrade() -> None:
    op.alter_column("application", "account_id", nullable=True)
    op.create_table(
        "walk_in",
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("registered_by", sa.Uuid(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"ground IN ({_GROUNDS})", name=op.f("ck_walk_in_ground")),
        sa.CheckConstraint(f"proof IN ({_PROOFS})", name=op.f("ck_walk_in_proof")),
        sa.CheckConstraint(
            "(ground = 'admitted') = (reason IS NOT NULL)", name=op.f("ck_walk_in_admitted_with_reason")
        ),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_walk_in_tries")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_walk_in_application_id")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_walk_in_office_id")),
        sa.ForeignKeyConstraint(["registered_by"], ["staff.id"], name=op.f("fk_walk_in_registered_by")),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_walk_in")),
    )
    op.create_index("ix_walk_in_registered", "walk_in", ["office_id", "registered_at"])
    _groups()


def _groups() -> None:
    op.create_table(
        "priority_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=True),
        sa.Column("least_age", sa.Integer(), nullable=True),
        sa.Column("most_age", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("regulation", sa.String(), nullable=False),
        sa.CheckConstraint(
            "least_age >= 0 AND most_age >= coalesce(least_age, 0)", name=op.f("ck_priority_group_ages")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_priority_group_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_group")),
        sa.UniqueConstraint(
            "code",
            "office_id",
            "valid_from",
            name=op.f("uq_priority_group_code_office_id_valid_from"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    # A fresh installation gets them with its reference data, after the last version.
    op.execute(
        "INSERT INTO priority_group (id, code, least_age, most_age, valid_from, regulation)"
        " SELECT gen_random_uuid(), g.code, g.least_age, g.most_age, DATE '2018-11-01',"
        " 'SE IMI-UM.01.01-2435/2018' FROM (VALUES ('child', NULL::int, 5), ('elderly', 60, NULL),"
        " ('disability', NULL, NULL), ('pregnant', NULL, NULL)) AS g (code, least_age, most_age)"
        " WHERE EXISTS (SELECT FROM programme)"
    )


def downgrade() -> None:
    op.drop_table("priority_group")
    op.drop_table("walk_in")
    op.execute(
        "INSERT INTO account (id, full_name, birth_on, gender, email, phone, password_hash, language,"
        " terms_version, created_at) SELECT gen_random_uuid(), 'Tanpa akun', DATE '2000-01-01', 'female',"
        f" '{_NOBODY}', '', '!', 'id', '', TIMESTAMPTZ '2026-11-30 00:00+00' WHERE EXISTS"
        " (SELECT FROM application WHERE account_id IS NULL)"
    )
    op.execute(
        f"UPDATE application SET account_id = (SELECT id FROM account WHERE email = '{_NOBODY}')"
        " WHERE account_id IS NULL"
    )
    op.alter_column("application", "account_id", nullable=False)
