"""Where the program's own data lies: forms/, certs/ and resources/ beside the package, or inside the bundle."""

from __future__ import annotations

import sys
from pathlib import Path


def data_root() -> Path:
    """Folder that holds forms/, certs/ and resources/: the bundle's when frozen, else the source checkout."""
    bundle = getattr(sys, "_MEIPASS", None)
    return Path(bundle) if bundle else Path(__file__).resolve().parent.parent


def forms_root() -> Path:
    """Business forms: forms/<form>/<version>/form.toml."""
    return data_root() / "forms"


def certs_root() -> Path:
    """Trust anchors, PEM."""
    return data_root() / "certs"


def resources_root() -> Path:
    """Texts, policy packages, calendars, code tables, samples."""
    return data_root() / "resources"
