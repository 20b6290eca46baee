"""Saving pages: columns and answers, freezing, what only the database or the day can say."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask

from mpaspor.applications import queries
from mpaspor.applications.declare import declare
from mpaspor.applications.invariants import INVARIANTS
from mpaspor.applications.refusals import (
    Frozen,
    KindNotOffered,
    NotANik,
    NotFilledHere,
    NotGrownUp,
    OfficeNotInService,
)
from mpaspor.applications.save_page import save_page
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import lookup_hash
from mpaspor.foundation.invariants import broken
from mpaspor.foundation.refusals import NotFound, StateChanged
from mpaspor.offices.models import Office
from tests.stage.cast import RATNA_NIK, Person
from tests.stage.drafts import ANSWERS, case_of, fills, gives_papers, starts


@pytest.fixture
def code(ratna: Person, now: datetime) -> str:
    return starts(ratna, now)


def test_facts_become_columns_and_the_rest_is_sealed(ratna: Person, code: str, now: datetime, scalar) -> None:  # type: ignore[no-untyped-def]
    fills(ratna, code, now)
    case = case_of(code)
    assert (case.full_name, case.nik, case.birth_on, case.sex) == (
        "Ratna Dewi Kusuma", RATNA_NIK, date(1992, 8, 7), "female",
    )  # fmt: skip
    assert case.nik_lookup == lookup_hash(RATNA_NIK, "nik") and case.phone == "+6281271234567"
    assert case.office_id == scalar("SELECT id FROM office WHERE code = 'palembang'")
    stored = scalar("SELECT string_agg(encode(answers, 'escape'), ' ') FROM answer_page")
    assert "Palembang" not in str(stored) and "Siti Aminah" not in str(stored)
    assert queries.answers(case)["identity"] == ANSWERS["identity"]
    assert list(broken(INVARIANTS, now)) == []


def test_saving_the_same_twice_changes_nothing(ratna: Person, code: str, now: datetime, scalar) -> None:  # type: ignore[no-untyped-def]
    for _n in range(3):
        save_page(ratna.id, code, "contact", ANSWERS["contact"], now=now)
    assert scalar("SELECT count(*) FROM event WHERE kind = 'answered'") == 1


def test_a_change_takes_the_declaration_back_and_the_same_again_does_not(
    ratna: Person, code: str, now: datetime
) -> None:
    fills(ratna, code, now)
    gives_papers(code, now)
    declare(ratna.id, code, now=now)
    save_page(ratna.id, code, "occupation", ANSWERS["occupation"], now=now)
    assert case_of(code).declared_at is not None
    save_page(ratna.id, code, "occupation", {"occupation": "farmer"}, now=now)
    assert case_of(code).declared_at is None


def test_events_hold_the_page_and_nothing_of_what_was_typed(
    ratna: Person, code: str, now: datetime, scalar
) -> None:  # type: ignore[no-untyped-def]
    save_page(ratna.id, code, "identity", ANSWERS["identity"], now=now)
    assert scalar("SELECT details::text FROM event WHERE kind = 'answered'") == '{"page": "identity"}'


@pytest.mark.parametrize(
    ("page", "changed"),
    [
        ("identity", {"full_name": "Pembeli Tempat"}),
        ("identity", {"nik": "1671014708920009"}),
        ("identity", {"birth_on": "1992-08-08"}),
        ("identity", {"sex": "male"}),
        ("kind", {"need": "replacement"}),
        ("kind", {"need": "replacement", "replacement_reason": "expired"}),
        ("kind", {"kind": "electronic_polycarbonate"}),
        ("kind", {"validity_years": 10}),
        ("wish", {"office_code": "langsa"}),
        ("first_passport", {"never_had_passport": "no"}),
    ],
)
def test_abuse_14_frozen_facts_do_not_change_after_check_out(
    ratna: Person, code: str, now: datetime, page: str, changed: dict[str, object]
) -> None:
    fills(ratna, code, now)
    _checked_out(code)
    kind = {"need": "new", "replacement_reason": None, "kind": "electronic_laminated", "validity_years": 5}
    given = {**ANSWERS.get(page, kind), **changed}
    with pytest.raises(Frozen) as refusal:
        save_page(ratna.id, code, page, given, now=now)
    assert refusal.value.facts["field"] in changed


def test_the_rest_may_change_until_check_in(ratna: Person, code: str, now: datetime) -> None:
    fills(ratna, code, now)
    _checked_out(code)
    save_page(ratna.id, code, "identity", {**ANSWERS["identity"], "birth_place": "Lahat"}, now=now)
    save_page(ratna.id, code, "contact", {"phone": "+6281300000001"}, now=now)
    assert case_of(code).phone == "+6281300000001"
    _state(code, "arrived")
    with pytest.raises(StateChanged):
        save_page(ratna.id, code, "contact", {"phone": "+6281300000002"}, now=now)


def test_what_can_be_no_nik_and_who_is_a_child_is_refused(ratna: Person, code: str, now: datetime) -> None:
    identity = ANSWERS["identity"]
    with pytest.raises(NotANik):
        save_page(ratna.id, code, "identity", {**identity, "nik": "1671014708920000"}, now=now)
    with pytest.raises(NotGrownUp):
        save_page(ratna.id, code, "identity", {**identity, "birth_on": "2010-01-01"}, now=now)
    save_page(
        ratna.id, code, "identity", {**identity, "birth_on": "2010-01-01", "civil_status": "married"}, now=now
    )


def test_the_office_must_serve_and_issue_the_kind(ratna: Person, code: str, now: datetime) -> None:
    with pytest.raises(OfficeNotInService):
        save_page(ratna.id, code, "wish", {"office_code": "langsa"}, now=now)
    with pytest.raises(OfficeNotInService):
        save_page(ratna.id, code, "wish", {"office_code": "tidak-ada"}, now=now)
    db.session.execute(db.update(Office).where(Office.code == "langsa").values(in_service=True))
    db.session.commit()
    try:
        with pytest.raises(KindNotOffered) as refusal:
            save_page(ratna.id, code, "wish", {"office_code": "langsa"}, now=now)
        assert refusal.value.facts["office"] == "Langsa"
    finally:
        db.session.execute(db.update(Office).where(Office.code == "langsa").values(in_service=False))
        db.session.commit()
    save_page(ratna.id, code, "wish", ANSWERS["wish"], now=now)
    with pytest.raises(KindNotOffered):
        kind = {"need": "new", "kind": "non_electronic", "validity_years": 5}
        save_page(ratna.id, code, "kind", kind, now=now)


def test_abuse_13_unknown_fields_and_pages_are_not_stored(ratna: Person, code: str, now: datetime) -> None:
    save_page(ratna.id, code, "contact", {**ANSWERS["contact"], "state": "scheduled", "nik": "1"}, now=now)
    assert queries.answers(case_of(code))["contact"] == ANSWERS["contact"]
    for page in ("spouse", "old_passport", "no_such_page"):
        with pytest.raises(NotFilledHere):
            save_page(ratna.id, code, page, {}, now=now)


def test_a_strangers_case_is_not_there(
    app: Flask, ratna: Person, code: str, budi: Person, now: datetime
) -> None:
    with pytest.raises(NotFound):
        save_page(budi.id, code, "contact", ANSWERS["contact"], now=now)


def _checked_out(code: str) -> None:
    number = "UPDATE application SET number = '1234567890123452' WHERE code = :code"
    db.session.execute(db.text(number), {"code": code})
    _state(code, "awaiting_payment")


def _state(code: str, state: str) -> None:
    db.session.execute(
        db.text("UPDATE application SET state = :state WHERE code = :code"), {"state": state, "code": code}
    )
    db.session.commit()
