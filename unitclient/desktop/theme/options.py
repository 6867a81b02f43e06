"""Style options as what they are.

Qt makes its options on the stack, and PyQt keeps a wrapper until the collector of cycles takes it (an option and its
rectangle refer to each other). The next option at the same place may then be handed over as the wrapper of the last
one, which was of another class. The element that is drawn says which class it is; that is what counts.
"""

from __future__ import annotations

from typing import Any, TypeVar

from PyQt6 import sip
from PyQt6.QtWidgets import QStyleOption

Kind = TypeVar("Kind", bound=QStyleOption)
_sip: Any = sip
"""Its stubs give addresses no type."""


def as_kind(option: QStyleOption, kind: type[Kind]) -> Kind:
    """The option as the class that the element drawn always has."""
    if isinstance(option, kind):
        return option
    made: Kind = _sip.wrapinstance(_sip.unwrapinstance(option), kind)
    return made
