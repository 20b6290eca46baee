"""Signing up: an account that waits for the proof of its address, and tells nobody who else has one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mpaspor.foundation.invariants import broken
from mpaspor.foundation.one_time_keys import OneTimeKey, body_hash
from mpaspor.foundation.refusals import KeyReused
from mpaspor.people import invariants
from mpaspor.people.correct_email import correct_email
from mpaspor.people.mail_domains import giver_of
from mpaspor.people.refusals import (
    AddressTaken,
    CodeTooSoon,
    DomainUsedOften,
    NoChallenge,
    PhoneUsedOften,
    SignUpsSlowed,
    WeakPassword,
)
from mpaspor.people.rules import (
    SIGN_UPS_PER_DOMAIN,
    SIGN_UPS_PER_NETWORK,
    SIGN_UPS_PER_PHONE,
    SIGN_UPS_PER_PHONE_RANGE,
    CodePurpose,
    Weakness,
)
from mpaspor.people.sign_in import signed_in
from mpaspor.people.sign_in.resend_code import resend_code
from mpaspor.people.sign_up import sign_up
from mpaspor.people.verify_email import verify_email
from tests.stage.accounts import (
    EMAIL,
    PASSWORD,
    asks_for_account,
    code_for,
    codes_sent,
    details,
    has_account,
    phone,
    signs_up,
)

MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("app")


def test_a_new_account_is_signed_in_by_its_code_and_owns_the_address(now, scalar):
    entered = signs_up(now)
    person = signed_in.find(entered.sign_in_token, "applicant", now=now)
    assert person is not None and person.name == "Siti Rahmawati"
    assert scalar("SELECT email_verified_at FROM account") == now
    assert entered.device_token
    assert list(broken(invariants.INVARIANTS, now)) == []


def test_a_code_and_a_password_are_never_stored_as_typed(now, scalar):
    challenge = asks_for_account(now)
    code = code_for()
    assert scalar("SELECT octet_length(code_hash) FROM one_time_code") == 32
    assert scalar("SELECT password_hash LIKE '$argon2id$%' FROM account") is True
    assert scalar("SELECT payload::text LIKE :c FROM outbox", c=f"%{code}%") is False
    assert scalar("SELECT id FROM one_time_code") == challenge


def test_a_double_tap_makes_one_account(now, scalar):
    key = OneTimeKey(None, "/daftar", "k" * 16, body_hash([("email", EMAIL)]), now)
    first = sign_up(details(), PASSWORD, browser=phone(), key=key, now=now)
    again = sign_up(details(), PASSWORD, browser=phone(), key=key, now=now)
    assert first == again
    assert scalar("SELECT count(*) FROM account") == 1
    assert len(codes_sent()) == 1


def test_another_body_under_the_same_key_is_refused(now):
    key = OneTimeKey(None, "/daftar", "k" * 16, body_hash([("email", EMAIL)]), now)
    other = OneTimeKey(None, "/daftar", "k" * 16, body_hash([("email", "lain@warga.example")]), now)
    first = sign_up(details(), PASSWORD, browser=phone(), key=key, now=now)
    with pytest.raises(KeyReused) as refused:
        sign_up(details("lain@warga.example"), PASSWORD, browser=phone(), key=other, now=now)
    assert refused.value.facts["answer"] == {"challenge": str(first)}


def test_a_taken_address_gets_a_letter_and_the_same_answer(now, scalar):
    has_account(now)
    challenge = asks_for_account(now)
    assert challenge is not None
    assert codes_sent() == []
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'account_exists'") == 1


def test_who_guesses_the_unsent_code_of_a_taken_address_still_gets_nothing(now, scalar, monkeypatch):
    monkeypatch.setattr("mpaspor.people.sign_in.codes.secrets.randbelow", lambda _limit: 42)
    has_account(now)
    challenge = asks_for_account(now)
    with pytest.raises(AddressTaken):
        verify_email(challenge, "000042", browser=phone(), now=now)
    assert scalar("SELECT count(*) FROM sign_in") == 0


def test_the_first_of_two_waiting_accounts_to_prove_the_address_has_it(now, scalar):
    stranger = asks_for_account(now, full_name="Orang Lain")
    strangers_code = code_for()
    owner = asks_for_account(now + 2 * MINUTE)
    verify_email(owner, code_for(), browser=phone(), now=now + 2 * MINUTE)
    with pytest.raises(AddressTaken):
        verify_email(stranger, strangers_code, browser=phone(), now=now + 3 * MINUTE)
    assert scalar("SELECT full_name FROM account WHERE email_verified_at IS NOT NULL") == "Siti Rahmawati"


def test_a_mistyped_address_is_corrected_before_it_is_verified(now, scalar):
    challenge = asks_for_account(now, "salah@warga.example")
    correct_email(challenge, EMAIL, browser=phone(), now=now)
    verify_email(challenge, code_for(), browser=phone(), now=now)
    assert scalar("SELECT email FROM account") == EMAIL


def test_the_code_to_the_old_address_dies_with_the_correction(now):
    challenge = asks_for_account(now, "salah@warga.example")
    old_code = code_for("salah@warga.example")
    correct_email(challenge, EMAIL, browser=phone(), now=now)
    if old_code == code_for():
        pytest.skip("one chance in a million: both codes are the same digits")
    with pytest.raises(Exception, match="WrongCode"):
        verify_email(challenge, old_code, browser=phone(), now=now)


def test_a_lost_answer_to_the_correction_does_not_strand_the_browser(now):
    challenge = asks_for_account(now, "salah@warga.example")
    correct_email(challenge, EMAIL, browser=phone(), now=now)
    assert verify_email(challenge, code_for(), browser=phone(), now=now).sign_in_token


def test_a_verified_address_is_not_corrected_here(now):
    challenge = asks_for_account(now)
    verify_email(challenge, code_for(), browser=phone(), now=now)
    with pytest.raises(NoChallenge):
        correct_email(challenge, "baru@warga.example", browser=phone(), now=now)


def test_a_correction_to_a_taken_address_tells_only_its_owner(now, scalar):
    has_account(now)
    challenge = asks_for_account(now, "baru@warga.example")
    correct_email(challenge, EMAIL, browser=phone(), now=now)
    assert codes_sent() == []
    assert scalar("SELECT count(*) FROM outbox WHERE kind = 'account_exists'") == 1


def test_another_code_comes_after_a_minute_and_not_before(now):
    challenge = asks_for_account(now)
    with pytest.raises(CodeTooSoon) as refused:
        resend_code(challenge, CodePurpose.VERIFY, browser=phone(), now=now + timedelta(seconds=20))
    assert refused.value.retry_after == 40
    resend_code(challenge, CodePurpose.VERIFY, browser=phone(), now=now + MINUTE)
    assert len(codes_sent()) == 2


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("pendek", Weakness.SHORT),
        ("a1" * 65, Weakness.LONG),
        ("Paspor2026!!", Weakness.COMMON),
        ("imigrasi-palembang", Weakness.COMMON),
        ("bismillah123", Weakness.COMMON),
        ("siti rahmawati", Weakness.OWN),
        ("081234567890", Weakness.OWN),
        ("1671011408960001", Weakness.OWN),
        ("qwertyuiop", Weakness.PATTERN),
        ("abcabcabcabc", Weakness.PATTERN),
    ],
)
def test_a_password_that_others_would_guess_is_refused_with_its_reason(now, password, why):
    with pytest.raises(WeakPassword) as refused:
        sign_up(details(), password, browser=phone(), now=now)
    assert refused.value.weakness == why


def test_a_long_password_with_any_signs_is_taken_and_checked_exactly(now):
    from mpaspor.people.passwords import hash_password, is_right

    password = "  Kucing ♥ minum-kopi di bulan purnama, " + "x7" * 40
    sign_up(details(), password, browser=phone(), now=now)
    hashed = hash_password(password)
    assert is_right(hashed, password)
    assert not is_right(hashed, password.strip())
    assert not is_right(hashed, password.lower())


def test_one_place_cannot_make_accounts_without_end(now):
    for number in range(SIGN_UPS_PER_NETWORK.allowed):
        asks_for_account(now, f"orang{number}@gmail.com", phone=f"+62812{number:04}7890")
    with pytest.raises(SignUpsSlowed):
        asks_for_account(now, "satu.lagi@gmail.com", phone="+6281299997890")


def test_abuse_23_one_number_makes_few_accounts_and_its_owner_elsewhere_still_gets_one(now):
    for n in range(SIGN_UPS_PER_PHONE.allowed):
        asks_for_account(now, f"orang{n}@gmail.com")
    with pytest.raises(PhoneUsedOften) as refused:
        asks_for_account(now, "satu.lagi@gmail.com")
    assert refused.value.retry_after == 23 * 3600  # until midnight UTC
    owner = phone(token="owner's", address="198.51.100.9")
    asks_for_account(now, browser=owner)
    with pytest.raises(PhoneUsedOften):
        asks_for_account(now, "lagi@gmail.com", browser=owner)
    asks_for_account(now + timedelta(days=1), "besok@gmail.com")


def test_abuse_23_a_range_of_numbers_makes_few_accounts(now):
    for n in range(SIGN_UPS_PER_PHONE_RANGE.allowed):
        asks_for_account(now, f"orang{n}@gmail.com", phone=f"+6281234567{n:03}")
    with pytest.raises(PhoneUsedOften):
        asks_for_account(now, "satu.lagi@gmail.com", phone="+6281234567999")
    asks_for_account(now, "satu.lagi@gmail.com", phone="+6281234568999")


def test_abuse_23_a_throw_away_domain_makes_few_accounts_from_however_many_networks(now, scalar):
    def asks(n: int, domain: str) -> None:
        browser = phone(token=f"{n}", address=f"198.51.{n}.9")
        asks_for_account(now, f"orang{n}@{domain}", browser=browser, phone=f"+62812{n:04}7890")

    for n in range(SIGN_UPS_PER_DOMAIN.allowed):
        asks(n, f"s{n}.buang.example")
    with pytest.raises(DomainUsedOften) as refused:
        asks(99, "buang.example")
    assert refused.value.facts["domain"] == "buang.example"
    asks(99, "gmail.com")
    challenge = scalar("SELECT challenge_id FROM one_time_code WHERE email = 'orang99@gmail.com'")
    with pytest.raises(DomainUsedOften):
        correct_email(challenge, "x@buang.example", browser=phone(token="99", address=None), now=now)


@pytest.mark.parametrize(
    ("address", "giver"),
    [
        ("a@gmail.com", None),
        ("a@yahoo.co.id", None),
        ("a@yahoo.com.sg", None),
        ("a@hotmail.fr", None),
        ("a@proton.me", None),
        ("a@dosen.unsri.ac.id", None),
        ("a@kemenkeu.go.id", None),
        ("a@gmail.com.buang.id", "buang.id"),
        ("a@gmail.buang.com", "buang.com"),
        ("a@x.y.buang.co.id", "buang.co.id"),
        ("a@gmail.xyz", "gmail.xyz"),
        ("a@go.id.buang.com", "buang.com"),
    ],
)
def test_big_providers_and_proved_institutions_are_not_counted(address, giver):
    assert giver_of(address) == giver
