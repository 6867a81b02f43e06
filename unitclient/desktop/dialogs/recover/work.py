"""Recovery in a lane, over a database that nobody opened yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from unitclient.app import open_desk
from unitclient.desktop.dialogs.service import SignSummary
from unitclient.desktop.pages.sign.prompt import LanePrompt
from unitclient.desktop.tasks import Lane
from unitclient.texts import say
from unitclient.workflows import operators, recovering

if TYPE_CHECKING:
    from collections.abc import Callable

    from unitclient.clock import Clock
    from unitclient.desktop.services import Services
    from unitclient.tokens.keyref import PinPrompt


@dataclass(frozen=True, slots=True)
class Entry:
    """What was entered: the code, or the certificate's file or library; whose password, and the new one."""

    code: str = field(default="", repr=False)
    certificate: Path | None = None
    name: str = ""
    password: str = field(default="", repr=False)


def recover(services: Services, entry: Entry, done: Callable[[], None],
            failed: Callable[[BaseException], None]) -> None:  # fmt: skip
    """Set the new password; one of the two is called. The PIN of a key is asked for by its dialog."""
    home, clock = services.home, services.session.system_clock
    file = entry.certificate.name if entry.certificate else ""
    prompt = LanePrompt(
        services.dialogs, SignSummary(say("d-unit-none"), "", file, (), False, say("d-recover-purpose"))
    )

    handle = services.tasks.run(Lane.SIGN, "d-recover-task", lambda _context: _do(home, clock, entry, prompt),
                                done=lambda _none: done(), failed=failed)  # fmt: skip
    handle.on_cancel(prompt.give_up)


def _do(home: Path, clock: Clock, entry: Entry, prompt: PinPrompt) -> None:
    if entry.certificate is not None:
        with recovering.certificate_signer(home, entry.certificate, None, prompt) as signer:
            key = recovering.key_by_certificate(home, signer)
    else:
        key = recovering.key_by_code(home, entry.code)
    if recovering.asks_operator(home):
        with open_desk(home, clock, key=key) as desk:
            operators.recover(desk, entry.name, entry.password)
    else:
        recovering.new_passphrase(home, key, entry.password, clock)
