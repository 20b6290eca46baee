"""Mail over a real SMTP server on this machine, and what happens when there is none."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask

from mpaspor.foundation.mail import CannotSend, Mail, SmtpGateway, deliver, is_reserved
from mpaspor.people.contact import email_address

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
MAIL = Mail(
    uuid.UUID(int=7),
    "billing_letter",
    "ratna@kantor.id",
    "Bayar Rp650.000",
    "Kode billing 820 261\nJl. Ķüpfer – “é”\n",
    files=(("surat.pdf", b"%PDF-1.7 x"),),
)


class Postbox:
    """Keeps what came; refuses what it was told to."""

    def __init__(self) -> None:
        self.came: list[tuple[list[str], EmailMessage]] = []
        self.refusal = ""
        self.last_word = "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        message = message_from_bytes(envelope.content, policy=default)  # type: ignore[arg-type]
        assert isinstance(message, EmailMessage)
        self.came.append((envelope.rcpt_tos, message))
        return self.last_word


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, str]]:
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, f"smtp://127.0.0.1:{port}?from=paspor@kantor.go.id"
    finally:
        controller.stop()


def test_a_mail_arrives_whole(postbox: tuple[Postbox, str]) -> None:
    box, url = postbox
    SmtpGateway(url, "paspor.go.id").send(MAIL, now=NOW)
    [(to, message)] = box.came
    assert to == ["ratna@kantor.id"]
    assert message["Subject"] == "Bayar Rp650.000"
    assert message["From"] == "M-Paspor Web <paspor@kantor.go.id>"
    assert message["Auto-Submitted"] == "auto-generated"
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == MAIL.body
    [letter] = message.iter_attachments()
    assert (letter.get_filename(), letter.get_content_type()) == ("surat.pdf", "application/pdf")
    assert letter.get_content() == b"%PDF-1.7 x"


def test_the_same_row_sent_twice_has_the_same_message_id(postbox: tuple[Postbox, str]) -> None:
    box, url = postbox
    for _ in range(2):
        SmtpGateway(url, "paspor.go.id").send(MAIL, now=NOW)
    assert {message["Message-ID"] for _, message in box.came} == {f"<{MAIL.id}@paspor.go.id>"}


@pytest.mark.parametrize(
    "trap", ["x\r\nBcc: korban@lain.id", "x\nSubject: y", "x\r\n\r\n<b>isi</b>", "x\x00\x1b"]
)
def test_a_subject_cannot_add_headers(postbox: tuple[Postbox, str], trap: str) -> None:
    box, url = postbox
    SmtpGateway(url, "paspor.go.id").send(replace(MAIL, subject=trap), now=NOW)
    [(to, message)] = box.came
    assert to == ["ratna@kantor.id"]
    assert message["Bcc"] is None
    assert len(message.get_all("Subject")) == 1
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == MAIL.body


@pytest.mark.parametrize(
    "address",
    [
        "a@b.id\r\nBcc: x@y.id",
        "a@b.id, x@y.id",
        "a@b.id\nRCPT TO:<x@y.id>",
        "Ratna <a@b.id>",
        "tanpa-at",
        "",
        "a b@c.id",
    ],
)
def test_what_is_not_one_address_is_refused_for_good(postbox: tuple[Postbox, str], address: str) -> None:
    box, url = postbox
    with pytest.raises(CannotSend) as refused:
        SmtpGateway(url, "paspor.go.id").send(replace(MAIL, to=address), now=NOW)
    assert refused.value.is_final
    assert box.came == []


@pytest.mark.parametrize(
    ("answer", "is_final"),
    [
        ("550 no such user", True),
        ("501 bad address", True),
        ("521 takes no mail", True),
        ("530 sign in first", False),
        ("451 try later", False),
    ],
)
def test_a_refused_recipient_is_final_only_when_the_server_says_so(
    postbox: tuple[Postbox, str], answer: str, is_final: bool
) -> None:
    box, url = postbox
    box.refusal = answer
    with pytest.raises(CannotSend) as refused:
        SmtpGateway(url, "paspor.go.id").send(MAIL, now=NOW)
    assert refused.value.is_final is is_final
    assert "ratna" not in str(refused.value)


@pytest.mark.parametrize(("answer", "is_final"), [("552 mailbox full", True), ("451 try later", False)])
def test_a_message_refused_after_its_text_is_final_only_when_the_server_says_so(
    postbox: tuple[Postbox, str], answer: str, is_final: bool
) -> None:
    box, url = postbox
    box.last_word = answer
    with pytest.raises(CannotSend) as refused:
        SmtpGateway(url, "paspor.go.id").send(MAIL, now=NOW)
    assert refused.value.is_final is is_final
    assert "full" not in str(refused.value)


def test_an_address_under_a_name_of_foreign_letters_is_reached(postbox: tuple[Postbox, str]) -> None:
    box, url = postbox
    address = email_address("uji@büro-uji.id")
    assert address is not None
    SmtpGateway(url, "paspor.go.id").send(replace(MAIL, to=address), now=NOW)
    assert box.came[0][0] == ["uji@xn--bro-uji-n2a.id"]


def test_outside_the_demo_an_example_address_fails_and_is_not_taken_for_sent(
    postbox: tuple[Postbox, str], app: Flask
) -> None:
    box, url = postbox
    real = replace(app.extensions["settings"], demo=False, smtp_url=url)
    with pytest.raises(CannotSend) as refused:
        deliver(replace(MAIL, to="siti@contoh.example"), real, now=NOW)
    assert refused.value.is_final and box.came == []


def test_a_dead_mail_server_can_be_tried_again() -> None:
    with pytest.raises(CannotSend) as refused:
        SmtpGateway("smtp://127.0.0.1:1", "paspor.go.id").send(MAIL, now=NOW)
    assert not refused.value.is_final


@pytest.mark.parametrize("url", ["http://mail.id", "smtp://", "mail.id:25"])
def test_a_mail_setting_that_cannot_be_is_said(url: str) -> None:
    with pytest.raises(CannotSend, match="MPASPOR_SMTP_URL"):
        SmtpGateway(url, "paspor.go.id")


@pytest.mark.parametrize(
    ("address", "reserved"),
    [
        ("siti@contoh.example", True),
        ("siti@EXAMPLE", True),
        ("siti@a.test.", True),
        ("siti@example.id", False),
        ("siti@kantor.go.id", False),
    ],
)
def test_addresses_kept_for_examples_are_known(address: str, reserved: bool) -> None:
    assert is_reserved(address) is reserved
