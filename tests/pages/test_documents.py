"""The page of papers, whole and in parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import update

from mpaspor.applications import image_child
from mpaspor.applications.models import Document
from mpaspor.applications.picture_turns import APPLICANTS, AT_ONCE
from mpaspor.applications.rules import CaseState
from mpaspor.foundation.database import db
from tests.stage.papers import Giver, giver, picture


@pytest.fixture
def siti(app: Flask, now: datetime) -> Giver:
    return giver(app, now)


def _page(who: Giver) -> str:
    answer = who.client.get(f"/permohonan/{who.code}/dokumen")
    assert answer.status_code == 200
    return answer.text


def _part_of(page: str, paper: str) -> str:
    found = re.search(rf'<section id="dokumen-{paper}".*?</section>', page, re.S)
    assert found is not None
    return found.group()


def test_the_page_lists_what_this_case_needs(siti: Giver) -> None:
    page = _page(siti)
    asked = re.findall(r'<section id="dokumen-([a-z-]+)"', page)
    assert asked == ["ktp", "kk", "bukti", "ganti-nama", "kewarganegaraan"]
    assert "0 dari 3 berkas wajib" in page
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_plain_form_comes_back_to_its_paper(siti: Giver) -> None:
    answer = siti.give("ktp", picture())
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/permohonan/{siti.code}/dokumen#dokumen-ktp")
    page = _page(siti)
    assert "1 dari 3 berkas wajib" in page and "Sudah dikirim" in _part_of(page, "ktp")


def test_the_address_of_a_form_leads_back_to_its_paper(siti: Giver) -> None:
    for rest in ("", "/hapus"):
        answer = siti.client.get(f"/permohonan/{siti.code}/dokumen/ktp{rest}")
        assert answer.status_code == 303 and answer.headers["Location"].endswith("dokumen#dokumen-ktp")


def test_htmx_gets_the_same_part_and_the_count_beside_it(siti: Giver) -> None:
    answer = siti.give("bukti", picture(), htmx=True, **{"bukti-kind": "diploma"})
    assert answer.status_code == 200
    part = answer.text
    assert part.count("<section") == 1 and "<html" not in part
    assert 'hx-swap-oob="true"' in part and "1 dari 3 berkas wajib" in part
    assert "Ijazah" in part and "kecil=1" in part
    in_page = _part_of(_page(siti), "bukti")

    def plain(text: str) -> str:
        text = re.sub(r'name="(csrf_token|kunci)" value="[^"]*"', "", text)
        return re.sub(r'<p id="dokumen-sisa".*?</p>', "", text, flags=re.S).split()  # type: ignore[return-value]

    assert plain(_part_of(part, "bukti")) == plain(in_page)


def test_a_refused_photo_comes_back_with_its_reason(siti: Giver) -> None:
    part = siti.give("ktp", b"%PDF-1.7 x", "ktp.pdf", htmx=True)
    assert part.status_code == 422 and "PDF tidak diterima" in part.text
    page = siti.give("ktp", b"%PDF-1.7 x", "ktp.pdf")
    assert page.status_code == 422 and "<html" in page.text
    assert page.text.count("PDF tidak diterima") == 2  # in the summary and at the field
    assert 'href="#ktp-photo"' in page.text


@pytest.mark.parametrize(
    "name",
    [
        "ktp.png",
        "ktp.HEIC",
        "KTP a.n. Budi",
        "Scan 12.05.2024",
        "IMG_1.jpg~2",
        "foto.JPG ",
        "a.pjpeg",
        "x.pdf",
        "",
    ],
)
def test_a_good_photo_is_taken_whatever_it_is_called(siti: Giver, name: str) -> None:
    assert siti.give("ktp", picture(), name).status_code == 303
    assert "Sudah dikirim" in _part_of(_page(siti), "ktp")


def test_browser_and_server_scale_to_the_same_size(siti: Giver) -> None:
    assert f'data-shrink="{image_child.LONG_SIDE}"' in _part_of(_page(siti), "ktp")


@pytest.fixture
def full_room(monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    """Others hold every turn at the decoder until the stack is closed; nobody waits long for one."""
    monkeypatch.setattr(APPLICANTS, "_patience", 0)
    with ExitStack() as stack:
        for n in range(AT_ONCE):
            stack.enter_context(APPLICANTS.turn(f"orang lain {n}"))
        yield stack


def test_abuse_26_a_photo_that_got_no_turn_is_told_so_and_can_be_sent_again(
    siti: Giver, full_room: ExitStack
) -> None:
    page = siti.give("ktp", picture())
    assert page.status_code == 503 and page.headers["Retry-After"] == "10"
    assert page.text.count("Banyak foto sedang kami periksa") == 2  # in the summary and at the field
    assert "0 dari 3 berkas wajib" in _page(siti)
    full_room.close()
    assert siti.give("ktp", picture()).status_code == 303
    assert "1 dari 3 berkas wajib" in _page(siti)


def test_abuse_26_a_photo_that_got_no_turn_stays_in_its_form(siti: Giver, full_room: ExitStack) -> None:
    part = siti.give("ktp", picture(), htmx=True)
    assert part.status_code == 503 and "kirim foto yang sama" in part.text
    assert part.headers["HX-Retarget"] == "#kabar" and "<section" not in part.text


def test_abuse_26_a_second_photo_of_one_account_waits_and_a_third_is_told(siti: Giver) -> None:
    name = str(siti.account_id)
    with APPLICANTS.turn(name), _waits(name):
        answer = siti.give("ktp", picture(), htmx=True)
        assert answer.status_code == 429 and answer.headers["Retry-After"] == "10"
        assert "Dua foto Anda masih kami periksa" in answer.text and "WIB" in answer.text
    assert "0 dari 3 berkas wajib" in _page(siti)


@contextmanager
def _waits(owner: str) -> Iterator[None]:
    APPLICANTS._waiting.append(owner)
    yield
    APPLICANTS._waiting.remove(owner)


def test_nothing_chosen_is_said_at_the_field(siti: Giver) -> None:
    answer = siti.give("ktp", b"", "")
    assert answer.status_code == 422 and "Pilih foto berkas terlebih dahulu" in answer.text


def test_abuse_28_a_pdf_is_refused_with_a_plain_reason(siti: Giver) -> None:
    for name in ("kk.pdf", "kk.jpg"):
        answer = siti.give("kk", b"%PDF-1.4 /JavaScript /Launch /EmbeddedFile", name)
        assert answer.status_code == 422 and "Foto berkasnya dengan HP" in answer.text


def test_abuse_26_bodies_and_forms_beyond_measure_are_refused(siti: Giver) -> None:
    huge = siti.give("ktp", b"\xff\xd8\xff" + bytes(9 * 1024 * 1024))
    assert huge.status_code == 413
    almost = siti.give("ktp", b"\xff\xd8\xff" + bytes(8 * 1024 * 1024))
    assert almost.status_code == 422 and "8 MB" in almost.text
    many = siti.give("ktp", picture(500, 400), **dict.fromkeys((f"f{n}" for n in range(5000)), "x"))
    assert many.status_code == 413


def test_abuse_27_a_hostile_name_is_nowhere_on_the_page(siti: Giver) -> None:
    siti.give("ktp", picture(), '"><script>alert(1)</script>.jpg')
    assert "alert(1)" not in _page(siti)


def test_abuse_25_a_stored_picture_is_a_file_and_never_a_page(siti: Giver) -> None:
    siti.give("ktp", picture() + b"<script>alert(1)</script>")
    for query in ("", "?kecil=1"):
        answer = siti.client.get(f"/permohonan/{siti.code}/dokumen/ktp/foto{query}")
        assert answer.status_code == 200 and b"<script" not in answer.data
        assert answer.content_type == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert answer.headers["Content-Disposition"] == 'attachment; filename="ktp.jpg"'
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_tapped_thumbnail_opens_the_picture_on_a_page_of_ours(siti: Giver) -> None:
    address = f"/permohonan/{siti.code}/dokumen/ktp"
    assert siti.client.get(f"{address}/lihat").headers["Location"].endswith("dokumen#dokumen-ktp")
    siti.give("ktp", picture())
    assert f'<a href="{address}/lihat">' in _part_of(_page(siti), "ktp")
    answer = siti.client.get(f"{address}/lihat")
    assert answer.status_code == 200 and answer.content_type.startswith("text/html")
    assert "Content-Disposition" not in answer.headers
    assert f'src="{address}/foto?v=' in answer.text
    assert "Ganti foto" in answer.text and "Hapus foto ini" in answer.text
    replacing = siti.client.get(f"/permohonan/{siti.code}/dokumen?ganti=ktp").text
    assert '<details class="fold" open>' in _part_of(replacing, "ktp")


def test_abuse_11_a_stranger_cannot_see_or_touch_a_paper(siti: Giver, app: Flask, now: datetime) -> None:
    siti.give("ktp", picture())
    budi = giver(app, now)
    stolen, stolen.code = budi, siti.code
    address = f"/permohonan/{siti.code}/dokumen"
    for rest in ("", "/ktp/lihat", "/ktp/foto", "/ktp/foto?kecil=1"):
        assert budi.client.get(address + rest).status_code == 404
    assert stolen.give("ktp", picture()).status_code == 404
    assert stolen.give("ktp", picture(), htmx=True).status_code == 404
    nobody = app.test_client()
    assert nobody.get(address).status_code == 303
    assert nobody.get(address + "/ktp/foto", headers={"HX-Request": "true"}).status_code == 401


def test_a_paper_is_removed_from_a_draft(siti: Giver) -> None:
    siti.give("ktp", picture())
    answer = siti.post(f"/permohonan/{siti.code}/dokumen/ktp/hapus", headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "Belum ada" in answer.text
    assert siti.client.get(f"/permohonan/{siti.code}/dokumen/ktp/foto").status_code == 404


def test_a_wanted_paper_shows_the_officers_reason_and_its_form(app: Flask, now: datetime) -> None:
    who = giver(app, now, state=CaseState.DOCUMENTS_WANTED)
    db.session.add(
        Document(
            application_id=who.application_id,
            kind="family_card",
            state="wanted",
            reason="Tepi <b>terpotong</b>",
        )
    )
    db.session.commit()
    part = _part_of(_page(who), "kk")
    assert "Kirim ulang" in part and "Tepi &lt;b&gt;terpotong" in part and 'name="kk-photo"' in part
    who.give("kk", picture())
    assert "Sudah dikirim" in _part_of(_page(who), "kk")


def test_an_accepted_paper_has_no_form(siti: Giver) -> None:
    siti.give("ktp", picture())
    db.session.execute(update(Document).values(state="accepted"))
    db.session.commit()
    part = _part_of(_page(siti), "ktp")
    assert "<form" not in part and "Sudah diterima petugas" in part
    refused = siti.give("ktp", picture(), htmx=True)
    assert refused.status_code == 422 and "Sudah diterima petugas" in refused.text
