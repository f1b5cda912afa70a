"""What each kind of debt says: what and to whom, what it is, what happens if not, and the verb that does it.

Each module adds its kinds with ``words_for``; a kind without words still shows its own text and leads to its
thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from hilo.web.base.hours import said_at, said_on
from hilo.web.base.kept_words import gettext as _
from hilo.web.base.kept_words import ngettext
from hilo.web.my_day.places import deed_url, place_of, thread_url
from hilo.work.models import Handoff, Weight
from hilo.work.owed import Owed
from hilo.work.queries.owed_details import Details


@dataclass(frozen=True, slots=True)
class Said:
    """``url`` is where the verb is done; ``accepts``: the row's button accepts an offer right there."""

    what: str
    kind: str
    because: str
    verb: str
    icon: str
    url: str
    accepts: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A row and what it takes to put it in words."""

    owed: Owed
    details: Details
    now: datetime

    @property
    def is_late(self) -> bool:
        return self.owed.due < self.now

    @property
    def handoff(self) -> Handoff:
        return self.details.handoffs[self.owed.id]


type Words = Callable[[Asked], Said]

WORDS: dict[str, Words] = {}


def words_for(*kinds: str) -> Callable[[Words], Words]:
    def register(words: Words) -> Words:
        WORDS.update(dict.fromkeys(kinds, words))
        return words

    return register


def said_of(asked: Asked) -> Said:
    return WORDS.get(asked.owed.kind, _anything)(asked)


def _anything(asked: Asked) -> Said:
    owed = asked.owed
    return Said(owed.label, "", "", _("Open it"), "list", place_of(owed.thread, owed.type, owed.id))


# To the customer ------------------------------------------------------------------------------------------


@words_for("give_news")
def _news(asked: Asked) -> Said:
    owed = asked.owed
    when = said_at(owed.due, asked.now)
    late = _("We said they would hear from us %(when)s, and they still know nothing.")
    coming = _("We said they would hear from us %(when)s.")
    return Said(
        what=_("Give news to %(customer)s") % {"customer": owed.whom},
        kind=_("Message to the customer"),
        because=(late if asked.is_late else coming) % {"when": when},
        verb=_("Write the message"),
        icon="message-exclamation" if asked.is_late else "message-2",
        url=thread_url(owed.thread, "#write", write="message"),
    )


@words_for("keep_promise")
def _promise(asked: Asked) -> Said:
    owed = asked.owed
    aim = owed.thread.purpose
    because = _("They count on it for this: %(aim)s") % {"aim": aim} if aim else _("We gave our word.")
    return Said(
        what=owed.label,
        kind=_("Promise to %(contact)s") % {"contact": owed.whom},
        because=because,
        verb=_("Keep it"),
        icon="heart-handshake",
        url=deed_url("promise_keep", owed),
    )


@words_for("answer_broken_promise")
def _broken_promise(asked: Asked) -> Said:
    owed = asked.owed
    return Said(
        what=_("Explain to %(contact)s: %(promise)s") % {"contact": owed.whom, "promise": owed.label},
        kind=_("Broken promise"),
        because=_("We did not keep it %(when)s and nobody has told them.")
        % {"when": said_on(owed.due, asked.now)},
        verb=_("Tell them"),
        icon="heart-broken",
        url=deed_url("promise_answer", owed),
    )


# At a border ----------------------------------------------------------------------------------------------


@words_for("answer_handoff")
def _offer(asked: Asked) -> Said:
    handoff = asked.handoff
    light = handoff.weight == Weight.LIGHT
    return Said(
        what=handoff.step_run.name if light else _("Answer %(area)s's handoff") % _from(handoff),
        kind=_("Handoff from %(area)s") % _from(handoff) if light else _("Handoff"),
        because=" ".join(filter(None, (_giver_and_gaps(asked), _then(asked)))),
        verb=_("Accept") if light else _("See what comes"),
        icon="arrows-exchange",
        url=place_of(asked.owed.thread, "handoff", handoff.pk),
        accepts=light,
    )


def _from(handoff: Handoff) -> dict[str, str]:
    return {"area": handoff.from_area.name}


def _giver_and_gaps(asked: Asked) -> str:
    giver, gaps = asked.handoff.giver.name, asked.details.gaps[asked.handoff.pk]
    if not gaps:
        due = said_on(asked.handoff.proposed_due, asked.now)
        return _("From %(giver)s, wanted %(due)s.") % {"giver": giver, "due": due}
    said = ngettext(
        "From %(giver)s, with %(count)d thing not complete.",
        "From %(giver)s, with %(count)d things not complete.",
        gaps,
    )
    return said % {"giver": giver, "count": gaps}


def _then(asked: Asked) -> str:
    if asked.handoff.escalated_at is not None:
        return _("Nobody answered in time: both area heads know.")
    when = {"when": said_at(asked.owed.due, asked.now)}
    return _("Without an answer %(when)s, both area heads are told.") % when


@words_for("start_colleague_offer")
def _colleague(asked: Asked) -> Said:
    handoff = asked.handoff
    note = _("«%(text)s»") % {"text": handoff.ask} if handoff.ask else ""
    with_giver = _("Until you start on it, it is with %(giver)s.") % {"giver": handoff.giver.name}
    return Said(
        what=handoff.step_run.name,
        kind=_("%(giver)s asks you to do it") % {"giver": handoff.giver.name},
        because=f"{note} {with_giver}".strip(),
        verb=_("Start"),
        icon="users",
        url=place_of(asked.owed.thread, "handoff", handoff.pk),
        accepts=True,
    )


@words_for("confirm_conditions")
def _conditions(asked: Asked) -> Said:
    handoff = asked.handoff
    return Said(
        what=_("Confirm %(area)s's conditions") % {"area": handoff.to_area.name},
        kind=_("Handoff you gave"),
        because=_("«%(text)s» Until you confirm, it is with you.") % {"text": handoff.conditions},
        verb=_("See the conditions"),
        icon="adjustments",
        url=place_of(asked.owed.thread, "handoff", handoff.pk),
    )


@words_for("prepare_handoff")
def _preparing(asked: Asked) -> Said:
    handoff = asked.handoff
    area = {"area": handoff.to_area.name}
    returned = handoff.state == Handoff.State.RETURNED
    because = (
        _("%(area)s returned it: «%(text)s»") % {**area, "text": handoff.return_comment}
        if returned
        else _("Until you offer it, %(area)s cannot begin.") % area
    )
    return Said(
        what=_("Hand «%(step)s» to %(area)s") % {**area, "step": handoff.step_run.name},
        kind=_("Handoff returned to you") if returned else _("Handoff to prepare"),
        because=because,
        verb=_("Complete it") if returned else _("Prepare"),
        icon="arrow-back-up" if returned else "checklist",
        url=place_of(asked.owed.thread, "handoff", handoff.pk),
    )


# Work and the rest ----------------------------------------------------------------------------------------


@words_for("do_step")
def _step(asked: Asked) -> Said:
    owed = asked.owed
    last = owed.to == "customer"
    because = (
        _("It is the last thing %(whom)s is waiting for.")
        if last
        else _("%(whom)s cannot begin until you finish.")
    )
    return Said(
        what=owed.label,
        kind=_("Your step"),
        because=because % {"whom": owed.whom},
        verb=_("Finish"),
        icon="check",
        url=deed_url("step_finish", owed),
    )


@words_for("answer_ask", "fulfil_ask", "agree_ask")
def _ask(asked: Asked) -> Said:
    owed, ask = asked.owed, asked.details.asks[asked.owed.id]
    verbs = {"fulfil_ask": _("Give it"), "agree_ask": _("See the date")}
    kinds = {"fulfil_ask": _("Ask you accepted, from %(area)s"), "agree_ask": _("Another date for your ask")}
    return Said(
        what=owed.label,
        kind=kinds.get(owed.kind, _("Ask from %(area)s")) % {"area": ask.from_area.name},
        because=_("For %(person)s: %(why)s") % {"person": owed.whom, "why": ask.why},
        verb=verbs.get(owed.kind, _("Answer")),
        icon="help-circle",
        url=deed_url({"fulfil_ask": "ask_done", "agree_ask": "ask_agree"}.get(owed.kind, ""), owed),
    )


@words_for("settle_loose_end")
def _loose_end(asked: Asked) -> Said:
    owed, end = asked.owed, asked.details.loose_ends[asked.owed.id]
    pinned = {"person": end.pinned_by.name, "when": said_on(end.pinned_at, asked.now)}
    mine = end.pinned_by_id == end.owner_id
    because = _("You pinned it %(when)s.") if mine else _("%(person)s pinned it %(when)s.")
    return Said(
        what=owed.label,
        kind=_("Loose end"),
        because=because % pinned,
        verb=_("Settle it"),
        icon="pin",
        url=deed_url("loose_end_settle", owed),
    )


@words_for("decide")
def _decide(asked: Asked) -> Said:
    owed = asked.owed
    return Said(
        what=_("Decide the next step"),
        kind=_("Your thread"),
        because=_("Nobody has anything to do on it: for %(customer)s nothing moves.")
        % {"customer": owed.thread.customer.name},
        verb=_("Decide"),
        icon="flag",
        url=thread_url(owed.thread, "#write"),
    )


@words_for("answer_ownership")
def _ownership(asked: Asked) -> Said:
    owed = asked.owed
    return Said(
        what=_("%(person)s asks whether you take the thread") % {"person": owed.whom},
        kind=_("Thread offered to you"),
        because=_("«%(text)s» Until you answer, %(person)s answers for it.")
        % {"text": owed.label, "person": owed.whom},
        verb=_("Answer"),
        icon="user-check",
        url=place_of(owed.thread, owed.type, owed.id),
    )
