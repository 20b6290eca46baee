"""Officers come in by password and second factor: each code once, guesses counted, paper for a lost phone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from mpaspor.foundation import clock
from mpaspor.foundation.database import db
from mpaspor.foundation.encryption import CannotUnseal
from mpaspor.foundation.invariants import broken
from mpaspor.foundation.operations import operation
from mpaspor.foundation.refusals import Refusal
from mpaspor.people import invariants
from mpaspor.people.models import Staff, StaffTotp
from mpaspor.people.refusals import (
    AppDiffers,
    ChallengeOver,
    CodeUsed,
    FactorLocked,
    LinkOver,
    NoSecondFactor,
    SignInSlowed,
    WeakPassword,
    WrongCode,
    WrongCredentials,
)
from mpaspor.people.rules import (
    CHALLENGE_LIFE,
    LINK_LIFE,
    OFFICER_PASSWORDS,
    PASSWORDS,
    SIGN_INS_PER_ADDRESS,
    WRONG_TRIES_A_DAY,
    LinkPurpose,
)
from mpaspor.people.second_factor import apps, links, recovery_codes, totp
from mpaspor.people.second_factor.accept_link import accept_link
from mpaspor.people.sign_in import signed_in, throttle
from mpaspor.people.sign_in.officers import check_staff_password, enter_with_factor, prove_again
from mpaspor.people.staff_accounts import dismiss_staff, link_for
from tests.stage.accounts import HOME, flood
from tests.stage.officers_in import (
    EMAIL,
    PASSWORD,
    Telephone,
    computer,
    invited,
    joins,
    serves,
    signs_in,
    telephone_of,
)

pytestmark = pytest.mark.usefixtures("app")
HALF = timedelta(seconds=30)
PAPER = ["ABCDE12345", "FGHJK67890"]


def asks(now, browser=None):
    return check_staff_password(EMAIL, PASSWORD, browser=browser or computer(), now=now)


def test_an_officer_signs_in_with_password_and_app(now):
    phone = serves(now, roles=("reception", "supervisor"))
    entered = signs_in(phone, now)
    person = signed_in.find(entered.sign_in_token, "officer", now=now)
    assert person.roles == {"reception", "supervisor"} and person.office_id is not None
    assert person.proved_at == now
    assert signed_in.find(entered.sign_in_token, "applicant", now=now) is None
    assert list(broken(invariants.INVARIANTS, now)) == []


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_telephone_whose_clock_is_half_a_minute_off_still_works(now, steps):
    phone = serves(now - HALF * 4)
    assert enter_with_factor(asks(now), phone.shows(now, steps=steps), browser=computer(), now=now)


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_of_another_minute_is_wrong(now, steps):
    phone = serves(now - HALF * 4)
    with pytest.raises(WrongCode):
        enter_with_factor(asks(now), phone.shows(now, steps=steps), browser=computer(), now=now)


def test_abuse_10_a_code_that_somebody_looked_over_the_shoulder_at_is_used_up(now):
    phone = serves(now)
    signs_in(phone, now)
    thief = computer(token="another browser", address="198.51.100.9")
    challenge = asks(now, thief)
    with pytest.raises(CodeUsed):
        enter_with_factor(challenge, phone.shows(now), browser=thief, now=now)
    # Nor does the one before it, though the clock would still let it pass.
    with pytest.raises(CodeUsed):
        enter_with_factor(challenge, phone.shows(now, steps=-1), browser=thief, now=now)
    assert enter_with_factor(challenge, phone.shows(now, steps=1), browser=thief, now=now)


@pytest.mark.real_clock
def test_abuse_02_of_a_hundred_equal_codes_at_once_one_lets_in(app: Flask, now, scalar):
    phone = serves(now)
    browsers = [computer(token=f"browser {number}") for number in range(12)]
    challenges = [asks(now, browser) for browser in browsers[:8]]

    def enters(number: int) -> str:
        with app.app_context(), clock.at(now):
            try:
                enter_with_factor(challenges[number], phone.shows(now), browser=browsers[number], now=now)
            except Refusal as refusal:
                return type(refusal).__name__
            return "in"

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(enters, range(8)))
    assert outcomes == ["CodeUsed"] * 7 + ["in"]
    assert scalar("SELECT count(*) FROM sign_in WHERE staff_id IS NOT NULL") == 1


@pytest.mark.real_clock
def test_abuse_02_wrong_codes_at_once_are_all_counted(app: Flask, now, scalar):
    phone = serves(now)
    challenge = asks(now)

    def guesses(_number: int) -> str:
        with app.app_context(), clock.at(now):
            try:
                enter_with_factor(challenge, phone.wrong(now), browser=computer(), now=now)
            except Refusal as refusal:
                return type(refusal).__name__
            return "in"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(guesses, range(16)))
    assert outcomes.count("WrongCode") == WRONG_TRIES_A_DAY - 1
    assert outcomes.count("FactorLocked") == 16 - (WRONG_TRIES_A_DAY - 1)
    assert scalar("SELECT wrong_tries FROM staff_totp") == WRONG_TRIES_A_DAY


def test_abuse_01_after_ten_wrong_codes_the_right_one_fails_until_the_next_day(now):
    phone = serves(now)
    challenge = asks(now)
    for left in range(WRONG_TRIES_A_DAY - 1, 0, -1):
        with pytest.raises(WrongCode) as wrong:
            enter_with_factor(challenge, phone.wrong(now), browser=computer(), now=now)
        assert wrong.value.facts["left"] == left
    with pytest.raises(FactorLocked):
        enter_with_factor(challenge, phone.wrong(now), browser=computer(), now=now)
    with pytest.raises(FactorLocked) as locked:
        enter_with_factor(challenge, phone.shows(now), browser=computer(), now=now)
    assert locked.value.retry_after == 24 * 3600
    assert signs_in(phone, now + timedelta(days=1)).sign_in_token


def test_abuse_01_wrong_codes_count_whatever_the_browser_and_the_challenge(now):
    phone = serves(now)
    for number in range(WRONG_TRIES_A_DAY - 1):
        browser = computer(token=f"browser {number}", address=f"198.51.100.{number}")
        with pytest.raises(WrongCode):
            enter_with_factor(
                asks(now + timedelta(minutes=16 * number), browser),
                phone.wrong(now),
                browser=browser,
                now=now + timedelta(minutes=16 * number),
            )
    last = now + timedelta(minutes=16 * WRONG_TRIES_A_DAY)
    with pytest.raises(FactorLocked):
        enter_with_factor(asks(last), phone.wrong(last), browser=computer(), now=last)


def test_abuse_04_the_password_shown_in_one_browser_asks_for_no_code_in_another(now):
    phone = serves(now)
    challenge = asks(now)
    with pytest.raises(ChallengeOver):
        enter_with_factor(challenge, phone.shows(now), browser=computer(token="another"), now=now)
    with pytest.raises(ChallengeOver):
        late = now + CHALLENGE_LIFE
        enter_with_factor(challenge, phone.shows(late), browser=computer(), now=late)


def test_the_twin_of_a_double_tap_gets_the_same_sign_in(now):
    phone = serves(now)
    form = computer(form_key="one form")
    challenge = asks(now, form)
    first = enter_with_factor(challenge, phone.shows(now), browser=form, now=now)
    assert enter_with_factor(challenge, phone.shows(now), browser=form, now=now) == first
    with pytest.raises(ChallengeOver):
        another = computer(form_key="another form")
        enter_with_factor(challenge, phone.shows(now, steps=1), browser=another, now=now)


def test_a_secret_opens_in_the_row_of_its_officer_alone(now):
    serves(now)
    serves(now, email="dian@kantor.example")
    rina, dian = db.session.query(StaffTotp).order_by(StaffTotp.set_at).all()
    with pytest.raises(CannotUnseal):
        totp.unseal(rina.secret, dian.staff_id)


def test_abuse_47_no_secret_and_no_code_on_paper_lies_in_the_database(now, scalar):
    phone = joins(invited(now), now, codes=PAPER)
    whole = scalar(
        "SELECT string_agg(t::text, ' ') FROM (SELECT s::text AS t FROM staff_totp s"
        " UNION ALL SELECT r::text FROM staff_recovery_code r UNION ALL SELECT l::text FROM staff_link l"
        " UNION ALL SELECT k::text FROM one_time_key k) all_of_them"
    )
    hidden = (phone.secret, *PAPER)
    assert all(word not in whole and word.encode().hex() not in whole for word in hidden)


# Codes on paper.


def test_a_code_on_paper_lets_in_once_and_is_told(now, scalar):
    joins(invited(now), now, codes=PAPER)
    assert enter_with_factor(asks(now), "abcde-12345", browser=computer(), now=now)
    again = asks(now + timedelta(minutes=1))
    with pytest.raises(WrongCode):
        enter_with_factor(again, PAPER[0], browser=computer(), now=now + timedelta(minutes=1))
    assert (
        scalar("SELECT payload ->> 'left' FROM outbox WHERE payload ->> 'what' = 'recovery_code_used'") == "1"
    )
    assert scalar("SELECT count(*) FROM event WHERE kind = 'recovery_code_used'") == 1


def test_new_codes_void_the_old_ones(now):
    joins(invited(now), now, codes=PAPER)
    rina = db.session.query(Staff.id).scalar()
    fresh = recovery_codes.fresh(rina, "a form")
    assert len(set(fresh)) == 10 and fresh == recovery_codes.fresh(rina, "a form")
    assert not set(fresh) & set(recovery_codes.fresh(rina, "another form"))
    apps.make_recovery_codes(rina, fresh, now=now)
    assert recovery_codes.left(rina) == 10
    with pytest.raises(WrongCode):
        enter_with_factor(asks(now), PAPER[0], browser=computer(), now=now)
    assert enter_with_factor(asks(now), fresh[3], browser=computer(), now=now)
    assert list(broken(invariants.INVARIANTS, now)) == []


# The one-time link.


def test_a_link_makes_password_and_app_once(now):
    token = invited(now)
    joins(token, now)
    with pytest.raises(LinkOver):
        joins(token, now)
    assert not links.find(token, now=now).is_open


def test_a_link_runs_out_and_a_newer_one_takes_its_place(now):
    old = invited(now)
    with pytest.raises(LinkOver):
        joins(old, now + LINK_LIFE)
    new = link_for(EMAIL, now=now).token
    with pytest.raises(LinkOver):
        joins(old, now)
    assert joins(new, now)


def test_a_link_wants_a_good_password_and_the_code_of_its_own_secret(now):
    token = invited(now)
    found = links.find(token, now=now)
    given = {"codes": [], "key": None, "browser": computer(), "now": now}
    with pytest.raises(WeakPassword):
        accept_link(token, found, password="imigrasi2026", code="000000", **given)
    with pytest.raises(AppDiffers):
        other = Telephone(links.secret_for("another link"))
        accept_link(token, found, password=PASSWORD, code=other.shows(now), **given)
    assert joins(token, now)


def test_nobody_signs_in_before_the_link_was_used(now):
    invited(now)
    with pytest.raises(WrongCredentials):
        asks(now)


def test_a_lost_telephone_ends_everything_of_before(now):
    phone = serves(now)
    entered = signs_in(phone, now)
    token = link_for(EMAIL, now=now).token
    assert signed_in.find(entered.sign_in_token, "officer", now=now) is None
    with pytest.raises(WrongCredentials):
        asks(now)
    fresh = joins(token, now)
    assert fresh.secret != phone.secret and signs_in(fresh, now)


def test_a_link_for_the_app_alone_wants_the_password_that_stands(now):
    serves(now)
    rina = db.session.query(Staff.id).scalar()
    token = _gives(rina, LinkPurpose.FACTOR, now)
    found = links.find(token, now=now)
    phone = Telephone(found.secret)
    given = {"codes": PAPER, "key": None, "browser": computer(), "now": now}
    with pytest.raises(WrongCredentials):
        accept_link(token, found, password="bukan sandinya itu", code=phone.shows(now), **given)
    accept_link(token, found, password=PASSWORD, code=phone.shows(now), **given)
    assert telephone_of(EMAIL) == phone


def test_a_link_for_the_password_alone_wants_the_app_that_stands(now):
    phone = serves(now)
    rina = db.session.query(Staff.id).scalar()
    token = _gives(rina, LinkPurpose.PASSWORD, now)
    found = links.find(token, now=now)
    given = {"codes": [], "key": None, "browser": computer(), "now": now}
    new = "perahu kecil menuju pulau Kemaro"
    with pytest.raises(WrongCode):
        accept_link(token, found, password=new, code=phone.wrong(now), **given)
    accept_link(token, found, password=new, code=phone.shows(now), **given)
    assert telephone_of(EMAIL) == phone
    with pytest.raises(WrongCredentials):
        asks(now)
    assert check_staff_password(EMAIL, new, browser=computer(), now=now)


def test_an_officer_without_an_app_is_told_so_after_the_right_password_only(now):
    serves(now)
    db.session.query(StaffTotp).delete()
    db.session.commit()
    with pytest.raises(WrongCredentials):
        check_staff_password(EMAIL, "bukan sandinya itu", browser=computer(), now=now)
    with pytest.raises(NoSecondFactor):
        asks(now)


# Another telephone, and once more.


def test_another_telephone_takes_the_old_ones_place(now):
    phone = serves(now)
    here, there = signs_in(phone, now), signs_in(phone, now + HALF, computer(token="at home"))
    person = signed_in.find(here.sign_in_token, "officer", now=now)
    later = now + timedelta(minutes=2)
    fresh = Telephone(apps.offered(person.staff_id, person.sign_in_id))
    apps.change_app(person.staff_id, person.sign_in_id, fresh.shows(later), now=later)
    assert telephone_of(EMAIL) == fresh != phone
    assert signed_in.find(here.sign_in_token, "officer", now=later) is not None
    assert signed_in.find(there.sign_in_token, "officer", now=later) is None


def test_a_code_proves_a_sign_in_anew(now):
    phone = serves(now)
    entered = signs_in(phone, now)
    later = now + timedelta(minutes=20)
    with pytest.raises(WrongCode):
        prove_again(entered.sign_in_id, phone.wrong(later), browser=computer(), now=later)
    prove_again(entered.sign_in_id, phone.shows(later), browser=computer(), now=later)
    prove_again(entered.sign_in_id, phone.shows(later), browser=computer(), now=later)  # a double tap
    assert signed_in.find(entered.sign_in_token, "officer", now=later).proved_at == later
    with pytest.raises(CodeUsed):
        much_later = later + timedelta(seconds=25)
        prove_again(entered.sign_in_id, phone.shows(later), browser=computer(), now=much_later)


# Floods, and the end.


def test_abuse_06_a_flood_at_the_applicants_door_slows_no_officer(now):
    phone = serves(now)
    flood(PASSWORDS, now)
    for _ in range(PASSWORDS.network.allowed):
        throttle.count(PASSWORDS.network, HOME, now=now)
    assert signs_in(phone, now).sign_in_token


def test_abuse_06_a_flood_at_the_officers_door_slows_no_officer_on_a_known_device(now):
    phone = serves(now)
    desk = computer(device_token=signs_in(phone, now).device_token)
    later = now + timedelta(minutes=2)
    flood(OFFICER_PASSWORDS, later)
    for number in range(SIGN_INS_PER_ADDRESS.allowed - 1):  # the officer has signed in once
        guesser = computer(address=f"198.51.100.{number}")
        with pytest.raises(WrongCredentials):
            check_staff_password(EMAIL, "tebakan", browser=guesser, now=later)
    with pytest.raises(SignInSlowed):
        check_staff_password(EMAIL, PASSWORD, browser=guesser, now=later)
    assert signs_in(phone, later, desk).sign_in_token


def test_abuse_08_a_dismissed_officer_is_out_at_once_and_stays_out(now):
    phone = serves(now)
    entered = signs_in(phone, now)
    waiting = asks(now + HALF)
    dismiss_staff(EMAIL, now=now + HALF)
    assert signed_in.find(entered.sign_in_token, "officer", now=now) is None
    with pytest.raises(ChallengeOver):
        enter_with_factor(waiting, phone.shows(now + HALF), browser=computer(), now=now + HALF)
    with pytest.raises(WrongCredentials):
        asks(now + HALF)
    assert list(broken(invariants.INVARIANTS, now)) == []


def _gives(staff_id, purpose, now) -> str:
    return operation(lambda: links.give(staff_id, purpose, given_by=None, now=now).token)()
