"""What somebody types at the simulated bank."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from mpaspor.web.fields import JoinedField
from mpaspor.web.forms import BaseForm, Needed, radios

_CODE_DIGITS = 15


class DemoPayForm(BaseForm):
    """A billing code and a channel; the channels are the bank's own list."""

    code = JoinedField(
        _l("Kode billing"),
        [Needed(_l("Isi kode billing 15 angka"))],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
        description=_l("15 angka, ada di halaman tagihan"),
    )
    channel = radios(_l("Bayar lewat"), _l("Pilih satu cara bayar"))

    def validate_code(self, field: JoinedField) -> None:
        """In groups or not; anything but digits is a slip."""
        digits = field.data or ""
        if not (digits.isascii() and digits.isdigit()):
            raise ValidationError(_("Kode billing hanya berisi angka"))
        if len(digits) != _CODE_DIGITS:
            raise ValidationError(_("Kode billing harus 15 angka, ini %(count)s angka", count=len(digits)))
