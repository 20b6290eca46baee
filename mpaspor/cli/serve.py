"""`bin/serve`: everything that an installation needs, started together and stopped together."""

from __future__ import annotations

import click

from mpaspor.cli import installation, web_process, worker
from mpaspor.cli.bank import bank_folder, ensure_demo_partner
from mpaspor.cli.installation import AppFactory
from mpaspor.cli.processes import Parent
from mpaspor.config import BadSetting, Settings
from mpaspor.foundation import clock
from mpaspor.simulators import bank_server

_EMBEDDED_NOTE = (
    "The database is the PostgreSQL that came with pip: right for trying, developing, testing and one small\n"
    "office. For more, set DATABASE_URL."
)


@click.command()
@click.pass_obj
def serve(create_app: AppFactory) -> None:
    """Serve on ${MPASPOR_BIND:-127.0.0.1}:${PORT:-8000} until SIGTERM or Ctrl-C."""
    parent = Parent()
    given = installation.load_settings()
    listener = web_process.listen(given.bind, given.port)
    click.echo("Starting …" if given.database_url else "Starting PostgreSQL …")
    with installation.database_for(given) as settings:
        if not parent.run_once(lambda: _prepare(create_app, settings, embedded=given.database_url is None)):
            raise SystemExit(1)
        for number in range(1, installation.processes_wanted() + 1):
            parent.keep(
                f"web process {number}",
                lambda: web_process.serve(create_app(settings), listener, settings.web_threads),
            )
        parent.keep("worker", lambda: _work(create_app, settings))
        if settings.demo:
            folder, address = bank_folder(settings.data_dir), _own_address(settings)
            parent.keep("simulated bank", lambda: bank_server.serve(folder, address))
        parent.run()
    click.echo("Stopped.")


def _prepare(create_app: AppFactory, settings: Settings, *, embedded: bool) -> None:
    """Schema, kind of installation, demo. In a process of its own: the parent keeps no connection."""
    try:
        if embedded:
            installation.migrate(settings)
        else:
            installation.check_schema(settings)
        with create_app(settings).app_context():
            installation.check_installation(settings, clock.now())
            logins = _load_demo(settings) if settings.demo else ""
    except BadSetting as trouble:
        raise SystemExit(f"bin/serve: {trouble}") from None
    click.echo(f"\nM-Paspor Web is at {settings.public_url}\n{logins}")
    if embedded:
        click.echo(f"{_EMBEDDED_NOTE}\n")


def _load_demo(settings: Settings) -> str:
    from mpaspor import demo  # its people and their stories are needed by nobody else

    click.echo("Making the demo office and its people …")
    ensure_demo_partner(settings.data_dir)
    demo.load(clock.now())
    return demo.logins()


def _work(create_app: AppFactory, settings: Settings) -> None:
    with create_app(settings).app_context():
        worker.run_forever()


def _own_address(settings: Settings) -> str:
    """Where programs of this machine reach us, whatever the public address is."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.bind, settings.bind)
    return f"http://{host}:{settings.port}"
