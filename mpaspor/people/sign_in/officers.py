"""Officers sign in with password and code, in the demo only: elsewhere a real second factor comes first."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.foundation.operations import operation
from mpaspor.people import queries
from mpaspor.people.models import OneTimeCode
from mpaspor.people.refusals import CodeDead, NoSecondFactor, WrongCredentials
from mpaspor.people.rules import CODE_RESEND_AFTER, OFFICER_PASSWORDS, CodePurpose
from mpaspor.people.sign_in import code_gate, codes, known_devices
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.let_in import NewSignIn, enter_with_code
from mpaspor.people.sign_in.password_gate import check_password


def ask_staff_code(email: str, password: str, *, is_demo: bool, browser: Browser, now: datetime) -> uuid.UUID:
    """Check an officer's password and send a code; returns the challenge.

    Raises `NoSecondFactor` outside the demo (DOMAIN §11.4), `WrongCredentials`, `SignInSlowed`, `CodesSpent`.
    """
    if not is_demo:
        raise NoSecondFactor()
    staff = queries.staff_for(email)
    device = known_devices.find(browser.device_token, staff_id=staff.id if staff else None, now=now)
    check_password(
        staff.password_hash if staff else None,
        password,
        subject=f"staff:{email}",
        known_device=str(device.id) if device else None,
        address=browser.address,
        now=now,
        door=OFFICER_PASSWORDS,
    )
    if staff is None:  # unreachable while nobody's password is never right
        raise WrongCredentials()
    return _ask(codes.Recipient(staff.email, staff_id=staff.id), browser=browser, now=now)


def enter_with_staff_code(
    challenge_id: uuid.UUID, code: str, *, is_demo: bool, browser: Browser, now: datetime
) -> NewSignIn:
    """Let the officer in. Raises `NoSecondFactor`, `WrongCode`, `CodeDead`, `TooManyWrongCodes`,
    `CodesSlowed`.
    """
    if not is_demo:
        raise NoSecondFactor()
    return code_gate.answer(
        CodePurpose.OFFICER,
        lambda: _answer(challenge_id, code, browser=browser, now=now),
        browser=browser,
        now=now,
    )


@operation
def _ask(to: codes.Recipient, *, browser: Browser, now: datetime) -> uuid.UUID:
    just_sent = codes.pending(to, CodePurpose.OFFICER, browser=browser, now=now, within=CODE_RESEND_AFTER)
    return just_sent or codes.issue(to, CodePurpose.OFFICER, browser=browser, now=now)


@operation
def _answer(challenge_id: uuid.UUID, code: str, *, browser: Browser, now: datetime) -> NewSignIn:
    def still_serves(row: OneTimeCode) -> None:
        staff = queries.staff_for(row.email)
        if staff is None or staff.id != row.staff_id:
            raise CodeDead()

    return enter_with_code(
        challenge_id, CodePurpose.OFFICER, code, browser=browser, now=now, proved=still_serves
    )
