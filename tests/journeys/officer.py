"""What officers do at their desks, in words. Each comes in by password and app, as everywhere."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.house import DEMO_PASSWORD
from tests.journeys.visitor import Visitor

RECEPTION, VERIFIER, BIOMETRICS = "loket@kantor.example", "berkas@kantor.example", "foto@kantor.example"
INTERVIEWER, ADJUDICATOR = "wawancara@kantor.example", "adjudikasi1@kantor.example"
PRINTER, QUALITY, HANDOVER = "cetak@kantor.example", "mutu@kantor.example", "ambil@kantor.example"
SUPERVISOR = "kepala@kantor.example"


class Officer:
    """One officer in front of one screen."""

    def __init__(self, browser: Visitor, email: str) -> None:
        self.at = browser
        self.email = email

    def signs_in(self) -> Officer:
        """What the app of an officer shows stands on the page of demo messages, named as a simulator."""
        kept, context = self.at.house.cookies, self.at.context
        if self.email in kept:
            context.add_cookies(kept[self.email])
            self.at.opens("/petugas")
        else:
            self._comes_in()
            kept[self.email] = context.cookies()
        self.at.reads_heading("Antrean hari ini")
        return self

    def _comes_in(self) -> None:
        at = self.at.opens("/petugas").reads_heading("Masuk petugas")
        at.writes({"Alamat e-mail dinas": self.email, "Kata sandi": DEMO_PASSWORD})
        at.presses("Lanjutkan").reads_heading("Ketik kode dari aplikasi")
        at.writes({"Kode dari aplikasi": at.reads_app_of(self.email)})
        at.presses("Masuk")

    def lets_in(self, scanned: str, reason: str) -> Officer:
        """A hand scanner types what it sees and presses Enter; the visit is on another day."""
        page = self.at.page
        page.get_by_role("link", name="Registrasi kedatangan").first.click()
        page.wait_for_url("**/petugas/hadir")
        self.at.looks()
        with self.at.expecting(409), page.expect_navigation():
            page.keyboard.type(scanned)
            page.keyboard.press("Enter")
        self.at.looks().reads("Jadwalnya bukan hari ini")
        page.get_by_label(re.compile("Alasan menerima")).fill(reason)
        self.at.presses(re.compile("Terima dengan alasan ini")).reads_heading("Sudah diterima")
        return self

    def opens_case(self, code: str) -> Officer:
        """Find the case by typing its code into the search of the board."""
        page = self.at.page
        search = page.get_by_role("searchbox")
        search.fill(code)
        with page.expect_navigation():
            search.press("Enter")
        page.wait_for_url(f"**/petugas/kasus/{code}*")
        self.at.looks()
        return self

    def accepts_every_paper(self) -> Officer:
        """Each paper with its button, then on to the next officer."""
        page = self.at.page
        while page.get_by_role("button", name=re.compile("Cocok dengan aslinya")).count():
            page.get_by_label("Asli saya pegang").check()
            with self.at.in_place():
                page.get_by_role("button", name=re.compile("Cocok dengan aslinya")).click()
        return self.has_saved()

    def takes_a_photo(self, photo: bytes) -> Officer:
        file = {"name": "kamera.jpg", "mimeType": "image/jpeg", "buffer": photo}
        self.at.page.get_by_label("Foto dari kamera loket").set_input_files(file)
        return self.presses("Simpan foto")

    def interviews(self, notes: str) -> Officer:
        self.at.writes({"Catatan wawancara": notes}).picks("Disarankan disetujui")
        return self.presses("Simpan wawancara")

    def grants(self) -> Officer:
        """Once the registers have answered: the worker asks them within a second."""
        page = self.at.page
        for _ in range(100):
            if not page.get_by_text("Belum dijawab").count():
                break
            page.reload()
        expect(page.get_by_text("Tidak ada temuan")).to_have_count(3)
        return self.presses("Setujui paspor")

    def prints(self, number: str) -> Officer:
        self.at.writes({"Nomor di buku paspor": number})
        return self.presses("Sudah dicetak")

    def tests_the_booklet(self) -> Officer:
        """The simulated reader's two lines, and every tick; before that the button waits."""
        page = self.at.page
        verb = page.get_by_role("button", name=re.compile("Lulus, siap diambil"))
        expect(verb).to_be_disabled()
        page.get_by_label("Pindai buku").fill("\n".join(page.locator("main code").all_inner_texts()))
        for tick in page.get_by_role("group", name="Sudah dilihat di buku").get_by_role("checkbox").all():
            expect(verb).to_be_disabled()
            tick.check()
        return self.presses("Lulus, siap diambil")

    def gives_to_the_owner(self, scanned: str, booklet: str) -> Officer:
        """Scan the person, then the booklet, look at face and card."""
        page = self.at.opens("/petugas/ambil").page
        page.get_by_label(re.compile("Pindai kode QR pemohon")).fill(scanned)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        self.at.looks()
        page.get_by_label("Pindai buku paspor").fill(booklet)
        page.get_by_label("Wajahnya sama dengan foto").check()
        page.get_by_label("KTP asli pengambil").check()
        return self.presses("Sudah diserahkan")

    def presses(self, name: str) -> Officer:
        """A step of the case, whose answer comes in place."""
        with self.at.in_place():
            self.at.page.get_by_role("button", name=re.compile(name)).click()
        return self.has_saved()

    def has_saved(self) -> Officer:
        expect(self.at.page.get_by_role("status").filter(has_text="Tersimpan")).to_be_visible()
        return self
