"""The style sheet: named frames, labels and the primary button. Never for item views, fields or combo boxes.

A QSS background or border on a table view breaks its blit scrolling (six times the painted area), and one on a combo
box breaks its frame; those get their look from palette, style and delegates.
"""

from __future__ import annotations

from unitclient.desktop.theme.tokens import BUTTON_HEIGHT, CARD_RADIUS, RADIUS, Tokens


def style_sheet(tokens: Tokens, font_size: int = 9) -> str:
    """The whole style sheet for a scheme."""
    return "\n".join(
        (
            _frames(tokens),
            _labels(tokens, font_size),
            _buttons(tokens),
            *(_state(tokens, state) for state in ("ok", "warn", "err", "info", "off")),
        )
    )


def _frames(tokens: Tokens) -> str:
    return f"""
QFrame#card {{ background: {tokens.surface}; border: 1px solid {tokens.hairline}; border-radius: {CARD_RADIUS}px; }}
QFrame#topBar {{ background: {tokens.surface}; border: 0; border-bottom: 1px solid {tokens.hairline}; }}
QFrame#statusBar {{ background: {tokens.surface}; border: 0; border-top: 1px solid {tokens.hairline}; }}
QFrame#accentStrip {{ background: {tokens.accent}; border: 0; }}
QFrame#accentStrip[practice="true"] {{ background: {tokens.warn}; }}
QFrame#navFrame {{ background: {tokens.nav}; border: 0; border-right: 1px solid {tokens.hairline}; }}
QFrame#line {{ background: {tokens.hairline}; border: 0; max-height: 1px; min-height: 1px; }}
QFrame#upright {{ background: {tokens.hairline}; border: 0; max-width: 1px; min-width: 1px; }}
QToolTip {{ background: {tokens.raised}; color: {tokens.text}; border: 1px solid {tokens.outline}; padding: 4px; }}
"""


def _labels(tokens: Tokens, size: int) -> str:
    return f"""
QLabel#pageTitle {{ font-size: {size + 5}pt; font-weight: 600; color: {tokens.text}; }}
QLabel#sectionTitle {{ font-size: {size + 2}pt; font-weight: 600; color: {tokens.text}; }}
QLabel#strong {{ font-weight: 600; }}
QLabel#secondary {{ color: {tokens.text2}; }}
QLabel#hint {{ color: {tokens.hint}; }}
QLabel#error {{ color: {tokens.err}; }}
QLabel#warning {{ color: {tokens.warn}; }}
QLabel#number {{ font-size: {size + 13}pt; font-weight: 600; color: {tokens.text}; }}
QLabel#number[tone="warn"] {{ color: {tokens.warn}; }}
QLabel#number[tone="err"] {{ color: {tokens.err}; }}
"""


def _buttons(tokens: Tokens) -> str:
    return f"""
QPushButton {{ background: {tokens.raised}; color: {tokens.text}; border: 1px solid {tokens.outline};
  border-radius: {RADIUS}px; padding: 0 12px; min-height: {BUTTON_HEIGHT - 2}px; }}
QPushButton:hover {{ border-color: {tokens.accent}; color: {tokens.accent}; }}
QPushButton:pressed, QPushButton:checked {{ background: {tokens.info_tint}; border-color: {tokens.accent}; }}
QPushButton:focus {{ border: 2px solid {tokens.accent}; padding: 0 11px; min-height: {BUTTON_HEIGHT - 4}px; }}
QPushButton:disabled {{ color: {tokens.disabled}; border-color: {tokens.hairline}; background: {tokens.window}; }}
QPushButton#primary {{ background: {tokens.accent}; color: {tokens.accent_on}; border: 1px solid {tokens.accent};
  font-weight: 600; }}
QPushButton#primary:hover {{ background: {tokens.accent_hover}; color: {tokens.accent_on}; }}
QPushButton#primary:focus {{ border: 2px solid {tokens.text}; padding: 0 11px; min-height: {BUTTON_HEIGHT - 4}px; }}
QPushButton#primary:disabled {{ background: {tokens.hairline}; color: {tokens.text2};
  border-color: {tokens.hairline}; }}
QPushButton#danger {{ color: {tokens.err}; border-color: {tokens.err}; }}
QPushButton#link {{ border: 1px solid transparent; background: transparent; color: {tokens.accent}; padding: 0 4px; }}
QPushButton#link:hover {{ color: {tokens.accent_hover}; text-decoration: underline; }}
QPushButton#danger:disabled, QPushButton#link:disabled {{ color: {tokens.disabled}; }}
QPushButton#danger:disabled {{ border-color: {tokens.hairline}; }}
QPushButton#link:focus {{ border: 2px solid {tokens.accent}; padding: 0 3px; }}
QPushButton#flat {{ border: 1px solid transparent; background: transparent; padding: 0 8px; text-align: left; }}
QPushButton#flat:hover {{ background: {tokens.off_tint}; color: {tokens.text}; }}
QPushButton#flat:checked {{ background: {tokens.info_tint}; color: {tokens.info}; border-color: {tokens.accent}; }}
QPushButton#flat:focus {{ border: 2px solid {tokens.accent}; padding: 0 7px; }}
QPushButton::menu-indicator {{ image: none; width: 0; }}
"""


def _state(tokens: Tokens, state: str) -> str:
    text, tint = tokens.by_name(state), tokens.by_name(f"{state}_tint")
    return f"""
QFrame#banner[state="{state}"] {{ background: {tint}; border: 1px solid {text}; border-radius: {RADIUS}px; }}
QFrame#notice[state="{state}"] {{ background: {tint}; border: 0; border-bottom: 1px solid {text}; }}
QFrame#notice[state="{state}"] QLabel#bannerSign {{ color: {text}; font-weight: 600; }}
QFrame#banner[state="{state}"] QLabel {{ color: {tokens.text}; }}
QFrame#banner[state="{state}"] QLabel#bannerSign {{ color: {text}; font-weight: 600; }}
QLabel[note="{state}"] {{ color: {text}; background: {tint}; border-radius: {RADIUS}px; padding: 3px 10px; }}
QLabel[pill="{state}"] {{ color: {text}; background: {tint}; border-radius: {RADIUS}px; padding: 1px 8px; }}
"""
