"""`bin/mpaspor audit …`: the record of what happened."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mpaspor.foundation import anchors, clock, seals


@click.group()
def audit() -> None:
    """Look after the record of events."""


@audit.command()
@click.option(
    "--anchors",
    "copy",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="a copy of anchors.jsonl that was kept elsewhere",
)
def verify(copy: Path | None) -> None:
    """Prove that no sealed event was changed, added or taken away; exit 1 with the days that were."""
    sealed = seals.all_seals()
    own = anchors.read(anchors.own_file())
    broken = seals.violations() + anchors.contradictions(own, sealed)
    if copy is not None:
        kept = anchors.read(copy)
        broken += [line for line in anchors.contradictions(kept, sealed) if line not in broken]
        broken += [
            f"{on} office {office}: the copy's anchor is not in {anchors.own_file()}"
            for (office, on), anchor in kept.items()
            if own.get((office, on)) != anchor
        ]
    for line in broken:
        click.echo(line)
    if broken:
        sys.exit(1)
    click.echo("All sealed events verify.")
    if not sealed:
        click.echo("No day is sealed yet: a day is sealed an hour after it ended in UTC.")
        return
    click.echo(f"Sealed until {sealed[-1].on_date}; what happened afterwards is not sealed yet.")
    until = max((on for _office, on in own), default=None)
    click.echo(f"Anchored outside the database until {until or 'no day yet'}, in {anchors.own_file()}.")


@audit.command()
def seal() -> None:
    """Seal the days that have ended now, instead of waiting for the worker."""
    click.echo(f"{seals.seal_ended_days(now=clock.now())} sealed")
