"""A visit moves once: both hours are read before it does, and every page then says what became of it."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from mpaspor.applications.letter_queries import newest_letter
from mpaspor.applications.models import Application, Letter
from mpaspor.applications.rules import LetterKind
from mpaspor.booking import queries as booking
from mpaspor.booking.models import Slot
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from tests.house.page_rules import Inspecting
from tests.stage import cast, desk
from tests.stage.visitor import Visitor


@pytest.fixture
def code(app: Flask, palembang: Office, now: datetime) -> str:
    """Paid, and due on Thursday at 08.00."""
    return desk.guest(palembang, now, hours=72)


@pytest.fixture
def siti(app: Flask, code: str, now: datetime) -> Visitor:
    return owner_of(code, app, now)


def owner_of(code: str, app: Flask, now: datetime) -> Visitor:
    """A browser that complains about every page."""
    return Visitor(Inspecting(cast.owner_of(code, now).at(app)))  # type: ignore[arg-type]


def case_of(code: str) -> Application:
    return db.session.scalars(select(Application).where(Application.code == code)).one()


def hour_on(now: datetime, days: int, hours: int = 1) -> str:
    found = select(Slot.id).where(Slot.starts_at == now + timedelta(days=days, hours=hours))
    return str(db.session.scalars(found).one())


def test_both_hours_are_read_before_the_visit_moves(siti: Visitor, code: str, now: datetime) -> None:
    new = hour_on(now, 4)
    siti.opens(f"/permohonan/{code}/ubah-jadwal").reads("Anda periksa dulu sebelum jadwal berubah")
    siti.sends({"slot": new})
    assert siti.address.endswith(f"/ubah-jadwal/{new}")
    siti.reads("Ubah jadwal ke Jumat, 27 November 2026?")
    siti.reads("Kamis, 26 November 2026").reads("08.00–09.00").reads("09.00–10.00")
    siti.reads("Sesudah ini jadwal tidak bisa diubah lagi")
    assert not booking.visit(case_of(code).id).was_moved, "looking changes nothing"  # type: ignore[union-attr]
    siti.sends({}, to=f"/permohonan/{code}/ubah-jadwal/{new}")
    siti.reads("Jadwal diubah").reads("Semula:").reads("Menjadi:").reads("Kamis, 26 November 2026")
    siti.reads("Jadwal ini sudah pernah diubah, jadi tidak bisa diubah lagi.")


def test_an_hour_that_cannot_be_had_is_told_before_and_after_it_was_shown(
    siti: Visitor, code: str, now: datetime
) -> None:
    same_day, full = hour_on(now, 3), hour_on(now, 4)
    address = f"/permohonan/{code}/ubah-jadwal"
    siti.opens(address).sends({"slot": same_day}, 409).reads("Pilih hari lain")
    siti.opens(f"{address}/{same_day}", 409)
    siti.opens(f"{address}/{full}")
    db.session.query(Slot).filter(Slot.id == full).update({"released": 0})
    db.session.commit()
    siti.sends({}, 409, to=f"{address}/{full}").reads("Pilihan terdekat")
    siti.opens(f"{address}/{full}", 409).reads("Pilihan terdekat")
    siti.opens(f"{address}/{uuid.UUID(int=1)}", 409)


def test_a_letter_of_the_hour_before_names_the_letter_that_replaced_it(
    siti: Visitor, code: str, now: datetime
) -> None:
    case = case_of(code)
    old = _letter(case, booking.visit(case.id).slot_id, "0" * 16, now)  # type: ignore[union-attr]
    new = hour_on(now, 4)
    siti.opens(f"/permohonan/{code}/ubah-jadwal/{new}").sends({})
    newer = newest_letter(case_of(code).id, LetterKind.VISIT)
    assert newer is not None and newer.code != old
    siti.opens(f"/v/{old}").reads("Surat ini asli, tetapi sudah diganti").reads("Diganti oleh")
    assert f'href="/v/{newer.code}"' in siti.text
    siti.opens(f"/v/{newer.code}")
    assert "Diganti oleh" not in siti.text


def test_a_move_that_was_made_is_offered_nowhere(siti: Visitor, code: str, now: datetime) -> None:
    siti.opens(f"/permohonan/{code}/ubah-jadwal/{hour_on(now, 4)}").sends({})
    offers_no_move(siti, code)


def test_a_second_tab_after_the_move_reads_what_was_chosen_and_no_hours(
    siti: Visitor, code: str, now: datetime
) -> None:
    first, second = hour_on(now, 4), hour_on(now, 4, hours=2)
    address = f"/permohonan/{code}/ubah-jadwal"
    siti.opens(f"{address}/{first}").sends({}, to=f"{address}/{first}")
    siti.opens("/akun").sends({}, 409, to=f"{address}/{second}")
    siti.reads("Jadwal sudah dipilih").reads("Jumat, 27 November 2026").reads("09.00–10.00")
    siti.reads("Buka permohonan")
    assert "Sisa kuota" not in siti.text


def test_on_the_day_of_the_visit_no_move_is_offered(app: Flask, palembang: Office, now: datetime) -> None:
    code = desk.guest(palembang, now, hours=3)
    offers_no_move(owner_of(code, app, now), code)


def offers_no_move(siti: Visitor, code: str) -> None:
    case = f"/permohonan/{code}"
    siti.opens(f"{case}/ubah-jadwal")
    assert siti.address == case
    assert re.search("tidak bisa (diubah )?lagi", siti.text)
    for page in (case, f"{case}/tarik"):
        siti.opens(page)
        assert "/ubah-jadwal" not in siti.text and "ubah jadwal satu kali" not in siti.text.lower(), page


def test_withdrawing_offers_the_move_while_there_is_one(siti: Visitor, code: str) -> None:
    siti.opens(f"/permohonan/{code}/tarik").reads("sampai Rabu, 25 November 2026")
    assert f"/permohonan/{code}/ubah-jadwal" in siti.text


def _letter(case: Application, slot_id: object, code: str, now: datetime) -> str:
    db.session.add(
        Letter(
            application_id=case.id,
            kind=LetterKind.VISIT,
            ref=slot_id,
            code=code,
            made_at=now - timedelta(days=1),
        )
    )
    db.session.commit()
    return code
