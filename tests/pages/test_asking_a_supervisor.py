"""A supervisor at the door's call: asked where somebody is refused, shown on the board, answered."""

from __future__ import annotations

import re

from mpaspor.people.rules import Role
from tests.stage.desk import House


def test_the_door_asks_the_board_shows_it_and_the_answer_comes_back_to_the_door(house: House) -> None:
    code, door, boss = house.guest(hours=48), house[Role.RECEPTION], house[Role.SUPERVISOR]
    page = door.post("/petugas/hadir", scan=code).text
    assert f'href="/petugas/hadir/{code}/penyelia"' in page and "Minta penyelia" in page
    assert "Orangnya muncul di antrean penyelia" in door.get(f"/petugas/hadir/{code}/penyelia").text
    answer = door.post(f"/petugas/hadir/{code}/penyelia", words="Salah hari, rumahnya jauh")
    assert answer.location == "/petugas/hadir"
    assert "menunggu" in door.get(answer.location).text.split("Ditanyakan ke penyelia")[1]
    board = boss.get("/petugas").text
    assert re.search(r'<a href="/petugas/dari-pintu">Pintu menunggu penyelia</a> <b>1</b>', board)
    assert "dari-pintu" not in door.get("/petugas").text
    page = boss.get("/petugas/dari-pintu").text
    assert "Salah hari, rumahnya jauh" in page
    [action] = re.findall(r'action="(/petugas/dari-pintu/[^"]+)"', page)
    empty = boss.post(action, answer=" ")
    assert empty.status_code == 422 and 'href="#jawaban"' in empty.text
    assert boss.post(action, answer="Terima saja").location == "/petugas/dari-pintu"
    assert "Tidak ada yang menunggu penyelia" in boss.get("/petugas/dari-pintu").text
    assert "Terima saja" in door.get("/petugas/hadir").text
    assert boss.post(action, answer="Jangan").status_code == 409


def test_asking_without_words_says_so_and_asking_twice_too(house: House) -> None:
    code, door = house.guest(hours=48), house[Role.RECEPTION]
    empty = door.post(f"/petugas/hadir/{code}/penyelia", words="")
    assert empty.status_code == 422 and 'href="#words"' in empty.text
    door.post(f"/petugas/hadir/{code}/penyelia", words="Jauh")
    twice = door.post(f"/petugas/hadir/{code}/penyelia", words="Jauh sekali")
    assert twice.status_code == 409 and "sudah ditanya" in twice.text and "Jauh sekali" in twice.text
