"""What the ERP sent: files taken and refused, and rows that wait for others, for who answers for the data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hilo.channels.erp.models import TakenFile, UnsettledRow
from hilo.channels.erp.rows import Kind
from hilo.channels.erp.running import trouble_with
from hilo.web.base.words import Status
from hilo.web.doing.asking import now_of

FILES_SHOWN = 50
ROWS_SHOWN = 100
WAITS_LONG = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class FileRow:
    file: TakenFile
    kind: str
    sign: Status


@dataclass(frozen=True, slots=True)
class WaitingRow:
    row: UnsettledRow
    kind: str
    needs: str
    sign: Status


@require_GET
def erp(request: HttpRequest) -> HttpResponse:
    files = [_file_row(each) for each in TakenFile.objects.order_by("-taken_at", "-pk")[:FILES_SHOWN]]
    now = now_of(request)
    waiting = UnsettledRow.objects.order_by("first_seen_at", "pk")
    rows = [
        _waiting_row(each, is_long=now - each.first_seen_at > WAITS_LONG) for each in waiting[:ROWS_SHOWN]
    ]
    facts = {
        "files": files,
        "waiting": rows,
        "waiting_count": waiting.count(),
        "is_connected": bool(settings.HILO_ERP_FOLDER),
        "trouble": trouble_with(Path(settings.HILO_ERP_FOLDER)) if settings.HILO_ERP_FOLDER else "",
        "now": now,
    }
    return render(request, "web_money/erp.html", facts)


def _file_row(taken: TakenFile) -> FileRow:
    if taken.refused:
        return FileRow(taken, _said_kind(taken.kind), Status(_("Rows refused"), "alert-circle", "late"))
    if taken.waiting:
        return FileRow(taken, _said_kind(taken.kind), Status(_("Rows waiting"), "clock-pause", "warn"))
    return FileRow(taken, _said_kind(taken.kind), Status(_("Taken"), "circle-check", "ok"))


def _waiting_row(row: UnsettledRow, *, is_long: bool) -> WaitingRow:
    if row.sentence:
        return WaitingRow(
            row, _said_kind(row.kind), row.sentence, Status(_("Refused"), "alert-circle", "late")
        )
    sign = (
        Status(_("Waits long"), "clock-exclamation", "warn") if is_long else Status(_("Waits"), "clock-pause")
    )
    return WaitingRow(row, _said_kind(row.kind), _needs(row), sign)


def _needs(row: UnsettledRow) -> str:
    said = {
        "customer": _("the customer %(id)s has not come"),
        "order": _("the order %(id)s has not come"),
        "order_line": _("the order line %(id)s has not come"),
        "invoice": _("the invoice %(id)s has not come"),
        "thread": _("its thread is paused"),
    }
    return said.get(row.needs_kind, "%(id)s") % {"id": row.needs_id}


def _said_kind(kind: str) -> str:
    return str(Kind(kind).label) if kind in set(Kind) else ""
