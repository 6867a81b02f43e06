"""Is there a screen, and is it a remote one? Asked before Qt is: without a screen Qt ends the process."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

_REMOTE_SIGNS = ("XRDP_SESSION", "X2GO_SESSION", "NX_SESSION", "VNCDESKTOP", "RDP_SESSION")
_SM_REMOTESESSION = 0x1000
_X_SOCKETS = "/tmp/.X11-unix/X"  # noqa: S108 - where X servers listen


def has_screen(environment: Mapping[str, str] | None = None) -> bool:
    """Whether a window can be shown here: on Linux a display that answers, elsewhere always."""
    told = os.environ if environment is None else environment
    if sys.platform in ("win32", "darwin") or told.get("QT_QPA_PLATFORM") or told.get("WAYLAND_DISPLAY"):
        return True
    return _x_answers(told.get("DISPLAY", ""))


def missing_library() -> str:
    """What the system's loader says is missing for Qt's X11 plugin (Linux); empty when nothing is."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM", "xcb") != "xcb":
        return ""
    import ctypes
    from pathlib import Path

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
        import ctypes

        return bool(ctypes.windll.user32.GetSystemMetrics(_SM_REMOTESESSION))
    display = told.get("DISPLAY", "")
    forwarded = bool(told.get("SSH_CONNECTION")) and not display.startswith(":")
    return forwarded or any(told.get(sign) for sign in _REMOTE_SIGNS)


def remote_mode(setting: str) -> bool:
    """Whether remote mode is on: by the setting "on" or "off", else by what the system says."""
    return is_remote() if setting == "auto" else setting == "on"


def _x_answers(display: str) -> bool:
    """Whether the X server of a display is there. One on another host is believed without asking."""
    host, _, rest = display.partition(":")
    number = rest.partition(".")[0]
    if not number.isdigit():
        return False
    return host not in ("", "unix") or os.path.exists(_X_SOCKETS + number) or _listens(f"\0{_X_SOCKETS}{number}")  # noqa: PTH110 - pathlib is not needed to ask this


def _listens(address: str) -> bool:
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(address) == 0
