"""Rules about units' certificates as data (resources/certificates/rules.toml): roles, and the three acts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

CHIEF, AUTHORISED = "chief", "authorised"
"""主管, 授权."""
RENEW, UPGRADE, CHANGE = "renew", "upgrade", "change"
"""更新, 升级, 换证."""


@dataclass(frozen=True, slots=True)
class Act:
    """What an act needs and does. `before` and `after`: how far from the old end it may be done; None: no limit."""

    name: str
    proof: str
    strength: str
    old: str
    devices: str
    before: timedelta | None = None
    after: timedelta | None = None
    code_life: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Role:
    """What a certificate of this role may not sign, and which acts it may prove."""

    name: str
    forms_refused: frozenset[str]
    acts: frozenset[str]


@dataclass(frozen=True, slots=True)
class CertificateRules:
    """All of it."""

    strengths: tuple[str, ...]
    acts: Mapping[str, Act]
    roles: Mapping[str, Role]

    def fits(self, act: Act, old: str, new: str) -> bool:
        """Whether a key of strength `new` may follow one of `old` by this act; unknown strengths never do."""
        if new not in self.strengths:
            return False
        if act.strength == "any":
            return True
        if act.strength == "same":
            return old == new
        return old in self.strengths and self.strengths.index(new) > self.strengths.index(old)


def load_certificate_rules(resources: Path) -> CertificateRules:
    """Read the rules; OSError, KeyError or ValueError when the file is not what it must be."""
    told = tomllib.loads((resources / "certificates" / "rules.toml").read_text("utf-8"))
    acts = {name: _act(name, told["act"][name]) for name in (RENEW, UPGRADE, CHANGE)}
    roles = {
        name: Role(name, frozenset(one["forms_refused"]), frozenset(one["acts"])) for name, one in told["role"].items()
    }
    return CertificateRules(tuple(told["strengths"]), acts, roles)


def _act(name: str, told: Mapping[str, object]) -> Act:
    def days(key: str) -> timedelta | None:
        return timedelta(days=int(str(told[key]))) if key in told else None

    texts = {key: str(told[key]) for key in ("proof", "strength", "old", "devices")}
    code_life = timedelta(hours=int(str(told.get("code_hours", 0))))
    return Act(name, **texts, before=days("before_days"), after=days("after_days"), code_life=code_life)
