"""A code that somebody typed from paper or heard on the telephone works in every address, on every verb."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask, url_for

from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.house.test_routes import FILLINGS, rules
from tests.stage import cast, desk, drafts
from tests.stage.cast import Person
from tests.stage.drafts import starts
from tests.stage.visitor import visitor

CODE = "10KQ0MX1"
SPELLINGS = ["10KQ0MX1", "10KQ-0MX1", "10kq-0mx1", "loKQ-OMXi", "10 kq 0m x1", "10KQ–0MX1"]


def test_every_spelling_is_read_on_every_verb(app: Flask) -> None:
    router, walked = app.url_map.bind("localhost"), 0
    for rule in rules(app):
        if "code" not in rule.arguments:
            continue
        values = {name: FILLINGS[name] for name in rule.arguments}
        _domain, path = rule.build({**values, "code": CODE}) or ("", "")
        assert CODE in path, rule
        for typed in SPELLINGS:
            for method in (rule.methods or set()) - {"OPTIONS"}:
                endpoint, read = router.match(path.replace(CODE, typed), method=method)
                assert (endpoint, read["code"]) == (rule.endpoint, CODE), (method, path, typed)
                walked += 1
    assert walked > 40 * len(SPELLINGS)


def test_addresses_of_ours_hold_the_stored_form(app: Flask) -> None:
    with app.test_request_context():
        for typed in SPELLINGS:
            assert url_for("applicants.show_case", code=typed) == f"/permohonan/{CODE}"


def spelled(code: str) -> str:
    return quote(f"{code[:4]}-{code[4:]}".lower())


def test_a_draft_is_thrown_away_under_a_typed_code(
    app: Flask, ratna: Person, palembang: Office, now: datetime, monkeypatch: pytest.MonkeyPatch, scalar: Any
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    case = drafts.ready_draft(ratna, palembang, cast.RATNA_NIK, now)
    browser, code = ratna.at(app), case.code
    assert browser.get(f"/permohonan/{spelled(code)}/hapus").status_code == 200
    assert browser.post(f"/permohonan/{spelled(code)}/hapus").status_code == 303
    assert scalar("SELECT state FROM application") == "discarded"


def test_an_officer_closes_a_case_under_a_typed_code(
    app: Flask, palembang: Office, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    code = desk.guest(palembang, now)
    officer = cast.officer(palembang, *Role, now=now).at(app)
    assert officer.get(f"/petugas/kasus/{spelled(code)}").status_code == 200
    # Nothing is typed: the page comes back with the form's faults, as it does under the stored form.
    assert officer.post(f"/petugas/kasus/{spelled(code)}/betulkan").status_code == 422
    assert officer.post(f"/petugas/kasus/{code}/betulkan").status_code == 422


def test_what_was_sent_under_a_typed_code_comes_back_after_signing_in(
    app: Flask, ratna: Person, now: datetime
) -> None:
    here = f"/permohonan/{spelled(starts(ratna, now))}/isi/alamat"
    stranger = app.test_client()
    answer = stranger.post(here, data={"address": "Jl. Panjang, No. 7"})
    kept = re.search(r"kembali=([\w-]+)", answer.headers["Location"])
    assert kept is not None
    page = visitor(app, ratna)
    with stranger.session_transaction("/akun") as before, page.client.session_transaction("/akun") as session:
        session["browser"] = before["browser"]
    page.opens(f"{here}?isian={kept.group(1)}").reads("Isian Anda kembali")
    assert "Jl. Panjang, No. 7" in page.text
