"""DialogService: every question to the person goes through it and is answered by a callback. No widgets here.

Wizards and bigger dialogs live in `unitclient.desktop.dialogs.<name>` and are opened by name:
`open_dialog(services, parent, params, done)` in that package is what `open_wizard(name, ...)` calls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from unitclient.texts import ErrorTexts, error_texts

if TYPE_CHECKING:
    from unitclient.errors import UserError
    from unitclient.tokens.keyref import PinAsk


@dataclass(frozen=True, slots=True)
class SignLine:
    """One declaration as it is about to be signed. `digest` is the SHA-256 of declaration.json in hex.

    `unit` names whose it is where one PIN signs for several units. `what` says what is signed where it is no
    declaration: then there are no persons and no amount.
    """

    form: str
    period: str
    persons: int
    rows: int
    total_fen: int | None
    digest: str
    unit: str = ""
    what: str = ""


@dataclass(frozen=True, slots=True)
class SignSummary:
    """What is signed with one PIN: whose, which certificate, and every declaration.

    `unit_number` is empty where it is for several units, whom `unit_name` names. `purpose` says what the signature is
    for where it is no declaration.
    """

    unit_name: str
    unit_number: str
    certificate: str
    lines: tuple[SignLine, ...]
    practice: bool = False
    purpose: str = ""


class FileMode(StrEnum):
    """What a chosen path is for."""

    OPEN = "open"
    SAVE = "save"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class FileAsk:
    """A question for a path. `filters` are pairs (text key, "*.xlsx *.csv"); `suggested` a file name or path."""

    mode: FileMode
    title_key: str
    filters: tuple[tuple[str, str], ...] = ()
    suggested: str = ""


class DialogService(Protocol):
    """Questions and refusals. `done` is called once, later, on the window's thread."""

    def ask_pin(self, question: PinAsk, summary: SignSummary, done: Callable[[str | None], None]) -> None:
        """Ask for the PIN, showing what will be signed; None when the person gave up."""
        ...

    def confirm(self, title_key: str, text: str, act_key: str, done: Callable[[bool], None],
                *, danger: bool = False) -> None:  # fmt: skip
        """Ask whether to do something; the button is named by `act_key` (the act, never "OK")."""
        ...

    def refuse(self, texts: ErrorTexts, done: Callable[[], None] | None = None) -> None:
        """Show a refusal in its three sentences."""
        ...

    def choose_file(self, ask: FileAsk, done: Callable[[Path | None], None]) -> None:
        """Ask for a file or folder; None when the person gave up."""
        ...

    def open_wizard(self, name: str, params: Mapping[str, Any], done: Callable[[Any], None]) -> None:
        """Open the dialog `unitclient.desktop.dialogs.<name>`; `done(None)` when it was given up."""
        ...


def texts_of(refusal: UserError) -> ErrorTexts:
    """The three sentences of a refusal, in the language in use."""
    return error_texts(refusal.code, refusal.params)
