"""What stands between two slashes of an address, read once for every view.

`<code:code>` is the code of a case or a letter. People type it from paper or hear it over the telephone, so
every verb of every address reads it as `read_code` does; `url_for` writes the stored form. An address with
another spelling is answered as it is, not redirected: a redirect would lose what a form sent.
"""

from __future__ import annotations

from werkzeug.routing import BaseConverter

from mpaspor.foundation.columns import read_code


class Code(BaseConverter):
    """A public code in any case, in groups or not, with look-alikes. The view refuses what is none."""

    def to_python(self, value: str) -> str:
        return read_code(value)

    def to_url(self, value: str) -> str:
        return super().to_url(read_code(value))
