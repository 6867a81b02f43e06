"""Amounts in Chinese capitals (大写), as settlement papers must carry them.

Source: 中国人民银行《支付结算办法》附件一《正确填写票据和结算凭证的基本规定》, items 1-3.
They fix the numerals; 整 after 元 (left out after 角 and 分); 零 once for every gap between two written figures; and 零
before 分 when there is no 角.
"""

from __future__ import annotations

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_LIMIT = 10**18
"""Fen; sixteen figures of yuan: beyond any bill, and still read without doubt."""


def capital_amount(fen: int) -> str:
    """The amount in capitals: 10700053 fen is 壹拾万柒仟元零伍角叁分, 0 is 零元整. Negative amounts begin with 负.

    ValueError for an amount of 10^16 yuan or more.
    """
    if abs(fen) >= _LIMIT:
        raise ValueError(fen)
    yuan, rest = divmod(abs(fen), 100)
    sign = "负" if fen < 0 else ""
    return sign + _yuan(yuan, rest) + _below_yuan(yuan, rest)


def _yuan(yuan: int, rest: int) -> str:
    if yuan == 0:
        return "" if rest else "零元"
    return _whole(yuan) + "元"


def _whole(number: int) -> str:
    """A positive integer: what stands before 亿, then before 万, then the last four figures."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return _whole(high) + name + gap + (_whole(low) if low else "")
    return _group(number)


def _group(group: int) -> str:
    """1 to 9999, without a leading 零."""
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return text


def _below_yuan(yuan: int, rest: int) -> str:
    if rest == 0:
        return "整"
    jiao, fen = divmod(rest, 10)
    gap = bool(yuan) and (jiao == 0 or yuan % 10 == 0)
    text = "零" if gap else ""
    if jiao:
        text += _DIGITS[jiao] + "角"
    if fen:
        text += _DIGITS[fen] + "分"
    return text


def figures(fen: int) -> str:
    """The amount in figures with thousands separators: 1234567 fen is "12,345.67"."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"
