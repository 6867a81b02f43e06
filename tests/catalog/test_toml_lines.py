"""Lines of tables and keys in TOML text."""

from __future__ import annotations

import tomllib

from unitclient.catalog.toml_lines import line_map, line_of

TEXT = (
    '''# comment
id = "x"
title = { zh = "a", en = "b" }
list = [
  "one", # key = 1
  "[[field]]",
]
long = """
[not.a.table]
key = 1
"""

[[field]]
name = "a"
a.b.c = 1

[[field.part]]
x = 1

[[field]]
"name" = "b"

[[field.part]]
x = 2

[screen]
columns = [["a"], ["b"]]
after = 'it'''
    + "'"
    + """
"""
)


def test_lines_of_everything() -> None:
    text = TEXT.replace("after = 'it'", "after = 'it'")
    tomllib.loads(text)
    lines = line_map(text)

    def line(*path: str | int) -> str:
        return text.split("\n")[line_of(lines, path) - 1]

    assert line("id") == 'id = "x"'
    assert line("title", "zh").startswith("title")
    assert line("list").startswith("list")
    assert line("long").startswith("long")
    assert ("not", "a") not in lines
    assert line("field", 0, "name") == 'name = "a"'
    assert line("field", 0, "a", "b", "c") == "a.b.c = 1"
    assert line("field", 1, "name") == '"name" = "b"'
    assert line("field", 0, "part", 0, "x") == "x = 1"
    assert line("field", 1, "part", 0, "x") == "x = 2"
    assert line("field", 1, "missing") == "[[field]]"
    assert line_of(lines, ("field", 1)) > line_of(lines, ("field", 0))
    assert line("screen", "after").startswith("after")
    assert line_of(lines, ("nothing", "at", "all")) == 1
