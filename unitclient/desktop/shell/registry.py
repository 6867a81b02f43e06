"""Which pages there are, by name. Their specs are light; a page's view is imported when it is first shown."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from unitclient.desktop.pages.base import PageSpec

PAGES = (
    "dashboard", "roster", "business", "review", "sign", "queue", "records", "payments", "queries", "documents",
    "notices", "accounts", "units", "keys", "operators", "settings", "diagnostics",
)  # fmt: skip
"""Folders under unitclient/desktop/pages; one that is not there is left out of the navigation."""

HOOKS = (
    "unitclient.desktop.dialogs.unlock",
    "unitclient.desktop.dialogs.first_run",
    "unitclient.desktop.dialogs.import_wizard",
    "unitclient.desktop.pages.units.hook",
    "unitclient.desktop.pages.queue.auto_sync",
    "unitclient.desktop.guard",
)
"""Modules with `install(services, window)`, called once when the session was opened; absent ones are left out."""

_PACKAGE = "unitclient.desktop.pages"


def exists(module: str) -> bool:
    """Whether a module is there; nothing but its parent packages is imported."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def import_page(page_id: str) -> None:
    """Import what a page is made of, so that making it is quick."""
    for part in ("view", "page"):
        name = f"{_PACKAGE}.{page_id}.{part}"
        if exists(name):
            import_module(name)


def import_first_page() -> None:
    """Import what the page shown first is made of."""
    for spec in page_specs()[:1]:
        import_page(spec.id)


def import_hooks() -> None:
    """Import the hook modules that are there."""
    for name in HOOKS:
        if exists(name):
            import_module(name)


def page_specs() -> list[PageSpec]:
    """The specs of all pages that are there, in the order of the navigation; those without a place come last."""
    modules = [import_module(f"{_PACKAGE}.{name}") for name in PAGES if exists(f"{_PACKAGE}.{name}")]
    found: list[PageSpec] = [module.SPEC for module in modules if hasattr(module, "SPEC")]
    return sorted(found, key=lambda spec: (spec.nav == 0, spec.nav))
