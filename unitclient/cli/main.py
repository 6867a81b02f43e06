"""`unitclient ...`: reads the command, runs it, says the outcome, returns the exit code."""

from __future__ import annotations

import io
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from unitclient.cli.globals import Words, split
from unitclient.cli.output import FAILED, MENDABLE, USAGE, Answer, print_answer, print_json
from unitclient.cli.parser import parse
from unitclient.cli.secrets import signing_in
from unitclient.cli.usage import Explained, Usage
from unitclient.errors import Cancelled, UserError
from unitclient.texts import LANGUAGES, error_texts, use_language


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit codes are those of `unitclient.cli.output`."""
    words = split(sys.argv[1:] if argv is None else argv)
    use_language(words.language)
    _prepare_streams(words.as_json)
    try:
        return _outcome(words)
    except BrokenPipeError:
        _drop(sys.stdout)  # whoever read it has gone; there is nobody to tell
        return FAILED
    except OSError as failure:
        _drop(sys.stdout)
        return _refused(UserError("output-unwritable", mendable=False, reason=failure.strerror or ""), False)


def _outcome(words: Words) -> int:
    try:
        answer = _run(words)
    except Explained as explained:
        answer = Answer({explained.key: explained.text}, (explained.text,))
    except Usage as usage:
        return _wrong_usage(usage, words.as_json)
    except UserError as refusal:
        return _refused(refusal, words.as_json)
    except (Cancelled, KeyboardInterrupt):
        return _refused(UserError("cancelled"), words.as_json)
    except Exception as fault:  # the last catch: a fault of the program is reported, never swallowed
        return _fault(fault, words.home, words.as_json)
    print_answer(answer, words.as_json)
    return answer.code


def _run(words: Words) -> Answer:
    args = parse(words)
    signing_in(args)
    module, _, name = str(args.run).partition(":")
    run: Callable[[Any], Answer] = getattr(import_module(f"unitclient.cli.{module}"), name)
    return run(args)


def refuse(refusal: UserError, language: str = "") -> int:
    """Say a refusal of the window's start; `language` is chosen first where it is one."""
    if language in LANGUAGES:
        use_language(language)
    return _refused(refusal, False)


def _prepare_streams(as_json: bool) -> None:
    """A machine reads UTF-8 whatever the terminal speaks; what a terminal cannot show never ends the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = "utf-8" if as_json and stream is sys.stdout else stream.encoding
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _drop(stream: Any) -> None:
    """Forget what was not written, so that ending the program does not try once more."""
    try:
        stream.close()
    except OSError:
        return


def _wrong_usage(usage: Usage, as_json: bool) -> int:
    reason = usage.reason[:1].upper() + usage.reason[1:]
    refusal = UserError("usage", reason=reason, help=usage.help_command)
    if not as_json and usage.usage:
        print(usage.usage, file=sys.stderr)
    _refused(refusal, as_json, usage=usage.usage)
    return USAGE


def _refused(refusal: UserError, as_json: bool, **more: str) -> int:
    sentences = error_texts(refusal.code, refusal.params)
    if as_json:
        print_json({"error": {"code": refusal.code, **sentences._asdict(), **more}})
    else:
        for sentence in sentences:
            print(sentence, file=sys.stderr)
    return MENDABLE if refusal.mendable else FAILED


def _fault(fault: Exception, home: Path, as_json: bool) -> int:
    # Frames and the kind of the exception only: its message may hold what somebody typed.
    kind = type(fault).__name__
    report = "".join(traceback.format_tb(fault.__traceback__)) + kind + "\n"
    path = home / "logs" / "fault.txt"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(report, "utf-8")
    except OSError:
        print(report, file=sys.stderr)
    return _refused(UserError("fault", mendable=False, path=path, kind=kind), as_json)
