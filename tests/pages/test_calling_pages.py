"""The queue on the officers' pages: the counter, the next one, what a turn may become, a colleague's case."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.rules import CaseState
from mpaspor.desk import hand_on_turn
from mpaspor.desk.call_next import call_next
from mpaspor.desk.check_documents import finish_documents
from mpaspor.desk.check_in import check_in
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.foundation.kept import Kept
from mpaspor.people.rules import Role
from tests.counted import counted
from tests.stage import cast
from tests.stage.desk import House, Officer, accept_papers, officer

S = CaseState


def arrived(house: House) -> str:
    return house.walk(house.guest(), S.ARRIVED)


def at_counter(who: Officer, number: int = 3) -> Officer:
    assert who.post("/petugas/loket", loket=str(number)).status_code == 303
    return who


def test_whoever_has_not_said_where_they_sit_is_asked_before_anybody_is_called(house: House) -> None:
    code = arrived(house)
    who = house[Role.VERIFIER]
    answer = who.post("/petugas/berikutnya")
    assert answer.location.endswith("?loket=pilih")
    assert "Pilih nomor loket Anda dulu" in who.get(answer.location).text
    assert at_counter(who).post("/petugas/berikutnya").location.endswith(f"/petugas/kasus/{code}")
    page = who.get(f"/petugas/kasus/{code}").text
    assert "Dipanggil ke loket 3" in page and "A001" in page
    for nonsense in ("0", "99", "x", ""):
        who.post("/petugas/loket", loket=nonsense)
        assert "selected" not in who.get("/petugas").text


def test_the_board_shows_whom_each_counter_has_and_the_own_turn_with_its_keys(house: House) -> None:
    arrived(house)
    who = at_counter(house[Role.VERIFIER])
    who.post("/petugas/berikutnya")
    page = who.get("/petugas").text
    assert "Giliran Anda" in page and re.search(r"A001 · TAMU KE \d+", page)
    assert {"panggil-lagi", "lewati", "tunda"} <= set(re.findall(r"/kasus/\w+/([a-z-]+)\"", page))
    other = house[Role.INTERVIEWER].get("/petugas").text
    assert "Petugas verifier" in other and "panggil-lagi" not in other
    part = who.get("/petugas", headers={"HX-Request": "true"}).text
    assert 'id="samping" hx-swap-oob="true"' in part


def test_a_page_of_the_board_beyond_its_last_one_has_a_way_back(house: House) -> None:
    arrived(house)
    page = house[Role.VERIFIER].opens("/petugas?tahap=papers&halaman=7").text
    assert "Tidak ada lagi di halaman 7" in page and 'href="/petugas?tahap=papers"' in page


def test_nobody_waits_is_said_in_place(house: House) -> None:
    who = at_counter(house[Role.VERIFIER])
    answer = who.post("/petugas/berikutnya")
    assert "Tidak ada yang menunggu di tahap Anda" in who.get(answer.location).text


def test_a_colleagues_case_says_so_and_is_taken_over_by_a_confirmed_act(house: House, app: Flask) -> None:
    code = arrived(house)
    at_counter(house[Role.VERIFIER]).post("/petugas/berikutnya")
    colleague = officer(app, house.office, Role.VERIFIER, now=house.now, name="Sari Dewi")
    at = f"/petugas/kasus/{code}"
    page = colleague.get(at).text
    assert "Sedang dilayani Petugas verifier, loket 3." in page and "/terima" not in page
    refused = colleague.post(f"{at}/berkas")
    assert refused.status_code == 409 and "Ambil alih dulu" in refused.text
    [seen] = re.findall(r'name="dilihat" value="([0-9a-f-]{36})"', page)
    assert colleague.post(f"{at}/ambil-alih", dilihat=seen).status_code == 303
    assert "Dipanggil ke loket 3" in colleague.get(at).text
    assert "Mengambil alih dari rekan" in colleague.get(at).text
    assert "Sedang dilayani Sari Dewi" in house[Role.VERIFIER].get(at).text


def test_called_again_skipped_parked_and_handed_on_through_the_pages(house: House, app: Flask) -> None:
    code = arrived(house)
    colleague = officer(app, house.office, Role.VERIFIER, now=house.now, name="Sari Dewi")
    who = at_counter(house[Role.VERIFIER])
    at = f"/petugas/kasus/{code}"
    who.post("/petugas/berikutnya")
    who.post(f"{at}/panggil-lagi")
    assert "2 kali" in who.get(at).text
    assert who.post(f"{at}/lewati").location.endswith("/petugas")
    assert "tidak datang" in who.get("/petugas").text
    assert "Tidak datang waktu dipanggil" in who.get(at).text
    who.post(f"{at}/panggil")
    who.post(f"{at}/tunda")
    assert "ditunda" in who.get("/petugas").text
    assert who.post(f"{at}/tunda").status_code == 409
    who.post(f"{at}/panggil")
    page = who.get(f"{at}/alihkan").text
    over_the_page = {"HX-Request": "true", "HX-Target": "alih"}
    asked = who.get(f"{at}/alihkan", headers=over_the_page).text
    assert "<h1" not in asked and "<h2" in asked and 'data-key="2"' in asked
    assert "Hanya untuk Sari Dewi" in page and "Hanya untuk Petugas verifier" not in page
    assert who.post(f"{at}/alihkan", ke="bukan-id").status_code == 404
    who.post(f"{at}/alihkan", ke=str(colleague.id))
    assert who.post("/petugas/berikutnya").location.endswith("?kosong=1")
    assert at_counter(colleague, 4).post("/petugas/berikutnya").location.endswith(at)
    assert who.get(f"{at}/alihkan").status_code == 303


def test_next_never_opens_somebody_finished_and_works_after_a_paper_was_asked_for(house: House) -> None:
    first, second = arrived(house), arrived(house)
    who = at_counter(house[Role.VERIFIER])
    at = f"/petugas/kasus/{first}"
    assert who.post("/petugas/berikutnya").location.endswith(at)
    for paper in ("ktp", "kk", "bukti"):
        who.post(f"{at}/berkas/{paper}/minta", **{"want-why": "blurry", "want-message": ""})
    who.post(f"{at}/berkas")
    assert house.state_of(first) == "documents_wanted"
    assert "/petugas/berikutnya" in who.get(at).text
    assert who.post("/petugas/berikutnya").location.endswith(second)


def test_next_works_on_a_full_board_whatever_page_or_filter_is_open(house: House) -> None:
    for number in range(65):
        house.guest(hours=1 + number % 7)
    code = arrived(house)
    who = at_counter(house[Role.VERIFIER])
    for path in ("/petugas?halaman=2", "/petugas?tahap=print", "/petugas?q=xyz"):
        assert 'action="/petugas/berikutnya"' in who.get(path).text
    assert who.post("/petugas/berikutnya").location.endswith(code)


def test_a_supervisor_puts_somebody_first_with_a_reason(house: House) -> None:
    waiting, ill = arrived(house), house.guest(hours=1)
    check_in(house[Role.RECEPTION].id, ill, reason=None, now=house.now)
    db.session.remove()
    boss, at = house[Role.SUPERVISOR], f"/petugas/kasus/{ill}"
    assert boss.post(f"{at}/darurat", **{"emergency-reason": ""}).status_code == 422
    assert boss.post(f"{at}/darurat", **{"emergency-reason": "Pingsan di ruang tunggu"}).status_code == 303
    assert "Didahulukan, darurat" in boss.get(at).text
    who = at_counter(house[Role.VERIFIER])
    assert who.post("/petugas/berikutnya").location.endswith(ill)
    assert waiting != ill


def test_an_abandoned_call_form_sent_twice_calls_one_person(house: House) -> None:
    arrived(house), arrived(house)
    who = at_counter(house[Role.VERIFIER])
    answers = {who.post("/petugas/berikutnya", kunci="sama-sama-2").location for _ in range(3)}
    assert len(answers) == 1


def test_leftovers_of_another_day_lead_nobodys_queue(house: House) -> None:
    arrived(house)
    tomorrow = House(house.app, house.office, house.now + timedelta(days=1))
    with clock.at(tomorrow.now):
        who = at_counter(tomorrow[Role.VERIFIER])
        assert who.post("/petugas/berikutnya").location.endswith("?kosong=1")
        assert "Perlu datang lagi" in who.get("/petugas").text


def test_the_boards_refresh_asks_four_times(house: House, app: Flask) -> None:
    arrived(house), house.walk(house.guest(), S.INTERVIEWED)
    who = at_counter(house[Role.VERIFIER])
    who.post("/petugas/berikutnya")
    before, app.extensions["kept"] = app.extensions["kept"], Kept(3600)
    try:
        for _ in range(2):
            with counted() as found:
                who.get("/petugas", headers={"HX-Request": "true", "HX-Target": "papan", "X-Poll": "1"})
    finally:
        app.extensions["kept"] = before
    assert len(found) <= 4, found


def test_the_own_station_stands_first_with_number_birth_year_counter_and_notes(house: House) -> None:
    waiting, photo = arrived(house), house.walk(house.guest(), S.DOCUMENTS_CHECKED)
    who = at_counter(house[Role.BIOMETRICS], 7)
    names = {code: name_of(code) for code in (waiting, photo)}
    rows = board_of(who)
    assert rows.index(names[photo]) < rows.index(names[waiting])
    who.post("/petugas/berikutnya")
    [row] = [row for row in rows_of(board_of(who)) if names[photo] in row]
    assert "<b>A002</b>" in row and "<b>7</b> Petugas biometrics" in row
    assert re.search(r'<span class="quiet">\d{4}</span>', row)
    who.post(f"/petugas/kasus/{photo}/tunda")
    assert any("ditunda" in row for row in rows_of(board_of(who)))


def board_of(who: Officer) -> str:
    page = who.get("/petugas").text
    return page[page.index('<table class="desk">') : page.index("</table>")]


def rows_of(table: str) -> list[str]:
    return re.findall(r"<tr.*?</tr>", table, re.DOTALL)


def name_of(code: str) -> str:
    name = db.session.scalars(select(Application.full_name).where(Application.code == code)).one()
    db.session.remove()
    return str(name)


def test_what_must_be_looked_at_is_counted_and_leads_to_its_people(house: House, app: Flask) -> None:
    assert "Perlu dilihat" not in house[Role.SUPERVISOR].get("/petugas").text
    left, owed = arrived(house), house.walk(house.guest(), S.INTERVIEWED)
    week = House(app, house.office, house.now + timedelta(days=7))
    with clock.at(week.now):
        late = week.walk(week.guest(), S.ARRIVED)
    found = {"Pulang sebelum selesai": left, "Lewat janji siap": owed, "Menunggu lama di kantor": late}
    half_an_hour = week.now + timedelta(minutes=30)
    with clock.at(half_an_hour):
        boss = House(app, house.office, half_an_hour)[Role.SUPERVISOR]
        page = boss.get("/petugas").text
        for words, code in found.items():
            [(href, count)] = re.findall(rf'href="([^"]+)">{words}</a> <b>(\d+)</b>', page)
            shown = rows_of(boss.get(href.replace("&amp;", "&")).text)
            assert count == "1" and sum(f'id="k-{code}"' in row for row in shown) == 1, words


def test_the_board_tells_how_long_newcomers_wait_once_it_can_be_known(house: House) -> None:
    assert "Perkiraan menunggu" not in house[Role.VERIFIER].get("/petugas").text
    serves_three(house)
    arrived(house)
    at_half = house.now + timedelta(minutes=30)
    with clock.at(at_half):
        page = House(house.app, house.office, at_half)[Role.VERIFIER].get("/petugas").text
    assert "Berkas <b>sekitar 20 mnt</b>" in page


def serves_three(house: House) -> None:
    """Three people one after the other, ten minutes each."""
    for number in range(3):
        code = arrived(house)
        begin = house.now + timedelta(minutes=10 * number)
        assert call_next(house[Role.VERIFIER].id, counter=3, now=begin) == code
        later = House(house.app, house.office, begin + timedelta(minutes=10), house.staff)
        accept_papers(later, code)
        finish_documents(house[Role.VERIFIER].id, code, now=later.now)


def test_whoever_waits_reads_their_number_before_whom_and_where_to_go(house: House, app: Flask) -> None:
    serves_three(house)
    first, second = arrived(house), arrived(house)
    at_half = house.now + timedelta(minutes=30)
    with clock.at(at_half):
        owner = cast.owner_of(second, at_half).at(app)
        page = owner.get(f"/permohonan/{second}").text
        assert "A005" in page and "1 orang di depan Anda" in page and "Sekitar 20 menit lagi" in page
        assert "Anda berikutnya" in cast.owner_of(first, at_half).at(app).get(f"/permohonan/{first}").text
        verifier = House(app, house.office, at_half)[Role.VERIFIER]
        at_counter(verifier).post("/petugas/berikutnya")
        hand_on_turn.skip(verifier.id, first, now=at_half)
        verifier.post("/petugas/berikutnya")
        assert "Anda dipanggil ke loket 3." in owner.get(f"/permohonan/{second}").text
        missed = cast.owner_of(first, at_half).at(app).get(f"/permohonan/{first}").text
        assert "sudah dipanggil dan Anda belum datang" in missed
