"""Where fonts are found, and what happens with characters they lack."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from unitclient.documents.fonts import find_fonts, needed_fallbacks, show_unprintable
from unitclient.errors import UserError
from unitclient.texts import error_texts


def test_without_a_chinese_font_the_refusal_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "fonts.toml").write_text('main = ["{fonts}/main.ttf"]\nfallback = []\n')
    with pytest.raises(UserError) as refusal:
        find_fonts(tmp_path)
    assert refusal.value.code == "font-missing"
    assert "fonts-wqy-zenhei" in error_texts(refusal.value.code, refusal.value.params).fix


def test_a_font_in_the_folder_comes_before_the_system_s(tmp_path: Path) -> None:
    system = find_fonts().main
    own = tmp_path / "main.ttc"
    shutil.copy(system, own)
    (tmp_path / "fonts.toml").write_text(f'main = ["{{fonts}}/main.ttc", "{system}"]\nfallback = []\n')
    assert find_fonts(tmp_path).main == own


def test_fallback_fonts_are_named_only_for_text_that_needs_them() -> None:
    fonts = find_fonts()
    assert needed_fallbacks(fonts, "张三，1,234.00 元") == ()
    assert needed_fallbacks(fonts, "张𬭚") != ()


def test_a_character_no_font_has_is_shown_as_its_code_point() -> None:
    assert show_unprintable(find_fonts(), "王\U000f0000") == "王[U+F0000]"
