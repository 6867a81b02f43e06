"""Fields of the calculators: typed text read into a value, with what is wrong said below the field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Generic, TypeVar

from PyQt6.QtWidgets import QLineEdit

from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.form_field import FormField
from unitclient.domain.money import parse_yuan
from unitclient.domain.period import Period
from unitclient.texts import say

T = TypeVar("T")


class ReadField(FormField, Generic[T]):
    """A line that is read by `parse` (ValueError: it makes no sense); `example` shows the form."""

    def __init__(self, title_key: str, parse: Callable[[str], T], example: str, width: int = 14) -> None:
        self.line = QLineEdit()
        super().__init__(say(title_key), self.line)
        self._parse, self._example = parse, example
        self.line.setPlaceholderText(example)
        self.line.setFixedWidth(width * self.line.fontMetrics().horizontalAdvance("0") + 24)
        self.line.textChanged.connect(lambda _text: self.clear())

    def read(self) -> T | None:
        """The value; None when it makes no sense, and then the field says so."""
        text = self.line.text().strip()
        try:
            return self._parse(text)
        except ValueError:
            self.tell(State.ERR, say("d-estimate-unread", value=text, example=self._example))
            return None

    def put(self, text: str) -> None:
        """Fill it in."""
        self.line.setText(text)
        self.clear()


def period_field(title_key: str) -> ReadField[Period]:
    """A month."""
    return ReadField(title_key, Period.parse, "2026-11", 10)


def day_field(title_key: str) -> ReadField[date]:
    """A day."""
    return ReadField(title_key, _day, "2026-12-31", 12)


def money_field(title_key: str) -> ReadField[int]:
    """An amount in yuan, as fen; never negative."""
    return ReadField(title_key, _amount, "8000.00", 14)


def _day(text: str) -> date:
    if len(text) != len("2026-12-31"):
        raise ValueError(text)
    return date.fromisoformat(text)


def _amount(text: str) -> int:
    fen = parse_yuan(text)
    if fen < 0:
        raise ValueError(text)
    return fen
