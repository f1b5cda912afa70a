"""What is said, promised and delivered on a thread: each verb is one command, at the stage's moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from hilo.demo.stage import Stage
from hilo.parties.actor import Actor
from hilo.parties.models import Contact, Person
from hilo.work.commands.archiving import (
    answer_closing_question,
    archive_thread,
    ask_closing_question,
    force_archive,
    reopen_thread,
)
from hilo.work.commands.conversation import (
    name_affected_group,
    say_group_is_ready,
    state_requirement,
    tell_customer,
    write_note,
)
from hilo.work.commands.deliverables import (
    accept_delivery,
    deliver,
    move_deliverable,
    plan_deliverable,
    refuse_delivery,
)
from hilo.work.commands.documents import add_document, add_document_version, approve_document
from hilo.work.commands.ownership import accept_ownership, decline_ownership, offer_ownership
from hilo.work.commands.pausing import move_news, pause_thread, wake_thread
from hilo.work.commands.promises import (
    answer_broken_promise,
    keep_promise,
    make_promise,
    release_promise,
    renegotiate_promise,
)
from hilo.work.commands.threads import (
    make_confidential,
    relate_threads,
    set_reserve,
    use_reserve,
)
from hilo.work.models import (
    AffectedGroup,
    Deliverable,
    DocumentVersion,
    OwnershipTransfer,
    Promise,
    Thread,
    Update,
)

type When = int | tuple[int, str]
"""A working day counted from today, alone or with an hour."""


class Engagement:
    def __init__(self, stage: Stage, thread: Thread, customer: str) -> None:
        self.stage = stage
        self.thread = thread
        self.customer = customer

    # Who and when -------------------------------------------------------------------------------------

    def by(self, who: str) -> Actor:
        return self.stage.by(who)

    def person(self, who: str) -> Person:
        return self.stage.people[who]

    def contact(self, name: str) -> Contact:
        return self.stage.contact(self.customer, name)

    def tick(self) -> datetime:
        return self.stage.tick()

    def moment(self, when: When) -> datetime:
        return self.stage.due(when) if isinstance(when, int) else self.stage.due(*when)

    def fresh(self) -> Thread:
        self.thread.refresh_from_db()
        return self.thread

    # The thread ---------------------------------------------------------------------------------------

    def pauses(self, who: str, *, until: When, reason: str) -> None:
        thread = self.fresh()
        pause_thread(
            thread,
            reason=reason,
            until=self.moment(until),
            seen=thread.version,
            by=self.by(who),
            now=self.tick(),
        )

    def wakes(self, who: str) -> None:
        wake_thread(self.thread, seen=self.fresh().version, by=self.by(who), now=self.tick())

    def moves_news(self, who: str, *, to: When, reason: str) -> None:
        thread = self.fresh()
        move_news(
            thread,
            to=self.moment(to),
            reason=reason,
            seen=thread.version,
            by=self.by(who),
            now=self.tick(),
        )

    def kept_among(self, who: str, *readers: str) -> None:
        thread = self.fresh()
        people = [self.person(each) for each in readers]
        make_confidential(thread, readers=people, seen=thread.version, by=self.by(who), now=self.tick())

    def relates_to(self, who: str, title: str) -> None:
        other = Thread.objects.get(title=title)
        relate_threads(self.thread, other=other, by=self.by(who), now=self.tick())

    def sets_reserve(self, who: str, days: int, why: str = "") -> None:
        thread = self.fresh()
        set_reserve(
            thread,
            minutes=days * 480,
            justification=why,
            seen=thread.version,
            by=self.by(who),
            now=self.tick(),
        )

    def uses_reserve(self, who: str, hours: int, reason: str) -> None:
        use_reserve(self.thread, minutes=hours * 60, reason=reason, by=self.by(who), now=self.tick())

    def offers_thread(self, who: str, to: str, reason: str) -> OwnershipTransfer:
        thread = self.fresh()
        return offer_ownership(
            thread, to=self.person(to), reason=reason, seen=thread.version, by=self.by(who), now=self.tick()
        )

    def takes_thread(self, who: str, offer: OwnershipTransfer) -> None:
        offer.refresh_from_db()
        accept_ownership(offer, seen=offer.version, by=self.by(who), now=self.tick())

    def declines_thread(self, who: str, offer: OwnershipTransfer, comment: str) -> None:
        offer.refresh_from_db()
        decline_ownership(offer, comment=comment, seen=offer.version, by=self.by(who), now=self.tick())

    def asks_closing(self, who: str, contact: str) -> None:
        self.closing = ask_closing_question(
            self.thread, contact=self.contact(contact), by=self.by(who), now=self.tick()
        )

    def answers_closing(self, who: str, *, reached: bool, score: int, comment: str = "") -> None:
        answer_closing_question(
            self.closing,
            aim_reached=reached,
            score=score,
            comment=comment,
            by=self.by(who),
            now=self.tick(),
        )

    def archives(self, who: str) -> None:
        thread = self.fresh()
        archive_thread(thread, seen=thread.version, by=self.by(who), now=self.tick())

    def forces_archive(self, who: str, reason: str) -> None:
        thread = self.fresh()
        force_archive(thread, reason=reason, seen=thread.version, by=self.by(who), now=self.tick())

    def reopens(self, who: str, reason: str) -> None:
        thread = self.fresh()
        reopen_thread(thread, reason=reason, seen=thread.version, by=self.by(who), now=self.tick())

    # What is said -------------------------------------------------------------------------------------

    def tells(
        self,
        who: str,
        contacts: str | Iterable[str],
        text: str,
        *,
        channel: str = "call",
        next_news: When | None = None,
        said: When | None = None,
    ) -> Update:
        """A mail of the demo was written elsewhere a moment ago: none leaves from here."""
        names = [contacts] if isinstance(contacts, str) else contacts
        now = self.tick()
        said_at = self.moment(said) if said is not None else now - timedelta(seconds=15)
        return tell_customer(
            self.thread,
            text=text,
            contacts=[self.contact(name) for name in names],
            channel=channel,
            next_news_at=self.moment(next_news) if next_news is not None else None,
            said_at=said_at,
            by=self.by(who),
            now=now,
        )

    def hears(self, who: str, contact: str, text: str, *, channel: str = "call") -> None:
        write_note(
            self.thread,
            text=text,
            kind="customer",
            channel=channel,
            contact=self.contact(contact),
            by=self.by(who),
            now=self.tick(),
        )

    def notes(self, who: str, text: str) -> None:
        write_note(self.thread, text=text, by=self.by(who), now=self.tick())

    def decides(self, who: str, text: str) -> None:
        write_note(self.thread, text=text, kind="decision", by=self.by(who), now=self.tick())

    def requires(self, who: str, contact: str, *texts: str) -> None:
        for text in texts:
            state_requirement(
                self.thread, text=text, contact=self.contact(contact), by=self.by(who), now=self.tick()
            )

    def affects(self, who: str, name: str, people: int, launch: When) -> AffectedGroup:
        return name_affected_group(
            self.thread,
            name=name,
            people=people,
            launch_at=self.moment(launch),
            by=self.by(who),
            now=self.tick(),
        )

    def is_ready(self, who: str, group: AffectedGroup, what: str, by_whom: str) -> None:
        group.refresh_from_db()
        now = self.tick()
        say_group_is_ready(
            group, what=what, who=by_whom, at=now, seen=group.version, by=self.by(who), now=now
        )

    # Promises -----------------------------------------------------------------------------------------

    def promises(
        self,
        who: str,
        contact: str,
        text: str,
        *,
        due: When,
        where: str = "call",
        criterion: str = "",
        of: Deliverable | None = None,
        said: When | None = None,
    ) -> Promise:
        return make_promise(
            self.thread,
            text=text,
            due=self._promised_for(due),
            contact=self.contact(contact),
            where=where,
            criterion=criterion,
            deliverable=of,
            said_at=self.moment(said) if said is not None else None,
            by=self.by(who),
            now=self.tick(),
        )

    def _promised_for(self, due: When) -> datetime | date:
        """A day alone lasts to its end."""
        return self.stage.days.date(due) if isinstance(due, int) else self.stage.due(*due)

    def keeps(self, who: str, promise: Promise, evidence: str) -> None:
        keep_promise(promise, evidence=evidence, by=self.by(who), now=self.tick())

    def answers_for(
        self, who: str, promise: Promise, contact: str, text: str, *, next_news: When | None = None
    ) -> None:
        update = self.tells(who, contact, text, next_news=next_news)
        promise.refresh_from_db()
        answer_broken_promise(promise, update=update, by=self.by(who), now=self.tick())

    def renegotiates(
        self, who: str, promise: Promise, contact: str, *, due: When, evidence: str, where: str = "call"
    ) -> Promise:
        promise.refresh_from_db()
        return renegotiate_promise(
            promise,
            due=self._promised_for(due),
            contact=self.contact(contact),
            where=where,
            evidence=evidence,
            by=self.by(who),
            now=self.tick(),
        )

    def is_released(self, who: str, promise: Promise, contact: str, evidence: str) -> None:
        promise.refresh_from_db()
        release_promise(
            promise, contact=self.contact(contact), evidence=evidence, by=self.by(who), now=self.tick()
        )

    # What the customer receives -----------------------------------------------------------------------

    def plans(self, who: str, name: str, *, due: When, criterion: str = "") -> Deliverable:
        return plan_deliverable(
            self.thread,
            name=name,
            criterion=criterion,
            planned_for=self.moment(due),
            by=self.by(who),
            now=self.tick(),
        )

    def moves(self, who: str, deliverable: Deliverable, *, to: When, reason: str) -> None:
        deliverable.refresh_from_db()
        move_deliverable(
            deliverable,
            to=self.moment(to),
            reason=reason,
            seen=deliverable.version,
            by=self.by(who),
            now=self.tick(),
        )

    def delivers(self, who: str, deliverable: Deliverable) -> None:
        deliverable.refresh_from_db()
        deliver(deliverable, seen=deliverable.version, by=self.by(who), now=self.tick())

    def is_accepted(self, who: str, deliverable: Deliverable, contact: str, evidence: str) -> None:
        deliverable.refresh_from_db()
        accept_delivery(
            deliverable,
            contact=self.contact(contact),
            evidence=evidence,
            seen=deliverable.version,
            by=self.by(who),
            now=self.tick(),
        )

    def is_refused(self, who: str, deliverable: Deliverable, contact: str, reason: str) -> None:
        deliverable.refresh_from_db()
        refuse_delivery(
            deliverable,
            contact=self.contact(contact),
            reason=reason,
            seen=deliverable.version,
            by=self.by(who),
            now=self.tick(),
        )

    # Documents ----------------------------------------------------------------------------------------

    def files(self, who: str, name: str, file_name: str, *lines: str) -> DocumentVersion:
        return add_document(
            self.thread,
            name=name,
            file_name=file_name,
            content=self._paper(name, lines),
            by=self.by(who),
            now=self.tick(),
        )

    def corrects(self, who: str, version: DocumentVersion, note: str, *lines: str) -> DocumentVersion:
        return add_document_version(
            version.document,
            file_name=version.file_name,
            content=self._paper(version.document.name, (note, *lines)),
            note=note,
            by=self.by(who),
            now=self.tick(),
        )

    def is_approved(self, who: str, version: DocumentVersion, contact: str, evidence: str) -> None:
        approve_document(
            version,
            contact=self.contact(contact),
            evidence=evidence,
            by=self.by(who),
            now=self.tick(),
        )

    def _paper(self, name: str, lines: Iterable[str]) -> bytes:
        head = ("Envasa Líneas S.A.", name, f"{self.customer}, hilo {self.thread.code}", "")
        return "\n".join((*head, *lines, "")).encode()
