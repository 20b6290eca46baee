"""The kiosk: a number for a code, and one's own letters once more for one's own visit letter."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mpaspor.applications.models import Application, Letter
from mpaspor.applications.rules import CaseState, LetterKind
from mpaspor.applications.visit_token import Visit, sign
from mpaspor.billing.models import Bill
from mpaspor.booking.models import Booking, Slot
from mpaspor.foundation import clock
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.models import Event
from mpaspor.people.rules import Role
from tests.stage.desk import House
from tests.stage.visitor import Visitor

KIOSK, LETTERS = "/kios/palembang", "/kios/palembang/surat"
VISIT = f"{LETTERS}/surat-kedatangan"
OPEN = "/petugas/kios"


def name_of(code: str) -> str:
    name = db.session.scalars(select(Application.full_name).where(Application.code == code)).one()
    db.session.remove()
    return str(name)


def asked(app: Flask, typed: str) -> str:
    return Visitor(app.test_client()).opens(KIOSK).presses(KIOSK, scan=typed).then().text


def test_the_kiosk_tells_the_number_and_where_to_go_and_names_nobody(house: House, app: Flask) -> None:
    code = house.walk(house.guest(), CaseState.DOCUMENTS_CHECKED)
    page = asked(app, f"{code[:4]}-{code[4:]}")
    assert '<p class="bignum" role="status">A001</p>' in page and "Ke loket foto." in page
    assert name_of(code) not in page


def test_abuse_16_the_kiosk_answers_alike_whatever_else_is_asked(house: House, app: Flask) -> None:
    elsewhere = house.walk(house.guest(), CaseState.GRANTED)
    answers = {asked(app, typed).split('name="csrf_token"')[0] for typed in (elsewhere, "00000000", "?", "")}
    [answer] = answers
    assert "Belum ada nomor untuk kode ini hari ini" in answer


def with_letters(house: House, code: str, *kinds: LetterKind) -> str:
    """Write the letters of a case into the register; returns what the QR code of its visit letter says."""
    case, slot, bill = db.session.execute(
        select(Application, Slot, Bill)
        .join(Booking, Booking.application_id == Application.id)
        .join(Slot, Slot.id == Booking.slot_id)
        .join(Bill, Bill.application_id == Application.id)
        .where(Application.code == code)
    ).one()
    refs = {LetterKind.VISIT: slot.id, LetterKind.RECEIPT: bill.id, LetterKind.PAYMENT: bill.id}
    for number, kind in enumerate((LetterKind.VISIT, *kinds), 1):
        made = {"code": f"{code}{number:08d}", "kind": kind, "application_id": case.id}
        db.session.add(Letter(**made, ref=refs.get(kind) or uuid7(), made_at=house.now))
    starts_at = slot.starts_at
    db.session.commit()
    return token(house, code, starts_at)


def token(house: House, code: str, starts_at: datetime, office: str = "palembang") -> str:
    return sign(Visit(code, office, starts_at), house.app.extensions["settings"].secrets.signing_key)


class Kiosk(Visitor):
    """The computer in the waiting room."""

    home = KIOSK

    def scans(self, text: str) -> Kiosk:
        self.opens(KIOSK).presses(KIOSK, scan=text)
        return self

    def prints(self, name: str) -> Kiosk:
        self.presses(LETTERS, surat=name)
        return self

    @property
    def offers(self) -> list[str]:
        """The letters on the buttons, by their names in addresses."""
        return re.findall(r'name="surat" value="([^"]+)"', self.text)


@pytest.fixture
def kiosk(house: House) -> Kiosk:
    """Opened by the reception this morning."""
    officer = house[Role.RECEPTION]
    officer.opens(OPEN).presses(OPEN)
    assert officer.page.headers["Location"] == KIOSK
    return Kiosk(officer.client)


def happened(kind: str) -> list[Any]:
    found = list(db.session.scalars(select(Event).where(Event.kind == kind)))
    db.session.remove()
    return found


def test_whoever_scans_their_visit_letter_prints_the_letters_that_they_hold(
    house: House, kiosk: Kiosk
) -> None:
    code = house.guest()
    kiosk.scans(with_letters(house, code, LetterKind.RECEIPT, LetterKind.PAYMENT))
    assert kiosk.offers == ["surat-kedatangan", "bukti-terima"]
    kiosk.prints("surat-kedatangan").reads("Sedang dicetak")
    assert f'src="{VISIT}"' in kiosk.text
    assert name_of(code) not in kiosk.text and code not in kiosk.text
    letter = kiosk.get(VISIT)
    assert letter.data.startswith(b"%PDF") and letter.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in letter.headers["Content-Security-Policy"]
    assert letter.headers["Cache-Control"] == "private, no-store"
    [event] = happened("letter_printed")
    assert event.actor_kind == "system" and event.details == {"letter": "visit_letter"}
    history = house[Role.SUPERVISOR].opens(f"/petugas/kasus/{code}").text
    assert "Mencetak lagi di kios: Surat kedatangan" in history


def test_a_letter_of_an_end_is_printed_again(house: House, kiosk: Kiosk) -> None:
    code = house.guest(state=CaseState.CLOSED)
    kiosk.scans(with_letters(house, code, LetterKind.CLOSING))
    assert kiosk.offers == ["surat-kedatangan", "surat-penutupan"]


@pytest.mark.parametrize("which", ["typed", "spaced", "address", "unsigned", "older", "elsewhere"])
def test_abuse_16_nothing_is_printed_for_a_code_or_a_letter_that_is_not_this_persons_now(
    house: House, kiosk: Kiosk, which: str
) -> None:
    code = house.guest()
    scanned = with_letters(house, code, LetterKind.RECEIPT)
    text = {
        "typed": code,
        "spaced": f"{code[:4]}-{code[4:]}",
        "address": f"https://mpaspor.example/v/{code}00000001",
        "unsigned": f"{scanned[:20]}{'1' if scanned[20] == '0' else '0'}{scanned[21:]}",
        "older": token(house, code, house.now - timedelta(days=7)),
        "elsewhere": token(house, code, house.now.replace(minute=0), "padang"),
    }[which]
    kiosk.scans(text)
    assert kiosk.offers == []
    assert kiosk.get(VISIT).status_code == 404
    assert kiosk.post(LETTERS, surat="bukti-terima").status_code == 409
    assert happened("letter_printed") == []


def test_abuse_16_a_browser_that_no_officer_opened_prints_nothing(house: House, app: Flask) -> None:
    scanned = with_letters(house, house.guest())
    stranger = Kiosk(app.test_client()).scans(scanned)
    assert stranger.offers == []
    stranger.client.set_cookie("mp_kios", "eyJvZmZpY2UiOiJwYWxlbWJhbmciLCJ1bnRpbCI6OTk5OTk5OTk5OX0.x")
    assert stranger.scans(scanned).offers == [] and stranger.get(VISIT).status_code == 404


def test_the_way_back_to_the_start_and_the_clock_end_what_a_scan_has_opened(
    house: House, kiosk: Kiosk
) -> None:
    scanned = with_letters(house, house.guest())
    page = kiosk.scans(scanned).page
    assert (
        f'<noscript><meta http-equiv="refresh" content="60;url={KIOSK}?otomatis=1"></noscript>' in kiosk.text
    )
    assert f'data-back="{KIOSK}" data-seconds="60"' in kiosk.text
    kiosk.opens(KIOSK)
    assert "http-equiv" not in kiosk.text and kiosk.get(VISIT).status_code == 404
    kiosk.page = page  # whoever presses Back has the button of the person before
    kiosk.prints("surat-kedatangan").reads("Waktunya habis. Pindai surat kedatangan Anda sekali lagi.")
    assert kiosk.page.status_code == 409
    kiosk.scans(scanned)
    with clock.at(house.now + timedelta(seconds=61)):
        assert kiosk.get(VISIT).status_code == 404
    assert happened("letter_printed") == []


def test_the_next_scan_ends_what_the_one_before_has_opened(house: House, kiosk: Kiosk) -> None:
    kiosk.scans(with_letters(house, house.guest()))
    assert kiosk.scans("0000-0000").offers == [] and kiosk.get(VISIT).status_code == 404


def test_a_button_pressed_twice_is_one_letter_in_the_history(house: House, kiosk: Kiosk) -> None:
    kiosk.scans(with_letters(house, house.guest()))
    asked = kiosk.page
    for _ in range(2):
        kiosk.page = asked
        kiosk.prints("surat-kedatangan").reads("Sedang dicetak")
    assert len(happened("letter_printed")) == 1


def test_a_kiosk_is_opened_for_a_day_and_its_officer_is_signed_out(house: House, kiosk: Kiosk) -> None:
    assert kiosk.get("/petugas").status_code == 303
    [event] = happened("kiosk_opened")
    assert event.actor_role == "reception" and event.office_id == house.office.id
    cookie = kiosk.client.get_cookie("mp_kios")
    assert cookie is not None and cookie.http_only and cookie.same_site == "Strict"
    scanned = with_letters(house, house.guest())
    with clock.at(house.now + timedelta(days=1)):
        assert kiosk.scans(scanned).offers == []


def test_whoever_prints_too_often_is_told_to_wait(house: House, kiosk: Kiosk) -> None:
    kiosk.scans(with_letters(house, house.guest()))
    statuses = [kiosk.post(LETTERS, surat="surat-kedatangan").status_code for _ in range(11)]
    assert statuses[-2:] == [200, 429]
