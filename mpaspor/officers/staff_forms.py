"""The forms by which administrators and supervisors look after the officers of the office."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.fields.choices import SelectChoice

from mpaspor.people.rules import DELEGATED, LONGEST_REASON, Role
from mpaspor.web.fields import AddressField, DateOfThree, NameField
from mpaspor.web.forms import AtMost, BaseForm, Needed, pick, radios, ticks
from mpaspor.web.labels.people import LINK_PURPOSES, ROLES


def _role_choices() -> list[SelectChoice]:
    return [SelectChoice(str(role), str(ROLES[role]).capitalize()) for role in Role]


def _reason() -> StringField:
    return StringField(
        _l("Alasan"),
        [Needed(_l("Tulis alasannya")), AtMost(LONGEST_REASON)],
        description=_l("Dikirim kepada petugas dan tercatat."),
        render_kw={"maxlength": LONGEST_REASON, "autocomplete": "off"},
    )


class RolesForm(BaseForm):
    """Which roles an officer has."""

    roles = ticks(_l("Peran"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roles.choices = _role_choices()


class InviteForm(RolesForm):
    """Who is to come in, and in which roles."""

    full_name = NameField(
        _l("Nama lengkap"),
        [Needed(_l("Isi nama lengkap"))],
        render_kw={"autocomplete": "off", "maxlength": 120},
    )
    email = AddressField(
        _l("Alamat e-mail dinas"),
        [Needed(_l("Isi alamat e-mail dinas"))],
        description=_l("Tautan untuk membuat kata sandi dan memasang aplikasi kode dikirim ke sini."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "maxlength": 254},
    )


class ResetForm(BaseForm):
    """What an officer lost, and why it is reset."""

    purpose = radios(_l("Yang hilang"), _l("Pilih yang hilang"))
    reason = _reason()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose.choices = [SelectChoice(str(code), words) for code, words in LINK_PURPOSES.items()]


class DismissForm(BaseForm):
    """Why an officer's service ends."""

    reason = _reason()


class DelegateForm(BaseForm):
    """Which role a colleague has for a while."""

    role = pick(_l("Peran"), _l("Pilih peran"))
    until_on = DateOfThree(
        _l("Sampai akhir hari"),
        [Needed(_l("Isi tanggalnya"))],
        description=_l("Paling lama 31 hari; berakhir sendiri."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [role for role in Role if role in DELEGATED]
        words = [SelectChoice(str(role), str(ROLES[role]).capitalize()) for role in roles]
        self.role.choices = [SelectChoice("", _l("Pilih peran")), *words]


class AbsenceForm(BaseForm):
    """On which days somebody is not there."""

    from_on = DateOfThree(_l("Mulai"), [Needed(_l("Isi tanggal mulai"))])
    until_on = DateOfThree(_l("Sampai"), [Needed(_l("Isi tanggal terakhir"))])
