"""The forms of the pickup counter: whose passport is fetched, and to whom it is given."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice

from mpaspor.applications import nik
from mpaspor.applications.scanned_text import LONGEST
from mpaspor.desk.hand_over import TRACKING_LENGTH, Collector
from mpaspor.desk.rules import FOR_ANOTHER, SEEN_BEFORE_HANDOVER, Relation, Seen
from mpaspor.web.fields import JoinedField, NameField, PictureField
from mpaspor.web.forms import AtMost, BaseForm, Needed, OneOf
from mpaspor.web.labels.desk import RELATIONS, SEEN

_SCAN = {"autocomplete": "off", "spellcheck": "false"}


class PickupForm(BaseForm):
    """Whose passport is asked for."""

    scan = StringField(
        _l("Pindai kode QR pemohon, atau ketik kode permohonan"),
        [Needed(_l("Pindai kode QR pemohon, atau ketik 8 karakter kode permohonan"))],
        render_kw={**_SCAN, "autofocus": True, "data-scan": LONGEST, "maxlength": LONGEST},
    )


class HandoverForm(BaseForm):
    """Person, booklet, and who takes it. What is asked depends on who that is."""

    person = StringField(
        _l("Pindai kode QR pemohon"),
        [Needed(_l("Pindai kode QR pemohon, atau ketik kode permohonannya"))],
        render_kw={**_SCAN, "data-scan": LONGEST, "data-lines": "1"},
    )
    booklet = StringField(
        _l("Pindai buku paspor"),
        [Needed(_l("Pindai buku yang akan diserahkan"))],
        render_kw={**_SCAN, "data-scan": "92", "data-lines": "1"},
    )
    relation = RadioField(
        _l("Siapa yang mengambil"),
        [Needed(_l("Pilih siapa yang mengambil")), OneOf()],
        choices=[SelectChoice(str(relation), words) for relation, words in RELATIONS.items()],
        validate_choice=False,
        default=str(Relation.SELF),
    )
    face = BooleanField(SEEN[Seen.FACE])
    card = BooleanField(SEEN[Seen.CARD])
    address = BooleanField(SEEN[Seen.ADDRESS])
    collected_by = NameField(_l("Nama pengambil, sesuai KTP-nya"), render_kw={"autocomplete": "off"})
    nik = JoinedField(_l("NIK pengambil"), render_kw={"autocomplete": "off", "inputmode": "numeric"})
    letter = PictureField(_l("Foto surat kuasa, atau foto KK untuk keluarga"))
    tracking = StringField(
        _l("Nomor resi Pos Indonesia"), [AtMost(TRACKING_LENGTH)], render_kw={"autocomplete": "off"}
    )

    @property
    def chosen(self) -> Relation:
        return Relation(self.relation.data)

    @property
    def is_for_another(self) -> bool:
        return self.relation.data in FOR_ANOTHER

    @property
    def collector(self) -> Collector:
        """Who takes it, as it was typed."""
        seen = [what for what in Seen if self[str(what)].data]
        return Collector(self.chosen, seen, self.collected_by.data, self.nik.data, self.tracking.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the ticks of whoever was chosen, each at its own box."""
        is_whole: bool = super().validate(extra_validators)
        if self.relation.data not in set(Relation):
            return is_whole
        missing = [what for what in SEEN_BEFORE_HANDOVER[self.chosen] if not self[str(what)].data]
        for what in missing:
            self[str(what)].errors = [_("Centang setelah diperiksa: %(what)s", what=SEEN[what])]
        return is_whole and not missing

    def validate_collected_by(self, field: NameField) -> None:
        if self.is_for_another and not (field.data or "").strip():
            raise ValidationError(_("Tulis nama orang yang mengambil"))

    def validate_nik(self, field: JoinedField) -> None:
        if self.is_for_another and nik.fault(field.data or "") is not None:
            raise ValidationError(_("Ketik 16 angka NIK di KTP pengambil"))

    def validate_tracking(self, field: StringField) -> None:
        if self.relation.data == Relation.POST and not (field.data or "").strip():
            raise ValidationError(_("Ketik nomor resi di bukti kirim"))
