"""What Alembic runs: the tables of every room, on the connection that it is handed."""

from importlib import import_module
from pathlib import Path

from alembic import context

import mpaspor
from mpaspor.foundation.database import db

for _package in mpaspor.__path__:
    for _models in sorted(Path(_package).glob("*/*models.py")):
        import_module(f"mpaspor.{_models.parent.name}.{_models.stem}")

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=db.metadata,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
