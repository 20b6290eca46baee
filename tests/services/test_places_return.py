"""A freed place comes back later, with others, at a moment that nobody can know (abuse 20)."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete

from mpaspor.billing.cancel_check_out import cancel_check_out
from mpaspor.billing.check_out import check_out
from mpaspor.booking import invariants, returns
from mpaspor.booking.models import PlaceReturn, Slot
from mpaspor.booking.releases import release_places
from mpaspor.booking.returns import return_due
from mpaspor.booking.transitions import SlotFull
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.foundation.operations import operation
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


def test_abuse_20_no_moment_of_the_window_is_likelier_and_the_seed_alone_decides(
    palembang: Office, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sixty batches of a seeded chance, each begun when the one before is over."""
    far = slot(now, 24 * 20, places=1).id

    @operation
    def promise(at: datetime) -> None:
        returns.promise(far, now=at)

    def waits(seed: int) -> list[timedelta]:
        monkeypatch.setattr(returns, "_chance", random.Random(seed))
        begun = [now + n * 31 * MINUTE for n in range(60)]
        for at in begun:
            promise(at)
        found = [due - at for due, at in zip(moments(), begun, strict=True)]
        db.session.execute(delete(PlaceReturn))
        db.session.commit()
        return found

    found = waits(7)
    assert found == waits(7) != waits(8)
    assert min(found) >= 5 * MINUTE and max(found) <= 30 * MINUTE
    assert {int((wait - 5 * MINUTE) / (5 * MINUTE)) for wait in found} == {0, 1, 2, 3, 4}


def test_a_batch_that_is_on_its_way_takes_along_what_is_freed_in_time_and_no_more(
    ratna: Person, budi: Person, palembang: Office, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Freed less than the shortest wait before it, a place would come back at once: it waits for another."""
    monkeypatch.setattr(returns, "_chance", random.Random(7))
    hour = slot(now, 24 * 9, places=3)
    holds_and_gives_back(ratna, RATNA_NIK, palembang, hour, now)
    [first] = moments()
    holds_and_gives_back(budi, BUDI_NIK, palembang, hour, first - 4 * MINUTE)
    one, other = moments()
    assert one == first and first + MINUTE <= other
    assert (return_due(now=first), return_due(now=other)) == (1, 1)


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
