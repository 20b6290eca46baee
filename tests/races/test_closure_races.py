"""An hour closes while people check out for it; yes meets the end of its term; workers meet on a last place.

The twins take the claim's guard away: then people get into a closed hour, workers propose places that are not
there, and `check` says both.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from mpaspor.applications.models import Application
from mpaspor.billing.check_out import check_out
from mpaspor.billing.lapse_offer import lapse_offer
from mpaspor.billing.models import Bill
from mpaspor.billing.record_code import record_billing_code
from mpaspor.billing.reseat import seat_again
from mpaspor.billing.snap import partners
from mpaspor.billing.snap.accept import accept_payment
from mpaspor.booking import reseatings, transitions
from mpaspor.booking.closures import Scope
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.rules import ClosureCause
from mpaspor.cli.check import breaches
from mpaspor.desk.close_hours import close_hours
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date
from tests import live_web
from tests.broken_by_hand import by_hand
from tests.postgres import Urls
from tests.races.crowd import Answer, Browser, crowd, open_forms, statuses, together
from tests.races.test_check_out_races import hour_with, office
from tests.races.unguarded import without_where
from tests.stage import banks

__all__ = ["office"]  # a fixture
Scalar = Callable[..., Any]
IN_THE_CLOSED_HOUR = (
    "SELECT count(*) FROM booking b JOIN slot s ON s.id = b.slot_id "
    "WHERE b.state IN ('held', 'confirmed') AND s.closed_at IS NOT NULL"
)
OFFERS = "SELECT count(*) FROM booking WHERE is_offer AND state = 'held'"
DONE = Answer(200, "", "")


def close_day_of(hour: uuid.UUID, office: Office) -> None:
    """Close the whole day of an hour, as the command line does."""
    starts_at = db.session.scalars(select(Slot.starts_at).where(Slot.id == hour)).one()
    day = local_date(starts_at, office.time_zone)
    db.session.remove()
    close_hours(None, Scope(office, day, day), ClosureCause.POWER, note="Padam", now=clock.now())


def in_a_thread(app: Flask, act: Callable[[], object]) -> Callable[[], Answer]:
    """The act on a connection of its own."""

    def run() -> Answer:
        with app.app_context():
            act()
        return DONE

    return run


def seat_everybody() -> None:
    while seat_again(now=clock.now()):
        pass


def race_to_a_closing_hour(app: Flask, office: Office, url: str) -> tuple[Sequence[Answer], Sequence[Answer]]:
    """Thirty press while the hour is closed, ten afterwards; what each group was answered."""
    hour = hour_with(40)
    people = crowd(url, office, 40, clock.now())
    open_forms(people, hour)
    pressing = [person.press for person in people[:30]]
    answers = together([*pressing, in_a_thread(app, lambda: close_day_of(hour, office))])
    return answers[:30], [person.press() for person in people[30:]]


@pytest.mark.long
def test_who_checks_out_while_the_hour_closes_is_in_and_seated_again_or_is_refused(
    app: Flask, office: Office, database: Urls, tmp_path: Path, scalar: Scalar
) -> None:
    with live_web.web(database, tmp_path, module="tests.races.guarded") as web:
        meanwhile, afterwards = race_to_a_closing_hour(app, office, web.url)
    assert set(statuses(meanwhile)) <= {303, 409}
    assert statuses(afterwards) == {409: 10}
    won = statuses(meanwhile).get(303, 0)
    assert scalar(IN_THE_CLOSED_HOUR) == won
    seat_everybody()
    assert scalar(IN_THE_CLOSED_HOUR) == 0
    assert scalar(OFFERS) == scalar("SELECT count(*) FROM reseating") == won
    assert scalar("SELECT count(*) FROM bill WHERE state = 'requested'") == won
    assert [str(breach) for breach in breaches(clock.now())] == []


@pytest.mark.long
def test_twin_without_the_guard_people_get_into_a_closed_hour_and_check_says_so(
    app: Flask, office: Office, database: Urls, tmp_path: Path, scalar: Scalar
) -> None:
    with live_web.web(database, tmp_path, module="tests.races.unguarded") as web:
        _meanwhile, afterwards = race_to_a_closing_hour(app, office, web.url)
    assert statuses(afterwards) == {303: 10}
    later = clock.now() + timedelta(minutes=11)
    found = [breach for breach in breaches(later) if breach.name.startswith("5. Nobody keeps an hour")]
    assert len(found) == scalar(IN_THE_CLOSED_HOUR) >= 10


@pytest.mark.long
def test_yes_and_the_end_of_the_term_at_once_leave_one_of_both(
    app: Flask, office: Office, database: Urls, tmp_path: Path, scalar: Scalar
) -> None:
    hour = hour_with(20)
    with live_web.web(database, tmp_path, module="tests.races.guarded") as web:
        people = crowd(web.url, office, 20, clock.now())
        for number, person in enumerate(people):
            checks_out_and_pays(person, hour, number)
        close_day_of(hour, office)
        seat_everybody()
        for person in people:
            reads_the_proposal(person)
        over = clock.now() + timedelta(hours=25)
        ends = [
            in_a_thread(app, lambda i=found: lapse_offer(i, now=over))  # type: ignore[misc]
            for found in db.session.scalars(select(Booking.id).where(Booking.is_offer)).all()
        ]
        db.session.remove()
        answers = together(
            [act for pair in zip((p.press for p in people), ends, strict=True) for act in pair]
        )
        pages = [person.read(f"/permohonan/{person.code}") for person in people]
    yes = [answer.status == 303 for answer in answers[::2]]
    assert {answer.status for answer in answers[::2]} <= {303, 409}
    assert scalar("SELECT count(*) FROM booking WHERE state = 'confirmed'") == sum(yes)
    assert scalar("SELECT count(*) FROM application WHERE state = 'scheduled'") == sum(yes)
    assert scalar("SELECT count(*) FROM application WHERE state = 'awaiting_place'") == 20 - sum(yes)
    assert scalar(OFFERS) == 0
    assert [("Tunjukkan di pintu" in page) for page in pages] == yes
    assert [str(breach) for breach in breaches(clock.now())] == []


@pytest.mark.long
def test_three_workers_on_ten_places_for_twenty_people(app: Flask, office: Office, scalar: Scalar) -> None:
    twenty_lose_their_hour(office)
    at_once(app, 3)
    assert scalar(OFFERS) == 10
    assert scalar("SELECT count(*) FROM reseating") == 20
    assert scalar("SELECT count(*) FROM reseating WHERE offered_id IS NULL") == 10
    assert [str(breach) for breach in breaches(clock.now())] == []


@pytest.mark.long
def test_twin_workers_whose_claim_has_no_guard_propose_places_that_there_are_not(
    app: Flask, office: Office, database: Urls, scalar: Scalar, monkeypatch: pytest.MonkeyPatch
) -> None:
    goals = twenty_lose_their_hour(office)
    # What a worker read a moment ago: whatever the others have taken since, the claim alone can know.
    monkeypatch.setattr(reseatings, "candidates", lambda *_, **__: [(goal, 5) for goal in goals])
    monkeypatch.setattr(transitions, "_CLAIM", text(without_where(transitions._CLAIM.text)))
    with by_hand(database, ("ck_slot_never_oversold",)):
        at_once(app, 3)
        assert scalar(OFFERS) == 20
        assert [str(breach) for breach in breaches(clock.now()) if breach.row == str(goals[0])]


def twenty_lose_their_hour(office: Office) -> list[uuid.UUID]:
    """Twenty who paid for one hour, which is closed, while ten places are left in two others."""
    hour = hour_with(20)
    for number, person in enumerate(crowd("", office, 20, clock.now())):
        checks_out_and_pays(person, hour, number)
    close_day_of(hour, office)
    later = Slot.starts_at > clock.now() + timedelta(days=9)
    goals = list(db.session.scalars(select(Slot.id).where(later).order_by(Slot.starts_at).limit(2)))
    db.session.execute(update(Slot).where(Slot.id.not_in(goals)).values(released=Slot.taken))
    db.session.execute(update(Slot).where(Slot.id.in_(goals)).values(released=5))
    db.session.commit()
    db.session.remove()
    return goals


def at_once(app: Flask, workers: int) -> None:
    """So many workers go their round at the same moment."""
    together([in_a_thread(app, seat_everybody) for _ in range(workers)])


def checks_out_and_pays(person: Browser, hour: uuid.UUID, number: int) -> None:
    """From the draft to a confirmed place, by the operations."""
    case = db.session.scalars(select(Application).where(Application.code == person.code)).one()
    account_id, case_id = case.account_id, case.id
    now = clock.now()
    check_out(account_id, [(person.code, hour)], now=now)
    bill = db.session.scalars(select(Bill).where(Bill.application_id == case_id)).one()
    bill_id, amount_rp, code = bill.id, bill.amount_rp, f"8202611{number:08d}"
    record_billing_code(bill_id, code, now, now=now)
    accept_payment(banks.payment_call(_bank(now), code, amount_rp, now, ntb=f"{number:012d}"))


def _bank(now: datetime) -> uuid.UUID:
    found = db.session.scalar(text("SELECT id FROM bank_partner WHERE code = 'BANKUJI'"))
    db.session.rollback()
    if found is not None:
        return uuid.UUID(str(found))
    pem = banks.public_pem(banks.bank_key())
    return partners.register_partner("BANKUJI", name="Bank", secret="x" * 32, public_key_pem=pem, now=now)


def reads_the_proposal(person: Browser) -> None:
    """Open the page and have the finger on the button."""
    page = person.read(f"/permohonan/{person.code}")
    form = re.search(r'<form method="post" action="[^"]+/usulan-jadwal">.*?</form>', page, re.S)
    assert form is not None
    person.form = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
    person.page = "usulan-jadwal"
