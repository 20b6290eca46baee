"""The stock of booklets and the batch sheet, as officers use them."""

from __future__ import annotations

import re

from mpaspor.applications.rules import CaseState
from mpaspor.people.rules import Role
from tests.stage.desk import House, booklet, newest_booklet

S = CaseState


def test_a_supervisor_counts_a_box_in_and_reads_what_is_left(house: House) -> None:
    boss = house[Role.SUPERVISOR]
    assert "Belum ada buku di stok" in boss.get("/petugas/stok").text
    box = {"batch-kind": "electronic_laminated", "batch-first": "X0000001", "batch-last": "X0000012"}
    assert boss.post("/petugas/stok/terima", **box).status_code == 303
    page = boss.get("/petugas/stok").text
    assert "X0000001–X0000012" in page and "Tinggal 12 buku" in page
    assert "sisa 12" in boss.get("/petugas").text, "the supervisor is told wherever they are"
    assert "sisa 12" not in house[Role.VERIFIER].get("/petugas").text
    again = boss.post("/petugas/stok/terima", **box)
    assert again.status_code == 422 and "Buku X0000001 sudah pernah diterima" in again.text
    assert 'value="X0000012"' in again.text


def test_a_spoilt_booklet_is_listed_with_its_reason(house: House) -> None:
    number, who = booklet(house), house[Role.PRINTER]
    typed = {"spoilt-number": number, "spoilt-why": "chip", "spoilt-note": "dicoba dua kali"}
    assert who.post("/petugas/stok/rusak", **typed).status_code == 303
    assert "Cip tidak terbaca. dicoba dua kali" in who.get("/petugas/stok").text
    answer = who.post("/petugas/stok/rusak", **typed)
    assert answer.status_code == 422 and f"Buku {number} sudah dicatat rusak" in answer.text


def test_ticked_cases_become_a_sheet_and_scanning_moves_on_row_by_row(house: House) -> None:
    codes = [house.walk(house.guest(), S.GRANTED) for _ in range(3)]
    who = house[Role.PRINTER]
    listed = who.get("/petugas/cetak").text
    assert all(f'value="{code}"' in listed for code in codes)
    where = "/petugas/cetak/lembar?" + "&".join(f"pilih={code}" for code in codes[:2])
    for left in (2, 1):
        page = who.get(where).text
        row = re.search(r'action="/petugas/cetak/lembar/(\w+)"(?:(?!</form>).)*autofocus', page, re.S)
        assert row is not None and page.count("autofocus") == 1
        assert page.count('action="/petugas/cetak/lembar/') == left and codes[2] not in page
        number = booklet(house)
        answer = who.post(f"/petugas/cetak/lembar/{row[1]}", number=number, pilih=codes[:2])
        assert answer.status_code == 303 and where in answer.location
        assert newest_booklet(row[1]) == number
    assert "Semua di lembar ini sudah dicetak" in who.get(where).text
    assert house.state_of(codes[2]) == "granted"


def test_a_wrong_booklet_stays_in_its_row_with_the_reason(house: House) -> None:
    first, second = (house.walk(house.guest(), S.GRANTED) for _ in range(2))
    used = booklet(house)
    who = house[Role.PRINTER]
    who.post(f"/petugas/cetak/lembar/{first}", number=used, pilih=[first, second])
    for number, words in (
        (used, "sudah dipakai mencetak"),
        ("X9999999", "tidak ada di stok"),
        ("", "Pindai"),
    ):
        answer = who.post(f"/petugas/cetak/lembar/{second}", number=number, pilih=[first, second])
        assert answer.status_code == 422 and words in answer.text, number
        assert f'value="{number}"' in answer.text and answer.text.count("autofocus") == 1
    assert house.state_of(second) == "granted"


def test_the_case_page_refuses_a_booklet_that_is_not_in_stock(house: House) -> None:
    code = house.walk(house.guest(), S.GRANTED)
    answer = house[Role.PRINTER].post(f"/petugas/kasus/{code}/cetak", **{"booklet-number": "X1234567"})
    assert answer.status_code == 422 and "tidak ada di stok kantor ini" in answer.text
