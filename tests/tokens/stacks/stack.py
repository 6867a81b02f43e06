"""What the contract's tests know of a stack, whatever stands behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from unitclient.tokens.keyref import KeyInfo, PinState
from unitclient.tokens.keys import KeyHelper, Timeouts


@dataclass
class Stack:
    """One PKCS#11 library with one token and the unit's key on it.

    `unplug` takes the token away while it is in use, `None` where there is nothing to pull. `after_wrong_pin` is what
    its flags say after one wrong PIN.
    """

    name: str
    library: str
    pin: str
    env: dict[str, str]
    certificate: bytes
    after_wrong_pin: PinState
    unplug: Callable[[], None] | None = None

    def helper(self, timeouts: Timeouts | None = None) -> KeyHelper:
        """A helper that sees this stack's token."""
        return KeyHelper(env=self.env, timeouts=timeouts)

    def key(self) -> KeyInfo:
        """The unit's key as it is found on the token."""
        with self.helper() as helper:
            listed = helper.list_keys([self.library])
        assert not listed.problems, listed.problems[0].code
        (found,) = (key for key in listed.keys if key.certificate_der == self.certificate)
        return found
