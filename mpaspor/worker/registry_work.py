"""What the worker asks of the registers before a decision."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime

from mpaspor.config import Settings
from mpaspor.correspondence.handlers import Handler
from mpaspor.desk.ask_registries import KIND, answer
from mpaspor.desk.find_duplicates import DuplicateSearch
from mpaspor.desk.registries import NotConnected, RegistryUnavailable, Source
from mpaspor.desk.registry_rules import Registry
from mpaspor.foundation.outbox_queue import Claimed, ComeBack

_ASK_AGAIN = 10.0  # seconds; longer each time, up to ten minutes
_LONGEST = 600.0


def registries_of(settings: Settings) -> Mapping[Registry, Source]:
    """The registers of this installation: simulators in a demo, else none until one is connected."""
    if settings.demo:
        from mpaspor.simulators.registries import PopulationSimulator, WatchListSimulator

        watch_list: Source = WatchListSimulator()
        population: Source = PopulationSimulator()
    else:
        watch_list = population = NotConnected()
    return {
        Registry.WATCH_LIST: watch_list,
        Registry.DUPLICATES: DuplicateSearch(),
        Registry.POPULATION: population,
    }


def registry_handlers(sources: Mapping[Registry, Source]) -> Mapping[str, Handler]:
    """The outbox kind that goes to registers, with what to do."""

    def put_question(row: Claimed, now: datetime) -> None:
        try:
            answer(sources, uuid.UUID(row.payload["ask_id"]), now=now)
        except RegistryUnavailable as silence:
            waited = (now - row.created_at).total_seconds()
            raise ComeBack(min(_LONGEST, _ASK_AGAIN + waited / 2)) from silence

    return {KIND: put_question}
