"""Acts bound to the window: shortcuts, menus, and the list that palette and help sheet are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QWidget

from unitclient.desktop.actions.spec import ActionSpec, Scope
from unitclient.desktop.theme.icons import icon
from unitclient.texts import say


@dataclass(frozen=True)
class Act:
    """A bound act: its spec, what does it, and whether it can be done now."""

    spec: ActionSpec
    action: QAction
    call: Callable[[], object]
    enabled: Callable[[], bool]

    def title(self) -> str:
        """Its name in the language in use."""
        return say(self.spec.title_key)

    def do(self) -> None:
        """Do it, if it can be done now."""
        if self.enabled():
            self.call()


class ActionRegistry:
    """All acts that are bound. A shortcut of a page counts while that page is in front, wherever the focus is."""

    def __init__(self) -> None:
        self._acts: list[tuple[QWidget, Act]] = []
        self.why_not: Callable[[str], str] = _nothing
        """Why whoever signed in may not do an act (its id); nothing where they may."""

    def bind_all(self, place: QWidget, owner: QObject, specs: Iterable[ActionSpec]) -> list[Act]:
        """Bind acts whose handlers are methods of `owner`; AttributeError for a handler that is not there."""
        return [self.bind(place, spec, getattr(owner, spec.handler_id), _enabled(owner, spec)) for spec in specs]

    def bind(
        self, place: QWidget, spec: ActionSpec, call: Callable[[], object], enabled: Callable[[], bool] | None = None
    ) -> Act:
        """Bind one act to a widget: the window for acts of the program, a page for its own."""
        action = QAction(say(spec.title_key), place)
        action.setObjectName(spec.id)
        action.setShortcuts([QKeySequence(keys) for keys in spec.shortcuts()])
        action.setToolTip(say(spec.help_key))
        if spec.icon:
            action.setIcon(icon(spec.icon))
        # A page that is not in front cannot be seen, and what cannot be seen has no shortcuts.
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        can = enabled or _always
        act = Act(spec, action, call, lambda: not self.why_not(spec.id) and can())
        action.triggered.connect(lambda _checked=False: act.do())
        place.addAction(action)
        self._acts.append((place, act))
        return act

    def acts(self, page: QWidget | None = None) -> list[Act]:
        """The acts of the program, and those of the page in front."""
        return [act for place, act in self._acts if act.spec.scope is Scope.APP or place is page]

    def all(self) -> list[Act]:
        """Every bound act."""
        return [act for _, act in self._acts]

    def refresh(self) -> None:
        """Grey out in menus what cannot be done now."""
        for act in self.all():
            act.action.setEnabled(act.enabled())
            act.action.setToolTip(self.why_not(act.spec.id) or say(act.spec.help_key))


def clashes(specs: Iterable[ActionSpec]) -> list[str]:
    """Ids that occur twice, and shortcuts that two acts of one scope (or of the program and a page) share."""
    ids: set[str] = set()
    keys: dict[str, str] = {}
    found = []
    for spec in specs:
        if spec.id in ids:
            found.append(spec.id)
        ids.add(spec.id)
        for sequence in spec.shortcuts():
            if sequence in keys:
                found.append(f"{sequence}: {keys[sequence]}, {spec.id}")
            keys[sequence] = spec.id
    return found


def _always() -> bool:
    return True


def _nothing(_act: str) -> str:
    return ""


def _enabled(owner: QObject, spec: ActionSpec) -> Callable[[], bool]:
    return getattr(owner, spec.enabled_when) if spec.enabled_when else _always
