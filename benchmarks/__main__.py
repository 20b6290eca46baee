"""`python -m benchmarks [name] [--json]`: figures beside floors of the same run."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

from benchmarks import booking, page
from benchmarks.figure import Figure

BENCHES: dict[str, Callable[[], Figure]] = {"page": page.run, "booking": booking.run}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Figures beside floors of the same run.")
    parser.add_argument("name", nargs="?", choices=sorted(BENCHES), help="only this one")
    parser.add_argument("--json", action="store_true", help="one object per bench and line")
    given = parser.parse_args()
    for name in [given.name] if given.name else BENCHES:
        figure = BENCHES[name]()
        print(json.dumps(figure.as_json()) if given.json else figure.as_text(), flush=True)


if __name__ == "__main__":
    main()
