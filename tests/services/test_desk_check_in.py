"""The door: who is let in, who is told why not, and who may make an exception."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from mpaspor.applications.models import Letter
from mpaspor.applications.rules import CaseState
from mpaspor.applications.visit_token import Visit, sign
from mpaspor.config import settings
from mpaspor.desk import invariants, refusals
from mpaspor.desk.check_in import check_in, code_of
from mpaspor.desk.give_second_chance import give_second_chance
from mpaspor.desk.take_back import take_back
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.stage.desk import House, officer


def let_in(house: House, code: str, role: Role = Role.RECEPTION, reason: str | None = None) -> str:
    return check_in(house[role].id, code, reason=reason, now=house.now)


def test_a_guest_in_time_is_let_in_and_the_booking_says_so(house: House, scalar) -> None:  # type: ignore[no-untyped-def]
    code = house.guest()
    assert let_in(house, code) == code
    assert house.state_of(code) == "arrived"
    assert scalar(
        "SELECT b.state FROM booking b JOIN application a ON a.id = application_id WHERE code = :c", c=code
    )
    who = scalar("SELECT actor_role FROM event WHERE kind = 'case' AND to_state = 'arrived'")
    assert who == "reception"
    assert not list(broken(invariants.INVARIANTS, house.now))


@pytest.mark.parametrize(
    ("hours", "refusal"),
    [(3, refusals.TooEarly), (-3, refusals.TooLate), (24, refusals.WrongDay), (-24, refusals.WrongDay)],
)
def test_another_hour_or_day_is_refused_by_name(house: House, hours: int, refusal: type[Exception]) -> None:
    code = house.guest(hours=hours)
    with pytest.raises(refusal):
        let_in(house, code)
    assert house.state_of(code) == "scheduled"


@pytest.mark.parametrize("hours", [3, -3])
def test_reception_lets_in_at_another_hour_with_a_reason(house: House, hours: int, scalar) -> None:  # type: ignore[no-untyped-def]
    code = house.guest(hours=hours)
    let_in(house, code, reason="Ban bocor di jalan")
    assert house.state_of(code) == "arrived"
    assert (
        scalar("SELECT reason FROM event WHERE kind = 'case' AND to_state = 'arrived'")
        == "Ban bocor di jalan"
    )


def test_another_day_needs_a_supervisor_and_a_reason(house: House) -> None:
    code = house.guest(hours=48)
    with pytest.raises(refusals.WrongDay):
        let_in(house, code, reason="Sudah di sini")
    with pytest.raises(refusals.WrongDay):
        let_in(house, code, Role.SUPERVISOR)
    let_in(house, code, Role.SUPERVISOR, "Datang dari Muara Enim")
    assert house.state_of(code) == "arrived"
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_an_unpaid_guest_is_not_let_in(house: House) -> None:
    with pytest.raises(refusals.Unpaid):
        let_in(house, house.guest(paid=False))
    with pytest.raises(refusals.Unpaid):
        let_in(house, house.guest(state=CaseState.AWAITING_PAYMENT))


def test_nobody_is_let_in_twice_but_the_same_scan_answers_the_same(house: House) -> None:
    code = house.guest()
    key = OneTimeKey(str(house[Role.RECEPTION].id), "/petugas/hadir", "k1", b"x", house.now)
    first = check_in.once(key, house[Role.RECEPTION].id, code, reason=None, now=house.now)
    again = check_in.once(key, house[Role.RECEPTION].id, code, reason=None, now=house.now)
    assert first == again == code
    with pytest.raises(refusals.AlreadyHere):
        let_in(house, code)


def test_who_has_no_visit_is_not_expected(house: House) -> None:
    with pytest.raises(refusals.NotExpected):
        let_in(house, house.guest(state=CaseState.WITHDRAWN))


def test_only_the_door_lets_in(house: House) -> None:
    with pytest.raises(refusals.NotYourStep):
        let_in(house, house.guest(), Role.VERIFIER)


def test_a_dismissed_officer_does_nothing_more(house: House, scalar) -> None:  # type: ignore[no-untyped-def]
    from sqlalchemy import update

    from mpaspor.foundation.database import db
    from mpaspor.people.models import Staff

    who = house[Role.RECEPTION]
    db.session.execute(update(Staff).where(Staff.id == who.id).values(dismissed_at=house.now))
    db.session.commit()
    with pytest.raises(refusals.NotYourStep):
        let_in(house, house.guest())


def test_abuse_15_another_office_does_not_find_the_case(house: House, app: Flask, now: datetime) -> None:
    from sqlalchemy import select

    from mpaspor.foundation.database import db

    other = db.session.scalars(select(Office).where(Office.code != "palembang").limit(1)).one()
    stranger = officer(app, other, Role.RECEPTION, Role.SUPERVISOR, now=now)
    code = house.guest()
    with pytest.raises(refusals.NoSuchCode):
        check_in(stranger.id, code, reason="Alasan", now=now)


def test_a_scanned_letter_names_the_case_and_a_typed_code_may_be_untidy(house: House, now: datetime) -> None:
    key = settings().secrets.signing_key
    assert code_of(sign(Visit("7H3RT8WQ", "palembang", now), key) + "\n", "palembang") == "7H3RT8WQ"
    assert code_of(" 7h3r-t8wq ", "palembang") == "7H3RT8WQ"


def test_a_changed_letter_is_not_ours_and_a_letter_for_elsewhere_says_where(
    house: House, now: datetime
) -> None:
    token = sign(Visit("7H3RT8WQ", "bandung", now), settings().secrets.signing_key)
    with pytest.raises(refusals.OtherOffice):
        code_of(token, "palembang")
    with pytest.raises(refusals.NotOurQr):
        code_of(token[:-1] + ("1" if token[-1] == "0" else "0"), "palembang")
    with pytest.raises(refusals.NoSuchCode):
        code_of("halo", "palembang")


def test_the_number_and_the_address_on_a_letter_name_the_case(house: House, scalar) -> None:  # type: ignore[no-untyped-def]
    code = house.guest()
    case_id = scalar("SELECT id FROM application WHERE code = :code", code=code)
    number = str(scalar("SELECT number FROM application WHERE code = :code", code=code))
    db.session.add(
        Letter(
            code="7H3RT8WQ7H3RT8WQ",
            kind="visit_letter",
            application_id=case_id,
            ref=case_id,
            made_at=house.now,
        )
    )
    db.session.commit()
    assert code_of(f" {number[:4]} {number[4:]}", "palembang") == code
    assert code_of("http://127.0.0.1:8000/v/7H3RT8WQ7H3RT8WQ\r\n", "palembang") == code
    assert code_of(f"https://paspor.example/permohonan/{code}", "palembang") == code


def test_who_missed_the_visit_comes_late_with_a_reason(house: House, scalar) -> None:  # type: ignore[no-untyped-def]
    code = house.guest(hours=-72, state=CaseState.MISSED)
    with pytest.raises(refusals.TooLate):
        let_in(house, code)
    let_in(house, code, reason="Sakit, ada surat dokter")
    assert house.state_of(code) == "arrived"
    assert scalar("SELECT count(*) FROM booking WHERE state = 'attended'") == 1


def test_a_second_chance_is_the_supervisors_and_costs_nothing(house: House, scalar) -> None:  # type: ignore[no-untyped-def]
    code = house.guest(hours=-72, state=CaseState.MISSED)
    with pytest.raises(refusals.NotYourStep):
        give_second_chance(house[Role.RECEPTION].id, code, reason="Banjir", now=house.now)
    with pytest.raises(refusals.ReasonNeeded):
        give_second_chance(house[Role.SUPERVISOR].id, code, reason=" ", now=house.now)
    give_second_chance(house[Role.SUPERVISOR].id, code, reason="Banjir", now=house.now)
    assert house.state_of(code) == "awaiting_place"
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'awaiting_place'") == 1


def test_a_second_chance_is_refused_while_the_nik_has_another_live_case(house: House) -> None:
    from sqlalchemy import update

    from mpaspor.applications.models import Application
    from mpaspor.foundation.database import db

    missed, live = house.guest(state=CaseState.MISSED), house.guest()
    db.session.execute(
        update(Application).where(Application.code.in_([missed, live])).values(nik_lookup=b"1" * 32)
    )
    db.session.commit()
    with pytest.raises(refusals.AnotherCaseLive):
        give_second_chance(house[Role.SUPERVISOR].id, missed, reason="Banjir", now=house.now)


def test_a_check_in_is_taken_back_on_its_own_day_only(house: House, scalar) -> None:  # type: ignore[no-untyped-def]
    code = house.walk(house.guest(), CaseState.ARRIVED)
    with pytest.raises(refusals.NotTheSameDay):
        take_back(
            house[Role.RECEPTION].id,
            code,
            state=CaseState.ARRIVED,
            reason="Salah orang",
            now=house.now + timedelta(days=1),
        )
    take_back(house[Role.RECEPTION].id, code, state=CaseState.ARRIVED, reason="Salah orang", now=house.now)
    assert house.state_of(code) == "scheduled"
    assert scalar("SELECT count(*) FROM booking WHERE state = 'confirmed'") == 1
    assert not list(broken(invariants.INVARIANTS, house.now))
