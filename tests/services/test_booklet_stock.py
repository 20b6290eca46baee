"""Empty booklets: each is received once, leaves the stock once, and what is spoilt says why."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mpaspor.applications.rules import CaseState, PassportKind
from mpaspor.desk import invariants, refusals, stock_queries
from mpaspor.desk.check_quality import fail_quality
from mpaspor.desk.models import BlankBooklet
from mpaspor.desk.print_booklet import print_booklet
from mpaspor.desk.receive_batch import receive_batch
from mpaspor.desk.spoil_blank import spoil_blank
from mpaspor.desk.take_back import take_back
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.stage.desk import House, booklet, officer

S = CaseState
LAMINATED = PassportKind.ELECTRONIC_LAMINATED


def receives(house: House, first: str, last: str, kind: PassportKind = LAMINATED) -> int:
    return receive_batch(house[Role.SUPERVISOR].id, kind=kind, first=first, last=last, now=house.now)


def state_of(number: str) -> tuple[str, str | None]:
    blank = db.session.scalars(select(BlankBooklet).where(BlankBooklet.number == number)).one()
    db.session.remove()
    return blank.state, blank.reason


def counts(house: House) -> tuple[int, int, int]:
    found = stock_queries.held(house.office.id)
    db.session.remove()
    return (found[0].left, found[0].used, found[0].spoilt) if found else (0, 0, 0)


def test_a_box_is_counted_in_and_every_booklet_of_it_is_accounted_for(house: House) -> None:
    assert receives(house, "X0000101", "X0000120") == 20
    code = house.walk(house.guest(), S.GRANTED)
    print_booklet(house[Role.PRINTER].id, code, number="x0000103", now=house.now)
    spoil_blank(house[Role.PRINTER].id, number="X0000104", reason="damaged: basah", now=house.now)
    assert counts(house) == (18, 1, 1)
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_a_booklet_is_received_once_in_all_offices_and_a_half_known_box_not_at_all(house: House) -> None:
    receives(house, "X0000101", "X0000110")
    with pytest.raises(refusals.SerialsKnown) as told:
        receives(house, "X0000106", "X0000115")
    assert told.value.facts == {"number": "X0000106"}
    assert counts(house) == (10, 0, 0)
    with pytest.raises(refusals.NotYourStep):
        receive_batch(
            house[Role.PRINTER].id, kind=LAMINATED, first="X1000001", last="X1000002", now=house.now
        )


def test_only_a_booklet_of_the_own_stock_and_of_the_right_kind_is_printed_on(
    house: House, app: Flask
) -> None:
    code, printer = house.walk(house.guest(), S.GRANTED), house[Role.PRINTER].id
    other = db.session.scalars(select(Office).where(Office.code != house.office.code).limit(1)).one()
    away = House(app, other, house.now)
    spoilt = booklet(house)
    spoil_blank(printer, number=spoilt, reason="chip", now=house.now)
    for number, refusal in (
        ("X0000999", refusals.SerialUnknown),
        (booklet(away), refusals.SerialUnknown),
        (spoilt, refusals.SerialSpoilt),
        (booklet(house, kind="non_electronic"), refusals.OtherKindOfBooklet),
    ):
        with pytest.raises(refusal):
            print_booklet(printer, code, number=number, now=house.now)
    assert house.state_of(code) == "granted"


def test_two_printers_who_scan_the_same_booklet_print_one_passport(house: House, app: Flask) -> None:
    first, second = (house.walk(house.guest(), S.GRANTED) for _ in range(2))
    number = booklet(house)
    print_booklet(house[Role.PRINTER].id, first, number=number, now=house.now)
    colleague = officer(app, house.office, Role.PRINTER, now=house.now)
    with pytest.raises(refusals.SerialUsed):
        print_booklet(colleague.id, second, number=number, now=house.now)
    assert house.state_of(second) == "granted"


def test_a_failed_test_and_a_printing_taken_back_spoil_the_booklet(house: House) -> None:
    code, now = house.walk(house.guest(), S.GRANTED), house.now
    failed, undone = booklet(house), booklet(house)
    print_booklet(house[Role.PRINTER].id, code, number=failed, now=now)
    fail_quality(house[Role.QUALITY].id, code, reason="photo: miring", seen=failed, now=now)
    assert state_of(failed) == ("spoilt", "photo: miring")
    print_booklet(house[Role.PRINTER].id, code, number=undone, now=now + timedelta(minutes=5))
    take_back(house[Role.PRINTER].id, code, state=S.PRINTED, reason="Salah orang", now=now)
    assert state_of(undone) == ("spoilt", "Salah orang")
    assert not list(broken(invariants.INVARIANTS, now))


def test_a_booklet_is_written_off_once_with_its_reason(house: House, scalar) -> None:  # type: ignore[no-untyped-def]
    number, printer = booklet(house), house[Role.PRINTER].id
    with pytest.raises(refusals.ReasonNeeded):
        spoil_blank(printer, number=number, reason=" ", now=house.now)
    with pytest.raises(refusals.NotYourStep):
        spoil_blank(house[Role.QUALITY].id, number=number, reason="chip", now=house.now)
    spoil_blank(printer, number=number, reason="chip", now=house.now)
    with pytest.raises(refusals.SerialSpoilt):
        spoil_blank(printer, number=number, reason="chip", now=house.now)
    assert scalar("SELECT reason FROM event WHERE kind = 'booklet_spoilt'") == "chip"


def test_few_booklets_of_one_kind_are_few_whatever_there_is_of_others(house: House) -> None:
    assert stock_queries.low(house.office.id) is None, "an office that counts none is not told of it"
    receives(house, "X0000001", "X0000500")
    assert stock_queries.low(house.office.id) is None
    receives(house, "X0100001", "X0100003", PassportKind.ELECTRONIC_POLYCARBONATE)
    assert stock_queries.low(house.office.id) == 3
