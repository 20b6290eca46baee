"""The door with the network cut: letters are checked, nobody is lost, and nobody is let in twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from mpaspor.applications.models import Application
from mpaspor.applications.scanned_text import readings
from mpaspor.applications.visit_token import Visit, public_key, sign
from mpaspor.config import settings
from mpaspor.demo.cookies import cookie_for
from mpaspor.desk import invariants
from mpaspor.desk.check_in import check_in
from mpaspor.desk.models import Presence
from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.offices.models import Office
from mpaspor.people.rules import Role
from tests.journeys.near import Near
from tests.journeys.visitor import DESK, MILLISECONDS, Visitor
from tests.stage import cast
from tests.stage.cast import Person
from tests.stage.desk import House

MINUTE, LOOK = 60_000, 50  # ms
OUTAGE = timedelta(minutes=10)


def letter(code: str, starts_at: datetime, office: str = "palembang") -> str:
    return sign(Visit(code, office, starts_at), settings().secrets.signing_key)


def name_of(code: str) -> str:
    found = db.session.scalars(select(Application.full_name).where(Application.code == code)).one()
    db.session.remove()
    return str(found)


def until(page: Page, holds: str) -> None:
    """Wait until this holds; by looking again, since our policy lets no page evaluate text."""
    for _ in range(int(MILLISECONDS / LOOK)):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(LOOK)
    raise AssertionError(holds)


LIST_IS_GONE = "indexedDB.databases().then(all => !all.some(db => db.name === 'luring-daftar'))"


def minutes_of_coming(house: House) -> dict[str, int]:
    """How many minutes after eight each person came, by the books."""
    came = select(Application.code, Presence.arrived_at).join(
        Presence, Presence.application_id == Application.id
    )
    found = {
        code: round((at - house.now).total_seconds() / 60) for code, at in db.session.execute(came).all()
    }
    db.session.remove()
    return found


class Door:
    """The computer at one door: its browser, its network, and the officer who sits there."""

    def __init__(self, browser: Browser, near: Near, who: Person) -> None:
        self.near = near
        self.at = Visitor(browser, near, DESK)
        self.page: Page = self.at.page
        # The clock stands still between two steps, so that no machine is too slow for a scanner.
        self.page.clock.install(time=near.now)
        self.page.clock.pause_at(near.now + timedelta(seconds=1))
        self.signs_in(who)

    def signs_in(self, who: Person) -> None:
        with self.near.app.test_request_context():
            _name, value = cookie_for(who.token)
        cookie = {"name": "mp_petugas", "value": value, "url": self.near.url}
        self.at.context.add_cookies([cookie])  # type: ignore[list-item]

    def opens(self) -> Door:
        """The ordinary page, until it is ready for an outage."""
        self.page.goto("/petugas/hadir")
        until(self.page, "navigator.serviceWorker.controller && localStorage.getItem('luring-milik')")
        until(self.page, "caches.match('/petugas/hadir/luring', { ignoreVary: true }).then(Boolean)")
        return self

    def loses_the_network(self) -> None:
        self.at.context.set_offline(True)

    def has_it_again(self, after: timedelta = OUTAGE) -> None:
        self.near.now += after
        self.at.context.set_offline(False)
        self.page.clock.run_for(MINUTE)

    def scans(self, text: str) -> Door:
        """What a scanner types into the field of the page, with Enter at the end."""
        self.page.locator("#scan").fill(text)
        self.page.keyboard.press("Enter")
        return self

    def scans_beside_the_field(self, text: str) -> Door:
        self.page.locator("h1").first.click()
        for sign_ in text:
            self.page.keyboard.press(sign_)
        self.page.keyboard.press("Tab")
        return self

    def says(self, words: str) -> None:
        expect(self.page.locator("#jawaban")).to_contain_text(words)

    def waits_to_tell(self, count: int) -> None:
        expect(self.page.locator("#jumlah")).to_have_text(f"Menunggu dikirim: {count}")


@pytest.fixture
def reception(app: Flask, palembang: Office, now: datetime) -> Person:
    found = cast.officer(palembang, Role.RECEPTION, now=now, name="Rina Kusuma")
    db.session.remove()
    return found


@pytest.fixture
def door(house: House, browser: Browser, near: Near, reception: Person) -> Iterator[Door]:
    found = Door(browser, near, reception)
    yield found
    found.at.leave()


@pytest.fixture
def house(app: Flask, palembang: Office, now: datetime) -> House:
    """The office of this process, in place of the demo that runs elsewhere."""
    return House(app, palembang, now)


def test_ten_minutes_without_a_server_lose_nobody_and_let_nobody_in_twice(house: House, door: Door) -> None:
    first, second, third = house.guest(), house.guest(), house.guest()
    another_day = house.guest(hours=48)
    door.opens().loses_the_network()
    page = door.page
    page.reload()
    door.at.reads_heading("Pintu luring")
    expect(page.locator("#keadaan")).to_contain_text("Server tidak terjangkau sejak pukul 08.00")
    expect(page.locator("#daftar")).to_have_text("Daftar pukul 08.00, Senin, 23 November: 3 orang.")
    door.scans(letter(first, house.now)).says("Dicatat di komputer ini")
    door.says(name_of(first))
    page.clock.run_for(2 * MINUTE)
    door.scans(letter(second, house.now).lower()).says(name_of(second))  # CapsLock
    forged = letter(third, house.now)
    door.scans(forged[:-9] + ("1" if forged[-9] != "1" else "2") + forged[-8:])
    door.says("Bukan surat kedatangan kami, atau kodenya sudah diubah")
    door.scans(letter(another_day, house.now + timedelta(days=2)))
    door.says("Surat ini asli, tetapi untuk Rabu, 25 November")
    page.reload()
    door.waits_to_tell(2)
    page.clock.run_for(2 * MINUTE)
    door.scans_beside_the_field("]Q1" + letter(third, house.now)).says(name_of(third))
    door.scans(letter(first, house.now)).says("Sudah dicatat di komputer ini pukul 08.00")
    door.waits_to_tell(3)

    check_in(house[Role.SUPERVISOR].id, third, reason=None, now=house.now + timedelta(minutes=6))
    door.has_it_again()
    door.waits_to_tell(0)
    told = page.locator("#antre")
    expect(told).to_contain_text("Tercatat, nomor A002.")
    expect(told).to_contain_text("Sudah diterima di pintu lain, nomor A001. Tidak dicatat dua kali.")
    assert minutes_of_coming(house) == {first: 0, second: 2, third: 6}
    assert house.state_of(another_day) == "scheduled"
    assert not list(broken(invariants.INVARIANTS, door.near.now))
    page.get_by_role("link", name="Ke registrasi kedatangan").click()
    door.at.reads_heading("Registrasi kedatangan")


def test_a_scan_that_meets_no_server_is_taken_along_to_the_offline_door(house: House, door: Door) -> None:
    code = house.guest()
    door.opens().loses_the_network()
    door.page.get_by_label("Pindai kode QR, atau ketik kode permohonan").fill(letter(code, house.now))
    door.page.keyboard.press("Enter")
    door.at.reads_heading("Pintu luring")
    door.says(name_of(code))
    assert "#" not in door.page.url
    door.waits_to_tell(1)


def test_a_proxy_that_answers_in_the_servers_place_is_no_server(house: House, door: Door) -> None:
    code = house.guest()
    door.opens()
    door.near.is_down = True
    door.page.reload()
    door.at.reads_heading("Pintu luring")
    door.scans(letter(code, house.now)).says(name_of(code))
    door.waits_to_tell(1)
    door.near.is_down = False
    door.page.get_by_role("button", name="Kirim sekarang").click()
    door.waits_to_tell(0)
    assert house.state_of(code) == "arrived"


def test_the_ordinary_door_says_that_the_server_is_away_and_one_key_leads_on(
    house: House, door: Door
) -> None:
    door.opens().loses_the_network()
    door.page.clock.run_for(2 * MINUTE)
    expect(door.page.locator("#luring")).to_contain_text("Server tidak terjangkau.")
    door.page.keyboard.press("F8")
    door.at.reads_heading("Pintu luring")


def test_who_has_no_letter_is_found_by_code_or_name_and_an_early_one_needs_a_reason(
    house: House, door: Door
) -> None:
    code, early = house.guest(), house.guest(hours=3)
    door.opens().loses_the_network()
    page = door.page
    page.goto("/petugas/hadir/luring")
    field = page.get_by_label("Pindai kode QR, atau ketik kode permohonan atau nama")
    field.fill(name_of(code)[:7])
    page.keyboard.press("Enter")
    page.locator("#jawaban div", has_text=name_of(code)).get_by_role("button", name="Pilih").click()
    door.says("Dicatat di komputer ini")
    field.fill(f"{early[:4]}-{early[4:]}".lower())
    page.keyboard.press("Enter")
    door.says("Terlalu awal: jadwalnya pukul 11.00. Persilakan kembali mulai pukul 10.00")
    page.get_by_label("Alasan menerima di luar jadwal").fill("Hamil besar")
    page.keyboard.press("Enter")
    door.waits_to_tell(2)
    field.fill("00000000")
    page.keyboard.press("Enter")
    door.says("Tidak ada di daftar pukul 08.00")
    door.has_it_again()
    door.waits_to_tell(0)
    assert house.state_of(code) == house.state_of(early) == "arrived"


def test_what_could_not_be_told_says_why_until_it_is_read(house: House, door: Door) -> None:
    code = house.guest()
    door.opens().loses_the_network()
    door.page.goto("/petugas/hadir/luring")
    door.scans(letter(code, house.now)).waits_to_tell(1)
    values = {"state": "withdrawn"}
    db.session.execute(Application.__table__.update().where(Application.code == code).values(values))
    db.session.commit()
    door.has_it_again()
    line = door.page.locator("#antre li")
    expect(line).to_contain_text(
        "Belum tercatat: permohonannya sudah dibatalkan. Penyelia sudah diberi tahu."
    )
    door.page.reload()
    line.get_by_role("button", name="Sudah dibaca").click()
    expect(line).to_have_count(0)


def test_signing_out_drops_the_list_and_keeps_what_was_not_told(
    house: House, door: Door, palembang: Office, now: datetime
) -> None:
    code = house.guest()
    door.opens().loses_the_network()
    page = door.page
    page.goto("/petugas/hadir/luring")
    door.scans(letter(code, house.now)).waits_to_tell(1)
    page.route("**/luring/*", lambda route: route.abort())  # the server answers pages, not yet this
    door.at.context.set_offline(False)
    page.goto("/petugas")
    page.get_by_role("button", name="Keluar").click()
    door.at.reads_heading("Masuk petugas")
    until(page, LIST_IS_GONE)
    assert page.evaluate("localStorage.getItem('luring-milik')") is None
    page.unroute("**/luring/*")
    door.signs_in(cast.officer(palembang, Role.RECEPTION, now=now, name="Andi Pratama"))
    page.goto("/petugas/hadir")
    expect(page.locator("#luring")).to_be_hidden()
    until(page, "localStorage.getItem('luring-antre') === '0'")
    assert house.state_of(code) == "arrived"


def test_another_officers_page_drops_the_list_and_so_does_a_role_that_is_gone(
    house: House, door: Door, palembang: Office, now: datetime
) -> None:
    door.opens()
    page = door.page
    door.signs_in(cast.officer(palembang, Role.VERIFIER, now=now, name="Sari Wulandari"))
    page.goto("/petugas")
    until(page, LIST_IS_GONE)
    door.loses_the_network()
    page.goto("/petugas/hadir/luring")
    expect(page.locator("#daftar")).to_have_text(
        "Tidak ada daftar hari ini di komputer ini. Catat kode dan jam kedatangan di kertas."
    )
    expect(page.get_by_label("Pindai kode QR")).to_be_hidden()


def test_an_answer_stays_though_the_names_go_at_the_same_moment(house: House, door: Door) -> None:
    code = house.guest()
    door.opens().loses_the_network()
    page = door.page
    page.goto("/petugas/hadir/luring")
    expect(page.locator("#daftar")).to_contain_text("Daftar")
    page.evaluate("""() => {
        const keep = Luring.keep;
        Luring.keep = (list) => new Promise((go) => (window.goOn = go)).then(() => keep(list));
    }""")
    page.clock.run_for(31 * MINUTE)
    until(page, "Boolean(window.goOn)")
    door.scans(letter(code, house.now)).waits_to_tell(1)
    door.says("Nama ada di suratnya: cocokkan dengan KTP")
    page.evaluate("window.goOn()")
    expect(page.locator("#daftar")).to_contain_text("Nama disembunyikan")
    door.says("Nama ada di suratnya: cocokkan dengan KTP")


def test_a_list_is_gone_with_the_day_and_names_with_half_an_hour_alone(house: House, door: Door) -> None:
    code = house.guest()
    door.opens().loses_the_network()
    page = door.page
    page.goto("/petugas/hadir/luring")
    page.clock.run_for(31 * MINUTE)
    expect(page.locator("#daftar")).to_contain_text("Nama disembunyikan")
    door.scans(letter(code, house.now)).says("Nama ada di suratnya: cocokkan dengan KTP")
    door.waits_to_tell(1)
    page.clock.fast_forward("12:00:00")
    expect(page.locator("#daftar")).to_contain_text("Tidak ada daftar hari ini")
    door.waits_to_tell(1)


def test_nothing_of_anybody_can_be_read_in_what_the_browser_keeps(house: House, door: Door) -> None:
    code = house.guest()
    door.opens().loses_the_network()
    page = door.page
    page.goto("/petugas/hadir/luring")
    door.scans(letter(code, house.now)).waits_to_tell(1)
    kept = page.evaluate(
        """async () => {
      const texts = [JSON.stringify(localStorage)];
      for (const { name } of await indexedDB.databases()) {
        const opening = indexedDB.open(name);
        const db = await new Promise(done => { opening.onsuccess = () => done(opening.result); });
        const all = await new Promise(done => {
          const r = db.transaction("isi").objectStore("isi").getAll(); r.onsuccess = () => done(r.result); });
        db.close();
        for (const one of all) {
          if (one instanceof CryptoKey) { if (one.extractable) texts.push("EXTRACTABLE"); continue; }
          texts.push(new TextDecoder().decode(one.sealed));
        }
      }
      const cache = await caches.open("luring");
      for (const one of await cache.keys()) texts.push(await (await cache.match(one)).text());
      return texts.join(" ");
    }"""
    )
    assert name_of(code) not in kept and code not in kept and "EXTRACTABLE" not in kept
    assert "Rina Kusuma" not in kept and "csrf" not in kept.split("luring-antre")[0].lower()


def test_the_browser_reads_scans_and_signatures_as_the_server_does(house: House, door: Door) -> None:
    page, now = door.opens().page, house.now
    page.goto("/petugas/hadir/luring")
    token = letter("7H3RT8WQ", now)
    key = settings().secrets.signing_key
    distorted = [
        token, token.lower(), token.swapcase(), f"]Q1{token}", f"*{token}*", f" {token}\t", token + "\r\n",
        f"]q1{token.lower()}", "MP1.7H3RT8WQ.palembang.202611230100.x", "7h3r-t8wq", "Yz?ß/-_", "",
    ]  # fmt: skip
    assert page.evaluate("all => all.map(Luring.readings)", distorted) == [
        readings(text) for text in distorted
    ]
    public = _base64(public_key(key))
    verify = "([all, key]) => Promise.all(all.map(one => Luring.verified(one, key)))"
    wanted = {"code": "7H3RT8WQ", "office": "palembang", "starts": int(now.timestamp() * 1000)}
    assert page.evaluate(verify, [distorted[:8], public]) == [wanted] * 8
    wrong = [token[:-1], token + "0", "MP2" + "0" * 116, token[:3] + token[4:] + "A", ""]
    assert page.evaluate(verify, [wrong, public]) == [None] * len(wrong)
    assert page.evaluate(verify, [[token], _base64(public_key(b"\1" * 32))]) == [None]
    codes = [
        "7h3r-t8wq",
        "https://x.example/v/7H3RT8WQ7H3RT8WQ",
        "https://x.example/cek?kode=7h3r-t8wq",
        "OIL0",
    ]
    assert json.dumps(page.evaluate("all => all.map(Luring.code)", codes)) == json.dumps(
        ["7H3RT8WQ", "7H3RT8WQ7H3RT8WQ", "7H3RT8WQ", "0110"]
    )


def _base64(data: bytes) -> str:
    from base64 import b64encode

    return b64encode(data).decode()
