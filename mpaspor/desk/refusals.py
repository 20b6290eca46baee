"""What the desk refuses, by name. The sentences lie in `web/labels/desk.py`."""

from __future__ import annotations

from collections.abc import Sequence

from mpaspor.applications.images import ImageRefusal
from mpaspor.desk.mrz import MrzFault
from mpaspor.foundation.refusals import NotFound, Refusal


class NotYourStep(Refusal):
    """The officer holds no role that may do this."""

    status = 403


class ReasonNeeded(Refusal):
    """This is an exception, so it needs a reason that stays in the history."""

    status = 422


class CheckInRefused(Refusal):
    """The person cannot be let in now. Facts: code, the case's application code."""


class TooEarly(CheckInRefused):
    """The day is right, the hour lies too far ahead."""


class TooLate(CheckInRefused):
    """The day is right, the hour is over, or the case is marked as missed."""


class WrongDay(CheckInRefused):
    """The visit is on another day; a supervisor may admit it, with a reason."""


class AlreadyHere(CheckInRefused):
    """The person has been checked in before."""


class NoDayList(Refusal):
    """An arrival is told by a list of the day that nobody of this office was given."""

    status = 422


class ToldOtherwise(Refusal):
    """The key of an arrival came before with another one."""

    status = 422


class AskedAlready(Refusal):
    """A supervisor has been asked about this person, and has not answered yet."""


class QuestionAnswered(Refusal):
    """A colleague has answered, or the person was let in meanwhile."""


class NotHere(Refusal):
    """The person is not in the house, or has the number that was asked for already."""


class HeldByColleague(Refusal):
    """A colleague has this person or case; it is taken over by an act of its own. Facts: name, counter."""


class NotTheirTurn(Refusal):
    """The turn is not where it was on the screen: called, ended or handed on meanwhile."""


class NoCounter(Refusal):
    """Somebody is called to a counter, and the officer has not said at which one they sit."""

    status = 422


class NotExpected(CheckInRefused):
    """The case has no visit to come to: not booked, withdrawn or ended."""


class Unpaid(CheckInRefused):
    """No paid bill stands behind the case, or its money was taken back."""


class NotOurQr(Refusal):
    """What was scanned is no visit letter of ours, or a keyboard setting changed its characters."""

    status = 422


class NoSuchCode(Refusal):
    """No case of this office has this code."""

    status = 404


class OtherOffice(Refusal):
    """The visit letter is genuine, but for another office. Facts: office, its name."""


class PapersUndecided(Refusal):
    """A paper has neither been accepted nor asked for again."""


class NoPicture(Refusal):
    """There is no picture to accept."""


class OriginalNotHeld(Refusal):
    """A paper is accepted by its original, which the officer holds."""

    status = 422


class ProposalPending(Refusal):
    """A proposal to defer or refuse waits for a second adjudicator; it is decided first."""


class DoubtNeedsReason(Refusal):
    """The interviewer doubted: granting all the same needs a reason."""

    status = 422


class ChecksNeedReason(DoubtNeedsReason):
    """A register found something or has not answered: granting all the same needs a reason."""


class NoTerm(Refusal):
    """A deferral names its term in months, within what the rule allows."""

    status = 422


class NeedsSecondOfficer(Refusal):
    """Who proposed may not decide on it: four eyes (abuse 38)."""

    status = 403


class OwnPrint(Refusal):
    """Who printed the booklet may not test it (abuse 38)."""

    status = 403


class BookletRefused(Refusal):
    """The number that was scanned is no booklet that can be taken for this."""

    status = 422


class NotABookletNumber(BookletRefused):
    """A passport number is one or two letters and six to eight digits (DOMAIN §6.2)."""


class NotASerialRange(Refusal):
    """The first and last number are no box: other letters, wrong order, or too many. Facts: most."""

    status = 422


class MrzDiffers(Refusal):
    """The lines that were read are not those of this case and booklet."""

    status = 422

    def __init__(self, faults: Sequence[MrzFault]) -> None:
        super().__init__()
        self.faults = faults


class BlankPhoto(ImageRefusal):
    """Nothing can be seen on the photo of the counter; `thumb` is what came, as JPEG, to be shown once."""

    def __init__(self, thumb: bytes) -> None:
        super().__init__()
        self.thumb = thumb


class DeviceSilent(Refusal):
    """A device that is connected did not answer; nothing was taken."""

    status = 503


class WrongPerson(Refusal):
    """The code that was scanned at handover is another person's."""

    status = 422


class WrongBooklet(Refusal):
    """The booklet that was scanned at handover is not this person's."""

    status = 422


class CollectorUnknown(Refusal):
    """Whoever takes the passport for another gives name and NIK; the post has its number."""

    status = 422


class TicksMissing(Refusal):
    """Not everything that a passed booklet needs has been looked at."""

    status = 422


class SerialsKnown(Refusal):
    """A booklet of this batch was received before. Facts: number, the first such."""

    status = 422


class SerialUnknown(BookletRefused):
    """No booklet with this number was received at the office. Facts: number."""


class SerialUsed(BookletRefused):
    """A passport was printed in this booklet before. Facts: number."""


class SerialSpoilt(BookletRefused):
    """This booklet is written off. Facts: number."""


class OtherKindOfBooklet(BookletRefused):
    """The booklet is of another kind than was paid for. Facts: number, kind."""


class AnotherCaseLive(Refusal):
    """The same NIK has another live case, so this one cannot be taken up again."""


class NotTheSameDay(Refusal):
    """A check-in can be taken back only on its own day."""


class TwoFactsNeeded(Refusal):
    """A search beyond the day's list names a code, or NIK and birth date together."""

    status = 422


class NotANik(Refusal):
    """What was read on the card can be no NIK."""

    status = 422


class NikProposed(Refusal):
    """Another reading of the NIK waits for its second officer."""


class NeedsSecondReader(Refusal):
    """Who proposed a NIK may not confirm it: four eyes (abuse 38)."""

    status = 403


class NikReadDiffers(Refusal):
    """The second officer reads another number on the card than the first."""

    status = 422


class NothingChanged(Refusal):
    """The correction says what the case says already."""

    status = 422


class NotOldEnough(Refusal):
    """By the corrected birth date this is a child's case, which this service does not take yet."""

    status = 422


class OwnCase(NotFound):
    """The officer's own case, or a relative's: a colleague handles it. Facts: code."""

    status = 403


class NothingToDelay(Refusal):
    """No hour of today is still to come there, or that very delay was announced before."""


class NoPlaceToday(Refusal):
    """Nothing is left today of the priority hours, or they are over."""


class NikHasCase(Refusal):
    """Another live case carries this NIK; the door shows the way to it."""


class NotInGroup(Refusal):
    """By age or proof the person does not belong to the priority group that was named."""

    status = 422


class OwnKin(Refusal):
    """The officer's own NIK, or a relative's: a colleague registers them."""

    status = 403


class UnpaidTooOften(Refusal):
    """The person was registered before and did not pay; a supervisor may admit them. Facts: allowed."""
