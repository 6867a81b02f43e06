"""A field that is a file: chosen, cut to its limits, kept, shown by its kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PyQt6.QtGui import QColor, QImage

from tests.desktop.business.helpers import notes, put, waiting
from tests.desktop.stage import Stage
from unitclient.desktop.dialogs.service import FileAsk
from unitclient.desktop.pages.business.cropping import fitted, needs_fitting
from unitclient.desktop.pages.business.file_editor import FileEditor
from unitclient.desktop.pages.business.page import BusinessPage
from unitclient.domain.files import FileFacts, file_facts, is_stored_name
from unitclient.errors import UserError

PERSON = {"name": "王示范", "id_number": "420100198505051023", "photo_source": "1"}


def picture(path: Path, width: int, height: int) -> Path:
    """Noise in the middle, so that the file has some weight, and white around it, also when it is cut upright."""
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(QColor("white"))
    for x in range(width * 3 // 8, width * 5 // 8):
        for y in range(height // 4, height * 3 // 4):
            made.setPixel(x, y, 0xFF000000 | (x * 7919 + y * 104729) & 0xFFFFFF)
    assert made.save(str(path))
    return path


@pytest.fixture
def photo_page(page: BusinessPage) -> BusinessPage:
    page.presenter.choose("card-photo")
    return page


def answer_with(monkeypatch: pytest.MonkeyPatch, office: Stage, path: Path | None) -> None:
    def choose(_ask: FileAsk, done: Callable[[Path | None], None]) -> None:
        done(path)

    monkeypatch.setattr(office.services.dialogs, "choose_file", choose)


def editor_of(page: BusinessPage) -> FileEditor:
    assert page.view.entry is not None
    editor = page.view.entry.fields["photo"].editor
    assert isinstance(editor, FileEditor)
    return editor


@pytest.mark.parametrize("size", [(600, 800), (900, 500), (358, 441)])
def test_a_chosen_picture_is_cut_kept_and_shown(
    photo_page: BusinessPage, office: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    answer_with(monkeypatch, office, picture(tmp_path / "face.png", *size))
    put(photo_page, **PERSON)
    editor_of(photo_page).open.click()
    photo_page.presenter.check_now()
    assert "单独同意" in notes(photo_page, "photo"), "what follows is told, and nothing is wrong"
    assert "像素" not in notes(photo_page, "photo")
    assert Path(editor_of(photo_page).value()).name == "face-358x441.jpg"
    photo_page.main_action()
    (item,) = waiting(office, "card-photo")
    assert is_stored_name(item.values["photo"])
    photo_page.refresh()
    shown = [photo_page.view.table.model().index(0, column).data() for column in range(6)]
    assert any(str(text).startswith("JPG 文件 ") for text in shown)
    photo_page.presenter.edit(item.id)
    assert editor_of(photo_page).value() == item.values["photo"]
    assert editor_of(photo_page).line.text().startswith("JPG 文件 ")


def test_a_person_who_gives_up_changes_nothing(
    photo_page: BusinessPage, office: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, office, None)
    editor_of(photo_page).open.click()
    assert editor_of(photo_page).value() is None


def test_a_typed_path_is_checked_as_it_is(photo_page: BusinessPage, tmp_path: Path) -> None:
    small = picture(tmp_path / "small.png", 100, 100)
    put(photo_page, **PERSON, photo=str(small))
    assert "358 × 441" in notes(photo_page, "photo") or "KB" in notes(photo_page, "photo")
    put(photo_page, photo=str(tmp_path / "none.jpg"))
    assert "找不到" in notes(photo_page, "photo")


def test_cutting_meets_the_limits_of_the_form(office: Stage, tmp_path: Path) -> None:
    limits = office.session.desk().catalog.form("card-photo").field("photo").file
    assert limits is not None
    original = picture(tmp_path / "a.png", 1000, 700)
    before = original.read_bytes()
    assert needs_fitting(original, limits)
    first, second = fitted(original, limits), fitted(original, limits)
    data = first.read_bytes()
    assert file_facts(data) == FileFacts("jpg", 358, 441, 24)
    assert limits.min_bytes <= len(data) <= limits.max_bytes
    assert not needs_fitting(first, limits)
    assert (first.name, second.name) == ("a-358x441.jpg", "a-358x441-2.jpg")
    assert original.read_bytes() == before
    corner = QImage(str(first)).pixelColor(2, 2)
    assert min(corner.red(), corner.green(), corner.blue()) > 245


def test_what_is_no_picture_is_left_to_the_checks(office: Stage, tmp_path: Path) -> None:
    limits = office.session.desk().catalog.form("card-photo").field("photo").file
    assert limits is not None
    text = tmp_path / "a.jpg"
    text.write_bytes(b"no picture")
    assert not needs_fitting(text, limits)
    with pytest.raises(UserError) as refused:
        fitted(text, limits)
    assert refused.value.code == "picture-unreadable"
