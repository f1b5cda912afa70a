"""Opportunities of another system become threads: opened today, with what was known of them in a note.

History is not made up: a thread is opened at the moment of the import, and when it began there, its stage and
its end there stand in its first note. One that is closed there opens too when it is wanted, and is not
archived: archiving has its own gate, and a person goes through it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from hilo.channels.imports.cleaning import squeezed
from hilo.channels.imports.deciding import Decision, Fate, Terms
from hilo.channels.imports.directory import CustomerFinder
from hilo.channels.imports.fields import Source, ThreadRow
from hilo.channels.imports.figures import grouped
from hilo.channels.imports.owners import Owners
from hilo.channels.imports.references import References, changed_fields, digest_of
from hilo.parties.models import Customer, ExternalRef, Person
from hilo.parties.queries.calendars import clock_of_person, close_of, day_of
from hilo.work.commands.conversation import write_note
from hilo.work.commands.loose_ends import pin_loose_end, settle_loose_end
from hilo.work.commands.threads import change_thread, open_thread
from hilo.work.models import LooseEnd, Thread

_KINDS = {
    Thread.Kind.SUPPLY: "supply suministro repeatorder pedidoordinario pedidorepetido reposicion",
    Thread.Kind.FIRST_OF_KIND: "firstofitskind firstofkind primeradesuclase primerodesuclase nuevodesarrollo",
    Thread.Kind.SERVICE: "service servicecontract servicio contratodeservicio mantenimiento maintenance",
    Thread.Kind.COMPLAINT: "complaint reclamacion queja incidencia claim",
    Thread.Kind.NEW_ACCOUNT: "newaccount cuentanueva nuevacuenta newcustomer nuevocliente newbusiness",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_SAID_OF_SOURCE = {Source.SALESFORCE: "Salesforce", Source.ODOO: "Odoo"}
_TOLD = ("stage", "kind", "expected_close", "owner_ref", "customer", "is_closed", "is_won", "closed_at")


class Threads:
    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.references = References(terms.source, "thread")
        self.steps = References(terms.source, "next_step")
        self.finder = CustomerFinder(terms.source)
        self.owners = Owners(terms.owner)

    def decide(self, rows: Sequence[ThreadRow]) -> Iterator[Decision[ThreadRow]]:
        known = self.references.of(row.external_id for row in rows)
        self.finder.prepare(row.customer for row in rows)
        here = Thread.objects.in_bulk([ref.object_id for ref in known.values()])
        for row in rows:
            ref = known.get(row.external_id)
            yield self._new(row) if ref is None else _known(row, ref, here[ref.object_id])

    def perform(self, decision: Decision[ThreadRow]) -> None:
        row, now = decision.row, self.terms.now
        if decision.ref is None:
            thread = self._open(row)
            self.references.add(row.external_id, thread.pk, digest_of(row), now)
            return
        self._change(Thread.objects.get(pk=decision.target), row, decision.changed)
        self.references.seen(decision.ref, digest_of(row), now)

    def flush(self) -> None:
        self.references.flush()
        self.steps.flush()

    # New ---------------------------------------------------------------------------------------------

    def _new(self, row: ThreadRow) -> Decision[ThreadRow]:
        if row.is_closed and not self.terms.with_closed:
            return Decision(row, Fate.SKIP, why=_("closed in the other system"))
        customer = self.finder.find(row.customer)
        if isinstance(customer, str):
            field = "customer_id" if row.customer.external_id else "customer_name"
            return Decision(row, Fate.REFUSE, why=customer, field=field)
        return Decision(row, Fate.ADD)

    def _open(self, row: ThreadRow) -> Thread:
        terms, owner = self.terms, self.owners.of(row.owner_ref)
        customer = self.finder.find(row.customer)
        assert isinstance(customer, Customer)  # decided just before, in this transaction
        thread = open_thread(
            customer=customer,
            title=row.title,
            purpose=row.purpose,
            kind=kind_of(row.kind),
            owner=owner,
            delegation=terms.delegation if terms.own_delegation else None,
            amount=row.amount,
            currency=row.currency,
            by=terms.by,
            now=terms.now,
        )
        write_note(thread, text=self._story(row), by=terms.by, now=terms.now)
        self._pin_next_step(thread, row, owner)
        return thread

    def _story(self, row: ThreadRow) -> str:
        began = _("Imported from %(source)s, where it is %(id)s.")
        lines = [began % {"source": self._source, "id": row.external_id}, *self._facts(row)]
        if row.opened_at:
            lines.append(_("Opened there: %(day)s") % {"day": _said_day(row.opened_at)})
        if row.is_closed and row.next_step:
            lines.append(_("Next step there: %(step)s") % {"step": row.next_step})
        return "\n".join(lines) + (f"\n\n{row.notes}" if row.notes else "")

    def _facts(self, row: ThreadRow, names: frozenset[str] = frozenset(_TOLD)) -> Iterator[str]:
        if "stage" in names and row.stage:
            yield _("Stage there: %(stage)s") % {"stage": row.stage}
        if "kind" in names and row.kind:
            yield _("Type there: %(type)s") % {"type": row.kind}
        if "expected_close" in names and row.expected_close and not row.is_closed:
            yield _("Expected close: %(day)s") % {"day": _said_day(row.expected_close)}
        if names & {"is_closed", "is_won", "closed_at"} and row.is_closed:
            yield _said_end(row)
        if "owner_ref" in names and row.owner_ref and self.owners.known(row.owner_ref) is None:
            yield _("Owner there: %(owner)s") % {"owner": row.owner_ref}
        if "customer" in names and names != frozenset(_TOLD):
            yield _("Customer there: %(customer)s") % {
                "customer": row.customer.name or row.customer.external_id
            }

    @property
    def _source(self) -> str:
        return _SAID_OF_SOURCE.get(self.terms.source) or _("another system")

    def _pin_next_step(self, thread: Thread, row: ThreadRow, owner: Person) -> None:
        """One line of its owner's: for the expected close, or the next working day when that has passed."""
        text = row.next_step
        if row.is_closed:
            text = _("It is closed in %(source)s: archive it, or say what is left to do.") % {
                "source": self._source
            }
        if not text:
            return
        terms = self.terms
        due = None if row.is_closed else self._close_of_business(thread, row)
        pinned = pin_loose_end(thread, text=text, owner=owner, due_at=due, by=terms.by, now=terms.now)
        self.steps.add(row.external_id, pinned.pk, "", terms.now)

    def _close_of_business(self, thread: Thread, row: ThreadRow) -> datetime | None:
        if row.expected_close is None:
            return None
        clock = clock_of_person(thread.owner_id)
        if row.expected_close <= day_of(clock, self.terms.now):
            return None
        return close_of(clock, row.expected_close)

    # Seen before -------------------------------------------------------------------------------------

    def _change(self, thread: Thread, row: ThreadRow, changed: frozenset[str]) -> None:
        terms = self.terms
        given: dict[str, str | Decimal | None] = {"title": row.title, "purpose": row.purpose}
        if row.currency == thread.currency:
            given["amount"] = row.amount
        wanted = {
            name: value
            for name, value in given.items()
            if name in changed and value not in (None, "", getattr(thread, name))
        }
        if wanted:
            change_thread(thread, **wanted, seen=thread.version, by=terms.by, now=terms.now)  # type: ignore[arg-type]
        if lines := self._news(thread, row, changed):
            heading = _("Changed in %(source)s:") % {"source": self._source}
            write_note(thread, text="\n".join([heading, *lines]), by=terms.by, now=terms.now)
        if "next_step" in changed and row.next_step:
            self._replace_next_step(thread, row)

    def _news(self, thread: Thread, row: ThreadRow, changed: frozenset[str]) -> list[str]:
        lines = list(self._facts(row, changed))
        if "amount" in changed and row.amount is not None and row.currency != thread.currency:
            amount = f"{grouped(row.amount, 2)} {row.currency}"
            lines.append(_("Amount there: %(amount)s") % {"amount": amount})
        if "notes" in changed and row.notes:
            lines.append(f"\n{row.notes}")
        return lines

    def _replace_next_step(self, thread: Thread, row: ThreadRow) -> None:
        """The line pinned last time is settled by the new one, unless somebody has settled it."""
        ref = self.steps.of([row.external_id]).get(row.external_id)
        before = LooseEnd.objects.filter(pk=ref.object_id, settled_at=None).first() if ref else None
        if before is not None:
            said = _("In %(source)s the next step is another now.") % {"source": self._source}
            settle_loose_end(before, outcome=said, seen=before.version, by=self.terms.by, now=self.terms.now)
        if ref is not None:
            ref.delete()
        self._pin_next_step(thread, row, thread.owner)


def kind_of(said: str) -> Thread.Kind:
    return _KIND_OF.get(squeezed(said), Thread.Kind.NEW_ACCOUNT)


def _known(row: ThreadRow, ref: ExternalRef, thread: Thread) -> Decision[ThreadRow]:
    changed = changed_fields(row, ref.row_digest)
    if not changed:
        return Decision(row, Fate.SAME, ref, thread.pk)
    if thread.state == Thread.State.ARCHIVED:
        return Decision(row, Fate.SKIP, ref, why=_("in the archive here: reopen them first"))
    return Decision(row, Fate.CHANGE, ref, thread.pk, thread.title, changed)


def _said_end(row: ThreadRow) -> str:
    day = row.closed_at or row.expected_close
    words = {
        True: _("Closed there as won: %(day)s"),
        False: _("Closed there as lost: %(day)s"),
        None: _("Closed there: %(day)s"),
    }
    return words[row.is_won] % {"day": _said_day(day) if day else _("no date")}


def _said_day(day: date) -> str:
    local = timezone.localtime(day) if isinstance(day, datetime) else day
    return formats.date_format(local, "DATE_FORMAT")
