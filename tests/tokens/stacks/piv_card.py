"""A PIV card in software, plugged into vpcd's virtual reader: `python -m ...piv_card PORT FOLDER`.

FOLDER holds `card.json` (PIN, tries left, and for each slot its certificate and key), `pulled` while the card is out of
the reader, `pull-on-sign` to be pulled out in the middle of the next signature, and `verified`, a line for each PIN
that the card was shown. Slot 9C wants the PIN directly before each signature, as qualified keys do.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_pem_private_key

ATR = bytes.fromhex("3b8880014a43504956546573743d")
AID = bytes.fromhex("a000000308000010000100")
OBJECTS = {"9a": "5fc105", "9c": "5fc10a"}
OK, NOT_FOUND, NOT_ALLOWED, BLOCKED, UNKNOWN = 0x9000, 0x6A82, 0x6982, 0x6983, 0x6D00


class Pulled(Exception):  # noqa: N818 - what happens to a card, not a fault
    """Somebody pulled the card out of the reader."""


def tlv(tag: str, value: bytes) -> bytes:
    """A BER element."""
    size = len(value)
    length = bytes([size]) if size < 128 else b"\x81%c" % size if size < 256 else b"\x82" + size.to_bytes(2)
    return bytes.fromhex(tag) + length + value


def elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The elements of a template with tags of one byte."""
    while data:
        tag, size, start = data[0], data[1], 2
        if size & 0x80:
            start += size & 0x7F
            size = int.from_bytes(data[2:start])
        yield tag, data[start : start + size]
        data = data[start + size :]


class Card:
    """The card's application: what it answers to one command after the other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        told: dict[str, Any] = json.loads((folder / "card.json").read_text())
        self._pin, self._tries = told["pin"].encode(), int(told["tries"])
        self._most = self._tries
        self._slots = told["slots"]
        self._keys = {slot: load_pem_private_key(one["key"].encode(), None) for slot, one in self._slots.items()}
        self._chained, self._waiting = b"", b""
        self.power()

    def power(self) -> None:
        """As it is after power was switched on: nobody has shown a PIN."""
        self._verified = self._fresh = False

    def answer(self, command: bytes) -> bytes:
        """One command, with chaining and GET RESPONSE."""
        kind, instruction, p1, p2 = command[:4]
        size = command[4] if len(command) > 5 else 0
        data, expected = command[5 : 5 + size], command[5 + size :] if size else command[4:]
        most = (expected[0] if expected else 0) or 256
        if instruction == 0xC0:
            return self._parts(OK, most)
        self._chained += data
        if kind & 0x10:
            return struct.pack(">H", OK)
        data, self._chained = self._chained, b""
        status, self._waiting = self._do(instruction, p1, p2, data)
        return self._parts(status, most)

    def _parts(self, status: int, most: int) -> bytes:
        part, self._waiting = self._waiting[:most], self._waiting[most:]
        return part + struct.pack(">H", 0x6100 | min(len(self._waiting), 255) if self._waiting else status)

    def _do(self, instruction: int, p1: int, p2: int, data: bytes) -> tuple[int, bytes]:
        if instruction == 0xA4:
            known = AID.startswith(data) and len(data) >= 5
            return (OK, tlv("61", tlv("4f", AID[5:]) + tlv("79", tlv("4f", AID[:5])))) if known else (NOT_FOUND, b"")
        if instruction == 0xCB:
            found = self._object(data[2:].hex())
            return (OK, found) if found else (NOT_FOUND, b"")
        if instruction == 0x20:
            return self._verify(p1, data), b""
        if instruction == 0x87:
            return self._sign(f"{p2:02x}", data)
        return UNKNOWN, b""

    def _object(self, tag: str) -> bytes:
        if tag == "7e":
            return tlv("7e", tlv("4f", AID) + tlv("5f2f", b"\x40\x00"))
        if tag == "5fc102":
            number = tlv("30", bytes.fromhex("d4e739da739ced39ce739d836858210842108421c84210c3eb"))
            return tlv("53", number + tlv("34", bytes(range(16))) + tlv("35", b"20360101") + b"\x3e\x00\xfe\x00")
        for slot, one in self._slots.items():
            if OBJECTS[slot] == tag:
                return tlv("53", tlv("70", bytes.fromhex(one["certificate"])) + tlv("71", b"\0") + b"\xfe\x00")
        return b""

    def _verify(self, p1: int, data: bytes) -> int:
        if p1 == 0xFF or not data:
            self._verified = self._fresh = self._verified and p1 != 0xFF
            return OK if self._verified else (0x63C0 | self._tries if self._tries else BLOCKED)
        if not self._tries:
            return BLOCKED
        right = data.rstrip(b"\xff") == self._pin
        self._tries = self._most if right else self._tries - 1
        self._verified = self._fresh = right
        with (self._folder / "verified").open("a") as file:
            file.write(f"{'right' if right else 'wrong'}\n")
        return OK if right else (0x63C0 | self._tries if self._tries else BLOCKED)

    def _sign(self, slot: str, data: bytes) -> tuple[int, bytes]:
        fresh, self._fresh = self._fresh, False
        if not (fresh if slot == "9c" else self._verified):
            return NOT_ALLOWED, b""
        if (self._folder / "pull-on-sign").exists():
            (self._folder / "pull-on-sign").rename(self._folder / "pulled")
            raise Pulled
        ((_, template),) = elements(data)
        block = dict(elements(template))[0x81]
        return OK, tlv("7c", tlv("82", raw_signature(self._keys[slot], block)))


def raw_signature(key: Any, block: bytes) -> bytes:
    """What the card's processor does: RSA without padding, or ECDSA over a digest."""
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.private_numbers()
        value = pow(int.from_bytes(block), numbers.d, numbers.public_numbers.n)
        return value.to_bytes(key.key_size // 8)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key.sign(block, ec.ECDSA(Prehashed(hashes.SHA256())))


def plugged_in(card: Card, port: int, folder: Path) -> None:
    """Serve the reader until the card is pulled out."""
    with socket.create_connection(("127.0.0.1", port)) as reader:
        reader.settimeout(0.05)
        while True:
            if (folder / "pulled").exists():
                raise Pulled
            # vpcd sends length and command apart, and would wait 40 ms for our acknowledgement in between
            reader.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            try:
                head = reader.recv(2, socket.MSG_WAITALL)
            except TimeoutError:
                continue
            if len(head) < 2:
                raise ConnectionError
            reader.settimeout(5)
            command = reader.recv(int.from_bytes(head), socket.MSG_WAITALL)
            answer = None
            if len(command) > 1:
                answer = card.answer(command)
            elif command in (b"\x00", b"\x01", b"\x02"):  # power off, power on, reset
                card.power()
            elif command == b"\x04":
                answer = ATR
            if answer is not None:
                reader.sendall(struct.pack(">H", len(answer)) + answer)
            reader.settimeout(0.05)


def main() -> None:
    """Plug in, and again whenever the card is put back."""
    port, folder = int(sys.argv[1]), Path(sys.argv[2])
    card = Card(folder)
    while True:
        if not (folder / "pulled").exists():
            with contextlib.suppress(OSError, Pulled):
                plugged_in(card, port, folder)
        time.sleep(0.05)


if __name__ == "__main__":
    main()
