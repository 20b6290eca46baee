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


class AppDiffers(Refusal):
    """The code is not of the secret that the page offers: it was not scanned, or a clock is wrong."""

    status = 422


class KeyRefused(Refusal):
    """The passkey's answer is to no question of ours here, too late, for another address, or not signed."""

    status = 422
    is_counted = True  # the question was answered, and is not asked twice


class KeyCopied(KeyRefused):
    """The passkey counts backwards: somebody may have a copy of it."""


class KeyKnown(Refusal):
    """This passkey is registered already."""


class TooManyKeys(Refusal):
    """An officer has ten passkeys at most."""


class CodeUsed(Refusal):
    """The app's code of these 30 seconds was used already."""

    status = 422


class FactorLocked(TooManyWrongCodes):
    """Ten wrong codes of the second factor in a day; this one is counted too. Facts: left=0 at the last."""

    is_counted = True


class ChallengeOver(Refusal):
    """Too long ago, or in another browser, the password was right; it is asked for again."""

    status = 422


class LinkOver(Refusal):
    """The one-time link was used, replaced, or is too old."""

    status = 404


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
    """The officer has no authenticator app: nobody signs in with a password alone (DOMAIN §11.4)."""

    status = 403


class UnknownRole(Refusal):
    """There is no such role at the desk."""

    status = 422


class NotAnAdministrator(Refusal):
    """Whoever acts is no administrator of the office any more."""

    status = 403


class NotYourself(Refusal):
    """Nobody changes their own roles or ends their own service: another administrator does."""


class NoRoleLeft(Refusal):
    """An officer has one role at least; whoever is to have none is dismissed."""

    status = 422


class ReasonMissing(Refusal):
    """What ends or resets an officer's way in has a reason."""

    status = 422


class AdministratorExists(Refusal):
    """The office has an administrator who came in already; that one invites the others."""


class HasRole(Refusal):
    """The officer has this role already, for good."""


class BadTerm(Refusal):
    """The time is over already, ends before it begins, or is longer than 31 days."""

    status = 422


class LastAdministrator(Refusal):
    """The office would be left without an administrator."""


class StaffAddressTaken(Refusal):
    """Another officer already has this address."""
