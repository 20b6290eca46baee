"""Hoarding is shown to supervisors, who judge; nobody is blocked by being shown."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import update

from mpaspor.applications.models import Application
from mpaspor.billing.cancel_check_out import cancel_check_out
from mpaspor.billing.check_out import check_out
from mpaspor.desk.booking_habits import LOOKS_BACK, given_back, many_niks
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.stage import bills
from tests.stage.closing import Closing
from tests.stage.desk import House

DAY = timedelta(days=1)


def takes_and_gives_back(office: Office, nik: bytes, now: datetime) -> str:
    """Somebody takes an hour for this NIK in an account of their own, and gives it back."""
    account_id, _case, code = bills.draft(office, now, nik_lookup=nik)
    check_out(account_id, [(code, bills.free_slot(office, now))], now=now)
    cancel_check_out(account_id, code, now=now)
    return code


def test_abuse_18_a_nik_whose_places_are_given_back_again_and_again_is_shown(
    house: House, padang: Office, now: datetime
) -> None:
    office, nik = house.office, secrets.token_bytes(32)
    codes = [takes_and_gives_back(office, nik, now + n * DAY) for n in range(2)]
    takes_and_gives_back(office, secrets.token_bytes(32), now)
    assert given_back(office, now=now + 3 * DAY) == []
    codes.append(takes_and_gives_back(office, nik, now + 2 * DAY))
    [found] = given_back(office, now=now + 3 * DAY)
    assert (found.niks, found.places, found.given_back) == (1, 3, 3)
    assert sorted(found.codes) == sorted(codes)
    assert given_back(padang, now=now + 3 * DAY) == [], "another office's are its own"
    assert given_back(office, now=now + LOOKS_BACK + 1 * DAY) == [], "what is older counts no more"
    assert takes_and_gives_back(office, nik, now + 3 * DAY), "nobody is blocked by it"


def test_abuse_23_an_account_with_many_niks_is_shown(house: House, now: datetime) -> None:
    owed = [bills.owing(house.office, now) for _ in range(3)]
    assert many_niks(house.office, now=now) == []
    db.session.execute(
        update(Application)
        .where(Application.id.in_([one.application_id for one in owed]))
        .values(account_id=owed[0].account_id)
    )
    db.session.commit()
    [found] = many_niks(house.office, now=now)
    assert (found.niks, found.places, found.given_back) == (3, 3, 0)
    boss = house[Role.SUPERVISOR]
    page = boss.opens("/petugas/laporan/pola").page.text
    assert "Satu akun, banyak NIK" in page and owed[0].application_code in page
    assert "Tidak ada yang diblokir" in page and "30 hari terakhir" in page
    assert "Tidak ada yang mencolok" in page, "of the other pattern there is none"
    assert "/petugas/laporan/pola" in boss.opens("/petugas/laporan").page.text
    assert house[Role.VERIFIER].get("/petugas/laporan/pola").status_code == 403


def test_whoever_lost_an_hour_through_the_office_has_given_nothing_back(closing: Closing) -> None:
    nik = secrets.token_bytes(32)
    for n in range(3):
        account_id, _case, code = bills.draft(closing.office, closing.now, nik_lookup=nik)
        check_out(account_id, [(code, closing.hour())], now=closing.now + n * DAY / 24)
        if n < 2:
            cancel_check_out(account_id, code, now=closing.now + n * DAY / 24)
    closing.closes()
    closing.works()
    assert given_back(closing.office, now=closing.now + DAY) == []
