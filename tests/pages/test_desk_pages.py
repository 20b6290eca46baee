"""The pages of the desk: what each officer sees, what each key press does, and what is refused."""

from __future__ import annotations

import io
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import select, update

from mpaspor.applications.models import Application, Document
from mpaspor.applications.picture_turns import SOON, OwnPicturesFirst
from mpaspor.applications.rules import CaseState
from mpaspor.desk import invariants
from mpaspor.desk.rules import Tick
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.foundation.models import Event
from mpaspor.officers import case_step_routes
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from mpaspor.web.access import Audience
from tests.stage.desk import (
    House,
    Officer,
    accept_papers,
    booklet,
    lines_of,
    officer,
    photo,
    registers_answer,
)

S = CaseState
TAKEN = {"photo-fingers": "taken", "photo-signature": "taken"}


def name_of(code: str) -> str:
    found = db.session.scalars(select(Application.full_name).where(Application.code == code)).one()
    db.session.remove()
    return str(found)


def test_an_empty_board_says_what_it_will_hold(house: House) -> None:
    page = house[Role.RECEPTION].get("/petugas").text
    assert "Belum ada kunjungan hari ini" in page
    assert "Registrasi kedatangan" in page


def test_the_board_shows_who_is_due_and_who_waits_and_whose_turn_it_is(house: House) -> None:
    due, waiting = house.guest(hours=2), house.walk(house.guest(), S.ARRIVED)
    page = house[Role.VERIFIER].get("/petugas").text
    assert name_of(due) in page and name_of(waiting) in page
    assert "Panggil berikutnya" in page
    assert page.index(name_of(waiting)) < page.index(name_of(due))


def test_lateness_is_said_in_words(house: House) -> None:
    house.guest(hours=-2)
    assert "lewat 1 jam 0 mnt" in house[Role.RECEPTION].get("/petugas").text


def test_the_board_refreshes_itself_in_one_part_with_its_figures(house: House) -> None:
    house.guest()
    answer = house[Role.VERIFIER].get("/petugas", headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith('<div id="papan"')
    assert 'hx-swap-oob="true"' in answer.text
    assert "<html" not in answer.text
    assert len(answer.data) < 12_000


def test_a_stage_shows_its_own_cases_and_an_empty_one_says_so(house: House) -> None:
    arrived = house.walk(house.guest(), S.ARRIVED)
    who = house[Role.VERIFIER]
    assert name_of(arrived) in who.get("/petugas?tahap=papers").text
    assert "Tidak ada yang menunggu" in who.get("/petugas?tahap=print").text


def test_the_board_is_searched_by_name_and_a_code_opens_its_case(house: House) -> None:
    first, second = house.guest(), house.guest()
    who = house[Role.RECEPTION]
    page = who.get(f"/petugas?q={name_of(first).lower()}").text
    assert name_of(first) in page and name_of(second) not in page
    opened = who.get(f"/petugas?q={second[:4]}-{second[4:]}")
    assert opened.status_code == 303 and opened.location.endswith(second)
    assert "Tidak ada “%” di daftar ini" in who.get("/petugas?q=%25").text


def test_pages_of_the_desk_stay_within_their_statements(house: House, app: Flask) -> None:
    code = house.walk(house.guest(), S.READY)
    counted: list[int] = []
    app.after_request_funcs.setdefault(None, []).append(lambda r: counted.append(g.statements) or r)
    try:
        for role, path in (
            (Role.HANDOVER, "/petugas"),
            (Role.HANDOVER, f"/petugas/kasus/{code}"),
            (Role.RECEPTION, "/petugas/hadir"),
            (Role.VERIFIER, f"/petugas/kasus/{code}"),
            (Role.VERIFIER, f"/petugas/kasus/{code}/berkas/ktp/gambar"),
            (Role.INTERVIEWER, f"/petugas/kasus/{code}/foto/gambar"),
        ):
            # The first look is written down, the second is the same look.
            assert house[role].get(path).status_code == house[role].get(path).status_code == 200
    finally:
        app.after_request_funcs[None].pop()
    assert max(counted) <= 8, counted


def test_a_case_walks_from_the_door_to_collected_through_its_pages(house: House, app: Flask) -> None:
    code = house.guest()
    at = f"/petugas/kasus/{code}"
    house[Role.RECEPTION].post("/petugas/hadir", scan=code)
    verifier = house[Role.VERIFIER]
    for paper in ("ktp", "kk", "bukti"):
        page = verifier.get(at).text
        seen = re.search(r'name="dilihat" value="([0-9a-f]{32})"', page)
        assert seen is not None and f"/berkas/{paper}/terima" in page
        assert verifier.post(f"{at}/berkas/{paper}/terima", dilihat=seen[1], asli="y").status_code == 303
    picture = (io.BytesIO(photo()), "foto.jpg")
    house[Role.BIOMETRICS].post(f"{at}/foto", **{"photo-photo": picture}, **TAKEN)
    notes = {"interview-notes": "Sesuai", "interview-verdict": "recommend"}
    house[Role.INTERVIEWER].post(f"{at}/wawancara", **notes)
    registers_answer(code, house.now)
    house[Role.ADJUDICATOR].post(f"{at}/setujui")
    house[Role.PRINTER].post(f"{at}/cetak", **{"booklet-number": booklet(house)})
    [shown, _] = re.findall(r'name="dilihat" value="(X\d+)"', house[Role.QUALITY].get(at).text)
    looked = {"quality-read": lines_of(code), "quality-ticks": list(Tick)}
    house[Role.QUALITY].post(f"{at}/uji/lulus", dilihat=shown, **looked)
    taken = {"handover-relation": "self", "handover-face": "y", "handover-card": "y"}
    taken |= {"handover-person": code, "handover-booklet": shown}
    assert house[Role.HANDOVER].post(f"{at}/serahkan", **taken).status_code == 303
    assert house.state_of(code) == "collected"
    assert f"Diambil {name_of(code)}" in house[Role.HANDOVER].get(at).text
    assert not list(broken(invariants.INVARIANTS, house.now))


def test_what_was_typed_stays_when_a_field_is_missing(house: House) -> None:
    code = house.walk(house.guest(), S.BIOMETRICS_TAKEN)
    typed = {"interview-notes": "Catatan yang panjang"}
    answer = house[Role.INTERVIEWER].post(f"/petugas/kasus/{code}/wawancara", **typed)
    assert answer.status_code == 422
    assert "Catatan yang panjang" in answer.text and "Pilih saran Anda" in answer.text


def test_a_photo_that_is_none_is_refused_at_its_field(house: House) -> None:
    code = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    upload = (io.BytesIO(b"%PDF-1.7"), "foto.pdf")
    answer = house[Role.BIOMETRICS].post(f"/petugas/kasus/{code}/foto", **{"photo-photo": upload}, **TAKEN)
    assert answer.status_code == 422 and "PDF tidak diterima" in answer.text


def test_a_good_photo_of_the_camera_is_taken_whatever_it_is_called(house: House) -> None:
    code = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    upload = (io.BytesIO(photo()), "DSC 0001.12~2")
    house[Role.BIOMETRICS].post(f"/petugas/kasus/{code}/foto", **{"photo-photo": upload}, **TAKEN)
    assert house.state_of(code) == "biometrics_taken"


def test_the_second_officer_is_told_what_the_first_did(house: House, app: Flask) -> None:
    code = house.walk(house.guest(), S.INTERVIEWED)
    first = officer(app, house.office, Role.ADJUDICATOR, now=house.now, name="Sari Dewi")
    at = f"/petugas/kasus/{code}/setujui"
    assert first.post(at).status_code == 303
    answer = house[Role.ADJUDICATOR].post(at)
    assert answer.status_code == 409
    assert "Sari Dewi" in answer.text and "Disetujui" in answer.text


def test_the_same_form_sent_twice_is_one_step(house: House) -> None:
    code = house.walk(house.guest(), S.INTERVIEWED)
    for _ in range(2):
        answer = house[Role.ADJUDICATOR].post(f"/petugas/kasus/{code}/setujui", kunci="sama-sama-1")
        assert answer.status_code == 303


def test_a_step_is_taken_back_through_the_page_with_a_reason(house: House) -> None:
    code = house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    at = f"/petugas/kasus/{code}/kembali"
    verifier = house[Role.VERIFIER]
    assert verifier.post(at, **{"back-state": "documents_checked"}).status_code == 422
    typed = {"back-state": "documents_checked", "back-reason": "Salah berkas"}
    assert verifier.post(at, **typed).status_code == 303
    assert house.state_of(code) == "arrived"
    assert "Salah berkas" in verifier.get(f"/petugas/kasus/{code}").text


def test_asking_for_a_paper_again_tells_why_and_waits(house: House) -> None:
    code = house.walk(house.guest(), S.ARRIVED)
    accept_papers(house, code)
    at = f"/petugas/kasus/{code}/berkas"
    typed = {"want-why": "blurry", "want-message": "NIK tidak terbaca"}
    assert house[Role.VERIFIER].post(f"{at}/ktp/minta", **typed).status_code == 303
    reason = db.session.scalars(select(Document.reason).where(Document.state == "wanted")).one()
    db.session.remove()
    assert reason == "blurry: NIK tidak terbaca"
    assert "Foto buram. NIK tidak terbaca" in house[Role.VERIFIER].get(f"/petugas/kasus/{code}").text
    house[Role.VERIFIER].post(at)
    assert house.state_of(code) == "documents_wanted"


def test_whoever_sends_pictures_too_fast_is_told_when_to_come_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_args: Any, **_facts: Any) -> None:
        raise OwnPicturesFirst()

    monkeypatch.setattr(case_step_routes, "take_biometrics", busy)
    code, who = house.walk(house.guest(), S.DOCUMENTS_CHECKED), house[Role.BIOMETRICS]
    upload = (io.BytesIO(photo()), "kamera.jpg")
    answer = who.post(f"/petugas/kasus/{code}/foto", **{"photo-photo": upload}, **TAKEN)
    assert answer.status_code == 429 and answer.headers["Retry-After"] == str(SOON)


def test_a_case_without_money_offers_no_step(house: House) -> None:
    code = house.guest(paid=False, state=S.ARRIVED)
    page = house[Role.VERIFIER].get(f"/petugas/kasus/{code}").text
    assert "Belum ada pembayaran yang sah" in page
    assert "/terima" not in page


def test_pictures_are_for_officers_of_the_office_and_come_as_files(house: House, app: Flask) -> None:
    code = house.guest()
    path = f"/petugas/kasus/{code}/berkas/ktp/gambar"
    answer = house[Role.VERIFIER].get(path)
    assert answer.status_code == 200 and answer.content_type == "image/jpeg"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]
    assert stranger(house, app).get(path).status_code == 404
    assert app.test_client().get(path).status_code in (303, 401)


def stranger(house: House, app: Flask) -> Officer:
    """An officer with every role, of another office."""
    other = db.session.scalars(select(Office).where(Office.code != house.office.code).limit(1)).one()
    return officer(app, other, *Role, now=house.now)


def test_abuse_15_another_office_sees_and_moves_nothing(house: House, app: Flask) -> None:
    code = house.walk(house.guest(), S.INTERVIEWED)
    outsider = stranger(house, app)
    answer = outsider.get(f"/petugas/kasus/{code}")
    assert answer.status_code == 404
    assert "bukan milik kantor Anda" in answer.text and "permohonan Anda" not in answer.text
    assert name_of(code) not in outsider.get("/petugas").text
    for path in ("setujui", "berkas", "uji/lulus", "usul/setujui", "berkas/ktp/terima"):
        assert outsider.post(f"/petugas/kasus/{code}/{path}").status_code == 404, path
    assert house.state_of(code) == "interviewed"


_STEPS = {
    "officers.let_in", "officers.accept_paper", "officers.want_paper", "officers.finish_documents",
    "officers.take_photo", "officers.interview", "officers.grant", "officers.propose",
    "officers.confirm_proposal", "officers.decline_proposal", "officers.record_booklet",
    "officers.pass_quality", "officers.fail_quality", "officers.give_passport", "officers.step_back",
    "officers.close", "officers.second_chance",
}  # fmt: skip


def test_abuse_15_every_role_meets_every_route_and_only_its_own_opens(house: House, app: Flask) -> None:
    code = house.guest()
    seen = set()
    # Whoever opens a kiosk is signed out by it: asked last.
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.endpoint == "officers.make_kiosk"):
        if not rule.endpoint.startswith("officers."):
            continue
        allowed = app.view_functions[rule.endpoint].open_to  # type: ignore[attr-defined]
        if allowed & {Audience.VISITOR, Audience.ANYONE}:
            continue
        seen.add(rule.endpoint)
        path = re.sub(r"<uuid:\w+>", str(uuid.UUID(int=1)), rule.rule)
        path = path.replace("<code:code>", code).replace("<paper>", "ktp")
        method = "POST" if "POST" in (rule.methods or set()) else "GET"
        if rule.endpoint.endswith("sign_out"):
            continue
        assert app.test_client().get(path).status_code != 200 or method == "POST", path
        for role in Role:
            who = house[role]
            status = (who.post(path) if method == "POST" else who.get(path)).status_code
            is_open = Audience.OFFICER in allowed or role in allowed
            assert (status != 403) == is_open, (role, rule.endpoint, status)
    assert seen >= _STEPS
    assert house.state_of(code) == "scheduled"


def test_abuse_40_what_people_type_stays_text_on_the_desk(house: House) -> None:
    code = house.walk(house.guest(), S.ARRIVED)
    evil = "<img src=x onerror=alert(1)>{{7*7}}"
    db.session.execute(update(Application).where(Application.code == code).values(full_name=evil))
    db.session.commit()
    for path in ("/petugas", f"/petugas/kasus/{code}", "/petugas/hadir"):
        page = house[Role.SUPERVISOR].get(path).text
        assert "<img src=x" not in page and "49" not in page.split("onerror", 1)[-1][:40]


def test_an_idle_desk_is_not_kept_awake_by_its_own_refreshing(house: House, scalar) -> None:  # type: ignore[no-untyped-def]

    who = house[Role.VERIFIER]
    with clock.at(house.now + timedelta(minutes=5)):
        who.get("/petugas", headers={"HX-Request": "true", "X-Poll": "1"})
    assert scalar("SELECT max(last_seen_at) FROM sign_in") == house.now
    with clock.at(house.now + timedelta(minutes=5)):
        who.get("/petugas")
    assert scalar("SELECT max(last_seen_at) FROM sign_in") == house.now + timedelta(minutes=5)


def test_abuse_36_whoever_opens_a_case_or_a_picture_is_written_down_once_a_look(
    house: House, app: Flask
) -> None:
    code = house.walk(house.guest(), S.INTERVIEWED)
    who = house[Role.ADJUDICATOR]
    for _again in range(2):
        for path in ("", "/berkas/ktp/gambar", "/foto/gambar"):
            assert who.get(f"/petugas/kasus/{code}{path}").status_code == 200
    found = db.session.execute(
        select(Event.details["what"].astext, Event.actor_id, Event.actor_role, Event.office_id)
        .where(Event.kind == "opened")
        .order_by(Event.seq)
    ).all()
    db.session.remove()
    by = (who.id, "adjudicator", house.office.id)
    assert [tuple(row) for row in found] == [("case", *by), ("ktp", *by), ("photo", *by)]
