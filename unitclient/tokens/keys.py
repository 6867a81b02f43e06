"""Keys for the rest of the program: list what is plugged in, open one with a PIN, sign many times, log out.

`KeyHelper` owns one helper process and starts it when it is needed. A PIN that the token refused is never tried again
by the program: that would bring the token nearer to its lock. What is odd about a vendor's key is in its profile
(`profiles`), which goes to the helper with each request.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from unitclient.errors import UserError
from unitclient.tokens.certificates import algorithm_of, chain_of, describe, signature_fits
from unitclient.tokens.finding import find_libraries
from unitclient.tokens.keyref import KeyInfo, KeyKind, KeyRef, PinAsk, PinPrompt, PinState
from unitclient.tokens.process import HelperProcess
from unitclient.tokens.profiles import Profiles, Quirks, known_profiles
from unitclient.tokens.wire import to_bytes, to_text


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds until the helper counts as hung. Login is long: the PIN may be entered on the device itself."""

    start: float = 30
    listing: float = 30
    opening: float = 30
    login: float = 120
    signing: float = 30

    def at_least(self, seconds: float) -> Timeouts:
        """For a key that is slower than others (`Quirks.wait_s`)."""
        listing, opening, signing = (max(one, seconds) for one in (self.listing, self.opening, self.signing))
        return replace(self, listing=listing, opening=opening, signing=signing)


@dataclass(frozen=True)
class KeyList:
    """Keys found, and what went wrong with some of the libraries meanwhile."""

    keys: tuple[KeyInfo, ...]
    problems: tuple[UserError, ...] = ()


class KeyHelper:
    """The keys of this computer, worked by a helper process. A context manager; use it from one thread at a time.

    `env` is added to the child's environment (SOFTHSM2_CONF). `profiles` are those of vendors' keys, by default all
    that are known. `cancel` may be called from another thread and ends whatever the helper is doing.
    """

    def __init__(
        self,
        env: Mapping[str, str] | None = None,
        timeouts: Timeouts | None = None,
        profiles: Profiles | None = None,
    ) -> None:
        self._env = dict(env or {})
        self.timeouts = timeouts or Timeouts()
        self._profiles = profiles
        self._process: HelperProcess | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> KeyHelper:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the helper process."""
        process, self._process = self._process, None
        if process is not None:
            process.close()

    def cancel(self) -> None:
        """Stop what the helper is doing now: the waiting call raises Cancelled."""
        process = self._process
        if process is not None:
            process.cancel()

    @property
    def helper_pid(self) -> int | None:
        """The helper's process id while it runs."""
        return self._process.pid if self._process else None

    def ask(self, timeout_s: float, **request: Any) -> dict[str, Any]:
        """One request to the helper, which is started if need be. After any failure the helper is ended.

        Libraries leave sessions and half-open operations behind when something failed; a new process has none.
        """
        with self._lock:
            try:
                if self._process is None:
                    self._process = HelperProcess(self._env)
                    self._process.ask({"do": "hello"}, self.timeouts.start)
                return self._process.ask(request, timeout_s)
            except BaseException:
                self.close()
                raise

    def quirks(self, library: str) -> Quirks:
        """What is odd about a library; nothing for a file."""
        return (self._profiles or known_profiles()).quirks(library) if library else Quirks()

    def list_keys(self, libraries: Iterable[str]) -> KeyList:
        """Every certificate on every token that these PKCS#11 or SKF libraries see, without PIN.

        Each library has a helper of its own: two vendors' libraries in one process may disturb each other. One that
        fails, hangs or crashes is reported in `problems`; the others are still listed. A certificate that two
        libraries show is listed once, from the first.
        """
        keys: dict[str, list[KeyInfo]] = {}
        problems: list[UserError] = []
        for library in libraries:
            quirks = self.quirks(library)
            timeout = self.timeouts.at_least(quirks.wait_s).listing
            try:
                answer = self.ask(timeout, do="list", library=library, quirks=quirks.to_dict())
            except UserError as error:
                problems.append(error)
                continue
            finally:
                self.close()
            found = [key for token in answer["tokens"] for key in _keys_of(library, token)]
            if answer["unreadable"] and not answer["tokens"]:
                problems.append(UserError("key-not-recognised"))
            known = {key.ref.certificate_sha256 for others in keys.values() for key in others}
            keys.setdefault(library, []).extend(key for key in found if key.ref.certificate_sha256 not in known)
        return KeyList(tuple(key for found in keys.values() for key in found), tuple(problems))

    def find_keys(self, chosen: Iterable[str] = ()) -> KeyList:
        """The same for the libraries that a person chose, then for every vendor's library installed here.

        Problems are told of libraries that are here for another kind of machine, and of keys without their driver too.
        """
        found = find_libraries(profiles=self._profiles)
        libraries = dict.fromkeys([*chosen, *(one.path for one in found.libraries)])
        listed = self.list_keys(libraries)
        return KeyList(listed.keys, (*listed.problems, *found.problems))

    def read_pkcs12(self, path: str, prompt: PinPrompt) -> KeyInfo:
        """What a key file (PKCS#12 or PEM) holds; its passphrase is asked for.

        Raises UserError pin-wrong, key-file-...
        """
        with self.open_signer(KeyRef(KeyKind.PKCS12, "", path=path), prompt) as signer:
            return describe(
                signer.certificate_der, signer.chain_der, label=signer.token_label, kind=KeyKind.PKCS12, path=path
            )

    def open_signer(self, ref: KeyRef, prompt: PinPrompt, *, retry: bool = False) -> TokenSigner:
        """Ask for the PIN and log in, once. `retry` is shown to the person: the last PIN was wrong.

        Raises UserError: key-not-found, pin-locked (before any try), pin-wrong, pin-wrong-final (one try left),
        pin-form, pin-expired, key-library-..., key-file-..., key-helper-...; Cancelled from the prompt.
        """
        found = self.open_key(ref)
        state = PinState(found["pin_state"])
        if state is PinState.LOCKED:
            self.close()
            raise UserError("pin-locked")
        try:
            pin = prompt.ask(PinAsk(found["label"], state, found["tries"], retry, found["on_device"]))
        except BaseException:
            self.close()
            raise
        return TokenSigner(self, ref, pin, found["label"], self.login(pin))

    def open_key(self, ref: KeyRef) -> dict[str, Any]:
        """Find a key and what is to be said before its PIN is asked for; nothing is logged in."""
        quirks = self.quirks(ref.library)
        timeout = self.timeouts.at_least(quirks.wait_s).opening
        return self.ask(timeout, do="open", ref=ref.to_dict(), quirks=quirks.to_dict())

    def login(self, pin: str) -> dict[str, Any]:
        """Log in to the key that was opened."""
        return self.ask(self.timeouts.login, do="login", pin=pin)


def _keys_of(library: str, token: Mapping[str, Any]) -> list[KeyInfo]:
    """The end certificates of a token; its CA certificates become their chains."""
    found = [to_bytes(text) for text in token["certificates"]]
    return [
        describe(
            certificate,
            chain_of(certificate, found),
            label=token["label"],
            kind=KeyKind(token.get("kind", KeyKind.PKCS11)),
            library=library,
            token_serial=token["serial"],
            pin_state=PinState(token["pin_state"]),
            tries_left=token["tries"],
        )
        for certificate in found
        if not _is_authority(certificate)
    ]


def _is_authority(certificate: bytes) -> bool:
    extensions = x509.load_der_x509_certificate(certificate).extensions
    return any(one.value.ca for one in extensions if isinstance(one.value, x509.BasicConstraints))


class TokenSigner:
    """A logged-in key: a context manager that logs out at the end. Fits `seal.signer.Signer`.

    When the helper dies, it is started once more and logged in once more with the PIN that had just succeeded, so
    that a batch goes on; not when the token says that wrong PINs were counted, nor when the PIN is entered on the
    device. A helper that hangs is ended and that is all: the person may have to press something. The PIN is kept for
    this, in memory, until `close`. Every signature is verified with the certificate before anybody gets it.
    """

    def __init__(self, helper: KeyHelper, ref: KeyRef, pin: str, label: str, opened: Mapping[str, Any]) -> None:
        self._helper = helper
        self._ref = ref
        self._pin: str | None = pin
        self.token_label = label
        self.certificate_der = to_bytes(opened["certificate"])
        others = [to_bytes(text) for text in opened["others"]]
        self.chain_der = chain_of(self.certificate_der, others)
        self.algorithm = algorithm_of(self.certificate_der)
        if self.algorithm not in ("rsa", "ec", "sm2"):
            self.close()
            raise UserError("key-unsupported")

    def __enter__(self) -> TokenSigner:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def sign(self, data: bytes) -> bytes:
        """PKCS#1 v1.5 or DER ECDSA signature over `data`, SHA-256; DER SM2 signature with SM3.

        Raises UserError key-gone (pulled out), key-not-recognised, key-function-failed, key-failed,
        key-signature-wrong, key-helper-hung, key-helper-died; Cancelled.
        """
        try:
            signature = self._sign(data)
        except UserError as error:
            if error.code != "key-helper-died" or self._pin is None:
                raise
            self._log_in_again(error)
            signature = self._sign(data)
        if not signature_fits(self.certificate_der, data, signature):
            self._helper.close()
            raise UserError("key-signature-wrong")
        return signature

    def _sign(self, data: bytes) -> bytes:
        wait_s = self._helper.quirks(self._ref.library).wait_s
        timeout = self._helper.timeouts.at_least(wait_s).signing
        signature = to_bytes(self._helper.ask(timeout, do="sign", data=to_text(data))["signature"])
        if self.algorithm == "ec" and self._ref.kind is KeyKind.PKCS11:
            half = len(signature) // 2
            return encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
        return signature

    def _log_in_again(self, lost: UserError) -> None:
        """Once in this signer's life: the PIN is forgotten here, so there is no second time."""
        pin, self._pin = self._pin, None
        found = self._helper.open_key(self._ref)
        if found["pin_state"] not in (PinState.OK, PinState.UNKNOWN) or found["on_device"]:
            self._helper.close()
            raise lost
        assert pin is not None
        self._helper.login(pin)

    def close(self) -> None:
        """Log out and end the helper; the token is free for other programs. Never raises for a key that is gone."""
        self._pin = None
        self._helper.close()
