"""Mail: one gateway over SMTP, and in the demo a copy that can be read on a page.

`MPASPOR_SMTP_URL` is `smtp://host:25`, `smtp+starttls://user:password@host:587` or
`smtps://user:password@host:465`; `?from=paspor@kantor.example` names the sender.
"""

from __future__ import annotations

import smtplib
import ssl
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from flask import current_app

from mpaspor.config import Settings
from mpaspor.foundation.plain_text import one_line

TIMEOUT_SECONDS = 5
# Names that never belong to anybody (RFC 2606, RFC 6761): demo people live there.
_RESERVED = frozenset({"example", "invalid", "test", "localhost"})
_SCHEMES = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class CannotSend(Exception):
    """The mail did not leave; `is_final` says that trying again cannot help."""

    def __init__(self, why: str, *, is_final: bool = False) -> None:
        super().__init__(why)
        self.is_final = is_final


@dataclass(frozen=True)
class Mail:
    """One message to one address; `id` is the outbox row's and so the same at every try."""

    id: uuid.UUID
    kind: str
    to: str
    subject: str
    body: str
    language: str = "id"
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)


def deliver(mail: Mail, settings: Settings, *, now: datetime) -> None:
    """Send `mail` as this installation sends. Raises `CannotSend`.

    The demo keeps a copy of everything. Reserved addresses are never sent to: outside the demo that is a
    failure, since somebody waits for the mail.
    """
    keep_copy = current_app.extensions.get("mail_copy")  # the demo's mailbox
    if keep_copy is not None:
        keep_copy(
            mail.id,
            kind=mail.kind,
            sent_to=one_line(mail.to),
            subject=one_line(mail.subject),
            body=mail.body,
            files=mail.files,
            now=now,
        )
    if settings.demo and (is_reserved(mail.to) or not settings.smtp_url):
        return
    if is_reserved(mail.to):
        raise CannotSend("an address kept for examples", is_final=True)
    if not settings.smtp_url:
        raise CannotSend("MPASPOR_SMTP_URL is not set")
    host = urlsplit(settings.public_url).hostname or "localhost"
    SmtpGateway(settings.smtp_url, host).send(mail, now=now)


def is_reserved(address: str) -> bool:
    """Whether the address lies in a name that is kept free for examples."""
    return address.rpartition("@")[2].lower().rstrip(".").rpartition(".")[2] in _RESERVED


def _is_for_good(code: int) -> bool:
    """Whether an answer is the server's last word about this mail, and not about how we speak to it."""
    return 500 <= code < 600 and code not in (500, 502, 503, 530, 535)


class SmtpGateway:
    """The mail server that the operator named. `host_name` is ours, in Message-ID and default sender."""

    def __init__(self, url: str, host_name: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise CannotSend("MPASPOR_SMTP_URL must be smtp://, smtp+starttls:// or smtps:// with a host")
        self._scheme, self._host = parts.scheme, parts.hostname
        self._port = parts.port or _SCHEMES[parts.scheme]
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        given = parse_qs(parts.query).get("from", [""])[0]
        self._sender = given or (self._user if "@" in self._user else f"noreply@{host_name}")
        self._host_name = host_name

    def knock(self) -> None:
        """Greet the server, and sign in where a user is given. Raises `CannotSend`."""
        try:
            self._connect().quit()
        except (smtplib.SMTPException, OSError) as error:
            raise CannotSend(type(error).__name__) from error

    def send(self, mail: Mail, *, now: datetime) -> None:
        """One connection, one mail, at most 5 s per answer. Raises `CannotSend`."""
        message = self.compose(mail, now=now)
        try:
            with self._connect() as server:
                server.send_message(message, from_addr=self._sender, to_addrs=[mail.to])
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise CannotSend(
                f"recipient refused {codes}", is_final=all(_is_for_good(code) for code in codes)
            ) from error
        except smtplib.SMTPDataError as error:
            why = f"message refused [{error.smtp_code}]"
            raise CannotSend(why, is_final=_is_for_good(error.smtp_code)) from error
        except smtplib.SMTPNotSupportedError as error:
            raise CannotSend("the mail server cannot take this address", is_final=True) from error
        except (smtplib.SMTPException, OSError) as error:
            # The class alone: what a server answers may quote the address.
            raise CannotSend(type(error).__name__) from error

    def compose(self, mail: Mail, *, now: datetime) -> EmailMessage:
        """The message as it goes out. Raises `CannotSend` for an address that cannot be one.

        Text of people cannot add a header: the subject is made one line, and the address must parse
        as exactly one.
        """
        message = EmailMessage()
        try:
            message["From"] = Address("M-Paspor Web", addr_spec=self._sender)
            message["To"] = Address(addr_spec=mail.to)
        except (MessageError, ValueError, IndexError) as error:
            raise CannotSend("not an e-mail address", is_final=True) from error
        message["Subject"] = one_line(mail.subject, 150)
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{mail.id}@{self._host_name}>"
        message["Content-Language"] = mail.language
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        message.set_content(mail.body, charset="utf-8")
        for name, content in mail.files:
            message.add_attachment(
                content, maintype="application", subtype="pdf", filename=one_line(name, 100)
            )
        return message

    def _connect(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=TIMEOUT_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
        try:
            if self._scheme == "smtp+starttls":
                server.starttls(context=ssl.create_default_context())
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server
