"""Forms of ours: text is tidied before it is checked, and every validator speaks our own sentences.

WTForms has no Indonesian, and its messages name no next step; nothing of it reaches a page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput

from mpaspor.foundation.plain_text import one_line

_UNCUT = 1_000_000


def tidy(text: Any) -> Any:
    """One line, NFC, without the characters that nobody sees, spaces collapsed; never cut."""
    return one_line(text, _UNCUT) if isinstance(text, str) else text


def tidy_lines(text: Any) -> Any:
    """Several lines, each of them tidied; what was one paragraph stays one."""
    return "\n".join(map(tidy, text.splitlines())).strip() if isinstance(text, str) else text


class BaseForm(FlaskForm):
    """The base of every form: what was typed is tidied before it is checked, except passwords.

    Fields that a form does not have are ignored.
    """

    class Meta:
        csrf = False  # checked for every form of the app at once

        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                first = tidy_lines if issubclass(kind, TextAreaField) else tidy
                options = {**options, "filters": (first, *unbound_field.kwargs.get("filters", ()))}
            return unbound_field.bind(form=form, **options)


class Needed:
    """The field must hold something; `message` says what to do ("Isi nama lengkap")."""

    field_flags = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Field) -> None:
        if field.errors:
            raise StopValidation()
        if field.data in (None, "", [], False):
            raise StopValidation(str(self.message))


class AtMost:
    """No more characters than this; says by how many it is too long."""

    def __init__(self, most: int) -> None:
        self.most = most

    def __call__(self, form: Any, field: Field) -> None:
        have = len(field.data or "")
        if have > self.most:
            raise ValidationError(
                _(
                    "Paling banyak %(most)s huruf. Kurangi %(off)s huruf.",
                    most=self.most,
                    off=have - self.most,
                )
            )


class OneOf:
    """What was sent is one (or each is one) of the choices that were shown."""

    def __call__(self, form: Any, field: Field) -> None:
        known = {one[0] if isinstance(one, tuple) else one.value for one in field.choices}
        sent = field.data if isinstance(field.data, list) else [field.data]
        if not known.issuperset(value for value in sent if value):
            raise ValidationError(_("Pilih salah satu dari daftar"))


def radios(label: Any, message: Any | None = None, **kwargs: Any) -> RadioField:
    """One of a few choices; `message` makes it required. Choices are given when the form is made."""
    return RadioField(label, _chosen(message), choices=[], validate_choice=False, **kwargs)


def pick(label: Any, message: Any | None = None, **kwargs: Any) -> SelectField:
    """One of many choices; `message` makes it required. Choices are given when the form is made."""
    return SelectField(label, _chosen(message), choices=[], validate_choice=False, **kwargs)


def ticks(label: Any, choices: Sequence[Any] = (), **kwargs: Any) -> SelectMultipleField:
    """Any number of a few choices."""
    return SelectMultipleField(
        label, [OneOf()], choices=[*choices], validate_choice=False, option_widget=CheckboxInput(), **kwargs
    )


def _chosen(message: Any | None) -> Sequence[Callable[[Any, Any], None]]:
    return [Needed(message), OneOf()] if message is not None else [OneOf()]
