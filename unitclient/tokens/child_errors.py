"""What CKR codes mean to a person. Child process only: names of the refusals that the parent knows."""

from __future__ import annotations

from typing import Any, Protocol

from pkcs11 import exceptions as ckr

from unitclient.tokens.wire import Refused

_GONE = (
    ckr.DeviceRemoved,
    ckr.DeviceError,
    ckr.TokenNotPresent,
    ckr.SessionHandleInvalid,
    ckr.SessionClosed,
    ckr.ObjectHandleInvalid,
    ckr.KeyHandleInvalid,
)
"""A token pulled out has many names; OpenSC gives the session's or the object's (measured)."""
PLAIN: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
    (ckr.PinLocked, "pin-locked"),
    ((ckr.PinInvalid, ckr.PinLenRange), "pin-form"),
    (ckr.PinExpired, "pin-expired"),
    ((ckr.FunctionCancelled, ckr.FunctionRejected), "cancelled"),
    (ckr.TokenNotRecognised, "key-not-recognised"),
    (ckr.FunctionFailed, "key-function-failed"),
    (ckr.UserNotLoggedIn, "key-logged-out"),
    (_GONE, "key-gone"),
)
"""Answers that say all there is to say. The order counts nowhere: no two of them overlap."""


class Watched(Protocol):
    """The key about which something is to be said."""

    def is_gone(self) -> bool:
        """Whether it was pulled out."""
        ...

    def pin_state_now(self) -> dict[str, Any]:
        """Its PIN flags, read again."""
        ...


class named_errors:  # noqa: N801 - used as a with-statement's word
    """Turns CKR codes into refusals. Only CKR_PIN_INCORRECT is a wrong PIN."""

    def __init__(self, key: Watched) -> None:
        self._key = key

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ckr.PKCS11Error):
            raise self._refusal(error) from error

    def _refusal(self, error: ckr.PKCS11Error) -> Refused:
        if isinstance(error, ckr.PinIncorrect):
            state = self._key.pin_state_now()
            return Refused("pin-locked" if state["pin_state"] == "locked" else "pin-wrong", **state)
        for kinds, code in PLAIN:
            if isinstance(error, kinds):
                return Refused(code)
        if isinstance(error, ckr.GeneralError) and self._key.is_gone():
            return Refused("key-gone")
        return Refused("key-failed", reason=str(error) or type(error).__name__)
