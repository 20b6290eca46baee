"""The pages of an application, their order, and what each must hold before it counts as done. Pure.

A page is one address, one question or a few that belong together. Pages are gathered into tasks, which
is what the applicant sees first. The words for both are in `mpaspor.web.labels.answers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from mpaspor.applications.choices import Purpose
from mpaspor.applications.eligibility import AGE_OF_CHOICE
from mpaspor.applications.rules import CaseState, Need
from mpaspor.people.rules import age_on

# Page name → field name → plain JSON value.
Answers = Mapping[str, Mapping[str, Any]]

# What was paid for, and for whom: it lives as columns of the case itself and nowhere else.
_BOUGHT = frozenset(
    {
        "full_name",
        "nik",
        "birth_on",
        "sex",
        "need",
        "replacement_reason",
        "kind",
        "validity_years",
        "office_code",
    }
)
PLACE_LENGTH = 100  # of a town, a district, an office: in letters
COLUMNS = _BOUGHT | {"phone"}
# Frozen from check-out on: a new passport that is paid does not become the replacement of one.
FROZEN = _BOUGHT | {"never_had_passport"}
# "Everything else may change until check-in."
ANSWERS_OPEN = (CaseState.DRAFT, CaseState.AWAITING_PAYMENT, CaseState.AWAITING_PLACE, CaseState.SCHEDULED)


@dataclass(frozen=True)
class FormPage:
    """One page: its name in code, its word in the address, its fields."""

    name: str
    slug: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    applies: Callable[[Answers], bool] = lambda answers: True

    @property
    def fields(self) -> tuple[str, ...]:
        return self.required + self.optional

    @property
    def is_frozen(self) -> bool:
        """Nothing on the page may change any more once an hour was taken."""
        return FROZEN.issuperset(self.fields)


def value(answers: Answers, page: str, field: str) -> Any:
    """One answer, or None."""
    return answers.get(page, {}).get(field)


def _is_new(answers: Answers) -> bool:
    return bool(value(answers, "kind", "need") == Need.NEW)


def _is_replacement(answers: Answers) -> bool:
    return bool(value(answers, "kind", "need") == Need.REPLACEMENT)


def _lives_elsewhere(answers: Answers) -> bool:
    return bool(value(answers, "address", "domicile_same") == "no")


def _is_married(answers: Answers) -> bool:
    return bool(value(answers, "identity", "civil_status") == "married")


def _may_have_two_nationalities(answers: Answers) -> bool:
    """Whoever is younger than the age of choice may still hold two; `case` is no page but a fact."""
    birth_on, started_on = value(answers, "identity", "birth_on"), value(answers, "case", "started_on")
    if not birth_on or not started_on:
        return False
    return age_on(date.fromisoformat(birth_on), date.fromisoformat(started_on)) < AGE_OF_CHOICE


def _is_pilgrim_of_one_name(answers: Answers) -> bool:
    """At the border there a passport wants two words of a name."""
    name = value(answers, "identity", "full_name") or ""
    return value(answers, "trip", "purpose") in (Purpose.UMRAH, Purpose.HAJJ) and len(name.split()) == 1


KIND = FormPage("kind", "jenis", ("need", "kind", "validity_years"), ("replacement_reason",))
WISH = FormPage("wish", "keinginan", ("office_code",), ("preferred_days",))
IDENTITY = FormPage(
    "identity", "identitas", ("full_name", "nik", "birth_place", "birth_on", "sex", "civil_status")
)
CITIZENSHIP = FormPage("citizenship", "kewarganegaraan", ("dual_citizen",), (), _may_have_two_nationalities)
CONTACT = FormPage("contact", "kontak", ("phone",))
ADDRESS = FormPage(
    "address", "alamat", ("address", "province", "city", "district", "domicile_same"), ("postcode",)
)
DOMICILE = FormPage(
    "domicile",
    "domisili",
    ("domicile_address", "domicile_province", "domicile_city", "domicile_district"),
    ("domicile_postcode",),
    _lives_elsewhere,
)
OCCUPATION = FormPage("occupation", "pekerjaan", ("occupation",), ("occupation_other",))
PARENTS = FormPage(
    "parents", "orang-tua", ("mother_name", "mother_citizenship"), ("father_name", "father_citizenship")
)
SPOUSE = FormPage("spouse", "pasangan", (), ("spouse_name", "spouse_citizenship"), _is_married)
FIRST_PASSPORT = FormPage("first_passport", "paspor-pertama", ("never_had_passport",), (), _is_new)
OLD_PASSPORT = FormPage(
    "old_passport",
    "paspor-lama",
    ("number", "issued_in_indonesia", "issued_place", "issued_year", "same_data"),
    (),
    _is_replacement,
)
TRIP = FormPage("trip", "perjalanan", ("purpose", "destination", "stay"), ("address_there",))
ADDED_NAME = FormPage(
    "added_name", "nama-tambahan", ("wants_added_name",), ("added_name",), _is_pilgrim_of_one_name
)
RELATIVES = FormPage(
    "relatives",
    "kerabat",
    ("relative_name", "relative_phone", "relative_relation"),
    ("abroad_name", "abroad_phone", "abroad_relation"),
)


@dataclass(frozen=True)
class Task:
    """One row of the task list; `pages` is empty where the work is done elsewhere."""

    name: str
    pages: tuple[FormPage, ...] = ()


TASKS = (
    Task("kind", (KIND,)),
    Task("wish", (WISH,)),
    Task("identity", (IDENTITY, CITIZENSHIP)),
    Task("contact", (CONTACT, ADDRESS, DOMICILE)),
    Task("family", (OCCUPATION, PARENTS, SPOUSE)),
    Task("trip", (FIRST_PASSPORT, OLD_PASSPORT, TRIP, ADDED_NAME, RELATIVES)),
    Task("documents"),
    Task("check"),
)
PAGES = tuple(page for task in TASKS for page in task.pages)


def is_dual_citizen(answers: Answers) -> bool:
    """Whether the person said to hold two nationalities, and is of an age at which that counts."""
    return CITIZENSHIP.applies(answers) and value(answers, "citizenship", "dual_citizen") == "yes"


class TaskState(StrEnum):
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    LOCKED = "locked"


def page_by_slug(slug: str) -> FormPage | None:
    return next((page for page in PAGES if page.slug == slug), None)


def page_by_name(name: str) -> FormPage | None:
    return next((page for page in PAGES if page.name == name), None)


def pages_for(answers: Answers) -> Iterator[FormPage]:
    """The pages that this case has to fill in, in order."""
    return (page for page in PAGES if page.applies(answers))


def is_done(page: FormPage, answers: Answers) -> bool:
    """Whether the page was saved and still holds everything that it must."""
    saved = answers.get(page.name)
    return saved is not None and all(saved.get(field) not in (None, "", []) for field in page.required)


def task_state(task: Task, answers: Answers) -> TaskState:
    """How far a task of pages is."""
    pages = [page for page in task.pages if page.applies(answers)]
    if all(is_done(page, answers) for page in pages):
        return TaskState.DONE
    return TaskState.IN_PROGRESS if any(page.name in answers for page in pages) else TaskState.NOT_STARTED


def first_open_page(task: Task, answers: Answers) -> FormPage | None:
    """Where work on a task goes on: the first page that is not done, else its first page."""
    pages = [page for page in task.pages if page.applies(answers)]
    return next((page for page in pages if not is_done(page, answers)), pages[0] if pages else None)


def page_after(page: FormPage, answers: Answers) -> FormPage | None:
    """The next page of the same task, or None at its end."""
    for task in TASKS:
        if page in task.pages:
            rest = task.pages[task.pages.index(page) + 1 :]
            return next((following for following in rest if following.applies(answers)), None)
    return None


def missing_pages(answers: Answers) -> list[FormPage]:
    """The pages that still have to be filled in before the case can be declared."""
    return [page for page in pages_for(answers) if not is_done(page, answers)]
