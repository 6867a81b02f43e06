"""Words of the centre in answers, as the screen says them."""

from __future__ import annotations

from unitclient.desktop.pages.sign.words import insurance_word, kind_word, track_word
from unitclient.texts import catalogue, say


def say_word(what: str, word: str) -> str:
    """`what` is "insurance", "kind", "acceptance", "money", or the first part of a text's name (<what>-<word>)."""
    if what in ("acceptance", "money"):
        return track_word(what, word)
    if what == "insurance":
        return "、".join(map(insurance_word, word.split()))
    if what == "kind":
        return kind_word(word)
    key = f"{what}-{word}"
    return say(key) if key in catalogue()["text"] else word
