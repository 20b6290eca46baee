"""The forms of the desk. Each has a prefix, since one page may hold several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from mpaspor.applications.form_pages import PLACE_LENGTH
from mpaspor.applications.rules import CaseState
from mpaspor.applications.scanned_text import LONGEST
from mpaspor.desk.adjudicate import GROUND_LENGTH, TOLD_LENGTH
from mpaspor.desk.rules import DEFERRAL_MONTHS, NOTES_LENGTH, REASON_LENGTH, Capture, InterviewVerdict
from mpaspor.desk.take_biometrics import Hand
from mpaspor.web.fields import BirthDate, DateOfThree, JoinedField, NameField, PictureField
from mpaspor.web.forms import AtMost, BaseForm, Needed, OneOf
from mpaspor.web.labels.answers import FIELDS, SEXES
from mpaspor.web.labels.desk import CAPTURES, PROPOSALS, VERDICTS, WANTED_REASONS, named_reason


def _choices(words: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(str(code), text) for code, text in words.items()]


def _reason(label: Any, **kwargs: Any) -> StringField:
    needed = Needed(_l("Tulis alasannya"))
    return StringField(label, [needed, AtMost(REASON_LENGTH)], render_kw={"autocomplete": "off"}, **kwargs)


class ReasonForm(BaseForm):
    """A step that needs nothing but its reason."""

    reason = _reason(_l("Alasan, tersimpan di riwayat"))


class CloseForm(BaseForm):
    """Closing a case: its applicant reads the reason."""

    reason = _reason(_l("Alasan penutupan, dibaca pemohon"))


class TakeBackForm(ReasonForm):
    """`state` is what the officer saw: nothing newer is undone."""

    state = HiddenField()


class WantPaperForm(BaseForm):
    """Ask for a paper again: what is wrong, and a sentence for the applicant."""

    why = RadioField(
        _l("Apa yang kurang"),
        [Needed(_l("Pilih apa yang kurang")), OneOf()],
        choices=_choices(WANTED_REASONS),
        validate_choice=False,
    )
    message = TextAreaField(_l("Pesan untuk pemohon"), [AtMost(REASON_LENGTH)])

    @property
    def reason(self) -> str:
        """What is stored, for the applicant to read in their language."""
        return named_reason(self.why.data, (self.message.data or "").strip())


def _capture(label: Any) -> RadioField:
    return RadioField(
        label,
        [Needed(_l("Pilih: sudah direkam, atau tidak bisa")), OneOf()],
        choices=_choices(CAPTURES),
        validate_choice=False,
        default=str(Capture.TAKEN),
    )


def _why_not(chosen: RadioField, reason: StringField) -> None:
    if chosen.data == Capture.IMPOSSIBLE and not (reason.data or "").strip():
        raise ValidationError(_("Tulis kenapa tidak bisa"))


class PhotoForm(BaseForm):
    """The photo of the counter; `refused_picture` is one that showed nothing, as an address of its own."""

    refused_picture: str | None = None
    photo = PictureField(_l("Foto dari kamera loket"))
    fingers = _capture(_l("Sidik jari"))
    no_fingers = StringField(
        _l("Kenapa sidik jari tidak bisa"), [AtMost(REASON_LENGTH)], render_kw={"autocomplete": "off"}
    )
    signature = _capture(_l("Tanda tangan"))
    no_signature = StringField(
        _l("Kenapa tanda tangan tidak bisa"), [AtMost(REASON_LENGTH)], render_kw={"autocomplete": "off"}
    )

    def validate_no_fingers(self, field: StringField) -> None:
        _why_not(self.fingers, field)

    def validate_no_signature(self, field: StringField) -> None:
        _why_not(self.signature, field)

    @property
    def hand(self) -> Hand:
        """What is kept: a reason only where it is the answer."""
        no_fingers = self.no_fingers.data if self.fingers.data == Capture.IMPOSSIBLE else None
        return Hand(no_fingers, self.no_signature.data if self.signature.data == Capture.IMPOSSIBLE else None)


class InterviewForm(BaseForm):
    notes = TextAreaField(
        _l("Catatan wawancara"),
        [Needed(_l("Tulis hasil wawancaranya")), AtMost(NOTES_LENGTH)],
    )
    verdict = RadioField(
        _l("Saran untuk adjudikator"),
        [Needed(_l("Pilih saran Anda")), OneOf()],
        choices=_choices(VERDICTS),
        validate_choice=False,
    )

    @property
    def chosen(self) -> InterviewVerdict:
        return InterviewVerdict(self.verdict.data)


class GrantForm(BaseForm):
    """Asked only against a doubt, a finding or silence."""

    reason = _reason(_l("Alasan tetap menyetujui"))


class ProposalForm(BaseForm):
    """The proposal: one reason for the second officer, another for the applicant, who reads it as written."""

    verdict = RadioField(
        _l("Usul"),
        [Needed(_l("Pilih: tangguhkan atau tolak")), OneOf()],
        choices=_choices(PROPOSALS),
        validate_choice=False,
    )
    reason = _reason(_l("Alasan, dibaca adjudikator kedua"))
    told = TextAreaField(
        _l("Alasan untuk pemohon"),
        [Needed(_l("Tulis alasan yang dibaca pemohon")), AtMost(TOLD_LENGTH)],
        description=_l(
            "Pemohon membacanya di halaman statusnya dan di e-mail: apa yang kurang, dengan kata biasa."
        ),
    )
    ground = StringField(
        _l("Dasar hukum"),
        [Needed(_l("Tulis dasar hukumnya")), AtMost(GROUND_LENGTH)],
        description=_l(
            "Misalnya UU 6/2011 Pasal 126 huruf c (keterangan tidak benar), atau Permenkumham 8/2014 "
            "Pasal 41 (ditangguhkan 6 sampai 24 bulan)."
        ),
        render_kw={"autocomplete": "off"},
    )
    months = StringField(
        _l("Lama penangguhan, dalam bulan"),
        [AtMost(4)],
        description=_l("6 sampai 24. Kosongkan kalau usulnya menolak."),
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )

    def validate_months(self, field: StringField) -> None:
        is_deferral = self.verdict.data == str(CaseState.DEFERRED)
        if is_deferral and self.term not in DEFERRAL_MONTHS:
            raise ValidationError(_("Isi lama penangguhan: 6 sampai 24 bulan."))

    @property
    def term(self) -> int | None:
        text = (self.months.data or "").strip()
        return int(text) if text.isascii() and text.isdigit() else None


class BookletForm(BaseForm):
    number = StringField(
        _l("Nomor di buku paspor"),
        [Needed(_l("Pindai atau ketik nomor di buku paspor"))],
        description=_l("1–2 huruf, 6–8 angka. Pemindai mengetik dan menekan Enter."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "data-scan": "12"},
    )


class CorrectionForm(BaseForm):
    """The frozen data as the identity card has them."""

    full_name = NameField(
        FIELDS["full_name"],
        [Needed(_l("Isi nama lengkap sesuai KTP"))],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    birth_place = StringField(
        FIELDS["birth_place"],
        [Needed(_l("Isi tempat lahir sesuai KTP")), AtMost(PLACE_LENGTH)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    birth_on = BirthDate(FIELDS["birth_on"], [Needed(_l("Isi tanggal lahir"))])
    sex = RadioField(
        FIELDS["sex"],
        [Needed(_l("Pilih jenis kelamin")), OneOf()],
        choices=_choices(SEXES),
        validate_choice=False,
    )
    reason = _reason(_l("Alasan, tersimpan di riwayat"))


class NikForm(BaseForm):
    """The NIK as one officer reads it on the card."""

    nik = JoinedField(
        _l("NIK di KTP asli"),
        [Needed(_l("Ketik 16 angka NIK di KTP asli"))],
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )
    reason = _reason(_l("Alasan, tersimpan di riwayat"))


class NikAgainForm(BaseForm):
    """The same by a second officer, who does not see what the first one read."""

    nik = JoinedField(
        _l("NIK di KTP asli, Anda baca sendiri"),
        [Needed(_l("Ketik 16 angka NIK di KTP asli"))],
        render_kw={"autocomplete": "off", "inputmode": "numeric"},
    )


class CheckInForm(BaseForm):
    scan = StringField(
        _l("Pindai kode QR, atau ketik kode permohonan"),
        [Needed(_l("Pindai kode QR di surat, atau ketik 8 karakter kode permohonan"))],
        render_kw={
            "autocomplete": "off",
            "spellcheck": "false",
            "autofocus": True,
            "data-scan": LONGEST,
            "maxlength": LONGEST,
        },
    )
    reason = StringField(
        _l("Alasan menerima di luar jadwal, tersimpan di riwayat"),
        [AtMost(REASON_LENGTH)],
        render_kw={"autocomplete": "off"},
    )


class AskSupervisorForm(BaseForm):
    """What the door wants a supervisor to decide about somebody."""

    words = StringField(
        _l("Apa yang perlu diputuskan penyelia"),
        [Needed(_l("Tulis apa yang perlu diputuskan penyelia")), AtMost(REASON_LENGTH)],
        render_kw={"autocomplete": "off"},
    )


class AnswerForm(BaseForm):
    """A supervisor's word to the door."""

    answer = StringField(
        _l("Jawaban untuk pintu"),
        [Needed(_l("Tulis jawaban untuk pintu")), AtMost(REASON_LENGTH)],
        id="jawaban",
        render_kw={"autocomplete": "off"},
    )


class LookUpForm(BaseForm):
    wanted = StringField(
        _l("Siapa yang dicari"),
        [Needed(_l("Isi kode, nomor permohonan, nomor paspor, NIK, atau nama")), AtMost(LONGEST)],
        description=_l("Kode atau nomor permohonan, nomor paspor, NIK, atau nama. Bisa juga dipindai."),
        render_kw={"autocomplete": "off", "spellcheck": "false", "autofocus": True, "data-scan": LONGEST},
    )
    birth_on = DateOfThree(_l("Tanggal lahir, bila mencari dengan NIK atau nama"))
