"""Where a thread stands, in the words of a row: whose turn, which step, what is the matter with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy

from hilo.parties.actor import Actor
from hilo.parties.models import Customer
from hilo.web.base.kept_words import gettext as _
from hilo.web.base.words import PersonChip, Status, Turn, TurnKind
from hilo.work.models import Thread, TurnOf

LONGEST_FIRST_NAME = 16

# The code of a next step and how it is told; below, what modules above threads add.
STEPS: dict[str, Lazy] = {
    "wake": gettext_lazy("Wakes by itself"),
    "decide": gettext_lazy("Decide the next step"),
    "answer_handoff": gettext_lazy("Answer the handoff"),
    "start_colleague_offer": gettext_lazy("Start on what a colleague offers"),
    "confirm_conditions": gettext_lazy("Confirm the conditions"),
    "prepare_handoff": gettext_lazy("Hand it over"),
    "keep_promise": gettext_lazy("Keep the promise"),
    "answer_broken_promise": gettext_lazy("Answer for the broken promise"),
    "await_acceptance": gettext_lazy("Acceptance by the customer"),
    "ask_acceptance": gettext_lazy("Ask whether they accept it"),
    "put_right": gettext_lazy("Put right what was refused"),
    "answer_ask": gettext_lazy("Answer the request"),
    "fulfil_ask": gettext_lazy("Do what was asked"),
    "agree_ask": gettext_lazy("Agree on the date of the request"),
    "settle_loose_end": gettext_lazy("Tie the loose end"),
    "answer_ownership": gettext_lazy("Answer who takes the thread"),
    "await_closing_answer": gettext_lazy("The customer says whether it was reached"),
}
STEPS_OF_MODULES: dict[str, Lazy] = {}


def turn_shown(thread: Thread, actor: Actor, now: datetime) -> Turn | None:
    """None when nobody's action is awaited: paused or archived."""
    match thread.turn_of:
        case TurnOf.CUSTOMER:
            return Turn("customer", _customers_turn(thread))
        case TurnOf.SUPPLIER:
            return Turn("supplier", _("Supplier"))
        case TurnOf.AREA:
            return _our_turn(thread, actor, now)
        case _:
            return None


def _customers_turn(thread: Thread) -> str:
    if thread.turn_contact is None or not thread.turn_contact.name:
        return _("Customer")
    return _("Customer: %(name)s") % {"name": thread.turn_contact.name}


def _our_turn(thread: Thread, actor: Actor, now: datetime) -> Turn:
    is_late = thread.next_due is not None and thread.next_due < now
    if actor.acts_for(thread.turn_person_id):
        return Turn("late" if is_late else "mine", _("Your turn"))
    kind: TurnKind = "late" if is_late else "wait" if thread.turn_waits else "area"
    return Turn(kind, _whose(thread))


def _whose(thread: Thread) -> str:
    """The area's name says enough in a row; the person stands in where no area is named."""
    if thread.turn_area is not None:
        return thread.turn_area.name
    return thread.turn_person.name if thread.turn_person else thread.owner.name


def rest_shown(thread: Thread) -> Status | None:
    """What stands in the place of a turn while nobody's is awaited."""
    if thread.state == Thread.State.PAUSED:
        return Status(_("Paused"), "player-pause")
    if thread.state == Thread.State.ARCHIVED:
        return Status(_("Archived"), "archive", "ok")
    return None


def next_step_said(thread: Thread) -> str:
    """What comes next, as one would tell a colleague; the thing's own text alone where that is plain."""
    return step_said(thread.next_kind, thread.next_label)


def step_said(kind: str, label: str) -> str:
    said = _said_of_kind(kind)
    if not label:
        return said
    return _("%(what)s: %(which)s") % {"what": said, "which": label} if said else label


def _said_of_kind(kind: str) -> str:
    said = STEPS_OF_MODULES.get(kind) or STEPS.get(kind)
    return str(said) if said else ""


def signs_of(thread: Thread, *, has_contradiction: bool, has_unprepared: bool) -> Iterator[Status]:
    if has_contradiction:
        yield Status(_("Two dates"), "arrows-split-2", "warn")
    if has_unprepared:
        yield Status(_("Users not informed"), "radar-2", "warn")
    if thread.is_caretaken:
        yield Status(_("In caretaking"), "user", "warn")
    if thread.is_confidential:
        yield Status(_("Confidential"), "lock")


def customer_shown(thread: Thread) -> Customer:
    """A merged customer's threads stay where they were; the name one knows is the survivor's."""
    customer = thread.customer
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def owner_chip(thread: Thread, actor: Actor) -> PersonChip:
    return PersonChip(thread.owner.name, is_me=actor.acts_for(thread.owner_id))


def short_name(name: str) -> str:
    """Lucía H.: enough where the same few people come in every row."""
    first, _space, rest = name.partition(" ")
    shown = first if len(first) <= LONGEST_FIRST_NAME else f"{first[:LONGEST_FIRST_NAME]}…"
    return f"{shown} {rest[:1].upper()}." if rest[:1].isalpha() else shown
