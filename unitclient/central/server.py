"""Running a centre: one process on one home, uvicorn on the loopback interface, and `centre.json` that says where."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from cryptography import x509

from unitclient.central.api import serve_app
from unitclient.central.core import open_core
from unitclient.central.rulebook import Rulebook
from unitclient.central.state import State, make_state
from unitclient.errors import UserError

HOST = "127.0.0.1"
STATUS_FILE = "centre.json"
_LOCK_FILE = "centre.lock"


@dataclass(frozen=True)
class RunningCentre:
    """A centre that listens."""

    url: str
    state: State


@dataclass(frozen=True)
class TlsFiles:
    """PEM files of the server's certificate (with its chain) and its key."""

    certificate: Path
    key: Path


class _Server(uvicorn.Server):
    """uvicorn that tells when it listens, and leaves the signals of a thread alone."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        self.listening.set()


@contextmanager
def opened(
    home: Path, port: int, rulebook: Rulebook | None = None, tls: TlsFiles | None = None
) -> Iterator[tuple[_Server, socket.socket, State]]:
    """A server on a bound socket, not yet running.

    UserErrors: central-home-in-use, central-port-taken, central-tls-unreadable.
    """
    home.mkdir(parents=True, exist_ok=True)
    with _only_one(home), _bound(port) as listener, open_core(home, rulebook) as core:
        state = make_state(core)
        try:
            config = uvicorn.Config(
                serve_app(state), log_config=None, access_log=False, timeout_graceful_shutdown=5, ws="none"
            )
            if tls is not None:
                config.load()
                config.ssl = _tls_context(tls)
            yield _Server(config), listener, state
        finally:
            state.nonces.close()


def run(home: Path, port: int, tls: TlsFiles | None = None) -> None:
    """Serve until the process is told to stop (Ctrl-C, SIGTERM). Writes home/centre.json while it listens."""
    with opened(home, port, tls=tls) as (server, listener, state):
        url = _url(listener, tls)
        status = home / STATUS_FILE
        status.unlink(missing_ok=True)
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            # uvicorn shuts down on these and then raises them again: by then there is nothing left to interrupt.
            signal.signal(signal_number, _noted)
        writer = threading.Thread(
            target=_write_when_listening, args=(server, listener, url, state, status), daemon=True
        )
        writer.start()
        try:
            server.run(sockets=[listener])
        finally:
            status.unlink(missing_ok=True)


@contextmanager
def in_thread(
    home: Path, port: int = 0, rulebook: Rulebook | None = None, tls: TlsFiles | None = None
) -> Iterator[RunningCentre]:
    """Serve from a thread of this process until the block ends."""
    with opened(home, port, rulebook, tls) as (server, listener, state):
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="centre", daemon=True)
        thread.start()
        try:
            if not server.listening.wait(30):
                raise RuntimeError("the centre did not start")
            yield RunningCentre(_url(listener, tls), state)
        finally:
            server.should_exit = True
            thread.join()


def _noted(_number: int, _frame: FrameType | None) -> None:
    """A signal that has done its work."""


def _write_when_listening(server: _Server, listener: socket.socket, url: str, state: State, status: Path) -> None:
    server.listening.wait()
    told: dict[str, Any] = {
        "url": url,
        "port": listener.getsockname()[1],
        "pid": os.getpid(),
        "service": state.core.identity.service,
    }
    fresh = status.with_suffix(".new")
    fresh.write_text(json.dumps(told), "utf-8")
    fresh.replace(status)


def _url(listener: socket.socket, tls: TlsFiles | None) -> str:
    port = listener.getsockname()[1]
    return f"http://{HOST}:{port}" if tls is None else f"https://{_server_name(tls)}:{port}"


def _tls_context(tls: TlsFiles) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(tls.certificate, tls.key)
    except (OSError, ssl.SSLError) as error:
        raise UserError("central-tls-unreadable", certificate=tls.certificate, key=tls.key) from error
    return context


def _server_name(tls: TlsFiles) -> str:
    """The first name or address the certificate is for."""
    certificate = x509.load_pem_x509_certificates(tls.certificate.read_bytes())[0]
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return HOST
    return next((str(one.value) for one in names if isinstance(one, x509.DNSName | x509.IPAddress)), HOST)


@contextmanager
def _bound(port: int) -> Iterator[socket.socket]:
    # The protocol must be named: asyncio turns Nagle's algorithm off only for sockets that say they are TCP. With it,
    # every answer on a kept connection waits 40 ms for the client's delayed acknowledgement.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        if os.name == "posix":
            # A restart on the same port must not wait for old connections; on Windows the option means something else.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            raise UserError("central-port-taken", port=port) from error
        yield listener


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Two servers on one home would both work on it. SQLite's lock ends with the process, however it ends."""
    lock = sqlite3.connect(home / _LOCK_FILE, timeout=0, isolation_level=None)
    try:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise UserError("central-home-in-use", home=home) from error
        yield
    finally:
        lock.close()
