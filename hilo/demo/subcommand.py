"""``hilo demo``: the demo company in an empty data folder."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from django.core.management import call_command
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hilo.demo import load, sign_ins

NAME = "demo"
SUMMARY = gettext_noop("load the demo company into an empty data folder")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=1, help=_("another number, other quantities and hours"))


def run(options: Namespace) -> int:
    call_command("migrate", interactive=False, verbosity=0)
    load(seed=options.seed, tell=_show if sys.stderr.isatty() else None)
    _say(_("The demo company is loaded. Start Hilo and come in as any of these people:"))
    for each in sign_ins():
        _say(f"  {each.role}: {each.name}, {each.email}, {each.password}")
    return 0


def _show(done: int, days: int) -> None:
    sys.stderr.write("\r" + _("Day %(done)d of %(days)d") % {"done": done, "days": days})
    if done >= days:
        sys.stderr.write("\n")
    sys.stderr.flush()


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
