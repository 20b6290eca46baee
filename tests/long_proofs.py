"""Whether this run looks at everything (`.ci/run`), or at what an engineer waits for between two changes."""

import os

ARE_WANTED = os.environ.get("MPASPOR_LONG") == "1"
