"""`python -m mpaspor …`: the command line, handed the one thing that lies above it."""

from mpaspor.cli.main import main
from mpaspor.wiring import create_app

if __name__ == "__main__":
    main(create_app)
