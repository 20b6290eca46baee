"""This room's part of `bin/mpaspor check` (CORE §11.8): a code lets in once, in time, within its tries."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from mpaspor.foundation.database import db

# Each statement finds rows that must not exist; the first column says which.
_BROKEN = {
    "one-time code used after its end, its limit or its successor": """
        SELECT id FROM one_time_code
        WHERE used_at IS NOT NULL
          AND (used_at >= expires_at OR used_at < created_at OR used_at > replaced_at
               OR tries NOT BETWEEN 1 AND 5)""",
    "one-time code without an owner was right": """
        SELECT id FROM one_time_code WHERE used_at IS NOT NULL AND num_nonnulls(account_id, staff_id) = 0""",
    "sign-in by a code that was not used for it": """
        SELECT s.id FROM sign_in s JOIN one_time_code c ON c.id = s.code_id
        WHERE c.used_at IS DISTINCT FROM s.created_at
           OR c.account_id IS DISTINCT FROM s.account_id OR c.staff_id IS DISTINCT FROM s.staff_id""",
    "more than one sign-in by one code": """
        SELECT code_id FROM sign_in WHERE code_id IS NOT NULL GROUP BY code_id HAVING count(*) > 1""",
    "address verified by more than one account": """
        SELECT min(id::text) FROM account WHERE email_verified_at IS NOT NULL
        GROUP BY email HAVING count(*) > 1""",
    "dismissed officer still signed in": """
        SELECT s.id FROM sign_in s JOIN staff p ON p.id = s.staff_id
        WHERE p.dismissed_at IS NOT NULL AND s.revoked_at IS NULL""",
    "code sent more than ten times in a day": """
        SELECT min(id::text) FROM one_time_code c
        WHERE (SELECT count(*) FROM one_time_code o
               WHERE o.email = c.email AND o.purpose = c.purpose
                 AND o.created_at > c.created_at - interval '1 day' AND o.created_at <= c.created_at) > 10
        GROUP BY email, purpose""",
}


def violations() -> Iterator[str]:
    """One line for each row that breaks a promise of this room."""
    for promise, statement in _BROKEN.items():
        for (row_id,) in db.session.execute(text(statement)):
            yield f"{promise}: {row_id}"
