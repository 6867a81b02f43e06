"""The desktop: windows, pages and dialogs over the workflows. The only room that knows Qt (docs/desktop.md)."""
