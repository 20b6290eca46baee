"""`bin/serve`: everything that an installation needs, started together and stopped together."""

from __future__ import annotations

import os
import socket

import click

from mpaspor.cli import database_watch, doctor, installation, web_process
from mpaspor.cli.installation import AppFactory
from mpaspor.cli.processes import Parent
from mpaspor.config import BadSetting, Settings
from mpaspor.foundation import clock
from mpaspor.offices import seed
from mpaspor.server.heartbeat import Beat
from mpaspor.worker import loop

# Of one web process. A browser keeps up to six, and many phones of one mobile network share an address.
_CONNECTIONS_PER_ADDRESS = 100
# Drawing letters takes as much of a processor as is there; whoever waits for a page or an answer goes first.
_WORKER_NICENESS = 10
_EMBEDDED_NOTE = (
    "The database is the PostgreSQL that came with pip: right for trying, developing, testing and one small\n"
    "office. For more, set DATABASE_URL."
)


@click.command()
@click.pass_obj
def serve(create_app: AppFactory) -> None:
    """Serve on ${MPASPOR_BIND:-127.0.0.1}:${PORT:-8000} until SIGTERM or Ctrl-C."""
    given = installation.load_settings()
    parent = Parent(silence=given.silence, patience=given.drain)
    listener = web_process.listen(given.bind, given.port)
    click.echo("Starting …" if given.database_url else "Starting PostgreSQL …")
    with installation.database_for(given) as settings:
        if not parent.run_once(lambda: _prepare(create_app, settings, embedded=given.database_url is None)):
            raise SystemExit(1)
        if given.database_url is None:
            parent.keep("database watch", lambda beat: database_watch.watch(given, beat), is_vital=True)
        for number in range(1, installation.processes_wanted() + 1):
            parent.keep(f"web process {number}", lambda beat: _answer(create_app, settings, listener, beat))
        parent.keep("worker", lambda beat: _work(create_app, settings, beat))
        if settings.demo:
            parent.keep("simulated bank", lambda beat: _pretend_bank(settings, beat))
        went_well = parent.run()
    if not went_well:
        raise SystemExit(1)
    click.echo("Stopped.")


def _prepare(create_app: AppFactory, settings: Settings, *, embedded: bool) -> None:
    """Schema, kind of installation, demo. In a process of its own: the parent keeps no connection."""
    try:
        if embedded:
            installation.migrate(settings)
        else:
            installation.check_schema(settings)
        doctor.refuse_faults(settings)
        makers = installation.as_owner(settings) if settings.demo else settings
        with create_app(makers).app_context():
            installation.check_installation(settings, clock.now())
            logins = _load_demo(settings) if settings.demo else ""
    except BadSetting as trouble:
        raise SystemExit(f"bin/serve: {trouble}") from None
    click.echo(f"\nM-Paspor Web is at {settings.public_url}\n{logins}")
    if embedded:
        click.echo(f"{_EMBEDDED_NOTE}\n")


def _load_demo(settings: Settings) -> str:
    from mpaspor.demo.load import load, logins
    from mpaspor.demo.partner import register_bank

    click.echo("Making the demo office and its people …")
    register_bank(settings.data_dir)
    now = clock.now()
    load(now)
    for year in seed.plant_fixed_holidays(now=now):
        click.echo(f"The holidays of {year} are not decreed here: the demo uses those that no decree moves.")
    return logins()


def _answer(create_app: AppFactory, settings: Settings, listener: socket.socket, beat: Beat) -> None:
    # Behind a proxy every connection comes from the proxy's address, so there the proxy keeps this limit.
    per_address = None if settings.trusted_proxies else _CONNECTIONS_PER_ADDRESS
    app = create_app(settings)
    web_process.serve(
        app,
        listener,
        settings.web_threads,
        beat,
        per_address=per_address,
        drain=settings.drain,
        longest_queue=settings.longest_queue,
    )


def _work(create_app: AppFactory, settings: Settings, beat: Beat) -> None:
    os.nice(_WORKER_NICENESS)
    with create_app(settings).app_context():
        loop.run_forever(beat)


def _pretend_bank(settings: Settings, beat: Beat) -> None:
    from mpaspor.simulators import bank_identity, bank_server

    bank_server.serve(bank_identity.folder(settings.data_dir), _own_address(settings), beat=beat)


def _own_address(settings: Settings) -> str:
    """Where programs of this machine reach us, whatever the public address is."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.bind, settings.bind)
    return f"http://{host}:{settings.port}"
