"""A page of the product as a template of the bare application: its own bytes, its data as plain values."""

from __future__ import annotations

import html
import re

# What stands between two tags and has a digit in it came from data (an hour, a count, a code): a value.
# Everything else is the template's own text. Scripts and styles are left as they are.
_PIECES = re.compile(r"(<(script|style)\b.*?</\2>)|>([^<>]*\d[^<>]*)<", re.DOTALL | re.IGNORECASE)


def as_template(page: str) -> tuple[str, list[str]]:
    """The template and the list `values` that it shows."""
    values: list[str] = []
    parts: list[str] = []
    end = 0
    for found in _PIECES.finditer(page):
        if found[3] is None:
            continue
        parts += [_raw(page[end : found.start(3)]), f"{{{{ values[{len(values)}] }}}}"]
        values.append(html.unescape(found[3]))
        end = found.end(3)
    return "".join([*parts, _raw(page[end:])]), values


def _raw(text: str) -> str:
    return f"{{% raw %}}{text}{{% endraw %}}" if "{" in text else text
