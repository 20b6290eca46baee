"""Addresses and telephone numbers in the one form in which we keep them."""

from __future__ import annotations

import phonenumbers
from email_validator import EmailNotValidError, validate_email


def email_address(text: str) -> str | None:
    """The address in the form that we compare and store (lower case), or None if it is none.

    Whether a mailbox exists is not asked here: the code that we send there will tell.
    """
    if len(text) > 254:
        return None
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def mobile_number(text: str) -> str | None:
    """An Indonesian mobile number as `+628…`, typed with 0, 62 or +62; None if it is none (DOMAIN §6.6)."""
    try:
        number = phonenumbers.parse(text, "ID")
    except phonenumbers.NumberParseException:
        return None
    is_ours = number.country_code == 62 and phonenumbers.is_valid_number(number)
    if not is_ours or phonenumbers.number_type(number) != phonenumbers.PhoneNumberType.MOBILE:
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
