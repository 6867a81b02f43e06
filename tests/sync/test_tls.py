"""The line to the centre under attack: who is not the centre is refused before a byte goes out."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.sync.sockets import answering, listening, read_request
from unitclient.clock import SystemClock
from unitclient.errors import UserError
from unitclient.seal import pki
from unitclient.store.units import Unit
from unitclient.sync.client import CentreClient, NetworkSettings
from unitclient.sync.outcomes import NotSent, OutcomeUnknown
from unitclient.sync.protocol import canonical
from unitclient.texts import error_texts
from unitclient.workflows.centre import centre_refusals

NOW = datetime.now(UTC)
ANSWER = canonical({"state": "open", "now": "2026-11-10T12:00:00+08:00", "deadline": None, "retry_after_s": None})


class Servers:
    """A private authority in certs/, and TLS servers with certificates of it or of somebody else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = pki.Authority.create_root("机关内部 CA", NOW)
        self.anchor = folder / "certs.pem"
        self.anchor.write_bytes(self.root.certificate_pem)
        self.seen: list[bytes] = []

    def files(self, host: str = "localhost", authority: pki.Authority | None = None, **days: int) -> Path:
        """PEM of key and certificate for a server."""
        key = pki.new_key()
        life = pki.Validity(NOW + timedelta(days=days.get("since", -1)), NOW + timedelta(days=days.get("until", 9)))
        certificate = (authority or self.root).issue_server(host, key.public_key(), life)
        path = self.folder / f"server-{host}-{len(list(self.folder.iterdir()))}.pem"
        credential = pki.Credential(key, certificate)
        path.write_bytes(credential.key_pem + credential.certificate_pem)
        return path

    @contextmanager
    def serving(self, pem: Path) -> Iterator[str]:
        """A TLS server; what it reads lies in `seen`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)

        def serve(connection: socket.socket) -> None:
            with contextlib.suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
                self.seen.append(read_request(secure))
                head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(ANSWER)}\r\nConnection: close\r\n\r\n"
                secure.sendall(head.encode() + ANSWER)

        with listening(serve) as url:
            yield url.replace("http://127.0.0.1", "https://localhost")

    def network(self, **more: str) -> NetworkSettings:
        return NetworkSettings(proxy=more.get("proxy", ""), anchors=(self.anchor,), system=False)

    def asks(self, url: str, **more: str) -> str:
        """What a question to that server ends with: the state it told, or the code of the failure."""
        try:
            with CentreClient(url, SystemClock(), self.network(**more)) as client:
                return client.intake("1", 7).state
        except (NotSent, OutcomeUnknown) as failure:
            return failure.code


@pytest.fixture
def servers(tmp_path: Path) -> Servers:
    return Servers(tmp_path)


def test_the_centre_itself_is_believed(servers: Servers) -> None:
    with servers.serving(servers.files()) as url:
        assert servers.asks(url) == "open"
    assert len(servers.seen) == 1


def self_signed(servers: Servers) -> Path:
    root = pki.Authority.create_root("localhost", NOW)
    path = servers.folder / "self.pem"
    path.write_bytes(root.credential.key_pem + root.certificate_pem)
    return path


@pytest.mark.parametrize(
    ("pem", "code"),
    [
        (lambda one: one.files("other.example"), "tls-wrong-host"),
        (lambda one: one.files("127.0.0.1"), "tls-wrong-host"),
        (lambda one: one.files(until=-1, since=-9), "tls-expired"),
        (lambda one: one.files(since=3), "tls-expired"),
        (self_signed, "tls-unknown-issuer"),
        (lambda one: one.files(authority=pki.Authority.create_root("机关内部 CA", NOW)), "tls-unknown-issuer"),
    ],
    ids=["wrong host", "wrong host by address", "expired", "not yet", "self-signed", "swapped"],
)
def test_a_server_that_is_not_the_centre(servers: Servers, pem: Callable[[Servers], Path], code: str) -> None:
    """Refused in the handshake: the server reads nothing of ours, and the clerk gets three sentences."""
    with servers.serving(pem(servers)) as url:
        assert servers.asks(url) == code
        assert servers.seen == []
        assert all(three_sentences(url, servers))


def three_sentences(url: str, servers: Servers) -> tuple[str, ...]:
    unit = Unit("1", "", "", "", url, "", "")
    with pytest.raises(UserError) as told, centre_refusals(unit):
        CentreClient(url, SystemClock(), servers.network()).intake("1", 7)
    assert told.value.code.startswith(("tls-", "centre-redirects"))
    return error_texts(told.value.code, told.value.params)


@pytest.mark.parametrize("version", ["-tls1_1", "-tls1"])
def test_a_server_of_yesterday(servers: Servers, version: str) -> None:
    """openssl's own server that speaks only an old version; the control speaks 1.2 and is believed."""
    for words, expected in ((("-tls1_2",), "believed"), ((version, "-cipher", "ALL:@SECLEVEL=0"), "tls-too-old")):
        with s_server(servers, *words) as url:
            told = servers.asks(url)
        # s_server -www answers with a page, which is not the centre's: what counts is that it was let speak
        assert told == ("answer-unreadable" if expected == "believed" else expected)


@contextmanager
def s_server(servers: Servers, *words: str) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    pem = str(servers.files())
    command = [
        "openssl",
        "s_server",
        "-accept",
        f"127.0.0.1:{port}",
        "-cert",
        pem,
        "-key",
        pem,
        "-www",
        "-quiet",
        *words,
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"https://localhost:{port}"
    finally:
        process.kill()
        process.wait()


def test_a_server_that_does_not_encrypt(servers: Servers) -> None:
    """Plain HTTP where HTTPS was asked for."""

    def serve(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with listening(serve) as url:
        https = url.replace("http://127.0.0.1", "https://localhost")
        assert servers.asks(https) == "tls-missing"
        assert all(three_sentences(https, servers))


def test_plain_http_is_for_this_computer_only(servers: Servers) -> None:
    """An address without TLS elsewhere is not even connected to; TEST-NET addresses are nobody's."""
    begun = time.monotonic()
    assert servers.asks("http://192.0.2.7") == "tls-missing"
    assert servers.asks("http://centre.example") == "tls-missing"
    assert time.monotonic() - begun < 2
    with listening(answering("200 OK", ANSWER)) as url:
        assert servers.asks(url) == "open"


def test_a_redirect_is_not_followed(servers: Servers) -> None:
    """Not down to http, and not to another server either."""
    reached = []

    def trap(connection: socket.socket) -> None:
        reached.append(read_request(connection))

    with (
        listening(trap) as elsewhere,
        listening(answering("307 Temporary Redirect", b"", f"Location: {elsewhere}")) as url,
    ):
        assert servers.asks(url) == "redirected"
        assert all(three_sentences(url, servers))
    assert reached == []


def test_the_environment_does_not_add_believers(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bundle that the environment names is for other programs, also with the system's store switched off."""
    stranger = pki.Authority.create_root("别人的 CA", NOW)
    bundle = servers.folder / "bundle.pem"
    bundle.write_bytes(stranger.certificate_pem)
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(bundle))
    with servers.serving(servers.files(authority=stranger)) as url:
        assert servers.asks(url) == "tls-unknown-issuer"
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))  # what OpenSSL itself calls the system's store
    with servers.serving(servers.files(authority=stranger)) as url:
        assert servers.asks(url) == "tls-unknown-issuer"
        system = NetworkSettings(proxy="", anchors=(servers.anchor,), system=True)
        with CentreClient(url, SystemClock(), system) as client:
            assert client.intake("1", 7).state == "open"


class Proxy:
    """An HTTP proxy that knows CONNECT and nothing else. `target` replaces the one asked for, as a thief would."""

    def __init__(self, target: int | None = None) -> None:
        self.asked: list[str] = []
        self.carried = b""
        self._target = target

    def serve(self, connection: socket.socket) -> None:
        head = read_request(connection).decode("latin-1")
        self.asked.append(head.split("\r\n", 1)[0])
        found = re.match(r"CONNECT localhost:(\d+) ", head)
        if found is None:
            connection.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(("127.0.0.1", self._target or int(found[1])), 5) as onward:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=self._carry, args=(onward, connection))
            back.start()
            self._carry(connection, onward)
            back.join()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self.carried += data
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)


def test_through_a_proxy(servers: Servers) -> None:
    """CONNECT to the centre's name; the proxy sees no word of what goes through."""
    proxy = Proxy()
    with servers.serving(servers.files()) as url, listening(proxy.serve) as through:
        assert servers.asks(url, proxy=through) == "open"
        assert [line.rpartition(" ")[0] for line in proxy.asked] == [f"CONNECT {url.removeprefix('https://')}"]
    assert b"/v1/intake" not in proxy.carried
    assert b"/v1/intake" in servers.seen[0]


def test_a_proxy_that_leads_elsewhere(servers: Servers) -> None:
    """It may connect to whatever it likes: the certificate tells."""
    thief = pki.Authority.create_root("机关内部 CA", NOW)
    with servers.serving(servers.files(authority=thief)) as other, servers.serving(servers.files()) as url:
        proxy = Proxy(target=int(other.rpartition(":")[2]))
        with listening(proxy.serve) as through:
            assert servers.asks(url, proxy=through) == "tls-unknown-issuer"
    assert servers.seen == []
