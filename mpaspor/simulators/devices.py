"""Pretend devices for the demo: they take nothing of anybody and say so in every number that they give."""

from __future__ import annotations

import secrets


class DevicesSimulator:
    """Keeps the promise of `desk.devices.Devices`."""

    def fingerprints(self, application_code: str) -> str:
        """A number for prints that were not taken."""
        return f"SIMULASI-JARI-{secrets.randbelow(10**6):06d}"

    def signature(self, application_code: str) -> str:
        """A number for a signature that was not taken."""
        return f"SIMULASI-TTD-{secrets.randbelow(10**6):06d}"
