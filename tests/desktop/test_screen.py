"""Is there a screen, is it a remote one."""

from __future__ import annotations

import sys

import pytest

from unitclient.desktop.screen import has_screen, is_remote, missing_library, remote_mode

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the marks of Linux sessions")


@linux
@pytest.mark.parametrize(
    ("environment", "there"),
    [({}, False), ({"DISPLAY": ""}, False), ({"DISPLAY": ":9876"}, False), ({"DISPLAY": "nonsense"}, False),
     ({"DISPLAY": "other.host:0"}, True), ({"WAYLAND_DISPLAY": "wayland-0"}, True),
     ({"QT_QPA_PLATFORM": "offscreen"}, True)],
)  # fmt: skip
def test_a_screen_is_found_by_the_environment(environment: dict[str, str], there: bool) -> None:
    assert has_screen(environment) is there


@linux
@pytest.mark.parametrize(
    ("environment", "remote"),
    [({"DISPLAY": ":0"}, False), ({"XRDP_SESSION": "1", "DISPLAY": ":10"}, True),
     ({"SSH_CONNECTION": "a b c d", "DISPLAY": "localhost:10.0"}, True),
     ({"SSH_CONNECTION": "a b c d", "DISPLAY": ":0"}, False)],
)  # fmt: skip
def test_a_remote_session_is_known_by_its_marks(environment: dict[str, str], remote: bool) -> None:
    assert is_remote(environment) is remote


def test_the_setting_has_the_last_word() -> None:
    assert remote_mode("on")
    assert not remote_mode("off")


def test_an_offscreen_platform_needs_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert missing_library() == ""
