"""What becomes of a picture: checked by name, bytes and decode, bounded, and written anew."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from mpaspor.applications import images
from tests.papers_stage import encoded, picture

SCRIPT = b"<script>alert(1)</script><?php system($_GET[0]); ?>"


def _opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_a_jpeg_comes_back_smaller_and_with_a_thumbnail() -> None:
    taken = images.renew(picture(3000, 2000), "KTP.JPG")
    assert (taken.width, taken.height) == (2000, 1333)
    assert _opened(taken.data).format == "JPEG"
    assert max(_opened(taken.thumb).size) == 320
    assert taken.hint is None


def test_a_png_with_transparency_comes_back_on_white() -> None:
    image = Image.new("RGBA", (600, 500), (255, 0, 0, 0))
    taken = images.renew(encoded(image, "PNG"), "kk.png")
    assert min(_opened(taken.data).getpixel((300, 250))) > 250  # type: ignore[arg-type]


def test_a_sixteen_bit_grey_png_keeps_its_sight() -> None:
    image = Image.new("I;16", (600, 500), 40000)
    grey = _opened(images.renew(encoded(image, "PNG"), "kk.png").data).convert("L").getpixel((10, 10))
    assert abs(grey - 156) < 4  # type: ignore[operator]


def test_a_small_picture_is_not_blown_up() -> None:
    taken = images.renew(picture(640, 480), "a.jpg")
    assert (taken.width, taken.height) == (640, 480)


def test_a_photo_taken_sideways_stands_upright_afterwards() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    taken = images.renew(picture(1200, 800, exif=exif), "a.jpg")
    assert (taken.width, taken.height) == (800, 1200)


def test_abuse_29_gps_is_gone_from_every_stored_copy() -> None:
    exif = Image.Exif()
    exif[0x010F] = "KameraRahasia"
    exif.get_ifd(0x8825)[1] = "S"
    exif.get_ifd(0x8825)[2] = (2.0, 59.0, 27.3)
    taken = images.renew(picture(exif=exif, comment=b"Rumah di -2.9909, 104.7566"), "a.jpg")
    for copy in (taken.data, taken.thumb):
        opened = _opened(copy)
        assert not opened.getexif() and "exif" not in opened.info and "comment" not in opened.info
        assert b"KameraRahasia" not in copy and b"104.7566" not in copy


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_abuse_25_a_polyglot_is_written_anew_without_its_tail(kind: str) -> None:
    taken = images.renew(picture(500, 400, kind) + SCRIPT, f"ktp.{kind.lower()}")
    assert SCRIPT not in taken.data and b"<script" not in taken.data + taken.thumb


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"<!doctype html><script>alert(1)</script>", "ktp.html"),
        (b"<!doctype html><script>alert(1)</script>", "ktp.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "ktp.svg"),
        (b"GIF89a" + SCRIPT, "ktp.gif"),
        (b"MZ\x90\x00", "ktp.jpg.exe"),
        (picture(500, 400), "ktp.jpg.html"),
        (picture(500, 400), "ktp.png"),
        (picture(500, 400, "PNG"), "ktp.jpg"),
        (picture(500, 400, "GIF"), "ktp.jpg"),
        (picture(500, 400, "WEBP"), "ktp.webp"),
    ],
)
def test_abuse_25_what_is_no_photo_or_says_another_thing_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(images.NotAnImage):
        images.renew(data, name)


@pytest.mark.parametrize("head", [b"\xff\xd8\xff\xe0" + SCRIPT, b"\x89PNG\r\n\x1a\n" + SCRIPT])
def test_abuse_25_a_magic_number_alone_is_not_enough(head: bytes) -> None:
    with pytest.raises(images.Unreadable):
        images.renew(head, "ktp.jpg" if head.startswith(b"\xff") else "ktp.png")


def test_abuse_26_a_hundred_megapixels_in_twelve_kilobytes_are_refused_from_the_header() -> None:
    bomb = encoded(Image.new("1", (10_000, 10_000)), "PNG")
    assert len(bomb) < 13_000
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    for data in (bomb, bomb[:60]):  # the second has nothing to decode: only the header was read
        with pytest.raises(images.TooManyPixels) as refused:
            images.renew(data, "ktp.png")
        assert refused.value.facts == {"limit": 25}
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert after - before < 200_000  # kB


def test_abuse_26_the_child_cannot_take_more_memory_or_write_files(tmp_path: Path) -> None:
    greedy = (
        "import runpy; child = runpy.run_path({path!r}); child['bound']()\n"
        "try: bytearray(2 * child['MEMORY']); print('took it')\n"
        "except MemoryError: print('refused')\n"
        "try: open({file!r}, 'wb', 0).write(b'x'); print('wrote it')\n"
        "except OSError: print('refused')\n"
    ).format(path=str(images._CHILD), file=str(tmp_path / "x"))
    done = subprocess.run([sys.executable, "-c", greedy], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["refused", "refused"]


def test_a_large_jpeg_is_read_at_a_smaller_scale() -> None:
    started = time.monotonic()
    big = encoded(Image.effect_noise((400, 300), 60).convert("RGB").resize((8800, 6600)), quality=50)
    taken = images.renew(big, "kamera.jpg")
    assert max(taken.width, taken.height) == 2000
    assert time.monotonic() - started < 30


def test_too_many_bytes_are_refused_before_anything_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_ask_child", lambda *_: pytest.fail("the child was asked"))
    with pytest.raises(images.TooLarge):
        images.renew(b"\xff\xd8\xff" + bytes(images.MAX_BYTES), "ktp.jpg")


def test_a_truncated_photo_is_refused_in_words_of_its_own() -> None:
    with pytest.raises(images.Unreadable):
        images.renew(picture()[:9000], "ktp.jpg")


def test_abuse_28_a_pdf_is_refused_with_a_reason_of_its_own() -> None:
    pdf = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj"
    for name in ("kk.pdf", "kk.jpg"):
        with pytest.raises(images.PdfNotTaken):
            images.renew(pdf, name)


def test_what_an_iphone_sends_is_called_by_its_name() -> None:
    with pytest.raises(images.HeicNotTaken):
        images.renew(b"\0\0\0\x18ftypheic" + bytes(40), "IMG_0001.HEIC")


def test_nothing_and_next_to_nothing_are_told_apart() -> None:
    with pytest.raises(images.NothingChosen):
        images.renew(b"", "")
    with pytest.raises(images.TooSmall) as refused:
        images.renew(picture(120, 90), "a.jpg")
    assert refused.value.facts == {"width": 120, "height": 90, "limit": 400}


def test_a_blurred_or_dark_photo_is_taken_with_a_hint() -> None:
    smooth = Image.linear_gradient("L").resize((900, 600)).convert("RGB")
    assert images.renew(encoded(smooth), "a.jpg").hint == "blurry"
    assert images.renew(encoded(Image.new("RGB", (900, 600), (9, 9, 9))), "a.jpg").hint == "dark"


def test_the_child_knows_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("MPASPOR_SECRET_KEY", "secret")
    assert images.renew(picture(), "a.jpg").width == 1200
