"""Each promise of `bin/mpaspor check`, and how a careless hand with a superuser's rights could break it.

The story that is broken is `tests.services.test_check.paid_case`: one case, paid and scheduled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from mpaspor.foundation import files
from mpaspor.foundation.database import db
from tests import clean_tables
from tests.postgres import Urls


@dataclass(frozen=True)
class Break:
    """What is done to the database. `without` names the constraints or indexes that stood in the way."""

    promise: str
    sql: str
    without: tuple[str, ...] = ()


def _again(table: str, **changed: str) -> str:
    """A second row like the first, with these SQL values changed."""
    values = ", ".join(f"'{column}', {value}" for column, value in changed.items())
    return (
        f"INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object({values}))).* "
        f"FROM {table} t LIMIT 1"
    )


_ID = "gen_random_uuid()"
_ACCOUNT = "(SELECT id FROM account LIMIT 1)"
_CASE = "(SELECT id FROM application LIMIT 1)"
_NOW = "timestamptz '2026-11-23 01:00+00'"
_MOVE = (
    "INSERT INTO booking_move (booking_id, from_slot_id, to_slot_id, moved_at) "
    "SELECT id, slot_id, {to}, {at} FROM booking"
)
_CODE = (
    "INSERT INTO one_time_code (id, challenge_id, asked_by, account_id, purpose, email, code_hash, "
    "created_at, expires_at, tries, used_at) "
    f"SELECT {_ID}, {_ID}, '{{{{}}}}', {{owner}}, 'reset', 'x@contoh.example', '\\x00', {_NOW}, "
    f"{_NOW} + interval '10 minutes', "
    f"{{tries}}, {_NOW} + interval '{{used}}' FROM generate_series(1, {{count}})"
)
_RELEASE = (
    "INSERT INTO release (id, office_id, programme_id, series_id, opens_at, first_on, last_on, percent, "
    "made_at) SELECT {id}, office_id, programme_id, {series}, timestamptz {opens}, '2026-12-28', "
    "'2026-12-31', 100, {at} FROM slot LIMIT 1"
)
_SIGN_IN = (
    "INSERT INTO sign_in (id, token_hash, audience, account_id, staff_id, device_name, is_shared_device, "
    f"code_id, created_at, last_seen_at) SELECT {_ID}, int4send(n), 'applicant', {{account}}, {{staff}}, "
    f"'x', false, {{code}}, {_NOW}, {_NOW} FROM generate_series(1, {{count}}) n"
)
_STAFF = (
    "INSERT INTO staff (id, office_id, full_name, email, password_hash, created_at, dismissed_at) "
    f"SELECT {_ID}, (SELECT id FROM office LIMIT 1), 'x', 'x@kantor.example', '-', {_NOW}, {_NOW}"
)
_SERVING = _STAFF.replace(f"{_NOW}, {_NOW}", f"{_NOW}, NULL")
_CHALLENGE = (
    "INSERT INTO staff_challenge (id, purpose, staff_id, asked_by, created_at, expires_at, used_at) "
    f"SELECT {_ID}, 'password', id, '\\x00', {_NOW}, {_NOW} + interval '10 minutes', "
    f"{_NOW} + interval '11 minutes' FROM staff"
)
_ON_PAPER = (
    "INSERT INTO staff_recovery_code (id, staff_id, code_hash, made_at) "
    f"SELECT {_ID}, staff.id, int4send(n), {_NOW} FROM staff, generate_series(1, 11) n"
)
_BOOKLET = (
    "INSERT INTO booklet (id, application_id, office_id, number, printed_by, printed_at, tested_by) "
    f"SELECT {_ID}, id, office_id, 'X1', {_ACCOUNT}, {_NOW}, {_ACCOUNT} FROM application LIMIT 1"
)
_BLANK = (
    "INSERT INTO blank_booklet (number, office_id, state, changed_by, changed_at) "
    f"SELECT 'X1', id, 'used', {_ID}, {_NOW} FROM office LIMIT 1"
)
_EVENT = (
    "INSERT INTO event (id, kind, application_id, actor_kind, actor_id, actor_role, from_state, to_state, "
    f"at) SELECT {_ID}, 'case', {_CASE}, 'officer', {_ID}, '{{role}}', '{{old}}', '{{new}}', {_NOW} "
    "+ interval '1 hour'"
)


def _case_is(state: str) -> str:
    return f"UPDATE application SET state = '{state}'"


_PRESENCE = (
    "INSERT INTO presence (id, application_id, office_id, day, lane, number, due_at, arrived_at) "
    f"SELECT {_ID}, {_CASE}, office_id, date '{{day}}', 'A', 1, {_NOW}, {_NOW} FROM application LIMIT 1"
)
_TURN = (
    "INSERT INTO turn (id, application_id, presence_id, office_id, station, state, since, is_emergency, "
    f"calls) SELECT {_ID}, application_id, id, office_id, 'papers', 'waiting', {_NOW}, false, 0 FROM presence"
)


_CHECK = (
    "INSERT INTO registry_check (application_id, registry, ask_id, state, asked_at, answered_at, details) "
    f"SELECT {_CASE}, 'watch_list', {_ID}, '{{state}}', {_NOW}, {{at}}, '\\x00'"
)


_CLOSURE = (
    "INSERT INTO closure (id, office_id, first_on, last_on, places_left, cause, note, made_at) "
    f"SELECT {_ID}, id, '2026-11-27', '2026-11-27', 0, 'power', 'x', {_NOW} - interval '1 hour' "
    "FROM office LIMIT 1"
)
_ITS = "(SELECT id FROM closure LIMIT 1)"
_LOST = (
    "INSERT INTO reseating (booking_id, application_id, was_paid, has_priority, lost_at) "
    f"SELECT id, application_id, true, false, {_NOW} FROM booking"
)
_WALK_IN = (
    "INSERT INTO walk_in (application_id, office_id, ground, proof, registered_by, registered_at) "
    f"SELECT {_CASE}, office_id, 'elderly', 'id_card', id, {_NOW} FROM staff"
)
BREAKS = (
    Break("1. A closed hour", f"UPDATE slot SET closed_at = {_NOW} WHERE taken > 0"),
    Break("1. Bookings counted", "UPDATE slot SET taken = taken + 1 WHERE taken > 0"),
    Break("1. Bookings counted", "UPDATE slot SET released = 0 WHERE taken > 0", ("ck_slot_never_oversold",)),
    Break(
        "1. Places on their way back",
        f"INSERT INTO place_return SELECT {_ID}, id, {_NOW} + interval '9 days' FROM slot LIMIT 1",
    ),
    Break(
        "1. A freed place comes back",
        f"INSERT INTO place_return SELECT {_ID}, id, {_NOW} - interval '1 day' FROM slot LIMIT 1",
    ),
    Break(
        "1. A release opens",
        _RELEASE.format(id=_ID, series="NULL", opens="'2026-11-22 01:00+00'", at=_NOW),
    ),
    Break(
        "1. A weekly release",
        "WITH s AS (INSERT INTO release_series (id, office_id, programme_id, weekday, opens, first_after, "
        f"days, percent, made_at, ended_at) SELECT {_ID}, office_id, programme_id, 4, '14:00', 3, 5, 100, "
        f"{_NOW}, {_NOW} FROM slot LIMIT 1 RETURNING id) "
        + _RELEASE.format(id=_ID, series="(SELECT id FROM s)", opens="'2026-12-04 01:00+00'", at=_NOW),
    ),
    Break("2. One live booking", _again("booking", id=_ID), ("uq_booking_live",)),
    Break(
        "2. One live case",
        _again("application", id=_ID, code="'ZZZZZZZZ'", number="NULL::text"),
        ("uq_application_live_nik", "ck_application_live_is_complete"),
    ),
    Break("2. A NIK and its lookup", "UPDATE application SET nik_lookup = '\\x00'"),
    Break("3. A case past payment", "UPDATE bill SET state = 'cancelled'"),
    Break("3. A paid bill has moved", _case_is("draft")),
    Break("3. Every accepted payment", "UPDATE payment SET amount_rp = amount_rp - 1"),
    Break("3. A paid bill has one", "UPDATE payment SET state = 'refunded'"),
    Break(
        "3. The same money",
        _again("payment", id=_ID, payment_request_id="'another'"),
        ("uq_payment_billing_code_ntb_partner_id",),
    ),
    Break("3. A bank is told", "DELETE FROM payment_request"),
    Break(
        "3. A bank is told",
        "UPDATE payment_request SET payment_id = NULL, response_code = '5002500'",
    ),
    Break("3. A bank is told", "UPDATE payment_request SET billing_code = '820261123000009'"),
    Break("3. An NTPN", "UPDATE bill SET ntpn = NULL"),
    Break("3. A bill is the sum", "UPDATE bill_line SET amount_rp = 1"),
    Break("4. Money collected", "UPDATE payment SET bill_id = NULL"),
    Break(
        "5. No live hold past",
        f"UPDATE booking SET state = 'held', held_until = {_NOW} - interval '2 minutes'",
    ),
    Break("5. A live place", _case_is("missed")),
    Break(
        "5. A proposed hour",
        f"UPDATE booking SET state = 'held', is_offer = true, held_until = {_NOW} + interval '1 day'",
    ),
    Break(
        "5. Nobody keeps an hour",
        f"{_CLOSURE};UPDATE booking SET created_at = {_NOW} - interval '1 hour'"
        f";UPDATE slot SET closed_at = {_NOW}, closure_id = {_ITS}",
    ),
    Break(
        "5. Nobody is left",
        f"INSERT INTO heartbeat VALUES ('sweep', {_NOW});"
        f"UPDATE slot SET starts_at = {_NOW} - interval '9 days', ends_at = {_NOW} - interval '8 days' "
        "WHERE taken > 0",
    ),
    Break("5. No paid bill without", "UPDATE booking SET state = 'cancelled'"),
    Break("5. An open bill", _case_is("awaiting_payment")),
    Break("5. Nobody stays", _PRESENCE.format(day="2026-11-20")),
    Break("6. Each event says", "UPDATE event SET actor_id = NULL WHERE actor_kind = 'applicant'"),
    Break("6. Steps of officers", f"UPDATE event SET actor_id = {_ID} WHERE actor_kind = 'applicant'"),
    Break("6. A live case was complete", "UPDATE application SET full_name = NULL"),
    Break("6. The last event of a case", _case_is("missed")),
    Break("6. A case has left", "DELETE FROM event WHERE kind = 'case'"),
    Break("6. No transition of a booking", "UPDATE event SET to_state = 'attended' WHERE kind = 'booking'"),
    Break("6. No transition of a bill", "UPDATE event SET from_state = 'lapsed' WHERE to_state = 'payable'"),
    Break("6. A bill stands", "UPDATE bill SET state = 'paid'"),
    Break("6. Who printed", _BOOKLET, ("ck_booklet_four_eyes",)),
    Break("6. A printed booklet", _BOOKLET, ("ck_booklet_four_eyes",)),
    Break("6. A used booklet", _BLANK),
    Break(
        "6. A batch holds",
        "INSERT INTO booklet_batch (id, office_id, kind, first_number, last_number, count, received_by, "
        f"received_at) SELECT {_ID}, id, 'non_electronic', 'X1', 'X2', 2, {_ID}, {_NOW} FROM office LIMIT 1",
    ),
    Break("6. A passport is ready", _case_is("ready")),
    Break("6. A collected passport", _case_is("collected")),
    Break("6. From biometrics on", _case_is("biometrics_taken")),
    Break(
        "6. A corrected NIK",
        "INSERT INTO nik_correction (id, application_id, nik, reason, proposed_by, proposed_at, decided_by, "
        f"decided_at, agreed) SELECT {_ID}, {_CASE}, '\\x00', 'x', {_ACCOUNT}, {_NOW}, {_ACCOUNT}, "
        f"{_NOW}, true",
        ("ck_nik_correction_four_eyes",),
    ),
    Break(
        "6. A passport was granted",
        f"{_CHECK.format(state='hit', at=_NOW)};"
        + _EVENT.format(role="adjudicator", old="interviewed", new="granted"),
    ),
    Break("6. A refusal or deferral", _EVENT.format(role="adjudicator", old="interviewed", new="refused")),
    Break("6. A person who is in the house", _case_is("arrived")),
    Break(
        "6. Whoever waits at a counter",
        f"{_PRESENCE.format(day='2026-11-23')};{_TURN};"
        f"UPDATE presence SET left_at = {_NOW}, why_left = 'done'",
    ),
    Break(
        "6. Whoever waits for a supervisor",
        f"{_PRESENCE.format(day='2026-11-23')};{_SERVING};"
        "INSERT INTO supervisor_question (id, application_id, office_id, why, asked_by, asked_at) "
        f"SELECT {_ID}, application_id, office_id, 'late', (SELECT id FROM staff), {_NOW} FROM presence",
    ),
    Break(
        "6. Who was told of later",
        f"{_SERVING};"
        "INSERT INTO day_list (id, office_id, staff_id, day, made_at, renewed_at) "
        f"SELECT {_ID}, office_id, id, '2026-11-23', {_NOW}, {_NOW} FROM staff;"
        "INSERT INTO told_arrival (key, list_id, code, application_id, told_at, came_at, became, sent_by, "
        f"sent_at) SELECT {_ID}, l.id, 'x', {_CASE}, {_NOW}, {_NOW}, 'let_in', l.staff_id, {_NOW} "
        "FROM day_list l",
    ),
    Break("6. No transition of a turn", "UPDATE event SET kind = 'turn' WHERE kind = 'bill'"),
    Break("6. No transition out of order", _EVENT.format(role="adjudicator", old="scheduled", new="arrived")),
    Break(
        "6. No transition out of order", "UPDATE event SET from_state = 'draft' WHERE to_state = 'scheduled'"
    ),
    Break(
        "7. One row of the outbox",
        _again("outbox", id=_ID),
        ("uq_outbox_dedupe_key",),
    ),
    Break("7. A message that left", "UPDATE outbox SET secret = '\\x00', dead_at = created_at"),
    Break("7. What happened to a bill", "DELETE FROM outbox WHERE kind = 'receipt'"),
    Break("7. A message about a case", "UPDATE outbox SET application_id = NULL WHERE kind = 'receipt'"),
    Break("7. A bill has asked", "DELETE FROM outbox WHERE kind = 'request_billing_code'"),
    Break("7. A register that", _CHECK.format(state="asked", at="NULL")),
    Break("7. A place, its loss", "DELETE FROM outbox WHERE kind = 'visit_letter'"),
    Break("7. Whoever lost an hour", _LOST),
    Break("7. An announced delay", "UPDATE slot SET delay_minutes = 40 WHERE taken > 0"),
    Break("7. A moved visit", _MOVE.format(to="slot_id", at=_NOW)),
    Break("7. Wanted papers", _EVENT.format(role="quality", old="printed", new="ready")),
    Break("7. News of a step", _EVENT.format(role="adjudicator", old="granted", new="interviewed")),
    Break("8. A one-time key", _again("one_time_key", id=_ID), ("uq_one_time_key_owner_endpoint_key",)),
    Break("8. No one-time code", _CODE.format(owner=_ACCOUNT, tries=1, used="11 minutes", count=1)),
    Break("8. No one-time code", _CODE.format(owner=_ACCOUNT, tries=0, used="1 minute", count=1)),
    Break("8. A one-time code that was", _CODE.format(owner="NULL::uuid", tries=1, used="1 minute", count=1)),
    Break("8. At most ten codes", _CODE.format(owner=_ACCOUNT, tries=1, used="1 minute", count=11)),
    Break(
        "8. A sign-in by code",
        _CODE.format(owner=_ACCOUNT, tries=1, used="1 minute", count=1)
        + ";"
        + _SIGN_IN.format(
            account=_ACCOUNT, staff="NULL::uuid", code="(SELECT id FROM one_time_code)", count=1
        ),
    ),
    Break(
        "8. One success",
        _CODE.format(owner=_ACCOUNT, tries=1, used="0 minutes", count=1)
        + ";"
        + _SIGN_IN.format(
            account=_ACCOUNT, staff="NULL::uuid", code="(SELECT id FROM one_time_code)", count=2
        ),
        ("uq_sign_in_code_id",),
    ),
    Break("9. A stored paper has its file with", "UPDATE document SET sha256 = '\\x00'"),
    Break("9. A stored paper has its file with", "UPDATE document SET file_key = repeat('0', 32)"),
    Break("9. A stored paper has its file's key", "UPDATE document SET sha256 = NULL"),
    Break(
        "9. A photo taken",
        "INSERT INTO biometrics (application_id, file_key, sha256, taken_by, taken_at) "
        f"SELECT {_CASE}, repeat('0', 32), '\\x00', {_ACCOUNT}, {_NOW}",
    ),
    Break(
        "9. A paper left",
        "INSERT INTO handover (id, application_id, collected_by, relation, handed_by, handed_at, checked, "
        f"collector_nik, letter_key, letter_sha256) SELECT {_ID}, {_CASE}, '\\x00', 'proxy', {_ACCOUNT}, "
        f"{_NOW}, '{{card}}', '\\x00', repeat('0', 32), '\\x00'",
    ),
    Break("9. No file without a row", "DELETE FROM document"),
    Break("10. Sealed events", "UPDATE event_seal SET digest = '\\x00'"),
    Break("10. Sealed events", "UPDATE event SET reason = 'another' WHERE kind = 'case'"),
    Break("11. At most one move", ";".join([_MOVE.format(to="slot_id", at=_NOW)] * 2), ("pk_booking_move",)),
    Break("11. No move later", _MOVE.format(to="slot_id", at=f"{_NOW} + interval '60 days'")),
    Break("11. A moved booking", _MOVE.format(to=_ID, at=_NOW)),
    Break("A discarded draft", _case_is("discarded")),
    Break("6. A case without an account", "UPDATE application SET account_id = NULL"),
    Break("6. Whom the door registered", f"{_SERVING};{_WALK_IN}"),
    Break(
        "What the door wrote down",
        f"{_SERVING};{_WALK_IN};{_case_is('draft')}, account_id = NULL, "
        f"changed_at = {_NOW} - interval '2 days'",
    ),
    Break("An address belongs", _again("account", id=_ID), ("uq_account_verified_email",)),
    Break(
        "8. An officer's sign-in",
        f"{_SERVING};{_CHALLENGE};"
        + _SIGN_IN.format(account="NULL::uuid", staff="(SELECT id FROM staff)", code="NULL::uuid", count=1)
        + ";UPDATE sign_in SET challenge_id = (SELECT id FROM staff_challenge) WHERE staff_id IS NOT NULL",
    ),
    Break("8. An officer has ten recovery codes", f"{_SERVING};{_ON_PAPER}"),
    Break(
        "A dismissed officer",
        _STAFF
        + ";"
        + _SIGN_IN.format(account="NULL::uuid", staff="(SELECT id FROM staff)", code="NULL::uuid", count=1),
    ),
    Break("An officer's exception", _EVENT.format(role="supervisor", old="arrived", new="closed")),
)


@contextmanager
def by_hand(urls: Urls, without: Sequence[str]) -> Iterator[psycopg.Connection]:
    """A superuser whom neither triggers nor foreign keys stop, nor these constraints, which come back."""
    db.session.remove()
    plain = make_url(urls.superuser).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        made_again = [_drop(connection, name) for name in without]
        try:
            yield connection
        finally:
            db.session.remove()
            if made_again:
                clean_tables.eraser(urls.superuser).empty()
            for statement in made_again:
                connection.execute(statement)


def _drop(connection: psycopg.Connection, name: str) -> sql.Composed:
    """Drop a constraint, or an index that is none; returns the statement that makes it again."""
    known = connection.execute(
        "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s",
        [name],
    ).fetchall()
    if not known:
        [(text,)] = connection.execute("SELECT pg_get_indexdef(%s::regclass)", [name]).fetchall()
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        return sql.Composed([sql.SQL(text)])
    [(table, text)] = known
    words = (sql.Identifier(table), sql.Identifier(name))
    connection.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(*words))
    return sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(*words, sql.SQL(text))


# Later than a day after whatever clock a file was written by.
_LONG_AFTER = datetime(2999, 1, 1, tzinfo=UTC)


def sweep_files() -> None:
    """Delete every file that no row holds, of whatever age: what other tests left is no breach here."""
    files.sweep_orphans(now=_LONG_AFTER)
