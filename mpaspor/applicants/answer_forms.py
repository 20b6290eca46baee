"""Which form a page has, what may still change in it, and where a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mpaspor.applicants import application_forms as forms
from mpaspor.applicants import journey_forms
from mpaspor.applicants.application_forms import PageForm
from mpaspor.applicants.application_pages import today_for
from mpaspor.applications import queries
from mpaspor.applications.form_pages import FROZEN, Answers, FormPage
from mpaspor.applications.models import Application
from mpaspor.applications.refusals import KindNotOffered, NotANik, NotElectronic, NotGrownUp, ValidTooLong
from mpaspor.applications.rules import CaseState
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import Refusal
from mpaspor.offices.queries import offices_in_service
from mpaspor.web.labels.refusals import sentence

Saved = Mapping[str, Any]


def _kind_form(formdata: Any, saved: Saved, case: Application) -> PageForm:
    kinds = queries.kinds_on_offer(today_for(case.office, clock.now()))
    return journey_forms.KindForm(formdata, saved, kinds)


def _wish_form(formdata: Any, saved: Saved, case: Application) -> PageForm:
    form = forms.WishForm(formdata, saved)
    offices = [(office.code, office.name) for office in offices_in_service()]
    form.office_code.choices = offices if len(offices) == 1 else [("", str(forms.PICK)), *offices]
    if len(offices) == 1 and not form.office_code.data:
        form.office_code.data = offices[0][0]
    return form


def _plain(made: type[PageForm]) -> Callable[[Any, Saved, Application], PageForm]:
    return lambda formdata, saved, case: made(formdata, saved)


_FORMS: Mapping[str, Callable[[Any, Saved, Application], PageForm]] = {
    "kind": _kind_form,
    "wish": _wish_form,
    "identity": _plain(forms.IdentityForm),
    "citizenship": _plain(journey_forms.CitizenshipForm),
    "contact": _plain(forms.ContactForm),
    "address": _plain(forms.AddressForm),
    "domicile": _plain(forms.DomicileForm),
    "occupation": _plain(forms.OccupationForm),
    "parents": _plain(forms.ParentsForm),
    "spouse": _plain(forms.SpouseForm),
    "first_passport": _plain(journey_forms.FirstPassportForm),
    "old_passport": _plain(journey_forms.OldPassportForm),
    "trip": _plain(journey_forms.TripForm),
    "added_name": _plain(journey_forms.AddedNameForm),
    "relatives": _plain(journey_forms.RelativesForm),
}
# What the account already says is proposed on these pages while they are empty.
_PROPOSED = frozenset({"identity", "contact"})
_FROZEN_FIELDS = FROZEN | {"before"}  # one question stands for need and reason


def form_for(page: FormPage, case: Application, answers: Answers, formdata: Any = None) -> PageForm:
    """The page's form: what was sent, else what is saved, else what the account says.

    From check-out on it has no fields for frozen facts, unless somebody sends some: that is refused.
    """
    saved: Saved = answers.get(page.name, {})
    if not saved and page.name in _PROPOSED:
        known = queries.known_of_account(case.owner_id)
        saved = {field: known[field] for field in page.fields if field in known}
    form = _FORMS[page.name](formdata, saved, case)
    if case.state != CaseState.DRAFT:
        for name in _FROZEN_FIELDS.intersection(form._fields):
            if not _was_sent(name, formdata):
                del form[name]
    return form


def _was_sent(name: str, formdata: Any) -> bool:
    return bool(formdata) and any(sent == name or sent.startswith(f"{name}-") for sent in formdata)


def refuse(form: PageForm, page: FormPage, refusal: Refusal) -> None:
    """Show an operation's no at the field that it is about."""
    name = {NotGrownUp: "birth_on", NotANik: "nik"}.get(type(refusal), "office_code")
    if isinstance(refusal, ValidTooLong) and page.name == "citizenship":
        name = "dual_citizen"
    elif isinstance(refusal, KindNotOffered | NotElectronic | ValidTooLong) and page.name == "kind":
        name = "kind"
    if name in form:
        form[name].errors = [sentence(refusal)]
    else:
        form.form_errors.append(sentence(refusal))
