"""What an event names, as words: ``"%(author)s to %(contacts)s" % Words(told)``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from hilo.ledger.models import LedgerEvent
from hilo.web.base import saying
from hilo.web.base.kept_words import gettext as _
from hilo.web.base.kept_words import ngettext
from hilo.work.models import Handoff, Note, Promise, Thread, Update
from hilo.work.queries.timeline import Names

_PEOPLE = frozenset(
    (
        *("owner", "holder", "giver", "taker", "to_person", "from_person", "leaver", "caretaker"),
        *("old_holder", "new_holder", "old_owner", "new_owner", "old_person", "new_person"),
        *("readers", "heads"),
    )
)
_CONTACTS = frozenset({"contact", "contacts"})
_AREAS = frozenset({"from_area", "to_area", "old_area", "new_area"})
_MOMENTS = frozenset(
    (
        *("due", "until", "old", "new", "proposed_due", "respond_by", "next_news", "launch"),
        *("planned_for", "tacit_at", "old_due", "new_due", "one_date", "other_date", "at"),
    )
)
_DAYS = frozenset({"tacit_at", "planned_for", "launch", "one_date", "other_date"})
_SUBJECTS: dict[str, tuple[str, str]] = {
    "promise": ("promise", "text"),
    "deliverable": ("deliverable", "name"),
    "loose_end": ("loose_end", "text"),
    "ask": ("ask", "what"),
    "requirement": ("requirement", "text"),
    "group": ("affected_group", "name"),
    "document": ("document", "name"),
    "order": ("order", "text"),
}
_CODES: dict[str, Callable[[str], object]] = {
    "channel": lambda code: dict(Update.Channel.choices + Note.Channel.choices).get(code, ""),
    "where": lambda code: dict(Promise.Where.choices).get(code, ""),
    "why": lambda code: reasons_of_passing().get(code, code),
    "for_whom": lambda code: _("the customer") if code == "customer" else _("a supplier"),
    "priority": lambda code: dict(Thread.Priority.choices).get(code, ""),
}


def words_of_code(name: str, words: Callable[[str], object]) -> None:
    """How a module's own codes are said: a severity, an outcome."""
    _CODES[name] = words


def reasons_of_passing() -> dict[str, str]:
    return {
        "departure": _("who had it left"),
        "reorganisation": _("the areas changed"),
        "colleague": _("a colleague took it"),
    }


@dataclass(frozen=True, slots=True)
class Told:
    """One event with its facts, its texts (None when erased) and the names of its page."""

    event: LedgerEvent
    facts: dict[str, Any]
    texts: dict[str, str | None]
    names: Names
    now: datetime

    @property
    def author(self) -> str:
        event = self.event
        if event.author_kind == "contact":
            return said_contact(self.names.get("contact", event.author_id))
        person = self.names.get("person", event.author_id)
        if event.author_kind == "import":
            return _("Import")
        return str(person.name) if person else _("Hilo")

    def subject(self, kind: str) -> Any:
        is_subject = self.event.subject_type == kind
        return self.names.get(kind, self.event.subject_id if is_subject else self.facts.get(kind))


def said_contact(contact: Any) -> str:
    if contact is None or contact.erased_at:
        return _("somebody whose data were erased")
    return str(contact.name)


class Words:
    """Resolves only what a sentence asks for."""

    def __init__(self, told: Told) -> None:
        self.told = told

    def __getitem__(self, name: str) -> object:
        told = self.told
        if name == "author":
            return told.author
        if name in ("step", *_SUBJECTS):
            return self._subject(name)
        value = told.facts.get(name)
        if name in _PEOPLE:
            return self._listed("person", value, lambda person: person.name if person else "")
        if name in _CONTACTS:
            return self._listed("contact", value, said_contact)
        if name in _AREAS:
            return self._listed("area", value, lambda area: area.name if area else "")
        if name in _MOMENTS:
            return self._moment(name, value)
        return self._plain(name, value)

    def _subject(self, name: str) -> str:
        if name == "step":
            return self._step()
        kind, column = _SUBJECTS[name]
        row = self.told.subject(kind)
        return str(getattr(row, column)) if row is not None else ""

    def _step(self) -> str:
        told = self.told
        handoff = told.subject("handoff")
        step = told.names.get("step_run", handoff.step_run_id) if handoff else told.subject("step_run")
        return str(step.name) if step else ""

    def _listed(self, kind: str, value: object, said: Callable[[Any], str]) -> str:
        ids = value if isinstance(value, list) else [value] if value is not None else []
        names = [said(self.told.names.get(kind, pk)) for pk in ids]
        return joined([name for name in names if name])

    def _moment(self, name: str, value: object) -> str:
        if not isinstance(value, str):
            return _("no date")
        moment, here = datetime.fromisoformat(value), timezone.get_current_timezone()
        lang = saying.language(get_language())
        whole_day = name in _DAYS or bool(self.told.facts.get("day_only"))
        say = saying.said_day if whole_day else saying.said_moment
        return say(moment, self.told.now, here, lang)

    def _plain(self, name: str, value: object) -> object:
        if name == "other_thread":
            thread = self.told.names.get("thread", self.told.facts.get("other"))
            return thread.code if thread and not thread.is_confidential else _("another thread")
        if name == "return_reason":
            return dict(Handoff.Reason.choices).get(str(self.told.facts.get("reason")), "")
        if name == "time":
            return said_minutes(int(self.told.facts.get("minutes") or 0))
        if name == "silence":
            return self._silence()
        if name == "document_size":
            return said_size(int(self.told.facts.get("size") or 0))
        if name in _CODES:
            return _CODES[name](str(value or ""))
        return "" if value is None else value

    def _silence(self) -> str:
        if not self.told.facts.get("tacit_at"):
            return _("There was nobody at the customer to tell: ask whether they accept it.")
        return _("If the customer says nothing, it counts as accepted on %(day)s.") % {
            "day": self["tacit_at"]
        }


def joined(names: list[str]) -> str:
    """Ana, Luis and Marta."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def said_minutes(minutes: int) -> str:
    """1 working day 2 h; 4 h 24 min: business time, a working day being eight hours."""
    days, rest = divmod(minutes, 480)
    hours, odd = divmod(rest, 60)
    said = [ngettext("%(n)d working day", "%(n)d working days", days) % {"n": days}] if days else []
    said += [f"{hours} h"] if hours else []
    said += [f"{odd} min"] if (odd and not days) or not said else []
    return " ".join(said)


def said_size(size: int) -> str:
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(size // 1024, 1)} KB"
