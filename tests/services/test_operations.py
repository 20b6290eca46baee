"""One use case, one transaction: what a repeat gets, and what a refusal leaves behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from mpaspor.foundation import outbox
from mpaspor.foundation.columns import uuid7
from mpaspor.foundation.database import db
from mpaspor.foundation.models import OneTimeKeyRow, OutboxRow
from mpaspor.foundation.one_time_keys import OneTimeKey
from mpaspor.foundation.operations import operation
from mpaspor.foundation.refusals import KeyReused, Refusal


class No(Refusal):
    pass


class CountedNo(Refusal):
    is_counted = True


@operation
def queue(word: str, *, now: datetime, refused: type[Refusal] | None = None) -> str:
    outbox.add("trial", uuid7(), dedupe_key=word, now=now)
    if refused is not None:
        raise refused()
    return word


@pytest.fixture
def key(app: Flask, now: datetime) -> OneTimeKey:
    return OneTimeKey("somebody", "/form", "rendering", b"what was typed", now)


def rows(model: type = OutboxRow) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_repeat_gets_the_first_result_and_does_nothing(key: OneTimeKey, now: datetime) -> None:
    assert queue.once(key, "first", now=now) == "first"
    assert queue.once(key, "second", now=now) == "first"
    assert rows() == 1


def test_the_key_of_another_content_is_refused_with_what_it_did(key: OneTimeKey, now: datetime) -> None:
    queue.once(key, "first", now=now)
    with pytest.raises(KeyReused) as refused:
        queue.once(replace(key, body_hash=b"something else"), "second", now=now)
    assert refused.value.facts["answer"] == "first"
    assert rows() == 1


def test_without_a_key_it_is_done_each_time(app: Flask, now: datetime) -> None:
    queue("one", now=now)
    queue.once(None, "two", now=now)
    assert rows() == 2 and rows(OneTimeKeyRow) == 0


def test_a_refusal_changes_nothing_and_uses_up_no_key(key: OneTimeKey, now: datetime) -> None:
    with pytest.raises(No):
        queue.once(key, "first", now=now, refused=No)
    assert rows() == 0
    assert queue.once(key, "first", now=now) == "first"


def test_a_refusal_that_counts_keeps_what_was_written_and_uses_up_no_key(
    key: OneTimeKey, now: datetime
) -> None:
    with pytest.raises(CountedNo):
        queue.once(key, "counted", now=now, refused=CountedNo)
    assert rows() == 1 and rows(OneTimeKeyRow) == 0
    assert queue.once(key, "another", now=now) == "another"


def test_an_operation_inside_another_is_a_fault_of_ours(app: Flask, now: datetime) -> None:
    @operation
    def outer() -> None:
        queue("inner", now=now)

    with pytest.raises(RuntimeError, match="queue"):
        outer()
    assert rows() == 0
