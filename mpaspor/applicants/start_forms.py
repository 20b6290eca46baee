"""The questions before an application is started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l

from mpaspor.applicants.application_pages import QUESTIONS
from mpaspor.applicants.journey_forms import kind_choices, kind_prices
from mpaspor.applications.eligibility import Age, Asked, Before, Priority, Question
from mpaspor.applications.queries import PricedKind
from mpaspor.web.forms import BaseForm, radios

Word = TypeVar("Word", bound=StrEnum)


def asked_of(given: Mapping[str, str]) -> Asked:
    """The answers that an address or a form carries; what is no answer counts as none."""
    return Asked(
        age=_word(Age, given.get(Question.AGE)),
        before=_word(Before, given.get(Question.BEFORE)),
        priority=_word(Priority, given.get(Question.PRIORITY)),
    )


def earlier(given: Mapping[str, str]) -> dict[str, Any]:
    """The answers again as parameters, in the order of the questions, up to the first that is missing."""
    asked = asked_of(given)
    found: dict[str, Any] = {}
    answers: tuple[StrEnum | None, ...] = (asked.age, asked.before, asked.priority)
    for question, answer in zip(Question, answers, strict=True):
        if answer is None:
            break
        found[question.value] = answer.value
    return found


def _word(words: type[Word], text: str | None) -> Word | None:
    try:
        return words(text) if text else None
    except ValueError:
        return None


def question_form(question: Question, formdata: Any) -> BaseForm:
    """The form of one question. Its field is named after the question, since it travels in the address."""
    heading, hint, choices = QUESTIONS[question]
    field = radios(heading, _l("Pilih salah satu jawaban"), description=hint)
    form: BaseForm = type("QuestionForm", (BaseForm,), {question.value: field})(formdata=formdata)
    form[question.value].choices = [(value.value, str(text)) for value, text in choices]
    return form


class KindQuestionForm(BaseForm):
    kind = radios(_l("Jenis paspor"), _l("Pilih jenis paspor"))

    def __init__(self, kinds: Sequence[PricedKind], formdata: Any) -> None:
        super().__init__(formdata=formdata)
        self.kind.choices = kind_choices(kinds)
        self.prices = kind_prices(kinds)
        self.has_both = len({found.kind for found in kinds}) > 1
