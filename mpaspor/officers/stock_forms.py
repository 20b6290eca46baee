"""The forms around a booklet: the stock, the row of a printed one, the quality test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from mpaspor.applications.rules import PassportKind
from mpaspor.desk.rules import REASON_LENGTH, Tick
from mpaspor.web.forms import AtMost, BaseForm, Needed, OneOf, ticks
from mpaspor.web.labels.applications import PASSPORT_NAMES
from mpaspor.web.labels.desk import FLAWS, SPOILT_REASONS, TICKS, named_reason

_NUMBER = {"autocomplete": "off", "spellcheck": "false", "data-scan": "12"}


class BatchForm(BaseForm):
    """A box of booklets, by its first and last number."""

    kind = RadioField(
        _l("Jenis buku"),
        [Needed(_l("Pilih jenis bukunya")), OneOf()],
        choices=[SelectChoice(str(kind), PASSPORT_NAMES[kind]) for kind in PassportKind],
        validate_choice=False,
    )
    first = StringField(
        _l("Nomor pertama"), [Needed(_l("Pindai buku pertama di kotak"))], render_kw=dict(_NUMBER)
    )
    last = StringField(
        _l("Nomor terakhir"), [Needed(_l("Pindai buku terakhir di kotak"))], render_kw=dict(_NUMBER)
    )


def _cause(label: Any, needed: Any, words: Mapping[str, Any]) -> RadioField:
    return RadioField(
        label,
        [Needed(needed), OneOf()],
        choices=[SelectChoice(name, text) for name, text in words.items()],
        validate_choice=False,
    )


class _CausedForm(BaseForm):
    """What happened to a booklet: a cause by its name (`why`), and a note if there is one."""

    why: RadioField
    note = StringField(
        _l("Keterangan (boleh kosong)"), [AtMost(REASON_LENGTH - 20)], render_kw={"autocomplete": "off"}
    )

    @property
    def reason(self) -> str:
        """What is stored."""
        return named_reason(self.why.data, (self.note.data or "").strip())


class SpoiltForm(_CausedForm):
    """One booklet that nobody can print on."""

    number = StringField(
        _l("Nomor buku"), [Needed(_l("Pindai atau ketik nomor bukunya"))], render_kw=dict(_NUMBER)
    )
    why = _cause(_l("Sebab"), _l("Pilih sebabnya"), SPOILT_REASONS)


class PrintedForm(BaseForm):
    """The number in one row of the sheet."""

    number = StringField(
        _l("Nomor buku paspor"), [Needed(_l("Pindai buku yang baru dicetak"))], render_kw=dict(_NUMBER)
    )


class QualityForm(BaseForm):
    """What a tester reads and looks at before a booklet passes."""

    read = TextAreaField(
        _l("Pindai buku: dua baris mesin (MRZ)"),
        [Needed(_l("Pindai dua baris mesin di halaman identitas buku"))],
        description=_l(
            "Pembaca paspor mengisi keduanya. Tanpa alat, ketik: 2 baris, 44 karakter tiap baris."
        ),
        render_kw={
            "autocomplete": "off",
            "spellcheck": "false",
            "data-scan": "92",
            "data-lines": "2",
        },
    )
    ticks = ticks(_l("Sudah dilihat di buku"), choices=[SelectChoice(t, TICKS[t]) for t in Tick])

    @property
    def ticked(self) -> list[Tick]:
        return [tick for tick in Tick if tick in (self.ticks.data or [])]


class FlawForm(_CausedForm):
    """What is wrong with a printed booklet."""

    why = _cause(_l("Yang salah"), _l("Pilih yang salah"), FLAWS)
