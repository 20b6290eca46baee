"""Passkeys: one question, one answer, for our address and the browser that asked; a copy is noticed."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta

import pytest

from mpaspor.foundation.database import db
from mpaspor.foundation.invariants import broken
from mpaspor.foundation.refusals import NotFound, TooFast
from mpaspor.people import invariants
from mpaspor.people.models import Staff
from mpaspor.people.refusals import KeyCopied, KeyKnown, KeyRefused, TooManyKeys
from mpaspor.people.rules import KEY_CHALLENGE_LIFE, KEY_CHALLENGES, PASSKEYS
from mpaspor.people.second_factor import passkeys
from mpaspor.people.sign_in import signed_in
from mpaspor.people.sign_in.by_passkey import enter_with_key, prove_again_with_key, question
from mpaspor.people.sign_in.officers import forget_old
from mpaspor.people.staff_accounts import dismiss_staff, link_for
from tests.stage.device import PRESENT, Device
from tests.stage.officers_in import EMAIL, computer, serves, signs_in

pytestmark = pytest.mark.usefixtures("app")


def registers(now, device: Device | None = None, email: str = EMAIL) -> Device:
    """An officer with a passkey."""
    serves(now, email=email)
    device = device or Device()
    asked = passkeys.ask_new(staff(email), browser=computer(), now=now)
    passkeys.add_passkey(staff(email), device.makes(asked), "HP kantor", browser=computer(), now=now)
    return device


def staff(email: str = EMAIL) -> uuid.UUID:
    found = db.session.query(Staff.id).filter_by(email=email).scalar()
    db.session.rollback()
    return found


def enters(device: Device, now, **bent):
    """Answer a fresh question, with the device bent like this."""
    asked = question(browser=computer(), now=now)
    for name, value in bent.items():
        setattr(device, name, value)
    return enter_with_key(device.answers(asked), browser=computer(), now=now)


def test_an_officer_registers_a_passkey_and_comes_in_by_it_alone(now, scalar):
    device = registers(now)
    entered = enters(device, now)
    person = signed_in.find(entered.sign_in_token, "officer", now=now)
    assert person.staff_id == staff() and person.proved_at == now
    assert scalar("SELECT sign_count FROM staff_passkey") == 1
    assert scalar("SELECT count(*) FROM outbox WHERE payload ->> 'what' = 'key_added'") == 1
    assert list(broken(invariants.INVARIANTS, now)) == []


def test_the_question_names_us_and_wants_finger_face_or_pin(now):
    registers(now)
    asked = json.loads(question(browser=computer(), now=now))
    assert (asked["rpId"], asked["userVerification"]) == ("localhost", "required")
    new = json.loads(passkeys.ask_new(staff(), browser=computer(), now=now))
    assert new["authenticatorSelection"]["userVerification"] == "required"
    assert len(new["excludeCredentials"]) == 1


def test_abuse_10_an_answer_is_taken_once(now):
    device = registers(now)
    answer = device.answers(question(browser=computer(), now=now))
    assert enter_with_key(answer, browser=computer(), now=now)
    with pytest.raises(KeyRefused):
        enter_with_key(answer, browser=computer(), now=now)
    with pytest.raises(KeyRefused):
        enter_with_key(answer, browser=computer(token="another browser"), now=now)


def test_abuse_10_a_question_that_got_a_bad_answer_is_not_asked_again(now, scalar):
    device = registers(now)
    asked = question(browser=computer(), now=now)
    stranger = Device(id=device.id)
    with pytest.raises(KeyRefused):
        enter_with_key(stranger.answers(asked), browser=computer(), now=now)
    with pytest.raises(KeyRefused):
        enter_with_key(device.answers(asked), browser=computer(), now=now)


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://jahat.example"},
        {"origin": "http://localhost:9000"},
        {"name": "jahat.example"},
        {"flags": PRESENT},  # nobody's finger
        {"flags": 0},
        {"id": b"another credential"},
    ],
    ids=repr,
)
def test_abuse_10_an_answer_for_another_address_or_without_its_owner_is_refused(now, bent):
    device = registers(now)
    with pytest.raises(KeyRefused):
        enters(device, now, **bent)


def test_abuse_10_another_browsers_question_and_an_old_one_are_refused(now):
    device = registers(now)
    asked = question(browser=computer(token="a café's"), now=now)
    with pytest.raises(KeyRefused):
        enter_with_key(device.answers(asked), browser=computer(), now=now)
    asked = question(browser=computer(), now=now)
    with pytest.raises(KeyRefused):
        enter_with_key(device.answers(asked), browser=computer(), now=now + KEY_CHALLENGE_LIFE)
    asked = passkeys.ask_new(staff(), browser=computer(), now=now)  # a question for something else
    with pytest.raises(KeyRefused):
        enter_with_key(device.answers(asked), browser=computer(), now=now)


@pytest.mark.parametrize(
    "answer", ["", "x", "[]", "{}", "null", '{"id": 1}', "{" * 300, '{"response": {"clientDataJSON": "e30"}}']
)
def test_what_is_no_answer_at_all_is_refused_in_words(now, answer):
    registers(now)
    with pytest.raises(KeyRefused):
        enter_with_key(answer, browser=computer(), now=now)
    with pytest.raises(KeyRefused):
        passkeys.add_passkey(staff(), answer, "x", browser=computer(), now=now)


def test_abuse_10_a_passkey_that_counts_backwards_may_be_a_copy(now, scalar):
    device = registers(now)
    enters(device, now)
    enters(device, now)
    with pytest.raises(KeyCopied):
        enters(device, now, count=0)
    assert scalar("SELECT count(*) FROM event WHERE kind = 'passkey_copied'") == 1
    assert scalar("SELECT count(*) FROM outbox WHERE payload ->> 'what' = 'key_copied'") == 1
    assert scalar("SELECT sign_count FROM staff_passkey") == 2


def test_a_device_that_never_counts_is_fine(now):
    device = registers(now)
    for _ in range(2):
        asked = question(browser=computer(), now=now)
        assert enter_with_key(device.answers(asked, counts=False), browser=computer(), now=now)


def test_a_passkey_is_its_owners_alone(now):
    device = registers(now)
    serves(now, email="dian@kantor.example")
    dian = staff("dian@kantor.example")
    asked = passkeys.ask_new(dian, browser=computer(), now=now)
    with pytest.raises(KeyKnown):
        passkeys.add_passkey(dian, device.makes(asked), "curian", browser=computer(), now=now)
    asked = passkeys.ask_new(dian, browser=computer(), now=now)
    with pytest.raises(KeyRefused):  # a question that another officer's page asked
        passkeys.add_passkey(staff(), Device().makes(asked), "x", browser=computer(), now=now)
    (key,) = passkeys.passkeys(staff())
    db.session.rollback()
    for act in (
        lambda: passkeys.remove_passkey(dian, key.id, now=now),
        lambda: passkeys.name_passkey(dian, key.id, "x", now=now),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_removed_passkey_a_reset_and_a_dismissal_end_it(now):
    device = registers(now)
    (key,) = passkeys.passkeys(staff())
    passkeys.name_passkey(staff(), key.id, "Kunci USB", now=now)
    assert [found.name for found in passkeys.passkeys(staff())] == ["Kunci USB"]
    db.session.rollback()
    passkeys.remove_passkey(staff(), key.id, now=now)
    with pytest.raises(KeyRefused):
        enters(device, now)
    for end in (lambda: link_for(EMAIL, now=now), lambda: dismiss_staff(EMAIL, now=now)):
        other = Device()
        asked = passkeys.ask_new(staff(), browser=computer(), now=now)
        passkeys.add_passkey(staff(), other.makes(asked), "lain", browser=computer(), now=now)
        end()
        with pytest.raises(KeyRefused):
            enters(other, now)


def test_ten_are_enough(now):
    registers(now)
    for number in range(PASSKEYS - 1):
        asked = passkeys.ask_new(staff(), browser=computer(), now=now)
        passkeys.add_passkey(staff(), Device().makes(asked), f"{number}", browser=computer(), now=now)
    asked = passkeys.ask_new(staff(), browser=computer(), now=now)
    with pytest.raises(TooManyKeys):
        passkeys.add_passkey(staff(), Device().makes(asked), "satu lagi", browser=computer(), now=now)


def test_a_passkey_proves_its_owner_once_more_and_nobody_else(now):
    phone = serves(now)
    entered = signs_in(phone, now)
    device = Device()
    asked = passkeys.ask_new(staff(), browser=computer(), now=now)
    passkeys.add_passkey(staff(), device.makes(asked), "HP", browser=computer(), now=now)
    colleague = registers(now, email="dian@kantor.example")
    later = now + timedelta(minutes=20)
    with pytest.raises(KeyRefused):
        asked = question(browser=computer(), now=later)
        prove_again_with_key(entered.sign_in_id, colleague.answers(asked), browser=computer(), now=later)
    asked = question(browser=computer(), now=later)
    prove_again_with_key(entered.sign_in_id, device.answers(asked), browser=computer(), now=later)
    assert signed_in.find(entered.sign_in_token, "officer", now=later).proved_at == later


def test_abuse_03_questions_are_not_asked_without_end(now):
    for _ in range(KEY_CHALLENGES.allowed):
        question(browser=computer(), now=now)
    with pytest.raises(TooFast):
        question(browser=computer(), now=now)


def test_questions_that_let_nobody_in_are_dropped_after_two_days(now, scalar):
    device = registers(now)
    enters(device, now)
    question(browser=computer(), now=now)
    forget_old(now=now + timedelta(days=1))
    assert scalar("SELECT count(*) FROM staff_challenge") == 3
    forget_old(now=now + timedelta(days=3))
    assert scalar("SELECT count(*) FROM staff_challenge c JOIN sign_in s ON s.challenge_id = c.id") == 1
    assert scalar("SELECT count(*) FROM staff_challenge") == 1
