"""This room's part of `bin/mpaspor check` (STATES §9): live cases are whole and single."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import LIVE
from mpaspor.applications.walk_in_rules import UNPAID_KEPT
from mpaspor.foundation.columns import listed
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.invariants import Invariant

_LIVE = listed(LIVE)
_FORGOTTEN = int((UNPAID_KEPT + timedelta(hours=1)).total_seconds())


def _wrong_lookups(_now: datetime) -> Iterator[tuple[object, str]]:
    """The lookup hash is that of the sealed NIK: else uniqueness would guard the wrong number."""
    rows = db.session.execute(
        select(Application.code, Application.nik, Application.nik_lookup)
        .where(Application.nik_lookup.is_not(None))
        .execution_options(yield_per=500)
    )
    for code, nik, lookup in rows:
        if nik is None or lookup_hash(nik, "nik") != lookup:
            yield code, "the lookup is not that of the sealed NIK"


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "2. One live case per NIK",
        f"""
        SELECT min(code), 'live cases with the same NIK: ' || string_agg(code, ', ')
        FROM application WHERE state IN ({_LIVE}) GROUP BY nik_lookup HAVING count(*) > 1""",
    ),
    Invariant("2. A NIK and its lookup agree", _wrong_lookups),
    Invariant(
        "6. A live case was complete when it was checked out",
        f"""
        SELECT code, 'live without name, NIK, birth date, sex, kind, office or number'
        FROM application WHERE state IN ({_LIVE}) AND num_nulls(
            full_name, nik_lookup, nik_encrypted, birth_on, sex, kind, validity_years, office_id, number
        ) > 0""",
    ),
    Invariant(
        "6. A case without an account was registered at the door",
        """
        SELECT a.code, 'state ' || a.state || ', of nobody' FROM application a
        WHERE a.account_id IS NULL
          AND NOT EXISTS (SELECT FROM walk_in w WHERE w.application_id = a.id)""",
    ),
    Invariant(
        "6. The last event of a case leads to its state",
        """
        WITH last AS (
            SELECT DISTINCT ON (application_id) application_id, to_state FROM event WHERE kind = 'case'
            ORDER BY application_id, seq DESC NULLS LAST, at DESC, id DESC)
        SELECT a.code, 'state ' || a.state || ', but the last event led to ' || last.to_state
        FROM application a JOIN last ON last.application_id = a.id WHERE last.to_state <> a.state""",
    ),
    Invariant(
        "6. A case has left its draft by an event",
        """
        SELECT a.code, 'state ' || a.state || ' without any step' FROM application a
        WHERE a.state <> 'draft'
          AND NOT EXISTS (SELECT FROM event WHERE application_id = a.id AND kind = 'case')""",
    ),
    Invariant(
        "9. A stored paper has its file's key and hash",
        """
        SELECT a.code, 'document ' || d.kind || ' without key or hash'
        FROM document d JOIN application a ON a.id = d.application_id
        WHERE num_nulls(d.file_key, d.sha256) = 1""",
    ),
    # An hour of a worker's work beside the term: without one no clock runs.
    Invariant(
        "What the door wrote down of somebody who never paid is wiped in time",
        f"""
        SELECT a.code, 'unpaid and unclaimed since ' || a.changed_at
        FROM application a JOIN walk_in w ON w.application_id = a.id
        WHERE a.state = 'draft' AND a.account_id IS NULL
          AND a.changed_at + interval '{_FORGOTTEN} seconds'
              < coalesce((SELECT at FROM heartbeat WHERE name = 'sweep'), :now)""",
    ),
    Invariant(
        "A discarded draft holds nothing",
        """
        SELECT code, 'discarded, but data or papers are still there'
        FROM application WHERE state = 'discarded' AND (
            num_nonnulls(full_name, nik_lookup, nik_encrypted, birth_on, phone) > 0
            OR EXISTS (SELECT FROM answer_page WHERE application_id = application.id)
            OR EXISTS (SELECT FROM document WHERE application_id = application.id))""",
    ),
)
