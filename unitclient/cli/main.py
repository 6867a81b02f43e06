"""`unitclient ...`: reads the command, runs it, says the outcome, returns the exit code.

Without a command it opens the window; the grammar and the workflows are imported for a command only, because the
window is shown before them.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from unitclient import texts
from unitclient.cli.output import FAILED, MENDABLE, USAGE, Answer, print_answer
from unitclient.cli.usage import Usage
from unitclient.errors import Cancelled, UserError
from unitclient.texts import ErrorTexts, error_texts, say, use_language

WORKER = "--worker"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, or show the window when none is given; exit codes are those of `unitclient.cli.output`."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    as_json = "--json" in arguments
    use_language(_language_of(arguments))
    if arguments[:1] == [WORKER]:
        return _work()
    try:
        answer = _desktop(arguments) if _asks_for_window(arguments) else _command(arguments)
        print_answer(answer, as_json)
    except Usage as usage:
        return _wrong_usage(usage, as_json)
    except UserError as refusal:
        return _refused(refusal.code, error_texts(refusal.code, refusal.params), as_json, refusal.mendable)
    except (Cancelled, KeyboardInterrupt):
        print(say("cli-cancelled"), file=sys.stderr)
        return MENDABLE
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except Exception as fault:  # the last catch: a fault of the program is reported, never swallowed
        return _fault(fault, _home_of(arguments), as_json)
    return answer.code


def _command(arguments: Sequence[str]) -> Answer:
    from unitclient.cli.parser import parse

    args = parse(arguments)
    answer: Answer = args.run(args)
    return answer


def _desktop(arguments: Sequence[str]) -> Answer:
    from unitclient.desktop.main import run

    return Answer(code=run(_home_of(arguments), _value_of(arguments, "--lang") or ""))


def _work() -> int:
    """The child process of the window (desktop.proc): nothing a person types."""
    from unitclient.desktop.proc.worker import main as work

    return work()


def _asks_for_window(arguments: Sequence[str]) -> bool:
    """Whether there is nothing but a home and a language."""
    rest = list(arguments)
    while rest and rest[0].startswith(("--home", "--lang")):
        rest = rest[1:] if "=" in rest[0] else rest[2:]
    return not rest


def _language_of(arguments: Sequence[str]) -> str:
    chosen = _value_of(arguments, "--lang")
    return chosen if chosen in texts.LANGUAGES else "zh"


def _home_of(arguments: Sequence[str]) -> Path:
    from unitclient.config import default_home

    chosen = _value_of(arguments, "--home")
    return Path(chosen) if chosen else default_home()


def _value_of(arguments: Sequence[str], option: str) -> str | None:
    for index, argument in enumerate(arguments):
        if argument == option and index + 1 < len(arguments):
            return arguments[index + 1]
        if argument.startswith(option + "="):
            return argument.partition("=")[2]
    return None


def _wrong_usage(usage: Usage, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": {"code": "usage", "what": usage.message}}, ensure_ascii=False))
    print(f"{usage.usage}\n{usage.message}", file=sys.stderr)
    return USAGE


def _refused(code: str, sentences: ErrorTexts, as_json: bool, mendable: bool) -> int:
    if as_json:
        print(json.dumps({"error": {"code": code, **sentences._asdict()}}, ensure_ascii=False))
    else:
        for sentence in sentences:
            print(sentence, file=sys.stderr)
    return MENDABLE if mendable else FAILED


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
    return _refused("fault", error_texts("fault", {"path": str(path), "kind": kind}), as_json, mendable=False)
