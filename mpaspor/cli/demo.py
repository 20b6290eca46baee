"""`bin/mpaspor demo …`: fictitious people, in a demo installation only."""

from __future__ import annotations

import json

import click
from flask.cli import with_appcontext

from mpaspor.cli.bank import ensure_demo_partner
from mpaspor.config import BadSetting, settings
from mpaspor.demo import load as load_people
from mpaspor.demo import logins
from mpaspor.demo.crowd import Waiting, gather
from mpaspor.foundation import clock
from mpaspor.web.sessions import cookie_for


@click.group()
def demo() -> None:
    """Fictitious people, in a demo only."""


@demo.command("load")
@with_appcontext
def load() -> None:
    """Make what is missing of the demo's office, officers and applicants; run again, it adds what lacks."""
    _demo_only()
    ensure_demo_partner(settings().data_dir)
    load_people(clock.now())
    click.echo(logins())


@demo.command("crowd")
@click.argument("count", type=click.IntRange(1, 100_000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@with_appcontext
def crowd(count: int, as_json: bool) -> None:
    """Make COUNT verified applicants, each with a complete draft that only lacks its hour."""
    _demo_only()
    for person in gather(count, now=clock.now()):
        row = _row(person)
        click.echo(json.dumps(row) if as_json else f"{row['application']}  {row['email']}  {row['password']}")


def _row(person: Waiting) -> dict[str, str]:
    name, value = cookie_for(person.token)
    return {
        "id": str(person.id),
        "application": person.application_code,
        "email": person.email,
        "password": person.password,
        "cookie": value,
        "cookie_name": name,
    }


def _demo_only() -> None:
    if not settings().demo:
        raise BadSetting("This is a real installation: fictitious people are for a demo only.")
