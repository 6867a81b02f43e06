"""Buttons that stand beside the input of a field, and not beside its title."""

from __future__ import annotations

from PyQt6.QtWidgets import QPushButton, QWidget

from unitclient.desktop.widgets.basic import boxed, column, label, row


def beside(*buttons: QPushButton) -> QWidget:
    """The buttons below an empty line as high as a field's title."""
    made = column(label(" ", "secondary"), gap=2)
    made.addLayout(row(*buttons))
    return boxed(made)
