"""The look in use: the scheme's tokens as colours, and applying a scheme to the application."""

from __future__ import annotations

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QGuiApplication, QPalette
from PyQt6.QtWidgets import QApplication

from unitclient.desktop.theme.tokens import BY_SCHEME, LIGHT, ROW_HEIGHTS, Scheme, State, Tokens


class Look(QObject):
    """Which scheme, density and font size are in use."""

    changed = pyqtSignal()
    """Widgets that draw themselves update."""

    def __init__(self) -> None:
        super().__init__()
        self.scheme = Scheme.LIGHT
        self.tokens: Tokens = LIGHT
        self.density = "normal"
        self.font_size = 9
        self.styled = False
        """Whether the application has our style."""

    def row_height(self) -> int:
        """Height of a table row: the density's, never less than the text needs."""
        return max(ROW_HEIGHTS[self.density], ROW_HEIGHTS[self.density] * self.font_size // 9 - 1)


_looks: list[Look] = []


def look() -> Look:
    """The look in use. Made at first use, after the application."""
    if not _looks:
        _looks.append(Look())
    return _looks[0]


def colour(token: str) -> QColor:
    """A token of the scheme in use as a colour."""
    return QColor(look().tokens.by_name(token))


def state_colours(state: State) -> tuple[QColor, QColor]:
    """(text, tint) of a state in the scheme in use."""
    text, tint = look().tokens.of(state)
    return QColor(text), QColor(tint)


def scheme_for(setting: str) -> Scheme:
    """The scheme that a setting ("system", "light", "dark") asks for on this computer now."""
    if setting != "system":
        return Scheme(setting)
    hints = QGuiApplication.styleHints()
    dark = hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark
    return Scheme.DARK if dark else Scheme.LIGHT


def high_contrast(app: QApplication) -> bool:
    """Whether the system asks for its own high-contrast colours: black on white or white on black, and nothing else."""
    palette = app.palette()
    pair = {palette.color(role).name() for role in (QPalette.ColorRole.Window, QPalette.ColorRole.WindowText)}
    return pair == {"#000000", "#ffffff"}


def apply(
    app: QApplication, scheme: Scheme, *, density: str = "normal", font_size: int = 9, system_colours: bool = False
) -> None:
    """Give the application style, palette, fonts and style sheet of a scheme; may be called again at any time.

    `system_colours` leaves the palette to the system and uses no style sheet (high contrast).
    """
    from unitclient.desktop.theme import fonts
    from unitclient.desktop.theme.qss import style_sheet
    from unitclient.desktop.theme.style import NoAnimationStyle

    state = look()
    state.scheme, state.tokens = scheme, BY_SCHEME[scheme]
    state.density, state.font_size = density, font_size
    if not state.styled:
        app.setStyle(NoAnimationStyle())
        state.styled = True
    if not system_colours:
        app.setPalette(palette(scheme))
    app.setFont(fonts.body(font_size))
    app.setStyleSheet("" if system_colours else style_sheet(state.tokens, font_size))
    state.changed.emit()


def palette(scheme: Scheme) -> QPalette:
    """The palette of a scheme."""
    tokens = BY_SCHEME[scheme]
    role = QPalette.ColorRole
    made = QPalette()
    colours = {
        role.Window: tokens.window, role.WindowText: tokens.text, role.Base: tokens.surface,
        role.AlternateBase: tokens.zebra, role.Text: tokens.text, role.Button: tokens.raised,
        role.ButtonText: tokens.text, role.BrightText: tokens.err, role.Highlight: tokens.selection,
        role.HighlightedText: tokens.selection_on, role.Link: tokens.accent, role.LinkVisited: tokens.accent,
        role.ToolTipBase: tokens.raised, role.ToolTipText: tokens.text, role.PlaceholderText: tokens.hint,
        role.Light: tokens.raised, role.Midlight: tokens.hairline, role.Mid: tokens.hairline,
        role.Dark: tokens.outline, role.Shadow: tokens.outline, role.Accent: tokens.accent,
    }  # fmt: skip
    for name, value in colours.items():
        made.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.disabled))
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(tokens.hairline))
    return made
