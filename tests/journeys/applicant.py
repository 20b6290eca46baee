"""What an applicant does, from the first form to the passport, in words."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from playwright.sync_api import expect

from tests.journeys.visitor import Visitor

PASSWORD = "sungai musi di waktu senja"
_FREE_DAY = re.compile(r"Sisa kuota \d+")


@dataclass(frozen=True)
class Person:
    """Somebody who wants a passport; `extra` are answers that differ, page by page."""

    name: str
    email: str
    nik: str
    birth_on: tuple[str, str, str]
    sex: str = "Perempuan"
    phone: str = "0812 7123 4567"
    card_name: str | None = None
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no log may hold."""
        return self.nik, self.email, self.name, self.phone.replace(" ", "")[1:]

    def writes(self, page: str, **usual: str) -> dict[str, str]:
        return {**usual, **self.answers.get(page, {})}


SITI = Person("Siti Rahmawati", "siti@warga-uji.id", "1671015408960003", ("14", "8", "1996"))


def picture(width: int, height: int, quality: int = 90) -> bytes:
    """A grainy photo, as large in bytes as a telephone's."""
    out = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


class Applicant:
    """One person in front of one browser."""

    def __init__(self, browser: Visitor, who: Person) -> None:
        self.at = browser
        self.who = who
        self.code = ""

    # An account.

    def signs_up(self) -> Applicant:
        self.at.opens("/").follows("Mulai permohonan")
        self.at.follows("Buat akun")
        self._fills_in_the_account()
        self.at.presses("Buat akun").reads_heading("Ketik kode dari e-mail")
        return self

    def _fills_in_the_account(self) -> None:
        day, month, year = self.who.birth_on
        self.at.writes({"Nama lengkap": self.who.name})
        self.at.writes({"Tanggal": day, "Bulan": month, "Tahun": year}, group="Tanggal lahir")
        self.at.picks(self.who.sex)
        self.at.writes({"Alamat e-mail": self.who.email, "Nomor HP": self.who.phone})
        self.at.writes({"Buat kata sandi": PASSWORD})
        self.at.page.get_by_role("checkbox", name=re.compile("Saya menyetujui")).check()

    def types_the_code_from_the_mail(self) -> Applicant:
        self.at.writes({"Kode dari e-mail": self.at.house.postbox.code_for(self.who.email)})
        self.at.presses("Verifikasi e-mail dan masuk")
        return self

    def signs_out(self) -> Applicant:
        self.at.opens("/akun").follows("Keluar").presses("Keluar").reads_heading("Anda sudah keluar")
        return self

    # The application, page by page.

    def answers_the_first_questions(self) -> Applicant:
        at = self.at.opens("/permohonan/baru")
        at.picks("17 tahun atau lebih, atau sudah pernah kawin").presses("Lanjutkan")
        at.picks("Belum pernah").presses("Lanjutkan")
        at.picks("Tidak").presses("Lanjutkan").reads_heading("Pilih jenis paspor")
        at.picks("Paspor elektronik laminasi, 5 tahun").presses("Mulai mengisi")
        found = re.search(r"/permohonan/([0-9A-Z]{8})", at.page.url)
        assert found is not None, at.page.url
        self.code = found[1]
        return self

    def fills_in_every_page(self) -> Applicant:
        self.at.opens(f"/permohonan/{self.code}/isi")
        self._chooses_an_office()
        self._identity()
        self._address()
        self._family()
        self._trip()
        return self

    def _opens_task(self, title: str) -> None:
        self.at.presses(re.compile(rf"^{title}$"), "link")

    def _saves(self) -> None:
        self.at.presses("Simpan dan lanjutkan")

    def _chooses_an_office(self) -> None:
        self._opens_task("Kantor dan hari")
        self.at.page.get_by_role("checkbox", name="Senin").check()
        self._saves()

    def fills_in_identity(self) -> None:
        day, month, year = self.who.birth_on
        fields = {"Nama lengkap": self.who.card_name or self.who.name, "NIK": self.who.nik}
        self.at.writes({**fields, **self.who.writes("identity", **{"Tempat lahir": "Palembang"})})
        self.at.writes({"Tanggal": day, "Bulan": month, "Tahun": year}, group="Tanggal lahir")
        self.at.picks(self.who.sex).picks("Belum kawin")

    def _identity(self) -> None:
        self._opens_task("Identitas")
        self.fills_in_identity()
        self._saves()

    def _address(self) -> None:
        self._opens_task("Alamat dan kontak")
        self.at.writes({"Nomor HP": self.who.phone})
        self._saves()
        usual = {
            "Alamat": "Jl. Merdeka No. 5, RT 01/RW 02, Kel. 19 Ilir",
            "Provinsi": "Sumatera Selatan",
            "Kabupaten atau kota": "Palembang",
            "Kecamatan": "Bukit Kecil",
            "Kode pos": "30131",
        }
        self.at.writes(self.who.writes("address", **usual)).picks("Ya")
        self._saves()

    def _family(self) -> None:
        self._opens_task("Pekerjaan dan keluarga")
        self.at.writes({"Pekerjaan": "Guru"})
        self._saves()
        self.at.writes(self.who.writes("parents", **{"Nama ibu": "Siti Aminah"}))
        self.at.picks("WNI", group="Warga negara ibu")
        self._saves()

    def _trip(self) -> None:
        self._opens_task("Paspor lama dan perjalanan")
        self.at.picks("Belum pernah")
        self._saves()
        self.at.picks("Wisata").picks("Kurang dari 1 bulan")
        self.at.writes(self.who.writes("trip", **{"Negara tujuan": "Malaysia"}))
        self._saves()
        usual = {"Nama": "Budi Rahmawan", "Nomor telepon": "0812 9876 5432"}
        self.at.writes(self.who.writes("relatives", **usual))
        self.at.writes({"Hubungan dengan Anda": "Kakak atau adik"})
        self._saves()

    # Papers.

    def photographs_the_papers(self, photo: bytes) -> list[int]:
        """Give the three papers of a new passport; returns how many bytes travelled for each."""
        self.at.opens(f"/permohonan/{self.code}/dokumen")
        sent = [self._gives(name, photo) for name in ("e-KTP", "Kartu Keluarga (KK)")]
        proof = "Akta lahir, ijazah, atau buku nikah (pilih satu)"
        sent.append(self._gives(proof, photo, kind="Akta kelahiran"))
        self.at.reads("3 dari 3 berkas wajib sudah ada. Lengkap.")
        self.at.follows("Lanjutkan")
        return sent

    def card(self, name: str) -> Any:
        heading = self.at.page.get_by_role("heading", name=name, exact=True)
        return self.at.page.locator("section").filter(has=heading).last

    def _gives(self, name: str, photo: bytes, kind: str | None = None) -> int:
        card = self.card(name)
        if kind is not None:
            card.get_by_label("Jenis berkas").select_option(label=kind)
        file = {"name": "IMG_0001.JPG", "mimeType": "image/jpeg", "buffer": photo}
        chooser = card.get_by_label("Pilih atau ambil foto")
        if not self.at.has_scripts:
            chooser.set_input_files(file)
            self.at.presses("Kirim foto", within=card)
            return len(photo)
        with self.at.in_place() as answer:
            chooser.set_input_files(file)
        expect(self.card(name).get_by_role("img")).to_be_visible()
        return int(answer.value.request.all_headers()["content-length"])

    # The hour and the money.

    def checks_and_declares(self) -> Applicant:
        at = self.at.opens(f"/permohonan/{self.code}/isi/periksa").reads_heading("Periksa isian Anda")
        at.follows("Semua sudah benar, lanjutkan")
        at.page.get_by_role("checkbox", name=re.compile("Saya menyatakan")).check()
        at.presses("Saya nyatakan benar, lanjut pilih jadwal").reads_heading("Pilih hari dan jam")
        return self

    def picks_an_hour(self) -> Applicant:
        """The last free day of the month that is shown, and its first hour with a place."""
        page = self.at.page
        days = page.get_by_role("link", name=_FREE_DAY)
        if not days.count():
            self._turns_the_page()
        day = days.last
        wanted = re.search(r"\d{4}-\d\d-\d\d", day.get_attribute("href") or "")
        assert wanted is not None
        if self.at.has_scripts:
            with self.at.in_place():
                day.click()
        else:
            with page.expect_navigation():
                day.click()
            self.at.looks()
        assert wanted[0] in page.url
        page.get_by_role("radio").first.check()
        self.at.presses("Pilih jadwal ini")
        return self

    def _turns_the_page(self) -> None:
        turn = self.at.page.locator("a[rel=next]")
        if self.at.has_scripts:
            with self.at.in_place():
                turn.click()
        else:
            with self.at.page.expect_navigation():
                turn.click()
            self.at.looks()

    def waits_for_the_bill(self) -> Applicant:
        self.at.waits_for("Bayar sebelum pukul").reads("Kode billing, 15 angka")
        return self

    def pays_at_the_bank(self, channel: str) -> Applicant:
        at = self.at.follows("Bayar di bank simulasi").picks(channel)
        if at.has_scripts:
            with at.in_place():
                at.page.get_by_role("button", name="Bayar").click()
        else:
            at.presses("Bayar")
        at.reads("Pembayaran diterima")
        return self

    def waits_for_the_receipt(self) -> Applicant:
        """The page follows the treasury by itself; without scripts it is loaded again."""
        receipt = self.at.page.get_by_role("link", name=re.compile("Bukti terima"))
        for _ in range(0 if self.at.has_scripts else 60):
            if receipt.is_visible():
                break
            self.at.page.wait_for_timeout(1000)
            self.at.page.reload()
            self.at.looks()
        expect(receipt).to_be_visible()
        self.at.looks()
        return self

    def opens_the_case(self) -> Applicant:
        self.at.opens(f"/permohonan/{self.code}")
        return self

    def opens_the_bill(self) -> Applicant:
        self.at.opens(f"/permohonan/{self.code}/tagihan")
        return self
