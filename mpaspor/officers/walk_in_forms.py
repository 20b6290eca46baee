"""The form of the door for somebody who came without an appointment: short enough for a minute."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, StringField, ValidationError

from mpaspor.applications.choices import Sex
from mpaspor.applications.eligibility import Before, need_of
from mpaspor.applications.papers import OldPassport
from mpaspor.applications.rules import Need, PassportKind
from mpaspor.applications.walk_in_rules import Ground, Proof
from mpaspor.desk.register_walk_in import Newcomer
from mpaspor.desk.rules import REASON_LENGTH
from mpaspor.web.fields import BirthDate, JoinedField, MobileField, NameField
from mpaspor.web.forms import AtMost, BaseForm, Needed, pick, radios
from mpaspor.web.labels.answers import FIELDS
from mpaspor.web.labels.walk_ins import CHILDREN_LATER, LOST_LATER

_OLDEST_PASSPORT = 1950


class WalkInForm(BaseForm):
    """In the order of the identity card, then what is asked aloud."""

    nik = JoinedField(
        FIELDS["nik"],
        [Needed(_l("Ketik 16 angka NIK di KTP"))],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "autofocus": True},
    )
    full_name = NameField(
        FIELDS["full_name"],
        [Needed(_l("Isi nama lengkap sesuai KTP"))],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    birth_on = BirthDate(FIELDS["birth_on"], [Needed(_l("Isi tanggal lahir"))])
    sex = radios(FIELDS["sex"], _l("Pilih jenis kelamin"))
    phone = MobileField(_l("Nomor HP, bila ada"), render_kw={"autocomplete": "off", "inputmode": "tel"})
    ground = pick(_l("Kelompok dan bukti yang dilihat"), _l("Pilih kelompok dan buktinya"))
    reason = StringField(
        _l("Alasan penyelia, tersimpan di riwayat"),
        [AtMost(REASON_LENGTH)],
        render_kw={"autocomplete": "off"},
    )
    before = pick(_l("Keperluan"), _l("Pilih keperluannya"))
    old_year = JoinedField(
        _l("Tahun terbit paspor lama di Indonesia"),
        description=_l("Untuk penggantian. Kosongkan kalau tidak tahu, atau terbit di luar negeri."),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )
    same_data = BooleanField(_l("Nama, tempat, dan tanggal lahir di paspor lama sama dengan KTP"))
    kind = radios(_l("Paspor"), _l("Pilih jenis paspornya"))
    card_held = BooleanField(
        _l("KTP asli saya pegang, dan pemohon menyatakan data ini benar"),
        [Needed(_l("Pegang KTP aslinya, bacakan datanya, lalu centang"))],
    )
    as_on_card = BooleanField(_l("NIK ini memang begitu di KTP"))

    def validate_before(self, field: Field) -> None:
        if field.data in (Before.LOST, Before.DAMAGED):
            raise ValidationError(str(LOST_LATER))

    def validate_ground(self, field: Field) -> None:
        if self._is_of(Ground.CHILD):
            raise ValidationError(str(CHILDREN_LATER))

    def validate_reason(self, field: Field) -> None:
        if self._is_of(Ground.ADMITTED) and not field.data:
            raise ValidationError(_("Tulis alasan menerimanya"))

    def validate_old_year(self, field: Field) -> None:
        text = field.data or ""
        if not text:
            return
        is_year = text.isascii() and text.isdigit() and len(text) == 4
        if not is_year or not _OLDEST_PASSPORT <= int(text) <= date.max.year:
            raise ValidationError(_("Tahun diisi empat angka, misalnya 2016"))

    def _is_of(self, ground: Ground) -> bool:
        return str(self.ground.data).startswith(f"{ground}-")

    @property
    def chosen_ground(self) -> tuple[Ground, Proof]:
        """What a valid choice names."""
        ground, _sign, proof = str(self.ground.data).partition("-")
        return Ground(ground), Proof(proof)

    def newcomer(self) -> Newcomer:
        """What a valid form says."""
        need, why = need_of(Before(self.before.data))
        kind, _sign, years = self.kind.data.rpartition("-")
        ground, proof = self.chosen_ground
        return Newcomer(
            full_name=self.full_name.data,
            nik=self.nik.data,
            birth_on=self.birth_on.data,
            sex=Sex(self.sex.data),
            phone=self.phone.data or None,
            need=need,
            replacement_reason=why,
            old_passport=self._old_passport() if need is Need.REPLACEMENT else None,
            kind=PassportKind(kind),
            validity_years=int(years),
            ground=ground,
            proof=proof,
            reason=self.reason.data or None,
        )

    def _old_passport(self) -> OldPassport | None:
        if not self.old_year.data:
            return None
        return OldPassport(True, int(self.old_year.data), same_data=bool(self.same_data.data))
