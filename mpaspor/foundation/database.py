"""The one database. Rooms declare their tables on `db.Model`; deeds own the transactions."""

from __future__ import annotations

from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from mpaspor.config import Settings


class Base(DeclarativeBase):
    """Every constraint has a name, so that a violation can be told by its meaning."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(
    model_class=Base,
    session_options={"expire_on_commit": False, "autoflush": True},
)


def engine_options(settings: Settings) -> dict[str, Any]:
    """How we connect: small pools, and nothing that a pooler in transaction mode would break."""
    return {
        "pool_size": settings.pool_size,
        "max_overflow": settings.web_threads,
        "pool_pre_ping": True,
        "connect_args": {"prepare_threshold": None, "connect_timeout": 5},
    }


def constraint_name(error: Exception) -> str | None:
    """Which constraint an IntegrityError met, or None."""
    diag = getattr(getattr(error, "orig", None), "diag", None)
    return getattr(diag, "constraint_name", None)
