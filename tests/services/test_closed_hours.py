"""An office closes hours, or leaves them fewer places, and opens them again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from mpaspor.applications.models import Application
from mpaspor.billing.accept_offer import accept_offer
from mpaspor.billing.check_out import check_out
from mpaspor.billing.lapse_offer import lapse_offers
from mpaspor.billing.reseat import seat_after_outages
from mpaspor.booking import generate_slots
from mpaspor.booking.closures import AlreadyReopened, NothingToClose
from mpaspor.booking.days import DayState, calendar
from mpaspor.booking.mark_missed import mark_missed
from mpaspor.booking.models import Slot
from mpaspor.booking.returns import return_due
from mpaspor.booking.transitions import SlotFull
from mpaspor.desk.refusals import NotYourStep, ReasonNeeded
from mpaspor.foundation import clock, events
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.stage import bills
from tests.stage.closing import Closing, booking_of, broken, owner_of, reseatings_of, told
from tests.stage.desk import House

Scalar = Callable[..., Any]
DAY = timedelta(days=1)

# Closing stops claims.


def test_a_closed_hour_can_be_had_by_nobody(closing: Closing, palembang: Office, now: datetime) -> None:
    hour = closing.hour()
    account_id, _case, code = bills.draft(palembang, now)
    closing.closes()
    with pytest.raises(SlotFull):
        check_out(account_id, [(code, hour)], now=now)


def test_only_what_was_named_is_closed(closing: Closing, scalar: Scalar) -> None:
    closing.closes(begins=time(8), ends=time(10))
    closed = "SELECT count(*) FROM slot WHERE closed_at IS NOT NULL"
    assert scalar(closed) == 2
    assert scalar(closed + " AND starts_at < '2026-11-27 01:00+00'") == 0
    closing.closes(first=closing.friday, last=closing.friday)
    assert scalar(closed) == scalar(
        "SELECT count(*) FROM slot WHERE (starts_at AT TIME ZONE 'Asia/Jakarta')::date = '2026-11-27'"
    )


def test_a_counter_is_closed_alone(closing: Closing, palembang: Office, scalar: Scalar) -> None:
    point = scalar("SELECT id FROM service_point WHERE office_id = :id", id=palembang.id)
    closing.closes(service_point_id=point)
    assert scalar("SELECT count(*) FROM slot WHERE closed_at IS NOT NULL") == 6


def test_what_is_closed_or_over_is_not_closed_again(closing: Closing) -> None:
    closing.closes()
    with pytest.raises(NothingToClose):
        closing.closes()
    with pytest.raises(NothingToClose):
        closing.closes(first=date(2026, 11, 20), last=date(2026, 11, 20))


def test_a_supervisor_of_the_office_closes_with_a_reason(
    closing: Closing, padang: Office, now: datetime
) -> None:
    from mpaspor.booking.closures import Scope
    from mpaspor.booking.rules import ClosureCause
    from mpaspor.desk.close_hours import close_hours, reopen_hours

    scope = Scope(closing.office, closing.friday, closing.friday)
    house = closing.house
    with pytest.raises(NotYourStep):
        close_hours(house[Role.RECEPTION].id, scope, ClosureCause.POWER, note="x", now=now)
    with pytest.raises(ReasonNeeded):
        close_hours(house[Role.SUPERVISOR].id, scope, ClosureCause.POWER, note=" ", now=now)
    stranger = House(house.app, padang, now)[Role.SUPERVISOR].id
    with pytest.raises(NotYourStep):
        close_hours(stranger, scope, ClosureCause.POWER, note="x", now=now)
    closed = closing.closes()
    with pytest.raises(NotFound):
        reopen_hours(stranger, closed, now=now)
    assert close_hours(
        None,
        Scope(closing.office, closing.friday + DAY * 3, closing.friday + DAY * 3),
        ClosureCause.EVENT,
        note="Perintah",
        now=now,
    )


def test_the_calendar_says_why_a_day_is_shut(closing: Closing, now: datetime, palembang: Office) -> None:
    closing.closes(first=closing.friday, last=closing.friday)
    programme = bills.draft(palembang, now) and db.session.query(Slot).first().programme_id
    day = calendar(palembang, programme, closing.friday, closing.friday, now=now)[0]
    assert (day.state, day.cause) == (DayState.CLOSED, "power")


def test_hours_that_are_made_later_inside_a_closure_are_born_closed(
    closing: Closing, palembang: Office, now: datetime, scalar: Scalar
) -> None:
    far = date(2026, 12, 22)
    closing.closes(first=closing.friday, last=far)
    generate_slots.top_up(palembang.id, now=now + 3 * DAY)
    on = "FROM slot WHERE (starts_at AT TIME ZONE 'Asia/Jakarta')::date = '2026-12-22'"
    assert scalar(f"SELECT count(*) {on}") == 7
    assert scalar(f"SELECT count(*) {on} AND closed_at IS NULL") == 0


# Undone.


def test_reopening_gives_the_old_hour_back_to_who_has_not_chosen(
    closing: Closing, scalar: Scalar, now: datetime
) -> None:
    stays, moved, unpaid = closing.paid(), closing.paid(), closing.unpaid()
    old = booking_of(stays).slot_id
    closing.closes()
    closing.works()
    chosen = booking_of(moved).slot_id
    accept_offer(owner_of(moved), moved, chosen, now=now)
    closing.reopens()
    closing.works()
    assert (booking_of(stays).slot_id, booking_of(stays).state) == (old, "confirmed")
    assert closing.house.state_of(stays) == "scheduled"
    assert booking_of(moved).slot_id == chosen
    back = booking_of(unpaid.application_code)
    assert (back.slot_id, back.state, back.is_offer) == (old, "held", False)
    assert told(scalar, "hour_restored") == 2
    assert scalar("SELECT count(*) FROM slot WHERE closed_at IS NOT NULL OR closure_id IS NOT NULL") == 0
    left = "SELECT (taken, released, capacity)::text FROM slot WHERE id = :id"
    assert scalar(left, id=old) == "(2,17,18)", "what somebody left is not open at a known moment"
    return_due(now=now + timedelta(hours=1))
    assert scalar(left, id=old) == "(2,18,18)"
    assert broken(now) == []


def test_reopening_before_the_worker_came_by_changes_nothing_for_anybody(
    closing: Closing, scalar: Scalar, now: datetime
) -> None:
    code = closing.paid()
    old = booking_of(code)
    closing.closes()
    closing.reopens()
    closing.works()
    assert booking_of(code).id == old.id
    assert told(scalar, "hour_closed") == told(scalar, "hour_restored") == 0
    with pytest.raises(AlreadyReopened):
        closing.reopens()


def test_who_was_silent_gets_the_old_hour_back_too(closing: Closing, now: datetime) -> None:
    code = closing.paid()
    old = booking_of(code).slot_id
    closing.closes()
    closing.works()
    lapse_offers(now=now + DAY)
    closing.reopens(at=now + DAY)
    closing.works(now + DAY)
    assert booking_of(code).slot_id == old


def test_an_hour_that_is_too_near_is_not_given_back(closing: Closing, now: datetime) -> None:
    """They were told not to come: on the day itself nobody is called back."""
    code = closing.paid()
    closing.closes()
    closing.works()
    offered = booking_of(code).slot_id
    on_the_day = now + 4 * DAY - timedelta(hours=1)
    closing.reopens(at=on_the_day)
    closing.works(on_the_day)
    assert booking_of(code).slot_id == offered


# Fewer places instead of none.


def test_a_cut_takes_the_places_of_those_who_booked_last(
    closing: Closing, scalar: Scalar, now: datetime
) -> None:
    first, second, third, old = (closing.paid() for _ in range(4))
    db.session.execute(update(Application).where(Application.code == old).values(birth_on=date(1950, 1, 1)))
    db.session.commit()
    hour = closing.hour()
    closing.closes(places_left=2)
    assert scalar("SELECT released FROM slot WHERE id = :id", id=hour) == 4
    closing.works()
    kept = [code for code in (first, second, third, old) if closing.house.state_of(code) == "scheduled"]
    assert kept == [first, old]
    assert scalar("SELECT (taken, released, capacity)::text FROM slot WHERE id = :id", id=hour) == "(2,2,2)"
    assert broken(now) == []
    closing.reopens()
    closing.works()
    return_due(now=now + timedelta(hours=1))
    whole = scalar("SELECT (taken, released, capacity)::text FROM slot WHERE id = :id", id=hour)
    assert whole == "(4,18,18)"
    assert [closing.house.state_of(code) for code in (first, second, third, old)] == ["scheduled"] * 4
    assert broken(now) == []


def test_a_cut_hour_may_be_closed_and_is_cut_again_when_that_ends(closing: Closing, scalar: Scalar) -> None:
    hour = closing.hour()
    cut = closing.closes(places_left=5)
    closing.closes()
    closing.reopens()
    closing.works()
    state = "SELECT (closed_at IS NULL, closure_id = :cut, released, capacity)::text FROM slot WHERE id = :id"
    assert scalar(state, id=hour, cut=cut) == "(t,t,5,5)"
    closing.reopens(cut)
    closing.works()
    return_due(now=closing.now + timedelta(hours=1))
    assert scalar("SELECT (released, capacity)::text FROM slot WHERE id = :id", id=hour) == "(18,18)"


# Nobody is left in the past.


def test_nobody_is_missed_for_a_closed_hour(closing: Closing, now: datetime) -> None:
    code = closing.paid()
    closing.closes()
    assert mark_missed(now=now + 6 * DAY) == 0
    closing.works(now + 6 * DAY)
    assert closing.house.state_of(code) == "awaiting_place"


def test_after_an_outage_who_did_not_come_is_seated_again(
    closing: Closing, scalar: Scalar, now: datetime
) -> None:
    code = closing.paid()
    down = now + 4 * DAY + timedelta(hours=3)
    with clock.at(down):
        events.record("outage", actor=events.SYSTEM, now=down, details={"gap_seconds": 7200})
        db.session.commit()
    assert mark_missed(now=now + 8 * DAY) == 0
    assert seat_after_outages(now=now + 6 * DAY) == 0  # who came all the same may still be entered
    assert seat_after_outages(now=now + 8 * DAY) == 1
    assert closing.house.state_of(code) == "awaiting_place"
    assert booking_of(code).is_offer
    assert reseatings_of(code)[0].closure_id is None
    assert broken(now + 8 * DAY) == []
