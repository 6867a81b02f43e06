"""The documents page in words: rows of the table, file names, and the answer of a verification."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from unitclient.desktop.models.columns import ColumnSpec, Kind
from unitclient.desktop.pages.sign.words import finding_words, moment, second, titled, yuan
from unitclient.desktop.theme.tokens import State
from unitclient.domain.findings import Severity
from unitclient.texts import catalogue, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from unitclient.desktop.pages.documents.state import Checked, DocumentsState, Paper

COLUMNS = (
    ColumnSpec("name", "d-documents-name", width=12),
    ColumnSpec("form", "form-title", width=14),
    ColumnSpec("period", "period", Kind.MONTH, 8),
    ColumnSpec("number", "d-documents-number", width=20),
    ColumnSpec("at", "d-documents-at", Kind.DATE, 16),
)
_SIGNS = {Severity.ERROR: "×", Severity.WARNING: "!"}


def table_row(paper: Paper) -> dict[str, Any]:
    """A paper as a row."""
    return {
        "id": paper.id,
        "name": paper_word(paper),
        "form": titled(paper.form_title, paper.kind),
        "period": paper.period,
        "number": paper.number,
        "at": moment(paper.at),
    }


def paper_word(paper: Paper) -> str:
    """What the paper is called."""
    return say(f"d-paper-{paper.name}")


def paper_title(paper: Paper) -> str:
    """The paper with what it is about."""
    return say("d-documents-title", paper=paper_word(paper), form=titled(paper.form_title, paper.kind),
               period=paper.period)  # fmt: skip


def file_name(paper: Paper) -> str:
    """A name to save it under."""
    return f"{paper_word(paper)}-{paper.form_title}-{paper.period}.pdf"


def proof_words(state: DocumentsState) -> tuple[State, str] | None:
    """(state, words): whether the paper in front is the centre's own or a print; None while there is none."""
    if state.fetching:
        return State.INFO, say("d-documents-fetching")
    if not state.pdf:
        return None
    if state.signed:
        return State.OK, say("d-documents-signed")
    return State.OFF, say("d-documents-unsigned")


def verdict(checked: Checked) -> tuple[State, str]:
    """(state, headline) of a verification."""
    if not checked.answer.ok:
        return State.ERR, say("d-verify-bad")
    warned = any(finding.severity is Severity.WARNING for finding in checked.answer.findings)
    return (State.WARN, say("d-verify-ok-warned")) if warned else (State.OK, say("d-verify-ok"))


def verdict_lines(checked: Checked) -> list[str]:
    """The answer in sentences: file, who, when, what it says of itself, and every finding with what to do."""
    answer = checked.answer
    lines = [say("d-verify-file", name=checked.path.name)]
    if answer.signer:
        lines.append(say("d-verify-signer", signer=answer.signer))
    if answer.time is not None:
        lines.append(say("d-verify-time", time=second(answer.time)))
    told = {**answer.content, "form": checked.form_title} if checked.form_title else answer.content
    lines += facts_of(told)
    for finding in answer.findings:
        why, fix = finding_words(finding)
        lines.append(f"{_SIGNS.get(finding.severity, 'i')} {why}{fix}")
    if answer.ok:
        lines.append(say("d-verify-meaning"))
    return lines


def facts_of(content: Mapping[str, Any]) -> list[str]:
    """What the file says of itself, as far as there is a word for it."""
    lines = []
    for name, value in content.items():
        key = f"d-verify-has-{name.replace('_', '-')}"
        if key in catalogue()["text"] and value not in (None, ""):
            lines.append(say(key, value=_shown(name, value)))
    return lines


def _shown(name: str, value: Any) -> str:
    """A member as people read it: amounts in yuan, instants in China standard time."""
    if name.endswith("_fen") and isinstance(value, int):
        return yuan(value)
    if name.endswith("_at"):
        with contextlib.suppress(ValueError):
            return second(datetime.fromisoformat(str(value)))
    return str(value)
