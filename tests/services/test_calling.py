"""Calling at the desk: who comes next, and what may become of a turn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk import adjudicate, check_documents, hand_on_turn, invariants, presence, refusals
from mpaspor.desk.call_next import call_again, call_next, call_this_one
from mpaspor.desk.check_in import check_in
from mpaspor.desk.close_case import close_case
from mpaspor.desk.models import Presence
from mpaspor.desk.record_interview import record_interview
from mpaspor.desk.rules import InterviewVerdict
from mpaspor.desk.stages import Stage
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.foundation.refusals import NotFound
from mpaspor.people.models import StaffAbsence
from mpaspor.people.rules import Role
from tests.stage.desk import House, accept_papers, officer

S = CaseState
Scalar = Callable[..., Any]
MINUTE = timedelta(minutes=1)
COUNTER = 3


def come(house: House, code: str, *, minutes: int = 0) -> str:
    check_in(house[Role.RECEPTION].id, code, reason=None, now=house.now + minutes * MINUTE)
    return code


def elderly(house: House) -> str:
    code = house.guest()
    db.session.execute(update(Application).where(Application.code == code).values(birth_on=date(1950, 1, 1)))
    db.session.commit()
    db.session.remove()
    return code


def call(house: House, role: Role = Role.VERIFIER, *, minutes: int = 30) -> str | None:
    return call_next(house[role].id, counter=COUNTER, now=house.now + minutes * MINUTE)


def turn_of(code: str) -> tuple[str, str] | None:
    """(station, state) of the open turn."""
    row = db.session.execute(
        text(
            "SELECT t.station, t.state FROM turn t JOIN application a ON a.id = application_id"
            " WHERE code = :c AND ended_at IS NULL"
        ),
        {"c": code},
    ).one_or_none()
    db.session.remove()
    return None if row is None else (row[0], row[1])


def ticket_of(code: str) -> str:
    found = db.session.scalars(
        select(Presence)
        .join(Application, Application.id == Presence.application_id)
        .where(Application.code == code)
    ).one()
    ticket = found.ticket
    db.session.remove()
    return str(ticket)


def skip(house: House, code: str) -> None:
    hand_on_turn.skip(house[Role.VERIFIER].id, code, now=house.now)


def test_the_booked_hour_comes_before_whoever_came_first_and_each_is_called_once(house: House) -> None:
    later, sooner = house.guest(hours=1), house.guest()
    come(house, later)
    come(house, sooner, minutes=5)
    assert call(house) == sooner
    assert call(house) == sooner, "whoever has somebody gets that one again"
    colleague = officer(house.app, house.office, Role.VERIFIER, now=house.now)
    assert call_next(colleague.id, counter=4, now=house.now) == later
    assert (
        call_next(officer(house.app, house.office, Role.VERIFIER, now=house.now).id, counter=5, now=house.now)
        is None
    )
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_after_one_of_the_priority_lane_two_others_come_first(house: House) -> None:
    codes = {}
    for number in range(4):
        codes[come(house, house.guest(), minutes=number)] = "A"
    for number in range(3):
        codes[come(house, elderly(house), minutes=10 + number)] = "B"
    lanes = []
    for minute in range(7):
        code = call(house, minutes=30 + minute)
        assert code is not None
        lanes.append(codes[code])
        skip(house, code)
    assert lanes == ["B", "A", "A", "B", "A", "A", "B"]


def test_an_emergency_comes_first_at_every_station_by_a_supervisor_with_a_reason(
    house: House, scalar: Scalar
) -> None:
    first, ill = come(house, house.guest()), come(house, house.guest(hours=1), minutes=1)
    boss = house[Role.SUPERVISOR].id
    with pytest.raises(refusals.ReasonNeeded):
        hand_on_turn.put_first(boss, ill, reason=" ", now=house.now)
    with pytest.raises(refusals.NotYourStep):
        hand_on_turn.put_first(house[Role.VERIFIER].id, ill, reason="Sesak napas", now=house.now)
    hand_on_turn.put_first(boss, ill, reason="Sesak napas", now=house.now)
    assert scalar("SELECT reason FROM event WHERE kind = 'emergency'") == "Sesak napas"
    assert call(house) == ill
    for code in (ill, first):
        accept_papers_as(house, code)
    assert call(house, Role.BIOMETRICS) == ill


def accept_papers_as(house: House, code: str) -> None:
    if turn_of(code) == ("papers", "waiting"):
        call(house)
    accept_papers(house, code)
    check_documents.finish_documents(house[Role.VERIFIER].id, code, now=house.now)


def test_a_step_that_is_done_ends_the_turn_and_begins_the_next_stations(house: House) -> None:
    code = come(house, house.guest())
    assert turn_of(code) == ("papers", "waiting")
    call(house)
    assert turn_of(code) == ("papers", "called")
    ways = [
        (S.DOCUMENTS_CHECKED, "photo"),
        (S.BIOMETRICS_TAKEN, "interview"),
        (S.INTERVIEWED, "decision"),
        (S.GRANTED, "print"),
        (S.PRINTED, "quality"),
    ]
    for state, station in ways:
        house.walk_on(code, state, house.now)
        assert turn_of(code) == (station, "waiting")
    house.walk_on(code, S.READY, house.now)
    assert turn_of(code) is None
    come(house, code)
    assert turn_of(code) == ("pickup", "waiting")
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_a_paper_accepted_means_that_the_person_is_served(house: House, scalar: Scalar) -> None:
    code = come(house, house.guest())
    accept_papers(house, code)  # nobody called them: whoever acts has them
    assert turn_of(code) == ("papers", "serving")
    assert scalar("SELECT officer_id FROM turn WHERE ended_at IS NULL") == house[Role.VERIFIER].id


def test_nobody_is_called_to_no_counter_and_a_pile_needs_none(house: House) -> None:
    come(house, house.guest())
    with pytest.raises(refusals.NoCounter):
        call_next(house[Role.VERIFIER].id, counter=None, now=house.now)
    house.walk(house.guest(), S.INTERVIEWED)
    assert call_next(house[Role.ADJUDICATOR].id, counter=None, now=house.now) is not None
    with pytest.raises(refusals.NotYourStep):
        call_next(house[Role.RECEPTION].id, counter=1, now=house.now)


def test_only_who_is_here_today_is_called(house: House, scalar: Scalar) -> None:
    code = come(house, house.guest())
    tomorrow = house.now + timedelta(days=1)
    assert call_next(house[Role.VERIFIER].id, counter=1, now=tomorrow) is None
    presence.close_days(now=tomorrow)
    assert turn_of(code) is None
    come(house, code, minutes=24 * 60)
    assert call_next(house[Role.VERIFIER].id, counter=1, now=tomorrow) == code


def test_who_left_or_was_sent_home_is_called_no_more(house: House) -> None:
    gone, sent = come(house, house.guest()), come(house, house.guest())
    close_case(house[Role.SUPERVISOR].id, gone, reason="Pulang", now=house.now)
    ask_for_the_family_card(house, sent, waits_here=False)
    assert call(house) is None


def ask_for_the_family_card(house: House, code: str, *, waits_here: bool) -> None:
    accept_papers(house, code)
    verifier = house[Role.VERIFIER].id
    check_documents.decide_paper(
        verifier, code, "kk", accepted=False, reason="Buram", seen=None, now=house.now
    )
    check_documents.finish_documents(verifier, code, waits_here=waits_here, now=house.now)


def test_who_waits_here_for_a_paper_is_set_aside_and_the_next_one_comes(house: House) -> None:
    waiting, other = come(house, house.guest()), come(house, house.guest())
    ask_for_the_family_card(house, waiting, waits_here=True)
    assert turn_of(waiting) == ("papers", "parked")
    assert call(house) == other
    skip(house, other)
    call_this_one(house[Role.VERIFIER].id, waiting, counter=1, now=house.now)
    verifier = house[Role.VERIFIER].id
    check_documents.finish_documents(verifier, waiting, waits_here=True, now=house.now)
    assert turn_of(waiting) == ("papers", "parked")
    check_documents.finish_documents(verifier, waiting, now=house.now)
    assert turn_of(waiting) is None


def test_a_colleagues_case_is_read_only_until_it_is_taken_over(house: House, scalar: Scalar) -> None:
    code = come(house, house.guest())
    call(house)
    colleague = officer(house.app, house.office, Role.VERIFIER, now=house.now, name="Sari Dewi")
    with pytest.raises(refusals.HeldByColleague) as refused:
        check_documents.finish_documents(colleague.id, code, now=house.now)
    assert refused.value.facts == {"name": "Petugas verifier", "counter": COUNTER}
    with pytest.raises(refusals.HeldByColleague):
        call_this_one(colleague.id, code, counter=4, now=house.now)
    holder = house[Role.VERIFIER].id

    def take_over(who: Any, seen: object) -> None:
        hand_on_turn.take_over(who, code, seen=str(seen), counter=4, now=house.now)

    with pytest.raises(refusals.NotTheirTurn):
        take_over(colleague.id, colleague.id)
    with pytest.raises(refusals.NotYourStep):
        take_over(house[Role.PRINTER].id, holder)
    take_over(colleague.id, holder)
    assert scalar("SELECT actor_id FROM event WHERE kind = 'taken_over'") == colleague.id
    with pytest.raises(refusals.HeldByColleague):
        accept_papers(house, code)
    house.staff[Role.VERIFIER] = colleague
    accept_papers(house, code)


def test_parked_skipped_and_called_again(house: House, scalar: Scalar) -> None:
    code = come(house, house.guest())
    mine = house[Role.VERIFIER].id
    with pytest.raises(refusals.NotTheirTurn):
        call_again(mine, code, now=house.now)
    call(house)
    call_again(mine, code, now=house.now)
    assert scalar("SELECT calls FROM turn") == 2
    skip(house, code)
    assert turn_of(code) == ("papers", "missed")
    assert call(house) is None
    call_this_one(mine, code, counter=COUNTER, now=house.now)
    hand_on_turn.park(mine, code, now=house.now)
    assert turn_of(code) == ("papers", "parked")
    with pytest.raises(refusals.NotTheirTurn):
        hand_on_turn.park(mine, code, now=house.now)
    accept_papers(house, code)
    assert turn_of(code) == ("papers", "serving")


def test_a_turn_handed_on_waits_for_that_colleague_alone(house: House) -> None:
    code, other = come(house, house.guest()), come(house, house.guest(hours=1), minutes=1)
    mine = house[Role.VERIFIER].id
    colleague = officer(house.app, house.office, Role.VERIFIER, now=house.now)
    call(house)
    with pytest.raises(NotFound):
        hand_on_turn.hand_on(mine, code, to=house[Role.PRINTER].id, now=house.now)
    hand_on_turn.hand_on(mine, code, to=colleague.id, now=house.now)
    assert call(house) == other
    assert call_next(colleague.id, counter=4, now=house.now) == code
    hand_on_turn.hand_on(colleague.id, code, to=None, now=house.now)
    skip(house, other)
    assert call(house) == code


def test_a_turn_handed_on_with_priority_comes_before_the_others_with_a_new_number(house: House) -> None:
    come(house, house.guest())
    first = call(house)
    before, weak = come(house, house.guest(), minutes=1), come(house, house.guest(hours=1), minutes=2)
    mine = house[Role.VERIFIER].id
    skip(house, first)
    call_this_one(mine, weak, counter=COUNTER, now=house.now)
    hand_on_turn.hand_on_with_priority(mine, weak, now=house.now)
    assert turn_of(weak) == ("papers", "waiting") and ticket_of(weak) == "B001"
    with pytest.raises(refusals.NotTheirTurn):
        hand_on_turn.hand_on_with_priority(mine, weak, now=house.now)
    assert call(house) == weak
    with pytest.raises(refusals.NotHere):
        hand_on_turn.hand_on_with_priority(mine, weak, now=house.now)
    assert turn_of(weak) == ("papers", "called") and turn_of(before) == ("papers", "waiting")


def test_colleagues_are_told_apart_by_their_counter_and_by_whether_they_have_somebody(house: House) -> None:
    for minutes in range(2):
        come(house, house.guest(), minutes=minutes)
    names = ("Sari Dewi", "Andi Pratama", "Budi Santosa")
    sari, andi, budi = (
        officer(house.app, house.office, Role.VERIFIER, now=house.now, name=name) for name in names
    )
    done = call_next(sari.id, counter=7, now=house.now)
    assert done is not None
    hand_on_turn.park(sari.id, done, now=house.now)
    call_next(andi.id, counter=4, now=house.now)
    found = hand_on_turn.colleagues(house.office, Stage.PAPERS, now=house.now)
    assert [(one.name, one.counter, one.is_busy) for one in found] == [
        ("Andi Pratama", 4, True),
        ("Sari Dewi", 7, False),
        ("Budi Santosa", None, False),
    ]
    tomorrow = hand_on_turn.colleagues(house.office, Stage.PAPERS, now=house.now + timedelta(days=1))
    assert {one.counter for one in tomorrow} == {None} and budi.id in {one.id for one in tomorrow}


def test_nobody_is_handed_to_a_colleague_who_is_absent(house: House) -> None:
    code = come(house, house.guest())
    colleague = officer(house.app, house.office, Role.VERIFIER, now=house.now)
    day = house.now.date()
    boss = house[Role.SUPERVISOR].id
    db.session.add(
        StaffAbsence(staff_id=colleague.id, from_on=day, until_on=day, noted_by=boss, noted_at=house.now)
    )
    db.session.commit()
    call(house)
    with pytest.raises(NotFound):
        hand_on_turn.hand_on(house[Role.VERIFIER].id, code, to=colleague.id, now=house.now)


def test_an_own_proposal_leaves_the_proposers_queue_and_waits_in_the_colleagues(house: House) -> None:
    doubted, next_one = (house.walk(house.guest(), S.INTERVIEWED) for _ in range(2))
    me = house[Role.ADJUDICATOR].id
    assert call(house, Role.ADJUDICATOR) == doubted
    told = adjudicate.Told("Keterangan berbeda", "UU 6/2011 Pasal 126")
    adjudicate.propose(me, doubted, verdict=S.REFUSED, reason="Berbeda", told=told, now=house.now)
    assert turn_of(doubted) == ("decision", "waiting")
    assert call(house, Role.ADJUDICATOR) == next_one
    second = officer(house.app, house.office, Role.ADJUDICATOR, now=house.now)
    assert call_next(second.id, counter=None, now=house.now) == doubted


def test_an_own_print_is_tested_by_a_colleague_and_a_case_without_money_by_nobody(
    house: House, scalar: Scalar
) -> None:
    both = officer(house.app, house.office, Role.PRINTER, Role.QUALITY, now=house.now)
    theirs = House(house.app, house.office, house.now, {**house.staff, Role.PRINTER: both})
    code = theirs.walk(theirs.guest(), S.PRINTED)
    assert call_next(both.id, counter=None, now=house.now) is None
    assert call(house, Role.QUALITY) == code
    unpaid = house.walk(house.guest(), S.ARRIVED)
    db.session.execute(text("UPDATE bill SET state = 'reversed'"))
    db.session.commit()
    assert call(house) is None and turn_of(unpaid) == ("papers", "waiting")


def test_what_is_on_a_pile_stays_there_over_night(house: House) -> None:
    code = house.walk(house.guest(), S.BIOMETRICS_TAKEN)
    record_interview(
        house[Role.INTERVIEWER].id, code, notes="Baik", verdict=InterviewVerdict.RECOMMEND, now=house.now
    )
    tomorrow = house.now + timedelta(days=1)
    presence.close_days(now=tomorrow)
    assert call_next(house[Role.ADJUDICATOR].id, counter=None, now=tomorrow) == code
