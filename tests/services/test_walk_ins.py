"""Somebody comes without an appointment: registered at the door, paid, let in, or forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from mpaspor.applications.claim_walk_in import claim_walk_in
from mpaspor.applications.forget_walk_ins import forget_unpaid
from mpaspor.applications.models import AnswerPage, Application, Document, WalkIn
from mpaspor.applications.paper_queries import papers_of
from mpaspor.applications.papers import DocumentKind, OldPassport
from mpaspor.applications.refusals import KindNotOffered, NotANik, NotElectronic, NotGrownUp
from mpaspor.applications.rules import CaseState, Need, PassportKind, ReplacementReason
from mpaspor.applications.walk_in_rules import UNPAID_KEPT, Ground, Proof
from mpaspor.billing.cancel_check_out import cancel_check_out
from mpaspor.billing.due import lapse_due
from mpaspor.billing.snap.accept import accept_payment
from mpaspor.booking.models import Booking, Slot
from mpaspor.booking.returns import return_due
from mpaspor.desk import refusals
from mpaspor.desk.check_documents import decide_paper, go_on_if_all_accepted
from mpaspor.desk.check_in import check_in
from mpaspor.desk.declare_kin import declare_kin
from mpaspor.desk.models import Presence
from mpaspor.desk.seat_walk_in import seat_walk_in
from mpaspor.desk.walk_in_queries import left_today, live_case_of, registered_today
from mpaspor.foundation.database import db
from mpaspor.foundation.models import Event
from mpaspor.offices.models import Office, PriorityGroup, Programme
from mpaspor.people.models import Staff
from mpaspor.people.rules import Role
from tests.stage.banks import payment_call
from tests.stage.cast import Person
from tests.stage.walk_ins import BORN, Door, a_newcomer, the


def hour_of(code: str) -> tuple[str, datetime, str]:
    """The programme, begin and booking's state of the hour that the case took last."""
    found = db.session.execute(
        select(Programme.code, Slot.starts_at, Booking.state)
        .join(Slot, Slot.programme_id == Programme.id)
        .join(Booking, Booking.slot_id == Slot.id)
        .join(Application, Application.id == Booking.application_id)
        .where(Application.code == code)
        .order_by(Booking.created_at.desc())
        .limit(1)
    ).one()
    db.session.remove()
    return tuple(found)  # type: ignore[return-value]


def only_one_place_is_left(door: Door) -> None:
    """All of today's places but one are gone."""
    first, *others = left_hours(door)
    db.session.execute(update(Slot).where(Slot.id.in_(others)).values(released=0))
    db.session.execute(update(Slot).where(Slot.id == first).values(released=1))
    db.session.commit()
    db.session.remove()


def left_hours(door: Door) -> list[Any]:
    zone_day = door.house.now.date()
    found = db.session.scalars(
        select(Slot.id)
        .join(Programme)
        .where(
            Programme.code == "priority",
            Slot.office_id == door.house.office.id,
            Slot.starts_at
            < datetime.combine(zone_day, datetime.min.time(), door.house.now.tzinfo) + timedelta(days=1),
        )
        .order_by(Slot.starts_at)
    ).all()
    db.session.remove()
    return list(found)


# Registering.


def test_the_door_begins_a_case_that_waits_for_its_money_with_a_place_of_today(
    holds: None, door: Door, now: datetime
) -> None:
    code = door.registers()
    case = the(code)
    assert (case.state, case.account_id, case.full_name) == ("awaiting_payment", None, "Hasan Basri Lubis")
    assert hour_of(code) == ("priority", now, "held")
    assert door.bill_of(code).state == "requested"
    assert left_today(door.house.office, now) == 19


def test_the_hour_that_runs_is_taken_before_the_next_and_one_that_is_over_never(
    door: Door, now: datetime
) -> None:
    late = now + timedelta(hours=1, minutes=59)  # 09.59
    codes = [door.registers(now=late) for _ in range(5)]
    assert [hour_of(code)[1] for code in codes] == [now + timedelta(hours=1)] * 4 + [now + timedelta(hours=2)]


def test_twenty_places_are_twenty_and_nothing_is_left_when_the_day_is_over(door: Door, now: datetime) -> None:
    for _ in range(20):
        door.registers()
    with pytest.raises(refusals.NoPlaceToday):
        door.registers()
    assert left_today(door.house.office, now) == 0


def test_after_the_last_hour_the_door_registers_nobody(door: Door, now: datetime) -> None:
    with pytest.raises(refusals.NoPlaceToday):
        door.registers(now=now + timedelta(hours=8, minutes=1))


def test_a_closed_hour_is_passed_over(door: Door, scalar: Callable[..., Any], now: datetime) -> None:
    only_one_place_is_left(door)
    db.session.execute(update(Slot).where(Slot.id == left_hours(door)[0]).values(released=0))
    db.session.commit()
    with pytest.raises(refusals.NoPlaceToday):
        door.registers()
    assert scalar("SELECT count(*) FROM application") == 0, "nothing half-made stays"


def test_a_nik_that_has_a_live_case_is_refused_and_the_door_finds_the_way_to_it(door: Door) -> None:
    who = a_newcomer()
    code = door.registers(who)
    with pytest.raises(refusals.NikHasCase):
        door.registers(a_newcomer(nik=who.nik))
    live = live_case_of(who.nik, door.house.office.id)
    assert live is not None and (live.code, live.is_ours, live.state) == (code, True, "awaiting_payment")


def test_another_office_learns_where_the_case_is_but_it_is_not_theirs(door: Door, padang: Office) -> None:
    who = a_newcomer()
    door.registers(who)
    live = live_case_of(who.nik, padang.id)
    assert live is not None and (live.office, live.is_ours) == ("Palembang", False)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"birth_on": date(1966, 11, 24)}, refusals.NotInGroup),  # 59, and 60 tomorrow
        ({"ground": Ground.ELDERLY, "proof": Proof.EYES}, refusals.NotInGroup),
        ({"ground": Ground.CHILD, "birth_on": date(2023, 5, 1)}, NotGrownUp),
        ({"ground": Ground.PREGNANT, "proof": Proof.BOOK, "birth_on": date(2010, 5, 1)}, NotGrownUp),
        ({"nik": "1671010708590000"}, NotANik),
        ({"kind": PassportKind.NON_ELECTRONIC}, KindNotOffered),
        (
            {
                "need": Need.REPLACEMENT,
                "replacement_reason": ReplacementReason.TO_ELECTRONIC,
                "kind": PassportKind.NON_ELECTRONIC,
            },
            NotElectronic,
        ),
    ],
)
def test_who_does_not_belong_here_is_refused_by_name(
    door: Door, changed: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        door.registers(a_newcomer(**changed))


def test_the_age_is_a_dated_row_and_an_office_may_have_its_own(door: Door, now: datetime) -> None:
    sixty_one = a_newcomer(birth_on=date(1965, 5, 1), nik="1671010105650077")
    db.session.add(
        PriorityGroup(
            code="elderly",
            office_id=door.house.office.id,
            least_age=65,
            valid_from=now.date(),
            regulation="Surat kepala kantor",
        )
    )
    db.session.commit()
    with pytest.raises(refusals.NotInGroup):
        door.registers(sixty_one)
    yesterday = now.date() - timedelta(days=1)
    db.session.execute(
        update(PriorityGroup)
        .where(PriorityGroup.office_id.is_not(None))
        .values(valid_from=yesterday, valid_until=yesterday)
    )
    db.session.commit()
    assert the(door.registers(sixty_one)).state == "awaiting_payment"


def test_somebody_of_no_group_needs_a_supervisor_with_a_reason(
    holds: None, door: Door, scalar: Callable[..., Any]
) -> None:
    who = a_newcomer(
        birth_on=date(1990, 5, 1),
        ground=Ground.ADMITTED,
        proof=Proof.WORD,
        reason="Ayahnya meninggal di Jeddah",
    )
    with pytest.raises(refusals.NotYourStep):
        door.registers(who)
    with pytest.raises(refusals.ReasonNeeded):
        door.registers(a_newcomer(ground=Ground.ADMITTED, proof=Proof.WORD, reason=" "), by=Role.SUPERVISOR)
    code = door.registers(who, by=Role.SUPERVISOR)
    kept = "SELECT actor_role || ': ' || reason FROM event WHERE kind = 'registered_here'"
    assert scalar(kept) == "supervisor: Ayahnya meninggal di Jeddah"
    assert the(code).state == "awaiting_payment"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.RECEPTION, Role.SUPERVISOR}))
def test_no_other_role_registers_anybody(door: Door, role: Role) -> None:
    with pytest.raises(refusals.NotYourStep):
        door.registers(by=role)


def test_an_officer_registers_neither_themselves_nor_their_family(door: Door, now: datetime) -> None:
    who = a_newcomer()
    address = db.session.scalars(select(Staff.email).where(Staff.id == door.house[Role.RECEPTION].id)).one()
    declare_kin(address, [who.nik], now=now)
    with pytest.raises(refusals.OwnKin):
        door.registers(who)
    assert door.registers(who, by=Role.SUPERVISOR)


def test_the_history_tells_who_registered_and_nothing_of_the_ground(door: Door) -> None:
    door.registers(a_newcomer(ground=Ground.DISABILITY, proof=Proof.DOCTOR))
    for event in db.session.scalars(select(Event)):
        told = f"{event.kind} {event.reason} {event.details}"
        assert "disab" not in told and "doctor" not in told
    kept = db.session.scalars(select(WalkIn)).one()
    assert (kept.ground, kept.proof, kept.reason) == (Ground.DISABILITY, Proof.DOCTOR, None)


# Paying.


def test_the_term_is_two_hours_but_not_past_the_last_hour_of_the_lane(door: Door, now: datetime) -> None:
    early, late = door.registers(), door.registers(now=now + timedelta(hours=7, minutes=30))
    door.gets_code(early)
    door.gets_code(late, now + timedelta(hours=7, minutes=30))
    assert door.bill_of(early).pay_until == now + timedelta(hours=2)
    assert door.bill_of(late).pay_until == now + timedelta(hours=8), "the lane closes at 16.00"


def test_paid_it_is_scheduled_and_one_act_lets_in_with_a_number_of_lane_b(
    holds: None, door: Door, now: datetime
) -> None:
    code = door.is_paid(door.registers())
    assert the(code).state == "scheduled" and hour_of(code)[2] == "confirmed"
    later = now + timedelta(hours=2)  # its hour is over: paying took what it took
    check_in(door.house[Role.RECEPTION].id, code, reason=None, now=later)
    here = db.session.scalars(select(Presence)).one()
    assert (the(code).state, here.ticket, here.due_at) == ("arrived", "B001", later)


def test_on_another_day_the_door_asks_a_supervisor_as_for_everybody(door: Door, now: datetime) -> None:
    code = door.is_paid(door.registers())
    with pytest.raises(refusals.WrongDay):
        check_in(door.house[Role.RECEPTION].id, code, reason=None, now=now + timedelta(days=1))


def test_an_unpaid_one_is_not_let_in(door: Door, now: datetime) -> None:
    code = door.registers()
    with pytest.raises(refusals.Unpaid):
        check_in(door.house[Role.RECEPTION].id, code, reason=None, now=now)


def test_unpaid_by_its_term_it_lapses_and_the_place_is_there_for_the_next(
    holds: None, door: Door, now: datetime
) -> None:
    code = door.registers(now=now + timedelta(hours=1))  # of 09.00–10.00
    before = left_today(door.house.office, now)
    door.gets_code(code, now + timedelta(hours=1))
    at = now + timedelta(hours=3, minutes=16)
    assert lapse_due(now=at) == 1
    return_due(now=at)
    case = the(code)
    assert (case.state, case.declared_at, hour_of(code)[2]) == ("draft", None, "lapsed")
    assert left_today(door.house.office, now) == before + 1
    regular = select(Programme.code).where(Programme.id == case.programme_id)
    assert db.session.scalars(regular).one() == "regular", "an app never books an hour of the door"


def test_money_that_comes_too_late_is_real_money_and_waits_for_an_hour(
    holds: None, door: Door, now: datetime
) -> None:
    code = door.registers()
    billing_code = door.gets_code(code)
    bill = door.bill_of(code)
    lapse_due(now=now + timedelta(hours=3))
    late = payment_call(door.bank.partner_id, billing_code, bill.amount_rp, now + timedelta(hours=3))
    accept_payment(late)
    assert the(code).state == "awaiting_place"
    noon = now + timedelta(hours=4)
    assert seat_walk_in(door.house[Role.RECEPTION].id, code, now=noon) == code
    assert (the(code).state, *hour_of(code)[::2]) == ("scheduled", "priority", "confirmed")
    check_in(door.house[Role.RECEPTION].id, code, reason=None, now=noon)


def test_registered_again_after_a_lapse_old_money_is_refused(holds: None, door: Door, now: datetime) -> None:
    who = a_newcomer()
    code = door.registers(who)
    billing_code, bill = door.gets_code(code), door.bill_of(code)
    later = now + timedelta(hours=3)
    lapse_due(now=later)
    again = door.registers(a_newcomer(nik=who.nik), now=later)
    accept_payment(payment_call(door.bank.partner_id, billing_code, bill.amount_rp, later))
    assert (the(code).state, the(again).state) == ("draft", "awaiting_payment")


# Nobody's data stays.


def test_who_never_paid_is_forgotten_after_a_day(holds: None, door: Door, now: datetime) -> None:
    code = door.registers(a_newcomer(phone="+6281271234567"))
    door.gets_code(code)
    lapsed = now + timedelta(hours=3)
    lapse_due(now=lapsed)
    assert forget_unpaid(now=lapsed + UNPAID_KEPT - timedelta(seconds=1)) == 0
    assert forget_unpaid(now=lapsed + UNPAID_KEPT) == 1
    case = the(code)
    assert case.state == "discarded"
    assert {case.full_name, case.nik, case.nik_lookup, case.birth_on, case.sex, case.phone} == {None}
    assert db.session.scalars(select(AnswerPage)).all() == []
    assert forget_unpaid(now=lapsed + 2 * UNPAID_KEPT) == 0


def test_who_waits_paid_or_claimed_is_not_forgotten(door: Door, ratna: Person, now: datetime) -> None:
    waits, paid, theirs = door.registers(), door.is_paid(door.registers()), a_newcomer()
    claimed = door.registers(theirs)
    claim_walk_in(ratna.id, claimed, BORN, theirs.nik[-4:], now=now)
    cancel_check_out(ratna.id, claimed, now=now)
    assert forget_unpaid(now=now + timedelta(days=3)) == 0
    assert [the(code).state for code in (waits, paid, claimed)] == ["awaiting_payment", "scheduled", "draft"]


# At the papers' station.


def test_the_original_is_enough_where_nobody_could_send_a_picture(
    holds: None, door: Door, now: datetime
) -> None:
    code = door.is_paid(door.registers())
    check_in(door.house[Role.RECEPTION].id, code, reason=None, now=now + timedelta(minutes=10))
    verifier = door.house[Role.VERIFIER].id
    seen: dict[str, Any] = {"accepted": True, "reason": None, "seen": "", "now": now}
    with pytest.raises(refusals.OriginalNotHeld):
        decide_paper(verifier, code, "ktp", **seen)
    for paper in ("ktp", "kk"):
        decide_paper(verifier, code, paper, held=True, **seen)
    decide_paper(verifier, code, "bukti", held=True, shown_kind=DocumentKind.MARRIAGE_BOOK, **seen)
    assert go_on_if_all_accepted(verifier, code, now=now) == "documents_checked"
    kinds = set(db.session.scalars(select(Document.kind)))
    assert kinds == {DocumentKind.ID_CARD, DocumentKind.FAMILY_CARD, DocumentKind.MARRIAGE_BOOK}


def test_everybody_else_still_needs_the_picture(door: Door, now: datetime) -> None:
    code = door.house.walk(door.house.guest(), CaseState.ARRIVED)
    db.session.execute(update(Document).values(file_key=None, sha256=None))
    db.session.commit()
    with pytest.raises(refusals.NoPicture):
        decide_paper(
            door.house[Role.VERIFIER].id, code, "ktp", accepted=True, held=True, reason=None, seen="", now=now
        )


def test_who_replaces_a_passport_of_after_2009_shows_the_short_list(door: Door) -> None:
    replacing: dict[str, Any] = {"need": Need.REPLACEMENT, "replacement_reason": ReplacementReason.EXPIRED}
    short = door.registers(a_newcomer(**replacing, old_passport=OldPassport(True, 2016, same_data=True)))
    long = door.registers(a_newcomer(**replacing))
    assert [card.paper.code for card in papers_of(the(short)).cards if card.paper.is_required] == [
        "ktp",
        "paspor-lama",
    ]
    assert [card.paper.code for card in papers_of(the(long)).cards if card.paper.is_required] == [
        "ktp",
        "kk",
        "bukti",
        "paspor-lama",
    ]


def test_todays_list_has_the_newest_first(door: Door, now: datetime) -> None:
    first = door.registers()
    second = door.is_paid(door.registers(now=now + timedelta(minutes=1)))
    found = registered_today(door.house.office, now)
    assert [(one.code, str(one.state)) for one in found] == [
        (second, "scheduled"),
        (first, "awaiting_payment"),
    ]
