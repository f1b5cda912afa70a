"""What must be there before the first page: tables, static files, and a company to look at."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from gettext import gettext as _
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from hilo.cli.waiting import Progress


class SignIn(Protocol):
    """Somebody of the demo company whom a visitor may be."""

    role: str
    name: str
    email: str
    password: str


@dataclass(frozen=True)
class Prepared:
    sign_ins: list[SignIn]


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def begin(progress: Progress, doing: str) -> None:
    """Said in the terminal and on the page."""
    say(doing)
    progress.begin(doing)


def prepare(*, with_demo: bool, progress: Progress) -> Prepared:
    prepare_database(progress)
    collect_static_files(progress)
    if with_demo and not has_anybody():
        load_demo(progress)
    return Prepared(sign_ins=demo_sign_ins())


def prepare_database(progress: Progress) -> None:
    if waiting_migrations():
        begin(progress, _("Preparing the database…"))
        call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def waiting_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def has_anybody() -> bool:
    return get_user_model()._default_manager.exists()


# The demo company ---------------------------------------------------------------------------------------


def load_demo(progress: Progress) -> None:
    if find_spec("hilo.demo"):
        begin(progress, _("Loading the demo company: half a year of work, told in half a minute…"))
        import_module("hilo.demo").load(seed=1, tell=progress.tell)


def demo_sign_ins() -> list[SignIn]:
    """None in a company's own database: ``hilo.demo.sign_ins`` looks whether its people are there."""
    if not find_spec("hilo.demo"):
        return []
    return list(import_module("hilo.demo").sign_ins())


# Static files -------------------------------------------------------------------------------------------


def collect_static_files(progress: Progress) -> None:
    """Hashing and compressing takes seconds, so only when a file has changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    state = state_of_static_files()
    if stamp.exists() and stamp.read_text(encoding="ascii") == state:
        return
    begin(progress, _("Preparing styles and scripts…"))
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(state, encoding="ascii")


def state_of_static_files() -> str:
    digest = hashlib.sha256()
    for file in sorted(_static_files()):
        facts = file.stat()
        digest.update(f"{file} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _static_files() -> Iterator[Path]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            yield Path(storage.path(path))
