"""Whoever works through the queue by N goes on to the next person, until a pause, the board or its end."""

from __future__ import annotations

import re
from typing import Any

from mpaspor.applications.rules import CaseState
from mpaspor.people.rules import Role
from tests.stage.desk import House, Officer

S = CaseState
IN_PLACE = {"HX-Request": "true", "HX-Target": "isi"}


def photographed(house: House) -> str:
    return house.walk(house.guest(), S.BIOMETRICS_TAKEN)


def interviewer(house: House) -> Officer:
    who = house[Role.INTERVIEWER]
    assert who.post("/petugas/loket", loket="4").status_code == 303
    return who


def interviews(who: Officer, code: str) -> str:
    """Write the interview down; where that leads."""
    typed = {"interview-notes": "Sesuai berkas.", "interview-verdict": "recommend"}
    answer = who.post(f"/petugas/kasus/{code}/wawancara", **typed)
    assert answer.status_code == 303
    return str(answer.location)


def test_the_end_of_a_turn_calls_the_next_person_and_names_the_case_before(house: House) -> None:
    first, second = photographed(house), photographed(house)
    who = interviewer(house)
    assert who.post("/petugas/berikutnya").location.endswith(first)
    where = interviews(who, first)
    assert where.endswith(f"/petugas/kasus/{second}?dari={first}")
    page = who.get(where).text
    assert "Dipanggil ke loket 4" in page and f'href="/petugas/kasus/{first}"' in page
    assert "Jeda setelah ini" in page
    assert house.state_of(first) == "interviewed"


def test_the_last_one_of_a_queue_stays_open_as_it_was_saved(house: House) -> None:
    only = photographed(house)
    who = interviewer(house)
    who.post("/petugas/berikutnya")
    assert interviews(who, only).endswith(f"/petugas/kasus/{only}?tersimpan=1")


def test_after_a_pause_nobody_is_called(house: House) -> None:
    first, second = photographed(house), photographed(house)
    who = interviewer(house)
    who.post("/petugas/berikutnya")
    assert who.post(f"/petugas/kasus/{first}/jeda").location.endswith(f"/petugas/kasus/{first}")
    assert "Jeda setelah ini" not in who.get(f"/petugas/kasus/{first}").text
    assert interviews(who, first).endswith(f"{first}?tersimpan=1")
    assert who.post("/petugas/berikutnya").location.endswith(second)


def test_whoever_chooses_from_the_board_stays_with_the_case(house: House) -> None:
    first, _second = photographed(house), photographed(house)
    who = interviewer(house)
    who.post("/petugas/berikutnya")
    who.get("/petugas", headers={"HX-Request": "true"})
    assert "Jeda setelah ini" in who.get(f"/petugas/kasus/{first}").text, (
        "the board's refresh is nobody's visit"
    )
    who.get("/petugas")
    assert interviews(who, first).endswith(f"{first}?tersimpan=1")


def test_a_step_within_a_turn_calls_nobody(house: House) -> None:
    first, second = house.walk(house.guest(), S.ARRIVED), house.walk(house.guest(), S.ARRIVED)
    who = house[Role.VERIFIER]
    who.post("/petugas/loket", loket="1")
    assert who.post("/petugas/berikutnya").location.endswith(first)
    typed = {"want-why": "blurry", "want-message": ""}
    answer = who.post(f"/petugas/kasus/{first}/berkas/ktp/minta", **typed)
    assert answer.location.endswith(f"{first}?tersimpan=1")
    assert house.state_of(second) == "arrived" and "Dipanggil" not in who.get(f"/petugas/kasus/{second}").text


def test_what_is_no_code_is_not_said_to_be_saved(house: House) -> None:
    code = photographed(house)
    page = house[Role.INTERVIEWER].get(f"/petugas/kasus/{code}?dari=%3Cscript%3E").text
    assert "Tersimpan" not in page and "<script>" not in page.partition("<main")[2]


def in_place(who: Officer, path: str, **typed: str) -> Any:
    """A form of the desk where scripts run: the answer takes the place of the main part."""
    return who.post(path, headers=IN_PLACE, **typed)


def interviews_in_place(who: Officer, code: str, key: str) -> Any:
    typed = {"interview-notes": "Sesuai berkas.", "interview-verdict": "recommend", "kunci": key}
    return in_place(who, f"/petugas/kasus/{code}/wawancara", **typed)


def test_the_next_person_comes_in_place_with_their_address_keys_and_scans(house: House) -> None:
    first, second = photographed(house), photographed(house)
    who = interviewer(house)
    assert in_place(who, "/petugas/berikutnya").headers["HX-Redirect"].endswith(first), "from the board"
    answer = interviews_in_place(who, first, "kunci-1")
    assert (answer.status_code, answer.headers["HX-Push-Url"]) == (
        200,
        f"/petugas/kasus/{second}?dari={first}",
    )
    assert "<html" not in answer.text and answer.text.count('<main id="isi"') == 1
    assert f"/petugas/kasus/{second}/wawancara" in answer.text and "Dipanggil ke loket 4" in answer.text
    assert re.search(r'<footer id="tombol"[^>]* hx-swap-oob="true"', answer.text)
    assert f'name="buka" value="{second}" hx-swap-oob="true"' in answer.text
    again = interviews_in_place(who, first, "kunci-1")
    assert again.headers["HX-Push-Url"] == answer.headers["HX-Push-Url"], "a repeat calls nobody else"


def test_the_last_one_stays_in_place_and_n_says_there_that_nobody_waits(house: House) -> None:
    only = photographed(house)
    who = interviewer(house)
    who.post("/petugas/berikutnya")
    answer = interviews_in_place(who, only, "kunci-2")
    assert answer.headers["HX-Push-Url"] == f"/petugas/kasus/{only}?tersimpan=1"
    assert "Tersimpan: " in answer.text
    [path] = set(re.findall(r'action="(/petugas/berikutnya[^"]*)"', answer.text))
    empty = in_place(who, path)
    assert empty.status_code == 200 and "HX-Push-Url" not in empty.headers
    assert "Tidak ada yang menunggu di tahap Anda" in empty.text and f'action="{path}"' in empty.text
    later = photographed(house)
    assert in_place(who, path).headers["HX-Push-Url"] == f"/petugas/kasus/{later}"


def test_without_scripts_n_on_a_case_leads_to_the_next_one_or_to_the_board(house: House) -> None:
    first = photographed(house)
    who = interviewer(house)
    assert who.post(f"/petugas/berikutnya?dari={first}").location.endswith(first)
    interviews(who, first)
    assert who.post(f"/petugas/berikutnya?dari={first}").location.endswith("/petugas?kosong=1")
    assert who.post("/petugas/berikutnya?dari=%3Cb%3E").location.endswith("/petugas?kosong=1")
