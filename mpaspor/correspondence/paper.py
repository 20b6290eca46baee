"""The sheet that every letter is drawn on: A4, PDF/A-2B, our two fonts, our marks, no outside resources.

Text goes through `cell` and `multi_cell` with markdown off, cleaned of control and direction
characters: a name stays a name. Lengths are millimetres, sizes of type points.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import segno
from fpdf import FPDF
from fpdf.enums import Align, ResourceAccessPolicy, XPos, YPos

from mpaspor.correspondence import typefaces
from mpaspor.correspondence.letters import Head
from mpaspor.foundation.plain_text import one_line
from mpaspor.web import formats

Colour = tuple[int, int, int]

# The light colours of the pages.
INK: Colour = (0x0F, 0x20, 0x1E)
INK2: Colour = (0x3B, 0x4E, 0x4B)
LINE: Colour = (0xC6, 0xD4, 0xD1)
MIST: Colour = (0xEF, 0xF5, 0xF3)
CLOTH: Colour = (0x00, 0x43, 0x3D)
BRAND: Colour = (0x00, 0x55, 0x4F)
THREAD: Colour = (0xE9, 0xB9, 0x49)
NOW_SOFT: Colour = (0xFD, 0xF3, 0xD7)
NOW_INK: Colour = (0x57, 0x39, 0x00)
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)

WIDTH, HEIGHT = 210.0, 297.0
MARGIN = 20.0
INNER = WIDTH - 2 * MARGIN
DEMO_MARK = "MODE DEMO – bukan surat resmi"

_TOOTH = 3.5
_MAKER = "M-Paspor Web"


class Paper(FPDF):
    """One letter being drawn, top to bottom."""

    def __init__(self, title: str, head: Head) -> None:
        super().__init__(unit="mm", format="A4", enforce_compliance="PDF/A-2B")
        self.resource_access_policy = ResourceAccessPolicy.NONE
        self.head = head
        typefaces.add_to(self)
        self.set_lang("id-ID")
        self.set_title(title)
        self.set_author(_MAKER)
        self.set_creator(_MAKER)
        self.set_producer(_MAKER)
        # The moment of the register, not of the drawing: the same letter is the same bytes every time.
        self.set_creation_date(head.made_at)
        self.set_xmp_metadata(_metadata(title, head.made_at))
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(False)
        self.c_margin = 0
        self.add_page()
        self._cloth(title)
        if head.is_draft:
            self._band("Konsep", "Belum diputuskan dan belum terdaftar. Jangan diberikan kepada siapa pun.")
        elif head.no_longer:
            self._band("Tidak berlaku lagi", head.no_longer)

    def finished(self) -> bytes:
        """The foot, and the whole letter as bytes."""
        self._foot()
        return bytes(self.output())

    # -- type ---------------------------------------------------------------------------------------

    def say(
        self,
        text: str,
        size: float = 10.5,
        *,
        bold: bool = False,
        colour: Colour = INK,
        width: float = INNER,
        leading: float = 1.4,
        align: Align = Align.L,
        x: float | None = None,
    ) -> None:
        """A paragraph at `x` (left margin if not given); the pen ends under it."""
        self.set_font(typefaces.FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)
        left = MARGIN if x is None else x
        self.set_x(left)
        shown, high = self._seen(text), size * 0.3528 * leading
        # Most paragraphs are one line; looking for where to break them would cost a quarter of a letter.
        write = self.cell if self.get_string_width(shown) < width else self.multi_cell
        write(width, high, shown, align=align, new_x=XPos.LEFT, new_y=YPos.NEXT)
        self.set_x(MARGIN)

    def word(
        self, x: float, y: float, text: str, size: float, *, bold: bool = False, colour: Colour = INK
    ) -> float:
        """One line whose top left corner is given; answers how wide it came out."""
        self.set_font(typefaces.FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)
        self.set_xy(x, y)
        shown = self._seen(text)
        width = self.get_string_width(shown)
        self.cell(width, size * 0.3528 * 1.2, shown)
        return float(width)

    def fitted(self, text: str, size: float, width: float, *, bold: bool = False) -> float:
        """The largest size up to `size` at which `text` fits into `width` on one line."""
        self.set_font(typefaces.FAMILY, "B" if bold else "", size)
        return min(size, size * width / max(self.get_string_width(self._seen(text)), 0.1))

    def _seen(self, text: str) -> str:
        """`text` in the characters that our fonts have; one of another script becomes a question mark."""
        known = typefaces.glyphs()
        return "".join(sign if ord(sign) in known else "?" for sign in one_line(text, 600))

    # -- pieces -------------------------------------------------------------------------------------

    def gap(self, millimetres: float) -> None:
        self.set_xy(MARGIN, self.get_y() + millimetres)

    def rule(self, x: float = MARGIN, width: float = INNER, colour: Colour = LINE) -> None:
        """A hairline at the pen."""
        self.set_draw_color(*colour)
        self.set_line_width(0.2)
        self.line(x, self.get_y(), x + width, self.get_y())

    def heading(self, text: str) -> None:
        self.say(text, 13, bold=True, leading=1.25)
        self.gap(1.2)

    def facts(self, rows: Sequence[tuple[str, str]], term: float = 46, width: float = INNER) -> None:
        """A summary list: term left, value right, hairlines, no box."""
        for name, value in rows:
            self.rule(width=width)
            self.gap(1.9)
            top = self.get_y()
            self.say(name, 10, colour=INK2, width=term - 4)
            under = self.get_y()
            self.set_y(top)
            self.say(value, 10.5, x=MARGIN + term, width=width - term)
            self.set_xy(MARGIN, max(under, self.get_y()) + 1.9)
        self.rule(width=width)

    def box(self, x: float, y: float, width: float, height: float, colour: Colour, radius: float = 3) -> None:
        self.set_fill_color(*colour)
        self.rect(x, y, width, height, style="F", round_corners=True, corner_radius=radius)

    def qr(self, text: str, x: float, y: float, size: float) -> None:
        """A QR code (level M) with its quiet zone, `size` wide in all: rectangles, no image in the file."""
        matrix = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
        step = size / (len(matrix) + 8)
        self.set_fill_color(*WHITE)
        self.rect(x, y, size, size, style="F")
        self.set_fill_color(*BLACK)
        for line, row in enumerate(matrix):
            start = 0
            while start < len(row):
                end = start
                while end < len(row) and row[end] == row[start]:
                    end += 1
                if row[start]:
                    self.rect(
                        x + (4 + start) * step,
                        y + (4 + line) * step,
                        (end - start) * step,
                        step * 1.01,
                        style="F",
                    )
                start = end

    # -- head and foot ------------------------------------------------------------------------------

    def _cloth(self, title: str) -> None:
        top = 0.0
        if self.head.is_demo:
            self.set_fill_color(*NOW_SOFT)
            self.rect(0, 0, WIDTH, 8, style="F")
            self.word(MARGIN, 2.1, DEMO_MARK, 10, bold=True, colour=NOW_INK)
            top = 8
        self.set_fill_color(*CLOTH)
        self.rect(0, top, WIDTH, 19, style="F")
        self._mark(MARGIN + 4.5, top + 9.5)
        x = MARGIN + 12.5
        x += self.word(x, top + 6.4, "M-Paspor", 15, bold=True, colour=WHITE)
        self.word(x + 1.4, top + 6.4, "Web", 15, colour=WHITE)
        number = "Konsep" if self.head.is_draft else f"Surat {formats.grouped(self.head.code)}"
        self.set_font(typefaces.FAMILY, "", 9.5)
        self.word(WIDTH - MARGIN - self.get_string_width(number), top + 7.6, number, 9.5, colour=WHITE)
        self._weave(top + 19)
        self.set_y(top + 19 + 4 + 10)
        self.say(title, 23, bold=True, leading=1.15)

    def _band(self, title: str, why: str) -> None:
        """A band under the title: not to be acted on, or not any more."""
        top = self.get_y() + 3
        self.box(MARGIN, top, INNER, 17, NOW_SOFT, 3)
        self.word(MARGIN + 8, top + 2.4, title, 13, bold=True, colour=NOW_INK)
        self.word(MARGIN + 8, top + 9.4, why, self.fitted(why, 10.5, INNER - 16), colour=NOW_INK)
        self.set_xy(MARGIN, top + 17 + 2)

    def _mark(self, x: float, y: float) -> None:
        """Our mark: three nested diamonds in thread."""
        self.set_draw_color(*THREAD)
        self.set_line_width(0.55)
        for half in (4.5, 2.8):
            self.polygon([(x - half, y), (x, y - half), (x + half, y), (x, y + half)], style="D")
        self.set_fill_color(*THREAD)
        self.polygon([(x - 1.2, y), (x, y - 1.2), (x + 1.2, y), (x, y + 1.2)], style="F")

    def _weave(self, y: float) -> None:
        """The edge of the cloth, pucuk rebung: a row of shoots, each with its inner leaf."""
        self.set_fill_color(*CLOTH)
        self.rect(0, y, WIDTH, 4, style="F")
        count = int(WIDTH / _TOOTH)
        for place in range(count):
            x = place * WIDTH / count
            middle, wide = x + WIDTH / count / 2, WIDTH / count * 0.46
            for colour, low, high, half in ((THREAD, 3.6, 0.7, wide), (CLOTH, 3.1, 1.7, wide * 0.62)):
                self.set_fill_color(*colour)
                self.polygon(
                    [(middle - half, y + low), (middle, y + high), (middle + half, y + low)], style="F"
                )
        self.set_fill_color(*THREAD)
        self.rect(0, y + 3.75, WIDTH, 0.3, style="F")

    def _foot(self) -> None:
        made = formats.date_time(self.head.made_at, ZoneInfo(self.head.time_zone), "id")
        self.set_y(HEIGHT - 19)
        self.rule()
        self.gap(2)
        proof = "" if self.head.is_draft else f" Keaslian surat: {self.head.verify_url}"
        self.say(f"Dibuat {made}.{proof}", 8.5, colour=INK2)
        if self.head.is_demo:
            self.say(f"{DEMO_MARK}. Data contoh, bukan situs resmi.", 8.5, bold=True, colour=NOW_INK)


def _metadata(title: str, made_at: datetime) -> str:
    """The XMP packet of PDF/A-2B. fpdf2's own carries the moment of drawing, which changes the bytes."""
    moment = made_at.astimezone(UTC).isoformat(timespec="seconds")
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" '
        'xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"><rdf:Description rdf:about="" '
        f'xmp:CreatorTool="{_MAKER}" xmp:CreateDate="{moment}" xmp:ModifyDate="{moment}" '
        f'xmp:MetadataDate="{moment}" pdf:Producer="{_MAKER}">'
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:creator><rdf:Seq><rdf:li>{_MAKER}</rdf:li></rdf:Seq></dc:creator>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
