"""Column titles as people write them, made comparable."""

from __future__ import annotations

import re

from unitclient.catalog.cells import fold_text

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_NOISE = re.compile(r"[\s*#:;,.、。_\-/\\\"'“”‘’]+")


def normal_header(text: str) -> str:
    """A title without brackets, blanks, stars and punctuation, half-width, lower case.

    "* 参保时间（yyyy-MM-dd）" and "参保时间" are the same title. A title that is only brackets keeps their content.
    """
    folded = fold_text(text).lower()
    return _NOISE.sub("", _BRACKETS.sub("", folded)) or re.sub(r"[()\[\]【】]", "", _NOISE.sub("", folded))
