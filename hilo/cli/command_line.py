"""Reads the command line and hands it to a subcommand.

A package adds its own by having a module ``subcommand.py`` with ``NAME``, ``SUMMARY`` (marked with
``gettext_noop``), ``add_arguments(parser)`` and ``run(options) -> int``; it is found, not listed here. When
those functions are called, Django is set up and speaks the terminal's language.
"""

from __future__ import annotations

import os
import sys
from argparse import REMAINDER, ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from gettext import gettext as _
from importlib import import_module
from pathlib import Path

from hilo.cli import diagnose
from hilo.cli.catalogues import compile_stale_catalogues
from hilo.cli.language import choose_language

PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Subcommand:
    name: str
    summary: str
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        return understand(arguments)
    except KeyboardInterrupt:
        return 130


def understand(arguments: Sequence[str] | None) -> int:
    language = choose_language()
    compile_stale_catalogues(PACKAGE)
    words = sys.argv[1:] if arguments is None else list(arguments)
    if words[:1] == ["diagnose"]:
        return diagnose.main(words[1:], language)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hilo.settings.production")
    if problem := set_up_django(language):
        print(problem, file=sys.stderr)
        return 2
    options = make_parser().parse_args(arguments)
    return obey(options.subcommand, options)


def set_up_django(language: str) -> str:
    """What keeps Hilo from starting at all, in a sentence; nothing when it can."""
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.utils import translation

    try:
        django.setup()
    except (OSError, ImproperlyConfigured, ValueError) as problem:
        return (
            _("Hilo cannot start. Look at HILO_DATA, DATABASE_URL and the HILO_ settings:") + f"\n  {problem}"
        )
    translation.activate(language)
    return ""


def make_parser() -> ArgumentParser:
    parser = ArgumentParser(prog="hilo", description=_("Every customer engagement on one thread."))
    choices = parser.add_subparsers(required=True, metavar=_("COMMAND"), title=_("commands"))
    for subcommand in [*own_subcommands(), *found_subcommands()]:
        one = choices.add_parser(subcommand.name, help=subcommand.summary, description=subcommand.summary)
        subcommand.add_arguments(one)
        one.set_defaults(subcommand=subcommand)
    return parser


def obey(subcommand: Subcommand, options: Namespace) -> int:
    from hilo.errors import RuleViolation

    try:
        return subcommand.run(options)
    except RuleViolation as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except BrokenPipeError:  # ``hilo verify | head``
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def own_subcommands() -> list[Subcommand]:
    return [
        Subcommand("run", _("start Hilo: the web and the background work"), run_arguments, run),
        Subcommand("diagnose", diagnose.summary(), diagnose.add_arguments, diagnose.run),
        Subcommand("migrate", _("bring the database up to date"), no_arguments, migrate),
        Subcommand("verify", _("re-compute all history and name the first break"), no_arguments, verify),
        Subcommand("doctor", _("say what is well and what is not"), no_arguments, doctor),
        Subcommand("worker", _("do the background work alone"), worker_arguments, worker),
        Subcommand("manage", _("Django's own commands"), manage_arguments, manage),
    ]


def found_subcommands() -> list[Subcommand]:
    return [_found(file) for file in sorted(PACKAGE.rglob("subcommand.py"))]


def _found(file: Path) -> Subcommand:
    from django.utils.translation import gettext

    module = import_module(".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts))
    return Subcommand(module.NAME, gettext(module.SUMMARY), module.add_arguments, module.run)


def no_arguments(parser: ArgumentParser) -> None:
    """This subcommand takes none."""


def run_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help=_("the address to listen on"))
    parser.add_argument("--empty", action="store_true", help=_("do not load the demo company"))


def run(options: Namespace) -> int:
    from hilo.cli.running import run_hilo

    return run_hilo(host=options.host, with_demo=not options.empty)


def migrate(options: Namespace) -> int:
    from hilo.cli.preparing import prepare_database
    from hilo.cli.waiting import Progress

    prepare_database(Progress())
    print(_("The database is up to date."))
    return 0


def verify(options: Namespace) -> int:
    from hilo.ledger.verify import verify as verify_history

    verdict = verify_history(_progress if sys.stderr.isatty() else None)
    print(verdict)
    return 0 if verdict.holds else 1


def _progress(done: int, total: int) -> None:
    print(f"\r{done:,} / {total:,} ", end="\n" if done >= total else "", file=sys.stderr, flush=True)


def doctor(options: Namespace) -> int:
    from hilo.cli.doctor import examine

    return examine()


def worker_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--name", help=_("its name in the list of workers"))
    parser.add_argument("--parent", type=int, help=_("stop when the process with this number has ended"))


def worker(options: Namespace) -> int:
    from hilo.jobs.worker import run_worker

    run_worker(name=options.name, parent=options.parent)
    return 0


def manage_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("arguments", nargs=REMAINDER, help=_("the command and what it takes"))


def manage(options: Namespace) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["hilo manage", *options.arguments])
    return 0
