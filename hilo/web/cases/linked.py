"""What a case is about, with its place on a screen where it has one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from hilo.money.models import InvoiceLine
from hilo.parties.actor import Actor
from hilo.quality.queries.case_page import CasePage, LinkedThing

INVOICE_LINE = "invoice_line"


@dataclass(frozen=True, slots=True)
class ShownLink:
    pk: int
    kind: str
    label: str
    url: str = ""
    is_recovery: bool = False


def kinds_linked() -> dict[str, str]:
    return {
        "promise": _("Promise"),
        "handoff": _("Handoff"),
        "requirement": _("What they asked for"),
        "deliverable": _("Delivery"),
        "order": _("Order"),
        "order_line": _("Order line"),
        INVOICE_LINE: _("Invoice line"),
    }


def links_shown(page: CasePage, actor: Actor) -> list[ShownLink]:
    """Invoice lines only for whom money is shown to."""
    wanted = [one.link.object_id for one in page.links if one.link.type == INVOICE_LINE]
    lines = (
        InvoiceLine.objects.select_related("invoice").in_bulk(wanted) if wanted and actor.sees_money else {}
    )
    shown = (_shown(page, one, lines) for one in page.links)
    return [one for one in shown if one is not None]


def _shown(page: CasePage, one: LinkedThing, lines: dict[int, Any]) -> ShownLink | None:
    link = one.link
    line = lines.get(link.object_id) if link.type == INVOICE_LINE else None
    if one.row is None and line is None:
        return None
    label = f"{line.invoice.number}: {line.text}" if line is not None else one.label
    kind = kinds_linked().get(link.type, link.type)
    return ShownLink(link.pk, kind, label, _url(page, one), link.qualifier == "recovery")


def _url(page: CasePage, one: LinkedThing) -> str:
    if one.link.type == "handoff":
        return reverse("web:handoff", args=[one.link.object_id])
    if one.link.type in ("promise", "requirement", "deliverable", "order"):
        return f"{reverse('web:thread', args=[page.case.thread.code])}#{one.link.type}-{one.link.object_id}"
    return ""
