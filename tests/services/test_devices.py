"""The list of devices, and every way to end a sign-in: at the server, at once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from mpaspor.foundation.refusals import NotFound
from mpaspor.people import queries
from mpaspor.people.change_password import change_password
from mpaspor.people.refusals import WeakPassword, WrongPassword
from mpaspor.people.sign_in import signed_in
from mpaspor.people.sign_in.applicants import CodeAsked, enter_with_sign_in_code, sign_in
from mpaspor.people.sign_in.device_names import device_name
from mpaspor.people.sign_in.end_sign_ins import end_device, end_everywhere_else, sign_out
from mpaspor.people.sign_in.let_in import NewSignIn
from tests.stage.accounts import EMAIL, PASSWORD, code_for, has_account, phone

NEW = "perahu kecil menuju pulau Kemaro"
LAPTOP = "Firefox · Windows"
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def account_id(app, now):
    return has_account(now)


def comes_in(now, **browser):
    asked = sign_in(EMAIL, PASSWORD, browser=phone(**browser), now=now)
    return enter_with_sign_in_code(asked.challenge_id, code_for(), browser=phone(**browser), now=now)


def person(entered, now):
    return signed_in.find(entered.sign_in_token, "applicant", now=now)


@pytest.fixture
def both(account_id, now):
    """Siti is signed in on her phone and, two minutes later, on a laptop."""
    return comes_in(now), comes_in(now + timedelta(minutes=2), name=LAPTOP)


def test_every_signed_in_device_is_listed_with_its_name(account_id, both, now):
    names = [device.name for device in queries.devices(account_id, now=now)]
    assert names == [LAPTOP, "Chrome · Android"]


def test_a_device_whose_time_is_over_is_not_listed(account_id, both, now):
    assert queries.devices(account_id, now=now + timedelta(hours=13)) == []


def test_signing_out_ends_it_at_the_server_and_keeps_the_device_known(both, now):
    on_phone, _ = both
    sign_out(person(on_phone, now).sign_in_id, now=now)
    assert person(on_phone, now) is None
    again = sign_in(EMAIL, PASSWORD, browser=phone(device_token=on_phone.device_token), now=now)
    assert isinstance(again, NewSignIn)


def test_a_lost_device_is_signed_out_and_forgotten(account_id, both, now):
    on_phone, on_laptop = both
    end_device(account_id, person(on_laptop, now).sign_in_id, now=now)
    assert person(on_laptop, now) is None and person(on_phone, now) is not None
    later = now + timedelta(minutes=5)
    again = sign_in(EMAIL, PASSWORD, browser=phone(device_token=on_laptop.device_token), now=later)
    assert isinstance(again, CodeAsked)


def test_a_shared_device_that_is_ended_leaves_the_others_alone(account_id, both, now):
    later = now + timedelta(minutes=4)
    shared = comes_in(later, is_shared=True)
    end_device(account_id, person(shared, later).sign_in_id, now=later)
    assert person(shared, later) is None
    assert all(person(entered, later) is not None for entered in both)


def test_a_strangers_device_cannot_be_ended(account_id, both, now):
    with pytest.raises(NotFound):
        end_device(uuid.uuid4(), person(both[0], now).sign_in_id, now=now)
    assert person(both[0], now) is not None


def test_everywhere_else_ends_all_but_this_one(account_id, both, now):
    on_phone, on_laptop = both
    end_everywhere_else(account_id, person(on_phone, now).sign_in_id, now=now)
    assert person(on_phone, now) is not None and person(on_laptop, now) is None
    known = sign_in(EMAIL, PASSWORD, browser=phone(device_token=on_phone.device_token), now=now)
    assert isinstance(known, NewSignIn)


def test_abuse_08_a_new_password_ends_every_old_token_this_ones_too(account_id, both, now):
    on_phone, on_laptop = both
    fresh = change_password(
        account_id,
        PASSWORD,
        NEW,
        sign_in_id=person(on_phone, now).sign_in_id,
        browser=phone(device_token=on_phone.device_token),
        now=now,
    )
    assert person(on_phone, now) is None and person(on_laptop, now) is None
    assert person(fresh, now).account_id == account_id


def test_a_new_password_needs_the_current_one(account_id, both, now):
    sign_in_id = person(both[0], now).sign_in_id
    with pytest.raises(WrongPassword):
        change_password(account_id, "salah sama sekali", NEW, sign_in_id=sign_in_id, browser=phone(), now=now)
    with pytest.raises(WeakPassword):
        change_password(
            account_id, PASSWORD, "siti rahmawati", sign_in_id=sign_in_id, browser=phone(), now=now
        )
    assert all(person(entered, now) is not None for entered in both)


@pytest.mark.parametrize(
    ("says", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36",
            "Chrome · Android",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537.36 Edg/130", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox · Linux"),
        ("Opera/9.80 (Android; Opera Mini/36.2) Presto/2.12", "Opera Mini · Android"),
        ("curl/8", ""),
    ],
)
def test_a_device_has_a_name_that_its_owner_recognises(says, name):
    assert device_name(says) == name
