"""What a person holds, in words: how many of each kind, and where they go when the person leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hilo.parties.holdings import HOLDINGS
from hilo.parties.models import Person

_COUNTED: dict[str, Callable[[int], str]] = {
    "thread": lambda n: ngettext("thread they answer for", "threads they answer for", n),
    "step_run": lambda n: ngettext("step in their hands", "steps in their hands", n),
    "handoff_given": lambda n: ngettext("handoff they give", "handoffs they give", n),
    "handoff_received": lambda n: ngettext(
        "handoff that waits for them by name", "handoffs that wait for them by name", n
    ),
    "ownership_offer": lambda n: ngettext(
        "thread offered to them and not answered", "threads offered to them and not answered", n
    ),
    "promise": lambda n: ngettext("promise still to keep", "promises still to keep", n),
    "loose_end": lambda n: ngettext("loose end", "loose ends", n),
    "ask": lambda n: ngettext("ask between areas", "asks between areas", n),
    "customer": lambda n: ngettext("customer they keep", "customers they keep", n),
    "substitution": lambda n: ngettext("absence they cover", "absences they cover", n),
    "analysis": lambda n: ngettext("search for a cause they lead", "searches for causes they lead", n),
    "action": lambda n: ngettext("action they do or check", "actions they do or check", n),
}


@dataclass(frozen=True, slots=True)
class Held:
    kind: str
    count: int
    what: str
    goes_to: str = ""


def held_by(person: Person, caretaker: Person | None = None) -> list[Held]:
    """Every kind with something in it; with a caretaker, also where each goes."""
    counts = [(kind, holding.count(person)) for kind, holding in HOLDINGS.items()]
    return [
        Held(kind, count, _what(kind, count), _goes_to(kind, caretaker) if caretaker else "")
        for kind, count in counts
        if count
    ]


def state_of(held: list[Held]) -> str:
    """What the page showed, in a form field: whoever confirms has seen exactly this."""
    return ",".join(f"{each.kind}:{each.count}" for each in held)


def _what(kind: str, count: int) -> str:
    return _COUNTED[kind](count) if kind in _COUNTED else kind.replace("_", " ")


def _goes_to(kind: str, caretaker: Person) -> str:
    names = {"name": caretaker.name}
    sentences = {
        "thread": _("%(name)s minds them, flagged, until somebody accepts each as theirs."),
        "handoff_received": _(
            "The whole receiving area can answer; within their own area it is %(name)s who does."
        ),
        "ownership_offer": _("The offer is taken back: the thread stays with who answers for it."),
        "promise": _("Whoever answers for the thread keeps it; who made it stays on record."),
        "action": _("%(name)s takes them over; what %(name)s does already, somebody else checks."),
        "substitution": _("%(name)s stands in, or whoever leads the one who is away."),
    }
    return sentences.get(kind, _("They pass to %(name)s.")) % names
