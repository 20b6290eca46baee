"""Reading settings from the environment: every fault is collected, so that one start tells all of them."""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Iterable, Mapping
from urllib.parse import SplitResult, urlsplit

from email_validator import EmailNotValidError, validate_email

_HOST = re.compile(r"\.?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,20}")
_READ_ELSEWHERE = frozenset(
    {"MPASPOR_TEST_POSTGRES", "MPASPOR_CHROMIUM", "MPASPOR_TEST_FONT", "MPASPOR_LONG"}
)
_YES, _NO = ("1", "yes", "on", "true"), ("0", "no", "off", "false")
# Whoever sets one of these means a real installation, unless MPASPOR_DEMO says otherwise.
_REAL_ONLY = (
    "DATABASE_URL MPASPOR_OWNER_URL MPASPOR_SECRET_KEY MPASPOR_DATA_KEYS MPASPOR_LOOKUP_KEY "
    "MPASPOR_SIGNING_KEY MPASPOR_PUBLIC_URL MPASPOR_TRUSTED_HOSTS MPASPOR_TRUSTED_PROXIES "
    "MPASPOR_OFFICER_HOST MPASPOR_OFFICER_NETWORKS MPASPOR_SMTP_URL MPASPOR_STORAGE_URL MPASPOR_ANCHOR_MAIL"
).split()


class BadSetting(Exception):
    """Settings that are missing or unusable; the message names each and says what to do."""

    def __init__(self, *faults: str) -> None:
        super().__init__(*faults)
        self.faults = faults

    def __str__(self) -> str:
        if len(self.faults) == 1:
            return self.faults[0]
        return "\n".join(
            [f"{len(self.faults)} things are wrong:", *(f"  - {fault}" for fault in self.faults)]
        )


class Environment:
    """The variables, and what was found wrong with them so far."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._asked: set[str] = set()
        self.faults: list[str] = []

    def wrong(self, fault: str) -> None:
        self.faults.append(fault)

    def finish(self) -> None:
        """Raises `BadSetting` with everything that was wrong, names that nobody asked for included."""
        given = {name for name in self._variables if name.startswith("MPASPOR_")}
        for name in sorted(given - self._asked - _READ_ELSEWHERE):
            self.wrong(f"{name} is no setting; is it misspelt?")
        if self.faults:
            raise BadSetting(*self.faults)

    def text(self, name: str) -> str | None:
        self._asked.add(name)
        return (self._variables.get(name) or "").strip() or None

    def words(self, name: str) -> tuple[str, ...]:
        return tuple((self.text(name) or "").replace(",", " ").split())

    def number(self, name: str, default: int, least: int, most: int) -> int:
        text = self.text(name)
        if text is None:
            return default
        # Digits of other scripts are digits to Python, and a very long number is none to anybody.
        if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
            self.wrong(f"{name} must be a whole number from {least} to {most}, not {text!r}.")
            return default
        return int(text)

    def demo(self) -> tuple[bool, bool]:
        """Whether this is a demo, and one open to everybody. Only a bare start is a demo by itself."""
        word = (self.text("MPASPOR_DEMO") or "").lower()
        if word and word not in (*_YES, *_NO, "open"):
            self.wrong(f"MPASPOR_DEMO must be 0 (real), 1 (demo) or open, not {word!r}.")
            return False, False
        if word:
            return word not in _NO, word == "open"
        given = [name for name in _REAL_ONLY if self._variables.get(name)]
        if given and not self._variables.get("DATABASE_URL"):
            self.wrong(
                f"DATABASE_URL is not set, though {given[0]} is. Set it; or say what this is to be on the "
                "database that comes with it: MPASPOR_DEMO=0 (real) or MPASPOR_DEMO=1 (a demo: its password "
                "is public)."
            )
        return not given, False

    def database(self, name: str) -> str | None:
        """The address of a PostgreSQL database, for SQLAlchemy with psycopg."""
        text = self.text(name)
        if text is None:
            return None
        found = _split(text)
        if (
            found is None
            or found.scheme not in ("postgresql", "postgres", "postgresql+psycopg")
            or not found.path.strip("/")
        ):
            self.wrong(f"{name} must look like postgresql://role:password@host/database.")
            return None
        return "postgresql+psycopg://" + text.partition("://")[2]

    def public_url(self, default: str, *, demo: bool) -> str:
        text = (self.text("MPASPOR_PUBLIC_URL") or default).rstrip("/")
        found = _split(text)
        if (
            found is None
            or found.scheme not in ("http", "https")
            or not _HOST.fullmatch((found.hostname or "").replace(":", ""))
            or found.path
            or found.query
            or found.fragment
            or found.username is not None
        ):
            self.wrong("MPASPOR_PUBLIC_URL must be a bare address such as https://paspor.kantor.example.")
            return default
        if found.scheme == "http" and not demo and not _is_this_machine(found.hostname or ""):
            self.wrong("MPASPOR_PUBLIC_URL must begin with https:// outside the demo.")
        return text

    def mail_server(self, *, demo: bool) -> str | None:
        text = self.text("MPASPOR_SMTP_URL")
        if text is None:
            if not demo:
                self.wrong("MPASPOR_SMTP_URL must be set outside the demo: without mail nobody can sign up.")
            return None
        found = _split(text)
        if found is None or found.scheme not in ("smtp", "smtp+starttls", "smtps") or not found.hostname:
            self.wrong("MPASPOR_SMTP_URL must be smtp://, smtp+starttls:// or smtps:// with a host.")
        return text

    def mail_address(self, name: str, *, smtp_url: str | None) -> str | None:
        """An address that is written to, in the form that mail travels by."""
        text = self.text(name)
        if text is None:
            return None
        try:
            found = validate_email(text, check_deliverability=False, allow_smtputf8=False).ascii_email
        except EmailNotValidError:
            found = None
        if found is None:
            self.wrong(f"{name} must be an e-mail address such as arsip@kantor.go.id, not {text!r}.")
        elif smtp_url is None:
            self.wrong(f"{name} is set, but no MPASPOR_SMTP_URL to send by.")
        return found

    def range_of(self, name: str, default: tuple[int, int], least: int, most: int) -> tuple[int, int]:
        """Two whole numbers, the smaller first, such as `5-30`."""
        text = self.text(name)
        if text is None:
            return default
        given = [part.strip() for part in text.split("-")]
        are_numbers = all(part.isascii() and part.isdigit() and len(part) < 10 for part in given)
        found = tuple(int(part) for part in given) if are_numbers else ()
        if len(found) != 2 or not least <= found[0] <= found[1] <= most:
            self.wrong(f"{name} must be two whole numbers from {least} to {most}, as in 5-30, not {text!r}.")
            return default
        return found[0], found[1]

    def storage(self) -> str | None:
        text = self.text("MPASPOR_STORAGE_URL")
        scheme, _, path = (text or "file:/").partition(":")
        if scheme != "file" or not path.startswith("/"):
            self.wrong("MPASPOR_STORAGE_URL must look like file:/srv/mpaspor/files.")
        return text

    def host(self, name: str) -> str | None:
        return next(iter(self._hosts(name, [self.text(name)])), None)

    def hosts(self, name: str) -> tuple[str, ...]:
        return self._hosts(name, self.words(name))

    def _hosts(self, name: str, given: Iterable[str | None]) -> tuple[str, ...]:
        found = [host for host in given if host]
        for host in found:
            if not _HOST.fullmatch(host):
                self.wrong(f"{name} must hold host names such as paspor.kantor.example, not {host!r}.")
        return tuple(found)

    def networks(self, name: str) -> tuple[str, ...]:
        found = []
        for word in self.words(name):
            try:
                found.append(str(ipaddress.ip_network(word)))
            except ValueError:
                self.wrong(f"{name} must hold networks such as 10.20.0.0/16, not {word!r}.")
        return tuple(found)

    def key(self, name: str, text: str | None) -> bytes:
        """32 bytes in base64."""
        try:
            key = base64.b64decode(text or "", validate=True)
        except ValueError:
            key = b""
        if len(key) != 32 or len(set(key)) < 8:
            self.wrong(f"{name} must be 32 random bytes in base64. Make it with: openssl rand -base64 32")
        return key


def _split(text: str) -> SplitResult | None:
    try:
        found = urlsplit(text)
        _ = found.port  # judged when it is looked at
    except ValueError:
        return None
    return found


def _is_this_machine(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")
