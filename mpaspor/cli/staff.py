"""`bin/mpaspor staff`: officers come and go by the command line until the desk can do it."""

from __future__ import annotations

import secrets
import sys

import click

from mpaspor.applications.nik import fault
from mpaspor.desk.declare_kin import declare_kin
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound
from mpaspor.foundation.typed_text import joined
from mpaspor.people import names
from mpaspor.people.contact import email_address
from mpaspor.people.refusals import StaffAddressTaken, WeakPassword
from mpaspor.people.rules import Role
from mpaspor.people.staff_accounts import add_staff, dismiss_staff


@click.group()
def staff() -> None:
    """Officers: add, dismiss, and whose cases each keeps away from."""


@staff.command("add")
@click.option("--office", "office_code", required=True, help="code of the office, such as palembang")
@click.option("--name", "full_name", required=True, help="full name, as officers and letters show it")
@click.option("--email", required=True, help="the officer's own work address")
@click.option(
    "--role",
    "roles",
    required=True,
    multiple=True,
    type=click.Choice([str(role) for role in Role]),
    help="may be given more than once",
)
@click.option("--password-stdin", is_flag=True, help="read the password from standard input")
def add(office_code: str, full_name: str, email: str, roles: tuple[str, ...], password_stdin: bool) -> None:
    """Add an officer. Without --password-stdin a password is made and shown once."""
    address = email_address(email)
    if address is None:
        raise click.BadParameter("not an e-mail address", param_hint="--email")
    name = names.read_name(full_name)
    if names.fault(name) is not None:
        words = f"a name is written in Latin letters, at most {names.LONGEST}"
        raise click.BadParameter(words, param_hint="--name")
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else secrets.token_urlsafe(15)
    try:
        add_staff(office_code, full_name=name, email=address, password=password, roles=roles, now=clock.now())
    except NotFound as refusal:
        raise click.BadParameter(f"no office {office_code!r}", param_hint="--office") from refusal
    except StaffAddressTaken as refusal:
        raise click.ClickException(f"{address} already belongs to an officer") from refusal
    except WeakPassword as refusal:
        raise click.ClickException(f"the password is too easy to guess ({refusal.weakness})") from refusal
    click.echo(f"Added {address}: {', '.join(roles)}")
    if not password_stdin:
        click.echo(f"Password, shown only now: {password}")


@staff.command("dismiss")
@click.argument("email")
def dismiss(email: str) -> None:
    """End an officer's service; every open sign-in of theirs ends at once."""
    try:
        dismiss_staff(email.strip().lower(), now=clock.now())
    except NotFound as refusal:
        raise click.ClickException(f"no officer in service has the address {email}") from refusal
    click.echo(f"Dismissed {email}")


@staff.command("kin")
@click.argument("email")
def kin(email: str) -> None:
    """Bar an officer from the cases of these NIKs, one a line on standard input.

    Theirs and their family's. They are kept as keyed hashes, so that nobody can read them back.
    """
    niks = [nik for line in sys.stdin if (nik := joined(line))]
    bad = [str(place) for place, nik in enumerate(niks, start=1) if fault(nik) is not None]
    if bad or not niks:
        raise click.ClickException(f"not a NIK: number {', '.join(bad)}" if bad else "no NIK was given")
    try:
        declare_kin(email.strip().lower(), niks, now=clock.now())
    except NotFound as refusal:
        raise click.ClickException(f"no officer in service has the address {email}") from refusal
    click.echo(f"{email} keeps away from the cases of {len(set(niks))} people")
