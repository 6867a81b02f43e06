"""The helper process: `python -m unitclient.tokens.helper`. One thread, one key at a time, JSON lines over pipes.

It exists because vendors' libraries hang, crash, print to standard output, and keep one login state per process. The
PIN comes through the pipe, never as an argument or in the environment, and is never written anywhere.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import Any, Protocol

from unitclient.tokens.wire import Refused, to_bytes, to_text


class Key(Protocol):
    """What a token's key and a file's key have in common."""

    def describe(self) -> dict[str, Any]:
        """Label, PIN state, tries, whether the PIN is entered on the device."""
        ...

    def login(self, pin: str) -> dict[str, Any]:
        """Certificate and the other certificates found beside it."""
        ...

    def sign(self, data: bytes) -> bytes:
        """A signature over `data`."""
        ...

    def close(self) -> None:
        """Log out and forget."""
        ...


class Helper:
    """Answers requests. An answer is {"ok": true, ...} or {"ok": false, "code": ..., "params": {...}}."""

    def __init__(self) -> None:
        self._key: Key | None = None

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do what `request["do"]` names."""
        try:
            return {"ok": True, **getattr(self, f"do_{request['do']}")(request)}
        except Refused as refusal:
            return {"ok": False, "code": refusal.code, "params": refusal.params}

    def do_hello(self, request: dict[str, Any]) -> dict[str, Any]:
        """Say that the process is up."""
        return {"pid": os.getpid()}

    def do_list(self, request: dict[str, Any]) -> dict[str, Any]:
        """Certificates that one library shows."""
        from unitclient.tokens import child_pkcs11, child_skf
        from unitclient.tokens.libraries import speaks_skf

        library, quirks = request["library"], request.get("quirks", {})
        if speaks_skf(library):
            return child_skf.list_certificates(library)
        return child_pkcs11.list_certificates(library, quirks)

    def do_open(self, request: dict[str, Any]) -> dict[str, Any]:
        """Find the key that a reference names."""
        self._key = _open(request["ref"], request.get("quirks", {}))
        return self._key.describe()

    def do_login(self, request: dict[str, Any]) -> dict[str, Any]:
        """Log in with the PIN."""
        return self._need_key().login(request["pin"])

    def do_sign(self, request: dict[str, Any]) -> dict[str, Any]:
        """Sign."""
        return {"signature": to_text(self._need_key().sign(to_bytes(request["data"])))}

    def do_close(self, request: dict[str, Any]) -> dict[str, Any]:
        """Log out."""
        if self._key is not None:
            self._key.close()
            self._key = None
        return {}

    def do_provision(self, request: dict[str, Any]) -> dict[str, Any]:
        """Make a software token with a key on it (practice, tests)."""
        from unitclient.tokens.child_provision import provision

        return provision(request)

    def do_put_certificate(self, request: dict[str, Any]) -> dict[str, Any]:
        """Put a new certificate beside its key."""
        from unitclient.tokens.child_certificate import put_certificate

        return put_certificate(request)

    def _need_key(self) -> Key:
        if self._key is None:
            raise Refused("key-gone")
        return self._key


def _open(ref: dict[str, str], quirks: dict[str, Any]) -> Key:
    if ref["kind"] == "pkcs12":
        from unitclient.tokens.child_pkcs12 import FileKey

        return FileKey(ref)
    if ref["kind"] == "skf":
        from unitclient.tokens.child_skf import SkfKey

        return SkfKey(ref)
    from unitclient.tokens.child_pkcs11 import TokenKey
    from unitclient.tokens.child_pkcs11_sm2 import with_vendor_mechanism

    return with_vendor_mechanism(TokenKey(ref, quirks), ref["library"])


def main() -> None:
    """Serve until the parent closes the pipe. What libraries print goes to standard error, away from the answers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests = sys.stdin.buffer
    with os.fdopen(os.dup(1), "wb", buffering=0) as answers:
        os.dup2(2, 1)
        helper = Helper()
        for line in requests:
            answers.write(json.dumps(helper.answer(json.loads(line))).encode() + b"\n")


if __name__ == "__main__":
    main()
