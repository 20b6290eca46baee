"""A forgotten password: the code proves the mailbox, everything that was open before ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mpaspor.foundation.invariants import broken
from mpaspor.people import invariants
from mpaspor.people.refusals import CodeDead, WeakPassword, WrongCode, WrongCredentials
from mpaspor.people.reset_password import ask_reset, reset_password
from mpaspor.people.rules import Weakness
from mpaspor.people.sign_in import signed_in
from mpaspor.people.sign_in.applicants import CodeAsked, sign_in
from mpaspor.people.sign_in.let_in import NewSignIn
from tests.stage.accounts import (
    EMAIL,
    PASSWORD,
    asks_for_account,
    code_for,
    codes_sent,
    has_account,
    phone,
    signs_up,
    wrong_code,
)

NEW = "perahu kecil menuju pulau Kemaro"
pytestmark = pytest.mark.usefixtures("app")


def test_a_reset_sets_the_password_and_ends_every_other_sign_in(now):
    before = signs_up(now)
    challenge = ask_reset(EMAIL, browser=phone(), now=now)
    entered = reset_password(challenge, code_for(), NEW, browser=phone(name="Edge · Windows"), now=now)
    assert signed_in.find(before.sign_in_token, "applicant", now=now) is None
    assert signed_in.find(entered.sign_in_token, "applicant", now=now) is not None
    with pytest.raises(WrongCredentials):
        sign_in(EMAIL, PASSWORD, browser=phone(), now=now)
    old_phone = phone(device_token=before.device_token)
    assert isinstance(sign_in(EMAIL, NEW, browser=old_phone, now=now), CodeAsked)
    known = phone(device_token=entered.device_token)
    assert isinstance(sign_in(EMAIL, NEW, browser=known, now=now), NewSignIn)
    assert list(broken(invariants.INVARIANTS, now)) == []


def test_nobodys_address_gets_a_page_and_no_code_that_could_be_right(now, scalar):
    challenge = ask_reset("tiada@warga.example", browser=phone(), now=now)
    for _ in range(4):
        with pytest.raises(WrongCode):
            reset_password(challenge, "123456", NEW, browser=phone(), now=now)
    with pytest.raises(CodeDead):
        reset_password(challenge, "123456", NEW, browser=phone(), now=now)
    assert scalar("SELECT count(*) FROM outbox") == 0


def test_a_weak_password_costs_no_try_and_leaves_the_code_good(now, scalar):
    has_account(now)
    challenge = ask_reset(EMAIL, browser=phone(), now=now)
    for weak, why in (("pendek", Weakness.SHORT), ("Siti Rahmawati", Weakness.OWN), (EMAIL, Weakness.OWN)):
        with pytest.raises(WeakPassword) as refused:
            reset_password(challenge, code_for(), weak, browser=phone(), now=now)
        assert refused.value.weakness == why
    assert scalar("SELECT tries FROM one_time_code") == 0
    assert reset_password(challenge, code_for(), NEW, browser=phone(), now=now).sign_in_token


def test_a_wrong_code_changes_nothing(now, scalar):
    has_account(now)
    before = scalar("SELECT password_hash FROM account")
    challenge = ask_reset(EMAIL, browser=phone(), now=now)
    with pytest.raises(WrongCode):
        reset_password(challenge, wrong_code(), NEW, browser=phone(), now=now)
    assert scalar("SELECT password_hash FROM account") == before


def test_whoever_forgot_the_password_before_the_first_code_is_not_stuck(now, scalar):
    asks_for_account(now)
    later = now + timedelta(hours=3)
    challenge = ask_reset(EMAIL, browser=phone(), now=later)
    reset_password(challenge, code_for(), NEW, browser=phone(), now=later)
    assert scalar("SELECT email_verified_at FROM account") == later


def test_two_taps_on_forgotten_send_one_code(now):
    has_account(now)
    assert ask_reset(EMAIL, browser=phone(), now=now) == ask_reset(EMAIL, browser=phone(), now=now)
    assert len(codes_sent()) == 1
