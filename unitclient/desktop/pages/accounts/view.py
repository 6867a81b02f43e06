"""The accounts page's widgets: accounts of all units, and the operation log."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QTabWidget, QWidget

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.models.rows import MARKS, Mark
from unitclient.desktop.pages.accounts.state import AccountsState
from unitclient.desktop.pages.base import Page
from unitclient.desktop.pages.sign.words import moment
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import boxed, button, column, label, row
from unitclient.desktop.widgets.table_view import TableView
from unitclient.texts import catalogue, say

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.workflows.accounts import Account

CATEGORIES = ("", "contribution", "bank", "linked")
BUSINESSES = ("account-link", "account-unlink", "account-limits", "message-subscription")
"""Businesses that change what stands here."""
COLUMNS = (
    ColumnSpec("unit", "d-accounts-unit", width=16),
    ColumnSpec("kind", "d-accounts-kind", width=16),
    ColumnSpec("tail", "d-accounts-tail", width=8),
    ColumnSpec("balance_fen", "d-accounts-balance", Kind.MONEY, 15, sensitive=True),
    ColumnSpec("origin", "d-accounts-origin", width=9),
    ColumnSpec("due_fen", "d-accounts-due", Kind.MONEY, 13),
    ColumnSpec("overdue_fen", "d-accounts-overdue", Kind.MONEY, 13),
    ColumnSpec("at", "d-accounts-at", Kind.STATE, 18),
    ColumnSpec("state", "d-accounts-state", Kind.STATE, 14),
    ColumnSpec("due", "d-accounts-due-on", Kind.DATE, 11),
    ColumnSpec("single_limit_fen", "d-accounts-single", Kind.MONEY, 13),
    ColumnSpec("day_limit_fen", "d-accounts-day", Kind.MONEY, 13),
    ColumnSpec("institution", "d-accounts-institution", width=16),
)
LOG = (
    ColumnSpec("at", "d-accounts-log-at", width=18),
    ColumnSpec("act", "d-accounts-log-act", width=24),
    ColumnSpec("subject", "d-accounts-log-subject", width=24),
    ColumnSpec("actor", "d-accounts-log-actor", width=16),
)
_GOOD = frozenset({"open", "active", "linked"})
_BAD = frozenset({"returned", "refused"})


def table_row(one: Account) -> dict[str, Any]:
    """An account as a row."""
    told: dict[str, Any] = {name: getattr(one, name) for name in one.__dataclass_fields__}
    marks = {"at": Mark(State.ERR if one.failure else State.OK if one.at else State.OFF)}
    if one.state:
        marks["state"] = Mark(State.OK if one.state in _GOOD else State.ERR if one.state in _BAD else State.INFO)
    if one.overdue_fen:
        marks["overdue_fen"] = Mark(State.ERR)
    return {
        **told,
        "id": f"{one.unit_number}|{one.kind}|{one.key}",
        "unit": one.unit_name,
        "kind": _word("account-kind", one.kind),
        "state": _word("account-state", one.state),
        "origin": _word("balance-origin", one.origin) if one.origin else "",
        "due": one.due or None,
        "at": moment(one.at) if one.at else say("d-accounts-never"),
        MARKS: marks,
    }


def _word(what: str, word: str) -> str:
    key = f"{what}-{word}"
    return say(key) if key in catalogue()["text"] else word


class AccountsView(Page):
    """Shows an AccountsState."""

    page_id, title_key, help_id = "accounts", "d-accounts", "d-accounts-help"
    topics = frozenset({"units", "documents", "queries"})

    intent_read = pyqtSignal()
    intent_ask = pyqtSignal()
    intent_category = pyqtSignal(str)
    intent_business = pyqtSignal(str)

    def __init__(self, services: Services, parent: QWidget | None = None) -> None:
        super().__init__(services, parent)
        self.ask = button(say("d-accounts-ask"), self.intent_ask.emit, "primary", icon="refresh")
        self.head.addWidget(self.ask)
        self.category = QComboBox()
        self.category.setAccessibleName(say("d-accounts-category"))
        self.category.setAccessibleDescription(say("d-accounts-category"))
        for word in CATEGORIES:
            self.category.addItem(say(f"d-accounts-category-{word or 'all'}"), word)
        self.category.currentIndexChanged.connect(lambda _place: self.intent_category.emit(self.category.currentData()))
        acts = [button(say(f"d-accounts-{form}"), partial(self.intent_business.emit, form)) for form in BUSINESSES]
        self.model = ListTableModel(COLUMNS)
        self.table = TableView(say("d-accounts"), frozen=2)
        self.table.set_model(self.model)
        self.log_model = ListTableModel(LOG)
        self.log_table = TableView(say("d-accounts-log"), stretch_last=True)
        self.log_table.set_model(self.log_model)
        self.hint = label(say("d-accounts-hint"), "secondary", wrap=True)
        above = row(self.category, *acts)
        above.addStretch(1)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(say("d-accounts"))
        listed = boxed(above)
        page = column(listed, self.table, self.hint, gap=8, margins=(0, 8, 0, 0))
        page.setStretch(1, 1)
        self.tabs.addTab(boxed(page), say("d-accounts-tab"))
        self.tabs.addTab(boxed(column(self.log_table, margins=(0, 8, 0, 0))), say("d-accounts-log"))
        self.body.addWidget(self.tabs, 1)

    def refresh(self) -> None:
        """Read again what is known here."""
        self.intent_read.emit()

    def main_action(self) -> None:
        """Ask every unit's centre."""
        self.ask.click()

    def render_state(self, state: AccountsState) -> None:
        """Show a state."""
        self.model.set_rows(table_row(one) for one in state.accounts)
        self.log_model.set_rows(
            {"id": one.id, "at": one.at, "act": one.act, "subject": one.subject, "actor": one.actor}
            for one in state.log
        )
        self.ask.setEnabled(not state.refreshing)
        if state.failures:
            self.banner.tell(State.WARN, "\n".join(state.failures))
        else:
            self.banner.hide()
