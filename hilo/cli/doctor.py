"""``hilo doctor``: a line for each thing that must be well, and what to do where it is not."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from gettext import gettext as _
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from hilo.cli.catalogues import stale_catalogues
from hilo.cli.preparing import waiting_migrations

PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Finding:
    words: str
    is_well: bool = True


def examine() -> int:
    findings = [finding for check in checks() for finding in check()]
    for finding in findings:
        print(("✓ " if finding.is_well else "✗ ") + finding.words)
    return 0 if all(finding.is_well for finding in findings) else 1


def checks() -> list[Callable[[], list[Finding]]]:
    """Without a database the questions put to it are left out: the first line says why."""
    always = [check_data_folder, check_mail, check_translations]
    database = check_database()
    if not database.is_well:
        return [lambda: [database], *always]
    return [lambda: [database], check_migrations, check_digests, check_jobs, *always]


def check_database() -> Finding:
    try:
        version = database_version()
    except Error as problem:
        words = _("The database does not answer: %(problem)s Look at DATABASE_URL or HILO_DATA.")
        return Finding(words % {"problem": str(problem).strip()}, is_well=False)
    return Finding(_("The database answers: %(version)s.") % {"version": version})


def database_version() -> str:
    connection.ensure_connection()
    numbers = connection.get_database_version()
    return f"{connection.display_name} {'.'.join(str(number) for number in numbers)}"


def check_migrations() -> list[Finding]:
    if waiting := waiting_migrations():
        words = _("Changes of the database that are waiting: %(count)d. Run ``hilo migrate``.")
        return [Finding(words % {"count": waiting}, is_well=False)]
    return [Finding(_("The database is up to date."))]


def check_data_folder() -> list[Finding]:
    folder = Path(settings.DATA_DIR)
    if folder.is_dir() and os.access(folder, os.W_OK):
        return [Finding(_("The data folder can be written: %(folder)s.") % {"folder": folder})]
    words = _("The data folder cannot be written: %(folder)s. Give its owner the right, or set HILO_DATA.")
    return [Finding(words % {"folder": folder}, is_well=False)]


def check_digests() -> list[Finding]:
    """History written since the last digest is unproven; a digest is due every day."""
    if waiting_migrations():
        return []
    from hilo.ledger.digests import digest_days
    from hilo.ledger.models import LedgerEvent

    days = digest_days()
    if not LedgerEvent.objects.exists():
        return [Finding(_("There is no history yet."))]
    if not days:
        words = _("History has no daily digest yet: the background work writes one each day.")
        return [Finding(words, is_well=False)]
    age = (datetime.now(UTC).date() - days[-1]).days
    words = _("The last digest of history is of %(day)s.")
    return [Finding(words % {"day": days[-1].isoformat()}, is_well=age <= 1)]


def check_jobs() -> list[Finding]:
    if waiting_migrations():
        return []
    from hilo.jobs.health import queue_health

    queue = queue_health(now=timezone.now())
    findings = []
    if queue.has_living_worker:
        findings.append(Finding(_("The background work is running.")))
    else:
        words = _("Nobody does the background work: start ``hilo run`` or ``hilo worker``.")
        findings.append(Finding(words, is_well=False))
    counts = {"ready": queue.ready, "waiting": queue.waiting, "failed": queue.failed}
    words = _("Tasks: %(ready)d due, %(waiting)d for later, %(failed)d failed.")
    findings.append(Finding(words % counts, is_well=not queue.failed))
    return [*findings, *_check_clocks()]


def _check_clocks() -> list[Finding]:
    """Clocks that stand still are named; those that run are one line."""
    from hilo.jobs.health import clocks_health

    clocks = clocks_health(now=timezone.now())
    late = [clock.name for clock in clocks if clock.is_late]
    if not late:
        return [Finding(_("All %(count)d clocks run.") % {"count": len(clocks)})]
    words = _("Clocks that stand still: %(names)s. Start ``hilo run`` or ``hilo worker``.")
    return [Finding(words % {"names": ", ".join(late)}, is_well=False)]


def check_mail() -> list[Finding]:
    """Without SMTP messages are recorded and not sent, which is a choice and not a fault."""
    if host := os.environ.get("HILO_SMTP_HOST"):
        return [Finding(_("Mail leaves through %(host)s.") % {"host": host})]
    return [Finding(_("Mail is recorded but not sent: set HILO_SMTP_HOST to send it."))]


def check_translations() -> list[Finding]:
    if stale := stale_catalogues(PACKAGE):
        words = _("Translations not compiled: %(count)d. The folder %(folder)s cannot be written.")
        return [Finding(words % {"count": len(stale), "folder": PACKAGE}, is_well=False)]
    return [Finding(_("The translations are up to date."))]
