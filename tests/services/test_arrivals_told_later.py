"""The server was away: what the door wrote down meanwhile is merged, once, as of when people came."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk import day_list, door_queries, invariants, refusals
from mpaspor.desk.call_next import call_next
from mpaspor.desk.check_in import check_in
from mpaspor.desk.close_case import close_case
from mpaspor.desk.day_list import take_day_list
from mpaspor.desk.door_rules import Told, Why
from mpaspor.desk.merge_arrival import Arrival, merge_arrival
from mpaspor.desk.models import Presence
from mpaspor.desk.take_back import take_back
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.offices.models import Office
from mpaspor.people.models import StaffKin
from mpaspor.people.rules import Role
from tests.stage.desk import House, officer

SOON, LATER = timedelta(minutes=10), timedelta(minutes=70)  # scanned; and the server is there again


class Door:
    """One door with the day's list, whose server goes away at eight and is there again at ten past nine."""

    def __init__(self, house: House, role: Role = Role.RECEPTION, **changed: Any) -> None:
        self.house, self.who = house, changed.get("who", house[role])
        self.list_id = uuid.UUID(take_day_list(self.who.id, now=house.now))

    def wrote(self, code: str, after: timedelta = SOON, **also: Any) -> Arrival:
        """What its device keeps of a scan."""
        return Arrival(uuid.uuid4(), self.list_id, code, self.house.now + after, **also)

    def tells(self, one: Arrival, after: timedelta = LATER, by: uuid.UUID | None = None) -> tuple[str, Any]:
        became, ticket = merge_arrival(by or self.who.id, one, now=self.house.now + after)
        return str(became), ticket


@pytest.fixture
def door(house: House) -> Door:
    return Door(house)


@pytest.fixture(autouse=True)
def _the_books_are_sound_afterwards(house: House) -> Any:
    yield
    assert not [str(found) for found in broken(invariants.INVARIANTS, house.now + timedelta(hours=2))]


def here(code: str) -> list[Presence]:
    found = list(
        db.session.scalars(
            select(Presence)
            .join(Application, Application.id == Presence.application_id)
            .where(Application.code == code)
        )
    )
    db.session.remove()
    return found


def asked(house: House) -> list[tuple[str, Why]]:
    found = door_queries.questions(house.office, now=house.now, only_open=True)
    db.session.remove()
    return [(one.code, one.why) for one in found]


def test_who_came_in_time_is_let_in_as_of_then_though_the_hour_is_over_when_it_is_told(
    house: House, door: Door, scalar: Callable[..., Any]
) -> None:
    code = house.guest()
    assert door.tells(door.wrote(code), after=timedelta(hours=3)) == ("let_in", "A001")
    assert house.state_of(code) == "arrived"
    (one,) = here(code)
    assert one.arrived_at == house.now + SOON and one.due_at == house.now
    kept = scalar("SELECT details FROM event WHERE kind = 'told_later'")
    assert kept == {"came_at": (house.now + SOON).isoformat(), "had_list": str(house[Role.RECEPTION].id)}


def test_they_are_called_by_their_hour_and_their_coming_not_by_the_telling(house: House, door: Door) -> None:
    online, first, second = house.guest(), house.guest(), house.guest()
    written = [door.wrote(second, timedelta(minutes=12)), door.wrote(first, timedelta(minutes=5))]
    back = house.now + LATER
    check_in(house[Role.RECEPTION].id, online, reason=None, now=back)
    for one in written:
        door.tells(one)
    verifiers = [
        officer(house.app, house.office, Role.VERIFIER, now=house.now, name=f"Verifikator {n}")
        for n in range(3)
    ]
    called = [call_next(one.id, counter=n, now=back) for n, one in enumerate(verifiers, 1)]
    assert called == [first, second, online]


def test_a_queue_that_is_sent_again_changes_nothing(
    house: House, door: Door, scalar: Callable[..., Any]
) -> None:
    one = door.wrote(house.guest())
    assert [door.tells(one) for _ in range(3)] == [("let_in", "A001")] * 3
    assert scalar("SELECT count(*) FROM presence") == scalar("SELECT count(*) FROM told_arrival") == 1
    assert scalar("SELECT last FROM queue_counter") == 1


def test_two_doors_that_both_wrote_somebody_down_make_one_arrival(house: House, door: Door) -> None:
    code = house.guest()
    other = Door(house, Role.SUPERVISOR)
    assert door.tells(door.wrote(code, timedelta(minutes=9))) == ("let_in", "A001")
    assert other.tells(other.wrote(code, timedelta(minutes=5))) == ("here", "A001")
    assert len(here(code)) == 1 and asked(house) == []


def test_who_was_let_in_at_another_door_meanwhile_and_has_left_again_does_not_come_back_by_it(
    house: House, door: Door
) -> None:
    code = house.guest()
    one = door.wrote(code)
    check_in(house[Role.RECEPTION].id, code, reason=None, now=house.now + timedelta(minutes=20))
    close_case(house[Role.SUPERVISOR].id, code, reason="Pulang", now=house.now + timedelta(minutes=40))
    assert door.tells(one) == ("here", "A001")
    assert house.state_of(code) == "closed" and here(code)[0].left_at is not None


def test_a_check_in_that_was_taken_back_leaves_room_for_who_really_came(house: House, door: Door) -> None:
    code = house.guest()
    check_in(house[Role.RECEPTION].id, code, reason=None, now=house.now)
    take_back(
        house[Role.RECEPTION].id,
        code,
        state=CaseState.ARRIVED,
        reason="Orang lain",
        now=house.now + timedelta(minutes=30),
    )
    assert door.tells(door.wrote(code))[0] == "let_in"
    assert house.state_of(code) == "arrived"


@pytest.mark.parametrize(
    ("changed", "became"),
    [
        ({"state": CaseState.WITHDRAWN}, Told.NOT_EXPECTED),
        ({"paid": False}, Told.UNPAID),
        ({"hours": 48}, Told.WRONG_DAY),
        ({"hours": 3}, Told.EARLY),
        ({"hours": -3}, Told.LATE),
    ],
)
def test_what_changed_meanwhile_is_kept_and_put_before_the_supervisor(
    house: House, door: Door, changed: dict[str, Any], became: Told
) -> None:
    code = house.guest(**changed)
    state = house.state_of(code)
    one = door.wrote(code)
    assert door.tells(one) == door.tells(one) == (became, None)
    assert house.state_of(code) == state and here(code) == []
    assert asked(house) == [(code, Why(became))]


def test_another_hour_of_the_day_is_let_in_with_the_reason_that_the_door_wrote(
    house: House, door: Door, scalar: Callable[..., Any]
) -> None:
    code = house.guest(hours=3)
    assert door.tells(door.wrote(code, reason="Hamil besar"))[0] == "let_in"
    assert scalar("SELECT reason FROM event WHERE kind = 'case' AND to_state = 'arrived'") == "Hamil besar"


def test_a_queue_of_yesterday_lets_nobody_in_today_and_says_so_to_the_supervisor(
    house: House, door: Door
) -> None:
    code = house.guest()
    assert door.tells(door.wrote(code), after=timedelta(days=1)) == ("day_over", None)
    assert here(code) == [] and asked(house) == [(code, Why.DAY_OVER)]


@pytest.mark.parametrize(("off", "believed"), [(-60 * 24, 0), (-3, 0), (60 * 24, 70), (71, 70)])
def test_a_clock_that_is_wrong_is_held_between_the_list_and_the_telling(
    house: House, door: Door, off: int, believed: int
) -> None:
    code = house.guest()
    door.tells(door.wrote(code, timedelta(minutes=off)))
    assert here(code)[0].arrived_at == house.now + timedelta(minutes=believed)


def test_a_colleague_tells_what_somebody_else_wrote_down_and_answers_for_it(
    house: House, door: Door, scalar: Callable[..., Any]
) -> None:
    boss = house[Role.SUPERVISOR].id
    assert door.tells(door.wrote(house.guest()), by=boss)[0] == "let_in"
    assert scalar("SELECT sent_by FROM told_arrival") == boss
    assert scalar("SELECT actor_id FROM event WHERE to_state = 'arrived' AND kind = 'case'") == boss


def test_a_list_is_one_line_for_an_officer_and_a_day_however_often_it_is_renewed(
    house: House, scalar: Callable[..., Any]
) -> None:
    first = Door(house).list_id
    renewed = take_day_list(house[Role.RECEPTION].id, now=house.now + timedelta(minutes=5))
    assert str(first) == renewed
    assert scalar("SELECT renewed_at - made_at FROM day_list") == timedelta(minutes=5)
    assert take_day_list(house[Role.RECEPTION].id, now=house.now + timedelta(days=1)) != renewed


def test_the_list_holds_who_comes_today_and_nobody_elses_people(house: House) -> None:
    today, gone, unpaid = house.guest(), house.guest(state=CaseState.WITHDRAWN), house.guest(paid=False)
    in_house = house.walk(house.guest(), CaseState.ARRIVED)
    house.guest(hours=48)
    mine = house.guest()
    reception = house[Role.RECEPTION].id
    kin = b"k" * 32
    db.session.execute(update(Application).where(Application.code == mine).values(nik_lookup=kin))
    db.session.add(StaffKin(staff_id=reception, nik_lookup=kin, declared_at=house.now))
    db.session.commit()
    lines = {one.code: one for one in day_list.expected(house.office, reception, now=house.now)}
    assert {code: lines[code].may_come for code in lines} == {
        today: True,
        gone: False,
        unpaid: False,
        in_house: False,
    }
    assert lines[in_house].ticket == "A001"


# What a queue could be made to say.


def test_abuse_15_a_queue_names_no_case_of_another_office_and_no_draft(
    house: House, door: Door, app: Flask, now: datetime
) -> None:
    other = db.session.scalars(select(Office).where(Office.code != "palembang").limit(1)).one()
    code = house.guest()
    db.session.execute(update(Application).where(Application.code == code).values(office_id=other.id))
    db.session.commit()
    assert door.tells(door.wrote(code)) == door.tells(door.wrote("00000000")) == ("unknown", None)
    assert house.state_of(code) == "scheduled" and asked(house) == []
    db.session.execute(update(Application).where(Application.code == code).values(office_id=house.office.id))
    db.session.commit()


def test_abuse_15_only_the_door_tells_and_only_by_a_list_of_its_own_office(
    house: House, door: Door, app: Flask, now: datetime
) -> None:
    one = door.wrote(house.guest())
    with pytest.raises(refusals.NotYourStep):
        door.tells(one, by=house[Role.VERIFIER].id)
    with pytest.raises(refusals.NotYourStep):
        take_day_list(house[Role.VERIFIER].id, now=now)
    other = db.session.scalars(select(Office).where(Office.code != "palembang").limit(1)).one()
    stranger = officer(app, other, Role.RECEPTION, Role.SUPERVISOR, now=now)
    with pytest.raises(refusals.NoDayList):
        door.tells(one, by=stranger.id)
    with pytest.raises(refusals.NoDayList):
        door.tells(Arrival(one.key, uuid.uuid4(), one.code, one.at))
    assert house.state_of(one.code) == "scheduled"


def test_a_key_that_was_used_tells_nothing_of_anybody_else(house: House, door: Door) -> None:
    one = door.wrote(house.guest())
    door.tells(one)
    with pytest.raises(refusals.ToldOtherwise):
        door.tells(Arrival(one.key, one.list_id, house.guest(), one.at))


def test_abuse_38_an_officer_lets_no_relative_in_by_a_queue(house: House, door: Door) -> None:
    code = house.guest()
    db.session.execute(update(Application).where(Application.code == code).values(nik_lookup=b"k" * 32))
    db.session.add(StaffKin(staff_id=house[Role.RECEPTION].id, nik_lookup=b"k" * 32, declared_at=house.now))
    db.session.commit()
    assert door.tells(door.wrote(code)) == ("own_case", None)
    assert house.state_of(code) == "scheduled" and asked(house) == [(code, Why.OWN_CASE)]
