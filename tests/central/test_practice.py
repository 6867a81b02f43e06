"""Opening practice units: before the server runs and while it runs; numbers, keys, files."""

from __future__ import annotations

import os
import re
import stat
import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from tests.central.helper import REGION, Client, problem, signer_of
from unitclient.central.core import open_core
from unitclient.central.database import CentreDatabase
from unitclient.central.numbers import instant, is_uuid7, synthetic_uscc, uuid7
from unitclient.central.practice import CertificateWish, open_unit
from unitclient.central.registry import role_of
from unitclient.central.schema import SCHEMA_VERSION
from unitclient.central.schema_certificates import CERTIFICATES
from unitclient.central.schema_ledger import LEDGER
from unitclient.central.schema_registers import REGISTERS
from unitclient.central.schema_service import SERVICE
from unitclient.central.server import RunningCentre, in_thread
from unitclient.domain.identifiers import IdKind, check_identifier
from unitclient.errors import UserError

REGISTER_TABLES = {"entry", "entry_change", "charge", "verdict", "asked", "ordinary", "published_dates", "message_out"}
CSR_KEY = ec.generate_private_key(ec.SECP256R1())


def csr() -> bytes:
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    return builder.sign(CSR_KEY, hashes.SHA256()).public_bytes(Encoding.PEM)


@given(st.integers(0, 9999), st.sampled_from(["420100", "110000", "320583", "430700"]))
def test_synthetic_usccs_are_valid(serial: int, region: str) -> None:
    assert check_identifier(synthetic_uscc(region, serial), IdKind.CREDIT_CODE, today=date.today()).ok


@given(st.datetimes(datetime(1971, 1, 1), datetime(2500, 1, 1), timezones=st.just(UTC)))
def test_uuid7_carries_its_time(at: datetime) -> None:
    made = uuid7(at)
    assert is_uuid7(made)
    assert int(made.replace("-", "")[:12], 16) == int(at.timestamp() * 1000)
    assert len(instant(at)) == 29


def test_ids_of_other_kinds_are_no_uuid7() -> None:
    good = uuid7(datetime.now(UTC))
    for bad in (good.upper(), good[:-1], good.replace("-", ""), good[:14] + "4" + good[15:], good + "\n", ""):
        assert not is_uuid7(bad)


def test_a_unit_opened_before_the_server_runs_can_file_at_once(tmp_path: Path) -> None:
    home = tmp_path / "centre"
    opened = open_unit(home, "先开的单位", REGION, ["pension", "unemployment"], wish=CertificateWish(key_kind="ec"))
    assert set(opened.insurances) == {"pension", "unemployment"}
    key = load_pem_private_key(opened.key_pem or b"", None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    certificate = x509.load_der_x509_certificate(opened.certificate_der).public_bytes(Encoding.PEM).decode()
    unit = {**vars(opened), "ca_pem": opened.ca_pem.decode()}
    with in_thread(home) as running:
        client = Client(running.url, unit, signer_of(key, certificate))
        client.enrol_device()
        kinds = [change["kind"] for change in client.unit_read("/changes")["changes"]]
        assert kinds == ["calendar", "policies"]
        assert client.content(client.unit_read("/roster"))["persons"] == []
        second = open_unit(home, "后开的单位", REGION, wish=CertificateWish(csr_pem=csr()))
        assert second.key_pem is None
        assert second.service == opened.service
        assert second.unit_number != opened.unit_number
        client.session.close()


def test_a_unit_may_bring_its_own_key(own_centre: RunningCentre) -> None:
    asked = {"name": "自带密钥", "region": REGION, "csr_pem": csr().decode()}
    opened = requests.post(f"{own_centre.url}/practice/units", json=asked, timeout=10).json()
    assert opened["private_key_pem"] is None
    client = Client(own_centre.url, opened, signer_of(CSR_KEY, opened["certificate_pem"]))
    client.enrol_device()
    client.session.close()


def test_wrong_wishes_are_refused(tmp_path: Path) -> None:
    home = tmp_path / "centre"
    with pytest.raises(UserError, match="central-region-unknown"):
        open_unit(home, "x", "000000")
    with pytest.raises(UserError, match="central-insurance-unknown"):
        open_unit(home, "x", REGION, ["pension", "moonlight"])
    with pytest.raises(UserError, match="central-csr-broken"):
        open_unit(home, "x", REGION, wish=CertificateWish(csr_pem=b"nothing"))
    with open_core(home) as core:
        assert core.database.read().execute("SELECT count(*) FROM unit").fetchone()[0] == 0


def test_the_same_wishes_over_http(own_centre: RunningCentre) -> None:
    asked = {"name": "x", "region": "000000"}
    refused = requests.post(f"{own_centre.url}/practice/units", json=asked, timeout=10)
    assert (problem(refused), refused.json()["detail"]) == ("schema-invalid", "central-region-unknown")


@pytest.mark.skipif(os.name != "posix", reason="file modes are of POSIX")
def test_keys_are_their_owners_only(tmp_path: Path) -> None:
    open_unit(tmp_path, "x", REGION, wish=CertificateWish(key_kind="ec"))
    keys = list((tmp_path / "pki").glob("*.key"))
    assert {path.stem for path in keys} == {"root", "centre", "tsa", "ocsp"}
    for path in keys:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_clock_is_kept_over_a_restart(tmp_path: Path) -> None:
    with open_core(tmp_path) as core:
        core.clock.shift(timedelta(days=40))
    with open_core(tmp_path) as core:
        ahead = core.clock.now() - datetime.now(UTC)
        assert timedelta(days=39, hours=23) < ahead < timedelta(days=40, hours=1)


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    database = CentreDatabase(tmp_path)
    with database.write() as tx:
        tx.execute("PRAGMA user_version = 99")
    database.close()
    before = (tmp_path / "centre.db").read_bytes()
    with pytest.raises(RuntimeError, match="newer"):
        CentreDatabase(tmp_path)
    assert (tmp_path / "centre.db").read_bytes() == before


def test_the_revocation_list_is_renewed_before_it_ends(tmp_path: Path) -> None:
    with open_core(tmp_path) as core:
        first = core.identity.crl
        assert core.identity.crl is first
        core.clock.shift(timedelta(days=45))
        assert core.identity.crl is not first
        until = core.identity.crl.next_update_utc
        assert until is not None
        assert until > core.clock.now()


def test_a_document_is_signed_inside_a_write_while_the_list_is_renewed(tmp_path: Path) -> None:
    """Signing asks for no lock that whoever renews the list holds: both once waited for each other for ever."""
    with open_core(tmp_path) as core:
        core.clock.shift(timedelta(days=45))
        renewal = threading.Thread(target=lambda: core.identity.crl, daemon=True)
        with core.database.write():
            renewal.start()
            renewal.join(0.3)
            assert renewal.is_alive(), "it waits for this write"
            signing = threading.Thread(target=core.identity.seal, args=(b"{}",), daemon=True)
            signing.start()
            signing.join(10)
            assert not signing.is_alive()
        renewal.join(10)
        assert not renewal.is_alive()


def test_the_worker_renews_the_list_before_it_signs(tmp_path: Path) -> None:
    with in_thread(tmp_path) as running:
        core = running.state.core
        before = core.identity._crl
        core.clock.shift(timedelta(days=45))
        limit = time.monotonic() + 10
        while core.identity._crl is before and time.monotonic() < limit:
            time.sleep(0.05)
        assert core.identity._crl is not before


def test_a_centre_of_the_first_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    """Units and their documents stay; what the registers need is added."""
    with open_core(tmp_path) as core:
        unit = open_unit(tmp_path, "演练用人单位", REGION)
        added = set(re.findall(r"CREATE TABLE (\w+)", REGISTERS + SERVICE))
        later = re.findall(r"CREATE (VIEW|TABLE) (\w+)", LEDGER + CERTIFICATES)
        with core.database.write() as tx:
            for kind, name in reversed(later):
                tx.execute(f"DROP {kind} {name}")
            for table in added:
                tx.execute(f"DROP TABLE {table}")
            tx.execute("PRAGMA user_version = 1")
    assert added == REGISTER_TABLES
    with open_core(tmp_path) as core:
        read = core.database.read()
        assert read.execute("SELECT unit_number FROM unit").fetchall()[0][0] == unit.unit_number
        assert read.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
        assert {
            row[0] for row in read.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        } >= REGISTER_TABLES | {name for kind, name in later if kind == "TABLE"}


def test_a_centre_of_the_schema_before_certificates_had_roles_is_brought_up_to_date(tmp_path: Path) -> None:
    """Certificates issued before are chief ones, and what the ledger holds stays."""
    with open_core(tmp_path) as core:
        unit = open_unit(tmp_path, "演练用人单位", REGION)
        with core.database.write() as tx:
            for table in re.findall(r"CREATE TABLE (\w+)", CERTIFICATES):
                tx.execute(f"DROP TABLE {table}")
            tx.execute("PRAGMA user_version = 3")
    with open_core(tmp_path) as core:
        read = core.database.read()
        assert read.execute("PRAGMA user_version").fetchone()[0] == SCHEMA_VERSION
        (row,) = read.execute("SELECT * FROM certificate WHERE unit_number = ?", (unit.unit_number,))
        assert role_of(read, row) == "chief"
        assert read.execute("SELECT count(*) FROM change_code").fetchone()[0] == 0
