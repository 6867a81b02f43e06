"""The time-stamp authority that was set on this computer (tsa.url), reached over the same network as the centre."""

from __future__ import annotations

import requests

from unitclient.errors import UserError
from unitclient.seal.cms import Timestamper
from unitclient.seal.timestamp import REPLY_TYPE, REQUEST_TYPE, HttpTimestamper
from unitclient.store.settings import get_setting
from unitclient.store.store import Store
from unitclient.workflows.centre import network_settings

LIMIT_S = 15.0


def stamper_of(store: Store) -> Timestamper | None:
    """Who stamps signatures made here; None where nobody was set."""
    url = str(get_setting(store, "tsa.url", "") or "").strip()
    return HttpTimestamper(lambda body: _post(store, url, body)) if url else None


def _post(store: Store, url: str, body: bytes) -> bytes:
    network = network_settings(store)
    headers = {"Content-Type": REQUEST_TYPE, "Accept": REPLY_TYPE}
    with requests.Session() as session:
        session.trust_env = network.proxy is None
        if network.proxy:
            session.proxies = {"http": network.proxy, "https": network.proxy}
        if network.ca_file:
            session.verify = network.ca_file
        try:
            answer = session.post(url, data=body, headers=headers, timeout=LIMIT_S)
            answer.raise_for_status()
        except requests.RequestException as failure:
            raise UserError("stamp-unreachable", url=url) from failure
        return answer.content
