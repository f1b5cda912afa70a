"""What hangs on a thread, each thing with its place on a screen and the way to settle it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from hilo.parties.models import Person
from hilo.web.threads.entries import reverse_or_nothing
from hilo.work.gate import Hang
from hilo.work.models import Thread

ICONS = {
    "promise": "heart-handshake",
    "deliverable": "package",
    "order": "file-text",
    "ask": "hand-stop",
    "loose_end": "pin",
    "handoff": "arrows-exchange",
    "step_run": "player-play",
    "ownership_transfer": "user-check",
    "thread": "help-circle",
    "case": "lifebuoy",
}


@dataclass(frozen=True, slots=True)
class ShownHang:
    hang: Hang
    icon: str
    label: str
    kind: str
    whose: str
    url: str


def shown_hangs(thread: Thread, hanging: Iterable[Hang]) -> list[ShownHang]:
    found = list(hanging)
    people = Person.objects.in_bulk({hang.person_id for hang in found if hang.person_id})
    return [_shown(thread, hang, people) for hang in found]


def _shown(thread: Thread, hang: Hang, people: dict[int, Person]) -> ShownHang:
    person = people.get(hang.person_id or 0)
    return ShownHang(
        hang=hang,
        icon=ICONS.get(hang.type, "circle-dashed"),
        label=hang.label if hang.kind != "closing_question" else _("Was what they wanted reached?"),
        kind=kinds_said().get(hang.kind, ""),
        whose=person.name if person else "",
        url=place_of_hang(thread, hang),
    )


def place_of_hang(thread: Thread, hang: Hang) -> str:
    """The very place: the thing's row on the thread's page, or the page where it is settled."""
    if hang.kind == "closing_question":
        return reverse("web:thread_closing_ask", args=[thread.code])
    own_page = {"handoff": "web:handoff", "case": "web:case_at"}.get(hang.type)
    place = reverse_or_nothing(own_page, hang.id) if own_page else ""
    return place or f"{reverse('web:thread', args=[thread.code])}#{hang.type}-{hang.id}"


def kinds_said() -> dict[str, str]:
    return {
        "running_step": _("Step under way"),
        "planned_step": _("Step still to come"),
        "pending_handoff": _("Handoff without an answer"),
        "open_promise": _("Open promise"),
        "broken_promise": _("Broken promise that nobody answered for"),
        "planned_deliverable": _("Still to be delivered"),
        "delivered_deliverable": _("Delivered, not yet accepted"),
        "refused_deliverable": _("Refused by the customer"),
        "open_order": _("Open order"),
        "ask": _("Request without an end"),
        "loose_end": _("Loose end"),
        "ownership_offer": _("Owner offered, without an answer"),
        "closing_question": _("Closing question not asked"),
        "open_case": _("Open case"),
    }
