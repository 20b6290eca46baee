"""A Blueprint's views are its `*_routes.py` files: importing them registers what they hold."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable


def load_views(package: str, path: Iterable[str]) -> None:
    """Import every `*_routes` module of a Blueprint's package."""
    for module in pkgutil.iter_modules(path):
        if module.name.endswith("_routes"):
            importlib.import_module(f"{package}.{module.name}")
