"""The record of attempts from the queue page: read it, ask where, ask for the PIN, sign, write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from unitclient.desktop.dialogs.service import FileAsk, FileMode, SignLine, SignSummary
from unitclient.desktop.pages.sign.prompt import LanePrompt
from unitclient.desktop.pages.sign.work import OpenHelper, helper_for
from unitclient.desktop.tasks import Lane, TaskContext
from unitclient.texts import say
from unitclient.tokens.keyref import KeyRef
from unitclient.workflows.outage import AttemptRecord, attempt_record, write_record
from unitclient.workflows.signable import certificate_of

if TYPE_CHECKING:
    from unitclient.desktop.services import Services
    from unitclient.store.units import Unit
    from unitclient.tokens.keys import KeyHelper

Written = dict[str, Path]


class RecordMaker:
    """Makes the record of the month in front. `refused` takes what went wrong, as the presenter's own does."""

    def __init__(
        self,
        services: Services,
        done: Callable[[Written], None],
        refused: Callable[[BaseException], None],
        open_helper: OpenHelper = helper_for,
    ) -> None:
        self._services = services
        self._done = done
        self._refused = refused
        self._open_helper = open_helper

    def start(self) -> None:
        """Read what was tried; without any attempt that is refused in words."""
        period = self._services.session.period()
        self._services.tasks.run(
            Lane.DB,
            "d-record-reading",
            lambda context: attempt_record(context.desk(), context.unit(), period),
            done=self._ask_where,
            failed=self._refused,
        )

    def _ask_where(self, record: AttemptRecord) -> None:
        ask = FileAsk(FileMode.FOLDER, "d-record-where")
        self._services.dialogs.choose_file(ask, lambda folder: self._sign(record, folder) if folder else None)

    def _sign(self, record: AttemptRecord, folder: Path) -> None:
        unit = self._services.session.need_unit()
        helper = self._open_helper(self._services.session.desk(), unit)
        prompt = LanePrompt(self._services.dialogs, _summary(unit, record))
        handle = self._services.tasks.run(
            Lane.SIGN,
            "d-record-signing",
            lambda context: _write(context, record, folder, helper, prompt),
            done=self._done,
            failed=self._refused,
        )
        handle.on_cancel(prompt.give_up)
        handle.on_cancel(helper.cancel)


def _write(context: TaskContext, record: AttemptRecord, folder: Path, helper: KeyHelper, prompt: LanePrompt) -> Written:
    desk, unit = context.desk(), context.unit()
    with helper, helper.open_signer(KeyRef.from_dict(unit.key_ref), prompt) as signer:
        return write_record(desk, unit, record, signer, folder)


def _summary(unit: Unit, record: AttemptRecord) -> SignSummary:
    certificate = certificate_of(unit)
    line = SignLine(
        say("outage-title"), str(record.period or ""), 0, 0, None, record.sha256,
        what=say("d-record-counts", count=record.attempts, failed=record.failed),
    )  # fmt: skip
    name = f"{certificate.subject} · {certificate.serial}" if certificate else ""
    return SignSummary(unit.name, unit.unit_number, name, (line,), unit.practice)
