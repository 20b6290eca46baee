"""Which letters the browser has: all of this machine, or only the family that MPASPOR_TEST_FONT names.

Pages must hold whatever is installed: letters of one family are up to a fifth wider than those of another.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import Browser

SETTING = "MPASPOR_TEST_FONT"
_CONFIGURATION = "<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>"
_STYLES = Path(__file__).parents[2] / "static" / "css" / "base.css"


def other_family() -> str | None:
    """The family to use in place of the usual ones, if one is named."""
    return os.environ.get(SETTING) or None


class NoSuchFont(Exception):
    """The family cannot be had; the message says why."""


def browser_with(family: str, folder: Path) -> dict[str, str]:
    """The environment of a browser for which no other family is installed. Raises `NoSuchFont`."""
    fc_list = shutil.which("fc-list")
    if fc_list is None:
        raise NoSuchFont(f"{SETTING} needs fontconfig (fc-list).")
    asked = [fc_list, "--format", "%{file}\n", family]
    files = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()
    if not files:
        raise NoSuchFont(f"{SETTING} names {family!r}, which is not installed (fc-list : family).")
    for file in files:
        (folder / Path(file).name).symlink_to(file)
    configuration = folder / "fonts.conf"
    configuration.write_text(_CONFIGURATION.format(folder=folder), encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(configuration)}


def width_of_words(browser: Browser) -> float:
    """How wide the same words come out, in the order of families that the pages ask for."""
    page = browser.new_page()
    page.set_content("<span>Permohonan 0123456789</span>")
    page.add_style_tag(path=_STYLES)
    found = page.evaluate("document.querySelector('span').getBoundingClientRect().width")
    page.close()
    return float(found)
