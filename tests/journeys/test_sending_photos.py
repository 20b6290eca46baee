"""A photo on its way from the phone: on a slow line, on a line that stops, with and without scripts."""

from __future__ import annotations

import io
import random
import re

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from mpaspor.demo.cast import BUDI
from tests.journeys.conftest import NewVisitor, as_budi
from tests.journeys.house import House
from tests.journeys.visitor import Visitor

PHOTO_BYTES = 724_000
SLOW = 100_000 / 8  # bytes a second
HARDLY = 1
FREELY = -1


def photo_of(size: int) -> bytes:
    """A JPEG of exactly this many bytes that no browser can make smaller: it is noise, coarsely kept."""
    side = round((size / 0.42) ** 0.5)
    noise = Image.frombytes("L", (side, side), random.Random(size).randbytes(side * side))
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=40)
    assert len(out.getvalue()) <= size
    return out.getvalue().ljust(size, b"\0")


@pytest.fixture
def code(house: House) -> str:
    """Of Budi's draft, whose papers are all there and may be replaced."""
    found: str = house.ask(
        "SELECT code FROM application WHERE full_name = %s AND state = 'draft'", BUDI.name
    )[0]
    return found


def card(at: Visitor, name: str) -> Locator:
    heading = at.page.get_by_role("heading", name=name, exact=True)
    return at.page.locator("section").filter(has=heading).last


def chooses(at: Visitor, photo: bytes, name: str = "IMG_0001.JPG") -> Locator:
    """Choose another photo of the identity card; where scripts run, it is sent at once."""
    place = card(at, "e-KTP")
    place.locator("summary").click()
    file = {"name": name, "mimeType": "image/jpeg", "buffer": photo}
    place.get_by_label("Ganti foto").set_input_files(file)
    return place


def line(at: Visitor, bytes_a_second: float) -> None:
    """From now on this browser sends no faster."""
    limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
    at.devtools.send("Network.enable")
    at.devtools.send("Network.emulateNetworkConditions", limits)


def stored(house: House, code: str) -> bytes:
    """What is kept of the identity card: the digest of the stored picture."""
    found: bytes = house.ask(
        "SELECT d.sha256 FROM document d JOIN application a ON a.id = d.application_id"
        " WHERE a.code = %s AND d.kind = 'national_id_card'",
        code,
    )[0]
    return found


@pytest.mark.long
def test_a_photo_arrives_over_a_line_of_100_kilobits(at_budis: Visitor, house: House, code: str) -> None:
    """The line alone takes 58 seconds, a busy machine adds its own; any other request may take 20."""
    before = stored(house, code)
    at_budis.opens(f"/permohonan/{code}/dokumen")
    line(at_budis, SLOW)
    with at_budis.in_place(patience=180_000) as answer:
        place = chooses(at_budis, photo_of(PHOTO_BYTES))
        expect(place.get_by_text(re.compile(r"\d+ persen terkirim: \d+ dari 72\d kB"))).to_be_visible()
    assert answer.value.status == 200
    assert stored(house, code) != before


def test_a_line_that_stops_is_told_and_the_same_button_sends_the_same_photo(
    at_budis: Visitor, house: House, code: str
) -> None:
    before = stored(house, code)
    at_budis.page.clock.install()
    at_budis.opens(f"/permohonan/{code}/dokumen")
    line(at_budis, HARDLY)
    with at_budis.broken_off():
        place = chooses(at_budis, photo_of(450_000))
        expect(place.get_by_role("progressbar")).to_be_visible()
        at_budis.page.clock.fast_forward(31_000)
        expect(place.get_by_role("alert")).to_contain_text("sambungan tidak bergerak")
    at_budis.looks()
    line(at_budis, FREELY)
    with at_budis.in_place():
        place.get_by_role("button", name="Kirim foto").click()
    assert stored(house, code) != before


def test_sending_is_cancelled_and_the_photo_is_still_chosen(
    at_budis: Visitor, house: House, code: str
) -> None:
    before = stored(house, code)
    at_budis.opens(f"/permohonan/{code}/dokumen")
    line(at_budis, HARDLY)
    with at_budis.broken_off():
        place = chooses(at_budis, photo_of(450_000))
        place.get_by_role("button", name="Batalkan pengiriman").click()
        expect(place.get_by_text("Pengiriman dibatalkan")).to_be_visible()
    expect(place.get_by_role("button", name="Kirim foto")).to_be_visible()
    assert place.get_by_label("Ganti foto").evaluate("field => field.files[0].size") == 450_000
    assert stored(house, code) == before


def test_other_requests_keep_their_limit(at_budis: Visitor, code: str) -> None:
    at_budis.opens(f"/permohonan/{code}/dokumen")
    assert at_budis.page.evaluate("htmx.config.timeout") == 20_000


def test_a_transparent_picture_is_stored_on_white_with_and_without_scripts(
    visitor: NewVisitor, house: House, code: str
) -> None:
    """The browser's converter and the server's own agree."""
    clear = Image.frombytes("RGBA", (2400, 1600), random.Random(1).randbytes(2400 * 1600 * 4))
    clear.paste((0, 0, 0, 0), (0, 0, 2400, 1400))
    out = io.BytesIO()
    clear.save(out, "PNG")
    assert len(out.getvalue()) > 500_000, "large enough for the browser to make it smaller"
    pictures = []
    for scripts in (True, False):
        at = as_budi(visitor(scripts=scripts)).opens(f"/permohonan/{code}/dokumen")
        if scripts:
            with at.in_place():
                chooses(at, out.getvalue(), "scan.png")
        else:
            chooses(at, out.getvalue(), "scan.png")
            at.presses("Kirim foto", within=card(at, "e-KTP"))
        _type, data = at.fetches(f"/permohonan/{code}/dokumen/ktp/foto")
        pictures.append(Image.open(io.BytesIO(data)).convert("RGB"))
    assert [picture.size for picture in pictures] == [(2000, 1333), (2000, 1333)]
    for picture in pictures:
        assert min(picture.getpixel((1000, 300))) > 250  # type: ignore[type-var, arg-type]
