"""Applicants with complete drafts, put there in one go."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

from mpaspor.applications.models import Application
from mpaspor.foundation.database import db
from mpaspor.offices.models import Office
from mpaspor.people.models import Account, SignIn
from tests.stage import cast
from tests.stage.drafts import case_row


@dataclass(frozen=True)
class Ready:
    """One applicant who only lacks the hour."""

    account_id: uuid.UUID
    case_id: uuid.UUID
    code: str
    nik_lookup: bytes
    token: str


def ready(office: Office, count: int, now: datetime) -> list[Ready]:
    """So many applicants, signed in, each with a complete and declared draft."""
    first = secrets.randbelow(10**8)
    found: list[Ready] = []
    accounts: list[Account] = []
    rest: list[SignIn | Application] = []
    for number in range(first, first + count):
        phone, email = f"+62812{number:09d}", f"warga{number}@contoh.example"
        account = cast.account(f"Warga {number}", email, now, phone=phone)
        signed_in, token = cast.sign_in(now, account_id=account.id)
        case = case_row(account.id, office, f"1671{number:012d}", now, phone=phone)
        accounts.append(account)
        rest += [signed_in, case]
        found.append(Ready(account.id, case.id, case.code, case.nik_lookup, token))
    db.session.add_all(accounts)
    db.session.flush()
    db.session.add_all(rest)
    db.session.commit()
    db.session.remove()
    return found
