"""The quality test at its page: filled in whole, or told what is missing; a failure is called one."""

from __future__ import annotations

import html
import re

from flask import Flask

from mpaspor.applications.rules import CaseState
from mpaspor.desk.rules import Tick
from mpaspor.people.rules import Role
from tests.stage.desk import House, lines_of, newest_booklet

S = CaseState


def sends(house: House, code: str, verb: str, **typed: object):  # type: ignore[no-untyped-def]
    fields = {name.replace("__", "-"): value for name, value in typed.items()}
    path = f"/petugas/kasus/{code}/uji/{verb}"
    return house[Role.QUALITY].post(path, dilihat=newest_booklet(code), **fields)


def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(house: House) -> None:
    code = house.walk(house.guest(), S.PRINTED)
    read = lines_of(code)
    answer = sends(house, code, "lulus", quality__read=read, quality__ticks=["photo", "data"])
    assert answer.status_code == 422 and "centang semuanya" in answer.text
    assert read.splitlines()[1] in html.unescape(answer.text)
    assert (
        len(re.findall(r'name="quality-ticks"[^>]*checked|checked[^>]*name="quality-ticks"', answer.text))
        == 2
    )
    answer = sends(house, code, "lulus", quality__read="", quality__ticks=list(Tick))
    assert answer.status_code == 422 and "Pindai dua baris mesin" in answer.text
    assert house.state_of(code) == "printed"


def test_another_booklet_is_named_for_what_it_is(house: House) -> None:
    code, other = (house.walk(house.guest(), S.PRINTED) for _ in range(2))
    answer = sends(house, code, "lulus", quality__read=lines_of(other), quality__ticks=list(Tick))
    assert answer.status_code == 422 and "nomor buku lain" in answer.text


def test_a_failure_asks_what_is_wrong_and_is_called_a_failure(house: House) -> None:
    code = house.walk(house.guest(), S.PRINTED)
    assert sends(house, code, "gagal").status_code == 422
    answer = sends(house, code, "gagal", fail__why="photo", fail__note="terlalu gelap")
    page = house[Role.QUALITY].get(answer.location).text
    assert "Tersimpan: Gagal uji, dicetak ulang" in page
    assert "Foto: bukan orangnya, miring, atau kabur. terlalu gelap" in page


def test_who_printed_is_offered_no_test(house: House, app: Flask) -> None:
    from tests.stage.desk import booklet, officer

    both = officer(app, house.office, Role.PRINTER, Role.QUALITY, now=house.now)
    code = house.walk(house.guest(), S.GRANTED)
    both.post(f"/petugas/kasus/{code}/cetak", **{"booklet-number": booklet(house)})
    page = both.get(f"/petugas/kasus/{code}").text
    assert "Penguji lain yang mengujinya" in page and "/uji/lulus" not in page
