"""Time stamps on what is signed, from the authority that was set on this computer; none is asked where none is set."""

from __future__ import annotations

from pathlib import Path

import requests

from unitclient.errors import UserError
from unitclient.seal.cms import Timestamper
from unitclient.seal.refusal import SealRefused
from unitclient.seal.timestamp import REPLY_TYPE, REQUEST_TYPE, HttpTimestamper
from unitclient.seal.trust import TrustStore
from unitclient.store.settings import get_setting
from unitclient.store.units import Unit
from unitclient.sync.client import CentreClient
from unitclient.sync.outcomes import NotSent, OutcomeUnknown, ProblemAnswer
from unitclient.workflows.centre import network_of, network_settings
from unitclient.workflows.desk import Desk
from unitclient.workflows.files import read_file
from unitclient.workflows.loopback import refuse_practice_elsewhere
from unitclient.workflows.service_facts import service_facts
from unitclient.workflows.settings import TSA_CA_FILE, TSA_URL

TIMEOUT_S = 20.0
_LONGEST_REPLY = 1 << 20


def timestamper(desk: Desk, unit: Unit | None = None) -> Timestamper | None:
    """The time-stamp authority set with tsa.url; without one that of the unit's centre; None where neither is known.

    The one that was set must answer, or nothing is signed. The centre's is asked because it is there: when it does not
    answer the declaration goes without a stamp, and the centre's receipt tells the time.
    """
    url = get_setting(desk.store, TSA_URL)
    if url:
        return _Authority(desk, str(url))
    place = service_facts(desk.store, unit).stamps if unit else ""
    return _Centres(desk, unit, place) if unit and place else None


class _Centres:
    """The time-stamp authority of the unit's centre, asked as long as it answers."""

    def __init__(self, desk: Desk, unit: Unit, place: str) -> None:
        refuse_practice_elsewhere(unit)
        self._desk, self._unit, self._place = desk, unit, place
        self._silent = False

    def timestamp(self, digest: bytes) -> bytes:
        """See `cms.Timestamper`; no bytes when there is no stamp to be had."""
        if self._silent:
            return b""
        network = network_of(self._desk.store, self._unit)
        try:
            with CentreClient(self._unit.centre_url, self._desk.store.clock, network) as client:
                stamper = HttpTimestamper(lambda question: client.ask_raw(self._place, question, REQUEST_TYPE))
                return stamper.timestamp(digest)
        except (NotSent, OutcomeUnknown, ProblemAnswer, SealRefused):
            self._silent = True
            return b""


def trust_with_authority(desk: Desk, trust: TrustStore) -> TrustStore:
    """The trust with the certificates of tsa.ca_file, under which a time stamp stands."""
    path = get_setting(desk.store, TSA_CA_FILE)
    return trust.joined(TrustStore.from_pem(read_file(Path(path)))) if path else trust


class _Authority:
    """RFC 3161 over HTTP; the proxy and the private certificate authority of the network settings hold here too."""

    def __init__(self, desk: Desk, url: str) -> None:
        self._network = network_settings(desk.store)
        self._url = url
        self._stamper = HttpTimestamper(self._post)

    def timestamp(self, digest: bytes) -> bytes:
        """See `cms.Timestamper`. UserError tsa-unreachable, tsa-answer-wrong."""
        try:
            return self._stamper.timestamp(digest)
        except SealRefused as refusal:
            raise UserError("tsa-answer-wrong", url=self._url) from refusal

    def _post(self, request: bytes) -> bytes:
        headers = {"Content-Type": REQUEST_TYPE, "Accept": REPLY_TYPE}
        try:
            with requests.Session() as session:
                session.trust_env = self._network.proxy is None
                if self._network.proxy:
                    session.proxies = {"http": self._network.proxy, "https": self._network.proxy}
                # Given with the request: what a session is told gives way to REQUESTS_CA_BUNDLE of the environment.
                verify = self._network.ca_file or True
                answer = session.post(self._url, request, headers=headers, timeout=TIMEOUT_S, verify=verify)
        except (requests.RequestException, OSError) as failure:
            raise UserError("tsa-unreachable", url=self._url) from failure
        if not answer.ok or len(answer.content) > _LONGEST_REPLY:
            raise UserError("tsa-answer-wrong", url=self._url)
        return answer.content
