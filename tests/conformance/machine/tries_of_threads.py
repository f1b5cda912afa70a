"""Threads, what is said on them, promises, deliverables, documents, small things: tried by anybody."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q

from hilo.parties.models import Customer, Person
from hilo.work.commands.orders import LineText
from hilo.work.models import (
    AffectedGroup,
    Ask,
    ClosingQuestion,
    Deliverable,
    Document,
    DocumentVersion,
    LooseEnd,
    Order,
    OwnershipTransfer,
    Promise,
    Requirement,
    Update,
)
from tests.conformance.machine.world import Call, World, tries

KINDS = ("supply", "new_account", "first_of_kind", "service", "complaint")


@tries("work.threads.open_thread")
def open_thread(w: World) -> Call:
    customer = w.row(Customer.objects.all())
    owner = w.row(Person.objects.all(), Q(is_active=True, memberships__delegation=customer.delegation))
    return w.call(
        customer=customer,
        title=w.words("Línea nueva"),
        purpose=w.words("Entrar en el canal hotel"),
        kind=w.pick.one(KINDS),
        owner=owner,
        priority=w.pick.one(("normal", "urgent")),
        amount=w.pick.one((None, Decimal(1200), Decimal(-1))),
        by=w.by(owner),
    )


@tries("work.threads.change_thread")
def change_thread(w: World) -> Call:
    thread = w.thread()
    title = w.name("Otro título") if w.pick.in_ten(7) else thread.title
    priority = w.pick.one(("normal", "high", "urgent"))
    return w.call(thread, title=title, priority=priority, seen=w.seen(thread), by=w.by(*w.workers(thread)))


@tries("work.threads.make_confidential")
def make_confidential(w: World) -> Call:
    thread = w.thread(Q(state="open", kind="complaint"))
    heads = Person.objects.filter(memberships__is_head=True).order_by("pk").distinct()
    readers = [thread.owner, *heads[:2]] if w.pick.in_ten(8) else []
    return w.call(thread, readers=readers, seen=w.seen(thread), by=w.by(*heads[:2]))


@tries("work.threads.make_open")
def make_open(w: World) -> Call:
    thread = w.thread(Q(is_confidential=True))
    readers = Person.objects.filter(pk__in=thread.readers.values("person"))
    return w.call(thread, seen=w.seen(thread), by=w.by(*readers.order_by("pk")))


@tries("work.threads.relate_threads")
def relate_threads(w: World) -> Call:
    thread = w.thread()
    return w.call(thread, other=w.thread(), by=w.by(*w.workers(thread)))


@tries("work.threads.set_reserve")
def set_reserve(w: World) -> Call:
    thread = w.thread()
    minutes = w.pick.one((0, 60, 480, -5))
    why = w.words("Lo hemos hecho cien veces")
    return w.call(
        thread, minutes=minutes, justification=why, seen=w.seen(thread), by=w.by(*w.workers(thread))
    )


@tries("work.threads.use_reserve")
def use_reserve(w: World) -> Call:
    thread = w.thread()
    minutes = w.pick.one((0, 30, 9000))
    return w.call(thread, minutes=minutes, reason=w.words("El motor"), by=w.by(*w.workers(thread)))


@tries("work.pausing.pause_thread")
def pause_thread(w: World) -> Call:
    thread = w.thread()
    return w.call(
        thread,
        reason=w.words("Cierran en agosto"),
        until=w.ahead(days=(1, 3)),
        seen=w.seen(thread),
        by=w.by(*w.in_charge(thread)),
    )


@tries("work.pausing.wake_thread")
def wake_thread(w: World) -> Call:
    thread = w.thread(Q(state="paused"))
    by = w.by(*w.workers(thread)) if w.pick.in_ten(8) else w.system()
    return w.call(thread, seen=w.seen(thread), by=by)


@tries("work.pausing.move_news")
def move_news(w: World) -> Call:
    thread = w.thread()
    return w.call(
        thread,
        to=w.ahead(),
        reason=w.words("Lo pidió él"),
        seen=w.seen(thread),
        by=w.by(*w.in_charge(thread)),
    )


@tries("work.archiving.archive_thread")
def archive_thread(w: World) -> Call:
    thread = w.thread(Q(state="open", closing_questions__isnull=False))
    return w.call(thread, seen=w.seen(thread), by=w.by(*w.in_charge(thread)))


@tries("work.archiving.force_archive")
def force_archive(w: World) -> Call:
    thread = w.thread()
    directors = Person.objects.filter(is_director=True).order_by("pk")
    return w.call(thread, reason=w.words("Quebró"), seen=w.seen(thread), by=w.by(*directors))


@tries("work.archiving.reopen_thread")
def reopen_thread(w: World) -> Call:
    thread = w.thread(Q(state="archived"))
    return w.call(thread, reason=w.words("Vuelve"), seen=w.seen(thread), by=w.by(*w.workers(thread)))


@tries("work.archiving.ask_closing_question")
def ask_closing_question(w: World) -> Call:
    thread = w.thread()
    return w.call(thread, contact=w.contact(thread), by=w.by(*w.workers(thread)))


@tries("work.archiving.answer_closing_question")
def answer_closing_question(w: World) -> Call:
    question = w.row(ClosingQuestion.objects.all(), Q(state="asked"))
    return w.call(
        question,
        aim_reached=w.pick.in_ten(5),
        score=w.pick.one((None, 9, 11)),
        comment=w.words("Muy bien"),
        by=w.by(*w.workers(question.thread)),
    )


@tries("work.ownership.offer_ownership")
def offer_ownership(w: World) -> Call:
    thread = w.thread()
    return w.call(
        thread,
        to=w.person(),
        reason=w.words("Cambia de zona"),
        seen=w.seen(thread),
        by=w.by(*w.in_charge(thread)),
    )


def _transfer(w: World) -> OwnershipTransfer:
    return w.row(OwnershipTransfer.objects.all(), Q(state="offered"))


@tries("work.ownership.accept_ownership")
def accept_ownership(w: World) -> Call:
    transfer = _transfer(w)
    return w.call(transfer, seen=w.seen(transfer), by=w.by(transfer.to_person))


@tries("work.ownership.decline_ownership")
def decline_ownership(w: World) -> Call:
    transfer = _transfer(w)
    return w.call(
        transfer, comment=w.words("Llevo nueve"), seen=w.seen(transfer), by=w.by(transfer.to_person)
    )


@tries("work.ownership.withdraw_ownership")
def withdraw_ownership(w: World) -> Call:
    transfer = _transfer(w)
    return w.call(transfer, seen=w.seen(transfer), by=w.by(*w.in_charge(transfer.thread)))


# What is said ---------------------------------------------------------------------------------------------


@tries("work.conversation.tell_customer")
def tell_customer(w: World) -> Call:
    thread = w.thread()
    text = w.pick.one(("Seguimos en ello", "La entrega será el viernes 12.", "Recibirá el 15 de diciembre."))
    return w.call(
        thread,
        text=w.words(text),
        contacts=[w.contact(thread)],
        channel=w.pick.one(("mail", "call")),
        next_news_at=w.ahead() if w.pick.in_ten(5) else None,
        said_at=w.before(),
        seen=w.seen(thread),
        by=w.by(*w.workers(thread)),
    )


@tries("work.conversation.write_note")
def write_note(w: World) -> Call:
    thread = w.thread()
    contact = w.contact(thread) if w.pick.in_ten(5) else None
    return w.call(
        thread,
        text=w.words("Le corre prisa"),
        kind=w.pick.one(("note", "decision", "customer")),
        contact=contact,
        happened_at=w.before(),
        by=w.by(*w.workers(thread)),
    )


@tries("work.conversation.state_requirement")
def state_requirement(w: World) -> Call:
    thread = w.thread()
    return w.call(
        thread,
        text=w.words("Que no gotee"),
        contact=w.contact(thread),
        stated_at=w.before(),
        by=w.by(*w.workers(thread)),
    )


@tries("work.conversation.withdraw_requirement")
def withdraw_requirement(w: World) -> Call:
    requirement = w.row(Requirement.objects.all(), Q(withdrawn_at=None))
    by = w.by(*w.workers(requirement.thread))
    return w.call(requirement, reason=w.words("Ya no"), seen=w.seen(requirement), by=by)


@tries("work.conversation.name_affected_group")
def name_affected_group(w: World) -> Call:
    thread = w.thread()
    return w.call(
        thread, name=w.words("Operarios"), people=w.pick.one((None, 4)), by=w.by(*w.workers(thread))
    )


@tries("work.conversation.say_group_is_ready")
def say_group_is_ready(w: World) -> Call:
    group = w.row(AffectedGroup.objects.all())
    return w.call(
        group,
        what=w.pick.one(("told", "trained", "fed")),
        who=w.words("Nuestro técnico"),
        at=w.before() or w.now,
        seen=w.seen(group),
        by=w.by(*w.workers(group.thread)),
    )


@tries("work.mailing.note_mailed")
def note_mailed(w: World) -> Call:
    return w.call(w.row(Update.objects.all(), Q(mail="queued")), message_id="<1@hilo>", by=w.system())


@tries("work.mailing.note_mail_failed")
def note_mail_failed(w: World) -> Call:
    return w.call(w.row(Update.objects.all(), Q(mail="queued")), code="550", by=w.system())


# Promises -------------------------------------------------------------------------------------------------


@tries("work.promises.make_promise")
def make_promise(w: World) -> Call:
    thread = w.thread()
    due = w.ahead()
    return w.call(
        thread,
        text=w.words("La línea montada"),
        due=due.date() if w.pick.in_ten(5) else due,
        contact=w.contact(thread),
        where=w.pick.one(("call", "mail")),
        criterion=w.words("Sin fugas"),
        deliverable=w.maybe(thread.deliverables.all()),
        said_at=w.before(),
        by=w.by(*w.workers(thread)),
    )


def _promise(w: World, *states: str) -> Promise:
    return w.row(Promise.objects.all(), Q(state__in=states))


@tries("work.promises.keep_promise")
def keep_promise(w: World) -> Call:
    promise = _promise(w, "open", "broken")
    return w.call(
        promise,
        evidence=w.words("Albarán"),
        kept_at=w.before(),
        seen=w.seen(promise),
        by=w.by(*w.workers(promise.thread)),
    )


@tries("work.promises.break_promise")
def break_promise(w: World) -> Call:
    promise = _promise(w, "open")
    return w.call(promise, by=w.system() if w.pick.in_ten(9) else w.by())


@tries("work.promises.answer_broken_promise")
def answer_broken_promise(w: World) -> Call:
    promise = w.row(Promise.objects.all(), Q(state="broken", answered_at=None))
    update = w.row(Update.objects.all(), Q(thread=promise.thread, contacts=promise.contact))
    return w.call(promise, update=update, seen=w.seen(promise), by=w.by(*w.workers(promise.thread)))


@tries("work.promises.renegotiate_promise")
def renegotiate_promise(w: World) -> Call:
    promise = _promise(w, "open")
    return w.call(
        promise,
        due=w.ahead(),
        contact=promise.contact,
        where="call",
        evidence=w.words("Llamada"),
        agreed_at=w.before(),
        seen=w.seen(promise),
        by=w.by(*w.workers(promise.thread)),
    )


@tries("work.promises.release_promise")
def release_promise(w: World) -> Call:
    promise = _promise(w, "open", "broken")
    return w.call(
        promise,
        contact=w.contact(promise.thread),
        evidence=w.words("Lo dijo él"),
        seen=w.seen(promise),
        by=w.by(*w.workers(promise.thread)),
    )


# Deliverables, orders, documents --------------------------------------------------------------------------


@tries("work.deliverables.plan_deliverable")
def plan_deliverable(w: World) -> Call:
    thread = w.thread()
    planned_for = w.ahead() if w.pick.in_ten(7) else None
    return w.call(thread, name=w.words("Línea"), planned_for=planned_for, by=w.by(*w.workers(thread)))


def _deliverable(w: World, *states: str) -> Deliverable:
    return w.row(Deliverable.objects.all(), Q(state__in=states))


@tries("work.deliverables.move_deliverable")
def move_deliverable(w: World) -> Call:
    each = _deliverable(w, "planned", "refused")
    by = w.by(*w.workers(each.thread))
    return w.call(each, to=w.ahead(), reason=w.words("El motor"), seen=w.seen(each), by=by)


@tries("work.deliverables.deliver")
def deliver(w: World) -> Call:
    each = _deliverable(w, "planned", "refused")
    return w.call(each, delivered_at=w.before(), seen=w.seen(each), by=w.by(*w.workers(each.thread)))


@tries("work.deliverables.accept_delivery")
def accept_delivery(w: World) -> Call:
    each = _deliverable(w, "delivered")
    return w.call(
        each,
        contact=w.contact(each.thread),
        evidence=w.words("Albarán firmado"),
        accepted_at=w.before(),
        seen=w.seen(each),
        by=w.by(*w.workers(each.thread)),
    )


@tries("work.deliverables.accept_tacitly")
def accept_tacitly(w: World) -> Call:
    return w.call(_deliverable(w, "delivered"), by=w.system() if w.pick.in_ten(9) else w.by())


@tries("work.deliverables.refuse_delivery")
def refuse_delivery(w: World) -> Call:
    each = _deliverable(w, "delivered")
    by = w.by(*w.workers(each.thread))
    return w.call(each, contact=w.contact(each.thread), reason=w.words("Gotea"), seen=w.seen(each), by=by)


@tries("work.deliverables.cancel_deliverable")
def cancel_deliverable(w: World) -> Call:
    each = _deliverable(w, "planned", "refused")
    return w.call(each, reason=w.words("Ya no"), seen=w.seen(each), by=w.by(*w.workers(each.thread)))


@tries("work.orders.place_order")
def place_order(w: World) -> Call:
    thread = w.thread(Q(kind="supply", state="open"))
    lines = [LineText(text=w.words("Botellas"))] if w.pick.in_ten(5) else []
    number = w.pick.one(("", "", "", "4500012345"))
    return w.call(
        thread, text=w.words("300 botellas"), lines=lines, number=number, by=w.by(*w.workers(thread))
    )


@tries("work.orders.cancel_order")
def cancel_order(w: World) -> Call:
    order = w.row(Order.objects.all(), Q(state="open"))
    return w.call(order, reason=w.words("Se lo pensó"), seen=w.seen(order), by=w.by(*w.workers(order.thread)))


@tries("work.documents.add_document")
def add_document(w: World) -> Call:
    thread = w.thread()
    content = w.pick.one((b"plano", b"plano", b""))
    return w.call(
        thread, name=w.words("Plano"), file_name="plano.pdf", content=content, by=w.by(*w.workers(thread))
    )


@tries("work.documents.add_document_version")
def add_document_version(w: World) -> Call:
    document = w.row(Document.objects.all())
    by = w.by(*w.workers(document.thread))
    return w.call(document, file_name="plano.pdf", content=b"otro", seen=w.seen(document), by=by)


@tries("work.documents.approve_document")
def approve_document(w: World) -> Call:
    version = w.row(DocumentVersion.objects.all(), Q(approval=None))
    thread = version.document.thread
    return w.call(
        version,
        contact=w.contact(thread),
        evidence=w.words("Correo"),
        approved_at=w.before(),
        by=w.by(*w.workers(thread)),
    )


# Small things ---------------------------------------------------------------------------------------------


@tries("work.loose_ends.pin_loose_end")
def pin_loose_end(w: World) -> Call:
    thread = w.thread()
    return w.call(
        thread,
        text=w.words("¿Cabe por la puerta?"),
        owner=w.maybe(Person.objects.all()),
        due_at=w.ahead() if w.pick.in_ten(3) else None,
        by=w.by(*w.workers(thread)),
    )


@tries("work.loose_ends.settle_loose_end")
def settle_loose_end(w: World) -> Call:
    each = w.row(LooseEnd.objects.all(), Q(settled_at=None))
    return w.call(each, outcome=w.words("Cabe"), seen=w.seen(each), by=w.by(each.owner, each.thread.owner))


@tries("work.asks.make_ask")
def make_ask(w: World) -> Call:
    thread = w.thread()
    return w.call(
        thread,
        to_area=w.area(),
        what=w.words("Las medidas"),
        why=w.words("Sin ellas no hay oferta"),
        due_at=w.ahead(),
        by=w.by(*w.workers(thread)),
    )


def _ask(w: World, *states: str) -> Ask:
    return w.row(Ask.objects.all(), Q(state__in=states))


@tries("work.asks.accept_ask")
def accept_ask(w: World) -> Call:
    ask = _ask(w, "open")
    return w.call(ask, seen=w.seen(ask), by=w.by(*w.of_area(ask.to_area_id, ask.to_delegation_id)))


@tries("work.asks.counter_ask")
def counter_ask(w: World) -> Call:
    ask = _ask(w, "open")
    by = w.by(*w.of_area(ask.to_area_id, ask.to_delegation_id))
    return w.call(ask, due_at=w.ahead(), comment=w.words("Antes no"), seen=w.seen(ask), by=by)


@tries("work.asks.agree_to_counter")
def agree_to_counter(w: World) -> Call:
    ask = _ask(w, "countered")
    return w.call(ask, seen=w.seen(ask), by=w.by(ask.asker))


@tries("work.asks.decline_ask")
def decline_ask(w: World) -> Call:
    ask = _ask(w, "open")
    by = w.by(*w.of_area(ask.to_area_id, ask.to_delegation_id))
    return w.call(ask, reason=w.words("No hay manos"), seen=w.seen(ask), by=by)


@tries("work.asks.finish_ask")
def finish_ask(w: World) -> Call:
    ask = _ask(w, "open", "accepted")
    by = w.by(ask.taker, *w.of_area(ask.to_area_id, ask.to_delegation_id))
    return w.call(ask, answer=w.words("En la carpeta"), seen=w.seen(ask), by=by)


@tries("work.asks.withdraw_ask")
def withdraw_ask(w: World) -> Call:
    ask = _ask(w, "open", "countered", "accepted")
    return w.call(ask, seen=w.seen(ask), by=w.by(ask.asker))
