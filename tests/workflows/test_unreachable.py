"""A centre that cannot be reached: the reason says more than that it cannot be reached."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.office import Office, office, open_unit, practice_centre
from unitclient.errors import UserError
from unitclient.texts import error_texts
from unitclient.workflows.centre import centre_refusals, open_engine


@pytest.fixture
def cut_off(tmp_path: Path) -> Iterator[Office]:
    """An office whose centre is gone."""
    with (
        practice_centre(tmp_path / "centre") as centre,
        office(tmp_path / "home", centre.url, open_unit(centre.url)) as clerk,
    ):
        clerk.moves_to("http://127.0.0.1:9")
        yield clerk


def test_the_reason_is_not_the_refusal_again(cut_off: Office) -> None:
    with (
        pytest.raises(UserError) as refused,
        open_engine(cut_off.desk, cut_off.unit) as engine,
        centre_refusals(cut_off.unit),
    ):
        engine.fetch()
    told = error_texts(refused.value.code, refused.value.params)
    assert told.why.rstrip("。") not in told.what
