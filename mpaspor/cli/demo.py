"""`bin/mpaspor demo …`: fictitious people, in a demo installation only."""

from __future__ import annotations

import json
import sys

import click
from flask.cli import with_appcontext

from mpaspor.config import BadSetting, settings
from mpaspor.foundation import clock


@click.group()
def demo() -> None:
    """Fictitious people, in a demo only."""


@demo.command("load")
@with_appcontext
def load() -> None:
    """Make what is missing of the demo's office, officers and applicants; run again, it adds what lacks."""
    _demo_only()
    from mpaspor.demo.load import load as load_people
    from mpaspor.demo.load import logins
    from mpaspor.demo.partner import register_bank

    register_bank(settings().data_dir)
    load_people(clock.now())
    click.echo(logins())


@demo.command("crowd")
@click.argument("count", type=click.IntRange(1, 100_000))
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@with_appcontext
def crowd(count: int, as_json: bool) -> None:
    """Make COUNT verified applicants, each with a complete draft that only lacks its hour.

    One line for each on standard output, as soon as they are there: ten thousand take about a minute.
    """
    _demo_only()
    from mpaspor.demo.crowd import gather

    for number, person in enumerate(gather(count, now=clock.now()), 1):
        row = person.as_row()
        click.echo(json.dumps(row) if as_json else f"{row['application']}  {row['email']}  {row['password']}")
        _tell_progress(number, count)


def _tell_progress(done: int, count: int) -> None:
    """Every tenth of the way, to whoever watches: a pipe wants only the people."""
    if sys.stderr.isatty() and done * 10 // count > (done - 1) * 10 // count:
        click.echo(f"{done * 100 // count} %", err=True)


def _demo_only() -> None:
    if not settings().demo:
        raise BadSetting("This is a real installation: fictitious people are for a demo only.")
