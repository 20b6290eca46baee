"""The file store: sealed bytes under random keys, outside anything a browser can reach.

A file is whole or not there: it is written beside its place, synced, renamed, and the folder synced.
The key is random and says nothing; it is bound into the seal, so that two files cannot be swapped.
Rows point at files, never the other way; what no row points at is swept after a day.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Column, select

from mpaspor.config import BadSetting, Settings, settings
from mpaspor.foundation import clock, encryption
from mpaspor.foundation.database import db
from mpaspor.foundation.refusals import Refusal

# A column that holds a file's key carries this mark, so that the sweeper knows every owner of files.
HOLDS_FILE = {"holds_file": True}

_KEY = re.compile(r"[0-9a-f]{32}")
PARTS = tuple(f"{number:02x}" for number in range(256))  # how the keys of the store begin
_UNFINISHED = ".part"
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_ORPHAN_AGE = timedelta(days=1)  # STATES §9.9


class StoreFull(Refusal):
    """There is no room for another file; nothing was stored."""

    status = 503


class FileMissing(Exception):
    """A row points at a file that is not in the store."""


@dataclass(frozen=True)
class FileStore:
    """Files in a folder, two levels of shards deep, each readable by this system user only."""

    root: Path

    def put(self, data: bytes) -> str:
        """Store the bytes, durably, and return their new key. Raises `StoreFull`."""
        key = secrets.token_hex(16)
        try:
            self._write(self._path(key), encryption.seal(data, _purpose(key)))
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise StoreFull() from error
            raise
        return key

    def put_many(self, pieces: Iterable[bytes]) -> list[str]:
        """Store each of thousands; returns their keys, in order. As durable as `put`, though the disk is
        asked twice in all and not twice for each: all there when it returns, and none half there before.

        Raises `OSError`; what was written by then is swept later.
        """
        paths = []
        for data in pieces:
            key = secrets.token_hex(16)
            path = self._path(key)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_partial(path.with_suffix(_UNFINISHED), encryption.seal(data, _purpose(key)), sync=False)
            paths.append(path)
        os.sync()
        for path in paths:
            os.rename(path.with_suffix(_UNFINISHED), path)
        os.sync()
        return [path.name for path in paths]

    def _write(self, path: Path, sealed: bytes) -> None:
        self._make_folder(path.parent)
        partial = path.with_suffix(_UNFINISHED)
        try:
            _write_partial(partial, sealed, sync=True)
            os.rename(partial, path)
            _sync_folder(path.parent)
        except BaseException:
            partial.unlink(missing_ok=True)
            path.unlink(missing_ok=True)
            raise

    def get(self, key: str) -> bytes:
        """The bytes stored under `key`. Raises `FileMissing`, and `CannotUnseal` if they were changed."""
        try:
            sealed = self._path(key).read_bytes()
        except FileNotFoundError as exc:
            raise FileMissing(key) from exc
        return encryption.unseal(sealed, _purpose(key))

    def delete(self, key: str) -> None:
        """Remove the file; one that is gone already is no error."""
        self._path(key).unlink(missing_ok=True)

    def older_than(self, moment: datetime, part: str = "??") -> Iterator[tuple[str, Path]]:
        """Keys and paths of what was written before `moment`, leftovers of broken writes included; of the
        whole store, or of one of its `PARTS`."""
        for path in self.root.glob(f"{part}/??/*"):
            with suppress(FileNotFoundError):
                if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment:
                    yield path.stem, path

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError("not a key of this store")
        return self.root / key[:2] / key[2:4] / key

    def _make_folder(self, folder: Path) -> None:
        if folder.is_dir():
            return
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for made in (folder.parent, folder.parent.parent):
            _sync_folder(made)


def store_of(found: Settings) -> FileStore:
    """The file store of an installation: `MPASPOR_STORAGE_URL` as `file:/path`, else in the data folder."""
    if found.storage_url is None:
        return FileStore(found.data_dir / "files")
    scheme, _, path = found.storage_url.partition(":")
    if scheme != "file" or not path.startswith("/"):
        raise BadSetting("MPASPOR_STORAGE_URL must look like file:/srv/mpaspor/files.")
    return FileStore(Path("/" + path.lstrip("/")))


def store() -> FileStore:
    """The file store of the running application."""
    return store_of(settings())


def sweep_orphans(*, now: datetime, parts: Iterable[str] = PARTS) -> int:
    """Delete files older than a day that no row points at; returns how many."""
    swept = 0
    for path in orphans(now - _ORPHAN_AGE, parts):
        path.unlink(missing_ok=True)
        swept += 1
    return swept


def orphans(before: datetime, parts: Iterable[str] = PARTS) -> Iterator[Path]:
    """What was written before this moment and no row points at, leftovers of broken writes included. One part
    of the store after the other: there may be millions of files."""
    for part in parts:
        old = list(store().older_than(before, part))
        held = held_keys(part) if old else set()
        yield from (path for key, path in old if path.suffix == _UNFINISHED or key not in held)


def parts_due(now: datetime) -> Sequence[str]:
    """The parts of the store that are swept in this minute: all of them in an hour, each in two minutes of
    it, should one be left out."""
    places = ((5 * now.minute + number) % 300 for number in range(-5, 5))
    return [PARTS[place] for place in places if place < len(PARTS)]


def held_keys(part: str = "") -> set[str]:
    """Every key that some row points at, or those of one part of the store."""
    keys: set[str] = set()
    for column in _key_columns():
        # Keys are digits and small letters: all that begin like this lie between it and what comes after `f`.
        keys.update(db.session.scalars(select(column).where(column.between(part, f"{part}g"))))
    return keys


def _key_columns() -> list[Column[str]]:
    return [
        column
        for table in db.metadata.tables.values()
        for column in table.columns
        if column.info.get("holds_file")
    ]


def _purpose(key: str) -> str:
    return f"file.{key}"


def _write_partial(partial: Path, sealed: bytes, *, sync: bool) -> None:
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "wb") as file:
        file.write(sealed)
        file.flush()
        moment = clock.now().timestamp()  # the sweeper compares it with our clock
        os.utime(file.fileno(), (moment, moment))
        if sync:
            os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
