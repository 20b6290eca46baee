"""Every form reads what people type in one way: no form of its own making, no field that is left out."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, SelectField, SelectMultipleField, StringField

import mpaspor
from mpaspor.applicants.application_forms import PageForm
from mpaspor.applicants.start_forms import KindQuestionForm
from mpaspor.web.fields import PARTS, DateOfThree
from mpaspor.web.forms import BaseForm

# Zero width, joiner, byte order mark, soft hyphen, direction, hard blank: around a value and inside it.
AROUND, INSIDE = "\u200b\u2060\ufeff\u00a0\u202a", "\u00ad\u200d\u2069"
SEEN = "Ab1"


def _descendants(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from _descendants(child)


def _forms() -> list[type[FlaskForm]]:
    for found in pkgutil.walk_packages(mpaspor.__path__, "mpaspor."):
        if found.name.endswith(("_forms", "_routes")):
            import_module(found.name)
    ours = {form for form in _descendants(FlaskForm) if form.__module__.startswith("mpaspor.")}
    return sorted(ours, key=lambda form: (form.__module__, form.__qualname__))


FORMS = _forms()


def _made(form: type[FlaskForm], typed: MultiDict[str, str]) -> Any:
    if issubclass(form, PageForm):
        return form(typed, {"need": "new", "kind": "electronic_laminated", "validity_years": 5})
    if form is KindQuestionForm:
        return form((), typed)
    return form(formdata=typed)


def _inputs(form: Any) -> Iterator[tuple[str, str]]:
    """Each text field with what is typed into it."""
    dirty = f"{AROUND}A{INSIDE}b{INSIDE}1{AROUND}"
    for field in form:
        if isinstance(field, DateOfThree):
            yield from ((f"{field.name}-{part}", dirty) for part in PARTS)
        elif isinstance(field, StringField):
            yield field.name, dirty


def test_there_are_forms_to_walk() -> None:
    assert len(FORMS) > 30


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.__module__}.{form.__qualname__}")
def test_what_nobody_sees_is_dropped_in_every_field_and_passwords_stay_as_typed(
    app: Flask, form: type[FlaskForm]
) -> None:
    assert issubclass(form, BaseForm)
    with app.test_request_context("/"):
        typed = MultiDict(_inputs(_made(form, MultiDict())))
        for field in _made(form, typed):
            if isinstance(field, DateOfThree):
                assert set(field.parts.values()) == {SEEN}, field.name
            elif isinstance(field, PasswordField):
                assert field.data == typed[field.name]
            elif isinstance(field, StringField):
                assert field.data.casefold() == SEEN.casefold(), field.name


def test_no_choice_is_refused_in_the_words_of_a_library(app: Flask) -> None:
    """WTForms' own check of a choice says "Not a valid choice"; ours says what to do."""
    with app.test_request_context("/"):
        found = [
            f"{form.__qualname__}.{field.name}"
            for form in FORMS
            if form.__module__ != "mpaspor.demo.components_routes"  # a sheet of samples that is never sent
            for field in _made(form, MultiDict())
            if isinstance(field, SelectField | SelectMultipleField) and field.validate_choice
        ]
    assert found == []
