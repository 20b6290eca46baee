"""The pickup counter at its pages, and what the owner reads afterwards."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask

from mpaspor.applications.rules import CaseState
from mpaspor.people.rules import Role
from tests.stage import cast
from tests.stage.desk import House, hands_over, newest_booklet, photo
from tests.stage.visitor import visitor

S = CaseState
OWNER = {"handover-relation": "self", "handover-face": "y", "handover-card": "y"}
PROXY = {
    "handover-relation": "proxy",
    "handover-card": "y",
    "handover-collected_by": "Budi",
    "handover-nik": "1671 0117 0890 0002",
}


def gives(house: House, code: str, **typed: Any):  # type: ignore[no-untyped-def]
    scanned = {"handover-person": code, "handover-booklet": newest_booklet(code)}
    return house[Role.HANDOVER].post(f"/petugas/kasus/{code}/serahkan", **{**scanned, **typed})


def test_a_scanned_person_opens_with_the_booklet_to_be_scanned_next(house: House) -> None:
    code = house.walk(house.guest(), S.READY)
    answer = house[Role.HANDOVER].post("/petugas/ambil", scan=code)
    assert answer.status_code == 303 and answer.location.endswith(f"{code}?pindai={code}")
    page = house[Role.HANDOVER].get(answer.location).text
    assert f'value="{code}"' in page and "handover-booklet" in page


@pytest.mark.parametrize(
    ("state", "words"), [(S.PRINTED, "Pemohon diberi tahu lewat e-mail"), (S.ARRIVED, "Hadir")]
)
def test_who_comes_too_early_is_told_where_the_passport_is(
    house: House, state: CaseState, words: str
) -> None:
    code = house.walk(house.guest(), state)
    answer = house[Role.HANDOVER].post("/petugas/ambil", scan=code)
    assert answer.status_code == 409 and words in answer.text
    assert house[Role.HANDOVER].post("/petugas/ambil", scan="00000000").status_code == 404
    assert house[Role.HANDOVER].post("/petugas/ambil", scan="").status_code == 422


def test_a_wrong_booklet_is_refused_at_its_field(house: House) -> None:
    code, other = (house.walk(house.guest(), S.READY) for _ in range(2))
    answer = gives(house, code, **OWNER, **{"handover-booklet": newest_booklet(other)})
    assert answer.status_code == 422 and "Buku ini bukan milik pemohon ini" in answer.text
    answer = gives(house, code, **OWNER, **{"handover-person": other})
    assert answer.status_code == 422 and "Kode orang lain" in answer.text
    assert house.state_of(code) == "ready"


def test_the_owner_is_seen_and_the_card_too(house: House) -> None:
    code = house.walk(house.guest(), S.READY)
    answer = gives(house, code, **{"handover-relation": "self", "handover-face": "y"})
    assert answer.status_code == 422 and "Centang setelah diperiksa: KTP asli" in answer.text
    assert gives(house, code, **OWNER).status_code == 303
    assert house.state_of(code) == "collected"


def test_a_proxy_leaves_name_nik_and_the_letter(house: House) -> None:
    code = house.walk(house.guest(), S.READY)
    answer = gives(house, code, **{**PROXY, "handover-nik": "12"})
    assert answer.status_code == 422 and "Ketik 16 angka NIK" in answer.text and "Budi" in answer.text
    assert gives(house, code, **PROXY).status_code == 422, "no letter"
    letter = (io.BytesIO(photo()), "surat kuasa.jpg")
    assert gives(house, code, **PROXY, **{"handover-letter": letter}).status_code == 303
    assert "Diambil Budi" in house[Role.HANDOVER].get(f"/petugas/kasus/{code}").text


def test_the_owner_reads_who_took_it_and_what_to_do_if_that_is_wrong(house: House, app: Flask) -> None:
    from mpaspor.desk.rules import Relation

    code = house.walk(house.guest(), S.READY)
    hands_over(house, code, Relation.PROXY)
    owner = visitor(app, cast.owner_of(code, house.now)).opens(f"/permohonan/{code}")
    owner.reads("Diserahkan kepada BUDI").reads("Penerima kuasa").reads(
        "Bukan Anda atau orang yang Anda kuasakan"
    )
    assert cast.BUDI_NIK not in owner.text
