"""A tab that was left open while the case went on: whatever is pressed in it decides nothing, and says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from mpaspor.applications.rules import CaseState
from mpaspor.desk.rules import WHO, WHO_BACK
from mpaspor.foundation.database import db
from mpaspor.people.rules import Role
from tests.stage.desk import House, Officer, booklet, hands_over, lines_of, newest_booklet, officer
from tests.stage.forms import Form, forms_of

S = CaseState
# The stations in their order, and who works there.
STATIONS = {
    S.ARRIVED: Role.VERIFIER,
    S.DOCUMENTS_CHECKED: Role.BIOMETRICS,
    S.BIOMETRICS_TAKEN: Role.INTERVIEWER,
    S.INTERVIEWED: Role.ADJUDICATOR,
    S.GRANTED: Role.PRINTER,
    S.PRINTED: Role.QUALITY,
    S.READY: Role.HANDOVER,
}
# What these forms do is no decision about the step at hand: the person is called, a draft is made, or another
# question is put.
BESIDE = {
    "beda",
    "panggil",
    "pemeriksaan",
    "darurat",
    "betulkan",
    "nik",
    "keluar",
    "pindai",
    "berikutnya",
    "tutup",
}


@pytest.fixture
def left_open(house: House, app: Flask) -> Callable[[CaseState], tuple[str, Officer, list[Form]]]:
    """A case in this state with the tab of a second officer of the station, and the forms in it."""

    def open_tab(state: CaseState) -> tuple[str, Officer, list[Form]]:
        code = house.walk(house.guest(), state)
        roles = {STATIONS[state], *sorted(WHO_BACK[state])[:1]}
        who = officer(app, house.office, *roles, now=house.now, name="Rekan")
        page = who.get(f"/petugas/kasus/{code}")
        # After the papers' own station a paper may be asked for as long as it stands as it was seen.
        beside = BESIDE if state is S.ARRIVED else BESIDE | {"minta"}
        found = [form for form in forms_of(page.text) if code in form.action and form.verb not in beside]
        assert found, state
        return code, who, found

    return open_tab


@pytest.mark.parametrize("state", list(STATIONS))
def test_every_form_of_a_stale_tab_decides_nothing_and_says_what_happened(
    house: House, left_open: Callable[[CaseState], tuple[str, Officer, list[Form]]], state: CaseState
) -> None:
    code, who, forms = left_open(state)
    goes_on(house, code, state)
    before = truth(code)
    for form in forms:
        answer = form.sent_by(who.client, **valid(house, code, form))
        assert answer.status_code in (404, 409, 422), (form.action, answer.status_code, answer.location)
        assert truth(code) == before, form.action
        if answer.status_code != 404:
            assert "Langkah tadi tidak dijalankan" in answer.text, form.action


def test_the_tabs_were_not_empty(left_open: Callable[[CaseState], tuple[str, Officer, list[Form]]]) -> None:
    """Every decision of every station was among the forms that were pressed."""
    seen = set()
    for state in STATIONS:
        _code, _who, forms = left_open(state)
        seen |= {form.verb for form in forms}
    assert {"terima", "minta", "foto", "wawancara", "setujui", "usul", "cetak", "lulus", "gagal"} <= seen
    assert {"serahkan", "kembali"} <= seen
    assert {old for old, _new in WHO} >= set(STATIONS)


def goes_on(house: House, code: str, state: CaseState) -> None:
    """A colleague makes the step meanwhile; at the end the passport is handed over."""
    following = list(STATIONS)[list(STATIONS).index(state) + 1 :]
    if following:
        house.walk_on(code, following[0], house.now)
        return
    hands_over(house, code)


def valid(house: House, code: str, form: Form) -> dict[str, Any]:
    """What would be right in the fields that ask for something of this case."""
    known: dict[str, Callable[[], Any]] = {
        "booklet-number": lambda: booklet(house),
        "quality-read": lambda: lines_of(code),
        "handover-person": lambda: code,
        "handover-booklet": lambda: newest_booklet(code),
        "handover-nik": lambda: "",
        "handover-collected_by": lambda: "",
        "proposal-months": lambda: "6",
    }
    return {name: [known[name]()] for name in form.fields if name in known}


def truth(code: str) -> list[Any]:
    """Everything that a decision could change: the case, its papers, its booklets, its history."""
    case = "(SELECT id FROM application WHERE code = :code)"
    asked = (
        "SELECT state, biometrics_at FROM application WHERE code = :code",
        f"SELECT kind, state, reason, decided_by FROM document WHERE application_id = {case} ORDER BY kind",
        f"SELECT number, passed FROM booklet WHERE application_id = {case} ORDER BY number",
        f"SELECT kind, count(*) FROM event WHERE application_id = {case} GROUP BY 1 ORDER BY 1",
        f"SELECT verdict FROM proposal WHERE application_id = {case}",
    )
    found = [tuple(map(tuple, db.session.execute(text(sql), {"code": code}))) for sql in asked]
    db.session.rollback()
    return found
