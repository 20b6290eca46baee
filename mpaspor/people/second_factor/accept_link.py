"""An officer opens their one-time link: password and authenticator app are set, and everything old ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mpaspor.foundation.database import db
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.foundation.operations import in_operation, operation
from mpaspor.people.models import Staff, StaffLink
from mpaspor.people.passwords import hash_password, weakness
from mpaspor.people.refusals import LinkOver, WeakPassword
from mpaspor.people.rules import OFFICER_CODES, OFFICER_PASSWORDS, LinkPurpose
from mpaspor.people.second_factor import apps, links, recovery_codes
from mpaspor.people.second_factor.links import OpenedLink
from mpaspor.people.second_factor.notices import Notice, record, tell
from mpaspor.people.second_factor.prove import prove
from mpaspor.people.sign_in import code_gate
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.end_sign_ins import end_all
from mpaspor.people.sign_in.password_gate import check_password


def accept_link(
    token: str,
    found: OpenedLink,
    *,
    password: str,
    code: str,
    codes: Sequence[str],
    key: OneTimeKey | None,
    browser: Browser,
    now: datetime,
) -> None:
    """Set what the link is for. `codes` become the recovery codes where an app is set.

    `password` is the new one, except where the link is for the app alone: there it is the current one.
    Raises `LinkOver`, `AppDiffers`, `WeakPassword`, `WrongCredentials`, `SignInSlowed`, `WrongCode`,
    `CodeUsed`, `FactorLocked`, `CodesSlowed`.
    """
    new_hash = None
    if found.purpose is LinkPurpose.FACTOR:
        _check_current(found, password, browser=browser, now=now)
    else:
        weak = weakness(password, (found.name, found.email))
        if weak is not None:
            raise WeakPassword(weak)
        new_hash = hash_password(password)
    code_gate.answer(
        lambda: _accept.once(key, token, new_hash, code, list(codes), now=now),
        browser=browser,
        now=now,
        door=OFFICER_CODES,
    )


def _check_current(found: OpenedLink, password: str, *, browser: Browser, now: datetime) -> None:
    staff = db.session.get(Staff, found.staff_id)
    check_password(
        staff.password_hash if staff else None,
        password,
        subject=f"staff:{found.email}",
        known_device=None,
        address=browser.address,
        now=now,
        door=OFFICER_PASSWORDS,
    )


@operation
def _accept(token: str, password_hash: str | None, code: str, codes: list[str], *, now: datetime) -> None:
    link = links.take(token, now=now)
    if link is None:
        raise LinkOver()
    staff_id = link.staff_id
    if link.purpose is LinkPurpose.PASSWORD:
        prove(staff_id, code, now=now)
    else:
        apps.install(staff_id, links.secret_for(token), code, now=now)
        recovery_codes.replace(staff_id, codes, now=now)
    if password_hash is not None:
        db.session.get_one(Staff, staff_id).password_hash = password_hash
    link.used_at = now
    end_all(staff_id=staff_id, now=now)
    _tell(link, now)


@in_operation
def _tell(link: StaffLink, now: datetime) -> None:
    record("officer_link_used", link.staff_id, now=now, details={"purpose": link.purpose})
    what = Notice.PASSWORD_SET if link.purpose is LinkPurpose.PASSWORD else Notice.APP_CHANGED
    tell(link.staff_id, what, once=str(link.id), now=now)
