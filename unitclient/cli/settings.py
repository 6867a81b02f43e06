"""`unitclient config`: what may be set on this computer."""

from __future__ import annotations

import argparse

from unitclient.app import open_desk
from unitclient.cli.output import Answer, table
from unitclient.texts import say
from unitclient.workflows.settings import Setting, all_settings, change_setting, setting


def config(args: argparse.Namespace) -> Answer:
    """List all settings, show one, set it, or remove it."""
    if args.unset and not args.key:
        args.usage_error(say("config-unset-what"))
    with open_desk(args.home) as desk:
        if args.key is None:
            known = all_settings(desk.store)
            return Answer({"settings": {one.key: one.value for one in known}}, tuple(_table(known)))
        if args.value is None and not args.unset:
            return _answer(setting(desk.store, args.key), "config-shown")
        return _answer(
            change_setting(desk.store, args.key, args.value), "config-removed" if args.unset else "config-set"
        )


def _answer(one: Setting, text: str) -> Answer:
    line = say(text, setting=one.key, label=_label(one), value=_shown(one))
    return Answer({"key": one.key, "value": one.value}, (line,))


def _table(known: list[Setting]) -> list[str]:
    headers = [say("config-key"), say("config-meaning"), say("config-value")]
    return table(headers, [[one.key, _label(one), _shown(one)] for one in known])


def _shown(one: Setting) -> str:
    return say("config-not-set") if one.value is None else one.value


def _label(one: Setting) -> str:
    return say("setting-" + one.key.replace(".", "-").replace("_", "-"))
