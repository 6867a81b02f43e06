"""The centre's signing key is pinned: it changes by a statement of the key before, and by nothing else."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.e2e.office import Office, ask, staff
from unitclient.central.identity import Identity
from unitclient.central.server import RunningCentre
from unitclient.errors import UserError
from unitclient.seal.envelope import sign_document
from unitclient.seal.pki import Credential
from unitclient.store.documents import find_documents
from unitclient.store.settings import put_setting
from unitclient.sync.pinning import load_pins
from unitclient.sync.protocol import DocumentKind, SignedDocument, canonical
from unitclient.sync.reading import NotBelieved
from unitclient.texts import error_texts
from unitclient.workflows.centre import open_engine, reader_of
from unitclient.workflows.units import Enrolment, enrol_unit


def keys_pinned(clerk: Office) -> int:
    return len(load_pins(clerk.base.store, clerk.unit.service))


def swap_key(identity: Identity) -> None:
    """Another key with a certificate of the same authority, as somebody who misled that authority would have it."""
    identity.use_signing_key(identity.next_signing_key())


def test_a_month_goes_on_over_two_changes(own_centre: RunningCentre, own_clerk: Office) -> None:
    """Missed both at once: each statement is signed by the key before."""
    clerk = own_clerk
    clerk.enrols(staff(2))
    assert keys_pinned(clerk) == 1
    for _ in range(2):
        ask(own_centre.url, "PUT", "/practice/signing-key")
    month = clerk.declares()
    assert clerk.tracks(month.declaration_id) == ("delivered", "accepted", "receipted")
    assert keys_pinned(clerk) == 3


def test_a_key_without_a_statement_is_not_believed(own_centre: RunningCentre, own_clerk: Office) -> None:
    """Certificate and chain are good, the key is another one: nothing changes here."""
    clerk = own_clerk
    clerk.enrols(staff(2))
    clerk.prepares()
    clerk.signs()
    swap_key(own_centre.state.core.identity)
    told = clerk.syncs()
    assert {attempt.code for attempt in told.tried.values()} == {"centre-key-changed"}
    assert {clerk.queued(name).state for name in told.tried} == {"unknown"}
    assert keys_pinned(clerk) == 1


def test_a_statement_of_the_thief_himself(own_centre: RunningCentre, own_clerk: Office) -> None:
    """Signed by the new key instead of the old one."""
    clerk, core = own_clerk, own_centre.state.core
    swap_key(core.identity)
    core.key_changes.change()
    with open_engine(clerk.base, clerk.unit) as engine, pytest.raises(NotBelieved) as refused:
        engine.read_roster()
    assert refused.value.code == "centre-key-changed"
    assert keys_pinned(clerk) == 1


def test_enrolling_again_meets_the_pinned_key(own_centre: RunningCentre, own_clerk: Office) -> None:
    """A home that knows the service is not talked into another key by enrolling once more; a change is followed."""
    clerk = own_clerk
    wish = Enrolment(own_centre.url, clerk.opened["ca_pem"], {}, "经办人甲", practice=True)
    ask(own_centre.url, "PUT", "/practice/signing-key")
    enrol_unit(clerk.base, wish, clerk.signer)
    assert keys_pinned(clerk) == 2
    swap_key(own_centre.state.core.identity)
    with pytest.raises(UserError) as refused:
        enrol_unit(clerk.base, wish, clerk.signer)
    assert refused.value.code == "centre-key-changed"
    assert all(error_texts(refused.value.code, refused.value.params))


def test_a_replaced_key_signs_no_more(own_centre: RunningCentre, own_clerk: Office) -> None:
    """What it signed before stays good; something newer with it is not believed, for instance after a theft."""
    clerk, core = own_clerk, own_centre.state.core
    old = Credential.load(core.home / "pki", "centre")
    before = find_documents(clerk.base.store, clerk.unit_number, kind=DocumentKind.SERVICE)[0]
    ask(own_centre.url, "PUT", "/practice/signing-key")
    clerk.enrols(staff(1))
    clerk.declares()
    now = core.clock.now()
    reader = reader_of(clerk.base, clerk.unit).with_list(core.identity.crl.public_bytes(Encoding.DER))
    reader.read(SignedDocument(before.document, before.cms), DocumentKind.SERVICE, now)
    newer = canonical({**json.loads(before.document), "issued_at": (now + timedelta(seconds=1)).isoformat()})
    cms = sign_document(newer, old.key, old.certificate, now)
    with pytest.raises(NotBelieved) as refused:
        reader.read(SignedDocument(newer, cms), DocumentKind.SERVICE, now)
    assert refused.value.code == "centre-key-changed"


def test_a_home_from_before_pinning(own_centre: RunningCentre, own_clerk: Office) -> None:
    """Its pin is the key that described the service at enrolment."""
    clerk = own_clerk
    with clerk.base.store.write("setting.change"):
        put_setting(clerk.base.store, f"centre-keys:{clerk.unit.service}", [])
    swap_key(own_centre.state.core.identity)
    with open_engine(clerk.base, clerk.unit) as engine, pytest.raises(NotBelieved) as refused:
        engine.read_roster()
    assert refused.value.code == "centre-key-changed"
