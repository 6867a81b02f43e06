"""FakeDialogs: a DialogService for tests, with answers given beforehand. It lies here so that every room can use it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from unitclient.desktop.dialogs.service import FileAsk, SignSummary
from unitclient.texts import ErrorTexts, say

if TYPE_CHECKING:
    from unitclient.tokens.keyref import PinAsk


@dataclass
class FakeDialogs:
    """Answers from the lists, first in first out; an answer that was not given beforehand is an AssertionError."""

    pins: list[str | None] = field(default_factory=list)
    confirms: list[bool] = field(default_factory=list)
    files: list[Path | None] = field(default_factory=list)
    wizards: dict[str, list[Any]] = field(default_factory=dict)
    asked: list[tuple[str, Any]] = field(default_factory=list)
    """(kind, what was asked) in order."""
    refusals: list[ErrorTexts] = field(default_factory=list)
    summaries: list[SignSummary] = field(default_factory=list)

    def ask_pin(self, question: PinAsk, summary: SignSummary, done: Callable[[str | None], None]) -> None:
        """See DialogService."""
        self.asked.append(("pin", question))
        self.summaries.append(summary)
        assert self.pins, "no PIN was prepared"
        done(self.pins.pop(0))

    def confirm(self, title_key: str, text: str, act_key: str, done: Callable[[bool], None],
                *, danger: bool = False) -> None:  # fmt: skip
        """See DialogService."""
        say(title_key), say(act_key)
        self.asked.append(("confirm", text))
        assert self.confirms, f"no answer was prepared: {title_key} {text} ({danger})"
        done(self.confirms.pop(0))

    def refuse(self, texts: ErrorTexts, done: Callable[[], None] | None = None) -> None:
        """See DialogService."""
        self.asked.append(("refuse", texts))
        self.refusals.append(texts)
        if done is not None:
            done()

    def choose_file(self, ask: FileAsk, done: Callable[[Path | None], None]) -> None:
        """See DialogService."""
        self.asked.append(("file", ask))
        assert self.files, f"no file was prepared: {ask}"
        done(self.files.pop(0))

    def open_wizard(self, name: str, params: Mapping[str, Any], done: Callable[[Any], None]) -> None:
        """See DialogService."""
        self.asked.append((name, dict(params)))
        assert self.wizards.get(name), f"no answer was prepared: {name}"
        done(self.wizards[name].pop(0))


@dataclass
class FakeFiles:
    """A FileService for tests: remembers."""

    opened: list[Path] = field(default_factory=list)
    shown: list[Path] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)

    def open(self, path: Path) -> bool:
        """See FileService."""
        self.opened.append(path)
        return True

    def show(self, path: Path) -> bool:
        """See FileService."""
        self.shown.append(path)
        return True

    def copy_text(self, text: str) -> None:
        """See FileService."""
        self.copied.append(text)


@dataclass
class FakeShell:
    """A Shell for tests: remembers where it was asked to go."""

    went: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def go(self, page_id: str, **target: str) -> None:
        """See Shell."""
        self.went.append((page_id, target))

    def say(self, text: str) -> None:
        """See Shell."""
        self.said.append(text)
