"""Form fields of our own: what WTForms has no good answer for."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import EmailField, Field, StringField, TelField, ValidationError
from wtforms.validators import StopValidation

from mpaspor.applications.images import MAX_BYTES
from mpaspor.foundation import clock
from mpaspor.foundation.plain_text import one_line
from mpaspor.foundation.typed_text import joined
from mpaspor.offices.rules import HOME_ZONE, local_date
from mpaspor.people import names
from mpaspor.people.contact import email_address, mobile_number, phone_number, unreachable_character
from mpaspor.people.rules import OLDEST
from mpaspor.web.labels.people import NAME_FAULTS
from mpaspor.web.typed_dates import PARTS, read_month, split_date


class NameField(StringField):
    """A person's name, by the one rule of `people.names`."""

    data: Any

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data:
            self.data = names.read_name(self.data)

    def pre_validate(self, form: Any) -> None:
        """Refuse what no letter and no passport can carry, naming it. Raises `ValidationError`."""
        fault = names.fault(self.data) if self.data else None
        if fault is not None:
            sign = names.foreign_character(self.data) or ""
            shown = f"\u25cc{sign}" if sign and unicodedata.combining(sign) else sign
            facts = {"over": len(self.data) - names.LONGEST, "sign": shown}
            raise ValidationError(str(NAME_FAULTS[fault]) % facts)


class _ShownAsTyped:
    """Its data is the form that we store, once it is right; the box goes on showing what was typed."""

    data: Any
    typed = ""

    def _value(self) -> str:
        return self.typed or self.data or ""


class AddressField(_ShownAsTyped, EmailField):
    """An e-mail address: its data is the form that we compare and send to."""

    def pre_validate(self, form: Any) -> None:
        """Read the address. Raises `ValidationError`."""
        if not self.data:
            return
        found = email_address(self.data)
        sign = unreachable_character(self.data)
        if found is None and sign is not None:
            raise ValidationError(
                _(
                    "E-mail tidak sampai ke alamat dengan “%(sign)s” sebelum @. Pakai alamat lain, "
                    "yang sebelum @ hanya berisi huruf a sampai z, angka, titik, atau garis.",
                    sign=sign,
                )
            )
        if found is None:
            raise ValidationError(_("Alamat e-mail ditulis seperti nama@contoh.com"))
        self.typed, self.data = self.data, found


class JoinedField(StringField):
    """A number or code: its data is what was typed without the blanks, dots and dashes that group it."""

    data: Any

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        super().process_formdata(valuelist)
        if self.data:
            self.data = joined(self.data)


class PhoneField(_ShownAsTyped, TelField):
    """A telephone number of any country: its data is `+…`."""

    def pre_validate(self, form: Any) -> None:
        """Read the number. Raises `ValidationError`."""
        if not self.data:
            return
        number = self.read(self.data)
        if number is None:
            raise ValidationError(self.how_to())
        self.typed, self.data = self.data, number

    def read(self, text: str) -> str | None:
        return phone_number(text)

    def how_to(self) -> str:
        return _("Nomor telepon ditulis dengan angka, misalnya 0812 3456 7890 atau +60 12 345 6789")


class MobileField(PhoneField):
    """An Indonesian mobile number; its data is `+628…` once it is right."""

    def read(self, text: str) -> str | None:
        return mobile_number(text)

    def how_to(self) -> str:
        return _("Nomor HP Indonesia dimulai 08 atau +628, 10 sampai 13 angka")


class DateOfThree(Field):
    """A date typed in three boxes: a date picker is slow for a birth date and missing on old phones.

    The inputs are `<name>-day`, `<name>-month` and `<name>-year`. `data` is a `date` or None; `parts`
    keeps what was typed, `wrong` names the parts to correct. The month may be a word, and a whole date in
    one box is spread over the three. Empty is allowed unless a validator says no.
    """

    def __init__(
        self, label: str | LazyString | None = None, validators: Sequence[Any] | None = None, **kwargs: Any
    ) -> None:
        self.parts = dict.fromkeys(PARTS, "")
        self.wrong: set[str] = set()
        super().__init__(label, validators, **kwargs)

    @property
    def first_wrong(self) -> str:
        """The part that the error summary leads to."""
        return next((part for part in PARTS if part in self.wrong), "day")

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take the three boxes of the request, or the date that is stored."""
        if not isinstance(data, date):
            data = self.default if isinstance(self.default, date) else None
        self.process_errors: list[str] = []
        self.object_data = self.data = data
        self.raw_data = []
        if formdata and any(f"{self.name}-{part}" in formdata for part in PARTS):
            typed = {part: one_line(formdata.get(f"{self.name}-{part}", "")) for part in PARTS}
            self.parts = split_date(typed) or typed
            self.raw_data = [text for text in self.parts.values() if text]
            self.data = None
        elif data is not None:
            self.parts = {"day": str(data.day), "month": str(data.month), "year": str(data.year)}

    def pre_validate(self, form: Any) -> None:
        """Turn the parts into a date, or say what is wrong with them. Raises `ValidationError`."""
        if not self.raw_data:
            return
        self.wrong = {part for part in ("day", "year") if not self._number(part)}
        month = read_month(self.parts["month"])
        if self.wrong or not self.parts["month"]:
            self.wrong |= {"month"} if month is None else set()
            raise ValidationError(_("Isi tanggal, bulan, dan tahun dengan angka, misalnya 14 8 1996"))
        if month is None:
            self.wrong = {"month"}
            raise ValidationError(_("Bulan diisi angka 1 sampai 12, atau namanya, misalnya Agustus"))
        day, year = int(joined(self.parts["day"])), int(joined(self.parts["year"]))
        if not 1900 <= year <= 2200:
            self.wrong = {"year"}
            raise ValidationError(_("Tahun diisi empat angka, misalnya 1996"))
        try:
            self.data = date(year, month, day)
        except ValueError:
            self.wrong = {"day", "month"}
            name = format_date(date(year, month, 1), "MMMM")
            raise ValidationError(_("%(day)s %(month)s tidak ada di kalender", day=day, month=name)) from None

    def post_validate(self, form: Any, validation_stopped: bool) -> None:
        """A date refused by another validator is wrong as a whole."""
        if self.errors and not self.wrong:
            self.wrong = set(PARTS)

    def _number(self, part: str) -> bool:
        text = joined(self.parts[part])
        return text.isascii() and text.isdigit() and len(text) <= 4


class BirthDate(DateOfThree):
    """When somebody was born: a day that has been, not longer ago than people live."""

    def pre_validate(self, form: Any) -> None:
        """Read the date, and refuse one on which nobody who is alive was born. Raises `ValidationError`."""
        super().pre_validate(form)
        if self.data is None:
            return
        today = local_date(clock.now(), HOME_ZONE)
        if self.data > today:
            raise StopValidation(_("Tanggal lahir harus sudah lewat"))
        if today.year - self.data.year > OLDEST:
            raise StopValidation(_("Tahun lahir terlalu lama. Periksa empat angkanya."))


class PictureField(FileField):
    """A picture as it was sent. What the device called it, or that it has no name, decides nothing."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take the first file, also one without a name, which Flask-WTF would take for no file."""
        self.data = next((sent for sent in valuelist if isinstance(sent, FileStorage)), None)

    @property
    def content(self) -> bytes:
        """Its bytes, none where no file came; one more than allowed tells that it is too large."""
        return b"" if self.data is None else self.data.stream.read(MAX_BYTES + 1)

    @property
    def file_name(self) -> str:
        return (self.data.filename or "") if self.data is not None else ""
