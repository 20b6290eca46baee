"""The forms of an application: one for each page, in the words of `web.labels.answers`.

A form's `answers` are plain JSON values under the names of `applications.form_pages`, which is what
`save_page` takes; the same values fill the form again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField, ValidationError

from mpaspor.applications import nik as niks
from mpaspor.applications.form_pages import PLACE_LENGTH, FormPage
from mpaspor.applications.regions import PROVINCES
from mpaspor.web.fields import BirthDate, JoinedField, MobileField, NameField
from mpaspor.web.forms import AtMost, BaseForm, Needed, pick, radios, ticks, tidy
from mpaspor.web.labels import answers as words
from mpaspor.web.labels.answers import FIELDS, HINTS

_ADDRESS_LENGTH = 200
PICK = _l("Pilih dari daftar")
_SORTED = frozenset({"occupation"})


def name_field(name: str, needed: Any | None = None, **render_kw: Any) -> NameField:
    required = [Needed(needed)] if needed is not None else []
    return NameField(FIELDS[name], required, description=HINTS.get(name, ""), render_kw=render_kw)


def text_field(name: str, needed: Any | None, most: int = PLACE_LENGTH, **render_kw: Any) -> StringField:
    required = [Needed(needed)] if needed is not None else []
    return StringField(
        FIELDS[name], [*required, AtMost(most)], description=HINTS.get(name, ""), render_kw=render_kw
    )


def address_field(name: str, needed: Any | None) -> TextAreaField:
    required = [Needed(needed)] if needed is not None else []
    return TextAreaField(
        FIELDS[name],
        [*required, AtMost(_ADDRESS_LENGTH)],
        filters=[tidy],  # one line, however it was typed: that is how it stands in summaries
        description=HINTS.get(name, ""),
        render_kw={"autocomplete": "street-address" if needed is not None else "off"},
    )


class PageForm(BaseForm):
    """What the forms of all pages share."""

    # Fields with many choices, drawn as a list; the others with choices are drawn as radios.
    widths: ClassVar[Mapping[str, int]] = {}
    # Headings inside the page: field → the heading above it.
    headings: ClassVar[Mapping[str, Any]] = {}
    # Words below one choice: field → choice → hint.
    choice_hints: Mapping[str, Mapping[str, Any]] = {}

    def __init__(self, formdata: Any, saved: Mapping[str, Any]) -> None:
        super().__init__(formdata=formdata, data=self.filled_from(saved))
        for name, choices in words.CHOICES.items():
            if name in self:
                self[name].choices = self._choices(name, choices)

    def _choices(self, name: str, choices: Mapping[str, Any]) -> list[tuple[str, str]]:
        shown = [(str(value), str(text)) for value, text in choices.items()]
        if name in _SORTED:
            # By the reader's own words, with "other" where it is looked for: last.
            shown.sort(key=lambda choice: (choice[0] == "other", choice[1].casefold()))
        if self[name].type == "SelectField":
            return [("", str(PICK)), *shown]
        return shown

    @classmethod
    def filled_from(cls, saved: Mapping[str, Any]) -> dict[str, Any]:
        """Saved answers as the values of fields."""
        return dict(saved)

    def answers(self, page: FormPage) -> dict[str, Any]:
        """What was typed, as plain JSON values under the page's field names."""
        found = {}
        for name in page.fields:
            if name in self:
                value = self[name].data
                found[name] = value.isoformat() if isinstance(value, date) else value
        return found


class IdentityForm(PageForm):
    full_name = name_field("full_name", _l("Isi nama lengkap sesuai KTP"), autocomplete="name")
    nik = JoinedField(
        FIELDS["nik"],
        [Needed(_l("Isi NIK, 16 angka di bagian atas KTP"))],
        description=HINTS["nik"],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"},
    )
    birth_place = text_field("birth_place", _l("Isi tempat lahir sesuai KTP"))
    birth_on = BirthDate(
        FIELDS["birth_on"],
        [Needed(_l("Isi tanggal lahir"))],
        description=HINTS["birth_on"],
        render_kw={"autocomplete": "bday"},
    )
    sex = radios(FIELDS["sex"], _l("Pilih jenis kelamin"))
    civil_status = radios(FIELDS["civil_status"], _l("Pilih status perkawinan"))
    widths: ClassVar[Mapping[str, int]] = {"nik": 16}

    @classmethod
    def filled_from(cls, saved: Mapping[str, Any]) -> dict[str, Any]:
        birth_on = saved.get("birth_on")
        return {**saved, "birth_on": date.fromisoformat(birth_on) if birth_on else None}

    def validate_nik(self, field: StringField) -> None:
        """Length and digits only; what merely looks odd is a warning on the next page."""
        fault = niks.fault(field.data)
        if fault is not None:
            have = len(field.data)
            facts = {"have": have, "off": abs(niks.LENGTH - have)}
            raise ValidationError(str(words.NIK_FAULTS[fault]) % facts)


class ContactForm(PageForm):
    phone = MobileField(
        FIELDS["phone"],
        [Needed(_l("Isi nomor HP"))],
        description=HINTS["phone"],
        render_kw={"autocomplete": "tel", "inputmode": "tel"},
    )
    widths: ClassVar[Mapping[str, int]] = {"phone": 16}


def _check_postcode(form: Any, field: StringField) -> None:
    if field.data and not (field.data.isascii() and field.data.isdigit() and len(field.data) == 5):
        raise ValidationError(_("Kode pos punya 5 angka"))


def _provinces() -> list[tuple[str, str]]:
    names = sorted(PROVINCES.items(), key=lambda province: province[1])
    return [("", str(PICK)), *names]


def postcode_field(name: str) -> JoinedField:
    return JoinedField(
        FIELDS[name],
        [_check_postcode],
        description=HINTS[name],
        render_kw={"inputmode": "numeric", "autocomplete": "postal-code"},
    )


class AddressForm(PageForm):
    address = address_field("address", _l("Isi alamat sesuai KTP"))
    province = pick(FIELDS["province"], _l("Pilih provinsi"))
    city = text_field("city", _l("Isi kabupaten atau kota"))
    district = text_field("district", _l("Isi kecamatan"))
    postcode = postcode_field("postcode")
    domicile_same = radios(FIELDS["domicile_same"], _l("Pilih apakah Anda tinggal di alamat KTP"))
    widths: ClassVar[Mapping[str, int]] = {"postcode": 8}

    def __init__(self, formdata: Any, saved: Mapping[str, Any]) -> None:
        super().__init__(formdata, saved)
        self.province.choices = _provinces()


class DomicileForm(PageForm):
    domicile_address = address_field("domicile_address", _l("Isi alamat tempat tinggal"))
    domicile_province = pick(FIELDS["province"], _l("Pilih provinsi tempat tinggal"))
    domicile_city = text_field("domicile_city", _l("Isi kabupaten atau kota tempat tinggal"))
    domicile_district = text_field("domicile_district", _l("Isi kecamatan tempat tinggal"))
    domicile_postcode = postcode_field("domicile_postcode")
    widths: ClassVar[Mapping[str, int]] = {"domicile_postcode": 8}

    def __init__(self, formdata: Any, saved: Mapping[str, Any]) -> None:
        super().__init__(formdata, saved)
        self.domicile_province.choices = _provinces()


class OccupationForm(PageForm):
    occupation = pick(FIELDS["occupation"], _l("Pilih pekerjaan"))
    occupation_other = text_field("occupation_other", None)


class ParentsForm(PageForm):
    mother_name = name_field("mother_name", _l("Isi nama ibu"))
    mother_citizenship = radios(FIELDS["mother_citizenship"], _l("Pilih kewarganegaraan ibu"))
    father_name = name_field("father_name")
    father_citizenship = radios(FIELDS["father_citizenship"])


class SpouseForm(PageForm):
    spouse_name = name_field("spouse_name")
    spouse_citizenship = radios(FIELDS["spouse_citizenship"])


class DeclarationForm(BaseForm):
    """The tick under the warning of article 126."""

    agreed = BooleanField(
        _l("Saya menyatakan semua isian dan berkas ini benar."),
        validators=[Needed(_l("Centang pernyataan untuk melanjutkan"))],
    )


class WishForm(PageForm):
    office_code = pick(FIELDS["office_code"], _l("Pilih kantor imigrasi"))
    preferred_days = ticks(FIELDS["preferred_days"], description=HINTS["preferred_days"])
