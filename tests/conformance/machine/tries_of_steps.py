"""Steps, handoffs between and within areas, their clocks, and the processes they come from."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Q

from hilo.parties.models import Person
from hilo.work.commands.templates import export_template
from hilo.work.models import DocumentVersion, Handoff, HandoffItem, StepRun, TemplateVersion, WorkItem
from tests.conformance.machine.world import Call, World, tries

OPEN_THREAD = Q(thread__state="open")


def run_of(w: World, *states: str) -> StepRun:
    return w.row(StepRun.objects.all(), Q(state__in=states) & OPEN_THREAD)


def answerable(w: World, run: StepRun) -> list[Person | None]:
    heads = Person.objects.filter(
        memberships__area=run.area, memberships__is_head=True, memberships__ends_on=None
    )
    giver = run.handoffs.order_by("-attempt").first()
    return [run.holder or (giver.giver if giver else run.thread.owner), *heads.order_by("pk").distinct()]


@tries("work.step_runs.plan_steps")
def plan_steps(w: World) -> Call:
    item = w.row(WorkItem.objects.all(), Q(step_runs=None))
    version = w.row(TemplateVersion.objects.all(), Q(state="published"))
    thread = item.thread
    return w.call(
        item, version, answerable=thread.owner, delegation=thread.delegation, by=w.by(*w.workers(thread))
    )


@tries("work.step_runs.add_step")
def add_step(w: World) -> Call:
    item = w.row(WorkItem.objects.all(), OPEN_THREAD)
    after = w.maybe(item.step_runs.all())
    return w.call(
        item,
        name=w.words("Prueba en casa del cliente"),
        area=w.area(),
        delegation=item.thread.delegation,
        after=[after] if after else [],
        target_minutes=w.pick.one((60, 600, 0)),
        by=w.by(item.thread.owner),
    )


@tries("work.step_runs.finish_step")
def finish_step(w: World) -> Call:
    run = run_of(w, "running")
    return w.call(run, seen=w.seen(run), by=w.by(*answerable(w, run)))


@tries("work.step_runs.finish_on_date")
def finish_on_date(w: World) -> Call:
    return w.call(run_of(w, "running"))


@tries("work.step_runs.skip_step")
def skip_step(w: World) -> Call:
    run = run_of(w, "planned", "offered", "running")
    return w.call(run, reason=w.words("No hace falta"), seen=w.seen(run), by=w.by(*answerable(w, run)))


@tries("work.step_runs.skip_remaining")
def skip_remaining(w: World) -> Call:
    item = w.row(WorkItem.objects.all(), OPEN_THREAD)
    return w.call(item, reason=w.words("Se acabó"), by=w.by(*w.in_charge(item.thread)))


@tries("work.step_runs.reopen_step")
def reopen_step(w: World) -> Call:
    run = run_of(w, "done")
    by = w.by(run.thread.owner, *w.of_area(run.area_id, run.delegation_id))
    return w.call(run, reason=w.words("Falta la mitad"), seen=w.seen(run), by=by)


@tries("work.step_runs.wait_for")
def wait_for(w: World) -> Call:
    run = run_of(w, "running")
    whom = w.pick.one(("customer", "supplier", "customer", "nobody"))
    return w.call(run, whom=whom, what=w.words("El plano"), seen=w.seen(run), by=w.by(*answerable(w, run)))


@tries("work.step_runs.resume_step")
def resume_step(w: World) -> Call:
    run = w.row(StepRun.objects.all(), ~Q(waits_for="") & OPEN_THREAD)
    return w.call(run, seen=w.seen(run), by=w.by(*answerable(w, run)))


# Handoffs -------------------------------------------------------------------------------------------------


def handoff_of(w: World, *states: str) -> Handoff:
    return w.row(Handoff.objects.all(), Q(state__in=states) & OPEN_THREAD)


def receivers(w: World, handoff: Handoff) -> list[Person | None]:
    if handoff.to_person:
        return [handoff.to_person]
    return [*w.of_area(handoff.to_area_id, handoff.to_delegation_id)]


@tries("work.handoffs.prepare_handoff")
def prepare_handoff(w: World) -> Call:
    came_back = Q(state__in=["planned", "offered"], handoffs__state__in=["returned", "withdrawn"])
    run = w.row(StepRun.objects.all(), came_back & OPEN_THREAD)
    giver = run.handoffs.order_by("-attempt").first()
    return w.call(run, by=w.by(giver.giver if giver else run.thread.owner))


def item_of(w: World, *states: str) -> HandoffItem:
    return w.row(HandoffItem.objects.all(), Q(handoff__state__in=states, handoff__thread__state="open"))


@tries("work.handoffs.fill_item")
def fill_item(w: World) -> Call:
    item = item_of(w, "draft")
    return w.call(
        item,
        state=w.pick.one(("complete", "explained", "explained", "missing", "lost")),
        explanation=w.words("Llega el jueves"),
        document_version=w.maybe(DocumentVersion.objects.filter(document__thread=item.handoff.thread)),
        by=w.by(item.handoff.giver),
    )


@tries("work.handoffs.add_item")
def add_item(w: World) -> Call:
    handoff = handoff_of(w, "draft")
    return w.call(handoff, w.words("La muestra"), by=w.by(handoff.giver))


@tries("work.handoffs.offer_handoff")
def offer_handoff(w: World) -> Call:
    handoff = handoff_of(w, "draft")
    people = w.of_area(handoff.to_area_id, handoff.to_delegation_id)
    named = w.pick.one(people) if people and w.pick.in_ten(3) else None
    return w.call(
        handoff,
        ask=w.words("Proyecto con plano"),
        proposed_due=w.ahead(),
        to_person=named if w.pick.in_ten(9) else w.person(),
        seen=w.seen(handoff),
        by=w.by(handoff.giver),
    )


@tries("work.handoffs.withdraw_handoff")
def withdraw_handoff(w: World) -> Call:
    handoff = handoff_of(w, "draft", "offered", "conditional")
    return w.call(handoff, reason=w.words("Otra vez"), seen=w.seen(handoff), by=w.by(handoff.giver))


@tries("work.handoffs.accept_handoff")
def accept_handoff(w: World) -> Call:
    handoff = handoff_of(w, "offered")
    people = w.of_area(handoff.to_area_id, handoff.to_delegation_id)
    holder = w.pick.one(people) if people and w.pick.in_ten(3) else None
    return w.call(
        handoff,
        read_back=w.words("Lo haremos para esa fecha"),
        holder=holder,
        seen=w.seen(handoff),
        by=w.by(*receivers(w, handoff)),
    )


@tries("work.handoffs.accept_with_conditions")
def accept_with_conditions(w: World) -> Call:
    handoff = w.row(Handoff.objects.all(), Q(state="offered", is_within_area=False) & OPEN_THREAD)
    return w.call(
        handoff,
        due=w.ahead(),
        hours=w.pick.one((None, Decimal(12), Decimal(0))),
        conditions=w.words("Dos días más"),
        read_back=w.words("El jueves"),
        seen=w.seen(handoff),
        by=w.by(*receivers(w, handoff)),
    )


@tries("work.handoffs.confirm_conditions")
def confirm_conditions(w: World) -> Call:
    handoff = handoff_of(w, "conditional")
    return w.call(handoff, seen=w.seen(handoff), by=w.by(handoff.giver))


@tries("work.handoffs.return_handoff")
def return_handoff(w: World) -> Call:
    handoff = handoff_of(w, "offered")
    item = w.maybe(handoff.items.all())
    return w.call(
        handoff,
        reason=w.pick.one(("gaps", "not_ours", "no_capacity", "boredom")),
        comment=w.words("Así no se puede"),
        blocking_items=[item] if item else [],
        missing_texts=[w.words("La tensión de la nave")],
        seen=w.seen(handoff),
        by=w.by(*receivers(w, handoff)),
    )


@tries("work.handoffs.mark_missing")
def mark_missing(w: World) -> Call:
    item = item_of(w, "accepted")
    return w.call(item, by=w.by(*receivers(w, item.handoff)))


@tries("work.handoffs.offer_to_colleague")
def offer_to_colleague(w: World) -> Call:
    run = run_of(w, "running")
    people = w.of_area(run.area_id, run.delegation_id) or [w.person()]
    return w.call(
        run,
        colleague=w.pick.one(people),
        ask=w.words("¿Puedes tú?"),
        seen=w.seen(run),
        by=w.by(*answerable(w, run)),
    )


@tries("work.silence.remind_receiver")
def remind_receiver(w: World) -> Call:
    return w.call(handoff_of(w, "offered", "conditional"))


@tries("work.silence.escalate_silence")
def escalate_silence(w: World) -> Call:
    return w.call(handoff_of(w, "offered", "conditional"))


# Processes ------------------------------------------------------------------------------------------------


@tries("work.templates.draft_template")
def draft_template(w: World) -> Call:
    version = w.row(TemplateVersion.objects.all())
    text = export_template(version) if w.pick.in_ten(8) else "steps: nowhere"
    return w.call(text, by=w.administrator())


@tries("work.templates.publish_version")
def publish_version(w: World) -> Call:
    version = w.row(TemplateVersion.objects.all(), Q(state="draft"))
    return w.call(version, seen=w.seen(version), by=w.administrator())


@tries("work.templates.retire_template")
def retire_template(w: World) -> Call:
    version = w.row(TemplateVersion.objects.all(), Q(state="draft"))
    return w.call(version, seen=w.seen(version), by=w.administrator())


@tries("work.templates.seed_templates")
def seed_templates(w: World) -> Call:
    return w.call(by=w.administrator())
