"""Certificate policies (RFC 5280, 4.2.1.4): under which rules of its authority a unit's certificate was issued.

A bureau names the policies it takes; where it names none, every certificate of a believed authority counts. Policies
that an authority maps onto others are not followed.
"""

from __future__ import annotations

from collections.abc import Set

from cryptography import x509
from cryptography.x509.oid import CertificatePoliciesOID

from unitclient.seal.refusal import SealRefused, shown_name

_ANY = CertificatePoliciesOID.ANY_POLICY.dotted_string


def policies_of(certificate: x509.Certificate) -> frozenset[str]:
    """Object identifiers of the certificate's policies; none when it names none."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(one.policy_identifier.dotted_string for one in found)


def check_policies(chain: list[x509.Certificate], taken: Set[str]) -> None:
    """Refuse (certificate-policy) a chain, its end first and its anchor last, under none of the policies `taken`.

    A policy counts when the end names it and every authority between has it too, or may issue under any.
    """
    if not taken:
        return
    end, between = policies_of(chain[0]), [policies_of(one) for one in chain[1:-1]]
    if not any(all(wanted in one or _ANY in one for one in between) for wanted in end & taken):
        named = ", ".join(sorted(end)) or "-"
        raise SealRefused("certificate-policy", subject=shown_name(chain[0].subject), named=named,
                          taken=", ".join(sorted(taken)))  # fmt: skip
