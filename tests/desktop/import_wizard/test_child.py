"""The same wizard with the real lanes: sheets are read in a child process, with progress and cancel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.desktop.business.helpers import waiting
from tests.desktop.import_wizard.files import BAD, GOOD, sheet
from tests.desktop.stage import Stage
from unitclient.desktop.dialogs.import_wizard.dialog import ImportDialog
from unitclient.desktop.dialogs.import_wizard.state import Step
from unitclient.desktop.lanes import LaneRunner
from unitclient.desktop.proc.orders import import_order, template_order
from unitclient.desktop.tasks import Lane, TaskState
from unitclient.domain.resident_id import check_character
from unitclient.sheets import outline
from unitclient.texts import ErrorTexts

_SOON = 20_000
"""Milliseconds a child may take on a busy machine."""


@pytest.fixture
def faults() -> list[object]:
    """Refusals and faults that nobody took."""
    return []


@pytest.fixture
def lanes(office: Stage, faults: list[object]) -> Iterator[LaneRunner]:
    """The running program's TaskRunner."""

    def refuse(texts: ErrorTexts) -> None:
        faults.append(texts)

    runner = LaneRunner(office.session, refuse, faults.append)
    yield runner
    runner.stop()


def _many(path: Path, count: int) -> Path:
    """A text table of many persons."""
    lines = ["序号,姓名,身份证号,入职日期,缴费工资"]
    for number in range(count):
        body = f"420100{1960 + number % 40}{1 + number % 12:02}{1 + number % 28:02}{number // 840 % 1000:03}"
        lines.append(f"{number},演示员,{body}{check_character(body)},2026-11,{6000 + number % 3000}")
    path.write_text("\n".join(lines), "utf-8")
    return path


def _open(office: Stage, lanes: LaneRunner, qtbot: QtBot, path: Path) -> ImportDialog:
    dialog = ImportDialog(replace(office.services, tasks=lanes), "enrol", str(path), lambda _answer: None)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def _step(qtbot: QtBot, dialog: ImportDialog, step: Step) -> None:
    qtbot.waitUntil(lambda: dialog.presenter.state.step is step and not dialog.presenter.state.busy, timeout=_SOON)


def test_a_sheet_is_looked_at_tried_and_imported_by_a_child(
    office: Stage, lanes: LaneRunner, qtbot: QtBot, tmp_path: Path, faults: list[object]
) -> None:
    dialog = _open(office, lanes, qtbot, sheet(tmp_path / "a.xlsx", *GOOD, *BAD))
    _step(qtbot, dialog, Step.MATCH)
    dialog.presenter.go_on()
    _step(qtbot, dialog, Step.PREVIEW)
    assert dialog.presenter.state.errors_ahead() == 2
    dialog.presenter.go_on()
    _step(qtbot, dialog, Step.RESULT)
    result = dialog.presenter.state.result
    assert result is not None
    assert (result.taken, result.refused) == (3, 2)
    assert len(waiting(office)) == 3
    assert Path(result.error_workbook).is_file()
    assert faults == []


def test_an_import_that_is_stopped_has_written_nothing(
    office: Stage, lanes: LaneRunner, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = _open(office, lanes, qtbot, _many(tmp_path / "a.csv", 60_000))
    _step(qtbot, dialog, Step.MATCH)
    dialog.presenter.go_on()
    _step(qtbot, dialog, Step.PREVIEW)
    dialog.presenter.go_on()
    assert dialog.stop.text() == "停止"
    qtbot.waitUntil(lambda: dialog.running.bar.value() > 0, timeout=_SOON)
    dialog.stop.click()
    _step(qtbot, dialog, Step.PREVIEW)
    assert "已停止" in dialog.banner.text()
    assert waiting(office) == []


def test_progress_counts_the_rows(office: Stage, lanes: LaneRunner, qtbot: QtBot, tmp_path: Path) -> None:
    path = _many(tmp_path / "a.csv", 3000)
    told: list[tuple[int, int]] = []
    answers: list[dict[str, object]] = []
    chosen = {"columns": {"name": "B", "id_number": "C", "start_month": "D", "wage": "E"}, "sheet": "",
              "header_rows": [1, 1]}  # fmt: skip
    order = import_order(office.session, "enrol", path, chosen, 3000)
    task = lanes.run(Lane.PROC, "d-import-running", order, done=answers.append)
    task.changed.connect(lambda: told.append(task.progress))
    qtbot.waitUntil(lambda: bool(answers), timeout=_SOON)
    assert task.state is TaskState.DONE
    assert task.said == "正在读取和检查"
    assert any(total == 3000 for _done, total in told)


def test_a_template_with_the_roster_is_written_by_a_child(
    office: Stage, lanes: LaneRunner, qtbot: QtBot, tmp_path: Path
) -> None:
    out, answers = tmp_path / "t.xlsx", []  # type: tuple[Path, list[dict[str, object]]]
    order = template_order(office.session, "stop", out, False)
    lanes.run(Lane.PROC, "d-business-template-writing", order, done=answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=_SOON)
    assert answers == [{"path": str(out), "rows": 0}]
    assert outline(out, office.session.desk().catalog.form("stop")).columns["reason"]


def test_a_refusal_of_the_child_is_said_in_the_wizard(
    office: Stage, lanes: LaneRunner, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = _open(office, lanes, qtbot, tmp_path / "none.xlsx")
    qtbot.waitUntil(lambda: not dialog.presenter.state.busy, timeout=_SOON)
    assert "none.xlsx" in dialog.banner.text()
