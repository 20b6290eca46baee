"""The forms of the account. Every validator has our own sentence: what is wrong and what would be right."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString
from wtforms import BooleanField, Field, PasswordField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation, ValidationError

from mpaspor.foundation import clock
from mpaspor.offices.rules import HOME_ZONE, local_date
from mpaspor.people.refusals import WeakPassword
from mpaspor.people.rules import CODE_DIGITS, CodePurpose, is_adult
from mpaspor.web.fields import AddressField, BirthDate, JoinedField, MobileField, NameField
from mpaspor.web.forms import BaseForm, Needed
from mpaspor.web.labels.answers import SEXES
from mpaspor.web.labels.people import WEAKNESSES
from mpaspor.web.labels.refusals import sentence

_ = gettext
_l = lazy_gettext


def _email(label: LazyString) -> AddressField:
    return AddressField(
        label,
        [Needed(_l("Isi alamat e-mail"))],
        render_kw={"autocomplete": "email", "autocapitalize": "none", "maxlength": 254},
    )


def _password(label: LazyString, missing: LazyString, autocomplete: str) -> PasswordField:
    return PasswordField(
        label,
        [Needed(missing)],
        # No maxlength: a browser would cut a long pasted password without a word.
        render_kw={
            "autocomplete": autocomplete,
            "data-show": _l("Tampilkan kata sandi"),
            "data-hide": _l("Sembunyikan kata sandi"),
        },
    )


class CodeField(JoinedField):
    """A code from an e-mail: so many digits, in groups or not, with blanks, dots or dashes between them."""

    def __init__(self, digits: int = 6, **kwargs: Any) -> None:
        self.digits = digits
        super().__init__(
            _l("Kode dari e-mail"),
            [Needed(_l("Isi %(count)s angka dari e-mail", count=digits)), self._all_digits],
            description=_l("%(count)s angka", count=digits),
            render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
            **kwargs,
        )

    def _all_digits(self, _form: BaseForm, field: Field) -> None:
        """Anything but so many digits is said without costing one of the tries."""
        typed = field.data or ""
        if not re.fullmatch(r"[0-9]+", typed):
            raise StopValidation(_("Kode hanya berisi angka"))
        if len(typed) != self.digits:
            raise StopValidation(
                _(
                    "Kode berisi %(digits)s angka, Anda mengetik %(count)s",
                    digits=self.digits,
                    count=len(typed),
                )
            )


def _shared() -> BooleanField:
    return BooleanField(
        _l("HP bersama"),
        description=_l(
            "Tandai bila HP atau komputer ini dipakai orang lain juga: "
            "Anda keluar sendiri setelah 30 menit tidak dipakai."
        ),
    )


class SignUpForm(BaseForm):
    """Who you are, how to reach you, and a password."""

    asks_marriage = False  # only somebody under 17 is asked

    full_name = NameField(
        _l("Nama lengkap"),
        [Needed(_l("Isi nama lengkap sesuai KTP"))],
        description=_l("Sesuai KTP, tanpa gelar. Satu kata juga boleh."),
        render_kw={"autocomplete": "name"},
    )
    birth_on = BirthDate(
        _l("Tanggal lahir"),
        [Needed(_l("Isi tanggal lahir"))],
        description=_l("Misalnya 14 8 1996"),
        render_kw={"autocomplete": "bday"},
    )
    was_married = BooleanField(_l("Saya sudah pernah kawin, seperti tertulis di KTP"))
    gender = RadioField(
        _l("Jenis kelamin"),
        [Needed(_l("Pilih jenis kelamin sesuai KTP"))],
        choices=[SelectChoice(value, label) for value, label in SEXES.items()],
        validate_choice=False,
    )
    email = _email(_l("Alamat e-mail"))
    phone = MobileField(
        _l("Nomor HP"),
        [Needed(_l("Isi nomor HP"))],
        description=_l("Nomor Indonesia, misalnya 0812 3456 7890"),
        render_kw={"autocomplete": "tel"},
    )
    password = _password(_l("Buat kata sandi"), _l("Isi kata sandi"), "new-password")
    terms = BooleanField(
        _l("Saya menyetujui ketentuan layanan dan sudah membaca pemberitahuan privasi"),
        [Needed(_l("Tandai persetujuan untuk melanjutkan"))],
    )

    def validate_birth_on(self, field: Field) -> None:
        """A child owns no account; somebody young is asked whether they count as grown up."""
        if field.data is None:
            return
        today = local_date(clock.now(), HOME_ZONE)
        self.asks_marriage = not is_adult(field.data, today, was_married=False)
        if not is_adult(field.data, today, was_married=self.was_married.data):
            raise ValidationError(
                _(
                    "Pemilik akun harus berusia 17 tahun atau lebih, atau sudah pernah kawin. "
                    "Untuk anak, orang tua yang membuat akun."
                )
            )

    def validate_gender(self, field: Field) -> None:
        if field.data not in SEXES:
            raise ValidationError(_("Pilih jenis kelamin sesuai KTP"))


class CodeForm(BaseForm):
    """The code and, where it was not asked before, whose device this is."""

    code = CodeField()
    shared = _shared()


class CorrectEmailForm(BaseForm):
    """Another address before the first is verified."""

    email = _email(_l("Alamat e-mail yang benar"))


class SignInForm(BaseForm):
    """Address, password, and whose device this is."""

    email = _email(_l("Alamat e-mail"))
    password = _password(_l("Kata sandi"), _l("Isi kata sandi"), "current-password")
    shared = _shared()


class ForgottenForm(BaseForm):
    """Where to send the code for a new password."""

    email = _email(_l("Alamat e-mail"))


class ResetForm(BaseForm):
    """The code and the new password, on one page."""

    code = CodeField(CODE_DIGITS[CodePurpose.RESET])
    password = _password(_l("Kata sandi baru"), _l("Isi kata sandi baru"), "new-password")
    shared = _shared()


class ChangePasswordForm(BaseForm):
    """The current password proves who asks."""

    current = _password(_l("Kata sandi sekarang"), _l("Isi kata sandi sekarang"), "current-password")
    password = _password(_l("Kata sandi baru"), _l("Isi kata sandi baru"), "new-password")


class LanguageForm(BaseForm):
    """The language of pages and messages."""

    language = RadioField(
        _l("Bahasa halaman dan e-mail"),
        choices=[SelectChoice("id", "Bahasa Indonesia"), SelectChoice("en", "English")],
        validate_choice=False,
    )


def blame_password(field: Field, refusal: WeakPassword) -> None:
    """Put the reason why a password was refused at its field."""
    field.errors = [str(WEAKNESSES.get(refusal.weakness) or sentence(refusal))]


def ask_password_again(form: BaseForm, *names: str) -> None:
    """Passwords are the one thing that we do not send back: say so where one must be typed again."""
    for name in names:
        if not form[name].errors and form[name].data:
            form[name].errors = [
                _("Ketik kata sandi lagi. Demi keamanan, hanya ini yang tidak kami simpan di halaman.")
            ]
