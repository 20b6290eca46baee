"""`bin/mpaspor audit …`: the record of what happened."""

from __future__ import annotations

import sys

import click

from mpaspor.foundation import clock, seals


@click.group()
def audit() -> None:
    """Look after the record of events."""


@audit.command()
def verify() -> None:
    """Prove that no sealed event was changed, added or taken away; exit 1 with the days that were."""
    broken = seals.violations()
    for line in broken:
        click.echo(line)
    if broken:
        sys.exit(1)
    click.echo("All sealed events verify.")


@audit.command()
def seal() -> None:
    """Seal the days that have ended now, instead of waiting for the worker."""
    click.echo(f"{seals.seal_ended_days(now=clock.now())} sealed")
