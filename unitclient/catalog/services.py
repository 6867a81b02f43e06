"""Query services of the centre: what may be asked, as data in resources/queries/<id>/query.toml.

The file also says how inputs and answer look on the screen; here is what both ends need to ask and to answer.
`[centre]` names the walk over the centre's records and its own members; a file without it is answered from this
computer alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from unitclient.catalog.model import Bilingual
from unitclient.catalog.sections import Section

FILE_NAME = "query.toml"


@dataclass(frozen=True, slots=True)
class ServiceInput:
    """One input: whether it must be given, and the pattern its text must have ("" = any)."""

    name: str
    title: Bilingual
    required: bool
    pattern: str
    choices: tuple[str, ...]

    def fits(self, text: str) -> bool:
        """Whether a text may be asked with; an empty one only where it is not required."""
        if not text:
            return not self.required
        if self.choices and text not in self.choices:
            return False
        return not self.pattern or re.fullmatch(self.pattern, text) is not None


@dataclass(frozen=True, slots=True)
class Service:
    """A query that the centre answers.

    `walk` is how the centre finds the rows, `settings` the walk's own members. `every_s` seconds must pass before the
    same question is asked again. `personal`: the answer is about persons, so that asking leaves a trace.
    """

    id: str
    title: Bilingual
    walk: str
    settings: Mapping[str, str]
    inputs: tuple[ServiceInput, ...]
    columns: tuple[str, ...]
    titles: Mapping[str, Bilingual]
    says: Mapping[str, str]
    """How the words of a column are said (`workflows.answer_words`), by column."""
    every_s: int
    personal: bool

    def wrong_input(self, inputs: Mapping[str, str]) -> str:
        """The first input that cannot be asked with, by name, or ""."""
        known = {one.name for one in self.inputs}
        stray = next((name for name in inputs if name not in known), "")
        return stray or next((one.name for one in self.inputs if not one.fits(inputs.get(one.name, ""))), "")


def load_services(resources_root: Path) -> Mapping[str, Service]:
    """Every query that the centre answers, by id. UserError form-broken for a file that is wrong."""
    found = {}
    for path in sorted((resources_root / "queries").glob(f"*/{FILE_NAME}")):
        top = Section.read(path, f"queries/{path.parent.name}/{FILE_NAME}")
        if top.has("centre"):
            service = _service(top, path.parent.name)
            found[service.id] = service
    return MappingProxyType(found)


def _service(top: Section, query_id: str) -> Service:
    part = top.section("centre")
    taken = ("walk", "every_s", "personal")
    columns = top.sections("column")
    service = Service(
        id=query_id,
        title=top.bilingual("title"),
        walk=part.word("walk"),
        settings=MappingProxyType({name: part.text(name) for name in part.content if name not in taken}),
        inputs=tuple(_input(each) for each in top.sections("input")),
        columns=tuple(each.word("key") for each in columns),
        titles=MappingProxyType({each.word("key"): each.bilingual("title") for each in columns}),
        says=MappingProxyType({each.word("key"): each.text("says") for each in columns if each.has("says")}),
        every_s=part.number("every_s", 10, 0, 86_400),
        personal=part.flag("personal", False),
    )
    part.finish()
    return service


def _input(part: Section) -> ServiceInput:
    choices = tuple(each.text("value") for each in part.sections("choice"))
    return ServiceInput(
        part.word("name"), part.bilingual("title"), part.flag("required", False), part.text("pattern", ""), choices
    )
