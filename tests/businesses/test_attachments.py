"""Files that go with rows: from the folder into the store, the container and the centre, which looks for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.businesses.cases import load_case
from tests.businesses.conftest import NewWalk
from tests.businesses.pictures import SIZE, lay_out, save_jpeg, shades
from tests.businesses.walk import Walk, queue_changed
from tests.e2e.office import MONTH, id_number
from unitclient.domain.files import stored_name
from unitclient.errors import UserError
from unitclient.seal.container import read_container
from unitclient.store.attachments import get_attachment, put_attachment
from unitclient.store.items import ItemState, items
from unitclient.workflows.declaring import prepare_form
from unitclient.workflows.entering import Outcome, stage_one


def photo_row(n: int = 1, photo: str = "photo.jpg") -> dict[str, object]:
    return {**load_case("card-photo").row(n), "photo": photo}


def prepared(walk: Walk) -> str:
    return prepare_form(walk.clerk.desk, walk.clerk.unit, walk.form.id, MONTH).declaration_id


def test_the_photo_comes_to_the_centre_byte_for_byte(walk: NewWalk) -> None:
    one = walk("card-photo")
    photo = (one.clerk.home / "photo.jpg").read_bytes()
    name = stored_name(photo, "jpg")
    assert one.imports([photo_row(1), photo_row(2)]).taken == 2
    (one.clerk.home / "photo.jpg").unlink()
    declaration = prepared(one)
    one.clerk.signs(declaration)
    container = read_container(one.clerk.queued(declaration).container)
    assert container.attachments == {name: photo}
    assert one.follow(declaration) == "accepted"
    assert one.entry_values(1)["card-photo"]["photo"] == name


@pytest.mark.parametrize(
    ("file", "sent_as", "code"),
    [
        ("photo.jpg", "", "FILE_MISSING"),
        ("small.jpg", "photo.jpg", "PHOTO_SIZE"),
        ("grey.jpg", "photo.jpg", "PHOTO_DEPTH"),
        ("thin.jpg", "photo.jpg", "FILE_BYTES"),
        ("proof.pdf", "photo.jpg", "FILE_KIND"),
        ("other.jpg", "photo.jpg", "FILE_CHANGED"),
    ],
)
def test_the_centre_looks_at_every_file_itself(walk: NewWalk, file: str, sent_as: str, code: str) -> None:
    one = walk("card-photo")
    home = one.clerk.home
    save_jpeg(home / "other.jpg", shades(SIZE).rotate(180), pad=20_000)
    named = stored_name((home / "photo.jpg").read_bytes(), "jpg")
    assert one.imports([photo_row()]).taken == 1
    declaration = prepared(one)
    queue_changed(one.clerk, declaration, {named: (home / file).read_bytes()} if sent_as else {})
    assert one.follow(declaration) == "returned"
    assert {refusal.finding.code for refusal in one.clerk.status(declaration).refusals} == {code}


def test_a_sheet_reaches_the_files_of_its_own_folder_only(walk: NewWalk, tmp_path: Path) -> None:
    one = walk("card-photo")
    (tmp_path / "elsewhere").mkdir()
    lay_out(tmp_path / "elsewhere")
    (one.clerk.home / "照片").mkdir()
    lay_out(one.clerk.home / "照片")
    outside = (
        tmp_path / "elsewhere" / "photo.jpg",
        "../elsewhere/photo.jpg",
        r"\\host\share\photo.jpg",
        r"C:\photo.jpg",
        ".",
    )
    for name in outside:
        taken = one.imports([photo_row(photo=str(name))])
        assert (taken.taken, {told.code for told in taken.findings}) == (0, {"FILE_MISSING"}), name
    assert one.imports([photo_row(1, "照片/photo.jpg"), photo_row(2, r"照片\photo.jpg")]).taken == 2


def test_a_row_typed_by_hand_keeps_its_file(walk: NewWalk) -> None:
    one = walk("card-photo")
    clerk = one.clerk
    path = clerk.home / "photo.jpg"
    typed = {**photo_row(), "photo": str(path)}
    entered = stage_one(clerk.desk, clerk.unit, one.form, typed, MONTH)
    assert entered.outcome is Outcome.NEW, entered.findings
    name = entered.row.values["photo"]
    assert get_attachment(clerk.base.store, clerk.unit_number, name) == path.read_bytes()
    again = stage_one(clerk.desk, clerk.unit, one.form, entered.row.values, MONTH)
    assert again.outcome is Outcome.SAME
    wrong = stage_one(clerk.desk, clerk.unit, one.form, {**typed, "photo": str(clerk.home / "small.jpg")}, MONTH)
    assert wrong.outcome is Outcome.REFUSED


def test_what_does_not_fit_into_one_submission_waits_for_the_next(walk: NewWalk) -> None:
    one = walk("account-link")
    rows = []
    for n in range(1, 5):
        (one.clerk.home / f"{n}.pdf").write_bytes(b"%PDF-1.4\n%" + bytes([n]) * 2_000_000 + b"\n%%EOF\n")
        rows.append({**load_case("account-link").row(n), "agreement_file": f"{n}.pdf"})
    assert one.imports(rows).taken == 4
    made = prepare_form(one.clerk.desk, one.clerk.unit, one.form.id, MONTH)
    assert made.rows == 2
    assert [(told.code, told.params["rows"]) for told in made.findings] == [("FILES_LATER", "2")]
    assert len(items(one.clerk.base.store, one.clerk.unit_number, one.form.id, ItemState.PENDING)) == 2
    one.clerk.signs(made.declaration_id)
    assert one.follow(made.declaration_id) == "accepted"
    assert one.sends() == "accepted"


def test_a_file_that_is_lost_is_not_signed_without(walk: NewWalk) -> None:
    one = walk("card-photo")
    assert one.imports([photo_row()]).taken == 1
    declaration = prepared(one)
    with one.clerk.base.store.write("test.lose"):
        one.clerk.base.store.must_write().execute("DELETE FROM attachment")
    with pytest.raises(UserError) as refused:
        one.clerk.signs(declaration)
    assert refused.value.code == "attachment-lost"


def test_a_kept_file_never_changes(walk: NewWalk) -> None:
    one = walk("card-photo")
    store = one.clerk.base.store
    name = stored_name(b"x", "pdf")
    with store.write("test.keep"):
        put_attachment(store, one.clerk.unit_number, name, b"x")
        put_attachment(store, one.clerk.unit_number, name, b"y")
    assert get_attachment(store, one.clerk.unit_number, name) == b"x"
    with pytest.raises(Exception, match="never changes"), store.write("test.change"):
        store.must_write().execute("UPDATE attachment SET content = x'00'")


def test_two_persons_have_two_photos(walk: NewWalk) -> None:
    one = walk("card-photo")
    save_jpeg(one.clerk.home / "second.jpg", shades(SIZE[::-1]).rotate(90, expand=True), pad=20_000)
    assert one.imports([photo_row(1), {**photo_row(2, "second.jpg"), "id_number": id_number(2)}]).taken == 2
    declaration = prepared(one)
    one.clerk.signs(declaration)
    assert len(read_container(one.clerk.queued(declaration).container).attachments) == 2
