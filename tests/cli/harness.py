"""The command line as its users meet it: words in, exit code and text out, by the same rules for every command."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unitclient.cli.main import main
from unitclient.domain.period import Period
from unitclient.texts import use_language

Json = dict[str, Any]
SENTENCES = ("what", "why", "fix")
PROGRAM = Path(sys.executable).with_name("unitclient")
HEADERS = ("姓名", "证件号码", "参保年月", "缴费工资")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Ran:
    """What a command left: exit code, the JSON object (or text), and what went to standard error."""

    code: int
    data: Json
    out: str
    err: str

    @property
    def refusal(self) -> str:
        """Code of the refusal, "" when there is none."""
        return str(self.data.get("error", {}).get("code", ""))


def run(home: Path | None, *words: object, lang: str = "zh") -> Ran:
    """A command with --json, inside this process. Holds every answer to the rules that all commands share."""
    ahead = ["--json", "--lang", lang, *(["--home", str(home)] if home else [])]
    code, out, err = _inside([*ahead, *map(str, words)])
    return held_to_the_rules(Ran(code, _one_object(out), out, err), lang)


def read(home: Path | None, *words: object, lang: str = "zh") -> Ran:
    """The same command for people: text instead of JSON."""
    ahead = ["--lang", lang, *(["--home", str(home)] if home else [])]
    code, out, err = _inside([*ahead, *map(str, words)])
    return Ran(code, {}, out, err)


def spawn(home: Path, *words: object, lang: str = "zh", **env: str) -> Ran:
    """A command with --json as a process of its own, by the program that was installed."""
    line = [str(PROGRAM), "--json", "--home", str(home), "--lang", lang, *map(str, words)]
    done = subprocess.run(
        line, stdin=subprocess.DEVNULL, capture_output=True, timeout=180, env={**os.environ, **env}, check=False
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    return held_to_the_rules(Ran(done.returncode, _one_object(out), out, err), lang)


def held_to_the_rules(ran: Ran, lang: str) -> Ran:
    """One JSON object; an exit code that fits; a refusal in three sentences of the language asked for."""
    assert ran.code in (0, 1, 2, 3)
    assert "Traceback" not in ran.err
    told = ran.data.get("error")
    if told is None:
        assert ran.code in (0, 1, 3)
        return ran
    assert ran.code in ((2,) if told["code"] == "usage" else (1, 3))
    sentences = [told[part] for part in SENTENCES]
    assert all(sentences)
    assert all(_is_chinese(sentence) for sentence in sentences) if lang == "zh" else not _is_chinese(sentences[0])
    return ran


def _is_chinese(text: str) -> bool:
    return any("一" <= character <= "鿿" for character in text)


def _one_object(out: str) -> Json:
    told: Json = json.loads(out)
    assert isinstance(told, dict)
    assert out.endswith("\n")
    return told


def _inside(words: Sequence[str]) -> tuple[int, str, str]:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main(words)
    finally:
        use_language("zh")
    return code, _text(out), _text(err)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode("utf-8")


def resident_id(number: int, birth: str = "19900307") -> str:
    """A made-up resident ID (GB 11643) of 成都锦江; `number` from 0 to 999."""
    body = f"510104{birth}{number:03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def staff(count: int, month: Period | str, first: int = 0) -> list[list[str | int]]:
    """Rows of people who join in a month."""
    names = ("王伟", "李娜", "欧阳建国", "阿不都·热合曼", "张䶮")
    return [
        [names[index % len(names)], resident_id(first + index), str(month), 6000 + 10 * index] for index in range(count)
    ]


def this_month() -> Period:
    """The month it is, in China."""
    from unitclient.clock import CHINA, SystemClock

    return Period.of(SystemClock().now().astimezone(CHINA).date())


def workbook(path: Path, rows: Sequence[Sequence[object]], headers: Sequence[str] = HEADERS) -> Path:
    """An .xlsx file as a clerk would make it."""
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for row in (headers, *rows):
        book.active.append(list(row))
    book.save(path)
    return path


@contextmanager
def practice(home: Path, *words: object) -> Iterator[Json]:
    """A home with a running practice centre and its unit."""
    started = spawn(home, "practice", "start", *words)
    assert started.code == 0, started.out
    try:
        yield started.data
    finally:
        assert spawn(home, "practice", "stop").code == 0
