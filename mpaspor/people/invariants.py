"""This room's part of `bin/mpaspor check` (STATES §9): a code lets in once, in time, within its tries."""

from __future__ import annotations

from mpaspor.foundation.invariants import Invariant

INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "8. No one-time code is used after its end, its limit or its successor",
        """
        SELECT id, 'used too late or too often' FROM one_time_code
        WHERE used_at IS NOT NULL
          AND (used_at >= expires_at OR used_at < created_at OR used_at > replaced_at
               OR tries NOT BETWEEN 1 AND 5)""",
    ),
    Invariant(
        "8. A one-time code that was right has an owner",
        """
        SELECT id, 'used, but nobody''s' FROM one_time_code
        WHERE used_at IS NOT NULL AND account_id IS NULL""",
    ),
    Invariant(
        "8. A sign-in by code is by a code that was used for it",
        """
        SELECT s.id, 'another person''s or moment''s code'
        FROM sign_in s JOIN one_time_code c ON c.id = s.code_id
        WHERE c.used_at IS DISTINCT FROM s.created_at
           OR c.account_id IS DISTINCT FROM s.account_id""",
    ),
    Invariant(
        "8. An officer's sign-in is by a password and a second factor that were shown for it",
        """
        SELECT s.id, 'another person''s or moment''s challenge'
        FROM sign_in s JOIN staff_challenge c ON c.id = s.challenge_id
        WHERE c.used_at IS DISTINCT FROM s.created_at OR c.used_at >= c.expires_at
           OR c.staff_id IS DISTINCT FROM s.staff_id""",
    ),
    Invariant(
        "8. An officer has ten recovery codes at most that still work",
        """
        SELECT min(id::text), 'codes: ' || count(*) FROM staff_recovery_code
        WHERE used_at IS NULL AND voided_at IS NULL GROUP BY staff_id HAVING count(*) > 10""",
    ),
    Invariant(
        "8. One success per one-time code",
        """
        SELECT code_id, 'sign-ins: ' || count(*) FROM sign_in
        WHERE code_id IS NOT NULL GROUP BY code_id HAVING count(*) > 1""",
    ),
    Invariant(
        "An address belongs to one account once it is verified",
        """
        SELECT min(id::text), 'accounts: ' || count(*) FROM account WHERE email_verified_at IS NOT NULL
        GROUP BY email HAVING count(*) > 1""",
    ),
    Invariant(
        "A dismissed officer is signed in nowhere",
        """
        SELECT s.id, 'still signed in' FROM sign_in s JOIN staff p ON p.id = s.staff_id
        WHERE p.dismissed_at IS NOT NULL AND s.revoked_at IS NULL""",
    ),
    Invariant(
        "8. At most ten codes a day for an address and purpose from one place or known device, thirty in all",
        """
        SELECT min(id::text), 'more than ten' FROM one_time_code c
        WHERE (SELECT count(*) FROM one_time_code o
               WHERE o.email = c.email AND o.purpose = c.purpose
                 AND o.known_device_id IS NOT DISTINCT FROM c.known_device_id
                 AND (c.known_device_id IS NOT NULL OR o.asked_from IS NOT DISTINCT FROM c.asked_from)
                 AND o.created_at > c.created_at - interval '1 day' AND o.created_at <= c.created_at) > 10
        GROUP BY email, purpose
        UNION ALL
        SELECT min(id::text), 'more than thirty' FROM one_time_code c
        WHERE known_device_id IS NULL
          AND (SELECT count(*) FROM one_time_code o
               WHERE o.email = c.email AND o.purpose = c.purpose AND o.known_device_id IS NULL
                 AND o.created_at > c.created_at - interval '1 day' AND o.created_at <= c.created_at) > 30
        GROUP BY email, purpose""",
    ),
    Invariant(
        "6. Steps of officers are by officers, those of applicants by applicants",
        """
        SELECT e.id, 'no such ' || e.actor_kind FROM event e
        WHERE (e.actor_kind = 'officer' AND NOT EXISTS (SELECT FROM staff WHERE id = e.actor_id))
           OR (e.actor_kind = 'applicant' AND NOT EXISTS (SELECT FROM account WHERE id = e.actor_id))""",
    ),
)
