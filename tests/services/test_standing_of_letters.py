"""A letter carried about after its bill or its hour has changed: genuine, and plainly not to be used."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from mpaspor.applications.letter_queries import newest_letter
from mpaspor.applications.rules import LetterKind
from mpaspor.billing.cancel_check_out import cancel_check_out
from mpaspor.billing.lapse_bill import lapse_bill
from mpaspor.billing.settle_bill import settle
from mpaspor.billing.snap.rules import Service
from mpaspor.billing.withdraw import withdraw
from mpaspor.correspondence import registered
from mpaspor.correspondence.standing import Standing
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.web.labels.correspondence import STANDINGS
from tests.conftest import MONDAY
from tests.counted import counted
from tests.stage import cast
from tests.stage.banks import TestBank, payment_fields
from tests.stage.bills import Owing

DEAD, PAID = "kodenya tidak berlaku lagi", "kodenya sudah dibayar"


def pay(app: Flask, owed: Owing) -> None:
    bank = TestBank(app.test_client(), MONDAY).register().sign_in()
    bank.call(Service.PAYMENT, payment_fields(owed.code, owed.amount_rp))


def verified(client: FlaskClient, owed: Owing, kind: str) -> str:
    letter = newest_letter(owed.application_id, kind)
    assert letter is not None
    return client.get(f"/v/{letter.code}").text


def drawn(owed: Owing, kind: str, at: datetime = MONDAY) -> str:
    letter = newest_letter(owed.application_id, kind)
    assert letter is not None
    pages = PdfReader(io.BytesIO(registered.draw(letter, at))).pages
    return " ".join(pages[0].extract_text().split())


def test_every_standing_has_its_words() -> None:
    assert set(STANDINGS) == {str(standing) for standing in Standing}


def test_a_code_that_may_be_paid_is_simply_genuine(client: FlaskClient, owed: Owing) -> None:
    page = verified(client, owed, LetterKind.PAYMENT)
    assert "Surat ini asli" in page and "tetapi" not in page
    assert "Tidak berlaku lagi" not in drawn(owed, LetterKind.PAYMENT)


def test_a_cancelled_code_says_so_on_paper_and_when_scanned(client: FlaskClient, owed: Owing) -> None:
    cancel_check_out(owed.account_id, owed.application_code, now=MONDAY)
    assert DEAD in verified(client, owed, LetterKind.PAYMENT)
    assert "Jangan membayar kode billing di surat ini" in drawn(owed, LetterKind.PAYMENT)


@pytest.mark.parametrize("swept", [False, True])
def test_a_code_past_its_time_says_so_before_and_after_it_is_swept_up(
    client: FlaskClient, owed: Owing, swept: bool
) -> None:
    later = MONDAY + (timedelta(hours=3) if swept else timedelta(hours=2, minutes=5))
    if swept:
        lapse_bill(owed.bill_id, now=later)
    with clock.at(later):
        assert DEAD in verified(client, owed, LetterKind.PAYMENT)
        assert "Bayar sebelum" not in drawn(owed, LetterKind.PAYMENT, later)


def test_a_paid_code_says_that_it_is_paid_and_not_to_be_paid_again(
    app: Flask, client: FlaskClient, owed: Owing
) -> None:
    pay(app, owed)
    assert PAID in verified(client, owed, LetterKind.PAYMENT)
    assert "Jangan membayar lagi" in drawn(owed, LetterKind.PAYMENT)
    assert "tetapi" not in verified(client, owed, LetterKind.VISIT)


def test_drawing_a_letter_asks_five_times_at_most(app: Flask, owed: Owing) -> None:
    """Who asks, for which case and for which letter are three more, and a page asks eight times at most."""
    with counted() as for_a_bill:
        drawn(owed, LetterKind.PAYMENT)
    pay(app, owed)
    with counted() as for_a_visit:
        drawn(owed, LetterKind.VISIT)
    assert max(len(for_a_bill), len(for_a_visit)) - 1 <= 5, for_a_visit  # `drawn` looks the letter up


def test_a_letter_costs_8_statements_after_a_pause_and_with_nothing_kept(app: Flask, owed: Owing) -> None:
    """All three, the guard's note that its reader came back included; nobody else is given them."""
    letters = f"/permohonan/{owed.application_code}/surat"
    pay(app, owed)
    assert settle(owed.bill_id, "A1B2C3D4E5F6G7H8", now=MONDAY)
    costs = {}
    for n, kind in enumerate(("surat-pengantar", "bukti-terima", "surat-kedatangan"), 1):
        owner, stranger = (
            cast.owner(owed.account_id, MONDAY),
            cast.applicant("Budi", f"b{n}@w.example", MONDAY),
        )
        with clock.at(MONDAY + timedelta(minutes=n * 5)), counted() as costs[kind]:
            assert owner.at(app).get(f"{letters}/{kind}").status_code == 200
        assert stranger.at(app).get(f"{letters}/{kind}").status_code == 404
    assert not {kind: found for kind, found in costs.items() if len(found) > 8}


def test_a_visit_letter_of_an_hour_given_up_no_longer_holds(
    app: Flask, client: FlaskClient, owed: Owing
) -> None:
    pay(app, owed)
    withdraw(owed.account_id, owed.application_code, now=MONDAY)
    assert "tidak berlaku lagi" in verified(client, owed, LetterKind.VISIT)
    assert "Tidak berlaku lagi" in drawn(owed, LetterKind.VISIT)


def test_a_receipt_whose_money_went_back_says_so(
    app: Flask, client: FlaskClient, owed: Owing, scalar: Callable[..., Any]
) -> None:
    """Nothing in the product reverses yet; the state exists, so the paper is ready for it."""
    pay(app, owed)
    code = scalar("SELECT code FROM letter WHERE kind = 'visit_letter'")
    db.session.execute(db.text("UPDATE bill SET state = 'reversed'"))
    db.session.execute(
        db.text("UPDATE letter SET kind = 'receipt', ref = :bill WHERE code = :code"),
        {"bill": owed.bill_id, "code": code},
    )
    db.session.commit()
    assert "pembayarannya ditarik kembali" in client.get(f"/v/{code}").text
