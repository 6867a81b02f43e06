"""Rights: every act of the workflows has one, every role is held to its acts, and nothing writes past them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import unitclient
from tests.e2e.office import MONTH, Office, staff
from tests.workflows.bench import bench
from tests.workflows.staffed import NAMES, WORDS, opened, signed_in, staff_home
from unitclient.errors import UserError
from unitclient.store.journal import entries, verify_journal
from unitclient.store.transport import Transport
from unitclient.texts import LANGUAGES, catalogue, error_texts, use_language
from unitclient.workflows.desk import Desk
from unitclient.workflows.operators import stand_in
from unitclient.workflows.pending import pending_rows
from unitclient.workflows.prepare import prepare_month
from unitclient.workflows.reviewing import batch, pass_review, set_review_required
from unitclient.workflows.rights import every_act, may, need, roles

PACKAGE = Path(unitclient.__file__).parent
WRITING = (".write(", ".write_bytes(", ".write_text(", ".mkdir(", ".rename(", ".unlink(")
WITHOUT = {
    "automatic_backup.back_up_by_itself",  # the program's own, whoever closes the window
    "centre.open_engine",  # keeps the centre's clock, whatever act talks to it
    "operators.note_sign_in",  # the record of a sign-in
    "operators.recover",  # refuses whoever is signed in, itself
    "pen.lay_down",  # part of enrolling
    "pen.settle_pen",  # who has the pen, heard with whatever act talks to the centre
    "revocation.refresh_lists",  # what authorities publish, fetched with whatever act talks to the centre
    "rights.need",  # the record of a refusal
    "rights.need_persons",  # likewise
    "templates.make_template",  # an empty sheet is nobody's data; with the roster in it, it asks for `persons` itself
}
"""What writes and needs no right of its own, and why."""


@cache
def _trees() -> dict[str, ast.Module]:
    files = sorted((PACKAGE / "workflows").glob("*.py"))
    return {path.stem: ast.parse(path.read_text("utf-8")) for path in files}


@cache
def _functions() -> dict[str, ast.FunctionDef]:
    """{module.function: its tree} of all functions of the workflows."""
    return {f"{module}.{node.name}": node for module, tree in _trees().items() for node in tree.body
            if isinstance(node, ast.FunctionDef)}  # fmt: skip


def _takes_desk(node: ast.FunctionDef) -> bool:
    first = node.args.args[0].annotation if node.args.args else None
    return first is not None and ast.unparse(first) in ("Desk", "Store", "Desk | Store")


def _act(node: ast.FunctionDef) -> str:
    named = [ast.unparse(one) for one in node.decorator_list]
    return next((one[7:-2] for one in named if one.startswith("needs(")), "")


@cache
def _names(module: str) -> dict[str, str]:
    """{name as it is called in a module: module.function} of the workflows' functions."""
    tree = _trees()[module]
    known = {node.name: f"{module}.{node.name}" for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("unitclient.workflows."):
            known |= {one.asname or one.name: f"{str(node.module).rpartition('.')[2]}.{one.name}" for one in node.names}
    return known


def _called(name: str, node: ast.FunctionDef) -> set[str]:
    """Functions of the workflows that a function calls."""
    names = _names(name.partition(".")[0])
    called = {one.func.id for one in ast.walk(node) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}
    return {names[one] for one in called if one in names}


def _writers() -> set[str]:
    """Functions that write, themselves or through others of the workflows, outside of any guarded one."""
    functions = _functions()
    calls = {name: {other for other in _called(name, node) if other in functions and not _act(functions[other])}
             for name, node in functions.items()}  # fmt: skip
    found = {name for name, node in functions.items() if any(mark in ast.unparse(node) for mark in WRITING)}
    while True:
        more = {name for name in functions if name not in found and calls[name] & found}
        if not more:
            return found
        found |= more


def test_every_act_that_writes_has_a_right() -> None:
    functions = _functions()
    public = {name for name in _writers() if not name.partition(".")[2].startswith("_")}
    unnamed = {name for name in public if _takes_desk(functions[name]) and not _act(functions[name])}
    assert unnamed == WITHOUT, "a new workflow: put @needs(...) over it, with an act of resources/roles.toml"


def test_the_acts_and_the_roles_are_the_same_set() -> None:
    asked = {_act(node) for node in _functions().values()} - {""}
    sources = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    asked |= {act for act in ("persons", "restore", "journal") if f'"{act}"' in sources}
    granted = set().union(*roles().values())
    assert asked == granted
    texts = catalogue()["text"]
    assert all(set(texts[f"act-{act}"]) == set(LANGUAGES) for act in granted)
    assert all(set(texts[f"role-{role}"]) == set(LANGUAGES) for role in roles())


def test_the_table_in_the_documentation_is_the_file_of_roles() -> None:
    text = (PACKAGE.parent / "docs" / "operators.md").read_text("utf-8")
    texts = catalogue()["text"]
    heads = " | ".join(f"{texts[f'role-{role}']['zh']} {role}" for role in roles())
    lines = [f"| act | | {heads} |", f"| --- | --- |{' --- |' * len(roles())}"]
    for act in every_act():
        marks = " | ".join("✓" if act in acts else "" for acts in roles().values())
        lines.append(f"| `{act}` | {texts[f'act-{act}']['en']} | {marks} |")
    assert text.partition("<!-- roles -->\n")[2].partition("<!-- end -->")[0].splitlines() == lines


ALLOWED_WRITES = {
    "desktop/session.py": {"unit.select", "unmask"},
    "desktop/settings.py": {"setting.change"},
    "desktop/pages/queries/work.py": {"query.read"},
    "desktop/dialogs/import_wizard/memory.py": {"import.matching"},
    "desktop/dialogs/unlock/work.py": {"passphrase.change"},
    "desktop/dialogs/first_run/work.py": {"unit.select"},
}
"""What the window writes by itself: what it looks at and remembers, and what it asked `need` for."""


def test_no_front_end_writes_past_the_workflows() -> None:
    found: dict[str, set[str]] = {}
    for path in [*(PACKAGE / "desktop").rglob("*.py"), *(PACKAGE / "cli").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("store.write"):
                found.setdefault(str(path.relative_to(PACKAGE)), set()).add(str(getattr(node.args[0], "value", "")))
    assert found == ALLOWED_WRITES


GUARDED = sorted(name for name, node in _functions().items() if _act(node))


@pytest.fixture(scope="module")
def staffed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with bench(tmp_path_factory.mktemp("staffed") / "home") as clerk:
        set_review_required(clerk.base.store, clerk.unit_number, True)
        staff_home(clerk)
        yield clerk


def _call(desk: Desk, name: str) -> str:
    """What calling a workflow comes to: the code of the refusal, or "through" where the guard let it pass."""
    module, _, function = name.partition(".")
    work: Any = getattr(import_module(f"unitclient.workflows.{module}"), function)
    try:
        work(desk, no_such_argument=True)
    except TypeError:
        return "through"
    except UserError as refusal:
        return refusal.code
    raise AssertionError(name)


@pytest.mark.parametrize("role", sorted(NAMES))
@pytest.mark.parametrize("name", GUARDED)
def test_the_matrix(staffed: Office, name: str, role: str) -> None:
    act = _act(_functions()[name])
    with signed_in(staffed, role) as desk:
        before = len(entries(staffed.base.store))
        wanted = "through" if act in roles()[role] else "right-missing"
        assert _call(desk, name) == wanted
        noted = entries(staffed.base.store)[before:]
    if wanted == "through":
        assert noted == []
    else:
        (entry,) = noted
        assert (entry.act, entry.subject, entry.actor) == ("right.refused", act, NAMES[role])


def test_nobody_signed_in_does_nothing(staffed: Office) -> None:
    store = staffed.base.store
    before, store.operator = store.operator, ""
    try:
        assert {_call(staffed.desk, name) for name in GUARDED} == {"store-operator-needed"}
    finally:
        store.operator = before


def test_one_clerk_does_everything(clerk: Office) -> None:
    assert {_call(clerk.desk, name) for name in GUARDED} == {"through"}
    assert may(clerk.base, "operators")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_says_what_why_and_what_to_do(staffed: Office, language: str) -> None:
    use_language(language)
    try:
        with signed_in(staffed, "viewer") as desk, pytest.raises(UserError) as refused:
            need(desk, "sign")
        told = error_texts(refused.value.code, refused.value.params)
    finally:
        use_language("zh")
    assert NAMES["viewer"] in told.what
    assert all(told)


def test_a_month_of_four_people(staffed: Office) -> None:
    """The clerk prepares and cannot pass it, the reviewer passes and cannot sign, the help desk only sees."""
    with opened(staffed, "clerk") as desk:
        staffed.enrols(staff(2))
        prepared = prepare_month(desk, staffed.unit, MONTH)
        ids = [known.id for known in batch(desk, staffed.unit, MONTH)]
        assert prepared.persons == 2
        assert _refusal(pass_review, desk, staffed.unit, ids, NAMES["reviewer"]) == "right-missing"
    with opened(staffed, "manager") as desk:
        again = prepare_month(desk, staffed.unit, MONTH)
        assert again.persons == 2
        ids = [known.id for known in batch(desk, staffed.unit, MONTH)]
        # The manager may review, but not what the manager prepared, whatever name is typed.
        assert _refusal(pass_review, desk, staffed.unit, ids, NAMES["reviewer"]) == "review-same-person"
    with signed_in(staffed, "manager") as desk:
        stand_in(desk, NAMES["manager"], NAMES["reviewer"], desk.today())
        assert _refusal(pass_review, desk, staffed.unit, ids, "") == "review-same-person", "nor by standing in"
    with opened(staffed, "reviewer") as desk:
        assert pass_review(desk, staffed.unit, ids, "") == len(ids)
        assert {known.transport for known in batch(desk, staffed.unit, MONTH)} == {Transport.REVIEWED}
        assert _refusal(prepare_month, desk, staffed.unit, MONTH) == "right-missing"
    with opened(staffed, "viewer") as desk:
        assert isinstance(pending_rows(desk, staffed.unit), list)
        assert not may(desk, "persons")
    passed = [entry.actor for entry in entries(staffed.base.store) if entry.act == "declaration.reviewed"]
    assert set(passed) == {NAMES["reviewer"]}
    assert verify_journal(staffed.base.store) is None
    assert WORDS["clerk"] not in str(entries(staffed.base.store))


def _refusal(work: Any, *arguments: Any) -> str:
    with pytest.raises(UserError) as refused:
        work(*arguments)
    return refused.value.code
