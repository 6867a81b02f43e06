"""Which pictures there are, and what their files are called."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.screenshots.worlds import EMPTY, ERROR, NORMAL, STATES

SCALES = (1.0, 1.5, 2.0)
SIZES = {1.0: (1366, 768), 1.5: (910, 512), 2.0: (960, 540)}
"""Logical size of the window by scale: 1366 x 768 at 100 and 150 %, 1920 x 1080 at 200 %."""
LANGUAGES = ("zh", "en")
PAGES = ("dashboard", "roster", "business", "review", "sign", "queue", "records", "payments", "queries", "documents",
         "notices", "accounts", "units", "operators", "keys", "settings", "diagnostics")  # fmt: skip
DIALOGS: dict[str, tuple[str, ...]] = {
    "pin": (NORMAL, "many", ERROR),
    "import-file": (EMPTY, ERROR),
    "import-match": (NORMAL, ERROR),
    "import-preview": (NORMAL, ERROR),
    "import-run": (NORMAL,),
    "import-result": (NORMAL, ERROR),
    "first-mode": (NORMAL,),
    "first-practice": (NORMAL,),
    "first-real": (NORMAL, ERROR),
    "first-keeping": (NORMAL, ERROR),
    "first-done": (NORMAL,),
    "unlock": (NORMAL, ERROR),
    "certificate": (NORMAL, "upgrade", ERROR),
    "passphrase": (NORMAL, ERROR),
    "lock": (NORMAL, ERROR),
    "restore": (EMPTY, NORMAL, ERROR),
    "operator": (NORMAL, ERROR),
    "recover": (NORMAL, "code"),
    "diagnosis": (NORMAL,),
    "report": (NORMAL, "many"),
    "palette": (NORMAL, EMPTY),
    "help": (NORMAL,),
    "about": (NORMAL,),
    "confirm": (NORMAL, "danger"),
    "refusal": (ERROR,),
    "bulk": (NORMAL, ERROR),
    "masked": (NORMAL,),
    "units-batch": (NORMAL,),
    "reconcile": (NORMAL,),
    "knowledge": (NORMAL,),
    "messages": (NORMAL,),
    "ticket": (NORMAL,),
    "query-centre": (NORMAL,),
}
"""Dialogs and their states, and pages at another place than they open: `masked` is the roster with values hidden."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture."""

    name: str
    state: str
    theme: str
    scale: float
    language: str

    def path(self, folder: Path) -> Path:
        """Its file: page, state, theme, scale, language."""
        return folder / f"{self.name}-{self.state}-{self.theme}-{self.scale * 100:.0f}-{self.language}.png"


@dataclass(frozen=True)
class Plan:
    """What is wanted. No names mean all."""

    names: tuple[str, ...] = ()
    states: tuple[str, ...] = STATES
    themes: tuple[str, ...] = ("light", "dark")
    scales: tuple[float, ...] = SCALES
    languages: tuple[str, ...] = LANGUAGES

    def write(self, path: Path) -> None:
        """Keep it for the processes that take the pictures."""
        path.write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def read(cls, path: Path) -> Plan:
        """What `write` kept."""
        return cls(**{name: tuple(value) for name, value in json.loads(path.read_text("utf-8")).items()})


def looks(plan: Plan, scale: float) -> Iterator[tuple[str, str]]:
    """(theme, language) of one scale; English only at 100 % in light, where it is looked at for its length."""
    for theme in plan.themes:
        if "zh" in plan.languages:
            yield theme, "zh"
        if "en" in plan.languages and scale == 1.0 and theme == "light":
            yield theme, "en"


def wanted_pages(plan: Plan) -> list[tuple[str, str]]:
    """(page, state) that are wanted."""
    pages = [one for one in PAGES if not plan.names or one in plan.names]
    return [(one, state) for one in pages for state in plan.states]


def wanted_dialogs(plan: Plan) -> list[tuple[str, str]]:
    """(dialog, state) that are wanted. A state of its own comes along with `normal`."""
    named = [one for one in DIALOGS if not plan.names or one in plan.names]
    return [(one, state) for one in named for state in DIALOGS[one] if state in plan.states or state not in STATES]


def shots(plan: Plan) -> list[Shot]:
    """All pictures of a plan."""
    both = [*wanted_pages(plan), *wanted_dialogs(plan)]
    return [Shot(name, state, theme, scale, language) for scale in plan.scales
            for theme, language in looks(plan, scale) for name, state in both]  # fmt: skip


def report_path(folder: Path, scale: float) -> Path:
    """Where the process of a scale tells what it found wrong."""
    return folder / f"problems-{scale * 100:.0f}.txt"


def read_report(folder: Path, scale: float) -> list[str]:
    """What it told; that it told nothing is told as well."""
    path = report_path(folder, scale)
    return path.read_text("utf-8").splitlines() if path.exists() else [f"no report at {scale * 100:.0f} %"]
