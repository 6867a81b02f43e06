"""Whatever the workflows can come to has words in both languages: outcomes, states, lights, reasons."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from unitclient import texts
from unitclient.central.problems import PROBLEMS
from unitclient.seal.refusal import CERTIFICATE_CODES, CMS_CODES
from unitclient.store.transport import Transport
from unitclient.sync.protocol import Acceptance, Money
from unitclient.workflows.status import Light

PACKAGE = Path(texts.__file__).parent
RAISED = re.compile(r"(?:NotSent|OutcomeUnknown|NotBelieved)\(\"([a-z-]+)\"\)")
REFUSED = re.compile(r"UserError\(\s*\"([a-z0-9-]+)\"")


def outcomes() -> set[str]:
    """Every code a sync can end with: the centre's problems, what the client says, why a document is not believed."""
    said = {code for path in (PACKAGE / "sync").glob("*.py") for code in RAISED.findall(path.read_text("utf-8"))}
    return {*PROBLEMS, *said, *(f"centre-{code}" for code in CMS_CODES | CERTIFICATE_CODES)}


@pytest.mark.parametrize("code", sorted(outcomes()))
def test_every_outcome_is_said_in_words(code: str) -> None:
    told = texts.catalogue()["text"].get(f"outcome-{code}")
    assert told, f"text.outcome-{code}"
    assert set(told) == set(texts.LANGUAGES)


def test_every_state_of_every_track_has_a_name() -> None:
    known = texts.catalogue()["text"]
    names = [f"{track}-{state.value}" for track, states in
             (("transport", Transport), ("acceptance", Acceptance), ("money", Money), ("light", Light))
             for state in states]  # fmt: skip
    assert [name for name in names if name not in known] == []


def test_every_refusal_of_the_workflows_has_three_sentences() -> None:
    raised = {
        code
        for room in ("workflows", "sync", "store", "cli")
        for path in (PACKAGE / room).glob("*.py")
        for code in REFUSED.findall(path.read_text("utf-8"))
    }
    assert len(raised) > 40
    known = texts.catalogue()["error"]
    assert sorted(raised - set(known)) == []
    for code in raised:
        for language in texts.LANGUAGES:
            assert {"what", "why", "fix"} <= set(known[code][language]), code
