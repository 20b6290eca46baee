"""Fictitious people who show every screen with life in it. Made by the product's own operations, in the past.

Loaded only into a demo installation (CORE §10); tests never load it.
"""

from __future__ import annotations

from mpaspor.demo.cast import PASSWORD
from mpaspor.demo.load import load, logins

__all__ = ["PASSWORD", "load", "logins"]
