"""Brackets within brackets, a hundred thousand deep: Python's readers of JSON and TOML give up with RecursionError."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.central.helper import Client, problem
from tests.seal.practice import NOW, world
from tests.sync.sockets import answering, listening
from unitclient.catalog import load_catalog
from unitclient.clock import SystemClock
from unitclient.errors import UserError
from unitclient.paths import resources_root
from unitclient.seal.container import build_container
from unitclient.sync.client import CentreClient
from unitclient.sync.outcomes import OutcomeUnknown
from unitclient.sync.protocol import Declaration, SignedDocument
from unitclient.tokens.profiles import read_profiles
from unitclient.workflows.queueing import read_reply
from unitclient.workflows.verifying import verify_file

DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize("status", ["200 OK", "503 X"])
def test_an_answer_of_the_network(status: str) -> None:
    with listening(answering(status, DEEP)) as url, CentreClient(url, SystemClock()) as client:
        with pytest.raises(OutcomeUnknown) as unknown:
            client.put_submission("1", "2", b"abc")
        assert unknown.value.code == "answer-unreadable"


def test_a_declaration() -> None:
    with pytest.raises(ValueError, match="deep"):
        Declaration.from_bytes(b'{"header":' + DEEP + b"}")


def test_the_content_of_a_document() -> None:
    with pytest.raises(ValueError, match="deep"):
        SignedDocument(DEEP, b"").content()


def test_a_reply_on_a_stick(tmp_path: Path) -> None:
    reply = tmp_path / "回执.json"
    reply.write_bytes(DEEP)
    with pytest.raises(UserError, match="reply-unreadable"):
        read_reply(reply)


@pytest.mark.parametrize("data", [b"{" + DEEP, b'{"receipt":' + DEEP + b"}"])
def test_a_document_that_somebody_wants_verified(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.json").write_bytes(data)
    assert not verify_file(tmp_path / "x.json", world().trust, NOW).ok


def test_a_signed_file_whose_declaration_is_that_deep(tmp_path: Path) -> None:
    data = build_container("1", {"declaration.json": b'{"header":' + DEEP + b"}"}, world().unit.signer(), NOW)
    (tmp_path / "x.asice").write_bytes(data)
    answer = verify_file(tmp_path / "x.asice", world().trust, NOW)
    assert answer.ok
    assert answer.content == {}


def test_a_submission_of_a_registered_unit(client: Client) -> None:
    """Well signed, so that it gets as far as the reader of the declaration."""
    submission_id, _ = client.container("enrol", [])
    entries = {"declaration.json": b'{"header":' + DEEP + b"}"}
    data = build_container(submission_id, entries, client.signer, datetime.now(UTC))
    assert problem(client.put(submission_id, data)) == "schema-invalid"


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 5_000 + "]" * 5_000, "a = " + "{a=" * 5_000 + "1" + "}" * 5_000, "a = " + "9" * 5_000],
    ids=["lists", "tables", "a number of 5,000 digits"],
)
def test_a_form_and_a_key_profile(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "stop" / "1"
    folder.mkdir(parents=True)
    (folder / "form.toml").write_text(text, "utf-8")
    with pytest.raises(UserError, match="form-broken"):
        load_catalog(tmp_path, resources_root())
    (tmp_path / "our-ca.toml").write_text(text, "utf-8")
    found = read_profiles([tmp_path])
    assert [problem.code for problem in found.problems] == ["key-profile-broken"]
