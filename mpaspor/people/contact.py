"""Addresses and telephone numbers in the one form in which we keep them."""

from __future__ import annotations

import idna
import phonenumbers
from email_validator import EmailNotValidError, validate_email

from mpaspor.foundation.plain_text import composed, visible
from mpaspor.foundation.typed_text import joined

_LONGEST_ADDRESS = 254
_LONGEST_PHONE = 40
_BRACKETS = str.maketrans("", "", "()[]")


def email_address(text: str) -> str | None:
    """The address in the form that we compare, store and send to; None if it is none or mail cannot reach it.

    Lower case and ASCII, the domain as punycode: mail servers that take more are few. Whether a mailbox
    exists is not asked here: the code that we send there will tell.
    """
    typed = _as_address(text)
    if len(typed) > _LONGEST_ADDRESS:
        return None
    try:
        found = validate_email(typed, check_deliverability=False, allow_smtputf8=False).ascii_email
    except EmailNotValidError:
        return None
    return found.lower() if found is not None and len(found) <= _LONGEST_ADDRESS else None


def unreachable_character(text: str) -> str | None:
    """The first character before the @ that mail does not travel with, if there is one."""
    mailbox, at, _domain = _as_address(text).rpartition("@")
    return next((sign for sign in mailbox if not sign.isascii()), None) if at else None


def address_in_words(address: str) -> str:
    """A stored address as its owner writes it: the domain in its own letters."""
    mailbox, at, domain = address.rpartition("@")
    try:
        return f"{mailbox}{at}{idna.decode(domain)}"
    except idna.IDNAError:
        return address


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


def phone_in_words(number: str) -> str:
    """A stored number as people read it: `+62 812-7123-4567`."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def _as_address(text: str) -> str:
    """Full-width letters as ours, and without the end of the sentence that was pasted along."""
    return composed(visible(text[: _LONGEST_ADDRESS * 2]), "NFKC").strip().rstrip(".,;")


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
