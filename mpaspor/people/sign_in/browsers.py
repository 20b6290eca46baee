"""The browser that asks: what is known of it, and the marks by which its challenges and budgets are kept."""

from __future__ import annotations

from dataclasses import dataclass

from mpaspor.foundation.encryption import lookup_hash
from mpaspor.people.rules import network_of


@dataclass(frozen=True)
class Browser:
    """What we know of the browser that asks.

    `token` is the random mark in its session, to which the codes it asks for are bound; `device_token` is
    its long-lived cookie (one token for each account of a family, joined by dots), `form_key` the one-time
    key of the form that was sent, `address` its place on the internet.
    """

    name: str = ""
    token: str | None = None
    device_token: str | None = None
    is_shared: bool = False
    form_key: str | None = None
    address: str | None = None

    @property
    def mark(self) -> bytes | None:
        """How the browser is written into its challenges; None for one that could hold none."""
        return lookup_hash(self.token, "browser") if self.token else None

    @property
    def network(self) -> bytes | None:
        """How its place on the internet is written down where codes are counted."""
        return lookup_hash(network_of(self.address), "browser.network") if self.address else None
