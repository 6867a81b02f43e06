"""Wrong usage of the command line."""

from __future__ import annotations


class Usage(Exception):  # noqa: N818 - not an error of the program: the command line was wrong
    """Wrong usage: the usage line and what is wrong."""

    def __init__(self, usage: str, message: str) -> None:
        super().__init__(message)
        self.usage = usage
        self.message = message
