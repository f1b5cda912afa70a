"""``hilo demo``: the demo company in an empty data folder."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from django.core.management import call_command
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hilo.demo import SIZES, load, load_many, sign_ins

BAR = 30
NAME = "demo"
SUMMARY = gettext_noop("load the demo company into an empty data folder")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--size",
        choices=["small", *SIZES],
        default="small",
        help=_("small is the demo company; medium and large are many like it: 10,000 or 100,000 threads"),
    )
    parser.add_argument("--seed", type=int, default=1, help=_("another number, other quantities and hours"))


def run(options: Namespace) -> int:
    call_command("migrate", interactive=False, verbosity=0)
    is_watched = sys.stderr.isatty()
    days, threads = (_show_days, _show_threads) if is_watched else (None, None)
    if options.size == "small":
        load(seed=options.seed, tell=days)
    else:
        load_many(SIZES[options.size], seed=options.seed, tell=days, tell_threads=threads)
    _say(_("The demo company is loaded. Start Hilo and come in as any of these people:"))
    for each in sign_ins():
        _say(f"  {each.role}: {each.name}, {each.email}, {each.password}")
    return 0


def _show_days(done: int, days: int) -> None:
    _show(_("Day %(done)d of %(days)d") % {"done": done, "days": days}, done / days)


def _show_threads(done: int, threads: int) -> None:
    _show(_("Thread %(done)d of %(threads)d") % {"done": done, "threads": threads}, done / threads)


def _show(sentence: str, share: float) -> None:
    full = round(BAR * min(share, 1))
    sys.stderr.write(f"\r{'█' * full}{'░' * (BAR - full)} {sentence}")
    if share >= 1:
        sys.stderr.write("\n")
    sys.stderr.flush()


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
