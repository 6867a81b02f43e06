"""What the next start shows first: takes the picture of the first page when the window closes, and keeps it."""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PyQt6.QtGui import QImage

from unitclient.clock import CHINA
from unitclient.desktop import kept
from unitclient.desktop.pages.sign.words import moment
from unitclient.desktop.session import Connection
from unitclient.errors import UserError
from unitclient.texts import say

if TYPE_CHECKING:
    from unitclient.desktop.session import Session
    from unitclient.desktop.shell.main_window import MainWindow

_log = logging.getLogger("unitclient.desktop")


class Front(NamedTuple):
    """A picture, until when it is true, and the key it is kept under."""

    image: QImage
    truth: kept.Truth
    key: bytes


def take(window: MainWindow, session: Session) -> Front | None:
    """The first page with the state of this moment, which it names; the window is about to go.

    None where the next start will show something else first, or asks for a passphrase.
    """
    from unitclient.store.keys import needs_passphrase

    if not session.is_open() or session.unit() is None or needs_passphrase(session.home):
        return None
    if session.period() != session.natural_period() or window.notices.shows_more_than_practice():
        return None
    try:
        moving, ends = window.host.bring(window.specs[0].id).read_now()
    except UserError:
        return None
    # As it will be when it is shown: nothing runs, and nobody has talked to the centre yet.
    session.note_connection(Connection.UNKNOWN)
    window.tasks.hide()
    window.nav.take_focus()
    window.say(say("d-kept-stamp", at=moment(session.now())))
    return Front(window.grab().toImage(), (moving, min(ends, _midnight(session.now()))), session.desk().store.key)


def _midnight(now: datetime) -> float:
    """When the day ends, in seconds since 1970 by this computer: days that are counted are other ones tomorrow."""
    local = now.astimezone(CHINA)
    left = datetime.combine(local.date() + timedelta(days=1), datetime.min.time(), CHINA) - local
    return time.time() + left.total_seconds()


def keep(home: Path, front: Front | None, look: kept.Look) -> None:
    """Keep it, or see to it that there is none; the database is closed. A start without one is only slower."""
    from sqlcipher3 import dbapi2

    try:
        if front is None:
            kept.drop(home)
        else:
            kept.keep(home, front.key, front.image, front.truth, look)
    except (OSError, dbapi2.Error) as fault:
        _log.info("no picture kept: %s", type(fault).__name__)
