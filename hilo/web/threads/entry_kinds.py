"""How each kind of event stands in a story: its sign, its title, who did it, what it says.

Every kind the ledger knows has a row here or stands in ``SILENT`` with the reason (a test looks). A later
module adds its own with ``entry(...)`` when it starts; none edits this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryKind:
    """``head`` and ``body`` name what ``Words`` knows; ``text`` the sealed field shown as it was written.

    ``is_known``: the customer said it, was told it or agreed to it. ``css``: the look (message, note,
    promise, handoff, decision, mail, signal, praise), empty for a plain line.
    """

    icon: str
    title: Promise | str
    css: str = ""
    head: Promise | str = "%(author)s"
    body: Promise | str = ""
    text: str = ""
    is_known: bool = False
    is_box: bool = False


ENTRIES: dict[str, EntryKind] = {}
SILENT: dict[str, str] = {}


def entry(code: str, **how: object) -> None:
    """Register how ``code`` is told; ``kind:variant`` for events whose facts choose the look."""
    if code in ENTRIES or code in SILENT:
        raise LookupError(f"{code} has its entry already")
    ENTRIES[code] = EntryKind(**how)  # type: ignore[arg-type]


def silent(reason: str, *codes: str) -> None:
    for code in codes:
        SILENT[code] = reason


def story_kinds() -> frozenset[str]:
    """The codes that a timeline asks the ledger for."""
    return frozenset(code.partition(":")[0] for code in ENTRIES)


def known_kinds() -> frozenset[str]:
    """What the customer knows: what they said, were told, and agreed to."""
    return frozenset(code.partition(":")[0] for code, kind in ENTRIES.items() if kind.is_known)


def kind_of(code: str, facts: Mapping[str, object]) -> EntryKind:
    """Some codes look by what they say: a decision is no note, a goal reached no goal missed."""
    variant = facts.get("note_kind", facts.get("aim_reached"))
    return ENTRIES.get(f"{code}:{variant}") or ENTRIES[code]


# ---- said ----------------------------------------------------------------------------------------------

_TO_CONTACTS = _("%(author)s to %(contacts)s · %(channel)s")
_WITH_CONTACT = _("%(author)s with %(contact)s")
entry("update.said", icon="send", css="message", title=_("Message to the customer"), head=_TO_CONTACTS,
      text="text",
      body=_("Next news: %(next_news)s."), is_known=True, is_box=True)  # fmt: skip
entry("update.mail_failed", icon="mail", css="signal", title=_("The mail did not leave"), head="",
      body=_("Send it another way, or call: the customer has not received it."))  # fmt: skip
entry("note.written:note", icon="note", css="note", title=_("Internal note"), text="text", is_box=True)
entry("note.written:decision", icon="gavel", css="decision", title=_("Decision"), text="text")
entry("note.written:customer", icon="message-2", css="mail", title=_("The customer says"),
      head=_("%(contact)s · written down by %(author)s"), text="text", is_known=True,
      is_box=True)  # fmt: skip
entry("requirement.stated", icon="list", css="mail", title=_("The customer asks for"),
      head=_("%(contact)s · written down by %(author)s"), text="text", is_known=True,
      is_box=True)  # fmt: skip
entry("requirement.withdrawn", icon="list", title=_("No longer asked for"), body=_("«%(requirement)s»"),
      text="reason", is_known=True)  # fmt: skip
entry("affected_group.named", icon="users-group", title=_("People it touches at the customer"), text="name",
      body=_("Launch: %(launch)s."))  # fmt: skip
entry("affected_group.told", icon="users-group", title=_("They have been told"),
      body=_("%(group)s, %(at)s."), text="who", is_known=True)  # fmt: skip
entry("affected_group.trained", icon="users-group", title=_("They have been trained"),
      body=_("%(group)s, %(at)s."), text="who", is_known=True)  # fmt: skip
entry("closing_question.asked", icon="help-circle", css="message", title=_("Closing question"),
      head=_("%(author)s to %(contact)s"), body=_("Was what they wanted reached?"),
      is_known=True)  # fmt: skip
entry("closing_question.suppressed", icon="help-circle", title=_("Closing question not asked, by rule"),
      head="", body=_("%(contact)s answered another one less than 90 days ago."))  # fmt: skip
entry("closing_question.answered:True", icon="mood-smile", css="praise",
      title=_("What they wanted was reached"),
      text="comment", is_known=True, is_box=True)  # fmt: skip
entry("closing_question.answered:False", icon="help-circle", css="mail",
      title=_("What they wanted was not reached"),
      text="comment", is_known=True, is_box=True)  # fmt: skip

# ---- promises and what is delivered ---------------------------------------------------------------------

_BY_CONTACT = _("%(contact)s · noted by %(author)s")
entry("promise.made", icon="heart-handshake", css="promise", title=_("Promise"),
      head=_("%(author)s with %(contact)s · %(where)s"), text="text", body=_("For %(due)s."),
      is_known=True, is_box=True)  # fmt: skip
entry("promise.kept", icon="circle-check", title=_("Promise kept"), body="«%(promise)s»", text="evidence",
      is_known=True)  # fmt: skip
entry("promise.kept_late", icon="clock-exclamation", title=_("Promise kept late"), body="«%(promise)s»",
      text="evidence", is_known=True)  # fmt: skip
entry("promise.broken", icon="heart-broken", css="case", title=_("Broken promise"), head="",
      body=_("«%(promise)s» was for %(due)s. The customer must hear what happened."),
      is_box=True)  # fmt: skip
entry("promise.answered", icon="message-2", title=_("The broken promise was answered for"),
      body="«%(promise)s»", is_known=True)  # fmt: skip
entry("promise.renegotiated", icon="refresh", title=_("Promise renegotiated"), head=_WITH_CONTACT,
      body=_("«%(promise)s»: from %(old_due)s to %(new_due)s."), text="evidence", is_known=True)  # fmt: skip
entry("promise.released", icon="circle-dashed", title=_("The customer releases us"), head=_BY_CONTACT,
      body="«%(promise)s»", text="evidence", is_known=True)  # fmt: skip
entry("contradiction.found", icon="arrows-split-2", css="signal", title=_("Two dates for one thing"), head="",
      body=_("One says %(one_date)s; the other, %(other_date)s."))  # fmt: skip
entry("contradiction.settled", icon="arrows-split-2", title=_("The dates agree again"), head="", text="how")
entry("deliverable.planned", icon="package", title=_("To be delivered"), text="name",
      body=_("The plan says %(planned_for)s."))  # fmt: skip
entry("deliverable.moved", icon="calendar-share", title=_("Delivery moved"),
      body=_("«%(deliverable)s»: from %(old)s to %(new)s."), text="reason")  # fmt: skip
entry("deliverable.delivered", icon="truck", css="promise", title=_("Delivered"),
      body="«%(deliverable)s». %(silence)s",
      is_known=True)  # fmt: skip
entry("deliverable.redated", icon="calendar-share", title=_("Delivery noted for another day"),
      body=_("«%(deliverable)s»: from %(old)s to %(new)s."))  # fmt: skip
entry("deliverable.accepted", icon="circle-check", css="praise", title=_("Accepted by the customer"),
      head=_BY_CONTACT, body="«%(deliverable)s»", text="evidence", is_known=True)  # fmt: skip
entry("deliverable.accepted_tacitly", icon="circle-check", title=_("Accepted tacitly"), head="",
      body=_("«%(deliverable)s»: %(days)s working days without objection."), is_known=True)  # fmt: skip
entry("deliverable.refused", icon="circle-x", css="case", title=_("Refused by the customer"),
      head=_BY_CONTACT,
      body="«%(deliverable)s»", text="reason", is_known=True, is_box=True)  # fmt: skip
entry("deliverable.cancelled", icon="ban", title=_("No longer to be delivered"), body="«%(deliverable)s»",
      text="reason", is_known=True)  # fmt: skip
entry("order.placed", icon="file-text", css="promise", title=_("Order"), body=_("Number %(number)s."),
      text="text",
      is_known=True, is_box=True)  # fmt: skip
entry("order.changed", icon="file-text", title=_("Order changed"), body="«%(order)s»")
entry("order.closed", icon="circle-check", title=_("Order complete"), head="", body="«%(order)s»")
entry("order.cancelled", icon="ban", title=_("Order cancelled"), body="«%(order)s»", text="reason",
      is_known=True)  # fmt: skip
entry("document.version_added", icon="paperclip", title=_("Document"),
      body=_("%(document)s, version %(number)s (%(document_size)s)."))  # fmt: skip
entry("document.approved", icon="circle-check", title=_("The customer approves a document"), head=_BY_CONTACT,
      body=_("%(document)s, version %(number)s."), text="evidence", is_known=True)  # fmt: skip

# ---- work and handoffs ----------------------------------------------------------------------------------

_ACROSS = _("%(giver)s · %(from_area)s to %(to_area)s")
entry("handoff.offered", icon="arrows-exchange", css="handoff", title=_("Handoff offered"), head=_ACROSS,
      body=_("«%(step)s», for %(proposed_due)s. Answer expected by %(respond_by)s."),
      is_box=True)  # fmt: skip
entry("handoff.accepted", icon="circle-check", css="handoff", title=_("Handoff accepted"),
      body=_("%(holder)s takes on «%(step)s» for %(due)s."), text="read_back")  # fmt: skip
entry("handoff.conditions_proposed", icon="arrows-exchange", css="handoff",
      title=_("Accepted with conditions"),
      body=_("«%(step)s» for %(due)s. The giver must confirm."), text="conditions", is_box=True)  # fmt: skip
entry("handoff.conditions_confirmed", icon="circle-check", css="handoff", title=_("Conditions confirmed"),
      body=_("%(holder)s takes on «%(step)s» for %(due)s."))  # fmt: skip
entry("handoff.returned", icon="arrow-back-up", css="handoff", title=_("Handoff returned"),
      body=_("«%(step)s»: %(return_reason)s."), text="comment", is_box=True)  # fmt: skip
entry("handoff.withdrawn", icon="arrow-back-up", css="handoff", title=_("Handoff withdrawn"),
      body="«%(step)s»",
      text="reason")  # fmt: skip
entry("handoff.escalated", icon="hand-stop", css="signal", title=_("Nobody answered the handoff"), head="",
      body=_("«%(step)s»: %(heads)s have been told at the same time."))  # fmt: skip
entry("handoff.item_marked_missing", icon="circle-dashed", title=_("Something was missing after all"),
      body=_("In the handoff of «%(step)s»."))  # fmt: skip
entry("handoff.passed", icon="arrows-exchange", title=_("The handoff passes to somebody else"), head="",
      body=_("«%(step)s»: from %(old_person)s to %(new_person)s."))  # fmt: skip
entry("step.started", icon="player-play", title=_("Step begun"),
      head="%(holder)s", body=_("«%(step)s», for %(due)s."))  # fmt: skip
entry("step.finished", icon="circle-check", title=_("Step done"), body="«%(step)s»")
entry("step.skipped", icon="circle-dashed", title=_("Step not needed"), body="«%(step)s»", text="reason")
entry("step.reopened", icon="refresh", title=_("Step reopened"), body="«%(step)s»", text="reason")
entry("step.due_moved", icon="calendar-share", title=_("Date moved"),
      body=_("«%(step)s»: from %(old)s to %(new)s."),
      text="reason")  # fmt: skip
entry("step.waiting", icon="clock-pause", title=_("Waiting for somebody outside"),
      body=_("«%(step)s» waits for %(for_whom)s."), text="what")  # fmt: skip
entry("step.resumed", icon="player-play", title=_("It came: work goes on"), body="«%(step)s»")
entry("step.passed", icon="user", title=_("The step has another holder"),
      body=_("«%(step)s»: from %(old_holder)s to %(new_holder)s, because %(why)s."))  # fmt: skip
entry("step.area_changed", icon="users-group", title=_("The step has another area"),
      body=_("«%(step)s»: from %(old_area)s to %(new_area)s."))  # fmt: skip
entry("loose_end.pinned", icon="pin", title=_("Loose end"), head=_("%(author)s · for %(owner)s"), text="text",
      body=_("For %(due)s."))  # fmt: skip
entry("loose_end.settled", icon="pin", title=_("Loose end tied"), body="«%(loose_end)s»", text="outcome")
entry("loose_end.passed", icon="pin", title=_("The loose end passes to somebody else"),
      body=_("«%(loose_end)s»: from %(old_owner)s to %(new_owner)s."))  # fmt: skip
entry("ask.made", icon="hand-stop", css="handoff", title=_("Request to another area"),
      head=_("%(author)s to %(to_area)s"), text="what", body=_("For %(due)s."), is_box=True)  # fmt: skip
entry("ask.accepted", icon="circle-check", title=_("Request accepted"), head="%(taker)s",
      body=_("«%(ask)s», for %(due)s."))  # fmt: skip
entry("ask.countered", icon="calendar-share", title=_("Request: another date proposed"), head="%(taker)s",
      body=_("«%(ask)s», for %(due)s."), text="comment")  # fmt: skip
entry(
    "ask.counter_agreed",
    icon="circle-check",
    title=_("Request: date agreed"),
    body=_("«%(ask)s», for %(due)s."),
)
entry("ask.declined", icon="circle-x", title=_("Request declined"), body="«%(ask)s»", text="reason")
entry("ask.done", icon="circle-check", title=_("Request done"), body="«%(ask)s»", text="answer")
entry("ask.withdrawn", icon="arrow-back-up", title=_("Request withdrawn"), body="«%(ask)s»")
entry("ask.passed", icon="user", title=_("The request passes to somebody else"), body="«%(ask)s»")
entry(
    "ask.area_changed", icon="users-group", title=_("The request passes to somebody else"), body="«%(ask)s»"
)

# ---- the thread itself ----------------------------------------------------------------------------------

entry("thread.opened", icon="needle-thread", css="decision", title=_("The thread begins"),
      head=_("%(author)s · owner: %(owner)s"), text="title")  # fmt: skip
entry("thread.changed", icon="pencil", title=_("Details changed"), text="title")
entry("thread.paused", icon="player-pause", title=_("Paused"), body=_("Until %(until)s."), text="reason")
entry("thread.woken", icon="player-play", title=_("Awake again"))
entry("thread.archived", icon="archive", css="decision", title=_("To the archive"), text="reason")
entry("thread.reopened", icon="archive-off", css="decision", title=_("Out of the archive"), text="reason")
entry("thread.made_confidential", icon="lock", title=_("Confidential from now on"),
      body=_("%(readers)s may read it."))  # fmt: skip
entry("thread.made_open", icon="lock", title=_("Everybody inside may read it again"))
entry("thread.related", icon="link", title=_("Related thread"), body="%(other_thread)s")
entry("thread.caretaken", icon="user", css="signal", title=_("In caretaking"), head="",
      body=_("%(leaver)s left; %(caretaker)s looks after it until somebody takes it."))  # fmt: skip
entry("news.moved", icon="bell", title=_("Next news moved without a message"),
      body=_("From %(old)s to %(new)s."), text="reason")  # fmt: skip
entry("reserve.set", icon="hourglass", title=_("Reserve of the plan"), body="%(time)s.", text="justification")
entry(
    "reserve.used", icon="hourglass", css="decision", title=_("Reserve used"), body="%(time)s.", text="reason"
)
entry("ownership.offered", icon="user-check", css="handoff", title=_("Owner offered"),
      head=_("%(from_person)s to %(to_person)s"), text="reason")  # fmt: skip
entry("ownership.accepted", icon="user-check", css="handoff", title=_("New owner"),
      head=_("%(from_person)s to %(to_person)s"))  # fmt: skip
entry("ownership.declined", icon="user-check", title=_("Owner: declined"), text="comment")
entry("ownership.withdrawn", icon="user-check", title=_("Owner: offer withdrawn"))

# ---- what a story leaves out ----------------------------------------------------------------------------

silent("the plan shows it", "step.planned", "handoff.prepared", "handoff.item_filled")
silent("the version that comes with it says it", "document.added")
silent("told to the person alone", "handoff.reminded")
silent("the message itself shows it", "update.mailed")
silent(
    "about a process, not a thread",
    "template.drafted",
    "template.renamed",
    "template.published",
    "template.retired",
)
silent("about who sees which list", "view.saved", "view.changed", "view.deleted", "view.made_default")
silent("about our own people", "person.added", "person.changed", "person.invited", "person.joined",
       "person.password_changed", "person.second_factor_on", "person.second_factor_off",
       "person.recovery_codes_renewed", "person.passkey_added", "person.passkey_renamed",
       "person.passkey_removed", "person.identity_tied", "person.identity_loosened",
       "person.sessions_ended", "person.left", "person.authority_changed", "membership.started",
       "membership.changed", "membership.ended", "management.started", "management.ended", "absence.planned",
       "absence.cancelled", "absence.substitute_changed")  # fmt: skip
silent("about our company", "area.added", "area.renamed", "area.money_changed", "area.ended",
       "delegation.added", "delegation.changed", "calendar.added", "calendar.changed", "calendar.assigned",
       "calendar.unassigned", "policy.changed", "single_sign_on.changed",
       "module.switched_on", "module.switched_off")  # fmt: skip
silent("about a customer as such: its own page", "customer.added", "customer.changed",
       "customer.keeper_changed", "customer.merged", "customer.unmerged", "contact.added", "contact.changed",
       "contact.left", "contact.erased")  # fmt: skip
