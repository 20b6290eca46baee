"""An applicant sees which officers opened their application, what of it, and when."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from mpaspor.applications.rules import CaseState
from mpaspor.desk import openings
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.stage import cast
from tests.stage.cast import Person
from tests.stage.desk import House


def test_a_look_is_shown_with_its_officer_role_and_moment(house: House, app: Flask, now: datetime) -> None:
    code = house.walk(house.guest(), CaseState.ARRIVED)
    owner = cast.owner_of(code, now).at(app)
    assert "Belum ada petugas yang membukanya" in owner.get(f"/permohonan/{code}/dibuka").text
    for path in ("", "/berkas/ktp/gambar", ""):
        house[Role.VERIFIER].get(f"/petugas/kasus/{code}{path}")
    page = owner.get(f"/permohonan/{code}/dibuka").text
    assert page.count("Isian permohonan") == 1, "the same look within five minutes"
    assert "e-KTP" in page and "verifikator berkas" in page
    assert f"/permohonan/{code}/dibuka" in owner.get(f"/permohonan/{code}").text


def test_no_officer_is_named_in_full(house: House, app: Flask, palembang: Office, now: datetime) -> None:
    code = house.walk(house.guest(), CaseState.ARRIVED)
    sari = cast.officer(palembang, Role.VERIFIER, now=now, name="Sari Dewi Wulandari")
    sari.at(app).get(f"/petugas/kasus/{code}")
    page = cast.owner_of(code, now).at(app).get(f"/permohonan/{code}/dibuka").text
    assert "Sari W., verifikator berkas" in page and "Wulandari" not in page


def test_many_looks_come_in_pages(
    house: House, app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openings, "PAGE", 1)
    code = house.walk(house.guest(), CaseState.ARRIVED)
    for path in ("", "/berkas/ktp/gambar"):
        house[Role.VERIFIER].get(f"/petugas/kasus/{code}{path}")
    owner = cast.owner_of(code, now).at(app)
    first, second = (owner.get(f"/permohonan/{code}/dibuka?halaman={n}").text for n in (1, 2))
    assert "e-KTP" in first and "Isian permohonan" not in first and "?halaman=2" in first
    assert "Isian permohonan" in second and "e-KTP" not in second


def test_abuse_11_nobody_else_learns_who_opened_it(house: House, app: Flask, ratna: Person) -> None:
    code = house.walk(house.guest(), CaseState.ARRIVED)
    assert ratna.at(app).get(f"/permohonan/{code}/dibuka").status_code == 404
