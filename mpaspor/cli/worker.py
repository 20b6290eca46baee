"""`bin/mpaspor worker` and `bin/mpaspor outbox …`: the worker by hand, and what it could not send."""

from __future__ import annotations

import uuid

import click
from flask.cli import with_appcontext

from mpaspor.foundation import clock, outbox_queue
from mpaspor.worker.loop import make_worker, run_forever, this_app


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
@with_appcontext
def worker_command(once: bool) -> None:
    """Send messages and do the timed work."""
    if once:
        click.echo(f"{make_worker(this_app()).once()} handled")
    else:
        run_forever()


@click.group("outbox")
def outbox_commands() -> None:
    """Messages that failed for good."""


@outbox_commands.command("failed")
@with_appcontext
def failed() -> None:
    """List what failed after all its tries."""
    for row in outbox_queue.dead():
        click.echo(f"{row.id}  {row.dead_at:%Y-%m-%d %H:%M} UTC  {row.kind}  {row.last_error}")


@outbox_commands.command("retry")
@click.argument("row_ids", nargs=-1, type=click.UUID)
@click.option("--all", "every", is_flag=True, help="All that failed.")
@with_appcontext
def retry(row_ids: tuple[uuid.UUID, ...], every: bool) -> None:
    """Try failed messages again."""
    wanted = [row.id for row in outbox_queue.dead(limit=10_000)] if every else list(row_ids)
    revived = sum(outbox_queue.retry(row_id, now=clock.now()) for row_id in wanted)
    click.echo(f"{revived} of {len(wanted)} will be tried again")
