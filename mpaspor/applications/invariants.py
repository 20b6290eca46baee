"""This room's part of `bin/mpaspor check` (CORE §11): live cases are whole and single."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select, text

from mpaspor.applications.models import Application
from mpaspor.applications.rules import LIVE
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash

_LIVE = [str(state) for state in LIVE]

# Promise → the statement that finds what breaks it, as (case code, what is wrong).
_BROKEN = {
    "2. One live case per NIK": """
        SELECT min(code), 'live cases with the same NIK: ' || string_agg(code, ', ')
        FROM application WHERE state = ANY(:live) GROUP BY nik_lookup HAVING count(*) > 1""",
    "1.4 A live case was complete when it was checked out": """
        SELECT code, 'live without name, NIK, birth date, sex, kind, office or number'
        FROM application WHERE state = ANY(:live) AND num_nulls(
            full_name, nik_lookup, nik_encrypted, birth_on, sex, kind, validity_years, office_id, number
        ) > 0""",
    "A discarded draft holds nothing": """
        SELECT code, 'discarded, but data or papers are still there'
        FROM application WHERE state = 'discarded' AND (
            num_nonnulls(full_name, nik_lookup, nik_encrypted, birth_on, phone) > 0
            OR EXISTS (SELECT FROM answer_page WHERE application_id = application.id)
            OR EXISTS (SELECT FROM document WHERE application_id = application.id))""",
    "9. A stored paper has its file's key and hash": """
        SELECT a.code, 'document ' || d.kind || ' without key or hash'
        FROM document d JOIN application a ON a.id = d.application_id
        WHERE num_nulls(d.file_key, d.sha256) = 1""",
    "6. The last event of a case leads to its state": """
        SELECT a.code, 'state ' || a.state || ', but the last event led to ' || last.to_state
        FROM application a CROSS JOIN LATERAL (
            SELECT to_state FROM event WHERE application_id = a.id AND kind = 'case'
            ORDER BY at DESC, id DESC LIMIT 1
        ) last WHERE last.to_state <> a.state""",
}


def violations() -> Iterator[str]:
    """One line for each row that breaks a promise of this room."""
    for promise, statement in _BROKEN.items():
        values = {"live": _LIVE} if ":live" in statement else {}
        for code, wrong in db.session.execute(text(statement), values):
            yield f"{promise}: {code}: {wrong}"
    yield from _wrong_lookups()


def _wrong_lookups() -> Iterator[str]:
    """The lookup hash is that of the sealed NIK: else uniqueness would guard the wrong number."""
    rows = db.session.execute(
        select(Application.code, Application.nik, Application.nik_lookup)
        .where(Application.nik_lookup.is_not(None))
        .execution_options(yield_per=500)
    )
    for code, nik, lookup in rows:
        if nik is None or lookup_hash(nik, "nik") != lookup:
            yield f"2. A NIK and its lookup agree: {code}"
