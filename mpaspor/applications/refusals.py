"""Why an application could not be started, filled in or declared. Sentences: `mpaspor.web.labels.answers`."""

from __future__ import annotations

from mpaspor.foundation.refusals import Refusal


class TooManyDrafts(Refusal):
    """The account has as many unfinished drafts as are allowed. Facts: allowed."""


class NotFilledHere(Refusal):
    """The page does not belong to this case: no such page, or its answers make it needless."""

    status = 404


class Frozen(Refusal):
    """A fact that is frozen since check-out was to change. Facts: field."""


class NotANik(Refusal):
    """The text can be no NIK. Facts: fault."""

    status = 422


class NotGrownUp(Refusal):
    """Under 17 and never married: served with the parents, elsewhere."""

    status = 422


class KindNotOffered(Refusal):
    """The office does not issue this kind of passport. Facts: office."""

    status = 422


class NotElectronic(Refusal):
    """A passport is exchanged for an electronic one; this kind has no chip."""

    status = 422


class ValidTooLong(Refusal):
    """Ten years go beyond the day on which a person of two nationalities has chosen one."""

    status = 422


class OfficeNotInService(Refusal):
    """The office takes no applications here."""

    status = 422


class Incomplete(Refusal):
    """Something is still missing, so that nothing can be declared yet."""


class NotClaimed(Refusal):
    """Code, birth date and NIK do not lead to a case that nobody has yet; wrong ones were counted."""

    status = 422
    is_counted = True
