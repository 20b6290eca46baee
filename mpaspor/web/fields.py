"""Form fields of our own: what WTForms has no good answer for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import Field, ValidationError

from mpaspor.applications.images import MAX_BYTES

PARTS = ("day", "month", "year")


class DateOfThree(Field):
    """A date typed as three numbers: a date picker is slow for a birth date and missing on old phones.

    The inputs are `<name>-day`, `<name>-month` and `<name>-year`. `data` is a `date` or None; `parts`
    keeps what was typed, `wrong` names the parts to correct. Empty is allowed unless a validator says no.
    """

    def __init__(
        self, label: str | None = None, validators: Sequence[Any] | None = None, **kwargs: Any
    ) -> None:
        self.parts = dict.fromkeys(PARTS, "")
        self.wrong: set[str] = set()
        super().__init__(label, validators, **kwargs)

    @property
    def first_wrong(self) -> str:
        """The part that the error summary leads to."""
        return next((part for part in PARTS if part in self.wrong), "day")

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take the three parts of the request, or the date that is stored."""
        if not isinstance(data, date):
            data = self.default if isinstance(self.default, date) else None
        self.process_errors: list[str] = []
        self.object_data = self.data = data
        self.raw_data = []
        if formdata and any(f"{self.name}-{part}" in formdata for part in PARTS):
            self.parts = {part: formdata.get(f"{self.name}-{part}", "").strip() for part in PARTS}
            self.raw_data = [text for text in self.parts.values() if text]
            self.data = None
        elif data is not None:
            self.parts = {"day": str(data.day), "month": str(data.month), "year": str(data.year)}

    def pre_validate(self, form: Any) -> None:
        """Turn the parts into a date, or say what is wrong with them. Raises `ValidationError`."""
        if not self.raw_data:
            return
        self.wrong = {part for part in PARTS if not self._number(part)}
        if self.wrong:
            raise ValidationError(_("Isi tanggal, bulan, dan tahun dengan angka, misalnya 14 8 1996"))
        day, month, year = (int(self.parts[part]) for part in PARTS)
        if not 1 <= month <= 12:
            self.wrong = {"month"}
            raise ValidationError(_("Bulan diisi angka 1 sampai 12"))
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
        text = self.parts[part]
        return text.isascii() and text.isdigit() and len(text) <= 4


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
