"""The calculators: late fee and back payment. Everything they say is marked 预估: the centre's word counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from unitclient.desktop.models.list_table import ListTableModel
from unitclient.desktop.pages.payments.fields import day_field, money_field, period_field
from unitclient.desktop.pages.payments.rows import BACK_COLUMNS, back_row
from unitclient.desktop.pages.payments.state import PaymentsState
from unitclient.desktop.pages.sign.words import finding_words, insurance_word, yuan
from unitclient.desktop.theme.tokens import State
from unitclient.desktop.widgets.basic import button, column, label, row
from unitclient.desktop.widgets.card import Card
from unitclient.desktop.widgets.status_pill import StatusPill
from unitclient.desktop.widgets.table_view import TableView
from unitclient.domain.findings import Finding
from unitclient.domain.money import rate_text
from unitclient.domain.period import Period
from unitclient.texts import say
from unitclient.workflows.estimates import BackEstimate, FeeEstimate

_TICKS_A_LINE = 4


class FeePanel(QWidget):
    """Late fee of one month owed."""

    asked = pyqtSignal(object, int, object)
    """(Period, principal in fen, day of payment)."""
    cleared = pyqtSignal()
    """What is filled in makes no sense: no estimate stands beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.period, self.principal = period_field("d-fee-period"), money_field("d-fee-principal")
        self.paid_on = day_field("d-fee-paid-on")
        self.act = button(say("d-estimate-act"), self.ask, "primary")
        self.form = Card()
        fields = row(self.period, self.principal, self.paid_on, 1, gap=16)
        _to_top(fields, self.period, self.principal, self.paid_on)
        self.form.body.addLayout(fields)
        self.form.body.addLayout(row(self.act, label(say("d-estimate-note"), "hint"), 1))
        for field in (self.period, self.principal, self.paid_on):
            field.line.returnPressed.connect(self.ask)
        self.result = Card(say("d-fee-result"))
        self.pill, self.reference = StatusPill(State.WARN, say("d-estimate"), "≈"), _reference_pill()
        self.result.head.insertWidget(1, self.pill)
        self.result.head.insertWidget(2, self.reference)
        self.number = label("", "number", selectable=True)
        self.words = label("", "secondary", wrap=True, selectable=True)
        self.result.body.addLayout(column(self.number, self.words, gap=4))
        self.result.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 12, 0, 0)
        box.setSpacing(12)
        for member in (self.form, self.result):
            box.addWidget(member)
        box.addStretch(1)

    def fill(self, period: Period, principal: str, paid_on: date) -> None:
        """Fill in what is likely meant, where nothing was typed yet."""
        for field, text in ((self.period, str(period)), (self.principal, principal), (self.paid_on, str(paid_on))):
            if not field.line.text():
                field.put(text)

    def ask(self) -> None:
        """Estimate what is filled in; each field says what is wrong with it."""
        period, principal, paid_on = self.period.read(), self.principal.read(), self.paid_on.read()
        if period is not None and principal is not None and paid_on is not None:
            self.asked.emit(period, principal, paid_on)
        else:
            self.cleared.emit()

    def render_estimate(self, fee: FeeEstimate | None) -> None:
        """Show an estimate."""
        self.result.setVisible(fee is not None)
        if fee is None:
            return
        self.number.setText(yuan(fee.fee_fen))
        self.number.setAccessibleName(f"{say('d-estimate')} {yuan(fee.fee_fen)}")
        self.reference.setVisible(not fee.confirmed)
        lines = [say("d-fee-in-time")]
        if fee.days:
            lines = [
                say("d-fee-formula", principal=yuan(fee.principal_fen), rate=rate_text(fee.rate_ppm), days=fee.days),
                say("d-fee-span", first=fee.first_day, last=fee.last_day),
            ]
        if fee.source:
            lines.append(say("d-fee-source", source=fee.source))
        self.words.setText("\n".join(lines))


class BackPanel(QWidget):
    """Back payment of one person, month by month."""

    asked = pyqtSignal(object, object, int, object, object)
    """(first Period, last Period, wage in fen, tuple of insurances, day of payment)."""
    cleared = pyqtSignal()
    """What is filled in makes no sense: no estimate stands beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first, self.last = period_field("d-back-from"), period_field("d-back-to")
        self.wage, self.paid_on = money_field("d-back-wage"), day_field("d-back-paid-on")
        self.act = button(say("d-estimate-act"), self.ask, "primary")
        self.insurances: dict[str, QCheckBox] = {}
        self._ticks = QGridLayout()
        self.form = Card()
        fields = row(self.first, self.last, self.wage, self.paid_on, 1, gap=16)
        _to_top(fields, self.first, self.last, self.wage, self.paid_on)
        self.form.body.addLayout(fields)
        self.form.body.addLayout(self._ticks)
        self.form.body.addLayout(row(self.act, label(say("d-estimate-note"), "hint"), 1))
        for field in (self.first, self.last, self.wage, self.paid_on):
            field.line.returnPressed.connect(self.ask)
        self.pill, self.reference = StatusPill(State.WARN, say("d-estimate"), "≈"), _reference_pill()
        self.total = label(say("d-back-hint"), "sectionTitle", wrap=True, selectable=True)
        self.words = label("", "secondary", wrap=True, selectable=True)
        self.model = ListTableModel(BACK_COLUMNS)
        self.table = TableView(say("d-back-table"))
        self.table.set_model(self.model)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 12, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.form)
        head = row(self.total, self.pill, self.reference)
        head.setStretch(0, 1)
        box.addLayout(head)
        box.addWidget(self.words)
        box.addWidget(self.table, 1)
        self.render_estimate(None)

    def offer(self, state: PaymentsState) -> None:
        """Offer the region's insurances; the unit's own are ticked."""
        if tuple(self.insurances) == state.insurances:
            return
        for box in self.insurances.values():
            self._ticks.removeWidget(box)
            box.deleteLater()
        self.insurances = {name: QCheckBox(insurance_word(name)) for name in state.insurances}
        for place, (name, box) in enumerate(self.insurances.items()):
            box.setChecked(name in state.own_insurances or not state.own_insurances)
            self._ticks.addWidget(box, place // _TICKS_A_LINE, place % _TICKS_A_LINE)
        self._ticks.setColumnStretch(_TICKS_A_LINE, 1)

    def fill(self, period: Period, paid_on: date) -> None:
        """Fill in what is likely meant, where nothing was typed yet."""
        for field, text in ((self.first, str(period + -3)), (self.last, str(period + -1)),
                            (self.paid_on, str(paid_on))):  # fmt: skip
            if not field.line.text():
                field.put(text)

    def ask(self) -> None:
        """Estimate what is filled in."""
        first, last, wage, paid_on = self.first.read(), self.last.read(), self.wage.read(), self.paid_on.read()
        chosen = tuple(name for name, box in self.insurances.items() if box.isChecked())
        if first is not None and last is not None and wage is not None and paid_on is not None:
            self.asked.emit(first, last, wage, chosen, paid_on)
        else:
            self.cleared.emit()

    def render_estimate(self, back: BackEstimate | None) -> None:
        """Show an estimate."""
        for widget in (self.pill, self.words, self.table):
            widget.setVisible(back is not None)
        self.reference.setVisible(back is not None and back.reference)
        if back is None:
            self.total.setText(say("d-back-hint"))
            return
        self.total.setText(say("d-back-total", total=yuan(back.total_fen), unit=yuan(back.unit_fen),
                               person=yuan(back.person_fen)))  # fmt: skip
        lines = [say("d-back-fee", fee=yuan(back.fee_fen))]
        if back.fee_unknown:
            lines.append(say("d-back-fee-unknown", months="、".join(map(str, back.fee_unknown))))
        lines += _each_kind_once(back.findings)
        self.words.setText("\n".join(lines))
        self.model.set_rows(back_row(place, one) for place, one in enumerate(back.rows))


def _to_top(fields: QHBoxLayout, *members: QWidget) -> None:
    """A finding below one field does not push the others down."""
    for member in members:
        fields.setAlignment(member, Qt.AlignmentFlag.AlignTop)


def _each_kind_once(findings: Iterable[Finding]) -> list[str]:
    """Findings of one code say the same about several insurances: the first is told, and how many more there are."""
    told: dict[str, list[Finding]] = {}
    for finding in findings:
        told.setdefault(finding.code, []).append(finding)
    lines = []
    for alike in told.values():
        line = " ".join(finding_words(alike[0]))
        lines.append(line if len(alike) == 1 else say("d-back-alike", text=line, count=len(alike) - 1))
    return lines


def _reference_pill() -> StatusPill:
    return StatusPill(State.INFO, say("d-estimate-reference"), "i")
