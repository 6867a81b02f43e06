"""The three classes of failure (docs/architecture.md): cancelled, user-facing, everything else.

A `UserError` names its texts by code: `error.<code>` in resources/texts holds what happened, why, and what to do now,
in both languages. Anything else that is raised is a fault of the program.
"""

from __future__ import annotations


class UnitClientError(Exception):
    """Root of what the program raises on purpose."""


class Cancelled(UnitClientError):  # noqa: N818 - the user stopped it; this is not an error to show
    """The user stopped the work. Never shown as an error."""


class UserError(UnitClientError):
    """A refusal the user can read: texts `error.<code>` filled with `params`.

    `mendable` is true when the user can mend the cause in the data or at the machine and try again (exit code 1);
    false when program or machine failed (exit code 3).
    """

    def __init__(self, code: str, /, mendable: bool = True, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.mendable = mendable
        self.params = {key: str(value) for key, value in params.items()}
