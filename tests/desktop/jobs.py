"""Jobs for the child process of the tests."""

from __future__ import annotations

from unitclient.desktop.tasks import JobContext


def add(context: JobContext, one: int, other: int) -> int:
    """The sum."""
    context.progress(1, 1)
    return one + other
