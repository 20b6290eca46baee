"""Why an account, a code or a sign-in was refused. The sentences are in `mpaspor.web.labels.people`."""

from __future__ import annotations

from mpaspor.foundation.refusals import Refusal, TooFast
from mpaspor.people.rules import Weakness


class WrongCredentials(Refusal):
    """Address and password do not belong together; which of the two is wrong is not said."""

    status = 422


class WrongPassword(Refusal):
    """The current password, asked again before a change, is not right."""

    status = 422


class WeakPassword(Refusal):
    """The new password is too easy to guess; `weakness` says in what way."""

    status = 422

    def __init__(self, weakness: Weakness) -> None:
        super().__init__(weakness=weakness)
        self.weakness = weakness


class WrongCode(Refusal):
    """Not this code; `left` tries remain."""

    status = 422
    is_counted = True


class CodeDead(Refusal):
    """The code is too old, used, replaced by a newer one, or was guessed at too often.

    Facts: left=0 where this very try was the last one.
    """

    status = 422
    is_counted = True


class TooManyWrongCodes(TooFast):
    """Too many wrong codes were typed here, or after the right password, today."""


class SignUpsSlowed(TooFast):
    """Too many accounts were asked for from this network."""


class PhoneUsedOften(TooFast):
    """Too many accounts were asked for with this number, or with its neighbours, from this network too."""


class DomainUsedOften(TooFast):
    """Too many accounts were asked for with addresses of one giver of mailboxes. Facts: domain."""


class CodeTooSoon(TooFast):
    """The last code was sent less than a minute ago."""


class CodesSpent(TooFast):
    """As many codes as a day allows were already sent to this address. Facts: count."""


class CodesSlowed(TooFast):
    """Too many wrong codes came from this network, or it takes part in a flood of them."""


class SignInSlowed(TooFast):
    """Too many failed sign-ins, here or everywhere; a known device and a reset still work."""


class AddressTaken(Refusal):
    """The address was verified by another account meanwhile; the code that would have proved it is spent."""

    is_counted = True


class NoChallenge(Refusal):
    """This browser has no code pending: it was never asked, or too long ago."""

    status = 404


class NoSecondFactor(Refusal):
    """Outside the demo no officer signs in before a second factor exists (DOMAIN §11.4)."""

    status = 403


class UnknownRole(Refusal):
    """There is no such role at the desk."""

    status = 422


class StaffAddressTaken(Refusal):
    """Another officer already has this address."""
