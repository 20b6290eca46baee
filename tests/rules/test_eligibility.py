"""Who may go on here, and what each page must hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mpaspor.applications.choices import CivilStatus
from mpaspor.applications.eligibility import (
    Age,
    Asked,
    Before,
    Priority,
    Question,
    Way,
    before_of,
    is_adult,
    kind_fits,
    need_of,
    next_question,
    way,
)
from mpaspor.applications.form_pages import (
    ADDED_NAME,
    CITIZENSHIP,
    CONTACT,
    DOMICILE,
    FROZEN,
    PAGES,
    TASKS,
    TaskState,
    first_open_page,
    is_done,
    is_dual_citizen,
    missing_pages,
    page_after,
    page_by_slug,
    pages_for,
    task_state,
)
from mpaspor.applications.rules import Need, PassportKind, ReplacementReason
from mpaspor.people.rules import age_on
from mpaspor.people.rules import is_adult as owns_account

CONTACT_TASK = next(task for task in TASKS if task.name == "contact")
ADDRESS = {
    "address": "Jl. 1",
    "province": "16",
    "city": "Palembang",
    "district": "Ilir",
    "domicile_same": "yes",
}


def test_questions_come_one_by_one() -> None:
    assert next_question(Asked()) is Question.AGE
    assert next_question(Asked(Age.ADULT)) is Question.BEFORE
    assert next_question(Asked(Age.ADULT, Before.NEVER)) is Question.PRIORITY
    assert next_question(Asked(Age.ADULT, Before.NEVER, Priority.NO)) is None
    assert way(Asked(Age.ADULT, Before.NEVER)) is None


@pytest.mark.parametrize("before", [Before.NEVER, Before.EXPIRED, Before.PAGES_FULL, Before.EXCHANGE])
@pytest.mark.parametrize("priority", [Priority.NO, Priority.YES_BUT_HERE])
def test_adults_go_on_here(before: Before, priority: Priority) -> None:
    assert way(Asked(Age.ADULT, before, priority)) is Way.HERE
    need, reason = need_of(before)
    assert before_of(need, reason) is before


def test_children_lost_damaged_and_priority_go_elsewhere() -> None:
    assert way(Asked(Age.CHILD)) is Way.CHILD
    assert way(Asked(Age.ADULT, Before.STILL_VALID)) is Way.STILL_VALID
    for before in (Before.LOST, Before.DAMAGED):
        assert way(Asked(Age.ADULT, before)) is Way.LOST_OR_DAMAGED
        with pytest.raises(ValueError, match="cannot go on here"):
            need_of(before)
    assert way(Asked(Age.ADULT, Before.NEVER, Priority.YES)) is Way.PRIORITY


def test_seventeen_or_married_once_is_grown_up() -> None:
    birth = date(2009, 11, 23)
    assert age_on(birth, date(2026, 11, 22)) == 16 and age_on(birth, date(2026, 11, 23)) == 17
    assert not is_adult(birth, "single", date(2026, 11, 22))
    assert is_adult(birth, "single", date(2026, 11, 23))
    for status in ("married", "divorced", "widowed"):
        assert is_adult(date(2011, 1, 1), status, date(2026, 11, 23))
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


def test_an_account_and_an_application_draw_the_same_line_to_grown_up() -> None:
    day = date(2026, 11, 23)
    for birth_on in (date(2009, 11, 23), date(2009, 11, 24), date(2026, 1, 1)):
        for status in CivilStatus:
            was_married = status is not CivilStatus.SINGLE
            assert is_adult(birth_on, status, day) is owns_account(birth_on, day, was_married=was_married)


def _kind(need: Need) -> dict[str, Any]:
    reason = ReplacementReason.EXPIRED if need is Need.REPLACEMENT else None
    return {"need": need, "replacement_reason": reason, "kind": "electronic_laminated", "validity_years": 5}


def test_the_need_decides_which_questions_about_passports_are_asked() -> None:
    new = {page.name for page in pages_for({"kind": _kind(Need.NEW)})}
    again = {page.name for page in pages_for({"kind": _kind(Need.REPLACEMENT)})}
    assert new - again == {"first_passport"} and again - new == {"old_passport"}


def test_a_passport_is_exchanged_for_one_with_a_chip_only() -> None:
    exchange = ReplacementReason.TO_ELECTRONIC
    assert kind_fits(exchange, PassportKind.ELECTRONIC_LAMINATED)
    assert kind_fits(exchange, PassportKind.ELECTRONIC_POLYCARBONATE)
    assert not kind_fits(exchange, PassportKind.NON_ELECTRONIC)
    assert kind_fits(ReplacementReason.EXPIRED, PassportKind.NON_ELECTRONIC)
    assert kind_fits(None, PassportKind.NON_ELECTRONIC)


@pytest.mark.parametrize(
    ("birth_on", "is_asked"), [("2005-11-23", False), ("2005-11-24", True), ("2009-01-01", True)]
)
def test_two_nationalities_are_asked_of_whoever_is_under_twenty_one(birth_on: str, is_asked: bool) -> None:
    answers: dict[str, dict[str, Any]] = {
        "identity": {"birth_on": birth_on},
        "case": {"started_on": "2026-11-23"},
        "citizenship": {"dual_citizen": "yes"},
    }
    assert (CITIZENSHIP in set(pages_for(answers))) is is_asked
    assert is_dual_citizen(answers) is is_asked, "an answer of an age that has passed counts no more"


@pytest.mark.parametrize(
    ("name", "purpose", "is_asked"),
    [
        ("Sutrisno", "umrah", True),
        ("Sutrisno", "hajj", True),
        ("Sutrisno", "tourism", False),
        ("Siti Aminah", "umrah", False),
    ],
)
def test_a_pilgrim_of_one_name_may_add_another(name: str, purpose: str, is_asked: bool) -> None:
    answers = {"identity": {"full_name": name}, "trip": {"purpose": purpose}}
    assert (ADDED_NAME in set(pages_for(answers))) is is_asked


def test_spouse_and_domicile_are_asked_only_where_they_matter() -> None:
    answers = {"identity": {"civil_status": "married"}, "address": {"domicile_same": "no"}}
    assert {"spouse", "domicile"} <= {page.name for page in pages_for(answers)}
    assert not {"spouse", "domicile"} & {page.name for page in pages_for({})}


def test_a_task_is_done_when_all_its_pages_are() -> None:
    answers: dict[str, dict[str, Any]] = {}
    assert task_state(CONTACT_TASK, answers) is TaskState.NOT_STARTED
    answers["contact"] = {"phone": "+62812"}
    assert task_state(CONTACT_TASK, answers) is TaskState.IN_PROGRESS
    answers["address"] = ADDRESS
    assert task_state(CONTACT_TASK, answers) is TaskState.DONE
    answers["address"] = {**ADDRESS, "domicile_same": "no"}
    assert task_state(CONTACT_TASK, answers) is TaskState.IN_PROGRESS
    assert first_open_page(CONTACT_TASK, answers) is DOMICILE
    assert page_after(CONTACT, answers) is not None and page_after(DOMICILE, answers) is None


def test_a_saved_page_that_lacks_something_required_is_not_done() -> None:
    assert not is_done(CONTACT, {}) and not is_done(CONTACT, {"contact": {"phone": ""}})
    assert is_done(CONTACT, {"contact": {"phone": "+62812"}})
    assert CONTACT in missing_pages({})


def test_every_page_has_a_slug_of_its_own_and_frozen_facts_have_a_page() -> None:
    slugs = [page.slug for page in PAGES]
    assert len(slugs) == len(set(slugs)) and not {"periksa", "pernyataan"} & set(slugs)
    assert all(page_by_slug(page.slug) is page for page in PAGES)
    assert {field for page in PAGES for field in page.fields} >= FROZEN
