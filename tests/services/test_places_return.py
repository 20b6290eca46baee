"""A freed place comes back later, with others, at a moment that nobody can know (abuse 20)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from mpaspor.billing.cancel_check_out import cancel_check_out
from mpaspor.billing.check_out import check_out
from mpaspor.booking import invariants
from mpaspor.booking.models import PlaceReturn, Slot
from mpaspor.booking.releases import release_places
from mpaspor.booking.returns import return_due
from mpaspor.booking.transitions import SlotFull
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.offices.models import Office
from mpaspor.offices.rules import earliest_start, last_claim_moment
from tests.stage.cast import BUDI_NIK, RATNA_NIK, Person
from tests.stage.drafts import ready_draft

MINUTE = timedelta(minutes=1)


def slot(now: datetime, hours_ahead: int, places: int) -> Slot:
    found = (
        db.session.query(Slot)
        .filter(Slot.starts_at > now + timedelta(hours=hours_ahead))
        .order_by(Slot.starts_at)
        .first()
    )
    found.released = places
    db.session.commit()
    db.session.refresh(found)
    db.session.expunge(found)
    return found


def moments() -> list[datetime]:
    found = list(db.session.scalars(db.select(PlaceReturn.due_at).order_by(PlaceReturn.due_at)))
    db.session.remove()
    return found


def holds_and_gives_back(who: Person, nik: str, office: Office, hour: Slot, now: datetime) -> None:
    draft = ready_draft(who, office, nik, now)
    check_out(who.id, [(draft.code, hour.id)], now=now)
    cancel_check_out(who.id, draft.code, now=now)


def test_abuse_20_a_cancelled_last_place_cannot_be_taken_by_the_partner_who_waits_beside_it(
    ratna: Person, budi: Person, palembang: Office, now: datetime, scalar: Callable[..., object]
) -> None:
    hour = slot(now, 20, places=1)
    holds_and_gives_back(ratna, RATNA_NIK, palembang, hour, now)
    theirs = ready_draft(budi, palembang, BUDI_NIK, now)
    for moment in (now, now + 4 * MINUTE):
        assert return_due(now=moment) == 0
        with pytest.raises(SlotFull):
            check_out(budi.id, [(theirs.code, hour.id)], now=moment)
    (due,) = moments()
    assert now + 5 * MINUTE <= due <= now + 30 * MINUTE
    assert (return_due(now=due), return_due(now=due)) == (1, 0)
    assert check_out(budi.id, [(theirs.code, hour.id)], now=due)
    assert scalar("SELECT count(*) FROM place_return") == 0
    assert list(broken(invariants.INVARIANTS, due)) == []


def test_abuse_20_places_freed_at_one_office_come_back_together(
    ratna: Person, budi: Person, palembang: Office, now: datetime
) -> None:
    first, second = slot(now, 20, places=1), slot(now, 50, places=2)
    holds_and_gives_back(ratna, RATNA_NIK, palembang, first, now)
    holds_and_gives_back(budi, BUDI_NIK, palembang, second, now)
    one, other = moments()
    assert one == other
    assert return_due(now=one) == 2


def test_a_place_comes_back_while_its_hour_can_still_be_taken(
    ratna: Person, palembang: Office, now: datetime
) -> None:
    hour = slot(now, 20, places=1)
    last = last_claim_moment(hour.starts_at, palembang.time_zone, 1)
    assert earliest_start(last - MINUTE, palembang.time_zone, 1) <= hour.starts_at
    assert earliest_start(last, palembang.time_zone, 1) > hour.starts_at
    holds_and_gives_back(ratna, RATNA_NIK, palembang, hour, last - 6 * MINUTE)
    assert moments()[0] <= last - MINUTE


def test_opening_more_places_leaves_the_ones_on_their_way_where_they_are(
    ratna: Person, palembang: Office, now: datetime, scalar: Callable[..., object]
) -> None:
    hour = slot(now, 20, places=1)
    holds_and_gives_back(ratna, RATNA_NIK, palembang, hour, now)
    day = hour.starts_at.date()
    release_places(palembang.id, first=day, last=day, percent=100, now=now)
    assert scalar("SELECT released = capacity - 1 FROM slot WHERE id = :id", id=hour.id)
    return_due(now=moments()[0])
    assert scalar("SELECT released = capacity FROM slot WHERE id = :id", id=hour.id)
