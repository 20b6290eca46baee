"""The account in a browser: a form that keeps what was typed, a code that is found again, own data."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import update

from mpaspor.demo import messages
from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.worker.loop import make_worker
from tests.stage.accounts import EMAIL, PASSWORD, code_for, codes_sent, has_account, wrong_code
from tests.stage.visitor import GOOD, Visitor, signs_up, visitor

NEW = "perahu kecil menuju pulau Kemaro"


@pytest.fixture
def siti(client, now) -> Visitor:
    return Visitor(client)


def test_from_the_form_to_the_own_pages_with_the_code_from_the_mailbox(siti):
    siti.opens("/daftar").presses("/daftar", **GOOD)
    assert siti.page.status_code == 303
    assert siti.then().heading == "Ketik kode dari e-mail"
    assert EMAIL in siti.text and "08.10 WIB" in siti.text
    siti.presses("/verifikasi", code=f" {code_for()[:3]} {code_for()[3:]} ").then()
    assert siti.path == "/permohonan"
    assert "Siti Rahmawati" in siti.opens("/akun").text


def test_an_empty_form_says_at_each_field_what_to_fill_in(siti):
    siti.opens("/daftar").presses("/daftar")
    assert siti.page.status_code == 422
    for words in ("Isi nama lengkap sesuai KTP", "Isi tanggal lahir", "Pilih jenis kelamin sesuai KTP",
                  "Isi alamat e-mail", "Isi nomor HP", "Isi kata sandi", "Tandai persetujuan"):  # fmt: skip
        assert siti.text.count(words) >= 2, words  # in the summary and at the field
    assert "<title>Kesalahan:" in siti.text


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("full_name", "Siti 4", "tanpa angka. Hapus “4”"),
        ("full_name", "Siti 😀", "“😀” tidak bisa dicetak"),
        ("full_name", "سيتي", "“س” tidak bisa dicetak"),
        ("full_name", "...", "Tulis nama dengan huruf"),
        ("full_name", "\u200b\u2060", "Isi nama lengkap sesuai KTP"),
        ("full_name", "S" * 101, "Kurangi 1 huruf"),
        ("full_name", "<script>alert(1)</script>", "Nama ditulis dengan huruf"),
        ("birth_on-month", "13", "Bulan diisi angka 1 sampai 12"),
        ("birth_on-year", "2015", "berusia 17 tahun"),
        ("birth_on-year", "2030", "harus sudah lewat"),
        ("email", "siti@", "nama@contoh.com"),
        ("email", "üji@uji-uji.id", "dengan “ü” sebelum @"),
        ("email", "сити@warga.example", "dengan “с” sebelum @"),
        ("phone", "0711 123456", "dimulai 08"),
        ("phone", "+1 415 555 0100", "dimulai 08"),
        ("password", "paspor2026", "dipakai banyak orang"),
        ("password", "siti rahmawati", "jangan hanya nama"),
        ("gender", "x", "Pilih jenis kelamin"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(siti, name, value, words):
    siti.opens("/daftar").presses("/daftar", **{**GOOD, name: value})
    assert siti.page.status_code == 422
    assert words in siti.text
    kept = {"full_name", "phone", "birth_on-day"} - {name}
    assert all(f'value="{GOOD[field]}"' in siti.text for field in kept)
    assert PASSWORD not in siti.text


def test_whoever_was_married_before_seventeen_gets_an_account(siti, scalar):
    young = {**GOOD, "birth_on-year": "2010"}
    siti.opens("/daftar")
    assert "pernah kawin" not in siti.text, "nobody else is asked"
    siti.presses("/daftar", **young)
    assert siti.page.status_code == 422 and "Saya sudah pernah kawin" in siti.text
    siti.presses("/daftar", **young, was_married="y")
    assert siti.page.status_code == 303
    assert scalar("SELECT count(*) FROM account") == 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Nur ‘Aini", "Nur 'Aini"),
        ("Ma´ruf", "Ma'ruf"),
        ("Nur\u02bcaini Ma\u02bbruf", "Nur'aini Ma'ruf"),
        ("Ali/Lie", "Ali/Lie"),
        ("Uji–Wayan", "Uji-Wayan"),
        ("N", "N"),
        ("𝐒𝐢𝐭𝐢\u00a0Rah\u00admawati\u200b", "Siti Rahmawati"),
    ],
)
def test_a_name_on_the_card_makes_an_account(siti, scalar, typed, kept):
    siti.opens("/daftar").presses("/daftar", **{**GOOD, "full_name": typed})
    assert siti.page.status_code == 303
    assert scalar("SELECT full_name FROM account") == kept


def test_a_birth_date_may_be_written_as_a_sentence_in_one_box(siti, scalar):
    siti.opens("/daftar").presses(
        "/daftar", **{**GOOD, "birth_on-day": "14 Agustus 1996", "birth_on-month": "", "birth_on-year": ""}
    )
    assert siti.page.status_code == 303
    assert str(scalar("SELECT birth_on FROM account")) == "1996-08-14"


def test_a_year_of_two_digits_is_asked_for_and_never_guessed(siti):
    siti.opens("/daftar").presses(
        "/daftar", **{**GOOD, "birth_on-day": "14/8/96", "birth_on-month": "", "birth_on-year": ""}
    )
    assert siti.page.status_code == 422 and "Tahun diisi empat angka, misalnya 1996" in siti.text
    for part in ("14", "8", "96"):
        assert f'value="{part}"' in siti.text


@pytest.mark.parametrize(
    "typed",
    ["081234567890", "0062 812 3456 7890", "+62 (0)812-3456-7890", "0812 3456 7890", "812-3456-7890\u202c"],
)
def test_a_mobile_number_is_understood_however_it_is_typed(siti, scalar, typed):
    siti.opens("/daftar").presses("/daftar", **{**GOOD, "phone": typed})
    assert scalar("SELECT phone FROM account") == "+6281234567890"


def test_abuse_05_a_taken_address_sees_the_same_page_as_a_new_one(app, siti, now):
    has_account(now)
    known = siti.opens("/daftar").presses("/daftar", **GOOD).then()
    fresh = visitor(app).opens("/daftar").presses("/daftar", **{**GOOD, "email": "baru.rahma@warga.example"})
    fresh.then()
    assert known.page.status_code == fresh.page.status_code

    def shape(guest: Visitor) -> str:
        without = re.sub(r'value="[^"]+"|ref=[0-9a-f-]{36}', "", guest.text)
        return without.replace("baru.rahma@", "siti.rahma@")

    assert shape(known) == shape(fresh)


def test_the_pending_code_is_found_again_from_another_browser(app, siti):
    siti.opens("/daftar").presses("/daftar", **GOOD)
    elsewhere = visitor(app).opens("/masuk").presses("/masuk", email=EMAIL, password=PASSWORD).then()
    assert elsewhere.path == "/verifikasi"
    assert elsewhere.presses("/verifikasi", code=code_for()).then().path == "/permohonan"


def test_the_pending_code_survives_leaving_the_page(siti):
    waiting = siti.opens("/daftar").presses("/daftar", **GOOD).then().address
    siti.opens("/")
    assert siti.opens(waiting).presses("/verifikasi", code=code_for()).then().path == "/permohonan"


def test_two_sign_ups_in_two_tabs_of_one_browser_do_not_disturb_each_other(siti, scalar):
    budis = {**GOOD, "full_name": "Budi Santoso", "email": "budi@warga.example"}
    sitis_tab = siti.opens("/daftar").presses("/daftar", **GOOD).then().address
    budis_tab = siti.opens("/daftar").presses("/daftar", **budis).then().address
    siti.opens(sitis_tab)
    assert EMAIL in siti.text and "budi@warga.example" not in siti.text
    assert siti.presses("/verifikasi", code=code_for()).then().path == "/permohonan"
    assert scalar("SELECT sum(tries) FROM one_time_code WHERE email LIKE 'budi%'") == 0
    siti.opens(budis_tab)
    assert "budi@warga.example" in siti.text
    siti.presses("/verifikasi", code=code_for("budi@warga.example")).then()
    assert "Budi Santoso" in siti.opens("/akun").text


def test_the_address_of_a_code_page_is_worth_nothing_in_another_browser(app, siti):
    waiting = siti.opens("/daftar").presses("/daftar", **GOOD).then().address
    assert EMAIL not in waiting
    thief = visitor(app).opens(waiting)
    assert thief.heading == "Tidak ada kode yang menunggu di sini" and EMAIL not in thief.text


def test_what_is_about_one_tab_stays_in_it_shared_phone_included(app, siti, now):
    has_account(now)
    siti.opens("/masuk").presses("/masuk", email=EMAIL, password=PASSWORD, shared="y").then()
    shared_tab = siti.address
    siti.opens("/daftar").presses("/daftar", **{**GOOD, "email": "budi@warga.example"}).then()
    assert not re.search(r'name="shared"[^>]*checked|checked[^>]*name="shared"', siti.text)
    siti.opens(shared_tab)
    assert re.search(r'name="shared"[^>]*checked|checked[^>]*name="shared"', siti.text)


def test_a_mistyped_address_is_corrected_and_the_code_goes_there(siti):
    siti.opens("/daftar").presses("/daftar", **{**GOOD, "email": "salah@warga.example"}).then()
    correct = re.search(r'href="(/verifikasi/alamat[^"]*)"', siti.text)[1].replace("&amp;", "&")
    siti.opens(correct).presses("/verifikasi/alamat", email=EMAIL).then()
    assert siti.path == "/verifikasi" and EMAIL in siti.text
    assert siti.presses("/verifikasi", code=code_for()).then().path == "/permohonan"


@pytest.mark.parametrize(
    "typed", ["uji@büro-uji.id", "ＵＪＩ＠BÜRO-uji。id", "uji@xn--bro-uji-n2a.id", " uji@b\u00adüro-uji.id. "]
)
def test_an_address_under_a_name_of_foreign_letters_is_sent_to_and_found_again(app, siti, scalar, typed):
    """Mail travels by the plain form of the name; people read and type it in their own letters."""
    siti.opens("/daftar").presses("/daftar", **{**GOOD, "email": typed}).then()
    assert "uji@büro-uji.id" in siti.text and "xn--bro-uji" not in siti.text
    assert scalar("SELECT email FROM one_time_code") == "uji@xn--bro-uji-n2a.id"
    again = visitor(app).opens("/masuk").presses("/masuk", email="uji@büro-uji.id", password=PASSWORD).then()
    assert again.path == "/verifikasi"


def test_page_and_mail_say_the_same_hour_until_which_the_code_counts(app, siti, palembang):
    """Who has chosen no office yet reads the capital's clock, wherever the installation stands."""
    db.session.execute(update(Office).values(time_zone="Asia/Jayapura"))
    db.session.commit()
    siti.opens("/daftar").presses("/daftar", **GOOD).then()
    assert "berlaku sampai 08.10 WIB" in siti.text
    make_worker(app).once()
    (mail,) = messages.newest(EMAIL)
    assert "08.10 WIB" in mail.body


def test_abuse_23_a_number_used_too_often_is_told_until_when_and_nothing_typed_is_lost(siti):
    for n in range(6):
        siti.opens("/daftar").presses("/daftar", **{**GOOD, "email": f"orang{n}@gmail.com"})
    assert siti.page.status_code == 429 and int(siti.page.headers["Retry-After"]) > 0
    assert "Terlalu banyak pendaftaran dengan nomor HP ini" in siti.text
    assert "Coba lagi besok pukul 07.00 WIB" in siti.text
    assert 'value="orang5@gmail.com"' in siti.text and "Ketik kata sandi lagi" in siti.text


def test_a_refused_address_stays_as_it_was_typed(siti):
    siti.opens("/daftar").presses("/daftar", **{**GOOD, "email": "uji@Büro-uji.id", "phone": "1"})
    assert siti.page.status_code == 422 and 'value="uji@Büro-uji.id"' in siti.text


def test_another_code_too_soon_says_how_long_to_wait_and_later_it_comes(siti, now):
    siti.opens("/daftar").presses("/daftar", **GOOD).then()
    siti.presses("/verifikasi/ulang")
    assert siti.page.status_code == 429 and "Tunggu 60 detik" in siti.text
    assert siti.page.headers["Retry-After"] == "60"
    with clock.at(now + timedelta(seconds=60)):
        siti.presses("/verifikasi/ulang").then()
    assert siti.page.status_code == 200 and "Kode baru sudah dikirim" in siti.text
    assert len(codes_sent()) == 2


def test_a_wrong_code_says_how_many_tries_are_left(siti):
    siti.opens("/daftar").presses("/daftar", **GOOD).then()
    siti.presses("/verifikasi", code=wrong_code())
    assert siti.page.status_code == 422 and "4 kali lagi" in siti.text


@pytest.mark.parametrize("typed", ["12345", "abcdef", "1234567"])
def test_what_is_no_code_at_all_costs_no_try(siti, scalar, typed):
    siti.opens("/daftar").presses("/daftar", **GOOD).then().presses("/verifikasi", code=typed)
    assert siti.page.status_code == 422
    assert scalar("SELECT tries FROM one_time_code") == 0


def test_sending_the_same_form_twice_makes_one_account(siti, scalar):
    siti.opens("/daftar")
    form = siti.page
    siti.presses("/daftar", **GOOD)
    siti.page = form
    assert siti.presses("/daftar", **GOOD).page.status_code == 303
    assert scalar("SELECT count(*) FROM account") == 1


def test_the_same_form_with_other_words_leads_to_the_code_of_the_first(siti, scalar):
    siti.opens("/daftar")
    form = siti.page
    siti.presses("/daftar", **GOOD)
    siti.page = form
    siti.presses("/daftar", **{**GOOD, "full_name": "Siti Lain"})
    assert siti.page.status_code == 422 and 'href="/verifikasi?ref=' in siti.text
    assert scalar("SELECT count(*) FROM account") == 1


def test_the_password_is_changed_with_the_current_one_and_other_devices_go(app, siti, now):
    signs_up(siti)
    elsewhere = visitor(app).opens("/masuk").presses("/masuk", email=EMAIL, password=PASSWORD).then()
    elsewhere.presses("/masuk/kode", code=code_for()).then()
    siti.opens("/akun/sandi").presses("/akun/sandi", current="bukan ini sandinya", password=NEW)
    assert siti.page.status_code == 422 and "Kata sandi sekarang tidak cocok" in siti.text
    siti.presses("/akun/sandi", current=PASSWORD, password=NEW).then()
    assert siti.path == "/akun" and "Kata sandi sudah diganti" in siti.text
    assert elsewhere.opens("/akun").path == "/masuk"


def test_devices_are_listed_and_signed_out_one_by_one_or_all(app, siti, now):
    signs_up(siti)
    others = []
    for minute in (1, 3):
        with clock.at(now + timedelta(minutes=minute)):
            other = visitor(app).opens("/masuk").presses("/masuk", email=EMAIL, password=PASSWORD).then()
            others.append(other.presses("/masuk/kode", code=code_for()).then())
    assert siti.opens("/akun").text.count("Keluarkan</button>") == 2
    siti.presses("/akun/perangkat").then()
    assert "Perangkat itu sudah keluar" in siti.text
    siti.presses("/akun/perangkat/semua").then()
    assert all(other.opens("/akun").path == "/masuk" for other in others)
    assert siti.opens("/akun").path == "/akun"


def test_the_language_is_kept_with_the_account(siti, scalar):
    signs_up(siti).opens("/akun").presses("/akun/bahasa", language="en").then()
    assert 'lang="en"' in siti.text
    assert scalar("SELECT language FROM account") == "en"


def test_abuse_47_logs_and_addresses_hold_no_code_password_or_person(siti):
    with structlog.testing.capture_logs() as lines:
        token, digits = walks_through_everything(siti)
    logged = json.dumps(lines, default=str)
    assert "signed_in" in logged and "sign_in_refused" in logged
    canaries = (EMAIL, "Rahmawati", "1234567890", PASSWORD, "canary-sandi-rahasia", token)
    assert not any(canary in logged for canary in (*canaries, *(f'"{code}"' for code in digits)))


def walks_through_everything(siti) -> tuple[str, list[str]]:
    """Sign up, a wrong code, the right one, out, a wrong password: the token and the codes of the way."""
    siti.opens("/daftar").presses("/daftar", **GOOD).then()
    first, wrong = code_for(), wrong_code()
    siti.presses("/verifikasi", code=wrong).presses("/verifikasi", code=first).then()
    token = siti.client.get_cookie("mp_perangkat").value
    siti.opens("/keluar").presses("/keluar").opens("/masuk")
    siti.presses("/masuk", email=EMAIL, password="canary-sandi-rahasia")
    return token, [first, wrong]


def test_a_form_without_its_token_is_refused(siti, scalar):
    assert siti.client.post("/daftar", data=GOOD).status_code == 403
    assert scalar("SELECT count(*) FROM account") == 0
