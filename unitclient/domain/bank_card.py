"""Bank card numbers (ISO/IEC 7812, Luhn). A warning at most: company accounts and passbooks have no Luhn digit."""

from __future__ import annotations

from unitclient.domain.identity import Identifier, IdKind, is_digits, refused


def check_bank_card(value: str) -> Identifier:
    """13 to 19 digits with a Luhn digit. Callers show a refusal as a warning."""
    kind = IdKind.BANK_CARD
    if not is_digits(value):
        return refused(kind, value, "CHARS" if value else "LEN")
    if not 13 <= len(value) <= 19:
        return refused(kind, value, "LEN")
    return Identifier(True, "", kind, value, {}) if _luhn(value) else refused(kind, value, "LUHN")


def _luhn(value: str) -> bool:
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in value[-2::-2])
    return (sum(int(digit) for digit in value[-1::-2]) + sum(doubled)) % 10 == 0
