"""Keys from passphrases, asked for by several threads at once: the window's lanes open the database side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from unitclient.store.kdf import Cost, from_passphrase

QUICK = Cost(iterations=1, memory_kib=8 * 1024)


def test_several_threads_get_the_same_key() -> None:
    def derive(_number: int) -> bytes:
        return from_passphrase("a passphrase", b"0" * 16, QUICK)

    with ThreadPoolExecutor(4) as threads:
        assert len(set(threads.map(derive, range(24)))) == 1
