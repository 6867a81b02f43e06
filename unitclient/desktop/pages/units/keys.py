"""The keys of many units in the signing lane: each is opened with one PIN, asked for with all that it signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from unitclient.desktop.dialogs.service import DialogService, SignSummary
from unitclient.desktop.pages.sign.presenter import sign_line
from unitclient.desktop.pages.sign.prompt import LanePrompt
from unitclient.desktop.pages.units.words import names_of
from unitclient.seal.signer import Signer
from unitclient.store.units import Unit
from unitclient.tokens.keys import KeyHelper
from unitclient.workflows.desk import Desk
from unitclient.workflows.many_keys import KeyBatch, key_of
from unitclient.workflows.signable import certificate_of

OpenHelper = Callable[[Desk, Unit], KeyHelper]


class LaneKeys:
    """Opens one key after the other. Made on the window's thread; `stop` may be called on any."""

    def __init__(self, dialogs: DialogService, open_helper: OpenHelper) -> None:
        self._prompt = LanePrompt(dialogs, SignSummary("", "", "", ()))
        self._open_helper = open_helper
        self._helper: KeyHelper | None = None

    @contextmanager
    def open(self, desk: Desk, batch: KeyBatch) -> Iterator[Signer]:
        """The key of a batch. UserErrors of `KeyHelper.open_signer`, Cancelled when the person gave up at its PIN."""
        self._prompt.about(summary_of(batch))
        with self._open_helper(desk, batch.unit) as helper:
            self._helper = helper
            with helper.open_signer(key_of(batch.unit), self._prompt) as signer:
                yield signer

    def stop(self) -> None:
        """Let the lane go on without an answer, and end what a key is doing."""
        self._prompt.give_up()
        if self._helper is not None:
            self._helper.cancel()


def summary_of(batch: KeyBatch) -> SignSummary:
    """What one PIN signs: every unit by name, and every declaration, from the bytes."""
    certificate = certificate_of(batch.unit)
    units = [one.unit for one in batch.units]
    alone = len(units) == 1
    lines = (
        replace(sign_line(signable), unit="" if alone else one.unit.name)
        for one in batch.units
        for signable in one.signables
    )
    return SignSummary(
        unit_name=names_of([unit.name for unit in units]),
        unit_number=batch.unit.unit_number if alone else "",
        certificate=f"{certificate.subject} · {certificate.serial}" if certificate else "",
        lines=tuple(lines),
        practice=batch.unit.practice,
    )
