"""What must always hold about the desk (STATES §9.6): each check names the rows that break it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import MOVES, STEPS_BACK, CaseState
from mpaspor.desk.models import Biometrics, Handover
from mpaspor.desk.queue_rules import TURN_MOVES
from mpaspor.desk.register_walk_in import REGISTERED
from mpaspor.desk.rules import ADMITTED_BY, REGISTERED_BY, WHO, WHO_BACK
from mpaspor.foundation import events
from mpaspor.foundation.columns import listed
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import Invariant, transitions_outside, wrong_file
from mpaspor.foundation.models import Event


def _steps_out_of_order(_now: datetime) -> Iterator[tuple[object, str]]:
    """Each step is in the table, follows the one before it, and was made by somebody who might.

    Millions of steps are of a few dozen kinds: the kinds are judged, and the cases of a wrong one named.
    """
    before = func.lag(Event.to_state).over(partition_by=Event.application_id, order_by=events.in_order())
    steps = (
        select(
            Event.application_id,
            before.label("before"),
            *(Event.__table__.c[name] for name in ("from_state", "to_state", "actor_kind", "actor_role")),
        )
        .where(Event.kind == "case", Event.application_id.is_not(None))
        .subquery()
    )
    of_kind = [column for column in steps.c if column.name != "application_id"]
    for kind in db.session.execute(select(*of_kind).distinct()).all():
        wrong = list(_faults(kind))
        if wrong:
            is_such = [
                column.is_not_distinct_from(value) for column, value in zip(of_kind, kind, strict=True)
            ]
            cases = select(Application.code).join(steps, steps.c.application_id == Application.id)
            for code in db.session.scalars(cases.where(*is_such).order_by(Application.code)):
                yield from ((code, said) for said in wrong)


def _faults(event: Any) -> Iterator[str]:
    step = f"{event.from_state} → {event.to_state}"
    if event.before is not None and event.from_state != event.before:
        yield f"{step} does not follow {event.before}"
    old, new = CaseState(str(event.from_state)), CaseState(str(event.to_state))
    is_forward, is_back = new in MOVES.get(old, frozenset()), STEPS_BACK.get(old) is new
    if not (is_forward or is_back):
        yield f"{step} is not in the table"
    if event.actor_kind == "officer" and not _might(old, new, event.actor_role, is_back):
        yield f"{step} by {event.actor_role}"


def _might(old: CaseState, new: CaseState, role: str | None, is_back: bool) -> bool:
    roles = WHO.get((old, new), frozenset()) | (WHO_BACK[old] if is_back else frozenset())
    return role in roles


def _letters_of_attorney(_now: datetime) -> Iterator[tuple[object, str]]:
    rows = db.session.execute(
        select(Application.code, Handover.letter_key, Handover.letter_sha256)
        .join(Application, Application.id == Handover.application_id)
        .where(Handover.letter_key.is_not(None))
        .execution_options(yield_per=200)
    )
    for code, key, digest in rows:
        wrong = wrong_file(key, digest)
        if wrong is not None:
            yield code, wrong


def _photos(_now: datetime) -> Iterator[tuple[object, str]]:
    rows = db.session.execute(
        select(Application.code, Biometrics.file_key, Biometrics.sha256)
        .join(Application, Application.id == Biometrics.application_id)
        .execution_options(yield_per=200)
    )
    for code, key, digest in rows:
        wrong = wrong_file(key, digest)
        if wrong is not None:
            yield code, wrong


INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "6. Who printed a booklet did not test it",
        """
        SELECT a.code, 'booklet tested by its printer'
        FROM booklet b JOIN application a ON a.id = b.application_id
        WHERE b.tested_by = b.printed_by""",
    ),
    Invariant(
        "6. A printed booklet came out of the stock of its office",
        """
        SELECT a.code, 'booklet of another office, or counted as left'
        FROM booklet b JOIN application a ON a.id = b.application_id
        LEFT JOIN blank_booklet s ON s.number = b.number
        WHERE s.number IS NULL OR s.office_id <> a.office_id OR b.office_id <> a.office_id
           OR s.state <> CASE WHEN b.passed IS FALSE THEN 'spoilt' ELSE 'used' END""",
    ),
    Invariant(
        "6. A used booklet was printed for somebody",
        """
        SELECT s.number, 'used for nobody' FROM blank_booklet s
        WHERE s.state = 'used' AND NOT EXISTS (SELECT FROM booklet b WHERE b.number = s.number)""",
    ),
    Invariant(
        "6. A batch holds the booklets that were counted in",
        """
        SELECT t.first_number, 'booklets: ' || count(s.number) || ' of ' || t.count
        FROM booklet_batch t
        LEFT JOIN blank_booklet s ON s.batch_id = t.id AND s.office_id = t.office_id AND s.kind = t.kind
        GROUP BY t.id, t.first_number, t.count HAVING count(s.number) <> t.count""",
    ),
    Invariant(
        "6. A passport is ready by a passed test and not otherwise",
        """
        SELECT a.code, 'state ' || a.state || ' without a passed booklet' FROM application a
        WHERE a.state IN ('ready', 'collected', 'void') AND (
            SELECT b.passed FROM booklet b WHERE b.application_id = a.id
            ORDER BY b.printed_at DESC, b.id DESC LIMIT 1
        ) IS NOT TRUE""",
    ),
    Invariant(
        "6. A collected passport has one handover, any other none",
        """
        SELECT a.code, 'handovers that count: ' || count(h.id) FROM application a
        LEFT JOIN handover h ON h.application_id = a.id AND h.taken_back_at IS NULL
        GROUP BY a.id, a.code, a.state
        HAVING count(h.id) <> CASE WHEN a.state = 'collected' THEN 1 ELSE 0 END""",
    ),
    Invariant(
        "6. From biometrics on the moment of the photo is known",
        """
        SELECT a.code, 'state ' || a.state || ' without photo or its moment' FROM application a
        LEFT JOIN biometrics b ON b.application_id = a.id
        WHERE a.state IN ('biometrics_taken', 'interviewed', 'granted', 'printed', 'ready', 'collected')
          AND (a.biometrics_at IS NULL OR b.application_id IS NULL)""",
    ),
    Invariant(
        "6. A refusal or deferral was proposed by one adjudicator and decided by another",
        """
        SELECT a.code, 'decided without a colleague''s proposal' FROM event e
        JOIN application a ON a.id = e.application_id
        WHERE e.kind = 'case' AND e.to_state IN ('deferred', 'refused') AND NOT EXISTS (
            SELECT FROM event p WHERE p.application_id = e.application_id AND p.kind = 'proposed'
              AND p.at <= e.at AND p.actor_id <> e.actor_id AND p.details->>'verdict' = e.to_state)""",
    ),
    Invariant(
        "6. A passport was granted with every register clear, or with a reason",
        """
        SELECT a.code, 'granted without a reason against ' || c.registry || ' ' || c.state
        FROM registry_check c JOIN application a ON a.id = c.application_id
        JOIN event e ON e.application_id = a.id AND e.kind = 'case'
        WHERE e.from_state = 'interviewed' AND e.to_state = 'granted' AND e.reason IS NULL
          AND c.state <> 'clear' AND e.at > c.asked_at""",
    ),
    Invariant(
        "6. A corrected NIK was read by two officers",
        """
        SELECT a.code, 'corrected by one' FROM nik_correction c JOIN application a ON a.id = c.application_id
        WHERE c.agreed AND c.decided_by IS NOT DISTINCT FROM c.proposed_by""",
    ),
    Invariant(
        "6. A person who is in the house has a booking that says so",
        """
        SELECT a.code, 'state ' || a.state || ' without an attended booking' FROM application a
        WHERE a.state IN ('arrived', 'documents_wanted', 'documents_checked', 'biometrics_taken',
                          'interviewed', 'granted', 'printed', 'ready', 'collected')
          AND NOT EXISTS (SELECT FROM booking b WHERE b.application_id = a.id AND b.state = 'attended')""",
    ),
    Invariant(
        "5. Nobody stays in the house past the day after",
        """
        SELECT a.code, 'in the house since ' || p.day FROM presence p
        JOIN application a ON a.id = p.application_id JOIN office o ON o.id = p.office_id
        WHERE p.left_at IS NULL AND p.day < (:now AT TIME ZONE o.time_zone)::date - 1""",
    ),
    Invariant(
        "6. Whoever waits at a counter is in the house",
        """
        SELECT a.code, t.station || ' ' || t.state || ' for somebody who left' FROM turn t
        JOIN application a ON a.id = t.application_id JOIN presence p ON p.id = t.presence_id
        WHERE t.ended_at IS NULL AND t.station IN ('papers', 'photo', 'interview', 'pickup')
          AND p.left_at IS NOT NULL""",
    ),
    Invariant(
        "6. Whoever waits for a supervisor's word is not in the house",
        """
        SELECT a.code, 'asked about, and here since ' || p.arrived_at FROM supervisor_question q
        JOIN application a ON a.id = q.application_id JOIN presence p ON p.application_id = a.id
        WHERE q.answered_at IS NULL AND p.left_at IS NULL""",
    ),
    Invariant(
        "6. Who was told of later came between the day's list and the telling, and was let in once",
        """
        SELECT a.code, 'told of at ' || t.came_at FROM told_arrival t
        JOIN day_list l ON l.id = t.list_id JOIN application a ON a.id = t.application_id
        WHERE t.became = 'let_in' AND (t.came_at < l.made_at OR t.came_at > t.sent_at OR (
            SELECT count(*) FROM presence p
            WHERE p.application_id = t.application_id AND p.arrived_at = t.came_at) <> 1)""",
    ),
    Invariant(
        "6. Whom the door registered, an officer of that office registered who might",
        f"""
        SELECT a.code, coalesce('registered by a ' || e.actor_role, 'registered by nobody')
        FROM walk_in w JOIN application a ON a.id = w.application_id
        LEFT JOIN event e ON e.application_id = a.id AND e.kind = '{REGISTERED}'
        WHERE e.id IS NULL OR e.actor_id <> w.registered_by OR e.office_id <> w.office_id
           OR e.actor_role NOT IN ({listed(REGISTERED_BY)}) OR e.reason IS DISTINCT FROM w.reason
           OR w.ground = 'admitted' AND e.actor_role NOT IN ({listed(ADMITTED_BY)})""",
    ),
    Invariant("6. No transition of a turn outside its table", transitions_outside("turn", TURN_MOVES)),
    Invariant(
        "7. A register that has not answered was asked",
        """
        SELECT a.code, 'never asked: ' || c.registry FROM registry_check c
        JOIN application a ON a.id = c.application_id
        WHERE c.state = 'asked' AND NOT EXISTS (
            SELECT FROM outbox o WHERE o.kind = 'ask_registry' AND o.payload->>'ask_id' = c.ask_id::text)""",
    ),
    Invariant(
        "7. Wanted papers and decisions, ready and collected passports were told",
        """
        SELECT a.code, 'no message: ' || promised.message
        FROM (VALUES ('documents_wanted', 'papers_wanted'), ('granted', 'granted'), ('deferred', 'deferred'),
                     ('refused', 'refused'), ('ready', 'ready'), ('collected', 'collected'),
                     ('missed', 'missed'), ('closed', 'closed'), ('void', 'void'))
             AS promised (to_state, message)
        JOIN event e ON e.kind = 'case' AND e.to_state = promised.to_state AND e.from_state <> 'collected'
        JOIN application a ON a.id = e.application_id
        WHERE NOT EXISTS (
            SELECT FROM outbox o WHERE o.application_id = a.id AND o.kind = promised.message)""",
    ),
    Invariant(
        "7. News of a step that was taken back was stopped, or corrected",
        """
        SELECT a.code, 'not corrected: ' || e.from_state
        FROM event e JOIN application a ON a.id = e.application_id
        WHERE e.kind = 'case' AND (e.from_state, e.to_state) IN
              (('granted', 'interviewed'), ('ready', 'printed'), ('collected', 'ready'))
          AND NOT EXISTS (SELECT FROM outbox o WHERE o.application_id = a.id AND (
              o.kind = e.from_state AND o.cancelled_at BETWEEN e.at - interval '1 minute' AND e.at
              OR o.kind = 'taken_back' AND o.payload->>'was' = e.from_state
                 AND o.created_at BETWEEN e.at - interval '1 minute' AND e.at))""",
    ),
    Invariant(
        "An officer's exception has its reason",
        """
        SELECT a.code, concat_ws(' ', 'no reason:', e.kind, e.from_state, e.to_state)
        FROM event e JOIN application a ON a.id = e.application_id
        WHERE e.actor_kind = 'officer' AND e.reason IS NULL AND (
            e.kind IN ('paper_wanted', 'proposed', 'proposal_declined')
            OR e.kind = 'case' AND e.from_state = 'missed'
            OR e.kind = 'case' AND e.to_state IN ('closed', 'deferred', 'refused'))""",
    ),
    Invariant("6. No transition out of order, each by somebody who may", _steps_out_of_order),
    Invariant("9. A paper left at pickup has its file with that hash", _letters_of_attorney),
    Invariant("9. A photo taken at the counter has its file with that hash", _photos),
    Invariant(
        "7. An announced delay was told",
        """
        SELECT b.id, format('%s minutes, and no message', s.delay_minutes)
        FROM booking b JOIN slot s ON s.id = b.slot_id
        WHERE s.delay_minutes > 0 AND b.state = 'confirmed'
          AND NOT EXISTS (SELECT FROM outbox WHERE kind = 'delayed' AND ref = b.id)
          AND NOT EXISTS (SELECT FROM presence p WHERE p.application_id = b.application_id)""",
    ),
)
