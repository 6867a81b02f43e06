"""Keys that follow keys: a new certificate put beside its key, for which the PIN is needed once more."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from unitclient.tokens.keyref import KeyKind, KeyRef, PinAsk, PinPrompt
from unitclient.tokens.keys import KeyHelper
from unitclient.tokens.wire import to_text


class Remembered:
    """A prompt that keeps what was entered for the length of one act: the same PIN is needed for its second step."""

    def __init__(self, prompt: PinPrompt) -> None:
        self._prompt = prompt
        self.pin = ""

    def ask(self, question: PinAsk) -> str:
        """See `PinPrompt`."""
        self.pin = self._prompt.ask(question)
        return self.pin


def put_certificate(env: Mapping[str, str], ref: KeyRef, pin: str, certificate: bytes) -> KeyRef:
    """Put a certificate (DER) beside the key it is for; how the key is found with it. UserError certificate-not-put."""
    with KeyHelper(env=env) as keys:
        answer = keys.ask(
            keys.timeouts.login,
            do="put_certificate",
            ref=ref.to_dict(),
            pin=pin,
            certificate=to_text(certificate),
        )
    sha256 = hashlib.sha256(certificate).hexdigest()
    if ref.kind is KeyKind.PKCS12:
        return replace(ref, certificate_sha256=sha256, path=str(answer["path"]))
    return replace(ref, certificate_sha256=sha256)
