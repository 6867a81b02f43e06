"""The device key (设备密钥) signs every reading request (RFC 9421).

So the USB key is needed to sign declarations only. Ed25519, made on this computer and enrolled once by a request that
the unit's certificate signed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from unitclient.sync.protocol import SIGNATURE_TAG


@dataclass(frozen=True)
class DeviceKey:
    """One enrolled device: the centre's id for it and its private key (raw 32 bytes, kept in the encrypted store)."""

    device_id: str
    private_raw: bytes

    def private_key(self) -> Ed25519PrivateKey:
        """The key as an object."""
        return Ed25519PrivateKey.from_private_bytes(self.private_raw)


def new_private_raw() -> bytes:
    """A fresh device key, raw."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def public_raw(private_raw: bytes) -> bytes:
    """The public half, raw 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(private_raw).public_key().public_bytes_raw()


def sign_request(request: requests.PreparedRequest, device: DeviceKey, now: datetime) -> None:
    """Add Content-Digest, Signature-Input and Signature headers; `now` is the centre's time as far as known."""
    from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms

    class OneKey(HTTPSignatureKeyResolver):
        def resolve_private_key(self, key_id: str) -> Any:
            return device.private_key()

    body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=OneKey()).sign(
        request,
        key_id=device.device_id,
        created=now,
        nonce=secrets.token_urlsafe(16),
        tag=SIGNATURE_TAG,
        covered_component_ids=("@method", "@target-uri"),
        body=body,
    )
