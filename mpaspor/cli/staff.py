"""`bin/mpaspor staff`: officers come and go by the command line, with the owner's role of the database."""

from __future__ import annotations

import sys

import click

from mpaspor.applications.nik import fault
from mpaspor.config import settings
from mpaspor.desk.declare_kin import declare_kin
from mpaspor.foundation import clock
from mpaspor.foundation.refusals import NotFound
from mpaspor.foundation.typed_text import joined
from mpaspor.people import names
from mpaspor.people.contact import email_address
from mpaspor.people.refusals import AdministratorExists, LastAdministrator, StaffAddressTaken
from mpaspor.people.rules import Role
from mpaspor.people.second_factor.links import GivenLink
from mpaspor.people.staff_accounts import NewOfficer, add_staff, dismiss_staff, first_admin, link_for


@click.group()
def staff() -> None:
    """Officers: the first administrator, others, new links, dismissal, whose cases each keeps away from."""


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
def add(office_code: str, full_name: str, email: str, roles: tuple[str, ...]) -> None:
    """Add an officer, and show the one-time link by which they set a password and a second factor."""
    new = _new_officer(full_name, email, roles)
    try:
        given = add_staff(office_code, new, now=clock.now())
    except NotFound as refusal:
        raise click.BadParameter(f"no office {office_code!r}", param_hint="--office") from refusal
    except StaffAddressTaken as refusal:
        raise click.ClickException(f"{new.email} already belongs to an officer") from refusal
    click.echo(f"Added {new.email}: {', '.join(roles)}")
    _show(given)


@staff.command("first-admin")
@click.option("--office", "office_code", required=True, help="code of the office, such as palembang")
@click.option("--name", "full_name", required=True, help="full name, as officers and letters show it")
@click.option("--email", required=True, help="the administrator's own work address")
def first(office_code: str, full_name: str, email: str) -> None:
    """Show the one-time link of an office's first administrator, who then invites everybody else.

    Works until one has come in; run again before that, it shows a new link and voids the one before.
    """
    new = _new_officer(full_name, email, ())
    try:
        given = first_admin(office_code, new.full_name, new.email, now=clock.now())
    except NotFound as refusal:
        raise click.BadParameter(f"no office {office_code!r}", param_hint="--office") from refusal
    except AdministratorExists as refusal:
        words = (
            "the office has an administrator, who invites the others; staff link helps one who is locked out"
        )
        raise click.ClickException(words) from refusal
    except StaffAddressTaken as refusal:
        raise click.ClickException(f"{new.email} already belongs to an officer") from refusal
    _show(given)


@staff.command("link")
@click.argument("email")
def link(email: str) -> None:
    """Show a new one-time link, for whoever lost password or telephone or let the first one run out.

    Their password, app and recovery codes of before count no more, and every open sign-in ends at once.
    """
    try:
        _show(link_for(email.strip().lower(), now=clock.now()))
    except NotFound as refusal:
        raise click.ClickException(f"no officer in service has the address {email}") from refusal


def _new_officer(full_name: str, email: str, roles: tuple[str, ...]) -> NewOfficer:
    address = email_address(email)
    if address is None:
        raise click.BadParameter("not an e-mail address", param_hint="--email")
    name = names.read_name(full_name)
    if names.fault(name) is not None:
        words = f"a name is written in Latin letters, at most {names.LONGEST}"
        raise click.BadParameter(words, param_hint="--name")
    return NewOfficer(name, address, roles)


def _show(given: GivenLink) -> None:
    click.echo(f"One-time link, shown only now, until {given.expires_at:%Y-%m-%d %H:%M} UTC:")
    click.echo(f"{settings().officer_url}{given.path}")


@staff.command("dismiss")
@click.argument("email")
def dismiss(email: str) -> None:
    """End an officer's service; every open sign-in of theirs ends at once."""
    try:
        dismiss_staff(email.strip().lower(), now=clock.now())
    except NotFound as refusal:
        raise click.ClickException(f"no officer in service has the address {email}") from refusal
    except LastAdministrator as refusal:
        raise click.ClickException(
            f"{email} is the office's last administrator: add another first"
        ) from refusal
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
