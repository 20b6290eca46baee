"""This room's part of `bin/mpaspor check` (STATES §9): no place twice or held for ever, one move each."""

from __future__ import annotations

from mpaspor.booking.rules import COUNTED, LIVE, MOVES
from mpaspor.foundation.columns import listed
from mpaspor.foundation.invariants import Invariant, transitions_outside

_COUNTED = listed(COUNTED)
_LIVE = listed(LIVE)

INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "1. Bookings counted = taken ≤ released ≤ capacity",
        f"""
        SELECT s.id, format('bookings %s, taken %s, released %s, capacity %s',
                            count(b.id), s.taken, s.released, s.capacity)
        FROM slot s LEFT JOIN booking b ON b.slot_id = s.id AND b.state IN ({_COUNTED})
        GROUP BY s.id
        HAVING count(b.id) <> s.taken OR s.taken > s.released OR s.released > s.capacity""",
    ),
    Invariant(
        "1. Places on their way back fit into their hour",
        """
        SELECT s.id, format('released %s, on their way %s, capacity %s', s.released, count(r.id), s.capacity)
        FROM slot s JOIN place_return r ON r.slot_id = s.id
        GROUP BY s.id HAVING s.released + count(r.id) > s.capacity""",
    ),
    Invariant(
        "1. A freed place comes back at its time",
        """
        SELECT id, 'was to come back at ' || due_at FROM place_return
        WHERE due_at + interval '1 minute'
              < coalesce((SELECT at FROM heartbeat WHERE name = 'sweep'), :now)""",
    ),
    Invariant(
        "1. A release opens at its time",
        """
        SELECT id, 'was to open at ' || opens_at FROM release
        WHERE opened_at IS NULL AND cancelled_at IS NULL AND opens_at + interval '1 minute'
              < coalesce((SELECT at FROM heartbeat WHERE name = 'sweep'), :now)""",
    ),
    Invariant(
        "1. A weekly release ends with its series",
        """
        SELECT r.id, 'is to open at ' || r.opens_at || ', its series ended at ' || s.ended_at
        FROM release r JOIN release_series s ON s.id = r.series_id
        WHERE s.ended_at IS NOT NULL AND r.opened_at IS NULL AND r.cancelled_at IS NULL""",
    ),
    Invariant(
        "2. One live booking per application",
        f"""
        SELECT application_id, 'live bookings: ' || count(*) FROM booking
        WHERE state IN ({_LIVE}) GROUP BY application_id HAVING count(*) > 1""",
    ),
    # A minute of *sweeping*: without a worker nothing may lapse, and the gap is given back (STATES §6.2).
    Invariant(
        "5. No live hold past its time plus a minute of sweeping",
        """
        SELECT id, 'still held, its time ended at ' || held_until FROM booking
        WHERE state = 'held' AND held_until + interval '1 minute'
              < coalesce((SELECT at FROM heartbeat WHERE name = 'sweep'), :now)""",
    ),
    Invariant(
        "5. A live place and the state of its case agree",
        f"""
        SELECT a.code, 'booking ' || b.state || ', but case ' || a.state
        FROM booking b JOIN application a ON a.id = b.application_id
        WHERE b.state IN ({_LIVE})
          AND a.state <> CASE b.state WHEN 'held' THEN 'awaiting_payment' ELSE 'scheduled' END
          AND NOT (b.is_offer AND a.state = 'awaiting_place')""",
    ),
    Invariant(
        "5. A proposed hour is held for somebody whose own was taken",
        """
        SELECT b.id, 'proposed to nobody' FROM booking b
        WHERE b.is_offer AND b.state = 'held' AND NOT EXISTS (
            SELECT FROM reseating r WHERE r.offered_id = b.id AND r.ended_at IS NULL)""",
    ),
    # Ten minutes of *sweeping*: the worker seats a whole office again in about one.
    Invariant(
        "5. Nobody keeps an hour that was closed",
        f"""
        SELECT b.id, 'has had a closed hour since ' || c.made_at
        FROM booking b JOIN slot s ON s.id = b.slot_id JOIN closure c ON c.id = s.closure_id
        WHERE b.state IN ({_LIVE}) AND c.reopened_at IS NULL
          AND (s.closed_at IS NOT NULL OR s.taken > c.places_left)
          AND greatest(c.made_at, b.created_at) + interval '10 minutes'
              < coalesce((SELECT at FROM heartbeat WHERE name = 'sweep'), :now)""",
    ),
    # Four days of a worker's work, two of them for what comes in from paper. Without one no clock runs.
    Invariant(
        "5. Nobody is left with an hour of the past",
        """
        SELECT b.id, 'its hour ended at ' || s.ends_at
        FROM booking b JOIN slot s ON s.id = b.slot_id
        WHERE b.state = 'confirmed'
          AND s.ends_at + interval '4 days' < (SELECT at FROM heartbeat WHERE name = 'sweep')""",
    ),
    Invariant(
        "1. A closed hour says by which closure",
        """
        SELECT id, 'closed by nobody' FROM slot WHERE closed_at IS NOT NULL AND closure_id IS NULL
        UNION ALL SELECT s.id, 'under a closure that has ended'
        FROM slot s JOIN closure c ON c.id = s.closure_id
        WHERE c.ended_at IS NOT NULL AND s.starts_at > c.ended_at
        UNION ALL SELECT s.id, 'under a closure that does not name it' FROM slot s
        WHERE s.closure_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM closed_hour h WHERE h.slot_id = s.id AND h.closure_id = s.closure_id)""",
    ),
    Invariant(
        "7. Whoever lost an hour through us was told",
        """
        SELECT r.booking_id, 'no message: hour_closed' FROM reseating r
        WHERE NOT EXISTS (SELECT FROM outbox WHERE kind = 'hour_closed' AND ref = r.booking_id)""",
    ),
    Invariant("6. No transition of a booking outside its table", transitions_outside("booking", MOVES)),
    Invariant(
        "7. A moved visit was told",
        """
        SELECT m.booking_id, 'no message: moved' FROM booking_move m
        WHERE NOT EXISTS (SELECT FROM outbox WHERE kind = 'moved' AND ref = m.booking_id)""",
    ),
    Invariant(
        "11. At most one move per booking",
        """
        SELECT booking_id, 'moves: ' || count(*) FROM booking_move GROUP BY booking_id HAVING count(*) > 1""",
    ),
    Invariant(
        "11. No move later than the day before",
        """
        SELECT m.booking_id, 'moved on the day of its visit or later' FROM booking_move m
        JOIN slot s ON s.id = m.from_slot_id JOIN office o ON o.id = s.office_id
        WHERE (m.moved_at AT TIME ZONE o.time_zone)::date >= (s.starts_at AT TIME ZONE o.time_zone)::date""",
    ),
    Invariant(
        "11. A moved booking stands where its move led",
        """
        SELECT m.booking_id, 'moved to another hour than its own'
        FROM booking_move m JOIN booking b ON b.id = m.booking_id WHERE b.slot_id <> m.to_slot_id""",
    ),
)
