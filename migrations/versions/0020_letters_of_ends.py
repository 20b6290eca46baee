"""Cases that ended before such letters existed get theirs: it is found on their page, nobody is mailed."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_KINDS = {
    "refused": "refusal_letter",
    "deferred": "deferral_letter",
    "void": "voiding_letter",
    "closed": "closing_letter",
}
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ENDED = sa.text("""
SELECT a.id, a.state, coalesce(
    (SELECT d.id FROM decision d WHERE d.application_id = a.id ORDER BY d.decided_at DESC LIMIT 1), a.id) AS ref,
    coalesce((SELECT max(e.at) FROM event e
              WHERE e.application_id = a.id AND e.kind = 'case' AND e.to_state = a.state), a.changed_at) AS made_at
FROM application a WHERE a.state IN ('refused', 'deferred', 'void', 'closed')""")
_LETTER = sa.text("""
INSERT INTO letter (code, kind, application_id, ref, made_at) VALUES (:code, :kind, :case_id, :ref, :made_at)
ON CONFLICT DO NOTHING""")


def upgrade() -> None:
    connection = op.get_bind()
    for case in connection.execute(_ENDED).all():
        letter = {"kind": _KINDS[case.state], "case_id": case.id, "ref": case.ref, "made_at": case.made_at}
        code = "".join(secrets.choice(_ALPHABET) for _ in range(16))
        connection.execute(_LETTER, {"code": code, **letter})


def downgrade() -> None:
    """The letters stay: people hold them, and code of before asks for none of their kinds."""
