"""Signing in: the password, a code on a new device, and no hint to strangers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mpaspor.people import passwords
from mpaspor.people.refusals import SignInSlowed, WrongCredentials
from mpaspor.people.rules import (
    PASSWORDS,
    SHARED_IDLE,
    SIGN_IN_LIFE,
    SIGN_INS_PER_ADDRESS,
    CodePurpose,
)
from mpaspor.people.sign_in import signed_in
from mpaspor.people.sign_in.applicants import CodeAsked, enter_with_sign_in_code, sign_in
from mpaspor.people.sign_in.let_in import NewSignIn
from mpaspor.people.sign_in.resend_code import resend_code
from mpaspor.people.verify_email import verify_email
from tests.stage.accounts import (
    EMAIL,
    PASSWORD,
    asks_for_account,
    code_for,
    codes_sent,
    flood,
    has_account,
    phone,
    signs_up,
)

pytestmark = pytest.mark.usefixtures("app")


def test_a_new_device_is_asked_for_a_code_and_a_known_one_is_not(now):
    has_account(now)
    asked = sign_in(EMAIL, PASSWORD, browser=phone(), now=now)
    assert isinstance(asked, CodeAsked) and asked.purpose is CodePurpose.SIGN_IN
    entered = enter_with_sign_in_code(asked.challenge_id, code_for(), browser=phone(), now=now)
    known = phone(device_token=entered.device_token)
    later = now + timedelta(days=300)
    assert isinstance(sign_in(EMAIL, PASSWORD, browser=known, now=later), NewSignIn)
    after_a_year = now + timedelta(days=366)
    assert isinstance(sign_in(EMAIL, PASSWORD, browser=known, now=after_a_year), CodeAsked)


def test_a_shared_device_is_never_remembered(now):
    has_account(now)
    asked = sign_in(EMAIL, PASSWORD, browser=phone(is_shared=True), now=now)
    entered = enter_with_sign_in_code(asked.challenge_id, code_for(), browser=phone(is_shared=True), now=now)
    assert entered.device_token is None


def test_two_accounts_of_a_family_are_remembered_on_one_phone(now):
    first = signs_up(now)
    second = signs_up(now, "budi@warga.example", browser=phone(device_token=first.device_token))
    family = phone(device_token=second.device_token)
    assert isinstance(sign_in(EMAIL, PASSWORD, browser=family, now=now), NewSignIn)
    assert isinstance(sign_in("budi@warga.example", PASSWORD, browser=family, now=now), NewSignIn)


def test_a_device_of_one_account_is_nothing_to_another(now):
    entered = signs_up(now)
    has_account(now, "budi@warga.example")
    asked = sign_in("budi@warga.example", PASSWORD, browser=phone(device_token=entered.device_token), now=now)
    assert isinstance(asked, CodeAsked)


def test_a_sign_in_code_is_sent_only_after_the_right_password(now):
    has_account(now)
    with pytest.raises(WrongCredentials):
        sign_in(EMAIL, "bukan kata sandinya", browser=phone(), now=now)
    assert codes_sent() == []


def test_two_taps_on_sign_in_send_one_code(now):
    has_account(now)
    first = sign_in(EMAIL, PASSWORD, browser=phone(), now=now)
    assert sign_in(EMAIL, PASSWORD, browser=phone(), now=now) == first
    assert len(codes_sent()) == 1


def test_an_account_that_waits_is_led_back_to_its_pending_code_from_another_browser(now):
    asks_for_account(now)
    elsewhere = phone(name="Firefox · Windows", token="another browser")
    asked = sign_in(EMAIL, PASSWORD, browser=elsewhere, now=now + timedelta(minutes=5))
    assert asked.purpose is CodePurpose.VERIFY
    assert len(codes_sent()) == 1  # the code in the mailbox is still the right one
    later = sign_in(EMAIL, PASSWORD, browser=elsewhere, now=now + timedelta(minutes=11))
    assert later.challenge_id != asked.challenge_id
    assert len(codes_sent()) == 2


def test_the_pending_code_can_be_typed_in_the_first_browser_and_in_the_second(now):
    challenge = asks_for_account(now)
    elsewhere = phone(token="another browser")
    asked = sign_in(EMAIL, PASSWORD, browser=elsewhere, now=now)
    assert asked.challenge_id == challenge
    resend_code(challenge, CodePurpose.VERIFY, browser=phone(), now=now + timedelta(minutes=1))
    later = now + timedelta(minutes=2)
    assert verify_email(challenge, code_for(), browser=elsewhere, now=later).sign_in_token


def test_a_sign_in_ends_after_twelve_hours_and_a_shared_one_after_half_an_hour_of_rest(now):
    account_id = has_account(now)
    asked = sign_in(EMAIL, PASSWORD, browser=phone(is_shared=True), now=now)
    shared = enter_with_sign_in_code(asked.challenge_id, code_for(), browser=phone(is_shared=True), now=now)
    later = now + timedelta(minutes=1)
    own = sign_in(EMAIL, PASSWORD, browser=phone(), now=later)
    own = enter_with_sign_in_code(own.challenge_id, code_for(), browser=phone(), now=later)
    assert signed_in.find(shared.sign_in_token, "applicant", now=now + SHARED_IDLE) is None
    assert signed_in.find(own.sign_in_token, "applicant", now=now + SHARED_IDLE).account_id == account_id
    assert signed_in.find(own.sign_in_token, "applicant", now=later + SIGN_IN_LIFE) is None


def test_abuse_05_signing_up_and_resetting_answer_alike_for_known_and_unknown_addresses(now, scalar):
    from mpaspor.people.reset_password import ask_reset

    has_account(now)
    known = ask_reset(EMAIL, browser=phone(), now=now)
    unknown = ask_reset("tiada@warga.example", browser=phone(), now=now)
    assert type(known) is type(unknown)
    assert len(codes_sent()) == 1 and codes_sent("tiada@warga.example") == []
    assert type(asks_for_account(now)) is type(asks_for_account(now, "tiada@warga.example"))


def test_abuse_05_an_unknown_address_costs_the_same_hashing(now, monkeypatch):
    has_account(now)
    verified = []

    def spy(self, hashed, password):
        verified.append(hashed.split("$")[3])
        return real(self, hashed, password)

    real = passwords.PasswordHasher.verify
    monkeypatch.setattr(passwords.PasswordHasher, "verify", spy)
    for email in (EMAIL, "tiada@warga.example"):
        with pytest.raises(WrongCredentials):
            sign_in(email, "bukan kata sandinya", browser=phone(), now=now)
    assert len(verified) == 2 and verified[0] == verified[1]


def test_abuse_06_guessing_one_account_is_slowed_but_its_known_device_is_not(now):
    entered = signs_up(now)
    stranger = phone(address="198.51.100.9")
    for _ in range(SIGN_INS_PER_ADDRESS.allowed):
        with pytest.raises(WrongCredentials):
            sign_in(EMAIL, "tebakan lagi dan lagi", browser=stranger, now=now)
    with pytest.raises(SignInSlowed) as slowed:
        sign_in(EMAIL, PASSWORD, browser=stranger, now=now)
    assert slowed.value.retry_after > 0
    owner = phone(device_token=entered.device_token, address="198.51.100.9")
    assert isinstance(sign_in(EMAIL, PASSWORD, browser=owner, now=now), NewSignIn)


def test_abuse_06_a_flood_of_failures_slows_those_who_take_part_and_nobody_else(now):
    entered = signs_up(now)
    has_account(now, "budi@warga.example")
    guesser = phone(address="198.51.100.9")
    for _ in range(PASSWORDS.patience):
        with pytest.raises(WrongCredentials):
            sign_in("budi@warga.example", "tebakan", browser=guesser, now=now)
    flood(PASSWORDS, now)
    with pytest.raises(SignInSlowed):
        sign_in("budi@warga.example", PASSWORD, browser=guesser, now=now)
    known = phone(device_token=entered.device_token, address="198.51.100.9")
    assert isinstance(sign_in(EMAIL, PASSWORD, browser=known, now=now), NewSignIn)
    assert isinstance(sign_in("budi@warga.example", PASSWORD, browser=phone(), now=now), CodeAsked)
    minute_later = now + timedelta(minutes=1)
    assert isinstance(sign_in("budi@warga.example", PASSWORD, browser=guesser, now=minute_later), CodeAsked)


def test_abuse_06_a_failure_is_counted_over_all_accounts(now, scalar):
    with pytest.raises(WrongCredentials):
        sign_in("tiada@warga.example", "apa saja boleh", browser=phone(), now=now)
    assert scalar("SELECT count FROM rate_counter WHERE name = 'failed_sign_in'") == 1
    assert scalar("SELECT count FROM rate_counter WHERE name = 'failed_sign_in_network'") == 1
