"""TLS to the centre: version 1.2 or newer, the certificate checked against certs/, a private authority, and the system.

`requests` builds its contexts from files and the environment; ours is given to it ready, so that nothing else counts.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter

from unitclient.sync.outcomes import NotSent

_EXPIRED, _NOT_YET = 10, 9
_OTHER_NAME = (62, 64)
"""X509_V_ERR_* of OpenSSL's x509_vfy.h: wrong host name, wrong address."""
_OLD = ("UNSUPPORTED_PROTOCOL", "TLSV1_ALERT_PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE", "WRONG_SSL_VERSION",
        "INTERNAL_ERROR_VERSION")  # fmt: skip
_PLAIN = (
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "HTTPS_PROXY_REQUEST",
    "RECORD_LAYER_FAILURE",
    "PACKET_LENGTH_TOO_LONG",
)


def context_for(anchors: Iterator[Path] | tuple[Path, ...], ca_file: str | None, *, system: bool) -> ssl.SSLContext:
    """A context that believes these PEM files, and the operating system's store where `system` says so.

    Raises OSError when a file cannot be read (ssl.SSLError is one).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if system:
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    for path in anchors:
        context.load_verify_locations(path)
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


class TlsAdapter(HTTPAdapter):
    """Connections, also through a proxy (CONNECT), with one context."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """See `HTTPAdapter`."""
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """See `HTTPAdapter`. The context is for the centre; a proxy that itself is reached by TLS uses it too."""
        return super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing is loaded beside the context: no bundle of a library, none that the environment names."""
        conn.cert_reqs = "CERT_REQUIRED"
        conn.ca_certs = conn.ca_cert_dir = None

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> tuple[Any, Any]:
        """Host and TLS parameters of a request: ours whatever the request says."""
        host, parameters = super().build_connection_pool_key_attributes(request, True, None)
        return host, {**_without_bundles(parameters), "cert_reqs": "CERT_REQUIRED", "ssl_context": self._context}


def _without_bundles(parameters: Any) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if name not in ("ca_certs", "ca_cert_dir")}


def need_encrypted(url: str) -> None:
    """NotSent tls-missing for an address that is neither https nor on this computer."""
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "::1", "localhost"):
        raise NotSent("tls-missing")


def tls_failure(failure: BaseException) -> str:
    """The code of why a TLS connection did not come about: tls-expired, -wrong-host, -unknown-issuer, -too-old, ..."""
    for cause in _causes(failure):
        if isinstance(cause, ssl.SSLCertVerificationError):
            if cause.verify_code in (_EXPIRED, _NOT_YET):
                return "tls-expired"
            return "tls-wrong-host" if cause.verify_code in _OTHER_NAME else "tls-unknown-issuer"
        if isinstance(cause, ssl.SSLError) and cause.reason in _OLD:
            return "tls-too-old"
        if isinstance(cause, ssl.SSLError) and cause.reason in _PLAIN:
            return "tls-missing"
    return "tls-failed"


def _causes(failure: BaseException) -> Iterator[BaseException]:
    """An exception and everything beneath it; urllib3 and requests also put causes into `reason` and the arguments."""
    todo, seen = [failure], set()
    while todo:
        one = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        beneath = (getattr(one, "reason", None), one.__cause__, one.__context__, *one.args)
        todo += [other for other in beneath if isinstance(other, BaseException)]
