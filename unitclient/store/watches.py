"""Questions that are watched for change, and which answer to each was seen last. Inside the settings: small and few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from unitclient.store.settings import get_setting, put_setting
from unitclient.store.store import Store


@dataclass(frozen=True, slots=True)
class Watch:
    """One question. `seen` is the time of the answer that a person saw last; None before the first answer."""

    query: str
    inputs: Mapping[str, str]
    by: str
    seen: datetime | None = None

    def asks(self, query: str, inputs: Mapping[str, str]) -> bool:
        """Whether it is this question."""
        return self.query == query and dict(self.inputs) == {name: text for name, text in inputs.items() if text}


def list_watches(store: Store, unit: str) -> list[Watch]:
    """The watched questions of a unit in the order they were added."""
    return [_read(told) for told in get_setting(store, _key(unit), [])]


def put_watches(store: Store, unit: str, watches: list[Watch]) -> None:
    """Keep these, inside a write."""
    put_setting(store, _key(unit), [_told(one) for one in watches])


def mark_seen(store: Store, unit: str, query: str, inputs: Mapping[str, str], at: datetime) -> None:
    """An answer was shown to a person, inside a write; nothing for a question that nobody watches."""
    known = list_watches(store, unit)
    if any(one.asks(query, inputs) for one in known):
        put_watches(store, unit, [replace(one, seen=at) if one.asks(query, inputs) else one for one in known])


def _read(told: Mapping[str, Any]) -> Watch:
    seen = datetime.fromisoformat(told["seen"]) if told["seen"] else None
    return Watch(told["query"], dict(told["inputs"]), told["by"], seen)


def _told(one: Watch) -> dict[str, Any]:
    seen = one.seen.isoformat() if one.seen else ""
    return {"query": one.query, "inputs": dict(one.inputs), "by": one.by, "seen": seen}


def _key(unit: str) -> str:
    return f"query.watches:{unit}"
