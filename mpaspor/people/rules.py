"""Who may do what at the desk, and the numbers behind codes, passwords and sign-ins. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    RECEPTION = "reception"
    VERIFIER = "verifier"
    BIOMETRICS = "biometrics"
    INTERVIEWER = "interviewer"
    ADJUDICATOR = "adjudicator"
    PRINTER = "printer"
    QUALITY = "quality"
    HANDOVER = "handover"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


class CodePurpose(StrEnum):
    VERIFY = "verify"
    SIGN_IN = "sign_in"
    RESET = "reset"
    OFFICER = "officer"


CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
CODE_RESEND_AFTER = timedelta(seconds=60)
CODES_A_DAY = 10
PASSWORD_LENGTH = 10
PASSWORD_MOST = 128
DEVICE_LIFE = timedelta(days=365)
SIGN_IN_LIFE = timedelta(hours=12)
SHARED_IDLE = timedelta(minutes=30)
OFFICER_IDLE = timedelta(minutes=30)


def sign_in_counts(
    *, now: datetime, created_at: datetime, last_seen_at: datetime, revoked: bool, idle: timedelta | None
) -> bool:
    """Whether a sign-in still stands: not revoked, not older than 12 h, not idle too long (CORE §7)."""
    if revoked or now - created_at >= SIGN_IN_LIFE:
        return False
    return idle is None or now - last_seen_at < idle
