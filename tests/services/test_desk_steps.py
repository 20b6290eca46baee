"""Through the house: papers, photo, interview, decision, printing, test, pickup; each with its refusals."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select, update

from mpaspor.applications.images import NotAnImage
from mpaspor.applications.models import Application, Document
from mpaspor.applications.rules import CaseState
from mpaspor.billing.models import Bill
from mpaspor.desk import adjudicate, check_documents, invariants, refusals
from mpaspor.desk.check_quality import fail_quality
from mpaspor.desk.close_case import close_case, end_overdue
from mpaspor.desk.print_booklet import print_booklet
from mpaspor.desk.take_back import take_back
from mpaspor.desk.take_biometrics import take_biometrics
from mpaspor.foundation import files
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.foundation.refusals import StateChanged
from mpaspor.people.rules import Role
from tests.stage.desk import (
    House,
    accept_papers,
    booklet,
    hands_over,
    mark_of_proposal,
    newest_booklet,
    officer,
    passes,
    photo,
)

S = CaseState


def paper_in(code: str, kind: str) -> Document:
    found = db.session.scalars(
        select(Document)
        .join(Application, Application.id == Document.application_id)
        .where(Application.code == code, Document.kind == kind)
    ).one()
    db.session.remove()
    return found


def want(house: House, code: str, paper: str, reason: str | None = "Tidak terbaca") -> None:
    check_documents.decide_paper(
        house[Role.VERIFIER].id,
        code,
        paper,
        accepted=False,
        reason=reason,
        seen=None,
        now=house.now,
    )


def finish(house: House, code: str, *, waits_here: bool = False) -> str:
    verifier = house[Role.VERIFIER].id
    return check_documents.finish_documents(verifier, code, waits_here=waits_here, now=house.now)


def test_a_case_goes_through_the_whole_house_and_nothing_is_broken(house: House, scalar) -> None:  # type: ignore[no-untyped-def]
    code = house.walk(house.guest(), S.READY)
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'ready'") == 1
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'granted'") == 1
    hands_over(house, code)
    assert house.state_of(code) == "collected"
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'collected'") == 1
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_a_paper_is_asked_for_again_with_a_reason_a_term_and_one_message(house: House, scalar) -> None:  # type: ignore[no-untyped-def]
    code = house.walk(house.guest(), S.ARRIVED)
    accept_papers(house, code)
    with pytest.raises(refusals.ReasonNeeded):
        want(house, code, "kk", "  ")
    want(house, code, "kk")
    assert finish(house, code) == "documents_wanted"
    assert scalar("SELECT papers_until FROM application WHERE code = :c", c=code) == house.now + timedelta(
        days=7
    )
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'papers_wanted'") == 1


def test_papers_wait_until_each_is_decided(house: House) -> None:
    code = house.walk(house.guest(), S.ARRIVED)
    with pytest.raises(refusals.PapersUndecided):
        finish(house, code)


def test_a_picture_that_was_replaced_meanwhile_is_not_accepted_unseen(house: House) -> None:
    code = house.walk(house.guest(), S.ARRIVED)
    with pytest.raises(refusals.NoPicture):
        check_documents.decide_paper(
            house[Role.VERIFIER].id,
            code,
            "ktp",
            accepted=True,
            held=True,
            reason=None,
            seen="0" * 32,
            now=house.now,
        )
    assert paper_in(code, "national_id_card").state == "submitted"


def test_a_wanted_paper_shown_at_the_desk_sends_the_case_back_to_where_it_was(house: House, scalar) -> None:  # type: ignore[no-untyped-def]
    code = house.walk(house.guest(), S.INTERVIEWED)
    want(house, code, "bukti")
    assert finish(house, code) == "documents_wanted"
    accept_papers(house, code)
    assert finish(house, code) == "interviewed"
    assert scalar("SELECT papers_until IS NULL FROM application WHERE code = :c", c=code)
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_a_paper_sent_anew_stops_the_decision_until_somebody_has_seen_it(house: House) -> None:
    code = house.walk(house.guest(), S.INTERVIEWED)
    db.session.execute(update(Document).where(Document.kind == "family_card").values(state="submitted"))
    db.session.commit()
    with pytest.raises(refusals.PapersUndecided):
        adjudicate.grant(house[Role.ADJUDICATOR].id, code, now=house.now)


def test_a_file_that_is_no_picture_takes_no_step_and_leaves_nothing(house: House) -> None:
    code = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    before = len(list(files.store().older_than(house.now + timedelta(days=9999))))
    with pytest.raises(NotAnImage):
        take_biometrics(house[Role.BIOMETRICS].id, code, data=b"GIF89a", now=house.now)
    with pytest.raises(refusals.NotYourStep):
        take_biometrics(house[Role.PRINTER].id, code, data=photo(), now=house.now)
    assert house.state_of(code) == "documents_checked"
    assert len(list(files.store().older_than(house.now + timedelta(days=9999)))) == before


def test_a_reversed_payment_stops_the_desk(house: House) -> None:
    code = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    db.session.execute(update(Bill).values(state="reversed"))
    db.session.commit()
    with pytest.raises(refusals.Unpaid):
        take_biometrics(house[Role.BIOMETRICS].id, code, data=photo(), now=house.now)


def test_the_second_of_two_officers_changes_nothing(house: House, app: Flask) -> None:
    code = house.walk(house.guest(), S.GRANTED)
    with pytest.raises(StateChanged) as told:
        adjudicate.grant(house[Role.ADJUDICATOR].id, code, now=house.now)
    assert told.value.facts["state"] == "granted"


def propose(house: House, code: str, verdict: CaseState = S.REFUSED, now: datetime | None = None) -> None:
    adjudicate.propose(
        house[Role.ADJUDICATOR].id,
        code,
        verdict=verdict,
        reason="Keterangan palsu",
        told=adjudicate.Told("Akta lahir tidak cocok.", "UU 6/2011 Pasal 126", 6),
        now=now or house.now,
    )


@pytest.mark.parametrize("verdict", [S.REFUSED, S.DEFERRED])
def test_refusing_takes_two_adjudicators_and_is_told_once(
    house: House, app: Flask, scalar, verdict: CaseState
) -> None:  # type: ignore[no-untyped-def]
    code = house.walk(house.guest(), S.INTERVIEWED)
    propose(house, code, verdict)
    assert house.state_of(code) == "interviewed"
    second = officer(app, house.office, Role.ADJUDICATOR, now=house.now)
    seen = mark_of_proposal(code)
    adjudicate.decide_proposal(second.id, code, agreed=True, reason=None, seen=seen, now=house.now)
    assert house.state_of(code) == verdict
    assert scalar("SELECT count(*) FROM outbox WHERE kind = :k", k=str(verdict)) == 1
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_abuse_38_the_first_adjudicator_may_not_be_the_second(house: House) -> None:
    code = house.walk(house.guest(), S.INTERVIEWED)
    propose(house, code)
    with pytest.raises(refusals.NeedsSecondOfficer):
        adjudicate.decide_proposal(
            house[Role.ADJUDICATOR].id,
            code,
            agreed=True,
            reason=None,
            seen=mark_of_proposal(code),
            now=house.now,
        )
    assert house.state_of(code) == "interviewed"


def test_another_proposal_is_not_confirmed_in_a_tab_that_shows_the_first(house: House, app: Flask) -> None:
    code = house.walk(house.guest(), S.INTERVIEWED)
    propose(house, code, S.DEFERRED)
    second = officer(app, house.office, Role.ADJUDICATOR, now=house.now)
    seen, later = mark_of_proposal(code), house.now + timedelta(minutes=1)
    decide = partial(adjudicate.decide_proposal, code=code, now=later)
    decide(house[Role.ADJUDICATOR].id, agreed=False, reason="Salah pilih", seen=None)
    propose(house, code, S.REFUSED, later)
    for other in (seen, None):
        with pytest.raises(StateChanged):
            decide(second.id, agreed=True, reason=None, seen=other)
    assert house.state_of(code) == "interviewed"
    decide(second.id, agreed=True, reason=None, seen=mark_of_proposal(code))
    assert house.state_of(code) == "refused"


def test_a_declined_proposal_leaves_the_case_open_and_its_reason_in_the_history(
    house: House, app: Flask, scalar
) -> None:  # type: ignore[no-untyped-def]
    code = house.walk(house.guest(), S.INTERVIEWED)
    propose(house, code)
    with pytest.raises(refusals.ProposalPending):
        adjudicate.grant(house[Role.ADJUDICATOR].id, code, now=house.now)
    second = officer(app, house.office, Role.ADJUDICATOR, now=house.now)
    with pytest.raises(refusals.ReasonNeeded):
        adjudicate.decide_proposal(second.id, code, agreed=False, reason="", seen=None, now=house.now)
    adjudicate.decide_proposal(second.id, code, agreed=False, reason="Bukti cukup", seen=None, now=house.now)
    assert scalar("SELECT reason FROM event WHERE kind = 'proposal_declined'") == "Bukti cukup"
    adjudicate.grant(second.id, code, now=house.now)
    assert house.state_of(code) == "granted"


def test_abuse_38_who_printed_may_not_test_even_with_the_role(house: House, app: Flask) -> None:
    both = officer(app, house.office, Role.PRINTER, Role.QUALITY, now=house.now)
    code = house.walk(house.guest(), S.GRANTED)
    seen = booklet(house)
    print_booklet(both.id, code, number=seen, now=house.now)
    with pytest.raises(refusals.OwnPrint):
        passes(house, code, both.id)
    with pytest.raises(refusals.OwnPrint):
        fail_quality(both.id, code, reason="photo", seen=seen, now=house.now)
    passes(house, code)
    assert house.state_of(code) == "ready"


def test_a_failed_booklet_goes_back_to_printing_and_its_number_is_never_used_again(house: House) -> None:
    code = house.walk(house.guest(), S.GRANTED)
    print_booklet(house[Role.PRINTER].id, code, number=booklet(house, "X7654321"), now=house.now)
    tester, seen = house[Role.QUALITY].id, "X7654321"
    with pytest.raises(refusals.ReasonNeeded):
        fail_quality(tester, code, reason="", seen=seen, now=house.now)
    fail_quality(tester, code, reason="photo: miring", seen=seen, now=house.now)
    assert house.state_of(code) == "granted"
    with pytest.raises(refusals.SerialSpoilt):
        print_booklet(house[Role.PRINTER].id, code, number="x7654321", now=house.now)
    with pytest.raises(refusals.NotABookletNumber):
        print_booklet(house[Role.PRINTER].id, code, number="12", now=house.now)
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_a_booklet_printed_anew_is_not_judged_in_a_tab_that_shows_the_old_one(house: House) -> None:
    code = house.walk(house.guest(), S.PRINTED)
    tester, old = house[Role.QUALITY].id, newest_booklet(code)
    fail_quality(tester, code, reason="photo", seen=old, now=house.now)
    later = house.now + timedelta(minutes=1)
    print_booklet(house[Role.PRINTER].id, code, number=booklet(house), now=later)
    for seen in (old, None):
        with pytest.raises(StateChanged):
            passes(house, code, seen=seen, now=later)
        with pytest.raises(StateChanged):
            fail_quality(tester, code, reason="chip", seen=seen, now=later)
    assert house.state_of(code) == "printed"


@pytest.mark.parametrize(
    ("state", "role"),
    [
        (S.DOCUMENTS_CHECKED, Role.VERIFIER),
        (S.BIOMETRICS_TAKEN, Role.BIOMETRICS),
        (S.INTERVIEWED, Role.INTERVIEWER),
        (S.GRANTED, Role.ADJUDICATOR),
        (S.PRINTED, Role.PRINTER),
        (S.READY, Role.QUALITY),
    ],
)
def test_each_step_is_taken_back_with_a_reason_and_made_again(
    house: House, state: CaseState, role: Role
) -> None:
    from mpaspor.applications.rules import STEPS_BACK

    code = house.walk(house.guest(), state)
    with pytest.raises(refusals.ReasonNeeded):
        take_back(house[role].id, code, state=state, reason="", now=house.now)
    with pytest.raises(refusals.NotYourStep):
        take_back(house[Role.HANDOVER].id, code, state=state, reason="Salah", now=house.now)
    take_back(house[role].id, code, state=state, reason="Salah tekan", now=house.now)
    assert house.state_of(code) == STEPS_BACK[state]
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_collected_is_taken_back_by_a_supervisor_and_handed_over_again(house: House) -> None:
    code = house.walk(house.guest(), S.READY)
    for _ in range(2):
        hands_over(house, code)
        with pytest.raises(refusals.NotYourStep):
            take_back(house[Role.HANDOVER].id, code, state=S.COLLECTED, reason="Salah", now=house.now)
        assert not list(broken(invariants.INVARIANTS, house.now))
        take_back(house[Role.SUPERVISOR].id, code, state=S.COLLECTED, reason="Salah orang", now=house.now)
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_what_was_seen_is_taken_back_and_nothing_newer(house: House) -> None:
    code = house.walk(house.guest(), S.BIOMETRICS_TAKEN)
    with pytest.raises(StateChanged):
        take_back(house[Role.SUPERVISOR].id, code, state=S.DOCUMENTS_CHECKED, reason="x", now=house.now)


def test_a_supervisor_closes_a_case_of_somebody_who_left(house: House) -> None:
    code = house.walk(house.guest(), S.ARRIVED)
    with pytest.raises(refusals.NotYourStep):
        close_case(house[Role.VERIFIER].id, code, reason="Pulang", now=house.now)
    close_case(house[Role.SUPERVISOR].id, code, reason="Pulang", now=house.now)
    assert house.state_of(code) == "closed"


def test_papers_that_never_came_close_the_case_and_one_that_came_stops_the_clock(house: House) -> None:
    late, came = (house.walk(house.guest(), S.ARRIVED) for _ in range(2))
    for code in (late, came):
        accept_papers(house, code)
        want(house, code, "kk")
        finish(house, code)
    accept_papers(house, came)
    finish(house, came)
    assert end_overdue(now=house.now + timedelta(days=7)) == 0
    assert end_overdue(now=house.now + timedelta(days=7, seconds=1)) == 1
    assert (house.state_of(late), house.state_of(came)) == ("closed", "documents_checked")
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_a_passport_that_nobody_fetched_is_void_a_month_after_issue(house: House) -> None:
    code = house.walk(house.guest(), S.READY)
    assert end_overdue(now=house.now + timedelta(days=30)) == 0
    assert end_overdue(now=house.now + timedelta(days=31)) == 1
    assert house.state_of(code) == "void"
    assert not list(broken(invariants.INVARIANTS, house.now))
