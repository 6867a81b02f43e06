"""Bodies of what the desk shuts or holds back for a while."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field


class PracticeUpkeep(BaseModel):
    """For how many minutes the intake is shut, and what is said about it; 0 opens it."""

    minutes: Annotated[int, Field(ge=0, le=7 * 24 * 60)]
    notice: Annotated[str, Field(max_length=200)] = ""


class UpkeepState(BaseModel):
    """Until when the intake is shut; null when it is open."""

    until: str | None
    notice: str


class PracticeHold(BaseModel):
    """Whether a step is held back."""

    held: bool


class HeldSteps(BaseModel):
    """The steps held back now."""

    held: list[str]
