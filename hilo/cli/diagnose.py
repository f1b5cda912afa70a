"""``hilo diagnose``: from any event log to a report, without Django or a database, so it starts at once."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from gettext import gettext as _
from pathlib import Path
from typing import TYPE_CHECKING

from hilo.cli.language import speak_in

if TYPE_CHECKING:
    from hilo.insight.diagnosing import Phase
    from hilo.insight.mapping import Question
    from hilo.insight.results import Diagnosis

COLUMNS = ("case", "activity", "time", "start", "person", "area", "site", "customer", "due", "amount")
LANGUAGES = ("es", "en")
WIDEST = 100


def main(arguments: Sequence[str], language: str) -> int:
    asked = _language_in(arguments) or language
    speak_in(asked)  # before the parser: its help and its errors are the command's own words as well
    parser = ArgumentParser(prog="hilo diagnose", description=summary())
    add_arguments(parser)
    options = parser.parse_args(arguments)
    options.lang = options.lang or asked
    try:
        return run(options)
    except BrokenPipeError:  # ``hilo diagnose log.csv | head``
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _language_in(arguments: Sequence[str]) -> str | None:
    """What --lang says, read ahead; whatever is no language of ours, the parser refuses later."""
    first = ArgumentParser(add_help=False, exit_on_error=False, allow_abbrev=False)
    first.add_argument("--lang", nargs="?")
    said = first.parse_known_args(list(arguments))[0].lang
    return said if said in LANGUAGES else None


def summary() -> str:
    return _("say from an event log where customers fall between areas")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", type=Path, metavar=_("FILE"), help=_("CSV, Excel, XES, OCEL, ...")
    )
    parser.add_argument("--example", action="store_true", help=_("the example log that comes with Hilo"))
    for name, what in zip(COLUMNS, _column_words(), strict=True):
        parser.add_argument(f"--{name}", metavar=_("COLUMN"), help=what)
    parser.add_argument("--calendar", type=Path, metavar="YAML", help=_("working hours and holidays"))
    parser.add_argument("--meaning", type=Path, metavar="YAML", help=_("which activities mean what"))
    parser.add_argument("--template", type=Path, metavar=_("FILE"), help=_("how it should run: YAML or BPMN"))
    parser.add_argument("--zone", help=_("the zone of times that name none, for example Europe/Madrid"))
    parser.add_argument(
        "--engine",
        choices=("duckdb", "postgres"),
        help=_("count in a database; postgres: that of DATABASE_URL"),
    )
    parser.add_argument("--lang", choices=LANGUAGES, help=_("the language of the report"))
    parser.add_argument("--html", type=Path, metavar=_("FILE"), help=_("where to write the report"))
    parser.add_argument("--json", type=Path, metavar=_("FILE"), help=_("where to write the figures"))


def _column_words() -> tuple[str, ...]:
    return (
        _("what belongs together: the order, the ticket"),
        _("what happened"),
        _("when it happened, or ended"),
        _("when it began"),
        _("who did it"),
        _("the area or team"),
        _("the branch"),
        _("the customer"),
        _("until when it was promised"),
        _("the money"),
    )


def run(options: Namespace) -> int:
    from hilo.insight.raw import Unreadable
    from hilo.insight.speaking import speak

    files = _files(options)
    if not files:
        print(_("Name a file to look at, or --example for the one that comes with Hilo."), file=sys.stderr)
        return 2
    try:
        diagnosis = _diagnose(files, options)
    except Unreadable as refusal:
        _clear_line()
        print(speak(refusal.said, options.lang), file=sys.stderr)
        return 1
    return _write(diagnosis, options, files[0])


def _files(options: Namespace) -> list[Path]:
    from hilo.insight import example

    return [example.path()] if options.example else list(options.files)


def _diagnose(files: list[Path], options: Namespace) -> Diagnosis:
    from hilo.insight.diagnosing import Asked, diagnose
    from hilo.insight.raw import Role

    given = {Role(name): value for name in COLUMNS if (value := getattr(options, name))}
    asked = Asked(
        columns=given,
        calendar=options.calendar,
        meaning=options.meaning,
        template=options.template,
        zone=options.zone,
        engine=os.environ.get("DATABASE_URL", "") if options.engine == "postgres" else options.engine,
    )
    somebody_there = sys.stdin.isatty() and sys.stderr.isatty()
    return diagnose(
        files,
        asked,
        tell=_tell if sys.stderr.isatty() else None,
        ask=_ask if somebody_there else None,
    )


def _ask(question: Question) -> str | None:
    """The candidates by number; Enter leaves the first, 0 says that there is none."""
    _clear_line()
    what = dict(zip(COLUMNS, _column_words(), strict=True)).get(question.role.value, question.role.value)
    print(_("Which column is %(what)s?") % {"what": what}, file=sys.stderr)
    names = [name for name, _score in question.candidates]
    for number, name in enumerate(names, start=1):
        print(f"  {number}  {name}", file=sys.stderr)
    while True:
        print(_("Number (Enter: 1; 0: none of them): "), end="", file=sys.stderr, flush=True)
        said = sys.stdin.readline().strip()
        if not said:
            return None
        if said.isascii() and said.isdecimal() and int(said) <= len(names):
            return names[int(said) - 1] if int(said) else ""


# What is written -----------------------------------------------------------------------------------------


def _write(diagnosis: Diagnosis, options: Namespace, first: Path) -> int:
    from hilo.insight.report import json_text, to_html, to_terminal

    html = options.html or (None if options.json else _beside(first))
    try:
        if options.json:
            _replace(options.json, json_text(diagnosis, options.lang))
        if html:
            _replace(html, to_html(diagnosis, options.lang))
    except OSError as problem:
        words = _("Cannot write %(file)s (%(why)s). Name another place with --html or --json.")
        print(words % {"file": problem.filename, "why": problem.strerror}, file=sys.stderr)
        return 1
    _clear_line()
    print(to_terminal(diagnosis, options.lang, width=_width()))
    for file in filter(None, (html, options.json)):
        print(_("Written: %(file)s") % {"file": file})
    return 0


def _beside(first: Path) -> Path:
    """In the folder one is in, named after the log: BPI_2013.xes.gz gives BPI_2013.diagnostico.html."""
    return Path(f"{first.name.partition('.')[0] or 'log'}.diagnostico.html")


def _replace(file: Path, text: str) -> None:
    """Whole or not at all: a report half written is taken for a whole one."""
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(file)
    except OSError as problem:
        aside.unlink(missing_ok=True)
        raise OSError(problem.errno, problem.strerror, str(file)) from problem


# On the way ----------------------------------------------------------------------------------------------


def _tell(phase: Phase) -> None:
    words = {
        "reading": _("Reading…"),
        "mapping": _("Working out the columns…"),
        "sorting": _("Sorting…"),
        "measuring": _("Measuring…"),
        "finding": _("Looking for what stands out…"),
    }
    print(f"\r\x1b[2K{words[phase.value]}", end="", file=sys.stderr, flush=True)


def _clear_line() -> None:
    if sys.stderr.isatty():
        print("\r\x1b[2K", end="", file=sys.stderr, flush=True)


def _width() -> int:
    try:
        return min(os.get_terminal_size().columns, WIDEST)
    except OSError:
        return 80
