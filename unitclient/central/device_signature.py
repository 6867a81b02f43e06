"""Checks the RFC 9421 signature of a reading request: whose it is, that it is fresh, and that it is new."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, InvalidSignature, algorithms
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from unitclient.central.devices import DeviceRegistry, unix_seconds
from unitclient.central.nonces import NonceCache
from unitclient.central.numbers import instant
from unitclient.central.problems import ProblemError
from unitclient.clock import Clock
from unitclient.sync.protocol import SIGNATURE_TAG, SIGNED_COMPONENTS

CLOCK_WINDOW_S = 300
"""A request's `created` may be this far from the service's time, either way."""


@dataclass(frozen=True)
class SignedRequest:
    """A request as the verifier reads it."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


class _Verifier(HTTPMessageVerifier):
    """The library's verifier without its own clock: the service's time may be shifted, and is checked here."""

    def validate_created_and_expires(self, sig_input: Any, max_age: dt.timedelta | None = None) -> None:
        if not isinstance(sig_input.params.get("created"), int) or not sig_input.params.get("nonce"):
            raise InvalidSignature("created and nonce are needed")


@dataclass
class _Keys(HTTPSignatureKeyResolver):
    registry: DeviceRegistry
    found: list[sqlite3.Row] = field(default_factory=list)

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        try:
            device = self.registry.usable(key_id)
        except ProblemError as problem:
            raise InvalidSignature(problem) from problem
        self.found.append(device)
        return Ed25519PublicKey.from_public_bytes(device["public_key"])


class DeviceGuard:
    """Lets signed requests of enrolled devices through."""

    def __init__(self, registry: DeviceRegistry, nonces: NonceCache, clock: Clock) -> None:
        self._registry = registry
        self._nonces = nonces
        self._clock = clock

    def device(self, request: SignedRequest) -> sqlite3.Row:
        """The device that signed. ProblemError: device-required, device-revoked, signature-refused, clock-off."""
        if "signature-input" not in request.headers:
            raise ProblemError("device-required")
        keys = _Keys(self._registry)
        verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=keys)
        try:
            results = verifier.verify(
                request,
                max_age=None,
                expect_tag=SIGNATURE_TAG,
                require_components=[f'"{component}"' for component in SIGNED_COMPONENTS],
                body=request.body,
            )
        except HTTPMessageSignaturesException as refused:
            raise _problem_of(refused) from None
        parameters = results[0].parameters
        self._check_fresh(str(parameters["keyid"]), str(parameters["nonce"]), int(parameters["created"]))
        return keys.found[0]

    def _check_fresh(self, key_id: str, nonce: str, created_s: int) -> None:
        now = self._clock.now()
        now_s = unix_seconds(now)
        if abs(now_s - created_s) > CLOCK_WINDOW_S:
            raise ProblemError("clock-off", f"service time {instant(now)}")
        if not self._nonces.take(key_id, nonce, created_s, now_s):
            raise ProblemError("signature-refused", "this request was seen before")


def _problem_of(refused: HTTPMessageSignaturesException) -> ProblemError:
    cause: BaseException | None = refused
    while cause is not None:
        if isinstance(cause, ProblemError):
            return cause
        cause = cause.__cause__
    return ProblemError("signature-refused", str(refused))
