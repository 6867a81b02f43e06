"""Vendors' profiles: strictly read, each with its source and date, and libraries found by them on made-up computers."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from unitclient.paths import resources_root
from unitclient.texts import error_texts
from unitclient.tokens.finding import Computer, find_libraries, plugged_in
from unitclient.tokens.header import Header
from unitclient.tokens.profiles import Place, Profile, Profiles, Quirks, profile_of, read_profiles

AMD64 = Header("elf", 64, "amd64")
KEY: dict[str, Any] = {
    "id": "some-key",
    "vendor": "某厂",
    "product": "一号",
    "seen": date(2026, 11, 25),
    "place": [{"system": "linux", "path": "/opt/x.so", "confidence": "reported", "source": "its manual"}],
}


def elf(path: Path, bits: int = 64, machine: int = 62) -> Path:
    """A file that looks like a library for a kind of machine."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x7fELF" + bytes([bits // 32, 1]) + bytes(12) + machine.to_bytes(2, "little") + bytes(20))
    return path


def profile(name: str, *paths: Path | str, usb: tuple[str, ...] = (), automatic: bool = True) -> Profile:
    """A profile of a key whose library may lie at these places."""
    places = tuple(Place("linux", str(path), "reported", "a test") for path in paths)
    return Profile(name, "某厂", name, date(2026, 11, 25), places, usb, automatic=automatic)


def found(*profiles: Profile, usb: frozenset[str] = frozenset(), **variables: str) -> tuple[list[str], list[str]]:
    """(libraries, codes of problems) on a made-up computer."""
    answer = find_libraries(Computer("linux", AMD64, variables, usb), Profiles(profiles))
    return [one.path for one in answer.libraries], [one.code for one in answer.problems]


def test_all_profiles_that_come_with_the_program_are_whole() -> None:
    known = read_profiles([resources_root() / "keys"])
    assert known.problems == ()
    assert len(known.profiles) == len(list((resources_root() / "keys").glob("*.toml"))) >= 10
    assert {place.system for one in known.profiles for place in one.places} == {"windows", "linux", "macos"}
    automatic = [one for one in known.profiles if one.automatic]
    assert automatic[-1].id == "opensc"  # what a vendor says of its own key counts first


@pytest.mark.parametrize(
    "change",
    [
        {"id": "Some Key"},
        {"seen": "2026"},
        {"place": []},
        {"place": [{**KEY["place"][0], "source": " "}]},
        {"place": [{**KEY["place"][0], "confidence": "sure"}]},
        {"place": [{**KEY["place"][0], "system": "beos"}]},
        {"place": [{**KEY["place"][0], "path": "x.so"}]},
        {"place": [{"path": "/x.so"}]},
        {"usb": ["096E:0807"]},
        {"oddities": ["nice"]},
        {"quirks": {"login": "twice"}},
        {"quirks": {"colour": "red"}},
        {"quirks": {"wait_s": "long"}},
        {"favourite": True},
    ],
)
def test_what_is_wrong_in_a_profile_is_refused(change: dict[str, Any]) -> None:
    assert profile_of(KEY).quirks == Quirks()
    with pytest.raises(ValueError, match=r"\w"):
        profile_of({**KEY, **change})


def test_administrators_profile_comes_first_and_a_broken_one_hides_no_other(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    words = (resources_root() / "keys" / "30-watchdata.toml").read_text("utf-8")
    (own / "mine.toml").write_text(words.replace("/usr/local/lib/libwdpkcs.so", "/opt/ca/libwdpkcs.so"), "utf-8")
    (own / "broken.toml").write_text("id = ", "utf-8")
    known = read_profiles([own, resources_root() / "keys"])
    assert [problem.code for problem in known.problems] == ["key-profile-broken"]
    assert "broken.toml" in error_texts("key-profile-broken", known.problems[0].params).why
    mine = next(one for one in known.profiles if one.id == "watchdata")
    assert any(place.path == "/opt/ca/libwdpkcs.so" for place in mine.places)
    assert tomllib.loads(words)["id"] == "watchdata"


def test_profile_is_known_by_the_files_name_wherever_it_lies() -> None:
    known = read_profiles([resources_root() / "keys"])
    for library, name in (
        (r"D:\驱动\EPS2003CSP11.DLL", "feitian-epass2003"),
        ("/srv/x/libgm3000_pkcs11.so", "longmai-gm3000"),
        ("/usr/local/lib/libshuttle_p11v220.so.1.0.0", "feitian-epass3003"),
    ):
        one = known.of(library)
        assert one is not None
        assert one.id == name
    assert known.of("/opt/unknown.so") is None
    assert known.quirks("/opt/unknown.so") == Quirks()


def test_libraries_are_found_several_at_once(tmp_path: Path) -> None:
    one, two = elf(tmp_path / "one.so"), elf(tmp_path / "apps" / "v2" / "two.so")
    elf(tmp_path / "apps" / "v1" / "two.so")
    linked = tmp_path / "linked.so"
    linked.symlink_to(one)
    libraries, problems = found(
        profile("a", tmp_path / "nowhere.so", one),
        profile("b", "%PLACE%/apps/*/two.so"),
        profile("c", linked),  # the same file again
        profile("d", "%UNSET%/two.so"),
        profile("e", one, automatic=False),
        PLACE=str(tmp_path),
    )
    assert libraries == [str(one), str(two)]
    assert problems == []


def test_library_for_another_machine_is_not_missing(tmp_path: Path) -> None:
    old, arm = elf(tmp_path / "x86.so", 32, 3), elf(tmp_path / "arm.so", 64, 183)
    text = tmp_path / "setup.so"
    text.write_text("#!/bin/sh\n")
    good = elf(tmp_path / "good.so")
    assert found(profile("a", old)) == ([], ["key-library-wrong-bits"])
    assert found(profile("a", arm)) == ([], ["key-library-wrong-machine"])
    assert found(profile("a", text)) == ([], ["key-library-not-library"])
    assert found(profile("a", old, arm, good)) == ([str(good)], [])
    assert found(profile("a", tmp_path / "nowhere.so")) == ([], [])


def test_key_without_its_driver_is_not_no_key(tmp_path: Path) -> None:
    lonely = profile("a", tmp_path / "nowhere.so", usb=("096e:0807",))
    plugged = frozenset({"096e:0807", "1d6b:0002"})
    assert found(lonely, usb=plugged) == ([], ["key-driver-missing"])
    assert found(lonely, usb=frozenset({"1d6b:0002"})) == ([], [])
    there = profile("a", elf(tmp_path / "a.so"), usb=("096e:0807",))
    assert found(there, usb=plugged)[1] == []


def test_usb_ids_are_read_from_the_system(tmp_path: Path) -> None:
    for name, ids in (("1-1", ("096e", "0807")), ("usb1", ("1d6b", "0002"))):
        (tmp_path / name).mkdir()
        for file, value in zip(("idVendor", "idProduct"), ids, strict=True):
            (tmp_path / name / file).write_text(value + "\n")
    (tmp_path / "1-1:1.0").mkdir()
    assert set(plugged_in(tmp_path)) == {"096e:0807", "1d6b:0002"}
