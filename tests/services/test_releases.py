"""Places open together at a moment that was said before: once, or every week, never twice, never back."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from mpaspor.billing.cancel_check_out import cancel_check_out
from mpaspor.billing.check_out import check_out
from mpaspor.booking import invariants, release_queries
from mpaspor.booking.generate_slots import top_up
from mpaspor.booking.models import PlaceReturn, Release, Slot
from mpaspor.booking.releases import (
    DaysDoNotFit,
    OpensInThePast,
    Plan,
    ReleaseOver,
    open_due,
    plan_on,
    release_places,
)
from mpaspor.booking.returns import return_due
from mpaspor.booking.transitions import SlotFull
from mpaspor.desk.plan_release import cancel_release, plan_release
from mpaspor.desk.refusals import NotYourStep
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.foundation.refusals import NotFound
from mpaspor.offices.models import Office
from mpaspor.offices.queries import programme_by_code
from mpaspor.offices.rules import local_date
from mpaspor.people.rules import Role
from tests.stage import bills
from tests.stage.closing import Closing
from tests.stage.desk import House

Scalar = Callable[..., Any]
# Friday, 4 December, 14.00 in Palembang; the last days of the year lie beyond the calendar of four weeks.
FRIDAY = datetime(2026, 12, 4, 7, 0, tzinfo=UTC)
YEARS_END = date(2026, 12, 28), date(2026, 12, 31)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def plan_of(office: Office, **changed: Any) -> Plan:
    programme = programme_by_code()
    assert programme is not None
    return replace(Plan(office, programme.id, FRIDAY, *YEARS_END), **changed)


def plans(office: Office, now: datetime, **changed: Any) -> uuid.UUID:
    """The command line plans a release."""
    return uuid.UUID(plan_release(None, plan_of(office, **changed), now=now))


def released(office: Office) -> dict[date, int]:
    """How many places are open on each day that has hours."""
    found: dict[date, int] = {}
    for starts_at, count in db.session.execute(
        select(Slot.starts_at, Slot.released).order_by(Slot.starts_at)
    ):
        day = local_date(starts_at, office.time_zone)
        found[day] = found.get(day, 0) + count
    db.session.remove()
    return found


def sound(now: datetime) -> bool:
    return list(broken(invariants.INVARIANTS, now)) == []


def test_places_open_at_their_moment_and_not_before(palembang: Office, now: datetime, scalar: Scalar) -> None:
    plans(palembang, now)
    assert open_due(now=FRIDAY - timedelta(seconds=1)) == 0
    assert not released(palembang).keys() & {date(2026, 12, 28)}
    assert (open_due(now=FRIDAY), open_due(now=FRIDAY)) == (1, 0)
    found = released(palembang)
    assert {day: found[day] for day in sorted(found) if day > date(2026, 12, 21)} == {
        date(2026, 12, n): 100 for n in range(28, 32)
    }
    assert scalar("SELECT places FROM release") == 400
    assert scalar("SELECT count(*) FROM event WHERE kind = 'released'") == 1
    assert sound(FRIDAY)


def test_days_that_a_release_names_do_not_open_by_themselves_and_others_do(
    palembang: Office, now: datetime
) -> None:
    plans(palembang, now, opens_at=datetime(2026, 12, 27, 7, tzinfo=UTC), first=date(2026, 12, 29))
    top_up(palembang.id, now=FRIDAY)
    found = released(palembang)
    assert {day.day: found[day] for day in found if day >= date(2026, 12, 28)} == {
        **{28: 100, 29: 0, 30: 0, 31: 0},
    }
    db.session.remove()


def test_hours_that_are_made_after_the_opening_are_as_open_as_it_said(
    palembang: Office, now: datetime
) -> None:
    plans(palembang, now, percent=50)
    open_due(now=FRIDAY)
    db.session.query(Slot).filter(Slot.starts_at > datetime(2026, 12, 31, tzinfo=UTC)).delete()
    db.session.commit()
    top_up(palembang.id, now=FRIDAY + DAY)
    assert released(palembang)[date(2026, 12, 31)] == released(palembang)[date(2026, 12, 30)] == 50


def test_shares_open_in_stages_and_nothing_is_taken_back(palembang: Office, now: datetime) -> None:
    stages = [(10, 0), (100, 14), (40, 7)]
    for percent, later in stages:
        plans(palembang, now, percent=percent, opens_at=FRIDAY + later * DAY)
    open_now = []
    for later in (0, 7, 14):
        open_due(now=FRIDAY + later * DAY)
        open_now.append(released(palembang)[date(2026, 12, 30)])
    assert open_now == [7, 36, 100], "of seven hours of 12 and 16 places a tenth, then two fifths, then all"
    plans(palembang, FRIDAY + 15 * DAY, percent=10, opens_at=FRIDAY + 16 * DAY)
    open_due(now=FRIDAY + 16 * DAY)
    assert released(palembang)[date(2026, 12, 30)] == 100


def test_nobody_gets_a_place_before_it_opens(palembang: Office, now: datetime) -> None:
    plans(palembang, now, opens_at=FRIDAY + 23 * DAY)
    top_up(palembang.id, now=FRIDAY)
    hour = db.session.scalars(
        select(Slot.id).where(Slot.starts_at > datetime(2026, 12, 29, tzinfo=UTC)).limit(1)
    ).one()
    db.session.remove()
    account_id, _case, code = bills.draft(palembang, now)
    with pytest.raises(SlotFull):
        check_out(account_id, [(code, hour)], now=FRIDAY + 22 * DAY)
    open_due(now=FRIDAY + 23 * DAY)
    assert check_out(account_id, [(code, hour)], now=FRIDAY + 23 * DAY)
    assert sound(FRIDAY + 23 * DAY)


def test_when_nobody_looked_it_opens_at_the_next_look_and_says_how_late(
    palembang: Office, now: datetime, scalar: Scalar
) -> None:
    plans(palembang, now)
    plans(palembang, now, percent=50, opens_at=FRIDAY - DAY)
    assert open_due(now=FRIDAY + 25 * MINUTE) == 2
    late = [row.late for row in release_queries.past_of(palembang)]
    assert sorted(late) == [25 * MINUTE, DAY + 25 * MINUTE]
    assert scalar("SELECT max((details->>'late_seconds')::int) FROM event WHERE kind = 'released'") == (
        25 * 60 + 86400
    )
    assert released(palembang)[date(2026, 12, 30)] == 100


def test_what_is_over_when_it_opens_opens_nothing(palembang: Office, now: datetime, scalar: Scalar) -> None:
    plans(palembang, now, opens_at=now + DAY, first=date(2026, 11, 25), last=date(2026, 11, 25))
    assert open_due(now=now + 10 * DAY) == 1
    assert scalar("SELECT places FROM release") == 0


def test_a_freed_place_stays_on_its_way(palembang: Office, now: datetime, scalar: Scalar) -> None:
    owed = bills.owing(palembang, now)
    cancel_check_out(owed.account_id, owed.application_code, now=now)
    day = local_date(
        db.session.scalars(select(Slot.starts_at).where(Slot.id == owed.slot_id)).one(), palembang.time_zone
    )
    db.session.remove()
    plans(palembang, now, opens_at=now + MINUTE, first=day, last=day)
    open_due(now=now + MINUTE)
    left = "SELECT capacity - released FROM slot WHERE id = :id"
    assert scalar(left, id=owed.slot_id) == 1
    assert return_due(now=now + 30 * MINUTE) == 1
    assert scalar(left, id=owed.slot_id) == 0
    assert sound(now + 30 * MINUTE)


@pytest.mark.parametrize(("places_left", "open_now", "open_later"), [(0, 9, 18), (4, 4, 18)])
def test_a_closed_or_cut_hour_opens_nothing_until_it_is_opened_again(
    closing: Closing, now: datetime, scalar: Scalar, places_left: int, open_now: int, open_later: int
) -> None:
    hour = closing.hour()
    db.session.execute(update(Slot).values(released=func.floor(Slot.capacity / 2)))
    db.session.commit()
    closing.closes(begins=time(8), ends=time(9), places_left=places_left)
    plans(closing.office, now, opens_at=now + MINUTE, first=closing.friday, last=closing.friday)
    open_due(now=now + MINUTE)
    assert scalar("SELECT released FROM slot WHERE id = :id", id=hour) == open_now
    assert scalar("SELECT places FROM release") == 42, "half of the other hours of that day"
    closing.reopens(at=now + 2 * MINUTE)
    closing.works(now + 2 * MINUTE)
    return_due(now=now + 40 * MINUTE)
    assert scalar("SELECT released FROM slot WHERE id = :id", id=hour) == open_later
    assert sound(now + 40 * MINUTE)


def test_what_was_cancelled_does_not_open_and_what_opened_is_not_cancelled(
    palembang: Office, now: datetime
) -> None:
    first, second = plans(palembang, now), plans(palembang, now, opens_at=FRIDAY + DAY)
    assert cancel_release(None, first, now=now) == 1
    with pytest.raises(ReleaseOver):
        cancel_release(None, first, now=now)
    assert open_due(now=FRIDAY) == 0
    assert open_due(now=FRIDAY + DAY) == 1
    with pytest.raises(ReleaseOver):
        cancel_release(None, second, now=FRIDAY + DAY)


def test_days_that_would_never_open_are_said(palembang: Office, now: datetime) -> None:
    made = plans(palembang, now, opens_at=FRIDAY + 20 * DAY)
    top_up(palembang.id, now=FRIDAY)
    assert release_queries.held_without_plan(palembang, now=FRIDAY) == []
    cancel_release(None, made, now=FRIDAY)
    held = release_queries.held_without_plan(palembang, now=FRIDAY)
    assert [(day.on.day, day.places) for day in held] == [(28, 100), (29, 100), (30, 100), (31, 100)]


# Every week.


def weekly(office: Office, now: datetime, **changed: Any) -> uuid.UUID:
    """Each Friday at 14.00 for the five days that begin ten days later."""
    week = {"first": date(2026, 12, 14), "last": date(2026, 12, 18), **changed}
    return plans(office, now, weekly=True, **week)


def openings() -> list[tuple[date, date]]:
    found = db.session.execute(
        select(Release.opens_at, Release.first_on)
        .where(Release.cancelled_at.is_(None))
        .order_by(Release.opens_at)
    )
    return [(opens_at.date(), first) for opens_at, first in found]


def test_a_weekly_release_is_noted_as_far_as_the_calendar_goes(palembang: Office, now: datetime) -> None:
    weekly(palembang, now)
    found = openings()
    assert found[0] == (date(2026, 12, 4), date(2026, 12, 14))
    assert all((later[0] - one[0]).days == 7 for one, later in zip(found, found[1:], strict=False))
    assert now.date() + timedelta(days=113) < found[-1][0] <= now.date() + timedelta(days=120)
    assert plan_on(now=now) == 0
    assert plan_on(now=now + 7 * DAY) == 1


def test_no_week_is_left_out_although_no_worker_ran_for_half_a_year(palembang: Office, now: datetime) -> None:
    weekly(palembang, now)
    plan_on(now=now + 180 * DAY)
    found = openings()
    assert len(found) == len({opens for opens, _first in found})
    assert (found[-1][0] - found[0][0]).days == 7 * (len(found) - 1)


def test_one_week_is_left_out_or_the_rest_is_ended(palembang: Office, now: datetime) -> None:
    weekly(palembang, now)
    count = len(openings())
    second = db.session.scalars(select(Release.id).order_by(Release.opens_at).offset(1).limit(1)).one()
    db.session.remove()
    cancel_release(None, second, now=now)
    assert plan_on(now=now) == 0 and len(openings()) == count - 1
    last = db.session.scalars(select(Release.id).order_by(Release.opens_at.desc()).limit(1)).one()
    db.session.remove()
    open_due(now=FRIDAY)
    assert cancel_release(None, last, whole_series=True, now=FRIDAY) == count - 2
    assert plan_on(now=FRIDAY + 30 * DAY) == 0
    assert openings() == [(date(2026, 12, 4), date(2026, 12, 14))]
    assert sound(FRIDAY)


# What cannot be planned, and by whom.


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"opens_at": datetime(2026, 11, 23, 1, tzinfo=UTC)}, OpensInThePast),
        ({"first": date(2026, 12, 4)}, DaysDoNotFit),
        ({"first": date(2026, 12, 5), "last": date(2026, 12, 4)}, DaysDoNotFit),
        ({"first": date(2026, 12, 5), "last": date(2027, 2, 5)}, DaysDoNotFit),
        ({"first": date(2027, 4, 4), "last": date(2027, 4, 4)}, DaysDoNotFit),
    ],
)
def test_what_cannot_open_is_not_planned(
    palembang: Office, now: datetime, changed: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        plans(palembang, now, **changed)
    assert openings() == []


def test_a_supervisor_of_the_office_plans(house: House, padang: Office, now: datetime) -> None:
    wanted = plan_of(house.office)
    made = plan_release(house[Role.SUPERVISOR].id, wanted, now=now)
    for act in (
        lambda: plan_release(house[Role.VERIFIER].id, wanted, now=now),
        lambda: plan_release(house[Role.SUPERVISOR].id, replace(wanted, office=padang), now=now),
    ):
        with pytest.raises(NotYourStep):
            act()
    with pytest.raises(NotFound):
        cancel_release(house[Role.VERIFIER].id, uuid.UUID(made), now=now)
    assert cancel_release(house[Role.SUPERVISOR].id, uuid.UUID(made), now=now) == 1


# Looking before, and what is announced.


def test_a_preview_says_what_opens(palembang: Office, now: datetime, scalar: Scalar) -> None:
    wanted = plan_of(palembang, first=date(2026, 12, 21), last=date(2027, 1, 1), percent=50)
    db.session.execute(update(Slot).values(released=func.floor(Slot.capacity / 4)))
    db.session.commit()
    found = {day.on.day: day for day in release_queries.preview(wanted)}
    assert (found[21].open_now, found[21].opens, found[21].capacity) == (25, 25, 100)
    assert (found[22].open_now, found[22].opens) == (0, 50)
    assert found[24].holiday and found[25].holiday and found[1].holiday and not found[26].hours
    plan_release(None, wanted, now=now)
    open_due(now=FRIDAY)
    assert scalar("SELECT places FROM release") == sum(day.opens for day in found.values())


def test_only_what_opens_something_is_announced(palembang: Office, now: datetime) -> None:
    def announced(programme_id: uuid.UUID) -> list[date]:
        return [one.first_on for one in release_queries.openings(palembang, programme_id, now=now)]

    wanted = plan_of(palembang, first=date(2026, 12, 7), last=date(2026, 12, 11))
    plan_release(None, wanted, now=now)
    assert announced(wanted.programme_id) == [], "all of that week is open"
    db.session.execute(update(Slot).where(Slot.starts_at > FRIDAY).values(released=1))
    db.session.commit()
    assert announced(wanted.programme_id) == [date(2026, 12, 7)]
    assert announced(uuid.uuid4()) == []


def test_opening_at_once_is_left_to_the_command_line(palembang: Office, now: datetime) -> None:
    top_up(palembang.id, now=FRIDAY, released_percent=0)
    first, last = YEARS_END
    assert release_places(palembang.id, first=first, last=last, percent=100, now=FRIDAY) == 28
    assert db.session.scalar(select(func.count()).select_from(PlaceReturn)) == 0
