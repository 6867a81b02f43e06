"""How declarations, queues and bills read on the screen: amounts, times, tracks, and what a code means."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from unitclient.clock import CHINA
from unitclient.desktop.models.rows import Mark
from unitclient.desktop.theme.tokens import State
from unitclient.domain.findings import Finding
from unitclient.domain.money import format_fen
from unitclient.texts import catalogue, finding_texts, say, say_outcome

TRANSPORT = {
    "draft": (State.OFF, "○"),
    "checked": (State.INFO, "✎"),
    "reviewed": (State.INFO, "✎"),
    "signed": (State.INFO, "↑"),
    "queued": (State.INFO, "↑"),
    "sending": (State.INFO, "…"),
    "delivered": (State.OK, "✓"),
    "unknown": (State.WARN, "?"),
    "parked": (State.ERR, "×"),
    "withdrawn": (State.OFF, "－"),
}
ACCEPTANCE = {
    "received": (State.INFO, "…"),
    "accepted": (State.OK, "✓"),
    "partly-accepted": (State.WARN, "!"),
    "returned": (State.ERR, "×"),
    "voided": (State.OFF, "－"),
    "replaced": (State.OFF, "－"),
}
MONEY = {
    "assessed": (State.INFO, "…"),
    "billed": (State.INFO, "…"),
    "debiting": (State.INFO, "…"),
    "debited": (State.OK, "✓"),
    "debit-failed": (State.ERR, "×"),
    "posted": (State.OK, "✓"),
    "receipted": (State.OK, "✓"),
    "cancelled": (State.OFF, "－"),
    "refund-issued": (State.INFO, "…"),
    "refund-paid": (State.OK, "✓"),
    "refund-failed": (State.ERR, "×"),
}
LIGHT = {
    "waiting": (State.INFO, "…"),
    "to-do": (State.WARN, "✎"),
    "trouble": (State.ERR, "×"),
    "done": (State.OK, "✓"),
    "ended": (State.OFF, "－"),
}
TRACKS = {"transport": TRANSPORT, "acceptance": ACCEPTANCE, "money": MONEY, "light": LIGHT}
"""(state, sign) of every state of a track; its word is the text `<track>-<state>`."""
SUCCESS = ("", "K00", "K12")
"""Codes of the bank that give no reason: none, done, being done."""


def yuan(fen: int) -> str:
    """An amount: ¥12,345.60."""
    whole, _, rest = format_fen(fen).partition(".")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}¥{int(whole.lstrip('-')):,}.{rest}"


def figure(fen: int) -> str:
    """The same without the currency, for columns of amounts."""
    return yuan(fen).replace("¥", "")


def moment(at: datetime) -> str:
    """A centre's or our own instant in China standard time, to the minute."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def second(at: datetime) -> str:
    """The same to the second, for timelines."""
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def day(at: datetime | date) -> str:
    """A day in China."""
    of = at.astimezone(CHINA).date() if isinstance(at, datetime) else at
    return say("d-day", year=of.year, month=of.month, day=of.day)


def until(at: datetime) -> str:
    """A deadline: the day, with the hour where it is not the day's end."""
    local = at.astimezone(CHINA)
    if (local.hour, local.minute) in ((23, 59), (0, 0)):
        shown = local - timedelta(minutes=1) if (local.hour, local.minute) == (0, 0) else local
        return say("d-until-day", day=f"{shown:%Y-%m-%d}")
    return f"{local:%Y-%m-%d %H:%M}"


def span(length: timedelta) -> str:
    """A length of time in the two largest units that matter."""
    seconds = max(0, round(length.total_seconds()))
    if seconds < 60:
        return say("d-span-seconds", seconds=seconds)
    minutes = seconds // 60
    if minutes < 60:
        return say("d-span-minutes", minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return say("d-span-hours", hours=hours, minutes=minutes)
    return say("d-span-days", days=hours // 24, hours=hours % 24)


def track_word(track: str, state: str | None) -> str:
    """The word of a state; nothing where the track has not begun."""
    return say(f"{track}-{state}") if state else ""


def track_mark(track: str, state: str | None, *reasons: str) -> Mark | None:
    """Colour and sign of a state for a table cell."""
    if not state:
        return None
    colour, sign = TRACKS[track][state]
    return Mark(colour, tuple(reason for reason in reasons if reason), sign)


def bank_reason(code: str) -> str:
    """What the bank says, by its code; nothing when it went well. A code nobody knows is shown as it is."""
    if code in SUCCESS:
        return ""
    key = f"bank-{code}"
    return say(key).strip("（）()") if key in catalogue()["text"] else code


def note_word(track: str, state: str, note: str) -> str:
    """A note of the timeline in words: the bank's reason, an outcome, or a reason of ours."""
    if not note:
        return ""
    if track == "money":
        return bank_reason(note)
    key = f"d-note-{note}"
    return say(key) if key in catalogue()["text"] else say_outcome(note)


def kind_word(kind: str) -> str:
    """What a declaration is: original, correction, void."""
    return say(f"d-kind-{kind}")


def titled(form_title: str, kind: str) -> str:
    """A form with what is done to it: 月度申报, 月度申报·更正."""
    return form_title if kind == "original" else say("d-titled", form=form_title, kind=kind_word(kind))


def named(form_title: str, period: str, kind: str = "original") -> str:
    """A declaration as people name it."""
    return say(
        "d-named" if kind == "original" else "d-named-kind", form=form_title, period=period, kind=kind_word(kind)
    )


def finding_words(finding: Finding) -> tuple[str, str]:
    """(why, what to do); a code of a newer centre that has no text here is shown as it is."""
    if finding.code not in catalogue()["finding"]:
        return say("d-finding-unknown", code=finding.code), say("d-finding-unknown-fix")
    return finding_texts(finding.code, finding.params, finding.value)


def insurance_word(insurance: str) -> str:
    """What an insurance is called."""
    key = f"insurance-{insurance}"
    return say(key) if key in catalogue()["text"] else insurance
