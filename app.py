"""The WSGI entry point: `app`, on the database that is given or that `bin/serve` runs."""

import os
import sys

from mpaspor.cli.installation import settings_of_running_database
from mpaspor.config import BadSetting
from mpaspor.wiring import create_app

os.umask(0o077)  # files of people are nobody else's to read

try:
    app = create_app(settings_of_running_database())
except BadSetting as trouble:
    sys.exit(f"app.py: {trouble}")

if __name__ == "__main__":
    settings = app.extensions["settings"]
    app.run(host=settings.bind, port=settings.port)
