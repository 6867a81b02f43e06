"""Whether another process on this computer still lives."""

from __future__ import annotations

import os
import sys

if sys.platform == "win32":
    import ctypes

    _SYNCHRONIZE = 0x00100000
    _STILL_RUNNING = 0x102  # WAIT_TIMEOUT: the process object is not signalled yet

    def is_alive(pid: int) -> bool:
        """True while the process runs. (`os.kill(pid, 0)` would end it on Windows.)"""
        kernel32 = ctypes.WinDLL("kernel32")
        handle = kernel32.OpenProcess(_SYNCHRONIZE, False, pid)
        if not handle:
            return False
        try:
            return bool(kernel32.WaitForSingleObject(handle, 0) == _STILL_RUNNING)
        finally:
            kernel32.CloseHandle(handle)
else:

    def is_alive(pid: int) -> bool:
        """True while the process runs, whoever owns it."""
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True
