"""Personal names: what may be in one, and what to propose when something else is.

Allowed are Han characters of every block and U+00B7 between the parts of a name; a foreigner's Latin name is as in the
passport, in capitals. Names are never normalised: NFC and NFKC both rewrite compatibility ideographs that people have
in their names. Dots are offered for folding, never folded silently.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from unitclient.domain import gb18030
from unitclient.domain.findings import Finding, Severity

DOT = "\u00b7"
WRONG_DOTS = frozenset(".\u2022\u2027\u30fb\uff65\u22c5\uff0e\u2219\u0387\u2024\ufe52\u25cf\u2981\u318d")
"""Characters typed in the place of U+00B7."""
LONGEST = 50
"""Characters; minority names of more than twenty are real, so no shorter limit is safe."""

_BLOCKS = (
    (0x4E00, 0x9FFF, "URO"),
    (0x3400, 0x4DBF, "A"),
    (0x20000, 0x2A6DF, "B"),
    (0x2A700, 0x2B73F, "C"),
    (0x2B740, 0x2B81F, "D"),
    (0x2B820, 0x2CEAF, "E"),
    (0x2CEB0, 0x2EBEF, "F"),
    (0x30000, 0x3134F, "G"),
    (0x31350, 0x323AF, "H"),
    (0x2EBF0, 0x2EE5F, "I"),
    (0x323B0, 0x3347F, "J"),
    (0xF900, 0xFAFF, "COMPAT"),
    (0x2F800, 0x2FA1F, "COMPAT"),
    (0x3007, 0x3007, "LING"),
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_HAN = "[\u3007" + "".join(f"{chr(first)}-{chr(last)}" for first, last, _ in _BLOCKS if first != last) + "]+"
_PLAIN = re.compile(f"{_HAN}(?:{DOT}{_HAN})*")
_LATIN = re.compile(r"[A-Z]+(?:[ '.,-]+[A-Z]+)*[.]?")


class NameCheck(NamedTuple):
    """The answer about one name. `code` is the first reason, `folded` a proposal, `findings` say everything wrong."""

    ok: bool
    code: str
    text: str
    folded: str
    findings: tuple[Finding, ...] = ()

    @property
    def info(self) -> dict[str, int | list[str]]:
        """chars, blocks (sorted), utf16_units, gb18030_bytes (GB 18030-2022)."""
        return {
            "chars": len(self.text),
            "blocks": sorted({block_of(character) for character in self.text} - {""}),
            "utf16_units": len(self.text) + sum(character > "\uffff" for character in self.text),
            "gb18030_bytes": len(gb18030.encode(_SURROGATES.sub("?", self.text))),
        }


def block_of(character: str) -> str:
    """Han block of a character: URO, A to J, COMPAT, LING (U+3007); "" for anything else."""
    code = ord(character)
    return next((name for first, last, name in _BLOCKS if first <= code <= last), "")


def check_name(text: str, foreign: bool = False) -> NameCheck:
    """Check a name exactly as it stands. `foreign` also allows a Latin name in capitals.

    Reasons in the order they are told: PUA, RADICAL, WRONG_DOT, SPACE, CHARS, DOT_POSITION, TOO_SHORT, TOO_LONG.
    """
    if 2 <= len(text) <= LONGEST and (_PLAIN.fullmatch(text) or (foreign and _LATIN.fullmatch(text))):
        return NameCheck(True, "", text, text)
    findings = tuple(_findings(text))
    reason = findings[0].code.removeprefix("NAME_") if findings else ""
    return NameCheck(not findings, reason, text, fold_name(text), findings)


def is_private_use(character: str) -> bool:
    """Whether the character means nothing outside one machine's font."""
    return unicodedata.category(character) == "Co"


def is_radical(character: str) -> bool:
    """Kangxi radicals and CJK radicals supplement: they look like ideographs and are none."""
    return "\u2e80" <= character <= "\u2fdf"


def _findings(text: str) -> Iterable[Finding]:
    yield from (_about("PUA", text, c, _real(c)) for c in text if is_private_use(c))
    yield from (_about("RADICAL", text, c, unicodedata.normalize("NFKC", c)) for c in text if is_radical(c))
    yield from (_about("WRONG_DOT", text, c, DOT) for c in text if c in WRONG_DOTS)
    if any(c.isspace() for c in text):
        yield Finding("NAME_SPACE", value=text)
    yield from (_about("CHARS", text, c, "") for c in text if _is_foreign_to_names(c))
    if text.startswith(DOT) or text.endswith(DOT) or DOT * 2 in text:
        yield Finding("NAME_DOT_POSITION", value=text)
    if len(text) < 2:
        yield Finding("NAME_TOO_SHORT", value=text)
    if len(text) > LONGEST:
        yield Finding("NAME_TOO_LONG", value=text, params={"limit": str(LONGEST)})


def _is_foreign_to_names(character: str) -> bool:
    explained = is_private_use(character) or is_radical(character) or character in WRONG_DOTS or character.isspace()
    return not (block_of(character) or character == DOT or explained)


def _about(code: str, text: str, character: str, instead: str) -> Finding:
    params = {"character": character, "point": f"U+{ord(character):04X}", "instead": instead}
    return Finding(f"NAME_{code}", Severity.ERROR, value=text, params=params)


def _real(character: str) -> str:
    real = gb18030.REAL_OF_PUA.get(ord(character))
    return chr(real) if real else ""


def fold_name(text: str) -> str:
    """The proposal: real characters for known private-use ones and radicals, U+00B7 for other dots, no blanks."""
    return "".join(_folded(character) for character in text)


def _folded(character: str) -> str:
    if character in WRONG_DOTS:
        return DOT
    if is_radical(character):
        return unicodedata.normalize("NFKC", character)
    if is_private_use(character):
        return _real(character) or character
    return "" if character.isspace() else character
