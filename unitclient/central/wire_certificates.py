"""Bodies of the routes about certificates and the centre's signing key, as the OpenAPI document shows them."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from unitclient.central.wire import Signed


class KeyRollovers(BaseModel):
    """Statements on the signing key."""

    statements: list[Signed]


class CertificateRequest(BaseModel):
    """Renewal or upgrade. `cms` (base64) is the old key's signature over certificate_request(...)."""

    act: Literal["renew", "upgrade"]
    challenge: str
    csr_pem: str = Field(max_length=8192)
    cms: str


class CertificateChange(BaseModel):
    """Change of a certificate whose key is lost or damaged; the code is the desk's."""

    unit_number: str
    code: str = Field(max_length=40)
    csr_pem: str = Field(max_length=8192)


class FollowingCertificate(BaseModel):
    """The new certificate, and what became of the old one and its devices."""

    act: str
    certificate_pem: str
    certificate_sha256: str
    old_revoked: bool
    devices_bound: int
    devices_ended: int


class ChangeCode(BaseModel):
    """A code for the change of a certificate, good once."""

    code: str
    expires_at: str
