"""Every refusal has its sentence, every state its words, and both come from the labels alone."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from types import ModuleType

import pytest
from flask import Flask
from flask_babel import force_locale
from flask_babel.speaklater import LazyString

import mpaspor
from mpaspor.applicants.timeline import Stop
from mpaspor.applications.rules import ENDED, CaseState
from mpaspor.foundation.refusals import Refusal
from mpaspor.web import labels
from mpaspor.web.labels import applications, journey
from mpaspor.web.labels.refusals import SENTENCES

PRODUCT = Path(mpaspor.__file__).parent

# Kept from people: never shown, or shown only through a sentence of its own.
NOT_SHOWN = {
    "applicants.timeline.Stop",  # named by the keys of labels/journey.STOPS, held below
    # The questions before a draft are worded where they are asked, in applicants/application_pages.py.
    "applications.eligibility.Age",
    "applications.eligibility.Before",
    "applications.eligibility.Priority",
    "applications.eligibility.Question",
    "applications.eligibility.Way",
    "applications.nik.NikDoubt",  # a sentence with the facts in it, by labels/answers.py
    # The keys of labels/correspondence.STANDINGS, held by tests/services/test_standing_of_letters.py.
    "correspondence.standing.Standing",
    "desk.queue_rules.Lane",  # its letter is what people see
    "desk.queue_rules.Leaving",  # kept for figures; each end has words of its own on pages
    "desk.queue_rules.TurnState",  # each has a sentence of its own, in officers/_turn.html
    "desk.rules.Arrival",  # each has a refusal of its own
    "desk.rules.BlankState",  # the heads of columns, and a refusal for each
    "billing.rules.BillState",  # each state has a whole page part, not a word
    "billing.rules.PaymentState",  # finance pages come later
    "billing.snap.signing.Match",
    "booking.days.DayState",  # read by labels/booking.py, with its holiday
    "booking.rules.BookingState",  # people see the case's state
    "foundation.outbox_queue.Fate",  # each is a notice of its own, in account/_mail.html
    "people.rules.ChallengePurpose",
    "people.rules.CodePurpose",
    "people.second_factor.notices.Notice",  # each has its sentences in messages/*/staff_notice.txt
    "people.second_factor.prove.By",
    "simulators.bank.Result",
    "simulators.bank_journal.EntryState",
    "web.access.Audience",
}
# Label tables that on purpose name some members only.
PARTIAL = {"desk.STEPS", "desk.PROPOSALS", "desk.DOOR", "walk_ins.BEFORE"}


def modules(package: ModuleType, prefix: str) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, prefix):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


@pytest.fixture(scope="module")
def everything() -> list[ModuleType]:
    return list(modules(mpaspor, "mpaspor."))


def subclasses(cls: type) -> Iterator[type]:
    for found in cls.__subclasses__():
        yield found
        yield from subclasses(found)


def _name(cls: type) -> str:
    return f"{cls.__module__.removeprefix('mpaspor.')}.{cls.__name__}"


def _tables() -> Iterator[tuple[str, dict[object, object]]]:
    """Every dict of words in the labels: (room.NAME, dict)."""
    for module in modules(labels, "mpaspor.web.labels."):
        room = module.__name__.rsplit(".", 1)[-1]
        for name, value in vars(module).items():
            if name.isupper() and isinstance(value, dict):
                yield f"{room}.{name}", value


def _has_sentence(cls: type) -> bool:
    return any(parent in SENTENCES for parent in cls.__mro__ if parent is not Refusal)


def _is_only_a_family(cls: type) -> bool:
    """Whether only its subclasses are ever raised."""
    raised = re.compile(rf"\b{cls.__name__}\(")
    defined = re.compile(rf"class {cls.__name__}\(")
    sources = (path.read_text("utf-8") for path in PRODUCT.rglob("*.py"))
    return bool(cls.__subclasses__()) and not any(raised.search(defined.sub("", text)) for text in sources)


def test_every_refusal_has_its_sentence(everything: list[ModuleType]) -> None:
    ours = [cls for cls in subclasses(Refusal) if cls.__module__.startswith("mpaspor.")]
    assert len(ours) > 40
    assert [_name(cls) for cls in ours if not _has_sentence(cls) and not _is_only_a_family(cls)] == []


def test_a_sentence_says_what_to_do_and_keeps_to_the_facts(app: Flask, everything: list[ModuleType]) -> None:
    for language in ("id", "en"):
        with app.test_request_context(), force_locale(language):
            for cls, text in SENTENCES.items():
                words = str(text)
                assert words.strip() == words and len(words) > 10, cls
                assert not words[0].islower(), (cls, words)
                assert not re.search(r"%(?!\(\w+\)s|%)", words), (cls, words)


def test_every_choice_and_state_has_words(everything: list[ModuleType]) -> None:
    worded = {
        type(key)
        for name, table in _tables()
        if name not in PARTIAL
        for key in table
        if isinstance(key, StrEnum)
    }
    ours = [cls for cls in subclasses(StrEnum) if cls.__module__.startswith("mpaspor.")]
    assert {_name(cls) for cls in ours if cls not in worded} == NOT_SHOWN


def test_a_table_of_words_leaves_nobody_out(everything: list[ModuleType]) -> None:
    left_out = set()
    for name, table in _tables():
        kinds = {type(key) for key in table if isinstance(key, StrEnum)}
        if any(set(kind) - table.keys() for kind in kinds):
            left_out.add(name)
    assert left_out == PARTIAL


def test_every_state_of_a_case_has_words_for_both_audiences() -> None:
    for table in (applications.OFFICER_STATES, journey.NEXT):
        assert set(table) == set(CaseState)
        assert all(table.values())
    moves = {state for state in CaseState if state not in ENDED}
    assert all("Berikutnya" in str(journey.NEXT[state][2]) for state in moves - {CaseState.MISSED})


def test_the_stops_of_the_journey_have_words() -> None:
    assert set(journey.STOPS) == {str(stop) for stop in Stop}


def test_words_are_translated_when_shown_and_not_when_imported() -> None:
    """A plain text in a table would stay Indonesian on an English page."""

    def fixed(value: object) -> bool:
        parts = value if isinstance(value, tuple) else (value,)
        return any(isinstance(part, str) and " " in part for part in parts)

    assert any(isinstance(value, LazyString) for _room, table in _tables() for value in table.values())
    found = [name for name, table in _tables() if any(fixed(value) for value in table.values())]
    assert found == []


def test_lower_floors_have_no_words_for_people() -> None:
    """Rules, models and operations name things; only web, correspondence and the Blueprints speak."""
    speakers = {"web", "correspondence", "applicants", "officers", "payments", "public", "demo"}
    found = []
    for path in sorted(PRODUCT.rglob("*.py")):
        if path.relative_to(PRODUCT).parts[0] in speakers:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("flask_babel"):
                found.append(path.relative_to(PRODUCT).as_posix())
    assert found == []
