"""What somebody types at the simulated bank."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, ValidationError
from wtforms.validators import InputRequired

_CODE_DIGITS = 15


class DemoPayForm(FlaskForm):
    """A billing code and a channel; the channels are the bank's own list."""

    code = StringField(
        _l("Kode billing"),
        [InputRequired(_l("Isi kode billing 15 angka"))],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "24"},
        description=_l("15 angka, ada di halaman tagihan"),
    )
    channel = RadioField(_l("Bayar lewat"), [InputRequired(_l("Pilih satu cara bayar"))])

    def validate_code(self, field: StringField) -> None:
        """Spaces, dots and dashes are how people copy a code; anything else is a slip."""
        digits = re.sub(r"[\s.-]", "", field.data or "")
        if not (digits.isascii() and digits.isdigit()):
            raise ValidationError(_("Kode billing hanya berisi angka"))
        if len(digits) != _CODE_DIGITS:
            raise ValidationError(_("Kode billing harus 15 angka, ini %(count)s angka", count=len(digits)))
        field.data = digits
