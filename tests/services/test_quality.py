"""The quality test: it passes by what was read and looked at, never before and never by who printed."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk import invariants, refusals
from mpaspor.desk.check_quality import fail_quality
from mpaspor.desk.models import Booklet
from mpaspor.desk.mrz import MrzFault
from mpaspor.desk.print_booklet import print_booklet
from mpaspor.desk.rules import Tick
from mpaspor.desk.take_back import take_back
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.people.rules import Role
from tests.stage.desk import House, booklet, lines_of, newest_booklet, passes

S = CaseState


@pytest.fixture
def printed(house: House) -> str:
    return house.walk(house.guest(), S.PRINTED)


def checked(code: str) -> list[str]:
    whose = select(Booklet.checked).join(Application, Application.id == Booklet.application_id)
    found = db.session.scalars(whose.where(Application.code == code)).one()
    db.session.remove()
    return list(found)


def test_a_booklet_passes_once_its_lines_are_read_and_everything_is_ticked(
    house: House, printed: str
) -> None:
    passes(house, printed)
    assert house.state_of(printed) == "ready"
    assert checked(printed) == [str(tick) for tick in Tick]


@pytest.mark.parametrize("left_out", list(Tick))
def test_no_tick_may_be_left_out(house: House, printed: str, left_out: Tick) -> None:
    with pytest.raises(refusals.TicksMissing):
        passes(house, printed, ticks=[tick for tick in Tick if tick is not left_out])
    assert house.state_of(printed) == "printed"


def test_a_booklet_without_a_chip_has_none_to_tick(house: House) -> None:
    code = house.walk(house.guest(), S.GRANTED)
    db.session.execute(update(Application).where(Application.code == code).values(kind="non_electronic"))
    db.session.commit()
    number = booklet(house, kind="non_electronic")
    print_booklet(house[Role.PRINTER].id, code, number=number, now=house.now)
    passes(house, code, ticks=[tick for tick in Tick if tick is not Tick.CHIP])
    assert "chip" not in checked(code) and house.state_of(code) == "ready"


def test_another_persons_booklet_or_a_misread_one_does_not_pass(house: House, printed: str) -> None:
    other = house.walk(house.guest(), S.PRINTED)
    mine = lines_of(printed)
    for read, fault in (
        ("", MrzFault.UNREADABLE),
        (lines_of(other), MrzFault.NUMBER),
        (mine[:-1] + ("1" if mine[-1] == "0" else "0"), MrzFault.CHECK_DIGIT),
        (mine.replace("P<IDN", "P<IDNX"), MrzFault.UNREADABLE),
    ):
        with pytest.raises(refusals.MrzDiffers) as told:
            passes(house, printed, read=read)
        assert fault in told.value.faults
    assert house.state_of(printed) == "printed"


def test_a_name_corrected_after_printing_is_found_in_the_booklet(house: House, printed: str) -> None:
    read = lines_of(printed)
    db.session.execute(update(Application).where(Application.code == printed).values(full_name="NAMA BARU"))
    db.session.commit()
    with pytest.raises(refusals.MrzDiffers) as told:
        passes(house, printed, read=read)
    assert told.value.faults == [MrzFault.NAME]


def test_a_test_taken_back_is_made_anew_from_the_first_tick(house: House, printed: str) -> None:
    passes(house, printed)
    take_back(house[Role.QUALITY].id, printed, state=S.READY, reason="Salah buku", now=house.now)
    assert checked(printed) == []
    passes(house, printed)
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_a_failed_booklet_is_spoilt_and_nobody_is_told_that_anything_was_decided(
    house: House, printed: str, scalar
) -> None:  # type: ignore[no-untyped-def]
    told = scalar("SELECT count(*) FROM outbox")
    seen = newest_booklet(printed)
    fail_quality(house[Role.QUALITY].id, printed, reason="chip", seen=seen, now=house.now)
    assert house.state_of(printed) == "granted"
    assert scalar("SELECT state FROM blank_booklet WHERE number = :n", n=seen) == "spoilt"
    assert scalar("SELECT count(*) FROM outbox") == told
