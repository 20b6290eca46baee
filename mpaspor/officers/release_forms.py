"""The form by which a supervisor says what opens when. Sent by GET, so that looking can be done again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Regexp

from mpaspor.booking.releases import Plan
from mpaspor.offices.models import Office, Programme
from mpaspor.offices.rules import moment_of
from mpaspor.web.fields import DateOfThree
from mpaspor.web.forms import BaseForm, Needed, pick

_CLOCK = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
_USUAL = "14:00"


class ReleaseForm(BaseForm):
    """What opens when."""

    opens_on = DateOfThree(_l("Dibuka pada hari"), [Needed(_l("Isi hari bukanya"))])
    opens = pick(_l("Pukul"))
    first_on = DateOfThree(_l("Untuk kedatangan mulai"), [Needed(_l("Isi hari pertama"))])
    last_on = DateOfThree(_l("Sampai hari"), description=_l("Kosong: hari itu saja."))
    programme = pick(_l("Layanan"))
    percent = StringField(
        _l("Sampai berapa persen dari kuota tiap jam"),
        [Regexp(r"([1-9][0-9]?|100)?\Z", message=_l("Isi dengan angka 1 sampai 100"))],
        description=_l("Kosong: semua. Yang sudah dibuka ikut dihitung dan tidak pernah ditarik lagi."),
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 3},
    )
    weekly = BooleanField(
        _l("Ulangi setiap minggu"), description=_l("Setiap kali untuk hari-hari tujuh hari kemudian.")
    )

    def __init__(self, *args: Any, programmes: Sequence[Programme] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opens.choices = [SelectChoice(f"{at:%H:%M}", f"{at:%H.%M}") for at in _CLOCK]
        if self.opens.data is None:
            self.opens.data = _USUAL
        self.programmes = {programme.code: programme for programme in programmes}
        self.programme.choices = [SelectChoice(code, found.name) for code, found in self.programmes.items()]

    def plan(self, office: Office) -> Plan | None:
        """What was asked for; None, with the reason at the field, where the days make no sense."""
        first, last = self.first_on.data, self.last_on.data or self.first_on.data
        if last < first:
            self.last_on.errors = [_("Hari terakhir lebih awal daripada hari pertama")]
            return None
        programme = self.programmes.get(self.programme.data or "") or next(iter(self.programmes.values()))
        opens_at = moment_of(
            self.opens_on.data, time.fromisoformat(self.opens.data or _USUAL), office.time_zone
        )
        percent = int(self.percent.data or 100)
        return Plan(office, programme.id, opens_at, first, last, percent, bool(self.weekly.data))
