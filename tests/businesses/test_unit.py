"""Businesses of the group unit."""

from __future__ import annotations

import pytest

from tests.businesses.cases import forms_of
from tests.businesses.conftest import NewWalk
from tests.businesses.story import tell


@pytest.mark.parametrize("form", forms_of("unit"))
def test_business(form: str, walk: NewWalk) -> None:
    tell(walk(form))
