"""`bin/mpaspor`: the command line. One file for each group of commands."""

from __future__ import annotations

import os
import sys

import click

from mpaspor.cli.audit import audit
from mpaspor.cli.bank import bank
from mpaspor.cli.check import check
from mpaspor.cli.demo import demo
from mpaspor.cli.doctor import doctor
from mpaspor.cli.installation import AppFactory, application
from mpaspor.cli.migrate import migrate
from mpaspor.cli.office import office
from mpaspor.cli.quota import quota
from mpaspor.cli.serve import serve
from mpaspor.cli.staff import staff
from mpaspor.cli.worker import outbox_commands, worker_command
from mpaspor.config import BadSetting
from mpaspor.foundation.embedded_postgres import DatabaseTrouble
from mpaspor.foundation.postgres_binaries import PostgresMissing

_WITHOUT_APPLICATION = (doctor, serve, migrate)  # they bring database and schema themselves
_WITH_APPLICATION = (audit, bank, check, demo, office, outbox_commands, quota, staff, worker_command)
_AS_OWNER = (staff, demo)  # the application's own role may not make officers


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def cli(context: click.Context) -> None:
    """M-Paspor Web: run it and look after it."""
    asks_for_help = bool({"-h", "--help"} & set(sys.argv))
    invoked = context.invoked_subcommand
    if invoked in {command.name for command in _WITH_APPLICATION} and not asks_for_help:
        is_owners = invoked in {command.name for command in _AS_OWNER}
        context.with_resource(application(context.obj, owner=is_owners))


for command in (*_WITHOUT_APPLICATION, *_WITH_APPLICATION):
    cli.add_command(command)


def main(create_app: AppFactory) -> None:
    """Run one command. What the person at the keyboard can mend is said in words, without a traceback."""
    os.umask(0o077)  # whatever we make holds data of people or keys
    try:
        cli(obj=create_app, prog_name="bin/mpaspor")
    except (BadSetting, DatabaseTrouble, PostgresMissing) as trouble:
        sys.exit(f"bin/mpaspor: {trouble}")
