"""Addresses and telephone numbers in the one form in which we keep them."""

from __future__ import annotations

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from mpaspor.foundation.plain_text import visible
from mpaspor.foundation.typed_text import joined

_LONGEST_PHONE = 40
_BRACKETS = str.maketrans("", "", "()[]")


def email_address(text: str) -> str | None:
    """The address in the form that we compare and store (lower case), or None if it is none.

    Whether a mailbox exists is not asked here: the code that we send there will tell.
    """
    typed = visible(text).strip().rstrip(".,;")  # the end of a sentence that was pasted along
    if len(typed) > 254:
        return None
    try:
        return validate_email(typed, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def mobile_number(text: str) -> str | None:
    """An Indonesian mobile number as `+628…`, or None: typed with 0, 62, 0062 or +62, or from the 8 on."""
    number = _parsed(text)
    if number is None or number.country_code != 62 or not phonenumbers.is_valid_number(number):
        return None
    is_mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    return _kept(number) if is_mobile else None


def phone_number(text: str) -> str | None:
    """A number that exists somewhere in the world, as `+…`; without a country it is Indonesian."""
    number = _parsed(text)
    return _kept(number) if number is not None and phonenumbers.is_possible_number(number) else None


def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    if len(text) > _LONGEST_PHONE:
        return None
    bare = joined(text).translate(_BRACKETS)
    # 00 is how most of the world writes +; here it begins no number.
    dialled = f"+{bare[2:]}" if bare.startswith("00") and not bare.startswith(("008", "009")) else bare
    if not dialled.removeprefix("+").isdigit():
        return None
    try:
        return phonenumbers.parse(dialled, "ID")
    except phonenumbers.NumberParseException:
        return None


def _kept(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
