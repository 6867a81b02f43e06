"""How the desktop looks: tokens, palette, fonts, style, the little QSS there is, delegates and icons.

Colours are made here and nowhere else: pages name a token, models name a state.
"""
