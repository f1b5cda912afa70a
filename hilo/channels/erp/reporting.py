"""What became of a file: a file of refused rows beside it, a line for the administrator's page, a notice."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import pgettext

from hilo.channels.erp.applying import Fate, Tally
from hilo.channels.erp.folder import REFUSED, Ready
from hilo.channels.erp.models import TakenFile, UnsettledRow
from hilo.channels.erp.notices import REFUSED as REFUSED_NOTICE
from hilo.channels.erp.notices import WAITING
from hilo.channels.erp.settling import overdue
from hilo.channels.erp.terms import Terms
from hilo.channels.imports.refused import RefusedRow, write_refused
from hilo.channels.imports.tables import Table
from hilo.ledger.record import Ref
from hilo.parties.commands.notices import notify
from hilo.parties.models import Person

MOST_SENTENCES = 200


def digest_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_refused_rows(table: Table, refused: list[RefusedRow], folder: Path, digest: str) -> str:
    """Its name; written whole or not at all, and once for the same file, however often it is begun again."""
    word = pgettext("part of a file name", "refused")
    name = f"{table.path.stem}.{word}.{digest[:8]}.csv"
    place = folder / REFUSED
    if (place / name).exists():
        return name
    writing = place / f".writing-{digest[:8]}"
    shutil.rmtree(writing, ignore_errors=True)
    writing.mkdir(parents=True)
    write_refused(table, refused, writing).replace(place / name)
    writing.rmdir()
    return name


def write_sentence(ready: Ready, sentence: str, folder: Path) -> None:
    """Beside a file that could not be read at all."""
    (folder / REFUSED).mkdir(exist_ok=True)
    (folder / REFUSED / f"{ready.path.name}.txt").write_text(sentence + "\n", encoding="utf-8")


def note_taken(
    source: str,
    kind: str,
    name: str,
    *,
    digest: str,
    tally: Tally,
    seconds: float,
    refused_file: str,
    now: datetime,
) -> TakenFile:
    sentences = [each.reason for each in sorted(tally.refused, key=lambda one: one.number)]
    with transaction.atomic():
        taken, _is_new = TakenFile.objects.update_or_create(
            source=source,
            name=name[:255],
            digest=digest,
            defaults={
                "kind": kind,
                "taken_at": now,
                "seconds": round(seconds, 1),
                "rows": sum(tally.rows.values()),
                **{fate.value: tally.rows[fate] for fate in Fate},
                "refusals": sentences[:MOST_SENTENCES],
                "refused_file": refused_file[:255],
            },
        )
    if taken.refused:
        _tell_administrators(REFUSED_NOTICE, f"erp:{taken.pk}", Ref("erp_file", taken.pk), now)
    return taken


def tell_of_waiting(terms: Terms) -> int:
    """Once for each row that waits too long; one notice a day, however many there are."""
    rows = overdue(terms)
    if rows:
        day = terms.now.astimezone(terms.mapping.zone).date()
        key = f"erp:{terms.source}:{day.isoformat()}"
        _tell_administrators(WAITING, key, Ref("erp_row", rows[0].pk), terms.now)
        UnsettledRow.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=terms.now)
    return len(rows)


def _tell_administrators(kind: str, key: str, subject: Ref, now: datetime) -> None:
    for person in _administrators():
        notify(person, key=key, kind=kind, thread_id=None, subject=subject, interrupts=False, now=now)


def _administrators() -> Iterable[Person]:
    return Person.objects.filter(is_active=True, is_administrator=True).order_by("pk")


def refused_whole(sentence: str) -> Tally:
    """Of a file of which nothing could be read."""
    tally = Tally(refused=[RefusedRow(0, "", sentence)])
    tally.rows[Fate.REFUSED] = 1
    return tally
