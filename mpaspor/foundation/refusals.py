"""What an operation says when the answer is no.

The class names the reason, its attributes carry the facts; the sentence for people lives in
`mpaspor.web.labels` and nowhere else.
"""

from __future__ import annotations


class Refusal(Exception):
    """An operation was refused and changed nothing.

    A refusal that `is_counted` (a wrong code) keeps what was written before it was raised.
    """

    status = 409
    is_counted = False

    def __init__(self, **facts: object) -> None:
        super().__init__(type(self).__name__)
        self.facts = facts


class NotFound(Refusal):
    """Not there, or not yours: the two look alike."""

    status = 404


class TooFast(Refusal):
    """A rate limit was met; `retry_after` says in how many seconds to come back."""

    status = 429

    @property
    def retry_after(self) -> int:
        value = self.facts.get("retry_after", 60)
        return value if isinstance(value, int) else 60


class StateChanged(Refusal):
    """Somebody else, or the clock, moved it first; what was asked no longer fits."""


class KeyReused(Refusal):
    """The same one-time key came with another body; `answer` is what the first one did."""

    status = 422
