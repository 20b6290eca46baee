"""The forms by which a supervisor closes hours: which ones, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Regexp, ValidationError

from mpaspor.booking.closures import LONGEST, Scope
from mpaspor.booking.rules import ClosureCause
from mpaspor.desk.rules import LONGEST_DELAY, REASON_LENGTH
from mpaspor.offices.models import Office, ServicePoint
from mpaspor.web.fields import DateOfThree
from mpaspor.web.forms import AtMost, BaseForm, Needed, pick
from mpaspor.web.labels.booking import CAUSES

_CLOCK = [time(hour, minute) for hour in range(6, 21) for minute in (0, 30)]


class ScopeForm(BaseForm):
    """Which hours. Sent by GET, so that looking can be done again and changes nothing."""

    first_on = DateOfThree(_l("Hari pertama"), [Needed(_l("Isi hari pertama"))])
    last_on = DateOfThree(_l("Hari terakhir"), description=_l("Kosong: hari itu saja."))
    begins = pick(_l("Dari jam"))
    ends = pick(_l("Sampai jam"))
    point = pick(_l("Tempat layanan"))
    places_left = StringField(
        _l("Tempat per jam yang tetap dibuka"),
        [Regexp(r"[0-9]{0,3}\Z", message=_l("Isi dengan angka, misalnya 8"))],
        description=_l("Kosong atau 0: jam-jam itu ditutup."),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3},
    )

    def __init__(self, *args: Any, points: Sequence[ServicePoint] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        times = [SelectChoice(f"{at:%H:%M}", f"{at:%H.%M}") for at in _CLOCK]
        self.begins.choices = [SelectChoice("", _l("seluruh hari")), *times]
        self.ends.choices = [SelectChoice("", _l("seluruh hari")), *times]
        self.points = {str(point.id): point for point in points}
        names = [SelectChoice(found, point.name) for found, point in self.points.items()]
        self.point.choices = [SelectChoice("", _l("semua")), *names]

    def scope(self, office: Office) -> Scope | None:
        """The hours that were named; None, with the reason at the field, where they make no sense."""
        first, last = self.first_on.data, self.last_on.data or self.first_on.data
        begins, ends = (
            time.fromisoformat(field.data) if field.data else None for field in (self.begins, self.ends)
        )
        if last < first:
            self.last_on.errors = [_("Hari terakhir lebih awal daripada hari pertama")]
        elif last - first >= timedelta(days=LONGEST):
            self.last_on.errors = [_("Paling lama %(days)s hari sekaligus", days=LONGEST)]
        elif (begins is None) != (ends is None):
            missing = self.ends if ends is None else self.begins
            missing.errors = [_("Pilih kedua jamnya, atau seluruh hari")]
        elif begins is not None and ends is not None and ends <= begins:
            self.ends.errors = [_("Jam akhir harus sesudah jam awal")]
        if self.errors:
            return None
        point = self.points.get(self.point.data or "")
        left = (self.places_left.data or "").strip()
        return Scope(
            office, first, last, begins, ends, point.id if point is not None else None, int(left or 0)
        )


class CloseForm(BaseForm):
    """Why: what people are told, and what the record keeps."""

    cause = pick(_l("Sebab, seperti dibaca pemohon"), _l("Pilih sebabnya"))
    note = StringField(
        _l("Catatan untuk kantor"),
        [Needed(_l("Tulis alasannya")), AtMost(REASON_LENGTH)],
        description=_l("Tercatat dengan nama Anda; tidak dikirim kepada pemohon."),
        render_kw={"maxlength": REASON_LENGTH, "autocomplete": "off"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [SelectChoice(str(cause), CAUSES[cause]) for cause in ClosureCause]
        self.cause.choices = [SelectChoice("", _l("Pilih sebab")), *words]


class DelayForm(BaseForm):
    """How late the office is today, and from which hour on."""

    minutes = StringField(
        _l("Terlambat berapa menit"),
        [
            Needed(_l("Isi menitnya; 0 bila tepat waktu lagi")),
            Regexp(r"[0-9]{1,3}\Z", message=_l("Isi dengan angka, misalnya 40")),
        ],
        description=_l("0 mencabut pengumuman sebelumnya."),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3},
    )
    begins = pick(_l("Mulai jam"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        times = [SelectChoice(f"{at:%H:%M}", f"{at:%H.%M}") for at in _CLOCK]
        self.begins.choices = [SelectChoice("", _l("semua jam yang masih akan datang")), *times]

    def validate_minutes(self, field: StringField) -> None:
        """Raises `ValidationError` beyond a day's work."""
        if field.data and field.data.isdecimal() and int(field.data) > LONGEST_DELAY:
            raise ValidationError(_("Paling lama %(most)s menit", most=LONGEST_DELAY))
