"""The pages that everybody may see, and those that say no: axe, console, 320 px, large letters."""

from __future__ import annotations

import pytest
from flask import Flask

from mpaspor.public.info_routes import TOPICS
from mpaspor.web.errors import PAGES, error_page
from tests.journeys import fonts
from tests.journeys.conftest import NewVisitor
from tests.journeys.visitor import DESK, PHONE, answering

PUBLIC = [
    "/",
    "/jadwal",
    "/kantor",
    "/kantor?cari=tidak-ada-kantor-ini",
    "/info",
    *(f"/info/{slug}" for slug in TOPICS),
    "/daftar",
    "/masuk",
    "/lupa",
    "/cek",
    "/layar/palembang",
    "/kios/palembang",
    "/keluar/selesai",
    "/petugas/masuk",
    "/demo/komponen",
    "/demo/pesan",
    "/demo/bayar",
]


@pytest.mark.parametrize(
    ("screen", "language"),
    [pytest.param(PHONE, "id", id="phone"), pytest.param(DESK, "en", id="desk", marks=pytest.mark.long)],
)
def test_every_public_page(visitor: NewVisitor, screen: dict[str, int], language: str) -> None:
    guest = visitor(screen, axe=True)
    for path in PUBLIC:
        guest.opens(f"{path}{'&' if '?' in path else '?'}bahasa={language}")
    with guest.expecting(404):
        guest.opens("/v/0000000000000000")


@pytest.mark.long
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_every_error_page(visitor: NewVisitor, _app: Flask, screen: dict[str, int]) -> None:
    """As the application writes them, with the styles that the running one serves."""
    guest = visitor(screen)
    for status in sorted(PAGES):
        for path in ("/permohonan", "/petugas"):
            guest.page.route("**/galat", answering(status, written(_app, status, path)))
            with guest.expecting(status):
                guest.opens("/galat")
            guest.page.unroute("**/galat")


def test_a_page_with_faults_is_noticed(visitor: NewVisitor) -> None:
    """The twin of all the tests above: what they would say of a page that is none of ours."""
    guest = visitor(PHONE, axe=True)
    faults = (
        '<html lang="id"><title>x</title><link rel="icon" href="data:,"><h1>x</h1><main><input>'
        f'<p>{"lebar" * 40}</p><p style="width:2em;overflow-wrap:anywhere">Rp650.000</p></main>'
        '<script>throw new Error("rusak")</script>'
    )
    guest.page.route("**/galat", answering(200, f"<!doctype html>{faults}"))
    guest.opens("/galat")
    said = "\n".join(guest.troubles)
    guest.troubles.clear()
    # Axe looks only where the letters are the usual ones.
    assert ("axe, light: label" in said) is (fonts.other_family() is None)
    assert "px wide on 360 px" in said and "px wide on 320 px" in said
    assert "broken inside on 360 px, letters as usual: ['Rp650.000']" in said
    assert "rusak" in said


def written(app: Flask, status: int, path: str) -> str:
    with app.test_request_context(path):
        app.preprocess_request()
        return error_page(status).get_data(as_text=True)
