"""No room for another file: the applicant is told in words, and nothing half-made stays behind."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from mpaspor.foundation import files
from tests.stage.papers import Giver, giver, picture

Scalar = Callable[..., Any]
_SENTENCE = "Tempat penyimpanan kami sedang penuh, jadi foto ini belum tersimpan."


class Disk:
    """A disk that takes so many more writes, and then no more."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.room: int | None = None
        self._fsync = os.fsync
        monkeypatch.setattr(files.os, "fsync", self._sync)

    def _sync(self, descriptor: int) -> None:
        if self.room is not None:
            self.room -= 1
            if self.room < 0:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._fsync(descriptor)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    yield Disk(monkeypatch)


def stored() -> set[str]:
    return {path.name for path in files.store().root.glob("??/??/*")}


@pytest.mark.parametrize("htmx", [True, False])
def test_a_full_disk_refuses_a_photo_in_words_and_keeps_no_row(
    app: Flask, now: datetime, disk: Disk, scalar: Scalar, htmx: bool
) -> None:
    siti: Giver = giver(app, now)
    before = stored()
    disk.room = 0
    answer = siti.give("ktp", picture(), htmx=htmx)
    assert answer.status_code == 422 and _SENTENCE in answer.text
    assert scalar("SELECT count(*) FROM document") == 0
    assert stored() == before

    disk.room = None
    assert siti.give("ktp", picture(), htmx=htmx).status_code in (200, 303)
    assert scalar("SELECT count(*) FROM document") == 1


def test_a_disk_that_fills_up_between_picture_and_thumbnail_keeps_neither(
    app: Flask, now: datetime, disk: Disk, scalar: Scalar
) -> None:
    siti = giver(app, now)
    siti.give("ktp", picture())
    before = stored()
    refused = 0
    for room in range(1, 20):  # each time the disk is full one write later
        disk.room = room
        if siti.give("kk", picture()).status_code != 422:
            break
        refused += 1
        assert stored() == before
        assert scalar("SELECT count(*) FROM document") == 1
    assert refused > 2 and scalar("SELECT count(*) FROM document") == 2
