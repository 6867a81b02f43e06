"""The acts of the window, as data."""

from __future__ import annotations

from collections.abc import Sequence

from unitclient.desktop.actions.spec import ActionSpec, Scope
from unitclient.desktop.pages.base import PageSpec


def _act(id_: str, shortcut: str, handler: str, *, when: str = "", icon: str = "", menu: str = "") -> ActionSpec:
    return ActionSpec(id_, f"d-act-{id_}", shortcut, Scope.APP, handler, f"d-act-{id_}-help", when, icon, menu)


SHELL_ACTS: tuple[ActionSpec, ...] = (
    _act("main", "Ctrl+Enter; Ctrl+Return", "do_main", when="has_page", menu="work"),
    _act("find", "Ctrl+F", "do_find", when="has_page", menu="work"),
    _act("refresh", "F5", "do_refresh", when="has_page", menu="work"),
    _act("next-finding", "F8", "do_next_finding", when="has_page", menu="work"),
    _act("previous-finding", "Shift+F8", "do_previous_finding", when="has_page", menu="work"),
    _act("unit", "Ctrl+U", "choose_unit", when="is_open", menu="work"),
    _act("period-earlier", "Ctrl+,", "earlier_period", when="has_unit", menu="work"),
    _act("period-later", "Ctrl+.", "later_period", when="has_unit", menu="work"),
    _act("palette", "Ctrl+K", "open_palette", menu="view"),
    _act("mask", "Ctrl+Shift+M", "toggle_masking", menu="view"),
    _act("scheme", "Ctrl+Shift+D", "toggle_scheme", menu="view"),
    _act("tasks", "Ctrl+J", "open_tasks", menu="view"),
    _act("nav", "F6", "focus_navigation", menu="view"),
    _act("help", "F1", "open_help", menu="help"),
    _act("about", "", "open_about", menu="help"),
    _act("quit", "Ctrl+Q", "close_window", menu="help"),
)
MENUS = ("work", "view", "help")


def page_acts(specs: Sequence[PageSpec]) -> list[tuple[ActionSpec, str]]:
    """An act for each page that leads to it, with the page's id: Ctrl+1 to Ctrl+9 in the order of the navigation."""
    made = []
    for number, spec in enumerate(specs, start=1):
        keys = f"Ctrl+{number}" if spec.nav and number <= 9 else ""
        own = "" if spec.shortcut.startswith("Ctrl+") and spec.shortcut[5:].isdigit() else spec.shortcut
        shortcut = "; ".join(part for part in (keys, own) if part)
        made.append((ActionSpec(f"go.{spec.id}", spec.title_key, shortcut, Scope.APP, "go", "d-act-go-help"), spec.id))
    return made
