"""Finds the points by itself: what leaves a trace outside the process is wrapped where Python hands it on.

Wrapped are commits (both SQLite drivers), what HTTP sends and receives (the client's connections and the centre's
transports), calls of the token worker, and everything done to files below one folder. Nobody lists points by hand: a
new step of the program is a new point without a change here. `install` is for a process that does nothing else.
"""

from __future__ import annotations

import asyncio.selector_events
import builtins
import http.client
import io
import os
import sqlite3
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from tests.crash.points import AFTER, BEFORE, HALF, Recorder
from unitclient.tokens.process import HelperProcess

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_OPEN = Path("/proc/self/fd")
_STATEMENTS = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER")
Wrapped = Callable[..., Any]
_current: list[Recorder] = []
_root: list[str] = []


def record(recorder: Recorder) -> None:
    """From now on this process counts its points with `recorder`."""
    _current[:] = [recorder]


def install(root: Path) -> None:
    """Wrap everything, once, in a process that forks its children; file points are those below `root`."""
    _root[:] = [f"{root.resolve()}/"]
    _drivers()
    _http_client()
    _http_server()
    _around(HelperProcess, "__init__", "token", lambda *_args, **_more: "start")
    _around(HelperProcess, "ask", "token", lambda _self, request, *_args: str(request["do"]))
    _files()
    sys.addaudithook(_unseen)


def _put(owner: Any, name: str, value: object) -> None:
    setattr(owner, name, value)


def _around(owner: Any, name: str, kind: str, about: Callable[..., str]) -> None:
    """Make a function a point; where `about` is "" the call is none."""
    original: Wrapped = getattr(owner, name)

    @wraps(original)
    def traced(*args: Any, **more: Any) -> Any:
        what = about(*args, **more) if _current else ""
        if not what:
            return original(*args, **more)
        with _current[0].passing(kind, what):
            return original(*args, **more)

    setattr(owner, name, traced)


# -- commits


def _commits(sql: str, in_transaction: bool) -> bool:
    """Whether a statement makes something durable: it ends a transaction, or writes outside of one."""
    word = sql.split(None, 1)[0].upper() if sql.strip() else ""
    if in_transaction:
        return word in ("COMMIT", "END")
    return word in _STATEMENTS or (word == "PRAGMA" and "=" in sql and ("journal_mode" in sql or "version" in sql))


def _drivers() -> None:
    for driver in (dbapi2, sqlite3):
        _put(driver, "connect", _connecting(driver))


def _connecting(driver: Any) -> Wrapped:
    original = driver.connect

    class Cursor(driver.Cursor):  # type: ignore[misc]  # a class of whichever driver it is
        def execute(self, sql: str, *args: Any) -> Any:
            if not _current or not _commits(sql, self.connection.in_transaction):
                return super().execute(sql, *args)
            with _current[0].passing("commit", sql.split("(", 1)[0][:40].strip().replace("\n", " ")):
                return super().execute(sql, *args)

    class Connection(driver.Connection):  # type: ignore[misc]  # the same
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def execute(self, sql: str, *args: Any) -> Any:
            return self.cursor().execute(sql, *args)

        def backup(self, target: Any, **more: Any) -> Any:
            if not _current:
                return super().backup(target, **more)
            with _current[0].passing("commit", "backup"):
                return super().backup(target, **more)

    @wraps(original)
    def connect(*args: Any, **more: Any) -> Any:
        return original(*args, **{"factory": Connection, **more})

    return connect


# -- HTTP


def _http_client() -> None:
    _around(http.client.HTTPConnection, "send", "send", lambda self, data: _first_line(data))
    _around(http.client.HTTPResponse, "begin", "receive", lambda self: "head")
    _around(http.client.HTTPResponse, "read", "receive", lambda self, *_amount: "" if self.isclosed() else "body")


def _http_server() -> None:
    transport: Any = asyncio.selector_events._SelectorSocketTransport  # type: ignore[attr-defined]  # where bytes pass
    _around(transport, "write", "send", lambda self, data: _first_line(data))
    _around(transport, "_read_ready__on_eof", "receive", lambda self: "end")
    original = transport._read_ready__data_received

    def received(self: Any) -> None:
        if not _current:
            return original(self)  # type: ignore[no-any-return]  # it gives None
        with _current[0].passing("receive", "data"):
            return original(self)  # type: ignore[no-any-return]  # the same

    transport._read_ready__data_received = received


def _first_line(data: Any) -> str:
    """The request line or status line where there is one; never what a person's data could stand in."""
    start = bytes(data[:80]) if isinstance(data, bytes | bytearray | memoryview) else b""
    line = start.split(b"\r\n", 1)[0].split(b"?", 1)[0]
    return line.decode("ascii") if b"HTTP/1." in start[:80] and line.isascii() else "bytes"


# -- files


def _files() -> None:
    for name in ("replace", "rename", "link", "unlink", "remove", "rmdir", "mkdir", "truncate", "fsync"):
        _around(os, name, "file", _about(name))
    _around(
        os, "open", "file", lambda path, flags, *_mode, **more: _mine("open", path, more) if flags & _WRITES else ""
    )
    _opening()


_AUDITED = frozenset({"open", "os.rename", "os.remove", "os.link", "os.rmdir", "os.mkdir", "os.truncate"})


def _unseen(event: str, args: tuple[Any, ...]) -> None:
    """The interpreter's own report of every change to files: one that no point lies around is a point of its kind."""
    if event not in _AUDITED or not _current or _current[0].inside():
        return
    if event == "open" and not (isinstance(args[2], int) and args[2] & _WRITES):
        return
    what = _mine(event, args[0], {})
    if what and not isinstance(args[0], int):
        _current[0].number("unseen", what)


def _about(name: str) -> Callable[..., str]:
    return lambda path, *_args, **more: _mine(name, path, more)


def _mine(act: str, path: Any, more: dict[str, Any]) -> str:
    """The act and the file's name where the file lies below the root, else ""."""
    known = _path_of(path, more.get("dir_fd") or more.get("src_dir_fd"))
    return f"{act} {Path(known).name}" if known.startswith(_root[0]) else ""


def _path_of(path: Any, folder: int | None = None) -> str:
    try:
        if isinstance(path, int):
            return str(_OPEN.joinpath(str(path)).readlink())
        known = Path(os.fsdecode(path))
        return str(_OPEN.joinpath(str(folder)).readlink() / known if folder is not None else known.absolute())
    except (OSError, TypeError):
        return ""


def _opening() -> None:
    original = builtins.open

    @wraps(original)
    def opening(file: Any, mode: str = "r", *args: Any, **more: Any) -> Any:
        if not _current or not set(mode) & set("wax+") or not (what := _mine("open", file, {})):
            return original(file, mode, *args, **more)
        if isinstance(file, int):  # the descriptor was a point already
            return _watched(original(file, mode, *args, **more), what)
        with _current[0].passing("file", what):
            opened = original(file, mode, *args, **more)
        return _watched(opened, what)

    for module in (builtins, io):
        _put(module, "open", opening)


def _watched(file: Any, what: str) -> Any:
    """The first write to a file and its closing are points too: until then what was written may be half there."""
    recorder, name = _current[0], what.removeprefix("open ")
    write, close = file.write, file.close

    def first_write(data: Any) -> Any:
        del file.write
        number = recorder.number("write", f"write {name}")
        recorder.die(number, BEFORE)
        if recorder.dies(number, HALF):
            write(data[: len(data) // 2])
            file.flush()
        recorder.die(number, HALF)
        written = write(data)
        if recorder.dies(number, AFTER):
            file.flush()
        recorder.die(number, AFTER)
        return written

    def closing() -> None:
        if file.closed:
            return
        with recorder.passing("file", f"close {name}"):
            close()

    try:
        file.write, file.close = first_write, closing
    except AttributeError:  # a raw file: what is written to it is on its way at once
        print(f"not watched: {type(file).__name__}", file=sys.stderr)
    return file
