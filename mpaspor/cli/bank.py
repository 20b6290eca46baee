"""`bin/mpaspor bank …`: partner banks, and the simulated one."""

from __future__ import annotations

from pathlib import Path

import click

from mpaspor.billing.snap import partners
from mpaspor.billing.snap.signing import BadKey
from mpaspor.config import Settings
from mpaspor.foundation import clock


@click.group()
def bank() -> None:
    """Partner banks, and the simulated bank of the demo."""


@bank.group()
def partner() -> None:
    """Banks that may call us over SNAP. These commands need the database."""


@partner.command("add")
@click.option("--id", "code", required=True, help="Its X-PARTNER-ID and X-CLIENT-KEY.")
@click.option("--name", default="", help="Its name for people; the id when left out.")
@click.option(
    "--secret-file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with the shared secret for HMAC-SHA512.",
)
@click.option(
    "--public-key",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The bank's RSA public key in PEM.",
)
def add_partner(code: str, name: str, secret_file: Path, public_key: Path) -> None:
    """Register a bank, or give a known one new keys; its running tokens end at once."""
    try:
        partners.register_partner(
            code,
            name=name or code,
            secret=secret_file.read_text().strip(),
            public_key_pem=public_key.read_text(),
            now=clock.now(),
        )
    except (partners.BadPartner, BadKey) as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"{code}: registered. It calls /snap/v1.0/access-token/b2b first.")


@partner.command("list")
def list_partners() -> None:
    """Show the registered banks."""
    for row in partners.all_partners():
        state = "active" if row.is_active else "off"
        click.echo(f"{row.code}\t{row.name}\t{state}\tsince {row.created_at:%Y-%m-%d}")


@bank.command("serve")
@click.option("--port", default=0, show_default=True, help="Port on this machine; 0 takes a free one.")
@click.option("--partner-url", default=None, help="Where M-Paspor answers; default: this machine's PORT.")
def serve(port: int, partner_url: str | None) -> None:
    """Run the simulated bank until stopped. It listens on this machine only."""
    settings = Settings.from_environment()
    if not settings.demo:
        raise click.ClickException("The simulated bank exists only in the demo (MPASPOR_DEMO).")
    from mpaspor.simulators import bank_identity, bank_server

    bank_server.serve(
        bank_identity.folder(settings.data_dir), partner_url or f"http://127.0.0.1:{settings.port}", port=port
    )
