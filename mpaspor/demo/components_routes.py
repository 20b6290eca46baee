"""`/demo/komponen`: every component in every state, with invented people, for whoever draws a screen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import segno
from flask import render_template
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import (
    BooleanField,
    FileField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)

from mpaspor.demo import blueprint
from mpaspor.web.access import Audience, open_to
from mpaspor.web.fields import DateOfThree
from mpaspor.web.forms import BaseForm

NOW = datetime(2026, 11, 23, 4, 13, tzinfo=UTC)
VISIT = date(2026, 12, 8)
_STATES = {
    **dict.fromkeys((1, 2, 4), ("full", "penuh")),
    **dict.fromkeys((24,), ("closed", "cuti")),
    **dict.fromkeys((25,), ("closed", "libur")),
    **dict.fromkeys((21, 22, 23, 28, 29, 30, 31), ("unopened", "belum")),
    3: ("few", "sisa 4"),
    8: ("chosen", "sisa 31"),
}


class SampleForm(BaseForm):
    """A form with one of each field."""

    name = StringField(_l("Nama lengkap"), description=_l("Titik, koma, dan tanda petik boleh."))
    nik = StringField(
        "NIK", description=_l("16 angka di bagian atas KTP."), render_kw={"inputmode": "numeric"}
    )
    birth = DateOfThree(_l("Tanggal lahir"), description=_l("Misalnya 14 8 1996."))
    phone = TelField(_l("Nomor HP"))
    status = RadioField(_l("Status"), choices=[("1", _l("Belum kawin")), ("2", _l("Kawin"))])
    work = SelectField(_l("Pekerjaan"), choices=[("1", _l("Ibu rumah tangga")), ("2", _l("Pensiunan"))])
    purpose = TextAreaField(_l("Tujuan perjalanan"))
    terms = BooleanField(_l("Isian ini sesuai dengan KTP saya."))
    photo = FileField(_l("Foto KTP"), description=_l("JPEG atau PNG, paling besar 8 MB."))


def _sample_form() -> SampleForm:
    form = SampleForm(
        formdata=None,
        data={
            "name": "Ratna Dewi Kusuma",
            "nik": "1671 9954 0896 000",
            "phone": "812 3456 7890",
            "status": "2",
            "work": "2",
            "terms": True,
        },
    )
    form.nik.errors = [_l("NIK baru 15 angka, kurang 1 angka")]
    form.birth.errors = [_l("31 September tidak ada di kalender")]
    form.birth.parts = {"day": "31", "month": "9", "year": "1996"}
    form.birth.wrong = {"day", "month"}
    return form


def _month() -> list[list[dict[str, Any] | None]]:
    """December 2026, with every state of a day in it."""
    cells: list[dict[str, Any] | None] = [None]
    for day in range(1, 32):
        weekend = date(2026, 12, day).weekday() > 4
        state, word = _STATES.get(day, ("closed", "tutup") if weekend else ("open", f"sisa {12 + day}"))
        cells.append({"day": day, "state": state, "word": word, "label": "Desember 2026", "href": "#jam"})
    cells += [None] * (-len(cells) % 7)
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]


@blueprint.get("/komponen")
@open_to(Audience.DEMO)
def components() -> str:
    """The component sheet; light and dark follow the system."""
    qr = segno.make("K7M4Q2XD", error="m").svg_inline(scale=4, border=0, omitsize=True)
    return render_template(
        "demo/components.html",
        sample=_sample_form(),
        weeks=_month(),
        visit=VISIT,
        now=NOW,
        until=NOW + timedelta(minutes=98),
        started=NOW - timedelta(minutes=22),
        qr=Markup(qr),  # noqa: S704  (made here, from a constant)
    )
