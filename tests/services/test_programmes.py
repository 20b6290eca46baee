"""Programmes as rows: what is sold under which terms, and what stays agreed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from mpaspor.applications import queries as applications
from mpaspor.applications.declare import declare
from mpaspor.applications.models import Application
from mpaspor.applications.refusals import Frozen, ProgrammeNotFor, ProgrammeNotOffered
from mpaspor.applications.rules import CaseState, Need, ReplacementReason
from mpaspor.applications.save_page import save_page
from mpaspor.billing import queries as billing
from mpaspor.billing.cancel_check_out import cancel_check_out
from mpaspor.billing.check_out import KindNotPriced, check_out
from mpaspor.billing.models import Bill
from mpaspor.billing.record_code import record_billing_code
from mpaspor.billing.snap.rules import Service
from mpaspor.booking.days import DayState, calendar
from mpaspor.booking.queries import hours
from mpaspor.booking.transitions import SlotFull
from mpaspor.desk import outcome
from mpaspor.desk.models import Presence
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.offices.programme_rules import Unfit
from mpaspor.offices.programmes import agreed_by, offers_of
from tests.stage import programmes
from tests.stage.banks import TestBank, payment_fields
from tests.stage.cast import RATNA_NIK, Person
from tests.stage.desk import House
from tests.stage.drafts import ANSWERS, fills, gives_papers, ready_draft, starts

TODAY = date(2026, 11, 23)


def _case(code: str) -> Application:
    db.session.rollback()
    return db.session.scalars(select(Application).where(Application.code == code)).one()


def _fast_draft(owner: Person, office: Office, now: datetime, **facts: object) -> str:
    return ready_draft(
        owner, office, RATNA_NIK, now, programme_id=programmes.programme("expedited").id, **facts
    ).code


def test_same_day_service_costs_a_line_more_and_is_promised_for_the_day(
    ratna: Person, palembang: Office, now: datetime
) -> None:
    programmes.opens(palembang, "expedited", now=now)
    code = _fast_draft(ratna, palembang, now)
    check_out(
        ratna.id, [(code, programmes.slot_of(palembang, "expedited", after=now + timedelta(days=1)))], now=now
    )
    case = _case(code)
    bill = db.session.scalars(select(Bill).where(Bill.application_id == case.id)).one()
    assert bill.amount_rp == 1_650_000
    assert [(line.item, line.amount_rp, line.regulation) for line in billing.lines(bill.id)] == [
        ("electronic_laminated", 650_000, "PP 45/2024"),
        ("expedited", 1_000_000, "PP 45/2024"),
    ]
    agreed = agreed_by(case.terms_id)
    assert agreed is not None and agreed.programme.code == "expedited" and agreed.terms.promise_days == 0


def test_what_is_agreed_at_check_out_stays_when_the_programme_changes(
    house: House, ratna: Person, palembang: Office, now: datetime
) -> None:
    programmes.opens(palembang, "expedited", now=now)
    code = _fast_draft(ratna, palembang, now)
    slot = programmes.slot_of(palembang, "expedited", after=now + timedelta(days=1))
    check_out(ratna.id, [(code, slot)], now=now)
    programmes.changes("expedited", TODAY + timedelta(days=1), promise_days=2)
    case = _case(code)
    case.state = CaseState.INTERVIEWED
    agreed = agreed_by(case.terms_id)
    assert agreed is not None
    promised = outcome.promised_from(now, case, palembang, agreed.terms.promise_days)
    assert promised == TODAY
    db.session.rollback()
    tomorrow = offers_of(palembang.id, TODAY + timedelta(days=1), 4)
    assert {offer.programme.code: offer.terms.promise_days for offer in tomorrow}["expedited"] == 2


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"need": "replacement", "replacement_reason": "pages_full"}, Unfit.ERRAND),
        ({"need": "replacement", "replacement_reason": "to_electronic"}, Unfit.ERRAND),
    ],
)
def test_what_a_programme_is_not_for_is_refused_at_check_out_and_holds_nothing(
    ratna: Person, palembang: Office, now: datetime, facts: dict[str, str], why: Unfit, scalar
) -> None:  # type: ignore[no-untyped-def]
    programmes.opens(palembang, "expedited", now=now)
    code = _fast_draft(ratna, palembang, now, **facts)
    slot = programmes.slot_of(palembang, "expedited", after=now + timedelta(days=1))
    with pytest.raises(ProgrammeNotFor) as refused:
        check_out(ratna.id, [(code, slot)], now=now)
    assert refused.value.facts["why"] is why
    assert scalar("SELECT sum(taken) FROM slot") == 0 and scalar("SELECT count(*) FROM bill") == 0


def test_a_surcharge_without_a_fee_in_force_sells_nothing(
    ratna: Person, palembang: Office, now: datetime
) -> None:
    programmes.opens(palembang, "expedited", now=now)
    programmes.changes("expedited", TODAY, surcharge_item="unknown")
    assert [o.is_bookable for o in offers_of(palembang.id, TODAY, 4) if o.programme.code == "expedited"] == [
        False
    ]
    code = _fast_draft(ratna, palembang, now)
    slot = programmes.slot_of(palembang, "expedited", after=now + timedelta(days=1))
    with pytest.raises(KindNotPriced):
        check_out(ratna.id, [(code, slot)], now=now)


def test_an_hour_of_another_programme_cannot_be_had(ratna: Person, palembang: Office, now: datetime) -> None:
    programmes.opens(palembang, "expedited", now=now)
    code = _fast_draft(ratna, palembang, now)
    with pytest.raises(SlotFull):
        check_out(
            ratna.id,
            [(code, programmes.slot_of(palembang, "regular", after=now + timedelta(days=1)))],
            now=now,
        )


def test_a_programme_that_has_ended_is_sold_to_nobody(
    ratna: Person, palembang: Office, now: datetime
) -> None:
    found = programmes.opens(palembang, "laksan", weekdays=(5, 6), now=now)
    code = ready_draft(ratna, palembang, RATNA_NIK, now, programme_id=found.id).code
    programmes.programme("laksan").last_on = TODAY - timedelta(days=1)
    db.session.commit()
    slot = programmes.slot_of(palembang, "laksan", after=now)
    with pytest.raises(ProgrammeNotOffered):
        check_out(ratna.id, [(code, slot)], now=now)


def test_weekends_and_single_days_have_hours_where_their_programme_runs(
    palembang: Office, now: datetime
) -> None:
    programmes.opens(palembang, "laksan", weekdays=(5, 6), now=now)
    laksan = programmes.programme("laksan")
    assert {day.weekday() for day in programmes.days_of(palembang, "laksan")} == {5, 6}
    days = calendar(palembang, laksan.id, date(2026, 11, 27), date(2026, 11, 29), now=now)
    assert [day.state for day in days] == [DayState.NOT_OFFERED, DayState.OPEN, DayState.OPEN]
    christmas = date(2026, 12, 17)
    programmes.opens_on(palembang, "laksan", christmas, now=now)
    assert christmas in programmes.days_of(palembang, "laksan")


def test_a_programme_may_ask_for_more_days_ahead_than_others(
    ratna: Person, palembang: Office, now: datetime
) -> None:
    programmes.changes("expedited", date(2026, 1, 1), days_ahead_least=3)
    found = programmes.opens(palembang, "expedited", now=now)
    free = {
        on: sum(hour.left for hour in hours(palembang, found.id, on, now=now))
        for on in (TODAY + timedelta(days=n) for n in (1, 2, 3))
    }
    assert list(free.values()) == [0, 0, 10]
    code = _fast_draft(ratna, palembang, now)
    too_soon = programmes.slot_of(palembang, "expedited", after=now + timedelta(days=1))
    with pytest.raises(SlotFull):
        check_out(ratna.id, [(code, too_soon)], now=now)
    check_out(
        ratna.id,
        [(code, programmes.slot_of(palembang, "expedited", after=now + timedelta(days=2, hours=12)))],
        now=now,
    )


def test_late_money_for_a_programme_that_was_changed_meanwhile_is_sent_back(
    ratna: Person, palembang: Office, now: datetime, bank: TestBank
) -> None:
    programmes.opens(palembang, "expedited", now=now)
    code = _fast_draft(ratna, palembang, now)
    check_out(
        ratna.id, [(code, programmes.slot_of(palembang, "expedited", after=now + timedelta(days=1)))], now=now
    )
    bill = db.session.scalars(select(Bill)).one()
    record_billing_code(bill.id, "820261123000777", now, now=now)
    cancel_check_out(ratna.id, code, now=now)
    save_page(ratna.id, code, "wish", {**ANSWERS["wish"], "programme_code": "regular"}, now=now)
    answer = bank.call(Service.PAYMENT, payment_fields("820261123000777", 1_650_000))
    assert answer.json["responseCode"] == "4042519"
    assert _case(code).state is CaseState.DRAFT


def test_the_programme_is_chosen_with_the_office_and_changing_it_loses_nothing(
    ratna: Person, palembang: Office, now: datetime
) -> None:
    programmes.opens(palembang, "expedited", now=now)
    code = starts(ratna, now)
    fills(ratna, code, now)
    before = applications.answers(_case(code))
    save_page(ratna.id, code, "wish", {**ANSWERS["wish"], "programme_code": "expedited"}, now=now)
    save_page(ratna.id, code, "wish", dict(ANSWERS["wish"]), now=now)  # nothing said: it stays
    assert _case(code).programme_id == programmes.programme("expedited").id
    save_page(ratna.id, code, "wish", {**ANSWERS["wish"], "programme_code": "regular"}, now=now)
    assert applications.answers(_case(code)) == before


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [
        ("priority", ProgrammeNotOffered),  # one comes without an hour
        ("lakso", ProgrammeNotOffered),  # one asks for it
        ("laksan", ProgrammeNotOffered),  # has no hours here now
        ("atlantis", ProgrammeNotOffered),
    ],
)
def test_what_cannot_be_booked_cannot_be_wished(
    ratna: Person, palembang: Office, now: datetime, chosen: str, refusal: type[Exception]
) -> None:
    code = starts(ratna, now)
    with pytest.raises(refusal):
        save_page(ratna.id, code, "wish", {**ANSWERS["wish"], "programme_code": chosen}, now=now)


def test_what_is_said_after_the_wish_may_stand_against_it_and_is_asked_again_before_the_declaration(
    ratna: Person, palembang: Office, now: datetime
) -> None:
    programmes.changes("laksan", date(2026, 1, 2), age_from=60)
    programmes.opens(palembang, "laksan", weekdays=(5,), now=now)
    code = starts(ratna, now)
    save_page(ratna.id, code, "wish", {**ANSWERS["wish"], "programme_code": "laksan"}, now=now)
    fills(ratna, code, now)  # born in 1992; her wish says nothing of the programme
    gives_papers(code, now)
    with pytest.raises(ProgrammeNotFor) as refused:
        declare(ratna.id, code, now=now)
    assert refused.value.facts["why"] is Unfit.TOO_YOUNG


def test_the_programme_is_frozen_at_check_out(ratna: Person, palembang: Office, now: datetime) -> None:
    programmes.opens(palembang, "expedited", now=now)
    code = ready_draft(ratna, palembang, RATNA_NIK, now).code
    slot = programmes.slot_of(palembang, "regular", after=now + timedelta(days=1))
    check_out(ratna.id, [(code, slot)], now=now)
    with pytest.raises(Frozen):
        save_page(ratna.id, code, "wish", {**ANSWERS["wish"], "programme_code": "expedited"}, now=now)


def test_a_replacement_for_pages_that_are_full_is_offered_what_fits(
    ratna: Person, palembang: Office, now: datetime
) -> None:
    programmes.opens(palembang, "expedited", now=now)
    code = starts(ratna, now, Need.REPLACEMENT, ReplacementReason.PAGES_FULL)
    with pytest.raises(ProgrammeNotFor):
        save_page(ratna.id, code, "wish", {**ANSWERS["wish"], "programme_code": "expedited"}, now=now)
    save_page(ratna.id, code, "wish", dict(ANSWERS["wish"]), now=now)
    assert _case(code).programme_id == programmes.programme("regular").id


def test_whoever_booked_a_priority_programme_comes_in_by_that_lane(
    house: House, palembang: Office, now: datetime
) -> None:
    guest = house.guest()
    case = _case(guest)
    case_id, case.terms_id = case.id, programmes.terms_of("priority").id
    db.session.commit()
    house.walk(guest, CaseState.ARRIVED)
    assert db.session.scalar(select(Presence.lane).where(Presence.application_id == case_id)) == "B"
