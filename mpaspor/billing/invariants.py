"""This room's part of `bin/mpaspor check` (STATES §9): money stands behind every place, to the rupiah."""

from __future__ import annotations

from mpaspor.applications.rules import ENDED, PAID_FOR, CaseState
from mpaspor.billing.rules import MOVES, OPEN, PAID, BillState
from mpaspor.booking.rules import COUNTED
from mpaspor.foundation.columns import listed
from mpaspor.foundation.invariants import Invariant, transitions_outside
from mpaspor.offices.rules import HOME_ZONE

_PAID = listed(PAID)
_OPEN = listed(OPEN)
_UNPAID_CASES = listed({CaseState.DRAFT, CaseState.AWAITING_PAYMENT, CaseState.DISCARDED})
_PAID_CASES = listed((PAID_FOR | ENDED | {CaseState.MISSED}) - {CaseState.DISCARDED})
_NEEDS_PLACE = listed((PAID_FOR | {CaseState.MISSED}) - {CaseState.AWAITING_PLACE})

# Waivers and finance's queue do not exist yet; a reversed bill is what finance has to look at (STATES §3).
INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "3. A case past payment has one paid or settled bill",
        f"""
        SELECT a.code, format('state %s, bills paid %s, reversed %s', a.state,
            count(b.id) FILTER (WHERE b.state IN ({_PAID})), count(b.id) FILTER (WHERE b.state = 'reversed'))
        FROM application a LEFT JOIN bill b ON b.application_id = a.id
        WHERE a.state IN ({_PAID_CASES}) GROUP BY a.id
        HAVING count(b.id) FILTER (WHERE b.state IN ({_PAID})) <> 1
           AND count(b.id) FILTER (WHERE b.state = '{BillState.REVERSED}') = 0""",
    ),
    Invariant(
        "3. A paid bill has moved its case",
        f"""
        SELECT a.code, 'bill ' || b.state || ', but case ' || a.state
        FROM bill b JOIN application a ON a.id = b.application_id
        WHERE b.state IN ({_PAID}) AND a.state IN ({_UNPAID_CASES})""",
    ),
    Invariant(
        "3. Every accepted payment belongs to one bill of its amount",
        f"""
        SELECT p.id, format('payment of %s for a bill %s of %s', p.amount_rp, b.state, b.amount_rp)
        FROM payment p LEFT JOIN bill b ON b.id = p.bill_id
        WHERE p.state = 'accepted' AND (
            b.id IS NULL OR b.amount_rp <> p.amount_rp OR b.billing_code IS DISTINCT FROM p.billing_code
            OR b.state NOT IN ({_PAID}))""",
    ),
    Invariant(
        "3. A paid bill has one accepted payment",
        f"""
        SELECT b.id, 'accepted payments: ' || count(p.id)
        FROM bill b LEFT JOIN payment p ON p.bill_id = b.id AND p.state = 'accepted'
        WHERE b.state IN ({_PAID}) GROUP BY b.id HAVING count(p.id) <> 1""",
    ),
    Invariant(
        "3. The same money is there once",
        """
        SELECT min(id::text), 'payments of one collector with one billing code and NTB: ' || count(*)
        FROM payment GROUP BY partner_id, billing_code, ntb HAVING count(*) > 1""",
    ),
    Invariant(
        "3. A bank is told of its money what the books say",
        """
        SELECT p.id, 'its own request was answered ' || coalesce(r.response_code, 'nothing')
        FROM payment p LEFT JOIN payment_request r
             ON r.partner_id = p.partner_id AND r.request_id = p.payment_request_id
        WHERE p.partner_id IS NOT NULL AND r.payment_id IS DISTINCT FROM p.id
        UNION ALL SELECT p.id, 'another bank, or another code, was told that this is its money'
        FROM payment_request r JOIN payment p ON p.id = r.payment_id
        WHERE r.billing_code <> p.billing_code OR r.partner_id <> p.partner_id
        UNION ALL SELECT p.id, 'banks that were told it is theirs: ' || count(DISTINCT r.partner_id)
        FROM payment_request r JOIN payment p ON p.id = r.payment_id
        GROUP BY p.id HAVING count(DISTINCT r.partner_id) > 1
        UNION ALL SELECT partner_id, 'an undecided request was kept: ' || request_id
        FROM payment_request WHERE response_code LIKE '5%'""",
    ),
    Invariant(
        "3. An NTPN belongs to one bill, and a settled bill has one",
        """
        SELECT min(id::text), 'settled bills with one NTPN: ' || count(*)
        FROM bill WHERE ntpn IS NOT NULL GROUP BY ntpn HAVING count(*) > 1
        UNION ALL SELECT id::text, 'settled without an NTPN' FROM bill
        WHERE state = 'settled' AND (ntpn IS NULL OR settled_at IS NULL)""",
    ),
    Invariant(
        "3. A bill is the sum of its lines",
        """
        SELECT b.id, format('bill of %s, lines of %s', b.amount_rp, coalesce(sum(l.amount_rp), 0))
        FROM bill b LEFT JOIN bill_line l ON l.bill_id = b.id
        GROUP BY b.id HAVING coalesce(sum(l.amount_rp), 0) <> b.amount_rp""",
    ),
    # Applied money is counted by the bills that it paid, each once: so the two sides come from two tables.
    Invariant(
        "4. Money collected = applied + suspense + refunded or reversed",
        f"""
        WITH money AS (
            SELECT p.*, (p.paid_at AT TIME ZONE '{HOME_ZONE}')::date AS paid_on,
                   row_number() OVER (PARTITION BY p.bill_id, p.state ORDER BY p.received_at, p.id) AS turn
            FROM payment p)
        SELECT format('%s on %s', coalesce(m.partner_id::text, 'treasury'), m.paid_on),
               format('collected %s, accounted for %s', sum(m.amount_rp), sum(CASE
                   WHEN m.state <> 'accepted' THEN m.amount_rp
                   WHEN m.turn = 1 THEN coalesce(b.amount_rp, 0) ELSE 0 END))
        FROM money m LEFT JOIN bill b ON b.id = m.bill_id AND b.state IN ({_PAID})
        GROUP BY m.partner_id, m.paid_on
        HAVING sum(m.amount_rp) <> sum(CASE
                   WHEN m.state <> 'accepted' THEN m.amount_rp
                   WHEN m.turn = 1 THEN coalesce(b.amount_rp, 0) ELSE 0 END)""",
    ),
    Invariant(
        "5. No paid bill without a place, unless the case awaits one or has ended",
        f"""
        SELECT a.code, 'state ' || a.state || ', paid, without a place'
        FROM bill b JOIN application a ON a.id = b.application_id
        WHERE b.state IN ({_PAID}) AND a.state IN ({_NEEDS_PLACE}) AND NOT EXISTS (
            SELECT FROM booking k WHERE k.application_id = a.id AND k.state IN ({listed(COUNTED)}))""",
    ),
    Invariant(
        "5. An open bill and a case that awaits its payment come together",
        f"""
        SELECT a.code, format('state %s, open bills %s', a.state, count(b.id))
        FROM application a LEFT JOIN bill b ON b.application_id = a.id AND b.state IN ({_OPEN})
        GROUP BY a.id
        HAVING count(b.id) <> CASE WHEN a.state = 'awaiting_payment' THEN 1 ELSE 0 END""",
    ),
    Invariant("6. No transition of a bill outside its table", transitions_outside("bill", MOVES)),
    Invariant(
        "6. A bill stands where its last event led",
        """
        WITH ends AS (
            SELECT DISTINCT ON (details->>'bill') (details->>'bill')::uuid AS bill_id, to_state
            FROM event WHERE kind = 'bill'
            ORDER BY details->>'bill', seq DESC NULLS LAST, at DESC, id DESC)
        SELECT b.id, format('state %s, but the last event led to %s', b.state, ends.to_state)
        FROM bill b LEFT JOIN ends ON ends.bill_id = b.id
        WHERE b.state <> coalesce(ends.to_state, 'requested')""",
    ),
    Invariant(
        "7. What happened to a bill was told",
        """
        SELECT e.details->>'bill', 'no message: ' || promised.message
        FROM (VALUES ('payable', 'billing_letter'), ('lapsed', 'bill_lapsed'), ('settled', 'receipt'))
             AS promised (to_state, message)
        JOIN event e ON e.kind = 'bill' AND e.to_state = promised.to_state
        WHERE NOT EXISTS (
            SELECT FROM outbox WHERE kind = promised.message AND ref = (e.details->>'bill')::uuid)""",
    ),
    Invariant(
        "7. A bill has asked the treasury for its code",
        """
        SELECT b.id, 'nobody was asked for its code' FROM bill b
        WHERE NOT EXISTS (SELECT FROM outbox WHERE kind = 'request_billing_code' AND ref = b.id)""",
    ),
    Invariant(
        "7. A message about a case, its bill or its booking names the case",
        """
        SELECT o.id, o.kind || ' about ' || coalesce(o.application_id::text, 'no case')
        FROM outbox o JOIN (
            SELECT id, id AS application_id FROM application
            UNION ALL SELECT id, application_id FROM bill
            UNION ALL SELECT id, application_id FROM booking
        ) thing ON thing.id = o.ref
        WHERE o.application_id IS DISTINCT FROM thing.application_id""",
    ),
    Invariant(
        "7. A place, its loss and a withdrawal were told",
        """
        SELECT a.code, 'no message: ' || promised.message
        FROM (VALUES ('scheduled', 'visit_letter'), ('awaiting_place', 'awaiting_place'),
                     ('withdrawn', 'withdrawn')) AS promised (to_state, message)
        JOIN event e ON e.kind = 'case' AND e.to_state = promised.to_state AND e.from_state <> 'arrived'
        JOIN application a ON a.id = e.application_id
        WHERE NOT EXISTS (
            SELECT FROM outbox o WHERE o.application_id = a.id AND (o.kind = promised.message
                OR (promised.message, o.kind) IN
                   (('awaiting_place', 'hour_closed'), ('scheduled', 'hour_restored'))))""",
    ),
)
