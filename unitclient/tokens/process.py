"""The helper process from the parent's side: start, one request at a time, watchdog, end.

The asking thread blocks on the pipe; a watchdog thread kills the process when the deadline passes, which ends the
blocking read. That costs nothing per request, and works the same on Windows and Linux. A second net, where the system
has poll(2): should something else still hold the pipe (a library that forked, a driver stuck in the kernel), the
asking thread gives up by itself a little later.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from unitclient.errors import Cancelled, UserError

_TICK_S = 0.05
_GRACE_S = 2.0
FROZEN_ARGUMENT = "--key-helper"
"""In the installed program the helper is the program itself with this argument; its entry point calls helper.main."""


class HelperProcess:
    """One running child. Use from one thread at a time; `cancel` may come from another."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            helper_command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libraries print PINs there (pkcs11-spy does)
            bufsize=0,
            env=_environment(env),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests = self._process.stdin
        self._answers = os.fdopen(os.dup(self._process.stdout.fileno()), "rb")
        self._deadline: float | None = None
        self._killed_for = ""
        self._ended = threading.Event()
        threading.Thread(target=self._watch, name="key-helper-watchdog", daemon=True).start()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._process.pid

    def ask(self, request: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        """The answer to one request.

        Raises UserError with the child's code, key-helper-hung after `timeout_s` seconds, key-helper-died when the
        child ended by itself, and Cancelled after `cancel`.
        """
        self._deadline = time.monotonic() + timeout_s
        try:
            self._requests.write(json.dumps(request).encode() + b"\n")
            line = self._answers.readline() if self._readable(timeout_s + _GRACE_S) else b""
        except OSError:
            line = b""
        finally:
            self._deadline = None
        if not line.endswith(b"\n"):
            raise self._lost()
        return _need_ok(json.loads(line))

    def _readable(self, timeout_s: float) -> bool:
        readable = True
        if sys.platform != "win32":
            waiting = select.poll()
            waiting.register(self._answers, select.POLLIN)
            readable = bool(waiting.poll(timeout_s * 1000))
        return readable

    def cancel(self) -> None:
        """End the child now; a request that is waiting raises Cancelled. From any thread."""
        self._kill("cancelled")

    def close(self) -> None:
        """End the child: its pipe is closed, and it is killed when it does not leave within a second."""
        self._ended.set()
        try:
            self._requests.close()
            self._process.wait(1)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._leave()
        self._answers.close()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _leave(self) -> None:
        """Collect the killed child; one that is stuck in the kernel is left behind rather than waited for."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GRACE_S)

    def _watch(self) -> None:
        while not self._ended.wait(_TICK_S):
            deadline = self._deadline
            if deadline is not None and time.monotonic() > deadline:
                self._kill("hung")
                return

    def _kill(self, reason: str) -> None:
        self._killed_for = self._killed_for or reason
        self._process.kill()

    def _lost(self) -> Cancelled | UserError:
        if self._killed_for == "cancelled":
            return Cancelled()
        return UserError("key-helper-hung" if self._killed_for else "key-helper-died", mendable=False)


def helper_command() -> list[str]:
    """How the helper is started: this interpreter without the current folder in its path, or the program itself."""
    if getattr(sys, "frozen", False):
        return [sys.executable, FROZEN_ARGUMENT]
    return [sys.executable, "-P", "-m", "unitclient.tokens.helper"]


def _environment(extra: Mapping[str, str]) -> dict[str, str]:
    package_parent = str(Path(__file__).resolve().parent.parent.parent)
    return {**os.environ, "PYTHONPATH": package_parent, "PYTHONIOENCODING": "utf-8", **extra}


def _need_ok(answer: dict[str, Any]) -> dict[str, Any]:
    if answer["ok"]:
        return answer
    if answer["code"] == "cancelled":
        raise Cancelled
    code, params = answer["code"], answer["params"]
    if code == "pin-wrong" and params.get("pin_state") == "final":
        code = "pin-wrong-final"
    elif code == "pin-wrong" and params.get("tries"):
        code = "pin-wrong-tries"
    raise UserError(code, True, **{name: "" if value is None else value for name, value in params.items()})
