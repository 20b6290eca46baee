"""The forms about the passport that was, the one that is wanted, and the journey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, ClassVar

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, ValidationError

from mpaspor.applicants.application_forms import PICK, PageForm, address_field, name_field, text_field
from mpaspor.applications.choices import NO_DESTINATION, Purpose
from mpaspor.applications.eligibility import Before, before_of, need_of
from mpaspor.applications.form_pages import FormPage
from mpaspor.applications.passport_number import read_passport_number
from mpaspor.applications.queries import PricedKind
from mpaspor.applications.rules import Need, ReplacementReason
from mpaspor.foundation import clock
from mpaspor.web.fields import JoinedField, PhoneField
from mpaspor.web.formats import rupiah
from mpaspor.web.forms import Needed, pick, radios
from mpaspor.web.labels import answers as words
from mpaspor.web.labels.answers import FIELDS, HINTS
from mpaspor.web.labels.applications import passport_name

BEFORE_NOW = {
    Before.NEVER: _l("Paspor baru, belum pernah punya"),
    Before.EXPIRED: _l("Ganti, masa berlaku habis atau kurang dari 6 bulan"),
    Before.PAGES_FULL: _l("Ganti, halaman penuh"),
    Before.EXCHANGE: _l("Tukar paspor nonelektronik yang masih berlaku ke elektronik"),
}
_FIRST_YEAR = 1950
# Regions of Babel that are no country to travel to: unions, test codes, our own.
_NO_COUNTRY = frozenset("AC CP CQ DG EA EU EZ IC ID QO TA UN XA XB ZZ".split())


class KindForm(PageForm):
    before = radios(FIELDS["need"], _l("Pilih paspor baru atau penggantian paspor"))
    kind = radios(FIELDS["kind"], _l("Pilih jenis paspor"))

    def __init__(self, formdata: Any, saved: Mapping[str, Any], kinds: Sequence[PricedKind] = ()) -> None:
        super().__init__(formdata, saved)
        self.before.choices = [(before.value, str(text)) for before, text in BEFORE_NOW.items()]
        self.kind.choices = kind_choices(kinds)
        self.choice_hints = {"kind": kind_prices(kinds)}

    @classmethod
    def filled_from(cls, saved: Mapping[str, Any]) -> dict[str, Any]:
        reason = saved.get("replacement_reason")
        before = before_of(Need(saved["need"]), ReplacementReason(reason) if reason else None)
        return {"before": before.value, "kind": f"{saved['kind']}-{saved['validity_years']}"}

    def answers(self, page: FormPage) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if "before" in self:
            need, reason = need_of(Before(self.before.data))
            found.update(need=need.value, replacement_reason=reason.value if reason else None)
        if "kind" in self:
            kind, _dash, years = self.kind.data.rpartition("-")
            found.update(kind=kind, validity_years=int(years))
        return found


def kind_choices(kinds: Sequence[PricedKind]) -> list[tuple[str, str]]:
    """Each kind with its validity: `Paspor elektronik laminasi, 5 tahun`."""
    return [(found.code, passport_name(found.kind, found.validity_years)) for found in kinds]


def kind_prices(kinds: Sequence[PricedKind]) -> dict[str, str]:
    """The price of each kind, to stand below its name."""
    return {found.code: rupiah(found.amount_rp) for found in kinds}


class FirstPassportForm(PageForm):
    never_had_passport = radios(
        _l("Pernahkah Anda punya paspor Indonesia?"), _l("Pilih pernah atau belum pernah punya paspor")
    )

    def validate_never_had_passport(self, field: Any) -> None:
        if field.data == "no":
            raise ValidationError(_("Permohonan ini untuk paspor baru. Ubah menjadi penggantian paspor."))


class OldPassportForm(PageForm):
    number = StringField(
        FIELDS["number"],
        [Needed(_l("Isi nomor paspor lama"))],
        description=HINTS["number"],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    issued_in_indonesia = radios(FIELDS["issued_in_indonesia"], _l("Pilih di mana paspor lama terbit"))
    issued_place = text_field("issued_place", _l("Isi kantor yang menerbitkan, tertulis di halaman 2"))
    issued_year = JoinedField(
        FIELDS["issued_year"],
        [Needed(_l("Isi tahun terbit paspor lama"))],
        render_kw={"inputmode": "numeric"},
    )
    same_data = radios(FIELDS["same_data"], _l("Pilih apakah datanya sama"))
    widths: ClassVar[Mapping[str, int]] = {"number": 16, "issued_year": 4}
    choice_hints: Mapping[str, Mapping[str, Any]] = {
        "same_data": {"no": _l("KK dan akta lahir, ijazah, atau buku nikah diminta juga.")}
    }

    def validate_number(self, field: StringField) -> None:
        number = read_passport_number(field.data)
        if number is None:
            raise ValidationError(_("Nomor paspor terdiri dari 1 atau 2 huruf, lalu 6 sampai 8 angka"))
        field.data = number

    def validate_issued_year(self, field: StringField) -> None:
        year, now = field.data, clock.now().year
        if not (year.isascii() and year.isdigit() and len(year) == 4 and _FIRST_YEAR <= int(year) <= now):
            raise ValidationError(
                _("Tahun terbit harus antara %(first)s dan %(last)s", first=_FIRST_YEAR, last=now)
            )


class TripForm(PageForm):
    purpose = radios(FIELDS["purpose"], _l("Pilih tujuan perjalanan"))
    destination = pick(FIELDS["destination"], _l("Pilih negara tujuan, atau “Belum ada tujuan”"))
    stay = radios(FIELDS["stay"], _l("Pilih rencana lama tinggal"))
    address_there = address_field("address_there", None)
    choice_hints: Mapping[str, Mapping[str, Any]] = {
        "purpose": {
            Purpose.MIGRANT_WORK: _l(
                "Paspor pertama untuk PMI bisa Rp0 di loket kantor. Tanyakan dahulu sebelum bayar."
            ),
            Purpose.UMRAH: _l("Tidak perlu rekomendasi Kementerian Agama."),
            Purpose.HAJJ: _l("Tidak perlu rekomendasi Kementerian Agama."),
        }
    }

    def __init__(self, formdata: Any, saved: Mapping[str, Any]) -> None:
        super().__init__(formdata, saved)
        none_yet = (NO_DESTINATION, str(words.NO_DESTINATION))
        self.destination.choices = [("", str(PICK)), none_yet, *countries(str(get_locale()))]


class CitizenshipForm(PageForm):
    dual_citizen = radios(FIELDS["dual_citizen"], _l("Pilih ya atau tidak"))
    choice_hints: Mapping[str, Mapping[str, Any]] = {
        "dual_citizen": {
            "yes": _l(
                "Paspor berlaku paling lama sampai ulang tahun Anda yang ke-21. "
                "Masa berlaku 10 tahun tidak bisa dipilih."
            )
        }
    }


class AddedNameForm(PageForm):
    wants_added_name = radios(FIELDS["wants_added_name"], _l("Pilih ya atau tidak"))
    added_name = name_field("added_name", autocomplete="off")

    def validate_added_name(self, field: StringField) -> None:
        if self.wants_added_name.data == "yes" and not (field.data or "").strip():
            raise ValidationError(_("Isi nama yang ditambahkan, atau pilih “Tidak”"))


@cache
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """The countries that one can travel to, by their names in the reader's language."""
    names = Locale(language).territories.items()
    found = [(code, name) for code, name in names if len(code) == 2 and code not in _NO_COUNTRY]
    return tuple(sorted(found, key=lambda country: country[1].casefold()))


def _phone(name: str, needed: Any | None = None) -> PhoneField:
    required = [Needed(needed)] if needed is not None else []
    return PhoneField(
        FIELDS[name],
        required,
        description=HINTS[name],
        render_kw={"inputmode": "tel", "autocomplete": "off"},
    )


class RelativesForm(PageForm):
    relative_name = name_field("relative_name", _l("Isi nama keluarga di Indonesia"), autocomplete="off")
    relative_phone = _phone("relative_phone", _l("Isi nomor telepon keluarga di Indonesia"))
    relative_relation = pick(FIELDS["relative_relation"], _l("Pilih hubungan dengan Anda"))
    abroad_name = name_field("abroad_name", autocomplete="off")
    abroad_phone = _phone("abroad_phone")
    abroad_relation = pick(FIELDS["abroad_relation"])
    widths: ClassVar[Mapping[str, int]] = {"relative_phone": 16, "abroad_phone": 16}
    headings: ClassVar[Mapping[str, Any]] = {
        "relative_name": _l("Di Indonesia"),
        "abroad_name": _l("Di negara tujuan, kalau ada"),
    }
