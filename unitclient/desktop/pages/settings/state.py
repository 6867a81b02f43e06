"""What the settings page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class SettingsState:
    """Values by key, what is wrong with what was entered (text keys), and whether a restart is needed."""

    values: Mapping[str, Any]
    problems: Mapping[str, str] = field(default_factory=dict)
    restart: bool = False
