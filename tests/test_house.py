"""The rules of the house that the linters do not know (docs/architecture.md)."""

from __future__ import annotations

import ast
import json
import re
import statistics
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from unitclient.pinyin import syllables
from unitclient.texts import LANGUAGES, ErrorTexts, catalogue

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = sorted((ROOT / "unitclient").rglob("*.py"))
PYTHON = [*PACKAGE, *sorted((ROOT / "tests").rglob("*.py"))]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree_of(path: Path) -> ast.Module:
    """The module's syntax tree."""
    return ast.parse(path.read_text("utf-8"))


def name_of(path: Path) -> str:
    """Path inside the checkout, as test id and in messages."""
    return path.relative_to(ROOT).as_posix()


def none_of(found: list[str]) -> None:
    """Fails with the whole list, one on a line."""
    assert not found, "\n" + "\n".join(found)


def place_names() -> dict[str, str]:
    """{name in hanzi or pinyin: the hanzi} of every city and region that the resources or the systems' lists name."""
    resources = ROOT / "resources"
    named = {json.loads(path.read_text("utf-8"))["region_name"] for path in (resources / "policies").glob("*.json")}
    named |= {row["name"] for row in json.loads((resources / "codes" / "vehicle_city.json").read_text("utf-8"))["rows"]}
    for path in (ROOT / "tests" / "businesses" / "systems").glob("*.toml"):
        systems = (row["system"].partition(" ")[0] for row in tomllib.loads(path.read_text("utf-8"))["row"])
        named |= {name for name in systems if not name.isascii()} - {"个人社保号", "各系统"}  # which are no places
    read = {name: "".join(reading.rstrip("12345") for reading in syllables(name)) for name in named}
    return {name: name for name in named} | {pinyin: name for name, pinyin in read.items()}


def identifiers(tree: ast.Module) -> Iterator[str]:
    """Every name that a module makes or uses."""
    for node in ast.walk(tree):
        for part in ("name", "id", "attr", "arg", "asname"):
            if isinstance(value := getattr(node, part, None), str):
                yield value


def functions() -> Iterator[tuple[Path, Function]]:
    """Every function of the package."""
    for path in PACKAGE:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, Function):
                yield path, node


def code_lines(function: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if documented else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - docstring


def literal_calls(*names: str) -> Iterator[tuple[str, str]]:
    """(where, first argument) of every call of one of `names` in the package whose first argument is a plain string."""
    for path in PACKAGE:
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            argument = node.args[0]
            if called in names and isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield f"{name_of(path)}:{node.lineno}", argument.value


# Modules and functions can be read in one sitting.


def test_no_module_is_longer_than_400_lines() -> None:
    too_long = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in PYTHON}
    assert {name: lines for name, lines in too_long.items() if lines > 400} == {}


def test_functions_are_short() -> None:
    lengths = sorted(code_lines(function) for _, function in functions())
    assert statistics.median(lengths) < 10
    assert statistics.quantiles(lengths, n=10)[-1] < 30


def test_what_is_public_says_what_it_is() -> None:
    silent = []
    for path in PACKAGE:
        module = tree_of(path)
        classes = [node for node in module.body if isinstance(node, ast.ClassDef) and _is_public(node)]
        public = [node for body in (module.body, *(one.body for one in classes)) for node in body if _is_public(node)]
        silent += [f"{name_of(path)}:{node.lineno}" for node in public if not _documented(node)]
        silent += [name_of(path)] if module.body and not _documented(module) else []
    none_of(silent)


def _is_public(node: ast.stmt) -> bool:
    """A function or class without a leading underscore; a model's `Meta` holds settings and needs no words."""
    return isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_") and node.name != "Meta"


def _documented(node: ast.AST) -> bool:
    assert isinstance(node, ast.Module | ast.ClassDef | Function)
    return ast.get_docstring(node) is not None


def test_an_exception_to_a_rule_says_why() -> None:
    bare = re.compile(r"#\s*(noqa(:\s*[A-Z0-9, ]+)?|type:\s*ignore(\[[\w, -]+\])?)\s*$")
    found = [
        f"{name_of(path)}:{number}"
        for path in PYTHON
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if bare.search(line)
    ]
    none_of(found)


# Texts.


def _sentences() -> Iterator[tuple[str, str, str]]:
    """(key, Chinese, English) of every sentence."""
    parts = {"error": ErrorTexts._fields, "finding": ("why", "fix")}
    for section, entries in catalogue().items():
        for key, entry in entries.items():
            assert set(entry) == set(LANGUAGES), f"{section}.{key}"
            if section == "text":
                yield f"{section}.{key}", entry["zh"], entry["en"]
                continue
            for part in parts[section]:
                yield f"{section}.{key}.{part}", entry["zh"][part], entry["en"][part]


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_sentence_is_there_in_both_languages_with_the_same_placeholders() -> None:
    differing = [
        key
        for key, chinese, english in _sentences()
        if not chinese.strip() or not english.strip() or _placeholders(chinese) != _placeholders(english)
    ]
    none_of(differing)


def test_english_sentences_hold_no_forgotten_chinese() -> None:
    """Names of things in brackets, quotation marks or after a slash may be Chinese; a whole sentence may not."""
    chinese = re.compile(r"[一-鿿]")
    forgotten = [key for key, _, english in _sentences() if len(chinese.findall(english)) * 2 > len(english)]
    none_of(forgotten)


def test_every_text_that_is_asked_for_exists() -> None:
    texts = catalogue()
    missing = [f"{where} {key}" for where, key in literal_calls("say") if key not in texts["text"]]
    missing += [f"{where} {code}" for where, code in literal_calls("UserError") if code not in texts["error"]]
    missing += [f"{where} {code}" for where, code in literal_calls("Finding") if code not in texts["finding"]]
    none_of(missing)


# What must not be in the checkout.


def test_only_the_desktop_knows_qt() -> None:
    importing = [
        name_of(path)
        for path in PACKAGE
        if "desktop" not in path.parts and re.search(r"^\s*(import|from) PyQt6", path.read_text("utf-8"), re.MULTILINE)
    ]
    none_of(importing)


def test_no_file_names_a_place_of_somebody_s_computer() -> None:
    # Put together here, so that this file does not hold what it looks for.
    homes = "|".join(["/" + "home/", "/" + "root/", "/" + "Users/", "C:\\\\" + "Users\\\\", re.escape(f"{ROOT}/")])
    found = [name_of(path) for path in _texts() if re.search(rf"(?<![\w}}.])({homes})\w", path.read_text("utf-8"))]
    none_of(found)


def _texts() -> Iterator[Path]:
    folders = ("unitclient", "tests", "docs", "forms", "packaging", "resources", "certs", ".ci")
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".md", ".toml", ".txt", ".json", ".pem", ""} and path.is_file():
                yield path
    yield from (ROOT / name for name in ("run", "Makefile", "README.md", "setup.cfg", "CHANGELOG.md"))


def test_no_private_key_lies_beside_the_trust_anchors() -> None:
    holding = [
        name_of(path) for path in (ROOT / "certs").rglob("*") if path.is_file() and b"PRIVATE" in path.read_bytes()
    ]
    assert holding == []


# Setting up.


@pytest.mark.parametrize("command", ["./run", "./run test"])
def test_the_readme_names_the_two_commands(command: str) -> None:
    assert re.search(rf"^{re.escape(command)}(\s|$)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)


def _pins(name: str) -> dict[str, str]:
    text = (ROOT / "packaging" / "requirements" / f"{name}.txt").read_text("utf-8")
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))


def test_tests_run_with_the_versions_that_are_delivered() -> None:
    runtime, test = _pins("runtime"), _pins("test")
    assert runtime
    assert {name: test.get(name) for name in runtime} == runtime


def test_every_locked_package_has_a_hash() -> None:
    for name in ("runtime", "test", "build", "audit"):
        text = (ROOT / "packaging" / "requirements" / f"{name}.txt").read_text("utf-8")
        entries = [entry for entry in re.split(r"\n(?=\S)", text) if entry.strip()]
        assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_direct_dependency_says_what_it_is_for() -> None:
    reasons = (ROOT / "docs" / "dependencies.md").read_text("utf-8").lower()
    folder = ROOT / "packaging" / "requirements"
    lists = "\n".join((folder / f"{name}.in").read_text("utf-8") for name in ("runtime", "test", "build", "audit"))
    names = re.findall(r"^\w[\w-]*", lists, re.MULTILINE)
    assert names
    assert [name for name in names if f"`{name.lower()}`" not in reasons] == []


def test_the_licence_is_the_one_the_package_names() -> None:
    licence = (ROOT / "LICENSE").read_text("utf-8")
    assert "GNU GENERAL PUBLIC LICENSE" in licence
    assert "Version 3, 29 June 2007" in licence


def test_no_python_is_named_after_a_city() -> None:
    """What one city does otherwise is data: neither a module nor anything in one has its name, in hanzi or pinyin."""
    places = place_names()
    assert {"武汉", "wuhan", "济南", "jinan", "neimenggu", "kunshan"} <= set(places)
    where: dict[str, str] = {}
    for path in PACKAGE:
        names = (*path.relative_to(ROOT).with_suffix("").parts, *identifiers(tree_of(path)))
        where |= dict.fromkeys(names, name_of(path))
    hanzi = re.compile("|".join(place for place in places if not place.isascii()))
    words = {name: set(re.findall("[a-z]+", re.sub("([A-Z])", r" \1", name).lower())) for name in where}
    none_of([f"{where[name]}: {name}" for name in where if words[name] & set(places) or hanzi.search(name)])
