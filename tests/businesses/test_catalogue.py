"""Every row of the systems' lists has its folders, every folder its end-to-end test; the page says what is there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.businesses.cases import FOLDER as CASES
from tests.businesses.catalogue import DOCUMENT, page, system_rows
from unitclient.app import load_parts
from unitclient.catalog.services import load_services
from unitclient.paths import resources_root

OWN_TESTS = {"monthly": "tests/e2e"}
"""The month itself, which is not imported."""


def local_queries() -> set[str]:
    """Every query's folder, whoever answers it."""
    return {path.parent.name for path in (resources_root() / "queries").glob("*/query.toml")}


def test_every_row_of_the_systems_has_its_folders() -> None:
    known = set(load_parts().catalog.forms) | local_queries()
    rows = system_rows()
    assert rows
    assert {row.business: missing for row in rows if (missing := set(row.folders) - known) or not row.folders} == {}


def test_what_a_row_is_seen_in_is_there() -> None:
    for row in system_rows():
        file, _, function = row.test.partition("::")
        if file:
            assert f"def {function}(" in (DOCUMENT.parent.parent / file).read_text("utf-8"), row


def test_every_business_has_its_end_to_end_test() -> None:
    tested = {path.stem for path in CASES.glob("*.toml")} | set(OWN_TESTS)
    assert sorted(set(load_parts().catalog.forms) - tested) == []
    assert sorted(tested - set(load_parts().catalog.forms)) == []


def test_every_group_with_businesses_is_walked() -> None:
    here = Path(__file__).parent
    walked = set(
        re.findall(r'forms_of\("(\w+)"\)', "".join(path.read_text("utf-8") for path in here.glob("test_*.py")))
    )
    forms = load_parts().catalog.forms.values()
    assert {form.group for form in forms if (CASES / f"{form.id}.toml").exists()} <= walked


def test_every_query_of_the_centre_is_asked_in_a_test() -> None:
    from tests.queries.test_services import INPUTS

    for name, service in load_services(resources_root()).items():
        needs = {one.name for one in service.inputs if one.required}
        assert needs <= set(INPUTS.get(name, {})), name


def test_the_page_says_what_is_there() -> None:
    assert DOCUMENT.read_text("utf-8") == page(), "python -m tests.businesses.catalogue writes it anew"


def test_no_python_is_named_after_a_city() -> None:
    cities = ("wuhan", "chengdu", "wendeng", "kunshan", "jinan", "beijing", "changde", "neimenggu")
    files = [path.name.lower() for path in Path(__file__).resolve().parents[2].glob("unitclient/**/*.py")]
    assert [name for name in files if any(city in name for city in cities)] == []


def test_the_readme_counts_what_is_there() -> None:
    """In both languages; a business more or less is told."""
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    forms, queries = len(load_parts().catalog.forms), len(local_queries())
    assert f"`forms/` 里 {forms} 项业务，`resources/queries/` 里 {queries} 项查询" in readme
    assert f"{forms} businesses and {queries} queries as data" in readme
