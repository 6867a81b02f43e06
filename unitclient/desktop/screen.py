"""Is there a screen, and is it a remote one? Asked before Qt is: without a screen Qt ends the process."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

_REMOTE_SIGNS = ("XRDP_SESSION", "X2GO_SESSION", "NX_SESSION", "VNCDESKTOP", "RDP_SESSION")
_SM_REMOTESESSION = 0x1000


def has_screen(environment: Mapping[str, str] | None = None) -> bool:
    """Whether a window can be shown here: on Linux a display that answers, elsewhere always."""
    told = os.environ if environment is None else environment
    if sys.platform in ("win32", "darwin"):
        return True
    if told.get("QT_QPA_PLATFORM"):
        return True
    if told.get("WAYLAND_DISPLAY"):
        return True
    return _x_answers(told.get("DISPLAY", ""))


def missing_library() -> str:
    """What the system's loader says is missing for Qt's X11 plugin (Linux); empty when nothing is."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM", "xcb") != "xcb":
        return ""
    import PyQt6

    plugin = Path(PyQt6.__file__).parent / "Qt6" / "plugins" / "platforms" / "libqxcb.so"
    if not plugin.exists():
        return ""
    try:
        ctypes.CDLL(str(plugin))
    except OSError as lacking:
        return str(lacking).partition(":")[0]
    return ""


def is_remote(environment: Mapping[str, str] | None = None) -> bool:
    """Whether this session is shown on another computer: Windows says so; on Linux the known servers leave a mark."""
    told = os.environ if environment is None else environment
    if sys.platform == "win32":
        return bool(ctypes.windll.user32.GetSystemMetrics(_SM_REMOTESESSION))
    display = told.get("DISPLAY", "")
    forwarded = bool(told.get("SSH_CONNECTION")) and not display.startswith(":")
    return forwarded or any(told.get(sign) for sign in _REMOTE_SIGNS)


def remote_mode(setting: str) -> bool:
    """Whether remote mode is on: by the setting "on" or "off", else by what the system says."""
    return is_remote() if setting == "auto" else setting == "on"


def _x_answers(display: str) -> bool:
    """Whether the X server of a display takes connections. One on another host is believed without asking."""
    host, _, rest = display.partition(":")
    number = rest.partition(".")[0]
    if not number.isdigit():
        return False
    if host not in ("", "unix"):
        return True
    for address in (f"/tmp/.X11-unix/X{number}", f"\0/tmp/.X11-unix/X{number}"):  # noqa: S108 - where X servers listen
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(address)
            except OSError:
                continue
            return True
    return False
