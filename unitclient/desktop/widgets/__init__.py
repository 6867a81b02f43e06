"""Widgets that every page uses. All have a name for assistive technology and take their colours from the theme."""
