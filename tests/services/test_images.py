"""What becomes of a picture: known by its bytes, decoded within bounds, and written anew."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from mpaspor.applications import image_child, images
from tests.stage.papers import encoded, picture

SCRIPT = b"<script>alert(1)</script><?php system($_GET[0]); ?>"


def renewed(data: bytes) -> images.Picture:
    return images.renew(data, owner="siti")


def _opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_a_jpeg_comes_back_smaller_and_with_a_thumbnail() -> None:
    taken = renewed(picture(3000, 2000))
    assert (taken.width, taken.height) == (2000, 1333)
    assert _opened(taken.data).format == "JPEG"
    assert max(_opened(taken.thumb).size) == 320
    assert taken.hint is None


def test_a_png_with_transparency_comes_back_on_white() -> None:
    image = Image.new("RGBA", (600, 500), (255, 0, 0, 0))
    taken = renewed(encoded(image, "PNG"))
    assert min(_opened(taken.data).getpixel((300, 250))) > 250  # type: ignore[arg-type]


def test_a_sixteen_bit_grey_png_keeps_its_sight() -> None:
    image = Image.new("I;16", (600, 500), 40000)
    grey = _opened(renewed(encoded(image, "PNG")).data).convert("L").getpixel((10, 10))
    assert abs(grey - 156) < 4  # type: ignore[operator]


def test_a_small_picture_is_not_blown_up() -> None:
    taken = renewed(picture(640, 480))
    assert (taken.width, taken.height) == (640, 480)


def test_a_photo_taken_sideways_stands_upright_afterwards() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned
    taken = renewed(picture(1200, 800, exif=exif))
    assert (taken.width, taken.height) == (800, 1200)


def test_abuse_29_gps_is_gone_from_every_stored_copy() -> None:
    exif = Image.Exif()
    exif[0x010F] = "KameraRahasia"
    exif.get_ifd(0x8825)[1] = "S"
    exif.get_ifd(0x8825)[2] = (2.0, 59.0, 27.3)
    taken = renewed(picture(exif=exif, comment=b"Rumah di -2.9909, 104.7566"))
    for copy in (taken.data, taken.thumb):
        opened = _opened(copy)
        assert not opened.getexif() and "exif" not in opened.info and "comment" not in opened.info
        assert b"KameraRahasia" not in copy and b"104.7566" not in copy


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_abuse_25_a_polyglot_is_written_anew_without_its_tail(kind: str) -> None:
    taken = renewed(picture(500, 400, kind) + SCRIPT)
    assert SCRIPT not in taken.data and b"<script" not in taken.data + taken.thumb


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a" + SCRIPT,
        b"MZ\x90\x00",
        picture(500, 400, "GIF"),
        picture(500, 400, "WEBP"),
        picture(500, 400, "TIFF"),
        picture(500, 400, "BMP"),
        b"\0\0\0\x20ftypavif" + bytes(40),
        b"\0\0\0\x20ftypmif1\0\0\0\0mif1avifmiaf" + bytes(40),
    ],
)
def test_abuse_25_what_is_neither_jpeg_nor_png_is_refused(data: bytes) -> None:
    with pytest.raises(images.NotAnImage) as refused:
        renewed(data)
    assert type(refused.value) is images.NotAnImage


@pytest.mark.parametrize("head", [b"\xff\xd8\xff\xe0" + SCRIPT, b"\x89PNG\r\n\x1a\n" + SCRIPT])
def test_abuse_25_a_magic_number_alone_is_not_enough(head: bytes) -> None:
    with pytest.raises(images.Unreadable):
        renewed(head)


def test_abuse_26_a_hundred_megapixels_in_twelve_kilobytes_are_refused_from_the_header() -> None:
    bomb = encoded(Image.new("1", (10_000, 10_000)), "PNG")
    assert len(bomb) < 13_000
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    for data in (bomb, bomb[:60]):  # the second has nothing to decode: only the header was read
        with pytest.raises(images.TooManyPixels) as refused:
            renewed(data)
        assert refused.value.facts == {"limit": 25}
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert after - before < 200_000  # kB


def test_abuse_26_the_child_cannot_take_more_memory_or_write_files_and_goes_last(tmp_path: Path) -> None:
    greedy = (
        "import runpy; child = runpy.run_path({path!r}); child['bound']()\n"
        "try: bytearray(2 * child['MEMORY']); print('took it')\n"
        "except MemoryError: print('refused')\n"
        "try: open({file!r}, 'wb', 0).write(b'x'); print('wrote it')\n"
        "except OSError: print('refused')\n"
        "print(child['os'].nice(0))\n"
    ).format(path=str(images._CHILD), file=str(tmp_path / "x"))
    done = subprocess.run([sys.executable, "-c", greedy], capture_output=True, text=True, check=False)
    *told, niceness = done.stdout.split()
    assert told == ["refused", "refused"]
    assert int(niceness) == min(19, os.nice(0) + image_child.NICENESS), "pages go before pictures"


def test_a_large_jpeg_is_read_at_a_smaller_scale() -> None:
    started = time.monotonic()
    big = encoded(Image.effect_noise((400, 300), 60).convert("RGB").resize((8800, 6600)), quality=50)
    taken = renewed(big)
    assert max(taken.width, taken.height) == 2000
    assert time.monotonic() - started < 30


def test_too_many_bytes_are_refused_before_anything_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "_ask_child", lambda *_: pytest.fail("the child was asked"))
    with pytest.raises(images.TooLarge):
        renewed(b"\xff\xd8\xff" + bytes(images.MAX_BYTES))


def test_a_truncated_photo_is_refused_in_words_of_its_own() -> None:
    with pytest.raises(images.Unreadable):
        renewed(picture()[:9000])


def test_abuse_28_a_pdf_is_refused_with_a_reason_of_its_own() -> None:
    pdf = b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj"
    with pytest.raises(images.PdfNotTaken):
        renewed(pdf)


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"mif1", b"hevc"])
def test_what_an_iphone_sends_is_called_by_its_name(brand: bytes) -> None:
    with pytest.raises(images.HeicNotTaken):
        renewed(b"\0\0\0\x18ftyp" + brand + bytes(40))


def test_nothing_and_next_to_nothing_are_told_apart() -> None:
    with pytest.raises(images.NothingChosen):
        renewed(b"")
    with pytest.raises(images.TooSmall) as refused:
        renewed(picture(120, 90))
    assert refused.value.facts == {"width": 120, "height": 90, "limit": 400}


def test_a_blurred_or_dark_photo_is_taken_with_a_hint() -> None:
    smooth = Image.linear_gradient("L").resize((900, 600)).convert("RGB")
    assert renewed(encoded(smooth)).hint == "blurry"
    assert renewed(encoded(Image.new("RGB", (900, 600), (9, 9, 9)))).hint == "dark"


def test_the_child_knows_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("MPASPOR_SECRET_KEY", "secret")
    assert renewed(picture()).width == 1200


def ruled(mode: str, size: tuple[int, int] = (4800, 2400), every: int = 32) -> Image.Image:
    """A scan of hairlines one pixel wide: whoever skips pixels loses some of them."""
    page = Image.new("L", size, 255)
    for x in range(every // 2, size[0], every):
        page.paste(0, (x, 0, x + 1, size[1]))
    if mode == "P":
        return page.convert("P", palette=Image.Palette.ADAPTIVE, colors=2)
    return page.convert(mode)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGB", "RGBA"])
def test_no_hairline_of_a_scan_is_lost_by_making_it_smaller(mode: str) -> None:
    page = ruled(mode)
    taken = _opened(renewed(encoded(page, "PNG")).data).convert("L")
    factor = page.width / taken.width
    row = [taken.getpixel((x, taken.height // 2)) for x in range(taken.width)]
    for x in range(16, page.width, 32):
        around = row[max(0, int(x / factor) - 1) : int(x / factor) + 2]
        assert min(around) < 190, x  # type: ignore[type-var, operator]


def test_a_palette_with_a_transparent_colour_comes_back_on_white() -> None:
    image = Image.new("P", (600, 500), 0)
    image.putpalette([0, 0, 0, 200, 0, 0])
    image.paste(1, (0, 0, 600, 100))
    taken = _opened(renewed(encoded(image, "PNG", transparency=0)).data)
    assert min(taken.getpixel((300, 400))) > 250  # type: ignore[type-var, arg-type]
    assert taken.getpixel((300, 50))[0] > 150 and taken.getpixel((300, 50))[1] < 60  # type: ignore[index, operator]


def test_sixteen_bit_grey_with_one_transparent_level_comes_back_on_white() -> None:
    image = Image.new("I;16", (600, 500), 1000)
    taken = _opened(renewed(encoded(image, "PNG", transparency=1000)).data).convert("L")
    assert taken.getpixel((10, 10)) > 250  # type: ignore[operator]


def test_a_cmyk_photo_keeps_its_colours() -> None:
    image = Image.new("CMYK", (600, 500), (0, 255, 255, 0))
    red, green, blue = _opened(renewed(encoded(image)).data).getpixel((300, 250))  # type: ignore[misc]
    assert red > 200 and green < 60 and blue < 60


def test_a_picture_of_two_cameras_is_taken_by_its_first() -> None:
    """What Samsung and others call MPO: a JPEG with a second one behind it."""
    first, second = Image.new("RGB", (900, 600), "white"), Image.new("RGB", (900, 600), "black")
    taken = renewed(encoded(first, "MPO", save_all=True, append_images=[second]))
    assert (taken.width, taken.height) == (900, 600)
    assert min(_opened(taken.data).getpixel((450, 300))) > 250  # type: ignore[type-var, arg-type]


@pytest.mark.parametrize(
    "exif",
    [
        b"Exif\0\0" + b"\xff" * 60,
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff",
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x02\0\xff\xff\xff\x7f\xff\xff\xff\x7f\0\0\0\0",
        b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x63\0\0\0\0\0\0\0",
    ],
)
def test_a_good_photo_with_a_broken_note_of_the_camera_is_taken(exif: bytes) -> None:
    taken = renewed(picture(900, 600, exif=exif))
    assert (taken.width, taken.height) == (900, 600)


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, "nw"), (2, "ne"), (3, "se"), (4, "sw"), (5, "nw"), (6, "ne"), (7, "se"), (8, "sw")],
)
def test_a_photo_stands_upright_however_the_camera_was_held(orientation: int, corner: str) -> None:
    image = Image.new("RGB", (900, 600), "white")
    image.paste((200, 0, 0), (0, 0, 100, 100))
    exif = Image.Exif()
    exif[0x0112] = orientation
    taken = _opened(renewed(encoded(image, exif=exif)).data)
    x = 30 if "w" in corner else taken.width - 30
    y = 30 if "n" in corner else taken.height - 30
    assert taken.getpixel((x, y))[1] < 80  # type: ignore[index, operator]
    assert taken.size == ((600, 900) if orientation > 4 else (900, 600))


def test_small_print_that_became_smaller_is_said() -> None:
    """A scan at less than half its size, and a long strip; not a photo of a good camera."""
    scan = ruled("1", (5000, 3500))
    assert renewed(encoded(scan, "PNG")).hint == "tiny"
    assert renewed(picture(600, 3600)).hint == "tiny"
    assert renewed(picture(5000, 3500, quality=40)).hint is None
    assert renewed(picture(500, 400)).hint is None
