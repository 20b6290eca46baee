"""An officer at the door: Rina, her password, and the telephone on which her codes appear."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from mpaspor.foundation.database import db
from mpaspor.people.models import Staff, StaffTotp
from mpaspor.people.second_factor import links, totp
from mpaspor.people.second_factor.accept_link import accept_link
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.let_in import NewSignIn
from mpaspor.people.sign_in.officers import check_staff_password, enter_with_factor
from mpaspor.people.staff_accounts import NewOfficer, add_staff

EMAIL = "rina.kusuma@kantor.example"
PASSWORD = "meja depan buka pukul delapan"
HOME = "203.0.113.90"


@dataclass(frozen=True)
class Telephone:
    """What an officer's app shows."""

    secret: str

    def shows(self, now: datetime, *, steps: int = 0) -> str:
        """The code of that moment, or of so many half minutes later."""
        return totp.code_at(self.secret, totp.step_at(now) + steps)

    def wrong(self, now: datetime) -> str:
        """Six digits that no step near `now` has."""
        near = {self.shows(now, steps=steps) for steps in range(-3, 4)}
        return next(f"{number:06d}" for number in range(100) if f"{number:06d}" not in near)


def computer(**changed: object) -> Browser:
    """The computer at the counter."""
    values: dict[str, object] = {"name": "Chrome · Windows", "token": "the counter's", "address": HOME}
    return Browser(**{**values, **changed})  # type: ignore[arg-type]


def invited(now: datetime, roles: Collection[str] = ("reception",), email: str = EMAIL) -> str:
    """Rina was added by the owner's command; the token of her link."""
    return add_staff("palembang", NewOfficer("Rina Kusuma", email, roles), now=now).token


def joins(token: str, now: datetime, *, codes: Collection[str] = ()) -> Telephone:
    """She opens the link, sets a password and scans the code; the telephone that she has then."""
    found = links.find(token, now=now)
    assert found is not None
    phone = Telephone(found.secret)
    code = phone.shows(now, steps=-1)  # so that the code of this very moment still works
    accept_link(
        token,
        found,
        password=PASSWORD,
        code=code,
        codes=list(codes),
        key=None,
        browser=computer(),
        now=now,
    )
    return phone


def serves(now: datetime, roles: Collection[str] = ("reception",), email: str = EMAIL) -> Telephone:
    """An officer with password and app."""
    return joins(invited(now, roles, email), now)


def telephone_of(email: str) -> Telephone:
    """The app that an officer has now."""
    found = db.session.execute(
        select(Staff.id, StaffTotp.secret)
        .join(StaffTotp, StaffTotp.staff_id == Staff.id)
        .where(Staff.email == email)
    ).one()
    db.session.rollback()
    return Telephone(totp.unseal(found.secret, found.id))


def signs_in(phone: Telephone, now: datetime, browser: Browser | None = None) -> NewSignIn:
    """Password, then the code of this moment."""
    browser = browser or computer()
    challenge = check_staff_password(EMAIL, PASSWORD, browser=browser, now=now)
    return enter_with_factor(challenge, phone.shows(now), browser=browser, now=now)
