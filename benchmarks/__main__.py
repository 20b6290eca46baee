"""`python -m benchmarks [NAME|all] [--json|--markdown] [--quick]`: figures beside floors of the same run."""

from __future__ import annotations

import argparse

from benchmarks import table
from benchmarks.names import ABOUT, BENCHES

_DESCRIPTION = "Figures beside floors of the same run; docs/PERFORMANCE.md says what they mean."


def main() -> None:
    parser = argparse.ArgumentParser(prog="bin/bench", description=_DESCRIPTION)
    parser.add_argument(
        "name", nargs="?", choices=[*BENCHES, "all"], metavar="NAME", help="one of them, or all"
    )
    parser.add_argument(
        "--quick", action="store_true", help="seconds instead of minutes; shows only that it runs"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="one object per bench and line")
    how.add_argument("--markdown", action="store_true", help="the table of docs/PERFORMANCE.md")
    given = parser.parse_args()
    if given.name is None:
        for name, about in ABOUT.items():
            print(f"{name:<12} {about}")
        return
    names = list(BENCHES) if given.name == "all" else [given.name]
    write = table.as_json if given.json else table.as_markdown if given.markdown else table.as_text
    write(BENCHES[name](quick=given.quick) for name in names)


if __name__ == "__main__":
    main()
