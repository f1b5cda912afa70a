"""``hilo import-erp FOLDER``: what the background job does with HILO_ERP_FOLDER, here and now.

Ends with 0 when everything was taken, 1 when a row was refused, 2 when the folder cannot be used.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hilo.channels.erp.models import TakenFile, UnsettledRow
from hilo.channels.erp.running import Run, run_feed
from hilo.channels.imports.figures import grouped
from hilo.channels.imports.refused import Unreadable

NAME = "import-erp"
SUMMARY = gettext_noop("take the files that the ERP left in a folder")
DONE, REFUSED, UNUSABLE = 0, 1, 2
_LINE_EVERY = 1_000
_SHOWN = 10


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help=_("the folder with mapping.yaml and the files"))


def run(options: Namespace) -> int:
    try:
        done = run_feed(options.folder, now=timezone.now(), quiet=timedelta(0), tell=_tell)
    except Unreadable as sentence:
        sys.stderr.write(f"{sentence}\n")
        return UNUSABLE
    _say(done)
    return REFUSED if any(taken.refused for taken in done.taken) else DONE


def _tell(file: str, done: int, all_rows: int) -> None:
    if done % _LINE_EVERY == 0 and done:
        sys.stderr.write(f"{file}: {grouped(done)} / {grouped(all_rows)}\n")


def _say(done: Run) -> None:
    for taken in done.taken:
        sys.stdout.write(_line(taken) + "\n")
        for sentence in taken.refusals[:_SHOWN]:
            sys.stdout.write(f"  {sentence}\n")
        if taken.refused_file:
            said = _("  The refused rows are in refused/%(file)s, each with its reason.")
            sys.stdout.write(said % {"file": taken.refused_file} + "\n")
    if done.is_busy:
        sys.stdout.write(_("Somebody else is working through this folder now.") + "\n")
    elif not done.taken:
        sys.stdout.write(_("There was no new file.") + "\n")
    _say_waiting(done)


def _line(taken: TakenFile) -> str:
    said = _(
        "%(file)s: %(rows)s rows; %(added)s new, %(changed)s changed, %(same)s as before,"
        " %(waiting)s waiting, %(passed)s too old, %(refused)s refused (%(seconds)s s)"
    )
    names = ("rows", "added", "changed", "same", "waiting", "passed", "refused")
    figures = {name: grouped(getattr(taken, name)) for name in names}
    return said % {"file": taken.name, "seconds": taken.seconds, **figures}


def _say_waiting(done: Run) -> None:
    if done.settled:
        sys.stdout.write(_("%(n)s rows that had waited were settled.") % {"n": grouped(done.settled)} + "\n")
    waiting = UnsettledRow.objects.count()
    if waiting:
        sys.stdout.write(_("%(n)s rows wait for others.") % {"n": grouped(waiting)} + "\n")
