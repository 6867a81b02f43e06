"""How a PIN reaches the program from a terminal: typed without echo, or the first line of a file. Never by argument."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

from unitclient.errors import Cancelled, UserError
from unitclient.texts import say
from unitclient.workflows.centre_process import pin_file
from unitclient.workflows.unit_keys import PinFromFile
from unitclient.workflows.values import PinAsk, PinPrompt, PinState, Unit


class TerminalPrompt:
    """Asks on the terminal, and says beforehand how near the lock is."""

    def ask(self, question: PinAsk) -> str:
        """The PIN as typed; an empty line cancels. UserError pin-no-terminal when there is nobody to ask."""
        if question.on_device:
            print(say("pin-ask-on-device", label=question.token_label), file=sys.stderr)
            return ""
        if not sys.stdin.isatty():
            raise UserError("pin-no-terminal")
        if question.pin_state in (PinState.LOW, PinState.FINAL):
            print(say(f"pin-state-{question.pin_state.value}"), file=sys.stderr)
        if question.tries_left is not None:
            print(say("pin-tries", tries=question.tries_left), file=sys.stderr)
        try:
            pin = getpass.getpass(say("pin-ask", label=question.token_label) + say("colon"), stream=sys.stderr)
        except EOFError as ended:
            raise Cancelled from ended
        if not pin:
            raise Cancelled
        return pin


def pin_prompt(path: Path | None) -> PinPrompt:
    """Ask the file when one is named, else the terminal."""
    return PinFromFile(path) if path else TerminalPrompt()


def unit_prompt(home: Path, unit: Unit, path: Path | None, *, practice_pin: bool = False) -> PinPrompt:
    """The same; a practice unit without terminal (or with `practice_pin`) takes the PIN its centre wrote down."""
    if path is None and unit.practice and (practice_pin or not sys.stdin.isatty()):
        return PinFromFile(pin_file(home))
    return pin_prompt(path)
