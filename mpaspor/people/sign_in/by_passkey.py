"""An officer signs in by passkey alone, or shows it once more: possession, and a finger, a face or a PIN."""

from __future__ import annotations

import uuid
from datetime import datetime

from mpaspor.foundation.operations import operation
from mpaspor.people.refusals import KeyRefused
from mpaspor.people.rules import KEY_CHALLENGES
from mpaspor.people.second_factor import passkeys
from mpaspor.people.sign_in import throttle
from mpaspor.people.sign_in.browsers import Browser
from mpaspor.people.sign_in.let_in import NewSignIn, let_in
from mpaspor.people.sign_in.signed_in import take_officers


def question(*, browser: Browser, now: datetime) -> str:
    """What this browser asks a passkey, as JSON. Raises `TooFast` when a network asks without end."""
    throttle.require_network(KEY_CHALLENGES, browser.address, now=now)
    return passkeys.ask(browser=browser, now=now)


@operation
def enter_with_key(answer: str, *, browser: Browser, now: datetime) -> NewSignIn:
    """Let in whoever the passkey belongs to. Raises `KeyRefused`, `KeyCopied`."""
    asked = passkeys.proved_by(answer, browser=browser, now=now)
    return let_in(browser, now=now, staff_id=asked.staff_id, challenge_id=asked.id)


@operation
def prove_again_with_key(sign_in_id: uuid.UUID, answer: str, *, browser: Browser, now: datetime) -> None:
    """Somebody who is signed in shows their passkey. Raises `KeyRefused` also for somebody else's, and
    `ChallengeOver` as `take_officers`."""
    row, staff_id = take_officers(sign_in_id)
    if passkeys.proved_by(answer, browser=browser, now=now).staff_id != staff_id:
        raise KeyRefused()
    row.proved_at = row.last_seen_at = now
