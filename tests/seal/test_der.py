"""DER: what is written reads back, and only the one right form is read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unitclient.seal import der


@given(st.integers())
@example(-128)
@example(-32768)
def test_integers(value: int) -> None:
    assert der.read(der.integer(value)).integer() == value


@given(st.lists(st.integers(0, 2**40), max_size=8), st.integers(0, 2), st.integers(0, 39))
def test_object_identifiers(rest: list[int], first: int, second: int) -> None:
    dotted = ".".join(map(str, (first, second, *rest)))
    assert der.read(der.oid(dotted)).oid() == dotted


@given(st.datetimes(datetime(1950, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))
def test_times(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert der.read(der.time(moment)).time() == whole
    assert der.read(der.generalized_time(moment)).time() == whole


@given(st.binary(max_size=70_000))
def test_octets_of_any_length(data: bytes) -> None:
    element = der.read(der.octets(data))
    assert element.body == data
    assert element.raw == der.octets(data)


@given(st.binary(max_size=60))
def test_whatever_is_read_has_one_encoding(data: bytes) -> None:
    try:
        element = der.read(data)
    except der.DerError:
        return
    assert der.tlv(element.tag, element.body) == data


@pytest.mark.parametrize(
    "hexed",
    ["", "30", "3080", "30800000", "308100", "30820001ff", "1f0100", "0401", "040100ff", "30850000000000", "02"],
)
def test_other_forms_are_refused(hexed: str) -> None:
    with pytest.raises(der.DerError):
        der.read(bytes.fromhex(hexed))


@pytest.mark.parametrize("hexed", ["0200", "02020001", "0202ffff", "0401ff"])
def test_integers_in_other_forms(hexed: str) -> None:
    with pytest.raises(der.DerError):
        der.read(bytes.fromhex(hexed)).integer()


@pytest.mark.parametrize("hexed", ["0600", "0602808 1".replace(" ", ""), "060281", "06038001 01".replace(" ", "")])
def test_identifiers_in_other_forms(hexed: str) -> None:
    with pytest.raises(der.DerError):
        der.read(bytes.fromhex(hexed)).oid()


@pytest.mark.parametrize("text", [b"260310013000+0800", b"2603100130Z", b"261310013000Z", b"\xff", b"260310013000.5Z"])
def test_times_in_other_forms(text: bytes) -> None:
    with pytest.raises(der.DerError):
        der.read(der.tlv(der.UTC_TIME, text)).time()
