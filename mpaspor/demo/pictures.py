"""Specimen pictures for the demo's papers: drawn, plainly marked, of nobody."""

from __future__ import annotations

from functools import cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from mpaspor.applications.images import Picture, renew

_TITLES = {
    "national_id_card": "KARTU TANDA PENDUDUK",
    "family_card": "KARTU KELUARGA",
    "birth_certificate": "AKTA KELAHIRAN",
    "face": "FOTO PEMOHON",
}


@cache
def specimen(kind: str) -> bytes:
    """A JPEG that says of what it is a specimen."""
    image = Image.new("RGB", (1200, 760), "#e8eef5")
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, 1160, 720), outline="#173f75", width=6)
    draw.text((90, 90), _TITLES[kind], fill="#173f75", font=ImageFont.load_default(60))
    draw.text((90, 190), "CONTOH - BUKAN BERKAS ASLI", fill="#95170f", font=ImageFont.load_default(44))
    for number, width in enumerate((620, 540, 660, 480, 600)):
        draw.rectangle((90, 300 + number * 70, 90 + width, 326 + number * 70), fill="#5a6e6a")
    draw.ellipse((890, 280, 1070, 460), fill="#5a6e6a")
    draw.pieslice((840, 470, 1120, 820), 180, 360, fill="#5a6e6a")
    out = BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


@cache
def renewed(kind: str) -> Picture:
    """The specimen as the product stores it: checked and re-encoded once, used by everybody."""
    return renew(specimen(kind), owner="demo")


@cache
def small(_kind: str) -> Picture:
    """An empty sheet of paper, as the product stores it, in a few hundred bytes: for thousands of people."""
    out = BytesIO()
    Image.new("L", (640, 400), "#e8eef5").save(out, "JPEG")
    return renew(out.getvalue(), owner="demo")
