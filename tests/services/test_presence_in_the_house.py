"""Being in the house: a number at the door, and an end with the step, the errand or the day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.applications.upload_document import upload_document
from mpaspor.desk import presence, refusals
from mpaspor.desk.check_documents import decide_paper, finish_documents
from mpaspor.desk.check_in import check_in
from mpaspor.desk.close_case import close_case
from mpaspor.desk.give_priority import give_priority
from mpaspor.desk.take_back import take_back
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import StateChanged
from mpaspor.people.rules import Role
from tests.stage.desk import House, accept_papers, hands_over, photo

S = CaseState
Scalar = Callable[..., Any]


def come(house: House, code: str, now: datetime | None = None) -> str:
    """Let the person in; the number on the ticket."""
    check_in(house[Role.RECEPTION].id, code, reason=None, now=now or house.now)
    return tickets(code)[-1]


def tickets(code: str) -> list[str]:
    rows = db.session.execute(
        text(
            "SELECT lane || lpad(p.number::text, 3, '0') FROM presence p JOIN application a"
            " ON a.id = application_id WHERE code = :c ORDER BY arrived_at, p.id"
        ),
        {"c": code},
    )
    found = [row[0] for row in rows]
    db.session.remove()
    return found


def why_left(scalar: Scalar, code: str) -> str | None:
    found: str | None = scalar(
        "SELECT why_left FROM presence p JOIN application a ON a.id = application_id WHERE code = :c"
        " ORDER BY arrived_at DESC LIMIT 1",
        c=code,
    )
    return found


def born(code: str, on: date) -> str:
    db.session.execute(update(Application).where(Application.code == code).values(birth_on=on))
    db.session.commit()
    db.session.remove()
    return code


def test_each_lane_counts_from_one_each_day(house: House) -> None:
    first, old, second = house.guest(), born(house.guest(), date(1950, 1, 1)), house.guest()
    assert [come(house, code) for code in (first, old, second)] == ["A001", "B001", "A002"]
    tomorrow = house.now + timedelta(days=1)
    assert come(house, house.guest(hours=24), tomorrow) == "A001"
    assert come(house, first, tomorrow) == "A002"


def test_a_refused_arrival_uses_no_number(house: House) -> None:
    early = house.guest(hours=3)
    with pytest.raises(refusals.TooEarly):
        come(house, early)
    assert come(house, house.guest()) == "A001"


def test_a_ready_passport_is_fetched_with_a_number_of_its_own_lane(house: House, scalar: Scalar) -> None:
    code = house.walk(house.guest(), S.READY)
    assert why_left(scalar, code) == "done"
    assert come(house, code) == "C001"
    assert house.state_of(code) == "ready"
    with pytest.raises(refusals.AlreadyHere):
        come(house, code)
    hands_over(house, code)
    assert why_left(scalar, code) == "done"


def test_the_door_gives_priority_once_and_to_nobody_who_is_elsewhere(house: House, scalar: Scalar) -> None:
    code = house.guest()
    with pytest.raises(StateChanged):
        give_priority(house[Role.RECEPTION].id, code, now=house.now)
    come(house, code)
    with pytest.raises(refusals.NotYourStep):
        give_priority(house[Role.VERIFIER].id, code, now=house.now)
    give_priority(house[Role.RECEPTION].id, code, now=house.now)
    assert tickets(code) == ["B001"]
    assert scalar("SELECT details FROM event WHERE kind = 'priority_given'") is None
    with pytest.raises(refusals.NotHere):
        give_priority(house[Role.RECEPTION].id, code, now=house.now)


def test_a_paper_sent_from_home_makes_nobody_present_and_one_sent_from_a_chair_nobody_absent(
    house: House, scalar: Scalar
) -> None:
    def ask(code: str, *, waits_here: bool) -> None:
        accept_papers(house, code)
        verifier = house[Role.VERIFIER].id
        decide_paper(verifier, code, "kk", accepted=False, reason="Buram", seen=None, now=house.now)
        finish_documents(verifier, code, waits_here=waits_here, now=house.now)
        owner = scalar("SELECT account_id FROM application WHERE code = :c", c=code)
        upload_document(owner, code, "kk", kind=None, data=photo(), name="kk.jpg", now=house.now)

    at_home, waiting = (house.walk(house.guest(), S.ARRIVED) for _ in range(2))
    ask(at_home, waits_here=False)
    ask(waiting, waits_here=True)
    assert why_left(scalar, at_home) == "sent_home" and len(tickets(at_home)) == 1
    assert why_left(scalar, waiting) is None


def test_a_check_in_taken_back_and_a_case_closed_end_the_stay(house: House, scalar: Scalar) -> None:
    mistaken, gone = (house.walk(house.guest(), S.ARRIVED) for _ in range(2))
    take_back(house[Role.RECEPTION].id, mistaken, state=S.ARRIVED, reason="Salah orang", now=house.now)
    close_case(house[Role.SUPERVISOR].id, gone, reason="Pulang", now=house.now)
    assert (why_left(scalar, mistaken), why_left(scalar, gone)) == ("taken_back", "closed")
    assert come(house, mistaken) == "A003"


def test_the_worker_ends_the_days_that_are_over_at_each_office(house: House, scalar: Scalar) -> None:
    code = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    late = house.now + timedelta(hours=15)  # 23.00 at the office
    assert presence.close_days(now=late) == 0
    assert presence.close_days(now=late + timedelta(hours=1)) == 1
    assert presence.close_days(now=late + timedelta(hours=1)) == 0
    assert why_left(scalar, code) == "day_over"
