"""The file store keeps bytes sealed, whole, under random keys, and forgets what nobody points at."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from mpaspor.config import BadSetting
from mpaspor.foundation import files
from mpaspor.foundation.encryption import CannotUnseal


@pytest.fixture
def store(app: Flask, tmp_path: Path) -> files.FileStore:
    return files.FileStore(tmp_path / "files")


def _only_file(store: files.FileStore) -> Path:
    return next(path for path in store.root.rglob("*") if path.is_file())


def test_what_was_put_is_what_one_gets(store: files.FileStore) -> None:
    key = store.put(b"foto")
    assert store.get(key) == b"foto"
    assert store.put(b"foto") != key


def test_a_file_is_sealed_and_for_this_system_user_only(store: files.FileStore) -> None:
    key = store.put(b"rahasia sekali")
    path = _only_file(store)
    assert path == store.root / key[:2] / key[2:4] / key
    assert b"rahasia" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_changed_or_swapped_file_does_not_open(store: files.FileStore) -> None:
    one, other = store.put(b"satu"), store.put(b"dua")
    path = store.root / one[:2] / one[2:4] / one
    path.write_bytes((store.root / other[:2] / other[2:4] / other).read_bytes())
    with pytest.raises(CannotUnseal):
        store.get(one)


def test_a_deleted_file_is_missing_and_deleting_it_again_is_no_error(store: files.FileStore) -> None:
    key = store.put(b"foto")
    store.delete(key)
    store.delete(key)
    with pytest.raises(files.FileMissing):
        store.get(key)


@pytest.mark.parametrize("key", ["../../etc/passwd", "a" * 31, "A" * 32, "", "a" * 32 + "\n"])
def test_a_key_of_another_shape_names_nothing(store: files.FileStore, key: str) -> None:
    with pytest.raises(ValueError):
        store.get(key)


def test_a_write_that_breaks_leaves_nothing_behind(
    store: files.FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(files.StoreFull):
        store.put(b"foto")
    assert not [path for path in store.root.rglob("*") if path.is_file()]


def _noted(acts: list[str], name: str, act: Callable[..., object]) -> Callable[..., object]:
    def noting(*args: object) -> object:
        acts.append(name)
        return act(*args)

    return noting


def test_file_and_folder_are_synced_before_the_key_is_told(
    store: files.FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts: list[str] = []
    for name in ("fsync", "rename"):
        monkeypatch.setattr(os, name, _noted(acts, name, getattr(os, name)))
    store.put(b"foto")
    assert acts[-3:] == ["fsync", "rename", "fsync"]


def test_orphans_are_swept_after_a_day(app: Flask, now: datetime) -> None:
    key = files.store().put(b"tanpa baris")
    assert files.sweep_orphans(now=now + timedelta(hours=23)) == 0
    assert files.sweep_orphans(now=now + timedelta(hours=25)) >= 1
    with pytest.raises(files.FileMissing):
        files.store().get(key)


def test_each_part_of_the_store_is_swept_in_every_hour_even_if_a_minute_is_left_out(now: datetime) -> None:
    minutes = [files.parts_due(now + timedelta(minutes=number)) for number in range(60)]
    assert max(map(len, minutes)) <= 10
    for left_out in range(60):
        swept = [part for number, parts in enumerate(minutes) if number != left_out for part in parts]
        assert set(swept) == set(files.PARTS), left_out


def test_an_orphan_goes_with_its_part_and_what_a_row_holds_stays(app: Flask, now: datetime) -> None:
    keys = [files.store().put(b"tanpa baris") for _ in range(3)]
    later = now + timedelta(hours=25)
    assert files.sweep_orphans(now=later, parts=[keys[0][:2]]) >= 1
    left = {key for key, _path in files.store().older_than(later)}
    assert keys[0] not in left
    assert left & set(keys) == {key for key in keys if key[:2] != keys[0][:2]}


def test_the_place_of_files_is_a_setting(app: Flask, tmp_path: Path) -> None:
    from dataclasses import replace

    found = app.extensions["settings"]
    assert files.store_of(found).root == found.data_dir / "files"
    assert files.store_of(replace(found, storage_url=f"file://{tmp_path}")).root == tmp_path
    assert files.store_of(replace(found, storage_url=f"file:{tmp_path}")).root == tmp_path
    with pytest.raises(BadSetting):
        files.store_of(replace(found, storage_url="s3:ember"))


def test_thousands_are_on_the_disk_before_any_of_them_has_its_name(
    store: files.FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts: list[str] = []
    monkeypatch.setattr(os, "sync", _noted(acts, "sync", lambda: None))
    monkeypatch.setattr(os, "rename", _noted(acts, "rename", os.rename))
    keys = store.put_many([b"satu", b"dua", b"dua"])
    assert [store.get(key) for key in keys] == [b"satu", b"dua", b"dua"] and len(set(keys)) == 3
    assert acts == ["sync", "rename", "rename", "rename", "sync"]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in store.root.rglob("*") if path.is_file())
