"""Knowledge articles (知识库): signed publications of the centre, kept off line, found by words and pinyin initials."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from unitclient.errors import UserError
from unitclient.pinyin import search_words
from unitclient.store.documents import find_documents
from unitclient.store.units import Unit
from unitclient.sync.protocol import DocumentKind
from unitclient.workflows.desk import Desk


@dataclass(frozen=True, slots=True)
class Article:
    """The newest revision of one article. `ref` is the centre's name for the document, `published` its day."""

    id: str
    ref: str
    title: str
    body: str
    words: tuple[str, ...]
    forms: tuple[str, ...]
    findings: tuple[str, ...]
    published: str

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        lists = {"words": list(self.words), "forms": list(self.forms), "findings": list(self.findings)}
        return {"id": self.id, "ref": self.ref, "title": self.title, "body": self.body, **lists,
                "published": self.published}  # fmt: skip

    def found_by(self, typed: str) -> int:
        """How well what was typed finds it: 3 by the title, 2 by a word, 1 by the text, 0 not at all.

        Title and words are found by characters, pinyin and initials too.
        """
        wanted = typed.strip().casefold().replace(" ", "")
        if wanted in self.title.casefold() or f" {wanted}" in search_words(self.title):
            return 3
        if any(wanted in word.casefold() or f" {wanted}" in search_words(word) for word in self.words):
            return 2
        return int(wanted in self.body.casefold())


def articles(desk: Desk, unit: Unit) -> list[Article]:
    """Every article that stands, by title; of each the revision that came last."""
    newest: dict[str, Article] = {}
    for document in find_documents(desk.store, unit.unit_number, kind=DocumentKind.ARTICLE):
        told = json.loads(document.document)
        if told["withdrawn"]:
            newest.pop(told["article_id"], None)
        else:
            newest[told["article_id"]] = _article(document.ref, told)
    return sorted(newest.values(), key=lambda one: one.title)


def search(desk: Desk, unit: Unit, typed: str) -> list[Article]:
    """Articles that what was typed finds, the best first; all of them for nothing typed."""
    known = articles(desk, unit)
    if not typed.strip():
        return known
    return [one for rank in (3, 2, 1) for one in known if one.found_by(typed) == rank]


def suggest(desk: Desk, unit: Unit, *, form: str = "", findings: Iterable[str] = ()) -> list[Article]:
    """Articles about these finding codes, and then those about the business."""
    wanted, known = set(findings), articles(desk, unit)
    exact = [one for one in known if wanted & set(one.findings)]
    return exact + [one for one in known if form and form in one.forms and one not in exact]


def article_named(desk: Desk, unit: Unit, article_id: str) -> Article:
    """One article by its id or ref; UserError article-unknown."""
    found = next((one for one in articles(desk, unit) if article_id in (one.id, one.ref)), None)
    if found is None:
        raise UserError("article-unknown", id=article_id)
    return found


def _article(ref: str, told: dict[str, Any]) -> Article:
    return Article(
        id=str(told["article_id"]),
        ref=ref,
        title=str(told["title"]),
        body=str(told["body"]),
        words=tuple(map(str, told["words"])),
        forms=tuple(map(str, told["forms"])),
        findings=tuple(map(str, told["findings"])),
        published=str(told["published_on"]),
    )
