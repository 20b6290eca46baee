"""Codes: ten minutes, five tries, one use; each try is counted, also when a hundred come at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from mpaspor.foundation import outbox_queue
from mpaspor.foundation.invariants import broken
from mpaspor.foundation.refusals import Refusal
from mpaspor.people import invariants
from mpaspor.people.refusals import (
    CodeDead,
    CodesSpent,
    CodeTooSoon,
    NoChallenge,
    TooManyWrongCodes,
    WrongCode,
)
from mpaspor.people.reset_password import ask_reset, reset_password
from mpaspor.people.rules import CODES, CODES_PER_NETWORK, CodePurpose
from mpaspor.people.sign_in import throttle
from mpaspor.people.sign_in.applicants import enter_with_sign_in_code, sign_in
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.let_in import NewSignIn
from mpaspor.people.sign_in.resend_code import resend_code
from mpaspor.people.verify_email import verify_email
from tests.stage.accounts import (
    EMAIL,
    PASSWORD,
    asks_for_account,
    code_for,
    codes_sent,
    has_account,
    phone,
    wrong_code,
)

MINUTE = timedelta(minutes=1)
NEW = "perahu kecil menuju pulau Kemaro"
HUNDRED = 100


def at_once(app, operation: Callable[[int], object], times: int = HUNDRED) -> list[object]:
    """The operation, `times` times from sixteen threads at once: what each returned, or its refusal."""

    def one(number: int) -> object:
        with app.app_context():
            try:
                return operation(number)
            except Refusal as refusal:
                return refusal

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(one, range(times)))


def from_anywhere(number: int) -> Browser:
    """The browser that asked, with another form and from another network each time."""
    return phone(form_key=f"k{number}", address=f"198.51.100.{number}")


def stranger(number: int, address: str = "198.51.100.9") -> Browser:
    """Somebody else's browser, one for each number, all in one network unless it is said."""
    return phone(name="Opera · Linux", token=f"stranger {number}", address=address)


def tries_wrong(challenge, now, times: int, email: str = EMAIL) -> list[str]:
    wrong = wrong_code(email)
    said = []
    for _ in range(times):
        with pytest.raises(Refusal) as refused:
            verify_email(challenge, wrong, browser=phone(), now=now)
        said.append(type(refused.value).__name__)
    return said


def test_abuse_01_a_code_dies_after_five_wrong_tries_and_the_right_one_fails_too(app, now, scalar):
    challenge = asks_for_account(now)
    assert tries_wrong(challenge, now, 7) == ["WrongCode"] * 4 + ["CodeDead"] * 3
    with pytest.raises(CodeDead):
        verify_email(challenge, code_for(), browser=phone(), now=now)
    assert scalar("SELECT tries FROM one_time_code") == 5
    assert scalar("SELECT count(*) FROM sign_in") == 0


def test_abuse_01_no_more_than_ten_wrong_tries_a_day_for_each_purpose(app, now):
    challenge = asks_for_account(now)
    said: Counter[str] = Counter()
    for round_number in range(6):
        moment = now + 2 * MINUTE * round_number
        if round_number:
            resend_code(challenge, CodePurpose.VERIFY, browser=phone(), now=moment)
        said.update(tries_wrong(challenge, moment, 5))
    assert said["WrongCode"] + 2 == 10  # the fifth wrong try of two codes says that the code is dead
    with pytest.raises(TooManyWrongCodes):
        verify_email(challenge, code_for(), browser=phone(), now=now + 10 * MINUTE)


def test_abuse_01_a_strangers_wrong_guesses_never_count_against_the_owner(app, now):
    has_account(now)
    owners = ask_reset(EMAIL, browser=phone(), now=now)
    code = code_for()
    for number in range(3):
        theirs = ask_reset(EMAIL, browser=stranger(number), now=now + MINUTE * number)
        for _ in range(6):
            with pytest.raises((WrongCode, CodeDead)):
                reset_password(theirs, "00000000", NEW, browser=stranger(number), now=now + MINUTE * number)
    assert reset_password(owners, code, NEW, browser=phone(), now=now + MINUTE * 3).sign_in_token


def test_abuse_01_whoever_learns_of_a_challenge_cannot_guess_at_it_from_another_browser(app, now, scalar):
    challenge = asks_for_account(now)
    for _ in range(7):
        with pytest.raises(CodeDead):
            verify_email(challenge, code_for(), browser=stranger(1), now=now)
    assert scalar("SELECT tries FROM one_time_code") == 0
    with pytest.raises(NoChallenge):
        resend_code(challenge, CodePurpose.VERIFY, browser=stranger(1), now=now + MINUTE)
    assert verify_email(challenge, code_for(), browser=phone(), now=now).sign_in_token


def test_abuse_01_guesses_over_many_accounts_stop_a_network_and_not_the_others(app, now):
    refused = Counter()
    for number in range(12):
        own = f"+62812{number:04}7890"
        challenge = asks_for_account(now, f"orang{number}@gmail.com", browser=stranger(number), phone=own)
        for _ in range(5):
            with pytest.raises(Refusal) as said:
                verify_email(challenge, "000000", browser=stranger(number), now=now)
            refused[type(said.value).__name__] += 1
    assert refused["CodesSlowed"] == 60 - CODES.network.allowed
    challenge = asks_for_account(now)
    assert verify_email(challenge, code_for(), browser=phone(), now=now).sign_in_token


def test_abuse_01_a_flood_of_wrong_codes_from_everywhere_leaves_a_fresh_network_its_tries(app, now):
    for _ in range(CODES.everywhere.allowed):
        throttle.count(CODES.everywhere, "all", now=now)
    challenge = asks_for_account(now)
    assert tries_wrong(challenge, now, 4) == ["WrongCode"] * 3 + ["CodesSlowed"]
    other = asks_for_account(now, "budi@warga.example", browser=stranger(1))
    assert verify_email(other, code_for("budi@warga.example"), browser=stranger(1), now=now).sign_in_token


def test_the_code_of_a_reset_is_longer_than_the_others(app, now):
    has_account(now)
    ask_reset(EMAIL, browser=phone(), now=now)
    assert len(code_for()) == 8


def test_abuse_01_tomorrow_the_owner_may_try_again(app, now):
    challenge = asks_for_account(now)
    tries_wrong(challenge, now, 5)
    resend_code(challenge, CodePurpose.VERIFY, browser=phone(), now=now + MINUTE)
    tries_wrong(challenge, now + MINUTE, 5)
    later = now + timedelta(days=1, minutes=2)
    resend_code(challenge, CodePurpose.VERIFY, browser=phone(), now=later)
    assert verify_email(challenge, code_for(), browser=phone(), now=later).sign_in_token


@pytest.mark.real_clock
def test_abuse_02_a_hundred_right_codes_at_once_let_in_exactly_one(app, now, scalar):
    challenge, code = asks_for_account(now), None
    code = code_for()
    said = at_once(app, lambda n: verify_email(challenge, code, browser=from_anywhere(n), now=now))
    assert sum(isinstance(answer, NewSignIn) for answer in said) == 1
    assert all(isinstance(answer, NewSignIn | CodeDead) for answer in said)
    assert scalar("SELECT count(*) FROM sign_in") == 1
    assert scalar("SELECT count(*) FROM known_device") == 1
    assert list(broken(invariants.INVARIANTS, now)) == []


@pytest.mark.real_clock
def test_abuse_02_a_hundred_wrong_codes_at_once_are_all_counted_up_to_the_death_of_the_code(app, now, scalar):
    challenge = asks_for_account(now)
    wrong = wrong_code()
    said = at_once(app, lambda n: verify_email(challenge, wrong, browser=from_anywhere(n), now=now))
    names = Counter(type(answer).__name__ for answer in said)
    assert names == {"WrongCode": 4, "CodeDead": 96}
    assert sorted(answer.facts["left"] for answer in said if isinstance(answer, WrongCode)) == [1, 2, 3, 4]
    assert scalar("SELECT tries FROM one_time_code") == 5


def test_the_twin_of_a_double_tap_gets_the_sign_in_of_the_first(app, now, scalar):
    challenge = asks_for_account(now)
    code = code_for()
    said = at_once(app, lambda _n: verify_email(challenge, code, browser=phone(form_key="same"), now=now), 8)
    assert len({answer.sign_in_token for answer in said if isinstance(answer, NewSignIn)}) == 1
    assert all(isinstance(answer, NewSignIn) and answer.device_token for answer in said)
    assert scalar("SELECT count(*) FROM sign_in") == 1


def test_another_form_gets_nothing_from_a_used_code(app, now):
    challenge = asks_for_account(now)
    code = code_for()
    verify_email(challenge, code, browser=phone(form_key="first"), now=now)
    for other in (phone(form_key="second"), phone()):
        with pytest.raises(CodeDead):
            verify_email(challenge, code, browser=other, now=now)


def test_a_code_lives_ten_minutes(app, now):
    challenge = asks_for_account(now)
    with pytest.raises(CodeDead):
        verify_email(challenge, code_for(), browser=phone(), now=now + 10 * MINUTE)
    assert verify_email(
        challenge, code_for(), browser=phone(), now=now + 10 * MINUTE - timedelta(seconds=1)
    ).sign_in_token


def test_a_newer_code_replaces_the_one_before(app, now):
    challenge = asks_for_account(now)
    first = code_for()
    resend_code(challenge, CodePurpose.VERIFY, browser=phone(), now=now + MINUTE)
    if first == code_for():
        pytest.skip("one chance in a million: both codes are the same digits")
    with pytest.raises(WrongCode):
        verify_email(challenge, first, browser=phone(), now=now + MINUTE)


def test_a_browser_that_missed_the_answer_to_send_again_can_use_the_newer_code(app, now):
    challenge = asks_for_account(now)
    resend_code(challenge, CodePurpose.VERIFY, browser=phone(), now=now + MINUTE)
    assert verify_email(challenge, code_for(), browser=phone(), now=now + MINUTE).sign_in_token


def test_abuse_03_ten_codes_a_day_for_one_address_and_purpose(app, now):
    challenge = asks_for_account(now)
    for number in range(1, 10):
        resend_code(challenge, CodePurpose.VERIFY, browser=phone(), now=now + MINUTE * number)
    with pytest.raises(CodesSpent) as refused:
        resend_code(challenge, CodePurpose.VERIFY, browser=phone(), now=now + MINUTE * 10)
    assert refused.value.facts["count"] == 10
    assert len(codes_sent()) == 10


def test_abuse_03_a_stranger_elsewhere_cannot_use_up_the_owners_codes(app, now):
    has_account(now)
    for number in range(10):
        ask_reset(EMAIL, browser=stranger(number), now=now + MINUTE * number)
    with pytest.raises(CodesSpent):
        ask_reset(EMAIL, browser=stranger(11), now=now + MINUTE * 10)
    assert ask_reset(EMAIL, browser=phone(), now=now + MINUTE * 10)
    assert len(codes_sent()) == 11


def test_abuse_03_many_strangers_cannot_flood_a_mailbox_nor_shut_out_a_known_device(app, now):
    challenge = asks_for_account(now)
    entered = verify_email(challenge, code_for(), browser=phone(), now=now)
    said = Counter()
    for number in range(40):
        try:
            ask_reset(EMAIL, browser=stranger(number, f"198.51.100.{number}"), now=now)
            said["sent"] += 1
        except CodesSpent:
            said["spent"] += 1
    assert said == {"sent": 30, "spent": 10}
    with pytest.raises(CodesSpent):
        ask_reset(EMAIL, browser=phone(), now=now)
    assert ask_reset(EMAIL, browser=phone(device_token=entered.device_token), now=now)
    assert list(broken(invariants.INVARIANTS, now)) == []


@pytest.mark.real_clock
def test_abuse_03_codes_asked_at_once_are_still_one_a_minute(app, now):
    challenge = asks_for_account(now)
    later = now + MINUTE
    said = at_once(
        app, lambda _n: resend_code(challenge, CodePurpose.VERIFY, browser=phone(), now=later), times=20
    )
    assert sum(isinstance(answer, CodeTooSoon) for answer in said) == 19
    assert len(codes_sent()) == 2


@pytest.mark.real_clock
def test_abuse_03_one_place_cannot_ask_codes_for_a_thousand_addresses(app, now, scalar):
    said = at_once(app, lambda n: ask_reset(f"orang{n}@warga.example", browser=phone(), now=now))
    assert sum(isinstance(answer, Refusal) for answer in said) == HUNDRED - CODES_PER_NETWORK.allowed


def test_abuse_03_the_same_budget_for_an_address_that_nobody_has(app, now, scalar):
    for number in range(10):
        ask_reset("tiada@warga.example", browser=phone(), now=now + MINUTE * number)
    with pytest.raises(CodesSpent):
        ask_reset("tiada@warga.example", browser=phone(), now=now + MINUTE * 10)
    assert scalar("SELECT count(*) FROM outbox") == 0


def test_abuse_04_a_code_opens_only_its_own_challenge(app, now):
    sitis = asks_for_account(now)
    budis = asks_for_account(now, "budi@warga.example")
    with pytest.raises(WrongCode):
        verify_email(
            budis,
            code_for() if code_for() != code_for("budi@warga.example") else "x",
            browser=phone(),
            now=now,
        )
    assert verify_email(sitis, code_for(), browser=phone(), now=now).sign_in_token


def test_abuse_04_a_code_for_signing_in_changes_no_password(app, now, scalar):
    has_account(now)
    before = scalar("SELECT password_hash FROM account")
    asked = sign_in(EMAIL, PASSWORD, browser=phone(), now=now)
    with pytest.raises(CodeDead):
        reset_password(asked.challenge_id, code_for(), "sandi baru yang panjang", browser=phone(), now=now)
    assert scalar("SELECT password_hash FROM account") == before
    assert enter_with_sign_in_code(asked.challenge_id, code_for(), browser=phone(), now=now).sign_in_token


def test_a_code_leaves_through_the_outbox_and_is_wiped_when_sent(app, now, scalar):
    asks_for_account(now)
    code = code_for()
    (row,) = outbox_queue.claim(urgent=True, limit=5, now=now)
    assert (row.kind, row.secret, row.payload["purpose"]) == ("email_code", code, "verify")
    assert scalar("SELECT dedupe_key FROM outbox") == f"email_code:{row.ref}"
