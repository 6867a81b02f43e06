"""What the keys page does in the lanes: what the store knows, what the tokens hold, what a file holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from unitclient.desktop.pages.keys.reading import line_of, merged
from unitclient.desktop.pages.keys.state import FILE, TOKEN, UNIT, KeyLine, ListLine
from unitclient.desktop.tasks import TaskContext
from unitclient.errors import UserError
from unitclient.paths import certs_root
from unitclient.seal.trust import TrustStore
from unitclient.store.units import Unit, list_units
from unitclient.tokens.keyref import KeyInfo, PinAsk
from unitclient.tokens.keys import KeyHelper, KeyList
from unitclient.tokens.softhsm import find_softhsm_library, softhsm_environment
from unitclient.workflows.centre import trust_of
from unitclient.workflows.centre_process import practice_home
from unitclient.workflows.desk import Desk
from unitclient.workflows.revocation import revocation_lists, with_lists


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, and what went wrong with some of the libraries meanwhile."""

    keys: tuple[KeyLine, ...]
    lists: tuple[ListLine, ...]
    problems: tuple[UserError, ...] = ()


def read_known(context: TaskContext) -> Found:
    """Certificates of the units and the revocation lists, from what is kept here: no token is asked."""
    desk = context.desk()
    units = list_units(desk.store)
    return Found(merged(_of_units(desk, units), units), revocation(desk))


def find_keys(context: TaskContext, libraries: Sequence[str]) -> Found:
    """The same with everything on the tokens that these and all vendors' libraries see, without any PIN."""
    desk = context.desk()
    units = list_units(desk.store)
    trust, now = believed(desk), desk.now()
    listed = list_tokens(desk.home, libraries)
    lines = [_of_token(info, now, trust) for info in listed.keys] + _of_units(desk, units)
    return Found(merged(lines, units), revocation(desk), listed.problems)


def list_tokens(home: Path, libraries: Sequence[str]) -> KeyList:
    """Keys on the tokens that these and all vendors' libraries see, and on the practice token of this home."""
    with KeyHelper() as keys:
        found = keys.find_keys(libraries)
    softhsm, practice = find_softhsm_library(), practice_home(home) / "softhsm"
    if softhsm is None or not practice.is_dir():
        return found
    with KeyHelper(env=softhsm_environment(practice)) as keys:
        own = keys.list_keys([str(softhsm)])
    return KeyList((*found.keys, *own.keys), (*found.problems, *own.problems))


class OnePin:
    """A PIN prompt with the passphrase that was typed, once."""

    def __init__(self, pin: str) -> None:
        self._pin = pin

    def ask(self, question: PinAsk) -> str:
        """The passphrase."""
        del question
        return self._pin


def read_file(context: TaskContext, path: Path, passphrase: str) -> KeyLine:
    """What a PKCS#12 file holds. UserError pin-wrong and those of a file that is none."""
    desk = context.desk()
    with KeyHelper() as keys:
        info = keys.read_pkcs12(str(path), OnePin(passphrase))
    trust = believed(desk)
    return line_of(info.certificate_der, info.chain_der, desk.now(), trust, found=FILE, place=path.name,
                   signs=info.signs)  # fmt: skip


def believed(desk: Desk) -> TrustStore:
    """Everybody this computer believes, with the revocation lists."""
    trust = TrustStore.from_folder(certs_root())
    for unit in list_units(desk.store):
        trust = trust.joined(trust_of(unit))
    return with_lists(desk, trust)


def _of_units(desk: Desk, units: list[Unit]) -> list[KeyLine]:
    trust, now = believed(desk), desk.now()
    lines = []
    for unit in units:
        if unit.certificate_der:
            place = Path(str(unit.key_ref.get("path") or "")).name or str(unit.key_ref.get("token_serial") or "")
            lines.append(line_of(unit.certificate_der, (), now, trust, found=UNIT, place=place))
    return lines


def _of_token(info: KeyInfo, now: datetime, trust: TrustStore) -> KeyLine:
    place = f"{info.token_label} ({info.ref.token_serial})" if info.ref.token_serial else info.token_label
    line = line_of(info.certificate_der, info.chain_der, now, trust, found=TOKEN, place=place, signs=info.signs)
    return replace(line, pin=info.pin_state.value, tries=info.tries_left)


def revocation(desk: Desk) -> tuple[ListLine, ...]:
    """The revocation lists kept here."""
    from unitclient.seal.refusal import shown_name

    now = desk.now()
    return tuple(
        ListLine(shown_name(one.crl.issuer), one.this_update, one.next_update,
                 one.next_update is None or one.next_update > now) for one in revocation_lists(desk).lists()
    )  # fmt: skip
