"""An installation after some years: all offices open, a million hours, a hundred thousand cases: bulk SQL.

What pages look for is there in proportion (accounts, sign-ins, visits, bills, events, messages sent); a
fifth of the cases belong to the office whose pages are measured. `bin/mpaspor check` would find much to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from benchmarks.stage import Stage
from mpaspor.booking.generate_slots import top_up
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.seed import DATA, hours_from, open_office


@dataclass(frozen=True)
class Size:
    """How much there is."""

    offices: int
    hours: int
    cases: int
    events_of_a_case: int = 10


LARGE, SMALL = Size(151, 1_000_000, 100_000), Size(5, 5_000, 500)

_PAST_HOURS = """
INSERT INTO slot (id, office_id, service_point_id, programme_id, starts_at, ends_at,
                  capacity, released, taken)
SELECT gen_random_uuid(), place.office_id, place.id, programme.id, hour, hour + interval '1 hour', 15, 15, 0
FROM service_point place CROSS JOIN programme
CROSS JOIN generate_series(1, %(each)s) back
CROSS JOIN LATERAL (SELECT %(today)s - back * interval '1 hour') begins (hour)
ON CONFLICT DO NOTHING
"""
# Case n of this list: at which office, in which of its past hours, and when.
_PLAN = """
CREATE TEMPORARY TABLE plan AS
WITH hours AS (
    SELECT id, office_id, starts_at, row_number() OVER (PARTITION BY office_id ORDER BY starts_at) AS place,
           count(*) OVER (PARTITION BY office_id) AS many
    FROM slot WHERE starts_at < %(today)s),
offices AS (
    SELECT office_id, row_number() OVER (ORDER BY office_id) AS turn, count(*) OVER () AS many
    FROM (SELECT DISTINCT office_id FROM hours) found)
SELECT n, md5('account ' || n)::uuid AS account_id, md5('case ' || n)::uuid AS case_id, hours.id AS slot_id,
       hours.office_id, hours.starts_at AS at, programme.id AS programme_id, sha256(n::text::bytea) AS digest
FROM programme CROSS JOIN generate_series(1, %(cases)s) n
JOIN offices ON offices.turn = 1 + n %% offices.many
JOIN hours ON hours.office_id = CASE WHEN n %% 5 = 0 THEN %(office)s ELSE offices.office_id END
          AND hours.place = 1 + n %% hours.many
"""
_ACCOUNTS = """
INSERT INTO account (id, full_name, birth_on, gender, email, phone, password_hash, language, terms_version,
                     created_at, email_verified_at)
SELECT account_id, 'WARGA LAMA ' || n, '1980-01-01', 'female', 'lama' || n || '@contoh.example',
       '+62813' || lpad(n::text, 8, '0'), '-', 'id', '1', at, at FROM plan
"""
_SIGN_INS = """
INSERT INTO sign_in (id, token_hash, audience, account_id, device_name, is_shared_device,
                     created_at, last_seen_at)
SELECT gen_random_uuid(), digest, 'applicant', account_id, 'Chrome di Android', false, at, at FROM plan
"""
_CASES = """
INSERT INTO application (id, account_id, code, number, state, programme_id, office_id, need, kind,
                         validity_years, full_name, nik_lookup, birth_on, sex, phone, created_at,
                         changed_at, declared_at)
SELECT case_id, account_id, 'LM' || lpad(upper(to_hex(n)), 6, '0'), '9' || lpad(n::text, 15, '0'),
       'collected', programme_id, office_id, 'new', 'electronic_laminated', 10, 'WARGA LAMA ' || n, digest,
       '1980-01-01', 'female', '+62813' || lpad(n::text, 8, '0'), at, at, at FROM plan
"""
_VISITS = """
INSERT INTO booking (id, application_id, slot_id, state, confirmed_at, created_at)
SELECT gen_random_uuid(), case_id, slot_id, 'attended', at, at FROM plan
"""
_BILLS = """
INSERT INTO bill (id, application_id, state, amount_rp, billing_code, issued_at, pay_until, paid_at, ntpn,
                  settled_at, slot_id, kind, validity_years, payer_name, nik_lookup, created_at)
SELECT gen_random_uuid(), case_id, 'settled', 950000, '7' || lpad(n::text, 14, '0'), at, at, at,
       lpad(n::text, 16, 'N'), at, slot_id, 'electronic_laminated', 10, 'WARGA LAMA ' || n, digest, at
FROM plan
"""
_EVENTS = """
INSERT INTO event (id, kind, application_id, office_id, actor_kind, from_state, to_state, at)
SELECT gen_random_uuid(), 'case', case_id, office_id, 'system', 'ready', 'collected',
       at + turn * interval '1 hour'
FROM plan CROSS JOIN generate_series(1, %(events)s) turn
"""
_MESSAGES = """
INSERT INTO outbox (id, kind, ref, application_id, dedupe_key, payload, created_at, available_at,
                    attempts, sent_at)
SELECT gen_random_uuid(), 'receipt', case_id, case_id, 'lama ' || n, '{}', at, at, 1, at FROM plan
"""
_STEPS = (_PAST_HOURS, _PLAN, _ACCOUNTS, _SIGN_INS, _CASES, _VISITS, _BILLS, _EVENTS, _MESSAGES)


def grow(found: Stage, size: Size) -> None:
    """Fill the installation, and let the database look at what it has, as it does by itself in service."""
    now = clock.now()
    opened = _open_offices(size.offices, now)
    today = (now - timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    values = {
        "each": -(-size.hours // opened),
        "today": today,
        "cases": size.cases,
        "office": found.office.id,
        "events": size.events_of_a_case,
    }
    with found.owner() as connection:
        for statement in _STEPS:
            used = {name: value for name, value in values.items() if f"%({name})s" in statement}
            connection.execute(statement.encode(), used or None)
        connection.execute("VACUUM (ANALYZE)")


def _open_offices(count: int, now: datetime) -> int:
    """So many offices in service, with their coming weeks; returns how many have hours."""
    hours = hours_from(DATA / "palembang_hours.csv")
    closed = select(Office.code).where(Office.in_service.is_(False)).order_by(Office.code).limit(count - 1)
    for code in list(db.session.scalars(closed)):
        open_office(code, hours=hours, valid_from=date(2023, 1, 1), now=now)
    opened = list(db.session.scalars(select(Office.id).where(Office.in_service)))
    for office_id in opened:
        top_up(office_id, now=now)
    db.session.remove()
    return len(opened)
