"""What is free is read and drawn once for all who ask in the same second; nobody sees what is another's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

import pytest
from flask import Flask

from mpaspor.applications.models import Application
from mpaspor.booking.models import Slot
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.foundation.kept import Kept
from mpaspor.offices.models import Office
from mpaspor.offices.rules import local_date
from tests.counted import counted
from tests.stage import bills, cast, drafts
from tests.stage.cast import Person
from tests.stage.visitor import visitor


@pytest.fixture(autouse=True)
def kept(app: Flask) -> Iterator[None]:
    """A process that keeps for longer than any test lasts."""
    before = app.extensions["kept"]
    app.extensions["kept"] = Kept(3600)
    yield
    app.extensions["kept"] = before


@pytest.fixture
def ratnas(ratna: Person, palembang: Office, now: datetime) -> Application:
    return drafts.ready_draft(ratna, palembang, cast.RATNA_NIK, now)


@pytest.fixture
def budis(budi: Person, palembang: Office, now: datetime) -> Application:
    return drafts.ready_draft(budi, palembang, cast.BUDI_NIK, now)


def hours_of(case: Application) -> str:
    return f"/permohonan/{case.code}/jadwal"


def left_in(page: str) -> list[int]:
    return [int(count) for count in re.findall(r"Sisa kuota (\d+)", page)]


def test_the_second_who_asks_costs_no_reading_of_hours(
    app: Flask, ratna: Person, budi: Person, ratnas: Application, budis: Application
) -> None:
    ratna.at(app).get(hours_of(ratnas))
    browser = budi.at(app)
    with counted() as found:
        page = browser.get(hours_of(budis)).get_data(as_text=True)
    assert left_in(page)
    assert [statement for statement in found if "slot" in statement or "holiday" in statement] == []


def test_nobody_gets_an_address_or_a_name_of_whoever_asked_first(
    app: Flask, ratna: Person, budi: Person, ratnas: Application, budis: Application
) -> None:
    for path in ("{}", "{}?tanggal=2026-11-27"):
        ratna.at(app).get(path.format(hours_of(ratnas)))
        for headers in ({}, {"HX-Request": "true", "HX-Target": "pilihan"}):
            page = budi.at(app).get(path.format(hours_of(budis)), headers=headers).get_data(as_text=True)
            assert ratnas.code not in page and "Ratna" not in page
            assert f"{hours_of(budis)}?tanggal=2026-11-26" in page
            assert "\ue000" not in page
    public = app.test_client().get("/jadwal").get_data(as_text=True)
    assert ratnas.code not in public and "kantor=palembang&amp;tanggal=2026-11-26" in public


def _own_words(page: str) -> set[str]:
    """What the forms of a page carry for its reader alone."""
    return set(re.findall(r'name="(?:csrf_token|kunci)" value="([^"]+)"', page))


def test_a_page_that_is_drawn_for_many_is_the_page_that_would_be_drawn_for_one(
    app: Flask, ratna: Person, budi: Person, ratnas: Application, budis: Application
) -> None:
    paths = ("{}", "{}?tanggal=2026-11-27", "{}?tanggal=2026-11-26&jam=0900", "{}?bahasa=en")
    ways: list[dict[str, str]] = [{}, *({"HX-Request": "true", "HX-Target": to} for to in ("pilihan", "isi"))]
    browser = budi.at(app)
    for path, headers in product(paths, ways):
        ratna.at(app).get(path.format(hours_of(ratnas)), headers=headers)
        filled = browser.get(path.format(hours_of(budis)), headers=headers).get_data(as_text=True)
        app.extensions["kept"], before = Kept(0), app.extensions["kept"]
        alone = browser.get(path.format(hours_of(budis)), headers=headers).get_data(as_text=True)
        app.extensions["kept"] = before
        assert "\ue001" not in filled
        assert _without_own_words(filled) == _without_own_words(alone)


def _without_own_words(page: str) -> str:
    for word in _own_words(page):
        page = page.replace(word, "…")
    return page


def test_nothing_that_is_kept_names_anybody(
    app: Flask, ratna: Person, ratnas: Application, palembang: Office, now: datetime
) -> None:
    browser = visitor(app, ratna).opens(hours_of(ratnas))
    words = {*_own_words(browser.text), ratnas.code, "Ratna", str(ratna.id)}
    hour = bills.free_slot(palembang, now)
    db.session.execute(db.text("UPDATE slot SET taken = released WHERE id = :id"), {"id": hour})
    db.session.commit()
    browser.sends({"slot": str(hour)}, 409)
    kept = [repr(thing.value) for thing in app.extensions["kept"]._things.values()]
    assert any("Pilih hari dan jam" in value for value in kept)
    assert [word for word in words for value in kept if word in value] == []


def test_each_form_has_a_key_of_its_own(
    app: Flask, ratna: Person, budi: Person, ratnas: Application, budis: Application
) -> None:
    pages = [
        one.at(app).get(hours_of(case)).get_data(as_text=True)
        for one, case in ((ratna, ratnas), (budi, budis), (ratna, ratnas))
    ]
    keys = [re.search(r'name="kunci" value="([^"]+)"', page) for page in pages]
    assert len({key[1] for key in keys if key}) == 3


def test_each_language_has_its_own(app: Flask, palembang: Office) -> None:
    assert "Sisa kuota" in app.test_client().get("/jadwal").get_data(as_text=True)
    english = app.test_client().get("/jadwal?bahasa=en").get_data(as_text=True)
    assert "Sisa kuota" not in english
    assert "Sisa kuota" in app.test_client().get("/jadwal").get_data(as_text=True)


def test_who_has_taken_an_hour_sees_one_place_less_at_once(
    app: Flask, ratna: Person, palembang: Office, ratnas: Application, now: datetime
) -> None:
    second = drafts.ready_draft(ratna, palembang, cast.BUDI_NIK, now)
    hour = bills.free_slot(palembang, now)
    starts_at = db.session.get_one(Slot, hour).starts_at
    path = f"{hours_of(second)}?tanggal={local_date(starts_at, palembang.time_zone)}"
    browser = visitor(app, ratna)
    before = left_in(browser.opens(path).text)
    browser.opens(hours_of(ratnas)).sends({"slot": str(hour)})
    with clock.at(now + timedelta(milliseconds=1)):
        after = left_in(browser.opens(path).text)
    assert sum(after) < sum(before)


def test_who_comes_too_late_is_shown_what_is_true_now(
    app: Flask, ratna: Person, budi: Person, palembang: Office, ratnas: Application, now: datetime
) -> None:
    browser = visitor(app, ratna).opens(hours_of(ratnas))
    hour = bills.free_slot(palembang, now)
    db.session.execute(db.text("UPDATE slot SET taken = released WHERE id = :id"), {"id": hour})
    db.session.commit()
    browser.sends({"slot": str(hour)}, 409)
    assert str(hour) not in re.findall(r'type="radio" name="slot" value="([^"]+)"', browser.text)


def test_an_hour_that_is_marked_shows_its_mark(app: Flask, ratna: Person, ratnas: Application) -> None:
    browser = ratna.at(app)
    plain = browser.get(f"{hours_of(ratnas)}?tanggal=2026-11-26").get_data(as_text=True)
    marked = browser.get(f"{hours_of(ratnas)}?tanggal=2026-11-26&jam=0900").get_data(as_text=True)
    assert " checked" not in plain and " checked" in marked
