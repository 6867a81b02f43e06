"""The command line was wrong, or asked only for an explanation: the two ways in which no command runs."""

from __future__ import annotations

import re

from unitclient.texts import say

_PATTERNS = (
    (r"the following arguments are required: (?P<names>.+)", "usage-required"),
    (r"unrecognized arguments: (?P<names>.+)", "usage-unrecognised"),
    (r"argument (?P<name>.+?): invalid choice: (?P<value>'.*'|\".*\") \(choose from (?P<known>.+)\)", "usage-choice"),
    (r"argument (?P<name>.+?): expected one argument", "usage-one-value"),
    (r"argument (?P<name>.+?): ignored explicit argument (?P<value>'.*'|\".*\")", "usage-no-value"),
    (r"argument (?P<name>.+?): invalid int value: (?P<value>'.*'|\".*\")", "usage-whole-number"),
    (r"argument (?P<name>.+?): invalid float value: (?P<value>'.*'|\".*\")", "usage-number"),
    (r"argument (?P<name>.+?): not allowed with argument (?P<other>.+)", "usage-conflict"),
    (r"argument (?P<name>.+?): (?P<reason>.+)", "usage-argument"),
)
"""What argparse says, in its own words, and the text that says it in the language in use."""


class Usage(Exception):  # noqa: N818 - not an error of the program: the command line was wrong
    """Wrong usage. `usage` is how the command is written, `reason` what is wrong, `help_command` what explains it."""

    def __init__(self, usage: str, reason: str, help_command: str = "unitclient --help") -> None:
        super().__init__(reason)
        self.usage = usage
        self.reason = reason
        self.help_command = help_command


class Explained(Exception):  # noqa: N818 - the answer to --help or --version, raised from inside the grammar
    """What was asked for is `text`; `key` is its name in the JSON answer ("help" or "version")."""

    def __init__(self, key: str, text: str) -> None:
        super().__init__(key)
        self.key = key
        self.text = text


def in_our_words(message: str) -> str:
    """What the grammar complains about, in the language in use; a complaint nobody foresaw stays as it is."""
    for pattern, key in _PATTERNS:
        match = re.fullmatch(pattern, message, re.DOTALL)
        if match:
            return say(key, **{name: _plain(text) for name, text in match.groupdict().items()})
    return message


def _plain(text: str) -> str:
    """Without Python's quotation marks: 'a', 'b' becomes a, b."""
    return re.sub(r"'([^']*)'", r"\1", text)
