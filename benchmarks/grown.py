"""An installation after some years: all offices open, a million hours, a hundred thousand cases.

One case of each kind of life was led by the product's operations (`lives.py`) and is copied (`copied.py`):
`bin/mpaspor check` finds nothing here. Half of all cases are the measured office's, some 13,000 a year.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import psycopg
from sqlalchemy import select

from benchmarks.copied import copy_life
from benchmarks.lives import lead
from benchmarks.stage import Stage
from mpaspor.applications.save_page import NIK_PURPOSE
from mpaspor.booking.generate_slots import top_up
from mpaspor.booking.rules import COUNTED
from mpaspor.foundation import clock, files
from mpaspor.foundation.columns import listed
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash, seal
from mpaspor.offices.models import Office
from mpaspor.offices.seed import DATA, hours_from, open_office


@dataclass(frozen=True)
class Size:
    """How much there is; events come with the cases, some forty each."""

    offices: int
    hours: int
    cases: int


LARGE, SMALL = Size(151, 1_000_000, 100_000), Size(5, 5_000, 500)

_PHOTO = b"A photo of nobody."
_AT_ONCE = 5_000  # photos that are written together
_WORDS = (
    "Adi Agus Ahmad Ani Ayu Bayu Bima Budi Citra Dewi Dian Dimas Eka Endang Fajar Fitri Gita Hadi Hana Indah"
    " Intan Joko Kartika Lestari Lina Maya Mega Nita Nur Oki Putra Putri Rani Ratna Rizky Sari Siti Sri Tono"
    " Utami Vina Wahyu Wati Yanti Yudi Yuni Zahra"
).split()
_BIRTHS, _FIRST_BIRTH = 15_000, date(1962, 1, 1)

_PAST_HOURS = """
INSERT INTO slot (id, office_id, service_point_id, programme_id, starts_at, ends_at,
                  capacity, released, taken)
SELECT gen_random_uuid(), o.office_id, o.service_point_id, o.programme_id,
       (day + o.starts_at) AT TIME ZONE office.time_zone, (day + o.ends_at) AT TIME ZONE office.time_zone,
       o.capacity, o.capacity, 0
FROM opening_hour o JOIN office ON office.id = o.office_id
CROSS JOIN LATERAL (SELECT %(today)s::date - back AS day FROM generate_series(1, %(days)s) back) days
WHERE extract(isodow FROM day) - 1 = o.weekday AND NOT EXISTS (SELECT FROM holiday WHERE on_date = day)
ON CONFLICT DO NOTHING
"""
# Officers like those of the first office work everywhere.
_CREWS = """
INSERT INTO staff (id, office_id, full_name, email, password_hash, created_at)
SELECT md5(s.id::text || o.id)::uuid, o.id, s.full_name, o.code || '.' || s.email, '-', s.created_at
FROM staff s CROSS JOIN office o WHERE s.office_id = %(office)s AND o.in_service AND o.id <> %(office)s
"""
_ROLES = """
INSERT INTO staff_role (staff_id, role, office_id, granted_at)
SELECT md5(r.staff_id::text || o.id)::uuid, r.role, o.id, r.granted_at
FROM staff_role r CROSS JOIN office o WHERE r.office_id = %(office)s AND o.in_service AND o.id <> %(office)s
"""
# They have come in twice on each of these days.
_CHALLENGES = """
INSERT INTO staff_challenge (id, purpose, staff_id, asked_by, created_at, expires_at, used_at)
SELECT md5('challenge ' || s.id || at)::uuid, 'password', s.id, 'x', at, at + interval '5 minutes', at
FROM staff s CROSS JOIN generate_series(%(today)s::date - %(days)s::int, %(today)s::date - 2, '12 hours') at
WHERE s.office_id = %(office)s
"""
_SIGN_INS = """
INSERT INTO sign_in (id, token_hash, audience, staff_id, device_name, is_shared_device, challenge_id,
                     created_at, last_seen_at, proved_at, revoked_at)
SELECT md5('sign_in ' || id)::uuid, sha256(id::text::bytea), 'officer', staff_id, 'Firefox', false, id,
       used_at, used_at, used_at, used_at + interval '6 hours' FROM staff_challenge WHERE asked_by = 'x'
"""
_PEOPLE = """
CREATE TEMPORARY TABLE person (n int, full_name text, birth_on date, nik_lookup bytea, nik bytea, photo text,
                               photo_hash bytea)
"""
# The hours of each office's visits, in order: long past, so that what a life needs of later days lies in the
# past too, or of the next days.
_HOURS = """
CREATE TEMPORARY TABLE hour AS
SELECT s.id AS slot_id, s.office_id, s.starts_at AS at, (s.starts_at AT TIME ZONE o.time_zone)::date AS day,
       s.starts_at > %(now)s AS is_coming, row_number() OVER same - 1 AS place,
       count(*) OVER (PARTITION BY s.office_id, s.starts_at > %(now)s) AS many
FROM slot s JOIN office o ON o.id = s.office_id
WHERE s.starts_at < %(now)s - interval '5 days'
   OR s.starts_at BETWEEN %(now)s + interval '1 day' AND %(now)s + interval '5 days'
WINDOW same AS (PARTITION BY s.office_id, s.starts_at > %(now)s ORDER BY s.starts_at)
"""
# At which office, and as which of how many: every second person at the measured one.
_TURNS = """
CREATE TEMPORARY TABLE turns AS
WITH offices AS (
    SELECT id, row_number() OVER (ORDER BY id) - 1 AS turn, count(*) OVER () AS many
    FROM office WHERE in_service),
placed AS (
    SELECT p.n, p.n / 2 %% 200 = 7 AS is_coming,
           CASE p.n %% 2 WHEN 0 THEN %(office)s::uuid ELSE o.id END AS office_id
    FROM person p JOIN offices o ON o.turn = p.n / 2 %% o.many)
SELECT n, office_id, is_coming, people, turn * many / people AS place
FROM (SELECT *, row_number() OVER same - 1 AS turn,
             count(*) OVER (PARTITION BY office_id, is_coming) AS people
      FROM placed WINDOW same AS (PARTITION BY office_id, is_coming ORDER BY n)) counted
JOIN (SELECT office_id, is_coming, count(*) AS many FROM hour GROUP BY 1, 2) hours
     USING (office_id, is_coming)
"""
# Who has which life, where and when: the visits of an office lie evenly over its hours.
_PLAN = """
CREATE TEMPORARY TABLE plan AS
SELECT p.*, office_id, h.slot_id, h.at, h.day,
       '+62811' || lpad(p.n::text, 8, '0') AS phone,
       upper(lpad(to_hex(p.n::bigint * 2654435761 %% 4294967296), 8, '0')) AS code,
       row_number() OVER (PARTITION BY office_id, h.day ORDER BY h.at, p.n) + 100 AS place,
       CASE WHEN is_coming THEN 'scheduled'
            WHEN h.at > %(now)s - interval '18 days' AND p.n / 2 %% 3 = 0 THEN 'ready'
            WHEN h.at > %(now)s - interval '50 days' THEN 'collected'
            WHEN p.n / 2 %% 100 < 2 THEN 'draft' WHEN p.n / 2 %% 100 < 6 THEN 'missed'
            WHEN p.n / 2 %% 100 < 8 THEN 'withdrawn' WHEN p.n / 2 %% 100 < 10 THEN 'closed'
            WHEN p.n / 2 %% 100 < 11 THEN 'refused' WHEN p.n / 2 %% 100 < 13 THEN 'void'
            ELSE 'collected' END AS life
FROM person p JOIN turns t ON t.n = p.n
JOIN hour h USING (office_id, is_coming, place)
WHERE NOT is_coming OR t.people < 10 * h.many
"""
_OFFICERS = (_CREWS, _ROLES, _CHALLENGES, _SIGN_INS)
_PLANNING = (_HOURS, _TURNS, "ANALYZE slot, office, person, hour, turns", _PLAN, "ANALYZE plan")
_BEFORE_COPYING = (
    "UPDATE outbox SET sent_at = available_at, attempts = 1, secret = NULL"
    " WHERE sent_at IS NULL AND cancelled_at IS NULL",
    "CREATE TEMPORARY TABLE happened (LIKE event)",
    """
    CREATE FUNCTION pg_temp.uuid_at(timestamptz, text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
        SELECT (lpad(to_hex((extract(epoch FROM $1) * 1000)::bigint), 12, '0') || '7'
                || substr(md5($2), 1, 3) || '8' || substr(md5($2), 4, 15))::uuid $$""",
)
_EVENT = (
    "id, kind, application_id, office_id, actor_kind, actor_id, actor_role, from_state, to_state, reason,"
    " details, at"
)
_AFTER_COPYING = (
    f"INSERT INTO event ({_EVENT}) SELECT {_EVENT} FROM happened ORDER BY at",
    f"""
    UPDATE slot SET taken = k.taken FROM (
        SELECT slot_id, count(*) AS taken FROM booking WHERE state IN ({listed(COUNTED)}) GROUP BY slot_id) k
    WHERE k.slot_id = slot.id AND slot.taken <> k.taken""",
    """
    INSERT INTO queue_counter (office_id, day, lane, last)
    SELECT office_id, day, lane, max(number) FROM presence GROUP BY office_id, day, lane
    ON CONFLICT (office_id, day, lane) DO UPDATE SET last = greatest(queue_counter.last, excluded.last)""",
    "VACUUM (ANALYZE)",
)


def grow(found: Stage, size: Size) -> None:
    """Fill the installation, and let the database look at what it has, as it does by itself in service."""
    now = clock.now()
    offices = _open_offices(size.offices, now)
    a_week = len(hours_from(DATA / "palembang_hours.csv"))
    values = {
        "now": now,
        "today": now.date(),
        "office": found.office.id,
        # One working day in fifteen is a day off.
        "days": round(size.hours / (offices * a_week) * 7 * 15 / 14),
    }
    with found.owner() as connection:
        for statement in (_PAST_HOURS, _PEOPLE):
            _run(connection, statement, values)
        lives = lead(found.office, now)
        _note_people(connection, size.cases)
        for statement in (*_BEFORE_COPYING, *_OFFICERS, *_PLANNING):
            _run(connection, statement, values)
        for name, life in lives.items():
            copy_life(connection, name, life, found.office.time_zone)
        for statement in _AFTER_COPYING:
            _run(connection, statement, values)


def _run(connection: psycopg.Connection, statement: str, values: dict[str, Any]) -> None:
    used = {name: value for name, value in values.items() if f"%({name})s" in statement}
    connection.execute(statement.encode(), used or None)


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


def _note_people(connection: psycopg.Connection, count: int) -> None:
    """Who they are: a name, a birth date, a NIK that fits it, sealed as in service, and a stored photo."""
    with connection.cursor().copy("COPY person FROM STDIN") as stream:
        for first in range(0, count, _AT_ONCE):
            some = range(first, min(first + _AT_ONCE, count))
            photos = files.store().put_many([_PHOTO] * len(some))
            for row in map(_person, some, photos):
                stream.write_row(row)


def _person(n: int, photo: str) -> tuple[object, ...]:
    many = len(_WORDS)
    name = " ".join((_WORDS[n % many], _WORDS[n // many % many], _WORDS[n // many**2 % many]))
    birth_on = _FIRST_BIRTH + timedelta(days=n * 7_919 % _BIRTHS)
    nik = f"1671{n // 9_999 + 1:02d}{birth_on.day + 40:02d}{birth_on:%m%y}{n % 9_999 + 1:04d}"
    sealed = seal(nik.encode(), "application.nik")
    return n, name, birth_on, lookup_hash(nik, NIK_PURPOSE), sealed, photo, sha256(_PHOTO).digest()
