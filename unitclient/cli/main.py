"""`unitclient ...`: reads the command, runs it, says the outcome, returns the exit code."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from unitclient import texts
from unitclient.cli.output import FAILED, MENDABLE, USAGE, Answer, print_answer
from unitclient.cli.parser import parse
from unitclient.cli.usage import Usage
from unitclient.config import default_home, value_of
from unitclient.errors import Cancelled, UserError
from unitclient.texts import ErrorTexts, error_texts, say, use_language


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit codes are those of `unitclient.cli.output`."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    as_json = "--json" in arguments
    use_language(_language_of(arguments))
    try:
        args = parse(arguments)
        answer: Answer = args.run(args)
        print_answer(answer, as_json)
    except Usage as usage:
        return _wrong_usage(usage, as_json)
    except UserError as refusal:
        return refuse(refusal, as_json=as_json)
    except (Cancelled, KeyboardInterrupt):
        print(say("cli-cancelled"), file=sys.stderr)
        return MENDABLE
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except Exception as fault:  # the last catch: a fault of the program is reported, never swallowed
        return _fault(fault, _home_of(arguments), as_json)
    return answer.code


def refuse(refusal: UserError, language: str = "", *, as_json: bool = False) -> int:
    """Say a refusal; `language` is chosen first where it is one."""
    if language in texts.LANGUAGES:
        use_language(language)
    return _refused(refusal.code, error_texts(refusal.code, refusal.params), as_json, refusal.mendable)


def _language_of(arguments: Sequence[str]) -> str:
    chosen = value_of(arguments, "--lang")
    return chosen if chosen in texts.LANGUAGES else "zh"


def _home_of(arguments: Sequence[str]) -> Path:
    chosen = value_of(arguments, "--home")
    return Path(chosen) if chosen else default_home()


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
